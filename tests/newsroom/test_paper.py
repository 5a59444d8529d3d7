"""The paper's days: the same in a command, on the desk and in a model, whatever zone the machine is in."""

import datetime as dt

from articles.desk.editor import lookup
from experts.actions import cards, log
from experts.finding import finder
from experts.models import Bar, Expert
from newsroom import clock, paper
from newsroom.models import Publication

from ..base import DeskTestCase

EVENING = dt.datetime(2026, 5, 4, 20, tzinfo=dt.UTC)  # 5 May in Tokyo
FIRST, SECOND = dt.date(2026, 5, 4), dt.date(2026, 5, 5)


class PaperDayTests(DeskTestCase):
    def setUp(self):
        Publication.objects.update(time_zone="Asia/Tokyo")
        self.card = cards.make_card("Mona Larsen", by=None)
        self.role = self.card.affiliations.create(title="judge", end="2026-05-04")
        self.card.topics.add(self.topic)
        self.card.bars.create(kind=Bar.CONTACT, reason="Away", since=FIRST - dt.timedelta(days=9), until=FIRST)

    def test_a_command_that_runs_around_midnight_has_the_papers_day(self):
        with clock.frozen(EVENING):
            self.assertEqual(paper.today(), SECOND)
            self.assertIsNone(self.card.bar(Bar.CONTACT))
            self.assertFalse(Expert.objects.barred(Bar.CONTACT).exists())
            self.assertEqual(lookup.expert_rows(Expert.objects.filter(pk=self.card.pk))[0]["sub"], "")
            log.add_entry(self.card, by=self.rana, outcome="reached")
            self.assertIn(
                self.card.pk, [one.expert.pk for one in finder.find_experts(finder.Wanted(topics=(self.topic.pk,)))]
            )
        with clock.frozen(EVENING - dt.timedelta(hours=6)):
            self.assertEqual(paper.today(), FIRST)
            self.assertIsNotNone(self.card.bar(Bar.CONTACT))

    def test_a_page_of_the_desk_around_midnight_has_the_papers_day(self):
        self.client.force_login(self.sami)
        with clock.frozen(EVENING):
            page = self.client.get(f"/admin/experts/expert/{self.card.pk}/change/")
            self.assertNotContains(page, "To print today")
        with clock.frozen(EVENING - dt.timedelta(hours=6)):
            self.assertContains(self.client.get(page.request["PATH_INFO"]), "To print today")

    def test_a_page_asks_for_the_zone_once(self):
        with clock.frozen(EVENING):
            with self.assertNumQueries(1):
                self.assertEqual(paper.today(), SECOND)
            for zone in ("Asia/Tokyo", "UTC"):
                Publication.objects.update(time_zone=zone)
                with paper.settled(), self.assertNumQueries(0):
                    paper.today()

    def test_the_day_is_utcs_before_the_paper_is_set_up(self):
        Publication.objects.all().delete()
        with clock.frozen(EVENING):
            self.assertEqual(paper.today(), FIRST)
