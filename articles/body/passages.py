"""A body as passages: paragraphs, headings, list items, table rows and pictures, each with the quotations in it."""

import re
from dataclasses import dataclass, field

from . import plain, tree

CONTAINERS = frozenset(["ul", "ol", "table", "thead", "tbody", "aside", "div"])  # what passages stand in


SPEAKER_LINE = 6  # words at most of a line that only says who speaks
OPEN_END = re.compile(r"[:：—–]$")
SENTENCE_END = re.compile(r"[.!?…。؟][\"'”’»)]*$")


@dataclass
class Passage:
    """One passage: all that is read in it, the addresses that it links to, and the uids of its quotations."""

    text: list = field(default_factory=list)
    links: list = field(default_factory=list)
    images: list = field(default_factory=list)
    quotes: list = field(default_factory=list)
    besides: bool = False  # whether it says anything besides its quotations
    is_heading: bool = False

    @property
    def words(self):
        return " ".join("".join(self.text).split())

    @property
    def introduces(self):
        """Whether it says whose words come next: a heading, a line that ends with a colon, or a name by itself."""
        words = self.words
        few = 0 < len(words.split()) <= SPEAKER_LINE and not SENTENCE_END.search(words[-4:])
        return not self.quotes and (self.is_heading or bool(OPEN_END.search(words)) or few and not self.images)


def passages_of(html):
    """The passages of a body in order; a footnote is read in the passage that has its mark."""
    found, current, owner, quoted = [], Passage(), None, 0

    def finish():
        nonlocal current
        if current.words or current.images or current.quotes:
            found.append(current)
        current = Passage()

    for event, el, said in tree.walk(tree.parse(html)):
        is_quote = bool(el.get("data-expert"))
        if event == "start":
            if owner is None and el.tag in tree.BLOCKS:
                finish()
                owner = None if el.tag in CONTAINERS else el
                current.is_heading = el.tag in tree.HEADINGS
            elif el.tag in tree.BLOCKS or el.tag == "br":
                current.text.append(" ")
            if is_quote:
                quoted += 1
                current.quotes.append(el.get("data-quote") or "")
            current.text += [f" {el.get('data-footnote')} "] if el.get("data-footnote") else []
            current.links += [el.get("href")] if el.get("href") else []
            current.images += [el.get("data-image")] if el.get("data-image") else []
        elif event == "end":
            quoted -= is_quote
            if el is owner:
                finish()
                owner = None
            elif el.tag in tree.BLOCKS:
                current.text.append(" ")
                if owner is None:
                    finish()
        else:
            current.text.append(said)
            current.besides = current.besides or bool(not quoted and plain.WORD.search(said))
    finish()
    return found


def beside(passages):
    """For each passage the places of those that say whose its words are: its own, and for one that is nothing but
    quotations the nearest before and after it that are more; and the one directly before it that introduces it."""
    before, after, last = [], [], None
    for place, passage in enumerate(passages):
        before.append(last)
        last = place if passage.besides or not passage.quotes else last
    last = None
    for place in reversed(range(len(passages))):
        after.append(last)
        last = place if passages[place].besides or not passages[place].quotes else last
    after.reverse()
    near = []
    for place, passage in enumerate(passages):
        places = [place] if passage.besides else [place, before[place], after[place]]
        if passage.quotes and place and passages[place - 1].introduces:
            places.append(place - 1)
        near.append([one for one in dict.fromkeys(places) if one is not None])
    return near
