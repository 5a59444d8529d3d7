"""A sign-off counts for the words that it was given to, and after a withdrawal only if it is younger."""

import datetime as dt

from django.urls import reverse

from articles.actions import checklist, signoffs
from articles.models import State
from newsroom.errors import Blocked, NotAllowed

from ..base import NOON
from .test_gate import HOUR, WAIVED, GateTestCase


class WithdrawnTestCase(GateTestCase):
    def withdrawn(self, reason="legal_order", **changes):
        article = self.live_story(**changes)
        self.take(article, "withdraw", by=self.max, note="why", reason=reason, reader_text="Withdrawn.")
        self.enterContext(self.later(hours=2))
        return article

    def rewritten(self, article, **fields):
        """The story in work again, with other words, as far as an approval."""
        self.take(article, "revise-withdrawn", by=self.edith)
        self.change(article, self.edith, **({"standfirst": "Rewritten."} | fields))
        return article

    def approved(self, article):
        self.take(article, "submit", by=self.cora)
        self.take(article, "approve", by=self.max if article.submitted_by == self.edith else self.edith)
        return article


class PublishAnewTests(WithdrawnTestCase):
    def test_words_that_legal_never_saw_are_not_published_anew(self):
        article = self.rewritten(self.withdrawn())
        signoffs.sign(article, "legal", by=self.leo)
        self.change(article, self.edith, body="<p>Quite other words, according to the port authority.</p>")
        self.approved(article)
        with self.assertRaisesMessage(NotAllowed, "Legal signs these words off first"):
            self.take(article, "publish-anew", by=self.max, note="rewritten", **WAIVED)
        self.assertFalse(article.editions.live().exists())
        signoffs.sign(article, "legal", by=self.leo)
        self.take(article, "publish-anew", by=self.max, note="rewritten", **WAIVED)

    def test_a_save_that_changes_no_words_keeps_the_sign_off(self):
        article = self.rewritten(self.withdrawn())
        signoffs.sign(article, "legal", by=self.leo)
        article.topics.clear()
        self.change(article, self.edith)
        self.approved(article)
        self.take(article, "publish-anew", by=self.max, note="rewritten", **WAIVED)

    def test_a_sign_off_from_before_the_withdrawal_does_not_count_for_the_same_words(self):
        article = self.make_article(state=State.APPROVED)
        signoffs.sign(article, "legal", by=self.leo)
        self.take(article, "publish", **WAIVED)
        self.enterContext(self.later(seconds=1))
        self.take(article, "withdraw", by=self.max, note="why", reason="legal_complaint", reader_text="Withdrawn.")
        self.enterContext(self.later(hours=1))
        self.take(article, "revise-withdrawn", by=self.edith)
        self.approved(article)
        with self.assertRaises(NotAllowed):
            self.take(article, "publish-anew", by=self.max, note="the same", **WAIVED)


class ReinstateTests(WithdrawnTestCase):
    def test_the_words_that_come_back_are_those_that_legal_signed(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, headline="Half an update")
        self.take(article, "withdraw", by=self.max, note="why", reason="legal_order", reader_text="Withdrawn.")
        self.enterContext(self.later(hours=2))
        signoffs.sign(article, "legal", by=self.leo)  # of the half-written update, which is what the desk shows
        with self.assertRaisesMessage(NotAllowed, "Legal signs these words off first"):
            self.take(article, "reinstate", by=self.max, note="won")
        self.take(article, "revise-withdrawn", by=self.edith)
        signoffs.sign(article, "legal", by=self.leo)
        self.take(article, "drop-update", by=self.edith)
        self.take(article, "reinstate", by=self.max, note="won")

    def test_a_sign_off_from_before_the_withdrawal_brings_nothing_back(self):
        article = self.live_story()
        signoffs.sign(article, "legal", by=self.leo)
        self.enterContext(self.later(hours=1))
        self.take(article, "withdraw", by=self.max, note="why", reason="legal_order", reader_text="Withdrawn.")
        with self.assertRaises(NotAllowed):
            self.take(article, "reinstate", by=self.max, note="won")
        self.enterContext(self.later(hours=2))
        signoffs.sign(article, "legal", by=self.leo)
        self.take(article, "reinstate", by=self.max, note="won")

    def test_a_flag_that_asks_for_legal_asks_at_a_reinstatement_too(self):
        article = self.withdrawn(reason="pending_review")
        self.take(article, "revise-withdrawn", by=self.edith)
        self.change(article, self.edith, legal_wanted=True)
        self.take(article, "drop-update", by=self.edith)
        with self.assertRaisesMessage(Blocked, "Legal sign-off is wanted"):
            self.take(article, "reinstate", by=self.max, note="looked at")
        signoffs.sign(article, "legal", by=self.leo)
        self.take(article, "reinstate", by=self.max, note="looked at")

    def test_an_embargo_stops_a_reinstatement(self):
        article = self.withdrawn(reason="pending_review")
        self.take(article, "revise-withdrawn", by=self.edith)
        self.change(article, self.edith, embargo_until=NOON + dt.timedelta(days=1))
        self.take(article, "drop-update", by=self.edith)
        with self.assertRaisesMessage(Blocked, "It is under embargo"):
            self.take(article, "reinstate", by=self.max, note="looked at")


