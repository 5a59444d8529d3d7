"""A body as readers get it, and the holes that are filled when they do."""

import json
import re
from html import unescape

from django.test import SimpleTestCase, override_settings
from hypothesis import given
from hypothesis import settings as effort
from lxml import html as lxml_html

from articles.body import embeds, holes, plain, render
from articles.body.render import Person, PictureData
from articles.body.schema import sanitise

from .. import data
from .test_body_schema import BODIES, VECTORS

PEOPLE = {12: Person("Dr Halvard Nystrom", "Maritime law & former judge")}
IMAGES = {7: PictureData("0123abcd", 1600, 900, 'A "white" quay', "The quay <b>", "Pia & Co", (320, 640, 960, 1280))}

VIDEO = "https://youtu.be/dQw4w9WgXcQ"


def printed(html, **more):
    """The body as printed; a line break of a template reads as what a browser makes of it."""
    more = {"embeds": {VIDEO: embeds.seeded_rules().embed_of(VIDEO)}} | more
    public = render.render_body(html, **{"people": PEOPLE, "images": IMAGES, "notes": [], "language": "en"} | more)
    return re.sub(r"\n(?=</(?:figcaption|figure|li)>)", "", public).replace("\n", " ")


class QuotationTests(SimpleTestCase):
    def test_a_caption_from_the_library_is_escaped(self):
        picture = PictureData(
            "a" * 32, 640, 480, widths=(320, 640), caption="<script>alert(1)</script>\nand <b>more</b>"
        )
        html = render.render_body('<figure data-image="1"></figure>', people={}, images={1: picture}, notes=[])
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;<br>and &lt;b&gt;more&lt;/b&gt;", html)
        self.assertNotIn("<script", html)

    @override_settings(SITE_URL="https://gazette.example")
    def test_a_link_to_our_own_host_is_a_path_here_and_never_another_host(self):
        for href, path in (
            ("https://gazette.example/world/", "/world/"),
            ("http://GAZETTE.example:80/world/?a=b#c", "/world/?a=b#c"),
            ("https://gazette.example:443/", "/"),
            ("https://gazette.example//evil.example/", "/evil.example/"),
            ("https://gazette.example/\\evil.example/", "/evil.example/"),
            ("https://other.example/x", "https://other.example/x"),
        ):
            self.assertEqual(render.without_own_host(href), path)

    def test_a_quotation_is_printed_in_marks_without_its_expert(self):
        public = printed('<p>“x” <q data-expert="12" data-quote="u1">It is <q>not</q> a rule,</q> he said.</p>')
        self.assertEqual(
            public, '<p>“x” <span class="said">“It is <span class="said">‘not’</span> a rule,”</span> he said.</p>'
        )

    def test_quotation_marks_follow_the_language(self):
        for language, words in [
            ("ar", "«a “b”»"),
            ("de-DE", "„a ‚b‘“"),
            ("fr", "«\u202fa “b”\u202f»"),
            ("xx", "“a ‘b’”"),
        ]:
            public = printed("<p><q>a <q>b</q></q></p>", language=language)
            self.assertEqual("".join(lxml_html.fromstring(public).itertext()), words)

    def test_words_typed_in_marks_are_not_marked_twice(self):
        self.assertIn(">“Never,”<", printed("<p><q>“Never,”</q></p>"))
        self.assertIn(">““A” or “B””<", printed("<p><q>“A” or “B”</q></p>"))

    def test_a_quote_card_has_the_name_in_a_hole_and_the_title(self):
        public = printed('<blockquote data-expert="12" data-quote="u"><p>One <q>two</q>.</p><p>Three</p></blockquote>')
        self.assertIn(
            '<figure class="quote"><blockquote><p>“One <span class="said">‘two’</span>.</p><p>“Three”</p>', public
        )
        self.assertIn(
            "<b><bdi><!--hole expert 12-->Dr Halvard Nystrom<!--/hole--></bdi></b><bdi>Maritime law &amp; former judge",
            public,
        )
        self.assertIn('aria-hidden="true">HN</span>', public)

    def test_a_person_who_may_not_be_named_is_not_printed(self):
        card = '<blockquote data-expert="13" data-quote="u"><p>On background</p></blockquote>'
        self.assertEqual(printed(card), '<blockquote class="said"><p>“On background”</p></blockquote>')
        named = card.replace("13", "12")
        self.assertEqual(printed(named, unnamed={"u"}), '<blockquote class="said"><p>“On background”</p></blockquote>')

    def test_a_plain_block_quotation_stays_one(self):
        html = "<blockquote><p>From the <q>report</q></p></blockquote>"
        self.assertEqual(printed(html), '<blockquote><p>From the <span class="said">“report”</span></p></blockquote>')

    def test_words_in_another_language_keep_lang_and_dir(self):
        public = printed('<p lang="ar" dir="rtl">a <q lang="fr">b</q> <span lang="de">c</span></p>')
        self.assertEqual(
            public, '<p lang="ar" dir="rtl">a <span class="said" lang="fr">“b”</span> <span lang="de">c</span></p>'
        )

    def test_a_monogram_leaves_titles_out(self):
        for name, letters in [
            ("Dr Halvard Nystrom", "HN"), ("Mei Tanaka-Vale", "MV"), ("Prof. Samuel Dede", "SD"), ("Cher", "C"),
            ("يوسف مروان", "يم"), ("", ""),
        ]:  # fmt: skip
            self.assertEqual(render.monogram(name), letters)


