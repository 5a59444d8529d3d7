from django.conf import settings
from django.db import models

NOTE_KINDS = [("correction", "Correction"), ("clarification", "Clarification"), ("editors_note", "Editor's note")]


class Correction(models.Model):
    """A note to readers about what the paper got wrong or left unclear. Append-only.

    It belongs to the edition that first carried it, and travels with every later one.
    """

    article = models.ForeignKey("Article", models.PROTECT, related_name="corrections")
    edition = models.ForeignKey("Edition", models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=20, choices=NOTE_KINDS)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    reader_text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="correction_newest")]

    def __str__(self):
        return self.reader_text[:80]


class CorrectionDraft(models.Model):
    """A correction that one person has drafted and another has still to confirm."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="correction_drafts")
    edition = models.ForeignKey("Edition", models.CASCADE, related_name="+", help_text="The one it corrects.")
    kind = models.CharField(max_length=20, choices=NOTE_KINDS)
    changes = models.JSONField(default=dict, help_text="Fields of the live revision's content that change.")
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    reader_text = models.TextField()
    asked_by = models.CharField("who asked", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=10, blank=True, choices=[("confirmed", "Confirmed"), ("refused", "Refused"), ("stale", "Overtaken")]
    )

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return self.reader_text[:80]
