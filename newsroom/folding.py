"""Words of any script in small Latin letters: what names, topics and organisations are found by, and compared by."""

import re
import unicodedata

from anyascii import anyascii

ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""})
WORD = re.compile(r"[a-z0-9]+")
JOINERS = "\u200c\u200d"
VIRAMA = 9  # the combining class of the sign behind which Indic scripts use joiners
EMBEDDINGS = "\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
# Zero-width spaces, joiners, directional marks, embeddings and isolates, but no overrides.
INVISIBLE = re.compile("[\u200b-\u200f\u061c\u202a-\u202c\u2066-\u2069]")
WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u0f00-\u0fff]")
BESIDE_NUMBERS = re.compile(r"[\d+@/.:_#-]|[A-Za-z0-9]")
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


def as_typed(text, *, whole=True):
    """Typed or pasted text as it is kept: composed (NFC), without the invisible marks that pasting brings.

    Zero-width spaces stay between letters of scripts that write no spaces, joiners between letters that they join or
    part and in emoji. Directional marks go at the ends and beside numbers and addresses; an embedding within a word
    stays, for a form to refuse, since it changes how the word is read. With `whole` false the text is a piece of a
    longer one, whose ends are none.
    """
    text = text.replace("\ufeff", "").replace("\u2060", "")
    if INVISIBLE.search(text):
        text = "".join(_visible_or_needed(text, whole))
    return unicodedata.normalize("NFC", text)


def _visible_or_needed(text, whole):
    for place, sign in enumerate(text):
        if not INVISIBLE.match(sign):
            yield sign
            continue
        before, after = _neighbour(text, place, -1), _neighbour(text, place, 1)
        if sign == "\u200b":
            needed = WITHOUT_SPACES.match(before) and WITHOUT_SPACES.match(after)
        elif sign in JOINERS:
            joins = bool(before) and ord(before) > 0x5FF and (after and ord(after) > 0x5FF or not (after or whole))
            needed = joins or bool(before) and unicodedata.combining(before) == VIRAMA
        elif sign in EMBEDDINGS:
            edges = [not side.strip() or side.isdigit() or side == "+" for side in (before, after)]
            needed = not any(edges)
        else:
            ends = whole and not (before and after)
            needed = not (ends or BESIDE_NUMBERS.match(before) or BESIDE_NUMBERS.match(after))
        if needed:
            yield sign


def _neighbour(text, place, step):
    """The nearest character that is no invisible mark, up to four away; "" at the text's end."""
    for near in range(place + step, place + step * 5, step):
        if not 0 <= near < len(text):
            return ""
        if not INVISIBLE.match(text[near]):
            return text[near]
    return ""


def slug_of(text, longest=80):
    """Words of any script as the end of an address: small Latin letters, digits and hyphens; "" if it has none.

    It ends at a whole word, unless the first is longer than `longest` characters.
    """
    slug = fold(text).replace(" ", "-")
    if len(slug) <= longest:
        return slug
    cut = slug[: longest + 1]
    return cut.rpartition("-")[0] or slug[:longest]


def one_line(text, longest):
    """A text as it may stand in one line of plain text: without control signs and overrides of direction, cut."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text or "")
    line = " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cs", "Co")).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


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
