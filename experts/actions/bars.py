"""Do not contact, do not quote: set with a reason, lifted by name."""

from django.db import transaction

from newsroom import clock, hooks
from newsroom.paper import today

from .. import access
from ..models import Bar
from . import cards
from .quoting import quoting_may_change


@transaction.atomic
def put_up(expert, *, by, kind, reason, topic=None, medium="", since=None, until=None):
    """Bar an expert from contact or quotation, from today unless told; whose stories that meets is told by mail.

    An edition that waits, and that the bar would have stopped at the gate, is cancelled. Raises NotAllowed,
    ValidationError.
    """
    access.must_keep(by, "Your role does not set bars.")
    bar = Bar(
        expert=expert, kind=kind, reason=reason, topic=topic, medium=medium, since=since or today(), until=until,
        set_by=by,
    )  # fmt: skip
    bar.full_clean()
    with quoting_may_change([expert.pk], by=by):
        bar.save()
        cards.changed(expert, "bars", f"Set: {bar.get_kind_display()}", by=by)
        for bar_set in hooks.bar_set:
            bar_set(bar, by=by)
    return bar


@transaction.atomic
def lift(bar, *, by):
    """Take a bar down now. Lifting it twice changes nothing."""
    access.must_keep(by, "Your role does not lift bars.")
    if bar.lifted_at is None:
        bar.lifted_at, bar.lifted_by = clock.process_time(), by
        bar.save(update_fields=["lifted_at", "lifted_by"])
        cards.changed(bar.expert, "bars", f"Lifted: {bar.get_kind_display()}", by=by)
