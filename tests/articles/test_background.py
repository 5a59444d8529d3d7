"""A speaker on background is not named beside their words, nor elsewhere without somebody's yes."""

import time

from articles.actions import checklist, images, take, writing
from articles.body import naming, passages
from articles.models import State
from experts.models import Expert, NameVariant
from newsroom.errors import Blocked

from ..base import DeskTestCase
from ..pictures import jpeg

QUOTE = '<q data-expert="{pk}" data-quote="q1">We never agreed to any of it</q>'


class BackgroundTests(DeskTestCase):
    def story(self, body, rule="background", expert=None, state=State.DRAFT, **fields):
        expert = expert or self.expert
        article = self.make_article(body=body.replace("QUOTE", QUOTE.format(pk=expert.pk)), **fields)
        article.quote_records.filter(uid="q1").update(ground_rule=rule, descriptor="an official")
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        return article

    def found(self, article):
        codes = [f.code for f in checklist.findings_of(article, writing.content_of(article))]
        return [code for code in codes if code.startswith("background name")]

    def assert_beside(self, body, **more):
        self.assertEqual(self.found(self.story(body, slug=self.slug(), **more)), ["background name"], body)

    def assert_silent(self, body, **more):
        self.assertEqual(self.found(self.story(body, slug=self.slug(), **more)), [], body)

    def slug(self):
        self.count = getattr(self, "count", 0) + 1
        return f"story-{self.count}"

    def named(self, name, variants=(), **fields):
        card = Expert.objects.create(display_name=name, **fields)
        for text in variants:
            NameVariant.objects.create(expert=card, text=text)
        return card


