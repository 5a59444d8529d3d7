"""The finder: which experts fit a question (Iraq, in Arabic, live, within the hour), in which order, and why."""

import datetime as dt
from unittest import mock

import pytest

from articles.actions import topics
from articles.models import State
from experts.finding import finder
from experts.finding.finder import Wanted
from experts.models import (
    AvailabilityWindow,
    Bar,
    Channel,
    ContactLog,
    Expert,
    ExpertTopic,
    LanguageSkill,
    TimeOff,
    Verification,
)
from newsroom import clock, paper
from newsroom.models import Topic, TopicName
from tests.base import DeskTestCase

pytestmark = pytest.mark.engines

# The last Sunday of March 2026: at 01:00 UTC the clocks of London go forward.
NOW = dt.datetime(2026, 3, 29, 8, 0, tzinfo=dt.UTC)
SUN, SAT = 6, 5
LIVE = Wanted(topic="Iraq", language="ar", on_air=True, format="live", within=60)


class FinderTestCase(DeskTestCase):
    def setUp(self):
        frozen = clock.frozen(NOW)
        frozen.__enter__()
        self.addCleanup(frozen.__exit__, None, None, None)
        self.iraq = Topic.objects.create(name="Iraq", slug="iraq")
        TopicName.objects.create(topic=self.iraq, text="العراق")

    def make(self, name, *, zone="Europe/London", hours=((SUN, 9, 12),), topic=None, level=2, speaks=(("ar", 4, True),),
             formats=("live",), **fields):  # fmt: skip
        """A card that fits LIVE, but for what the test is about."""
        expert = Expert.objects.create(display_name=name, time_zone=zone, formats=list(formats), **fields)
        ExpertTopic.objects.create(content_object=expert, tag=topic or self.iraq, level=level)
        for tag, how, on_air in speaks:
            LanguageSkill.objects.create(expert=expert, tag=tag, level=how, on_air=on_air)
        for weekday, start, end in hours:
            AvailabilityWindow.objects.create(expert=expert, weekday=weekday, start=dt.time(start), end=dt.time(end))
        return expert

    def verify(self, expert, outcome="confirmed", days=10, method="met"):
        on = (NOW - dt.timedelta(days=days)).date()
        Verification.objects.create(
            expert=expert, method=method, on=on, by=self.sami, outcome=outcome, expires_on=on + dt.timedelta(days=365)
        )

    def names(self, wanted=LIVE, now=NOW):
        return [found.expert.display_name for found in finder.find_experts(wanted, now)]


