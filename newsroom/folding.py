"""Words of any script in small Latin letters: what names, topics and organisations are found by, and compared by."""

import re
import unicodedata

from anyascii import anyascii

ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""})
WORD = re.compile(r"[a-z0-9]+")
MARKS = str.maketrans({**dict.fromkeys("’‘‚‛", "'"), **dict.fromkeys("“”„‟", '"')})


def without_marks(text):
    """The text without accents, tatweel and directional marks, and with one form of each Arabic letter."""
    text = unicodedata.normalize("NFKC", text or "").translate(ARABIC)
    decomposed = unicodedata.normalize("NFD", text)
    kept = (c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFC", "".join(kept))


def fold(text):
    """The words in lower-case Latin letters and digits, one space between, as searches compare them; "" if none."""
    return " ".join(WORD.findall(anyascii(without_marks(text)).lower().replace("'", "").replace("’", "")))


def bare(text):
    """A text as it is read aloud: one form of each quotation mark, one space between words, nothing invisible.

    Two texts that are bare alike say the same words; capitals and other signs count.
    """
    text = unicodedata.normalize("NFC", text or "").translate(MARKS)
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


# Signs that are blank though Unicode counts them as letters or symbols: fillers of Hangul, the empty Braille cell.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")


def is_visible(text):
    """Whether there is anything to see in a text: not only spaces, joiners, marks without a letter and fillers."""
    return any(c not in BLANK and unicodedata.category(c)[0] not in "ZCM" for c in text or "")


def says(folded, words):
    """Whether a folded text holds these words in this order; capitals, accents and signs do not count."""
    words = fold(words)
    return not words or f" {words} " in f" {folded} "
