"""Two bodies beside each other, and three versions of a story brought together."""

import json
import re
import time

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from articles.body import diff, merge
from articles.body.schema import sanitise

from .. import data
from .test_body_schema import BODIES, VECTORS

SAFE = re.compile(r'</?(p|ins|del|span)( class="diff-[a-z]+")?>')


class DiffTests(SimpleTestCase):
    def test_equal_bodies_have_no_difference(self):
        self.assertEqual(diff.changes_html("<p>a</p>", "<p>a</p>"), "")
        self.assertEqual(diff.changes_html("", ""), "")

    def test_changed_words_are_marked_within_their_line(self):
        self.assertEqual(
            diff.changes_html("<p>The text runs to eleven pages.</p>", "<p>The text runs to twelve long pages.</p>"),
            '<p class="diff-changed">The text runs to <del>eleven</del><ins>twelve long</ins> pages.</p>',
        )

    def test_added_and_removed_lines_name_their_kind_of_block(self):
        html = diff.changes_html("<p>one</p><p>two three</p>", "<p>one</p><h2>Head</h2>")
        self.assertIn('<p class="diff-gone"><del>two three</del></p>', html)
        self.assertIn('<p class="diff-new"><span class="diff-kind">Heading</span> <ins>Head</ins></p>', html)

    def test_a_line_written_anew_stands_below_the_one_it_replaces(self):
        html = diff.changes_html("<p>Six ports agree</p>", "<p>Quite another matter</p>")
        self.assertLess(html.index("<del>"), html.index("<ins>"))

    def test_unchanged_lines_are_folded(self):
        same = "".join(f"<p>Line {n}</p>" for n in range(9))
        html = diff.changes_html(f"{same}<p>old</p>", f"{same}<p>old words</p>")
        self.assertIn("… 8 unchanged …", html)
        self.assertIn('<p class="diff-same">Line 8</p>', html)

    def test_a_moved_paragraph_is_shown_as_moved(self):
        stays = "<p>One is here with us today.</p><p>Two is here too.</p><p>Three is here as well.</p>"
        long = "Four has a line of so many words that only the first of them are said again."
        html = diff.changes_html(f"<p>{long}</p>{stays}", f"{stays}<p>{long}</p>")
        self.assertNotRegex(html, "<(ins|del)>")
        self.assertIn(f'<p class="diff-moved">{long} <span class="diff-note">Moved here</span></p>', html)
        self.assertIn("Four has a line of so many words that only … ", html)
        self.assertIn("Moved from here", html)

    def test_a_moved_paragraph_shows_what_changed_in_it(self):
        stays = "<p>One is here with us today.</p><p>Two is here too.</p><p>Three is here as well.</p>"
        html = diff.changes_html(
            f"<p>Four ports agree on eleven new rules.</p>{stays}",
            f"{stays}<p>Four ports agree on twelve new rules.</p>",
        )
        self.assertIn("agree on <del>eleven</del><ins>twelve</ins> new rules.", html)
        self.assertEqual(html.count("<ins>"), 1)

    def test_a_moved_picture_is_named_and_moved(self):
        stays = "<p>One is here.</p><p>Two is here too.</p>"
        picture = '<figure data-image="7"></figure>'
        html = diff.changes_html(picture + stays, stays + picture, names={("image", 7): "Harbour"})
        self.assertIn("Moved here", html)
        self.assertIn("Picture: Harbour", html)
        self.assertNotRegex(html, "<(ins|del)>")

    def test_a_changed_reference_shows_where_no_word_changed(self):
        old = '<blockquote data-expert="4"><p>We will see</p></blockquote><div data-article="4"></div>'
        new = '<blockquote data-expert="1"><p>We will see</p></blockquote><div data-article="5"></div>'
        html = diff.changes_html(old, new, names={("expert", 4): "A. Kessler", ("expert", 1): "H. <Nystrom>"})
        self.assertIn("Who is quoted: <del>A. Kessler</del> <ins>H. &lt;Nystrom&gt;</ins>", html)
        self.assertIn("Related story: <del>no. 4</del> <ins>no. 5</ins>", html)

    def test_a_diff_without_names_prints_no_id(self):
        old = '<p><q data-expert="431">a b</q></p><figure data-image="432"></figure><div data-article="433"></div>'
        new = '<p><q data-expert="434">a c</q></p><figure data-image="435"></figure><div data-article="436"></div>'
        html = diff.changes_html(old, new)
        self.assertIn("Who is quoted: changed", html)
        self.assertNotRegex(html, "43[1-6]")

    def test_links_footnotes_embeds_and_formatting_are_compared(self):
        html = diff.changes_html(
            '<p><a href="https://a.example/">x</a></p>', '<p><a href="https://b.example/">x</a></p>'
        )
        self.assertIn("Link: <del>https://a.example/</del> <ins>https://b.example/</ins>", html)
        self.assertIn("Formatting changed", diff.changes_html("<p>bold</p>", "<p><strong>bold</strong></p>"))
        self.assertIn(
            "<ins>three</ins>",
            diff.changes_html('<p>a<sup data-footnote="two"></sup></p>', '<p>a<sup data-footnote="three"></sup></p>'),
        )
        self.assertIn(
            "Embed: https://youtu.be/b",
            diff.changes_html("<p>a</p>", '<p>a</p><div data-embed="https://youtu.be/b"></div>'),
        )

    def test_a_desk_note_does_not_count_as_a_change(self):
        self.assertEqual(diff.changes_html("<p>a b</p>", '<p>a <span data-desk-note="n">b</span></p>'), "")

    @effort(max_examples=150, deadline=None)
    @given(BODIES, BODIES)
    def test_a_diff_prints_our_own_elements_only(self, old, new):
        for a, b in [(old, new), (sanitise(old), sanitise(new))]:
            self.assertNotRegex(SAFE.sub("", diff.changes_html(a, b)), "[<>]")

    def test_no_attack_string_comes_through_a_diff(self):
        for line in data.path(VECTORS).read_text().splitlines():
            html = json.loads(line)["html"]
            for old, new in [("<p>a</p>", html), (html, "<p>a</p>"), (html, f"<p>a</p>{html}")]:
                self.assertNotRegex(SAFE.sub("", diff.changes_html(old, new)), "[<>]", html)

    def test_the_longest_texts_are_compared_within_ten_seconds(self):
        many = "".join(f"<p>{n} a b c</p>" for n in range(3000)), "".join(f"<p>{n * 7} a b d</p>" for n in range(3000))
        long = "<p>" + "a b " * 50_000 + "</p>", "<p>" + "b a " * 50_000 + "</p>"
        for old, new in (many, long):
            began = time.process_time()
            self.assertTrue(diff.changes_html(old, new))
            self.assertLess(time.process_time() - began, 10)


