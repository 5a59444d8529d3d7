"""Languages as people write them: by name, “Arabic”, or by tag, “ar-JO”; kept as tags (BCP 47), shown as names."""

import re
from functools import cache

from django.conf.locale import LANG_INFO

from .folding import fold

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST = 20  # characters of a tag that a card has room for
NAME_AND_TAG = re.compile(r"(.+?)\s*\(\s*([\w-]+)\s*\)")
# What else people call them.
ALSO = {"farsi": "fa", "flemish": "nl", "mandarin": "zh", "dari": "fa-AF"}
# Languages that people are interviewed in and Django has no forms for.
OTHERS = {
    "ak": "Akan", "am": "Amharic", "fil": "Filipino", "ha": "Hausa", "he": "Hebrew", "ku": "Kurdish", "lo": "Lao",
    "no": "Norwegian", "ps": "Pashto", "rw": "Kinyarwanda", "si": "Sinhala", "so": "Somali", "ti": "Tigrinya",
    "xh": "Xhosa", "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip


def language_name(tag):
    """The English name of a language by its tag; the tag itself, in small letters, where none is known."""
    tag = tag.lower()
    known = LANG_INFO.get(tag) or LANG_INFO.get(tag.partition("-")[0]) or {}
    return known.get("name") or OTHERS.get(tag.partition("-")[0], tag)


# The languages that a form offers, by name.
OFFERED = sorted(
    (language_name(tag), tag) for tag in (
        "ak am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gd gl ha he hi hr hu hy id is it ja ka "
        "kk km ko ku ky lo lt lv mk mn mr ms my nb ne nl no pa pl ps pt ro ru rw si sk sl so sq sr sv sw ta te th ti "
        "tr uk ur uz vi xh yo zh zu"
    ).split()
)  # fmt: skip


RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())


def text_direction(language):
    """The direction, "rtl" or "ltr", of a language's script, for HTML's dir."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


class NoLanguage(ValueError):
    """Words that are no language; str() says how one is written."""


def tag_of(text):
    """The tag of a language that somebody wrote by name, by tag or as `name_and_tag` does; "" for nothing. May raise
    NoLanguage."""
    text = " ".join(text.split())
    if named := tag_of_name(text):
        return named
    if both := NAME_AND_TAG.fullmatch(text):
        name, tag = tag_of_name(both[1]), _shaped(both[2])
        if name and tag and name.partition("-")[0] != tag.partition("-")[0]:
            raise NoLanguage(f"“{text}” names two languages. Write one, by its name or its code.")
        text = both[2]
    tag = _shaped(text)
    if tag and not is_tag(tag):
        raise NoLanguage("No such language. Write its name, or its code: Arabic, ar, ar-JO, zh-Hant.")
    return tag


def is_tag(text):
    """Whether a text is written as a tag, in whatever capitals, and short enough to be kept."""
    return len(text) <= LONGEST and bool(TAG.fullmatch(text))


def tag_of_name(name):
    """The tag of the language with a name, in English or its own; "" where there is none."""
    return _by_name().get(fold(name), "") if re.fullmatch(r"[^\W\d_]{3}.*", name) else ""


def name_and_tag(tag):
    """A tag as a form and a card show it: “Arabic”, “Arabic (ar-JO)”; what has no name, as it is."""
    name = language_name(tag)
    if name == tag.lower():
        return tag
    return f"{name} ({tag})" if "-" in tag else name


def _shaped(text):
    """A tag in the capitals that it is written in: "pt-BR" for "PT_br", "zh-Hant", "ca-valencia"."""
    first, *rest = text.replace("_", "-").split("-")
    capitals = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(capitals.get(len(part), str.lower)(part) for part in rest)])


@cache
def _by_name():
    known = {code: info for code, info in LANG_INFO.items() if "name" in info}
    named = {fold(name): code for code, name in OTHERS.items()}
    # The plain language before its regions, English names before its own.
    for key in ("name", "name_local"):
        for code in sorted(known, key=lambda code: (code.count("-"), code)):
            named.setdefault(fold(known[code][key]), _shaped(code))
    return {name: tag for name, tag in named.items() if name} | ALSO
