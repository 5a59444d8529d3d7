"""Lookalikes: which cards are shown as perhaps the same person, with which reasons, and which are not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.actions import cards, channels
from experts.channels import normalise
from experts.finding import duplicates
from experts.models import Expert, NameVariant
from tests.base import DeskTestCase

pytestmark = pytest.mark.engines


def shown(**asked):
    return {candidate.expert.display_name: candidate for candidate in duplicates.find_lookalikes(**asked)}


class NameTests(DeskTestCase):
    def setUp(self):
        self.card = cards.make_card("Mohannad Alazzeh", by=None)
        for name in ("Mousa Khalaileh", "Mohammad Khalil Dawaimeh", "Robert Hall", "Halina Nowak"):
            cards.make_card(name, by=None)

    def test_each_spelling_of_a_name_reaches_its_card(self):
        for name in ("Mohanad Al Azzeh", "Muhannad Al-Azzeh", "مهند العزة", "Allazzeh", "MOHANNAD ALAZZEH"):
            with self.subTest(name):
                self.assertIn("Mohannad Alazzeh", shown(name=name))

    def test_the_name_in_its_own_script_is_compared_too(self):
        self.assertIn("Mohannad Alazzeh", shown(name="M. Somebody", native="مهند العزة"))

    def test_a_card_is_found_by_its_other_names(self):
        NameVariant.objects.create(expert=self.card, text="Abu Rashed", kind="alias")
        cards.index_card(self.card)
        self.assertIn("Mohannad Alazzeh", shown(name="Abu Rashid"))

    def test_people_who_share_a_surname_are_not_lookalikes(self):
        self.assertNotIn("Mousa Khalaileh", shown(name="Ali Khalaileh"))
        self.assertNotIn("Mohammad Khalil Dawaimeh", shown(name="Mohammad Yousef Dawaimeh"))

    def test_a_short_first_name_stands_for_the_full_one(self):
        found = shown(name="Bob Hall")["Robert Hall"]
        self.assertIn("A short form of the same first name", found.reasons)

    def test_first_and_last_of_four_names_are_a_lookalike(self):
        cards.make_card("Samir Mahmoud Khalil Haddad", by=None)
        self.assertIn("Samir Mahmoud Khalil Haddad", shown(name="Samir Haddad"))

    def test_initials_and_missing_middle_names_are_lookalikes(self):
        for place in ("Leeds", "Cork", "Oslo"):
            cards.make_card("John A. Smith", by=None, title="Professor", organisation=place)
        cards.make_card("Jane Smith", by=None)
        cards.make_card("J. Okafor", by=None)
        for name in ("J Smith", "J. A. Smith", "Jon Smith", "John Smith", "Jack Smith", "Smith, J.", "Dr J. Smith",
                     "John Andrew Smith"):  # fmt: skip
            with self.subTest(name):
                found = duplicates.find_lookalikes(name=name)
                self.assertEqual([one.expert.display_name for one in found].count("John A. Smith"), 3)
        self.assertIn("J. Okafor", shown(name="Jide Okafor"))

    def test_initials_that_differ_are_another_person(self):
        cards.make_card("John A. Smith", by=None)
        for name in ("K Smith", "Jane Smith", "J Smithson", "J. B. Smith", "J", "S"):
            with self.subTest(name):
                self.assertNotIn("John A. Smith", shown(name=name))

    def test_a_name_alone_is_never_exact(self):
        found = shown(name="Mohannad Alazzeh")["Mohannad Alazzeh"]
        self.assertEqual((found.exact, found.reasons), (False, ["The same name"]))

    def test_the_card_itself_and_unused_cards_are_left_out(self):
        self.assertNotIn("Mohannad Alazzeh", shown(name="Mohannad Alazzeh", leaving_out=self.card))
        Expert.objects.filter(pk=self.card.pk).update(merged_into=Expert.objects.get(display_name="Halina Nowak"))
        self.assertNotIn("Mohannad Alazzeh", shown(name="Mohannad Alazzeh"))

    def test_any_text_can_be_compared(self):
        for name in ("", " ", "…", "\u0650", "'", "\x00", "🙂", "%_", "ا", "a" * 500, "«»", "-" * 40):
            with self.subTest(name):
                duplicates.find_lookalikes(name=name)


class ExactTests(DeskTestCase):
    def setUp(self):
        self.card = cards.make_card("Ines Quoted", by=None, country="JO")

    def test_a_number_written_in_two_ways_is_exact(self):
        channels.add_channel(self.card, kind="phone", raw="0790123456", tier="staff", by=None)
        normalized, _ = normalise("mobile", "+962 79 012 34 56")
        found = shown(channels=[("mobile", normalized)])["Ines Quoted"]
        self.assertEqual((found.exact, found.reasons), (True, ["The same number"]))

    def test_a_mail_address_is_exact(self):
        channels.add_channel(self.card, kind="email", raw="Ines@Example.org", tier="staff", by=None)
        found = shown(name="Somebody Else", channels=[("email", "ines@example.org")])["Ines Quoted"]
        self.assertEqual((found.exact, found.reasons), (True, ["The same e-mail address"]))

    def test_a_restricted_number_is_matched_and_not_shown(self):
        channels.add_channel(self.card, kind="mobile", raw="+962790123456", tier="restricted", by=None)
        found = shown(channels=[("phone", "+962790123456")])["Ines Quoted"]
        self.assertEqual((found.exact, found.reasons), (True, ["The same number, restricted"]))

    def test_no_query_names_a_whole_number_or_address(self):
        typed = [("phone", "+962790123456"), ("email", "ines@example.org"), ("signal", "ines.17")]
        with CaptureQueriesContext(connection) as asked:
            duplicates.find_lookalikes(channels=typed)
        self.assertEqual(len(asked), 1)
        for _, value in typed:
            self.assertNotIn(value[:8], asked[0]["sql"])
            self.assertNotIn(value[-8:], asked[0]["sql"])

    def test_a_web_address_is_found_without_naming_it_in_a_query(self):
        web = "https://quoted.example/ines"
        channels.add_channel(self.card, kind="web", raw=web, tier="staff", by=None)
        with CaptureQueriesContext(connection) as asked:
            found = shown(channels=[("web", web)])["Ines Quoted"]
        self.assertEqual(found.reasons, ["The same address"])
        for words in ("quoted", "ines"):
            self.assertNotIn(words, asked[0]["sql"])

    def test_a_query_names_the_start_and_end_of_an_address(self):
        other = cards.make_card("Halvard Nystrom", by=None)
        channels.add_channel(other, kind="email", raw="info@elsewhere.example", tier="staff", by=None)
        channels.add_channel(self.card, kind="email", raw="info@paper.org", tier="staff", by=None)
        rows = duplicates._cards_with_same_channel_or_id([("email", "info@paper.org")], (), True)
        self.assertEqual(rows, [(self.card.pk, "The same e-mail address")])
        with CaptureQueriesContext(connection) as asked:
            duplicates.find_lookalikes(channels=[("email", "info@paper.org")])
        for hint in ("inf%", "%org"):
            self.assertIn(hint, asked[0]["sql"])

    def test_a_number_with_the_same_end_is_another_number(self):
        channels.add_channel(self.card, kind="mobile", raw="+962790123456", tier="staff", by=None)
        channels.add_channel(self.card, kind="email", raw="ines@example.org", tier="staff", by=None)
        typed = [("phone", "+962799999456"), ("email", "inespopov@example.org")]
        self.assertEqual(shown(channels=typed), {})

    def test_an_identifier_is_exact(self):
        self.card.external_ids.create(scheme="wikidata", value="Q42")
        found = shown(ids=[("wikidata", "Q42"), ("orcid", "")])["Ines Quoted"]
        self.assertEqual((found.exact, found.reasons), (True, ["The same Wikidata"]))

    def test_exact_lookalikes_come_first_with_all_reasons(self):
        cards.make_card("Inez Quoted", by=None)
        channels.add_channel(self.card, kind="email", raw="q@example.org", tier="staff", by=None)
        found = duplicates.find_lookalikes(name="Inez Quoted", channels=[("email", "q@example.org")])
        self.assertEqual([candidate.expert.display_name for candidate in found], ["Ines Quoted", "Inez Quoted"])
        self.assertEqual(found[0].reasons, ["The same e-mail address", "Spelt alike: “ines quoted”"])

    def test_lookalikes_take_three_queries(self):
        # numbers and identifiers, every name, the cards found
        with self.assertNumQueries(3):
            duplicates.find_lookalikes(
                name="Ines Quoted", native="إيناس", channels=[("email", "a@b.example"), ("phone", "+44")],
                ids=[("orcid", "0000-0002-1825-0097")],
            )  # fmt: skip
