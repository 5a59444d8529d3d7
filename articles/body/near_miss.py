"""Words that look like a misprint of the name of somebody in the story."""

import re

from rapidfuzz.distance import Levenshtein

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s$|['’]$")


def near_misses(text, names, seen=()):
    """[(word as written, name)] for the words of a text that nearly match a surname among the names.

    `letters_apart_allowed` says how nearly. A word that is part of one of the names, or a surname's plural, does
    not count. `seen` has pairs (known misspelling, name), which count whatever the distance.
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
            if (
                allowed
                and word.casefold() != surname.casefold() + "s"
                and at_most_letters_apart(word, surname, allowed)
            ):
                found.append((word, name))
    return found


def letters_apart_allowed(surname):
    """How many letters a misprint of a surname may differ by: 0 below five letters, 1 below eight, else 2."""
    return 0 if len(surname) < 5 else 1 if len(surname) < 8 else 2


def at_most_letters_apart(a, b, most):
    """Whether two words differ by at most `most` letters added, dropped or changed; case does not count."""
    return Levenshtein.distance(a.casefold(), b.casefold(), score_cutoff=most) <= most
