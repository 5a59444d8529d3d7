"""The public history of a story: each edition that a reader should know of, and its changed words: WORKFLOW (b)."""

from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from articles.body import diff
from articles.models import Edition, Kind
from newsroom.web import pages

from . import shell, story

ENTRIES_A_PAGE = 20
KIND_NAMES = {
    Kind.FIRST: "Published", Kind.UPDATE: "Updated", Kind.CORRECTION: "Corrected",
    Kind.CLARIFICATION: "Clarified", Kind.EDITORS_NOTE: "Editor’s note", Kind.WITHDRAWAL: "Withdrawn",
    Kind.REINSTATEMENT: "Reinstated",
}  # fmt: skip
# Kinds whose changed words readers are shown. A reinstatement is compared with nothing.
COMPARED_KINDS = {Kind.UPDATE, Kind.CORRECTION, Kind.CLARIFICATION, Kind.EDITORS_NOTE}

# Frozen words never change, so two editions are compared once in the life of a process, not once a beat.
_kept_changes = pages.Kept(size=128)


@require_safe
def history(request, **address):
    """The public history of a story, newest first; for a withdrawn one, its tombstone."""
    path = request.path_info.removesuffix("history/")
    row = (
        Edition.objects.in_force()
        .filter(path=path, sealed_at=None)
        .annotate(beat=pages.beat())
        .values("pk", "article_id", "kind", "path", "section_id", "text__headline", "language", "beat")
        .first()
    )
    if row is None:
        target = story.find_moved_path(path)
        if target is None:
            raise Http404("No such page.")
        return story.redirect(f"{target}history/", request)
    if row["kind"] == Kind.WITHDRAWAL:
        return story.tombstone(request, row["pk"])
    before = _number_asked(request.GET.get("before", ""))
    past = Past(row["article_id"])
    if before is not None and not past.told(before).exists():
        raise Http404("No such page.")
    own = f"{path}history/"

    def context(around):
        headline = row["text__headline"]
        entries = past.entries(before)
        shown = entries[:ENTRIES_A_PAGE]
        page = shell.page_context(around, f"What changed: {headline}", own, kind="history", robots="noindex")
        return {
            "page": page,
            "story": {"url": path, "headline": headline, "language": row["language"]},
            "entries": shown,
            "minor": 0 if before is not None else past.minor_edits(),
            "older_url": f"{own}?before={shown[-1]['number']}" if len(entries) > len(shown) else "",
            "newest_url": own if before is not None else "",
        }

    return shell.answer(
        request, "site/history.html", context, beat=pages.Beat.read(row["beat"]), mark=f"h{row['pk']}-{before}",
        section=row["section_id"], keep=(row["pk"], before),
    )  # fmt: skip


def _number_asked(text):
    """The number of an edition from ?before=, or None without one; what is no number is no page."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Http404("No such page.")
    return int(text)


class Past:
    """What readers may know of the past of one story, given by its article's id."""

    def __init__(self, article):
        self.editions = Edition.objects.filter(article_id=article)
        self.begun = self.editions.begun()

    def minor_edits(self):
        return self.begun.filter(kind=Kind.MINOR).count()

    def told(self, before=None):
        """The editions that get an entry, newest first, from below a number on."""
        told = self.begun.exclude(kind__in=[Kind.MINOR, Kind.REFRESH]).exclude(number__in=self._unsaid())
        return (told if before is None else told.filter(number__lt=before)).order_by("-number")

    def _unsaid(self):
        """The numbers of the withdrawals and reinstatements of which an order lets nobody speak."""
        numbers = set()
        back = self.begun.filter(kind=Kind.REINSTATEMENT, text__data__withdrawal_unsaid=True)
        for number in back.values_list("number", flat=True):
            gone = self.begun.filter(kind=Kind.WITHDRAWAL, number__lt=number).order_by("-number")
            numbers |= {number, *gone.values_list("number", flat=True)[:1]}
        return numbers

    def entries(self, before=None):
        """One page of entries, and one more if there are older ones; each with what is printed of it."""
        gone = self.editions.closing_withdrawal()
        closed = gone.number if gone else 0
        worded = self.begun.exclude(kind=Kind.WITHDRAWAL)
        previous = worded.filter(number__lt=OuterRef("number")).order_by("-number").values("pk")[:1]
        found = list(
            self.told(before).annotate(previous=Subquery(previous)).select_related("text")
            .prefetch_related("corrections")[: ENTRIES_A_PAGE + 1]
        )  # fmt: skip
        compared = {one.previous for one in found if one.kind in COMPARED_KINDS and one.number > closed}
        olds = Edition.objects.select_related("text").in_bulk([pk for pk in compared if pk])
        return [_entry(one, olds.get(one.previous), one.number > closed) for one in found]


def _entry(edition, old, is_open):
    """One entry. Of what a withdrawal has closed, or what is sealed, the text's words are not told."""
    is_open = is_open and not edition.sealed_at
    compared = old and is_open and edition.kind in COMPARED_KINDS and not old.sealed_at
    return {
        "number": edition.number,
        "kind": edition.kind,
        "name": KIND_NAMES[edition.kind],
        "at": edition.first_published_at if edition.kind == Kind.FIRST else edition.live_from,
        "line": edition.line,
        "notes": [
            {
                "reader_text": note.reader_text,
                "was": note.was if is_open else "",
                "became": note.became if is_open else "",
            }
            for note in edition.corrections.all()
        ],
        "reader_text": edition.text.data.get("reader_text", "") if edition.kind == Kind.WITHDRAWAL else "",
        "changes": _changes_html(old, edition) if compared else "",
    }


def _changes_html(old, new):
    """The changed words of two editions as safe HTML, or "" where none changed."""

    def compared():
        a, b = old.text, new.text
        if (a.headline, a.standfirst, a.body) == (b.headline, b.standfirst, b.body):
            return ""
        return mark_safe(diff.changes_html(_compared_html(a), _compared_html(b)))

    return _kept_changes.get("for ever", (old.pk, new.pk), compared)


def _compared_html(text):
    return render_to_string("site/compared.html", {"text": text, "body": mark_safe(text.body)})
