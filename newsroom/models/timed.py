from django.db import models


class TimedWork(models.Model):
    """When a piece of timed work is due and how it last went; a row for each line of the timetable."""

    name = models.CharField(max_length=60, unique=True)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)  # when it began, the last time that it ended well
    failed_at = models.DateTimeField(null=True, blank=True)  # None once it has ended well again
    error = models.CharField(max_length=80, blank=True)  # the kind of error, and nothing of what it says

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
