"""What one person is given as saying in a body: their words with the sentence around them, and nothing else of it."""

import re
from dataclasses import dataclass

from . import language as languages
from . import plain, tree

# A sentence ends before a space, behind a full stop and the marks that close with it.
ENDS = re.compile(r"[.!?…。؟][\"'”’»)]*(?=\s)|[。؟]|\n")
ELSEWHERE = "[…]"  # in place of what somebody else is quoted as saying in the same sentence


@dataclass(frozen=True)
class OwnWords:
    """One quotation: its words, what of its sentence stands before and after them, and the words in their marks."""

    uid: str
    words: str
    marked: str
    before: str = ""
    after: str = ""


def own_words(html, expert, language="en"):
    """The OwnWords of an expert in a body, in order. Of a sentence that quotes others their words are left out."""
    found = []
    for block, marks in _blocks_quoting(tree.parse(html), expert):
        if block in marks:  # set as a quotation of its own: nothing stands around it
            words = plain.quoted_words_of(block, language)
            opening, closing = languages.quotation_marks(language, 0)
            found.append(OwnWords(block.get("data-quote") or "", words, f"{opening}{words}{closing}"))
            marks = [mark for mark in marks if mark is not block]
        if marks:
            found += _own_words_of_block(block, marks, language)
    return found


def _blocks_quoting(root, expert):
    """(block, marks of the expert in it) in order: the nearest block around each mark."""
    blocks = {}
    for el in root.iter("q", "blockquote"):
        if tree.row_id(el.get("data-expert")) == expert:
            block = el
            while block.tag not in tree.BLOCKS and block.getparent() is not None:
                block = block.getparent()
            blocks.setdefault(block, []).append(el)
    return blocks.items()


def _own_words_of_block(block, marks, language):
    text, spans = "", {}
    for event, el, said in plain.text_pieces(block, language):
        if event == "note":
            continue
        said = "\n" if event == "break" else said
        quotes = [one for one in (el, *el.iterancestors()) if one.tag in ("q", "blockquote") and one.get("data-expert")]
        mine = next((one for one in quotes if one in marks), None)
        if mine is None and quotes:
            said = "" if text.endswith(ELSEWHERE) else ELSEWHERE
        start, text = len(text), text + said
        if mine is not None:
            spans[mine] = (spans.get(mine, (start,))[0], len(text))
    ends = [match.end() for match in ENDS.finditer(text)]
    for mark, (start, end) in spans.items():
        # What closes within the quotation itself ends no sentence of the story before the words do.
        first = max((at for at in ends if at <= start), default=0)
        last = min((at for at in ends if at > end), default=len(text))
        if _opens_another(text, end):
            last = end
        yield OwnWords(
            mark.get("data-quote") or "",
            plain.quoted_words_of(mark, language),
            _line(text[start:end]),
            _around(text[first:start]).lstrip(),
            _around(text[end:last]).rstrip(),
        )


def _opens_another(text, end):
    """Whether a new sentence begins behind words that close with a full stop: “… duty.” The sale …"""
    closes = re.search(r"[.!?…。؟][\"'”’»)\s]*$", text[:end])
    return bool(closes and re.match(r"\s+[^\W\d_]", text[end:]) and text[end:].lstrip()[:1].isupper())


def _around(text):
    """What stands beside the words, in one line, with the space that parts it from them."""
    return re.sub(r"\s+", " ", text)


def _line(text):
    return " ".join(text.split())
