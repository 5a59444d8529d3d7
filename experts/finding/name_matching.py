"""The names of every card in use, in one read: what lookalikes and the search box compare with."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from .. import names
from ..models import Expert

# The scripts that keep their plain transliteration spread wider: measured on Russian names.
PLAIN = 85
SUBSET = 90
ONE_NAME = 80  # what a single name that fits is worth, at most: a surname alone says little
MANY = 200


@dataclass(frozen=True)
class Likeness:
    """How alike a card's name is to one that was typed, 0 to 100, and why in words."""

    score: float
    reason: str


class Roster:
    """The cards in use: their names as `names.key` keeps them and their skeletons. One query, at the first question."""

    def __init__(self, leaving_out=None):
        self.leaving_out = leaving_out

    @cached_property
    def rows(self):
        """(id, search key, skeletons) of every card in use."""
        rows = Expert.objects.current().order_by().values_list("pk", "search_key", "name_skeleton")
        return [row for row in rows.iterator(chunk_size=5000) if row[0] != self.leaving_out]

    @cached_property
    def called(self):
        """(folded name, id), a card's own name first among its names."""
        return [(name, pk) for pk, key, _ in self.rows for name in names.in_key(key)]

    @cached_property
    def bones(self):
        return [(bones, pk) for pk, _, skeletons in self.rows for bones in skeletons.split("|") if bones]

    @cached_property
    def words(self):
        """Each word of a name → the ids of the cards that have it."""
        found = defaultdict(set)
        for name, pk in self.called:
            for word in name.split():
                found[word].add(pk)
        return found

    def alike(self, text):
        """{id: Likeness} of cards that go by a name like this one; {} for a text without letters."""
        folded, found = names.fold(text), {}
        if not folded:
            return found
        self._whole(text, folded, found)
        bones = names.skeletons([text]).split("|")
        self._bones(folded, bones, found)
        self._subsets(bones, found)
        if " " not in folded:
            self._one_name(folded, bones, found)
        return found

    def _whole(self, text, folded, found):
        least, most = len(folded) / names.LENGTHS, len(folded) * names.LENGTHS
        near = [row for row in self.called if least <= len(row[0]) <= most]
        texts = [name for name, _ in near]
        cutoff = PLAIN if names.IS_PLAIN.search(text) else names.WHOLE
        for scorer in (fuzz.WRatio, fuzz.token_sort_ratio):
            for name, score, place in process.extract(folded, texts, scorer=scorer, score_cutoff=cutoff, limit=MANY):
                how = "The same name" if name == folded else f"Spelt alike: “{name}”"
                _keep(found, near[place][1], score, how)

    def _bones(self, folded, bones, found):
        texts = [text for text, _ in self.bones]
        for one in bones:
            # A single short word of consonants fits half the book.
            if " " not in one and len(one) < 4:
                continue
            for _, score, place in process.extract(
                one, texts, scorer=fuzz.token_sort_ratio, score_cutoff=names.TOKEN_SORT, limit=MANY
            ):
                short = names.formal(folded) != folded and one == bones[-1]
                how = "A short form of the same first name" if short else "The same name in another spelling"
                # Below a name spelt the same: the skeleton tells fewer names apart.
                _keep(found, self.bones[place][1], score - 1, how)

    def _subsets(self, bones, found):
        """A name with names between: who is called by two of four."""
        for one in bones:
            words = one.split()
            if len(words) < 2:
                continue
            first, last, these = f"{words[0]} ", f" {words[-1]}", set(words)
            for text, pk in self.bones:
                if text.startswith(first) and text.endswith(last) and text != one:
                    others = set(text.split())
                    if these <= others or others <= these:
                        _keep(found, pk, SUBSET, "The same first and last name, with names between")

    def _one_name(self, folded, bones, found):
        for word, score, _ in process.extract(
            folded, list(self.words), scorer=fuzz.ratio, score_cutoff=names.WHOLE, limit=MANY
        ):
            how = f"One of their names is “{word}”"
            for pk in self.words[word]:
                _keep(found, pk, ONE_NAME * score / 100, how)
        telling = {one for one in bones if len(one) > 3}
        for text, pk in self.bones if telling else ():
            if telling & set(text.split()):
                _keep(found, pk, ONE_NAME - 8, "One of their names sounds like it")


def _keep(found, pk, score, reason):
    if pk not in found or found[pk].score < score:
        found[pk] = Likeness(score, reason)
