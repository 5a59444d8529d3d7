"""The public history of a story: what changed and why, and what nobody may read there after a withdrawal."""

import pytest

from articles.actions import publish_moves
from articles.desk.stories.move_forms import AnewForm, ReinstateForm
from articles.models import Edition, Kind, SignOff
from articles.site import history
from articles.workflow import MOVES
from newsroom import clock
from newsroom.errors import Refused

from .. import zones
from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase

LINE = "The minister took the money, says the port authority."


@pytest.mark.days
class HistoryTests(SiteTestCase):
    def history(self, edition, at):
        return self.get(f"{edition.path}history/", at=at)

    def test_the_history_shows_what_changed_and_why(self):
        edition = self.publish(body="<p>Seven ports have signed, says the port authority.</p>")
        self.again(edition, at=NOON + HOUR, line="Adds the ministry’s reply",
                   body="<p>Seven ports have signed, says the port authority. The ministry agrees.</p>")  # fmt: skip
        self.correct(edition, at=NOON + 2 * HOUR, text="Six ports have signed, not seven.",
                     body="<p>Six ports have signed, says the port authority. The ministry agrees.</p>")  # fmt: skip
        response = self.history(edition, NOON + 3 * HOUR)
        for words in ("Published", zones.printed(NOON), "Updated", "Adds the ministry’s reply", "Corrected",
                      "Six ports have signed, not seven."):  # fmt: skip
            self.assertContains(response, words)
        self.assertContains(response, "<del>Seven</del>")
        self.assertContains(response, "<ins>Six</ins>")

    def test_the_history_counts_minor_edits_and_leaves_out_refreshes(self):
        edition = self.publish(body="<p>Teh text, says the port authority.</p>")
        self.again(edition, Kind.MINOR, at=NOON + HOUR, body="<p>The text, says the port authority.</p>")
        self.again(edition, Kind.REFRESH, at=NOON + 2 * HOUR)
        response = self.history(edition, NOON + 3 * HOUR)
        self.assertContains(response, "1 minor edit that changed no fact")
        self.assertNotContains(response, "Teh")
        self.assertContains(response, '<section class="version', count=1)

    def test_a_waiting_edition_is_not_in_the_history(self):
        edition = self.publish()
        self.schedule_update(edition, at=NOON + 5 * HOUR, headline="Not yet")
        self.assertNotContains(self.history(edition, NOON + HOUR), "Not yet")

    def test_the_history_shows_every_withdrawal_and_its_end(self):
        for listed in (True, False):
            edition = self.publish()
            self.withdraw(edition, at=NOON + HOUR, listed=listed)
            self.again(edition, Kind.REINSTATEMENT, at=NOON + 2 * HOUR, line="We were right")
            response = self.history(edition, NOON + 3 * HOUR)
            for words in ("Withdrawn", "It is gone.", "Reinstated", "We were right"):
                self.assertContains(response, words)

    def test_the_history_shows_every_retraction(self):
        edition = self.publish()
        self.withdraw(edition, at=NOON + HOUR, reason="retracted", text="We were wrong.", listed=False)
        self.again(edition, Kind.REINSTATEMENT, at=NOON + 2 * HOUR, line="Rewritten from the start")
        response = self.history(edition, NOON + 3 * HOUR)
        for words in ("Withdrawn", "We were wrong.", "Reinstated", "Rewritten from the start"):
            self.assertContains(response, words)

    def test_the_history_does_not_compare_sealed_editions(self):
        edition = self.publish(body="<p>The secret name, says the port authority.</p>")
        self.again(edition, at=NOON + HOUR, body="<p>A name, says the port authority.</p>")
        type(edition).objects.filter(pk=edition.pk).update(sealed_at=NOON + HOUR)
        self.assertNotContains(self.history(edition, NOON + 2 * HOUR), "secret")


