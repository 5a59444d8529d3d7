"""The search box of the source book: names in any script and spelling, roles, places of work, topics, quotations.

Each hit says why it was found. Quotations stand in stories, which this room does not know: `hooks.words_said` asks
the room above.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from rapidfuzz import fuzz

from newsroom import hooks

from .. import names
from ..models import Affiliation, ExpertTopic
from .name_matching import Roster

MOST_CHARACTERS = 200
MOST_WORDS = 8
MOST_ROWS = 4000  # roles, or topics, that are read for one search
SPELLING_CUTOFF = 85  # likeness, 0 to 100, that a typed word and a word of a name need
EXCERPT_LENGTH = 90

# The score of a word, by where it was found.
NAME_SCORE, NAME_BEGINS_SCORE, NAME_NEAR_SCORE, ON_CARD_SCORE, TOPIC_SCORE, PLACE_SCORE, SAID_SCORE = (
    10,
    8,
    6,
    4,
    5,
    4,
    2,
)
WHOLE_NAME_SCORE = 30


@dataclass(frozen=True)
class Hit:
    """A card that was found: its score, and the reason in words."""

    expert_id: int
    score: float
    reason: str


class Hits(list):
    """Hits, best first. `total` is how many cards were found, of which these are the best."""

    total = 0


def find_cards_by_words(words, *, limit):
    """The Hits of some words, best first, at most `limit`; at most four queries. Empty for no words.

    A card is found where each word stands on it: in a name (as spelt, in a like spelling or a short form), in a role,
    or in a place of work or topic by any of its names. It is also found where a whole name is like the words, and where
    the person was quoted with them.
    """
    text = " ".join((words or "").replace("\0", " ").split())[:MOST_CHARACTERS]
    asked = list(dict.fromkeys(names.fold(text).split()))[:MOST_WORDS]
    if not asked:
        return Hits()
    roster = Roster()
    best = {}
    for pk, likeness in roster.find_alike(text).items():
        _keep_best(best, pk, WHOLE_NAME_SCORE * likeness.score / 100, likeness.reason)
    topics, places = _match_topics(asked, text), _match_places(asked, text)
    _word_by_word(best, roster, asked, topics, places)
    for words_said in hooks.words_said:
        for pk, quote in words_said(text, limit).items():
            _keep_best(best, pk, SAID_SCORE, f"Said: “{_excerpt(quote)}”")
    hits = (Hit(pk, score, reason) for pk, (score, reason) in best.items())
    found = Hits(sorted(hits, key=lambda hit: (-hit.score, hit.expert_id))[:limit])
    found.total = len(best)
    return found


def _keep_best(best, pk, score, reason):
    if pk not in best or best[pk][0] < score:
        best[pk] = score, reason


# --- word by word --------------------------------------------------------------------------------


def _word_by_word(best, roster, asked, topics, places):
    """Add the cards on which every word is found."""
    by_name = [_match_names(roster, word) for word in asked]
    by_initial = [_match_initial(roster, word) if len(word) == 1 else {} for word in asked]
    whole = [matches for word, matches in zip(asked, by_name, strict=True) if len(word) > 1]
    for pk, key, _ in roster.rows:
        score, reasons = 0, []
        for place, word in enumerate(asked):
            found = by_name[place].get(pk)
            # A letter alone says nothing, unless another word is in the name.
            if found is None and pk in by_initial[place] and any(pk in matches for matches in whole):
                found = by_initial[place][pk]
            for others in (topics[word], places[word]):
                if pk in others and (found is None or others[pk][0] > found[0]):
                    found = others[pk]
            if found is None and (around := key.partition("\n")[2]) and word in around:
                found = ON_CARD_SCORE, _reason_on_card(around, word)
            if found is None:
                break
            score += found[0]
            reasons.append(found[1])
        else:
            _keep_best(best, pk, score, "; ".join(dict.fromkeys(reasons)))


def _match_names(roster, word):
    """{card's id: (score, reason)} for a word in names: the same, its beginning, a short form, or a like spelling."""
    found, same = {}, names.same_first_names(word)
    for other, cards in roster.words.items():
        if other == word:
            told = NAME_SCORE, f"Called “{other}”"
        elif other in same:
            told = NAME_NEAR_SCORE, f"Called “{other}”, which “{word}” may be short for"
        elif len(word) > 1 and other.startswith(word):
            told = NAME_BEGINS_SCORE, f"Called “{other}”"
        elif (
            len(word) > 3 and abs(len(other) - len(word)) < 4 and fuzz.ratio(word, other, score_cutoff=SPELLING_CUTOFF)
        ):
            told = NAME_NEAR_SCORE, f"Called “{other}”, spelt like “{word}”"
        elif len(word) > 3 and word in other:
            told = ON_CARD_SCORE, f"Called “{other}”"
        else:
            continue
        for pk in cards:
            if pk not in found or found[pk][0] < told[0]:
                found[pk] = told
    return found


def _match_initial(roster, letter):
    """{card's id: (score, reason)} for names with a word that begins with a letter."""
    return {
        pk: (NAME_NEAR_SCORE, f"Called “{other}”, which “{letter}” may be short for")
        for other, cards in roster.words.items()
        if other.startswith(letter)
        for pk in cards
    }


def _reason_on_card(around, word):
    part = next(part for part in around.split("|") if word in part)
    return f"On the card: “{part}”"


def _match_topics(asked, text):
    """{word: {card's id: (score, reason)}} for topics by any of their names; one query."""
    typed = {names.fold(word): word for word in text.split()}
    wanted = reduce(or_, (
        Q(tag__names__folded__contains=word) | Q(tag__name__icontains=typed.get(word, word)) for word in asked
    ))  # fmt: skip
    rows = ExpertTopic.objects.filter(wanted).order_by("-level", "pk").values_list(
        "content_object", "level", "tag__name", "tag__names__text", "tag__names__folded"
    )[:MOST_ROWS]  # fmt: skip
    found = defaultdict(dict)
    for pk, level, name, other, folded in rows:
        own = f" {names.fold(name)}"
        for word in asked:
            if f" {word}" in own:
                found[word].setdefault(pk, (TOPIC_SCORE + level, f"Speaks on {name}"))
            elif folded and f" {word}" in f" {folded}":
                found[word].setdefault(pk, (TOPIC_SCORE + level, f"Speaks on {name}, also called “{other}”"))
    return found


def _match_places(asked, text):
    """{word: {card's id: (score, reason)}} for places of work by any of their names; one query."""
    wanted = reduce(or_, (
        Q(organisation__folded__contains=word) | Q(organisation__names__folded__contains=word) for word in asked
    ))  # fmt: skip
    rows = Affiliation.objects.filter(wanted).order_by("end", "pk").values_list(
        "expert", "end", "organisation__name", "organisation__folded", "organisation__names__text",
        "organisation__names__folded",
    )[:MOST_ROWS]  # fmt: skip
    found = defaultdict(dict)
    for pk, end, name, own, other, folded in rows:
        how = f"Was at {name}" if end else f"At {name}"
        for word in asked:
            if f" {word}" in f" {own}":
                found[word].setdefault(pk, (PLACE_SCORE - bool(end), how))
            elif folded and f" {word}" in f" {folded}":
                found[word].setdefault(pk, (PLACE_SCORE - bool(end), f"{how}, also called “{other}”"))
    return found


def _excerpt(quote):
    return quote if len(quote) <= EXCERPT_LENGTH else f"{quote[:EXCERPT_LENGTH].rsplit(' ', 1)[0]}…"
