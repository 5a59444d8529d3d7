"""What a plain text prints as somebody's own words: between quotation marks of any language, or behind a dash.

It is read for a comparison of what two versions quote, so it rather takes a few words too many than one too few: a
quotation that is never closed goes to the end of its line, and marks that contradict each other hide nothing. Each kind
of mark is read in one pass, whatever the text holds.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from . import plain
from .proposals.speech import VERB

# For each kind of mark, those that open with the ones that close them. Kinds are read apart: one stands in another.
PAIRED = (
    {"“": "”", "„": "“”‟", "‟": "”", "”": "”"},
    {"«": "»", "»": "«»"},
    {"‹": "›", "›": "‹›"},
    {"〝": "〞〟", "〞": "〞"},
    {"❝": "❞"},
    {"「": "」"}, {"『": "』"}, {"｢": "｣"}, {"﹁": "﹂"}, {"﹃": "﹄"},
    {"``": ("''", '"'), "''": ("''",)},
    {'"': '"'}, {"＂": "＂"}, {"″": "″"},
)  # fmt: skip
INCHES = frozenset('"″')
DASH = re.compile(r"(?:[—–―]|--)\s*")
BEFORE_OPENING = re.compile(r"[\s(\[{/:¡¿—–―“„«‹「『‘‚\-]")
SINGLE = re.compile(r"(?<!')'(?!')|(?<!`)`(?!`)|[‘’‚‛❛❜＇]")
SURELY_OPENS, SURELY_CLOSES, NEVER_CLOSE = frozenset("‘‚‛`❛"), frozenset("❜"), frozenset("‚‛`❛")
APOSTROPHES = frozenset("'’‘＇")
OPENING = frozenset('“„«‹"([¿¡…#@£$€-—–')  # what a quotation may begin with besides a word
# Marked quotations, and words between the marks that most texts have: what somebody else says.
MARKED = re.compile(r"<(q|blockquote)\b.*?</\1>", re.DOTALL)
PRINTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»|„[^“”]*[“”]|「[^」]*」")
GAP = "“”"  # stands where a quotation was taken out
QUOTED = frozenset(["", *'"”»'])
# Words that begin with an apostrophe: ’n’, ’tis, ’em, ’90s, and the Dutch and German ’t, ’s, ’ne.
ELISION = re.compile(
    r"(?:n['’]|(?:\d\d\w{0,3}|n|t|s|ne|nen|tis|twas|em|til|till|cause|bout|round|neath|cos|cuz|fraid|kay|ave|ere|e|m|k)"
    r"(?![\w'’]))",
    re.IGNORECASE,
)
# And those that end with one: plurals, goin’, an’, o’.
CUT_WORD = re.compile(r"(?:s|x|z|in|\ban|\bo|\bth|\bol|\bn)$", re.IGNORECASE)


def quotations_in(text):
    """The quotations of a text, each as it stands there; words may be found in more than one."""
    found = [words for kind in PAIRED for words in _between(text, kind)]
    for line, after in pairwise([*text.split("\n"), ""]):
        found += _in_single_marks(line, after[:1])
        found += _behind_dashes(line)
    return found


def text_outside(html):
    """A body's words that are the writer's own, a line for each block, with GAP in place of each quotation."""
    return PRINTED.sub(GAP, plain.plain_text_of(MARKED.sub(GAP, html)))


# --- double marks -------------------------------------------------------------------------------


def _between(text, kind):
    """What stands between the marks of a kind; a quotation over several paragraphs piece by piece."""
    marks = sorted({*kind, *(closing for ends in kind.values() for closing in ends)}, key=len, reverse=True)
    both_ways = len(kind) == 1 and set(kind) == set(*kind.values())
    begun, ends, behind = None, "", 0  # where the open quotation begins, what closes it, and where the last mark ended
    for match in re.finditer("|".join(map(re.escape, marks)), text):
        mark, (start, end) = match[0], match.span()
        begins_line = _begins_line(text, start)
        if begun is not None and both_ways and "\n" in text[begun:start]:
            yield _to_line_end(text, begun)
            begun = None
        if begun is None:
            if mark in kind and not _looks_closing(text, start, end):
                begun, ends = end, kind[mark]
            elif not (mark in INCHES and text[start - 1 : start].isdigit()):
                # Closes what nothing opened: from the mark before it, or from where its line begins.
                yield text[max(behind, text.rfind("\n", behind, start) + 1) : start]
        elif begins_line and mark in (*ends, *kind):
            # Each paragraph of a long quotation has a mark of its own.
            yield _to_line_end(text, begun, start)
            begun = end
        elif mark in ends and not (both_ways and _looks_opening(text, start, end)):
            yield text[begun:start]
            begun = None
        elif mark in kind:
            yield _to_line_end(text, begun, start)
            begun, ends = end, kind[mark]
        behind = end
    if begun is not None:
        yield _to_line_end(text, begun)


def _to_line_end(text, start, end=None):
    line_end = text.find("\n", start, end)
    return text[start : line_end if line_end >= 0 else end]


def _begins_line(text, place):
    return place == 0 or text[place - 1] == "\n"


def _looks_closing(text, start, end):
    """Whether a mark stands behind a word, and before none."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(before) and not BEFORE_OPENING.match(before) and not after.isalnum()


