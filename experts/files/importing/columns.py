"""What a column of a file is: headers of the programs that people's lists come from, and our own.

A mapping is a list with one target a column. Guessed once, mended by a person, and remembered for every file with the
same header.
"""

import hashlib
import re

from ...channels import KINDS, LABELS, POSTAL
from .. import places

ROLES = 3
IGNORED = ""
LABEL = "label"  # what a column beside it holds is a mobile, at work and so on: Google's way
PART = "part"  # a street or a town: all of one place make one address
PRIVATE = "private"  # the whole contact is marked private: everything that reaches them is restricted

# Our own columns of one cell, by what a card calls them.
SCALARS = {
    "name": "Name", "sort_name": "Sorted as", "native_name": "Name in its own script",
    "native_language": "Language of that script", "prefix": "Before the name", "given": "Given name",
    "additional": "Middle names", "family": "Family name", "second_family": "Second family name",
    "generation": "Generation", "suffix": "After the name", "pronunciation": "Pronunciation", "pronouns": "Pronouns",
    "city": "City", "country": "Country", "time_zone": "Time zone", "short_bio": "Short biography", "uid": "Card",
    "kind": "Kind",
}  # fmt: skip
# What of a card is sealed, or a file: a list never has it on the way out.
SEALED = {"note": "Note", "kept": "Kept as typed", "portrait": "Portrait", PRIVATE: "Private"}
LISTS = {"variants": "Also known as", "languages": "Languages", "topics": "Topics"}
IDS = {"orcid": "ORCID", "wikidata": "Wikidata", "isni": "ISNI", "viaf": "VIAF", "scopus": "Scopus",
       "bioguide": "Bioguide"}  # fmt: skip
ROLE = {"title": "Title", "organisation": "Organisation", "from": "From", "until": "Until", "former": "Former"}
OURS = ("errors", "file line")  # what a file of failed rows adds


def role_header(part, number=1):
    """Our column for a part of the first, second or third role."""
    return ROLE[part] if number == 1 else f"{ROLE[part]} {number}"


def channel_header(kind, label=""):
    """Our column for channels of a kind; several stand in one cell, a line each."""
    label = label if label in dict(LABELS) else ""
    return f"{KINDS[kind].label} ({label})" if label else KINDS[kind].label


def separator(kind):
    """What stands between several values of a kind in one cell: an address has line breaks of its own."""
    return " ::: " if KINDS[kind].holds == POSTAL else "\n"


def target_of_role(part, number=1):
    return f"role{number}.{part}"


def target_of_channel(kind, label=""):
    return f"{kind}/{label}" if label else kind


def own_headers():
    """{our header: its target} of every column that our exports write, in their order."""
    return (
        {name: key for key, name in SCALARS.items()}
        | {role_header(part, n): target_of_role(part, n) for n in range(1, ROLES + 1) for part in ROLE}
        | {channel_header(kind, label): target_of_channel(kind, label) for kind in KINDS for label, _ in LABELS}
        | {name: key for key, name in LISTS.items()}
        | {name: f"id.{key}" for key, name in IDS.items()}
        | {name: key for key, name in SEALED.items()}
    )


def target_names():
    """{target: what people read for it}: our own header, and what the targets without a column of ours mean."""
    return {target: name for name, target in own_headers().items()} | {
        LABEL: "What the column beside it is (mobile, work …)",
        PART: "Part of an address",
        f"{PART}/home": "Part of an address (home)",
        f"{PART}/work": "Part of an address (work)",
        "full": "Name, if there is no better one",
        "chamber": "Chamber: sen or rep",
        "state": "Name of a state, for the title",
    }


def target_choices():
    """The targets as a form's choices, the first for a column that is left out."""
    return [(IGNORED, "(left out)"), *target_names().items()]


