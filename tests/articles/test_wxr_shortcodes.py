"""No shortcode is printed on a live page: known ones become words, wrappers go, an unknown one holds its story back."""

import html
import time

from django.test import SimpleTestCase

from articles.exchange.convert import convert_text
from articles.exchange.report import Outcome
from articles.exchange.shortcode_rules import Rules, read_rules
from articles.exchange.shortcodes import expand_shortcodes
from articles.exchange.unreadable import Unreadable
from articles.models import Image, State
from newsroom.models import PolicyPage

from . import wxr
from .import_case import ImportTestCase
from .test_wxr_convert import SHELF

# What is no shortcode to the reader of tags, and stands in the text all the same: the name that is told.
LEFT = {
    '[chart title="see [1]"]w[/chart]': "chart",
    '[chart style="a<b"]X[/chart]': "chart",
    "&#91;my_chart id=1&#93;": "my_chart",
    "&#91;chart id=&quot;1&quot;&#93;": "chart",
    '[wp:foo x="1"]': "wp:foo",
    '[9ths_gal id="1"]': "9ths_gal",
    '[Галерея id="1"]': "галерея",
    "[chart id=“1” title=“see [1]”]": "chart",
    '[chart big id="a [b"]': "chart",
    '[<b>chart</b> id="1"]': "chart",
    "words [/chart] more": "chart",
    "words [/Галерея] more": "галерея",
}


def body(content, **options):
    return convert_text(content, **{"library": SHELF} | options).body


def unknown(content, **options):
    return sorted(convert_text(content, **options).shortcodes.unknown)


class WrapperTests(SimpleTestCase):
    def test_a_builders_wrappers_go_and_their_words_stay(self):
        for content, want in (
            ('[vc_row a="x"][vc_column width="1/2"][vc_column_text]One.[/vc_column_text][/vc_column][/vc_row]Two.',
             "<p>One.</p><p>Two.</p>"),
            ('[et_pb_section fb_built="1" _builder_version="4.9"][et_pb_row][et_pb_column]'
             '[et_pb_text admin_label="x"]<p>Divi</p>[/et_pb_text][/et_pb_column][/et_pb_row][/et_pb_section]',
             "<p>Divi</p>"),
            ('[fusion_builder_container][fusion_text]Avada[/fusion_text][/fusion_builder_container]', "<p>Avada</p>"),
            ("[av_textblock size='']Enfold[/av_textblock]", "<p>Enfold</p>"),
            ("[one_half]Left words[/one_half][one_half_last]Right[/one_half_last]", "<p>Left words</p><p>Right</p>"),
            ("[box]Inside[/box]After", "<p>Inside</p><p>After</p>"),
        ):  # fmt: skip
            self.assertEqual(body(content), want, content)
            self.assertEqual(unknown(content), [], content)

    def test_words_that_a_builder_keeps_in_attributes_stay(self):
        made = body(
            '[vc_custom_heading text="The quays" font="tag:h2"]Below'
            '[et_pb_toggle title="What we know"]It[/et_pb_toggle]'
        )
        self.assertEqual(made, "<h2>The quays</h2><p>Below</p><h2>What we know</h2><p>It</p>")

    def test_pictures_that_a_builder_keeps_in_attributes_stay(self):
        self.assertEqual(body('[vc_single_image image="11" img_size="full"]'), '<figure data-image="1"></figure>')
        self.assertEqual(
            body('[et_pb_image src="https://old.example/a.jpg" alt="Quay"][/et_pb_image]'),
            '<figure data-image="1"></figure>',
        )
        self.assertIn("data-gallery", body('[vc_gallery images="11,12"]'))

    def test_an_initial_stands_beside_its_word(self):
        for content in (
            "[dropcap]T[/dropcap]he quay",
            '[su_dropcap style="x"]T[/su_dropcap]he quay',
            "[initial_cap_x]T[/initial_cap_x]he quay",
        ):
            rules = Rules({"initial_cap_x": "unwrap"})
            self.assertEqual(body(content, rules=rules), "<p>The quay</p>", content)

    def test_a_wrapper_inside_a_sentence_breaks_no_paragraph(self):
        self.assertEqual(
            body("He [tooltip text='x y']waited[/tooltip] there"), body("He [highlight]waited[/highlight] there")
        )
        self.assertEqual(body("He [highlight color=red]waited[/highlight] there"), "<p>He waited there</p>")

    def test_code_is_printed_as_it_was_typed(self):
        made = body('Before [sourcecode language="php"]if ($a < 2) { echo "<b>x</b>"; }[/sourcecode] after')
        self.assertEqual(html.unescape(made), '<p>Before</p><p>if ($a < 2) { echo "<b>x</b>"; }</p><p>after</p>')

    def test_players_become_embeds_and_buttons_links(self):
        video = "https://www.youtube.com/watch?v=SQEQr7c0-dw"
        for content in ("[youtube SQEQr7c0-dw]", f"[youtube={video}]", f"[youtube]{video}[/youtube]",
                        '[fusion_youtube id="SQEQr7c0-dw" width="600"]', f'[vc_video link="{video}"]'):  # fmt: skip
            self.assertEqual(body(content), f'<div data-embed="{video}"></div>', content)
        self.assertEqual(
            body('[button link="https://a.example/x" color="red"]Give[/button]'),
            '<p><a href="https://a.example/x">Give</a></p>',
        )

    def test_board_marks_and_quotes_become_ours(self):
        self.assertEqual(
            body("[b]Bold[/b] and [i]thin[/i]\n\n[pullquote]So it is[/pullquote]"),
            "<p><strong>Bold</strong> and <em>thin</em></p><blockquote><p>So it is</p></blockquote>",
        )


