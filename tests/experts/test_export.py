"""Cards out: formulas defused, tiers kept, who is not to be contacted left out, and codes that phones read."""

import csv
import io
from datetime import date, timedelta

import zxingcpp
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from experts import serializer
from experts.access import Tier
from experts.actions import cards, channels, log
from experts.files import exporting
from experts.files.vcard import reader
from experts.models import AccessLog, Bar, ContactLog, Expert, LanguageSkill
from newsroom import paper
from newsroom.errors import NotAllowed

from ..base import DeskTestCase

SECRET = "+44 20 7946 0958"
STAFF = "+44 20 7946 0111"


class ExportTestCase(DeskTestCase):
    def setUp(self):
        self.ann = cards.make_card("Ann Lee", by=self.sami, title="Poet", organisation="Guild", native_name="آن لي")
        channels.add_channel(self.ann, kind="phone", raw=STAFF, tier="staff", by=self.sami)
        channels.add_channel(self.ann, kind="mobile", raw=SECRET, tier="restricted", by=self.sami)
        channels.add_channel(self.ann, kind="email", raw="ann@lee.example", tier="public", by=self.sami)
        log.add_note(self.ann, "Canary of a restricted note", by=self.sami)
        self.bob = cards.make_card("Bob Barred", by=self.sami)
        channels.add_channel(self.bob, kind="phone", raw="+44 20 7946 0222", tier="staff", by=self.sami)
        today = paper.today()
        Bar.objects.create(expert=self.bob, kind=Bar.CONTACT, reason="Asked us to stop.", since=today)

    def as_csv(self, raw):
        return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))

    def ask(self, user, name, *args, **query):
        self.client.force_login(user)
        return self.client.get(reverse(f"admin:experts_expert_{name}", args=args), query)


class ListTests(ExportTestCase):
    def test_formulas_are_defused_in_every_table(self):
        for n, sign in enumerate("=+-@\t\r"):
            cards.make_card(f"{sign}cmd|' /C calc'!A{n}", by=self.sami)
        rows = self.as_csv(exporting.export(Expert.objects.all(), "csv", by=self.sami)[0])
        self.assertEqual(sum(row["Name"].startswith("'") for row in rows), 6)
        sheet = load_workbook(io.BytesIO(exporting.export(Expert.objects.all(), "xlsx", by=self.sami)[0])).active
        for row in sheet.iter_rows():
            for cell in row:
                self.assertNotEqual(cell.data_type, "f")
                self.assertEqual(cell.number_format, "@")
                # A number with its plus is text here, and left alone.
                self.assertFalse(str(cell.value or "").startswith(("=", "-", "@", "\t", "\r", "+cmd")))

    def test_the_restricted_and_the_barred_stay_at_home_and_it_is_on_record(self):
        for form in exporting.FORMATS:
            raw, count = exporting.export(Expert.objects.all(), form, by=self.sami, why="The election desk")
            if form == "xlsx":
                rows = load_workbook(io.BytesIO(raw)).active.iter_rows(values_only=True)
                raw = str(list(rows)).encode()
            self.assertNotIn(b"0958", raw)
            self.assertNotIn(b"Canary", raw)
            self.assertNotIn(b"Bob", raw)
            self.assertIn(b"0111", raw)
            self.assertEqual(count, 2)
        entry = AccessLog.objects.first()
        self.assertEqual((entry.what, entry.why, entry.by), ("Export, 2 cards", "The election desk", self.sami))

    def test_only_who_keeps_the_book_exports(self):
        for user in (self.rana, self.max, self.cora, self.ada):
            with self.assertRaises(NotAllowed):
                exporting.export(Expert.objects.all(), "csv", by=user)
        self.assertFalse(AccessLog.objects.filter(what__startswith="Export").exists())

    def test_the_list_as_it_is_searched_and_filtered(self):
        self.client.force_login(self.sami)
        here = reverse("admin:experts_expert_export")
        self.assertContains(self.client.get(f"{here}?q=Ann+Lee"), "1 card of the list")
        self.assertContains(self.client.get(f"{here}?card=dnc"), "1 more is left out")
        answer = self.client.post(f"{here}?q=Ann+Lee", {"form": "csv", "why": "The election desk"})
        self.assertEqual([row["Name"] for row in self.as_csv(answer.content)], ["Ann Lee"])
        self.assertEqual(self.client.post(f"{here}?q=Ann", {"form": "csv"}).status_code, 400)
        self.assertEqual(self.client.get(f"{here}?nonsense=1\0").status_code, 400)  # as the list itself

    def test_a_hundred_cards_cost_the_queries_of_ten(self):
        def queries(count):
            for n in range(count):
                expert = cards.make_card(f"Person {n} {count}", by=self.sami, title="Clerk", organisation=f"Office {n}")
                channels.add_channel(expert, kind="email", raw=f"p{n}@{count}.example", tier="staff", by=self.sami)
                LanguageSkill.objects.create(expert=expert, tag="en")
            with CaptureQueriesContext(connection) as made:
                exporting.export(Expert.objects.all(), "csv", by=self.sami)
            return len(made)

        self.assertEqual(queries(10), queries(100))


