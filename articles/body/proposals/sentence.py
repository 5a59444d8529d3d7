"""Who speaks in one sentence: which names stand beside which verbs of saying.

A text may have all its words in one sentence. So a verb looks only at the people nearest to it, and a quotation only
at the verbs nearest to it; what is farther away could not win.
"""

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from .speech import ACCORDING, DESCRIBED, LONGEST_ACCORDING, PRONOUN, VERB, WITH_ITS_SUBJECT

NAMED, GOES_ON, ABOUT_THEM = "named beside the words", "goes on speaking", "the sentence is about them"
PEOPLE_BESIDE_A_VERB = 8
VERBS_BESIDE_A_QUOTATION = 6  # on either side
FARTHEST_SUBJECT = 400  # characters between a person and their verb, quotations not counted
ASIDE = re.compile(r",[^,]*,")
INVERTED = re.compile(r"(?:\s+|-(?:t-)?)(?:[^\W\d_][\w’-]* ){0,4}")
NO_SUBJECT = re.compile(r"\b(?:that|to|of|in|him|her|them|by|and|or|und|et|y|e|dass|que|qu)\b")
COLON = re.compile(r"\s*:\s*$")


class Person(NamedTuple):
    """Somebody in the sentence. Who a pronoun or a noun means depends on who spoke last: `who` is asked then."""

    start: int
    end: int
    expert: int | None  # None for a pronoun or a verb that means the last speaker
    whole_name: bool = False
    noun: str = ""  # as in "the observer": one whose titles have it
    pronoun: bool = False


class Speaker(NamedTuple):
    """Who seems to have said a quotation; `expert` is 0 for a stranger, None if the text does not say who speaks.

    The place is that of the words that name them, where some do.
    """

    expert: int | None
    why: str = ""
    whole_name: bool = False
    place: tuple = ()


