"""Timed work: the timetable of what the worker does by itself, and the one way to hand it a task.

A room adds its lines to `hooks.timed_work`. A worker that was off does what it missed once, not as often as it was due.
Nothing that readers see waits for it. docs/timed-work.md says what there is.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.core.management import call_command
from django.db import transaction

from . import clock, compat, hooks
from .models import TimedWork

log = logging.getLogger(__name__)

task = import_module(compat.TASKS).task  # the decorator: django.tasks on Django 6, django-tasks before

SILENT = timedelta(minutes=10)  # a worker of which nothing was heard for longer is not running

KEPT_DAYS = 3  # of tasks that ended


@dataclass(frozen=True)
class Timed:
    """A line of the timetable: a piece of work, done every so often.

    `work` is called with `since`, when it last began and ended well, or None. Two workers may do it at the same time,
    and one that was killed does it again: it has to bear both, and ends within the worker's limit.
    """

    name: str
    work: Callable
    every: timedelta
    says: str  # what it does, for the page of timed work


def start_due():
    """Put into the queue what is due by the timetable; each piece once, however many workers ask."""
    at = clock.process_time()
    rows = {row.name: row for row in TimedWork.objects.all()}
    for timed in hooks.timed_work:
        row = rows.get(timed.name)
        if row is None:
            row, _ = TimedWork.objects.get_or_create(name=timed.name, defaults={"next_at": at})
        if row.next_at > at:
            continue
        with transaction.atomic():
            mine = TimedWork.objects.filter(pk=row.pk, next_at=row.next_at)  # who was quicker has moved it on
            if mine.update(next_at=at + timed.every):
                run_timed.enqueue(timed.name)


@task
def run_timed(name):
    """Do a piece of timed work now, and note how it went."""
    timed = next((timed for timed in hooks.timed_work if timed.name == name), None)
    if timed is None:
        return  # of a version that had it
    began = clock.process_time()
    row = TimedWork.objects.filter(name=name)
    try:
        timed.work(since=row.values_list("done_at", flat=True).first())
    except BaseException as error:
        row.update(failed_at=clock.process_time(), error=type(error).__name__[:80])
        if not isinstance(error, Exception):  # it is the worker that is told to end, or the task
            raise
        log.exception("timed work failed: %s", name)
        return
    row.update(done_at=began, failed_at=None, error="")


def is_silent():
    """Whether no worker seems to be running: something is due since longer than SILENT, or none ever ran."""
    oldest = TimedWork.objects.order_by("next_at").values_list("next_at", flat=True).first()
    return oldest is None or oldest < clock.process_time() - SILENT


def forget_results(since=None):
    """Throw away what tasks that ended have left."""
    call_command("prune_db_task_results", min_age_days=KEPT_DAYS, verbosity=0)


TIMETABLE = (Timed("results", forget_results, timedelta(hours=1), "Throws away what ended tasks have left."),)