class AfterAWithdrawalTests(SiteTestCase):
    """Words that were withdrawn for legal reasons reach no reader again."""

    def story_with_a_line_withdrawn(self, reason="legal_complaint", *, back=None, **back_changes):
        """Published, updated and corrected with the line, withdrawn, and brought back without it or as told."""
        edition = self.publish(body="<p>Ports agree, says the port authority.</p>")
        body = f"<p>Ports agree, says the port authority. {LINE}</p>"
        self.again(edition, at=NOON + 10 * MINUTE, line="Adds a charge", body=body)
        self.correct(edition, at=NOON + 20 * MINUTE, text="We had the sum wrong.", body=body)
        last = self.again(edition, at=NOON + 30 * MINUTE, body=body + "<p>And more.</p>")
        self.withdraw(edition, at=NOON + HOUR, reason=reason, listed=False)
        changes = back_changes or {"body": "<p>Ports agree, says the port authority.</p>"}
        if back == "same":
            changes = {"body": last.revision.content["body"]}
        self.again(edition, Kind.REINSTATEMENT, at=NOON + 2 * HOUR, line="It is back", **changes)
        return edition

    def page(self, edition, at=NOON + 9 * HOUR):
        return self.get(f"{edition.path}history/", at=at).content.decode()

    def test_a_line_cut_after_a_legal_complaint_stands_nowhere_again(self):
        edition = self.story_with_a_line_withdrawn()
        self.again(edition, at=NOON + 3 * HOUR, body="<p>Ports have agreed, says the port authority.</p>")
        page = self.page(edition)
        for gone in ("took the money", "seven", "And more"):
            self.assertNotIn(gone, page)
        for told in ("Published", "Adds a charge", "We had the sum wrong.", "Withdrawn", "Reinstated", "It is back"):
            self.assertIn(told, page)
        self.assertIn("<ins>have agreed</ins>", page)  # what was changed since is compared as ever

    def test_what_came_back_the_very_same_is_compared_again(self):
        for reason in ("pending_review", "rights"):
            self.assertIn("took the money", self.page(self.story_with_a_line_withdrawn(reason, back="same")), reason)

    def test_law_and_safety_close_the_past_even_of_the_same_words(self):
        for reason in ("legal_order", "legal_complaint", "safety", "no_longer_a_class"):
            page = self.page(self.story_with_a_line_withdrawn(reason, back="same"))
            self.assertNotIn("took the money", page, reason)

    def test_other_words_close_the_past_whatever_the_reason(self):
        self.assertNotIn("took the money", self.page(self.story_with_a_line_withdrawn("pending_review")))

    def test_an_older_legal_withdrawal_is_not_opened_by_a_newer_one(self):
        edition = self.story_with_a_line_withdrawn(back="same")
        self.withdraw(edition, at=NOON + 3 * HOUR, reason="pending_review")
        last = edition.article.editions.exclude(kind=Kind.WITHDRAWAL).first()
        self.again(edition, Kind.REINSTATEMENT, at=NOON + 4 * HOUR, body=last.revision.content["body"])
        self.assertNotIn("took the money", self.page(edition))

    def test_what_was_and_what_is_stays_out_of_every_page(self):
        edition = self.story_with_a_line_withdrawn()
        for path in (edition.path, "/corrections/", "/"):
            page = self.get(path, at=NOON + 9 * HOUR)
            self.assertNotContains(page, "seven", msg_prefix=path)
        self.assertContains(self.get(edition.path, at=NOON + 9 * HOUR), "We had the sum wrong.")

    def test_what_was_and_what_is_stands_with_the_note(self):
        edition = self.publish()
        self.correct(edition, at=NOON + HOUR)
        for path in (edition.path, f"{edition.path}history/", "/corrections/"):
            page = self.get(path, at=NOON + 2 * HOUR)
            self.assertContains(page, "<del>seven</del>", msg_prefix=path)
            self.assertContains(page, "<ins>six</ins>", msg_prefix=path)

    def test_a_kept_page_of_before_is_not_given_after_the_withdrawal(self):
        edition = self.publish(body=f"<p>{LINE}</p>")
        self.again(edition, at=NOON + 10 * MINUTE, body="<p>Ports agree, says the port authority.</p>")
        first = self.get(f"{edition.path}history/", at=NOON + 30 * MINUTE)
        self.assertContains(first, "took the money")
        self.withdraw(edition, at=NOON + HOUR)
        self.again(edition, Kind.REINSTATEMENT, at=NOON + 2 * HOUR, body="<p>Ports agree again.</p>")
        later = self.get(f"{edition.path}history/", at=NOON + 3 * HOUR, **{"If-None-Match": first["ETag"]})
        self.assertEqual(later.status_code, 200)
        self.assertNotContains(later, "took the money")

    def test_a_sealed_edition_is_in_no_page_at_all(self):
        secret = "The zebra clause, says the port authority."
        edition = self.publish(headline="Zebra clause", body=f"<p>{secret}</p>", people=[(self.expert, "a judge")])
        Edition.objects.filter(pk=edition.pk).update(sealed_at=NOON + MINUTE)
        paths = ["/", "/world/", "/topics/shipping/", "/people/rana-aziz/", "/feed/", "/feed/atom/", "/feed.json",
                 "/sitemap-2026-05.xml", "/news-sitemap.xml", zones.archive_path(), "/search/?q=zebra",
                 f"/experts/{self.expert.slug}/", edition.path, f"{edition.path}history/", "/world/feed/"]  # fmt: skip
        for path in paths:
            page = self.get(path).content.decode()
            self.assertNotIn("ebra clause", page, path)
            self.assertNotIn(edition.path, page.replace(path, ""), path)


