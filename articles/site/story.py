"""A story at its own address: its page, its tombstone, its history, and where an old address leads."""

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery
from django.http import Http404, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from articles import rendering
from articles.body import diff
from articles.models import Edition, Kind, Path
from articles.workflow import UNKNOWN_REASON, WITHDRAWAL_REASONS
from newsroom.database.prepared import NOW, Given, Question
from newsroom.web import pages

from . import living, shell

COLUMNS = (
    "pk", "article_id", "kind", "path", "section_id", "language", "rendering__main_html",
    "rendering__template_version", "rendering__rendering_version",
)  # fmt: skip
HEAD, MAIN = "<!--the page's head-->", "<!--the story-->"
REDIRECT_SECONDS = 300  # a slug may change back

_frames = pages.Kept()
_pages = pages.Kept(size=256)
_at_path = Question(
    lambda: (
        Edition.objects.in_force(NOW)
        .filter(path=Given("path", CharField()))
        .annotate(beat=pages.beat(NOW), uid=F("article__uid"))
        .values(*COLUMNS, "uid", "beat")
        .order_by()[:1]
    )
)


@require_safe
@pages.remembered
def story(request, **address):
    """The edition in force at this address: 200, its tombstone, a redirect to where the story is now, or 404."""
    row = next(iter(_at_path.ask(path=request.path_info)), None)
    if row is None:
        return moved(request)
    if row["kind"] == Kind.WITHDRAWAL:
        return tombstone(request, row["pk"])
    beat = pages.Beat.read(row["beat"])
    around = shell.of(beat)

    def page():
        main = row["rendering__main_html"]
        versions = row["rendering__template_version"], row["rendering__rendering_version"]
        if main is None or not rendering.is_current(versions, beat.rendering):
            main = rendering.remade([row["pk"]])[row["pk"]].main_html
        filled = living.gather(row["article_id"], row["uid"], main, around, beat).fill(main)
        return framed(filled, row["language"], row["section_id"], around, beat).encode()

    mark = f"{around.today}{row['pk']}{beat.comments}"
    kept = (_pages, beat.state, (row["pk"], around.today))
    return pages.reply(request, page, pulse=beat, mark=mark, kept=kept, until=around.until)


def framed(filled, language, section, around, beat):
    """A filled page inside the shell, whose own HTML is made once per state of the paper."""
    head, story = filled.split(rendering.HEAD_ENDS, 1)
    embeds = "data-player" in story
    name = (around.today, language, section, embeds)
    before, between, after = _frames.get(beat.key, name, lambda: _frame(around.at(section), language, embeds))
    return "".join((before, head, between, story, after))


def _frame(around, language, embeds):
    context = {
        "shell": around,
        "page": {
            "kind": "story", "language": language, "direction": rendering.direction(language), "embeds": embeds,
            "feeds": shell.feeds(around.publication.name),
        },
        "head": mark_safe(HEAD),
        "story": mark_safe(MAIN),
    }  # fmt: skip
    with timezone.override(around.zone):
        html = render_to_string("site/edition.html", context)
    before, rest = html.split(HEAD)
    between, after = rest.split(MAIN)
    return before, between, after


def preview(edition):
    """The page readers would get for an edition with its `text`, saved or not; its holes are filled as of now."""
    beat = pages.Beat.now()
    around = shell.of(beat)
    _, main = rendering.render(edition)
    uid = edition.text.data.get("uid") or edition.article.uid
    filled = living.gather(edition.article_id, uid, main, around, beat, every_picture=True).fill(main)
    return framed(filled, edition.language, edition.section_id, around, beat)


# --- withdrawn ----------------------------------------------------------------------------------


def tombstone(request, pk):
    """What stands in the place of a withdrawn story: when, what kind of reason, whom to ask."""
    instead = Edition.objects.live().filter(article=OuterRef("replacement"))
    edition = (
        Edition.objects.tombstones()
        .filter(pk=pk)
        .select_related("text")
        .annotate(
            beat=pages.beat(),
            instead=Subquery(instead.values("path")[:1]),
            instead_headline=Subquery(instead.values("text__headline")[:1]),
        )
        .first()
    )
    if edition is None:  # it ended between two queries
        raise Http404("No such page.")
    beat = pages.Beat.read(edition.beat)
    reason = WITHDRAWAL_REASONS.get(edition.reason, UNKNOWN_REASON)
    if reason.leads_elsewhere and edition.instead:
        return redirect(edition.instead)
    headline = edition.text.headline if edition.show_headline else ""

    def context(around):
        page = shell.page(around, headline or "Withdrawn", edition.path, kind="tombstone", robots="noindex")
        return {
            "page": page | {"canonical": "", "og": {}},
            "tombstone": {
                "headline": headline,
                "withdrawn_at": edition.live_from,
                "reason_text": reason.label,
                "reader_text": edition.text.data.get("reader_text", ""),
                "replacement": {"url": edition.instead, "headline": edition.instead_headline}
                if edition.instead
                else None,
            },
            "policy_url": around.policy("correct"),
        }

    return shell.answer(request, f"{reason.status}.html", context, beat=beat, status=reason.status)


# --- moved --------------------------------------------------------------------------------------


def _in_force_path(article):
    return Subquery(Edition.objects.in_force().filter(article=article).values("path")[:1])


