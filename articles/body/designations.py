"""Legal notes: which organisations of the register a body names, and where each is marked.

An organisation is marked once, at its first mention in body order; headings are never marked. Names stand in
captions and footnotes too: there they are marked only if the running text does not name them, since a picture
may leave the page when its rights end and would take the mark along.
"""

import re
import unicodedata
from typing import NamedTuple

from ..models import Designation
from . import language as languages
from . import tree

RUNNING, CAPTION, FOOTNOTE = range(3)
# Vowel signs and the stretching stroke, which Arabic words may carry or leave out.
ARABIC_SIGNS = "\u0610-\u061a\u0640\u064b-\u065f\u0670"
# What belongs to a word without being a letter to Python.
INSIDE_A_WORD = rf"\w\u0300-\u036f{ARABIC_SIGNS}"
ARABIC = re.compile("[\u0620-\u064a]")
ARABIC_TWINS = {letter: twins for twins in ("اأإآٱ", "ىي", "ةه") for letter in twins}
# "and", "so", then "in", "like", "to", then the article, are written onto the word that follows.
ARABIC_PREFIX = rf"(?:[وف][{ARABIC_SIGNS}]*)?(?:لل|(?:[بكل][{ARABIC_SIGNS}]*)?(?:ال)?)"
HYPHENS, APOSTROPHES = "-\u2010\u2011\u2012\u2013", "'’ʼ"


class LegalNote(NamedTuple):
    """A note as an edition freezes it: `form` is the name as the text first has it, by which it is found again."""

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
    """Where a body first names an organisation: after `end` characters of an element's "text", "tail" or "footnote"."""

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
        return cls([_entry(row, language) for row in rows], language)

    def notes_for(self, html):
        """The legal notes that a body wants, in body order, each with a mark of its own."""
        notes, taken = [], set()
        for mention in mentions(tree.parse(html), self.entries):
            mark = entry_mark = mention.entry.mark
            while mark in taken:
                mark += entry_mark
            taken.add(mark)
            notes.append(LegalNote(mention.entry.key, mark, mention.entry.text, mention.form))
        return notes

    def named_in(self, text):
        """The keys of the entries that a plain text names."""
        return {match.entry.key for match in _search(text, _pattern(self.entries, text))}

    def entries_for(self, notes):
        """Entries that find frozen notes again in the body they were frozen with, even if the register has changed."""
        known = {entry.key: entry for entry in self.entries}
        return [
            Entry(note.key, note.mark, note.text, (Form(note.form, True),))
            if note.form
            else known.get(note.key, Entry(note.key, note.mark, note.text, ()))._replace(mark=note.mark, text=note.text)
            for note in notes
        ]


def _entry(row, language):
    aliases = list(row.aliases.all())
    forms = [Form(row.name, row.case_sensitive), *(Form(a.name, a.case_sensitive) for a in aliases if a.matched)]
    return Entry(
        str(row.pk), row.mark or "*", _note_text(row, aliases, language), tuple(f for f in forms if f.words.strip())
    )


def _note_text(row, aliases, language):
    """What readers are told: the note of the nearest language, with the name and aliases that it leaves out."""
    notes = {note.language.lower(): note.text for note in row.notes.all()}
    wanted = language.lower()
    text = notes.get(wanted) or notes.get(wanted.split("-")[0]) or notes.get("en") or next(iter(notes.values()), "")
    text = text.strip() or ", ".join(filter(None, [row.listing, row.jurisdiction]))
    said = languages.words(language)
    others = ", ".join(alias.name for alias in aliases if alias.name not in text and alias.name != row.name)
    if row.name not in text:
        name = f"{row.name} ({said['also']} {others})" if others else row.name
        return f"{name}: {text}" if text else name
    return f"{text} {said['in_text_also']} {others}." if others else text


# --- looking for names -----------------------------------------------------------------------


def mentions(root, entries):
    """The first Mention of each entry that a body names, in the order of the text."""
    if not entries:
        return []
    runs = list(_runs(root))
    pattern = _pattern(entries, "\n".join(run.text for run in runs))
    found = {}
    for run in sorted(runs, key=lambda run: run.kind):  # stable: the order of the text within each kind
        for match in _search(run.text, pattern):
            if match.entry.key not in found:
                found[match.entry.key] = (run.number, match.end, run.mention(match))
    return [mention for *_, mention in sorted(found.values(), key=lambda place: place[:2])]


