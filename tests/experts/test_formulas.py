"""Cells on their way out: formulas are made harmless however they hide, and numbers with a plus are left alone."""

import csv
import io

from django.test import SimpleTestCase
from openpyxl import load_workbook

from experts.actions import cards, channels, jobs
from experts.files import exporting
from experts.files.formulas import armed, defused
from experts.files.importing import batches
from experts.models import Expert

from ..base import DeskTestCase

NUMBERS = [
    "+442079460111",
    "+44 20 7946 0111",
    "+44 (0)20 7946-0111 ext. 12",
    "+44 20 7946 0111;ext=5",
    "+1.202.555.0143",
]
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\n=1+1", " =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff@x",
            "＝1+1", "＋1+cmd", "－2", "＠SUM(1)", "plain\n=1+1", "+44 20 7946 0111\n=1+1", "'=1+1", "+44=cmd|'x'!A1",
            "\t=1", "\r=1", "+44 20 7946 0111+cmd"]  # fmt: skip


class FormulaTests(SimpleTestCase):
    def test_numbers_with_their_plus_are_left_alone(self):
        for number in NUMBERS:
            self.assertEqual(defused(number), number)
        self.assertEqual(defused("\n".join(NUMBERS)), "\n".join(NUMBERS))

    def test_formulas_are_defused_however_they_hide(self):
        for text in FORMULAS:
            out = defused(text)
            self.assertNotEqual(out, text)
            for line in out.split("\n"):
                bare = line.strip("\u200b\ufeff \u00a0\t\r")
                self.assertFalse(bare.startswith(("=", "-", "@", "＝", "＋", "－", "＠", "+cmd", "+44=")), repr(out))

    def test_what_was_defused_comes_back_as_it_was(self):
        for text in [*FORMULAS, *NUMBERS, "plain", "it's =", "'quoted'"]:
            self.assertEqual(armed(defused(text)), text, repr(text))


class RoundTests(DeskTestCase):
    def setUp(self):
        self.ann = cards.make_card("Ann Lee", by=self.sami)
        jobs.add_role(self.ann, by=self.sami, title="Poet")
        jobs.add_role(self.ann, by=self.sami, title="", organisation="The Guild")
        channels.add_channel(self.ann, kind="phone", raw="+44 20 7946 0111", tier="staff", by=self.sami)
        channels.add_channel(self.ann, kind="chat", raw="skype:ann.lee", tier="staff", by=self.sami)
        for street in ("1 Quay, Orle", "2 Quay, Orle"):
            channels.add_channel(self.ann, kind="postal", raw=street, tier="staff", label="work", by=self.sami)
        self.house = cards.make_card("The Salt Office", by=self.sami, kind="desk")

    def export(self, form):
        return exporting.export(Expert.objects.exclude(pk=self.expert.pk), form, by=self.sami)[0]

    def test_an_organisation_is_sorted_as_it_is_written(self):
        self.assertEqual(self.house.sort_name, "The Salt Office")

    def test_a_number_is_quoted_text_in_csv_and_text_in_a_workbook(self):
        raw = self.export("csv").decode("utf-8-sig")
        self.assertIn('"+44 20 7946 0111"', raw)
        row = next(row for row in csv.DictReader(io.StringIO(raw, newline="")) if row["Name"] == "Ann Lee")
        self.assertEqual(row["Phone"], "+44 20 7946 0111")
        sheet = load_workbook(io.BytesIO(self.export("xlsx"))).active
        cells = [cell for line in sheet.iter_rows() for cell in line if cell.value == "+44 20 7946 0111"]
        self.assertEqual([(cell.data_type, cell.number_format) for cell in cells], [("s", "@")])

    def test_titles_and_organisations_alone_survive_the_way_out_and_in(self):
        files = {form: self.export(form) for form in exporting.FORMATS}
        self.assertEqual({role.as_printed for role in self.ann.affiliations.all()}, {"Poet", "The Guild"})
        for form, raw in files.items():
            again = batches.take_in(raw, f"own.{form}", by=self.sami)
            self.assertEqual((again.counts["same"], again.counts["rows"]), (2, 2), form)
        gone = Expert.objects.filter(pk__in=[self.ann.pk, self.house.pk])
        gone.update(removed_at=self.ann.created_at)
        gone.delete()
        for form, raw in files.items():
            batch = batches.commit(batches.take_in(raw, f"own.{form}", by=self.sami), by=self.sami)
            self.assertEqual((batch.counts["new"], batch.counts["bad"], batch.counts["mend"]), (2, 0, 0), form)
            ann, house = (Expert.objects.get(display_name=name) for name in ("Ann Lee", "The Salt Office"))
            roles = {(role.title, str(role.organisation or "")) for role in ann.affiliations.all()}
            self.assertEqual(roles, {("Poet", ""), ("", "The Guild")}, form)
            reached = sorted((row.kind, row.raw) for row in ann.channels.all())
            self.assertEqual(reached, [
                ("chat", "skype:ann.lee"), ("phone", "+44 20 7946 0111"), ("postal", "1 Quay, Orle"),
                ("postal", "2 Quay, Orle"),
            ], form)  # fmt: skip
            self.assertEqual((house.kind, house.sort_name), ("desk", "The Salt Office"), form)
            self.assertEqual(batches.revert(batch, by=self.sami).kept, [])

    def test_a_role_has_a_title_or_an_organisation(self):
        self.client.force_login(self.sami)
        url = f"/admin/experts/expert/{self.ann.pk}/part/roles/"
        self.ann.refresh_from_db()
        answer = self.client.post(url, {"title": "", "organisation": "", "seen": self.ann.version})
        self.assertContains(answer, "A role has a title, an organisation, or both.", status_code=400)
