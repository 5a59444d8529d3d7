import logging
import signal
import time
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from newsroom import timed

log = logging.getLogger("newsroom.worker")

LIMIT = 120  # seconds that one task may take
ATTEMPTS = 3  # a task that fails, or dies with its worker, is begun so often
PAUSE = timedelta(minutes=2)  # from one attempt to the next, growing
# A task that runs for longer died with its worker: a living one would have ended it.
LOST = timedelta(seconds=LIMIT + 60)
AFTER_ERROR = 10  # seconds until a database that does not answer is asked again


class OutOfTime(BaseException):
    """A task has taken longer than its limit. No `except Exception` of the task itself catches it."""


class Worker(DatabaseWorker):
    """django-tasks' worker, with a limit to each task and an end to trying again."""

    def __init__(self, *, limit=LIMIT):
        super().__init__(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=get_random_string(32), excluded_queue_names=[],
        )  # fmt: skip
        self.limit = limit

    def run(self):
        """Do all that waits, and return."""
        _take_back_lost()
        if DBTaskResult.objects.ready().exists():  # asked without the lock that taking one wants
            super().run()

    def run_task(self, db_task_result):
        before = signal.signal(signal.SIGALRM, self._out_of_time)
        signal.setitimer(signal.ITIMER_REAL, self.limit)
        try:
            super().run_task(db_task_result)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        if db_task_result.status == TaskResultStatus.FAILED:
            _try_again(db_task_result)

    def _out_of_time(self, signum, frame):
        raise OutOfTime(f"longer than {self.limit} s")


def _try_again(row):
    attempts = len(row.worker_ids)
    log.error("%s failed, attempt %d of %d: %s", row.task_path, attempts, ATTEMPTS, row.exception_class_path)
    if attempts < ATTEMPTS:
        later = timezone.now() + PAUSE * attempts
        DBTaskResult.objects.filter(pk=row.pk).update(status=TaskResultStatus.READY, run_after=later)


def _take_back_lost():
    """Put tasks of workers that died back into the queue; those that died too often have failed."""
    now = timezone.now()
    for row in DBTaskResult.objects.running().filter(started_at__lt=now - LOST).only("worker_ids", "started_at"):
        again = len(row.worker_ids) < ATTEMPTS
        # As it was read, so that of two workers one takes it back.
        mine = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
        if again and mine.update(status=TaskResultStatus.READY):
            log.error("a task was lost with its worker and is begun again")
        elif not again and mine.update(status=TaskResultStatus.FAILED, finished_at=now):
            log.error("a task was lost with its worker %d times and is given up", ATTEMPTS)


class Command(BaseCommand):
    help = "Does the timed work: mail, digests, notices of what came by the clock. Runs until it is told to end."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do what is due now, and end; for a timer.")
        parser.add_argument(
            "--interval", type=float, default=2, help="Seconds between two looks (default: %(default)s)."
        )

    def handle(self, *, once, interval, **options):
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)  # it tells of every look
        worker = Worker()
        if once:
            timed.start_due()
            worker.run()
            return
        worker.configure_signals()
        while worker.running:
            time.sleep(interval if _look(worker) else AFTER_ERROR)


def _look(worker):
    """Do what is due. Returns whether the database answered: a worker outlives one that does not."""
    try:
        close_old_connections()
        timed.start_due()
        worker.run()
    except DatabaseError as error:
        log.error("the database does not answer: %s", type(error).__name__)
        return False
    return True
