"""One row of a table as a card would hold it, or what is wrong with it, cell by cell.

Messages never repeat a number, an address or a name: they are kept in the clear.
"""

import re
import unicodedata
import uuid
import zoneinfo
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from newsroom import languages
from newsroom.desk.base import refuse_controls

from ...channels import KINDS, NUMBER, POSTAL, normalise
from ...models.affiliation import PARTIAL_DATE
from ...models.channel import default_tier
from ...models.expert import Expert, normalise_orcid
from . import columns

FLOATED = re.compile(r"^(\+?\d{6,})\.0+$")
ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
QUOTED_FORMULA = re.compile(r'^="(.*)"$')  # a spreadsheet's way to keep the zero in front
DEFUSED = re.compile(r"^'(?=[=+\-@\t\r])")  # what exports put before a cell that could be a formula
FORMULA = re.compile(r"^[=@]|^[+\-](?![\d\s().\-/]*$)")
DAY = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")
MONTH = re.compile(r"^(\d{1,2})[./-](\d{4})$")
YES = {"yes", "y", "true", "1", "x", "former"}
LENGTHS = {f.name: f.max_length for f in Expert._meta.fields if getattr(f, "max_length", None)}
# What a card calls its fields, where a row calls them otherwise.
FIELDS = {"name": "display_name", "prefix": "honorific_prefix", "suffix": "honorific_suffix"}
SCALARS = {key: FIELDS.get(key, key) for key in columns.SCALARS if key not in ("uid", "name")}
NAME_PARTS = ("prefix", "given", "additional", "family", "second_family", "generation", "suffix")
LABELS = {"work": "work", "home": "home", "assistant": "assistant", "press": "press office"}
CHAMBERS = {"sen": "Senator", "rep": "Representative"}


@dataclass
class Record:
    """What a row says, ready to be written; `errors` is [{column, message}], a note among them has {"note": true}."""

    line: int
    name: str = ""
    uid: str = ""
    fields: dict = field(default_factory=dict)
    channels: list = field(default_factory=list)  # (kind, label, raw, normalized, tier)
    roles: list = field(default_factory=list)  # {title, organisation, start, end, is_former}
    ids: list = field(default_factory=list)  # (scheme, value)
    languages: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    variants: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def is_bad(self):
        return any(not error.get("note") for error in self.errors)

    def wrong(self, column, message, note=False):
        entry = {"column": column, "message": message} | ({"note": True} if note else {})
        if entry not in self.errors:
            self.errors.append(entry)


