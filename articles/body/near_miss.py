"""Names that look like a misprint of somebody the story is about."""

import re

from rapidfuzz.distance import Levenshtein

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s$|['’]$")


def near_misses(text, names, seen=()):
    """Pairs (word as written, name) where a word is nearly, but not quite, a person's surname.

    How far apart they may be, says `letters_apart_allowed`. A word that is part of a linked name, or
    the surname's plural, is no misprint. `seen` are pairs (misspelling found in print before, name):
    they count however far apart they are.
    """
    parts = {part.casefold() for name in names for part in WORD.findall(name)}
    surnames = {WORD.findall(name)[-1]: name for name in names if WORD.findall(name)}
    words = {POSSESSIVE.sub("", word) for word in WORD.findall(text) if word[:1].isupper()}
    found = [(wrong, name) for wrong, name in seen if re.search(rf"(?<!\w){re.escape(wrong)}(?!\w)", text)]
    reported = {part.casefold() for wrong, _ in found for part in WORD.findall(wrong)}
    for word in sorted(words):
        if word.casefold() in reported | parts:
            continue
        for surname, name in surnames.items():
            allowed = letters_apart_allowed(surname)
            if allowed and word.casefold() != surname.casefold() + "s" and within(word, surname, allowed):
                found.append((word, name))
    return found


def letters_apart_allowed(surname):
    """How many letters apart a word may be from a surname to count as a misprint of it: 0 below five letters, 1, or 2
    from eight."""
    return 0 if len(surname) < 5 else 1 if len(surname) < 8 else 2


def within(a, b, most):
    """Whether two words are at most this many letters added, dropped or changed apart, case aside."""
    return Levenshtein.distance(a.casefold(), b.casefold(), score_cutoff=most) <= most
