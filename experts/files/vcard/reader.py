"""Cards out of a vCard file, of whatever program and year. One bad card never costs the others.

Our own, because the libraries there are stop at the first line they do not expect: docs/experts-in-and-out.md.
"""

import binascii
import codecs
import re
from dataclasses import dataclass, field

from ...channels import KINDS
from . import lines

KEPT_PROBLEMS = 200
TEXT = {
    "UID": "uid", "KIND": "kind", "TZ": "time_zone", "NOTE": "note", "REV": "revised", "PRONOUNS": "pronouns",
}  # fmt: skip
PARTS = ("family", "given", "additional", "prefix", "suffix", "second_family", "generation")
LISTS = {"NICKNAME": "nicknames", "CATEGORIES": "topics", "LANG": "languages", "X-LANG": "languages"}
ESCAPED = re.compile(r"\\([nN,;:\\\"])")
APPLE_LABEL = re.compile(r"^_\$!<(.*)>!\$_$")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


@dataclass
class Cards:
    """What a file held: the cards, and a line for each thing that could not be read, with its line number."""

    cards: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    def trouble(self, number, words):
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(f"Line {number}: {words}")
        elif len(self.problems) == KEPT_PROBLEMS:
            self.problems.append("There is more that could not be read; mend this first.")


def read(data):
    """The cards of a file given as bytes. Never raises: what cannot be read is among the `problems`.

    A card is {line, version, uid, kind, name, prefix, given, additional, family, second_family, generation, suffix,
    native_name, native_language, nicknames, roles [{title, organisation}], channels [{kind, value, label,
    preference, types}], languages, topics, time_zone, pronouns, note, revised, agent_of}; what it does not say is "",
    an empty list or None. A birthday is not read: the paper has no use for it.
    """
    found = Cards()
    _gather(lines.properties(lines.split(lines.in_one_charset(data))), found)
    if not found.cards:
        found.trouble(1, "there is no card in this file: none begins with BEGIN:VCARD.")
    found.cards.sort(key=lambda card: card["line"])
    return found


def _gather(properties, found):
    """Sort properties into cards, a card inside AGENT into one of its own."""
    open_cards, outside, agent = [], False, False
    for item, bad_line in properties:
        if item is None:
            if open_cards:
                found.trouble(bad_line, "this is no property of a card, and was left out.")
            elif not outside:
                found.trouble(bad_line, "this stands outside of any card, and was left out.")
                outside = True
            continue
        is_edge = item.raw.strip().lower() == b"vcard"
        if item.name == "BEGIN" and is_edge:
            if open_cards and not agent:
                found.trouble(item.line, f"the card that begins on line {open_cards[-1][0]} has no END:VCARD.")
                _close(open_cards, found)
            open_cards.append((item.line, []))
            outside = agent = False
        elif item.name == "END" and is_edge and open_cards:
            _close(open_cards, found)
        elif open_cards:
            agent = item.name == "AGENT" and not item.raw.strip()
            open_cards[-1][1].append(item)
        elif not outside:
            found.trouble(item.line, "this stands outside of any card, and was left out.")
            outside = True
    while open_cards:
        found.trouble(open_cards[-1][0], "the card that begins here has no END:VCARD.")
        _close(open_cards, found)


def _close(open_cards, found):
    line, properties = open_cards.pop()
    card = Card(line, properties, found).read()
    if open_cards:
        above = next((p for p in open_cards[-1][1] if p.name == "FN"), None)
        card["agent_of"] = above.raw.decode("utf-8", "replace") if above else "the card around it"
    found.cards.append(card)


def _codec(name):
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None


