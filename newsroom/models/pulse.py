import logging
import threading
from datetime import UTC, datetime

from django.db import DatabaseError, models, transaction
from django.db.models import F

from .. import clock

log = logging.getLogger(__name__)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # older than anything that a paper wrote


class PulseManager(models.Manager):
    def beat(self, *, rendering=False):
        """Say that something readers can see has changed; call it last in the transaction.

        `rendering` also makes stored pages old, for what they hold frozen (a renamed section).
        """
        changes = {"counter": F("counter") + 1, "newest": clock.Newest()}
        if rendering:
            changes["rendering_version"] = F("rendering_version") + 1
        if not self.filter(pk=1).update(**changes):
            self.create(pk=1, newest=clock.instant())

    def beat_comments(self):
        """Say that a discussion which readers can see has changed."""
        if not self.filter(pk=1).update(comments=F("comments") + 1, newest=clock.Newest()):
            self.create(pk=1, newest=clock.instant())

    def keep_begun(self, at):
        """Note that readers are given what began at a scheduled moment: it has begun, whatever the clock says later.

        A page calls it, so it never fails and never waits for another thread that does the same: the next page will.
        """
        if not _keeping.acquire(blocking=False):
            return
        try:
            with transaction.atomic():
                self.filter(pk=1, newest__lt=at).update(newest=at)
        except DatabaseError as error:
            log.warning("could not note what began at %s: %s", at, error)
        finally:
            _keeping.release()


_keeping = threading.Lock()


class Pulse(models.Model):
    """One row that says how often what readers see has changed, the key of every cache, and when it last did."""

    counter = models.PositiveBigIntegerField(default=1)
    rendering_version = models.PositiveBigIntegerField(default=1)
    comments = models.PositiveBigIntegerField(default=1)
    newest = models.DateTimeField(default=NEVER)  # no clock that decides runs behind it: newsroom/clock.py

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
