"""Comparing names in any script and spelling: by their folded form, and by their skeleton of consonants.

The limits were measured on real names: see docs/source-book.md. What they find is only ever suggested to a person.
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
    "may_be_one",
    "fold",
    "with_full_first_names",
    "names_in_search_key",
    "make_search_key",
    "skeleton",
    "skeletons",
    "guess_sort_name",
]

SKELETON_CUTOFF, SPELLING_CUTOFF = 90, 88  # likeness that two skeletons, or two folded names, need to be suggested
LENGTH_RATIO = 1.5  # names whose lengths differ by more are not two spellings of one
ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff]")
# Scripts whose names are compared better by transliteration than by skeleton: Greek, Cyrillic, Hebrew, Thai, CJK.
TRANSLITERATED_SCRIPTS = re.compile(r"[\u0370-\u05ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
ARTICLE = re.compile(r"\b(?:al|el|ar|as|ad|an|at|az|ash|ul)[-\s'’]+(?=\w)", re.IGNORECASE)
ARTICLE_ARABIC = re.compile(r"(?<!\w)ال(?=\w{2})")
FUSED_ARTICLE = re.compile(r"\b[ae]l(?=[a-z]{4})")  # Alazzeh: an article, or not
ABD = re.compile(r"\babd[aeiou]?[lrn]?[-\s'’]+")  # Abd al-, Abdul, Abdel-
ABD_FUSED = re.compile(r"\babd[aeiou][lr](?!lah)(?=[a-z]{3})")  # Abdelraouf
ABDULLAH = re.compile(r"\babd\s+(?:[aeu]l)?-?l?lah\b")
ABDULLAH_ARABIC = re.compile(r"(?<!\w)عبد\s+الله(?!\w)")
FINAL_HEH = re.compile(r"(?<=\w\w)ه(?!\w)")
INITIAL_VOWEL = re.compile(r"(?<!\w)[عا](?=\w)")
FINAL_H = re.compile(r"(?<=[ae])h\b")
DOUBLED_LETTER = re.compile(r"(.)\1+")
VOWELS = re.compile(r"[aeiouwy]+")


def skeleton(name):
    """A name's consonants without articles and doubled letters, the same for many transliterations of a name.

    For TRANSLITERATED_SCRIPTS it is the folded name.
    """
    return _consonants(_to_latin(name)) if not TRANSLITERATED_SCRIPTS.search(name or "") else fold(name)


def skeletons(texts):
    """The different skeletons of several names, joined by "|".

    Of each name: as spelt, without an article that is part of a word, and with each full form of its first name.
    """
    found = {}
    for text in texts:
        if not text:
            continue
        found[skeleton(text)] = True
        if not TRANSLITERATED_SCRIPTS.search(text):
            latin = _to_latin(text)
            found[_consonants(FUSED_ARTICLE.sub("", latin))] = True
            found |= {_consonants(full): True for full in with_full_first_names(fold(text))}
    found.pop("", None)
    return "|".join(found)


def make_search_key(called, around=()):
    """The search key of a card: its folded names, each between bars, and on a second line other folded words."""
    folded = dict.fromkeys(filter(None, map(fold, filter(None, called))))
    more = dict.fromkeys(filter(None, map(fold, filter(None, around))))
    return f"|{'|'.join(folded)}|\n{'|'.join(more)}"


def names_in_search_key(search_key):
    """The folded names in a key of `make_search_key`."""
    return search_key.partition("\n")[0].strip("|").split("|")


def _to_latin(name):
    """A name in lower-case Latin letters without articles; "Abdul X" and "Abdelx" both become "abd x"."""
    text = without_marks(name)
    if ARABIC_SCRIPT.search(text):
        text = ABDULLAH_ARABIC.sub("عبدالله", text)
        # A final ه is a vowel when it is spoken; ع and ا begin a word with one.
        text = INITIAL_VOWEL.sub("a", FINAL_HEH.sub("", ARTICLE_ARABIC.sub("", text)))
    text = anyascii(text).lower().replace("`", "")
    text = ABDULLAH.sub("abdullah", text)
    text = ABD_FUSED.sub("abd ", ABD.sub("abd ", text))
    return ARTICLE.sub("", text).replace("'", "").replace("’", "")


def _consonants(latin):
    words = []
    for word in WORD.findall(FINAL_H.sub("", latin)):
        word = word.replace("ph", "f").replace("ck", "k").replace("q", "k")
        words.append(DOUBLED_LETTER.sub(r"\1", word[0] + DOUBLED_LETTER.sub(r"\1", VOWELS.sub("", word[1:]))))
    return " ".join(words)


def with_full_first_names(folded):
    """A folded name with each full form of its first name: ["robert hall"] for "bob hall", [] for "ida hall"."""
    first, space, rest = folded.partition(" ")
    return [f"{full}{space}{rest}" for full in FULL_FIRST_NAMES.get(first, ())]


@cache
def same_first_names(word):
    """A folded first name with its full forms and all short forms of those."""
    full = {*FULL_FIRST_NAMES.get(word, (word,))}
    return frozenset({word, *full, *(short for short, others in FULL_FIRST_NAMES.items() if full & {*others})})


def may_be_one(one, other):
    """Whether two folded names may be one person's, of whom one name says less: J Smith, Jon Smith, John A Smith.

    The last names are the same. The other names agree one by one (the same, an initial or a short form), where the name
    with fewer of them may leave some out, but not the first.
    """
    fewer, more = sorted((_last_name_last(one), _last_name_last(other)), key=len)
    if len(fewer) < 2:
        return False
    (first, *few, last), (another, *many, same) = fewer, more
    if last != same or len(last) < 2 or not _stands_for(first, another):
        return False
    rest = iter(many)
    return all(any(_stands_for(name, its) for its in rest) for name in few)


def _last_name_last(folded):
    """The words of a folded name; an initial at its end, as in "smith j", is the first name's."""
    *others, last = folded.split() or [""]
    return [last, *others] if len(last) == 1 else [*others, last]


def _stands_for(one, other):
    return one == other or (1 in (len(one), len(other)) and one[:1] == other[:1]) or other in same_first_names(one)


def name_likeness(one, other):
    """How alike two names are, 0 to 100: by skeleton or by spelling, whichever is more."""
    if TRANSLITERATED_SCRIPTS.search(one or "") or TRANSLITERATED_SCRIPTS.search(other or ""):
        return spelling_likeness(fold(one), fold(other))
    bones = max(
        (fuzz.token_sort_ratio(a, b) for a in skeletons([one]).split("|") for b in skeletons([other]).split("|")),
        default=0,
    )
    return max(bones, spelling_likeness(fold(one), fold(other)))


def spelling_likeness(one, other):
    """How alike two folded names are as spelt, 0 to 100. A name that is part of a much longer one is not alike."""
    shorter, longer = sorted((len(one), len(other)))
    if not shorter or longer > LENGTH_RATIO * shorter:
        return fuzz.token_sort_ratio(one, other)
    return max(fuzz.WRatio(one, other), fuzz.token_sort_ratio(one, other))


def guess_sort_name(name):
    """A name as lists sort it, with its last word first. A guess that people correct on the card."""
    first, _, last = " ".join(name.split()).rpartition(" ")
    return f"{last}, {first}"[:160] if first else last[:160]
