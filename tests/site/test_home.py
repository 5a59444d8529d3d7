"""The front page fills itself around its pins and prints no story twice."""

import re
from collections import Counter
from unittest import mock

import pytest

from articles.actions import take
from articles.models import Front, Section
from articles.site import experts
from newsroom import clock
from newsroom.models import Pulse

from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase

pytestmark = pytest.mark.engines


class HomeTests(SiteTestCase):
    def stories_on(self, path="/", at=NOON + HOUR):
        """The addresses of the stories on a page, in order, however they are printed."""
        page = self.get(path, at=at).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        return re.findall(r'href="(/\w+/\d{4}/\d\d/\d\d/[\w-]+/)"', main)

    def fill(self):
        sections = [self.world, self.politics] + [
            Section.objects.create(name=name, slug=name.lower(), order=n)
            for n, name in enumerate(["City", "Opinion"], 3)
        ]
        n = 0
        for genre in ("news", "analysis", "opinion", "feature"):
            for section in sections:
                for _ in range(3):
                    n += 1
                    self.publish(at=NOON - n * MINUTE, genre=genre, section=section)

    def test_an_empty_paper_has_a_front_page(self):
        self.assertContains(self.get("/"), "The first story will stand here.")

    def test_the_front_page_prints_no_story_twice(self):
        self.fill()
        counted = Counter(self.stories_on())
        self.assertEqual([path for path, n in counted.items() if n > 1], [])
        self.assertGreater(len(counted), 25)

    def test_a_sections_column_has_its_own_stories_only(self):
        for _ in range(20):
            self.publish()
        inner = Section.objects.create(name="Harbour", slug="harbour", parent=self.politics)
        child = self.publish(at=NOON - HOUR, section=inner)
        other = self.publish(at=NOON - 2 * HOUR)
        self.again(other, at=NOON - HOUR, sections=[self.politics.pk])
        page = self.get("/").content.decode()
        column = page[page.index('id="section-politics"') :]
        self.assertIn(child.path, column)
        self.assertNotIn(other.path, column)

    def test_the_newest_story_leads_unless_it_is_opinion(self):
        news = self.publish(headline="News")
        self.publish(at=NOON + MINUTE, genre="opinion", headline="Views")
        self.assertEqual(self.stories_on()[0], news.path)

    def test_a_pinned_story_leads(self):
        self.fill()
        old = self.publish(at=NOON - 9 * HOUR)
        Front.objects.create(launched=[{"article": old.article_id, "headline": "The long view", "until": None}])
        Pulse.objects.beat()
        stories = self.stories_on()
        self.assertEqual(stories[0], old.path)
        self.assertEqual(Counter(stories)[old.path], 1)
        self.assertContains(self.get("/"), "The long view")

    def test_the_pin_of_a_withdrawn_story_does_not_come_back_with_it(self):
        self.fill()
        old = self.publish(at=NOON - 9 * HOUR)
        self.launch(None, (old, "Minister took bribes", None))
        self.assertContains(self.get("/"), "Minister took bribes")
        article = old.article
        with clock.frozen(NOON + MINUTE):
            take.take(
                article, "withdraw", by=self.max, seen=take.seen_token(article), note="x", reason="pending_review",
                reader_text="It is gone.",
            )  # fmt: skip
        with clock.frozen(NOON + 2 * MINUTE):
            article.refresh_from_db()
            take.take(article, "reinstate", by=self.max, seen=take.seen_token(article), note="x")
        self.assertEqual(self.get(old.path).status_code, 200)
        self.assertNotContains(self.get("/"), "Minister took bribes")

    def test_a_pin_that_is_not_live_is_replaced_by_the_newest(self):
        self.fill()
        waiting = self.schedule(at=NOON + 5 * HOUR, headline="Secret")
        Front.objects.create(launched=[{"article": waiting.article_id, "headline": "Hush", "until": None}])
        Pulse.objects.beat()
        page = self.get("/")
        for words in ("Hush", "Secret"):
            self.assertNotContains(page, words)
        self.assertEqual(self.stories_on(at=NOON + 5 * HOUR)[0], waiting.path)

    def test_the_front_page_costs_one_query_while_nothing_changes(self):
        self.publish()
        self.get("/")
        with self.assertNumQueries(1):  # the pulse and the moments around now
            self.get("/")
        costs = []
        for fill in (lambda: None, self.fill):
            fill()
            Pulse.objects.beat()
            with self.settings(), CountQueries() as counted:
                self.get("/")
            costs.append(len(counted))
        # pulse; shell: publication, sections, policies; pins; candidates; cards; voices; corrections, withdrawals
        self.assertEqual(costs, [10, 10])

    def test_each_expert_is_quoted_once_with_the_printed_title(self):
        for n in range(2):
            self.publish(
                at=NOON - n * MINUTE,
                body=f'<p>The port authority: <q data-expert="{self.expert.pk}" data-quote="q">Word {n}</q></p>',
                people=[(self.expert, "former harbour judge")],
            )
        page = self.get("/")
        self.assertContains(page, "“Word 0”")
        self.assertNotContains(page, "“Word 1”")
        self.assertContains(page, "former harbour judge")

    def test_voices_are_looked_for_in_the_newest_stories_only(self):
        body = f'<p>The port authority: <q data-expert="{self.expert.pk}" data-quote="q">Long ago</q></p>'
        self.publish(at=NOON - HOUR, body=body, people=[(self.expert, "judge")])
        self.assertContains(self.get("/"), "“Long ago”")
        for n in range(3):
            self.publish(at=NOON - n * MINUTE)
        with mock.patch.object(experts, "VOICES_AMONG", 3):
            self.assertNotContains(self.get("/"), "“Long ago”")

    def test_the_front_page_lists_corrections(self):
        self.correct(self.publish(), at=NOON + MINUTE, text="Six, not seven.")
        self.assertContains(self.get("/"), "Six, not seven.")


def CountQueries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)
