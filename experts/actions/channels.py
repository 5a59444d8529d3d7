"""The channels of a card: adding, changing and removing one, moving it to another tier, noting how it went."""

from django.db import IntegrityError, transaction

from newsroom import clock
from newsroom.errors import NotAllowed, Refused
from newsroom.paper import today

from .. import access, sealing
from ..channels import KINDS, as_typed, normalise
from ..models import CardChange, Channel, PrivateChannel
from ..models.channel import (
    CHANNEL_RESULTS,
    CHANNEL_TIERS,
    RESTRICTED,
    channel_digest,
    channel_digests,
    tier_of_channel,
)
from . import cards

# The fields that a channel keeps when it moves to another tier, and those that the restricted one seals.
_FIELDS_KEPT_ON_MOVE = {"kind", "label", "preference", "hours_note", "verified_on", "verified_by", "verify_result",
                        "do_not_use", "source"}  # fmt: skip
_SEALED_ON_MOVE = {"hours_note", "source"}


def may_add_channel(user, expert):
    """Whether a person may add a channel: who keeps the source book may; who made a card may add its first channel."""
    if user is None or access.may_keep(user):
        return True
    if not access.may_make(user) or not expert.changes.filter(by=user, part="card").exists():
        return False
    return not (expert.channels.exists() or expert.private_channels.exists())


@transaction.atomic
def add_channel(expert, *, kind, raw, tier, by, record=True, to_mend=False, **fields):
    """Add a channel in a tier: "public", "staff" or "restricted" (a PrivateChannel).

    Raises NotAllowed, and Refused (with `raw` or `kind` as its field) for an unusable value or one that the card has.
    With `record=False` the caller calls `cards.record_change`, once for many rows. With `to_mend` it takes what a file
    had and nobody could read, as long as no reader gets it.
    """
    if not may_add_channel(by, expert):
        raise NotAllowed("Your role does not keep channels.")
    if kind not in KINDS or tier not in dict(CHANNEL_TIERS):
        raise Refused("There is no such kind of channel.", field="kind")
    normalized, error = normalise(kind, raw, expert.country)
    to_mend = bool(to_mend and error and tier != Channel.PUBLIC)
    if error and not to_mend:
        raise Refused(error, field="raw")
    normalized = normalized or as_typed(raw)
    fields["to_mend"] = to_mend
    if card_holds(expert, kind, normalized):
        raise Refused("The card has this already, in one tier or another.", field="raw")
    raw = raw.strip()
    try:
        with transaction.atomic():
            if tier == RESTRICTED:
                sealed, digest = sealing.seal(raw), channel_digest(kind, normalized)
                row = PrivateChannel.objects.create(expert=expert, kind=kind, sealed=sealed, digest=digest, **fields)
            else:
                row = Channel.objects.create(
                    expert=expert, kind=kind, raw=raw, normalized=normalized, visibility=tier, **fields
                )
    except IntegrityError as error:  # somebody added it in the same moment
        raise Refused("The card has this already.", field="raw") from error
    if record:
        cards.record_change(
            expert, "channels", f"Added: {row.get_kind_display()}, {dict(CHANNEL_TIERS)[tier].lower()}", by=by
        )
    return row


def card_holds(expert, kind, normalized, *, leaving_out=None):
    """Whether a card has a number or address in any tier, apart from the row `leaving_out`."""
    without = leaving_out.pk if leaving_out is not None else None
    is_open = isinstance(leaving_out, Channel)
    # Compared here and not by the database, which may log its queries: the number may be restricted.
    theirs = expert.channels.filter(kind=kind).exclude(pk=without if is_open else None)
    sealed = expert.private_channels.filter(kind=kind, digest__in=channel_digests(kind, normalized))
    return normalized in theirs.values_list("normalized", flat=True) or (
        sealed.exclude(pk=None if is_open else without).exists()
    )


@transaction.atomic
def change_channel(row, *, by, raw=None, tier=None, **fields):
    """Change a channel or move it to another tier; returns the row that holds it now.

    A restricted channel keeps its value, hours and source unless new ones are given. To move it out of the restricted
    tier, the value has to be typed again, and the others too or they are left: nothing is unsealed for that. Raises
    NotAllowed and Refused.
    """
    access.must_keep(by, "Your role does not keep channels.")
    expert, before = row.expert, tier_of_channel(row)
    tier = tier or before
    if before == RESTRICTED:
        fields = {name: value for name, value in fields.items() if value or name not in _SEALED_ON_MOVE}
    for name, value in fields.items():
        setattr(row, name, value)
    if before == RESTRICTED and tier != RESTRICTED and not raw:
        raise Refused("Type the number or address again to take it out of the restricted tier.", field="raw")
    if raw is None and before != RESTRICTED:
        raw = row.raw
    still_to_mend = row.to_mend and before != RESTRICTED and raw and raw.strip() == row.raw and tier != Channel.PUBLIC
    if raw:
        normalized, error = normalise(row.kind, raw, expert.country)
        row.to_mend = bool(error and still_to_mend)
        if row.to_mend:
            normalized, error = row.normalized, ""
        if not error and card_holds(expert, row.kind, normalized, leaving_out=row):
            error = "The card has this already, in one tier or another."
        if error:
            raise Refused(error, field="raw")
        raw = raw.strip()
    if (tier == RESTRICTED) != (before == RESTRICTED):
        left = _SEALED_ON_MOVE - fields.keys() if before == RESTRICTED else set()
        kept = {name: getattr(row, name) for name in _FIELDS_KEPT_ON_MOVE - left}
        row.delete()
        row = add_channel(expert, raw=raw, tier=tier, by=by, record=False, to_mend=still_to_mend, **kept)
    else:
        if tier == RESTRICTED and raw:
            row.sealed, row.digest = sealing.seal(raw), channel_digest(row.kind, normalized)
        elif tier != RESTRICTED:
            row.raw, row.normalized, row.visibility = raw, normalized, tier
        row.save()
    if tier == RESTRICTED != before:
        sealing.leave_no_older_copy()
    what = f"Changed: {row.get_kind_display()}, {dict(CHANNEL_TIERS)[tier].lower()}"
    cards.record_change(expert, "channels", what, by=by)
    return row


@transaction.atomic
def remove_channel(row, *, by):
    """Remove a channel from its card. Raises NotAllowed."""
    access.must_keep(by, "Your role does not keep channels.")
    expert, what = row.expert, f"Removed: {row.get_kind_display()}, {dict(CHANNEL_TIERS)[tier_of_channel(row)].lower()}"
    row.delete()
    cards.record_change(expert, "channels", what, by=by)


@transaction.atomic
def note_result(channel, result, by):
    """Note how trying a channel went today: "works", "bounced", "wrong person" or "unknown".

    The card's version stays, so that no open form of the card goes stale. Raises NotAllowed and Refused.
    """
    may = access.may_unseal if isinstance(channel, PrivateChannel) else access.may_log
    if by is not None and not may(by):
        raise NotAllowed("Your role does not note how a channel went.")
    if not result or result not in dict(CHANNEL_RESULTS):
        raise Refused("There is no such result.")
    fields = {"verify_result": result, "verified_on": today(), "verified_by": by}
    type(channel).objects.filter(pk=channel.pk).update(**fields)
    for name, value in fields.items():
        setattr(channel, name, value)
    # The text of a PrivateChannel says that it is restricted, never its value.
    which = str(channel) if isinstance(channel, PrivateChannel) else channel.get_kind_display()
    what = f"{which}: {channel.get_verify_result_display().lower()}"
    CardChange.objects.create(expert=channel.expert, at=clock.process_time(), by=by, part="channels", what=what)