class FitTests(FinderTestCase):
    def test_exactly_the_experts_who_fit_are_found_among_200(self):
        """Workflow 1: topic or synonym, Arabic on air, live, an hour of theirs open on the day the clocks change."""
        other = Topic.objects.create(name="Opera", slug="opera")
        fitting = {"High", "Window over midnight", "Regional Arabic", "In Baghdad", "Interview Arabic"}
        self.make("High", level=3)
        # 08:00 UTC is 09:00 in London since the night, 04:00 in New York, 11:00 in Baghdad.
        self.make("Window over midnight", zone="America/New_York", hours=((SAT, 22, 6),))
        self.make("Regional Arabic", speaks=(("ar-JO", 3, True),))
        self.make("In Baghdad", zone="Asia/Baghdad", hours=((SUN, 10, 12),))
        self.make("Interview Arabic", speaks=(("ar", 3, True), ("en", 4, True)))
        self.make("Other topic", topic=other)
        self.make("Basic Arabic", speaks=(("ar", 2, True),))
        self.make("Not on air", speaks=(("ar", 4, False), ("en", 4, True)))
        self.make("Other language", speaks=(("arz-", 4, True),))
        self.make("Never live", formats=("print", "studio"))
        self.make("Before the change", hours=((SUN, 8, 9),))
        self.make("Too short", zone="Asia/Baghdad", hours=((SUN, 10, 11),))
        self.make("Needs a day", lead_time=1440)
        self.make("Dormant", status="dormant")
        away = self.make("Away")
        TimeOff.objects.create(expert=away, first=NOW.date(), last=NOW.date())
        barred = self.make("Barred")
        Bar.objects.create(expert=barred, kind=Bar.CONTACT, reason="Asked us not to.", since=NOW.date())
        on_iraq = self.make("Barred on this topic")
        Bar.objects.create(expert=on_iraq, kind=Bar.CONTACT, reason="Not on this.", since=NOW.date(), topic=self.iraq)
        not_live = self.make("Barred live")
        Bar.objects.create(expert=not_live, kind=Bar.CONTACT, reason="Never live.", since=NOW.date(), medium="live")
        self.verify(self.make("Failed"), "failed")
        self.make("Merged", merged_into=barred)
        self.make("Removed", removed_at=NOW)
        for n in range(180):
            self.make(f"Extra {n}", topic=other if n % 2 else None, hours=((n % 6, 9, 12),))
        self.assertEqual(set(self.names()), fitting)
        for word in ("العراق", "IRAQ", "iraq"):
            self.assertEqual(set(self.names(Wanted(**{**vars(LIVE), "topic": word}))), fitting)

    def test_experts_with_unknown_hours_come_after_free_ones(self):
        self.make("Unknown", hours=(), level=3)
        self.make("No zone", zone="", level=3)
        self.make("Free", level=1)
        self.assertEqual(self.names(), ["Free", "Unknown", "No zone"])
        self.assertIn("Hours not known", finder.find_experts(LIVE, NOW)[1].reasons)

    def test_hours_for_other_formats_do_not_count(self):
        expert = self.make("Phone only on Sundays", hours=())
        AvailabilityWindow.objects.create(
            expert=expert, weekday=SUN, start=dt.time(9), end=dt.time(12), formats=["phone"]
        )
        self.assertEqual(self.names(), [])

    def test_a_bar_that_has_ended_excludes_nobody(self):
        expert = self.make("Back again")
        Bar.objects.create(
            expert=expert, kind=Bar.CONTACT, reason="For a while.", since=NOW.date() - dt.timedelta(days=9),
            until=NOW.date() - dt.timedelta(days=1),
        )  # fmt: skip
        self.assertEqual(self.names(), ["Back again"])

    def test_an_expired_check_does_not_count_as_verified(self):
        self.verify(self.make("Met"))
        self.verify(self.make("Long ago"), days=400)
        self.verify(self.make("By mail"), method="email")
        self.make("Never")
        self.assertEqual(self.names(Wanted(topic="Iraq", verified=True)), ["Met"])

    def test_the_finder_filters_by_country(self):
        self.make("At home", country="IQ")
        self.make("Abroad", country="GB")
        self.assertEqual(self.names(Wanted(topic="Iraq", country="IQ")), ["At home"])

    def test_an_unknown_topic_finds_nobody(self):
        self.make("Somebody")
        self.assertEqual(self.names(Wanted(topic="Iraqi")), [])

    def test_a_topic_typed_in_part_finds_its_experts(self):
        prices = Topic.objects.create(name="Électricité, Oil prices", slug="electricite-oil-prices")
        TopicName.objects.create(topic=prices, text="أسعار النفط")
        self.make("Trader", topic=prices)
        self.make("Historian")
        for words in ("oil", "Oil pri", "prices", "Oil prices", "electr", "أسعار الن", "oil-prices"):
            self.assertEqual(self.names(Wanted(topic=words)), ["Trader"], words)
        self.assertEqual(self.names(Wanted(topic="IRA")), ["Historian"])
        for words in ("il", "rices", "…", "%", "_", "oil  wars"):
            self.assertEqual(self.names(Wanted(topic=words)), [], words)

    def test_a_topic_of_that_very_name_goes_before_longer_ones(self):
        self.make("Historian")
        self.make("General", topic=Topic.objects.create(name="Iraq war", slug="iraq-war"))
        self.assertEqual(self.names(Wanted(topic="iraq")), ["Historian"])
        self.assertEqual(set(self.names(Wanted(topic="ira"))), {"Historian", "General"})

    def test_a_language_of_a_region_finds_those_with_the_language(self):
        for tag in ("ar", "ar-JO", "AR-EG", "arz", "en"):
            self.make(tag, speaks=((tag, 3, False),))
        self.assertEqual(set(self.names(Wanted(language="ar-jo"))), {"ar", "ar-JO"})
        self.assertEqual(set(self.names(Wanted(language="ar"))), {"ar", "ar-JO", "AR-EG"})
        self.assertEqual(set(self.names(Wanted(language="ar-JO-x"))), {"ar", "ar-JO"})

    def test_the_very_region_comes_before_the_language_alone(self):
        self.make("All", speaks=(("ar", 3, False),))
        self.make("Both", speaks=(("ar", 3, False), ("ar-JO", 3, False)))
        self.make("Jordan", speaks=(("ar-JO", 3, False),))
        self.assertEqual(self.names(Wanted(language="ar-jo")), ["Both", "Jordan", "All"])

    def test_a_merged_topic_is_found_by_its_old_name(self):
        old = Topic.objects.create(name="Mesopotamia", slug="mesopotamia")
        self.make("Scholar", topic=old, level=3)
        topics.merge_topics([old], into=self.iraq, by=self.max)
        self.assertEqual(self.names(Wanted(topic="Mesopotamia")), ["Scholar"])
        self.assertEqual(self.names(Wanted(topic="Iraq")), ["Scholar"])


