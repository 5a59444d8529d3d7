"""Works out who seems to have said each quotation of a text, in time in proportion to the text."""

import hashlib
import re
from bisect import bisect_left
from dataclasses import dataclass, field

from .. import tree
from .people import People, title_beside
from .sentence import GOES_ON, Sentence
from .speech import ANOTHER_OUTLET, KINDS, NEAR_START, SENTENCE_ENDS, TITLE_OF_A_WORK
from .text import HOLE, Quotation, Spans, joined_spans, paragraphs, quotations_in

AFTER_SENTENCE = re.compile(r"\s+[^\W\d_a-z]|\s*$")
MOST_TITLES = 12  # of one person that are remembered while reading
LONGEST_SENTENCE_SHOWN = 400  # characters on either side of a quotation
NEAR_OUTLET = 150  # characters on either side in which another newspaper's name counts


@dataclass
class Fragment:
    """One quotation that is not linked.

    `expert` is the id of the proposed person, or 0, and `why` the reason. `sure` is whether the text names them
    beside the words, so that the proposal may be ticked; `doubt` says why not. `before` and `after` are the rest of
    its sentence. `name` is that of a stranger whom the text names beside the words, `title` what it calls them.
    """

    key: str
    words: str
    before: str
    after: str
    can_link: bool = True
    expert: int = 0
    why: str = ""
    doubt: str = ""
    name: str = ""
    title: str = ""

    @property
    def sure(self):
        return bool(self.expert) and not self.doubt


@dataclass
class Reading:
    """The proposals for a text.

    `fragments` are its quotations in order, `titles` {expert id: titles as printed}, `misprints` pairs
    (word, name), `mentioned` the ids of all experts in the text.
    """

    fragments: list = field(default_factory=list)
    titles: dict = field(default_factory=dict)
    misprints: list = field(default_factory=list)
    mentioned: set = field(default_factory=set)

    @property
    def proposed(self):
        return [fragment for fragment in self.fragments if fragment.expert]


def read_quotations(html, known, own_paper=""):
    """The Reading of a body; `known` is a list of KnownPerson, everybody whom it may quote. No queries.

    `own_paper` is our paper's name: words given to us are not second hand.
    """
    people, out = People(known), Reading()
    blocks = list(paragraphs(tree.parse(html)))
    for block in blocks:
        people.note_namesakes(block.text)
    seen, speaker, fresh, told = {}, 0, 0, {}
    for block in blocks:
        text, quotations = block.text, quotations_in(block.text)
        # The last speaker counts in this paragraph and the next.
        fresh -= 1
        if fresh < 0:
            speaker = 0
        linked = [(start, end) for start, end, _ in block.linked]
        quoted = Spans(joined_spans([(one.start, one.end) for one in quotations] + linked))
        mentions = people.mentions(text, quoted)
        for mention in mentions:
            if mention.expert:
                out.mentioned.add(mention.expert)
                title = title_beside(text, mention.start, mention.end)
                titles = told.setdefault(mention.expert, [])
                if title and title not in titles and len(titles) < MOST_TITLES:
                    titles.append(title)
        events = sorted([(one, None) for one in quotations] + [(Quotation(s, e), who) for s, e, who in block.linked])
        starts = [mention.start for mention in mentions]
        begins = [event.start for event, _ in events]
        for start, end in _sentence_spans(text, quoted):
            here = mentions[bisect_left(starts, start) : bisect_left(starts, end)]
            within = events[bisect_left(begins, start) : bisect_left(begins, end)]
            spoke = None
            sentence = Sentence(text, start, end, here, quoted, people, told) if within else None
            for quotation, who in within:
                if who is None:
                    fragment = fragment_at(block, quotation, seen, (start, end))
                    found = sentence.speaker_of(quotation, speaker)
                    who, fragment.why, fragment.expert = found.expert, found.why, found.expert or 0
                    fragment.doubt = _doubt(fragment, found.whole_name, people, own_paper) if who else ""
                    if who == 0 and found.place:
                        fragment.name, fragment.title = _stranger(text, *found.place)
                    out.fragments.append(fragment)
                if who is not None:
                    spoke = speaker = who
                    fresh = 1
            if spoke is None and here and here[0].start - start < NEAR_START:
                speaker, fresh = here[0].expert, 1
    out.titles = {expert: "; ".join(titles[:3]) for expert, titles in told.items()}
    out.misprints = people.misprints
    return out


