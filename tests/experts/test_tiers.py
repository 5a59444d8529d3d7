"""Each tier sees what it may: every page of a card is asked as every role."""

from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from experts import serializer
from experts.access import Tier
from experts.actions import bars, cards, channels, log
from experts.actions import requests as asked
from experts.models import AccessLog, Expert
from newsroom import clock
from tests.base import NOON, DeskTestCase

pytestmark = pytest.mark.engines

PUBLIC, STAFF, SEALED = "+44 20 7946 0111", "+44 20 7946 0222", "+44 7700 900333"
NOTE, LOGGED, SEALED_LOG = "canary note of the card", "canary words of the log", "canary sealed in the log"


def digits(text):
    return text.replace(" ", "").lstrip("+")


class TierTestCase(DeskTestCase):
    def setUp(self):
        self.card = cards.make_card("Mona Larsen", by=None, title="Analyst")
        for raw, tier in ((PUBLIC, "public"), (STAFF, "staff"), (SEALED, "restricted")):
            channels.add_channel(self.card, kind="mobile", raw=raw, tier=tier, by=self.sami)
        self.note = log.add_note(self.card, NOTE, by=self.sami)
        log.add_entry(self.card, by=self.sami, outcome="reached", note=LOGGED, private_note=SEALED_LOG)
        self.sealed = self.card.private_channels.get()
        names = {Tier.NOTHING: [self.mona, self.ada], Tier.NAMES: [self.cora, self.leo, self.pia],
                 Tier.STAFF: [self.rana, self.edith, self.dana], Tier.RESTRICTED: [self.max, self.sami]}  # fmt: skip
        self.people = [(user, tier) for tier, users in names.items() for user in users]

    def where(self, name, *args):
        return reverse(f"admin:experts_expert_{name}", args=args)

    def pages(self):
        """Every way to look at a card and to ask for it in a list."""
        pk, listed = self.card.pk, self.where("changelist")
        parts = ["names", "about", "standing", "roles", "channels", "notes", "readiness", "topics", "disclosures",
                 "identifiers", "bars", "verification"]  # fmt: skip
        number = digits(STAFF)
        return [
            self.where("change", pk), self.where("history", pk), self.where("log", pk), listed, self.where("queues"),
            self.where("unseal", pk, "channel", self.sealed.pk), self.where("unseal", pk, "note", self.note.pk),
            *(self.where("part", pk, part) for part in parts),
            self.where("part", pk, "channels") + f"?do=change-sealed&id={self.sealed.pk}",
            self.where("part", pk, "channels") + f"?do=remove-sealed&id={self.sealed.pk}",
            f"{listed}?q=larsen", f"{listed}?o=1", f"{listed}?channels__raw__startswith=%2B44",
            f"{listed}?channels__normalized={number}", f"{listed}?private_channels__digest__startswith=a",
            f"{listed}?log__note__contains=canary", f"{listed}?_facets=True", f"{listed}?all=", self.where("add"),
            self.where("add") + "?name=Mona", self.where("lookalikes") + "?name=Mona Larsen",
            reverse("admin:autocomplete") + "?app_label=articles&model_name=appearance&field_name=expert&term=larsen",
            reverse("desk:lookup", args=["expert"]) + "?q=larsen",
        ]  # fmt: skip


