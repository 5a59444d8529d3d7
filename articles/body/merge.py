"""Puts two people's changes to a story together: field by field, a text block by block, a set or a table row by row."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import html as lxml_html

from . import tree

_ABSENT = object()
# Pairs of blocks that a comparison may look at; a text that would cost more is one block.
BLOCK_PAIRS, LIKENESS_PAIRS = 4_000_000, 2_500
WORD, TAG_NAME = re.compile(r"[^\W_]+"), re.compile(r"</?[a-z][a-z0-9]*")
ANOTHER = 0.3  # below this likeness a block in the place of another is a new one


@dataclass(frozen=True)
class Conflict:
    """One place of a text that both changed: the blocks as HTML, "" for a side that took them out."""

    base: str
    mine: str
    theirs: str


# --- fields ---------------------------------------------------------------------------------------------


def merged_fields(base, mine, theirs):
    """(merged, conflicts) of two dicts of fields that were both changed from `base`.

    A field that one side changed has that side's value. One that both changed differently has mine in `merged`,
    and `conflicts` has {field: {"base", "mine", "theirs"}} for it, with None for a side without the field.
    """
    merged, conflicts = {}, {}
    for name in dict.fromkeys([*base, *mine, *theirs]):
        was, ours, other = (side.get(name, _ABSENT) for side in (base, mine, theirs))
        taken = other if ours == was else ours
        if ours not in (was, other) and other != was:
            conflicts[name] = {
                side: None if value is _ABSENT else value
                for side, value in (("base", was), ("mine", ours), ("theirs", other))
            }
        if taken is not _ABSENT:
            merged[name] = taken
    return merged, conflicts


def merged_set(base, mine, theirs):
    """Two sets that were both changed from `base`, put together; of this nobody has to be asked."""
    base, mine, theirs = set(base), set(mine), set(theirs)
    return (base & mine & theirs) | (mine - base) | (theirs - base)


# --- a text ---------------------------------------------------------------------------------------------


def merged_text(base, mine, theirs):
    """(text, [Conflict]) of two texts that were both changed from `base`.

    A block that one side changed, moved or took out is that side's. Where both changed the same one, theirs stands
    first and mine behind it, and somebody has to look. What both added at one place stands there twice, theirs first;
    what both added alike stands there once.
    """
    if mine in (base, theirs):
        return theirs, []
    if theirs == base:
        return mine, []
    old, ours, other = (_blocks_of(text) for text in (base, mine, theirs))
    if len(old) * max(len(ours), len(other)) > BLOCK_PAIRS:
        return theirs + mine, [Conflict(base, mine, theirs)]
    left, right = _Edits(old, ours), _Edits(old, other)
    merged, conflicts = [], []
    for place in range(len(old) + 1):
        merged += [(block, True) for block in right.added[place]]
        merged += [(block, True) for block in left.added[place] if block not in right.added[place]]
        if place < len(old):
            blocks, conflict = _settled(old[place], left.now[place], right.now[place])
            merged += [(block, block != old[place]) for block in blocks]
            conflicts += [conflict] if conflict else []
    return "".join(_once(merged, ours, other)), conflicts


def _settled(was, ours, other):
    """(blocks, Conflict or None) of a block that is None on a side which took it out."""
    if ours == other or other == was:
        return [ours] if ours is not None else [], None
    if ours == was:
        return [other] if other is not None else [], None
    if None in (ours, other) and _likeness(_words(was), _words(ours or other)) < ANOTHER:
        # One took it out, the other put something else in its place: both are done.
        return [ours or other], None
    return [block for block in (other, ours) if block is not None], Conflict(was, ours or "", other or "")


def _once(merged, ours, other):
    """The blocks without those with words that both sides brought from elsewhere, such as one that both moved."""
    allowed = Counter(ours) | Counter(other)
    kept, count = [], Counter(block for block, _ in merged)
    for block, brought in merged:
        if brought and count[block] > allowed[block] and _words(block):
            count[block] -= 1
        else:
            kept.append(block)
    return kept


class _Edits:
    """What one side did to the blocks of a text.

    `now` says of each old block what stands in its place, None where it was taken out; `added` what was put in
    before each of them, and behind the last.
    """

    def __init__(self, old, new):
        self.now, self.added = list(old), [[] for _ in range(len(old) + 1)]
        for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if op == "equal":
                continue
            self.now[a:b] = [None] * (b - a)
            start = c
            for was, became in _paired(old[a:b], new[c:d]):
                self.now[a + was] = new[c + became]
                self.added[a + was] += new[start : c + became]
                start = c + became + 1
            self.added[b] += new[start:d]


def _paired(old, new):
    """[(place in old, place in new)] of the blocks that were changed one into the other, in order, the likest ones."""
    if len(old) * len(new) > LIKENESS_PAIRS:
        return [(n, n) for n in range(min(len(old), len(new)))]
    old, new = [_words(block) for block in old], [_words(block) for block in new]
    # The best sum of likeness of the first blocks of each; a pair that is not alike is better than none.
    best = [[(0, ())] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, was in enumerate(old, 1):
        for j, became in enumerate(new, 1):
            with_pair = best[i - 1][j - 1]
            paired = (with_pair[0] + 0.01 + _likeness(was, became), (*with_pair[1], (i - 1, j - 1)))
            best[i][j] = max(paired, best[i - 1][j], best[i][j - 1], key=lambda one: one[0])
    return best[-1][-1][1]


def _likeness(one, other):
    """The share of words that two blocks have in common, from 0 to 1."""
    return 2 * sum((one & other).values()) / ((one.total() + other.total()) or 1)


def _words(block):
    """The words of a block and what it names, counted; nothing for a rule or an empty paragraph."""
    return Counter(WORD.findall(TAG_NAME.sub(" ", block)))


def _blocks_of(text):
    return [lxml_html.tostring(block, encoding="unicode", method="html") for block in tree.parse(text)]


# --- a table of rows ------------------------------------------------------------------------------------


def merged_rows(base, mine, theirs):
    """(rows, conflicts) of two tables that were both changed from `base`: {name of a row: {column: text}}, in order.

    A row that one side alone took out is gone; one that it took out and the other side changed stays. `conflicts` has
    {name: {column: their text}} where both changed the same, and mine is in `rows`; {} for a row that one took out.
    """
    rows, conflicts = {}, {}
    # The order is mine if I changed it, else theirs.
    moved = [name for name in mine if name in base] != [name for name in base if name in mine]
    for name in dict.fromkeys([*mine, *theirs] if moved else [*theirs, *mine]):
        was, ours, other = (side.get(name) for side in (base, mine, theirs))
        if ours is not None and other is not None:
            rows[name], differs = _merged_row(was or {}, ours, other)
            if differs:
                conflicts[name] = differs
        elif was is None or any((ours or other).get(column, value) != value for column, value in was.items()):
            rows[name] = ours or other
            if was is not None:
                conflicts[name] = {}
    return rows, conflicts


def _merged_row(was, ours, other):
    row, differs = dict(other), {}
    for column, value in ours.items():
        before, theirs = was.get(column, ""), other.get(column, value)
        if value in (theirs, before):
            continue
        row[column] = value
        if theirs != before:
            differs[column] = theirs
    return row, differs