class ReinstatedTests(SiteTestCase):
    """What the forms promise of a story that comes back."""

    def withdrawn(self, reason):
        edition = self.publish()
        self.withdraw(edition, at=NOON + HOUR, reason=reason, listed=False)
        SignOff.objects.create(
            article=edition.article, kind="legal", by=self.leo, at=NOON + 90 * MINUTE, revision=edition.revision
        )
        return edition

    def reinstate(self, edition, **given):
        with clock.frozen(NOON + 2 * HOUR):
            publish_moves.reinstate(edition.article, by=self.max, note="cleared", line="We were right", **given)

    def test_the_line_of_a_reinstatement_is_printed_though_it_was_not_listed(self):
        edition = self.withdrawn("pending_review")
        self.reinstate(edition)
        page = self.get(f"{edition.path}history/", at=NOON + 3 * HOUR)
        for words in ("Withdrawn", "Reinstated", "We were right"):
            self.assertContains(page, words)
        self.assertContains(self.get(edition.path, at=NOON + 3 * HOUR), "This story was withdrawn from")

    def test_an_order_can_forbid_to_say_that_it_was_withdrawn(self):
        edition = self.withdrawn("legal_order")
        self.reinstate(edition, order_forbids=True)
        self.again(edition, at=NOON + 3 * HOUR, headline="And on")
        for path in (edition.path, f"{edition.path}history/"):
            page = self.get(path, at=NOON + 4 * HOUR)
            for words in ("withdrawn", "Withdrawn", "Reinstated", "We were right", "It is gone."):
                self.assertNotContains(page, words, msg_prefix=path)

    def test_only_an_order_forbids_it(self):
        edition = self.withdrawn("legal_complaint")
        with self.assertRaises(Refused):
            self.reinstate(edition, order_forbids=True)

    def test_the_form_asks_for_the_order_only_after_one(self):
        for reason, asked in (("legal_order", True), ("legal_complaint", False), ("rights", False)):
            article = self.withdrawn(reason).article
            for form in (ReinstateForm, AnewForm):
                given = form(article=article, user=self.max, move=MOVES["reinstate"])
                self.assertIn("history", given.fields["line"].help_text)
                self.assertEqual("order_forbids" in given.fields, asked, reason)

    def test_a_later_edition_still_says_when_it_was_gone(self):
        edition = self.withdrawn("pending_review")
        self.reinstate(edition)
        self.again(edition, at=NOON + 3 * HOUR, headline="And on")
        self.assertContains(self.get(edition.path, at=NOON + 4 * HOUR), "This story was withdrawn from")


class LongHistoryTests(SiteTestCase):
    def test_a_long_history_comes_in_pages_and_is_kept(self):
        edition = self.publish(body="<p>Count 0, says the port authority.</p>")
        many = history.ENTRIES_A_PAGE + 5
        for n in range(1, many):
            self.again(edition, at=NOON + n * MINUTE, body=f"<p>Count {n}, says the port authority.</p>")
        path, at = f"{edition.path}history/", NOON + 9 * HOUR
        page = self.get(path, at=at).content.decode()
        self.assertEqual(page.count('<section class="version'), history.ENTRIES_A_PAGE)
        self.assertIn(f"?before={many - history.ENTRIES_A_PAGE + 1}", page)
        last = self.get(f"{path}?before={many - history.ENTRIES_A_PAGE + 1}", at=at)
        self.assertContains(last, '<section class="version', count=5)
        self.assertContains(last, "Published")
        # the edition in force with the beat
        with self.assertNumQueries(1):
            self.get(path, at=at)

    def test_what_is_no_number_of_an_edition_is_no_page(self):
        edition = self.publish()
        for before in ("0", "1", "x", "-3", "٣", "9" * 30, "%00"):
            self.assertEqual(self.get(f"{edition.path}history/?before={before}").status_code, 404, before)
