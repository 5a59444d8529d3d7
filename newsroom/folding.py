"""Words of any script in small Latin letters: what names, topics and organisations are found by."""

import re
import unicodedata

from anyascii import anyascii

ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""})
WORD = re.compile(r"[a-z0-9]+")


def plain(text):
    """Without marks, tatweel and signs that only direct the text; one form of each Arabic letter."""
    text = unicodedata.normalize("NFKC", text or "").translate(ARABIC)
    decomposed = unicodedata.normalize("NFD", text)
    kept = (c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", "".join(kept))


def fold(text):
    """Words in small Latin letters with one space between: what a search compares. "" where nothing is left."""
    return " ".join(WORD.findall(anyascii(plain(text)).lower().replace("'", "").replace("’", "")))
