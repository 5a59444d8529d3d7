"""What changed between two bodies, as HTML.

The result is safe whatever the bodies hold: it has their words, escaped, and elements of our own, none of theirs.
"""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from . import plain, tree

WORD_OR_SPACE = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|.", re.DOTALL)
LEAST_LIKENESS = 0.4  # the share of common words from which on two lines count as one line that was changed
LEAST_LIKENESS_MOVED = 0.7  # the same for a line that stands elsewhere now, and
LEAST_WORDS_MOVED = 6  # how many words such a line has at least, unless it is moved unchanged
WORDS_OF_A_MOVED_LINE = 10  # so many of its first words stand where it was
LINES_AROUND_A_CHANGE = 1  # unchanged lines shown on either side of a change
# What one comparison of lines, one of words, and all together may cost, in pairs. Beyond that, text is shown as
# removed and added.
LINE_PAIRS, WORD_PAIRS, ALL_PAIRS = 1_000_000, 400_000, 3_000_000

KIND_OF_ELEMENT = {
    "h2": "Heading", "h3": "Heading", "li": "List item", "td": "Table cell", "th": "Table cell", "caption": "Table",
    "blockquote": "Quotation", "figure": "Picture", "hr": "Break",
}  # fmt: skip
REFERENCE_KINDS = {"data-expert": "expert", "data-article": "article", "data-image": "image"}
REFERENCE_LABELS = {
    "expert": "Who is quoted",
    "article": "Related story",
    "image": "Picture",
    "embed": "Embed",
    "href": "Link",
}


@dataclass(frozen=True)
class Line:
    """One line of a body: its kind of block, its words, its references and the inline elements within it."""

    kind: str
    text: str
    references: tuple = ()  # (kind, value) in order
    marks: tuple = ()  # elements within it, in order


def changes_html(old_html, new_html, *, names=None):
    """The changed lines of two bodies as HTML with <del> and <ins>, and a line of context around them.

    A line that stands elsewhere now is shown as moved, with what changed within it. Returns "" if nothing differs.
    `names`, such as {("expert", 12): "Amina Kessler"}, says what references are called; without it the HTML says that
    a reference changed and neither names nor numbers it. No queries.
    """
    old, new = _lines_of_body(old_html), _lines_of_body(new_html)
    if old == new:
        return ""
    budget = [ALL_PAIRS]
    pairs = []
    for op, a, b, c, d in _opcodes(old, new, LINE_PAIRS, budget):
        if op == "equal":
            pairs += zip(old[a:b], new[c:d], strict=True)
        else:
            pairs += _paired_lines(old[a:b], new[c:d], budget)
    return mark_safe("\n".join(_html_of_pairs(pairs, _moved_lines(pairs, budget), names, budget)))


# --- a body as lines -------------------------------------------------------------------------


def _lines_of_body(html):
    """The Lines of a body; text outside of any block is a line too."""
    lines, text, references, marks = [], [], [], []
    kinds = [""]

    def finish(whole):
        words = " ".join("".join(text).split())
        if not words and not whole:
            return  # a box begins: its references are shown with its first line
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
                kinds.append(KIND_OF_ELEMENT.get(el.tag, kinds[-1]))
            elif el.tag != "span":
                marks.append(el.tag)
            references += _references_of_element(el)
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


def _references_of_element(el):
    found = [(kind, el.get(name)) for name, kind in REFERENCE_KINDS.items() if el.get(name)]
    if el.get("data-embed") or el.get("data-post"):
        said = [el.get(name) for name in ("data-embed", "data-post", "data-title", "data-author", "data-posted")]
        found.append(("embed", " · ".join(filter(None, said))))
    return found + ([("href", el.get("href"))] if el.tag == "a" and el.get("href") else [])


# --- comparing -------------------------------------------------------------------------------


def _opcodes(old, new, most, budget):
    """SequenceMatcher's opcodes at a bounded cost: if comparing costs too much, one "replace" for all that differs."""
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


