"""One row of a table as a card would hold it, and what of it could not be read, cell by cell.

No card is lost for a cell: what cannot be read is kept as it was typed, marked to be mended, and told. Messages never
repeat a number, an address or a name: they are kept in the clear.
"""

import re
import uuid
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from newsroom import languages
from newsroom.countries import country_names

from ...channels import KINDS, NUMBER
from ...models.expert import Expert, normalise_orcid
from ..places import number_of_label, place_of_label
from . import columns, labelling, zones
from .cells import FORMULA, bare_cell, partial_date
from .contacts import Contacts, folded_country

YES = {"yes", "y", "true", "1", "x", "former", "ja", "oui", "sí", "si", "wahr", "vrai"}
PRIVATE = YES | {"private", "confidential", "personal", "privat", "privé", "vertraulich", "confidentiel", "privado"}
LENGTHS = {f.name: f.max_length for f in Expert._meta.fields if getattr(f, "max_length", None)}
# What a card calls its fields, where a row calls them otherwise.
FIELDS = {"name": "display_name", "prefix": "honorific_prefix", "suffix": "honorific_suffix"}
SCALARS = {key: FIELDS.get(key, key) for key in columns.SCALARS if key not in ("uid", "name")}
NAME_PARTS = ("prefix", "given", "additional", "family", "second_family", "generation", "suffix")
CHAMBERS = {"sen": "Senator", "rep": "Representative"}
KINDS_OF_CARD = {"desk": "desk", "organisation": "desk", "organization": "desk", "org": "desk", "company": "desk",
                 "group": "desk", "location": "desk", "spokesperson": "spokesperson"}  # fmt: skip
LONGEST_ROLE, MOST_NAMES = 160, 50


@dataclass
class Record:
    """What a row says, ready to be written.

    `errors` is [{column, message}]: what keeps the row out, unless it has {"note": true}; what is to be mended on the
    card has {"mend": true} besides. `kept` is [(column, text, whether to be mended)] of what stays as it was typed, on
    a sealed note.
    """

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
    notes: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    portrait: str = ""  # base64
    is_private: bool = False  # the whole of it was marked private
    errors: list = field(default_factory=list)

    @property
    def is_bad(self):
        return any(not error.get("note") for error in self.errors)

    @property
    def is_to_mend(self):
        return any(error.get("mend") for error in self.errors)

    @property
    def says_more_than_a_name(self):
        return any((self.channels, self.roles, self.ids, self.notes, self.kept, self.portrait, self.variants))

    def wrong(self, column, message, note=False, mend=False):
        entry = {"column": column, "message": message} | ({"note": True} if note or mend else {})
        entry |= {"mend": True} if mend else {}
        if entry not in self.errors:
            self.errors.append(entry)

    def to_mend(self, column, message, text=""):
        """Something that could not be read: told, and with a text kept as it was typed."""
        self.wrong(column, message, mend=True)
        if text and (column, text, True) not in self.kept:
            self.kept.append((column, text, True))


