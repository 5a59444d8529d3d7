"""Making a card together with the one number or address that is at hand."""

from django.db import transaction

from newsroom import clock

from ..channels import guess_kind
from ..models import CardChange
from ..models.channel import RESTRICTED
from . import cards, channels


@transaction.atomic
def make_card_with_channel(name, *, by, title="", organisation="", raw="", kind="", private=False, note=""):
    """A new card with its role and, where `raw` is a number or address, with that; all of it or nothing.

    `private` keeps the channel in the restricted tier; `note` goes into the card's history. Raises NotAllowed, and
    Refused for a channel that is none.
    """
    expert = cards.make_card(name, by=by, title=title, organisation=organisation)
    if raw:
        tier = RESTRICTED if private else "staff"
        channels.add_channel(expert, kind=kind or guess_kind(raw), raw=raw, tier=tier, by=by)
    if note:
        CardChange.objects.create(expert=expert, at=clock.process_time(), by=by, part="card", what=note[:500])
    return expert
