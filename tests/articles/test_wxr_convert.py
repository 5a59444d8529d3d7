"""WordPress texts in our vocabulary, and not one word of them lost."""

import html
import json
import re
from collections import Counter

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.body.schema import sanitise
from articles.exchange.convert import convert_text, plain_text
from articles.exchange.figures import NoPictures, Picture
from articles.exchange.wxr import Export
from tests import data

FILES = ("wxr/themeunittestdata.wordpress.xml", "wxr/64-block-test-data.xml")


class Shelf(NoPictures):
    """A library of pictures by number; those attached to any post are all of them."""

    def __init__(self, **pictures):
        self.pictures = {key.removeprefix("n"): value for key, value in pictures.items()}

    def picture(self, number, address, alt=""):
        return self.pictures.get(number) or next(
            (p for p in self.pictures.values() if p.name in (address or "?")), None
        )

    def attached_to(self, post):
        return list(self.pictures)


class EveryPicture(NoPictures):
    def picture(self, number, address, alt=""):
        return Picture(pk=7, name="seven.jpg")


# Pieces of markup that open and close in any order.
JUMBLE = """<p> </p> <div> </div> <ul> <li> </ul> <b> </b> <table> <tr> <td> </table> <figure> </figure> <figcaption>
    </figcaption> <blockquote> </blockquote> <h2> </h2> <pre> </pre> </a> <select><option> <br> &amp; [caption]
    [/caption] [gallery] [embed]""".split() + [
    '<img src="https://x.example/a.jpg" alt="A">', '<a href="/x/">', "\n", "\n\n", "<!-- wp:group -->",
    "<!-- /wp:group -->", "alpha ", "beta ", "gamma ", "delta ",
]  # fmt: skip
SHELF = Shelf(
    n11=Picture(pk=1, name="a.jpg", caption="Quay"), n12=Picture(pk=2, name="b.jpg"), n13=Picture(name="c.jpg")
)


def body(content, **options):
    return convert_text(content, **{"library": SHELF} | options).body


class ClassicTests(SimpleTestCase):
    def test_blank_lines_end_paragraphs_and_single_ones_break_lines(self):
        self.assertEqual(body("One\ntwo\n\nThree"), "<p>One<br>two</p><p>Three</p>")

    def test_headings_and_lists_stand_between_paragraphs(self):
        self.assertEqual(
            body("Before\n<h1>Head</h1>\nAfter\n<ul>\n\t<li>a</li>\n\t<li>b</li>\n</ul>\nEnd"),
            "<p>Before</p><h2>Head</h2><p>After</p><ul><li>a</li><li>b</li></ul><p>End</p>",
        )

    def test_inline_elements_are_renamed_or_keep_their_words(self):
        self.assertEqual(
            body('<b>a</b> <i>b</i> <u>c</u> <code>d</code> <del>e</del> <span style="color:red">f</span>'),
            "<p><strong>a</strong> <em>b</em> c d <s>e</s> f</p>",
        )

    def test_a_poem_keeps_its_lines(self):
        self.assertEqual(body("<pre>One\nTwo\n\nThree</pre>"), "<p>One<br>Two</p><p>Three</p>")

    def test_a_definition_list_becomes_paragraphs(self):
        self.assertEqual(body("<dl><dt>Quay</dt><dd>A place</dd></dl>"), "<p><strong>Quay</strong></p><p>A place</p>")

    def test_scripts_and_event_handlers_are_removed(self):
        made = body('<p onclick="x()">Hi</p><script>alert(1)</script><a href="javascript:x()">there</a>')
        self.assertEqual(made, "<p>Hi</p><p>there</p>")

    def test_a_title_of_markup_is_plain_text(self):
        self.assertEqual(plain_text("Six <em>ports</em> &amp; 5 < 6 &lt;b&gt;"), "Six ports & 5 < 6 <b>")


