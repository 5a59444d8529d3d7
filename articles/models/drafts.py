from django.conf import settings
from django.db import models

from .article import Article


class PersonalDraft(models.Model):
    """What somebody has typed into one window and not saved yet; nobody else ever reads it.

    `fields` are the form's boxes as a browser sends them, a list of [name, value]; `base_version` is the version that
    the person began from. A draft whose words were saved stays for a day with no `fields`, so that a request which
    arrives late does not bring it back. Without an `article` it is of a story that is not begun yet.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="drafts")
    tab = models.CharField(max_length=40, help_text="The window that it was typed in.")
    seq = models.PositiveBigIntegerField(help_text="Grows with every state of the window that is kept.")
    base_version = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["by", "tab"], name="draft_of_window")]
        indexes = [models.Index(fields=["by", "article"], name="draft_of_person")]

    def __str__(self):
        return f"draft of {self.by}"

    @property
    def saved(self):
        """Whether its words are in the story by now."""
        return not self.fields


class Presence(models.Model):
    """That somebody has a story open in one window, in which part of it, and when that window last said so."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="presences")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    tab = models.CharField(max_length=40)
    part = models.CharField(max_length=60, blank=True, help_text="A box of the form, or a paragraph: body:4.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "tab"], name="presence_of_window")]
        indexes = [models.Index(fields=["article", "at"], name="presence_in_story")]

    def __str__(self):
        return f"{self.by} in {self.article}"