class Card:
    """One card being read."""

    def __init__(self, line, properties, found):
        self.line, self.properties, self.found = line, properties, found
        version = next((p.raw.strip().decode("ascii", "replace") for p in properties if p.name == "VERSION"), "")
        self.version = version if version in ("2.1", "3.0", "4.0") else "3.0"
        declared = [codec for p in properties if p.charset and (codec := _codec(p.charset)) and codec != "utf-8"]
        # Programs that name a charset on one line often forget it on the next.
        self.guess = declared[0] if declared else "cp1252"
        self.card = {
            "line": line, "version": version, "uid": "", "kind": "", "name": "", "native_name": "",
            "native_language": "", "nicknames": [], "roles": [], "channels": [], "languages": [], "topics": [],
            "time_zone": "", "pronouns": "", "note": "", "revised": "", "agent_of": "", **dict.fromkeys(PARTS, ""),
        }  # fmt: skip
        self.names, self.parts, self.organisations, self.titles, self.labels = [], [], [], [], {}
        self.guessed = False

    def read(self):
        for item in self.properties:
            self._one(item)
        self._name()
        self._roles()
        for channel in self.card["channels"]:
            self._finish(channel)
        if not self.card["name"]:
            self.found.trouble(self.line, "the card that begins here has no name.")
        return self.card

    def _one(self, item):
        take = getattr(self, "_take_" + item.name.lower().replace("-", "_"), None)
        if take:
            take(item)
        elif item.name in TEXT:
            self.card[TEXT[item.name]] = self.card[TEXT[item.name]] or self._text(item)
        elif item.name in LISTS:
            values = [self._plain(piece) for piece in self._split(self._decoded(item), ",")]
            self.card[LISTS[item.name]] += [value for value in values if value]

    # --- values ---------------------------------------------------------------------------------------

    def _decoded(self, item):
        """A value as text, its escapes still in it."""
        raw = item.raw
        if item.encoding == "qp":
            raw = binascii.a2b_qp(re.sub(rb"=3[bB]", rb"\\;", raw))
        elif item.encoding == "b64":
            try:
                raw = binascii.a2b_base64(raw)
            except binascii.Error:
                self.found.trouble(item.line, f"{item.name} is said to be base64 and is not.")
                return ""
        text = self._in_charset(raw, item)
        return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n\0 ")

    def _in_charset(self, raw, item):
        codec = _codec(item.charset) if item.charset else None
        if item.charset and codec is None:
            self.found.trouble(item.line, "it names a charset that nobody knows; read as UTF-8.")
        for name in filter(None, [codec, "utf-8"]):
            try:
                return raw.decode(name)
            except (UnicodeError, LookupError, TypeError, AttributeError):
                continue  # LookupError: a codec that is not for text
        if codec == "utf-8":
            # Said to be UTF-8 and not quite: a program cut the text in the middle of a letter.
            self.found.trouble(item.line, "some bytes are not the UTF-8 they are said to be, and were replaced.")
            return raw.decode(codec, "replace")
        if not self.guessed:
            self.guessed = True
            self.found.trouble(item.line, f"these bytes are not UTF-8; read as {self.guess}, so look at the accents.")
        try:
            return raw.decode(self.guess)
        except (UnicodeError, LookupError, TypeError):
            return raw.decode("latin-1")

    def _split(self, text, sign):
        """At each sign that no backslash stands before."""
        return _careful(text, sign) if "\\" in text else text.split(sign)

    def _plain(self, text):
        return ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], text).strip()

    def _text(self, item):
        return self._plain(self._decoded(item))

    def _components(self, item):
        """Parts between semicolons; in 3.0 and later, several values of one part have commas between."""
        parts = self._split(self._decoded(item), ";")
        if self.version == "2.1":
            return [self._plain(part) for part in parts]
        return [" ".join(filter(None, map(self._plain, self._split(part, ",")))) for part in parts]

    # --- properties -----------------------------------------------------------------------------------

    def _take_fn(self, item):
        if text := " ".join(self._text(item).split()):
            self.names.append((text, item.language))

    def _take_x_native_name(self, item):
        self.card["native_name"] = " ".join(self._text(item).split())
        self.card["native_language"] = item.language

    def _take_n(self, item):
        self.parts.append(self._components(item))

    def _take_org(self, item):
        parts = [self._plain(part) for part in self._split(self._decoded(item), ";")]
        self.organisations.append((item.group, next(filter(None, parts), "")))

    def _take_title(self, item):
        self.titles.append((item.group, self._text(item)))

    def _take_x_ablabel(self, item):
        text = self._text(item)
        match = APPLE_LABEL.match(text)
        self.labels[item.group] = (match[1] if match else text).lower()

    def _take_tel(self, item):
        value = self._text(item)
        if value.lower().startswith("tel:"):
            value, _, rest = value[4:].partition(";")
            if extension := re.search(r"(?i)ext=([\d*#-]+)", rest):
                value += f" ext. {extension[1]}"
        self._channel("phone", value, item)

    def _take_email(self, item):
        self._channel("email", re.sub(r"(?i)^mailto:", "", self._text(item)), item)

    def _take_url(self, item):
        self._channel("web", self._text(item), item)

    def _take_adr(self, item):
        parts = [" ".join(self._plain(part).split()) for part in self._split(self._decoded(item), ";")]
        self._channel("postal", ", ".join(filter(None, (part.strip(", ") for part in parts))), item)

    def _take_socialprofile(self, item):
        if kind := next(filter(None, map(_kind_of_service, item.types)), ""):
            self._channel(kind, self._text(item), item)

    _take_x_socialprofile = _take_impp = _take_socialprofile

    def _take_agent(self, item):
        """In 3.0 an assistant's card stands inside the value, escaped."""
        text = ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], self._decoded(item))
        if not re.match(r"(?i)begin\s*:\s*vcard", text) or getattr(self, "nested", False):
            return
        inner = Cards()
        numbered = [(item.line, line) for _, line in lines.split(text.encode())]
        _gather(lines.properties(numbered), inner)
        for card in inner.cards:
            self.found.cards.append(card | {"agent_of": self.names[0][0] if self.names else "the card around it"})
        self.found.problems += inner.problems[: max(0, KEPT_PROBLEMS - len(self.found.problems))]

    def _channel(self, kind, value, item):
        if value:
            self.card["channels"].append(
                {"kind": kind, "value": value, "label": "", "preference": item.preference, "types": list(item.types),
                 "group": item.group}
            )  # fmt: skip

    # --- once all is known ----------------------------------------------------------------------------

    def _finish(self, channel):
        """Which phone it is, and whose, from its types and from the label that Apple's cards add."""
        types, label = set(channel["types"]), self.labels.get(channel.pop("group"), "")
        if channel["kind"] == "phone":
            if "fax" in types or "fax" in label:
                channel["kind"] = "fax"
            elif "pager" in types:
                channel["kind"] = "pager"
            elif types & {"cell", "mobile", "iphone"} or "mobile" in label:
                channel["kind"] = "mobile"
        if "assistant" in label or types & {"assistant", "x-assistant"}:
            channel["label"] = "assistant"
        elif "home" in types or "home" in label:
            channel["label"] = "home"
        elif "work" in types or "work" in label:
            channel["label"] = "work"
        elif types & {"press", "x-press"} or "press" in label:
            channel["label"] = "press office"

    def _name(self):
        card = self.card
        guessed = any(item.name == "X-NAME-GUESSED" for item in self.properties)  # by our own writer
        if self.parts and not (guessed and self.names):
            for key, value in zip(PARTS, self.parts[0], strict=False):
                card[key] = " ".join(value.split())
        if self.names:
            card["name"] = self.names[0][0]
            for text, language in self.names[1:]:
                if text != card["name"] and not card["native_name"] and (language or not LATIN.search(text)):
                    card["native_name"], card["native_language"] = text, language
        if not card["name"]:
            said = ("prefix", "given", "additional", "family", "second_family", "generation", "suffix")
            card["name"] = " ".join(filter(None, (card[key] for key in said)))
        if not card["name"]:
            organisation = next((name for _, name in self.organisations if name), "")
            card["name"] = next(iter(card["nicknames"]), "") or organisation

    def _roles(self):
        """Titles with their organisations: by the group they share, else in the order they come."""
        free = list(self.organisations)
        for group, title in self.titles:
            same = next((o for o in free if group and o[0] == group), None)
            mine = same or next((o for o in free if not (group and o[0])), None) or (free[0] if free else None)
            if mine:
                free.remove(mine)
            self.card["roles"].append({"title": title, "organisation": mine[1] if mine else ""})
        self.card["roles"] += [{"title": "", "organisation": name} for _, name in free]
        self.card["roles"] = [role for role in self.card["roles"] if role["title"] or role["organisation"]]


def _kind_of_service(name):
    """The kind of channel that a social profile's service is; "" for one that we do not keep."""
    return next((kind for kind, row in KINDS.items() if not row.vcard and name in (kind, *row.services)), "")


def _careful(text, sign):
    """Split at a sign, stepping over what a backslash escapes."""
    pieces, current, escaped = [], [], False
    for character in text:
        if character == sign and not escaped:
            pieces.append("".join(current))
            current = []
            continue
        current.append(character)
        escaped = character == "\\" and not escaped
    return [*pieces, "".join(current)]
