"""A sign-off counts for the words that it was given to, and after a withdrawal only if it is younger."""

import datetime as dt
import time

import pytest
from django.test import SimpleTestCase
from django.urls import reverse

from articles.actions import checklist, signoffs
from articles.body.taken_out import words_brought_back
from articles.models import State
from newsroom import clock
from newsroom.errors import Blocked, NotAllowed

from ..base import NOON
from .test_gate import HOUR, WAIVED, GateTestCase

pytestmark = pytest.mark.engines


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


TAKEN = "Halvard Nystrom took 40,000 crowns for the third quay"
KEPT = "<p>The port authority extends the quay. It said so on Monday.</p>"


class TakenOutTests(WithdrawnTestCase):
    """A line was taken out for a legal order, and the story came back without it, as Legal signed it off."""

    def setUp(self):
        super().setUp()
        self.article = self.withdrawn(body=f"{KEPT}<p>{TAKEN}.</p>")
        self.rewritten(self.article, body=KEPT)
        signoffs.sign(self.article, "legal", by=self.leo)
        self.approved(self.article)
        self.take(self.article, "publish-anew", by=self.max, note="cut", **WAIVED)
        self.enterContext(self.later(hours=3))

    def update(self, **fields):
        self.take(self.article, "revise", by=self.edith)
        self.change(self.article, self.edith, **fields)
        return self.approved(self.article)

    def test_an_update_that_puts_the_line_back_waits_for_legal(self):
        self.update(body=f"{KEPT}<p>{TAKEN}.</p>")
        for move, more in (("publish", {}), ("schedule", {"at": NOON + 9 * HOUR})):
            past = {"override_note": "We run it in spite of all that."}
            with self.subTest(move), self.assertRaisesMessage(Blocked, "was taken out for legal reasons"):
                self.take(self.article, move, by=self.max, **WAIVED, **past, **more)
        signoffs.sign(self.article, "legal", by=self.leo)
        self.take(self.article, "publish", by=self.max, **WAIVED)

    def test_every_text_that_readers_get_is_asked(self):
        for number, fields in enumerate((
            {"headline": "Nystrom: more of it"}, {"standfirst": f"{TAKEN.lower()}"}, {"social_title": TAKEN},
            {"body": f"{KEPT}<p>It was Nystrom’s idea.</p>"}, {"body": f"{KEPT}<p>He took some 40,000 crowns.</p>"},
            {"slug": "took-40-000-crowns"},
        )):  # fmt: skip
            with self.subTest(fields):
                if number:
                    self.take(self.article, "drop-update", by=self.max)
                self.update(**fields)
                with self.assertRaises(Blocked):
                    self.take(self.article, "publish", by=self.max, **WAIVED)

    def test_an_update_with_other_words_asks_nobody(self):
        self.update(body=f"{KEPT}<p>On Tuesday it took back what it had said.</p>")
        self.take(self.article, "publish", by=self.max, **WAIVED)

    def test_what_legal_signed_once_is_free_again(self):
        self.update(body=f"{KEPT}<p>{TAKEN}.</p>")
        signoffs.sign(self.article, "legal", by=self.leo)
        self.take(self.article, "publish", by=self.max, **WAIVED)
        self.enterContext(self.later(hours=4))
        self.update(body=f"{KEPT}<p>{TAKEN}.</p><p>He denies it.</p>")
        self.take(self.article, "publish", by=self.max, **WAIVED)

    def test_a_correction_does_not_bring_the_line_back(self):
        for changes, reader_text in (
            ({"body": f"{KEPT}<p>{TAKEN}.</p>"}, "We had left a line out."), ({"headline": "Quay"}, TAKEN + "."),
        ):  # fmt: skip
            with self.assertRaises(Blocked):
                self.take(
                    self.article, "correct", by=self.edith, kind="correction", was="x", became="y",
                    reader_text=reader_text, changes=changes,
                )  # fmt: skip
                self.take(self.article, "confirm-correction", by=self.max)

    def test_a_readers_line_does_not_bring_it_back(self):
        self.update(standfirst="More.")
        signoffs.sign(self.article, "legal", by=self.leo)
        with self.assertRaises(Blocked):
            self.take(self.article, "publish", by=self.max, line=f"Adds that {TAKEN}", **WAIVED)


class TakenOutOtherwiseTests(WithdrawnTestCase):
    def test_a_sealed_edition_keeps_its_words_in_the_same_way(self):
        article = self.live_story(slug="sealed", body=f"{KEPT}<p>{TAKEN}.</p>")
        self.take(article, "revise", by=self.edith)
        self.change(article, self.edith, body=KEPT)
        self.approved(article)
        self.take(article, "publish", by=self.max, **WAIVED)
        article.editions.filter(number=1).update(sealed_at=clock.instant())
        self.enterContext(self.later(hours=5))
        self.take(article, "revise", by=self.edith)
        self.change(article, self.edith, body=f"{KEPT}<p>{TAKEN}.</p>")
        self.approved(article)
        with self.assertRaisesMessage(Blocked, "was taken out for legal reasons"):
            self.take(article, "publish", by=self.max, **WAIVED)

    def test_a_story_withdrawn_for_another_reason_asks_nobody(self):
        article = self.withdrawn("retracted", slug="other", body=f"{KEPT}<p>{TAKEN}.</p>")
        self.rewritten(article, body=KEPT)
        self.approved(article)
        self.take(article, "publish-anew", by=self.max, note="cut", **WAIVED)
        self.enterContext(self.later(hours=6))
        self.take(article, "revise", by=self.edith)
        self.change(article, self.edith, body=f"{KEPT}<p>{TAKEN}.</p>")
        self.approved(article)
        self.take(article, "publish", by=self.max, **WAIVED)


class ComparingTests(SimpleTestCase):
    def test_comparing_takes_no_time_whatever_the_texts_hold(self):
        n = 200_000
        for piece in ("a", "A ", "A. ", "١ ", "漢", "漢 ", ". ", "“", "a b c "):
            start = time.process_time()
            words_brought_back([piece * (n // len(piece))], [piece * (n // len(piece)) + "B"], ["c"])
            self.assertLess(time.process_time() - start, 4, piece)


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
