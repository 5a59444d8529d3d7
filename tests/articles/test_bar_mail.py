"""Word of a bar on somebody whom stories quote: editors learn which stories, once each, without the reason."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from articles.actions import gate, topics
from articles.actions.people import linking
from articles.actions.people.bar_mail import tell_editors_about_bar
from articles.models import Kind, Notification, Section
from experts.actions import bars
from experts.models import Bar
from newsroom import clock
from newsroom.models import Topic

from .. import zones
from ..base import NOON
from ..site.base import HOUR, SiteTestCase

REASON = "Made up his numbers, says a colleague"


@pytest.mark.days
class BarredTests(SiteTestCase):
    def story(self, **changes):
        body = f'<p>Text. <q data-expert="{self.expert.pk}" data-quote="q1">A rule is a rule</q></p>'
        return self.publish(body=body, people=[(self.expert, "pilot")], **changes)

    def bar(self, kind=Bar.QUOTE, at=NOON + HOUR, **changes):
        with clock.frozen(at), self.captureOnCommitCallbacks(execute=True):
            return bars.set_bar(self.expert, by=self.sami, kind=kind, reason=REASON, **changes)

    def told(self):
        return dict(Notification.objects.values_list("user__username", "text"))

    def test_section_editor_duty_and_managing_editor_are_told_once_each(self):
        edition, other = self.story(), self.story()
        self.bar()
        self.assertEqual(
            sorted(sent.to[0] for sent in mail.outbox), sorted(u.email for u in (self.edith, self.dana, self.max))
        )
        told = Notification.objects.get(user=self.edith)
        for words in ("Do not quote: Halvard Nystrom, in 2 stories", edition.text.headline, other.text.headline):
            self.assertIn(words, told.text)
        card = reverse("admin:experts_expert_change", args=[self.expert.pk])
        self.assertEqual((told.by, told.get_absolute_url()), (self.sami, card))
        self.assertIn(card, mail.outbox[0].body)

    def test_nothing_says_why_the_bar_was_set_and_no_mail_on_whom(self):
        self.story()
        self.bar()
        self.assertNotIn(REASON, str(self.told()))
        sent = str([(one.subject, one.body) for one in mail.outbox])
        for words in (REASON, "Halvard", "Nystrom", "Six ports"):
            self.assertNotIn(words, sent)

    def test_an_editor_is_told_of_stories_of_their_section_only(self):
        other = self.cast_editor()
        mine, theirs = self.story(), self.story(section=self.politics)
        self.bar()
        self.assertIn(theirs.text.headline, self.told()[other.username])
        self.assertNotIn(mine.text.headline, self.told()[other.username])
        for headline in (mine.text.headline, theirs.text.headline):
            self.assertIn(headline, self.told()["max"])

    def cast_editor(self):
        from articles.roles import Role

        from ..base import person

        paula = person("paula", Role.EDITOR)
        Section.objects.get(pk=self.politics.pk).editors.add(paula)
        return paula

    def test_no_story_is_named_in_which_they_spoke_on_background(self):
        for number, rule in enumerate(("background", "deep_background")):
            self.publish_on(rule, headline="Gates rust shut", slug=f"gates-{number}")
        openly = self.story()
        for kind in (Bar.QUOTE, Bar.CONTACT):
            Notification.objects.all().delete()
            self.bar(kind)
            self.assertIn("in 1 story", self.told()["max"])
            self.assertIn(openly.text.headline, self.told()["max"])
            self.assertNotIn("Gates", self.told()["max"])

    def test_a_bar_on_somebody_quoted_on_background_only_mails_nobody(self):
        self.publish_on("background")
        for kind in (Bar.QUOTE, Bar.CONTACT):
            self.bar(kind)
        self.assertEqual(mail.outbox, [])

    def publish_on(self, rule, **changes):
        with clock.frozen(NOON):
            body = f'<p>Text. <q data-expert="{self.expert.pk}" data-quote="quietly">A rule is a rule</q></p>'
            article = self.make_article(body=body, **changes)
            agreed = {"quietly": {"ground_rule": rule, "descriptor": "a pilot"}}
            revision = linking.set_terms(article, agreed, by=self.rana, seen_version=article.version)
            return gate.open_frozen(article, revision, gate.Plan(Kind.FIRST, self.max))

    def test_no_mail_to_those_who_left_or_who_set_the_bar(self):
        self.story()
        type(self.edith).objects.filter(pk=self.edith.pk).update(is_active=False)
        self.sami.groups.add(*self.max.groups.all())
        self.bar()
        self.assertEqual(sorted(self.told()), ["dana", "max"])

    def test_a_scheduled_story_is_named_with_its_hour(self):
        body = f'<p>Text. <q data-expert="{self.expert.pk}" data-quote="q1">A rule is a rule</q></p>'
        edition = self.schedule(at=NOON + 3 * HOUR, body=body)
        self.bar()
        hour = f"{zones.local(edition.live_from):%-d %B, %H:%M}"
        self.assertIn(f"Cancelled, it was to go out {hour}: {edition.text.headline}", self.told()["dana"])
        with clock.frozen(NOON + HOUR):
            self.assertFalse(edition.article.editions.waiting().exists())

    def test_a_bar_on_contact_stops_no_schedule_and_says_so(self):
        body = f'<p>Text. <q data-expert="{self.expert.pk}" data-quote="q1">A rule is a rule</q></p>'
        edition = self.schedule(at=NOON + 3 * HOUR, body=body)
        self.bar(Bar.CONTACT)
        hour = f"{zones.local(edition.live_from):%-d %B, %H:%M}"
        self.assertIn(f"Goes out {hour}: {edition.text.headline}", self.told()["dana"])
        self.assertIn("The bar stops no schedule", self.told()["dana"])
        with clock.frozen(NOON + HOUR):
            self.assertTrue(edition.article.editions.waiting().exists())

    def test_a_bar_that_concerns_no_story_mails_nobody(self):
        self.publish()  # without the person
        body = f'<p>Text. <q data-expert="{self.expert.pk}" data-quote="q1">A rule is a rule</q></p>'
        self.make_article(body=body, slug="draft")  # the gate stops it by itself
        self.story()
        day = zones.day()
        fish = Topic.objects.create(name="Fish", slug="fish")
        self.bar(topic=fish)
        self.bar(medium="live")
        self.bar(since=day - dt.timedelta(days=9), until=day - dt.timedelta(days=2))
        self.assertEqual(mail.outbox, [])
        self.bar(topic=self.topic)
        self.assertIn("on Shipping", self.told()["max"])

    def test_a_bar_on_a_topic_concerns_stories_of_topics_merged_into_it(self):
        other = Topic.objects.create(name="Ferries", slug="ferries")
        edition = self.story(topics=[self.topic])
        topics.merge_topics([self.topic], into=other, by=self.max)
        self.bar(topic=other)
        self.assertIn(edition.text.headline, self.told()["max"])

    def test_a_bar_on_contact_concerns_all_stories_that_name_the_person(self):
        self.publish(people=[(self.expert, "pilot")])
        self.bar()
        self.assertEqual(mail.outbox, [], "nothing of theirs is quoted")
        self.bar(Bar.CONTACT)
        self.assertIn("These stories name them", self.told()["max"])

    def test_the_cards_form_sends_the_mail_and_lifting_a_bar_sends_none(self):
        self.story()
        self.client.force_login(self.sami)
        where = reverse("admin:experts_expert_part", args=[self.expert.pk, "bars"])
        self.expert.refresh_from_db()
        data = {"kind": "quote", "reason": REASON, "since": "2026-05-04", "seen": self.expert.version}
        with self.captureOnCommitCallbacks(execute=True):
            for code in (302, 409):  # a second click
                self.assertEqual(self.client.post(where, data).status_code, code)
        self.assertEqual(len(mail.outbox), 3)
        with self.captureOnCommitCallbacks(execute=True):
            bars.lift_bar(self.expert.bars.get(), by=self.sami)
        self.assertEqual(len(mail.outbox), 3)

    def test_word_of_a_bar_takes_as_many_queries_for_many_stories(self):
        for hours in range(2, 5):
            self.story()
            body = f'<p>Text. <q data-expert="{self.expert.pk}" data-quote="q1">A rule is a rule</q></p>'
            self.schedule(at=NOON + hours * HOUR, body=body)
        day = zones.day()
        bar = self.expert.bars.create(kind="quote", reason=REASON, since=day, until=day + dt.timedelta(days=9))
        # the paper's zone; what waits; what readers see; who can act for their section
        told = self.captureOnCommitCallbacks(execute=True)
        with clock.frozen(NOON + HOUR), told, self.assertNumQueries(4) as asked:
            tell_editors_about_bar(bar, by=self.sami)
        self.assertIn("in 6 stories", self.told()["max"])
        for column in ("body", "data"):
            self.assertNotIn(f'."{column}"', "".join(one["sql"] for one in asked), "a whole text is no part of it")
