"""What a body names: found, checked in words an editor understands, and given uids."""

import re

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import settings as effort

from articles.body import near_miss, plain, references, strip, tree
from articles.body.schema import sanitise
from articles.models import Article, Image
from experts.models import Expert

from .test_body_schema import BODIES

BODY = (
    '<p>She said <q data-expert="12" data-quote="a">It is <q>not</q> a rule,</q> and left.</p>'
    '<blockquote data-expert="13" data-quote="b"><p>One.</p><p>Two.</p></blockquote>'
    '<div data-article="45"></div><figure data-image="7"><figcaption>Cap</figcaption></figure>'
    '<ul data-gallery=""><li><figure data-image="8"></figure></li></ul>'
    '<p>x<span data-desk-note="n1">y</span></p><div data-embed="https://youtu.be/aaaaaaaaaaa"></div>'
)


class FindTests(SimpleTestCase):
    def test_every_reference_of_a_body_is_found(self):
        found = references.references_of(BODY)
        self.assertEqual((found.images, found.experts, found.articles), ({7, 8}, {12, 13}, {45}))
        self.assertEqual((found.notes, found.embeds), (["n1"], ["https://youtu.be/aaaaaaaaaaa"]))

    def test_quotes_come_in_the_order_of_the_text_with_their_words(self):
        self.assertEqual(
            references.references_of(BODY).quotes,
            [("a", 12, "It is ‘not’ a rule,", False), ("b", 13, "One.\n\nTwo.", True)],
        )

    def test_typed_quotation_marks_are_no_part_of_quoted_words(self):
        [quote] = references.references_of('<p><q data-expert="1" data-quote="a">“Never again.”</q></p>').quotes
        self.assertEqual(quote.words, "Never again.")

    def test_footnotes_and_desk_notes_are_no_part_of_quoted_words(self):
        [quote] = references.references_of(
            '<p><q data-expert="1">a<sup data-footnote="note"></sup> <span data-desk-note="n">b</span></q></p>'
        ).quotes
        self.assertEqual(quote.words, "a b")

    def test_a_reference_that_is_no_id_is_left_out(self):
        found = references.references_of('<p><q data-expert="abc">a</q><q data-expert="99999999999999999999">b</q></p>')
        self.assertEqual((found.experts, found.quotes), (set(), []))

    def test_an_empty_body_has_no_references(self):
        self.assertEqual(references.references_of(""), references.References())


class UidTests(SimpleTestCase):
    def test_every_quotation_gets_a_uid_and_a_copied_one_a_new_one(self):
        twice = '<q data-expert="1" data-quote="k">b</q><q data-expert="1" data-quote="k">c</q>'
        html = f'<p><q data-expert="1">a</q>{twice}</p>'
        uids = [mark.uid for mark in references.references_of(references.with_quote_uids(html)).quotes]
        self.assertEqual(uids[1], "k")
        self.assertEqual(len(set(uids)), 3)
        self.assertTrue(all(uids))

    def test_a_body_with_all_uids_is_not_changed(self):
        self.assertIs(references.with_quote_uids(BODY), BODY)

    @effort(max_examples=100, deadline=None)
    @given(BODIES)
    def test_adding_uids_changes_nothing_else_and_happens_once(self, html):
        clean = sanitise(html)
        marked = references.with_quote_uids(clean)
        self.assertEqual(references.with_quote_uids(marked), marked)
        self.assertEqual(sanitise(marked), marked)
        bare = [re.sub(r' data-quote="[^"]*"', "", text) for text in (clean, marked)]
        self.assertEqual(*bare)


class ValidateTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.expert = Expert.objects.create(display_name="Halvard Nystrom")
        cls.image = Image.objects.create(width=10, height=10)
        cls.story = Article.objects.create(headline="Six ports")

    def problems(self, html):
        with self.assertRaises(ValidationError) as caught:
            references.validate_references(html)
        return caught.exception.messages

    def test_existing_references_cost_one_query_for_each_kind(self):
        html = (
            f'<p><q data-expert="{self.expert.pk}">a</q><q data-expert="{self.expert.pk}">b</q></p>'
            f'<div data-article="{self.story.pk}"></div><figure data-image="{self.image.pk}"></figure>'
        )
        # experts, pictures, stories
        with self.assertNumQueries(3):
            references.validate_references(html)

    def test_a_text_without_references_costs_no_query(self):
        with self.assertNumQueries(0):
            references.validate_references("<p>a</p>")

    def test_a_missing_expert_is_reported_with_the_linked_words(self):
        [message] = self.problems('<p><q data-expert="999">We will see this in court</q></p>')
        self.assertIn("“We will see this in court” is linked to expert no. 999", message)

    def test_a_missing_picture_and_story_are_reported(self):
        picture, story = self.problems(
            '<figure data-image="998"><figcaption>The quay</figcaption></figure><div data-article="997"></div>'
        )
        self.assertIn("Picture no. 998 (“The quay”) is not in the library", picture)
        self.assertIn("story no. 997, which does not exist", story)

    def test_a_broken_id_is_reported_as_missing(self):
        for broken in ["abc", "0", "99999999999999999999", "9223372036854775808"]:
            [message] = self.problems(f'<p><q data-expert="{broken}">a</q></p>')
            self.assertIn(f"no. {broken}", message)

    def test_an_embed_of_another_host_is_reported(self):
        [message] = self.problems('<div data-embed="https://evil.example/x"></div>')
        self.assertIn("“https://evil.example/x” cannot be embedded", message)
        self.assertIn("it is not on the list. Allowed are Bluesky, Datawrapper,", message)

    def test_a_quotation_without_words_is_refused(self):
        html = f'<p>a<q data-expert="{self.expert.pk}"><sup data-footnote="n"></sup></q></p>'
        [message] = self.problems(html)
        self.assertIn("has no words", message)

    def test_a_body_that_is_too_long_gets_a_clear_message(self):
        with self.assertNumQueries(0):
            [message] = self.problems("<p>" + "words " * 200_000 + "</p>")
        self.assertIn("A story holds at most 200,000", message)
        self.assertIn("split it into parts", message)
        [message] = self.problems("<p><em>a</em></p>" * 200_000)
        self.assertIn("at most 200,000", message)

    def test_a_footnote_as_long_as_a_story_is_refused(self):
        [message] = self.problems(f'<p>a<sup data-footnote="{"word " * 300}"></sup></p>')
        self.assertIn("a footnote holds at most 1,000", message)