class BlockTests(SimpleTestCase):
    def test_a_related_story_is_a_hole(self):
        self.assertEqual(printed('<div data-article="45"></div>'), "<!--hole card 45-->")

    def test_a_picture_comes_in_every_width_with_caption_and_credit(self):
        public = printed('<figure data-image="7" data-size="wide"><figcaption>At <em>dawn</em>.</figcaption></figure>')
        self.assertTrue(public.startswith('<!--hole image 7--><figure class="figure is-wide">'))
        self.assertTrue(public.endswith("</figure><!--/hole-->"))
        self.assertIn('type="image/avif"', public)
        self.assertIn("/media/0123abcd-320.avif 320w, /media/0123abcd-640.avif 640w", public)
        self.assertRegex(public, r'<img src="/media/0123abcd-\d+\.jpg" width="1600" height="900"')
        self.assertIn('alt="A &quot;white&quot; quay"', public)
        self.assertIn('<figcaption>At <em>dawn</em>. <span class="credit">Pia &amp; Co</span></figcaption>', public)

    def test_a_picture_without_caption_gets_the_librarys(self):
        self.assertIn("<figcaption>The quay &lt;b&gt; <span", printed('<figure data-image="7"></figure>'))

    def test_a_picture_that_was_not_frozen_is_not_printed(self):
        self.assertEqual(printed('<figure data-image="8"><figcaption>x</figcaption></figure>'), "")

    def test_a_gallery_keeps_a_hole_for_each_picture(self):
        public = printed('<ul data-gallery=""><li><figure data-image="7"></figure></li></ul>')
        self.assertIn('<div class="gallery" role="group" aria-label="Pictures"><!--hole image 7-->', public)
        self.assertNotIn("<figure", holes.fill_holes(public, {}, set(), {}))

    def test_a_fact_box_is_labelled_with_its_heading(self):
        public = printed('<aside data-box="facts"><h3>In brief</h3><p>One</p></aside>')
        self.assertEqual(public, '<aside class="box" aria-label="In brief"><h2>In brief</h2><p>One</p></aside>')
        self.assertIn('aria-label="معلومات"', printed('<aside data-box="facts"><p>x</p></aside>', language="ar"))

    def test_a_table_scrolls_and_is_labelled_with_its_caption(self):
        public = printed(
            '<table><caption>Tides</caption><tbody><tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody>'
            "</table>"
        )
        self.assertEqual(
            public,
            '<div class="scroll" tabindex="0" role="region" aria-label="Tides"><table><caption>Tides</caption><tbody>'
            '<tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody></table></div>',
        )

    def test_a_video_is_loaded_after_a_click_only(self):
        public = printed('<div data-embed="https://youtu.be/dQw4w9WgXcQ"></div>')
        self.assertIn('data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"', public)
        self.assertIn('href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"', public)
        self.assertIn("data-play hidden>", public)
        self.assertNotRegex(public, r"<(iframe|img|script|link)|src=")
        self.assertEqual(printed('<div data-embed="https://evil.example/"></div>'), "")

    def test_footnotes_are_numbered_and_linked_both_ways(self):
        public = printed('<p>a<sup data-footnote="First &amp; <b>"></sup> b<sup data-footnote="Second"></sup></p>')
        self.assertIn('a<sup class="mark" id="fnref-1"><a href="#fn-1" aria-label="Note 1">1</a></sup>', public)
        self.assertIn('<li id="fn-1">First &amp; &lt;b&gt; <a href="#fnref-1"', public)
        self.assertIn('<li id="fn-2">Second <a href="#fnref-2"', public)
        self.assertNotIn("<section", printed("<p>a</p>"))

    def test_no_link_is_printed_within_a_link(self):
        public = printed('<p><a href="/x/">a<sup data-footnote="n"></sup></a></p>')
        self.assertIn('<a href="/x/">a<sup class="mark" id="fnref-1">1</sup></a>', public)

    @override_settings(SITE_URL="https://paper.example")
    def test_links_to_other_sites_have_rel_noopener_and_our_own_no_host(self):
        public = printed(
            '<p><a href="https://a.example/?a=1&amp;b">x</a><a href="/y/">y</a><a href="https://paper.example/z">z</a></p>'
        )
        self.assertEqual(
            public,
            '<p><a href="https://a.example/?a=1&amp;b" rel="noopener">x</a><a href="/y/">y</a><a href="/z">z</a></p>',
        )

    def test_a_desk_note_is_not_printed_but_its_words_are(self):
        self.assertEqual(printed('<p>a <span data-desk-note="n1">b</span></p>'), "<p>a b</p>")

    def test_no_level_of_heading_is_skipped(self):
        self.assertEqual(
            printed("<h3>Were you <em>there</em>?</h3><p>Yes.</p><h3>And?</h3><h2>Later</h2><h3>a</h3>"),
            "<h2>Were you <em>there</em>?</h2><p>Yes.</p><h2>And?</h2><h2>Later</h2><h3>a</h3>",
        )
        box = printed('<aside data-box="facts"><h3>Six ports</h3><p>One.</p></aside>')
        self.assertIn('aria-label="Six ports"', box)
        self.assertIn("<h2>Six ports</h2>", box)

    def test_plain_elements_are_printed_as_they_are(self):
        html = (
            "<h2>a</h2><h3>b</h3><hr><p>c<br><em>d</em><strong>e</strong><s>f</s><sub>g</sub><sup>h</sup></p>"
            '<ol start="3"><li>i</li></ol>'
        )
        self.assertEqual(printed(html), html)


