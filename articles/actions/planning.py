"""The diary of a story, changed a field at a time: what it is called, whose it is, when it is wanted and how long.

None of it is words that readers get, so it makes no version; what was read is compared field by field instead.
"""

from django.db import transaction

from newsroom import paper
from newsroom.errors import NotAllowed, Refused, Stale, WrongState

from .. import roles, search
from ..models import Article, State
from . import assignments, waiting, writing
from .take import locked

FIELDS = (
    "catchline", "budget_line", "assignee", "due_at", "planned_for", "planned_length", "priority", "picture_wanted",
    "legal_wanted",
)  # fmt: skip


def as_text(article, field):
    """A field's value as pages send it along, to tell whether it has changed since: "" for none."""
    if field == "assignee":
        return str(article.assignee_id or "")
    value = getattr(article, field)
    if field == "due_at":
        return f"{paper.local(value):%Y-%m-%dT%H:%M}" if value else ""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


def why_not_plan(article, field, user):
    """Why a person may not change this part of a story's diary, or "".

    Whoever may edit its words may, in its section whoever assigns work, for pictures the picture desk; a lawyer who is
    wanted is let go by those who publish.
    """
    if article.state == State.SPIKED:
        return "It is spiked."
    assigns = roles.may(user, "assign", article)
    if field == "assignee":
        return "" if assigns else "Your role does not assign this story."
    if field == "legal_wanted" and article.legal_wanted:
        return "" if roles.may(user, "publish", article) else "Whoever may publish it lets the lawyer go."
    edits = writing.may_edit(article, user)
    if assigns or edits == "text" or (field == "picture_wanted" and edits == "pictures"):
        return ""
    return "You may not plan this story."


@transaction.atomic
def plan(article, field, value, *, by, was):
    """Change one field of a story's diary for somebody who saw it as `was`, a text of `as_text`.

    Returns the story as it stands then; `stopped` are the Findings that cancelled what was scheduled.
    """
    if field not in FIELDS:
        raise Refused("There is no such field in the diary.")
    article = locked(article)
    if why := why_not_plan(article, field, by):
        raise WrongState(why) if article.state == State.SPIKED else NotAllowed(why)
    if as_text(article, field) != was:
        raise Stale("Somebody has changed it since you looked.")
    if field == "catchline" and not value and not article.headline:
        raise Refused("It needs a name until it has a headline.", field=field)
    if field == "assignee" and value is not None:
        assignments.refuse_other_than_writer(value)
    Article.objects.filter(pk=article.pk).update(**{field: value})
    setattr(article, field, value)
    article.stopped = []
    if field == "catchline":
        search.index_article(article)
    elif field == "assignee":
        assignments.note_assignee(article, by=by)
    elif field == "legal_wanted":
        article.stopped = waiting.look_again(article, by=by)
    return article
