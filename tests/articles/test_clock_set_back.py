"""A clock that is set back: what was withdrawn stays withdrawn, and the next edition begins after the last."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.actions import take
from articles.models import Edition, State
from newsroom import clock, paper
from newsroom.models import Instant, Pulse
from newsroom.web import pages

from ..base import DeskTestCase
from ..engines import only_on

pytestmark = pytest.mark.engines

SET_BACK = dt.timedelta(seconds=90)


class SetBackTests(DeskTestCase):
    """The desk works at a time that the clock then goes back from, by ninety seconds."""

    def setUp(self):
        self.ahead = timezone.now() + SET_BACK
        with clock.frozen(self.ahead - dt.timedelta(seconds=5)):
            self.article = self.make_article(state=State.PUBLISHED)
        self.path = self.article.editions.get().path

    def move(self, name, **data):
        take.take(self.article, name, by=self.max, seen=take.seen_token(self.article), **data)
        self.article.refresh_from_db()

    def withdraw(self):
        with clock.frozen(self.ahead):
            self.move("withdraw", reason="in_error", reader_text="It was wrong.", note="wrong")

    def forget(self):
        """As in a process that has just started."""
        clock.forget()
        pages.Kept.forget()

    def test_a_withdrawn_story_stays_withdrawn(self):
        self.withdraw()
        for _ in range(2):
            self.forget()
            self.assertEqual(self.client.get(self.path).status_code, 410)
            self.assertEqual(self.client.get(self.path).status_code, 410)  # and by what was kept of the first answer
            self.assertNotContains(self.client.get("/"), self.path)
            self.assertNotContains(self.client.get("/world/"), self.path)
            self.assertFalse(Edition.objects.live().exists())

    def test_a_reader_who_has_the_page_is_not_told_that_it_stands(self):
        with clock.frozen(self.ahead - dt.timedelta(seconds=1)):
            held = self.client.get(self.path)["ETag"]
        self.withdraw()
        self.assertEqual(Client().get(self.path, headers={"if-none-match": held}).status_code, 410)

    def test_the_next_move_leaves_no_empty_span(self):
        self.withdraw()
        self.forget()
        self.move("reinstate", note="it was right")
        spans = list(self.article.editions.order_by("number").values_list("live_from", "live_until"))
        self.assertEqual(len(spans), 3)
        for begun, ended in spans[:-1]:
            self.assertLess(begun, ended)
        self.assertEqual([ended for _, ended in spans[:-1]], [begun for begun, _ in spans[1:]])
        self.assertEqual(self.client.get(self.path).status_code, 200)

    def test_moves_in_a_row_each_have_an_instant_of_their_own(self):
        self.withdraw()
        self.forget()
        instants = []
        for _ in range(3):
            instants.append(clock.instant())
            Pulse.objects.beat()
            self.forget()
        self.assertEqual(instants, sorted(set(instants)))
        self.assertGreater(instants[0], self.ahead)

    def test_what_is_written_later_never_makes_the_newest_instant_older(self):
        self.withdraw()
        self.forget()
        Pulse.objects.beat()
        Pulse.objects.beat_comments()
        self.assertGreaterEqual(Pulse.objects.get().newest, self.ahead)

    def test_a_story_costs_readers_no_more_queries(self):
        self.client.get(self.path)
        with self.assertNumQueries(1):  # the story with the state of the paper and its newest instant
            Client().get(self.path + "?fresh")

    def test_the_log_is_told_once(self):
        self.withdraw()
        self.forget()
        with self.assertLogs("newsroom.clock", "ERROR") as log:
            for _ in range(3):
                self.client.get(self.path)
                clock.process_time()
        self.assertEqual(len(log.output), 1, log.output)
        self.assertIn("behind the newest instant", log.output[0])

    def test_the_desk_says_so_on_its_front_page_and_health_does(self):
        self.client.force_login(self.max)
        self.withdraw()
        self.assertContains(self.client.get("/admin/"), "clock was set back")
        health = self.client.get("/readyz")
        self.assertEqual((health.status_code, health.json()["clock"]), (200, False))

    @only_on("sqlite")
    def test_a_moment_that_has_come_does_not_come_again(self):
        at = timezone.now() + dt.timedelta(hours=1)
        Instant.objects.create(at=at)
        with time_machine.travel(at + dt.timedelta(seconds=5)):
            self.client.get("/")
        with time_machine.travel(at - SET_BACK):
            self.assertEqual(clock.process_time(), at)
            self.assertTrue(Instant.objects.filter(at__lte=clock.now()).exists())

    @only_on("sqlite")
    def test_a_scheduled_start_that_readers_saw_survives_a_restart(self):
        article = self.make_article(state=State.APPROVED, slug="at-one")
        at = timezone.now() + dt.timedelta(hours=1)
        take.take(
            article, "schedule", by=self.max, seen=take.seen_token(article), at=at, waive=["*"], waive_note="a test"
        )
        path = article.editions.get().path
        with time_machine.travel(at - SET_BACK):
            self.assertEqual(self.client.get(path).status_code, 404)
        with time_machine.travel(at + dt.timedelta(seconds=5)):
            self.assertEqual(self.client.get(path).status_code, 200)
            with self.assertNumQueries(1):  # noted once
                Client().get(path + "?fresh")
        with time_machine.travel(at - SET_BACK):
            self.forget()
            self.assertEqual(Client().get(path).status_code, 200)
            self.assertEqual(Pulse.objects.get().newest, at)

    def test_what_began_while_the_clock_ran_ahead_is_shown_with_how_to_go_on(self):
        self.ahead += dt.timedelta(days=3)
        self.withdraw()
        self.forget()
        self.client.force_login(self.max)
        page = self.client.get("/admin/")
        self.assertContains(page, "publish what is due with “Publish")
        self.assertContains(page, f"{paper.local(Pulse.objects.get().newest):%H:%M:%S}")
        waiting = self.make_article(state=State.APPROVED, slug="due")
        at = Pulse.objects.get().newest + dt.timedelta(hours=1)
        for move, more in (("schedule", {"at": at, "waive": ["*"], "waive_note": "a test"}), ("publish-now", {})):
            take.take(waiting, move, by=self.max, seen=take.seen_token(waiting), **more)
            waiting.refresh_from_db()
        self.assertEqual(self.client.get(waiting.editions.live().get().path).status_code, 200)

    def test_a_clock_that_is_right_is_no_news(self):
        Pulse.objects.update(newest=timezone.now())
        self.client.force_login(self.max)
        self.assertNotContains(self.client.get("/admin/"), "clock was set back")
        self.assertTrue(self.client.get("/readyz").json()["clock"])
