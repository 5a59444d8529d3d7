"""Names in any script and spelling: folded to be found, reduced to a skeleton to be matched.

The recipe was measured on real names: see docs/source-book.md. It suggests; it never decides.
"""

import re
from functools import cache

from anyascii import anyascii
from rapidfuzz import fuzz

from newsroom.folding import WORD, fold, without_marks

from .nicknames import FULL_FIRST_NAMES

__all__ = [
    "SKELETON_CUTOFF",
    "SPELLING_CUTOFF",
    "name_likeness",
    "same_first_names",
    "fold",
    "with_full_first_name",
    "names_in_search_key",
    "make_search_key",
    "skeleton",
    "skeletons",
    "guess_sort_name",
]

SKELETON_CUTOFF, SPELLING_CUTOFF = 90, 88  # what two skeletons, or two plain names, have to reach to be a candidate
LENGTH_RATIO = 1.5  # a name this much longer than another is more than a spelling of it
IS_ARABIC = re.compile(r"[\u0600-\u06ff]")
# Scripts that lose more by the skeleton than they gain: they keep the plain transliteration.
IS_PLAIN = re.compile(r"[\u0370-\u05ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ARTICLE = re.compile(r"\b(?:al|el|ar|as|ad|an|at|az|ash|ul)[-\s'’]+(?=\w)", re.IGNORECASE)
ARTICLE_ARABIC = re.compile(r"(?<!\w)ال(?=\w{2})")
FUSED = re.compile(r"\b[ae]l(?=[a-z]{4})")  # Alazzeh: an article, or not
SERVANT = re.compile(r"\babd[aeiou]?[lrn]?[-\s'’]+")  # Abd al-, Abdul, Abdel-
SERVANT_FUSED = re.compile(r"\babd[aeiou][lr](?!lah)(?=[a-z]{3})")  # Abdelraouf
OF_GOD = re.compile(r"\babd\s+(?:[aeu]l)?-?l?lah\b")
OF_GOD_ARABIC = re.compile(r"(?<!\w)عبد\s+الله(?!\w)")
LAST_ARABIC = re.compile(r"(?<=\w\w)ه(?!\w)")
FIRST_ARABIC = re.compile(r"(?<!\w)[عا](?=\w)")
LAST_H = re.compile(r"(?<=[ae])h\b")
TWICE = re.compile(r"(.)\1+")
VOWELS = re.compile(r"[aeiouwy]+")


def skeleton(name):
    """A name's consonants: without articles, vowels and doubled letters, so that transliterations meet.

    A script that the skeleton harms (Hebrew, Cyrillic, Chinese) keeps its plain transliteration.
    """
    return _consonants(_to_latin(name)) if not IS_PLAIN.search(name or "") else fold(name)


def skeletons(texts):
    """The different skeletons of several names, with a bar between: as they are spelt, without an article that
    may have grown into a word, and under the full form of a first name."""
    found = {}
    for text in texts:
        if not text:
            continue
        found[skeleton(text)] = True
        if not IS_PLAIN.search(text):
            latin = _to_latin(text)
            found[_consonants(FUSED.sub("", latin))] = True
            if (full := with_full_first_name(fold(text))) != fold(text):
                found[_consonants(full)] = True
    found.pop("", None)
    return "|".join(found)


def make_search_key(called, around=()):
    """What finds a card: its folded names, a bar round each, and on a second line what is around it."""
    folded = dict.fromkeys(filter(None, map(fold, filter(None, called))))
    more = dict.fromkeys(filter(None, map(fold, filter(None, around))))
    return f"|{'|'.join(folded)}|\n{'|'.join(more)}"


def names_in_search_key(search_key):
    """The folded names in what `key` made."""
    return search_key.partition("\n")[0].strip("|").split("|")


def _to_latin(name):
    """A name in small Latin letters without articles, "Abdul X" and "Abdelx" both as "abd x"."""
    text = without_marks(name)
    if IS_ARABIC.search(text):
        text = OF_GOD_ARABIC.sub("عبدالله", text)
        # A final ه is a vowel when it is spoken; ع and ا begin a word with one.
        text = FIRST_ARABIC.sub("a", LAST_ARABIC.sub("", ARTICLE_ARABIC.sub("", text)))
    text = anyascii(text).lower().replace("`", "")
    text = OF_GOD.sub("abdullah", text)
    text = SERVANT_FUSED.sub("abd ", SERVANT.sub("abd ", text))
    return ARTICLE.sub("", text).replace("'", "").replace("’", "")


def _consonants(latin):
    words = []
    for word in WORD.findall(LAST_H.sub("", latin)):
        word = word.replace("ph", "f").replace("ck", "k").replace("q", "k")
        words.append(TWICE.sub(r"\1", word[0] + TWICE.sub(r"\1", VOWELS.sub("", word[1:]))))
    return " ".join(words)


def with_full_first_name(folded):
    """A folded name with the full form of its first name: "bob hall" is "robert hall"."""
    first, space, rest = folded.partition(" ")
    return f"{FULL_FIRST_NAMES[first]}{space}{rest}" if first in FULL_FIRST_NAMES else folded


@cache
def same_first_names(word):
    """The folded words that may stand for a folded first name: itself, its full form and what is short for the same."""
    full = FULL_FIRST_NAMES.get(word, word)
    return frozenset({word, full, *(short for short, other in FULL_FIRST_NAMES.items() if other == full)})


def name_likeness(one, other):
    """How alike two names are, 0 to 100, in the better of the two ways that were measured."""
    if IS_PLAIN.search(one or "") or IS_PLAIN.search(other or ""):
        return spelling_likeness(fold(one), fold(other))
    bones = max(
        (fuzz.token_sort_ratio(a, b) for a in skeletons([one]).split("|") for b in skeletons([other]).split("|")),
        default=0,
    )
    return max(bones, spelling_likeness(fold(one), fold(other)))


def spelling_likeness(one, other):
    """How alike two folded names are as they are spelt; a name is not a part of a name here."""
    shorter, longer = sorted((len(one), len(other)))
    if not shorter or longer > LENGTH_RATIO * shorter:
        return fuzz.token_sort_ratio(one, other)
    return max(fuzz.WRatio(one, other), fuzz.token_sort_ratio(one, other))


def guess_sort_name(name):
    """A name with its last word first, as lists sort it; a guess that people mend."""
    first, _, last = " ".join(name.split()).rpartition(" ")
    return f"{last}, {first}"[:160] if first else last[:160]
