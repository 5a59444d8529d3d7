"""What a text prints as somebody's own words, whatever marks a language or a typist sets around them."""

import time

from django.test import SimpleTestCase

from articles.body import plain, quotations

from ..extent import EVERYTHING


class QuotationsTests(SimpleTestCase):
    def assert_found(self, text, *words):
        found = {" ".join(plain.WORD.findall(said)) for said in quotations.quotations_in(text)} - {""}
        self.assertLessEqual({" ".join(plain.WORD.findall(said)) for said in words}, found, text)

    def test_every_kind_of_mark_is_read(self):
        for text in (
            "He said ’all of it’ on Monday.", "He said ``all of it'' on Monday.", "He said `all of it' on Monday.",
            "He said ‟all of it” on Monday.", "He said 〝all of it〞 on Monday.", "He said 〝all of it〟 on Monday.",
            "He said ＂all of it＂ on Monday.", "He said ''all of it'' on Monday.", "He said ″all of it″ on Monday.",
            "He said ”all of it” on Monday.", "He said »all of it» on Monday.", "He said »all of it« on Monday.",
            "He said « all of it » on Monday.", "He said ›all of it‹ on Monday.", "He said ‚all of it‘ on Monday.",
            "He said ❝all of it❞ on Monday.", "He said “all of it“ on Monday.", "He said 'all of it' on Monday.",
            "He said \" all of it \" on Monday.", "他说「all of it」。", "他说“all of it”。",
            "He said — all of it — on Monday.",
            "— all of it", "Él dijo: —all of it", "-- all of it",
        ):  # fmt: skip
            with self.subTest(text):
                found = " ".join(quotations.quotations_in(text))
                self.assertIn("all of it", found)
                if text[0] in "HÉ" and "—" not in text and "it“" not in text:
                    self.assert_found(text, "all of it")
                    self.assertNotIn("Monday", found)

    def test_a_quotation_over_paragraphs_is_read_whole(self):
        for one, last in ("“”", "„“", "«»", "””", '""', "‘’", "''", "’’", "＂＂", ("``", "''")):
            text = (
                f"He went on.\n{one}We own the dogs’ home.\n{one}It’s all ours.\n{one}Every bit of it.{last}\nNo more."
            )
            with self.subTest(one):
                self.assert_found(text, "We own the dogs’ home", "It’s all ours", "Every bit of it")
                self.assertNotIn("No more", " ".join(quotations.quotations_in(text)))
        text = "« Nous sommes là.\n» Tout est prêt.\n» Rien ne manque. »\nFin."
        self.assert_found(text, "Nous sommes là", "Tout est prêt", "Rien ne manque")

    def test_an_apostrophe_opens_and_closes_nothing(self):
        for text in (
            "They don’t play rock ’n’ roll, it’s the dogs’ home.",
            "They don't play rock 'n' roll, it's the dogs' home.",
            "The ’90s and the class of ’68 met the voters’ wishes.", "’Tis the ports’ season, ’twas the dogs’ day.",
            "O’Brien and ‘Abd al-Rahman of Sana‘a met aides.", "He is goin’ home to get ’em.",
            "Om 8 uur ’s avonds ligt ’t in ’s lands havens.", "A 6' man and a 5' 10\" one; a 6\" pipe.",
            "d’après l’État, aujourd’hui",
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(quotations.quotations_in(text), [])

    def test_an_apostrophe_within_a_quotation_does_not_end_it(self):
        self.assert_found("‘we own the dogs’ home’, he said", "we own the dogs’ home")
        self.assert_found("'I’m lovin’ it,' he said of the ports’ day", "I’m lovin’ it")
        self.assert_found("’50 people came,’ he said", "50 people came")
        self.assert_found("‘all the dogs’ he said", "all the dogs")

    def test_marks_that_contradict_each_other_hide_nothing(self):
        for text in (
            "He typed one “ by mistake.\n“All of it”, he said.", "He typed ” by mistake. “All of it”, he said.",
            "“He said “all of it” and we agree” to us.", "„He said “All of it” to me“, he said.",
            "He typed « by mistake.\nThen “All of it”, he said.", "He typed \" by mistake.\n\"All of it\", he said.",
        ):  # fmt: skip
            with self.subTest(text):
                self.assertIn("all of it", " ".join(quotations.quotations_in(text)).lower())

    def test_dashes_that_set_words_apart_are_no_quotations(self):
        for text in ("The ports — all three of them — agree.", "–5 degrees at noon", "Ports - and ships - agree."):
            with self.subTest(text):
                self.assertEqual(quotations.quotations_in(text), [])

    def test_reading_takes_no_time_whatever_stands_there(self):
        n = 200_000 if EVERYTHING else 50_000
        for piece in ("“", "”", "“”", "„", "«»", "»", "’", " ’em", " ‘", " ’a", "s’ ", "``",
                      "''", "'", "'''", '"', " \"a",
                      "— ", "said — ", ": — ", "\n“", "\n’a", "\n— ", "“\n", "‘a s’ ", "a”", "〝", "said", "said, ",
                      "’n’ ", "‘’", "90s’"):  # fmt: skip
            text = piece * (n // len(piece))
            start = time.process_time()
            found = quotations.quotations_in(text)
            self.assertLess(time.process_time() - start, 5 if EVERYTHING else 1.5, piece)
            self.assertLess(sum(map(len, found)), 12 * n, piece)
