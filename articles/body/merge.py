"""Merges two people's changes to a story: field by field, and a text block by block."""

from difflib import SequenceMatcher

from lxml import html as lxml_html

from . import tree

_ABSENT = object()


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


def merged_text(base, mine, theirs):
    """(text, whether both changed the same blocks) of two texts that were both changed from `base`.

    Blocks that one side changed are that side's. Where both changed the same ones, theirs stand first and mine
    behind them, and somebody has to look. What both added at one place stands there twice, theirs first.
    """
    old, ours, other = (_blocks_of(text) for text in (base, mine, theirs))
    in_ours, in_other = _kept(old, ours), _kept(old, other)
    merged, both, start = [], False, (0, 0, 0)
    standing = [(n, in_ours[n], in_other[n]) for n in sorted(in_ours.keys() & in_other.keys())]
    for end in [*standing, (len(old), len(ours), len(other))]:
        was, left, right = (side[a:b] for side, a, b in zip((old, ours, other), start, end, strict=True))
        if left in (was, right):
            merged += right
        elif right == was:
            merged += left
        else:
            merged += [*right, *(block for block in left if block not in right and block not in was)]
            both = both or bool(was)
        merged += old[end[0] : end[0] + 1]
        start = tuple(place + 1 for place in end)
    return "".join(merged), both


def _blocks_of(text):
    return [lxml_html.tostring(block, encoding="unicode", method="html") for block in tree.parse(text)]


def _kept(old, new):
    """{place in old: place in new} of the blocks that stand in both, in their order."""
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {match.a + n: match.b + n for match in matches for n in range(match.size)}