class Reader:
    """Reads the rows of one file, as its mapping says."""

    def __init__(self, header, targets, options, topics):
        """`options`: {country, month_first, former, notes}; `topics`: {folded name: id} of those there are."""
        self.header, self.targets, self.options, self.topics = header, targets, options, topics
        self.labels = labelling.labels_of(header, targets)
        # A list that names nobody has its columns mixed up; a card without a name is a card all the same.
        self.has_names = any(target in ("name", "full", "given", "family") for target in targets)
        self.left_out = {}  # columns that nothing was read from, and that said something

    def read(self, line, cells, notes=()):
        """A Record of one row's cells."""
        record = Record(line)
        for column, message, bad in notes:
            record.wrong(column, message, note=not bad)
        said, contacts, roles = {}, Contacts(self.options, record), {}
        for n, (column, target, cell) in enumerate(zip(self.header, self.targets, cells, strict=True)):
            cell = self._bare(cell, column, target, record)
            if target == columns.LABEL:
                if (
                    cell
                    and columns.folded_header(column) in ("type", "typ", "label")
                    and not (place_of_label(cell) or number_of_label(cell))
                ):
                    self.left_out[column] = True
                continue
            if target == columns.IGNORED and cell and columns.without_added([column]):
                self.left_out[column] = True
            if target == columns.IGNORED or not cell:
                continue
            kind, _, place = target.partition("/")
            if kind in KINDS or kind == columns.PART:
                label = " ".join(filter(None, (bare_cell(cells[one])[0] for one in self.labels[n])))
                contacts.add(kind, place, cell, column, label)
            elif target.startswith("role"):
                number, _, part = target[4:].partition(".")
                roles.setdefault(number, {})[part] = (column, cell)
            elif target.startswith("id."):
                self._id(target[3:], cell, column, record)
            elif target in (*columns.LISTS, *columns.SEALED):
                getattr(self, f"_{target}")(cell, column, record)
            else:
                said[target] = (column, cell)
        self._scalars(said, record)
        contacts.read()
        self._roles(roles, said, record)
        self._name(said, record)
        return record

    # --- cells ----------------------------------------------------------------------------------------

    def _bare(self, cell, column, target, record):
        """A cell without what spreadsheets put round it, and without control characters."""
        cell, had_controls = bare_cell(cell)
        if target == columns.IGNORED:
            return cell
        if had_controls:
            record.wrong(column, "There was an invisible control character in it. It was taken out.", note=True)
        kind = KINDS.get(target.partition("/")[0])
        if FORMULA.match(cell) and not (kind and (kind.at_sign or kind.holds == NUMBER)):
            record.wrong(column, "It begins like a formula; it was kept as plain text.", note=True)
        return cell

    def _scalars(self, said, record):
        for key, name in SCALARS.items():
            if key not in said:
                continue
            column, cell = said[key]
            value, message = self._scalar(key, cell if key == "short_bio" else " ".join(cell.split()))
            if not message and len(value) > LENGTHS[name]:
                value, message = "", f"Longer than {LENGTHS[name]} characters."
            if message:
                record.to_mend(column, message, cell)
            elif value:
                record.fields[name] = value
        if "uid" in said:
            try:
                record.uid = str(uuid.UUID(re.sub(r"(?i)^urn:uuid:", "", said["uid"][1])))
            except ValueError:
                record.wrong(said["uid"][0], "Not kept: this is no card of ours.", note=True)

    def _scalar(self, key, cell):
        """(a field's value, "") or ("", what is wrong with it)."""
        if key == "country":
            code = country_code(cell)
            return code, "" if code else "There is no such country. A country is two letters, such as JO, or its name."
        if key == "time_zone":
            zone = zones.zone_of(cell)
            return zone, "" if zone else "There is no such time zone. They are named like Asia/Amman."
        if key == "kind":
            return KINDS_OF_CARD.get(cell.casefold(), ""), ""
        return cell, ""

    def _name(self, said, record):
        column, name = said.get("name") or said.get("full") or ("", "")
        if not name:
            parts = [said[key][1] for key in NAME_PARTS if key in said]
            name = " ".join(parts) if "given" in said or "family" in said else ""
        name = " ".join(name.split())
        wanted = ("name", "full", "given", "family")
        column = column or next((c for c, t in zip(self.header, self.targets, strict=True) if t in wanted), "")
        if not name:
            name = self._name_of_the_nameless(column, record)
        if len(name) > LENGTHS["display_name"]:
            record.to_mend(column, f"Longer than {LENGTHS['display_name']} characters: cut there.", name)
            name = name[: LENGTHS["display_name"]].rstrip()
        record.name = name
        if record.fields.get("kind") == "desk":
            self._name_of_organisation(said, record)
        elif "family" in said and "given" in said and "sort_name" not in record.fields:
            record.fields["sort_name"] = f"{said['family'][1]}, {said['given'][1]}"[: LENGTHS["sort_name"]]

    def _name_of_organisation(self, said, record):
        """An organisation is sorted as it is written; whom a card names beside it is kept as typed."""
        record.fields.setdefault("sort_name", record.name)
        person = " ".join(said[key][1] for key in NAME_PARTS if key in said)
        for key in NAME_PARTS:
            record.fields.pop(SCALARS[key], None)
        if person and " ".join(person.split()) != record.name:
            record.kept.append(("Name", person, False))
            record.wrong(
                "Name", "A person is named on the card of an organisation: kept on the sealed note.", note=True
            )

    def _name_of_the_nameless(self, column, record):
        """What a row without a name is called: as they go by, as their house, or as the line of the file."""
        if record.variants:
            return record.variants.pop(0)
        house = next((role["organisation"] for role in record.roles if role["organisation"]), "")
        if house and not any(role["title"] for role in record.roles):
            record.fields["kind"] = "desk"
            return house
        if (self.has_names or self.options.get("unnamed")) and record.says_more_than_a_name:
            said = "There is no name. The card is called after its line in the file."
            record.to_mend(column or "Name", said, "none in the file")
            return f"Without a name, line {record.line}"
        record.wrong(column, "There is no name.")
        return ""

    def _id(self, scheme, cell, column, record):
        value, message = cell.strip(), ""
        if scheme == "orcid":
            try:
                value = normalise_orcid(value)
            except ValidationError as error:
                message = error.messages[0]
        elif scheme == "wikidata":
            value = value.rstrip("/").rpartition("/")[2].upper()
            if not re.fullmatch(r"Q[1-9]\d*", value, re.ASCII):
                message = "A Wikidata id is Q and a number."
        if not message and len(value) > 200:
            message = "Longer than 200 characters."
        if message:
            record.to_mend(column, message, cell)
        else:
            record.ids.append((scheme, value))

    # --- roles ----------------------------------------------------------------------------------------

    def _roles(self, roles, said, record):
        if "chamber" in said:
            title = CHAMBERS.get(said["chamber"][1].casefold(), said["chamber"][1])
            state = said["state"][1] if "state" in said else ""
            words = ", ".join(filter(None, [title, columns.STATES.get(state.upper(), state)]))
            roles = roles | {"1": roles.get("1", {}) | {"title": (said["chamber"][0], words)}}
        for number in sorted(roles):
            if made := self._role(roles[number], record):
                record.roles.append(made)

    def _role(self, parts, record):
        """A role as a row says it, a title or an organisation at the least; None where there is neither."""
        made = {"title": "", "organisation": "", "start": "", "end": "", "is_former": False}
        for part in ("title", "organisation"):
            if part in parts:
                column, cell = parts[part]
                made[part] = " ".join(cell.split())
                if len(made[part]) > LONGEST_ROLE:
                    record.to_mend(column, f"Longer than {LONGEST_ROLE} characters.", cell)
                    made[part] = ""
        for part, key in (("from", "start"), ("until", "end")):
            if part in parts:
                column, cell = parts[part]
                made[key], error = partial_date(cell, month_first=bool(self.options.get("month_first")))
                if error:
                    record.to_mend(column, error, cell)
        if made["start"] and made["end"] and made["end"][: len(made["start"])] < made["start"][: len(made["end"])]:
            column, cell = parts["until"]
            record.to_mend(column, "A role cannot end before it begins.", cell)
            made["end"] = ""
        said_former = "former" in parts and parts["former"][1].casefold() in YES
        made["is_former"] = bool(said_former or self.options.get("former"))
        if made["title"] or made["organisation"]:
            return made
        for part in ("from", "until"):
            if part in parts:
                column, cell = parts[part]
                record.to_mend(column, "A date without a title or an organisation is kept on the sealed note.", cell)
        return None

    # --- lists ----------------------------------------------------------------------------------------

    def _languages(self, cell, column, record):
        for tag in filter(None, re.split(r"[,;\n]\s*|\s+:::\s+", cell)):
            tag = tag.strip()
            if not languages.is_tag(tag):
                record.to_mend(column, "A language is written as ar, or ar-JO.", tag)
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
                record.to_mend(column, "Longer than 160 characters.", text)
            elif len(record.variants) >= MOST_NAMES:
                record.wrong(column, f"There are more than {MOST_NAMES} names; the rest was left out.", note=True)
            elif text not in record.variants:
                record.variants.append(text)

    # --- what is sealed ---------------------------------------------------------------------------------

    def _note(self, cell, column, record):
        if self.options.get("notes") == "leave":
            record.wrong(column, "There is a note; it was left out, as you chose for the file.", note=True)
            return
        record.notes.append(cell)
        taken = (
            "It goes to the sealed note." if self.options.get("notes") == "seal" else "Say below what becomes of it."
        )
        record.wrong(column, f"There is a note. {taken}", note=True)

    def _kept(self, cell, column, record):
        """What a vCard says that the paper has no field for: “NAME: value” lines, as the reader of cards wrote them."""
        for line in cell.split("\n"):
            name, _, text = line.partition(": ")
            record.kept.append((name, text, False))
            record.wrong(name, "Kept as typed, on the sealed note.", note=True)

    def _portrait(self, cell, column, record):
        record.portrait = cell
        record.wrong(column, "There is a photograph. It becomes the portrait, which no reader sees.", note=True)

    def _private(self, cell, column, record):
        if cell.casefold() in PRIVATE:
            record.is_private = True
            record.wrong(column, "It is marked private: all that reaches them is restricted.", note=True)


def country_code(text):
    """The code of a country (ISO 3166-1) from its code or from its English name; "" where there is none."""
    code = text.upper()
    if re.fullmatch(r"[A-Z]{2}", code):
        return {"UK": "GB", "EL": "GR"}.get(code, code)
    return folded_country(text, country_names())
