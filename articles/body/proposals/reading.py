"""Works out who seems to have said each quotation of a text."""

import hashlib
import re
from dataclasses import dataclass, field

from .. import tree
from .people import People, title_beside
from .speech import ACCORDING, DESCRIBED, NEAR_START, PRONOUN, SENTENCE_ENDS, VERB
from .text import HOLE, paragraphs, quoted_spans


@dataclass
class Fragment:
    """One quotation that is not linked. `expert` is the id of the proposed person, or 0, and `why` the reason."""

    key: str
    words: str
    before: str
    after: str
    expert: int = 0
    why: str = ""
    can_link: bool = True


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


def read_quotations(html, known):
    """The Reading of a body; `known` is a list of KnownPerson, everybody whom it may quote. No queries."""
    people, out = People(known), Reading()
    seen, speaker, fresh, told = {}, 0, 0, {}
    for block in paragraphs(tree.parse(html)):
        text, spans = block.text, quoted_spans(block.text)
        # The last speaker counts in this paragraph and the next.
        fresh -= 1
        if fresh < 0:
            speaker = 0
        inside = [*spans, *[(s, e) for s, e, _ in block.linked]]
        outside = _OutsideQuotations(inside)
        mentions = people.mentions(text, outside)
        for start, end, expert, _ in mentions:
            if expert:
                out.mentioned.add(expert)
                title = title_beside(text, start, end)
                if title and title not in told.setdefault(expert, []):
                    told[expert].append(title)
        events = sorted([(s, e, None) for s, e in spans] + [(s, e, who) for s, e, who in block.linked])
        for sentence in _sentence_spans(text, spans):
            here = [row for row in mentions if sentence[0] <= row[0] < sentence[1]]
            subject = next((row for row in here if row[0] - sentence[0] < NEAR_START), None)
            spoke = None
            for start, end, linked in events:
                if not sentence[0] <= start < sentence[1]:
                    continue
                who, why = linked, ""
                if linked is None:
                    who, why = _speaker_of(text, (start, end), sentence, here, outside, speaker, people, told)
                    out.fragments.append(fragment_at(block, start, end, seen, who or 0, why))
                if who is not None:
                    spoke = speaker = who
                    fresh = 1
            if spoke is None and subject:
                speaker, fresh = subject[2], 1
    out.titles = {expert: "; ".join(titles[:3]) for expert, titles in told.items()}
    out.misprints = people.misprints
    return out


class _OutsideQuotations:
    """Tells whether a place in the text is outside of all quotations."""

    def __init__(self, spans):
        self.spans = spans

    def __call__(self, place):
        return not any(start <= place < end for start, end in self.spans)


def _sentence_spans(text, spans):
    """[(start, end)] of sentences; a full stop in a quotation ends a sentence only at the quotation's end."""
    cuts = [0]
    for m in SENTENCE_ENDS.finditer(text):
        holder = next(((s, e) for s, e in spans if s <= m.start() < e), None)
        if holder is None:
            cuts.append(m.end())
        elif m.end() == holder[1] - 1 and re.match(r"\s+[^\W\d_a-z]|\s*$", text[holder[1] :]):
            # “Words.” He went on …: a capital after the quotation begins a sentence.
            cuts.append(holder[1])
    cuts.append(len(text))
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if b > a]


