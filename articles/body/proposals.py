"""Who said what: quotations of a text that nobody has linked, with the person who seems to have said them.

Reads and proposes; a person decides. Only words between curly marks or guillemets are looked at: straight marks are
what agencies send, and stay as they are. Words are given to somebody when a verb of saying has that person beside
it, when a pronoun follows in the same paragraph or the next one, or when they go on where the person was speaking.
Anybody else who speaks meanwhile ends that, whether we know them or not.
"""

import hashlib
import re
from dataclasses import dataclass, field

from . import language as languages
from . import tree
from .near_miss import within

PAIRS = {"“": "”", "«": "»", "„": "“”", "‚": "‘’", "「": "」"}
LONGEST = 4000
SAID = (
    "said says say saying told tells added adds asked asks argued argues warned warns noted notes noting explained"
    " explains wrote writes insisted insists recalled recalls continued replied replies answered answers suggested"
    " suggests believes concluded concludes stressed observed observes claimed claims predicted predicts agreed"
    " acknowledged admitted cautioned commented contended declared denied emphasised emphasized estimated pointed"
    " remarked responded reckons reckoned calls called described describes conceded maintains maintained thinks thought"
    " puts put joked objected protested"
)
SAID_ELSEWHERE = (
    "قال وقال قالت وقالت أضاف وأضاف أضافت وأضافت أوضح وأوضح يقول وتابع تابع أكد وأكد"
    " dit ajoute explique déclare affirme déclaré ajouté expliqué affirmé sagt sagte erklärte betonte fügte"
    " dijo dice añadió explicó señaló afirmó"
)
VERBS = [*(SAID + " " + SAID_ELSEWHERE).split(), r"(?:went|goes) on", "put it", "puts it"]
VERB = re.compile(rf"(?<!\w)(?:{'|'.join(VERBS)})(?!\w)", re.IGNORECASE)
ACCORDING = re.compile(r"(?<!\w)(?:according to|in the words of)\s+$", re.IGNORECASE)
PRONOUN = re.compile(r"(?<!\w)(?:he|she)(?!\w)", re.IGNORECASE)
# Somebody whom no card is about: a capitalised name, or the kind of person that agencies quote.
NAME = r"[^\W\d_a-z][\w’'.-]*(?:\s+(?:al-|bin |de |van |von )?[^\W\d_a-z][\w’'-]+)*"
KIND = (
    "official officials diplomat diplomats spokesman spokeswoman spokesperson minister ministry source sources lawyer"
    " lawyers officer officers resident residents aide aides statement report delegation adviser analyst observer"
    " expert economist professor historian researcher commander senator judge author scholar president critics"
    " captain driver witness witnesses doctor people person man woman"
)
KINDS = frozenset(KIND.split())
NEAR_START = 45  # characters from the beginning of a sentence within which its subject is looked for
STRANGER = re.compile(rf"(?<!\w)(?:{NAME}|(?:[Tt]he |[Aa]n? )?(?:{'|'.join(KIND.split())}))(?!\w)")
DESCRIBED = re.compile(r"(?<!\w)the (?:\w+ ){0,2}?(\w+)(?!\w)", re.IGNORECASE)
SENTENCE_ENDS = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\b[A-Z])[.!?؟…]+(?=[\s”»’\"]|$)")
RELATIVE = re.compile(r"^(?:who|whose|which|and|but|as|in|on|at|with|when|where|while|noting|adding)\b", re.IGNORECASE)
ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
HOLE = "\ufffc"  # where words of a linked quotation stand
BEFORE_NAME = re.compile(r"(?:(?<=^)|(?<=[\s(]))((?:[a-z][\w’-]*\s+){1,4})$")
SMALL = frozenset(
    "a an the to by of for with and or but that than from in on at as says said told asked according adds added dr mr"
    " mrs ms is was were are did does then when while like between against his her their its".split()
)


@dataclass(frozen=True)
class Known:
    """Somebody whom a text may quote: the card, its names, and words that its titles hold."""

    expert: int
    name: str
    names: tuple = ()
    titles: tuple = ()
    misspellings: tuple = ()


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


# --- the text --------------------------------------------------------------------------------


class _Block:
    """A paragraph's words with the place in the tree of every one of them."""

    def __init__(self, el):
        self.el, self.slots, out = el, [], []
        self.linked = []  # (start, end, expert)
        self._gather(el, out, el)
        self.text = "".join(out)

    def _gather(self, el, out, top):
        self._take(el.text, (el, "text"), out)
        for child in el:
            start = sum(map(len, out))
            if child.tag in tree.BLOCKS or child.tag == "sup":
                out.append(" ")
            elif child.get("data-expert") or child.tag == "q":
                out.append(HOLE)
                self.linked.append((start, start + 1, tree.number(child.get("data-expert"))))
            else:
                self._gather(child, out, top)
            self._take(child.tail, (child, "tail"), out)

    def _take(self, text, slot, out):
        if text:
            self.slots.append((sum(map(len, out)), len(text), slot))
            out.append(text)

    def slot_at(self, place):
        """(slot, offset in its text) of a place, or None."""
        for start, length, slot in self.slots:
            if start <= place < start + length:
                return slot, place - start
        return None


def _blocks(root):
    for el in root.iter():
        if el is root or el.tag not in ("p", "li", "td", "th", "blockquote", "figcaption"):
            continue
        if el.get("data-expert") or any(up.get("data-expert") for up in el.iterancestors()):
            continue
        if el.tag == "figcaption" or any(child.tag in tree.BLOCKS for child in el):
            continue
        yield _Block(el)


def quoted_spans(text):
    """[(start, end)] of what stands between curly marks or guillemets, marks included, the outermost only."""
    spans, place = [], 0
    while place < len(text):
        if text[place] not in PAIRS:
            place += 1
            continue
        ends = [found for mark in PAIRS[text[place]] if (found := text.find(mark, place + 1)) > 0]
        nested = text.find(text[place], place + 1)
        if not ends:
            # A quotation that goes on in the next paragraph is not closed in this one.
            if text[place] == "“" and nested < 0:
                spans.append((place, len(text)))
            place += 1
            continue
        end = min(ends) + 1
        if end - place > 2 and end - place < LONGEST:
            spans.append((place, end))
        place = end
    return spans


# --- people in it ----------------------------------------------------------------------------


def names_in(html):
    """The runs of capitalised words of a text, and in scripts without capitals its short runs of words: candidates."""
    found, seen = [], set()
    for block in _blocks(tree.parse(html)):
        text = block.text
        runs = re.findall(rf"(?<!\w){NAME}", text)
        # Also without the word that begins a sentence.
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


class _People:
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
        # A surname that two of them share says nothing by itself.
        self.surnames = {surname: next(iter(who)) for surname, who in shared.items() if len(who) == 1}
        self.misprints = []

    def mentions(self, text, outside):
        """[(start, end, expert, whole name?)] of known people in a text; expert 0 for a stranger."""
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
            if _begins(text, m.start()) and " " not in m.group() and m.group().casefold() not in KINDS:
                continue  # any word has a capital there
            found.append((m.start(), m.end(), 0, False))
        return sorted(row for row in found if outside(row[0]))

    def _surname(self, word, before):
        if expert := self.surnames.get(word.casefold()):
            return expert if word[:1].isupper() or not word.isascii() else 0
        if not word[:1].isupper() or len(word) < 5:
            return 0
        for surname, expert in self.surnames.items():
            allowed = 1 if len(surname) < 8 else 2
            if len(surname) >= 5 and word.casefold() != surname + "s" and within(word, surname, allowed):
                pair = (word, self.known[expert].name)
                if pair not in self.misprints:
                    self.misprints.append(pair)
                return expert
        return 0


def _begins(text, place):
    """Whether a word begins a sentence."""
    return not (before := text[:place].rstrip(' “«„"')) or before[-1] in ".!?…:"


# --- reading ---------------------------------------------------------------------------------


def read(html, known):
    """The Reading of a body, given everybody whom it may quote (Known)."""
    people, out = _People(known), Reading()
    seen, speaker, fresh, told = {}, 0, 0, {}
    for block in _blocks(tree.parse(html)):
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
                title = _title(text, start, end)
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
                    out.fragments.append(_fragment(block, start, end, seen, who or 0, why))
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


def _title(text, start, end):
    """The title printed beside a name: between commas after it, or in small letters before it."""
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
        if words and len(words[-1]) > 3 and _is_role(words[-1]):
            return " ".join(words)
    return ""


def _is_role(word):
    return word in KINDS or bool(re.search(r"(?:er|or|ist|ian|ant|man|woman|yst|ent)$", word))


def _fragment(block, start, end, seen, expert, why):
    text = block.text
    closed = text[end - 1] in "”»“‘’」"
    words = text[start + 1 : end - 1 if closed else end].replace(HOLE, "").strip()
    nth = seen[words] = seen.get(words, 0) + 1
    key = hashlib.sha256(f"{nth}|{words}".encode()).hexdigest()[:16]
    return Fragment(
        key, words, text[max(0, start - 90) : start].replace(HOLE, "…"), text[end : end + 90].replace(HOLE, "…"),
        expert, why if expert else "", HOLE not in text[start:end] and _range(block, start, end) is not None,
    )  # fmt: skip


def _range(block, start, end):
    """((slot, offset), (slot, offset)) of the first and last mark, where both stand in one element; else None."""
    first, last = block.slot_at(start), block.slot_at(end - 1)
    if first is None or last is None:
        return None
    parents = [el if kind == "text" else el.getparent() for (el, kind), _ in (first, last)]
    return (first, last) if parents[0] is parents[1] else None


# --- linking ---------------------------------------------------------------------------------


def link(html, choices):
    """(the body with the chosen quotations marked as their speakers', the keys that were found).

    `choices` are {key of a Fragment: expert id}. The quotation marks go: the page prints its own.
    """
    root, seen, done = tree.parse(html), {}, set()
    for block in list(_blocks(root)):
        wanted = []
        for start, end in quoted_spans(block.text):
            fragment = _fragment(block, start, end, seen, 0, "")
            if fragment.key in choices and fragment.can_link:
                wanted.append((start, end, fragment))
        for start, end, fragment in reversed(wanted):  # from the end, so that places stay
            _wrap(block, start, end, choices[fragment.key])
            done.add(fragment.key)
    return (tree.html(root) if done else html), done


def _wrap(block, start, end, expert):
    ((el_a, kind_a), at_a), ((el_b, kind_b), at_b) = _range(block, start, end)
    parent = el_a if kind_a == "text" else el_a.getparent()
    closed = block.text[end - 1] in "”»“‘’」"
    q = parent.makeelement("q", {"data-expert": str(expert)})
    text_b = getattr(el_b, kind_b)
    rest = text_b[at_b + 1 :] if closed else text_b[at_b + 1 :]
    last = text_b[: at_b if closed else at_b + 1]
    text_a = getattr(el_a, kind_a)
    if (el_a, kind_a) == (el_b, kind_b):
        q.text = last[at_a + 1 :]
        inner = []
    else:
        q.text = text_a[at_a + 1 :]
        children = list(parent)
        first = 0 if kind_a == "text" else children.index(el_a) + 1
        inner = children[first : children.index(el_b) + 1]
        el_b.tail = last
    setattr(el_a, kind_a, text_a[:at_a] or None)
    place = 0 if kind_a == "text" else list(parent).index(el_a) + 1
    for child in inner:
        q.append(child)
    q.tail = rest or None
    parent.insert(place, q)


def unlink(html, uid, language="en"):
    """The body with one quotation no longer anybody's: its words stay, between the marks that the page printed."""
    root = tree.parse(html)
    el = next((el for el in root.iterfind(".//*[@data-quote]") if el.get("data-quote") == uid), None)
    if el is None:
        return html
    opening, closing = languages.quotation_marks(language, 0)
    if languages.brings_its_own_marks("".join(el.itertext())):
        opening = closing = ""
    for name in ("data-expert", "data-quote"):
        el.attrib.pop(name, None)
    lines = [child for child in el if child.tag == "p"] or [el]
    lines[0].text = f"{opening}{lines[0].text or ''}"
    if len(lines[-1]):
        lines[-1][-1].tail = f"{lines[-1][-1].tail or ''}{closing}"
    else:
        lines[-1].text = f"{lines[-1].text or ''}{closing}"
    if el.tag == "q":
        el.drop_tag()
    return tree.html(root)
