"""Attack strings that others collected, and choices of them that have every part of all."""

import json
import re

from articles.body import schema

from . import data

# What a browser may make something of: an element, a handler, an address, a scheme, an entity or escape.
PARTS = re.compile(
    r"<[/!?%]?\s*[a-z][\w:-]*"
    r"|[\s/\"'`](?:on[a-z]+|href|src\w*|action|formaction|style|xlink:href|data|background|poster|content|to|from"
    r"|values|attributename)\s*="
    r"|[a-z][a-z-]+:(?=\S)|<!--|\]\]>|&#?\w+|%[0-9a-f]{2}|\\[ux0-9]",
)


def vectors():
    """All of them, in the file's order; without the file the test that asks skips."""
    lines = data.path("xss/vectors.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["html"] for line in lines]


def distinct(strings):
    """Short strings that have among them every part of all, and everything that the sanitiser leaves of any."""
    return _fewest({string: _parts_of(string) | {_left_of(string)} for string in strings})


def distinct_as_words(strings):
    """Short strings that have among them every part of all: for places where nothing is sanitised, only escaped."""
    return _fewest({string: _parts_of(string) for string in strings})


def _parts_of(string):
    return set(PARTS.findall(string.lower()))


def _fewest(parts):
    """The strings of {string: its parts} that have all of them, each chosen for having most for its length."""
    missing, chosen = set().union(*parts.values()), []
    while missing:
        best = max(parts, key=lambda string: (len(parts[string] & missing) / (len(string) + 20), string))
        missing -= parts.pop(best)
        chosen.append(best)
    return chosen


def _left_of(string):
    """The elements and attributes that the sanitiser leaves, whatever the words between them."""
    return re.sub(r">[^<]+<", ">words<", f">{schema.sanitise(string)}<")


def packed(strings, room, between=" "):
    """Strings in groups that fit, joined, into so many characters; what is longer alone is cut."""
    groups = []
    for string in sorted(strings, key=len, reverse=True):
        for group in groups:
            if sum(map(len, group)) + len(between) * len(group) + len(string) <= room:
                group.append(string)
                break
        else:
            groups.append([string])
    return groups
