"""The clock that decides what is public: the database's where it has one, the process's on SQLite."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import TestCase

from articles.models import Edition
from newsroom import clock
from newsroom.models import Publication

from ..base import NOON, DeskTestCase
from ..engines import only_on

pytestmark = pytest.mark.engines

LONG_AGO = dt.datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=dt.UTC)


def now_in_a_query():
    return Publication.objects.annotate(moment=clock.now()).get().moment


class ClockTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        Publication.objects.create(name="The Test Courier")

    def test_a_frozen_clock_answers_alike_in_every_way_of_asking(self):
        for at in (NOON, LONG_AGO):
            with clock.frozen(at):
                self.assertEqual({now_in_a_query(), clock.instant(), clock.process_time()}, {at})

    def test_a_clock_can_be_frozen_inside_a_frozen_one(self):
        with clock.frozen(NOON):
            with clock.frozen(LONG_AGO):
                self.assertEqual(clock.process_time(), LONG_AGO)
            self.assertEqual(clock.process_time(), NOON)
        self.assertGreater(clock.process_time(), NOON - dt.timedelta(days=365))

    def test_the_clock_tells_the_present(self):
        for moment in (now_in_a_query(), clock.instant(), clock.process_time()):
            self.assertLess(abs(moment - dt.datetime.now(dt.UTC)), dt.timedelta(seconds=5))
            self.assertIsNotNone(moment.tzinfo)

    @only_on("sqlite")
    def test_on_sqlite_the_process_clock_decides(self):
        with time_machine.travel(LONG_AGO, tick=False):
            self.assertEqual({now_in_a_query(), clock.instant()}, {LONG_AGO})

    @only_on("postgresql")
    def test_on_postgresql_a_web_servers_wrong_clock_decides_nothing(self):
        with time_machine.travel(LONG_AGO):
            self.assertGreater(now_in_a_query(), LONG_AGO + dt.timedelta(days=9000))
            self.assertGreater(clock.instant(), LONG_AGO + dt.timedelta(days=9000))

    @only_on("postgresql")
    def test_on_postgresql_time_goes_on_inside_a_transaction(self):
        self.assertTrue(connection.in_atomic_block)
        moments = [now_in_a_query(), clock.instant(), now_in_a_query(), clock.instant()]
        self.assertEqual(moments, sorted(set(moments)))


class MomentTests(DeskTestCase):
    def test_an_edition_is_live_from_its_first_to_before_its_last_moment(self):
        tick = dt.timedelta(microseconds=1)
        with clock.frozen(NOON):
            edition = self.make_article(state="published").editions.get()
        Edition.objects.update(live_until=NOON + dt.timedelta(hours=1))
        for at, live in ((NOON - tick, 0), (NOON, 1), (edition.live_from + dt.timedelta(hours=1) - tick, 1),
                         (NOON + dt.timedelta(hours=1), 0)):  # fmt: skip
            with self.subTest(at), clock.frozen(at):
                self.assertEqual(Edition.objects.live().count(), live)
                self.assertEqual(Edition.objects.live(at).count(), live)
