import uuid

from django.conf import settings
from django.db import models

# What a story's discussion may be for readers to see it; only in the first may they write.
OPEN, CLOSED = "pre", "closed"
SHOWN = (OPEN, CLOSED)


class CommentQuerySet(models.QuerySet):
    def published(self):
        """Comments that readers see; whether their story is visible is for `Edition.objects.live()` to say."""
        return self.filter(state=Comment.State.PUBLISHED)

    def pending(self):
        return self.filter(state=Comment.State.PENDING)


class Comment(models.Model):
    """A reader's words under a story, held until a moderator has read them."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        PUBLISHED = "published", "Published"
        REJECTED = "rejected", "Rejected"
        SPAM = "spam", "Spam"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey("Article", models.PROTECT, related_name="comments")
    answers = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="answered_by",
        help_text="The comment that it answers, of an imported discussion.",
    )  # fmt: skip
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True, help_text="Never printed.")
    body = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField()
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    moderated_at = models.DateTimeField(null=True, blank=True, editable=False)
    reason = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=64, blank=True, editable=False, help_text="Keyed hash of the address.")
    imported_from = models.CharField(max_length=300, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["article", "state", "created_at"], name="comment_article"),
            models.Index(fields=["state", "-created_at"], name="comment_queue"),
        ]

    def __str__(self):
        return f"{self.name}: {self.body[:60]}"