class Run:
    """One line of text with no block in between, whatever marks run through it."""

    def __init__(self, kind):
        self.kind, self.text, self.pieces, self.number = kind, "", [], 0

    def add(self, element, slot, text):
        if element is not None:
            self.pieces.append((len(self.text), element, slot))
        self.text += text

    def mention(self, match):
        """The Mention that a match in this line's text is."""
        # The piece that holds the last letter, not the one that begins after it.
        start, element, slot = next(piece for piece in reversed(self.pieces) if piece[0] < match.end)
        return Mention(match.entry, element, slot, match.end - start, self.text[match.start : match.end])


def _runs(root):
    """The lines of a body in the order of the text, headings left out."""
    number, run, footnotes, skipped = 0, Run(RUNNING), [], 0

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
            run = Run(CAPTION if el.tag == "figcaption" and event == "start" else RUNNING)
        elif event == "start" and el.tag == "br":
            run.add(None, "", "\n")
        elif event == "start" and el.get("data-footnote") and not skipped:
            note = Run(FOOTNOTE)
            note.add(el, "footnote", el.get("data-footnote"))
            footnotes.append(note)
        elif event in ("text", "tail") and not skipped:
            run.add(el, event, text)
    yield from finished()


class Match(NamedTuple):
    entry: Entry
    start: int
    end: int


def _search(text, pattern):
    """Every mention in a text, longest name first where several begin at one place."""
    if pattern is None:
        return
    expression, owners = pattern
    for found in expression.finditer(text):
        yield Match(owners[found.lastgroup], found.start(found.lastgroup), found.end())


def _pattern(entries, text):
    """(expression, entries by group) for the names that can stand in a text at all, or None."""
    haystack = _bare(text)
    forms = sorted(
        ((form, entry) for entry in entries for form in entry.forms if _bare(form.words) in haystack),
        key=lambda pair: -len(pair[0].words),
    )
    if not forms:
        return None
    owners = {f"f{n}": entry for n, (_, entry) in enumerate(forms)}
    parts = "|".join(f"{_prefix(form)}(?P<f{n}>{_spelling(form)})" for n, (form, _) in enumerate(forms))
    return re.compile(rf"(?<![{INSIDE_A_WORD}])(?:{parts})(?![{INSIDE_A_WORD}])"), owners


def _bare(text):
    """A text in which every spelling of a name looks alike: to ask cheaply whether it can be there."""
    text = unicodedata.normalize("NFC", text).casefold()
    text = re.sub(f"[{ARABIC_SIGNS}]", "", text)
    text = "".join(ARABIC_TWINS.get(letter, letter)[0] for letter in text)
    text = re.sub(f"[{HYPHENS}]", "-", re.sub(f"[{APOSTROPHES}]", "'", text))
    return " ".join(text.split())


def can_name(text, names):
    """Whether a plain text can hold one of some names, however either is spelled."""
    haystack = _bare(text)
    return any(_bare(name) in haystack for name in names)


def _prefix(form):
    return ARABIC_PREFIX if ARABIC.match(form.words.strip()) else ""


def _spelling(form):
    """An expression for a name in every way that it may be spelled."""
    words = r"\s+".join(_spelled(word) for word in form.words.split())
    return words if form.case_sensitive else f"(?i:{words})"


def _spelled(word):
    ways = {unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)}
    spelled = ["".join(map(_letter, way)) for way in sorted(ways)]
    return spelled[0] if len(spelled) == 1 else f"(?:{'|'.join(spelled)})"


def _letter(letter):
    if re.match(f"[{ARABIC_SIGNS}]", letter):
        return ""  # may stand in the text or not, like every other sign
    if ARABIC.match(letter):
        return f"[{ARABIC_TWINS.get(letter, letter)}][{ARABIC_SIGNS}]*"
    for twins in (HYPHENS, APOSTROPHES):
        if letter in twins:
            return f"[{re.escape(twins)}]"
    return re.escape(letter)
