from django.conf import settings
from django.db import models
from django.db.models import Q


class DebtQuerySet(models.QuerySet):
    def owed(self):
        """Debts that nobody has paid yet, the one due first at the head."""
        return self.filter(closed_at=None).order_by("due_at", "pk")


class Debt(models.Model):
    """What the desk owes a story that ran before it was there: a second look, or what a flash left for later.

    The database lets nothing of it be changed but that it is paid.
    """

    KINDS = [
        ("second_look", "Second look"),
        ("standfirst", "Standfirst"),
        ("picture", "Picture"),
        ("topic", "Topic"),
        ("copy", "Copy sign-off"),
    ]

    article = models.ForeignKey("Article", models.PROTECT, related_name="debts")
    kind = models.CharField(max_length=20, choices=KINDS)
    revision = models.ForeignKey("Revision", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DebtQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "kind"], condition=Q(closed_at=None), name="owed_once"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="debt_owed")]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.article_id}"
