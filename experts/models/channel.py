from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .. import sealing
from ..channels import LABELS, digest_family, kind_choices

CHANNEL_RESULTS = [("", "Not tried"), ("works", "Works"), ("bounced", "Bounced"), ("wrong person", "Wrong person"),
           ("unknown", "No answer yet")]  # fmt: skip


class Reachable(models.Model):
    """The fields that Channel and PrivateChannel share."""

    kind = models.CharField(max_length=10, choices=kind_choices)
    label = models.CharField(max_length=12, choices=LABELS, blank=True)
    preference = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="1 is tried first (vCard PREF), 100 last.",
    )  # fmt: skip
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    verify_result = models.CharField("last result", max_length=12, choices=CHANNEL_RESULTS, blank=True)
    do_not_use = models.BooleanField(default=False)
    to_mend = models.BooleanField(default=False, editable=False, help_text="Nobody could read what a file had.")

    class Meta:
        abstract = True


class Channel(Reachable):
    """A number or address of an expert that the staff may see; readers see a public one, if the person agreed."""

    PUBLIC, STAFF = "public", "staff"

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="channels")
    raw = models.CharField("number or address", max_length=300)
    normalized = models.CharField(max_length=320, editable=False, db_index=True)
    hours_note = models.CharField("hours", max_length=120, blank=True, help_text="“After 16:00, not on Fridays”.")
    source = models.CharField("where we have it from", max_length=160, blank=True)
    visibility = models.CharField(max_length=8, choices=[(STAFF, "Staff"), (PUBLIC, "Public")], default=STAFF)

    class Meta:
        ordering = ["do_not_use", "preference", "pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "kind", "normalized"], name="channel_once")]

    def __str__(self):
        return self.raw


class PrivateChannel(Reachable):
    """A restricted number or address of an expert, its hours and origin: sealed; whoever opens it is on record."""

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="private_channels")
    sealed = models.TextField(editable=False)
    hours_sealed = models.TextField(blank=True, editable=False)
    source_sealed = models.TextField(blank=True, editable=False)
    digest = models.CharField(max_length=64, db_index=True, editable=False)

    class Meta:
        ordering = ["do_not_use", "preference", "pk"]
        constraints = [models.UniqueConstraint(fields=["expert", "kind", "digest"], name="private_channel_once")]

    def __str__(self):
        return f"{self.get_kind_display()}, restricted"

    def opened(self):
        """The number or address, unsealed; the caller records who read it (see `actions.log.unseal_detail`)."""
        return sealing.unseal(self.sealed)

    @property
    def hours_note(self):
        """The hours, unsealed, as in `opened`."""
        return sealing.unseal(self.hours_sealed)

    @hours_note.setter
    def hours_note(self, text):
        self.hours_sealed = sealing.seal(text)

    @property
    def source(self):
        """Where we have it from, unsealed, as in `opened`."""
        return sealing.unseal(self.source_sealed)

    @source.setter
    def source(self, text):
        self.source_sealed = sealing.seal(text)


RESTRICTED = "restricted"
CHANNEL_TIERS = [(Channel.STAFF, "Staff"), (Channel.PUBLIC, "Public"), (RESTRICTED, "Restricted")]


def tier_of_channel(row):
    """The tier of a Channel or PrivateChannel."""
    return RESTRICTED if isinstance(row, PrivateChannel) else row.visibility


def default_tier(label=""):
    """The tier that a form proposes: restricted for a private number or home address."""
    return RESTRICTED if label == "home" else Channel.STAFF


def channel_digest(kind, normalized):
    """The keyed hash of a channel. A number has the same hash whatever its kind: phone, mobile or Signal."""
    return sealing.digest(digest_family(kind, normalized), normalized)


def channel_digests(kind, normalized):
    """The keyed hashes of a channel under each of FIELD_KEYS."""
    return sealing.digests(digest_family(kind, normalized), normalized)


class PrivateNote(models.Model):
    """A restricted note on a card, or on one entry of its log: sealed."""

    expert = models.ForeignKey("Expert", models.CASCADE, related_name="private_notes")
    entry = models.ForeignKey("ContactLog", models.CASCADE, null=True, blank=True, related_name="private_notes")
    sealed = models.TextField(editable=False)
    to_mend = models.BooleanField(default=False, editable=False, help_text="It holds what no field could take.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return "A restricted note"

    def opened(self):
        """The note, unsealed; the caller records who read it (see `actions.log.unseal_detail`)."""
        return sealing.unseal(self.sealed)


class AccessLog(models.Model):
    """Somebody opened a restricted detail, or exported cards. Append-only."""

    expert = models.ForeignKey("Expert", models.CASCADE, null=True, blank=True, related_name="accesses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=120, help_text="“Mobile, restricted”, “Export, 40 cards”. Never the detail.")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["expert", "-at"], name="access_newest")]

    def __str__(self):
        return self.what
