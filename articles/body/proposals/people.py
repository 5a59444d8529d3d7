"""The people of a text: possible names, whom a name or surname means, and the title printed beside it."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .. import tree
from ..near_miss import at_most_letters_apart, letters_apart_allowed
from .speech import ARTICLE, BEFORE_NAME, KINDS, NAME, RELATIVE, SMALL, STRANGER, VERB
from .text import Spans, joined_spans, paragraphs

WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
NAME_PAIR = re.compile(r"(?<![\w’'-])(?=([^\W\d_a-z][\w’'-]*\.?)\s+([^\W\d_a-z][\w’'-]+))")
# What may stand before a surname, with a capital, without being a first name.
NO_FIRST_NAMES = SMALL | frozenset(
    "prof professor sir dame lord lady herr frau m mme mlle monsieur madame yet now later yesterday today meanwhile"
    " instead however still so if since because after before although though even only both nor not there here".split()
)
TITLE_BEFORE = re.compile(r"(?:(?<!\w)(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Dame|Herr|Frau|M|Mme|Mlle)\.?\s+)?$")
AFTER_NAME = re.compile(r",\s+([^,;.“«\ufffc]{3,160}(?:,\s+[^,;.“«\ufffc]{3,80}?)?)(?=[,.;]|$)")
# In characters: how far from a name a title is looked for.
LONGEST_TITLE_BEFORE, LONGEST_TITLE_AFTER = 160, 300


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whom a text may quote: the card's id, its names, titles and known misspellings."""

    expert: int
    name: str
    names: tuple = ()
    titles: tuple = ()
    misspellings: tuple = ()


def candidate_names(html):
    """A list of the word sequences of a body that may be names, in order.

    They are sequences of capitalised words, and in scripts without capitals every two or three words.
    """
    found, seen = [], set()
    for block in paragraphs(tree.parse(html)):
        text = block.text
        runs = re.findall(rf"(?<!\w){NAME}", text)
        # Also without its first word, which may be capitalised because it begins a sentence.
        runs += [rest for run in runs if len((rest := run.partition(" ")[2]).split()) > 1]
        for words in re.findall(r"[\u0590-\u08ff]+(?:\s+[\u0590-\u08ff]+){1,3}", text):
            bits = words.split()
            runs += [" ".join(bits[i : i + n]) for n in (2, 3) for i in range(len(bits) - n + 1)]
        for run in runs:
            run = re.sub(r"['’]s$", "", run.strip(" .’'"))
            if " " in run and run not in seen:
                seen.add(run)
                found.append(run)
    return found


class Mention(NamedTuple):
    """A person in a paragraph, from character `start` to before `end`; `expert` is 0 for a stranger."""

    start: int
    end: int
    expert: int
    whole_name: bool


class People:
    """Finds mentions of known people. `misprints` collects the pairs (word, name) that it took for misprints."""

    def __init__(self, known):
        self.known = {person.expert: person for person in known}
        self.patterns, self.surnames = [], {}
        self.namesakes = set()
        self.first_names = {person.expert: set() for person in known}
        shared = {}
        for person in known:
            for name in dict.fromkeys([person.name, *person.names, *person.misspellings]):
                words = name.split()
                if not words:
                    continue
                self.patterns.append((re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), person.expert))
                self.first_names[person.expert].update(word.rstrip(".").casefold() for word in words[:-1])
                if len(words) > 1 and len(words[-1]) > 2:
                    shared.setdefault(words[-1].casefold(), set()).add(person.expert)
                    if "-" in words[-1]:
                        shared.setdefault(words[-1].rpartition("-")[2].casefold(), set()).add(person.expert)
        # A surname that two of them share could mean either, so it is left out.
        self.surnames = {surname: next(iter(who)) for surname, who in shared.items() if len(who) == 1}
        self.misprints = []
        self._bearers = {}  # what each word of the text was found to be

    def mentions(self, text, quoted):
        """The Mentions in a text that stand outside its quotations, sorted; `quoted` are the Spans of those."""
        found = []
        for pattern, expert in self.patterns:
            found += [Mention(m.start(), m.end(), expert, True) for m in pattern.finditer(text)]
        taken = Spans(joined_spans((one.start, one.end) for one in found))
        for m in WORD.finditer(text):
            if taken.holding(m.start()):
                continue
            word = re.sub(r"['’]s?$", "", m.group())
            if expert := self._bearer_of(word):
                title = TITLE_BEFORE.search(text, max(0, m.start() - LONGEST_TITLE_BEFORE), m.start())
                found.append(Mention(title.start(), m.start() + len(word), expert, False))
        taken = Spans(joined_spans((one.start, one.end) for one in found))
        for m in STRANGER.finditer(text):
            if taken.touch(m.start(), m.end()):
                continue
            if _begins_a_sentence(text, m.start()) and " " not in m.group() and m.group().casefold() not in KINDS:
                continue  # every first word has a capital
            found.append(Mention(m.start(), m.end(), 0, False))
        return [one for one in sorted(found) if not quoted.holding(one.start)]

    def note_namesakes(self, text):
        """Remember whose surname the text also gives to somebody else: “Ada Nystrom” beside a card of Halvard."""
        for m in NAME_PAIR.finditer(text):
            first, surname = m.group(1).rstrip(".").casefold(), re.sub(r"['’]s?$", "", m.group(2)).casefold()
            expert = self.surnames.get(surname)
            if expert and first not in NO_FIRST_NAMES and not _is_role_word(first) and not VERB.fullmatch(first):
                own = self.first_names[expert]
                if first not in own and not (len(first) == 1 and any(name.startswith(first) for name in own)):
                    self.namesakes.add(expert)

    def _bearer_of(self, word):
        """The id of the known person whose surname a word is, or seems to be misprinted; else 0."""
        if word not in self._bearers:
            self._bearers[word] = self._find_bearer(word)
        return self._bearers[word]

    def _find_bearer(self, word):
        if expert := self.surnames.get(word.casefold()):
            return expert if word[:1].isupper() or not word.isascii() else 0
        if not word[:1].isupper() or len(word) < 5:
            return 0
        for surname, expert in self.surnames.items():
            allowed = letters_apart_allowed(surname)
            if allowed and word.casefold() != surname + "s" and at_most_letters_apart(word, surname, allowed):
                self.misprints.append((word, self.known[expert].name))
                return expert
        return 0


def _begins_a_sentence(text, place):
    """Whether a word begins a sentence."""
    return not (before := text[max(0, place - 20) : place].rstrip(' “«„"')) or before[-1] in ".!?…:"


def title_beside(text, start, end):
    """The title printed beside a name, between commas after it or in small letters before it, or ""."""
    if m := AFTER_NAME.match(text, end, end + LONGEST_TITLE_AFTER):
        words = m.group(1)
        if "," in words and not re.match(r"[^,]*,\s*(?:now|and|former|then)\b", words):
            words = words.split(",")[0]
        words = ARTICLE.sub("", words.strip())
        if not RELATIVE.match(words) and not VERB.search(words) and not words[:1].isdigit() and " " in words:
            return words[:160]
    if m := BEFORE_NAME.search(text, max(0, start - LONGEST_TITLE_BEFORE), start):
        words = m.group(1).split()
        while words and any(word in SMALL or VERB.fullmatch(word) for word in words):
            words.pop(0)
        if words and len(words[-1]) > 3 and _is_role_word(words[-1]):
            return " ".join(words)
    return ""


def _is_role_word(word):
    return word in KINDS or bool(re.search(r"(?:er|or|ist|ian|ant|man|woman|yst|ent)$", word))
