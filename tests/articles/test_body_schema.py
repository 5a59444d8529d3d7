"""What may stand in a story's text."""

import json
import re
from collections import Counter
from html import escape, unescape

from django.test import SimpleTestCase, override_settings
from django_prose_editor.config import allowlist_from_extensions, html_tags
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from articles.body import schema, tidy, tree
from articles.body.schema import sanitise

from .. import data

VECTORS = "xss/vectors.jsonl"

FOREIGN = ["div", "section", "pre", "b", "i", "h1", "h4", "center", "dl", "dt", "dd", "u", "font", "tfoot", "button",
           "form", "article", "mark", "del", "label", "object"]  # fmt: skip
# Words that stand loose in a table belong nowhere: every browser puts them before it.
TABLES = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
NEVER_BOXES = {"li", "dt", "dd", "hr", "legend", "h2", "h3", "p"}  # the parser itself ends them early
ATTRIBUTES = {
    "data-expert": ["12", "abc", ""],
    "data-quote": ["u1", "u2", "bad uid"],
    "data-article": ["45"],
    "data-image": ["7"],
    "data-size": ["wide", "huge"],
    "data-gallery": [""],
    "data-box": ["facts", "other"],
    "data-embed": ["https://youtu.be/aaaaaaaaaaa", 'x"><b>'],
    "data-footnote": ["Note & <b>more</b>", " "],
    "data-desk-note": ["n1"],
    "href": ["https://a.example/", "/world/", "javascript:alert(1)", "//evil.example", "mailto:a@b.example"],
    "colspan": ["2", "0"],
    "lang": ["ar", "x y"],
    "dir": ["rtl", "up"],
    "class": ["c"],
    "onclick": ["alert(1)"],
}
WORDS = st.sampled_from(["ship", "six ", " port", "\n", "&amp;", "&lt;b&gt;", "\xa0", "رصيف", "\u202e", "a.b"])
SPELLING = st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), st.integers(0, 4), max_size=3)


def _element(children):
    return st.tuples(
        st.sampled_from(sorted(schema.ATTRIBUTES_BY_ELEMENT) + FOREIGN), SPELLING, st.lists(children, max_size=4)
    ).map(lambda parts: _spell(*parts))


def _spell(tag, names, inside):
    attributes = "".join(
        f' {name}="{escape(ATTRIBUTES[name][pick % len(ATTRIBUTES[name])])}"' for name, pick in names.items()
    )
    return f"<{tag}{attributes}>{''.join(inside)}</{tag}>"


BODIES = st.lists(st.recursive(WORDS, _element, max_leaves=25), max_size=5).map("".join)


def _box(children):
    """Boxes inside boxes, of our vocabulary and others'."""
    return st.tuples(
        st.sampled_from(sorted((tree.BLOCKS | tidy.FOREIGN_BLOCKS) - TABLES - NEVER_BOXES)),
        st.lists(children, max_size=4),
    ).map(lambda parts: _spell(parts[0], {"data-image": 0, "data-expert": 0}, parts[1]))


BOXES = st.recursive(st.integers(100, 999).map(str), _box, max_leaves=30)


def words(html):
    """The words outside tags, however they are spelled."""
    text = tree.without_controls(unescape(re.sub(r"<[^>]*>", " ", html)))
    return Counter(text.split())


