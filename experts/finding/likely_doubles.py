"""Cards that are likely to be of one person by their names alone: looked up, for many names at a time.

Quicker and coarser than `duplicates`, which compares one name with every card: here two names meet only where they
are spelt the same or have the same consonants, or (for `LikelyCards`) where initials or short forms agree.
"""

from collections import defaultdict
from functools import cached_property

from .. import names
from ..models import Expert
from ..names.titles import FIRST, SHORT, without_titles

ALIKE = 80  # what two names with the same consonants have to reach as they are spelt: Ann Lee is no Anna Lou
SHOWN = 3
TITLE_BONES = frozenset(map(names.skeleton, SHORT | FIRST))


def groups_of_doubles(cards):
    """[[id, id …], …] of those of some cards that look like each other, in the order of their names. One query."""
    rows = cards.order_by("sort_name", "pk").values_list("pk", "name_skeleton", "display_name")
    alike = defaultdict(lambda: defaultdict(list))  # consonants → folded name → ids
    for pk, skeletons, name in rows.iterator(chunk_size=5000):
        for bones in skeletons.split("|"):
            bones = _without_title(bones)
            if " " in bones:  # a lone word of consonants fits half the book
                alike[bones][without_titles(names.fold(name))].append(pk)
    groups, seen = [], set()
    for called in alike.values():
        group = [pk for pk in _alike_in_a_group(called) if pk not in seen]
        if len(group) > 1:
            groups.append(group)
            seen |= set(group)
    return groups


def _alike_in_a_group(called):
    """The ids of {folded name: ids} that share their name with another, or nearly."""
    for name, pks in called.items():
        if len(pks) > 1 or any(names.spelling_likeness(name, other) >= ALIKE for other in called if other != name):
            yield from pks


class LikelyCards:
    """The cards in use that a name may belong to. One query, at the first question."""

    @cached_property
    def _cards(self):
        by_name, by_bones, by_last = defaultdict(list), defaultdict(list), defaultdict(list)
        rows = Expert.objects.current().order_by("pk").values_list("pk", "search_key", "name_skeleton")
        for pk, key, skeletons in rows.iterator(chunk_size=5000):
            called = names.names_in_search_key(key)
            for name in called:
                by_name[_in_order(without_titles(name))].append(pk)
                by_last[name.rpartition(" ")[2]].append((pk, without_titles(name)))
            for bones in skeletons.split("|"):
                if " " in bones:
                    by_bones[_without_title(bones)].append((pk, called))
        return by_name, by_bones, by_last

    def of(self, *called):
        """Ids of at most three cards that go by one of these names, or by one spelt like it."""
        by_name, by_bones, by_last = self._cards
        found = {}
        for name in filter(None, called):
            folded = without_titles(names.fold(name))
            for pk in by_name.get(_in_order(folded), ()) if folded else ():
                found[pk] = True
            for pk, theirs in by_bones.get(_without_title(names.skeleton(name)), ()):
                if pk not in found and any(
                    names.spelling_likeness(folded, without_titles(it)) >= ALIKE for it in theirs
                ):
                    found[pk] = True
            for pk, theirs in by_last.get(folded.rpartition(" ")[2], ()):
                if pk not in found and names.may_be_one(folded, theirs):
                    found[pk] = True
        return list(found)[:SHOWN]


def _without_title(bones):
    """The consonants of a name without a title before it, as long as two words are left."""
    first, _, rest = bones.partition(" ")
    return rest if first in TITLE_BONES and " " in rest else bones


def _in_order(folded):
    return " ".join(sorted(folded.split()))
