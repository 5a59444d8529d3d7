"""Checks of an expert's identity, and whether somebody counts as verified on a day.

The newest deciding check counts: a failed one, or one that confirmed the identity by more than e-mail. It expires
after a year unless it names another day.
"""

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from newsroom.paper import today

VERIFIED, STALE, NEVER, FAILED = "verified", "stale", "never", "failed"
VERIFICATION_STATES = [
    (VERIFIED, "Verified"),
    (STALE, "Verified too long ago"),
    (NEVER, "Never verified"),
    (FAILED, "Failed"),
]


class VerificationQuerySet(models.QuerySet):
    def deciding(self):
        """Deciding checks: failed ones, and those that confirmed the identity by more than e-mail."""
        return self.filter(
            Q(outcome=Verification.FAILED)
            | Q(outcome=Verification.CONFIRMED) & ~Q(method__in=Verification.NO_PROOF)
        )  # fmt: skip


class Verification(models.Model):
    """One check of a person's identity. E-mail alone is no proof; a check expires."""

    METHODS = [("met", "Met in person"), ("video", "Seen on video"),
               ("switchboard", "Called back through the switchboard"),
               ("institution page", "Named on the institution's page"), ("orcid", "ORCID record"),
               ("document", "Document seen"), ("vouched", "A colleague vouches"), ("email", "E-mail only")]  # fmt: skip
    CONFIRMED, FAILED, INCONCLUSIVE = "confirmed", "failed", "inconclusive"
    OUTCOMES = [(CONFIRMED, "Confirmed"), (FAILED, "Failed"), (INCONCLUSIVE, "Inconclusive")]
    NO_PROOF = ("email",)

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="verifications")
    method = models.CharField(max_length=20, choices=METHODS)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    evidence_url = models.URLField("evidence", max_length=300, blank=True)
    outcome = models.CharField(max_length=12, choices=OUTCOMES, default=CONFIRMED)
    expires_on = models.DateField()

    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.get_method_display()}: {self.get_outcome_display().lower()}"

    @property
    def decides(self):
        """Whether it is a deciding check, as in `VerificationQuerySet.deciding`."""
        confirms = self.outcome == self.CONFIRMED and self.method not in self.NO_PROOF
        return self.outcome == self.FAILED or confirms

    def state_on(self, day):
        """VERIFIED, STALE or FAILED on a day, where this check counts."""
        if self.outcome == self.FAILED:
            return FAILED
        return VERIFIED if self.expires_on >= day else STALE


def deciding_check(expert, day=None):
    """The check that counts on a day (default today), or None. Uses prefetched `verifications`."""
    day = day or today()
    for check in sorted(expert.verifications.all(), key=lambda row: (row.on, row.pk), reverse=True):
        if check.on <= day and check.decides:
            return check
    return None


def verification_state(expert, day=None):
    """VERIFIED, STALE, NEVER or FAILED on a day (default today)."""
    day = day or today()
    check = deciding_check(expert, day)
    return check.state_on(day) if check else NEVER


def latest_verification(expert, day=None):
    """{"state", "on", "method", "expires_on"} on a day (default today); the last three are None for NEVER."""
    day = day or today()
    check = deciding_check(expert, day)
    if check is None:
        return {"state": NEVER, "on": None, "method": None, "expires_on": None}
    method = check.get_method_display()
    return {"state": check.state_on(day), "on": check.on, "method": method, "expires_on": check.expires_on}


class VerifiedQuerySet(models.QuerySet):
    """Queries of cards by their checks; part of ExpertQuerySet."""

    def with_verification_state(self, day=None):
        """Cards annotated with `verification_state` on a day (default today), to filter and sort by."""
        day = day or today()
        newest = Verification.objects.deciding().filter(expert=OuterRef("pk"), on__lte=day).order_by("-on", "-pk")
        said = Case(
            When(outcome=Verification.FAILED, then=Value(FAILED)),
            When(expires_on__gte=day, then=Value(VERIFIED)),
            default=Value(STALE), output_field=CharField(),
        )  # fmt: skip
        return self.annotate(
            verification_state=Coalesce(Subquery(newest.annotate(said=said).values("said")[:1]), Value(NEVER))
        )

    def confirmed_by_email_only(self, day=None):
        """Cards whose identity, by a day (default today), only e-mail has confirmed."""
        day = day or today()
        rows = Verification.objects.filter(expert=OuterRef("pk"), on__lte=day)
        by_mail = rows.filter(outcome=Verification.CONFIRMED, method__in=Verification.NO_PROOF)
        return self.filter(Exists(by_mail)).exclude(Exists(rows.deciding()))
