"""The desk's days around midnight: the paper's, where UTC has another already, or still."""

import datetime as dt
from unittest import mock

import pytest
from django.urls import reverse

from articles.actions import addresses
from articles.models import Designation, DutyTurn, Front
from experts.actions import log
from experts.finding import finder
from experts.models import MergeRecord
from newsroom import clock
from newsroom.models import Publication

from ..site.base import SiteTestCase

AUCKLAND, LOS_ANGELES = "Pacific/Auckland", "America/Los_Angeles"
EVENING = dt.datetime(2026, 5, 5, 3, 30, tzinfo=dt.UTC)  # 20:30 on 4 May in Los Angeles
NIGHT = dt.datetime(2026, 5, 4, 13, 0, tzinfo=dt.UTC)  # 01:00 on 5 May in Auckland


@pytest.mark.days
class DayTests(SiteTestCase):
    def at(self, zone, moment):
        Publication.objects.update(time_zone=zone)
        frozen = clock.frozen(moment)
        frozen.__enter__()
        self.addCleanup(frozen.__exit__, None, None, None)

    def open(self, user, name, *args):
        self.client.force_login(user)
        return self.client.get(reverse(f"admin:{name}", args=args))

    def test_an_entry_deleted_in_the_evening_takes_its_notes_off(self):
        entry = Designation.objects.create(name="Karst Brigade", mark="*", listing="List A")
        edition = self.publish(body="<p>The Karst Brigade said so.</p>")
        self.assertEqual(len(edition.text.data["legal_notes"]), 1)
        self.at(LOS_ANGELES, EVENING)
        self.client.force_login(self.leo)
        self.client.post(reverse("admin:articles_designation_delete", args=[entry.pk]), {"post": "yes"})
        self.assertFalse(Designation.objects.exists())
        self.assertEqual(edition.article.editions.live().get().text.data["legal_notes"], [])

    def test_a_slug_of_yesterday_is_free_after_midnight(self):
        Publication.objects.update(time_zone=AUCKLAND)
        self.publish(at=NIGHT - dt.timedelta(hours=3), slug="tides")  # 22:00 on 4 May
        self.at(AUCKLAND, NIGHT)
        self.assertIsNone(addresses.story_with_slug("tides", self.world, self.make_article(slug="tides-today")))

    def test_a_slug_of_today_is_taken_in_the_evening(self):
        Publication.objects.update(time_zone=LOS_ANGELES)
        edition = self.publish(at=EVENING - dt.timedelta(hours=9), slug="tides")
        self.at(LOS_ANGELES, EVENING)
        taken = addresses.story_with_slug("tides", self.world, self.make_article(slug="tides-today"))
        self.assertEqual(taken, edition.article)

    def test_a_front_says_its_launch_by_the_papers_clock(self):
        self.at(AUCKLAND, NIGHT)
        front = Front.objects.create(section=self.world, launched_at=NIGHT)
        self.assertContains(self.open(self.edith, "articles_front_change", front.pk), "Launched 05 May 01:00")

    def test_a_turn_of_duty_is_named_by_the_papers_clock(self):
        self.at(AUCKLAND, NIGHT)
        self.assertEqual(str(DutyTurn(user=self.dana, turn_from=NIGHT)).rpartition(" from ")[2], "05 May 01:00")

    def test_a_call_and_a_merge_are_named_by_the_papers_day(self):
        self.at(AUCKLAND, NIGHT)
        entry = log.add_entry(self.expert, by=self.rana, outcome="reached")
        self.assertTrue(str(entry).endswith("05 May 2026"), str(entry))
        self.assertEqual(str(MergeRecord(at=NIGHT)), "merge of 05 May 2026")

    def test_the_list_of_sources_says_the_papers_day_of_the_last_quote(self):
        Publication.objects.update(time_zone=AUCKLAND)
        body = f'<p>He said <q data-expert="{self.expert.pk}" data-quote="q1">a rule is a rule</q>.</p>'
        self.publish(at=NIGHT, body=body, people=[(self.expert, "pilot")])
        self.at(AUCKLAND, NIGHT)
        page = self.open(self.sami, "experts_expert_changelist")
        self.assertContains(page, "5 May 2026")
        self.assertNotContains(page, "4 May 2026")

    def test_sources_for_another_day_are_sought_on_that_day(self):
        self.at(AUCKLAND, NIGHT)
        asked = []
        with mock.patch.object(finder, "find_experts", lambda wanted, now: asked.append(now) or []):
            finder.find_for_topics([self.topic.pk], dt.date(2026, 5, 9))
        self.assertEqual(asked[0].astimezone(self.zone(AUCKLAND)).date(), dt.date(2026, 5, 9))

    def zone(self, name):
        return Publication(time_zone=name).zone
