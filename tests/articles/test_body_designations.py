"""Legal notes: marked at the first mention in body order, once for each organisation."""

from datetime import date

from django.test import SimpleTestCase, TestCase

from articles.body import render
from articles.body.designations import Entry, Form, LegalNote, Register
from articles.models import Designation

BRIGADE = Entry("1", "*", "Karst Brigade: listed.", (Form("Karst Brigade", True), Form("KB", True)))
SYNDICATE = Entry("2", "*", "Red Delta Syndicate: listed.", (Form("Red Delta Syndicate", False),))
ARABIC = Entry("3", "*", "لواء كارست: محظور.", (Form("لواء كارست", True),))
DAESH = Entry("4", "*", "…", (Form("داعش", True),))
REGISTER = Register([BRIGADE, SYNDICATE, ARABIC, DAESH], "en")


def keys(html, register=REGISTER):
    return [note.key for note in register.notes_for(html)]


def printed(html, register=REGISTER):
    """The body as printed, with each mark's links and lists taken off."""
    notes = register.notes_for(html)
    public = render.render_body(html, people={}, images={}, notes=notes, register=register).split("<section")[0]
    for number, note in enumerate(notes, 1):
        link = f'<a href="#ln-{number}">{note.mark}<span class="unseen"> legal note {number}</span></a>'
        public = public.replace(f'<sup class="mark" id="lnref-{number}">{link}</sup>', f"[{number}]")
    return public


class FirstMentionTests(SimpleTestCase):
    def test_only_the_first_mention_is_marked(self):
        self.assertEqual(
            printed("<p>The Karst Brigade and the Karst Brigade.</p><p>KB.</p>"),
            "<p>The Karst Brigade[1] and the Karst Brigade.</p><p>KB.</p>",
        )

    def test_legal_notes_have_body_order_and_different_marks(self):
        notes = REGISTER.notes_for("<p>Red Delta Syndicate</p><p>Karst Brigade</p>")
        self.assertEqual([(note.key, note.mark) for note in notes], [("2", "*"), ("1", "**")])

    def test_names_match_whole_words_also_in_compounds_and_quotes(self):
        self.assertEqual(keys("<p>Karst Brigades and AKB and KBs, KB2</p>"), [])
        self.assertEqual(
            printed("<p>He said <q>the post-Karst Brigade-era port</q></p>"),
            '<p>He said <span class="said">“the post-Karst Brigade[1]-era port”</span></p>',
        )
        self.assertEqual(printed("<p>the Karst Brigade’s men</p>"), "<p>the Karst Brigade[1]’s men</p>")

    def test_emphasis_and_line_breaks_do_not_hide_a_name(self):
        self.assertEqual(
            printed("<p>The <em>Karst</em> <strong>Brig</strong>ade left</p>"),
            "<p>The <em>Karst</em> <strong>Brig</strong>ade[1] left</p>",
        )
        self.assertEqual(printed("<p>Karst<br>Brigade, KB</p>"), "<p>Karst<br>Brigade[1], KB</p>")
        self.assertEqual(keys("<p>Karst&nbsp;Brigade</p>"), ["1"])
        self.assertEqual(keys("<p>Karst</p><p>Brigade</p>"), [])

    def test_headings_are_never_marked(self):
        html = "<h2>Karst Brigade</h2><p>text</p>"
        self.assertEqual(keys(html), [])
        self.assertEqual(
            printed("<h2>The Karst Brigade</h2><p>a</p><h3>KB</h3><p>KB came</p>"),
            "<h2>The Karst Brigade</h2><p>a</p><h3>KB</h3><p>KB[1] came</p>",
        )

    def test_case_counts_if_the_form_is_case_sensitive(self):
        self.assertEqual(keys("<p>karst brigade, kb</p>"), [])
        self.assertEqual(keys("<p>red delta SYNDICATE</p>"), ["2"])

    def test_the_longer_name_wins_where_two_begin_at_one_place(self):
        longer = Entry("9", "*", "…", (Form("Karst Brigade Front", True),))
        register = Register([BRIGADE, longer])
        self.assertEqual(keys("<p>The Karst Brigade Front met.</p>", register), ["9"])
        self.assertEqual(keys("<p>The Karst Brigade Front met the Karst Brigade.</p>", register), ["9", "1"])

    def test_two_organisations_in_one_text_are_both_marked_in_place(self):
        self.assertEqual(
            printed("<p>KB met Red Delta Syndicate men <em>and</em> KB</p>"),
            "<p>KB[1] met Red Delta Syndicate[2] men <em>and</em> KB</p>",
        )

    def test_a_legal_mark_within_a_link_is_no_link(self):
        public = render.render_body(
            '<p><a href="/x/">Karst Brigade men</a></p>',
            people={}, images={}, notes=REGISTER.notes_for("<p>Karst Brigade</p>"), register=REGISTER,
        )  # fmt: skip
        self.assertIn('<a href="/x/">Karst Brigade<sup class="mark" id="lnref-1">*</sup> men</a>', public)

    def test_running_text_is_marked_before_captions_and_footnotes(self):
        picture = {7: render.PictureData("t", 10, 10, widths=(320,))}
        html = '<figure data-image="7"><figcaption>Karst Brigade</figcaption></figure><p>Karst Brigade men</p>'
        public = render.render_body(html, people={}, images=picture, notes=REGISTER.notes_for(html), register=REGISTER)
        self.assertRegex(public, r"<figcaption>Karst Brigade\s*</figcaption>")
        self.assertRegex(public, r'<p>Karst Brigade<sup class="mark" id="lnref-1">')
        alone = '<p>a<sup data-footnote="Once of the Karst Brigade, he says."></sup></p>'
        public = render.render_body(alone, people={}, images={}, notes=REGISTER.notes_for(alone), register=REGISTER)
        self.assertRegex(
            public, r'<li id="fn-1">Once of the Karst Brigade<sup class="mark" id="lnref-1">.*</sup>, he says'
        )

    def test_the_stored_text_has_no_mark(self):
        self.assertNotIn("*", REGISTER.notes_for("<p>Karst Brigade</p>")[0].form)


