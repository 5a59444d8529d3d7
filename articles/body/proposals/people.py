"""The people of a text: possible names, whom a name or surname means, and the title printed beside it."""

import re
from dataclasses import dataclass

from .. import tree
from ..near_miss import at_most_letters_apart, letters_apart_allowed
from .speech import ARTICLE, BEFORE_NAME, KINDS, NAME, RELATIVE, SMALL, STRANGER, VERB
from .text import paragraphs


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


class People:
    """Finds mentions of known people. `misprints` collects the pairs (word, name) that it took for misprints."""

    def __init__(self, known):
        self.known = {person.expert: person for person in known}
        self.patterns, self.surnames = [], {}
        shared = {}
        for person in known:
            for name in dict.fromkeys([person.name, *person.names, *person.misspellings]):
                words = name.split()
                if not words:
                    continue
                self.patterns.append((re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), person.expert))
                if len(words) > 1 and len(words[-1]) > 2:
                    shared.setdefault(words[-1].casefold(), set()).add(person.expert)
                    if "-" in words[-1]:
                        shared.setdefault(words[-1].rpartition("-")[2].casefold(), set()).add(person.expert)
        # A surname that two of them share could mean either, so it is left out.
        self.surnames = {surname: next(iter(who)) for surname, who in shared.items() if len(who) == 1}
        self.misprints = []

    def mentions(self, text, outside):
        """Sorted [(start, end, expert id, whether the whole name)] of the people in a text; id 0 for a stranger."""
        found = []
        for pattern, expert in self.patterns:
            found += [(m.start(), m.end(), expert, True) for m in pattern.finditer(text)]
        taken = [(start, end) for start, end, *_ in found]
        for m in re.finditer(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", text):
            word = re.sub(r"['’]s?$", "", m.group())
            end = m.start() + len(word)
            if any(start <= m.start() < stop for start, stop in taken):
                continue
            expert = self._surname(word, text[: m.start()])
            if expert:
                start = m.start() - len(re.search(r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir)\.?\s+)?$",
                                                  text[: m.start()]).group())  # fmt: skip
                found.append((start, end, expert, False))
        taken = [(start, end) for start, end, *_ in found]
        for m in STRANGER.finditer(text):
            if any(start < m.end() and m.start() < stop for start, stop in taken):
                continue
            if _begins_a_sentence(text, m.start()) and " " not in m.group() and m.group().casefold() not in KINDS:
                continue  # every first word has a capital
            found.append((m.start(), m.end(), 0, False))
        return sorted(row for row in found if outside(row[0]))

    def _surname(self, word, before):
        if expert := self.surnames.get(word.casefold()):
            return expert if word[:1].isupper() or not word.isascii() else 0
        if not word[:1].isupper() or len(word) < 5:
            return 0
        for surname, expert in self.surnames.items():
            allowed = letters_apart_allowed(surname)
            if allowed and word.casefold() != surname + "s" and at_most_letters_apart(word, surname, allowed):
                pair = (word, self.known[expert].name)
                if pair not in self.misprints:
                    self.misprints.append(pair)
                return expert
        return 0


def _begins_a_sentence(text, place):
    """Whether a word begins a sentence."""
    return not (before := text[:place].rstrip(' “«„"')) or before[-1] in ".!?…:"


def title_beside(text, start, end):
    """The title printed beside a name, between commas after it or in small letters before it, or ""."""
    rest = text[end:]
    if m := re.match(r",\s+([^,;.“«\ufffc]{3,160}(?:,\s+[^,;.“«\ufffc]{3,80}?)?)(?=[,.;]|$)", rest):
        words = m.group(1)
        if "," in words and not re.match(r"[^,]*,\s*(?:now|and|former|then)\b", words):
            words = words.split(",")[0]
        words = ARTICLE.sub("", words.strip())
        if not RELATIVE.match(words) and not VERB.search(words) and not words[:1].isdigit() and " " in words:
            return words[:160]
    if m := BEFORE_NAME.search(text[:start]):
        words = m.group(1).split()
        while words and any(word in SMALL or VERB.fullmatch(word) for word in words):
            words.pop(0)
        if words and len(words[-1]) > 3 and _is_role_word(words[-1]):
            return " ".join(words)
    return ""


def _is_role_word(word):
    return word in KINDS or bool(re.search(r"(?:er|or|ist|ian|ant|man|woman|yst|ent)$", word))
