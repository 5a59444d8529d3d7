from django.conf import settings
from django.db import models


class MailQuerySet(models.QuerySet):
    def due(self, at):
        """Mails to be tried at a moment, the longest due first."""
        return self.filter(given_up_at=None, due_at__lte=at).order_by("due_at", "pk")

    def in_trouble(self):
        """Mails that could not be sent so far: to be tried again, or given up."""
        return self.filter(attempts__gt=0).exclude(error="")


class Mail(models.Model):
    """A mail in the post. The row goes when the mail server has taken it, so nothing of it is kept.

    It goes to `user`, at the address that they have by then, or to `address` where it is not the one of an account.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.EmailField(blank=True)
    about = models.CharField(max_length=60)  # what it is, in words that say nothing of a story or a person
    subject = models.CharField(max_length=200)
    text = models.TextField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # while it is being sent, when another may try
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["due_at", "id"], condition=models.Q(given_up_at=None), name="mail_due")]

    def __str__(self):
        return f"{self.about} for {self.user or self.address}"
