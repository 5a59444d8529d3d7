"""Who said what: what a text proposes, what it leaves alone, and how words are linked and unlinked."""

import re
from collections import Counter

from django.test import SimpleTestCase

from articles.actions import writing
from articles.actions.people import linking
from articles.body import proposals, references
from articles.demo.stories import STORIES_FOLDER
from articles.models import Article, QuoteRecord, State
from experts.models import Affiliation, Expert, NameVariant, Organisation
from newsroom import clock
from newsroom.errors import NotAllowed, Refused, Stale

from .. import zones
from ..base import NOON, DeskTestCase
from . import reference

ONE, TWO = proposals.KnownPerson(1, "Halvard Nystrom"), proposals.KnownPerson(2, "Dov Arkin")


def said(text, *known):
    """[(expert, words)] of a text's quotations."""
    reading = proposals.read_quotations("".join(f"<p>{line}</p>" for line in text.split("\n")), known or (ONE, TWO))
    return [(fragment.expert, fragment.words.rstrip(",.")) for fragment in reading.fragments]


class ReadingTests(SimpleTestCase):
    def test_a_name_beside_a_verb_of_saying_is_proposed(self):
        for text in (
            "“We agree,” said Halvard Nystrom.",
            "“We agree,” Halvard Nystrom said.",
            "Halvard Nystrom said: “We agree.”",
            "“We agree,” said Mr Nystrom, who had waited all day.",
            "Nystrom, the former harbour judge, added: “We agree.”",
            "“We agree,” according to Dr Nystrom.",
            "The harbour judge Halvard Nystrom told the Courier: “We agree.”",
        ):
            self.assertEqual(said(text), [(1, "We agree")], text)

    def test_quotation_marks_of_other_languages_are_read(self):
        for text in (
            "«We agree», said Halvard Nystrom.",
            "„We agree“, said Halvard Nystrom.",
            "‚We agree‘, said Halvard Nystrom.",
            "»We agree«, said Halvard Nystrom.",
            "›We agree‹, said Halvard Nystrom.",
            "”We agree”, said Halvard Nystrom.",
            '"We agree," said Halvard Nystrom.',
            "'We agree,' said Halvard Nystrom.",
            "«\u202fWe agree\u202f», said Halvard Nystrom.",
        ):
            self.assertEqual([(who, words.strip()) for who, words in said(text)], [(1, "We agree")], text)

    def test_apostrophes_and_inches_begin_no_quotation(self):
        for text in (
            "The judges' rule, Nystrom said, isn't the dogs' rule.",
            'A 6" pipe, Nystrom said, beside a 5" pipe.',
            "Rock 'n' roll, Nystrom said.",
            "'Tis late, Nystrom said.",
        ):
            self.assertEqual(said(text), [], text)
        self.assertEqual(
            said("'We don't mind the judges' rule,' said Nystrom."), [(1, "We don't mind the judges' rule")]
        )

    def test_news_copy_of_other_languages_is_read(self):
        weber, morel = proposals.KnownPerson(3, "Jutta Weber"), proposals.KnownPerson(4, "Claire Morel")
        haddad = proposals.KnownPerson(5, "Rania Haddad", ("رانيا حداد",))
        for who, text in (
            (3, "„Das geht nicht“, sagte Weber."),
            (3, "Weber widersprach: „Das geht nicht.“"),
            (3, "„Das stimmt“, räumte die Richterin Jutta Weber ein."),
            (3, "„Das stimmt“, fügte Weber hinzu."),
            (3, "Laut Weber ist das „ein Skandal“."),
            (3, "Weber: „Das stimmt.“"),
            (4, "« Nous sommes prêts », a déclaré Claire Morel."),
            (4, "Claire Morel arrive. « Nous sommes prêts », ajoute-t-elle."),
            (4, "Selon Claire Morel, « c’est fini »."),
            (5, "«نحن جاهزون»، قالت رانيا حداد."),
            (5, "قالت رانيا حداد: «نحن جاهزون»."),
            (5, "وصلت رانيا حداد. وأضافت: «انتهى الأمر»."),
            (5, 'رانيا حداد: "نحن جاهزون".'),
            (1, "«Estamos listos», dijo Nystrom."),
            (1, "”Vi är klara”, säger Nystrom."),
        ):
            self.assertEqual([found[0] for found in said(text, ONE, weber, morel, haddad)], [who], text)

    def test_a_proposal_that_wants_a_look_says_why(self):
        for text, doubt in (
            ("“We agree,” said Halvard Nystrom.", ""),
            ("“We agree,” said Judge Nystrom.", ""),
            ("But Nystrom said: “We agree.”", ""),
            ("“We agree,” Nystrom told the Courier.", ""),
            ("“We agree,” Nystrom told Reuters.", "ours to quote"),
            ("Nystrom told the Evening Gazette: “We agree.”", "ours to quote"),
            ("Halvard Nystrom nodded. “We agree,” he said.", "does not name them"),
            ("Nystrom, author of “The Long Harbour”, said no.", "title of a work"),
            ("Ada Nystrom left. “We agree,” said Nystrom.", "somebody else in the story"),
        ):
            found = proposals.read_quotations(f"<p>{text}</p>", [ONE, TWO], "Courier").fragments[0]
            self.assertEqual(found.expert, 1, text)
            self.assertEqual(found.sure, not doubt, text)
            self.assertIn(doubt, found.doubt, text)

    def test_a_fragment_has_its_sentence(self):
        found = proposals.read_quotations("<p>It rained. “We agree,” said Nystrom to us. Nobody came.</p>", [ONE])
        self.assertEqual((found.fragments[0].before.strip(), found.fragments[0].after), ("", " said Nystrom to us."))

    def test_words_linked_between_straight_or_spaced_marks_lose_their_marks(self):
        for text in ('"We agree," said Nystrom.', "«\u202fWe agree,\u202f» said Nystrom.", "'We agree,' said Nystrom."):
            fragment = proposals.read_quotations(f"<p>{text}</p>", [ONE]).fragments[0]
            linked, _ = proposals.link_quotations(f"<p>{text}</p>", {fragment.key: 1})
            self.assertEqual(linked, '<p><q data-expert="1">We agree,</q> said Nystrom.</p>')

    def test_a_pronoun_means_the_last_speaker(self):
        text = "“One,” said Halvard Nystrom. “Two,” he added.\nHe went on: “Three.” Later he said “four”."
        self.assertEqual([who for who, _ in said(text)], [1, 1, 1, 1])

    def test_a_stranger_who_speaks_ends_the_chain(self):
        for stranger in ("A diplomat", "Ingrid Sollow, the harbour master,", "An official at the ministry"):
            text = f"“One,” said Halvard Nystrom.\n{stranger} was not so sure. “Two,” he said."
            self.assertEqual(said(text), [(1, "One"), (0, "Two")], stranger)

    def test_the_chain_ends_with_the_next_paragraph(self):
        text = "“One,” said Halvard Nystrom.\nIt rained.\nThe quays were empty.\n“Two,” he said."
        self.assertEqual(said(text)[1], (0, "Two"))

    def test_the_words_of_officials_are_given_to_nobody(self):
        text = "Halvard Nystrom disagreed. An official said the rule was “a wish”. “Wait,” a spokeswoman said."
        self.assertEqual([who for who, _ in said(text)], [0, 0])

    def test_two_people_in_one_paragraph_are_kept_apart(self):
        text = "“One,” said Halvard Nystrom. “Two,” replied Dov Arkin. “Three,” he said."
        self.assertEqual([who for who, _ in said(text)], [1, 2, 2])

    def test_linked_quotations_are_left_alone(self):
        html = '<p><q data-expert="1" data-quote="abcdefgh">One,</q> Halvard Nystrom said. “Two,” he added.</p>'
        found = proposals.read_quotations(html, [ONE, TWO]).fragments
        self.assertEqual([(f.expert, f.words) for f in found], [(1, "Two,")])

    def test_a_surname_that_two_share_is_given_to_nobody(self):
        other = proposals.KnownPerson(3, "Ada Nystrom")
        self.assertEqual(said("“We agree,” said Nystrom.", ONE, other), [(0, "We agree")])

    def test_a_surname_may_be_misprinted_as_its_length_allows(self):
        for name, word, found in (
            ("Ann Lindgren", "Lindgram", True),  # eight letters, two of them wrong
            ("Ann Lindgren", "Lindrgam", False),  # three
            ("Ann Nystrom", "Nystrum", True),  # seven letters, one of them wrong
            ("Ann Nystrom", "Nistrum", False),  # two
            ("Ann Lara", "Lora", False),  # four letters
        ):
            expected = [(1 if found else 0, "We agree")]
            self.assertEqual(said(f"“We agree,” said {word}.", proposals.KnownPerson(1, name)), expected, word)

    def test_the_title_beside_a_name_is_found(self):
        for text, title in (
            ("Halvard Nystrom, a former harbour judge and adviser, said so.", "former harbour judge and adviser"),
            ("The political analyst Halvard Nystrom said so.", "political analyst"),
            ("Halvard Nystrom, who was late, said so.", ""),
            ("Halvard Nystrom, 61, said so.", ""),
        ):
            reading = proposals.read_quotations(f"<p>{text}</p>", [ONE])
            self.assertEqual(reading.titles.get(1, ""), title, text)

    def test_no_odd_text_breaks_the_reading(self):
        for html in ("", "<p>“</p>", "<p>””“«»</p>", "<p>“<em>a</em></p>", "<ul><li>“a b” said he</li></ul>",
                     "<table><tr><td>“We agree,” said Halvard Nystrom</td></tr></table>", "“" * 500,
                     "<p>" + "“a b” he said. " * 2000 + "</p>"):  # fmt: skip
            proposals.read_quotations(html, [ONE, TWO])

    def test_a_quotation_that_cuts_an_element_cannot_be_linked(self):
        html = "<p>“We <em>all</em> agree,” said Halvard Nystrom. <em>“No</em> way,” he said.</p>"
        reading = proposals.read_quotations(html, [ONE])
        self.assertEqual([f.can_link for f in reading.fragments], [True, False])
        linked, done = proposals.link_quotations(html, {f.key: f.expert for f in reading.fragments})
        self.assertEqual(len(done), 1)
        self.assertIn('<q data-expert="1">We <em>all</em> agree,</q> said', linked)

    def test_unlinking_puts_the_words_between_marks(self):
        html = '<p>A <q data-expert="1" data-quote="abcdefgh">word <em>or two</em></q>, he said.</p>'
        self.assertEqual(proposals.unlink_quotation(html, "abcdefgh"), "<p>A “word <em>or two</em>”, he said.</p>")
        card = '<blockquote data-expert="1" data-quote="abcdefgh"><p>One.</p><p>Two.</p></blockquote>'
        self.assertEqual(
            proposals.unlink_quotation(card, "abcdefgh"), "<blockquote><p>“One.</p><p>Two.”</p></blockquote>"
        )