# Headers of others, folded by `folded_header`. The first that fits counts.
KNOWN = [(re.compile(f"^(?:{pattern})$"), target) for pattern, target in (
    # names
    (r"name|full name|display name|expert|fn", "name"),
    (r"file as|sort name|sort as", "sort_name"),
    (r"given name|first name|first|forename|vorname|prenom|nombre|voornaam|fornamn|imie", "given"),
    (r"additional name|middle name|middle|middle names|zweiter vorname|deuxieme prenom|segundo nombre", "additional"),
    (r"family name|last name|surname|last|nachname|nom|nom de famille|apellidos?|cognome|achternaam|efternamn|nazwisko",
     "family"),
    (r"name prefix|prefix|salutation|honorific", "prefix"),
    (r"name suffix|suffix", "suffix"),
    (r"nickname|alias|also known as", "variants"),
    (r"native name|arabic name|name ar|name in arabic", "native_name"),
    (r"pronouns", "pronouns"),
    # roles
    (r"job title|organization(?: 1)? title|title|position|role|jobtitle|funktion|beruf|fonction|cargo|puesto",
     "role1.title"),
    (r"organization(?: 1)? name|organization|organisation|company|companies|employer|institution|affiliation|org|firma"
     r"|societe|entreprise|empresa|organizacion|azienda", "role1.organisation"),
    (r"role from|from|start|start date|since", "role1.from"),
    (r"role until|until|end|end date|to", "role1.until"),
    # ways to reach them; their own headers stand in the table of channel kinds
    (r"(?:e ?mail|website|phone|im|address) \d+ (?:type|label|service)", LABEL),
    (r"(?:(?:e ?mail|mail|phone|tel|telephone|telefon|mobile|contact|address|postal address|adresse?|adress?)"
     r"(?: address| number)? )?(?:\d+ )?(?:type|typ|label)(?: \d+)?"
     r"|(?:e ?mail|phone|telephone|address) (?:\d+ )?(?:location|category|kind)"
     r"|(?:type|kind) of (?:address|phone|e ?mail)|home (?:or )?work|work (?:or )?home", LABEL),
    (r"address \d+ (?:street|city|po box|region|postal code|country|extended address)", PART),
    (r"private|privat|prive|privado|sensitivity|vertraulichkeit|diffusion", PRIVATE),
    (r"notes?|comments?|notizen?|bemerkung(?:en)?|kommentar|remarques?|commentaires?|notas?|observaciones", "note"),
    # the rest
    (r"city|town", "city"), (r"country|country region|country code", "country"), (r"time ?zone", "time_zone"),
    (r"languages?", "languages"), (r"topics?|expertise|subjects?", "topics"),
    (r"bio|short bio", "short_bio"), (r"uid|card", "uid"),
    *((rf"{key}(?: id)?", f"id.{key}") for key in IDS),
)]  # fmt: skip
CONGRESS = {"type": "chamber", "state": "state", "full name": "full", "address": "postal/work", "phone": "phone/work"}


def folded_header(header):
    """A header as it is compared: small letters, one blank between words."""
    return " ".join(re.sub(r"[_\-–/.:]+", " ", header.casefold()).split())


def without_added(header):
    """The columns of a header without those that a file of failed rows adds."""
    return [name for name in header if name.casefold() not in OURS]


def header_signature(header):
    """What a header is remembered by; the file of failed rows has that of the file they come from."""
    return hashlib.sha256("\x1f".join(folded_header(name) for name in without_added(header)).encode()).hexdigest()


def _channel_headers():
    """(pattern, target) of the headers that the table of channel kinds knows."""
    for kind, row in KINDS.items():
        for pattern, label in row.headers:
            yield re.compile(f"^(?:{pattern})$"), target_of_channel(kind, label)


def guess_targets(header):
    """A target for every column, IGNORED where nothing fits."""
    folded = [folded_header(name) for name in header]
    ours = {folded_header(name): target for name, target in own_headers().items()}
    known = [*KNOWN, *_channel_headers()]
    is_ours = "card" in folded or "given name" in folded and "before the name" in folded
    congress = "bioguide id" in folded and "type" in folded
    # Outlook calls what stands before the name a title, where there is a job title as well.
    outlook = "job title" in folded
    targets = []
    for name, written in zip(folded, header, strict=True):
        words = places.folded_label(written)
        if name in OURS:
            target = IGNORED
        elif is_ours and name in ours:
            targets.append(ours[name])
            continue
        elif congress and name in CONGRESS:
            target = CONGRESS[name]
        elif outlook and name == "title":
            target = "prefix"
        else:
            found = (target for pattern, target in known if pattern.match(name) or pattern.match(words))
            target = next(found, None) or ours.get(name) or by_its_words(words)
        targets.append(_sealed_where_private(target, written))
    return _once(_address_parts(targets, header))