class ShortcodeTests(SimpleTestCase):
    def test_captions_in_old_and_new_form_are_read(self):
        want = '<figure data-image="1"><figcaption>The <em>quay</em></figcaption></figure>'
        picture = '<img class="wp-image-11" src="https://old.example/a.jpg" alt="x" />'
        self.assertEqual(body(f'[caption id="attachment_11" width="1"]{picture} The <em>quay</em>[/caption]'), want)
        self.assertEqual(
            body(f'[caption width="1" caption="The quay"]{picture}[/caption]'),
            '<figure data-image="1"><figcaption>The quay</figcaption></figure>',
        )

    def test_a_gallery_has_numbered_pictures_or_those_of_the_post(self):
        made = convert_text('[gallery columns="3" ids="12,11"]', library=SHELF)
        self.assertEqual(
            made.body,
            '<ul data-gallery=""><li><figure data-image="2"></figure></li>'
            '<li><figure data-image="1"><figcaption>Quay</figcaption></figure></li></ul>',
        )
        own = convert_text("[gallery exclude='12']", library=SHELF)
        self.assertEqual((own.body.count("data-image"), own.missing), (1, ["c.jpg"]))

    def test_audio_and_video_become_links(self):
        made = body("[audio https://old.example/x/talk.mp3]\n\n[video mp4='https://old.example/clip.mp4'][/video]")
        self.assertEqual(
            made,
            '<p><a href="https://old.example/x/talk.mp3">talk.mp3</a></p>'
            '<p><a href="https://old.example/clip.mp4">clip.mp4</a></p>',
        )

    def test_embeds_of_allowed_hosts_and_of_others(self):
        video = "https://www.youtube.com/watch?v=SQEQr7c0-dw"
        for text in (video, f"[embed width='5']{video}[/embed]", f'<iframe src="{video}"></iframe>'):
            self.assertEqual(
                body(f"Before\n\n{text}\n\nAfter"), f'<p>Before</p><div data-embed="{video}"></div><p>After</p>'
            )
        made = convert_text("https://twitter.com/a/status/1")
        self.assertEqual(
            made.body, '<p><a href="https://twitter.com/a/status/1">https://twitter.com/a/status/1</a></p>'
        )
        self.assertIn("the words of a post on X are not in the export", made.notes[0])
        self.assertIn("host is not on the list", convert_text("https://elsewhere.example/a").notes[0])

    def test_an_address_inside_a_sentence_is_no_embed(self):
        self.assertEqual(body("See https://youtu.be/SQEQr7c0-dw now"), "<p>See https://youtu.be/SQEQr7c0-dw now</p>")


class BlockTests(SimpleTestCase):
    def test_block_comments_are_removed_and_dynamic_blocks_reported(self):
        made = convert_text(
            "<!-- wp:paragraph -->\n<p>Words</p>\n<!-- /wp:paragraph -->\n"
            '<!-- wp:latest-posts {"postsToShow":3} /-->\n<!-- wp:my-plugin/map {"zoom":{"a":1}} /-->'
        )
        self.assertEqual((made.body, made.dynamic), ("<p>Words</p>", ["latest-posts", "my-plugin/map"]))

    def test_pictures_galleries_and_covers_become_figures(self):
        image = '<img src="https://old.example/a.jpg" class="wp-image-11" alt=""/>'
        self.assertEqual(
            body(
                f'<!-- wp:image --><figure class="wp-block-image alignwide">{image}'
                "<figcaption>Quay</figcaption></figure>"
            ),
            '<figure data-image="1" data-size="wide"><figcaption>Quay</figcaption></figure>',
        )
        two = f"<figure>{image}<figcaption>One</figcaption></figure>" + f"<figure>{image.replace('11', '12')}</figure>"
        self.assertEqual(
            body(f'<!-- wp:gallery --><figure class="wp-block-gallery">{two}<figcaption>Both</figcaption></figure>'),
            '<ul data-gallery=""><li><figure data-image="1"><figcaption>One</figcaption></figure></li>'
            '<li><figure data-image="2"></figure></li></ul><p>Both</p>',
        )
        cover = f'<div class="wp-block-cover">{image}<div><p>On it</p></div></div>'
        self.assertEqual(body(f"<!-- wp:cover -->{cover}"), '<figure data-image="1"></figure><p>On it</p>')

    def test_a_missing_picture_leaves_its_caption_or_alt_text(self):
        made = convert_text(
            '<figure><img src="https://x.example/gone.jpg" alt="Boats"><figcaption>At <b>dawn</b></figcaption></figure>'
            '<p><img src="https://x.example/away.jpg" alt="Two cranes"></p>'
            '<img src="https://x.example/c-1.jpg" alt="c-1">'
        )
        self.assertEqual(made.body, "<p><em>At <strong>dawn</strong></em></p><p><em>Two cranes</em></p>")
        self.assertEqual(made.missing, ["gone.jpg", "away.jpg", "c-1.jpg"])

    def test_tables_quotes_and_details_are_converted(self):
        self.assertEqual(
            body("<figure><table><tbody><tr><td>1</td></tr></tbody><tfoot><tr><td>2</td></tr></tfoot></table>"
                 "<figcaption>Sums</figcaption></figure>"),
            "<table><caption>Sums</caption><tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>",
        )  # fmt: skip
        self.assertEqual(
            body("<figure class='wp-block-pullquote'><blockquote><p>So</p><cite>Ada</cite></blockquote></figure>"),
            "<blockquote><p>So</p><p><em>Ada</em></p></blockquote>",
        )
        self.assertEqual(body("<details><summary>More</summary><p>Of it</p></details>"),
                         "<p><strong>More</strong></p><p>Of it</p>")  # fmt: skip

    def test_footnotes_are_read_from_the_meta_value(self):
        text = (
            '<!-- wp:paragraph --><p>So<sup data-fn="a1" class="fn"><a href="#a1">1</a></sup></p><!-- wp:footnotes /-->'
        )
        made = convert_text(text, footnotes='[{"id":"a1","content":"A <em>note<\\/em>"}]')
        self.assertEqual((made.body, made.dynamic), ('<p>So<sup data-footnote="A note"></sup></p>', []))
        self.assertIn("footnote's text is not in the export", convert_text(text).notes[0])

    def test_a_footnote_that_is_too_long_is_printed_below(self):
        text = '<p>So<sup data-fn="a1"><a>1</a></sup></p>'
        long = "word " * 300
        made = convert_text(text, footnotes=json.dumps([{"id": "a1", "content": long}]))
        self.assertEqual(made.body.count("word"), 300)

    def test_a_reusable_block_is_inserted_at_every_use(self):
        text = '<p>A</p><!-- wp:block {"ref":5} /--><!-- wp:block {"ref":6} /-->'
        made = convert_text(text, reusable={"5": '<p>Shared</p><!-- wp:block {"ref":5} /-->'})
        self.assertIn("<p>Shared</p>", made.body)
        self.assertIn("reusable block 6 is not in the export", made.notes)


