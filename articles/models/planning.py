from django.conf import settings
from django.db import models
from django.db.models import Q


class AssignmentQuerySet(models.QuerySet):
    def standing(self):
        """Those that count now: asked and not answered yet, or accepted."""
        return self.filter(answer__in=["", "accepted"])

    def unanswered(self):
        """Those that wait for the word of whoever was asked."""
        return self.filter(answer="")


class Assignment(models.Model):
    """That somebody was asked to write a story, and what they said: the record of a story's assignees.

    The database lets nothing of it be changed but the answer.
    """

    ANSWERS = [("", "Asked"), ("accepted", "Accepted"), ("refused", "Refused"), ("ended", "Given to somebody else")]

    article = models.ForeignKey("Article", models.PROTECT, related_name="assignments")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments_asked")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="assignments_given")
    at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=ANSWERS, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was refused.")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(answer__in=["", "accepted"]), name="one_standing_assignment"
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "at"], condition=Q(answer=""), name="assignment_asked"),
            models.Index(fields=["by", "answer", "-at"], name="assignment_given"),
        ]

    def __str__(self):
        return f"{self.article_id} for {self.assignee_id}: {self.get_answer_display()}"


class SavedView(models.Model):
    """A filtered page of the desk that somebody has named, to come back to; its address can be given to anybody."""

    PAGES = [("news", "News list"), ("calendar", "Calendar"), ("stories", "Stories")]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=10, choices=PAGES)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="view_named_once")]

    def __str__(self):
        return self.name
