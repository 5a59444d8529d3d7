"""Legal notes: which organisations of the register a body names, and where each is marked.

An organisation is marked once, at its first mention in body order; headings are never marked. A name in a caption
or footnote is marked only if the running text does not have it, since a picture may leave the page when its rights
end and would take the mark along.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from ..models import Designation
from . import language as languages
from . import tree

RUNNING, CAPTION, FOOTNOTE = range(3)
# Vowel signs and the stretching stroke, which Arabic words may carry or leave out.
ARABIC_SIGNS = "\u0610-\u061a\u0640\u064b-\u065f\u0670"
# What belongs to a word without being a letter to Python.
WORD_CHARACTERS = rf"\w\u0300-\u036f{ARABIC_SIGNS}"
ARABIC_LETTER = re.compile("[\u0620-\u064a]")
ARABIC_TWINS = {letter: twins for twins in ("اأإآٱ", "ىي", "ةه") for letter in twins}
# "and", "so", then "in", "like", "to", then the article: Arabic writes them onto the word that follows.
ARABIC_PREFIX = rf"(?:[وف][{ARABIC_SIGNS}]*)?(?:لل|(?:[بكل][{ARABIC_SIGNS}]*)?(?:ال)?)"
HYPHENS, APOSTROPHES = "-\u2010\u2011\u2012\u2013", "'’ʼ"


class LegalNote(NamedTuple):
    """A note as an edition freezes it. `form` is the name as the text first has it: the note's place is found by it."""

    key: str
    mark: str
    text: str
    form: str = ""


class Form(NamedTuple):
    """A name by which a text may call an organisation."""

    words: str
    case_sensitive: bool


class Entry(NamedTuple):
    """An organisation of the register, as one language prints it."""

    key: str
    mark: str
    text: str
    forms: tuple


class Mention(NamedTuple):
    """Where a body first names an organisation.

    The name ends after `end` characters of the element's text, tail or footnote; `slot` is which of the three.
    """

    entry: Entry
    element: object
    slot: str
    end: int
    form: str


class Register:
    """The register's entries that hold on one day, in the words of one language."""

    def __init__(self, entries, language="en"):
        self.entries, self.language = list(entries), language

    @classmethod
    def on(cls, day, language):
        """Entries valid on a date; three queries, asked now."""
        rows = Designation.objects.valid_on(day).prefetch_related("aliases", "notes")
        return cls([_entry_of_row(row, language) for row in rows], language)

    def notes_for(self, html):
        """The LegalNotes that a body needs, in body order, each with a different mark."""
        notes, taken = [], set()
        for mention in first_mentions(tree.parse(html), self.entries):
            mark = entry_mark = mention.entry.mark
            while mark in taken:
                mark += entry_mark
            taken.add(mark)
            notes.append(LegalNote(mention.entry.key, mark, mention.entry.text, mention.form))
        return notes

    def named_in(self, text):
        """The set of keys of the entries that a plain text names."""
        return {match.entry.key for match in _names_found(text, _pattern_of_names(self.entries, text))}

    def entries_for(self, notes):
        """Entries by which frozen notes are found again in their body, even if the register has changed since."""
        known = {entry.key: entry for entry in self.entries}
        return [
            Entry(note.key, note.mark, note.text, (Form(note.form, True),))
            if note.form
            else known.get(note.key, Entry(note.key, note.mark, note.text, ()))._replace(mark=note.mark, text=note.text)
            for note in notes
        ]


def _entry_of_row(row, language):
    aliases = list(row.aliases.all())
    forms = [Form(row.name, row.case_sensitive), *(Form(a.name, a.case_sensitive) for a in aliases if a.matched)]
    return Entry(
        str(row.pk), row.mark or "*", _note_text(row, aliases, language), tuple(f for f in forms if f.words.strip())
    )


def _note_text(row, aliases, language):
    """The note that readers get: in the nearest language, with the name and the aliases if it leaves them out."""
    notes = {note.language.lower(): note.text for note in row.notes.all()}
    wanted = language.lower()
    text = notes.get(wanted) or notes.get(wanted.split("-")[0]) or notes.get("en") or next(iter(notes.values()), "")
    text = text.strip() or ", ".join(filter(None, [row.listing, row.jurisdiction]))
    said = languages.printed_words(language)
    others = ", ".join(alias.name for alias in aliases if alias.name not in text and alias.name != row.name)
    if row.name not in text:
        name = f"{row.name} ({said['also']} {others})" if others else row.name
        return f"{name}: {text}" if text else name
    return f"{text} {said['in_text_also']} {others}." if others else text


# --- looking for names -----------------------------------------------------------------------


def first_mentions(root, entries):
    """A list of the first Mention of each entry that a body names, in the order of the text."""
    if not entries:
        return []
    runs = list(_text_runs(root))
    pattern = _pattern_of_names(entries, "\n".join(run.text for run in runs))
    found = {}
    for run in sorted(runs, key=lambda run: run.kind):  # stable: the order of the text within each kind
        for match in _names_found(run.text, pattern):
            if match.entry.key not in found:
                found[match.entry.key] = (run.number, match.end, run.mention(match))
    return [mention for *_, mention in sorted(found.values(), key=lambda place: place[:2])]


def names_in_runs(root, entries):
    """[(TextRun, its NamesFound in order)] of a body; no runs where it can hold no name."""
    runs = list(_text_runs(root))
    pattern = _pattern_of_names(entries, "\n".join(run.text for run in runs))
    return [(run, list(_names_found(run.text, pattern))) for run in runs] if pattern else []


