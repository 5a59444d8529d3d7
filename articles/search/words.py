"""Words as both search engines see them: one tokeniser, so that they find the same.

Text is folded (NFKC, no case, no accents), Arabic letters are brought to one form, English endings
come off, and scripts without spaces between words are cut into overlapping pairs. Raise VERSION
when the same text would come out otherwise: the index is then built anew by the next migrate.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

VERSION = 3
LONGEST = 40  # letters of one token: nothing longer is a word

# Scripts that do not space their words: Thai to Myanmar, Khmer, Han, kana, Hangul.
_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"


def _ranges(signs):
    """A regular expression's character class for code points."""
    parts, start, last = [], None, None
    for sign in [*signs, None]:
        if start is not None and sign != last + 1:
            parts.append(f"{re.escape(chr(start))}-{re.escape(chr(last))}")
            start = None
        if sign is not None:
            start, last = (sign if start is None else start), sign
    return "".join(parts)


# Python's \w leaves out the marks that stand above and below letters in most of the world's scripts.
_MARKS = _ranges(c for c in range(0x300, 0x10000) if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_LETTER = rf"[^\W_{_UNSPACED}]"
WORD = re.compile(
    rf"(?P<run>[{_UNSPACED}][{_UNSPACED}{_MARKS}]*)"
    rf"|{_LETTER}(?:{_LETTER}|[{_MARKS}\u0640])*(?:['’\u2019](?:{_LETTER}|[{_MARKS}])+)*"
)

_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h", "ŋ": "ng"}
    # Arabic: one alef, one ya, one kaf, ha for ta marbuta, no tatweel.
    | {"\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647", "\u0640": ""}
)
_ARABIC_ARTICLE = re.compile("^(?:[\u0648\u0641\u0628\u0643]?\u0627\u0644|\u0644\u0644)(?=...)")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’](?=..)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)

_COMMON = (
    "a an and are as at be been but by for from had has have he her his in into is it its not of on or our she so that"
    " the their them there they this to was we were what when which who will with you your"
)
_SAME = "news series species always this his has was politics economics business process"
COMMON = frozenset(_COMMON.split())  # say nothing about a story
_KEEP = frozenset(_SAME.split())  # look like a plural and are none
_VOWEL = re.compile("[aeiouy]")
_SHORT = re.compile("[^aeiou][aeiouy][^aeiouwxy]$")


def tokens(text):
    """The tokens of a text, in order."""
    return [token for token, _, _ in spans(text)]


def spans(text):
    """Every token of a text with where it stands: (token, start, end). A pair stands where its letters do."""
    return ((token, start, end) for word, start, end in _words(text) if (token := normal(word)))


def _words(text):
    for match in WORD.finditer(text):
        start = match.start()
        if match["run"] is None:
            yield match[0], start, match.end()
            continue
        letters = [at for at in range(start, match.end()) if unicodedata.category(text[at])[0] in "LN"]
        ends = [*letters[1:], match.end()]
        if len(letters) == 1:
            yield text[start], start, match.end()
        for (first, second), end in zip(pairwise(letters), ends[1:], strict=True):
            yield text[first] + text[second], first, end


@lru_cache(maxsize=16384)
def normal(word):
    """One word as the index has it."""
    return stem(folded(word))[:LONGEST]


def folded(word):
    """A word without case, accents, elision or possessive; not yet without its ending."""
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)
    word = _POSSESSIVE.sub("", _ELISION.sub("", word)).casefold().replace("'", "").replace("’", "")
    if word.isascii():
        return word
    word = unicodedata.normalize("NFD", word)
    word = "".join(c for c in word if unicodedata.category(c)[0] in "LN")
    word = unicodedata.normalize("NFC", word).translate(_PLAIN)
    return _ARABIC_ARTICLE.sub("", word)


def stem(word):
    """An English word without its plural, -ed or -ing; a light touch, the same for every language's Latin letters."""
    if not word.isascii() or len(word) < 4 or word in _KEEP or not word.isalpha():
        return word
    word = _singular(word)
    if word.endswith("eed"):
        return word[:-1] if len(word) > 5 else word
    for ending in ("ing", "ed"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) > 1 and _VOWEL.search(rest):
            return _mended(rest)
    return word[:-1] if len(word) > 5 and word.endswith("e") else word


def _singular(word):
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _mended(rest):
    """What is left of "runn", "vot" and "decid" as "run", "vote" and "decid" (as of decide) themselves come out."""
    if len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "aeiouls":
        return rest[:-1]
    if len(rest) <= 4 and _SHORT.search(rest):
        return rest + "e"
    return rest[:-1] if len(rest) > 5 and rest.endswith("e") else rest
