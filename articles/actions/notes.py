"""Notes among colleagues: on words of a story or on all of it, in threads, until somebody resolves them.

Whoever reads a story leaves notes; no word, version or state of it changes by them. `@name` tells a colleague.
"""

import re
import secrets

from django.db import transaction
from django.db.models import Q

from newsroom import clock
from newsroom.errors import NotAllowed, Refused, short_enough
from newsroom.models import User

from .. import roles
from ..models import Article, DeskNote
from .notify import readers_of, tell

TEXT, QUOTED, BESIDE = 2000, 300, 60
MENTIONED = 20
UID = re.compile(r"[A-Za-z0-9_-]{8,40}")
# An address of mail is no mention; a full stop after a name is the sentence's.
MENTION = re.compile(r"(?<![\w.@/])@(\w[\w.+-]*(?:@[\w.-]+)?)")


# --- writing ----------------------------------------------------------------------------------------------


@transaction.atomic
def leave_note(article, text, *, by, uid="", quoted="", before="", after="", paragraph=None):
    """Leave a note on words of a story, or on all of it where none are `quoted`; returns it.

    `uid` is the name of its mark in the text, if it has one there. `before` and `after` are what stands around the
    words in their `paragraph`, counted from 0. Raises NotAllowed, or Refused with what is wrong.
    """
    _check_may_write(article, by)
    people = mentioned_in(text, article)
    note = DeskNote(
        article=article, by=by, uid=_new_uid(uid), text=_said(text), quoted=quoted.strip()[:QUOTED],
        before=before[-BESIDE:], after=after[:BESIDE], paragraph=paragraph,
    )  # fmt: skip
    note.save()
    mentioned(note, people)
    return note


@transaction.atomic
def answer(note, text, *, by):
    """Answer a note; returns the answer. A thread that was resolved is open again."""
    note = DeskNote.objects.select_for_update(of=("self",)).select_related("article").get(pk=note.thread_id or note.pk)
    _check_may_write(note.article, by)
    people = mentioned_in(text, note.article)
    said = DeskNote.objects.create(article=note.article, thread=note, by=by, uid=_new_uid(), text=_said(text))
    _set_resolved(note, None)
    mentioned(said, people)
    return said


def resolve(note, *, by):
    """Resolve the thread of a note: it is kept and no longer open. Who did so first, stays."""
    note = note.thread or note
    _check_may_write(note.article, by)
    if note.resolved_at is None:
        _set_resolved(note, by)
    return note


def reopen(note, *, by):
    """Open a resolved thread again."""
    note = note.thread or note
    _check_may_write(note.article, by)
    _set_resolved(note, None)
    return note


def _set_resolved(note, by):
    note.resolved_at, note.resolved_by = (clock.process_time(), by) if by else (None, None)
    note.save(update_fields=["resolved_at", "resolved_by"])


def _check_may_write(article, user):
    if not roles.may_leave_notes(user):
        raise NotAllowed("Your role does not write notes.")
    if not Article.objects.readable_by(user).filter(pk=article.pk).exists():
        raise NotAllowed("You may not read this story.")


def _new_uid(uid=""):
    if not uid:
        return secrets.token_hex(12)
    if not UID.fullmatch(uid):
        raise Refused("That is no name for a note's mark.", field="uid")
    if DeskNote.objects.filter(uid=uid).exists():
        raise Refused("There is a note of that name already. Add it once more.", field="uid")
    return uid


def _said(text):
    text = short_enough(text, TEXT, "text")
    if not text:
        raise Refused("Write your note first.", field="text")
    return text


# --- mentions ---------------------------------------------------------------------------------------------


def mentioned(note, users):
    """Tell colleagues that a note mentions them."""
    tell("mention", to=users, article=note.article, by=note.by, text=note.text)


def mentioned_in(text, article):
    """The colleagues whom a note mentions by @username, each once.

    Raises Refused, which names them, where nobody is called so, where somebody has left, or may not read the story.
    """
    names = dict.fromkeys(name.rstrip(".+-").lower() for name in MENTION.findall(text or ""))
    if not names:
        return []
    if len(names) > MENTIONED:
        raise Refused(f"A note mentions {MENTIONED} colleagues at most.", field="text")
    wanted = Q()
    for name in names:
        wanted |= Q(username__iexact=name)
    found = {user.username.lower(): user for user in User.objects.filter(wanted, is_staff=True)}
    if unknown := [name for name in names if name not in found]:
        raise Refused(
            f"Nobody here is called {_listed(unknown)}. Choose a name from the list, or write it without the @.",
            field="text",
        )
    if gone := [name for name, user in found.items() if not user.is_active]:
        raise Refused(f"{_listed(gone)} does not work here any more: nobody would read it.", field="text")
    reading = set(
        User.objects.filter(readers_of(article), pk__in=[u.pk for u in found.values()]).values_list("pk", flat=True)
    )
    if kept_out := [name for name, user in found.items() if user.pk not in reading]:
        raise Refused(f"{_listed(kept_out)} may not read this story, so a note on it cannot reach them.", field="text")
    return [found[name] for name in names]


def _listed(names):
    return ", ".join(f"@{name[:40]}" for name in names[:5])


def colleagues(article, words, *, limit=8):
    """Who can be mentioned in a note on this story, by the beginning of a name: at most a few; one query."""
    named = Q()
    for word in words.split()[:3]:
        named &= Q(username__istartswith=word) | Q(first_name__istartswith=word) | Q(last_name__istartswith=word)
    found = User.objects.filter(named, readers_of(article), is_active=True, is_staff=True)
    return list(found.distinct().order_by("first_name", "username")[:limit])
