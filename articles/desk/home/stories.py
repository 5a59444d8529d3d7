"""The front page's queues of stories: one's own, those that wait for an editor, what one waits for, what goes out."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from newsroom import clock
from newsroom.desk.base import CAP
from newsroom.desk.display import time_in_words
from newsroom.desk.today import ASIDE, NEXT, OTHERS, OWN, Line

from ... import roles
from ...actions.writing import four_eyes
from ...models import Article, Assignment, Byline, Comment, CorrectionDraft, Edition, State, Transition
from ...workflow import IN_WORK
from .base import SHOWN, comments_moderated_by, queue_of, sees_news_list, short, story_line, story_rows, where_may_make
from .times import FORTNIGHT, WEEK

# --- one's own --------------------------------------------------------------------------------------


def my_drafts(user):
    if not sees_news_list(user):
        return None
    rows = story_rows().filter(state__in=[State.DRAFT, State.PITCH]).owned_by(user)
    return queue_of("drafts", "Your drafts", rows, _draft_line, query="?state=draft&mine=1", place=OWN,
                    empty="Nothing on your desk: start something.")  # fmt: skip


def _draft_line(article):
    length = f"of {article.planned_length:,} planned" if article.planned_length else ""
    said = "" if article.due_at or article.planned_for else f"saved {time_in_words(article.updated_at)}"
    return story_line(article, "Pitch." if article.state == State.PITCH else "", about=length, do="Write", said=said)


def unsaved_words(user):
    """Stories, begun or not, of which a person has typed something that was not saved; nothing for most."""
    if not sees_news_list(user):
        return None
    drafts = user.drafts.exclude(fields=[]).select_related("article__section").only(
        "at", "article__headline", "article__catchline", "article__section__name"
    )  # fmt: skip
    newest = {}  # windows of one story are one line
    for draft in drafts[: 5 * SHOWN]:
        newest.setdefault(draft.article_id, draft)
    rows = list(newest.values())
    return queue_of("unsaved", "Words not saved", rows, _unsaved_line, place=OWN) if rows else None


def _unsaved_line(draft):
    why = f"Typed {time_in_words(draft.at)}, not saved."
    if draft.article_id is None:
        return Line("A story that is not begun", reverse("admin:articles_article_add"), why=why, do="Go on")
    section = str(draft.article.section or "")
    return Line(str(draft.article), draft.article.get_absolute_url(), why=why, about=section, do="Go on")


def open_stories_of(user):
    """[(number, headline)] of the SHOWN newest stories of a person that are not finished; one query."""
    if not sees_news_list(user):
        return []
    unfinished = [state for state in State if state not in (State.PUBLISHED, State.SPIKED)]
    rows = Article.objects.filter(state__in=unfinished).owned_by(user).order_by("-updated_at", "-pk")
    return [(article.pk, str(article)) for article in rows.only("pk", "headline", "catchline")[:SHOWN]]


def sent_back_to_me(user):
    if not sees_news_list(user):
        return None
    rows = story_rows().filter(state=State.NEEDS_CHANGES).owned_by(user)
    queue = queue_of("sent-back", "Sent back to you", rows, _sent_back_line, query="?state=needs_changes&mine=1",
                     empty="Nothing was sent back.")  # fmt: skip
    queue.rows = with_last_note(queue.rows)
    return queue


def with_last_note(articles):
    """Set `sent_back`, the Transition that sent it back last, on each of a few stories; one query, or none."""
    found = {}
    if articles:
        moves = Transition.objects.filter(article__in=[a.pk for a in articles], move="send-back")
        found = {move.article_id: move for move in moves.select_related("by").order_by("at", "pk")}
    for article in articles:
        article.sent_back = found.get(article.pk)
    return articles


def _sent_back_line(article):
    move = article.sent_back
    if move is None:
        return story_line(article, "Needs changes.", do="Mend")
    why = f"Sent back by {move.by} at {time_in_words(move.at)}."
    return story_line(article, why, quote=short(move.note), do="Mend")


def asked_of_me(user):
    """Assignments that somebody has given this person and that they have not answered."""
    if not sees_news_list(user):
        return None
    rows = (
        Assignment.objects.unanswered().filter(assignee=user, article__state__in=UNWRITTEN)
        .select_related("article__section", "by").defer(*TEXT).order_by("at", "pk")
    )  # fmt: skip
    return queue_of("asked", "Asked of you", rows, _asked_line)


# Of what has been submitted, or spiked, nobody has to say any more whether they write it.
UNWRITTEN = (State.PITCH, State.DRAFT, State.NEEDS_CHANGES)
TEXT = ("article__body", "article__genre_facts", "article__merge_conflict")


def _asked_line(assignment):
    article = assignment.article
    length = f"{article.planned_length:,} words planned" if article.planned_length else ""
    line = story_line(article, f"{assignment.by or 'The desk'} asks you to write it.", about=length,
                      quote=short(article.budget_line), do="Answer")  # fmt: skip
    return replace(line, url=reverse("desk:assignment", args=[assignment.pk]))


def refused_to_me(user):
    """Stories that somebody whom this person had asked will not write, until they are given to another."""
    if not roles.may(user, "assign"):
        return None
    rows = (
        Assignment.objects.filter(
            by=user, answer="refused", answered_at__gte=clock.process_time() - FORTNIGHT,
            article__assignee=None, article__state__in=[State.PITCH, *IN_WORK],
        )
        .select_related("article__section", "assignee").defer(*TEXT).order_by("-at", "-pk")
    )  # fmt: skip
    return queue_of("refused", "Refused", rows, _refused_line)


def _refused_line(assignment):
    why = f"{assignment.assignee} does not take it."
    return story_line(assignment.article, why, quote=short(assignment.reason), do="Assign")


# --- what waits for an editor -----------------------------------------------------------------------


def pitches(user):
    if (mine := where_may_make(user, "accept")) is None:
        return None
    rows = story_rows().filter(mine, state=State.PITCH)
    return queue_of("pitches", "Pitches", rows, _pitch_line, query="?state=pitch", empty="No pitches.")


def _pitch_line(article):
    length = f" {article.planned_length:,} words" if article.planned_length else ""
    why = f"{article.created_by or 'Somebody'} pitches{length}."
    return story_line(article, why, quote=short(article.budget_line), do="Answer")


def to_approve(user):
    if (mine := where_may_make(user, "approve")) is None:
        return None
    bylined = Byline.objects.filter(article=OuterRef("pk"), role="writer", contributor__user=user)
    rows = story_rows().filter(mine, state=State.SUBMITTED)
    if four_eyes():
        rows = rows.exclude(submitted_by=user).exclude(Exists(bylined))
    return queue_of("approve", "Waiting for your approval", rows, _approve_line, query="?state=submitted",
                    empty="Nothing waits for your approval.")  # fmt: skip


def _approve_line(article):
    by = f" by {article.submitted_by}" if article.submitted_by else ""
    return story_line(article, f"Submitted{by}, {time_in_words(article.updated_at)}.", do="Read")


def to_publish(user):
    if (mine := where_may_make(user, "publish")) is None:
        return None
    rows = story_rows().filter(mine, state=State.APPROVED)
    return queue_of("ready", "Approved and ready", rows, _ready_line, query="?state=approved",
                    empty="Nothing is ready yet.")  # fmt: skip


def _ready_line(article):
    return story_line(article, "Approved and ready.", do="Publish")


def corrections(user):
    if (mine := where_may_make(user, "confirm-correction", "article__section")) is None:
        return None
    rows = (
        CorrectionDraft.objects.filter(mine, closed_at=None).exclude(by=user).order_by("at")
        .select_related("article", "article__section", "by").defer(*TEXT, "changes")
    )  # fmt: skip
    return queue_of("corrections", "Corrections to confirm", rows, _correction_line, empty="No correction waits.")


def _correction_line(draft):
    url = reverse("admin:articles_article_move", args=[draft.article_id, "confirm-correction"])
    why = f"{draft.get_kind_display()} drafted by {draft.by}, {time_in_words(draft.at)}."
    return Line(str(draft.article), url, None, "readers wait", why, str(draft.article.section or ""),
                short(draft.reader_text), "Confirm")  # fmt: skip


# --- what one waits for -----------------------------------------------------------------------------


def my_submitted(user):
    if not sees_news_list(user):
        return None
    rows = story_rows().filter(state__in=[State.SUBMITTED, State.APPROVED]).owned_by(user)
    return queue_of("submitted", "Submitted", rows, _submitted_line, query="?state=submitted&mine=1", place=OTHERS)


def _submitted_line(article):
    said = "is approved and goes out when an editor publishes it" if article.state == State.APPROVED else (
        "waits for an editor")  # fmt: skip
    return story_line(article, f"It {said}.", about=f"since {time_in_words(article.updated_at)}", do="See")


def sent_back_by_me(user):
    """Stories that this person sent back last and that need changes still."""
    if where_may_make(user, "send-back") is None:
        return None
    last = Transition.objects.filter(article=OuterRef("pk"), move="send-back").order_by("-at", "-pk")
    rows = story_rows().filter(state=State.NEEDS_CHANGES).annotate(back_by=Subquery(last.values("by")[:1]))
    queue = queue_of("sent-back-by-me", "You sent back", rows.filter(back_by=user.pk), _back_line, place=OTHERS)
    queue.rows = with_last_note(queue.rows)
    return queue


def _back_line(article):
    who = article.assignee or article.submitted_by or article.created_by or "Nobody"
    move = article.sent_back
    about = f"sent back {time_in_words(move.at)}" if move else ""
    return story_line(article, f"{who} has it again, with your note.", about=about, do="See")


def asked_by_me(user):
    """Assignments that this person has given and that wait for an answer."""
    if not roles.may(user, "assign"):
        return None
    rows = (
        Assignment.objects.unanswered().filter(by=user, article__state__in=UNWRITTEN).exclude(assignee=user)
        .select_related("article__section", "assignee").defer(*TEXT).order_by("at", "pk")
    )  # fmt: skip
    return queue_of("asked-by-me", "You asked", rows, _asked_by_me_line, place=OTHERS)


def _asked_by_me_line(assignment):
    asked = f"asked {time_in_words(assignment.at)}"
    return story_line(assignment.article, f"{assignment.assignee} has not answered.", about=asked, do="See")


# --- what goes out, what is out ---------------------------------------------------------------------


def scheduled(ahead, user):
    if not sees_news_list(user):
        return None
    return queue_of("scheduled", "Goes out next", ahead, _scheduled_line, place=NEXT, empty="Nothing is scheduled.")


def _scheduled_line(edition):
    by = f", scheduled by {edition.by}" if edition.by else ""
    about = f"{edition.section}, {edition.get_kind_display().lower()}{by}"
    return Line(str(edition.article), edition.article.get_absolute_url(), edition.live_from, about=about)


def my_live_stories(user):
    if roles.Role.REPORTER not in roles.roles_of(user):
        return None
    mine = Article.objects.filter(pk=OuterRef("article")).owned_by(user)
    rows = (
        Edition.objects.live().filter(Exists(mine), first_published_at__gte=clock.process_time() - WEEK)
        .select_related("article", "section").newest_first().defer(*TEXT)
    )  # fmt: skip
    return queue_of("live", "Yours, out this week", rows, _live_line, place=ASIDE, is_work=False,
                    empty="Nothing of yours went out this week.")  # fmt: skip


def _live_line(edition):
    updated = f", updated {time_in_words(edition.updated_at)}" if edition.updated_at else ""
    about = f"{edition.section}, published {time_in_words(edition.first_published_at)}{updated}"
    return Line(str(edition.article), edition.article.get_absolute_url(), about=about)


def holds(user):
    if (mine := where_may_make(user, "hold")) is None:
        return None
    # The few that are held first: by its section a database would look through every story of it.
    rows = story_rows().filter(mine, pk__in=held())
    return queue_of("holds", "On hold", rows, _hold_line, place=ASIDE, empty="Nothing is on hold.")


def held():
    """The ids of the newest stories that are on hold, as a query."""
    return Article.objects.filter(hold=True).order_by("-updated_at", "-pk").values("pk")[:CAP]


def _hold_line(article):
    return Line(str(article), article.get_absolute_url(), about=short(article.hold_reason, 80))


def comments_to_read(user):
    if not roles.may(user, "moderate comments"):
        return None
    rows = comments_moderated_by(user, Comment.objects.pending()).order_by("-created_at").select_related("article")
    queue = queue_of("comments", "Comments to read", rows.defer("article__body"), _comment_line, place=ASIDE,
                     empty="All comments are read.")  # fmt: skip
    queue.url = reverse("admin:articles_comment_changelist")
    return queue


def _comment_line(comment):
    url = reverse("admin:articles_comment_changelist")
    return Line(short(comment.body, 80), url, about=f"{comment.name}, {time_in_words(comment.created_at)}")
