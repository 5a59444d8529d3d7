"""How many words one content of a story has added to another and removed from it, in bounded time."""

from collections import Counter
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from . import plain
from .changes import texts_of

COMPARED = 20_000  # words of either side that are compared one by one; beyond that, by pairs of neighbours


def words_added_and_removed(old, new):
    """(words added, words removed) from one content to another; a paragraph that only moved counts as neither."""
    before, after = ([line for text in texts_of(content) for line in text.split("\n")] for content in (old, new))
    stays = Counter(before) & Counter(after)
    old_words, new_words = (_words_of(_without(lines, stays.copy())) for lines in (before, after))
    same = _in_common(old_words, new_words)
    return len(new_words) - same, len(old_words) - same


def _without(lines, counted):
    """The lines without those of a Counter."""
    left = []
    for line in lines:
        if counted[line]:
            counted[line] -= 1
        else:
            left.append(line)
    return left


def _words_of(lines):
    return plain.WORD.findall("\n".join(lines))


def _in_common(old, new):
    """How many words two lists have in common, in order."""
    if not old or not new:
        return 0
    if max(len(old), len(new)) <= COMPARED:
        return LCSseq.similarity(old, new)
    return (Counter(pairwise(old)) & Counter(pairwise(new))).total()