class OneCardTests(ExportTestCase):
    def test_a_vcard_holds_what_the_tier_allows(self):
        for user, tier in ((self.rana, "staff"), (self.sami, "staff"), (self.max, "staff"), (self.cora, "names")):
            for version in ("3.0", "4.0"):
                answer = self.ask(user, "vcard", self.ann.pk, version=version)
                (card,) = reader.read_cards(answer.content).cards
                self.assertEqual((card["version"], card["name"], card["native_name"]), (version, "Ann Lee", "آن لي"))
                values = {c["value"] for c in card["channels"]}
                self.assertEqual(values, {STAFF, "ann@lee.example"} if tier == "staff" else set())
                self.assertIn("no-store", answer["Cache-Control"])

    def test_a_barred_card_does_not_leave_the_house(self):
        for name in ("vcard", "qr", "print"):
            answer = self.ask(self.sami, name, self.bob.pk)
            self.assertContains(answer, "does not leave the house", status_code=403)
            self.assertContains(answer, "Back to the desk", status_code=403)
        Bar.objects.update(until=paper.today() - timedelta(days=1), since=date(2020, 1, 1))
        self.assertEqual(self.ask(self.sami, "vcard", self.bob.pk).status_code, 200)

    def test_a_code_is_read_by_another_reader(self):
        LanguageSkill.objects.create(expert=self.ann, tag="ar")
        for user, numbers in (
            (self.rana, {STAFF, "ann@lee.example"}),
            (self.sami, {STAFF, "ann@lee.example"}),
            (self.cora, set()),
        ):
            answer = self.ask(user, "qr", self.ann.pk, format="png")
            (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.content)))
            (card,) = reader.read_cards(code.bytes).cards
            self.assertEqual((card["name"], card["native_name"]), ("Ann Lee", "آن لي"))
            self.assertEqual({c["value"] for c in card["channels"]}, numbers)
        self.assertIn(b"<svg", self.ask(self.rana, "qr", self.ann.pk).content)
        (card,) = serializer.cards([self.ann], Tier.STAFF)
        made = exporting.qr_code(card)
        self.assertLessEqual(made.version, exporting.QR_VERSION)
        self.assertEqual(made.error, "M")

    def test_a_card_too_full_for_a_code_leaves_out_what_matters_least(self):
        (card,) = serializer.cards([self.ann], Tier.STAFF)
        many = [
            {"kind": "email", "label": "", "value": f"{'x' * 60}{n}@lee.example", "preference": 50} for n in range(9)
        ]
        made = exporting.qr_code(card | {"channels": card["channels"] + many})
        self.assertLessEqual(made.version, exporting.QR_VERSION)
        longest = card | {"name": "مهند " * 32, "roles": [], "channels": card["channels"]}
        self.assertLessEqual(exporting.qr_code(longest).version, exporting.QR_VERSION)

    def test_paper_shows_the_tier_and_the_name_in_its_own_direction(self):
        page = self.ask(self.rana, "print", self.ann.pk)
        self.assertContains(page, STAFF)
        self.assertContains(page, '<p class="paper-native" dir="auto">آن لي</p>')
        self.assertNotContains(page, "0958")
        self.assertNotContains(self.ask(self.sami, "print", self.ann.pk), "0958")
        names = self.ask(self.leo, "print", self.ann.pk)
        self.assertContains(names, "Poet, Guild")
        self.assertNotContains(names, STAFF)


class CallSheetTests(ExportTestCase):
    def test_follow_ups_that_are_due_and_cards_that_were_chosen(self):
        today = paper.today()
        log.add_entry(self.ann, by=self.rana, outcome="later", follow_up_on=today, purpose="The port vote")
        page = self.ask(self.rana, "callsheet", date=today.isoformat())
        self.assertContains(page, "The port vote")
        self.assertContains(page, STAFF)
        self.assertNotContains(page, "0958")
        self.assertNotContains(self.ask(self.rana, "callsheet", date="2020-01-01"), "Ann Lee")
        chosen = self.ask(self.rana, "callsheet", ids=f"{self.ann.pk},{self.bob.pk},x,99999999999999999999")
        self.assertContains(chosen, "Ann Lee")
        self.assertNotContains(chosen, "Bob Barred")
        self.assertContains(chosen, "1 left out")
        self.assertEqual(self.ask(self.cora, "callsheet").status_code, 403)

    def test_its_queries_do_not_grow(self):
        def queries(count):
            for n in range(count):
                expert = cards.make_card(f"Person {n} {count}", by=self.sami)
                ContactLog.objects.create(
                    expert=expert, by=self.rana, at="2026-01-01T12:00Z", outcome="later", follow_up_on="2026-01-02"
                )
            with CaptureQueriesContext(connection) as made:
                self.ask(self.rana, "callsheet")
            return len(made)

        queries(1)
        self.assertEqual(queries(2), queries(20))
