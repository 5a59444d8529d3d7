"""The search box: names in any script, places of work, topics and quotations, each with its reason."""

import pytest

from articles.models import State
from experts.actions import cards
from experts.finding import search
from experts.models import Affiliation, Expert, ExpertTopic, Organisation, OrganisationName
from newsroom.models import Topic, TopicName
from tests.base import DeskTestCase

pytestmark = pytest.mark.engines


def found(words, limit=20):
    hits = search.find_cards_by_words(words, limit=limit)
    called = dict(Expert.objects.values_list("pk", "display_name"))
    return {called[hit.expert_id]: hit.reason for hit in hits}


class WordsTests(DeskTestCase):
    def setUp(self):
        self.card = cards.make_card("Mohannad Alazzeh", by=None, title="Commissioner", organisation="Rights Commission")
        self.bob = cards.make_card(
            "Robert Hall", by=None, title="Professor of water law", organisation="Port University"
        )
        for expert, topic in ((self.card, self.topic), (self.bob, Topic.objects.create(name="Iraq", slug="iraq"))):
            ExpertTopic.objects.create(content_object=expert, tag=topic, level=3)
            cards.index_card(expert)

    def test_a_name_is_found_in_any_script_and_spelling(self):
        for words in ("alazzeh", "Allazzeh", "مهند العزة", "Muhannad Al-Azzeh", "mohannad", "ALAZ"):
            with self.subTest(words):
                self.assertIn("Mohannad Alazzeh", found(words))
        self.assertNotIn("Robert Hall", found("Allazzeh"))

    def test_a_short_first_name_is_found(self):
        self.assertIn("Robert Hall", found("bob hall"))
        self.assertIn("“bob” may be short for", found("bob university")["Robert Hall"])

    def test_initials_and_like_first_names_are_found_beside_others(self):
        for _ in range(3):
            cards.make_card("John A. Smith", by=None)
        cards.make_card("Kim Smith", by=None)
        cards.make_card("J. Okafor", by=None)
        for words in ("J Smith", "j. a. smith", "Jon Smith", "John Smith", "Smith J", "John Andrew Smith"):
            with self.subTest(words):
                hits = search.find_cards_by_words(words, limit=20)
                named = [Expert.objects.get(pk=hit.expert_id).display_name for hit in hits]
                self.assertEqual(named, ["John A. Smith"] * 3)
        self.assertIn("J. Okafor", found("jide okafor"))
        self.assertIn("initials", found("J Smith")["John A. Smith"])

    def test_an_initial_is_found_beside_a_name_and_a_topic(self):
        self.assertIn("“robert”, which “r” may be short for", found("r hall iraq")["Robert Hall"])

    def test_a_letter_alone_finds_no_names_that_begin_with_it(self):
        cards.make_card("Kim Xu", by=None)
        for words in ("k", "k x", "k iraq"):
            self.assertNotIn("Kim Xu", found(words))

    def test_a_role_and_a_place_of_work_are_found(self):
        self.assertEqual(list(found("water law")), ["Robert Hall"])
        self.assertEqual(found("rights")["Mohannad Alazzeh"], "At Rights Commission")

    def test_a_place_is_found_by_its_other_names(self):
        place = Organisation.objects.get(name="Rights Commission")
        OrganisationName.objects.create(organisation=place, text="IRC")
        self.assertEqual(found("irc")["Mohannad Alazzeh"], "At Rights Commission, also called “IRC”")
        Affiliation.objects.filter(organisation=place).update(end="2020")
        self.assertTrue(found("irc")["Mohannad Alazzeh"].startswith("Was at"))

    def test_a_topic_is_found_by_any_of_its_names(self):
        TopicName.objects.create(topic=self.topic, text="الشحن")
        self.assertEqual(found("shipping")["Mohannad Alazzeh"], "Speaks on Shipping")
        self.assertEqual(found("الشحن")["Mohannad Alazzeh"], "Speaks on Shipping, also called “الشحن”")

    def test_every_word_has_to_be_found(self):
        self.assertEqual(list(found("hall iraq")), ["Robert Hall"])
        self.assertEqual(found("hall shipping"), {})

    def test_a_match_in_the_name_comes_before_one_in_the_place(self):
        cards.make_card("Ann Porter", by=None)
        self.assertEqual(next(iter(found("port"))), "Ann Porter")

    def test_words_that_somebody_said_are_found(self):
        body = f'<p>“<q data-expert="{self.bob.pk}">The dredging never paid for itself</q>”, he says.</p>'
        self.make_article(state=State.PUBLISHED, body=body)
        self.assertEqual(found("dredging paid")["Robert Hall"], "Said: “The dredging never paid for itself”")
        self.assertEqual(found("dredging eels"), {})

    def test_quotes_that_are_not_public_are_not_searched(self):
        body = f'<p>“<q data-expert="{self.bob.pk}">The dredging never paid for itself</q>”, he says.</p>'
        self.make_article(body=body)
        self.assertEqual(found("dredging"), {})

    def test_merged_and_removed_cards_are_not_found(self):
        Expert.objects.filter(pk=self.card.pk).update(merged_into=self.bob)
        self.assertEqual(found("alazzeh"), {})

    def test_any_text_can_be_searched(self):
        for words in ("", "  ", "\0", "…", "%", "_", "a" * 999, "' OR 1=1", "🙂", "ا", '"', "\u202e"):
            with self.subTest(words):
                search.find_cards_by_words(words, limit=5)

    def test_a_search_takes_four_queries(self):
        # every name; topics; places; what was said
        with self.assertNumQueries(4):
            search.find_cards_by_words("hall university iraq", limit=20)
