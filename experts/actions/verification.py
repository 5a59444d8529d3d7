"""Recording a check of an expert's identity. What the checks add up to is in models/verification.py."""

from datetime import timedelta

from django.db import transaction

from newsroom import paper
from newsroom.errors import NotAllowed, Refused

from .. import access
from ..models import Verification
from . import cards

CHECK_LASTS = timedelta(days=365)


@transaction.atomic
def record_check(expert, *, method, outcome, by, on=None, evidence_url="", expires_on=None):
    """Record one check; it cannot be changed later. Raises NotAllowed, Refused and ValidationError."""
    if not access.may_keep(by):
        raise NotAllowed("Your role does not verify experts.")
    today = paper.today()
    on = on or today
    if on > today:
        raise Refused("A check is written down once it was made.", field="on")
    expires_on = expires_on or on + CHECK_LASTS
    if expires_on < on:
        raise Refused("It wears out before it was made.", field="expires_on")
    check = Verification(
        expert=expert, method=method, outcome=outcome, by=by, on=on, evidence_url=evidence_url, expires_on=expires_on
    )
    check.full_clean()
    check.save()
    cards.record_change(expert, "verification", str(check), by=by)
    return check
