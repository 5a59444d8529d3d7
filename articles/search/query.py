"""Parses what a reader typed: words, "phrases" and -words; and marks them in the results."""

import re
from dataclasses import dataclass, replace

from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe

from . import words

LONGEST = 200  # characters of a question that are read
TERMS = 12
EXCERPT = 220  # characters, about
SCANNED = 20_000  # characters of a story that an excerpt may be taken from

_PART = re.compile(r'(?P<not>(?:(?<=\s)|^)[-−])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]?|(?P<word>[^\s"“”„«»]+))')
_SENTENCE = re.compile(r"[.!?…]\s+|\n")


@dataclass(frozen=True)
class Term:
    """Tokens that must stand next to each other in this order; mostly there is one."""

    tokens: tuple
    typed: str = ""
    part: bool = False  # the word may go on: a single letter of a script that has no spaces
    begins: str = ""  # or any word that begins like this

    @property
    def is_word(self):
        return len(self.tokens) == 1 and not self.part


@dataclass(frozen=True)
class Query:
    """Terms that a story must have, and terms that it must not have."""

    wanted: tuple = ()
    unwanted: tuple = ()

    def __bool__(self):
        return bool(self.wanted)

    def tokens(self):
        return {token for term in self.wanted for token in term.tokens}

    def instead(self, better):
        """The question with some words replaced, {token: word}, as somebody would type it."""
        return " ".join(
            better.get(term.tokens[0], term.typed) if term.is_word else f'"{term.typed}"' for term in self.wanted
        )


def parse(text):
    """The Query of a typed text; any text is valid. It is false if there is nothing to look for."""
    wanted, unwanted = [], []
    for match in _PART.finditer((text or "")[:LONGEST]):
        typed = match["phrase"] if match["phrase"] is not None else match["word"]
        tokens = tuple(words.tokens(typed))[:TERMS]
        if tokens:
            part = len(tokens) == 1 and len(typed.strip()) == 1 and bool(words.WORD.fullmatch(typed.strip())["run"])
            term = Term(tokens, " ".join(typed.split()), part)
            (unwanted if match["not"] else wanted).append(term)
    wanted, unwanted = list(dict.fromkeys(wanted)), list(dict.fromkeys(unwanted))
    # Words that nearly every story has do not narrow the search and cost the most.
    telling = [term for term in wanted if not (term.is_word and term.tokens[0] in words.COMMON_WORDS)]
    return Query(tuple(telling or wanted)[:TERMS], tuple(unwanted)[:TERMS])


def parse_typing(text):
    """As `parse`, while somebody is still typing: the last word may go on."""
    query = parse(text)
    if query and query.wanted[-1].is_word and text.rstrip().endswith(query.wanted[-1].typed):
        last = query.wanted[-1]
        begins = words.folded(last.typed)[: words.LONGEST]
        if len(begins) > 1 and begins.isalnum():
            return replace(query, wanted=(*query.wanted[:-1], replace(last, begins=begins)))
    return query


def marked(text, wanted):
    """A whole text, escaped, with the wanted tokens in <mark>."""
    return _marked(text, [(start, end) for token, start, end in words.token_spans(text) if token in wanted])


def excerpt(text, wanted):
    """A line or two of a text around the first place where most of the wanted tokens stand, escaped and marked."""
    text = text[:SCANNED]
    found, left = [], set(wanted)
    for token, start, end in words.token_spans(text):
        if token in wanted:
            found.append((start, end, token))
            left.discard(token)
        # All words are found and the excerpt is full: the rest of the story need not be read.
        if not left and start > found[-1][0] + EXCERPT:
            break
    at = _densest(found)
    begin = _line_start(text, at)
    end = min(len(text), begin + EXCERPT)
    if end < len(text):
        end = text.rfind(" ", begin + EXCERPT // 2, end + 1) if " " in text[begin + EXCERPT // 2 : end + 1] else end
    cut = [(s - begin, e - begin) for s, e, _ in found if s >= begin and e <= end]
    line = _marked(text[begin:end].rstrip(), cut)
    return mark_safe(f"{'… ' if begin else ''}{line}{' …' if end < len(text) else ''}")


def _densest(found):
    """Where the most different tokens fit into one excerpt, then the most of them; the earliest such place."""
    best, at, last = (0, 0), 0, 0
    for first, (start, _, _) in enumerate(found):
        while last < len(found) and found[last][1] <= start + EXCERPT * 2 // 3:
            last += 1
        here = len({token for _, _, token in found[first:last]}), last - first
        if here > best:
            best, at = here, start
    return at


def _line_start(text, at):
    """The beginning of the sentence that a place is in, if near; else of a word before it."""
    back = max(0, at - EXCERPT // 3)
    if back == 0:
        return 0
    ends = [match.end() for match in _SENTENCE.finditer(text, back, at)]
    if ends:
        return ends[0]
    space = text.find(" ", back, at)
    return back if space == -1 else space + 1


def _marked(text, places):
    parts, last = [], 0
    for start, end in _joined(places):
        parts += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    return mark_safe("".join([*parts, conditional_escape(text[last:])]))


def _joined(places):
    """Marks that overlap, as pairs of letters do, made one."""
    joined = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return joined
