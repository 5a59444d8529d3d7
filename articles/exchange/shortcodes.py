"""Takes the shortcodes out of a text: those that we know become HTML, wrappers go, and what is left is named.

Reading is linear in the length of the text, whatever stands in it.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass, field

from .shortcode_makers import MAKERS, attributes_of, is_meant, wrapper_words
from .shortcode_rules import DROP, INLINE, KEEP, UNKNOWN, UNWRAP, WORDS, WRAPPERS, Rules

CAMEL = re.compile(r"[a-z][A-Z]")
TAG = re.compile(
    r"(?P<open>\[?)\[(?P<end>/?)(?P<name>[a-zA-Z][\w-]{0,60})(?![\w-])"
    r"(?P<attributes>(?:[^\[\]<>/]|<[^<>]*>|/(?!\]))*+)(?P<void>/?)\](?P<close>\]?)"
)
# What of a shortcode is left in a text that has been read: an opening with something in quotes or with a name that is
# no word, or an end.
LEFT = re.compile(
    r"\[\s*(?:/\s*(?P<end>[^\W_][^\s\[\]<>\"'=/]{0,60})\s*\]"
    r"|(?P<name>[^\W_][^\s\[\]<>\"'=/]{0,60})(?:\s[^\[\]]{0,200}?)?\s[\w:-]{1,40}\s?=\s?[\"'“”„«″‘’]"
    r"|(?P<odd>[^\W_][^\s\[\]<>\"'=/]{0,60}?[_:][^\s\[\]<>\"'=/]{1,60})\s[\w:-]{1,40}=)"
)
NESTED = 50  # how deep makers and wrappers are followed; deeper ones lose their shape, not their words
SHORT = 2  # letters: a wrapper of so few is an initial
MOST_DROPPED = 40  # words: what holds more is looked at before it goes


@dataclass
class Expanded:
    """A text without shortcodes, and the names of what was dropped, unwrapped or left standing, with how often."""

    text: str = ""
    dropped: Counter = field(default_factory=Counter)
    unwrapped: Counter = field(default_factory=Counter)
    unknown: Counter = field(default_factory=Counter)
    spoken_of: set = field(default_factory=set)  # names of those in two brackets, which are to be read
    lost: list = field(default_factory=list)  # words that stood inside what was dropped


@dataclass
class _Open:
    """An opening tag whose end is still to come; `parts` is what has been written inside it."""

    name: str = ""
    action: str = ""
    said: dict = field(default_factory=dict)
    parts: list = field(default_factory=list)


def expand_shortcodes(text, rules=None):
    """The Expanded of a text."""
    rules = rules or Rules()
    made = _Expansion(text, rules).run()
    for name in _left_in(made.text):
        if name not in made.unknown and name not in made.spoken_of and rules.own_action(name) != KEEP:
            made.unknown[name] += 1
    return made


def _left_in(text):
    """The names of what looks like a shortcode to people in a text that has been read, however it is written there."""
    if "[" not in text and "&" not in text:
        return set()
    bare = html.unescape(re.sub(r"<[^<>]*>", "", text))
    return {match[match.lastgroup].lower() for one in {html.unescape(text), bare} for match in LEFT.finditer(one)}


def without_shortcodes(text, rules=None):
    """A short text, such as an excerpt or a caption, without its shortcodes."""
    return expand_shortcodes(text, rules).text if "[" in text else text


class _Expansion:
    def __init__(self, text, rules):
        self._text, self._rules, self._made = text, rules, Expanded()
        self._stack = [_Open()]
        self._wrappers = []  # those that are open: (name, what stands in the place of their end)

    def run(self):
        tags, done = list(TAG.finditer(self._text)), 0
        ends = Counter(tag["name"].lower() for tag in tags if tag["end"])
        for tag in tags:
            self._write(self._text[done : tag.start()])
            done, name = tag.end(), tag["name"].lower()
            if tag["open"] and tag["close"]:
                self._made.spoken_of.add(name)
                self._write(tag[0][1:-1])  # [[gallery]] is how one writes about a shortcode
                continue
            self._write(tag["open"])
            if tag["end"]:
                ends[name] -= 1
                self._end(tag, name)
            else:
                self._begin(tag, name, has_end=ends[name] > 0 and not tag["void"])
            self._write(tag["close"])
        self._write(self._text[done:])
        while len(self._stack) > 1:
            self._close(ended=False)
        self._made.text = "".join(self._stack[0].parts)
        return self._made

    def _write(self, words):
        if words:
            self._stack[-1].parts.append(words)

    def _action(self, tag, name, has_end):
        """What becomes of an opening tag: the name of a maker, or an action."""
        if own := self._rules.own_action(name):
            return own
        meant = has_end or bool(tag["void"]) or is_meant(name, tag["attributes"])
        if name in MAKERS:
            return name if meant else WORDS
        action = self._rules.action(name, alone=not meant)
        # Nobody writes a remark as twoWords either.
        return UNKNOWN if action == WORDS and CAMEL.search(tag["name"]) else action

    def _begin(self, tag, name, *, has_end):
        action = self._action(tag, name, has_end)
        if action == UNKNOWN:
            self._made.unknown[name] += 1
        if action in (WORDS, KEEP, UNKNOWN):
            self._write(_as_it_stands(tag))
        elif action == UNWRAP:
            self._unwrap(tag, name, has_end)
        else:
            self._stack.append(_Open(name, action, attributes_of(tag["attributes"])))
            if not has_end or len(self._stack) > NESTED:
                self._close(ended=True)

    def _end(self, tag, name):
        if any(one.name == name for one in self._stack):
            while self._stack[-1].name != name:
                self._close(ended=False)
            self._close(ended=True)
            return
        if any(one == name for one, _ in self._wrappers[-NESTED:]):
            while self._wrappers:
                one, between = self._wrappers.pop()
                self._write(between)
                if one == name:
                    return
        action = self._rules.own_action(name) or self._rules.action(name, alone=False)
        if name not in MAKERS and action in (KEEP, UNKNOWN):
            self._write(_as_it_stands(tag))
        else:
            self._write("" if name in INLINE else "\n\n")

    def _unwrap(self, tag, name, has_end):
        """Take a wrapper's tag away; around a block a line is left blank, inside a sentence nothing."""
        self._made.unwrapped[name] += 1
        words = "" if name in INLINE else wrapper_words(attributes_of(tag["attributes"]))
        inside = name in INLINE or self._is_initial(tag) or (name in WRAPPERS and not words and self._is_amid(tag))
        between = "" if inside else "\n\n"
        self._write(between)
        self._write(words)
        if has_end:
            self._wrappers.append((name, between))

    def _is_amid(self, tag):
        """Whether words stand before a tag in its line."""
        before = self._text[max(0, tag.start() - 40) : tag.start()].rpartition("\n")[2].rstrip()
        return bool(before) and before[-1] not in ">]"

    def _is_initial(self, tag):
        end = self._text.find("[", tag.end(), tag.end() + SHORT + 1)
        return end > tag.end() and self._text.startswith(f"[/{tag['name']}]", end)

    def _close(self, *, ended):
        """Write what the innermost open tag becomes; one that nothing ended encloses nothing."""
        one = self._stack.pop()
        inner = "".join(one.parts)
        made = MAKERS[one.name](one.said, inner if ended else "") if one.action == one.name else None
        if made is not None:
            self._write(made)
        elif ended and (words := " ".join(re.sub(r"<[^<>]*>", " ", inner).split())):
            self._drop_words(one.name, words, inner)
        else:
            self._made.dropped[one.name] += 1
        if not ended:
            self._write(inner)

    def _drop_words(self, name, words, inner):
        """Drop words with what encloses them; many words are kept for somebody to look at."""
        if self._rules.own_action(name) == DROP or len(words.split()) <= MOST_DROPPED:
            self._made.dropped[name] += 1
            self._made.lost.append(words)
        else:
            self._made.unknown[name] += 1
            self._write(inner)


def _as_it_stands(tag):
    """A tag without the brackets around it that `run` writes itself."""
    return tag[0][len(tag["open"]) : len(tag[0]) - len(tag["close"])]
