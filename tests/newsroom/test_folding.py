"""How two texts are compared: what counts as the same words, and what as other ones."""

from django.test import SimpleTestCase

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