class WordsInBracketsTests(SimpleTestCase):
    def test_remarks_in_brackets_stay_words(self):
        for words in ("[sic]", "[laughs]", "[he paused]", "[more]", "[left] [right]", "[Ed.: yes]", "[1]", "[n=214]",
                      "[video]", "[quote]", "[to-day]", "[ex-minister]", "[…]", "[Smith, 2001]", "[b]", "[newsletter]",
                      "[CI 95%, n=214]", "[and/or]"):  # fmt: skip
            self.assertEqual(body(f"They {words} said"), f"<p>They {words} said</p>", words)
            self.assertEqual(unknown(f"They {words} said"), [], words)

    def test_a_shortcode_that_somebody_wrote_about_stays(self):
        self.assertEqual(body("Use [[gallery]] or [[vc_row]]"), "<p>Use [gallery] or [vc_row]</p>")


class DroppedTests(SimpleTestCase):
    def test_what_a_server_fills_is_dropped_and_counted(self):
        made = convert_text(
            'A [contact_form] b [ad_slot id=3] c [contact-form-7 id="5" title="Us"] [gravityform id="1"]'
            ' [adrotate banner="2"] d'
        )
        self.assertEqual(" ".join(made.body.split()), "<p>A b c d</p>")
        self.assertEqual(
            sorted(made.shortcodes.dropped), ["ad_slot", "adrotate", "contact-form-7", "contact_form", "gravityform"]
        )

    def test_a_form_goes_with_its_fields(self):
        made = convert_text(
            '[contact-form to="a@b.example"][contact-field label="Name" type="name"][/contact-form]After'
        )
        self.assertEqual(made.body, "<p>After</p>")

    def test_an_opening_that_nothing_ends_takes_nothing_with_it(self):
        made = body("One [ad_slot id=1] two\n\nthree [ad_slot id=2]x[/ad_slot] four")
        for word in ("One", "two", "three", "four"):
            self.assertIn(word, made)

    def test_a_drop_never_takes_a_whole_story(self):
        made = convert_text(f"[ad_zone id=1]{'word ' * 60}[/ad_zone]")
        self.assertEqual((made.body.count("word"), list(made.shortcodes.unknown)), (60, ["ad_zone"]))


