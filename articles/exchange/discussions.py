"""Readers' comments of an export, under their stories, each under the comment that it answers."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from newsroom import clock

from ..models import Comment
from ..models.comment import CLOSED
from .convert import plain_text
from .identity import key_that_fits

COMMENT_STATES = {
    "1": Comment.State.PUBLISHED, "approved": Comment.State.PUBLISHED, "0": Comment.State.PENDING,
    "hold": Comment.State.PENDING, "spam": Comment.State.SPAM, "trash": Comment.State.REJECTED,
    "post-trashed": Comment.State.REJECTED,
}  # fmt: skip
LONGEST = 2000


def discussion_of(item):
    """What an imported story's discussion is: closed where readers wrote, none where nobody did."""
    shown = (Comment.State.PUBLISHED, Comment.State.PENDING)
    return CLOSED if any(is_readers(one) and _state_of(one) in shown for one in item.comments) else "off"


def _state_of(comment):
    return COMMENT_STATES.get(comment.approved, Comment.State.PENDING)


def is_readers(comment):
    """Whether somebody wrote it, and not another site's machine."""
    return comment.type in ("", "comment")


def import_comments(article, item, entry, key, aware):
    """Keep the readers' comments of an item in the state that they had. `aware` gives a date its zone."""
    rows, parents = {}, {}
    for comment in filter(is_readers, item.comments):
        made = _row_of_comment(comment, article, key, aware)
        if comment.id not in rows:
            rows[comment.id], parents[comment.id] = made, comment.parent
        else:
            rows[made.imported_from] = made  # a number that stands twice in the file
    Comment.objects.bulk_create(rows.values())
    answers = [rows[number] for number, parent in parents.items() if parent in rows and parent != number]
    for number, parent in parents.items():
        if parent in rows and parent != number:
            rows[number].answers = rows[parent]
    Comment.objects.bulk_update(answers, ["answers"])
    _report(rows.values(), item, entry, answers)


def _row_of_comment(comment, article, key, aware):
    return Comment(
        article=article,
        name=" ".join(plain_text(comment.name).split())[:60] or "Anonymous",
        email=_valid_email(comment.email),
        body=plain_text(comment.body),
        state=_state_of(comment),
        created_at=aware(comment.at) or clock.instant(),
        imported_from=key_that_fits(f"{key}#comment-{comment.id}"),
    )


def _report(rows, item, entry, answers):
    states = Counter(row.state for row in rows)
    if rows:
        entry.say("comments: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
    orphans = sum(is_readers(one) and one.parent not in ("", "0") for one in item.comments) - len(answers)
    if orphans:
        entry.say(f"{orphans} of its comments answer one that is not in the export")
    for row in rows:
        if len(row.body) > LONGEST:
            entry.say(f"the comment of {row.name} is longer than 2,000 characters, and was taken over whole")
    for kind, count in sorted(Counter(one.type for one in item.comments if not is_readers(one)).items()):
        entry.say(f"{count} {kind}{'s' if count > 1 else ''} skipped: not a reader's words")


def _valid_email(email):
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email
