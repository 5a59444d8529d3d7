"""How two texts are compared: what counts as the same words, and what as other ones."""

from django.test import SimpleTestCase

from newsroom import folding
from newsroom.folding import bare, fold, says


class FoldingTests(SimpleTestCase):
    def test_words_fold_alike_however_they_were_typed(self):
        for one, other in (
            ("It’s “ours”", 'It\'s "ours"'),
            ("two\u00a0 words\n", "two words"),
            ("soft\u00adly", "softly"),
            ("\u200fقال\u200f", "قال"),
            ("cafe\u0301", "café"),
            ("", None),
        ):
            self.assertEqual(bare(one), bare(other))

    def test_different_words_fold_differently(self):
        for one, other in (("Polish", "polish"), ("No.", "No?"), ("resume", "résumé"), ("a b", "ab")):
            self.assertNotEqual(bare(one), bare(other))

    def test_a_printed_interest_is_found_despite_capitals_and_signs(self):
        text = fold("Mr Adlam's institute — STATE-FUNDED, like others — replied. Société générale paid her.")
        for words in ("Mr Adlam’s institute.", "State-funded, like others", "Societe Generale paid her", ""):
            self.assertTrue(says(text, words), words)
        for words in ("Mr Adlam’s institutes", "funded by others", "general paid her"):
            self.assertFalse(says(text, words), words)


class SlugTests(SimpleTestCase):
    def test_a_headline_of_any_script_gives_a_slug(self):
        for headline, slug in (
            ("Порт снова открыт", "port-snova-otkryt"),
            ("Łódź i Gdańsk: świeży węgiel", "lodz-i-gdansk-swiezy-wegiel"),
            ("Ærø får nye færger på søen", "aero-far-nye-faerger-pa-soen"),
            ("It’s the judges’ rule", "its-the-judges-rule"),
            ("Straße", "strasse"),
            ("!!!", ""),
        ):
            self.assertEqual(folding.slug_of(headline), slug)
        for headline in ("قال الوزير إن الميناء مفتوح", "港が再開する", "งานที่ท่าเรือ"):
            self.assertRegex(folding.slug_of(headline), r"^[a-z0-9]+(-[a-z0-9]+)*$")

    def test_a_long_slug_ends_at_a_whole_word(self):
        self.assertEqual(folding.slug_of("harbour " * 20, 30), "harbour-harbour-harbour")
        self.assertEqual(folding.slug_of("harbour harbour harbour", 23), "harbour-harbour-harbour")
        self.assertEqual(folding.slug_of("a" * 100, 30), "a" * 30)


class TypedTextTests(SimpleTestCase):
    def test_letters_are_composed(self):
        self.assertEqual(folding.as_typed("Caf\u0065\u0301"), "Café")

    def test_invisible_marks_that_pasting_brings_fall_away(self):
        for typed, kept in (
            ("\u200bMayors\u200b", "Mayors"),
            ("har\u200bbour", "harbour"),
            ("\ufeffMayors", "Mayors"),
            ("\u202a+44 20 7946 0018\u202c", "+44 20 7946 0018"),
            ("\u200e+962 7 9000 0000\u200f", "+962 7 9000 0000"),
            ("write to \u2066rana@gazette.example\u2069 now", "write to rana@gazette.example now"),
            ("Mayors\u200d", "Mayors"),
            ("\u200c \u200d", " "),
        ):
            self.assertEqual(folding.as_typed(typed), kept, ascii(typed))

    def test_marks_that_a_script_needs_stay(self):
        for text in (
            "می\u200cخواهم",  # Persian: a joiner parts two letters of a word
            "क\u094d\u200dष",  # Hindi: the half form
            "ន\u200bិង",  # Khmer: where a line may break
            "👩\u200d⚖️",
            "سعر \u200fالميناء",
        ):
            self.assertEqual(folding.as_typed(text), text, ascii(text))

    def test_a_text_typed_twice_is_typed_once(self):
        for text in ("\u200b\u200b12\u200e\u200f", "e\u0301\u200d\u200b", "\u200f\u200e"):
            once = folding.as_typed(text)
            self.assertEqual(folding.as_typed(once), once, ascii(text))
