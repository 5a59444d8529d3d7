"""Setting and lifting bars: do not contact, do not quote."""

from django.db import transaction

from newsroom import clock, hooks
from newsroom.paper import today

from .. import access
from ..models import Bar
from . import cards


@transaction.atomic
def set_bar(expert, *, by, kind, reason, topic=None, medium="", since=None, until=None):
    """Bar an expert from contact or quotation, from today if `since` is None.

    Calls `hooks.bar_set`, by which editors of the stories concerned get mail. Raises NotAllowed and ValidationError.
    """
    access.must_keep(by, "Your role does not set bars.")
    bar = Bar(
        expert=expert, kind=kind, reason=reason, topic=topic, medium=medium, since=since or today(), until=until,
        set_by=by,
    )  # fmt: skip
    bar.full_clean()
    bar.save()
    cards.record_change(expert, "bars", f"Set: {bar.get_kind_display()}", by=by)
    for bar_set in hooks.bar_set:
        bar_set(bar, by=by)
    return bar


@transaction.atomic
def lift_bar(bar, *, by):
    """Lift a bar now. Lifting it twice changes nothing."""
    access.must_keep(by, "Your role does not lift bars.")
    if bar.lifted_at is None:
        bar.lifted_at, bar.lifted_by = clock.process_time(), by
        bar.save(update_fields=["lifted_at", "lifted_by"])
        cards.record_change(bar.expert, "bars", f"Lifted: {bar.get_kind_display()}", by=by)