class Sentence:
    """One sentence of a paragraph. `mentions` are the people whom it names, in order."""

    def __init__(self, text, start, end, mentions, quoted, people, told):
        self.text, self.start, self.end, self.mentions = text, start, end, mentions
        self.quoted, self.people, self.told = quoted, people, told
        self._fits, self._outer_starts, self._outer_pieces = {}, [], []
        self._read_outer()
        self.outer = "".join(self._outer_pieces)
        self._bare = not re.search(r"\w", self.outer)
        self.rows = self._people_named()
        self._subjects_by_end = sorted(mentions, key=lambda row: row.end)
        self._find_pairs()

    def speaker_of(self, quotation, last):
        """The Speaker of a quotation; `last` is the id of who spoke last, or 0."""
        best = min(self._candidates(quotation, last), key=lambda found: found[0], default=None)
        if best:
            _, row, who = best
            why = (GOES_ON if row.pronoun or row.noun else NAMED) if who else ""
            return Speaker(who, why, row.whole_name, (row.start, row.end))
        if self._bare:
            return Speaker(last, GOES_ON) if last else Speaker(None)
        subjects = self._subjects_by_end[
            : bisect_right(self._subjects_by_end, quotation.start, key=lambda row: row.end)
        ]
        if not subjects:
            return Speaker(None)
        first = subjects[0]
        if first.expert and first.start - self.start < 25 and self._same_until(len(subjects)):
            return Speaker(first.expert, ABOUT_THEM, first.whole_name)
        return Speaker(0)

    # --- what does not depend on the quotation -----------------------------------------------

    def _read_outer(self):
        """Note the pieces of the sentence that stand outside of quotations."""
        place = self.start
        length = 0
        while place < self.end:
            holder = self.quoted.holding(place)
            if holder:
                place = holder[1]
                continue
            until = min(self.quoted.next_start(place), self.end)
            self._outer_starts.append((place, length))
            self._outer_pieces.append(self.text[place:until])
            length += until - place
            place = until

    def _outer_place(self, place):
        """How many characters of the sentence outside of quotations stand before a place."""
        index = bisect_right(self._outer_starts, place, key=lambda piece: piece[0]) - 1
        if index < 0:
            return 0
        start, before = self._outer_starts[index]
        return before + min(place - start, len(self._outer_pieces[index]))

    def _people_named(self):
        rows = [Person(one.start, one.end, one.expert, one.whole_name) for one in self.mentions]
        ends = sorted((row.end, row.expert) for row in rows if row.expert)
        for m in PRONOUN.finditer(self.text, self.start, self.end):
            if not self.quoted.holding(m.start()):
                before = bisect_right(ends, m.start(), key=lambda pair: pair[0])
                rows.append(Person(m.start(), m.end(), ends[before - 1][1] if before else None, pronoun=True))
        for m in DESCRIBED.finditer(self.text, self.start, self.end):
            if not self.quoted.holding(m.start()) and self._may_describe(m.group(1)):
                rows.append(Person(m.start(), m.end(), None, noun=m.group(1)))
        return sorted(rows, key=lambda row: row[:2])

    def _find_pairs(self):
        """Pair each verb with the people who can be its subject: [(verb's start, end, words between, person)]."""
        self.pairs, starts = [], [row.start for row in self.rows]
        for m in VERB.finditer(self.text, self.start, self.end):
            if self.quoted.holding(m.start()):
                continue
            behind = bisect_left(starts, m.end())
            found = []
            for row in self.rows[max(0, behind - PEOPLE_BESIDE_A_VERB) : behind + PEOPLE_BESIDE_A_VERB]:
                if (gap := self._words_between(m, row)) is not None:
                    found.append((m.start(), m.end(), gap, row))
            if not found and WITH_ITS_SUBJECT.fullmatch(m.group()):
                found = [(m.start(), m.end(), 0, Person(m.start(), m.end(), None, pronoun=True))]
            self.pairs += found
        self._verbs = sorted({(start, end) for start, end, *_ in self.pairs})
        self._pairs_of = {}
        for start, end, gap, row in self.pairs:
            self._pairs_of.setdefault((start, end), []).append((gap, row))
        self._according = [
            row
            for row in self.rows
            if ACCORDING.search(self.text, max(self.start, row.start - LONGEST_ACCORDING), row.start)
        ]

    def _words_between(self, verb, row):
        """How many words stand between a verb and a person who can be its subject, or None if they cannot be.

        Before the verb, an aside between commas does not count; after the verb, the person follows directly.
        """
        if row.end <= verb.start():
            start, end = self._outer_place(row.end), self._outer_place(verb.start())
            if end - start > FARTHEST_SUBJECT:
                return None
            plain = ASIDE.sub(" ", self.outer[start:end])
            if "," in plain or re.search(r"[;:.!?]", plain) or len(words := plain.split()) > 4:
                return None
            return len(words)
        if verb.end() <= row.start <= verb.end() + FARTHEST_SUBJECT:
            between = self.text[verb.end() : row.start]
            if INVERTED.fullmatch(between) and not NO_SUBJECT.search(between):
                return len(between.split())
        return None

    # --- what depends on who spoke last ------------------------------------------------------

    def _candidates(self, quotation, last):
        """Yield (rank, person, expert id) of those who may have said it; the lowest rank is the likeliest.

        Of two who stand at the same place, such as “the analyst” as a stranger and as somebody with that title, the
        one with a card comes first.
        """
        at = bisect_left(self._verbs, (quotation.start, 0))
        near = self._verbs[max(0, at - VERBS_BESIDE_A_QUOTATION) : at + VERBS_BESIDE_A_QUOTATION]
        for start, end in near:
            distance = _distance(start, end, quotation)
            for gap, row in self._pairs_of[start, end]:
                if (who := self._who(row, last)) is not None:
                    yield (distance + gap * 2, distance, not who), row, who
        at = bisect_left(self._according, quotation.start, key=lambda row: row.start)
        for row in self._according[max(0, at - 2) : at + 2]:
            if (who := self._who(row, last)) is not None:
                yield (_distance(row.start, row.end, quotation), 0, not who), row, who
        at = bisect_left(self.rows, quotation.start, key=lambda row: row.start)
        for row in self.rows[max(0, at - 1) : at]:
            # “told the Courier: …” ends with a stranger who did not speak.
            if COLON.fullmatch(self.text, row.end, quotation.start) and (who := self._who(row, last)):
                yield (0, 0, False), row, who

    def _who(self, row, last):
        """The id of whom a row means, or None if it means nobody: a noun that is in nobody's titles, say."""
        if row.noun:
            return self._described(row.noun, last) or None
        if row.pronoun:
            return last if row.expert is None else row.expert
        return row.expert

    def _may_describe(self, noun):
        return len(noun) >= 5 and bool(self._titled(noun))

    def _titled(self, noun):
        """The ids of the known people with a noun such as “observer” in their titles."""
        noun = noun.casefold()
        if noun not in self._fits:
            word = re.compile(rf"(?<!\w){re.escape(noun)}(?!\w)")
            self._fits[noun] = [
                expert
                for expert, person in self.people.known.items()
                if word.search(" ".join([*person.titles, *self.told.get(expert, ())]).casefold())
            ]
        return self._fits[noun]

    def _described(self, noun, last):
        """The id of the person with a noun in their titles, of those whom the story has named so far, or 0.

        If it fits several people, it means the last speaker.
        """
        fit = [expert for expert in self._titled(noun) if expert == last or expert in self.told]
        return last if last in fit else fit[0] if len(fit) == 1 else 0

    def _same_until(self, count):
        """Whether the first so many people of the sentence are all the same one."""
        if not hasattr(self, "_first_other"):
            rows = self._subjects_by_end
            self._first_other = next((i for i, row in enumerate(rows) if row.expert != rows[0].expert), len(rows))
        return count <= self._first_other


def _distance(start, end, quotation):
    return min(abs(start - quotation.end), abs(quotation.start - end))