class ArabicTests(SimpleTestCase):
    def test_arabic_names_are_found_behind_prefixes(self):
        for text in [
            "لواء كارست",
            "ولواء كارست",
            "بلواء كارست",
            "اللواء كارست",
            "واللواءِ كارست",
            "لِلواء كارست",
            "لواءُ كـارست",
        ]:
            self.assertEqual(keys(f"<p>قال {text} أمس</p>"), ["3"], text)
        self.assertEqual(keys("<p>وداعش، لداعش</p>"), ["4"])

    def test_arabic_names_are_not_found_inside_another_word(self):
        self.assertEqual(keys("<p>لواء كارستان</p>"), [])
        self.assertEqual(keys("<p>داعشي</p>"), [])
        self.assertEqual(keys("<p>مداعش</p>"), [])

    def test_arabic_spellings_of_one_letter_are_equal(self):
        register = Register([Entry("1", "*", "…", (Form("أنصار الهدى", True),))])
        self.assertEqual(keys("<p>انصار الهدي</p>", register), ["1"])


class FrozenTests(SimpleTestCase):
    def test_a_frozen_note_is_marked_without_the_register(self):
        html = "<p>The KB, or Karst Brigade</p>"
        [note] = REGISTER.notes_for(html)
        self.assertEqual(note.form, "KB")
        public = render.render_body(html, people={}, images={}, notes=[note], language="en")
        self.assertRegex(public, r'The KB<sup class="mark"')
        self.assertIn("Karst Brigade: listed.", public)

    def test_a_note_without_its_form_is_found_by_the_register(self):
        public = render.render_body(
            "<p>The KB</p>", people={}, images={}, notes=[LegalNote("1", "†", "Old words.")], register=REGISTER
        )
        self.assertIn("†", public)
        self.assertIn("Old words.", public)

    def test_a_note_without_a_mention_is_printed_all_the_same(self):
        public = render.render_body("<p>x</p>", people={}, images={}, notes=[LegalNote("8", "*", "Words & more.")])
        self.assertIn("Words &amp; more.", public)
        self.assertNotIn("lnref", public)


class RegisterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.entry = Designation.objects.create(name="Karst Brigade", valid_from=date(2019, 4, 1), listing="List A")
        cls.entry.aliases.create(name="Karst Front")
        cls.entry.aliases.create(name="KB", matched=False)
        cls.entry.notes.create(language="en", text="Listed as a terrorist organisation in Verrany.")
        cls.entry.notes.create(language="ar", text="«لواء كارست» منظمة محظورة في فيراني.")

    def test_the_register_is_loaded_with_three_queries(self):
        # designations, their aliases, their notes
        with self.assertNumQueries(3):
            register = Register.on(date(2026, 5, 4), "en")
        with self.assertNumQueries(0):
            register.notes_for("<p>Karst Brigade</p>")

    def test_a_note_names_the_organisation_and_its_aliases(self):
        [note] = Register.on(date(2026, 5, 4), "en-GB").notes_for("<p>the Karst Front</p>")
        self.assertEqual(
            note.text, "Karst Brigade (also known as Karst Front, KB): Listed as a terrorist organisation in Verrany."
        )
        self.assertEqual((note.key, note.mark, note.form), (str(self.entry.pk), "*", "Karst Front"))

    def test_a_note_that_has_all_names_is_not_changed(self):
        self.entry.notes.filter(language="en").update(text="The Karst Brigade (Karst Front, KB) is listed.")
        [note] = Register.on(date(2026, 5, 4), "en").notes_for("<p>Karst Brigade</p>")
        self.assertEqual(note.text, "The Karst Brigade (Karst Front, KB) is listed.")

    def test_a_language_without_a_note_gets_the_english_one(self):
        register = Register.on(date(2026, 5, 4), "ar")
        self.assertIn("منظمة محظورة", register.notes_for("<p>Karst Brigade</p>")[0].text)
        register = Register.on(date(2026, 5, 4), "pt")
        self.assertIn("Listed as", register.notes_for("<p>Karst Brigade</p>")[0].text)

    def test_an_unmatched_alias_is_not_looked_for(self):
        self.assertEqual(keys("<p>KB</p>", Register.on(date(2026, 5, 4), "en")), [])

    def test_an_entry_counts_only_while_it_is_valid(self):
        self.assertEqual(keys("<p>Karst Brigade</p>", Register.on(date(2019, 3, 31), "en")), [])
        Designation.objects.update(valid_until=date(2020, 1, 1))
        self.assertEqual(len(keys("<p>Karst Brigade</p>", Register.on(date(2020, 1, 1), "en"))), 1)
        self.assertEqual(keys("<p>Karst Brigade</p>", Register.on(date(2020, 1, 2), "en")), [])

    def test_an_entry_without_a_note_prints_its_list(self):
        self.entry.notes.all().delete()
        [note] = Register.on(date(2026, 5, 4), "en").notes_for("<p>Karst Brigade</p>")
        self.assertEqual(note.text, "Karst Brigade (also known as Karst Front, KB): List A")

    def test_named_in_returns_the_keys_of_a_plain_text(self):
        register = Register.on(date(2026, 5, 4), "en")
        self.assertEqual(register.named_in("men of the Karst Front"), {str(self.entry.pk)})
        self.assertEqual(register.named_in("nobody"), set())
