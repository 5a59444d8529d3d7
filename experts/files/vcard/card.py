"""One card of a vCard file being read: each property goes to a field, is kept as typed, or is named as left out."""

import binascii
import codecs
import re

from .. import places
from . import rest

TEXT = {"UID": "uid", "REV": "revised"}
FIRST_ONLY = {"TZ": "time_zone", "PRONOUNS": "pronouns"}
PARTS = ("family", "given", "additional", "prefix", "suffix", "second_family", "generation")
SPOKEN = ("prefix", "given", "additional", "family", "second_family", "generation", "suffix")
LISTS = {"NICKNAME": "nicknames", "X-NICKNAME": "nicknames", "CATEGORIES": "topics", "EXPERTISE": "topics",
         "LANG": "languages", "X-LANG": "languages"}  # fmt: skip
ESCAPED = re.compile(r"\\([nN,;:\\\"])")
APPLE_LABEL = re.compile(r"^_\$!<(.*)>!\$_$")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
DATA_URI = re.compile(r"(?is)data:[\w/.+-]*(?:;[\w=.-]+)*;base64,(.*)")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]{80,}")
LONGEST_KEPT, MOST_KEPT = 4000, 100  # characters of what is kept as it was typed, and how much of a card is
ENVELOPES = 20  # addresses as written on an envelope, which are compared with the others


def _codec(name):
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return None