class BesideTests(BackgroundTests):
    def test_the_name_beside_the_words_stops_the_story(self):
        self.assert_beside("<p>“QUOTE,” said Halvard Nystrom.</p>")

    def test_no_reason_of_anybody_lets_the_name_out(self):
        article = self.story("<p>“QUOTE,” said Halvard Nystrom.</p>")
        for name, by in (("submit", self.rana), ("approve", self.edith)):
            take.take(article, name, by=by, seen=take.seen_token(article))
            article.refresh_from_db()
        with self.assertRaises(Blocked):
            take.take(
                article, "publish", by=self.max, seen=take.seen_token(article), waive=["*"], waive_note="a test",
                override_note="It has to run now, whatever was agreed.",
            )  # fmt: skip

    def test_the_surname_alone_stops_it_whatever_hangs_on_it(self):
        for said in (
            "Nystrom said",
            "Nystrom's aide said",
            "Nystrom’s aide said",
            "a Nystrom-led panel said",
            "NYSTROM said",
            "the Nystroms said",
            "Nyström said",
            "Ny\u00adstrom said",
            "N<b>ystr</b>om said",
        ):
            self.assert_beside(f"<p>“QUOTE,” {said}.</p>")  # fmt: skip

    def test_a_variant_stops_it(self):
        card = self.named("Halvard Nystrom", ["Hal the Judge", "Halvard Nyberg"])
        for said in ("Hal the Judge", "Halvard Nyberg", "Nyberg"):
            self.assert_beside(f"<p>“QUOTE,” said {said}.</p>", expert=card)

    def test_names_in_other_scripts_stop_it(self):
        for name, said in (
            ("سليم حمدان", "قال حمدان"), ("سليم حمدان", "وقال سليم حمدان"), ("سليم حمدان", "مكتب لحمدان"),
            ("محمد الخطيب", "للخطيب"), ("محمد الخطيب", "قال الخطيب"), ("أحمد عبد الله", "قال عبد الله"),
            ("דוד לוינסון", "אמר לוינסון"), ("דוד לוינסון", "שלוינסון אמר"), ("דוד לוינסון", "ולוינסון"),
            ("Олена Кравченко", "сказала Кравченко"), ("Иван Петров", "по словам Петрова"),
            ("Иван Петров", "с Петровым"), ("Володимир Зеленський", "Зеленського"), ("王小明", "王小明说"),
            ("Ο Γιώργος Σεφέρης", "του Σεφέρη"),
        ):  # fmt: skip
            with self.subTest(said):
                self.assert_beside(f"<p>“QUOTE,” {said}.</p>", expert=self.named(name))

    def test_a_name_in_another_script_than_the_cards_stops_it(self):
        for name, said in (
            ("Olena Kravchenko", "Кравченко"), ("Олена Кравченко", "Kravchenko"), ("Salim Hamdanyar", "حمدانيار"),
            ("Halvard Nystrom", "نيستروم"),
        ):  # fmt: skip
            with self.subTest(said):
                self.assert_beside(f"<p>“QUOTE,” {said}.</p>", expert=self.named(name))

    def test_each_word_that_may_be_the_surname_stops_it(self):
        for name, sort_name, said in (
            ("Gabriel García Márquez", "García Márquez, Gabriel", "García"),
            ("Martin Luther King", "", "King"), ("Martin Luther King", "", "Martin Luther King"),
            ("Martin Luther King", "Luther King, Martin", "Luther"),
            ("Anna Nystrom-Berg", "", "Nystrom"), ("Anna Nystrom-Berg", "", "Berg"), ("Wu Jinping", "Wu Jinping", "Wu"),
            ("Sean O’Brien", "", "OBrien"), ("Sean O'Brien", "", "O’Brien"),
            ("Sean OBrien", "", "O’Brien"), ("Dr Wu Jinping", "Dr Wu Jinping", "Wu"),
            *((f"Viktor Orban{after}", "", "Orban") for after in (
                ", MP", " MP", " OBE", " KC", " Ph.D.", " PhD", ", M.D.", " V", " III", " (Fidesz)", " (Fidesz), MP",
            )),
        ):  # fmt: skip
            with self.subTest(f"{name}: {said}"):
                self.assert_beside(f"<p>“QUOTE,” {said} said.</p>", expert=self.named(name, sort_name=sort_name))

    def test_a_middle_word_alone_is_a_warning(self):
        for name, said in (("Martin Luther King", "Luther"), ("Gabriel García Márquez", "Garcia")):
            for fields in ({}, {"headline": f"{said} speaks"}):
                body = "<p>“QUOTE,” an aide said.</p>" if fields else f"<p>“QUOTE,” {said} said.</p>"
                with self.subTest(said, **fields):
                    story = self.story(body, slug=self.slug(), expert=self.named(name), **fields)
                    self.assertEqual(self.found(story), ["background name elsewhere"])

    def test_the_name_in_one_word_or_with_letters_that_look_alike_stops_it(self):
        for said in ("@HalvardNystrom", "@halvardnystrom", "N\u0443str\u043em", "Nystr\u03bfm"):
            self.assert_beside(f"<p>“QUOTE,” {said} said.</p>")

    def test_what_hangs_on_a_name_names_nobody(self):
        for name, said in (
            ("Viktor Orban, MP", "an MP said"), ("Viktor Orban (Fidesz)", "an official of Fidesz said"),
            ("He Jintao", "an aide said she and he knew"), ("Jack Ma", "an official of ma chère said"),
            ("Mohammed al-Khatib", "Al Gore's aide said"), ("Ludwig van Beethoven", "Van drivers said"),
            ("Press Office", "a Press aide said"),
        ):  # fmt: skip
            with self.subTest(name):
                card = self.named(name, kind="desk" if name == "Press Office" else "person")
                self.assert_silent(f"<p>“QUOTE,” {said}.</p>", expert=card)

    def test_case_endings_of_a_language_that_has_them_stop_it(self):
        card = self.named("Jan Nowakowski")
        self.assert_beside("<p>“QUOTE,” powiedział Nowakowskiemu.</p>", expert=card, language="pl")

    def test_words_that_are_no_name_do_not_stop_it(self):
        card = self.named("John Green")
        for said in ("an official said on green energy", "an official of the Greenland office said"):
            self.assert_silent(f"<p>“QUOTE,” {said}.</p>", expert=card)

    def test_a_namesake_with_a_whole_name_does_not_stop_it(self):
        other = self.named("Thomas Nystrom")
        linked = f'<q data-expert="{other.pk}" data-quote="q2">Yes</q>'
        self.assert_silent(f"<p>“QUOTE,” an official said. “{linked},” said Thomas Nystrom.</p>")

    def test_a_quotation_on_the_record_may_stand_beside_its_name(self):
        self.assert_silent("<p>“QUOTE,” said Halvard Nystrom.</p>", rule="on_record")

    def test_a_paragraph_of_nothing_but_the_words_is_read_with_its_neighbours(self):
        for body in (
            "<p>Nystrom said:</p><p>“QUOTE.”</p>", "<p>“QUOTE.”</p><p>— Halvard Nystrom</p>",
            "<h3>Halvard Nystrom</h3><p>“QUOTE.”</p>", "<p>Nystrom said:</p><blockquote>QUOTE</blockquote>"
        ):  # fmt: skip
            self.assert_beside(body)

    def test_a_line_that_says_who_speaks_is_read_with_the_words_after_it(self):
        for line in (
            "<p><strong>Halvard Nystrom:</strong></p>", "<p><strong>Halvard Nystrom</strong></p>", "<p>Nystrom —</p>",
            "<h2>Judge Nystrom</h2>", "<h3>What Nystrom thinks</h3>", "<p>Asked on Monday, Halvard Nystrom said:</p>",
        ):  # fmt: skip
            self.assert_beside(f"{line}<p>“QUOTE,” the official said.</p>")

    def test_a_line_further_up_is_not_read_with_the_words(self):
        for body in (
            "<h2>Halvard Nystrom</h2><p>There is more to say.</p><p>“QUOTE,” an official said.</p>",
            "<p>Nystrom was in town.</p><p>“QUOTE,” an official said.</p>",
        ):
            self.assertEqual(self.found(self.story(body, slug=self.slug())), ["background name elsewhere"])

    def test_rows_items_notes_and_pictures_are_read_with_the_words(self):
        image = images.take_in(jpeg(), by=self.rana, alt="Halvard Nystrom speaks", credit="Pia")
        for body in (
            "<table><tbody><tr><td>Nystrom</td><td>QUOTE</td></tr></tbody></table>",
            "<ul><li>QUOTE, said Nystrom</li><li>Another</li></ul>",
            '<p>QUOTE<sup data-footnote="Nystrom, by telephone"></sup>, an official said.</p>',
            f'<figure data-image="{image.pk}"><figcaption>QUOTE, an official said.</figcaption></figure>',
            '<p>“QUOTE,” said <a href="https://example.com/people/halvard-nystrom">an official</a>.</p>',
        ):
            self.assert_beside(body)

    def test_the_words_repeated_with_the_name_stop_it_anywhere(self):
        self.assert_beside(
            "<p>“QUOTE,” an official said.</p>", headline="Nystrom: “We never agreed to any of it”",
        )  # fmt: skip

    def test_a_part_of_the_words_with_the_name_stops_it_in_a_headline(self):
        for fields in (
            {"headline": "Nystrom: we never agreed to it"}, {"standfirst": "Nystrom says “agreed to any of it”."},
        ):  # fmt: skip
            self.assert_beside("<p>“QUOTE,” an official said.</p>", **fields)

    def test_three_of_the_words_with_the_name_are_no_part_of_them(self):
        article = self.story("<p>“QUOTE,” an official said.</p>", headline="Nystrom never agreed to the plan")
        self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_what_the_story_calls_the_person_does_not_name_them(self):
        article = self.story("<p>“QUOTE,” an official said.</p>")
        article.quote_records.update(descriptor="an aide of Nystrom's")
        self.assertEqual(self.found(article), ["background name"])