class RankTests(FinderTestCase):
    def reasons(self, name):
        return next(found.reasons for found in finder.find_experts(LIVE, NOW) if found.expert.display_name == name)

    def test_experts_who_know_more_come_first(self):
        for name, level in (("Low", 1), ("High", 3), ("Medium", 2)):
            self.make(name, level=level)
        self.assertEqual(self.names(), ["High", "Medium", "Low"])
        self.assertIn("Iraq: high", self.reasons("High"))

    def test_verified_experts_who_answered_come_first(self):
        answered, silent = self.make("Z answered"), self.make("A silent")
        self.verify(answered)
        Channel.objects.create(
            expert=answered, kind="phone", raw="1", normalized="+1", verify_result="works", verified_on=NOW.date()
        )
        for expert, outcome in ((answered, "reached"), (silent, "declined")):
            ContactLog.objects.create(expert=expert, at=NOW - dt.timedelta(days=2), by=self.rana, outcome=outcome)
        self.assertEqual(self.names(), ["Z answered", "A silent"])
        says = self.reasons("Z answered")
        for line in ("Identity verified", "A number or address worked on 29 Mar 2026", "Reached on 27 Mar 2026"):
            self.assertIn(line, says)
        self.assertIn("Declined on 27 Mar 2026", self.reasons("A silent"))
        self.assertIn("Identity never verified", self.reasons("A silent"))

    def test_experts_quoted_often_come_later_with_the_count(self):
        used = self.make("Anna Ash")
        self.make("Berta Birch")
        body = f'<p>“<q data-expert="{used.pk}">We agree</q>”, she says, “<q data-expert="{used.pk}">again</q>”.</p>'
        self.make_article(state=State.PUBLISHED, body=body)
        self.assertEqual(self.names(), ["Berta Birch", "Anna Ash"])
        self.assertIn("Quoted in 1 story in 90 days", self.reasons("Anna Ash"))
        with clock.frozen(NOW + dt.timedelta(days=98)):
            found = finder.find_experts(Wanted(topic="Iraq"), NOW + dt.timedelta(days=98))
        self.assertEqual(found[0].expert.display_name, "Anna Ash")

    def test_the_end_of_hours_is_given_in_local_time(self):
        self.make("In Baghdad", zone="Asia/Baghdad", hours=((SUN, 10, 14),))
        self.assertIn("Free until 14:00 their time (Asia/Baghdad)", self.reasons("In Baghdad"))

    def test_a_storys_topics_find_experts(self):
        self.make("Low", level=1)
        self.make("High", level=3, hours=())
        found = finder.find_for_topics([self.iraq.pk, self.topic.pk], NOW.date())
        self.assertEqual([one.expert.display_name for one in found], ["High", "Low"])
        self.assertEqual(finder.find_for_topics([], NOW.date()), [])


class QueryTests(FinderTestCase):
    def test_a_broad_question_reads_those_who_know_most(self):
        for n, level in enumerate((1, 3, 2, 1)):
            self.make(f"Card {n}", level=level)
        with mock.patch.object(finder, "MOST_READ", 2):
            self.assertEqual(self.names(), ["Card 1", "Card 2"])

    def test_a_list_that_is_cut_says_how_many_fit(self):
        for n in range(5):
            self.make(f"Card {n}", speaks=(("ar", 4, True), ("ar-JO", 4, True)))
        for most_ranked, most_read, total, is_at_least in (
            (300, 1500, 5, False), (2, 1500, 5, False), (2, 11, 5, False), (2, 8, 4, True), (300, 6, 3, True),
        ):  # fmt: skip
            with mock.patch.multiple(finder, MOST_RANKED=most_ranked, MOST_READ=most_read):
                found = finder.find_experts(LIVE, NOW)
            self.assertEqual((found.total, found.is_at_least), (total, is_at_least), (most_ranked, most_read))
            self.assertEqual(len(found), min(most_ranked, total))
        self.assertEqual((finder.find_experts(Wanted(topic="x"), NOW).total), 0)

    def test_the_finder_takes_three_queries_for_any_number_of_cards(self):
        for count in (2, 20):
            for n in range(count):
                self.make(f"Card {count} {n}")
            # on a page, which has the zone: the topic, who fits with their hours, how fresh the best of them are
            with paper.settled(), self.assertNumQueries(3):
                finder.find_experts(LIVE, NOW)
