"""Who is asked to write a story, and what they say to it: each asked, accepted and refused assignment is on record."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from newsroom import clock
from newsroom.errors import NotAllowed, NoteNeeded, Refused, Stale, short_enough

from .. import roles
from ..models import Article, Assignment
from .notify import tell

WRITES_NOTHING = "Their role writes no stories. Choose somebody else."


def with_may_write(users):
    """Set `may_write` on each of some users: whether their role writes stories, so that they may be given one."""
    membership = get_user_model().groups.through.objects.filter(user=OuterRef("pk"))
    has_role = Exists(membership.filter(group__name__in=roles.CAPABILITIES["start"]))
    may_write = ExpressionWrapper(Q(has_role) | Q(is_superuser=True), BooleanField())
    return users.annotate(may_write=may_write)


def writers():
    """Whoever may be given a story, by name."""
    working = get_user_model().objects.filter(is_active=True, is_staff=True)
    return with_may_write(working).filter(may_write=True).order_by("first_name", "last_name", "username")


def refuse_other_than_writer(user):
    """Refuse to give a story to somebody who does not work here or whose role writes none."""
    if not isinstance(user, get_user_model()) or not (user.is_active and user.is_staff):
        raise Refused("That person is not on the staff.", field="assignee")
    if not writers().filter(pk=user.pk).exists():
        raise Refused(WRITES_NOTHING, field="assignee")


def note_assignee(article, *, by):
    """Put on record whose story it is by now, where that has changed; one query where it has not.

    Whoever takes a story themselves has accepted it. Somebody else is told.
    """
    standing = article.assignments.standing().first()
    if (standing and standing.assignee_id) == article.assignee_id:
        return
    at = clock.instant()
    if standing:
        Assignment.objects.filter(pk=standing.pk).update(answer="ended", answered_at=at)
    if article.assignee_id is None:
        return
    own = by is not None and by.pk == article.assignee_id
    Assignment.objects.create(
        article=article, assignee_id=article.assignee_id, by=by, at=at,
        answer="accepted" if own else "", answered_at=at if own else None,
    )  # fmt: skip
    if not own:
        tell("assignment", to=[article.assignee_id], article=article, by=by)


def note_submitted(article, *, by):
    """Who submits a story that they were asked for has taken it, in so many words."""
    asked = article.assignments.unanswered().filter(assignee=by)
    asked.update(answer="accepted", answered_at=clock.instant())


@transaction.atomic
def answer(assignment, *, by, accept, reason=""):
    """Accept an assignment or refuse it, as the person who was asked. A refusal says why, and frees the story."""
    if assignment.assignee_id != by.pk:
        raise NotAllowed("Only who was asked answers for it.")
    reason = short_enough(reason, 500, "reason")
    if not accept and not reason:
        raise NoteNeeded("Say why, in a line: it goes back to who asked you.", field="reason")
    article = Article.objects.select_for_update(of=("self",)).get(pk=assignment.article_id)
    row = Assignment.objects.filter(pk=assignment.pk, answer="")
    said = {"answer": "accepted"} if accept else {"answer": "refused", "reason": reason}
    if not row.update(answered_at=clock.instant(), **said):
        raise Stale("That is settled already: it was answered, or given to somebody else.")
    if not accept:
        Article.objects.filter(pk=article.pk, assignee=by).update(assignee=None)
        tell("refused", to=[assignment.by_id], article=article, by=by, text=reason)
