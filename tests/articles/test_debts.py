"""What is owed after the fact: the second look at words approved unseen, and what a flash leaves for later."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from articles.actions import checklist, debts, signoffs, take, writing
from articles.models import Article, Debt, SignOff, State
from articles.roles import Role
from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, NoteNeeded, Refused
from newsroom.models import User

from ..base import DeskTestCase

WHY = "Nobody else is in the house tonight."


class DebtCase(DeskTestCase):
    def take(self, article, name, by, **asked):
        said = take.take(article, name, by=User.objects.get(pk=by.pk), seen=take.seen_token(article), **asked)
        article.refresh_from_db()
        return said

    def owed(self, article):
        return list(article.debts.owed().values_list("kind", flat=True))


class UnseenTests(DebtCase):
    def submitted_by(self, user):
        article = self.make_article()
        self.take(article, "submit", user)
        return article

    def test_a_duty_editor_approves_own_words_unseen_with_a_reason(self):
        article = self.submitted_by(self.dana)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.dana)
        self.take(article, "approve-unseen", self.dana, note=WHY)
        self.assertEqual((article.state, article.approved, article.approved_by), (
            State.APPROVED, article.revisions.first(), self.dana))  # fmt: skip
        debt = article.debts.get()
        self.assertEqual((debt.kind, debt.by, debt.revision), ("second_look", self.dana, article.approved))
        self.assertEqual(debt.due_at - debt.since, timedelta(minutes=60))

    def test_a_short_reason_or_none_is_not_enough(self):
        article = self.submitted_by(self.dana)
        for note in ("", "   ", "it is late", "x" * 14):
            with self.subTest(note), self.assertRaises(NoteNeeded):
                self.take(article, "approve-unseen", self.dana, note=note)
        self.assertEqual((article.state, self.owed(article)), (State.SUBMITTED, []))

    def test_somebody_else_pays_the_second_look_and_the_story_stays(self):
        article = self.submitted_by(self.dana)
        self.take(article, "approve-unseen", self.dana, note=WHY)
        self.take(article, "publish", self.dana, waive=["*"], waive_note="a test")
        self.take(article, "second-look", self.leo)
        self.assertEqual((article.state, self.owed(article)), (State.PUBLISHED, []))
        self.assertEqual(article.debts.get().closed_by, self.leo)
        self.assertEqual(article.transitions.first().move, "second-look")

    def test_who_overrode_or_wrote_it_does_not_give_the_second_look(self):
        article = self.submitted_by(self.edith)
        self.take(article, "approve-unseen", self.dana, note=WHY)
        for user in (self.dana, self.edith):
            with self.subTest(user), self.assertRaises(NotAllowed):
                self.take(article, "second-look", user)
        self.assertEqual(self.owed(article), ["second_look"])

    def test_an_author_of_the_unseen_words_stays_one_after_an_update(self):
        article = self.make_article(byline=False)
        self.take(article, "submit", self.edith)
        self.take(article, "approve-unseen", self.dana, note=WHY)
        self.take(article, "send-back", self.max, note="Once more.")
        self.take(article, "submit", self.rana)
        with self.assertRaises(NotAllowed):
            self.take(article, "second-look", self.edith)
        self.take(article, "second-look", self.max)

    def test_whoever_overrides_again_is_kept_from_the_second_look_too(self):
        article = self.submitted_by(self.rana)
        self.take(article, "approve-unseen", self.dana, note=WHY)
        self.take(article, "send-back", self.edith, note="A word.")
        self.take(article, "submit", self.rana)
        self.take(article, "approve-unseen", self.max, note=WHY)
        for user in (self.dana, self.max):
            with self.subTest(user), self.assertRaises(NotAllowed):
                self.take(article, "second-look", user)
        self.take(article, "second-look", self.edith)
        self.assertEqual(Debt.objects.count(), 1)

    def test_nobody_gives_a_second_look_that_is_not_owed(self):
        article = self.make_article(state=State.PUBLISHED)
        with self.assertRaises(NotAllowed):
            self.take(article, "second-look", self.leo)

    def test_without_four_eyes_whoever_overrode_may_look_again(self):
        type(self.publication).objects.update(four_eyes=False)
        article = self.submitted_by(self.dana)
        self.take(article, "approve-unseen", self.dana, note=WHY)
        self.take(article, "second-look", self.dana)
        self.assertEqual(self.owed(article), [])


class FlashTests(DebtCase):
    def bare(self, **changes):
        """A news story approved with nothing but headline, section, text and byline."""
        article = self.make_article(state=State.APPROVED, standfirst="", topics=False, **changes)
        SignOff.objects.create(
            article=article, kind="facts", revision=article.revisions.first(), by=self.cora, at=clock.process_time()
        )
        return article

    def flash(self, article, by=None, **asked):
        asked = {"waive": ["source"], "waive_note": "It is the ministry's own."} | asked
        return self.take(article, "publish", by or self.edith, flash=True, **asked)

    def test_a_flash_runs_and_owes_what_it_runs_without(self):
        article = self.bare()
        said = self.flash(article)
        self.assertIn("Owed within half an hour: standfirst, topic, picture, copy sign-off", said)
        self.assertEqual(set(self.owed(article)), {"standfirst", "picture", "topic", "copy"})
        debt = article.debts.first()
        self.assertEqual(debt.due_at - debt.since, timedelta(minutes=30))
        edition = article.editions.get()
        self.assertEqual(set(edition.passed["owed"]), {"standfirst", "lead picture", "topic", "copy"})
        self.assertEqual(article.transitions.first().details["flash"], True)

    def test_a_flash_waives_nothing_else(self):
        article = self.make_article(state=State.APPROVED, standfirst="", topics=False)
        with self.assertRaises(Blocked) as stopped:
            self.flash(article, waive=[], waive_note="")
        self.assertIn("facts", {finding.code for finding in stopped.exception.findings})
        self.assertFalse(Debt.objects.exists())

    def test_a_flash_goes_before_the_copy_desk_that_its_section_asks_for(self):
        article = self.bare()
        type(self.world).objects.update(required_signoffs=["copy"])
        self.flash(article)
        self.assertIn("copy", self.owed(article))
        type(self.world).objects.update(required_signoffs=["legal"])
        other = self.bare(slug="other")
        with self.assertRaises(Blocked):
            self.flash(other)

    def test_only_news_runs_as_a_flash(self):
        article = self.bare(genre="explainer")
        with self.assertRaises(Refused):
            self.flash(article)

    def test_an_update_pays_what_it_brings_and_no_more(self):
        article = self.bare()
        self.flash(article)
        self.take(article, "revise", self.rana)
        article.standfirst = "Six ports have one rule."
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        self.assertIn("standfirst", self.owed(article))  # readers have not got it yet
        for name, by in (("submit", self.rana), ("approve", self.edith)):
            self.take(article, name, by)
        self.flash(article, waive=["*"], waive_note="the ministry's own", kind="minor")
        self.assertEqual(set(self.owed(article)), {"picture", "topic", "copy"})

    def test_a_later_edition_that_waives_by_name_closes_the_debt(self):
        article = self.bare()
        self.flash(article)
        for name, by in (("revise", self.rana), ("submit", self.rana), ("approve", self.edith)):
            self.take(article, name, by)
        named = [f.key for f in checklist.findings_of(article, article.approved.content) if f.key != "topic"]
        with self.assertRaises(Blocked):
            self.take(article, "publish", self.edith, waive=named, waive_note="no picture is coming", kind="minor")
        self.take(
            article, "publish", self.edith, waive=[*named, "topic"], waive_note="no picture is coming", kind="minor"
        )
        self.assertEqual(self.owed(article), [])

    def test_the_copy_desks_sign_off_pays_its_debt_at_once(self):
        article = self.bare()
        self.flash(article)
        signoffs.sign(article, "copy", by=self.cora)
        self.assertEqual(set(self.owed(article)), {"standfirst", "picture", "topic"})

    def test_a_withdrawn_flash_owes_readers_nothing(self):
        article = self.bare()
        self.flash(article)
        self.take(article, "withdraw", self.max, note="wrong", reason="in_error", reader_text="Published in error.")
        self.assertEqual(self.owed(article), [])

    def test_the_page_that_publishes_offers_the_tick_for_news_alone(self):
        self.client.force_login(self.edith)
        for genre, offered in (("news", True), ("explainer", False)):
            article = self.bare(genre=genre, slug=f"bare-{genre}")
            page = self.client.get(reverse("admin:articles_article_move", args=[article.pk, "publish"]))
            self.assertEqual("flash" in page.context["form"].fields, offered)
            page = self.client.get(reverse("admin:articles_article_move", args=[article.pk, "schedule"]))
            self.assertNotIn("flash", page.context["form"].fields)

    def test_an_editor_ticks_flash_on_the_page(self):
        article = self.bare()
        self.client.force_login(self.edith)
        url = reverse("admin:articles_article_move", args=[article.pk, "publish"])
        data = {"flash": "on", "waive": ["source"], "waive_note": "theirs", "seen": take.seen_token(article)}
        self.assertEqual(self.client.post(url, data).status_code, 302)
        self.assertEqual(len(self.owed(article)), 4)


class GuardTests(DebtCase):
    @pytest.mark.engines
    def test_a_debt_changes_in_nothing_but_that_it_is_paid(self):
        article = self.make_article()
        debts.owe(article, ["topic"], revision=article.revisions.first(), by=self.dana)
        for change in ({"by": self.max}, {"kind": "copy"}, {"due_at": clock.process_time()}):
            with self.subTest(change), self.assertRaises(DatabaseError), transaction.atomic():
                Debt.objects.update(**change)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Debt.objects.all().delete()
        debts.settle(article, ["topic"], by=self.max)
        self.assertEqual(Article.objects.get(debts__closed_by=self.max), article)

    def test_only_those_with_the_role_approve_unseen(self):
        article = self.make_article()
        self.take(article, "submit", self.rana)
        self.assertEqual(take.MOVES["approve-unseen"].who.keys(), {Role.DUTY, Role.MANAGING})
        with self.assertRaises(NotAllowed):
            self.take(article, "approve-unseen", self.edith, note=WHY)