class PropertyTests(SimpleTestCase):
    @effort(max_examples=200, deadline=None)
    @given(BODIES)
    def test_every_word_is_printed_and_no_desk_attribute_is(self, html):
        clean = sanitise(html)
        public = printed(clean, images={7: IMAGES[7]})
        filled = holes.fill_holes(public, {45: "CARD"}, {7}, {12: "/experts/x/"})
        self.assertNotIn("<!--", filled)
        self.assertNotRegex(re.sub(r">[^<]*<", "><", public), r"data-(expert|quote|desk-note|footnote|article|image)")
        text = "".join(lxml_html.fragment_fromstring(filled, create_parent="div").itertext())
        for word in re.findall(r"\w+", plain.plain_text_of(clean)):
            self.assertIn(word, text)
        nothing = holes.fill_holes(public, {}, set(), {})
        self.assertNotIn("<!--", nothing)
        self.assertNotIn("/media/", nothing)
        self.assertNotIn("/experts/", nothing)

    def test_no_attack_comes_through_an_unsanitised_body(self):
        for line in data.path(VECTORS).read_text().splitlines():
            html = json.loads(line)["html"]
            for text in (sanitise(html), html):
                for tag in re.findall(r"<([a-zA-Z][^>\s/]*)", printed(text)):
                    self.assertIn(tag, ALLOWED, text)
            public = lxml_html.fragment_fromstring(printed(sanitise(html)), create_parent="div")
            for el in public.iter():
                self.assertFalse(
                    [name for name in el.attrib if name.startswith("on") or name in ("style", "src", "srcdoc")]
                )


ALLOWED = {
    "p", "h2", "h3", "ul", "ol", "li", "a", "em", "strong", "sub", "sup", "s", "br", "hr", "blockquote", "span",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "aside", "div", "section", "button",
}  # fmt: skip


class HoleTests(SimpleTestCase):
    PAGE = (
        "a<!--hole card 45-->b<!--hole image 7--><i>x\n</i><!--/hole-->"
        "c<!--hole expert 12-->N<!--/hole--><b>d</b><!--hole card 46-->"
    )

    def test_ids_in_holes_are_found(self):
        self.assertEqual(holes.ids_in_holes(self.PAGE), {"card": {45, 46}, "image": {7}, "expert": {12}})

    def test_holes_are_filled_with_what_may_be_seen(self):
        self.assertEqual(
            holes.fill_holes(self.PAGE, {45: "<p>\\1 card</p>"}, {7}, {12: "/e/?a&b"}),
            'a<aside class="related"><p>\\1 card</p></aside>b<i>x\n</i>c<a href="/e/?a&amp;b">N</a><b>d</b>',
        )
        self.assertEqual(holes.fill_holes(self.PAGE, {}, set(), {}), "abcN<b>d</b>")

    def test_a_text_cannot_forge_a_hole(self):
        forged = "&lt;!--hole card 45--&gt;"
        html = sanitise(
            f'<p>{forged}<!--hole card 45--><sup data-footnote="{forged}"></sup></p>'
            f'<figure data-image="7"><figcaption>{forged}</figcaption></figure>'
        )
        image = PictureData("t", 1, 1, unescape(forged), unescape(forged), unescape(forged), (320,))
        public = printed(html, images={7: image}, people={})
        self.assertEqual(holes.ids_in_holes(public), {"card": set(), "image": {7}, "expert": set()})
