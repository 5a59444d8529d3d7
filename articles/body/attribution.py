"""Where a text says things on nobody's authority, or of people whom it has not introduced: plain functions of words.

Each rather says nothing than something wrong: a checklist that cries wolf is waived unread. What somebody is quoted as
saying is theirs, so the texts here are those without quotations (`quotations.text_outside`).
"""

import re
from itertools import combinations

from newsroom.folding import fold

from .near_miss import POSSESSIVE, at_most_letters_apart
from .proposals.speech import VERB
from .quotations import GAP

# --- nobody's authority -------------------------------------------------------------------------

_KINDS = "officials|sources|diplomats|insiders|aides|advisers|advisors|investigators|executives"
_ONE = "official|source|diplomat|insider|aide|adviser|advisor|investigator|executive|person|minister|employee|officer"
_SAYS = "told|tell|tells|added|claimed|claim|suggested|suggest|confirmed|indicated|warned|believe|believed"
# “…, said Lind”: the verb has its subject behind it.
_SAID = rf"{_SAYS}|(?:said|says|say)(?!(?-i: (?:the )?[A-Z]))"
_MANY_WORDS = r"(?:[\w’'-]+ ){0,3}?"
_CLOSE = r"(?:who|familiar|close|briefed|with (?:direct )?knowledge|on condition)\b[^.,;\n]{0,80}"
_WHO = rf"(?:,? (?:{_CLOSE}|(?:in|at|within|from) [^.,;\n]{{1,40}}?),?)?"
# Unnamed first, then second-hand. Of one person only what an article that introduces says: “an official said”, not
# “the official said”, who may have been named in the sentence before.
PATTERNS = {
    "en": (
        (
            rf"\b(?:{_KINDS})\b{_WHO} (?:have |had |has |also |later |now )?(?:{_SAID})\b",
            r"\b(?:people|persons),? (?:familiar|close to|briefed|with (?:direct )?knowledge|on condition|who (?:spoke"
            r"|asked|declined|knows?|have seen|had seen|were present))\b[^.,;\n]{0,80},? (?:have |had )?"
            rf"(?:{_SAID})\b",
            r"\b(?:two|three|four|five|six|several|some|other) (?:\w+ )?people (?:have |had )?(?:told|confirmed)\b",
            rf"\b(?:an?|one|another) {_MANY_WORDS}(?:{_ONE}){_WHO} (?:has |had |also |later )?(?:{_SAID})\b",
            rf"\b(?:according to|citing|quoting) (?:an?|one|two|three|several|some|unnamed|anonymous|{_MANY_WORDS})"
            rf" ?{_MANY_WORDS}(?:{_KINDS}|{_ONE})\b",
            r"\bsources? (?:close to|familiar with) [^.,;\n]{1,60}",
            r"\b(?:person|people|official|officials) (?:familiar with|briefed on|with knowledge of)\b",
            r"\bcondition of anonymity\b",
            r"\b(?:asked|declined|refused|wished|wanted) (?:not )?to (?:be (?:named|identified)|remain anonymous)\b",
            r"\banonymous(?:ly)? (?:sources?|officials?)\b",
        ),
        (
            r"\b(?:(?:media|press|news|local|unconfirmed) )+reports? (?:say|said|says|suggest|suggested|claim)\b",
            r"(?<!the )(?<!these )\breports (?:say|said|suggest|suggested|claim|claimed|have it)\b",
            r"\b(?:local|foreign|state|national|other|several|some) (?:media|newspapers|outlets|broadcasters)"
            r" (?:\w+ )?(?:reported|report|say|said|quoted|claimed)\b",
            r"\baccording to (?:\w+ ){0,2}?(?:media|press|news|newspaper|unconfirmed) reports?\b",
            r"\baccording to reports\b",
            r"\bit (?:is|was) (?:widely )?(?:reported|rumoured|rumored)\b",
        ),
    ),
    "de": (
        (
            r"\b(?:Insider|Insidern|Beobachter|Beobachtern)\b(?: zufolge)?",
            r"\b(?:aus|in) [\w-]{0,30}[Kk]reisen\b(?= (?:hieß|heißt|verlautete|war|ist|wird))|\b\w+kreisen zufolge\b",
            r"\b(?:nach Angaben|laut) (?:\w+ )?(?:Insidern|Eingeweihten|Personen|Quellen)\b",
            r"\b(?:anonym|namentlich nicht genannt|nicht namentlich genannt|ungenannt)\w*\b",
            r"\bwill (?:nicht|anonym) (?:namentlich )?(?:genannt werden|bleiben)\b",
        ),
        (r"\b(?:Medienberichten|Presseberichten|Berichten|Zeitungsberichten) zufolge\b", r"\blaut (?:Medien|Presse)"
         r"berichten\b", r"\bMedien berichte(?:te)?n\b"),
    ),
    "fr": (
        (
            r"\b(?:selon|d[’']après) (?:une|des|plusieurs|deux) sources?\b[^.,;\n]{0,40}",
            r"\bde sources? (?:proche|policière|diplomatique|judiciaire|gouvernementale|concordantes|syndicale)\w*",
            r"\b(?:une|des|plusieurs) sources? (?:\w+ ){0,3}(?:a|ont) (?:dit|déclaré|affirmé|indiqué|confié|assuré)\b",
            r"\bsous (?:le )?(?:couvert|sceau) (?:d[’']|de l[’'])anonymat\b",
        ),
        (r"\bselon (?:des|les|plusieurs|certains) (?:médias|journaux)\b|\bselon la presse\b",),
    ),
    "es": (
        (
            r"\b(?:según|de acuerdo con) (?:una |unas |varias )?fuentes?\b[^.,;\n]{0,40}",
            r"\bfuentes (?:\w+ ){0,3}(?:dijeron|indicaron|señalaron|aseguraron|confirmaron)\b",
            r"\bbajo condición de anonimato\b|\bpidió (?:el )?anonimato\b",
        ),
        (r"\bsegún (?:los |varios |algunos )?(?:medios|informes de prensa)\b",),
    ),
    "ar": (
        (
            r"(?<!\w)(?:قال|قالت|ذكر|ذكرت|أفاد|أفادت|أكد|أكدت|كشف|كشفت) (?:مصدر|مصادر|مسؤولون)(?!\w)(?: \w+)?",
            r"(?<!\w)(?:بحسب|وفق|وفقا ل|نقلا عن) ?(?:مصدر|مصادر)(?!\w)(?: \w+)?",
            r"(?<!\w)(?:طلب|طلبت|اشترط|رفض) (?:عدم )?(?:الكشف عن|ذكر|نشر) (?:هويته|هويتها|اسمه|اسمها)(?!\w)",
        ),
        (r"(?<!\w)(?:ذكرت|أفادت|نقلت) (?:وسائل إعلام|تقارير|صحف)(?!\w)", r"(?<!\w)(?:بحسب|وفق) (?:تقارير|وسائل إعلام)"
         r"(?!\w)"),
    ),
}  # fmt: skip
_COMPILED = {tag: tuple(re.compile("|".join(parts), re.IGNORECASE) for parts in pair) for tag, pair in PATTERNS.items()}
_EMPTY = re.compile(r"(?!)")
# Other outlets by name, whose words are ours at second hand.
_OUTLET = re.compile(
    r"\b(?i:told|according to|reported by|citing) (?:the )?((?:[A-Z][\w’'-]*\s){0,3}(?:Reuters|AFP|AP|dpa|BBC|CNN"
    r"|Al Jazeera|Times|Post|Herald|Gazette|Tribune|Guardian|Journal|Courier|Telegraph|Chronicle|Observer))\b"
    r"(?! (?:editor|reporter|correspondent))"
)


