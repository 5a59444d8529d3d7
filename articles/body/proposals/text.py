"""The paragraphs of a body, with the place of every word in its tree, and the quotations in them.

Everything here takes time in proportion to the length of the text.
"""

import re
import sys
from bisect import bisect_right
from typing import NamedTuple

from .. import tree

LONGEST_QUOTATION = 4000
HOLE = "\ufffc"  # stands for the words of a linked quotation
# What closes a quotation that begins with each mark.
CLOSES = {
    "“": "”", "«": "»", "»": "«", "›": "‹", "‹": "›", "„": "“”", "‚": "‘’", "「": "」", "”": "”", '"': '"',
    "‘": "’", "'": "'",
}  # fmt: skip
MARKS = re.compile(f"[{''.join(CLOSES)}]")
# These also close quotations or stand within words, so that only what is around them tells that they open one.
OPEN_AT_WORDS = frozenset("\"'‘”»‚›")
CLOSE_AT_WORDS = frozenset("\"'’")
SINGLE_MARKS = frozenset("'‘")
BEFORE_OPENING = re.compile(r"[\s(\[{:;,.!?،؛—–-]")
POSSESSIVE = re.compile(r"s['’] [^\W\d_A-Z]")  # the judges' rule
AFTER_CLOSING = re.compile(r"$|[\s)\]},.;:!?،؛…—–”’»\"-]")


# In a body a straight mark that follows an equals sign begins an attribute.
IN_A_BODY = re.compile("[" + "".join(CLOSES).replace('"', "") + r']|(?<!=)"(?=\w)')


def may_quote(html):
    """Whether a body may have quotations that are not linked. A yes is not certain, a no is."""
    return bool(IN_A_BODY.search(html))


class Paragraph:
    """A paragraph's text, with the place of every character in the tree."""

    def __init__(self, el):
        self.el = el
        self.linked = []  # (start, end, expert)
        self._slots, self._starts = [], []
        self._pieces, self._length = [], 0
        self._gather(el)
        self.text = "".join(self._pieces)

    def _gather(self, el):
        self._take(el.text, (el, "text"))
        for child in el:
            if child.tag in tree.BLOCKS or child.tag == "sup":
                self._add(" ")
            elif child.get("data-expert") or child.tag == "q":
                self.linked.append((self._length, self._length + 1, tree.row_id(child.get("data-expert"))))
                self._add(HOLE)
            else:
                self._gather(child)
            self._take(child.tail, (child, "tail"))

    def _take(self, text, slot):
        if text:
            self._starts.append(self._length)
            self._slots.append((len(text), slot))
            self._add(text)

    def _add(self, text):
        self._pieces.append(text)
        self._length += len(text)

    def slot_at(self, place):
        """((element, "text" or "tail"), offset in it) of a character of the text, or None."""
        index = bisect_right(self._starts, place) - 1
        if index < 0:
            return None
        length, slot = self._slots[index]
        offset = place - self._starts[index]
        return (slot, offset) if offset < length else None


class Spans:
    """Tells whether a place is in one of some spans. They are sorted and do not overlap."""

    def __init__(self, spans):
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]

    def holding(self, place):
        """(start, end) of the span that a place is in, or None."""
        index = bisect_right(self._starts, place) - 1
        return (self._starts[index], self._ends[index]) if index >= 0 and place < self._ends[index] else None

    def next_start(self, place):
        """Where the next span behind a place begins; beyond every text if none does."""
        index = bisect_right(self._starts, place)
        return self._starts[index] if index < len(self._starts) else sys.maxsize

    def touch(self, start, end):
        """Whether any of the spans has a character between two places."""
        index = bisect_right(self._starts, end - 1) - 1
        return index >= 0 and start < self._ends[index]


def joined_spans(spans):
    """Spans sorted, and those that overlap made one."""
    joined = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def paragraphs(root):
    """Yield the Paragraphs of a body in which quotations are looked for: no captions, no linked quotations."""
    for el in root.iter():
        if el is root or el.tag not in ("p", "li", "td", "th", "blockquote", "figcaption"):
            continue
        if el.get("data-expert") or any(up.get("data-expert") for up in el.iterancestors()):
            continue
        if el.tag == "figcaption" or any(child.tag in tree.BLOCKS for child in el):
            continue
        yield Paragraph(el)


class Quotation(NamedTuple):
    """Where a quotation stands in a paragraph's text, its marks included; `closed` if it ends with one."""

    start: int
    end: int
    closed: bool = True


def quotations_in(text):
    """The outermost Quotations of a text, in order.

    Marks are curly, straight, guillemets either way round, German and corner ones. A mark that may also be an
    apostrophe or a closing one opens only where a word begins. Between single marks there must be two words: one
    alone is a scare quote or an abbreviation. A text that ends within “ goes on in the next paragraph, so that
    it is quoted to its end.
    """
    found, closing, beyond = [], _ClosingMarks(text), 0
    last_opening = text.rfind("“")
    for m in MARKS.finditer(text):
        place, mark = m.start(), m.group()
        if place < beyond or (mark in OPEN_AT_WORDS and not _begins_a_word(text, place)):
            continue
        end = closing.end_of_quotation(place)
        if end is None:
            if mark == "“" and place == last_opening and not closing.any_behind(place):
                found.append(Quotation(place, len(text), False))
                break
        elif end - place - 2 < LONGEST_QUOTATION:
            words = text[place + 1 : end - 1].strip()
            if words and (mark not in SINGLE_MARKS or " " in words):
                found.append(Quotation(place, end))
                beyond = end
    return found


class _ClosingMarks:
    """Finds the mark that closes a quotation."""

    def __init__(self, text):
        self.text, self.places = text, {}
        for m in re.finditer(f"[{''.join(sorted(set(''.join(CLOSES.values()))))}]", text):
            ends_word = _ends_a_word(text, m.start())
            if ends_word or m.group() not in CLOSE_AT_WORDS:
                self.places.setdefault((m.group(), False), []).append(m.start())
            if ends_word:
                self.places.setdefault((m.group(), True), []).append(m.start())

    def end_of_quotation(self, place):
        """The place behind the mark that closes what the mark at `place` opens, or None."""
        return min((found + 1 for found in self._behind(place)), default=None)

    def any_behind(self, place):
        return any(True for _ in self._behind(place))

    def _behind(self, place):
        opening = self.text[place]
        for mark in CLOSES[opening]:
            places = self.places.get((mark, mark == opening), ())
            if (index := bisect_right(places, place)) < len(places):
                yield places[index]


def _begins_a_word(text, place):
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return (not before or bool(BEFORE_OPENING.match(before))) and bool(after.strip()) and after not in ",.;:!?)"


def _ends_a_word(text, place):
    if text[place] in "'’" and POSSESSIVE.match(text, place - 1 if place else 0):
        return False
    return bool(text[max(0, place - 1) : place].strip()) and bool(AFTER_CLOSING.match(text, place + 1))
