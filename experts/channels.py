"""The kinds of ways to reach somebody: one table, a row a kind, which forms, links, imports and vCards read.

Another kind is another row here; nothing else in the house lists them.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

# What a channel of a kind holds.
NUMBER, NUMBER_OR_NAME, EMAIL, WEB, POSTAL, HANDLE = "number", "number or name", "email", "web", "postal", "handle"
LABELS = [("", "—"), ("work", "Work"), ("home", "Home"), ("assistant", "Assistant"), ("press office", "Press office")]
LONGEST = 300  # characters of a number or address
LOOKS_LIKE_NUMBER = re.compile(r"[\s+\d().\-/]{5,}")
UNREAD = "?"  # what a number or address that nobody could read is matched by: this, and what was typed
NO_COUNTRY = "Begin it with + and the country's code: nothing else says which country it is in."
LINKABLE = ("https://", "http://", "mailto:", "tel:")  # what a public page may link to


@dataclass(frozen=True)
class Kind:
    """One kind of channel.

    label         what people read
    holds         NUMBER, NUMBER_OR_NAME, EMAIL, WEB, POSTAL or HANDLE: how it is normalised, matched and labelled
    links         (address, what it does) of the desk's links; {value} is the normalised value, {digits} its digits
    name_links    the same for a NUMBER_OR_NAME that holds a name
    public        the address that a reader's page links to; "" for none
    headers       (pattern of an import's header, label): headers of other programs, as `columns.folded_header` folds
                  them; our own header is the label and needs no line
    vcard         the vCard property; "" for a social profile
    vcard_types   TYPE parameters that it is written with
    services      names of a social profile's service in vCards that mean this kind, besides its own name
    profile       pattern of a profile's address without https://; `name` in it is what is kept, with `@host` if there
                  is such a group
    at_sign       whether people write it with @ in front
    tells_person  whether a row of an import that shares it is taken to be about the same person
    """

    label: str
    holds: str
    links: tuple = ()
    name_links: tuple = ()
    public: str = ""
    headers: tuple = ()
    vcard: str = ""
    vcard_types: tuple = ()
    services: tuple = ()
    profile: str = ""
    at_sign: bool = False
    tells_person: bool = False

    @property
    def may_be_number(self):
        return self.holds in (NUMBER, NUMBER_OR_NAME)


# The name, of at most ten characters, is what the database keeps and what a vCard calls the service.
KINDS = {
    "mobile": Kind(
        "Mobile", NUMBER, (("tel:{value}", "Call"), ("sms:+{digits}", "Text")), public="tel:{value}",
        headers=((r"(?:mobile|cell)(?: phone| number| telephone)?|cellphone|handy", ""), (r"work mobile", "work")),
        vcard="TEL", vcard_types=("CELL",), tells_person=True,
    ),
    "phone": Kind(
        "Phone", NUMBER, (("tel:{value}", "Call"),), public="tel:{value}",
        headers=(
            (r"(?:business|work|office|company main|primary|main) (?:phone|telephone)(?: \d)?", "work"),
            (r"home (?:phone|telephone)(?: \d)?", "home"),
            (r"assistant'?s? (?:phone|telephone)", "assistant"),
            (r"(?:other |car |radio )?(?:phone|telephone|tel)(?: number)?(?: \d+)?(?: value)?|callback", ""),
        ),
        vcard="TEL", vcard_types=("VOICE",), tells_person=True,
    ),
    "email": Kind(
        "E-mail", EMAIL, (("mailto:{value}", "Write"),), public="mailto:{value}",
        headers=(
            (r"work e ?mail", "work"), (r"home e ?mail|personal e ?mail", "home"),
            (r"(?:primary |secondary |additional )?e ?mail(?: \d+)?(?: (?:value|address))?|mail", ""),
        ),
        vcard="EMAIL", tells_person=True,
    ),
    "signal": Kind("Signal", NUMBER_OR_NAME, (("https://signal.me/#p/+{digits}", "Signal"),), tells_person=True),
    "whatsapp": Kind("WhatsApp", NUMBER_OR_NAME, (("https://wa.me/{digits}", "WhatsApp"),), tells_person=True),
    "telegram": Kind(
        "Telegram", NUMBER_OR_NAME, (("https://t.me/+{digits}", "Telegram"),),
        name_links=(("https://t.me/{value}", "Telegram"),), public="https://t.me/{value}", at_sign=True,
    ),
    "x": Kind(
        "X", HANDLE, (("https://x.com/{value}", "Open"),), public="https://x.com/{value}",
        headers=((r"twitter", ""),), services=("twitter",), profile=r"(?:x|twitter)\.com/(?P<name>.*)", at_sign=True,
    ),
    "bluesky": Kind(
        "Bluesky", HANDLE, (("https://bsky.app/profile/{value}", "Open"),), public="https://bsky.app/profile/{value}",
        profile=r"bsky\.app/profile/(?P<name>.*)", at_sign=True,
    ),
    "web": Kind(
        "Web page", WEB, (("{value}", "Open"),), public="{value}",
        headers=((r"web page(?: \d)?|website(?: \d+ value)?|url|homepage|personal web page", ""),), vcard="URL",
    ),
    "chat": Kind(
        "Chat", HANDLE,
        headers=((r"im \d+ value", ""),), vcard="IMPP",
    ),
    "postal": Kind(
        "Postal address", POSTAL,
        headers=(
            (r"(?:work|business|office) address", "work"), (r"home address", "home"),
            (r"address(?: \d+ formatted)?", ""),
        ),
        vcard="ADR",
    ),
}  # fmt: skip


def kind_choices():
    """The kinds as a field's choices; a function, so that another kind is no change of the database."""
    return [(name, kind.label) for name, kind in KINDS.items()]


def number_kinds():
    """Names of the kinds that may hold a telephone number."""
    return [name for name, kind in KINDS.items() if kind.may_be_number]


def holds_number(kind, normalized):
    """Whether a normalised channel is a telephone number, of whatever kind."""
    return KINDS[kind].may_be_number and normalized.startswith("+")


def digest_family(kind, normalized):
    """The one name under which all ways of using a number are matched; any other kind's own name."""
    return "number" if kind in KINDS and (KINDS[kind].holds == NUMBER or holds_number(kind, normalized)) else kind


def guess_kind(raw):
    """What kind of number or address somebody typed: an e-mail address, a web page, else a telephone number."""
    raw = raw.strip()
    if "@" in raw:
        return "email" if re.fullmatch(r"[^@\s]+@[^@\s]+", raw) else "x"
    return "web" if re.match(r"(https?://|www\.)", raw, re.IGNORECASE) else "phone"


def as_typed(raw):
    """What a number or address that nobody could read is matched by; it is on the card, to be mended, unlinked."""
    return UNREAD + " ".join(raw.casefold().split())


def is_to_mend(normalized):
    return normalized.startswith(UNREAD)


# --- links ---------------------------------------------------------------------------------------


def _filled_in(address, value):
    digits = re.sub(r"\D", "", value.partition(";")[0])
    name, _, host = value.partition("@")
    return address.format(value=value, digits=digits, name=name, host=host)


def desk_links(kind, normalized):
    """[(address, what it does)] of the links that ring or write to a channel."""
    row = KINDS[kind]
    if is_to_mend(normalized):
        return []
    is_name = row.holds == NUMBER_OR_NAME and not holds_number(kind, normalized)
    return [(_filled_in(address, normalized), does) for address, does in (row.name_links if is_name else row.links)]


def public_link(kind, normalized):
    """The address that a reader's page links a channel to, or ""."""
    known = kind in KINDS and not is_to_mend(normalized)
    url = _filled_in(KINDS[kind].public, normalized) if known else ""
    return url if url.startswith(LINKABLE) else ""


# --- normalising ---------------------------------------------------------------------------------


def normalise(kind, raw, country=""):
    """(what a number or address is matched by, "") or ("", what is wrong with it); a message never repeats it.

    A number becomes E.164, with `;ext=` where it has an extension, whatever digits it is written in. An e-mail
    address is in small letters with its domain as the network writes it. `country` (ISO 3166-1) reads numbers
    written as people at home write them. A kind that is not in the table is read as the name of an account.
    """
    text = "".join(c for c in unicodedata.normalize("NFC", raw or "") if unicodedata.category(c) != "Cf").strip()
    if not text:
        return "", "Write the number or address."
    if len(text) > LONGEST:
        return "", "That is longer than any number or address: 300 characters at most."
    if any(unicodedata.category(c) == "Cc" for c in text.replace("\n", "").replace("\r", "").replace("\t", "")):
        return "", "There is an invisible control character in it. Take it out."
    row = KINDS.get(kind, Kind(kind, HANDLE))
    looks_like_number = LOOKS_LIKE_NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    if row.holds == NUMBER or (row.holds == NUMBER_OR_NAME and looks_like_number):
        return _number(text, country)
    if row.holds == EMAIL:
        return _email(text)
    if row.holds == WEB:
        return _web(text)
    if row.holds == POSTAL:
        return " ".join(text.casefold().split()), ""
    return _account(row, text)


def _number(text, country):
    text = re.sub(r"^tel:", "", text, flags=re.IGNORECASE)
    digits = unicodedata.normalize("NFKC", text)
    if digits.startswith("00"):
        text = "+" + digits[2:]
    try:
        number = phonenumbers.parse(text, (country or "").upper() or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == error.INVALID_COUNTRY_CODE and not country:
            return "", NO_COUNTRY
        return "", "This is no telephone number."
    if not phonenumbers.is_possible_number(number):
        return "", "A telephone number there has another length. Is a digit missing, or one too many?"
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return (f"{plain};ext={number.extension}" if number.extension else plain), ""


def _email(text):
    local, _, domain = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).rpartition("@")
    try:
        domain = domain.strip(".").encode("idna").decode("ascii")
        validate_email(f"{local}@{domain}" if local.isascii() else f"x@{domain}")
    except (UnicodeError, ValidationError):
        return "", "This is no e-mail address."
    if not local or re.search(r"[\s@<>]", local):
        return "", "This is no e-mail address."
    return f"{local}@{domain}".lower(), ""


def _web(text):
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return "", "This is no web address."
    start, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{start.lower()}://{host.lower()}{slash}{path}".rstrip("/"), ""


def _account(row, text):
    """The name of an account, from the name or from the address of its profile."""
    name = re.sub(r"^https?://(www\.)?", "", text, flags=re.IGNORECASE)
    if row.profile and (match := re.fullmatch(row.profile, name, re.IGNORECASE)):
        groups = match.groupdict()
        name = f"{groups['name']}@{groups['host']}" if groups.get("host") else groups["name"]
    name = name.strip("/").lstrip("@").lower()
    return (name, "") if name else ("", "Write the name they go by there.")