def _paired_lines(old, new, budget):
    """[(old line, new line)] of a changed passage in order; None stands where a line was removed or added.

    Between two lines that stay, what was removed stands before what was added.
    """
    pairs, added, at = [], [], 0
    bags = [Counter(plain.WORD.findall(line.text)) for line in old]
    for line in new:
        best, likeness = None, 0
        if budget[0] > 0:
            bag = Counter(plain.WORD.findall(line.text))
            for index in range(at, len(old)):
                budget[0] -= len(bag) + 1
                alike = _likeness(old[index], bags[index], line, bag)
                if alike > likeness:
                    best, likeness = index, alike
        if likeness >= LEAST_LIKENESS:
            pairs += [(gone, None) for gone in old[at:best]] + added + [(old[best], line)]
            added, at = [], best + 1
        else:
            added.append((None, line))
    return pairs + [(gone, None) for gone in old[at:]] + added


def _moved_lines(pairs, budget):
    """{place: old line} of the pairs whose new line stood elsewhere; {place: None} of those that it was taken from."""
    gone = {place: old for place, (old, new) in enumerate(pairs) if new is None}
    came = {place: new for place, (old, new) in enumerate(pairs) if old is None}
    moved = {}

    def note(old_place, new_place):
        moved[new_place] = gone.pop(old_place)
        moved[old_place] = None
        del came[new_place]

    # Moved as it was, references and all; then as it was but for those.
    for key in (
        lambda line: (line.kind, line.text, line.references),
        lambda line: line.text and (line.kind, line.text),
    ):
        places = {}
        for place, line in gone.items():
            places.setdefault(key(line), []).append(place)
        for place, line in list(came.items()):
            if key(line) and places.get(key(line)):
                note(places[key(line)].pop(0), place)
    bags = {place: Counter(plain.WORD.findall(line.text)) for place, line in gone.items()}
    bags = {place: bag for place, bag in bags.items() if bag.total() >= LEAST_WORDS_MOVED}
    for place, line in list(came.items()):
        bag = Counter(plain.WORD.findall(line.text))
        budget[0] -= (len(bag) + 1) * len(bags)
        if budget[0] <= 0:
            break
        alike = {old: _likeness(gone[old], bags[old], line, bag) for old in bags}
        best = max(alike, key=alike.get, default=None)
        if best is not None and alike[best] >= LEAST_LIKENESS_MOVED:
            note(best, place)
            del bags[best]
    return moved


def _as_it_was(line):
    return line.kind, line.text, line.references


def _its_words(line):
    return line.text and (line.kind, line.text)


def _likeness(old, old_bag, new, new_bag):
    """The share of words that two lines have in common, 0 to 1; 0 if they are different kinds of block."""
    if old.kind != new.kind:
        return 0
    most = max(old_bag.total(), new_bag.total())
    if not most:
        return 1 if old.text == new.text else LEAST_LIKENESS  # without words: one picture replaced by another, say
    return (old_bag & new_bag).total() / most


# --- printing --------------------------------------------------------------------------------


def _html_of_pairs(pairs, moved, names, budget):
    changed = [index for index, (old, new) in enumerate(pairs) if old != new]
    shown = {
        near for index in changed for near in range(index - LINES_AROUND_A_CHANGE, index + LINES_AROUND_A_CHANGE + 1)
    }
    skipped = 0
    for index, (old, new) in enumerate(pairs):
        if index not in shown:
            skipped += 1
            continue
        if skipped:
            yield _skipped_html(skipped)
            skipped = 0
        if index not in moved:
            yield _pair_html(old, new, names, budget)
        elif new is None:
            yield _line_html("left", old.kind, _first_words(old.text), ["Moved from here"])
        else:
            yield _changed_html("moved", moved[index], new, names, budget)
    if skipped:
        yield _skipped_html(skipped)


def _skipped_html(count):
    return format_html('<p class="diff-skip">{}</p>', f"… {count} unchanged …" if count > 1 else "…")


