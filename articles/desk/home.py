"""What waits for somebody on the desk's front page: short lists, a fixed number of queries each."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from experts.desk import queues as card_queues
from experts.models import DataRequest, Expert
from newsroom import accounts, clock, paper
from newsroom.desk.site import Place
from newsroom.models import Mail, User

from .. import roles, workflow
from ..actions import waiting
from ..actions.writing import four_eyes
from ..models import Article, Byline, Comment, CorrectionDraft, Edition, ImageUse, Section, State

# What the header of every page leads to, for those who may go there.
PLACES = (
    Place.list_of("Stories", "articles.article"),
    Place.list_of("Pictures", "articles.image"),
    Place.list_of("Experts", "experts.expert"),
    Place.list_of("Topics", "newsroom.topic"),
    Place.list_of("Fronts", "articles.front"),
    Place.list_of("Comments", "articles.comment"),
    Place.list_of("People", "newsroom.user"),
    Place("Accounts", "admin:newsroom_user_log", is_open=lambda user: roles.may(user, "read the accounts' log")),
    Place("Timed work", "admin:worker", is_open=lambda user: roles.may(user, "administer people")),
    Place("Source audit", "desk:audit", is_open=lambda user: roles.may(user, "see the source audit")),
)
SHOWN = 8
WEEK, QUARTER = timedelta(days=7), timedelta(days=91)


@dataclass
class Queue:
    """One list: its rows, whether there are more, and the page that has them all."""

    name: str
    title: str
    rows: list
    more: bool = False
    url: str = ""
    empty: str = ""
    says: str = ""  # what the date on each line means


def queues_of(user):
    """What waits for a person: a list of Queue, only those that their roles have to do with."""
    ahead = list(waiting.editions_ahead()) if _sees_news_list(user) else []
    wanted = [
        partial(_alarms, ahead), _my_drafts, _sent_back_to_me, _my_submitted, _my_live_stories, _pitches, _to_approve,
        _to_publish, partial(_scheduled, ahead), _corrections, _comments_to_read, _holds, _stories_without_a_picture,
        _stories_losing_a_picture, *_source_book_queues(user), _roles_to_confirm, _accounts_without_role,
        _accounts_never_used, _accounts_unused_lately, _mail_not_sent,
    ]  # fmt: skip
    return [queue for ask in wanted if (queue := ask(user)) is not None]


def _queue_of(name, title, rows, query="", empty=""):
    """A queue of the first SHOWN rows; `query` filters the list of stories to all of them."""
    rows = list(rows[: SHOWN + 1])
    url = reverse("admin:articles_article_changelist") + query if query else ""
    return Queue(name, title, rows[:SHOWN], len(rows) > SHOWN, url, empty)


def _story_rows():
    return Article.objects.select_related("section", "assignee", "submitted_by").only(
        "headline", "catchline", "state", "genre", "due_at", "updated_at", "priority", "hold", "hold_reason",
        "section__name", "section__slug", "assignee__first_name", "assignee__last_name", "assignee__username",
        "submitted_by__first_name", "submitted_by__last_name", "submitted_by__username",
    ).order_by("-updated_at", "-pk")  # fmt: skip


def _sees_news_list(user):
    return roles.may(user, "see the news list")


def _my_drafts(user):
    if not _sees_news_list(user):
        return None
    rows = _story_rows().filter(state__in=[State.DRAFT, State.PITCH]).owned_by(user)
    return _queue_of("drafts", "My drafts", rows, "?state=draft&mine=1", "Nothing on your desk. Start something.")


def open_stories_of(user):
    """[(number, headline)] of the SHOWN newest stories of a person that are not finished; one query."""
    if not _sees_news_list(user):
        return []
    unfinished = [state for state in State if state not in (State.PUBLISHED, State.SPIKED)]
    rows = Article.objects.filter(state__in=unfinished).owned_by(user).order_by("-updated_at", "-pk")
    rows = rows.only("pk", "headline", "catchline")
    return [(article.pk, str(article)) for article in rows[:SHOWN]]


def _sent_back_to_me(user):
    if not _sees_news_list(user):
        return None
    rows = _story_rows().filter(state=State.NEEDS_CHANGES).owned_by(user)
    return _queue_of("sent-back", "Sent back to me", rows, "?state=needs_changes&mine=1", "Nothing was sent back.")


def _is_reporter(user):
    return roles.Role.REPORTER in roles.roles_of(user)


def _my_submitted(user):
    if not _is_reporter(user):
        return None
    rows = _story_rows().filter(state__in=[State.SUBMITTED, State.APPROVED]).owned_by(user)
    return _queue_of(
        "submitted", "Submitted", rows, "?state=submitted&mine=1", "Nothing of yours waits with an editor."
    )


def _my_live_stories(user):
    if not _is_reporter(user):
        return None
    mine = Article.objects.filter(pk=OuterRef("article")).owned_by(user)
    rows = (
        Edition.objects.live().filter(Exists(mine), first_published_at__gte=clock.process_time() - WEEK)
        .select_related("article", "section").newest_first()
        .defer("article__body", "article__genre_facts", "article__merge_conflict")
    )  # fmt: skip
    return _queue_of("live", "Live, last 7 days", rows, empty="Nothing of yours went out this week.")


def _where_may_make(user, move, path="section"):
    """A Q for the stories in the sections in which a person may make a move; None where there is no such section."""
    scopes = {grant.scope for role, grant in workflow.MOVES[move].who.items() if role in roles.roles_of(user)}
    if user.is_superuser or roles.Scope.ANY in scopes:
        return Q()
    if roles.Scope.SECTION not in scopes:
        return None
    sections = Section.objects.filter(Q(pk__in=roles.sections_of(user)) | Q(parent__in=roles.sections_of(user)))
    return Q(**{f"{path}__in": sections.values("pk")})


def _pitches(user):
    if (mine := _where_may_make(user, "accept")) is None:
        return None
    return _queue_of("pitches", "Pitches", _story_rows().filter(mine, state=State.PITCH), "?state=pitch", "No pitches.")


def _to_approve(user):
    if (mine := _where_may_make(user, "approve")) is None:
        return None
    bylined = Byline.objects.filter(article=OuterRef("pk"), role="writer", contributor__user=user)
    rows = _story_rows().filter(mine, state=State.SUBMITTED)
    if four_eyes():
        rows = rows.exclude(submitted_by=user).exclude(Exists(bylined))
    return _queue_of("approve", "Waiting for my approval", rows, "?state=submitted", "Nothing waits for you.")


def _to_publish(user):
    if (mine := _where_may_make(user, "publish")) is None:
        return None
    rows = _story_rows().filter(mine, state=State.APPROVED)
    return _queue_of("ready", "Approved and ready", rows, "?state=approved", "Nothing is ready yet.")


def _scheduled(ahead, user):
    if not _sees_news_list(user):
        return None
    return _queue_of("scheduled", "Scheduled", ahead, empty="Nothing is scheduled.")


def _alarms(ahead, user):
    """What waits although the gate would stop it by now: for who scheduled it, and for who is on duty."""
    on_duty = roles.Role.DUTY in roles.roles_of(user)
    theirs = [edition for edition in ahead if on_duty or edition.by_id == user.pk]
    found = waiting.alarms_of(theirs)
    rows = [edition for edition in theirs if edition.pk in found]
    for edition in rows:
        edition.alarm = " ".join(finding.message for finding in found[edition.pk])
    return _queue_of("alarms", "Scheduled, and something is in the way", rows) if rows else None


def _corrections(user):
    if (mine := _where_may_make(user, "confirm-correction", "article__section")) is None:
        return None
    rows = (
        CorrectionDraft.objects.filter(mine, closed_at=None).exclude(by=user).order_by("at")
        .select_related("article", "by")
        .defer("article__body", "article__genre_facts", "article__merge_conflict", "changes")
    )  # fmt: skip
    return _queue_of("corrections", "Corrections to confirm", rows, empty="No correction waits.")


def _comments_to_read(user):
    if not roles.may(user, "moderate comments"):
        return None
    rows = comments_moderated_by(user, Comment.objects.pending()).order_by("-created_at").select_related("article")
    queue = _queue_of("comments", "Comments to read", rows.defer("article__body"), empty="All comments are read.")
    queue.url = reverse("admin:articles_comment_changelist")
    return queue


def comments_moderated_by(user, comments):
    """The comments of a query that a person moderates: all of them, or for an editor those in their sections."""
    grants = roles.CAPABILITIES["moderate comments"]
    scopes = {grant.scope for role, grant in grants.items() if role in roles.roles_of(user)}
    if user.is_superuser or roles.Scope.ANY in scopes:
        return comments
    sections = Section.objects.filter(Q(pk__in=roles.sections_of(user)) | Q(parent__in=roles.sections_of(user)))
    return comments.filter(article__section__in=sections.values("pk"))


def _holds(user):
    if (mine := _where_may_make(user, "hold")) is None:
        return None
    rows = _story_rows().filter(mine, hold=True)
    return _queue_of("holds", "On hold", rows, empty="Nothing is on hold.")


def _stories_without_a_picture(user):
    uses = ImageUse.objects.barred().order_by("-edition__first_published_at", "-pk")
    return _picture_queue(user, "gone", "Live without a picture", uses, "ended", "Every live story has its pictures.")


def _stories_losing_a_picture(user):
    uses = ImageUse.objects.ending(WEEK).order_by("image__rights_until", "pk")
    return _picture_queue(
        user, "ending", "Picture rights that end", uses, "ending", "No live story loses a picture this week."
    )


def _picture_queue(user, name, title, uses, rights, empty):
    """A queue of live stories with a picture whose rights are over, or soon will be; for those who keep all rights."""
    grants = roles.CAPABILITIES["edit picture rights"]
    scopes = {grant.scope for role, grant in grants.items() if role in roles.roles_of(user)}
    if not user.is_superuser and roles.Scope.ANY not in scopes:
        return None
    rows = uses.live().select_related("image", "edition__article").only(
        "image__title", "image__caption", "image__alt", "image__restricted", "image__rights_until", "edition__number",
        "edition__article__headline", "edition__article__catchline",
    )  # fmt: skip
    queue = _queue_of(f"pictures-{name}", title, rows, empty=empty)
    queue.url = reverse("admin:articles_image_changelist") + f"?rights={rights}"
    return queue


# --- the source book ------------------------------------------------------------------------------

CARD_QUEUES = ("due", "follow-up", "bounced", "failed", "stale", "mend")


def _source_book_queues(user):
    """The queues of those who keep the source book: requests of people first, then cards that need checking."""
    if not roles.may(user, "edit experts"):
        return []
    return [_data_requests, *(partial(_cards_to_keep, card_queues.QUEUE_BY_NAME[name]) for name in CARD_QUEUES)]


def _data_requests(user):
    rows = DataRequest.objects.filter(closed_at=None).select_related("expert").order_by("due", "pk")
    queue = _queue_of("requests", "Requests of people", rows, empty="Nobody has asked for anything.")
    queue.url = reverse("admin:experts_expert_requests")
    return queue


def _cards_to_keep(kept, user):
    rows = kept.rows(Expert.objects.current(), paper.today()).only("display_name")
    queue = _queue_of(f"cards-{kept.name}", kept.title, rows, empty=kept.empty)
    queue.url = reverse("admin:experts_expert_queues") + f"?queue={kept.name}"
    queue.says = kept.says
    return queue


# --- accounts -------------------------------------------------------------------------------------


def _roles_to_confirm(user):
    if not roles.may(user, "confirm a role"):
        return None
    rows = accounts.open_grants().exclude(by=user).exclude(user=user)
    queue = _queue_of("roles", "Roles to confirm", rows, empty="No role waits for a second person.")
    queue.url = reverse("admin:newsroom_user_log")
    return queue


def _accounts_queue(user, name, title, rows, empty):
    if not roles.may(user, "administer people"):
        return None
    rows = rows.filter(is_active=True, is_superuser=False).order_by("date_joined", "pk")
    queue = _queue_of(f"people-{name}", title, rows, empty=empty)
    queue.url = reverse("admin:newsroom_user_changelist")
    return queue


def _accounts_without_role(user):
    return _accounts_queue(user, "no-role", "Accounts without a role", User.objects.filter(groups=None),
                     "Everybody has a role.")  # fmt: skip


def _accounts_never_used(user):
    return _accounts_queue(
        user, "never", "Never signed in", User.objects.filter(last_login=None), "Everybody has been here."
    )


def _accounts_unused_lately(user):
    rows = User.objects.filter(last_login__lt=clock.process_time() - QUARTER)
    return _accounts_queue(user, "gone", "Not here for three months", rows, "Everybody was here lately.")


def _mail_not_sent(user):
    if not roles.may(user, "administer people"):
        return None
    rows = Mail.objects.in_trouble().select_related("user").only("about", "address", "error", "user")
    return Queue("mail", "Mail that could not be sent", list(rows[:SHOWN]), empty="Every mail went out.")
