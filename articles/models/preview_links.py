"""Links by which somebody without an account reads one version of a story, and what they answer."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from experts.models import Expert
from newsroom import clock

from .edition import Edition


def hash_of_token(token):
    """What of a link's token is stored: it tells whether a token is right, and cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class PreviewLinkQuerySet(models.QuerySet):
    def of_token(self, token):
        """The link that a token opens, or none; whether it still works is another question."""
        return self.filter(token_hash=hash_of_token(token))

    def with_standing(self):
        """Set `has_expired` and `was_published` on each, by the clock that decides: see `PreviewLink.standing`."""
        published = Edition.objects.begun().filter(article=OuterRef("article"), live_from__gt=OuterRef("made_at"))
        return self.annotate(
            has_expired=models.ExpressionWrapper(Q(expires_at__lte=clock.now()), output_field=models.BooleanField()),
            was_published=Exists(published.order_by()),
        )


class PreviewLink(models.Model):
    """One version of a story, open to whoever has the address, under the name that the link was made for.

    Of its token only a hash is kept, so the address is shown once and then never again.
    """

    class Purpose(models.TextChoices):
        READ = "read", "To read"
        LEGAL = "legal", "For Legal"
        OWN_WORDS = "own words", "Read-back: their own words"

    article = models.ForeignKey("Article", models.PROTECT, related_name="preview_links")
    revision = models.ForeignKey("Revision", models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField("for", max_length=120, help_text="Who will read it; answers arrive under this name.")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.READ)
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, blank=True, related_name="preview_links")
    asks = models.BooleanField("ask for a verdict and remarks", default=True)
    ends_on_publication = models.BooleanField("ends when the story comes out", default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    openings = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When it was opened last.")

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.name}"

    @property
    def standing(self):
        """ "open", "revoked", "expired" or "published"; of a link from `with_standing`."""
        if self.revoked_at:
            return "revoked"
        if self.has_expired:
            return "expired"
        return "published" if self.ends_on_publication and self.was_published else "open"

    def count_opening(self):
        """Note that somebody has opened it now."""
        row = type(self).objects.filter(pk=self.pk)
        row.update(openings=F("openings") + 1, opened_at=clock.process_time())


class PreviewVerdict(models.Model):
    """What somebody outside thinks of a version; the newest of a link counts, and none is ever changed."""

    class Verdict(models.TextChoices):
        CLEARED = "cleared", "Cleared"
        WITH_CHANGES = "changes", "Cleared with changes"
        NOT_CLEARED = "not cleared", "Not cleared"

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="verdicts")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    text = models.TextField(max_length=4000, blank=True)
    at = models.DateTimeField()
    signoff = models.OneToOneField("SignOff", models.SET_NULL, null=True, related_name="verdict")
    note = models.OneToOneField("DeskNote", models.SET_NULL, null=True, related_name="verdict")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.get_verdict_display()

    @property
    def clears(self):
        return self.verdict != self.Verdict.NOT_CLEARED


class PreviewRemark(models.Model):
    """A remark of somebody outside on words of the version that they read; the desk has it as a note."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="remarks")
    note = models.OneToOneField("DeskNote", models.CASCADE, related_name="remark")
    words = models.CharField(max_length=400, blank=True, help_text="The words it is about; none: the whole story.")
    place = models.PositiveIntegerField(null=True, help_text="In which block of the printed text they stand, from 0.")
    text = models.TextField(max_length=1500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text[:60]


class PreviewReply(models.Model):
    """What a quoted person says of words that a story gives as theirs; the newest for each quotation counts."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="replies")
    uid = models.CharField(max_length=40, help_text="Of the quotation.")
    words = models.TextField(help_text="As they were read back.")
    agrees = models.BooleanField()
    wish = models.TextField(max_length=1500, blank=True, help_text="What should be different.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return "Agreed" if self.agrees else "Not quite"
