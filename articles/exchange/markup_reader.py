"""Reads the markup of an export as a browser would: it goes on where a strict XML reader would stop.

It knows no entities but HTML's own, refuses a document type, and looks nothing up outside the file, so that there is
nothing to expand and nowhere to go.
"""

import html
import re
from html.entities import html5
from typing import NamedTuple

from .clean_text import CONTROLS
from .unreadable import Unreadable

TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)((?:\"[^\"<]*\"|'[^'<]*'|[^'\"<>])*+)>")
ATTRIBUTE = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});|&")
UNFINISHED_ENTITY = re.compile(r"&[^;&<\s]{0,32}\Z")
LONGEST_TAG = 1 << 16
# What ends a part whose words are taken as they stand, or not at all.
PARTS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}


class Faults:
    """What was not well-formed: how many places, and the first of them as (line, what was wrong)."""

    MOST_NAMED = 20

    def __init__(self):
        self.count, self.first = 0, []

    def note(self, line, what):
        self.count += 1
        if self.some_left:
            self.first.append((line, what))

    @property
    def some_left(self):
        """Whether a further one will be named."""
        return len(self.first) < self.MOST_NAMED

    def lines(self):
        """What the report says of them."""
        for line, what in self.first:
            yield f"Line {line} of the file is not well-formed XML: {what}"
        if more := self.count - len(self.first):
            yield f"… and {more} more places of the file"


class Token(NamedTuple):
    """A piece of markup. `kind` is text, start, end or other; `raw` is how the file has it, `text` what it says."""

    kind: str
    text: str
    raw: str
    attributes: dict
    line: int
    closed: bool = False  # of a start tag that ends itself


class MarkupReader:
    """The tokens of a source of clean text; what is not well-formed is noted in `faults`."""

    def __init__(self, source, faults):
        self._source, self._buffer, self._at, self._ended = source, "", 0, False
        self.line, self._faults = 1, faults

    def tokens(self):
        """Every Token in the file's order."""
        while self._at < len(self._buffer) or self._fill():
            if self._buffer[self._at] == "<":
                yield from self._markup()
            else:
                yield from self._text()

    def skip_to(self, pattern):
        """Skip to where a pattern is first found near the beginning; returns what was skipped, without blanks."""
        self._fill()
        found = pattern.search(self._buffer)
        ahead = self._buffer[: found.start()] if found else ""
        # A document type is for `tokens` to refuse.
        return "" if "<!doctype" in ahead.lower() else self._take(len(ahead)).strip()

    def _fill(self):
        """Read on; False at the end of the file."""
        piece = "" if self._ended else self._source.more()
        self._ended = not piece
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return bool(piece)

    def _take(self, end):
        taken = self._buffer[self._at : end]
        self._at = end
        self.line += taken.count("\n")
        return taken

    def _text(self):
        """Text up to the next tag, or to the end of what has been read."""
        line, end = self.line, self._buffer.find("<", self._at)
        if end < 0:
            end = len(self._buffer)
            cut = UNFINISHED_ENTITY.search(self._buffer, max(self._at, end - 40))
            if cut and not self._ended:
                end = cut.start()
                if end == self._at and not self._fill():
                    end = len(self._buffer)
                elif end == self._at:
                    return
        raw = self._take(end)
        yield Token("text", self._decoded(raw, line), raw, {}, line)

    def _markup(self):
        if len(self._buffer) - self._at < 16:
            self._fill()
        for opening, closing in PARTS.items():
            if self._buffer.startswith(opening, self._at):
                yield from self._part(opening, closing)
                return
        if self._buffer[self._at : self._at + 9].lower() == "<!doctype":
            raise Unreadable(
                "The file has a document type declaration. WordPress writes none, and such files can hide attacks,"
                " so we read none of it."
            )
        found = TAG.match(self._buffer, self._at)
        while not found and len(self._buffer) - self._at < LONGEST_TAG and self._fill():
            found = TAG.match(self._buffer, self._at)
        line = self.line
        if not found:
            self._faults.note(line, "a “<” that begins no tag was read as text")
            self._take(self._at + 1)
            yield Token("text", "<", "<", {}, line)
            return
        raw, said = self._take(found.end()), found[3].rstrip()
        if found[1]:
            yield Token("end", found[2], raw, {}, line)
            return
        attributes = {
            match[1]: self._decoded(match[2] if match[2] is not None else match[3], line)
            for match in ATTRIBUTE.finditer(said)
        }
        yield Token("start", found[2], raw, attributes, line, closed=said.endswith("/"))

    def _part(self, opening, closing):
        """CDATA as text, piece by piece, however long it is; comments and instructions as other."""
        line, kind = self.line, "text" if opening == "<![CDATA[" else "other"
        head = self._take(self._at + len(opening))
        if kind == "other":
            yield Token(kind, "", head, {}, line)
        while True:
            end = self._buffer.find(closing, self._at)
            if end >= 0:
                words = self._take(end)
                self._take(end + len(closing))
                raw = words if kind == "text" else words + closing
                yield Token(kind, words, raw, {}, line)
                return
            # The end may be cut in two by the end of what has been read.
            keep = max(self._at, len(self._buffer) - len(closing) + 1)
            if words := self._take(keep):
                yield Token(kind, words, words, {}, line)
            if not self._fill():
                self._take(len(self._buffer))
                return

    def _decoded(self, text, line):
        """Text with its entities as the characters that they mean; impossible numbers fall away."""

        def character(match):
            name = match[1]
            if name is None or (not name.startswith("#") and f"{name};" not in html5):
                below = text.count("\n", 0, match.start()) if self._faults.some_left else 0
                self._faults.note(line + below, "a “&” that begins no entity was read as it stands")
                return match[0]
            return CONTROLS.sub("", html.unescape(match[0])) if _is_possible(name) else ""

        return ENTITY.sub(character, text) if "&" in text else text


def _is_possible(name):
    if not name.startswith("#"):
        return True
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return number in (9, 10, 13) or 31 < number < 0x110000
