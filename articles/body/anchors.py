"""Where in a body a desk note stands: at the mark with its uid, or at the words that it was left on.

`static/desk/notes/anchor.js` finds the same words on the page.
"""

import re
from dataclasses import dataclass

from . import tree

# A page prints quotation marks that the body does not hold, so words are compared without any.
LEFT_OUT = re.compile("[“”„«»‹›「」『』‘’‚'\"]")
LONG_ENOUGH = 20  # so many characters are found again wherever they stand; fewer, only beside words that stood there
BESIDE = 5  # so many characters of those

MARKED, QUOTED, GONE, STORY = "marked", "quoted", "gone", "story"


@dataclass(frozen=True)
class Places:
    """What of a body notes can stand on: the uids of its marks, in order, and its paragraphs as they are compared."""

    marks: tuple
    paragraphs: tuple

    def place_of(self, note):
        """MARKED or QUOTED where the note's words are found, GONE where not, STORY for one on the story as a whole."""
        if note.uid in self.marks:
            return MARKED
        if not note.quoted:
            return STORY
        return QUOTED if self._stands(note) else GONE

    def order_of(self, note):
        """A key that sorts notes as their words stand in the text; those without a place come last."""
        if note.uid in self.marks:
            return 0, self.marks.index(note.uid)
        return 1, note.paragraph if note.paragraph is not None else len(self.paragraphs)

    def _stands(self, note):
        quoted, before, after = bare(note.quoted), bare(note.before), bare(note.after)
        if not quoted:
            return False
        for text in self.paragraphs:
            at = text.find(quoted)
            while at >= 0:
                left, right = text[:at].rstrip(), text[at + len(quoted) :].lstrip()
                if len(quoted) >= LONG_ENOUGH or _is_beside(left, before, right, after):
                    return True
                at = text.find(quoted, at + 1)
        return False


def _is_beside(left, before, right, after):
    """Whether what stands beside the words now stood there then, on one side at least; or nothing, on both."""
    if not before and not after:
        return not left and not right
    return _stays(left[::-1], before[::-1]) or _stays(right, after)


def _stays(now, then):
    return bool(then) and _common(now, then) >= min(BESIDE, len(then))


def _common(one, other):
    """How many characters two texts begin with together."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def bare(text):
    """A text as it is compared: one space between words, no quotation marks."""
    return " ".join(LEFT_OUT.sub("", text).split())


def places_in(html):
    """The Places of a body."""
    marks, paragraphs, text = [], [], []

    def finish():
        if words := bare("".join(text)):
            paragraphs.append(words)
        text.clear()

    for event, el, said in tree.walk(tree.parse(html)):
        if event in ("text", "tail"):
            text.append(said)
            continue
        if el.tag in tree.BLOCKS:
            finish()
        elif el.tag == "br" and event == "start":
            text.append(" ")
        if event == "start" and (uid := el.get("data-desk-note")):
            marks.append(uid)
    finish()
    return Places(tuple(dict.fromkeys(marks)), tuple(paragraphs))