class SeenTests(TierTestCase):
    def test_no_answer_holds_a_value_above_the_persons_tier(self):
        for user, tier in self.people:
            self.client.force_login(user)
            for page in self.pages():
                answer = self.client.get(page, follow=True)
                self.assertLess(answer.status_code, 500, page)
                text = unescape(answer.content.decode())
                flat = text.replace(" ", "")
                with self.subTest(f"{user.username} {page}"):
                    for secret in (NOTE, SEALED_LOG):
                        self.assertNotIn(secret, text)
                    self.assertNotIn(digits(SEALED), flat)
                    self.assertNotIn(self.sealed.digest, text)
                    self.assertNotIn(self.sealed.sealed, text)
                    if tier < Tier.STAFF:
                        self.assertNotIn(LOGGED, text)
                        for number in (PUBLIC, STAFF):
                            self.assertNotIn(digits(number), flat.replace(f"normalized={digits(number)}", ""))
                    if tier == Tier.NOTHING:
                        self.assertNotIn("Mona Larsen", text.replace("?name=Mona Larsen", ""))
        self.assertFalse(AccessLog.objects.exists())

    def test_each_tier_sees_the_values_of_its_own(self):
        for user, tier in self.people:
            self.client.force_login(user)
            answer = self.client.get(self.where("change", self.card.pk))
            self.assertEqual(answer.status_code, 403 if tier == Tier.NOTHING else 200)
            for words, least in (("Mona Larsen", Tier.NAMES), (STAFF, Tier.STAFF), (LOGGED, Tier.STAFF),
                                 ("Restricted: sealed", Tier.RESTRICTED)):  # fmt: skip
                self.assertEqual(words in answer.content.decode(), tier >= least, f"{user.username}: {words}")

    def test_an_unlisted_filter_reveals_nothing(self):
        self.client.force_login(self.cora)
        for query in ("channels__raw__startswith=%2B44", "private_channels__digest__startswith=a",
                      "log__note__contains=canary", "search_key__startswith=m"):  # fmt: skip
            self.assertEqual(self.client.get(f"{self.where('changelist')}?{query}").status_code, 400, query)

    def test_searching_a_number_finds_nobody(self):
        for user in (self.cora, self.rana, self.sami):
            self.client.force_login(user)
            page = self.client.get(self.where("changelist"), {"q": digits(SEALED)})
            self.assertNotContains(page, "Mona Larsen")


class HistoryTests(TierTestCase):
    def test_the_history_shows_no_tier_more_than_its_own(self):
        channels.note_result(self.sealed, "bounced", self.sami)
        channels.note_result(self.card.channels.first(), "works", self.sami)
        asked.add_request(self.card, kind="erase", received=NOON.date(), by=self.sami)
        told = {
            "Made the card": Tier.NAMES, "Mobile: works": Tier.STAFF, "Added: Mobile, staff": Tier.STAFF,
            "Request received: to be removed": Tier.STAFF, "Added: Mobile, restricted": Tier.RESTRICTED,
            "Mobile, restricted: bounced": Tier.RESTRICTED, "Added a restricted note": Tier.RESTRICTED,
        }  # fmt: skip
        for user, tier in self.people:
            if tier == Tier.NOTHING:
                continue
            self.client.force_login(user)
            for page in ("change", "history"):
                text = " ".join(self.client.get(self.where(page, self.card.pk)).content.decode().split())
                for words, least in told.items():
                    if page == "history" or least > tier:  # the card itself shows the newest few
                        self.assertEqual(f"<li>{words} " in text, tier >= least, (user.username, page, words))


class LastResultTests(TierTestCase):
    def test_results_of_a_sealed_number_are_for_the_restricted_tier(self):
        self.assertEqual([row["result"] for row in serializer.channels(self.card, Tier.RESTRICTED)], ["", "", ""])
        with clock.frozen(NOON):
            channels.note_result(self.sealed, "wrong person", self.sami)
        for user, tier in self.people:
            if tier == Tier.NOTHING:
                continue
            self.client.force_login(user)
            page = " ".join(self.client.get(self.where("change", self.card.pk)).content.decode().split())
            self.assertEqual("Wrong person 4 May 2026" in page, tier >= Tier.RESTRICTED, user.username)
            self.assertNotIn(SEALED, page)