def unnamed(text, language):
    """The places where a text leans on somebody whom it does not name, as it words them, each once and in order."""
    return _found(text, _patterns(language)[0])


def second_hand(text, language, paper=""):
    """The places where a text leans on what another outlet has, as it words them, each once and in order.

    `paper` is the name of the one that prints it, whose own interviews are at first hand.
    """
    found = _found(text, _patterns(language)[1])
    if (language or "en").partition("-")[0].lower() != "en":
        return found
    outlets = {match[0]: match[1] for match in _OUTLET.finditer(text)}
    return [*found, *(words for words, outlet in outlets.items() if outlet not in paper)]


def _patterns(language):
    return _COMPILED.get((language or "en").partition("-")[0].lower(), (_EMPTY, _EMPTY))


def _found(text, pattern):
    found = {}
    for match in pattern.finditer(text):
        words = " ".join(match[0].split())
        found.setdefault(words.casefold(), words)
    return list(found.values())


# --- names that nobody has introduced -----------------------------------------------------------

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*\w"
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Herr|Frau|Monsieur|Madame)\.? ((?:(?:van|von|de|al|el|bin)[ -])*{_CAPITAL})"
    rf"(?![\w’'-]| {_CAPITAL})"
)
_SPEAKS = re.compile(
    rf"{GAP},? (?:(?:said|says|added|recalled) ({_CAPITAL})(?=[.,;]|$)|({_CAPITAL}) (?:said|says|added|recalled)\b)",
    re.MULTILINE,
)
# Before a word: it names a place or a house there, no person.
_PLACE = re.compile(rf"\b(?:in|at|from|near|to|across|around|outside|the|into|toward|towards) ({_CAPITAL})(?![\w’'-])")
_TITLES = frozenset("mr mrs ms miss dr prof professor sir dame lord lady herr frau monsieur madame".split())
_FULL = re.compile(
    rf"(?=(?<![\w’'-])({_CAPITAL}|[A-Z]\.) (?:(?:van|von|de|al|el|bin|der|den|[A-Z]\.)[ -])*({_CAPITAL})(?![\w’'-]))"
)
NOBODY = frozenset(
    "he she it they we i you one this that these those who others another both many some most all nobody everybody"
    " somebody monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december parliament congress police government reuters".split()
)


