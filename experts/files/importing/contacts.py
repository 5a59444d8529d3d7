"""The ways to reach somebody in one row: which they are, where they ring, who may see them, and what cannot be read."""

import re
from functools import cache

from ...channels import EMAIL, KINDS, LONGEST, NUMBER, POSTAL, as_typed, digest_family, normalise
from ...models.channel import RESTRICTED, default_tier
from ...names import fold
from ..places import folded_label, number_of_label, place_of_label
from ..vcard.rest import chat_of
from . import columns
from .cells import FLOATED, ROUNDED, ascii_digits
from .labelling import place_in_cell

STEM = re.compile(r"^(.*?\d+) - ")  # “Phone 1 - Label” and “Phone 1 - Value” are about one thing
MOST = 200  # ways to reach one person; no address book has more of anybody
SEVERAL = " ::: "  # how Google writes several values in one cell


class Contacts:
    """Gathers the columns of one row that reach somebody, and reads them into its Record."""

    def __init__(self, options, record):
        self.options, self.record = options, record
        self.found, self.parts = [], {}

    def add(self, kind, place, cell, column, label=""):
        """A cell of a kind of channel, or of a part of an address, and what its labels say of it."""
        if kind == columns.PART:
            key = place, _stem(column)
            said, first, parts = self.parts.get(key, (place, column, []))
            self.parts[key] = (_more_careful(said, label), first, [*parts, cell])
        else:
            self.found.append((kind, _more_careful(place, label), cell, column))

    def read(self):
        """Everything, once the row's country is known."""
        for (_, stem), (place, column, cells) in self.parts.items():
            whole = next(
                (n for n, one in enumerate(self.found) if stem and one[0] == "postal" and _stem(one[3]) == stem), None
            )
            if whole is None:
                self.found.append(("postal", place, ", ".join(" ".join(cell.split()) for cell in cells), column))
            else:
                kind, label, text, first = self.found[whole]
                label = _more_careful(label, place)
                words = set(fold(text).split())
                more = [cell for cell in cells if not set(fold(cell).split()) <= words]
                self.found[whole] = (kind, label, ", ".join([text, *more]), first)
        for kind, place, cell, column in self.found:
            self._channels(kind, place, cell, column)

    def _channels(self, kind, place, cell, column):
        kind, label, left_out = _labelled(kind, place)
        if left_out:
            self.record.wrong(column, f"There is a {left_out} number; it was left out.", note=True)
            return
        for raw in _several(kind, cell):
            if len(self.record.channels) >= MOST:
                said = f"There are more than {MOST} ways to reach them; the rest was left out."
                self.record.wrong(column, said, note=True)
                return
            said, rest = place_in_cell(kind, raw)
            if kind == "chat":
                self._one(*_chat(raw, place, label), column)
            else:
                self._one(kind, _more_careful(label, said), rest, column)

    def _one(self, kind, label, raw, column):
        country = self.options.get("country") or self.record.fields.get("country", "")
        if KINDS[kind].holds == NUMBER:
            if match := FLOATED.match(ascii_digits(raw)):
                raw = match[1]
            elif ROUNDED.match(raw):
                said = "A spreadsheet has rounded this number, so it is none any more. Format the column as text."
                self.record.to_mend(column, said, raw)
                return
        raw = " ".join(raw.split())
        normalized, error = normalise(kind, raw, country)
        if error and len(raw) > LONGEST:
            self.record.to_mend(column, error, raw)
            return
        if error:
            self.record.to_mend(column, error)
            normalized = as_typed(raw)
            label = label or (place_of_label(raw) if KINDS[kind].holds in (EMAIL, NUMBER) else "")
        tier = RESTRICTED if self.record.is_private else default_tier(label)
        found = self.record.channels
        twice = next((n for n, one in enumerate(found) if (one[0], one[3]) == (kind, normalized)), None)
        if twice is None:
            found.append((kind, label, raw, normalized, tier))
        elif tier == RESTRICTED:
            found[twice] = (kind, label, raw, normalized, tier)
        self._restrict_all_ways(kind, normalized)

    def _restrict_all_ways(self, kind, normalized):
        """One number that stands on a card as private and as another is private under each of its names."""
        family = digest_family(kind, normalized)
        same = [n for n, one in enumerate(self.record.channels)
                if one[3] == normalized and digest_family(one[0], one[3]) == family]  # fmt: skip
        if any(self.record.channels[n][4] == RESTRICTED for n in same):
            for n in same:
                self.record.channels[n] = (*self.record.channels[n][:4], RESTRICTED)


def _more_careful(place, label):
    """What a header says, unless a label says that it is at home."""
    return label if place_of_label(label) == "home" else place or label


def _stem(column):
    match = STEM.match(column)
    return match[1].casefold() if match else None


def _several(kind, cell):
    """The values in one cell; an address has line breaks and commas of its own."""
    values = cell.split(SEVERAL) if KINDS[kind].holds == POSTAL else re.split(r"\s*(?: ::: |\n)\s*", cell)
    if KINDS[kind].holds in (EMAIL, NUMBER) and len(values) == 1:
        pieces = re.split(r"\s*[,;]\s+|\s*;\s*(?!ext)", cell)
        whole = "@" if KINDS[kind].holds == EMAIL else None
        if len(pieces) > 1 and all((whole in piece) if whole else sum(map(str.isdigit, piece)) > 5 for piece in pieces):
            values = pieces
    return list(filter(None, (value.strip() for value in values)))


def _labelled(kind, place):
    """(kind, label, what nobody rings) from what a file says of a number: “Work Fax”, “* Mobile”."""
    if place in dict(columns.LABELS):
        return kind, place, ""
    if kind == "phone":
        number = number_of_label(place)
        if number in ("fax", "pager"):
            return kind, "", number
        kind = number or kind
    return kind, place_of_label(place), ""


def _chat(raw, place, label):
    """(kind, label, value) of an address of a chat, whose service its label names."""
    kind, value = chat_of(raw, folded_label(place).split())
    return kind, label, value


@cache
def _codes(names):
    return {fold(name): code for code, name in names}


def folded_country(text, names):
    """The code of the country that a text names, however it is written; "" where it names none."""
    spoken = {"uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US",
              "united states of america": "US", "deutschland": "DE", "osterreich": "AT", "schweiz": "CH",
              "espana": "ES", "italia": "IT", "nederland": "NL", "belgique": "BE", "polska": "PL"}  # fmt: skip
    folded = fold(text)
    return spoken.get(folded) or _codes(tuple(names.items())).get(folded, "")