class UnknownTests(SimpleTestCase):
    def test_an_unknown_shortcode_is_named_and_its_words_stay(self):
        made = convert_text('Before [paper-map town="Quay"] mid [our_box]words[/our_box] [myChart] end')
        self.assertEqual(sorted(made.shortcodes.unknown), ["mychart", "our_box", "paper-map"])
        self.assertIn("words", made.body)

    def test_what_is_left_in_the_finished_text_is_named(self):
        for content, name in LEFT.items():
            self.assertEqual(unknown(content), [name], content)
        rules = Rules({"chart": "keep"})
        self.assertEqual(unknown('[chart title="see [1]"]w[/chart]', rules=rules), [])

    def test_brackets_that_are_no_shortcode_hold_nothing_back(self):
        for words in ('He [sic] said "a=b" [1]', "[CI 95%, n=214]", "[Fig. n=3]", "[[chart id=1]]", '[[chart id="1"]]',
                      '<a href="/x" title="y">[he wrote]</a> <p class="z">b</p>'):  # fmt: skip
            self.assertEqual(unknown(words), [], words)

    def test_a_file_says_what_becomes_of_them(self):
        rules = Rules({"our_*": "unwrap", "paper-map": "drop", "mychart": "keep"})
        made = convert_text('A [paper-map town="Quay"] [our_box]words[/our_box] [myChart] end', rules=rules)
        self.assertEqual(made.shortcodes.unknown, {})
        self.assertNotIn("[our_box", made.body)
        self.assertNotIn("paper-map", made.body)
        self.assertIn("[myChart]", made.body)

    def test_the_file_is_asked_before_the_tables(self):
        self.assertEqual(body("[gallery ids='11']", rules=Rules({"gallery": "drop"})), "")
        self.assertIn("[sic]", body("[sic]", rules=Rules({"sic": "keep"})))
        self.assertNotIn("sic", body("a [sic] b", rules=Rules({"sic": "drop"})))

    def test_hostile_text_is_read_in_linear_time(self):
        for piece in ("[", "[a", "[caption]", "[/caption]", "[vc_row]", "[[", "[a b=", "[caption]<img>", "[a <",
                      "[quote]x[/quote]", "[our_x y=1]", '[a b="<i"]', "]", "[dropcap]", "[box][quote]",
                      "[a b ", "[/a", "&#91;", '[a b="', "<b>["):  # fmt: skip
            for text in (piece * (200_000 // len(piece)), piece * (100_000 // len(piece)) + "[/box][/caption]" * 6000):
                began = time.process_time()
                expand_shortcodes(text)
                self.assertLess(time.process_time() - began, 6, piece)


class ShortcodeImportTests(ImportTestCase):
    def test_a_story_with_an_unknown_shortcode_is_a_listed_draft(self):
        report = self.bring(wxr.item(1, content='<p>A [paper-map town="Quay"] b</p>'), wxr.item(2))
        self.assertEqual((self.article(1).state, self.article(1).editions.count()), (State.DRAFT, 0))
        self.assertEqual([entry.outcome for entry in report.entries], [Outcome.DRAFT, Outcome.LIVE])
        self.assertIn("paper-map", self.notes(report, 1))
        self.assertIn("whose stories are drafts: paper-map", "\n".join(report.lines()))
        self.assertEqual(self.client.get("/2019/04/story-1/").status_code, 404)

    def test_a_story_with_a_shortcode_that_nobody_could_read_is_a_draft(self):
        for number, content in enumerate(LEFT, 1):
            report = self.bring(wxr.item(number, content=f"<p>A {content} b</p>"))
            self.assertEqual((self.article(number).state, self.article(number).editions.count()), (State.DRAFT, 0))
            self.assertIn(LEFT[content], self.notes(report, number))

    def test_a_story_with_an_unknown_shortcode_in_its_excerpt_is_a_draft(self):
        report = self.bring(wxr.item(1, excerpt='A [paper-map town="Quay"] b'))
        self.assertEqual(self.article(1).state, State.DRAFT)
        self.assertIn("paper-map", self.notes(report, 1))

    def test_with_the_papers_own_file_the_story_is_live(self):
        path = self.written('drop = ["paper-map"]\nunwrap = ["our_*"]\nkeep = []\n', "shortcodes.toml")
        self.bring(wxr.item(1, content='<p>A [paper-map town="Quay"] [our_box]b[/our_box]</p>'), rules=read_rules(path))
        self.assertNotIn("[", self.article(1).editions.get().text.body)

    def test_excerpts_captions_and_pages_have_no_shortcodes_either(self):
        self.bring(
            wxr.item(1, excerpt="[vc_row]The gist[/vc_row] [ad_slot id=1]"),
            wxr.attachment(2, "https://old.example/a.jpg", excerpt="[dropcap]A[/dropcap]t dawn"),
            wxr.item(3, kind="page", excerpt="[vc_row]Us[/vc_row]", content="[vc_row]We[/vc_row]"),
        )
        self.assertEqual(self.article(1).standfirst, "The gist")
        self.assertEqual(Image.objects.get().caption, "At dawn")
        self.assertEqual(PolicyPage.objects.get().body, "<p>Us</p><p>We</p>")

    def test_a_bad_file_of_shortcodes_says_what_is_wrong(self):
        for text, said in (("drop = [", "not TOML"),
                           ("hide = ['x']", "drop, unwrap or keep"), ("drop = 'x'", "list"),
                           ("drop = ['[x]']", "without brackets"),
                           ("drop = ['x']\nkeep = ['x']", "two things")):  # fmt: skip
            with self.assertRaisesRegex(Unreadable, said):
                read_rules(self.written(text, "s.toml"))
        with self.assertRaisesRegex(Unreadable, "cannot be opened"):
            read_rules("/nowhere.toml")
