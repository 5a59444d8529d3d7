"""What a column of a file is: headers of the programs that people's lists come from, and our own.

A mapping is a list with one target a column. Guessed once, mended by a person, and remembered for every file with the
same header.
"""

import hashlib
import re

from ...channels import KINDS, LABELS

ROLES = 3
IGNORED = ""
LABEL = "label"  # what the next column holds is a mobile, at work and so on: Google's way

# Our own columns of one cell, by what a card calls them.
SCALARS = {
    "name": "Name", "sort_name": "Sorted as", "native_name": "Name in its own script",
    "native_language": "Language of that script", "prefix": "Before the name", "given": "Given name",
    "additional": "Middle names", "family": "Family name", "second_family": "Second family name",
    "generation": "Generation", "suffix": "After the name", "pronunciation": "Pronunciation", "pronouns": "Pronouns",
    "city": "City", "country": "Country", "time_zone": "Time zone", "short_bio": "Short biography", "uid": "Card",
}  # fmt: skip
LISTS = {"variants": "Also known as", "languages": "Languages", "topics": "Topics"}
IDS = {"orcid": "ORCID", "wikidata": "Wikidata", "isni": "ISNI", "viaf": "VIAF", "scopus": "Scopus",
       "bioguide": "Bioguide"}  # fmt: skip
ROLE = {"title": "Title", "organisation": "Organisation", "from": "From", "until": "Until", "former": "Former"}
OURS = ("errors", "file line")  # what a file of failed rows adds


def role(part, number=1):
    """Our column for a part of the first, second or third role."""
    return ROLE[part] if number == 1 else f"{ROLE[part]} {number}"


def channel(kind, label=""):
    """Our column for channels of a kind; several stand in one cell, a line each."""
    label = label if label in dict(LABELS) else ""
    return f"{KINDS[kind].label} ({label})" if label else KINDS[kind].label


def target_of_role(part, number=1):
    return f"role{number}.{part}"


def target_of_channel(kind, label=""):
    return f"{kind}/{label}" if label else kind


def own_headers():
    """{our header: its target} of every column that our exports write, in their order."""
    return (
        {name: key for key, name in SCALARS.items()}
        | {role(part, n): target_of_role(part, n) for n in range(1, ROLES + 1) for part in ROLE}
        | {channel(kind, label): target_of_channel(kind, label) for kind in KINDS for label, _ in LABELS}
        | {name: key for key, name in LISTS.items()}
        | {name: f"id.{key}" for key, name in IDS.items()}
    )


def target_names():
    """{target: what people read for it}: our own header, and what the targets without a column of ours mean."""
    return {target: name for name, target in own_headers().items()} | {
        LABEL: "What the next column is (mobile, work …)",
        "full": "Name, if there is no better one",
        "chamber": "Chamber: sen or rep",
        "state": "Name of a state, for the title",
    }


def target_choices():
    """The targets as a form's choices, the first for a column that is left out."""
    return [(IGNORED, "(left out)"), *target_names().items()]


# Headers of others, folded by `plain`. The first that fits counts.
KNOWN = [(re.compile(f"^(?:{pattern})$"), target) for pattern, target in (
    # names
    (r"name|full name|display name|expert|fn", "name"),
    (r"file as|sort name|sort as", "sort_name"),
    (r"given name|first name|first|forename|vorname|prenom", "given"),
    (r"additional name|middle name|middle|middle names", "additional"),
    (r"family name|last name|surname|last|nachname|nom", "family"),
    (r"name prefix|prefix|salutation|honorific", "prefix"),
    (r"name suffix|suffix", "suffix"),
    (r"nickname|alias|also known as", "variants"),
    (r"native name|arabic name|name ar|name in arabic", "native_name"),
    (r"pronouns", "pronouns"),
    # roles
    (r"job title|organization(?: 1)? title|title|position|role|jobtitle", "role1.title"),
    (r"organization(?: 1)? name|organization|organisation|company|employer|institution|affiliation|org",
     "role1.organisation"),
    (r"role from|from|start|start date|since", "role1.from"),
    (r"role until|until|end|end date|to", "role1.until"),
    # ways to reach them; their own headers stand in the table of channel kinds
    (r"(?:e mail|website|phone|im) \d+ (?:type|label)", LABEL),
    # the rest
    (r"city|town", "city"), (r"country|country region|country code", "country"), (r"time ?zone", "time_zone"),
    (r"languages?", "languages"), (r"topics?|expertise|subjects?", "topics"),
    (r"bio|short bio", "short_bio"), (r"uid|card", "uid"),
    *((rf"{key}(?: id)?", f"id.{key}") for key in IDS),
)]  # fmt: skip
CONGRESS = {"type": "chamber", "state": "state", "full name": "full", "address": "postal/work", "phone": "phone/work"}


def plain(header):
    """A header as it is compared: small letters, one blank between words."""
    return " ".join(re.sub(r"[_\-–/.:]+", " ", header.casefold()).split())


def meant(header):
    """The columns of a header without those that a file of failed rows adds."""
    return [name for name in header if name.casefold() not in OURS]


def signature(header):
    """What a header is remembered by; the file of failed rows has that of the file they come from."""
    return hashlib.sha256("\x1f".join(plain(name) for name in meant(header)).encode()).hexdigest()


def _channel_headers():
    """(pattern, target) of the headers that the table of channel kinds knows."""
    for kind, row in KINDS.items():
        for pattern, label in row.headers:
            yield re.compile(f"^(?:{pattern})$"), target_of_channel(kind, label)


def guess(header):
    """A target for every column, IGNORED where nothing fits."""
    folded = [plain(name) for name in header]
    ours = {plain(name): target for name, target in own_headers().items()}
    known = [*KNOWN, *_channel_headers()]
    is_ours = "card" in folded or "given name" in folded and "before the name" in folded
    congress = "bioguide id" in folded and "type" in folded
    # Outlook calls what stands before the name a title, where there is a job title as well.
    outlook = "job title" in folded
    targets = []
    for name in folded:
        if name in OURS:
            target = IGNORED
        elif is_ours and name in ours:
            target = ours[name]
        elif congress and name in CONGRESS:
            target = CONGRESS[name]
        elif outlook and name == "title":
            target = "prefix"
        else:
            target = next((target for pattern, target in known if pattern.match(name)), ours.get(name, IGNORED))
        targets.append(target)
    return _once(targets)


def _once(targets):
    """Only channels, names they go by and labels may come from several columns; of others the first counts."""
    seen, kept = set(), []
    for target in targets:
        several = target in (IGNORED, LABEL, *LISTS) or target.partition("/")[0] in KINDS
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
