"""The page of a card's contact log."""

from articles.models import Article, State
from experts.actions import bars, cards, channels, log
from experts.models import Bar, ContactLog

from .test_card import CardTestCase


class LogPageTests(CardTestCase):
    def send(self, user, **data):
        self.client.force_login(user)
        sent = {f"log-{name}": value for name, value in ({"outcome": "reached"} | data).items()}
        return self.client.post(self.where("log", self.card.pk), sent)

    def test_a_reporter_logs_a_call_and_sees_it(self):
        answer = self.send(self.rana, channel="phone", note="Will call at six", ground_rule="background",
                           follow_up_on="2030-01-02", article="17")  # fmt: skip
        self.assertRedirects(answer, self.where("change", self.card.pk) + "#log", fetch_redirect_response=False)
        entry = ContactLog.objects.get()
        self.assertEqual((entry.by, entry.article, entry.expert), (self.rana, 17, self.card))
        for name in ("change", "log"):
            self.assertContains(self.look(self.edith, name), "Will call at six")

    def test_a_second_click_adds_no_second_entry(self):
        for _ in range(2):
            self.assertEqual(self.send(self.rana, note="No answer at home").status_code, 302)
            self.assertEqual(self.send(self.sami, private_note="Her husband is ill", no_risk="on").status_code, 302)
        self.assertEqual((ContactLog.objects.count(), self.card.private_notes.count()), (2, 1))
        self.send(self.sami, private_note="And so is she", no_risk="on")
        self.send(self.rana, note="Answered now")
        self.assertEqual((ContactLog.objects.count(), self.card.private_notes.count()), (4, 2))

    def test_the_log_shows_bad_input_beside_its_field(self):
        for sent, words in (
            ({"outcome": "sang"}, "Select a valid choice"), ({"article": "x17"}, "number"),
            ({"article": "9" * 18, "note": "n" * 1001}, "at most 1000"), ({"note": "a\x07b"}, "control character"),
            ({"follow_up_on": "later"}, "valid date"),
        ):  # fmt: skip
            self.assertContains(self.send(self.rana, **sent), words, status_code=400)
        self.assertFalse(ContactLog.objects.exists())

    def test_the_log_knows_the_number_that_was_tapped(self):
        first, second = (
            channels.add_channel(self.card, kind="mobile", raw=raw, tier="staff", by=self.sami)
            for raw in ("+962790000001", "+962790000002")
        )
        page = self.look(self.rana, tapped=second.pk)
        form = page.context["log_form"]
        self.assertEqual((form.tapped, form["channel"].value(), form["tried"].value()), (second, "mobile", second.pk))
        self.assertContains(page, "data-tapped")
        self.assertNotContains(self.look(self.rana), "data-tapped")
        for outcome, result in (("no answer", ""), ("reached", "works"), ("bounced", "bounced"), ("later", "bounced")):
            self.send(self.rana, outcome=outcome, channel="mobile", tried=second.pk)
            second.refresh_from_db()
            self.assertEqual(second.verify_result, result, outcome)
        self.send(self.rana, channel="email", tried=first.pk)  # it was another way after all
        first.refresh_from_db()
        self.assertEqual(first.verify_result, "")

    def test_a_number_of_another_card_or_none_is_no_tapped_one(self):
        other = cards.make_card("Ida Other", by=self.sami)
        theirs = channels.add_channel(other, kind="mobile", raw="+962790000003", tier="staff", by=self.sami)
        for tapped in (theirs.pk, "x", "9" * 30, "-1", ""):
            page = self.look(self.rana, tapped=tapped)
            self.assertEqual((page.status_code, page.context["log_form"].tapped), (200, None))
            self.assertIn(self.send(self.rana, channel="mobile", tried=tapped).status_code, (302, 400))
        theirs.refresh_from_db()
        self.assertEqual(theirs.verify_result, "")
        self.assertNotContains(self.look(self.cora, tapped=theirs.pk), "+96279")

    def test_a_refused_entry_keeps_the_number_that_was_tapped(self):
        row = channels.add_channel(self.card, kind="mobile", raw="+962790000004", tier="staff", by=self.sami)
        answer = self.send(self.rana, outcome="sang", channel="mobile", tried=row.pk)
        self.assertContains(answer, "+962790000004", status_code=400)

    def test_the_log_offers_the_callers_own_open_stories(self):
        mine = self.make_article(headline="Eels on the quay")
        Article.objects.create(headline="Not hers", created_by=self.edith, section=self.world)
        self.make_article(headline="Out already", state=State.SPIKED)
        page = self.look(self.rana)
        self.assertEqual(page.context["log_form"].stories, [(mine.pk, "Eels on the quay")])
        self.assertContains(page, f'<option value="{mine.pk}">Eels on the quay</option>')

    def test_a_call_to_somebody_barred_needs_a_reason(self):
        bars.set_bar(self.card, by=self.sami, kind=Bar.CONTACT, reason="Asked us to stop")
        answer = self.send(self.rana, note="Rang her", override="sorry")
        self.assertContains(answer, "Asked us to stop", status_code=400)
        self.assertContains(answer, "Rang her", status_code=400)
        self.assertEqual(self.send(self.rana, override="The editor wants her answer").status_code, 302)

    def test_a_restricted_note_asks_whether_anybody_is_at_risk(self):
        answer = self.send(self.sami, private_note="Her husband is ill")
        self.assertContains(answer, "put them at risk", status_code=400)
        self.send(self.sami, private_note="Her husband is ill", no_risk="on")
        self.assertEqual(self.card.private_notes.get().opened(), "Her husband is ill")
        self.assertNotContains(self.look(self.sami), "husband")
        self.send(self.rana, private_note="Not hers to seal", no_risk="on")
        self.assertEqual(self.card.private_notes.count(), 1)

    def test_who_may_see_and_write_the_log(self):
        for user, status in ((self.cora, 403), (self.leo, 403), (self.pia, 403), (self.mona, 403), (self.edith, 302),
                             (self.max, 302), (self.sami, 302)):  # fmt: skip
            self.assertEqual(self.send(user).status_code, status)
        for user in (self.cora, self.leo, self.mona):
            self.assertEqual(self.look(user, "log").status_code, 403)

    def test_the_log_has_pages_and_a_fixed_number_of_queries(self):
        for n in range(3):
            log.add_entry(self.card, by=self.rana, outcome="reached", note=f"Call {n}")
        self.look(self.max, "log")
        with self.assertNumQueries(10):
            self.client.get(self.where("log", self.card.pk))
        for n in range(60):
            log.add_entry(self.card, by=self.sami, outcome="reached", note=f"Call {n}", private_note="x")
        with self.assertNumQueries(10):
            page = self.client.get(self.where("log", self.card.pk))
        self.assertContains(page, "Page 1 of 2")
        self.assertContains(self.client.get(self.where("log", self.card.pk, p="2")), "Call 0")
        self.assertEqual(self.client.get(self.where("log", self.card.pk, p="x")).status_code, 200)