def _pair_html(old, new, names, budget):
    if old == new:
        return _line_html("same", new.kind, mark_safe(tree.escape(new.text)), _reference_labels(new, names))
    if old is None:
        return _line_html(
            "new",
            new.kind,
            format_html("<ins>{}</ins>", new.text) if new.text else "",
            _reference_labels(new, names, "ins"),
        )
    if new is None:
        return _line_html(
            "gone",
            old.kind,
            format_html("<del>{}</del>", old.text) if old.text else "",
            _reference_labels(old, names, "del"),
        )
    return _changed_html("changed", old, new, names, budget)


def _changed_html(state, old, new, names, budget):
    """A line that was changed where it stands, or a "moved" one."""
    notes = _notes_on_changed_references(old, new, names)
    if state == "moved":
        notes = ["Moved here", *notes] if new.text else ["Moved here", *_reference_labels(new, names)]
    if old.text == new.text and old.references == new.references and old.marks != new.marks:
        notes.append("Formatting changed")
    return _line_html(state, new.kind, _changed_words_html(old.text, new.text, budget), notes)


def _first_words(text):
    words = text.split()
    return " ".join(words[:WORDS_OF_A_MOVED_LINE]) + (" …" if len(words) > WORDS_OF_A_MOVED_LINE else "")


def _line_html(state, kind, words, notes):
    label = format_html('<span class="diff-kind">{}</span> ', kind) if kind else ""
    said = mark_safe("".join(format_html(' <span class="diff-note">{}</span>', note) for note in notes))
    return format_html('<p class="diff-{}">{}{}{}</p>', state, label, words, said)


def _reference_labels(line, names, tag=""):
    """The names of a line's references, except links, whose text stands in the line."""
    said = [_reference_label(kind, value, names) for kind, value in line.references if kind != "href"]
    return [format_html("<{0}>{1}</{0}>", mark_safe(tag), label) if tag else label for label in said]


def _reference_label(kind, value, names):
    if kind in ("embed", "href"):
        return f"{REFERENCE_LABELS[kind]}: {value}"
    return (
        REFERENCE_LABELS[kind] if names is None else f"{REFERENCE_LABELS[kind]}: {_reference_name(kind, value, names)}"
    )


def _reference_name(kind, value, names):
    return names.get((kind, tree.row_id(value))) or f"no. {value}"


def _notes_on_changed_references(old, new, names):
    """One note for each kind of reference that points elsewhere now."""
    notes = []
    for kind in dict.fromkeys(kind for kind, _ in old.references + new.references):
        before, after = ([value for k, value in line.references if k == kind] for line in (old, new))
        if before == after:
            continue
        if names is None and kind not in ("embed", "href"):
            notes.append(f"{REFERENCE_LABELS[kind]}: changed")
            continue
        said = [
            ", ".join(_reference_name(kind, v, names) if kind in REFERENCE_KINDS.values() else v for v in side)
            for side in (before, after)
        ]
        notes.append(format_html("{}: <del>{}</del> <ins>{}</ins>", REFERENCE_LABELS[kind], *said))
    return notes


def _changed_words_html(old, new, budget):
    """A changed line, escaped: removed words in <del>, added ones in <ins>."""
    before, after = WORD_OR_SPACE.findall(old), WORD_OR_SPACE.findall(new)
    out = []
    for op, a, b, c, d in _joined_changes(_opcodes(before, after, WORD_PAIRS, budget), before, after):
        gone, came = "".join(before[a:b]), "".join(after[c:d])
        if op == "equal":
            out.append(tree.escape(came))
        else:
            out.append(f"<del>{tree.escape(gone)}</del>" if gone else "")
            out.append(f"<ins>{tree.escape(came)}</ins>" if came else "")
    return mark_safe("".join(out))


def _joined_changes(codes, before, after):
    """The same opcodes, but two changes with only a space between them are one, so that phrases stay whole."""
    joined = []
    for index, (op, a, b, c, d) in enumerate(codes):
        between = 0 < index < len(codes) - 1 and op == "equal" and not "".join(before[a:b]).strip()
        if joined and (between or (op != "equal" and joined[-1][0] != "equal")):
            _, i, _, k, _ = joined[-1]
            joined[-1] = ("replace", i, b, k, d)
        else:
            joined.append((op, a, b, c, d))
    return joined