class ElsewhereTests(BackgroundTests):
    BODY = "<p>“QUOTE,” an official said.</p><p>More of it.</p>"

    def test_the_name_elsewhere_is_a_warning_that_says_where(self):
        article = self.story("<p>“QUOTE,” an official said.</p><p>Another thing.</p><p>Nystrom was in town.</p>")
        self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_everything_that_readers_or_machines_get_is_read(self):
        image = images.take_in(jpeg(), by=self.rana, alt="Nystrom speaks", credit="Pia")
        for number, fields in enumerate((
            {"headline": "Nystrom resigns"}, {"short_headline": "Nystrom"}, {"seo_title": "Nystrom"},
            {"social_title": "Nystrom"}, {"standfirst": "Nystrom's day."}, {"slug": "halvard-nystrom-resigns"},
            {"label": "Nystrom"}, {"lead_image": image}, {"genre_facts": {"claimed_by": "Halvard Nystrom"}},
        )):  # fmt: skip
            with self.subTest(str(fields)):
                article = self.story(self.BODY, **{"slug": f"other-{number}"} | fields)
                self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_small_letters_accounts_and_links_that_may_name_the_speaker_are_a_warning(self):
        for said in (
            "nystrom said", "@hnystrom1 said", "h.nystrom@court.example said",
            '<a href="https://example.com/judges/nystrom">an official</a> said',
            'an official said<sup data-footnote="told by nystrom"></sup>',
        ):  # fmt: skip
            with self.subTest(said):
                article = self.story(f"<p>“QUOTE,” {said}.</p>", slug=self.slug())
                self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_a_link_elsewhere_that_may_name_the_speaker_is_a_warning(self):
        article = self.story(self.BODY + '<p>See <a href="https://example.com/judges/nystrom">the list</a>.</p>')
        self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_a_related_story_whose_headline_names_the_speaker_is_a_warning(self):
        other = self.make_article(headline="Nystrom resigns", slug="another")
        article = self.story(f'{self.BODY}<div data-article="{other.pk}"></div>', slug="this-one")
        self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_a_topic_of_the_name_counts(self):
        self.topic.name = "Halvard Nystrom"
        self.topic.save()
        self.assertEqual(self.found(self.story(self.BODY)), ["background name elsewhere"])

    def test_a_speaker_whom_the_story_names_for_other_words_is_a_warning(self):
        named = f'<p>“<q data-expert="{self.expert.pk}" data-quote="q2">Good morning</q>,” said Nystrom.</p>'
        article = self.story(self.BODY + named)
        self.assertEqual(self.found(article), ["background name elsewhere"])

    def test_a_story_that_names_nobody_is_let_through(self):
        self.assert_silent(self.BODY)


