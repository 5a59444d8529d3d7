"""Who seems to have said each quotation of a text."""

import hashlib
import re
from dataclasses import dataclass, field

from .. import tree
from .people import People, title_beside
from .speech import ACCORDING, DESCRIBED, NEAR_START, PRONOUN, SENTENCE_ENDS, VERB
from .text import HOLE, blocks, quoted_spans


@dataclass
class Fragment:
    """One quotation that nobody has linked. `expert` is 0 where nobody is proposed."""

    key: str
    words: str
    before: str
    after: str
    expert: int = 0
    why: str = ""
    can_link: bool = True


@dataclass
class Reading:
    """What a text proposes: its quotations in order, the title printed beside each name, and names that look wrong."""

    fragments: list = field(default_factory=list)
    titles: dict = field(default_factory=dict)
    misprints: list = field(default_factory=list)
    mentioned: set = field(default_factory=set)

    @property
    def proposed(self):
        return [fragment for fragment in self.fragments if fragment.expert]


def read(html, known):
    """The Reading of a body, given everybody whom it may quote (Known)."""
    people, out = People(known), Reading()
    seen, speaker, fresh, told = {}, 0, 0, {}
    for block in blocks(tree.parse(html)):
        text, spans = block.text, quoted_spans(block.text)
        # Who spoke last counts in this paragraph and the next.
        fresh -= 1
        if fresh < 0:
            speaker = 0
        inside = [*spans, *[(s, e) for s, e, _ in block.linked]]
        outside = _Outside(inside)
        mentions = people.mentions(text, outside)
        for start, end, expert, _ in mentions:
            if expert:
                out.mentioned.add(expert)
                title = title_beside(text, start, end)
                if title and title not in told.setdefault(expert, []):
                    told[expert].append(title)
        events = sorted([(s, e, None) for s, e in spans] + [(s, e, who) for s, e, who in block.linked])
        for sentence in _sentences(text, spans):
            here = [row for row in mentions if sentence[0] <= row[0] < sentence[1]]
            subject = next((row for row in here if row[0] - sentence[0] < NEAR_START), None)
            spoke = None
            for start, end, linked in events:
                if not sentence[0] <= start < sentence[1]:
                    continue
                who, why = linked, ""
                if linked is None:
                    who, why = _speaker(text, (start, end), sentence, here, outside, speaker, people, told)
                    out.fragments.append(fragment_at(block, start, end, seen, who or 0, why))
                if who is not None:
                    spoke = speaker = who
                    fresh = 1
            if spoke is None and subject:
                speaker, fresh = subject[2], 1
    out.titles = {expert: "; ".join(titles[:3]) for expert, titles in told.items()}
    out.misprints = people.misprints
    return out


class _Outside:
    """Whether a place stands outside every quotation."""

    def __init__(self, spans):
        self.spans = spans

    def __call__(self, place):
        return not any(start <= place < end for start, end in self.spans)


def _sentences(text, spans):
    """[(start, end)] of sentences; a full stop within a quotation ends one only where the quotation ends with it."""
    cuts = [0]
    for m in SENTENCE_ENDS.finditer(text):
        holder = next(((s, e) for s, e in spans if s <= m.start() < e), None)
        if holder is None:
            cuts.append(m.end())
        elif m.end() == holder[1] - 1 and re.match(r"\s+[^\W\d_a-z]|\s*$", text[holder[1] :]):
            # “Words.” He went on …: the next word begins a sentence, unless it is who said them.
            cuts.append(holder[1])
    cuts.append(len(text))
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if b > a]


def _speaker(text, span, sentence, here, outside, last, people, told):
    """(expert, why); expert 0 for a stranger, None where the words do not say who speaks."""
    start, end = sentence
    verbs = [m for m in VERB.finditer(text, start, end) if outside(m.start())]
    rows = list(here)
    for m in PRONOUN.finditer(text, start, end):
        if outside(m.start()):
            before = [row for row in here if row[1] <= m.start() and row[2]]
            rows.append((m.start(), m.end(), before[-1][2] if before else last, None))
    for m in DESCRIBED.finditer(text, start, end):
        if outside(m.start()) and (who := _called(m.group(1), last, people, told)):
            rows = [row for row in rows if not (m.start() <= row[0] < m.end())]
            rows.append((m.start(), m.end(), who, None))
    best = None
    for verb in verbs:
        for row in rows:
            if (gap := _beside(text, verb, row, outside)) is not None:
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


def _beside(text, verb, row, outside):
    """How far a person stands from a verb as its subject, or None: before it, an aside between commas left out; or
    straight after it."""
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


def _called(noun, last, people, told):
    """The person of whose titles “the observer” is a word: who spoke last, else the only one; else 0."""
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
    text = block.text
    closed = text[end - 1] in "”»“‘’」"
    words = text[start + 1 : end - 1 if closed else end].replace(HOLE, "").strip()
    nth = seen[words] = seen.get(words, 0) + 1
    key = hashlib.sha256(f"{nth}|{words}".encode()).hexdigest()[:16]
    return Fragment(
        key, words, text[max(0, start - 90) : start].replace(HOLE, "…"), text[end : end + 90].replace(HOLE, "…"),
        expert, why if expert else "", HOLE not in text[start:end] and place_of(block, start, end) is not None,
    )  # fmt: skip


def place_of(block, start, end):
    """((slot, offset), (slot, offset)) of the first and last mark, where both stand in one element; else None."""
    first, last = block.slot_at(start), block.slot_at(end - 1)
    if first is None or last is None:
        return None
    parents = [el if kind == "text" else el.getparent() for (el, kind), _ in (first, last)]
    return (first, last) if parents[0] is parents[1] else None
