"""Comparing a name with those of all cards in use: for lookalikes and for the search box."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from .. import names
from ..models import Expert
from ..names.titles import without_titles

# Lower for scripts that are compared by transliteration: spellings differ more there (measured on Russian names).
PLAIN_CUTOFF = 85
SUBSET_SCORE = 90
SAYS_LESS_SCORE = 85  # where one of two names has initials or short forms of the other's
ONE_NAME_SCORE = 80  # at most, where a single name fits: a surname alone says little
MOST_MATCHES = 200


@dataclass(frozen=True)
class Likeness:
    """How alike a card's name and the typed name are, 0 to 100, and the reason in words."""

    score: float
    reason: str


class Roster:
    """The names and skeletons of all cards in use, read in one query when they are first needed."""

    def __init__(self, leaving_out=None):
        self.leaving_out = leaving_out

    @cached_property
    def rows(self):
        """(id, search key, skeletons) of every card in use."""
        rows = Expert.objects.current().order_by().values_list("pk", "search_key", "name_skeleton")
        return [row for row in rows.iterator(chunk_size=5000) if row[0] != self.leaving_out]

    @cached_property
    def folded_names(self):
        """[(folded name, card's id)] of all names; of each card the name it is printed under comes first."""
        return [(name, pk) for pk, key, _ in self.rows for name in names.names_in_search_key(key)]

    @cached_property
    def skeletons(self):
        """[(skeleton, card's id)] of all names."""
        return [(bones, pk) for pk, _, skeletons in self.rows for bones in skeletons.split("|") if bones]

    @cached_property
    def words(self):
        """{word of a name: ids of the cards that have it}."""
        found = defaultdict(set)
        for name, pk in self.folded_names:
            for word in name.split():
                found[word].add(pk)
        return found

    def find_alike(self, text):
        """{card's id: Likeness} of the cards with a name like this text; {} for a text without letters."""
        folded, found = names.fold(text), {}
        if not folded:
            return found
        self._match_spelling(text, folded, found)
        bones = names.skeletons([text]).split("|")
        self._match_skeletons(folded, bones, found)
        self._match_first_and_last(bones, found)
        self._match_initials(folded, found)
        if " " not in folded:
            self._match_one_name(folded, bones, found)
        return found

    def _match_spelling(self, text, folded, found):
        least, most = len(folded) / names.LENGTH_RATIO, len(folded) * names.LENGTH_RATIO
        near = [row for row in self.folded_names if least <= len(row[0]) <= most]
        texts = [name for name, _ in near]
        cutoff = PLAIN_CUTOFF if names.TRANSLITERATED_SCRIPTS.search(text) else names.SPELLING_CUTOFF
        for scorer in (fuzz.WRatio, fuzz.token_sort_ratio):
            for name, score, place in process.extract(
                folded, texts, scorer=scorer, score_cutoff=cutoff, limit=MOST_MATCHES
            ):
                how = "The same name" if name == folded else f"Spelt alike: “{name}”"
                _keep_best(found, near[place][1], score, how)

    def _match_skeletons(self, folded, bones, found):
        texts = [text for text, _ in self.skeletons]
        full = {names.skeleton(name) for name in names.with_full_first_names(folded)}
        for one in bones:
            # One short skeleton would match too many cards.
            if " " not in one and len(one) < 4:
                continue
            for _, score, place in process.extract(
                one, texts, scorer=fuzz.token_sort_ratio, score_cutoff=names.SKELETON_CUTOFF, limit=MOST_MATCHES
            ):
                short = one in full
                how = "A short form of the same first name" if short else "The same name in another spelling"
                # One less than for the same spelling: different names can have the same skeleton.
                _keep_best(found, self.skeletons[place][1], score - 1, how)

    def _match_first_and_last(self, bones, found):
        """Cards with the same first and last name, where one of the two has more names between."""
        for one in bones:
            words = one.split()
            if len(words) < 2:
                continue
            first, last, these = f"{words[0]} ", f" {words[-1]}", set(words)
            for text, pk in self.skeletons:
                if text.startswith(first) and text.endswith(last) and text != one:
                    others = set(text.split())
                    if these <= others or others <= these:
                        _keep_best(found, pk, SUBSET_SCORE, "The same first and last name, with names between")

    def _match_initials(self, folded, found):
        """Cards with the same last name and other names that agree, though one has only initials or short forms."""
        typed = without_titles(folded)
        telling = [word for word in typed.split() if len(word) > 1]
        for name, pk in self.folded_names if telling else ():
            if any(word in name for word in (telling[0], telling[-1])) and names.may_be_one(typed, name):
                _keep_best(found, pk, SAYS_LESS_SCORE, "The same last name, with initials or a short form")

    def _match_one_name(self, folded, bones, found):
        for word, score, _ in process.extract(
            folded, list(self.words), scorer=fuzz.ratio, score_cutoff=names.SPELLING_CUTOFF, limit=MOST_MATCHES
        ):
            how = f"One of their names is “{word}”"
            for pk in self.words[word]:
                _keep_best(found, pk, ONE_NAME_SCORE * score / 100, how)
        telling = {one for one in bones if len(one) > 3}
        for text, pk in self.skeletons if telling else ():
            if telling & set(text.split()):
                _keep_best(found, pk, ONE_NAME_SCORE - 8, "One of their names sounds like it")


def _keep_best(found, pk, score, reason):
    if pk not in found or found[pk].score < score:
        found[pk] = Likeness(score, reason)
