"""Two people's changes put together: no word of either is lost, nothing stands there twice, the order holds."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from articles.body import merge, schema
from tests.extent import EVERYTHING

TRIES = effort(max_examples=2000 if EVERYTHING else 150, deadline=None)
WORDS = re.compile(r"\w+")

# A text of up to eight blocks, each with a word that no other has, and sometimes one that says nothing.
BASE = st.lists(st.sampled_from(["p", "p", "p", "h2", "hr", "figure"]), max_size=8)
# What a side does to each block, and what it puts before it: its own words, or what both paste.
EDIT = st.tuples(
    st.sampled_from(["keep"] * 5 + ["change", "change", "end", "drop", "rewrite"]),
    st.sampled_from([""] * 6 + ["own", "own", "shared", "rule"]),
)
EDITS = st.lists(EDIT, min_size=9, max_size=9)
MOVES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=2)


def base_of(kinds):
    made = []
    for n, kind in enumerate(kinds):
        if kind == "hr":
            made.append("<hr>")
        elif kind == "figure":
            made.append(f'<figure data-image="{900 + n}"></figure>')
        else:
            made.append(f"<{kind}>Base{n} said it at the port on day{n} again and then once more day{n}.</{kind}>")
    return made


def edited(blocks, edits, moves, who):
    done = []
    for n, (block, (act, added)) in enumerate(zip([*blocks, None], edits, strict=False)):
        done += {
            "own": [f"<p>{who}{n} adds something new.</p>"],
            "shared": ["<p>Shared was pasted by both.</p>"],
            "rule": ["<hr>"],
        }.get(added, [])
        if block is None or act == "drop":
            continue
        if "<hr" in block or "<figure" in block:
            done.append(block)
        else:
            done.append({
                "change": block.replace(" said it", f" {who}changed{n} it"),
                "end": block.replace(".</", f" {who}end{n}.</"),
                "rewrite": f"<p>{who}rewrote{n} all of this from scratch.</p>",
            }.get(act, block))  # fmt: skip
    for start, end in moves:
        if start < len(done) and end < len(done):
            done.insert(end, done.pop(start))
    return done


SIDES = st.builds(
    lambda kinds, one, two, move, other: (
        base_of(kinds),
        edited(base_of(kinds), one, move, "Mine"),
        edited(base_of(kinds), two, other, "Theirs"),
    ),
    BASE, EDITS, EDITS, MOVES, MOVES,
)  # fmt: skip


def joined(blocks):
    return "".join(blocks)


def words(html):
    return set(WORDS.findall(html))


@TRIES
@given(SIDES)
def test_every_word_that_somebody_wrote_is_in_the_merge(sides):
    base, mine, theirs = map(joined, sides)
    merged, _ = merge.merged_text(base, mine, theirs)
    for side in (mine, theirs):
        assert words(side) - words(base) <= words(merged), (base, mine, theirs, merged)


@TRIES
@given(SIDES)
def test_no_paragraph_is_lost_that_nobody_took_out(sides):
    base, mine, theirs = map(joined, sides)
    merged, _ = merge.merged_text(base, mine, theirs)
    own = {word for word in words(base) if word.startswith("Base")}  # each stands in one paragraph alone
    assert own & words(mine) & words(theirs) <= words(merged), (base, mine, theirs, merged)


@TRIES
@given(SIDES)
def test_nothing_stands_in_the_merge_twice(sides):
    base, mine, theirs = sides
    merged, _ = merge.merged_text(*map(joined, sides))
    allowed = Counter(mine) | Counter(theirs)
    for block, count in Counter(merge._blocks_of(merged)).items():
        assert block == "<hr>" or count <= allowed[block], (block, base, mine, theirs, merged)


@TRIES
@given(SIDES)
def test_a_merge_with_oneself_or_with_nothing_changes_nothing(sides):
    base, mine, theirs = map(joined, sides)
    assert merge.merged_text(base, mine, mine) == (mine, [])
    assert merge.merged_text(base, mine, base) == (mine, [])
    assert merge.merged_text(base, base, theirs) == (theirs, [])


@TRIES
@given(SIDES)
def test_without_a_conflict_it_does_not_matter_who_was_first(sides):
    base, mine, theirs = map(joined, sides)
    merged, conflicts = merge.merged_text(base, mine, theirs)
    swapped, again = merge.merged_text(base, theirs, mine)
    assert len(conflicts) == len(again)
    # Rules and the like say nothing, so how many there are does not matter; nor whether a paragraph that both pasted,
    # one of them twice, stands once or twice.
    one, other = (Counter(b for b in merge._blocks_of(text) if b != "<hr>") for text in (merged, swapped))
    assert {b: n for b, n in one.items() if "Shared" not in b} == {b: n for b, n in other.items() if "Shared" not in b}
    assert one.keys() == other.keys()


@TRIES
@given(BASE, EDITS, EDITS)
def test_the_order_of_each_sides_paragraphs_holds(kinds, one, two):
    base = [block for block in base_of(kinds) if block != "<hr>"]
    mine, theirs = edited(base, one, [], "Mine"), edited(base, two, [], "Theirs")
    merged, _ = merge.merged_text(*map(joined, (base, mine, theirs)))
    found = merge._blocks_of(merged)
    for side in (mine, theirs):
        # What both pasted, each elsewhere, stands where theirs is.
        unique = [block for block in side if side.count(block) == 1 and "Shared" not in block and block != "<hr>"]
        unique = [block for block in unique if found.count(block) == 1]
        assert unique == [block for block in found if block in unique], (base, mine, theirs, merged)


@TRIES
@given(SIDES)
def test_a_merge_is_a_text_as_the_sanitiser_leaves_it(sides):
    merged, _ = merge.merged_text(*map(joined, sides))
    assert schema.sanitise(merged) == merged


@TRIES
@given(SIDES)
def test_a_conflict_shows_both_and_both_stand_in_the_merge(sides):
    merged, conflicts = merge.merged_text(*map(joined, sides))
    for conflict in conflicts:
        assert conflict.mine != conflict.theirs
        for side in (conflict.mine, conflict.theirs):
            assert side in merged
        if conflict.mine and conflict.theirs:
            assert conflict.theirs + conflict.mine in merged


def test_neighbouring_paragraphs_are_merged_without_a_question():
    old = "<p>One is said.</p><p>Two is said.</p>"
    mine, theirs = old.replace("One is", "One was"), old.replace("Two is", "Two was")
    assert merge.merged_text(old, mine, theirs) == ("<p>One was said.</p><p>Two was said.</p>", [])


def test_a_changed_paragraph_beside_a_new_one_is_no_conflict():
    old = "<p>One is said.</p><p>Two is said.</p>"
    mine = "<p>One was said.</p><p>New of mine.</p><p>Two is said.</p>"
    theirs = "<p>One is said.</p><p>Two was said.</p><p>New of theirs.</p>"
    merged = "<p>One was said.</p><p>New of mine.</p><p>Two was said.</p><p>New of theirs.</p>"
    assert merge.merged_text(old, mine, theirs) == (merged, [])


def test_a_long_text_without_a_paragraph_in_common_takes_no_time():
    one, two, three = (joined(f"<p>{who} {n}</p>" for n in range(3000)) for who in ("a", "b", "c"))
    merged, conflicts = merge.merged_text(one, two, three)
    assert len(conflicts) == 1
    assert merged == three + two


# --- sets and rows --------------------------------------------------------------------------------------

SETS = st.frozensets(st.integers(0, 6))


@given(SETS, SETS, SETS)
def test_a_set_keeps_what_either_added_and_loses_what_either_took(base, mine, theirs):
    merged = merge.merged_set(base, mine, theirs)
    assert (mine | theirs) - base <= merged
    assert not merged & ((base - mine) | (base - theirs))
    assert merged == merge.merged_set(base, theirs, mine)


ROW = st.fixed_dictionaries({"name": st.sampled_from("abc"), "why": st.sampled_from("xyz")})
TABLE = st.dictionaries(st.integers(0, 4), ROW)


@given(TABLE, TABLE, TABLE)
def test_no_change_of_a_row_is_lost_without_a_conflict(base, mine, theirs):
    rows, conflicts = merge.merged_rows(base, mine, theirs)
    for name in {**mine, **theirs}:
        for side, other in ((mine, theirs), (theirs, mine)):
            was, row = base.get(name), side.get(name)
            if row is None or row == was or name in conflicts:
                continue
            assert all(rows[name][c] == v for c, v in row.items() if v != (was or {}).get(c)), (name, other)
    assert merge.merged_rows(base, mine, base)[0] == mine
    assert merge.merged_rows(base, base, theirs)[0] == theirs
    assert merge.merged_rows(base, mine, mine) == (mine, {})
    assert set(conflicts) == set(merge.merged_rows(base, theirs, mine)[1])


@given(TABLE, TABLE, TABLE)
def test_a_conflict_of_rows_keeps_mine_and_says_theirs(base, mine, theirs):
    rows, conflicts = merge.merged_rows(base, mine, theirs)
    for name, differs in conflicts.items():
        assert name in rows
        for column, value in differs.items():
            assert (rows[name][column], theirs[name][column]) == (mine[name][column], value)
