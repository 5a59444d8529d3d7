"""The worker: each task once, within its limit, tried again a few times; and the timetable."""

import time
from datetime import timedelta
from unittest import mock

from django.core.management import call_command
from django.test import TestCase, override_settings
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from newsroom import clock, hooks, timed
from newsroom.management.commands import worker
from newsroom.models import TimedWork

from ..base import NOON

DATABASE = override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})
MINUTE = timedelta(minutes=1)
done = []


@timed.task
def note(what):
    done.append(what)


@timed.task
def fail():
    done.append("failed")
    raise ValueError("Somebody's secret")


@timed.task
def hang():
    done.append("hung")
    while True:
        time.sleep(0.01)


@DATABASE
class TaskTests(TestCase):
    def setUp(self):
        done.clear()
        # The test's own connection stays open.
        self.enterContext(mock.patch.object(db_worker, "close_old_connections"))

    def work(self, **options):
        worker.Worker(**options).run()
        return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))

    def later(self):
        DBTaskResult.objects.update(run_after=clock.process_time())

    def test_what_waits_is_done_once(self):
        note.enqueue("a")
        note.enqueue("b")
        self.assertEqual(done, [], "nothing is done where it is asked for")
        self.assertEqual(self.work(), ["SUCCESSFUL"] * 2)
        self.work()
        self.assertEqual(done, ["a", "b"])

    def test_a_task_that_fails_is_tried_three_times_with_pauses(self):
        fail.enqueue()
        for attempt in range(1, 6):
            with self.assertLogs("newsroom.worker", "ERROR") if attempt < 4 else self.assertNoLogs("newsroom.worker"):
                self.work()
                self.work()  # within the pause nothing is tried
            self.assertEqual(len(done), min(attempt, 3))
            self.later()
        self.assertEqual(self.work(), ["FAILED"])

    def test_a_task_that_hangs_is_ended_at_its_limit(self):
        hang.enqueue()
        note.enqueue("after it")
        began = time.monotonic()
        with self.assertLogs("newsroom.worker", "ERROR"):
            self.work(limit=0.3)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(done, ["hung", "after it"])

    def test_a_task_of_a_worker_that_died_is_taken_back_when_it_cannot_run_any_more(self):
        note.enqueue("a")
        row = DBTaskResult.objects.get()
        row.claim("dead")
        self.assertEqual(self.work(), ["RUNNING"])
        DBTaskResult.objects.update(started_at=clock.process_time() - worker.LOST - MINUTE)
        with self.assertLogs("newsroom.worker", "ERROR"):
            self.assertEqual(self.work(), ["SUCCESSFUL"])
        self.assertEqual(done, ["a"])

    def test_a_task_that_kills_every_worker_is_given_up(self):
        note.enqueue("a")
        row = DBTaskResult.objects.get()
        for name in "abc":
            row.claim(name)
        DBTaskResult.objects.update(started_at=clock.process_time() - worker.LOST - MINUTE)
        with self.assertLogs("newsroom.worker", "ERROR"):
            self.assertEqual(self.work(), ["FAILED"])
        self.assertEqual(done, [])

    def test_an_idle_look_writes_nothing_and_asks_little(self):
        with clock.frozen(clock.process_time()):
            timed.start_due()
            self.work()
            # the timetable; what was lost; what waits
            with self.assertNumQueries(3):
                timed.start_due()
                worker.Worker().run()

    def test_once_does_what_is_due_and_ends(self):
        note.enqueue("a")
        call_command("worker", "--once")
        self.assertEqual(done, ["a"])
        self.assertFalse(timed.is_silent())


class TimetableTests(TestCase):
    def setUp(self):
        self.calls = []
        line = timed.Timed("test", self.work, 10 * MINUTE, "Tests.")
        self.enterContext(mock.patch.object(hooks.timed_work, "_things", [line]))
        self.error = None

    def work(self, since):
        self.calls.append(since)
        if self.error:
            raise self.error

    def at(self, minutes):
        with clock.frozen(NOON + minutes * MINUTE):
            timed.start_due()

    def test_work_is_done_when_due_and_told_since_when(self):
        for minute in (0, 5, 9, 10, 11, 500, 501):
            self.at(minute)
        self.assertEqual(self.calls, [None, NOON, NOON + 10 * MINUTE])

    def test_work_that_fails_is_noted_without_its_words_and_done_again(self):
        self.error = ValueError("Somebody's secret")
        with self.assertLogs("newsroom.timed", "ERROR"):
            self.at(0)
        row = TimedWork.objects.get()
        self.assertEqual((row.error, row.failed_at, row.done_at), ("ValueError", NOON, None))
        self.error = None
        self.at(10)
        row.refresh_from_db()
        self.assertEqual((row.error, row.failed_at, row.done_at), ("", None, NOON + 10 * MINUTE))

    def test_of_two_workers_one_starts_it(self):
        self.at(0)
        stale = TimedWork.objects.get()
        TimedWork.objects.update(next_at=NOON + 10 * MINUTE)
        self.calls.clear()
        # Both have read that it is due; the other was quicker.
        with mock.patch.object(TimedWork.objects, "all", return_value=[stale]):
            stale.next_at = NOON - MINUTE
            self.at(0)
        self.assertEqual(self.calls, [])

    def test_a_worker_that_nobody_hears_of_is_silent(self):
        self.assertTrue(timed.is_silent())
        self.at(0)
        for minutes, silent in ((0, False), (19, False), (21, True)):
            with clock.frozen(NOON + minutes * MINUTE):
                self.assertEqual(timed.is_silent(), silent)