class NearMissTests(SimpleTestCase):
    """Words that look like a misprint of a surname: how many letters may differ goes by the surname's length."""

    def missed(self, word, name):
        return near_miss.near_misses(f"The port authority met {word} today.", [name]) == [(word, name)]

    def test_surnames_of_eight_letters_may_differ_by_two(self):
        for surname, one, two, three in (
            ("Lindgren", "Lindgrem", "Lindgram", "Lindrgam"),  # eight letters
            ("Lindholms", "Lindholme", "Lindhalme", "Lindhalne"),  # nine
        ):
            found = [self.missed(word, f"Ann {surname}") for word in (one, two, three)]
            self.assertEqual(found, [True, True, False], surname)
        self.assertEqual([self.missed(word, "Ann Nystrom") for word in ("Nystrum", "Nistrum")], [True, False])  # seven

    def test_surnames_of_five_letters_may_differ_by_one(self):
        self.assertEqual([self.missed(word, "Ann Larso") for word in ("Larsa", "Lorsa")], [True, False])
        self.assertFalse(self.missed("Lira", "Ann Lara"))

    def test_a_name_its_possessive_and_plural_are_no_misprints(self):
        for word in ("Lindgren", "Lindgren’s", "Lindgrens", "LINDGREN", "Lindgrens'"):
            self.assertEqual(near_miss.near_misses(f"She met {word} today.", ["Ann Lindgren"]), [], word)


class PlainTests(SimpleTestCase):
    def test_plain_text_has_a_line_for_each_block_and_footnotes_last(self):
        html = "<h2>Head</h2><p>One<br>two<sup data-footnote='A note'></sup></p><ul><li>a</li><li>b</li></ul>"
        self.assertEqual(plain.plain_text_of(html), "Head\nOne\ntwo\na\nb\nA note")

    def test_plain_text_has_the_languages_quotation_marks(self):
        html = '<p><q data-expert="1">a <q>b <q>c</q></q></q></p>'
        self.assertEqual(plain.plain_text_of(html), "“a ‘b “c”’”")
        self.assertEqual(plain.plain_text_of(html, language="ar-EG"), "«a “b «c»”»")
        self.assertEqual(plain.plain_text_of(html, language="de"), "„a ‚b „c“‘“")

    def test_words_are_counted_as_the_editor_counts_them(self):
        self.assertEqual(plain.word_count("<p>The ship’s six-port rule, 1.5 times.</p><p>x</p>"), 8)
        self.assertEqual(plain.word_count("<p>واللواءِ كارست</p>"), 2)
        self.assertEqual(plain.word_count("<p>部分撤离</p>"), 4)
        self.assertEqual(plain.word_count("<p>a<sup data-footnote='b c d'></sup></p>"), 1)
        self.assertEqual(plain.word_count(""), 0)


class StripTests(SimpleTestCase):
    def test_desk_notes_are_removed_and_their_words_stay(self):
        html = '<p>a <span data-desk-note="n1">b <em>c</em></span><span data-desk-note="n2" lang="fr">d</span></p>'
        self.assertEqual(strip.without_desk_notes(html), '<p>a b <em>c</em><span lang="fr">d</span></p>')

    def test_a_text_that_mentions_the_attribute_is_not_changed(self):
        html = "<p>Our data-desk-note attribute</p>"
        self.assertEqual(strip.without_desk_notes(html), html)

    @effort(max_examples=100, deadline=None)
    @given(BODIES)
    def test_removing_notes_leaves_none_and_loses_no_word(self, html):
        clean = sanitise(html)
        stripped = strip.without_desk_notes(clean)
        self.assertEqual(references.references_of(stripped).notes, [])
        self.assertEqual(plain.plain_text_of(stripped), plain.plain_text_of(clean))
        self.assertFalse(any("data-desk-note" in el.attrib for el in tree.parse(stripped).iter()))