def _stranger(text, start, end):
    """(name, title) of somebody without a card, as a text prints them; ("", "") where it is no person's name."""
    name = re.sub(r"['’]s?$", "", text[start:end].replace(HOLE, "").strip(" ."))
    if len(name.split()) < 2 or not name[:1].isupper() or any(word.casefold() in KINDS for word in name.split()):
        return "", ""
    return name, title_beside(text, start, end)


def _doubt(fragment, whole_name, people, own_paper):
    """Why a proposal should be looked at before it is ticked, or ""."""
    if TITLE_OF_A_WORK.search(fragment.before[-40:]) or _reads_like_a_title(fragment.words):
        return "this may be the title of a work"
    outlet = ANOTHER_OUTLET.search(f"{fragment.before[-NEAR_OUTLET:]}…{fragment.after[:NEAR_OUTLET]}")
    if outlet and not (own_paper and own_paper.casefold() in outlet.group().casefold()):
        return "it was said to somebody else: is it ours to quote?"
    if fragment.why == GOES_ON:
        return "the sentence does not name them"
    if not whole_name and fragment.expert in people.namesakes:
        return "somebody else in the story has that name"
    return ""


def _reads_like_a_title(words):
    """Whether two to ten words begin with capitals, small ones aside, and no full stop ends them."""
    bits = words.rstrip(",").split()
    if not 2 <= len(bits) <= 10 or words[-1:] in ".!?…":
        return False
    capitals = [bit[:1].isupper() for bit in bits if len(bit) > 3 or bit[:1].isupper()]
    return len(capitals) > 1 and all(capitals)


def _sentence_spans(text, quoted):
    """[(start, end)] of sentences; a full stop in a quotation ends a sentence only at the quotation's end."""
    cuts = [0]
    for m in SENTENCE_ENDS.finditer(text):
        holder = quoted.holding(m.start())
        if holder is None:
            cuts.append(m.end())
        elif m.end() == holder[1] - 1 and AFTER_SENTENCE.match(text, holder[1]):
            # “Words.” He went on …: a capital after the quotation begins a sentence.
            cuts.append(holder[1])
    cuts.append(len(text))
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if b > a]


def fragment_at(block, quotation, seen, sentence=None):
    """The Fragment of a quotation in a paragraph, nobody's yet.

    `seen` counts equal words so far, since their keys must differ. `sentence` is (start, end) of what is shown.
    """
    text, (start, end, closed) = block.text, quotation
    words = text[start + 1 : end - 1 if closed else end].replace(HOLE, "").strip()
    nth = seen[words] = seen.get(words, 0) + 1
    key = hashlib.sha256(f"{nth}|{words}".encode()).hexdigest()[:16]
    first, last = sentence or (start, end)
    before = text[max(first, start - LONGEST_SENTENCE_SHOWN) : start].replace(HOLE, "…")
    after = text[end : min(last, end + LONGEST_SENTENCE_SHOWN)].replace(HOLE, "…")
    can_link = HOLE not in text[start:end] and places_of_marks(block, quotation) is not None
    return Fragment(key, words, before, after, can_link)


def places_of_marks(block, quotation):
    """((slot, offset), (slot, offset)) of a quotation's first and last mark, or None if they have different parents."""
    first, last = block.slot_at(quotation.start), block.slot_at(quotation.end - 1)
    if first is None or last is None:
        return None
    parents = [el if kind == "text" else el.getparent() for (el, kind), _ in (first, last)]
    return (first, last) if parents[0] is parents[1] else None
