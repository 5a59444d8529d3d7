"""The contact log of a card, its restricted notes, and opening sealed details."""

from datetime import timedelta

from django.db import transaction

from newsroom import clock
from newsroom.errors import NotAllowed, NoteNeeded, Refused
from newsroom.paper import day_of

from .. import access, sealing
from ..models import AccessLog, Bar, ContactLog, Expert, PrivateNote
from . import cards

OVERRIDE_LENGTH = 15  # characters at least, to say why somebody was contacted despite a bar
REASON_LENGTH = 5
SECOND_CLICK = timedelta(seconds=5)


@transaction.atomic
def add_entry(expert, *, by, outcome, at=None, incoming=False, private_note="", override="", **fields):
    """Log an attempt to reach an expert or, with `incoming`, a call from them. A private note on it is sealed.

    For somebody who is not to be contacted, `override` has to say why it was done all the same. A second click within
    SECOND_CLICK adds nothing. Raises NotAllowed, NoteNeeded and Refused.
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
    if bar and len(override.strip()) < OVERRIDE_LENGTH:
        wanted = f"Say why it was done, in {OVERRIDE_LENGTH} characters or more."
        raise NoteNeeded(f"Not to be contacted: {bar.reason} {wanted}", field="override")
    said = {"outcome": outcome, "incoming": incoming, "override": override if bar else "", **fields}
    if now and (twice := _entry_just_made(expert, by, at, private_note, said)):
        return twice
    entry = ContactLog.objects.create(expert=expert, by=by, at=at, **said)
    if private_note:
        PrivateNote.objects.create(
            expert=expert, entry=entry, sealed=sealing.seal(private_note), by=by, at=clock.process_time()
        )
    return entry


def _entry_just_made(expert, by, at, private_note, said):
    """The same entry from a moment ago, or None. Entries cannot be deleted, so a second click must add none."""
    Expert.objects.select_for_update().get(pk=expert.pk)  # the second click waits for the first
    twice = expert.log.filter(by=by, at__gt=at - SECOND_CLICK, at__lte=at, **said).first()
    if twice is None or [note.opened() for note in twice.private_notes.all()] != [private_note] * bool(private_note):
        return None
    return twice


@transaction.atomic
def add_note(expert, text, *, by):
    """Add a restricted note to a card, sealed. Raises NotAllowed."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise NotAllowed("Your role does not write restricted notes.")
    note = PrivateNote.objects.create(expert=expert, sealed=sealing.seal(text), by=by, at=clock.process_time())
    cards.record_change(expert, "notes", "Added a restricted note", by=by)
    return note


@transaction.atomic
def note_mended(note, *, by):
    """Say that nothing of what a file left on a restricted note waits to be mended any more; the note stays."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise NotAllowed("Your role does not keep restricted notes.")
    note.to_mend = False
    note.save(update_fields=["to_mend"])
    cards.record_change(note.expert, "notes", "Mended what a restricted note held", by=by)


@transaction.atomic
def remove_note(note, *, by):
    """Delete a restricted note. Raises NotAllowed."""
    if not (access.may_keep(by) and access.may_unseal(by)):
        raise NotAllowed("Your role does not keep restricted notes.")
    expert = note.expert
    note.delete()
    cards.record_change(expert, "notes", "Removed a restricted note", by=by)


@transaction.atomic
def unseal_detail(row, *, by, why):
    """The text of a PrivateChannel or PrivateNote; who read it, and why, goes into the AccessLog.

    Raises NotAllowed, NoteNeeded without a reason, Refused for one that is too long, and sealing.Unreadable.
    """
    if not access.may_unseal(by):
        raise NotAllowed("Your role does not open restricted details.")
    why = " ".join((why or "").split())
    if len(why) < REASON_LENGTH:
        raise NoteNeeded("Say why you open it: it goes on record.", field="why")
    if len(why) > 300:
        raise Refused("In 300 characters at most.", field="why")
    text = row.opened()
    AccessLog.objects.create(expert=row.expert, by=by, at=clock.process_time(), what=str(row), why=why)
    return text