def _looks_opening(text, start, end):
    """Whether a mark stands before a word, and behind none."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (not before or bool(BEFORE_OPENING.match(before))) and after.isalnum()


# --- single marks -------------------------------------------------------------------------------


class Mark(NamedTuple):
    """A single mark that may be a quotation mark: what it may do, and what it surely does unless it is an apostrophe.

    `opens` and `closes` are "" where it does not, "perhaps" where an apostrophe looks the same, else "surely".
    """

    start: int
    end: int
    opens: str
    closes: str


def _in_single_marks(line, next_begins):
    """What stands between single marks in a line; an apostrophe within, before or behind a word is none.

    `next_begins` is what the next line begins with: each paragraph of a long quotation has a mark, the last two.
    """
    marks = [mark for match in SINGLE.finditer(line) if any((mark := _single_mark(line, match))[2:])]
    # From each mark on: the nearest one that surely opens, and the nearest one before that which surely closes.
    opening, closing = [None] * (len(marks) + 1), [None] * (len(marks) + 1)
    for place in reversed(range(len(marks))):
        mark = marks[place]
        opening[place] = place if mark.opens == "surely" else opening[place + 1]
        closing[place] = place if mark.closes == "surely" else None if mark.opens == "surely" else closing[place + 1]
    place = 0
    while place < len(marks):
        mark, close = marks[place], closing[place + 1]
        place += 1
        if not mark.opens:
            continue
        if close is None and mark.opens == "surely":
            if mark.start == 0 and next_begins == line[0]:
                yield line[mark.end :]
            elif place < len(marks) and marks[place].closes and opening[place] != place:
                close = place
        if close is not None:
            yield line[mark.end : marks[close].start]
            place = close + 1


def _single_mark(line, match):
    start, end, sign = *match.span(), match[0]
    before, after = line[start - 1 : start], line[end : end + 1]
    behind_word, before_word = before.isalnum(), after.isalnum()
    opens = closes = ""
    if behind_word and before_word:
        return Mark(start, end, opens, closes)
    leads = after.strip() and (sign in SURELY_OPENS or before_word or after in OPENING)
    free = sign in SURELY_OPENS or before in QUOTED or BEFORE_OPENING.match(before)
    if leads and free and not behind_word and sign not in SURELY_CLOSES:
        opens = "perhaps" if sign in APOSTROPHES and ELISION.match(line, end) else "surely"
    if not opens and not before_word and sign not in NEVER_CLOSE and before.strip():
        cut = behind_word and (after.isspace() or after == "-") and CUT_WORD.search(line, max(0, start - 4), start)
        closes = "perhaps" if cut else "surely"
    return Mark(start, end, opens, closes)


# --- dashes -------------------------------------------------------------------------------------


def _behind_dashes(line):
    """A line that begins with a dash, what is behind a colon and a dash, and what stands in dashes behind “said”."""
    dashes = list(DASH.finditer(line))
    for place, dash in enumerate(dashes):
        before, words = line[max(0, dash.start() - 30) : dash.start()].rstrip(), line[dash.end() :]
        if words[:1].isdigit() and dash.end() - dash.start() == 1 and dash[0] == "–":
            continue  # a number below nought, or a span of them
        if not dash.start() or before.endswith((":", "：")):
            yield words
            return
        if VERB.fullmatch(before.rstrip(",").rpartition(" ")[2]):
            yield line[dash.end() : dashes[place + 1].start() if place + 1 < len(dashes) else len(line)]
