"""Who was removed at their own request does not come back by a file; a colleague who shares a number is let in."""

import pytest

from experts.actions import cards, channels, removal
from experts.files.importing import batches
from experts.models import Expert
from experts.names.titles import without_titles
from newsroom.folding import fold

from ..base import DeskTestCase

pytestmark = pytest.mark.engines

OWN, PRESS, DESK = "+44 7700 900111", "+44 1632 960111", "+44 1632 960222"


class HeldBackTests(DeskTestCase):
    def setUp(self):
        ann = cards.make_card("Ann Lee", by=self.sami, given="Ann", family="Lee")
        bo = cards.make_card("Bo Ek", by=self.sami)
        channels.add_channel(ann, kind="mobile", raw=OWN, tier="restricted", by=self.sami)
        channels.add_channel(ann, kind="phone", raw=PRESS, tier="staff", label="press office", by=self.sami)
        for card in (ann, bo):
            channels.add_channel(card, kind="phone", raw=DESK, tier="staff", by=self.sami)
        removal.remove_expert(ann, by=self.sami)

    def statuses(self, *rows, header="Name,Mobile,Phone (press office),Phone (work),E-mail"):
        batch = batches.take_in("\n".join([header, *rows]).encode(), "list.csv", by=self.sami)
        return [row.status for row in batches.commit(batch, by=self.sami).rows.order_by("line")]

    def test_a_title_before_the_name_brings_nobody_back(self):
        for name in (
            "Dr Ann Lee",
            "Prof. Dr. Ann Lee",
            "Dame Ann Lee PhD",
            '"Lee, Dr Ann"',
            "ANN LEE",
            "Ms Ann Lee, KC",
        ):
            called = name if "," not in name or name.startswith('"') else f'"{name}"'
            self.assertEqual(self.statuses(f"{called},,,,"), ["suppressed"], name)

    def test_who_shares_a_press_office_or_a_desk_with_them_comes_in(self):
        self.assertEqual(self.statuses(f"Cy Dee,,{PRESS},,", f"Di Lee,,{PRESS},{DESK},"), ["done", "done"])
        self.assertTrue(Expert.objects.filter(display_name="Di Lee").exists())

    def test_their_own_number_with_a_word_of_the_name_is_held_back_and_with_another_name_is_not(self):
        self.assertEqual(self.statuses(f"A. Lee,{OWN},,,", f"Ed Gee,{OWN},,,"), ["suppressed", "done"])

    def test_the_report_says_that_a_row_was_held_back_and_who_decides(self):
        batch = batches.take_in(b"Name\nDr Ann Lee\nFi Ha\n", "list.csv", by=self.sami)
        (row,) = batch.rows.filter(status="suppressed")
        (error,) = row.errors
        self.assertIn("Held back", error["message"])
        self.assertIn("Whoever keeps the source book decides", error["message"])
        self.assertNotIn("Lee", str(row.errors))
        self.client.force_login(self.sami)
        page = self.client.get(f"/admin/experts/expert/import/{batch.pk}/")
        self.assertContains(page, "Whoever keeps the source book decides")
        self.assertContains(page, "Held back: removed at their own request")

    def test_a_form_still_asks_for_any_number_of_theirs_that_is_not_shared(self):
        self.assertTrue(removal.is_suppressed(channels=[("mobile", "+447700900111")]))
        self.assertTrue(removal.is_suppressed(names=["Dr. Ann Lee"]))
        self.assertFalse(removal.is_suppressed(channels=[("phone", "+441632960111")]))
        self.assertFalse(removal.is_suppressed(channels=[("phone", "+441632960222")]))

    def test_asking_costs_one_query(self):
        with self.assertNumQueries(1):
            removal.would_return(called=["A Lee", "B Lee"], channels=[("phone", "+441632960111")], ids=[("orcid", "x")])


class TitleTests(DeskTestCase):
    def test_titles_are_no_part_of_a_name(self):
        for said, left in (("Dr Ann Lee", "ann lee"), ("Lee, Prof. Ann", "lee ann"), ("Sir Don Lee", "don lee"),
                           ("Lord", "lord"), ("Lord Sugar", "lord sugar"), ("John Major", "john major"), ("Dr", "dr"),
                           ("الدكتورة لينا المنصور", fold("لينا المنصور"))):  # fmt: skip
            self.assertEqual(without_titles(fold(said)), left, said)