def moved(request):
    """Where a story went that was once at this address: one hop to the address in force, else 404."""
    target = find_moved(request.path_info) or _by_query(request)
    if target is None:
        raise Http404("No such page.")
    return redirect(target)


def _by_query(request):
    """The same for addresses that told stories apart by what stands behind the question mark, as ?p=12."""
    return find_moved(request.get_full_path()) if request.META.get("QUERY_STRING") else None


def find_moved(path):
    """The address in force of the story that this one belonged to while something was public there, or None."""
    if "\x00" in path:  # which PostgreSQL would refuse to compare
        return None
    begun = Edition.objects.begun().filter(article=OuterRef("article"))
    return (
        Path.objects.filter(path=path)
        .filter(Q(Exists(begun.filter(path=OuterRef("path")))) | Q(Exists(begun), legacy=True))
        .annotate(target=_in_force_path(OuterRef("article")))
        .exclude(target=None)
        .exclude(target=path)
        .values_list("target", flat=True)
        .first()
    )


def redirect(path):
    """To an address in force, for as long as slugs take to change back."""
    response = HttpResponsePermanentRedirect(path)
    response.headers["Cache-Control"] = f"max-age={REDIRECT_SECONDS}"
    return response


@require_safe
def elsewhere(request, rest):
    """Every address that no page has: an imported story's old one, one without its last slash, or nothing."""
    path = request.path_info
    target = find_moved(path) or _by_query(request)
    if target is None and not path.endswith("/"):
        target = find_moved(f"{path}/") or _with_slash(path)
    if target is None:
        raise Http404("No such page.")
    return redirect(target)


def _with_slash(path):
    try:
        found = resolve(f"{path}/")
    except Resolver404:
        return None
    return None if found.func is elsewhere else f"{path}/"


# --- history ------------------------------------------------------------------------------------


@require_safe
def history(request, **address):
    """What became of a story since readers first saw it; for a withdrawn one, its tombstone."""
    path = request.path_info.removesuffix("history/")
    row = (
        Edition.objects.in_force()
        .filter(path=path)
        .annotate(beat=pages.beat())
        .values("pk", "article_id", "kind", "path", "section_id", "text__headline", "language", "beat")
        .first()
    )
    if row is None:
        target = find_moved(path)
        if target is None:
            raise Http404("No such page.")
        return redirect(f"{target}history/")
    if row["kind"] == Kind.WITHDRAWAL:
        return tombstone(request, row["pk"])
    beat = pages.Beat.read(row["beat"])

    def context(around):
        headline = row["text__headline"]
        entries, minor = _entries(row["article_id"])
        page = shell.page(around, f"What changed: {headline}", f"{path}history/", kind="history", robots="noindex")
        return {
            "page": page,
            "story": {"url": path, "headline": headline, "language": row["language"]},
            "entries": entries,
            "minor": minor,
        }

    return shell.answer(
        request, "site/history.html", context, beat=beat, mark=f"h{row['pk']}", section=row["section_id"]
    )


NAMES = {
    Kind.FIRST: "Published", Kind.UPDATE: "Updated", Kind.CORRECTION: "Corrected",
    Kind.CLARIFICATION: "Clarified", Kind.EDITORS_NOTE: "Editor’s note", Kind.WITHDRAWAL: "Withdrawn",
    Kind.REINSTATEMENT: "Reinstated",
}  # fmt: skip
# Kinds whose changed words readers are shown.
COMPARED = {Kind.UPDATE, Kind.CORRECTION, Kind.CLARIFICATION, Kind.EDITORS_NOTE, Kind.REINSTATEMENT}


def _entries(article):
    """The public entries of a story's history, newest first, and how many minor edits there were: WORKFLOW (b)."""
    editions = (
        Edition.objects.begun()
        .filter(article_id=article)
        .select_related("text")
        .prefetch_related("corrections")
        .order_by("number")
    )
    entries, minor, before = [], 0, None
    for edition in editions:
        kind, sealed = edition.kind, bool(edition.sealed_at)
        if kind == Kind.MINOR:
            minor += 1
        elif kind == Kind.REFRESH or (kind == Kind.WITHDRAWAL and not edition.list_publicly):
            pass
        elif not (kind == Kind.REINSTATEMENT and entries and entries[-1]["kind"] != Kind.WITHDRAWAL):
            entries.append(
                {
                    "kind": kind,
                    "name": NAMES[kind],
                    "at": edition.live_from if kind != Kind.FIRST else edition.first_published_at,
                    "line": edition.line,
                    "notes": list(edition.corrections.all()),
                    "reader_text": edition.text.data.get("reader_text", "") if kind == Kind.WITHDRAWAL else "",
                    "changes": ""
                    if before is None or kind not in COMPARED or sealed or before.sealed_at
                    else _changes(before.text, edition.text),
                }
            )
        if kind != Kind.WITHDRAWAL:
            before = edition
    return entries[::-1], minor


def _changes(old, new):
    """The changed words of two editions as safe HTML, or "" where none changed."""
    if (old.headline, old.standfirst, old.body) == (new.headline, new.standfirst, new.body):
        return ""
    return mark_safe(diff.blocks(_whole(old), _whole(new)))


def _whole(text):
    return render_to_string("site/compared.html", {"text": text, "body": mark_safe(text.body)})
