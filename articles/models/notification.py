from django.conf import settings
from django.db import models
from django.db.models import Q

from ..notifications import HOW_CHOICES, KINDS, How
from .article import Article


class NotificationQuerySet(models.QuerySet):
    def of(self, user):
        """What a person was told, newest first; nothing of a story that they may no longer read."""
        readable = Q(article=None) | Q(article__in=Article.objects.readable_by(user))
        return self.filter(readable, user=user).select_related("by").order_by("-pk")

    def unread(self):
        return self.filter(read_at=None)

    def with_stories(self):
        """With what a line says of its story, and no text of it."""
        words = ("article__headline", "article__catchline")
        names = ("by__username", "by__first_name", "by__last_name")
        own = ("user", "kind", "text", "link", "at", "read_at")
        return self.select_related("article", "by").only(*own, *words, *names)


class Notification(models.Model):
    """Word to one person of what somebody did, or what came by the clock.

    `text` is for the desk alone: no mail carries it. A `key` says of what it tells, so that nobody is told twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20)  # of KINDS
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True)  # a path on the desk, where it is not the story's
    key = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    in_digest = models.BooleanField(default=False)  # whether it waits for the daily mail

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_newest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["user"], condition=Q(in_digest=True), name="notification_digest"),
            models.Index(fields=["at"], name="notification_at"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], condition=~Q(key=""), name="told_once"),
        ]

    def __str__(self):
        return f"{KINDS[self.kind].label}: {self.user}"

    def get_absolute_url(self):
        return self.link or (self.article.get_absolute_url() if self.article_id else "")

    @property
    def says(self):
        """What happened, as a sentence without the story's name."""
        kind = KINDS[self.kind]
        return f"{self.by} {kind.did}." if self.by_id else kind.plain


class MailChoice(models.Model):
    """How somebody wants to be mailed; who has no row is mailed at once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice")
    how = models.CharField(max_length=6, choices=HOW_CHOICES, default=How.NOW.value)
    exceptions = models.JSONField(default=dict, blank=True)  # {kind: how}
    digest_on = models.DateField(null=True, blank=True)  # the paper's day of the last daily mail

    def __str__(self):
        return f"{self.user}: {self.get_how_display()}"

    def how_for(self, kind):
        """How this person is mailed about a kind."""
        return self.exceptions.get(kind, self.how)
