"""Finding what is known by its name, however the name is typed, and what reads like it."""

from rapidfuzz.distance import Levenshtein

from .. import folding

# So many names are folded and compared in Python; of a longer list the database compares names as they are written.
MOST_COMPARED = 3000
SHORTEST_MISTYPED = 6  # letters: two shorter names that differ by one are two names


def pks_by_name(model, fields, typed):
    """The keys of the rows whose names hold all the typed words, in any spelling; None where there are too many rows.

    `fields` are names of text fields; they may lead through a relation. One query.
    """
    words = folding.fold(typed).split()
    if not words:
        return None
    rows = list(model._default_manager.order_by().values_list("pk", *fields)[: MOST_COMPARED + 1])
    if len(rows) > MOST_COMPARED:
        return None
    found = set()
    for pk, *texts in rows:
        held = " ".join(folding.fold(text) for text in texts if text)
        if all(word in held for word in words):
            found.add(pk)
    return found


def name_lookalikes(model, name, pk=None):
    """[(key, name)] of up to three rows whose name reads like this one: alike when folded, or a letter apart."""
    folded, found = folding.fold(name), []
    rows = model._default_manager.exclude(pk=pk).order_by("name").values_list("pk", "name")[:MOST_COMPARED]
    for other_pk, other in rows if folded else ():
        if _read_alike(folded, folding.fold(other)):
            found.append((other_pk, other))
    return found[:3]


def _read_alike(one, other):
    if one == other:
        return True
    if min(len(one), len(other)) < SHORTEST_MISTYPED or _digits(one) != _digits(other):
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1


def _digits(text):
    return [sign for sign in text if sign.isdigit()]
