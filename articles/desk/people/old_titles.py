"""Titles that are over: which stories print one of somebody's old titles, and which of them need a look.

A story published while the role was held is right. One published afterwards needs a look by a person: nothing here
changes a word of a story.
"""

import re
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from experts.models import Affiliation, Bar, Expert
from newsroom import clock, paper
from newsroom.desk.base import number

from ... import roles
from ...actions.people import title_tasks, titles
from ...models import Appearance, Article, DeskNote, Edition
from ...workflow import State

SENTENCE = re.compile(r"[^.!?؟\n]*(?:[.!?؟](?=\S)[^.!?؟\n]*)*[.!?؟]?[”»’]?")
MOST = 1000


@dataclass
class PrintedTitle:
    """A story that prints a title which is over."""

    article_id: int
    headline: str
    url: str
    day: object
    attribution: str
    role: Affiliation
    sentence: str = ""
    has_task: bool = False


@dataclass
class OldTitles:
    """The stories with somebody's old titles: right at the time, to be looked at, and not published yet.

    `other`: stories published after a role ended, in words that no role on the card has; a person compares them.
    """

    right: list
    wrong: list
    ahead: list
    other: list


def stories_with_old_titles(expert, user):
    """The OldTitles of a card, in stories that a person may read; six queries, however many stories there are."""
    ids = {expert.pk, *Expert.objects.filter(merged_into=expert).values_list("pk", flat=True)}
    held = list(Affiliation.objects.filter(expert=expert))
    found = OldTitles([], [], [], [])
    if not any(role.end or role.is_former for role in held):
        return found
    today, tz = paper.today(), paper.zone()
    tasks = set(
        DeskNote.objects.filter(is_task=True, resolved_at=None, article__appearances__expert__in=ids).values_list(
            "article", flat=True
        )
    )
    for edition in _editions_naming(ids):
        moment = edition.live_from if edition.is_ahead else edition.updated_at or edition.first_published_at
        day = paper.day_of(moment, tz)
        for who in edition.text.data.get("people", []):
            if who["expert"] not in ids:
                continue
            printed = who.get("attribution")
            role = titles.out_of_date(printed, held, today)
            over = None if role else titles.ended_role_in_other_words(printed, held, day)
            if role is None and over is None:
                continue
            row = PrintedTitle(
                edition.article_id, edition.text.headline, edition.path, day, printed, role or over,
                sentence_with_title(edition.text.plain, role or over, who["name"]), edition.article_id in tasks,
            )  # fmt: skip
            if over:
                found.other.append(row)
                continue
            right = role.held_on(day) and not (role.is_former and not role.end)
            (found.ahead if edition.is_ahead else found.right if right else found.wrong).append(row)
    desk = Appearance.objects.filter(expert__in=ids, article__in=Article.objects.readable_by(user).values("pk"))
    desk = desk.exclude(article__state__in=[State.PUBLISHED, State.SPIKED]).select_related("article")
    for appearance in desk.defer("article__body")[:MOST]:
        if role := titles.out_of_date(appearance.attribution_as_printed, held, today):
            story = appearance.article
            found.ahead.append(PrintedTitle(
                story.pk, str(story), story.get_absolute_url(), None, appearance.attribution_as_printed, role,
                has_task=story.pk in tasks,
            ))  # fmt: skip
    return found


def _editions_naming(ids):
    at = clock.process_time()
    live, waiting = Edition.objects.live(at), Edition.objects.waiting(at)
    rows = Edition.objects.filter(
        Q(pk__in=live.values("pk")) | Q(pk__in=waiting.values("pk")), editionexpert__expert__in=ids
    )
    rows = rows.select_related("text").defer("text__body").order_by("-first_published_at", "-pk").distinct()[:MOST]
    for edition in rows:
        edition.is_ahead = edition.live_from > at
        yield edition


def sentence_with_title(text, role, name):
    """The sentence that prints a title, else the first that names the person; "" where the text has neither."""
    sentences = [m.group().strip() for m in SENTENCE.finditer(text) if m.group().strip()]
    words = [part for part in (role.as_printed, role.title) if part]
    for word in [*words, name, name.split()[-1]]:
        for sentence in sentences:
            if word.casefold() in sentence.casefold():
                return sentence[:400]
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def stale_titles(request, pk):
    """Which stories print one of a person's old titles; by POST, a task for the editors of those chosen."""
    if not roles.may(request.user, "see experts"):
        raise PermissionDenied
    expert = Expert.objects.current().filter(pk=pk).first()
    if expert is None:
        raise Http404("No such card.")
    may_ask = roles.may_leave_notes(request.user)
    found = stories_with_old_titles(expert, request.user)
    refusal, status = "", 200
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        chosen = {number(value) for value in request.POST.getlist("story")}
        listed = [*found.other, *found.wrong, *found.ahead]
        rows = {row.article_id: row for row in listed if row.article_id in chosen}
        if rows:
            made = title_tasks.add_title_tasks(expert, rows, by=request.user)
            messages.success(request, f"{made} task{'' if made == 1 else 's'} set. No word of a story was changed.")
            return redirect("desk:stale_titles", pk)
        refusal, status = "Choose at least one story that needs a look.", 400
    context = admin.site.each_context(request) | {
        "title": f"Titles of {expert} that are over",
        "expert": expert,
        "found": found,
        "may_ask": may_ask,
        "refusal": refusal,
    }
    return TemplateResponse(request, "admin/articles/stale.html", context, status=status)


@require_POST
def task_done(request, pk, uid):
    """Mark a task about a story as done."""
    article = get_object_or_404(Article.objects.readable_by(request.user), pk=pk)
    if not roles.may_leave_notes(request.user):
        raise PermissionDenied
    task = get_object_or_404(article.notes.filter(is_task=True), uid=uid)
    if task.resolved_at is None:
        task.resolved_at = clock.process_time()
        task.save(update_fields=["resolved_at"])
    messages.success(request, "Done.")
    return redirect("admin:articles_article_people", article.pk)


def waiting_box(expert, request):
    """The card's box: stories on their way to readers that quote somebody who is not to be quoted; else None.

    A bar cancels nothing by itself, and a schedule asks nobody again.
    """
    if not roles.may(request.user, "see experts") or not any(bar.kind == Bar.QUOTE for bar in expert.bars.all()):
        return None
    tz, rows = paper.zone(), []
    waiting = Edition.objects.waiting().filter(pk__in=expert.quotes.order_by().values("edition")).order_by("live_from")
    for edition in waiting.select_related("text", "article").defer("text__body", "article__body")[:MOST]:
        topics = [topic["id"] for topic in edition.text.data.get("topics", [])]
        if bar := expert.quote_bar(paper.day_of(edition.live_from, tz), topics):
            rows.append({"headline": edition.text.headline, "url": edition.article.get_absolute_url(),
                         "at": edition.live_from, "reason": bar.reason})  # fmt: skip
    return {"stories": rows} if rows else None


def old_titles_box(expert, request):
    """The card's box: where the old titles stand, or None where no role is over or no story names the person."""
    if not roles.may(request.user, "see experts"):
        return None
    if not any(role.end or role.is_former for role in expert.affiliations.all()):
        return None
    if not expert.edition_links.exists() and not expert.appearances.exists():
        return None
    return {"url": reverse("desk:stale_titles", args=[expert.pk])}