class BoundsTests(DeskTestCase):
    def test_many_quotations_and_mentions_take_no_time(self):
        quotes = "".join(
            f'<p>“<q data-expert="{self.expert.pk}" data-quote="q{n}">We never agreed to point {n}</q>,” he said.</p>'
            "<p>Then Halvard Nystrom went home.</p><p>It was late.</p>"
            for n in range(800)
        )
        article = self.make_article(body=quotes)
        article.quote_records.update(ground_rule="background", descriptor="an official")
        content = writing.content_of(article)
        start = time.process_time()
        codes = [f.code for f in checklist.findings_of(article, content)]
        self.assertLess(time.process_time() - start, 4)
        self.assertIn("background name elsewhere", codes)

    def test_reading_names_takes_no_time_whatever_the_text_holds(self):
        known = naming.Known()
        for n in range(100):
            known.add(n, [f"Halvard Nystrom{chr(97 + n % 26)}{n}", "سليم حمدان", "a a a a a b", "Иван Петров"])
        for piece in (
            "a ",
            "Nystrom ",
            "والبكللل ",
            "Петровичами ",
            "ולהבלמשכ ",
            "“",
            "王",
            "x",
            "xX",
            "green ",
            "(",
            "á\u0301",
        ):
            text = piece * (200_000 // len(piece))
            start = time.process_time()
            reader = naming.Reader(known, "pl")
            reader.named_in(text)
            reader.hinted_in(text)
            self.assertLess(time.process_time() - start, 4, piece)

    def test_cutting_a_body_into_passages_takes_no_time(self):
        for body in ("<p>a</p>" * 25_000, "<ul>" * 400 + "a" + "</ul>" * 400, "<p><q data-expert='1'>a</q></p>" * 6000):
            start = time.process_time()
            passages.beside(passages.passages_of(body))
            self.assertLess(time.process_time() - start, 3)