class SanitiseTests(SimpleTestCase):
    def test_a_link_wrapped_by_google_leads_where_it_says(self):
        for wrapped, link in (
            ("https://www.google.com/url?q=https://ports.example/a?b%3Dc&amp;sa=D", "https://ports.example/a?b=c"),
            ("https://www.google.co.uk/url?sa=t&amp;url=https%3A%2F%2Fports.example%2F", "https://ports.example/"),
            ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
            ("https://www.google.com/search?q=ports", "https://www.google.com/search?q=ports"),
            (
                "https://notgoogle.com/url?q=https://ports.example/",
                "https://notgoogle.com/url?q=https://ports.example/",
            ),
        ):
            self.assertEqual(schema.sanitise(f'<p><a href="{wrapped}">x</a></p>'), f'<p><a href="{link}">x</a></p>')

    def test_the_whole_vocabulary_is_left_as_it_is(self):
        body = (
            '<p lang="ar" dir="rtl">One <em>two</em> <strong>three</strong><br>H<sub>2</sub>O <s>gone</s> '
            '<a href="https://a.example/x?a=1&amp;b=2">link</a> <span lang="fr">mot</span></p>'
            '<p>He said: <q data-expert="12" data-quote="a1">It is <q>not</q> a rule.</q>'
            '<sup data-footnote="A &lt;b&gt; &quot;note&quot;"></sup> <span data-desk-note="n-1">check</span></p>'
            '<h2>Head</h2><h3>Smaller</h3><hr><ul><li>a</li></ul><ol start="3"><li><p>b</p></li></ol>'
            '<blockquote data-expert="12" data-quote="a2"><p>Words</p></blockquote><blockquote><p>x</p></blockquote>'
            '<div data-article="45"></div><div data-embed="https://youtu.be/aaaaaaaaaaa"></div>'
            '<figure data-image="7" data-size="wide"><figcaption>Cap <em>t</em></figcaption></figure>'
            '<ul data-gallery=""><li><figure data-image="7"></figure></li></ul>'
            '<aside data-box="facts"><h3>Facts</h3><p>One</p></aside>'
            '<table><caption>T</caption><thead><tr><th scope="col">a</th></tr></thead>'
            '<tbody><tr><td colspan="2" rowspan="3">b</td></tr></tbody></table>'
        )
        self.assertHTMLEqual(sanitise(body), body)
        self.assertEqual(sanitise(body), body)

    def test_foreign_names_of_elements_are_renamed(self):
        self.assertEqual(
            sanitise("<h1>A</h1><h5>B</h5><p><b>c</b> <i>d</i> <u>e</u></p>"),
            "<h2>A</h2><h3>B</h3><p><strong>c</strong> <em>d</em> e</p>",
        )

    def test_foreign_blocks_become_paragraphs(self):
        self.assertEqual(
            sanitise("loose<div>a <b>b</b><div>c</div></div><dl><dt>d<dd>e</dl>"),
            "<p>loose</p><p>a <strong>b</strong></p><p>c</p><p>d</p><p>e</p>",
        )

    def test_only_web_mail_telephone_and_own_addresses_are_links(self):
        for good in ["https://a.example/x", "http://a.example", "mailto:a@b.example", "tel:+44-20", "/world/", "/"]:
            self.assertIn(f'href="{good}"', sanitise(f'<p><a href="{good}">x</a></p>'))
        for bad in [
            "javascript:alert(1)", "java\tscript:alert(1)", "&#1;javascript:alert(1)", "data:text/html,x",
            "//evil.example", "/\\evil.example", "/\t/evil.example", "world/", "#fn-1", "https:evil",
            "ftp://x.example", "vbscript:x", "",
        ]:  # fmt: skip
            self.assertEqual(sanitise(f'<p><a href="{bad}">x</a></p>'), "<p>x</p>", bad)

    def test_a_picture_from_outside_the_library_is_removed(self):
        self.assertEqual(sanitise('<p>a<img src="/media/x.jpg" onerror="alert(1)">b</p>'), "<p>ab</p>")
        self.assertEqual(sanitise('<figure><img src="x"><figcaption>c</figcaption></figure>'), "<p>c</p>")

    def test_invalid_attributes_are_dropped(self):
        self.assertEqual(
            sanitise('<p title="t" class="c" style="color:red" lang="x y" dir="up" onclick="alert(1)">a</p>'),
            "<p>a</p>",
        )
        self.assertEqual(
            sanitise('<figure data-image="7" data-size="huge"></figure>'), '<figure data-image="7"></figure>'
        )

    def test_a_quotation_of_several_paragraphs_becomes_a_card(self):
        self.assertEqual(
            sanitise('<q data-expert="1" data-quote="u"><p>a</p><p>b</p></q>'),
            '<blockquote data-expert="1" data-quote="u"><p>a</p><p>b</p></blockquote>',
        )

    def test_words_written_into_a_reference_are_moved_after_it(self):
        self.assertEqual(sanitise('<div data-article="4">words</div>'), '<div data-article="4"></div><p>words</p>')
        self.assertEqual(sanitise('<p>a<sup data-footnote="n">1</sup></p>'), '<p>a<sup data-footnote="n"></sup></p>')
        self.assertEqual(
            sanitise('<figure data-image="7">before<figcaption>c</figcaption><p>after</p></figure>'),
            '<figure data-image="7"><figcaption>c</figcaption></figure><p>before</p><p>after</p>',
        )

    def test_nul_and_hidden_direction_marks_are_removed(self):
        self.assertEqual(sanitise("<p>a\x00b\u202ec&#x202e;d\x1be&#x2066;f\ufeff</p>"), "<p>abcdef</p>")
        self.assertEqual(sanitise("<p>a\ud800b\uffff</p>"), "<p>ab</p>")
        self.assertEqual(sanitise("<p>می\u200cخواهم\u200f</p>"), "<p>می\u200cخواهم\u200f</p>")

    def test_empty_paragraphs_are_removed(self):
        self.assertEqual(sanitise("<p></p><p>&nbsp;</p><p><br></p><h2> </h2><ul><li></li></ul>"), "")
        self.assertEqual(sanitise(""), "")
        self.assertEqual(sanitise(None), "")

    def test_a_hundred_thousand_nested_elements_are_cheap(self):
        self.assertEqual(sanitise("<div>" * 100_000 + "deep"), "<p>deep</p>")
        self.assertEqual(sanitise("<blockquote>" * 4000 + "deep <b>down</b>"), "<p>deep down</p>")
        self.assertIn("deep", sanitise("<blockquote>" * 100 + "deep"))

    @effort(max_examples=300, deadline=None)
    @given(BODIES)
    def test_sanitising_twice_changes_nothing_more(self, html):
        once = sanitise(html)
        self.assertEqual(sanitise(once), once)

    @effort(max_examples=300, deadline=None)
    @given(BODIES)
    def test_the_sanitiser_loses_no_letter(self, html):
        # Letters, not words: "a<em>b</em>" is one word, and which of these tags part words is another question.
        letters = [Counter("".join(words(text).elements())) for text in (html, sanitise(html))]
        self.assertEqual(*letters)

    @effort(max_examples=300, deadline=None)
    @given(BOXES)
    def test_words_of_different_blocks_do_not_run_together(self, html):
        for text in (html, f"<h2>{html}</h2>", f"<ul><li>{html}</li></ul>", f"<table><tr><td>{html}</td></tr></table>"):
            self.assertEqual(words(sanitise(text)), words(text))

    @effort(max_examples=200, deadline=None)
    @given(BODIES)
    def test_the_tree_writes_what_the_sanitiser_wrote(self, html):
        clean = sanitise(html)
        self.assertEqual(tree.inner_html(tree.parse(clean)), clean)

    @effort(max_examples=200, deadline=None)
    @given(st.text(alphabet="<>/=\"' abpq&;#!-\x00\n", max_size=60))
    def test_any_input_gives_clean_text(self, html):
        once = sanitise(html)
        self.assertEqual(sanitise(once), once)


