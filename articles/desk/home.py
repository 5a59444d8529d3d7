"""What waits for somebody on the desk's front page: short lists, one query each, however large the paper."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from experts.actions import contacts
from experts.desk import queues as keeping
from experts.models import DataRequest, Expert
from newsroom import clock
from newsroom.models import User

from .. import roles, workflow
from ..actions.writing import four_eyes
from ..models import Article, Byline, Comment, CorrectionDraft, Edition, Section, State

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
    says: str = ""  # what each line's date is


def of(user):
    """The queues of a person, the empty ones that are nobody's business left out."""
    wanted = [_drafts, _sent_back, _submitted, _live, _pitches, _to_approve, _ready, _scheduled, _corrections,
              _comments, _holds, *_source_book(user), _no_role, _never_here, _long_gone]  # fmt: skip
    return [queue for ask in wanted if (queue := ask(user)) is not None]


def _capped(name, title, rows, query="", empty=""):
    rows = list(rows[: SHOWN + 1])
    url = reverse("admin:articles_article_changelist") + query if query else ""
    return Queue(name, title, rows[:SHOWN], len(rows) > SHOWN, url, empty)


def _stories():
    return Article.objects.select_related("section", "assignee", "submitted_by").only(
        "headline", "catchline", "state", "genre", "due_at", "updated_at", "priority", "hold", "hold_reason",
        "section__name", "section__slug", "assignee__first_name", "assignee__last_name", "assignee__username",
        "submitted_by__first_name", "submitted_by__last_name", "submitted_by__username",
    ).order_by("-updated_at", "-pk")  # fmt: skip


def _of_the_desk(user):
    return roles.may(user, "see the news list")


def _drafts(user):
    if not _of_the_desk(user):
        return None
    rows = _stories().filter(state__in=[State.DRAFT, State.PITCH]).owned_by(user)
    return _capped("drafts", "My drafts", rows, "?state=draft&mine=1", "Nothing on your desk. Start something.")


def _sent_back(user):
    if not _of_the_desk(user):
        return None
    rows = _stories().filter(state=State.NEEDS_CHANGES).owned_by(user)
    return _capped("sent-back", "Sent back to me", rows, "?state=needs_changes&mine=1", "Nothing was sent back.")


def _reports(user):
    return roles.Role.REPORTER in roles.roles_of(user)


def _submitted(user):
    if not _reports(user):
        return None
    rows = _stories().filter(state__in=[State.SUBMITTED, State.APPROVED]).owned_by(user)
    return _capped("submitted", "Submitted", rows, "?state=submitted&mine=1", "Nothing of yours waits with an editor.")


def _live(user):
    if not _reports(user):
        return None
    mine = Article.objects.filter(pk=OuterRef("article")).owned_by(user)
    rows = (
        Edition.objects.live().filter(Exists(mine), first_published_at__gte=clock.process_time() - WEEK)
        .select_related("article", "section").newest_first()
        .defer("article__body", "article__genre_facts", "article__merge_conflict")
    )  # fmt: skip
    return _capped("live", "Live, last 7 days", rows, empty="Nothing of yours went out this week.")


def _within(user, move, path="section"):
    """The condition on stories of the sections in which a person may make a move; None: in none."""
    scopes = {grant.scope for role, grant in workflow.MOVES[move].who.items() if role in roles.roles_of(user)}
    if user.is_superuser or roles.Scope.ANY in scopes:
        return Q()
    if roles.Scope.SECTION not in scopes:
        return None
    sections = Section.objects.filter(Q(pk__in=roles.sections_of(user)) | Q(parent__in=roles.sections_of(user)))
    return Q(**{f"{path}__in": sections.values("pk")})


def _pitches(user):
    if (mine := _within(user, "accept")) is None:
        return None
    return _capped("pitches", "Pitches", _stories().filter(mine, state=State.PITCH), "?state=pitch", "No pitches.")


def _to_approve(user):
    if (mine := _within(user, "approve")) is None:
        return None
    bylined = Byline.objects.filter(article=OuterRef("pk"), role="writer", contributor__user=user)
    rows = _stories().filter(mine, state=State.SUBMITTED)
    if four_eyes():
        rows = rows.exclude(submitted_by=user).exclude(Exists(bylined))
    return _capped("approve", "Waiting for my approval", rows, "?state=submitted", "Nothing waits for you.")


