"""The contact log of a card, its restricted notes, and the opening of what is sealed."""

from datetime import timedelta

from django.db import transaction

from newsroom import clock
from newsroom.errors import NotAllowed, NoteNeeded, Refused
from newsroom.paper import day_of

from .. import access, sealing
from ..models import AccessLog, Bar, ContactLog, Expert, PrivateNote
from . import cards

OVERRIDE = 15  # characters that say why somebody is rung despite do-not-contact
SAID_WHY = 5
SECOND_CLICK = timedelta(seconds=5)


@transaction.atomic
def add_entry(expert, *, by, outcome, at=None, incoming=False, private_note="", override="", **fields):
    """One attempt to reach an expert, or one made by them; a private note on it is sealed.

    Ringing somebody who is not to be contacted takes an `override` that says why. Raises NotAllowed,
    NoteNeeded and Refused.
    """
    if not access.may_log(by):
        raise NotAllowed("Your role does not write into the contact log.")
    if not expert.in_use:
        raise Refused("This card is no longer in use.")
    if private_note and not access.may_unseal(by):
        raise NotAllowed("Your role does not write restricted notes.")
    now = at is None
    at = at or clock.process_time()
    bar = None if incoming else expert.bar(Bar.CONTACT, day_of(at))
    if bar and len(override.strip()) < OVERRIDE:
        wanted = f"Say why it was done, in {OVERRIDE} characters or more."
        raise NoteNeeded(f"Not to be contacted: {bar.reason} {wanted}", field="override")
    said = {"outcome": outcome, "incoming": incoming, "override": override if bar else "", **fields}
    if now and (twice := _just_logged(expert, by, at, private_note, said)):
        return twice
    entry = ContactLog.objects.create(expert=expert, by=by, at=at, **said)
    if private_note:
        PrivateNote.objects.create(
            expert=expert, entry=entry, sealed=sealing.seal(private_note), by=by, at=clock.process_time()
        )
    return entry


def _just_logged(expert, by, at, private_note, said):
    """The same entry of a moment ago, which a second click sends again: no entry can be taken out of the log."""
    Expert.objects.select_for_update().get(pk=expert.pk)  # the second click waits for the first
    twice = expert.log.filter(by=by, at__gt=at - SECOND_CLICK, at__lte=at, **said).first()
    if twice is None or [note.opened() for note in twice.private_notes.all()] != [private_note] * bool(private_note):
        return None
    return twice


@transaction.atomic
def add_note(expert, text, *, by):
    """A restricted note on a card, sealed."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise NotAllowed("Your role does not write restricted notes.")
    note = PrivateNote.objects.create(expert=expert, sealed=sealing.seal(text), by=by, at=clock.process_time())
    cards.changed(expert, "notes", "Added a restricted note", by=by)
    return note


@transaction.atomic
def note_mended(note, *, by):
    """Say that nothing of what a file left on a restricted note waits to be mended any more; the note stays."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise NotAllowed("Your role does not keep restricted notes.")
    note.to_mend = False
    note.save(update_fields=["to_mend"])
    cards.changed(note.expert, "notes", "Mended what a restricted note held", by=by)


@transaction.atomic
def remove_note(note, *, by):
    """Take a restricted note away for good."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise NotAllowed("Your role does not keep restricted notes.")
    expert = note.expert
    note.delete()
    cards.changed(expert, "notes", "Removed a restricted note", by=by)


@transaction.atomic
def unseal(row, *, by, why):
    """The value of a PrivateChannel or PrivateNote in the clear; that it was read, and why, is on record.

    Raises NotAllowed for everybody else, NoteNeeded without a reason, sealing.Unreadable.
    """
    if not access.may_unseal(by):
        raise NotAllowed("Your role does not open restricted details.")
    why = " ".join((why or "").split())
    if len(why) < SAID_WHY:
        raise NoteNeeded("Say why you open it: it goes on record.", field="why")
    if len(why) > 300:
        raise Refused("In 300 characters at most.", field="why")
    text = row.opened()
    AccessLog.objects.create(expert=row.expert, by=by, at=clock.process_time(), what=str(row), why=why)
    return text