class AttackTests(SimpleTestCase):
    def test_every_known_attack_is_disarmed_for_good(self):
        seen = 0
        for line in data.path(VECTORS).read_text().splitlines():
            html = json.loads(line)["html"]
            clean = sanitise(html)
            with self.subTest(html=html):
                self.assertEqual(sanitise(clean), clean)
                self.assertLessEqual(set(_tags(clean)), set(schema.ATTRIBUTES_BY_ELEMENT))
                for tag, names in _attributes(clean):
                    self.assertLessEqual(set(names), schema.ATTRIBUTES_BY_ELEMENT[tag])
                    if "href" in names:
                        self.assertRegex(names["href"], r"(?i)^(https?://|mailto:|tel:|/([^/\\]|$))")
            seen += 1
        self.assertGreater(seen, 900)


def _tags(clean):
    return [el.tag for el in tree.parse(clean).iterdescendants()]


def _attributes(clean):
    return [(el.tag, dict(el.attrib)) for el in tree.parse(clean).iterdescendants()]


class VocabularyTests(SimpleTestCase):
    def test_the_editor_writes_only_what_the_sanitiser_keeps(self):
        ours = {
            word.extension: html_tags(list(word.elements), {tag: list(names) for tag, names in word.elements.items()})
            for word in schema.VOCABULARY
            if word.ours
        }
        with override_settings(DJANGO_PROSE_EDITOR_EXTENSIONS=[{"extensions": ours}]):
            allowed = allowlist_from_extensions(schema.EDITOR_EXTENSIONS)
        self.assertEqual(allowed["tags"], set(schema.ATTRIBUTES_BY_ELEMENT) - {"caption"})

    def test_every_attribute_has_a_rule(self):
        named = set().union(*schema.ATTRIBUTES_BY_ELEMENT.values())
        self.assertEqual(named, set(schema.ATTRIBUTE_RULES))
