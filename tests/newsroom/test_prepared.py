"""Questions whose SQL is made once answer as the queryset would that they were made from."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import BooleanField, CharField, DateTimeField
from django.db.models.expressions import RawSQL
from django.test import TestCase

from newsroom import clock
from newsroom.database.prepared import NOW, Given, Question
from newsroom.models import Instant, PolicyPage, Pulse
from newsroom.web import pages

pytestmark = pytest.mark.engines

NOON = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)


class QuestionTests(TestCase):
    def test_a_question_is_asked_again_with_other_values(self):
        PolicyPage.objects.create(slug="a", title="First", public=True)
        PolicyPage.objects.create(slug="b", title="Second", public=False)
        asked = Question(lambda: PolicyPage.objects.filter(slug=Given("slug", CharField())).values("title", "public"))
        for slug, rows in (
            ("a", [{"title": "First", "public": True}]),
            ("b", [{"title": "Second", "public": False}]),
            ("c", []),
        ):
            with self.assertNumQueries(1):
                self.assertEqual(asked.ask(slug=slug), rows)

    def test_a_given_value_is_never_read_as_sql(self):
        PolicyPage.objects.create(slug="a", title="First")
        asked = Question(lambda: PolicyPage.objects.filter(slug=Given("slug", CharField())).values("title"))
        for evil in ("' OR 1=1 --", "%s", "a%"):
            self.assertEqual(asked.ask(slug=evil), [])

    def test_a_percent_sign_of_the_question_itself_stays_one(self):
        for title in ("First", "Second"):
            PolicyPage.objects.create(slug=title, title=title)
        like = RawSQL("title LIKE 'F%%'", (), BooleanField())
        asked = Question(lambda: PolicyPage.objects.filter(like, slug=Given("slug", CharField())).values("title"))
        self.assertEqual([asked.ask(slug=slug) for slug in ("First", "Second")], [[{"title": "First"}], []])

    def test_now_is_the_moment_of_each_query(self):
        Instant.objects.create(at=NOON)
        asked = Question(lambda: Instant.objects.filter(at__lte=NOW).values("at"))
        for at, rows in ((NOON - dt.timedelta(seconds=1), []), (NOON, [{"at": NOON}])):
            with clock.frozen(at):
                self.assertEqual(asked.ask(), rows)
        self.assertEqual(asked.ask(), [{"at": NOON}] if clock.process_time() > NOON else [])

    def test_a_moment_given_is_compared_to_the_microsecond(self):
        at = NOON + dt.timedelta(microseconds=1)
        Instant.objects.create(at=at)
        asked = Question(lambda: Instant.objects.filter(at__lt=Given("at", DateTimeField())).values("at"))
        self.assertEqual(asked.ask(at=at), [])
        self.assertEqual(asked.ask(at=at + dt.timedelta(microseconds=1)), [{"at": at}])

    def test_django_still_has_the_private_names_that_questions_use(self):
        query = PolicyPage.objects.values("title").query
        compiler = query.get_compiler(connection=connection)
        compiler.as_sql()
        for thing, names in ((query, ["selected"]), (compiler, ["select", "get_converters"])):
            for name in names:
                self.assertTrue(hasattr(thing, name), f"Django moved {name}: see newsroom/database/prepared.py")
        self.assertEqual(list(query.selected), ["title"])


class BeatTests(TestCase):
    def test_a_beat_knows_the_last_moment_and_the_time_to_the_next(self):
        Pulse.objects.beat()
        for minutes in (-10, -5, 7, 20):
            Instant.objects.create(at=NOON + dt.timedelta(minutes=minutes))
        with clock.frozen(NOON):
            beat = pages.Beat.now()
            self.assertEqual(
                beat, pages.Beat.read(Pulse.objects.annotate(b=pages.beat()).values_list("b", flat=True)[0])
            )
        self.assertAlmostEqual(beat.left, 420, places=2)
        with clock.frozen(NOON - dt.timedelta(minutes=7)):
            self.assertNotEqual(pages.Beat.now().key, beat.key)

    def test_every_write_that_readers_see_is_another_state(self):
        states = []
        for write in (lambda: None, Pulse.objects.beat, lambda: Pulse.objects.beat(rendering=True)):
            write()
            states.append(pages.Beat.now().key)
        self.assertEqual(len(set(states)), 3)
