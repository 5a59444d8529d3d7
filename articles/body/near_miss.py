"""Names that look like a misprint of somebody the story is about."""

import re
from itertools import pairwise

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s$|['’]$")


def near_misses(text, names, seen=()):
    """Pairs (word as written, name) where a word is nearly, but not quite, a person's surname.

    What is near, `is_near` says. A word that is itself part of a linked name is no misprint.
    `seen` are pairs (misspelling once met in print, name): those count however far apart they are.
    """
    parts = {part.casefold() for name in names for part in WORD.findall(name)}
    surnames = {WORD.findall(name)[-1]: name for name in names if WORD.findall(name)}
    words = {POSSESSIVE.sub("", word) for word in WORD.findall(text) if word[:1].isupper()}
    found = [(wrong, name) for wrong, name in seen if re.search(rf"(?<!\w){re.escape(wrong)}(?!\w)", text)]
    told = {part.casefold() for wrong, _ in found for part in WORD.findall(wrong)}
    for word in sorted(words):
        if word.casefold() in told:
            continue
        if word.casefold() in parts:
            continue
        found += [(word, name) for surname, name in surnames.items() if is_near(word, surname)]
    return found


def is_near(word, surname):
    """Whether a word is nearly, but not quite, a surname: one letter apart from 5 letters on, two from 8; no plural."""
    allowed = 0 if len(surname) < 5 else 1 if len(surname) < 8 else 2
    return bool(allowed) and word.casefold() != surname.casefold() + "s" and within(word, surname, allowed)


def within(a, b, most):
    """Whether two words are at most this many letters added, dropped or changed apart, case aside."""
    a, b = a.casefold(), b.casefold()
    if abs(len(a) - len(b)) > most:
        return False
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        line = [i]
        for j, (diagonal, above) in enumerate(pairwise(row), 1):
            line.append(min(above + 1, line[-1] + 1, diagonal + (letter != b[j - 1])))
        row = line
    return row[-1] <= most