def never_introduced(text, heads=""):
    """The surnames by which a text calls people whose full name it has not said before, each once and in order.

    They are those behind a title (“Mr Kowal”), and those who speak a quotation. `heads` is what readers have read
    before the text, such as the standfirst and captions.
    """
    found, before = {}, {}
    heads = f"{heads}\n"
    for match in _FULL.finditer(heads + text):
        if match[1].casefold().rstrip(".") not in _TITLES:
            before.setdefault(_surname(match[2]), match.start() - len(heads))
    places = {_surname(match[1]) for match in _PLACE.finditer(text)}
    for match in sorted([*_TITLED.finditer(text), *_SPEAKS.finditer(text)], key=lambda one: one.start()):
        name = POSSESSIVE.sub("", next(filter(None, match.groups()))).split()[-1]
        key = _surname(name)
        if name.casefold() in NOBODY or name.isupper() or (match.re is _SPEAKS and key in places):
            continue
        if before.get(key, match.start()) >= match.start():
            found.setdefault(name, None)
    return list(found)


def _surname(word):
    """A surname as it is compared: without an article or a possessive."""
    return re.sub(r"^(?:al|el)-", "", POSSESSIVE.sub("", word), flags=re.IGNORECASE)


def _words_of_name(name):
    """The words of a name without titles in front."""
    words = name.split()
    while words and words[0].casefold().rstrip(".") in _TITLES:
        words.pop(0)
    return words


def surname_before_name(text, names):
    """Of some full names those whose surname a text has, capital and all, before or without the whole of any."""
    found = []
    for name in names:
        parts = _words_of_name(name)
        if len(parts) < 2 or len(parts[-1]) < 3 or parts[-1].casefold() in NOBODY:
            continue
        alone = re.search(rf"(?<!\w){re.escape(parts[-1])}(?!\w)", text)
        if alone is None:
            continue
        whole = re.search(rf"(?<!\w){re.escape(parts[0])}\s(?:[\w.’'-]+\s){{0,3}}?{re.escape(parts[-1])}(?!\w)", text)
        if whole is None or whole.start() > alone.start():
            found.append(name)
    return found


