"""The page of corrections and public withdrawals."""

from django.db.models import Exists, OuterRef, Q
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
    """What the paper got wrong: corrections of stories that readers can see, and withdrawals it says in public."""
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


def corrections_entries(before, size):
    """Corrections and public withdrawals, newest first, as one list; two queries."""
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
    entries.sort(key=lambda one: (one["at"], one["pk"]), reverse=True)
    for one in entries:
        one["key"] = lists.page_key(one["at"], one["pk"])
    return _without_closed_past(entries[:size])


def _without_closed_past(entries):
    """The entries, without what was and what is where a withdrawal has closed that past; a query or more for each
    story that was withdrawn since."""
    for one in entries:
        if one.get("since_gone") and (one["was"] or one["became"]):
            gone = Edition.objects.filter(article_id=one["article_id"]).closing_withdrawal()
            if gone and one["at"] < gone.live_from:
                one |= {"was": "", "became": ""}
    return entries
