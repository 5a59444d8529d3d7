"""Cards out of a vCard file, of whatever program and year. One bad card never costs the others.

Our own, because the libraries there are stop at the first line they do not expect: docs/experts-in-and-out.md.
"""

from dataclasses import dataclass, field

from . import lines
from .card import Card

KEPT_PROBLEMS = 200


@dataclass
class Cards:
    """What a file held: the cards, and a line for each thing that could not be read, with its line number."""

    cards: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    def trouble(self, number, words):
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(f"Line {number}: {words}")
        elif len(self.problems) == KEPT_PROBLEMS:
            self.problems.append("There is more that could not be read; mend this first.")

    def read_inside(self, number, data, name):
        """The cards that stand escaped in a value of another card: an assistant's."""
        inner = Cards()
        inner.gather(lines.properties([(number, line) for _, line in lines.numbered_lines(data)]), nested=True)
        self.cards += [card | {"agent_of": name} for card in inner.cards]
        self.problems += inner.problems[: max(0, KEPT_PROBLEMS - len(self.problems))]

    def gather(self, properties, nested=False):
        """Sort properties into cards, a card inside AGENT into one of its own."""
        open_cards, outside, agent = [], False, False
        for item, bad_line in properties:
            if item is None:
                number, line = bad_line
                if open_cards:
                    self.trouble(number, "this is no property of a card; it is kept with the card as it was typed.")
                    open_cards[-1][2].append((number, line))
                elif not outside:
                    self.trouble(number, "this stands outside of any card, and was left out.")
                    outside = True
                continue
            is_edge = item.raw.strip().lower() == b"vcard"
            if item.name == "BEGIN" and is_edge:
                if open_cards and not agent:
                    self.trouble(item.line, f"the card that begins on line {open_cards[-1][0]} has no END:VCARD.")
                    self._close(open_cards, nested)
                open_cards.append((item.line, [], []))
                outside = agent = False
            elif item.name == "END" and is_edge and open_cards:
                self._close(open_cards, nested)
            elif open_cards:
                agent = item.name == "AGENT" and not item.raw.strip()
                open_cards[-1][1].append(item)
            elif not outside:
                self.trouble(item.line, "this stands outside of any card, and was left out.")
                outside = True
        while open_cards:
            self.trouble(open_cards[-1][0], "the card that begins here has no END:VCARD.")
            self._close(open_cards, nested)

    def _close(self, open_cards, nested):
        line, properties, bad_lines = open_cards.pop()
        card = Card(line, properties, self, nested=nested).read(bad_lines)
        if open_cards:
            above = next((p for p in open_cards[-1][1] if p.name == "FN"), None)
            card["agent_of"] = above.raw.decode("utf-8", "replace") if above else "the card around it"
        self.cards.append(card)


def read_cards(data):
    """The cards of a file given as bytes. Never raises: what cannot be read is among the `problems`.

    A card is {line, version, uid, kind, name, prefix, given, additional, family, second_family, generation, suffix,
    native_name, native_language, nicknames, roles [{title, organisation}], channels [{kind, value, label,
    preference, types}], languages, topics, time_zone, pronouns, note, portrait (base64), private, revised, agent_of,
    others [(property, text)] of what has no field, left_out [words] and technical [property] of what is not kept};
    what it does not say is "", an empty list or None.
    """
    found = Cards()
    found.gather(lines.properties(lines.numbered_lines(lines.in_one_charset(data))))
    if not found.cards:
        found.trouble(1, "there is no card in this file: none begins with BEGIN:VCARD.")
    found.cards.sort(key=lambda card: card["line"])
    return found
