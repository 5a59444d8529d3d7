"""Two bodies beside each other: which words changed, in HTML that is safe whatever either of them holds.

Nothing of either body's markup is printed, only its words, escaped, and elements of our own.
"""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from . import plain, tree

TOKEN = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|.", re.DOTALL)
ALIKE = 0.4  # of their words, from which on two lines count as one that was changed
AROUND = 1  # unchanged lines shown on either side of a change
# What comparing may cost before the rest is shown as gone and new: pairs of lines, of words, all words together.
LINE_PAIRS, WORD_PAIRS, ALL_PAIRS = 1_000_000, 400_000, 3_000_000

NAMES = {
    "h2": "Heading", "h3": "Heading", "li": "List item", "td": "Table cell", "th": "Table cell", "caption": "Table",
    "blockquote": "Quotation", "figure": "Picture", "hr": "Break",
}  # fmt: skip
REFERENCES = {"data-expert": "expert", "data-article": "article", "data-image": "image"}
SAID = {"expert": "Who is quoted", "article": "Related story", "image": "Picture", "embed": "Embed", "href": "Link"}


@dataclass(frozen=True)
class Line:
    """One line of a body: what it is, what it says, what it refers to and how it is set."""

    kind: str
    text: str
    references: tuple = ()  # (kind, value) in order
    marks: tuple = ()  # elements within it, in order


def blocks(old_html, new_html, *, names=None):
    """What changed between two bodies, as HTML: changed lines with <del> and <ins>, a line or two around them.

    What a reference points to is named only where `names` is given, {("expert", 12): "Amina Kessler"};
    without it a reader learns that somebody else is quoted, and not by which number. "" if nothing differs.
    """
    old, new = _lines(old_html), _lines(new_html)
    if old == new:
        return ""
    budget = [ALL_PAIRS]
    pairs = []
    for op, a, b, c, d in _opcodes(old, new, LINE_PAIRS, budget):
        if op == "equal":
            pairs += zip(old[a:b], new[c:d], strict=True)
        else:
            pairs += _paired(old[a:b], new[c:d], budget)
    return mark_safe("\n".join(_printed(pairs, names, budget)))


# --- a body as lines -------------------------------------------------------------------------


def _lines(html):
    """The lines of a body; text that no block holds is a line too."""
    lines, text, references, marks = [], [], [], []
    kinds = [""]

    def finish(whole):
        words = " ".join("".join(text).split())
        if not words and not whole:
            return  # what a box refers to is told with its first line
        if words or references:
            lines.append(Line(kinds[-1], words, tuple(references), tuple(marks)))
        text.clear(), references.clear(), marks.clear()

    root = tree.parse(html)
    for event, el, said in tree.walk(root):
        if event in ("text", "tail"):
            text.append(said)
            continue
        block = el.tag in tree.BLOCKS
        if block:
            finish(whole=event == "end")
        if event == "start":
            if block:
                kinds.append(NAMES.get(el.tag, kinds[-1]))
            elif el.tag != "span":
                marks.append(el.tag)
            references += _references(el)
            if el.tag == "br":
                text.append(" ")
            if el.get("data-footnote"):
                text.append(f" [{el.get('data-footnote')}] ")
            if el.tag == "hr":
                text.append("* * *")
        elif block:
            kinds.pop()
        if el.tag == "q":
            text.append("“" if event == "start" else "”")
    finish(whole=True)
    return lines


def _references(el):
    found = [(kind, el.get(name)) for name, kind in REFERENCES.items() if el.get(name)]
    found += [("embed", el.get("data-embed"))] if el.get("data-embed") else []
    return found + ([("href", el.get("href"))] if el.tag == "a" and el.get("href") else [])


# --- comparing -------------------------------------------------------------------------------


