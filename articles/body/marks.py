"""Marks that stand in a text already behind a name of the legal register, as copy from elsewhere brings them.

Readers would get two: the text's own, and the one that is printed for the register. What goes with such a mark, a
paragraph that begins with it, is found with it.
"""

import re
from typing import NamedTuple

from . import plain, tree
from .designations import HYPHENS, Register, names_in_runs

MARKS = "*†‡＊"
# Cheap, and asked before the register is: a mark directly behind a letter, or behind a quotation mark that closes.
MAY_BE_MARKED = re.compile(rf"[^\W\d_][\"'”’»“]?[{MARKS}]")
# Behind a name: the rest of a hyphenated word, and a quotation mark that closes.
_BEHIND = re.compile(rf"(?:[{HYPHENS}]\w{{1,40}}){{0,4}}[\"'”’»“]?(?P<mark>[{MARKS}]{{1,4}})(?!\w)")
_NOTE = re.compile(rf"\s*(?P<mark>[{MARKS}]{{1,4}})\s*(?=\S)")


class PrintedMark(NamedTuple):
    """A mark behind a name, from character `start` to before `end` of a line's text, or a note's paragraph."""

    entry: object
    run: object
    start: int
    end: int
    words: str
    is_note: bool = False


def marks_in(html, language, day, text=None):
    """The PrintedMarks of a body; three queries where a mark stands behind a letter, else none.

    `text` is its plain text, where that is known.
    """
    text = plain.plain_text_of(html) if text is None else text
    if not MAY_BE_MARKED.search(text):
        return []
    return printed_marks(tree.parse(html), Register.on(day, language).entries)


def printed_marks(root, entries):
    """The PrintedMarks behind names in a body's tree, and the notes that begin with one of them, in order."""
    runs, found, marks = [], [], set()
    for run, names in names_in_runs(root, entries):
        runs.append(run)
        for name in names:
            if behind := _BEHIND.match(run.text, name.end):
                start, end = behind.span("mark")
                found.append(PrintedMark(name.entry, run, start, end, run.text[name.start : end]))
                marks.add(behind["mark"])
    for run in runs:
        begins = _NOTE.match(run.text)
        if begins and begins["mark"] in marks and run.block is not None:
            found.append(PrintedMark(None, run, 0, len(run.text), " ".join(run.text.split()), True))
    return found


def without_printed_marks(html, entries):
    """A body without the marks of its own behind names of the register, and without their notes."""
    root = tree.parse(html)
    found = printed_marks(root, entries)
    spans = {}
    for mark in found:
        if not mark.is_note:
            spans.setdefault(mark.run, []).append((mark.start, mark.end))
    for run, places in spans.items():
        run.cut(places)
    for block in {mark.run.block for mark in found if mark.is_note}:
        _drop(block)
    for raised in root.xpath("//sup[not(node()) and not(@data-footnote)]"):
        _drop(raised)
    return tree.inner_html(root)


def _drop(element):
    """Take an element out of its tree, and leave what stands behind it."""
    before, parent = element.getprevious(), element.getparent()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