class ChecklistTests(WithdrawnTestCase):
    def keys(self, article):
        return {f.key for f in checklist.findings_of(article, article.revisions.first().content)}

    def test_every_sign_off_that_is_asked_for_is_younger_than_the_withdrawal(self):
        self.world.required_signoffs = ["pictures"]
        self.world.save()
        article = self.make_article(state=State.APPROVED, legal_wanted=True)
        for kind, who in (("copy", self.cora), ("facts", self.cora), ("legal", self.leo), ("pictures", self.pia)):
            signoffs.sign(article, kind, by=who)
        asked = {"copy", "facts", "legal", "required:pictures"}
        self.assertEqual(self.keys(article) & asked, set())
        self.take(article, "publish", **WAIVED)
        self.enterContext(self.later(seconds=1))
        self.take(article, "withdraw", by=self.max, note="why", reason="in_error", reader_text="Withdrawn.")
        self.enterContext(self.later(hours=1))
        self.take(article, "revise-withdrawn", by=self.edith)
        self.assertEqual(self.keys(article) & asked, asked)
        signoffs.sign(article, "pictures", by=self.pia)
        self.assertEqual(self.keys(article) & asked, asked - {"required:pictures"})

    def checklist(self, article):
        return self.client.get(reverse("admin:articles_article_checklist", args=[article.pk]))

    def test_the_storys_page_calls_such_a_sign_off_old(self):
        article = self.live_story()
        signoffs.sign(article, "facts", by=self.cora)
        self.client.force_login(self.edith)
        shown = {row["kind"]: row for row in self.checklist(article).context["signoffs"]}
        self.assertTrue(shown["facts"]["fresh"])
        self.enterContext(self.later(hours=1))
        self.take(article, "withdraw", by=self.max, note="why", reason="in_error", reader_text="Withdrawn.")
        page = self.checklist(article)
        shown = {row["kind"]: row for row in page.context["signoffs"]}
        self.assertFalse(shown["facts"]["fresh"])
        self.assertContains(page, "withdrawn since Cora signed")

    def test_an_older_sign_off_of_these_words_counts_beside_a_newer_of_others(self):
        article = self.make_article()
        first = article.body
        signoffs.sign(article, "facts", by=self.cora)
        self.enterContext(self.later(minutes=5))
        self.change(article, self.rana, body="<p>Other words, according to the port authority.</p>")
        signoffs.sign(article, "facts", by=self.cora)
        self.change(article, self.rana, body=first)
        self.assertNotIn("facts", self.keys(article))
        self.client.force_login(self.edith)
        shown = {row["kind"]: row for row in self.checklist(article).context["signoffs"]}
        self.assertTrue(shown["facts"]["fresh"])
        self.assertEqual(shown["facts"]["given"].at, NOON)

    def test_what_waits_of_a_story_that_was_withdrawn_wants_it_younger_too(self):
        article = self.make_article(state=State.APPROVED)
        signoffs.sign(article, "legal", by=self.leo)
        self.take(article, "publish", **WAIVED)
        self.enterContext(self.later(seconds=1))
        self.take(article, "withdraw", by=self.max, note="why", reason="in_error", reader_text="Withdrawn.")
        self.enterContext(self.later(hours=1))
        self.take(article, "reinstate", by=self.max, note="right")
        self.enterContext(self.later(hours=2))
        self.take(article, "revise", by=self.rana)
        self.approved(article)
        self.take(article, "schedule", kind="update", at=NOON + 3 * HOUR, **WAIVED)
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, legal_wanted=True)
        self.assertFalse(article.editions.waiting().exists())
