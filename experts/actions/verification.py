"""Whether an expert is who they say: what the ledger of checks comes to on a day.

The newest check that decided anything decides. E-mail alone confirms nobody; a check wears out after a year, unless
it says another day.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from .. import access
from ..models import Verification
from . import cards
from .contacts import today

VERIFIED, STALE, NEVER, FAILED = "verified", "stale", "never", "failed"
STATES = [(VERIFIED, "Verified"), (STALE, "Verified too long ago"), (NEVER, "Never verified"), (FAILED, "Failed")]
LASTS = timedelta(days=365)
DECIDES = Q(outcome=Verification.FAILED) | (
    Q(outcome=Verification.CONFIRMED) & ~Q(method__in=Verification.NO_PROOF)
)  # fmt: skip


def deciding(expert, day=None):
    """The check that decides on a day (today), or None; reads the prefetched ledger where there is one."""
    day = day or today()
    for check in sorted(expert.verifications.all(), key=lambda row: (row.on, row.pk), reverse=True):
        confirms = check.outcome == Verification.CONFIRMED and check.method not in Verification.NO_PROOF
        if check.on <= day and (check.outcome == Verification.FAILED or confirms):
            return check
    return None


def state(expert, day=None):
    """ "verified", "stale", "never" or "failed" on a day (today)."""
    day = day or today()
    return _state(deciding(expert, day), day)


def _state(check, day):
    if check is None:
        return NEVER
    if check.outcome == Verification.FAILED:
        return FAILED
    return VERIFIED if check.expires_on >= day else STALE


def told(expert, day=None):
    """{"state", "on", "method", "expires_on"} on a day (today); the last three are None where nothing decided."""
    day = day or today()
    check = deciding(expert, day)
    if check is None:
        return {"state": NEVER, "on": None, "method": None, "expires_on": None}
    method = check.get_method_display()
    return {"state": _state(check, day), "on": check.on, "method": method, "expires_on": check.expires_on}


def with_state(queryset, day=None):
    """Cards with their state on a day (today) as `verification_state`, to filter and sort by."""
    day = day or today()
    newest = Verification.objects.filter(DECIDES, expert=OuterRef("pk"), on__lte=day).order_by("-on", "-pk")
    said = Case(
        When(outcome=Verification.FAILED, then=Value(FAILED)),
        When(expires_on__gte=day, then=Value(VERIFIED)),
        default=Value(STALE), output_field=CharField(),
    )  # fmt: skip
    return queryset.annotate(
        verification_state=Coalesce(Subquery(newest.annotate(said=said).values("said")[:1]), Value(NEVER))
    )


def email_only(queryset, day=None):
    """Cards that nothing but e-mail has confirmed."""
    day = day or today()
    rows = Verification.objects.filter(expert=OuterRef("pk"), on__lte=day)
    by_mail = rows.filter(outcome=Verification.CONFIRMED, method__in=Verification.NO_PROOF)
    return queryset.filter(Exists(by_mail)).exclude(Exists(rows.filter(DECIDES)))


@transaction.atomic
def record(expert, *, method, outcome, by, on=None, evidence_url="", expires_on=None):
    """Write one check into the ledger, for good. Raises PermissionDenied and ValidationError."""
    if not access.may_keep(by):
        raise PermissionDenied("Your role does not verify experts.")
    on = on or today()
    if on > today():
        raise ValidationError({"on": "A check is written down once it was made."})
    expires_on = expires_on or on + LASTS
    if expires_on < on:
        raise ValidationError({"expires_on": "It wears out before it was made."})
    check = Verification(
        expert=expert, method=method, outcome=outcome, by=by, on=on, evidence_url=evidence_url, expires_on=expires_on
    )
    check.full_clean()
    check.save()
    cards.changed(expert, "verification", str(check), by=by)
    return check
