from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models


class RoleGrant(models.Model):
    """A role that one person gave to another and a third has to confirm; the account gets it then."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"], condition=models.Q(closed_at=None), name="role_grant_open_once"
            ),
        ]

    def __str__(self):
        return f"{self.group} for {self.user}"


class AccountEvent(models.Model):
    """What somebody did to an account: the accounts' log, whose rows never change."""

    KINDS = [
        ("made", "Account made"), ("given", "Role given"), ("waits", "Role waits for a second person"),
        ("confirmed", "Role confirmed"), ("refused", "Role refused"), ("taken", "Role taken away"),
        ("password", "Password"), ("email", "E-mail address"), ("name", "Name"), ("active", "Active"),
        ("byline", "Whose byline"),
    ]  # fmt: skip

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="account_events")
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="account_event_newest")]

    def __str__(self):
        return self.text
