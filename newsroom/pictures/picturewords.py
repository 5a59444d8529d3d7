"""The words that travel inside a picture: IPTC and XMP, read into the few fields that a newsroom prints or keeps.

Nothing else is read; in particular no coordinates. The place is what somebody typed as its name, for the desk alone.
"""

import contextlib
import re
import unicodedata
from datetime import date

from defusedxml.ElementTree import fromstring
from PIL import IptcImagePlugin

from .source_types import code_of

XMP_LIMIT = 2_000_000  # bytes
LENGTH = 2000
KEYWORDS = 50
UNPRINTED = ("Cc", "Cf", "Cs", "Co", "Cn")  # categories of Unicode
JOINERS = "\u200c\u200d"
LOOSE_JOINERS = re.compile(rf"(?<![^\s{JOINERS}])[{JOINERS}]+|[{JOINERS}]+(?![^\s{JOINERS}])")
WITH_PARAGRAPHS = ("caption", "usage_terms", "instructions")

DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
EXTENSION = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Field: where XMP has it, and IPTC's record 2 dataset. XMP is the newer and knows its encoding, so it wins.
FIELDS = {
    "title": ((DC + "title", PHOTOSHOP + "Headline"), (5, 105)),
    "caption": ((DC + "description",), (120,)),
    "credit": ((PHOTOSHOP + "Credit",), (110,)),
    "creator": ((DC + "creator",), (80,)),
    "copyright": ((DC + "rights",), (116,)),
    "source": ((PHOTOSHOP + "Source",), (115,)),
    "usage_terms": ((RIGHTS + "UsageTerms",), ()),
    "alt": ((CORE + "AltTextAccessibility",), ()),
    "instructions": ((PHOTOSHOP + "Instructions",), (40,)),
}
# Where it was taken, from the narrowest to the widest, and when; each as FIELDS.
PLACES = (
    ((CORE + "Location",), (92,)), ((PHOTOSHOP + "City",), (90,)), ((PHOTOSHOP + "State",), (95,)),
    ((PHOTOSHOP + "Country",), (101,)),
)  # fmt: skip
MADE = ((PHOTOSHOP + "DateCreated", XMP + "CreateDate"), (55,))
KEYWORDS_IN, PEOPLE_IN = ((DC + "subject",), (25,)), ((EXTENSION + "PersonInImage",), ())
SOURCE_TYPE = ((EXTENSION + "DigitalSourceType",), ())
EXIF_MADE, EXIF_IFD = 0x9003, 0x8769
DAY = re.compile(r"(\d{4})[-:]?(\d\d)[-:]?(\d\d)")


def words_inside(image):
    """The words in an opened picture: a dict with those of FIELDS that it has, and what follows where it is said.

    "keywords" and "people" (lists), "place", "made_on" (an ISO date) and "source_type" (a code of SOURCE_TYPES).
    A block that cannot be read is passed over: a picture is not refused for words that are missing.
    """
    xmp, iptc = {}, {}
    with contextlib.suppress(Exception):
        xmp = _xmp(image.info.get("xmp") or b"")
    with contextlib.suppress(Exception):
        iptc = _iptc(IptcImagePlugin.getiptcinfo(image) or {})

    def said(field):
        properties, datasets = field
        return [xmp[p] for p in properties if p in xmp] + [iptc[d] for d in datasets if d in iptc]

    def words_in(field, paragraphs=False):
        texts = (clean(", ".join(values), paragraphs=paragraphs) for values in said(field))
        return next(filter(None, texts), "")

    def list_in(field):
        return _once(clean(word) for word in next(iter(said(field)), []))[:KEYWORDS]

    words = {name: words_in(field, name in WITH_PARAGRAPHS) for name, field in FIELDS.items()}
    words |= {
        "keywords": list_in(KEYWORDS_IN),
        "people": list_in(PEOPLE_IN),
        "place": ", ".join(_once(words_in(field) for field in PLACES)),
        "made_on": _day(words_in(MADE)) or _day(_exif_made(image)),
        "source_type": code_of(words_in(SOURCE_TYPE)),
    }
    return {name: value for name, value in words.items() if value}


def _once(words):
    return list(dict.fromkeys(filter(None, words)))


def _day(text):
    """The day that a date of IPTC, XMP or EXIF begins with, in ISO form; "" where it is none."""
    if found := DAY.match(text):
        with contextlib.suppress(ValueError):
            return date(*map(int, found.groups())).isoformat()
    return ""


def _exif_made(image):
    """When the camera says that it made the picture; "" where it says nothing that can be read."""
    with contextlib.suppress(Exception):
        return str(image.getexif().get_ifd(EXIF_IFD).get(EXIF_MADE) or "")
    return ""


def clean(text, *, paragraphs=False):
    """One field's text without control and bidirectional override characters, its white space single.

    Joiners stay within a word, where Persian, Indian scripts and emoji need them; line breaks where there may be
    `paragraphs`, an empty line between two at the most.
    """
    kept = "".join(c for c in text if c.isspace() or c in JOINERS or unicodedata.category(c) not in UNPRINTED)
    kept = LOOSE_JOINERS.sub("", kept)
    if not paragraphs:
        return " ".join(kept.split())[:LENGTH]
    lines = "\n".join(" ".join(line.split()) for line in kept.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()[:LENGTH]


def _xmp(packet):
    """{property: [values]} of an XMP packet; of alternatives in several languages, the default."""
    if isinstance(packet, str):
        packet = packet.encode()
    if not packet or len(packet) > XMP_LIMIT:
        return {}
    fields = [*FIELDS.values(), *PLACES, MADE, KEYWORDS_IN, PEOPLE_IN, SOURCE_TYPE]
    wanted = {one for properties, _ in fields for one in properties}
    found = {}
    for node in fromstring(packet.strip(b"\x00 \r\n\t")).iter(RDF + "Description"):
        for name, value in node.attrib.items():  # the short form
            if name in wanted:
                found.setdefault(name, [value])
        for child in node:
            if child.tag in wanted:
                found.setdefault(child.tag, _values(child))
    return found


def _values(node):
    items = node.findall(f".//{RDF}li")
    if not items:
        return [node.get(RDF + "resource") or node.text or ""]
    if node.find(RDF + "Alt") is not None:
        default = next((item for item in items if item.get(LANG) == "x-default"), items[0])
        return [default.text or ""]
    return [item.text or "" for item in items]


def _iptc(info):
    """{dataset of record 2: [values]}; the coded character set is UTF-8 or was never said."""
    says_utf8 = b"\x1b%G" in (info.get((1, 90)) or b"")
    found = {}
    for (record, dataset), values in info.items():
        if record == 2:
            values = values if isinstance(values, list) else [values]
            found[dataset] = [_decode(value, says_utf8) for value in values]
    return found


def _decode(value, says_utf8):
    with contextlib.suppress(UnicodeDecodeError):
        return value.decode("utf-8")
    return value.decode("utf-8" if says_utf8 else "cp1252", "replace")