class Card:
    """One card being read."""

    def __init__(self, line, properties, found, nested=False):
        """`found` takes what could not be read, and the cards inside this one, unless it is `nested` itself."""
        self.line, self.properties, self.found, self.nested = line, properties, found, nested
        version = next((p.raw.strip().decode("ascii", "replace") for p in properties if p.name == "VERSION"), "")
        self.version = version if version in ("2.1", "3.0", "4.0") else "3.0"
        declared = [codec for p in properties if p.charset and (codec := _codec(p.charset)) and codec != "utf-8"]
        # Programs that name a charset on one line often forget it on the next.
        self.guess = declared[0] if declared else "cp1252"
        self.card = {
            "line": line, "version": version, "uid": "", "kind": "", "name": "", "native_name": "",
            "native_language": "", "nicknames": [], "roles": [], "channels": [], "languages": [], "topics": [],
            "time_zone": "", "pronouns": "", "note": "", "portrait": "", "private": "", "revised": "", "agent_of": "",
            "others": [], "left_out": [], "technical": [], **dict.fromkeys(PARTS, ""),
        }  # fmt: skip
        self.names, self.parts, self.organisations, self.titles, self.labels = [], [], [], [], {}
        self.functions, self.formatted = [], []
        self.guessed = False

    def read(self, bad_lines=()):
        for item in self.properties:
            self._one(item)
        for _, line in bad_lines:
            self._keep("Line that is no property", line.decode("utf-8", "replace").strip())
        self._addresses()
        self._name()
        self._roles()
        for channel in self.card["channels"]:
            self._finish(channel)
        if not self.card["name"]:
            self.found.trouble(self.line, "the card that begins here has no name.")
        return self.card

    def _one(self, item):
        take = getattr(self, "_take_" + item.name.lower().replace("-", "_"), None)
        if not item.raw.strip(b" \t\0;"):
            return  # it says nothing
        if take:
            take(item)
        elif item.name in TEXT:
            self.card[TEXT[item.name]] = self.card[TEXT[item.name]] or self._text(item)
            self._technical(item.name)
        elif item.name in FIRST_ONLY and not self.card[FIRST_ONLY[item.name]]:
            self.card[FIRST_ONLY[item.name]] = self._text(item)
        elif item.name in LISTS:
            values = [self._plain(piece) for piece in self._split(self._decoded(item), ",")]
            self.card[LISTS[item.name]] += [value for value in values if value]
        elif item.name in rest.CHATS:
            self._chat(self._text(item), [rest.CHATS[item.name]], item)
        elif item.name in rest.TECHNICAL:
            self._technical(item.name)
        elif item.name in rest.LEFT_OUT:
            self._left_out(rest.LEFT_OUT[item.name])
        else:
            self._other(item)

    def _technical(self, name):
        if name not in self.card["technical"]:
            self.card["technical"].append(name)

    def _left_out(self, words):
        if words not in self.card["left_out"]:
            self.card["left_out"].append(words)

    def _keep(self, name, text):
        """What has no field of its own, kept as typed."""
        text = " ".join(text.split())
        if len(self.card["others"]) >= MOST_KEPT:
            self._left_out(f"What came after {MOST_KEPT} things without a field")
        elif len(text) > LONGEST_KEPT:
            self._left_out(f"{name} of more than {LONGEST_KEPT:,} characters")
        elif text and (name, text) not in self.card["others"]:
            self.card["others"].append((name, text))

    def _other(self, item):
        name = item.name[:60]
        if item.encoding == "b64":
            self._left_out(f"{name}, which is no text,")
        else:
            self._keep(name, self._text(item))

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
        parts = self._components(item)
        if parts[0].count(";") >= 2 and not any(parts[1:]):
            parts = [part.strip() for part in parts[0].split(";")]  # a program that escaped what divides them
        self.parts.append(parts)

    def _take_org(self, item):
        parts = list(filter(None, (self._plain(part) for part in self._split(self._decoded(item), ";"))))
        if parts:
            self.organisations.append((item.group, parts[0]))
            self._keep("Part of the organisation", "; ".join(parts[1:]))

    def _take_title(self, item):
        self.titles.append((item.group, self._text(item)))

    def _take_role(self, item):
        self.functions.append((item.group, self._text(item)))

    def _take_note(self, item):
        self.card["note"] = "\n\n".join(filter(None, [self.card["note"], self._text(item)]))

    def _take_kind(self, item):
        if self._text(item).casefold() in ("org", "group", "location", "company", "organization"):
            self.card["kind"] = "desk"

    _take_x_addressbookserver_kind = _take_kind

    def _take_x_abshowas(self, item):
        if self._text(item).casefold() == "company":
            self.card["kind"] = "desk"

    def _take_class(self, item):
        if self._text(item).casefold() in ("private", "confidential"):
            self.card["private"] = "yes"

    def _take_photo(self, item):
        """A picture inside the card; one that stands elsewhere is never fetched, and its address is kept."""
        raw = item.raw.decode("ascii", "ignore")
        match = DATA_URI.fullmatch(raw.strip())
        data = match[1] if match else raw if item.encoding == "b64" or BASE64.fullmatch(raw.strip()) else ""
        data = re.sub(r"[^A-Za-z0-9+/=]", "", data)
        if not data:
            self._keep("Photograph elsewhere, which was not fetched", self._text(item))
        elif self.card["portrait"]:
            self._left_out("Another photograph")
        else:
            self.card["portrait"] = data

    def _take_x_ablabel(self, item):
        text = self._text(item)
        match = APPLE_LABEL.match(text)
        self.labels[item.group] = match[1] if match else text

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

    def _take_label(self, item):
        """An address as it is written on an envelope: the same as ADR on most cards, and all there is on others."""
        if len(self.formatted) < ENVELOPES:
            self.formatted.append(item)
        else:
            self._left_out("Another LABEL")

    def _take_socialprofile(self, item):
        self._chat(self._text(item), item.types, item)

    _take_x_socialprofile = _take_impp = _take_socialprofile

    def _chat(self, value, services, item):
        if value:
            kind, value = rest.chat_of(value, services)
            self._channel(kind, value, item)

    def _take_agent(self, item):
        """In 3.0 an assistant's card stands inside the value, escaped."""
        text = ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], self._decoded(item))
        if self.nested or not re.match(r"(?i)begin\s*:\s*vcard", text):
            self._keep("AGENT", text)
        else:
            self.found.read_inside(item.line, text.encode(), self.names[0][0] if self.names else "the card around it")

    def _addresses(self):
        for item in self.formatted:
            text = ", ".join(filter(None, (" ".join(line.split()) for line in self._text(item).split("\n"))))
            words = set(re.findall(r"\w+", text.casefold()))
            if not any(
                words <= set(re.findall(r"\w+", channel["value"].casefold()))
                for channel in self.card["channels"] if channel["kind"] == "postal"
            ):  # fmt: skip
                self._channel("postal", text, item)

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
        number = places.number_of_label(" ".join([*types, label])) if channel["kind"] == "phone" else ""
        channel["kind"] = number or channel["kind"]
        channel["label"] = places.place_of_types(channel["types"], label)
        said = places.folded_label(label)
        if said and not channel["label"] and not number and said not in rest.PLAIN_LABELS:
            self._keep(f"Label of {channel['kind']}", label)

    def _name(self):
        card = self.card
        guessed = any(item.name == "X-NAME-GUESSED" for item in self.properties)  # by our own writer
        if self.parts and not (guessed and self.names):
            for key, value in zip(PARTS, self.parts[0], strict=False):
                card[key] = " ".join(value.split())
        if self.names:
            card["name"] = self.names[0][0]
            for text, language in self.names[1:]:
                if text == card["name"]:
                    continue
                if not card["native_name"] and (language or not LATIN.search(text)):
                    card["native_name"], card["native_language"] = text, language
                elif text not in card["nicknames"]:
                    card["nicknames"].append(text)
        if not card["name"]:
            card["name"] = " ".join(filter(None, (card[key] for key in SPOKEN)))
        for parts in self.parts[1:]:
            if parts != self.parts[0]:
                self._keep("Another name", " ".join(filter(None, parts)))
        if not card["name"] and card["nicknames"]:
            card["name"] = card["nicknames"].pop(0)
        if not card["name"] and self.organisations:
            card["name"], card["kind"] = self.organisations[0][1], "desk"

    def _roles(self):
        """Titles with their organisations: by the group they share or both lack, else in the order they come."""
        free = list(self.organisations)
        titles = self.titles or self.functions
        paired = {}
        for n, (group, _) in enumerate(titles):
            if mine := next((o for o in free if o[0] == group), None):
                free.remove(mine)
                paired[n] = mine[1]
        for n, (group, title) in enumerate(titles):
            # Two groups are two roles; where only one of the two is in a group, they are one.
            mine = next((o for o in free if not (group and o[0])), None) if n not in paired else None
            if mine:
                free.remove(mine)
                paired[n] = mine[1]
            self.card["roles"].append({"title": title, "organisation": paired.get(n, "")})
        self.card["roles"] += [{"title": "", "organisation": name} for _, name in free]
        said = [title.casefold() for _, title in titles]
        more = [title for _, title in self.functions if title.casefold() not in said]
        self.card["roles"] += [{"title": title, "organisation": ""} for title in more]
        self.card["roles"] = [role for role in self.card["roles"] if role["title"] or role["organisation"]]


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
