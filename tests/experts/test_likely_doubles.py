"""Likely doubles: a queue of cards that look alike, and an import that names the cards its rows look like."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experts.actions import cards, removal
from experts.files.importing import batches

from ..base import DeskTestCase

pytestmark = pytest.mark.engines


class QueueTests(DeskTestCase):
    def listed(self, user=None):
        self.client.force_login(user or self.sami)
        page = self.client.get(reverse("admin:experts_expert_queues"), {"queue": "doubles"})
        self.page = page
        return [row["name"] for row in page.context["rows"]]

    def test_cards_that_look_alike_stand_beside_each_other(self):
        for name in (
            "Mohanad Alazzeh",
            "Rita Okafor",
            "Muhannad Al-Azzeh",
            "Ann Lee",
            "Anna Lou",
            "Rita Okafor",
            "Lee",
        ):
            cards.make_card(name, by=self.sami)
        found = self.listed()
        self.assertEqual(found, ["Muhannad Al-Azzeh", "Mohanad Alazzeh", "Rita Okafor", "Rita Okafor"])
        self.assertContains(self.page, "Compare with the one above", count=2)

    def test_who_keeps_no_cards_is_offered_no_merge(self):
        for _ in range(2):
            cards.make_card("Rita Okafor", by=self.sami)
        self.assertEqual(len(self.listed(self.rana)), 2)
        self.assertNotContains(self.page, "Compare with")
        self.client.force_login(self.cora)
        self.assertEqual(self.client.get(reverse("admin:experts_expert_queues")).status_code, 403)

    def test_a_removed_card_is_nobodys_double(self):
        first, _ = cards.make_card("Rita Okafor", by=self.sami), cards.make_card("Rita Okafor", by=self.sami)
        removal.remove_expert(first, by=self.sami)
        self.assertEqual(self.listed(), [])

    def test_as_many_queries_for_many_doubles(self):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                self.listed()
            return len(queries)

        for _ in range(2):
            cards.make_card("Rita Okafor", by=self.sami)
        asked()
        before = asked()
        for n in range(30):
            cards.make_card(f"Rita Okafor{'a' * (n % 3)}", by=None)
        self.assertEqual(asked(), before)


class ImportTests(DeskTestCase):
    def test_a_row_that_looks_like_a_card_names_it_by_its_number_alone(self):
        card = cards.make_card("Mohanad Alazzeh", by=self.sami)
        batch = batches.take_in(
            "Name\nProf. Muhannad Al-Azzeh\nRita Okafor\nمهند العزة\n".encode(), "a.csv", by=self.sami
        )
        self.assertEqual((batch.counts["new"], batch.counts["alike"]), (3, 1))
        (error,) = batch.rows.get(line=2).errors
        self.assertEqual((error["card"], error["note"]), (card.pk, True))
        self.assertNotIn("azzeh", str(batch.rows.get(line=2).errors).lower())
        self.client.force_login(self.sami)
        page = self.client.get(reverse("admin:experts_expert_batch", args=[batch.pk]))
        self.assertContains(page, reverse("admin:experts_expert_change", args=[card.pk]))
        self.assertContains(page, "Look like a card that we have")

    def test_a_row_with_initials_or_a_short_form_names_the_card(self):
        card = cards.make_card("John A. Smith", by=self.sami)
        batch = batches.take_in(b"Name\nJ Smith\nJon Smith\nJohn B. Smith\nK Smith\n", "a.csv", by=self.sami)
        named = {row.line: [error["card"] for error in row.errors if "card" in error] for row in batch.rows.all()}
        self.assertEqual(named, {2: [card.pk], 3: [card.pk], 4: [], 5: []})

    def test_many_rows_are_compared_in_as_many_queries_as_few(self):
        cards.make_card("Rita Okafor", by=self.sami)

        def asked(count):
            raw = "\n".join(["Name", *(f"Rita Okafor {n}" for n in range(count))]).encode()
            with CaptureQueriesContext(connection) as queries:
                batches.take_in(raw, "a.csv", by=self.sami)
            return len(queries)

        asked(2)
        self.assertEqual(asked(20), asked(100))
