"""Cells that a spreadsheet would take for a formula: made harmless on the way out, and as they were on the way in.

A number with its plus is left alone: other programs read it, and it holds nothing that could be run.
"""

import re
import unicodedata

SIGNS = frozenset("=+-@")
# A telephone number as people write it, with an extension or without.
NUMBER = re.compile(r"\+\d[\d\s().\-/]{5,}(?:\s*(?:;\s*ext=|ext\.?|x|#)\s*\d{1,7})?")


def _is_formula(line):
    """Whether a spreadsheet could run a line: also behind blanks, invisible signs or our own mark, or in full width."""
    if NUMBER.fullmatch(line.strip()):
        return False
    for character in line.lstrip("'"):
        if character.isspace() or unicodedata.category(character) in ("Cf", "Cc"):
            continue
        return unicodedata.normalize("NFKC", character)[:1] in SIGNS
    return False


def defused(text):
    """A cell of which no spreadsheet takes any line for a formula; our import takes the sign off again."""
    text = str(text if text is not None else "")
    lines = [f"'{line}" if _is_formula(line) else line for line in text.split("\n")]
    defused_text = "\n".join(lines)
    return f"'{defused_text}" if defused_text.startswith(("\t", "\r")) else defused_text


def _armed_line(line):
    blanks = line[: len(line) - len(line.lstrip())]
    before = line[len(blanks) + 1 :]
    if line[len(blanks) :].startswith("'") and (
        _is_formula(before) or before.startswith(("\t", "\r")) or NUMBER.fullmatch(before.strip())
    ):
        return blanks + before
    return line


def armed(text):
    """The cell as it was before `defused`; also a number that older files marked as a formula."""
    return "\n".join(map(_armed_line, text.split("\n")))
