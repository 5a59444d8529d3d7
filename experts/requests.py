"""What people ask of us about their data: kept with its due date, decided, closed."""

import calendar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from newsroom import clock

from . import access, cards
from .models import DataRequest


def due(received):
    """The day by which a request is answered: a month after it came (Art. 12(3) GDPR)."""
    year, month = received.year + received.month // 12, received.month % 12 + 1
    return received.replace(year=year, month=month, day=min(received.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def add(expert, *, kind, received, words="", proposed=None, by):
    """Keep a request; `by` is None where the person sent it themselves. Raises PermissionDenied."""
    if by is not None and not access.may_keep(by):
        raise PermissionDenied("Your role does not keep requests.")
    if kind not in dict(DataRequest.KINDS):
        raise ValidationError({"kind": "There is no such kind of request."})
    request = DataRequest.objects.create(
        expert=expert, kind=kind, received=received, due=due(received), words=words, proposed=proposed or {}
    )
    if expert is not None:
        cards.changed(expert, "requests", f"Request received: {request.get_kind_display().lower()}", by=by)
    return request


@transaction.atomic
def close(request, *, decision, ground="", by):
    """Decide a request and close it. Raises PermissionDenied, and ValidationError without a decision."""
    if by is not None and not access.may_keep(by):
        raise PermissionDenied("Your role does not decide requests.")
    if not decision.strip():
        raise ValidationError({"decision": "Say what was decided."})
    open_one = DataRequest.objects.filter(pk=request.pk, closed_at=None)
    fields = {"decision": decision, "ground": ground, "handler": by, "closed_at": clock.process_time()}
    if not open_one.update(**fields):
        raise ValidationError("This request was closed already.")
    request.refresh_from_db()
    if request.expert_id:
        cards.changed(request.expert, "requests", f"Request closed: {request.get_kind_display().lower()}", by=by)
    return request