# What the words of a header in any language mean; the first line that has one counts.
NOUNS = tuple((re.compile(rf"\b(?:{pattern})\b"), target) for pattern, target in (
    (r"type|display|label|rss|feed|fax|telefax|pager|isdn|telex|ttytdd?|telegramm?|assistants? name", IGNORED),
    (r"e ?mails?|courriels?|messagerie|correo|mailadresse|emailadresse|privatmail|e ?post", "email"),
    (r"\w*(?:mobil|handy)\w*|cell\w*|portable|movil|telefonino|gsm|natel", "mobile"),
    (r"(?:home|work|other)?phones?|phone numbers?|telephones?|tel|telefono?|telefon\w*|\w*telefon|privatnummer"
     r"|phonenumbers?|телефон|هاتف", "phone"),
    (r"\w*stra(?:ss|ß)e|street|rue|calle|straat|gata|ulica|city|town|ort|stadt|ville|ciudad|localidad|citta|plaats"
     r"|state|province|provincia|region|bundesland|kanton|county|zip|zip ?code|post ?code|postal code|plz|postleitzahl"
     r"|code postal|codigo postal|cap|country|land|pays|pais|paese|po box|postfach", PART),
    (r"web ?(?:site|page|seite)s?|site web|pagina web|sites?|urls?|internet", "web"),
    (r"instant message handles?|im|chat|skype|jabber|icq|aim|qq|msn|xmpp|google ?talk", "chat"),
    (r"\w*address(?:es)?|\w*adresse|\w*anschrift|direccion|indirizzo|\w*adress?|endereco", "postal"),
))  # fmt: skip


def by_its_words(words):
    """The target of a header that no table has, by the noun in it: “Téléphone (domicile)”, “Straße privat”."""
    kind = next((target for pattern, target in NOUNS if pattern.search(words)), IGNORED)
    place = places.place_of_label(words)
    if kind == PART and not place and "other" not in words.split():
        return IGNORED
    return f"{kind}/{place}" if kind and place and (kind != PART or place in ("home", "work")) else kind


def _sealed_where_private(target, header):
    """Whatever else a header says: what is somebody's at home, private or personal is not filed as anything else."""
    kind, _, _ = target.partition("/")
    if (kind in KINDS or kind == PART) and places.place_of_label(header) == "home":
        return f"{kind}/home"
    return target


def _address_parts(targets, header):
    """Thunderbird's “Home Address” beside “Home City” is the street; where there is a street, it is all of it."""
    parts = {target.partition("/")[2] for target in targets if target.partition("/")[0] == PART}
    streets = {
        target for name, target in zip(header, targets, strict=True) if re.search(r"(?i)street|stra(ß|ss)e", name)
    }
    made = []
    for name, target in zip(header, targets, strict=True):
        kind, _, place = target.partition("/")
        whole = kind != "postal" or place not in parts or "formatted" in name.lower() or f"{PART}/{place}" in streets
        made.append(target if whole else f"{PART}/{place}" if place else PART)
    return made


def _once(targets):
    """Only channels, names they go by, notes and labels may come from several columns; of others the first counts."""
    seen, kept = set(), []
    for target in targets:
        kind = target.partition("/")[0]
        several = target in (IGNORED, LABEL, "note", *LISTS) or kind in KINDS or kind == PART
        kept.append(target if several or target not in seen else IGNORED)
        seen.add(target)
    return kept


def looks_like_a_person(header):
    """Whether a first line holds an address or a number, and so is no header but somebody's row."""
    return any("@" in cell or sum(c.isdigit() for c in cell) > 6 for cell in header)


STATES = dict(
    pair.split("=") for pair in (
        "AK=Alaska,AL=Alabama,AR=Arkansas,AS=American Samoa,AZ=Arizona,CA=California,CO=Colorado,CT=Connecticut,"
        "DC=District of Columbia,DE=Delaware,DK=Dakota Territory,FL=Florida,GA=Georgia,GU=Guam,HI=Hawaii,IA=Iowa,"
        "ID=Idaho,IL=Illinois,IN=Indiana,KS=Kansas,KY=Kentucky,LA=Louisiana,MA=Massachusetts,MD=Maryland,ME=Maine,"
        "MI=Michigan,MN=Minnesota,MO=Missouri,MP=Northern Mariana Islands,MS=Mississippi,MT=Montana,"
        "NC=North Carolina,ND=North Dakota,NE=Nebraska,NH=New Hampshire,NJ=New Jersey,NM=New Mexico,NV=Nevada,"
        "NY=New York,OH=Ohio,OK=Oklahoma,OL=Orleans Territory,OR=Oregon,PA=Pennsylvania,PI=Philippines,"
        "PR=Puerto Rico,RI=Rhode Island,SC=South Carolina,SD=South Dakota,TN=Tennessee,TX=Texas,UT=Utah,VA=Virginia,"
        "VI=Virgin Islands,VT=Vermont,WA=Washington,WI=Wisconsin,WV=West Virginia,WY=Wyoming"
    ).split(",")
)  # fmt: skip
