from django.db import models
from django.db.models import F


class PulseManager(models.Manager):
    def beat(self, *, rendering=False):
        """Say that something readers can see has changed; call it last in the transaction.

        `rendering` also makes stored pages old, for what they hold frozen (a renamed section).
        """
        changes = {"counter": F("counter") + 1}
        if rendering:
            changes["rendering_version"] = F("rendering_version") + 1
        if not self.filter(pk=1).update(**changes):
            self.create(pk=1, counter=1, rendering_version=1)

    def beat_comments(self):
        """Say that a discussion which readers can see has changed."""
        if not self.filter(pk=1).update(comments=F("comments") + 1):
            self.create(pk=1, counter=1, rendering_version=1, comments=1)


class Pulse(models.Model):
    """One row that says how often what readers see has changed: the key of every cache."""

    counter = models.PositiveBigIntegerField(default=1)
    rendering_version = models.PositiveBigIntegerField(default=1)
    comments = models.PositiveBigIntegerField(default=1)

    objects = PulseManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_pulse")]


class Instant(models.Model):
    """A moment ahead at which pages change with nobody writing: a schedule, the end of a right."""

    at = models.DateTimeField(unique=True)

    class Meta:
        ordering = ["at"]

    def __str__(self):
        return self.at.isoformat()
