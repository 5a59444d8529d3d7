"""Words as both search engines index them: one tokeniser, so that both find the same.

Text is folded (NFKC, no case, no accents), Arabic letters are brought to one form, English endings
are cut off, and scripts without spaces between words are cut into overlapping pairs. Raise VERSION
when the same text would give other tokens: the next migrate then builds the index anew.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

VERSION = 5
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
COMMON_WORDS = frozenset(_COMMON.split())  # too common to tell stories apart
_of_this_thread = threading.local()


def tokens(text):
    """The tokens of a text, in order."""
    return [token for token, _, _ in token_spans(text)]


def token_spans(text):
    """Every token of a text with its place: (token, start, end), in characters."""
    return ((token, start, end) for word, start, end in _words(text) if (token := normal_form(word)))


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
def normal_form(word):
    """One word as the index keeps it."""
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
    """An English word without its endings, by the Snowball stemmer; other than plain Latin words stay as they are.

    It is applied to every language's plain Latin letters alike: what is typed and what is indexed lose the same.
    """
    if not word.isascii() or len(word) < 4 or not word.isalpha():
        return word
    try:
        stemmer = _of_this_thread.stemmer
    except AttributeError:
        stemmer = _of_this_thread.stemmer = snowballstemmer.stemmer("english")  # it keeps the word in itself
    return stemmer.stemWord(word)