# --- a title at first mention -------------------------------------------------------------------

AROUND = 160  # characters on either side of a name in which its title may stand
SMALL = frozenset(
    "a an and as at but by der de des die du for from in la le of on or that the then to und von when while".split()
)
_INTRODUCED = re.compile(r"(?:’s|'s)?(?:,| \(| of | from | and | –| —|:)")
_STYLED = re.compile(r"\b(?:Prof|Professor|Dr|Sir|Dame|Lord|Lady|Minister|President|Senator|Judge)\.? $")
_WORD_BEFORE = re.compile(r"\b([a-zà-ÿ][\w’'-]*) $")


def untitled(text, people):
    """Of {full name: title as printed} those whose first mention stands bare: “Maya Lind said”.

    One that the text does not have is nobody's mistake. Who is introduced otherwise (“…, who led the work”, “the
    diver Maya Lind”) is introduced.
    """
    found = []
    for name, title in people.items():
        name, called = " ".join(_words_of_name(name)), name
        place = text.find(name) if name else -1
        words = {word[:5] for word in fold(title).split() if word not in SMALL and len(word) > 2}
        if place < 0 or not words:
            continue
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        near = text[max(start, place - AROUND) : place] + " " + text[place + len(name) : min(end, place + AROUND * 2)]
        if not words & {word[:5] for word in fold(near).split()} and not _INTRODUCED.match(text, place + len(name)):
            before, styled = (pattern.search(text, start, place) for pattern in (_WORD_BEFORE, _STYLED))
            if not styled and (before is None or before[1] in SMALL or VERB.fullmatch(before[1])):
                found.append(called)
    return found


# --- a second spelling of an organisation -------------------------------------------------------

HOUSES = (
    "agency alliance assembly association authority bank board bureau centre center church club college commission"
    " committee company confederation cooperative co-operative corporation council court department directorate"
    " exchange federation forum foundation fund group guild hospital institute institution league laboratory ministry"
    " museum office organisation organization parliament party port press school secretariat society theatre theater"
    " trust union university works bundesamt bundesbank verband verein universität institut ministerium"
).split()
_JOINS = "of|for|and|the|de|du|des|la|für|der|des|von|al"
_NAME = re.compile(rf"{_CAPITAL}(?:[ -](?:(?:{_JOINS}) )?{_CAPITAL})+")
_JOINING = frozenset(_JOINS.split("|"))


def spellings(*texts):
    """[(a name of an organisation, another spelling of it that stands there too)], the one that comes first in front.

    Two names are one organisation's where they differ by nothing but joints and small words, or by a letter or two of
    one long word that begins alike.
    """
    names = {}
    for text in texts:
        for match in _NAME.finditer(text):
            words = [word for word in re.split(r"[ -]", POSSESSIVE.sub("", match[0])) if word]
            if len(words) < 7 and any(word.casefold() in HOUSES for word in words):
                names.setdefault(_without_article(words, match[0]), None)
    names = [POSSESSIVE.sub("", name) for name in names][:200]
    keys = {name: _key(name) for name in names}
    return [(one, other) for one, other in combinations(dict.fromkeys(names), 2) if _same(keys[one], keys[other])]


def _without_article(words, name):
    return name.removeprefix("The ") if words[0] == "The" else name


def _key(name):
    words = [word for word in re.split(r"[ -]", name.casefold()) if word and word not in _JOINING]
    return tuple(words)


def _same(one, other):
    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    differ = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differ) == 1 and _misspelt(*differ[0])


def _misspelt(a, b):
    """Whether two words are one word spelt twice: long, alike in their beginnings, and no plural."""
    shorter = min(len(a), len(b))
    if shorter < 5 or a[:3] != b[:3] or a.rstrip("s") == b.rstrip("s") or any(c.isdigit() for c in a + b):
        return False
    return at_most_letters_apart(a, b, 1 if shorter < 8 else 2)