def _speaker_of(text, span, sentence, here, outside, last, people, told):
    """(expert id, why) for one quotation; the id is 0 for a stranger, None if the text does not say who speaks."""
    start, end = sentence
    verbs = [m for m in VERB.finditer(text, start, end) if outside(m.start())]
    rows = list(here)
    for m in PRONOUN.finditer(text, start, end):
        if outside(m.start()):
            before = [row for row in here if row[1] <= m.start() and row[2]]
            rows.append((m.start(), m.end(), before[-1][2] if before else last, None))
    for m in DESCRIBED.finditer(text, start, end):
        if outside(m.start()) and (who := _person_described(m.group(1), last, people, told)):
            rows = [row for row in rows if not (m.start() <= row[0] < m.end())]
            rows.append((m.start(), m.end(), who, None))
    best = None
    for verb in verbs:
        for row in rows:
            if (gap := _words_between(text, verb, row, outside)) is not None:
                distance = min(abs(verb.start() - span[1]), abs(span[0] - verb.end()))
                rank = (distance + gap * 2, distance)
                if best is None or rank < best[0]:
                    best = (rank, row)
    for row in rows:
        if ACCORDING.search(text[start : row[0]]):
            rank = (min(abs(row[0] - span[1]), abs(span[0] - row[1])), 0)
            if best is None or rank < best[0]:
                best = (rank, row)
    if best:
        row = best[1]
        why = "goes on speaking" if row[3] is None else "named beside the words"
        return row[2], why if row[2] else ""
    bare = not re.search(r"\w", "".join(c for i, c in enumerate(text[start:end], start) if outside(i)))
    if bare and last:
        return last, "goes on speaking"
    if bare:
        return None, ""
    subjects = [row for row in here if row[1] <= span[0]]
    if len({row[2] for row in subjects}) == 1 and subjects[0][2] and subjects[0][0] - start < 25:
        return subjects[0][2], "the sentence is about them"
    return (0 if subjects else None), ""


def _words_between(text, verb, row, outside):
    """How many words stand between a verb and a person who can be its subject, or None if they cannot be.

    Before the verb, an aside between commas does not count; after the verb, the person follows directly.
    """
    if row[1] <= verb.start():
        between = "".join(c for i, c in enumerate(text[row[1] : verb.start()], row[1]) if outside(i))
        plain = re.sub(r",[^,]*,", " ", between)  # an aside
        if re.search(r"[;:.!?]", plain) or len(plain.split()) > 4 or "," in plain:
            return None
        return len(plain.split())
    if row[0] >= verb.end():
        between = text[verb.end() : row[0]]
        if re.fullmatch(r"\s+(?:the |a |an |[a-z][\w’-]* ){0,4}", between) and not re.search(
            r"\b(?:that|to|of|in|him|her|them|by)\b", between
        ):
            return len(between.split())
    return None


def _person_described(noun, last, people, told):
    """The id of the person with a noun such as “observer” in their titles, or 0.

    If it fits several people, it means the last speaker.
    """
    if len(noun) < 5:
        return 0
    word = re.compile(rf"(?<!\w){re.escape(noun.casefold())}(?!\w)")
    titles = {
        expert: " ".join([*person.titles, *told.get(expert, ())]).casefold()
        for expert, person in people.known.items()
        if expert == last or expert in told
    }
    fit = [expert for expert, held in titles.items() if word.search(held)]
    return last if last in fit else fit[0] if len(fit) == 1 else 0


def fragment_at(block, start, end, seen, expert, why):
    """The Fragment of a quotation in a paragraph. `seen` counts equal words so far: their keys must differ."""
    text = block.text
    closed = text[end - 1] in "”»“‘’」"
    words = text[start + 1 : end - 1 if closed else end].replace(HOLE, "").strip()
    nth = seen[words] = seen.get(words, 0) + 1
    key = hashlib.sha256(f"{nth}|{words}".encode()).hexdigest()[:16]
    return Fragment(
        key, words, text[max(0, start - 90) : start].replace(HOLE, "…"), text[end : end + 90].replace(HOLE, "…"),
        expert, why if expert else "", HOLE not in text[start:end] and places_of_marks(block, start, end) is not None,
    )  # fmt: skip


def places_of_marks(block, start, end):
    """((slot, offset), (slot, offset)) of a quotation's first and last mark, or None if they have different parents."""
    first, last = block.slot_at(start), block.slot_at(end - 1)
    if first is None or last is None:
        return None
    parents = [el if kind == "text" else el.getparent() for (el, kind), _ in (first, last)]
    return (first, last) if parents[0] is parents[1] else None
