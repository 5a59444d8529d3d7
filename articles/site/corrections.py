"""The page of corrections and public withdrawals."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Edition, Kind
from articles.rendering import structured
from newsroom import clock
from newsroom.web import pages

from . import lists, shell

CORRECTIONS_PAGE = 50
NOTE_LABELS = {"correction": "Correction", "clarification": "Clarification", "editors_note": "Editor’s note"}


@require_safe
def corrections(request):
    """What the paper got wrong: corrections of stories that readers can see, public withdrawals and returns."""
    before = lists.parse_page_key(request.GET.get("before"))
    beat = pages.Beat.now()
    entries = corrections_entries(before, CORRECTIONS_PAGE + 1)
    if before and not entries:
        raise Http404("No such page.")

    def context(around):
        shown = entries[:CORRECTIONS_PAGE]
        path = reverse("site:corrections")
        last = shown[-1] if len(entries) > CORRECTIONS_PAGE else None
        return {
            "page": shell.page_context(
                around, "Corrections", path, kind="corrections",
                description="What we got wrong, what is right, and what we withdrew.",
                json_ld=structured.collection_data("Corrections", path),
            ),
            "entries": shown,
            "older_url": f"{path}?before={last['key']}" if last else "",
            "newest_url": path if before else "",
            "policy_url": around.policy_url("correct"),
        }  # fmt: skip

    return shell.answer(request, "site/corrections.html", context, beat=beat)


def corrections_entries(before, size, *, returns=True):
    """Corrections, public withdrawals and, with `returns`, what came back from one, newest first; a query for each."""
    columns = ("pk", "article_id", "kind", "was", "became", "reader_text", "at")
    # In one filter(), so that it is one join: the note that is sorted by is the note that is shown.
    at, pk = before or (clock.now(), None)
    since_gone = Edition.objects.begun().filter(
        article=OuterRef("article"), kind=Kind.WITHDRAWAL, live_from__gt=OuterRef("article__corrections__at")
    )
    after = Q(article__corrections__at__lt=at) | Q(article__corrections__pk__lt=pk) if before else Q()
    notes = (
        Edition.objects.live()
        .filter(after, article__corrections__at__lte=at)
        .order_by("-article__corrections__at", "-article__corrections__pk")
        .annotate(since_gone=Exists(since_gone))
        .values(
            "path", "language", "text__headline", "since_gone", *(f"article__corrections__{name}" for name in columns)
        )
    )
    gone = (
        Edition.objects.tombstones()
        .filter(list_publicly=True)
        .values("pk", "path", "language", "live_from", "show_headline", "text__headline", "text__data")
    )
    if before:
        gone = gone.filter(Q(live_from__lt=at) | Q(pk__lt=pk), live_from__lte=at)
    entries = []
    for row in notes[:size]:
        note = {name: row[f"article__corrections__{name}"] for name in columns}
        entries.append(
            note
            | {
                "label": NOTE_LABELS[note["kind"]],
                "path": row["path"],
                "language": row["language"],
                "headline": row["text__headline"],
                "since_gone": row["since_gone"],
            }
        )
    for row in gone[:size]:
        entries.append(
            {
                "pk": row["pk"],
                "kind": "withdrawal",
                "label": "Withdrawn",
                "at": row["live_from"],
                "path": row["path"],
                "language": row["language"],
                "headline": row["text__headline"] if row["show_headline"] else "",
                "reader_text": row["text__data"].get("reader_text", ""),
            }
        )
    entries += _reinstated(at, pk, size) if returns else []
    entries.sort(key=lambda one: (one["at"], one["pk"]), reverse=True)
    for one in entries:
        one["key"] = lists.page_key(one["at"], one["pk"])
    return _without_closed_past(entries[:size])


def _reinstated(at, pk, size):
    """Stories that came back from a withdrawal which stood here, unless an order forbids saying so; one query."""
    tombstone = "article__editions__"
    after = Q(**{f"{tombstone}live_until__lt": at}) | Q(**{f"{tombstone}pk__lt": pk}) if pk else Q()
    gone = {"kind": Kind.WITHDRAWAL, "listed": False, "list_publicly": True, "live_until__lte": at}
    back = Edition.objects.filter(
        article=OuterRef("article"), kind=Kind.REINSTATEMENT, live_from=OuterRef(f"{tombstone}live_until")
    )
    rows = (
        Edition.objects.live()
        .filter(after, Exists(back), **{tombstone + name: value for name, value in gone.items()})
        .annotate(
            said=Subquery(back.values("line")[:1]), unsaid=Subquery(back.values("text__data__withdrawal_unsaid")[:1])
        )
        .exclude(unsaid=True)
        .order_by(f"-{tombstone}live_until", f"-{tombstone}pk")
        .values("path", "text__headline", "said", *(tombstone + name for name in ("pk", "live_from", "live_until")))
    )
    for row in rows[:size]:
        yield {
            "pk": row[f"{tombstone}pk"],
            "kind": "reinstatement",
            "label": "Reinstated",
            "at": row[f"{tombstone}live_until"],
            "path": row["path"],
            "headline": row["text__headline"],
            "gone_from": row[f"{tombstone}live_from"],
            "reader_text": row["said"],
        }


def _without_closed_past(entries):
    """The entries, without what was and what is where a withdrawal has closed that past; a query or more for each
    story that was withdrawn since."""
    for one in entries:
        if one.get("since_gone") and (one["was"] or one["became"]):
            gone = Edition.objects.filter(article_id=one["article_id"]).closing_withdrawal()
            if gone and one["at"] < gone.live_from:
                one |= {"was": "", "became": ""}
    return entries
