"""The discussion under a story: a reader sends words, a moderator decides about them."""

import re
import uuid

from django.db import transaction

from articles import roles
from newsroom import clock
from newsroom.counting import count
from newsroom.errors import NotAllowed, NoteNeeded, Refused
from newsroom.folding import is_visible
from newsroom.models import Pulse

from ..models import Comment

NAME_LENGTH, BODY_LENGTH = 60, 2000
# How many comments one address may send in how many seconds.
LIMITS = ((3, 60), (20, 60 * 60))
# Everything below space but tab and newline, NUL among it, and what overrides the direction of text.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def post_comment(edition, *, name, email, body, sender):
    """Take in a reader's comment on a live edition; it is held until a moderator has read it.

    `sender` is a keyed hash of the address it came from. The same words from there a second time are the same comment.
    Raises Refused, naming the field at fault, and changes nothing.
    """
    name, body = " ".join(name.split()), body.replace("\r\n", "\n").replace("\r", "\n").strip()
    _check("name", name, NAME_LENGTH, "Say under which name it should appear.")
    _check("body", body, BODY_LENGTH, "Write something first.")
    _slow_down(sender)
    # Its key is made of what was sent, so that two clicks at once make one row as well.
    key = uuid.uuid5(uuid.NAMESPACE_URL, repr((edition.article_id, sender, name, body)))
    comment, _ = Comment.objects.get_or_create(
        uid=key,
        defaults={
            "article_id": edition.article_id, "name": name, "email": email.strip(), "body": body, "sender": sender,
            "created_at": clock.instant(),
        },
    )  # fmt: skip
    return comment


@transaction.atomic
def decide_comment(comment, state, *, by, reason=""):
    """Let readers see a comment, or not; recorded with who decided, when and why."""
    comment = Comment.objects.select_for_update(of=("self",)).select_related("article__section").get(pk=comment.pk)
    if not roles.may(by, "moderate comments", comment.article):
        raise NotAllowed("Moderating comments is for moderators and the section's editors.")
    state = Comment.State(state)
    if state == Comment.State.REJECTED and not reason.strip():
        raise NoteNeeded("Say why: a rejection needs a reason.", field="reason")
    visible = Comment.State.PUBLISHED in (comment.state, state) and comment.state != state
    comment.state, comment.moderated_by, comment.moderated_at = state, by, clock.instant()
    comment.reason = reason.strip()[:200]
    comment.save(update_fields=["state", "moderated_by", "moderated_at", "reason"])
    if visible:
        Pulse.objects.beat_comments()
    return comment


def _check(field, text, length, empty):
    if not is_visible(text):
        raise Refused(empty, field=field)
    if len(text) > length:
        raise Refused(f"That is {len(text):,} characters; there is room for {length:,}.", field=field)
    if CONTROLS.search(text):
        raise Refused("It holds characters that cannot be printed. Type it anew.", field=field)


def _slow_down(sender):
    for most, seconds in LIMITS:
        if count(f"discussion:{seconds}:{sender}", seconds) > most:
            raise Refused("You have sent several comments in a short time. Wait a little, then send this one again.")