def _opcodes(old, new, most, budget):
    """SequenceMatcher's opcodes, for a bounded cost: what is too long to compare is replaced whole."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b, c, d = start, len(old) - end, start, len(new) - end
    cost = (b - a) * (d - c)
    codes = [("equal", 0, start, 0, start)] if start else []
    if cost > min(most, budget[0]):
        codes.append(("replace", a, b, c, d))
    elif b > a or d > c:
        budget[0] -= cost
        matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
        codes += [(op, a + i, a + j, c + k, c + m) for op, i, j, k, m in matcher.get_opcodes()]
    return codes + ([("equal", b, len(old), d, len(new))] if end else [])


def _paired(old, new, budget):
    """(old line, new line) pairs of a changed passage in order; None where a line is only gone or only new."""
    pairs, at = [], 0
    bags = [Counter(plain.WORD.findall(line.text)) for line in old]
    for line in new:
        best, likeness = None, 0
        if budget[0] > 0:
            bag = Counter(plain.WORD.findall(line.text))
            for index in range(at, len(old)):
                budget[0] -= len(bag) + 1
                alike = _alike(old[index], bags[index], line, bag)
                if alike > likeness:
                    best, likeness = index, alike
        if likeness >= ALIKE:
            pairs += [(gone, None) for gone in old[at:best]]
            pairs.append((old[best], line))
            at = best + 1
        else:
            pairs.append((None, line))
    return pairs + [(gone, None) for gone in old[at:]]


def _alike(old, old_bag, new, new_bag):
    """How much two lines have in common, 0 to 1."""
    if old.kind != new.kind:
        return 0
    most = max(old_bag.total(), new_bag.total())
    if not most:
        return 1 if old.text == new.text else ALIKE  # two references of one kind: one took the other's place
    return (old_bag & new_bag).total() / most


# --- printing --------------------------------------------------------------------------------


def _printed(pairs, names, budget):
    changed = [index for index, (old, new) in enumerate(pairs) if old != new]
    shown = {near for index in changed for near in range(index - AROUND, index + AROUND + 1)}
    skipped = 0
    for index, (old, new) in enumerate(pairs):
        if index not in shown:
            skipped += 1
            continue
        if skipped:
            yield _skip(skipped)
            skipped = 0
        yield _pair(old, new, names, budget)
    if skipped:
        yield _skip(skipped)


def _skip(count):
    return format_html('<p class="diff-skip">{}</p>', f"… {count} unchanged …" if count > 1 else "…")


def _pair(old, new, names, budget):
    if old == new:
        return _line("same", new.kind, mark_safe(tree.escape(new.text)), _labels(new, names))
    if old is None:
        return _line(
            "new", new.kind, format_html("<ins>{}</ins>", new.text) if new.text else "", _labels(new, names, "ins")
        )
    if new is None:
        return _line(
            "gone", old.kind, format_html("<del>{}</del>", old.text) if old.text else "", _labels(old, names, "del")
        )
    notes = _changed_references(old, new, names)
    if old.text == new.text and old.references == new.references:
        notes.append("Formatting changed")
    return _line("changed", new.kind, _words(old.text, new.text, budget), notes)


def _line(state, kind, words, notes):
    label = format_html('<span class="diff-kind">{}</span> ', kind) if kind else ""
    said = mark_safe("".join(format_html(' <span class="diff-note">{}</span>', note) for note in notes))
    return format_html('<p class="diff-{}">{}{}{}</p>', state, label, words, said)


def _labels(line, names, tag=""):
    """What a line refers to, where it would not show in its words."""
    said = [_label(kind, value, names) for kind, value in line.references if kind != "href"]
    return [format_html("<{0}>{1}</{0}>", mark_safe(tag), label) if tag else label for label in said]


def _label(kind, value, names):
    if kind in ("embed", "href"):
        return f"{SAID[kind]}: {value}"
    return SAID[kind] if names is None else f"{SAID[kind]}: {_name(kind, value, names)}"


def _name(kind, value, names):
    return names.get((kind, tree.number(value))) or f"no. {value}"


def _changed_references(old, new, names):
    """One note for each reference that points elsewhere now."""
    notes = []
    for kind in dict.fromkeys(kind for kind, _ in old.references + new.references):
        before, after = ([value for k, value in line.references if k == kind] for line in (old, new))
        if before == after:
            continue
        if names is None and kind not in ("embed", "href"):
            notes.append(f"{SAID[kind]}: changed")
            continue
        said = [
            ", ".join(_name(kind, v, names) if kind in REFERENCES.values() else v for v in side)
            for side in (before, after)
        ]
        notes.append(format_html("{}: <del>{}</del> <ins>{}</ins>", SAID[kind], *said))
    return notes


def _words(old, new, budget):
    """A changed line: what went in <del>, what came in <ins>, everything escaped."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    out = []
    for op, a, b, c, d in _whole_changes(_opcodes(before, after, WORD_PAIRS, budget), before, after):
        gone, came = "".join(before[a:b]), "".join(after[c:d])
        if op == "equal":
            out.append(tree.escape(came))
        else:
            out.append(f"<del>{tree.escape(gone)}</del>" if gone else "")
            out.append(f"<ins>{tree.escape(came)}</ins>" if came else "")
    return mark_safe("".join(out))


def _whole_changes(codes, before, after):
    """The same changes with lone spaces between two of them taken in, so that a changed phrase reads as one."""
    joined = []
    for index, (op, a, b, c, d) in enumerate(codes):
        between = 0 < index < len(codes) - 1 and op == "equal" and not "".join(before[a:b]).strip()
        if joined and (between or (op != "equal" and joined[-1][0] != "equal")):
            _, i, _, k, _ = joined[-1]
            joined[-1] = ("replace", i, b, k, d)
        else:
            joined.append((op, a, b, c, d))
    return joined