class Reader:
    """Reads the rows of one file, as its mapping says."""

    def __init__(self, header, targets, options, topics):
        """`options`: {country, month_first, former}; `topics`: {folded name: id} of those there are."""
        self.header, self.targets, self.options, self.topics = header, targets, options, topics

    def read(self, line, cells, notes=()):
        """A Record of one row's cells."""
        record = Record(line)
        for column, message, bad in notes:
            record.wrong(column, message, note=not bad)
        said, label, channels, roles = {}, "", [], {}
        for column, target, cell in zip(self.header, self.targets, cells, strict=True):
            cell = self._bare(cell, column, target, record)
            if target == columns.LABEL:
                label = cell
                continue
            if target == columns.IGNORED or not cell:
                continue
            kind, _, place = target.partition("/")
            if kind in KINDS:
                channels.append((kind, place or label, cell, column))
            elif target.startswith("role"):
                number, _, part = target[4:].partition(".")
                roles.setdefault(number, {})[part] = (column, cell)
            elif target.startswith("id."):
                self._id(target[3:], cell, column, record)
            elif target in columns.LISTS:
                getattr(self, f"_{target}")(cell, column, record)
            else:
                said[target] = (column, cell)
            label = ""
        self._scalars(said, record)
        for kind, place, cell, column in channels:
            self._channels(kind, place, cell, column, record)
        self._roles(roles, said, record)
        return record

    # --- cells ----------------------------------------------------------------------------------------

    def _bare(self, cell, column, target, record):
        """A cell without what spreadsheets put round it; control characters are refused."""
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        cell = "".join(c for c in cell if c not in "\u200e\u200f\ufeff").strip()
        if match := QUOTED_FORMULA.match(cell):
            cell = match[1]
        elif DEFUSED.match(cell):
            cell = cell[1:]
        if target == columns.IGNORED:
            return cell
        try:
            refuse_controls(cell)
        except ValidationError:
            record.wrong(column, "There is an invisible control character in it. Take it out.")
            return ""
        kind = KINDS.get(target.partition("/")[0])
        if FORMULA.match(cell) and not (kind and kind.at_sign):
            record.wrong(column, "It begins like a formula; it was kept as plain text.", note=True)
        return cell

    def _scalars(self, said, record):
        for key, name in SCALARS.items():
            if key not in said:
                continue
            column, cell = said[key]
            cell = cell if key == "short_bio" else " ".join(cell.split())
            if key == "country" and not re.fullmatch(r"[A-Za-z]{2}", cell):
                record.wrong(column, "Not kept: a country is two letters, such as JO.", note=True)
                continue
            if key == "time_zone" and cell not in zoneinfo.available_timezones():
                record.wrong(column, "There is no such time zone. They are named like Asia/Amman.")
                continue
            if len(cell) > LENGTHS[name]:
                record.wrong(column, f"Longer than {LENGTHS[name]} characters.")
                continue
            record.fields[name] = cell.upper() if key == "country" else cell
        if "uid" in said:
            try:
                record.uid = str(uuid.UUID(re.sub(r"(?i)^urn:uuid:", "", said["uid"][1])))
            except ValueError:
                record.wrong(said["uid"][0], "Not kept: this is no card of ours.", note=True)
        self._name(said, record)

    def _name(self, said, record):
        column, name = said.get("name") or said.get("full") or ("", "")
        if not name:
            parts = [said[key][1] for key in NAME_PARTS if key in said]
            name = " ".join(parts) if "given" in said or "family" in said else ""
        name = " ".join(name.split())
        wanted = ("name", "full", "given", "family")
        column = column or next((c for c, t in zip(self.header, self.targets, strict=True) if t in wanted), "")
        if not name:
            record.wrong(column, "There is no name.")
        elif len(name) > LENGTHS["display_name"]:
            record.wrong(column, f"Longer than {LENGTHS['display_name']} characters.")
        record.name = name
        if "family" in said and "given" in said and "sort_name" not in record.fields:
            record.fields["sort_name"] = f"{said['family'][1]}, {said['given'][1]}"[: LENGTHS["sort_name"]]

    # --- ways to reach them ---------------------------------------------------------------------------

    def _channels(self, kind, place, cell, column, record):
        kind, label, left_out = self._labelled(kind, place)
        if left_out:
            record.wrong(column, f"There is a {left_out} number; it was left out.", note=True)
            return
        country = self.options.get("country") or record.fields.get("country", "")
        several = re.split(r"\s*(?: ::: |\n)\s*", cell) if KINDS[kind].holds != POSTAL else re.split(r" ::: ", cell)
        for raw in filter(None, (one.strip() for one in several)):
            if KINDS[kind].holds == NUMBER:
                if match := FLOATED.match(_ascii_digits(raw)):
                    raw = match[1]
                elif ROUNDED.match(raw):
                    record.wrong(column, "A spreadsheet has rounded this number. Format the column as text.")
                    continue
            normalized, error = normalise(kind, " ".join(raw.split()), country)
            if error:
                record.wrong(column, error)
                continue
            tier = default_tier(label)
            entry = (kind, label, " ".join(raw.split()), normalized, tier)
            if all((entry[0], entry[3]) != (kept[0], kept[3]) for kept in record.channels):
                record.channels.append(entry)

    def _labelled(self, kind, place):
        """(kind, label, what nobody rings) from what a file says of a number: “Work Fax”, “* Mobile”."""
        if place in dict(columns.LABELS):
            return kind, place, ""
        words = place.casefold()
        if kind == "phone":
            if "fax" in words or "pager" in words:
                return kind, "", "fax" if "fax" in words else "pager"
            if "mobile" in words or "cell" in words or "iphone" in words:
                kind = "mobile"
        return kind, next((label for word, label in LABELS.items() if word in words), ""), ""

    def _id(self, scheme, cell, column, record):
        value = cell.strip()
        if scheme == "orcid":
            try:
                value = normalise_orcid(value)
            except ValidationError as error:
                record.wrong(column, error.messages[0])
                return
        elif scheme == "wikidata":
            value = value.rstrip("/").rpartition("/")[2].upper()
            if not re.fullmatch(r"Q[1-9]\d*", value, re.ASCII):
                record.wrong(column, "A Wikidata id is Q and a number.")
                return
        if len(value) > 200:
            record.wrong(column, "Longer than 200 characters.")
            return
        record.ids.append((scheme, value))

    # --- roles ----------------------------------------------------------------------------------------

    def _roles(self, roles, said, record):
        if "chamber" in said:
            title = CHAMBERS.get(said["chamber"][1].casefold(), said["chamber"][1])
            state = said["state"][1] if "state" in said else ""
            words = ", ".join(filter(None, [title, columns.STATES.get(state.upper(), state)]))
            roles = roles | {"1": roles.get("1", {}) | {"title": (said["chamber"][0], words)}}
        for number in sorted(roles):
            parts = roles[number]
            made = {"title": "", "organisation": "", "start": "", "end": "", "is_former": False}
            for part in ("title", "organisation"):
                if part in parts:
                    column, cell = parts[part]
                    made[part] = " ".join(cell.split())
                    if len(made[part]) > 160:
                        record.wrong(column, "Longer than 160 characters.")
            for part, key in (("from", "start"), ("until", "end")):
                if part in parts:
                    column, cell = parts[part]
                    made[key], error = self._date(cell)
                    if error:
                        record.wrong(column, error)
            if made["start"] and made["end"] and made["end"][: len(made["start"])] < made["start"][: len(made["end"])]:
                record.wrong(parts["until"][0], "A role cannot end before it begins.")
            said_former = "former" in parts and parts["former"][1].casefold() in YES
            made["is_former"] = bool(said_former or self.options.get("former"))
            if made["title"]:
                record.roles.append(made)
            elif made["organisation"]:
                # What they do there is not said; the organisation alone still prints, and finds them.
                record.roles.append(made | {"title": made["organisation"][:160], "organisation": ""})
            elif made["start"] or made["end"]:
                record.wrong(
                    parts.get("from", parts.get("until"))[0], "A date without a title was left out.", note=True
                )

    def _date(self, cell):
        """(a date as far as it is known, "") or ("", what is wrong with it)."""
        text = _ascii_digits(cell)
        text = re.sub(r"[T ]00:00(:00)?(\.0+)?Z?$", "", text)
        if match := DAY.match(text):
            day, month, year = int(match[1]), int(match[2]), match[3]
            if self.options.get("month_first") and day <= 12 or month > 12:
                day, month = month, day
            text = f"{year}-{month:02}-{day:02}"
        elif match := MONTH.match(text):
            text = f"{match[2]}-{int(match[1]):02}"
        elif FLOATED.match(text) or re.match(r"^\d{4}\.0$", text):
            text = text.partition(".")[0]
        try:
            PARTIAL_DATE(text)
            if len(text) == 10:
                date.fromisoformat(text)
        except (ValidationError, ValueError):
            return "", "This is no date. Write a year, 2021-03 or 2021-03-15."
        return text, ""

    # --- lists ----------------------------------------------------------------------------------------

    def _languages(self, cell, column, record):
        for tag in filter(None, re.split(r"[,;\n]\s*|\s+:::\s+", cell)):
            tag = tag.strip()
            if not languages.is_tag(tag):
                record.wrong(column, "A language is written as ar, or ar-JO.")
            elif tag not in record.languages:
                record.languages.append(tag)

    def _topics(self, cell, column, record):
        for name in filter(None, (part.strip() for part in re.split(r"[;\n]|\s+:::\s+", cell))):
            found = self.topics.get(name.casefold())
            if found is None:
                record.wrong(column, "A topic that the paper does not have was left out.", note=True)
            elif found not in record.topics:
                record.topics.append(found)

    def _variants(self, cell, column, record):
        for text in filter(None, (" ".join(part.split()) for part in re.split(r"\n|\s+:::\s+", cell))):
            if len(text) > 160:
                record.wrong(column, "Longer than 160 characters.")
            elif text not in record.variants:
                record.variants.append(text)


def _ascii_digits(text):
    """Digits of any script as ours."""
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text)
    ).strip()