VALUES = st.one_of(st.none(), st.integers(0, 2), st.lists(st.integers(0, 1), max_size=2), st.sampled_from(["a", "b"]))
CONTENTS = st.dictionaries(st.sampled_from(["headline", "body", "slug", "topics"]), VALUES)


class MergeTests(SimpleTestCase):
    def test_a_field_that_one_side_changed_takes_its_value(self):
        base = {"headline": "H", "body": "B", "slug": "s"}
        merged, conflicts = merge.merged_fields(base, base | {"headline": "Mine"}, base | {"body": "Theirs"})
        self.assertEqual(merged, {"headline": "Mine", "body": "Theirs", "slug": "s"})
        self.assertEqual(conflicts, {})

    def test_a_field_that_both_changed_is_a_conflict_and_keeps_mine(self):
        merged, conflicts = merge.merged_fields({"body": "B"}, {"body": "Mine"}, {"body": "Theirs"})
        self.assertEqual(merged, {"body": "Mine"})
        self.assertEqual(conflicts, {"body": {"base": "B", "mine": "Mine", "theirs": "Theirs"}})

    def test_the_same_change_on_both_sides_is_no_conflict(self):
        self.assertEqual(merge.merged_fields({"a": 1}, {"a": 2}, {"a": 2}), ({"a": 2}, {}))

    def test_an_added_or_removed_field_is_a_change(self):
        self.assertEqual(merge.merged_fields({"a": 1}, {}, {"a": 1}), ({}, {}))
        self.assertEqual(merge.merged_fields({}, {}, {"a": 1}), ({"a": 1}, {}))
        self.assertEqual(merge.merged_fields({"a": 1}, {}, {"a": 2})[1], {"a": {"base": 1, "mine": None, "theirs": 2}})

    @given(CONTENTS, CONTENTS)
    def test_changes_of_one_side_alone_are_merged_whole(self, base, other):
        self.assertEqual(merge.merged_fields(base, other, base), (other, {}))
        self.assertEqual(merge.merged_fields(base, base, other), (other, {}))
        self.assertEqual(merge.merged_fields(base, other, other), (other, {}))

    @given(CONTENTS, CONTENTS, CONTENTS)
    def test_swapping_the_sides_finds_the_same_conflicts(self, base, mine, theirs):
        merged, conflicts = merge.merged_fields(base, mine, theirs)
        swapped, again = merge.merged_fields(base, theirs, mine)
        self.assertEqual(set(conflicts), set(again))
        agreed = [{k: v for k, v in side.items() if k not in conflicts} for side in (merged, swapped)]
        self.assertEqual(*agreed)

    @given(CONTENTS, CONTENTS, CONTENTS)
    def test_no_merge_loses_a_change_without_a_conflict(self, base, mine, theirs):
        merged, conflicts = merge.merged_fields(base, mine, theirs)
        for side in (mine, theirs):
            for name in {**base, **side}:
                if (name in side, side.get(name)) != (name in base, base.get(name)) and name not in conflicts:
                    self.assertEqual((name in merged, merged.get(name)), (name in side, side.get(name)))