class DoneTests(TierTestCase):
    def send(self, user, name, *args, **data):
        self.client.force_login(user)
        return self.client.post(self.where(name, *args), data)

    def test_only_the_restricted_tier_opens_with_a_reason(self):
        for what, pk, secret in (("channel", self.sealed.pk, SEALED), ("note", self.note.pk, NOTE)):
            for user, tier in self.people:
                answer = self.send(user, "unseal", self.card.pk, what, pk, why="Breaking: the minister resigned")
                if tier == Tier.RESTRICTED:
                    self.assertContains(answer, secret)
                    self.assertIn("no-store", answer["Cache-Control"])
                else:
                    self.assertNotContains(answer, secret, status_code=403)
        self.assertEqual(AccessLog.objects.count(), 4)
        answer = self.send(self.sami, "unseal", self.card.pk, "note", self.note.pk)
        self.assertContains(answer, "Say why", status_code=400)
        self.assertEqual(AccessLog.objects.count(), 4)

    def test_an_opened_detail_is_shown_once(self):
        self.send(self.sami, "unseal", self.card.pk, "channel", self.sealed.pk, why="Breaking story")
        for name in ("change", "history", "log"):
            self.assertNotContains(self.client.get(self.where(name, self.card.pk)), digits(SEALED)[-6:])
        page = self.client.get(self.where("unseal", self.card.pk, "channel", self.sealed.pk))
        self.assertNotContains(page, digits(SEALED)[-6:])
        self.assertContains(self.client.get(self.where("change", self.card.pk)), "Breaking story")

    def test_a_detail_of_another_card_cannot_be_opened_from_this_one(self):
        for what, pk in (("channel", self.sealed.pk), ("note", self.note.pk), ("nothing", 1), ("channel", 987654)):
            answer = self.send(self.sami, "unseal", self.expert.pk, what, pk, why="Breaking story")
            self.assertEqual(answer.status_code, 404)

    def test_who_may_note_the_result_of_a_channel(self):
        row = self.card.channels.first()
        for user, tier in self.people:
            answer = self.send(user, "result", self.card.pk, "open", row.pk, result="works")
            self.assertEqual(answer.status_code, 302 if tier >= Tier.STAFF else 403)
        for user, pk, tier, row_pk, result, status in (
            (self.rana, self.card.pk, "open", row.pk, "x", 400),
            (self.rana, self.card.pk, "sealed", self.sealed.pk, "works", 403),
            (self.sami, self.card.pk, "sealed", self.sealed.pk, "works", 302),
            (self.sami, self.card.pk, "other", row.pk, "works", 404),
            (self.sami, self.expert.pk, "open", row.pk, "works", 404),
        ):
            answer = self.send(user, "result", pk, tier, row_pk, result=result)
            self.assertEqual(answer.status_code, status)
        self.assertEqual(self.client.get(self.where("result", self.card.pk, "open", row.pk)).status_code, 405)

    def test_a_restricted_detail_asks_whether_anybody_is_at_risk(self):
        version = Expert.objects.get(pk=self.card.pk).version
        new = {"kind": "mobile", "raw": "+44 7700 900444", "preference": "50", "label": "home", "seen": version}
        answer = self.send(self.sami, "part", self.card.pk, "channels", **new)
        self.assertContains(answer, "Would naming this person put them at risk?", status_code=400)
        self.assertContains(answer, "+44 7700 900444", status_code=400)
        self.send(self.sami, "part", self.card.pk, "channels", **new, no_risk="on")
        self.assertEqual(self.card.private_channels.count(), 2)
        page = self.client.get(self.where("part", self.card.pk, "notes"))
        self.assertContains(page, "Would naming this person put them at risk?")


class PresentTests(TierTestCase):
    def test_a_restricted_channel_never_holds_its_value(self):
        shown = serializer.card(self.card, Tier.RESTRICTED)
        sealed = [row for row in shown["channels"] if row["restricted"]]
        self.assertEqual(sealed, [{"restricted": True, "id": self.sealed.pk, "kind": "mobile", "says": "Mobile",
                                   "label": "", "result": "", "verified_on": None,
                                   "do_not_use": False, "to_mend": False}])  # fmt: skip
        self.assertNotIn(digits(SEALED), str(shown).replace(" ", ""))

    def test_the_tier_of_names_sees_no_channel(self):
        self.assertEqual(serializer.card(self.card, Tier.NAMES)["channels"], [])
        self.assertEqual(len(serializer.card(self.card, Tier.STAFF)["channels"]), 2)
        with self.assertRaises(PermissionDenied):
            serializer.card(self.card, Tier.NOTHING)

    def test_the_serializer_takes_a_fixed_number_of_queries(self):
        for n in range(12):
            made = cards.make_card(f"Person {n}", by=None, title="Cook", organisation=f"House {n}")
            channels.add_channel(made, kind="phone", raw=f"+44 20 7946 03{n:02}", tier="staff", by=self.sami)
            made.topics.add(self.topic)
        # the cards, one for each thing that hangs on them, and the day at the paper
        with self.assertNumQueries(15):
            told = serializer.cards(Expert.objects.select_related("portrait"), Tier.RESTRICTED)
        self.assertEqual(len(told), 14)

    def test_an_expert_barred_from_contact_is_not_exported(self):
        bars.set_bar(self.card, by=self.sami, kind="contact", reason="Asked us to stop")
        self.assertNotIn(self.card, serializer.contactable(Expert.objects.all()))
        self.assertIn(self.expert, serializer.contactable(Expert.objects.all()))
        (bar,) = serializer.card(Expert.objects.get(pk=self.card.pk), Tier.NAMES)["bars"]
        self.assertEqual((bar["kind"], bar["reason"]), ("contact", ""))