class DemonstrationStoryTests(SimpleTestCase):
    def test_no_fragment_of_the_demo_story_has_the_wrong_person(self):
        text = (STORIES_FOLDER / "six-ports-compact.html").read_text(encoding="utf-8").split("+++\n", 2)[2]
        truth = {words: who for who, words in re.findall(r'<q data-expert="([\w-]+)">(.*?)</q>', text)}
        text = re.sub(r"<q [^>]*>(.*?)</q>", r"“\1”", text)
        found = proposals.read_quotations(text, [ONE, TWO]).fragments
        self.assertEqual(len(found), 17)
        names = {1: "halvard-nystrom", 2: "dov-arkin", 0: None}
        given = {f.words: names[f.expert] for f in found if f.expert}
        self.assertGreaterEqual(len(given), 6)
        self.assertEqual(given, {words: truth.get(words) for words in given})


class ReferenceStoryTests(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.first, cls.second = reference.people()

    def setUp(self):
        self.article = self.make_article()
        reference.paste(self.article, self.rana)

    def link_all(self, by=None):
        found = linking.propose_speakers(self.article)
        choices = {f.key: f.expert for f in found.reading.proposed}
        printed = {pk: linking.title_for(found.cards[pk], title) for pk, title in found.reading.titles.items()}
        done = linking.link(self.article, choices, printed, by=by or self.rana, seen_version=self.article.version)
        self.article.refresh_from_db()
        return done

    def test_the_reference_story_has_seven_quotations_of_two_people(self):
        self.assertEqual(len(re.findall(r'"[^"]+"', reference.STORY)), 10)
        found = linking.propose_speakers(self.article)
        given = Counter(f.expert for f in found.reading.fragments)
        self.assertEqual(given, {self.first.pk: 5, self.second.pk: 2, 0: 10})
        self.assertEqual(found.reading.titles[self.first.pk], reference.TITLE)
        self.assertEqual(
            found.reading.titles[self.second.pk], "political analyst; professor emeritus at Orle University"
        )
        self.assertEqual(found.reading.misprints, [(reference.WRONG, reference.FIRST)])

    def test_proposing_links_nothing_and_makes_no_card(self):
        cards = Expert.objects.count()
        linking.propose_speakers(self.article)
        self.assertFalse(QuoteRecord.objects.exists())
        self.assertEqual(Expert.objects.count(), cards)

    def test_linking_twice_creates_no_second_record(self):
        self.assertEqual(self.link_all(), 7)
        self.assertEqual(self.article.quote_records.count(), 7)
        self.assertEqual(self.article.appearances.count(), 2)
        self.assertEqual(linking.propose_speakers(self.article).reading.proposed, [])
        with self.assertRaises(Stale):
            linking.link(self.article, {"0" * 16: self.first.pk}, {}, by=self.rana, seen_version=self.article.version)
        reference_version = self.article.version
        writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, reference_version)
        self.assertEqual(self.article.quote_records.count(), 7)

    def test_linking_prints_the_offered_titles_and_keeps_all_words(self):
        self.link_all()
        self.assertEqual(self.article.appearances.get(expert=self.first).attribution_as_printed, reference.TITLE)
        self.assertEqual(re.sub(r"<\/?q[^>]*>|[“”]", "", self.article.body), re.sub("[“”]", "", reference.STORY))
        self.assertNotIn("“", self.article.body)

    def test_a_story_that_changed_meanwhile_is_not_linked(self):
        found = linking.propose_speakers(self.article)
        choices = {f.key: f.expert for f in found.reading.proposed}
        with self.assertRaises(Stale):
            linking.link(self.article, choices, {}, by=self.rana, seen_version=self.article.version - 1)
        self.assertFalse(QuoteRecord.objects.exists())

    def test_nobody_links_in_a_story_that_they_may_not_edit(self):
        found = linking.propose_speakers(self.article)
        choices = {f.key: f.expert for f in found.reading.proposed}
        for who in (self.rob, self.pia, self.leo, self.sami):
            with self.assertRaises(NotAllowed):
                linking.link(self.article, choices, {}, by=who, seen_version=self.article.version)

    def test_somebody_barred_from_quotation_is_not_linked(self):
        self.first.bars.create(kind="quote", reason="It was made up", since=zones.day())
        with clock.frozen(NOON), self.assertRaisesMessage(Refused, "It was made up"):
            self.link_all()

    def test_unlinking_keeps_the_words_and_removes_the_record(self):
        self.link_all()
        record = self.article.quote_records.first()
        linking.unlink(self.article, record.uid, by=self.rana, seen_version=self.article.version)
        self.article.refresh_from_db()
        self.assertIn(f"“{record.words}”", self.article.body)
        self.assertEqual(self.article.quote_records.count(), 6)
        self.assertEqual(len(references.references_of(self.article.body).quotes), 6)

    def test_other_spellings_and_scripts_of_a_name_are_known(self):
        other = Expert.objects.create(display_name="Muhannad Al-Azzeh", native_name="مهند العزة")
        NameVariant.objects.create(expert=other, text="Mo Azzeh", kind="alias")
        for text in (
            "“We agree,” said Mohanad Al Azzeh.",
            "“We agree,” said Mo Azzeh.",
            "قال مهند العزة «نحن متفقون».",
        ):
            found = linking.propose_speakers(self.article, f"<p>{text}</p>")
            self.assertEqual([f.expert for f in found.reading.fragments], [other.pk], text)

    def test_proposing_costs_the_same_queries_in_a_large_book(self):
        def ask():
            # people of the story, their variants, roles and bars, the paper's name
            with self.assertNumQueries(5):
                linking.propose_speakers(self.article)

        ask()
        Expert.objects.bulk_create(
            Expert(display_name=f"Some Body{n}", slug=f"b{n}", search_key=f"some body{n}", sort_name=f"Body{n}")
            for n in range(300)
        )
        house = Organisation.objects.create(name="Orle Institute")
        Affiliation.objects.create(expert=self.first, title="senator", organisation=house)
        ask()


class WorkingTests(DeskTestCase):
    def test_a_published_story_is_linked_only_under_revision(self):
        Expert.objects.create(display_name="Dov Arkin")
        article = self.make_article(body="<p>“We agree,” said Dov Arkin.</p>", state=State.PUBLISHED)
        found = linking.propose_speakers(article)
        choices = {f.key: f.expert for f in found.reading.proposed}
        self.assertEqual(len(choices), 1)
        with self.assertRaises(NotAllowed):
            linking.link(article, choices, {}, by=self.rana, seen_version=article.version)
        self.assertNotIn("data-expert", Article.objects.get(pk=article.pk).body)