class TextRun:
    """The text of one block without its inner elements, and which element each piece of it comes from."""

    def __init__(self, kind):
        self.kind, self.text, self.pieces, self.number = kind, "", [], 0

    def add(self, element, slot, text):
        if element is not None:
            self.pieces.append((len(self.text), element, slot))
        self.text += text

    @property
    def block(self):
        """The paragraph whose words these are; None for words of anything else."""
        if self.kind != RUNNING or not self.pieces:
            return None
        _, element, slot = self.pieces[0]
        element = element.getparent() if slot == "tail" else element
        while element is not None and element.tag not in tree.BLOCKS:
            element = element.getparent()
        return element if element is not None and element.tag == "p" else None

    def cut(self, spans):
        """Take stretches of characters, [(start, end)] in order, out of the elements whose text they are."""
        ends = [place for place, *_ in self.pieces[1:]] + [len(self.text)]
        firsts, lasts = [a for a, _ in spans], [b for _, b in spans]
        for (begins, element, slot), stops in zip(self.pieces, ends, strict=True):
            met = spans[bisect_right(lasts, begins) : bisect_left(firsts, stops)]
            inside = [(max(a, begins), min(b, stops)) for a, b in met]
            # What a footnote's number stands on is the footnote's own.
            if not inside or (slot == "text" and element.get("data-footnote")):
                continue
            edges = [begins, *(edge for span in inside for edge in span), stops]
            left = "".join(self.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
            if slot == "footnote":
                element.set("data-footnote", left)
            else:
                setattr(element, slot, left or None)

    def mention(self, match):
        """The Mention that a match in this line's text is."""
        # The last letter's piece: a mark set in the next one would stand after its opening tag.
        start, element, slot = next(piece for piece in reversed(self.pieces) if piece[0] < match.end)
        return Mention(match.entry, element, slot, match.end - start, self.text[match.start : match.end])


def _text_runs(root):
    """The TextRuns of a body in the order of the text, without headings."""
    number, run, footnotes, skipped = 0, TextRun(RUNNING), [], 0

    def finished():
        nonlocal number
        for each in (run, *footnotes):
            if each.text.strip():
                number += 1
                each.number = number
                yield each

    for event, el, text in tree.walk(root):
        if event in ("start", "end") and el.tag in tree.BLOCKS:
            if not skipped:
                yield from finished()
            footnotes = []
            if el.tag in tree.HEADINGS:
                skipped += 1 if event == "start" else -1
            run = TextRun(CAPTION if el.tag == "figcaption" and event == "start" else RUNNING)
        elif event == "start" and el.tag == "br":
            run.add(None, "", "\n")
        elif event == "start" and el.get("data-footnote") and not skipped:
            note = TextRun(FOOTNOTE)
            note.add(el, "footnote", el.get("data-footnote"))
            footnotes.append(note)
        elif event in ("text", "tail") and not skipped:
            run.add(el, event, text)
    yield from finished()


class NameFound(NamedTuple):
    """An entry's name in a text, from character `start` to before `end`."""

    entry: Entry
    start: int
    end: int


def _names_found(text, pattern):
    """Yield every NameFound in a text, in order; where several names begin at one place, the longest."""
    if pattern is None:
        return
    expression, owners = pattern
    for found in expression.finditer(text):
        yield NameFound(owners[found.lastgroup], found.start(found.lastgroup), found.end())


def _pattern_of_names(entries, text):
    """(expression, entries by group) for those names that the text can hold, or None if it can hold none."""
    haystack = _spelling_folded(text)
    forms = sorted(
        ((form, entry) for entry in entries for form in entry.forms if _spelling_folded(form.words) in haystack),
        key=lambda pair: -len(pair[0].words),
    )
    if not forms:
        return None
    owners = {f"f{n}": entry for n, (_, entry) in enumerate(forms)}
    parts = "|".join(f"{_prefix_pattern(form)}(?P<f{n}>{_name_pattern(form)})" for n, (form, _) in enumerate(forms))
    return re.compile(rf"(?<![{WORD_CHARACTERS}])(?:{parts})(?![{WORD_CHARACTERS}])"), owners


def _spelling_folded(text):
    """The text with all spellings of a name made alike, for a cheap test whether the name can be there."""
    text = unicodedata.normalize("NFC", text).casefold()
    text = re.sub(f"[{ARABIC_SIGNS}]", "", text)
    text = "".join(ARABIC_TWINS.get(letter, letter)[0] for letter in text)
    text = re.sub(f"[{HYPHENS}]", "-", re.sub(f"[{APOSTROPHES}]", "'", text))
    return " ".join(text.split())


def may_hold_a_name(text, names):
    """Whether a plain text may hold one of the names, in any spelling. A yes is not certain, a no is."""
    haystack = _spelling_folded(text)
    return any(_spelling_folded(name) in haystack for name in names)


def _prefix_pattern(form):
    return ARABIC_PREFIX if ARABIC_LETTER.match(form.words.strip()) else ""


def _name_pattern(form):
    """A regular expression for all spellings of a name."""
    words = r"\s+".join(_word_pattern(word) for word in form.words.split())
    return words if form.case_sensitive else f"(?i:{words})"


def _word_pattern(word):
    ways = {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)}
    spelled = ["".join(map(_letter_pattern, way)) for way in sorted(ways)]
    return spelled[0] if len(spelled) == 1 else f"(?:{'|'.join(spelled)})"


def _letter_pattern(letter):
    if re.match(f"[{ARABIC_SIGNS}]", letter):
        return ""  # signs are optional: every letter's pattern lets them follow
    if ARABIC_LETTER.match(letter):
        return f"[{ARABIC_TWINS.get(letter, letter)}][{ARABIC_SIGNS}]*"
    for twins in (HYPHENS, APOSTROPHES):
        if letter in twins:
            return f"[{re.escape(twins)}]"
    return re.escape(letter)