def _ready(user):
    if (mine := _within(user, "publish")) is None:
        return None
    rows = _stories().filter(mine, state=State.APPROVED)
    return _capped("ready", "Approved and ready", rows, "?state=approved", "Nothing is ready yet.")


def _scheduled(user):
    if not _of_the_desk(user):
        return None
    rows = (
        Edition.objects.waiting().select_related("article", "section", "by").order_by("live_from")
        .defer("article__body", "article__genre_facts", "article__merge_conflict")
    )  # fmt: skip
    return _capped("scheduled", "Scheduled", rows, empty="Nothing is scheduled.")


def _corrections(user):
    if (mine := _within(user, "confirm-correction", "article__section")) is None:
        return None
    rows = (
        CorrectionDraft.objects.filter(mine, closed_at=None).exclude(by=user).order_by("at")
        .select_related("article", "by")
        .defer("article__body", "article__genre_facts", "article__merge_conflict", "changes")
    )  # fmt: skip
    return _capped("corrections", "Corrections to confirm", rows, empty="No correction waits.")


def _comments(user):
    if not roles.may(user, "moderate comments"):
        return None
    rows = comments_for(user, Comment.objects.pending()).order_by("-created_at").select_related("article")
    queue = _capped("comments", "Comments to read", rows.defer("article__body"), empty="All comments are read.")
    queue.url = reverse("admin:articles_comment_changelist")
    return queue


def comments_for(user, comments):
    """Those of some comments that a person moderates: all, or an editor's under stories of their sections."""
    grants = roles.CAPABILITIES["moderate comments"]
    scopes = {grant.scope for role, grant in grants.items() if role in roles.roles_of(user)}
    if user.is_superuser or roles.Scope.ANY in scopes:
        return comments
    sections = Section.objects.filter(Q(pk__in=roles.sections_of(user)) | Q(parent__in=roles.sections_of(user)))
    return comments.filter(article__section__in=sections.values("pk"))


def _holds(user):
    if (mine := _within(user, "hold")) is None:
        return None
    rows = _stories().filter(mine, hold=True)
    return _capped("holds", "On hold", rows, empty="Nothing is on hold.")


# --- the source book ------------------------------------------------------------------------------

KEPT_TRUE = ("due", "follow-up", "bounced", "failed", "stale")


def _source_book(user):
    """The queues of those who keep the source book: what is asked of the paper first, then what is no longer true."""
    if not roles.may(user, "edit experts"):
        return []
    return [_requests, *(partial(_cards, keeping.NAMES[name]) for name in KEPT_TRUE)]


def _requests(user):
    rows = DataRequest.objects.filter(closed_at=None).select_related("expert").order_by("due", "pk")
    queue = _capped("requests", "Requests of people", rows, empty="Nobody has asked for anything.")
    queue.url = reverse("admin:experts_expert_requests")
    return queue


def _cards(kept, user):
    rows = kept.rows(Expert.objects.current(), contacts.today()).only("display_name")
    queue = _capped(f"cards-{kept.name}", kept.title, rows, empty=kept.empty)
    queue.url = reverse("admin:experts_expert_queues") + f"?queue={kept.name}"
    queue.says = kept.says
    return queue


# --- accounts -------------------------------------------------------------------------------------


def _accounts(user, name, title, rows, empty):
    if not roles.may(user, "administer people"):
        return None
    rows = rows.filter(is_active=True, is_superuser=False).order_by("date_joined", "pk")
    queue = _capped(f"people-{name}", title, rows, empty=empty)
    queue.url = reverse("admin:newsroom_user_changelist")
    return queue


def _no_role(user):
    return _accounts(user, "no-role", "Accounts without a role", User.objects.filter(groups=None),
                     "Everybody has a role.")  # fmt: skip


def _never_here(user):
    return _accounts(user, "never", "Never signed in", User.objects.filter(last_login=None), "Everybody has been here.")


def _long_gone(user):
    rows = User.objects.filter(last_login__lt=clock.process_time() - QUARTER)
    return _accounts(user, "gone", "Not here for three months", rows, "Everybody was here lately.")