WITHIN = set(
    "a abbr acronym b big cite code del em i ins kbd mark q s small span strike strong sub sup tt u var".split()
)


def counted(markup):
    """The words between tags, counted by other means than the converter's own."""
    markup = re.sub(r"<!--.*?-->", " ", markup, flags=re.DOTALL)
    markup = re.sub(
        r"</?([a-z][a-z0-9]*)\b[^>]*>", lambda m: "" if m[1] in WITHIN else " ", markup, flags=re.IGNORECASE
    )
    return Counter(re.findall(r"\w+", html.unescape(markup)))


def words_of_source(content):
    content = re.sub(r"<sup data-fn.*?</sup>", " ", content, flags=re.DOTALL)  # the number of a footnote's mark
    content = re.sub(r"</a><a", "</a> <a", content)
    content = re.sub(r'\[(?:caption|gallery|audio|embed|video)\b[^\]]*?(?:caption="([^"]*)")?\]', r" \1 ", content)
    return counted(re.sub(r"\[/(?:caption|embed|audio|video)\]", " ", content))


def words_of_body(made):
    return counted(made + " " + " ".join(re.findall(r'data-embed="([^"]*)"', made)))


class EveryWordTests(SimpleTestCase):
    def test_no_word_of_any_item_is_lost_with_or_without_pictures(self):
        for name in FILES:
            checked = 0
            for item in Export(data.path(name)).items():
                for library in (NoPictures(), EveryPicture()):
                    with self.subTest(file=name, item=item.id, library=type(library).__name__):
                        made = convert_text(
                            item.content, post=item.id, footnotes=item.meta.get("footnotes", ""), library=library
                        )
                        self.assertEqual(words_of_source(item.content) - words_of_body(made.body), Counter())
                        self.assertFalse([note for note in made.notes if "plain text" in note])
                        self.assertEqual(sanitise(made.body), made.body)
                        checked += bool(item.content)
            self.assertGreater(checked, 100)

    def test_no_word_is_added_where_every_picture_is_here(self):
        """Names of played files and of places that were embedded apart, a body has the source's words and no others."""
        for item in Export(data.path(FILES[0])).items():
            if re.search(r"\[audio|<audio|<video|\[gallery", item.content):
                continue
            made = convert_text(item.content, post=item.id, library=EveryPicture())
            with self.subTest(item=item.id):
                self.assertEqual(words_of_body(made.body) - words_of_source(item.content), Counter())

    def test_the_word_count_notices_a_lost_word(self):
        self.assertEqual(words_of_source("<p>One two</p>") - words_of_body("<p>One</p>"), Counter(["two"]))

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.sampled_from(JUMBLE), max_size=30))
    def test_no_mixed_markup_loses_a_word_or_raises(self, parts):
        content = "".join(parts)
        made = convert_text(content).body
        for word in ("alpha", "beta", "gamma", "delta"):
            self.assertGreaterEqual(made.count(word), content.count(word))
        self.assertEqual(sanitise(made), made)

    def test_a_table_inside_its_own_caption_is_converted(self):
        self.assertIn("alpha", convert_text("<figure><figcaption><table><tr><td>alpha").body)

    def test_markup_nested_too_deep_keeps_its_words(self):
        made = convert_text("<div>" * 4000 + "deep words" + "</div>" * 4000)
        self.assertIn("deep words", made.body)
        self.assertIn("nested too deep", made.notes[0])
