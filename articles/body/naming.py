"""Where a text says somebody's name: whole, a variant of it, or the surname alone; in any script, in linear time.

A name is compared in small Latin letters, so that accents, capitals and most scripts do not matter. Possessives,
hyphens and prefixes that a script writes together with a word (Arabic, Hebrew) are looked past, case endings too.
"""

import re
from dataclasses import dataclass, field
from itertools import chain

from anyascii import anyascii

from experts.names import skeleton
from experts.names.nicknames import FULL_FIRST_NAMES
from newsroom.folding import fold, without_marks

LETTERS = re.compile(r"[^\W\d_]+")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # words without spaces
ARABIC, HEBREW = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[\u0590-\u05ff]")
GREEK = re.compile(r"[\u0370-\u03ff]")
INFLECTED = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
INFLECTED_LANGUAGES = frozenset("bs cs et fi hr hu lt lv mk pl ro sk sl sq sr tr".split())
ARABIC_PREFIXES = re.compile(r"^[وف]?[بكل]?(?:ال|ل)?")
HEBREW_PREFIXES = re.compile(r"^[והבלמשכ]{1,3}")
ARABIC_COMPOUNDS = frozenset("عبد ابو ابي ابن بن ام ال".split())
TITLES = frozenset("dr prof professor sir dame lord lady mr mrs ms rev hon".split())
# What stands after a name. Letters that are surnames too, as Ma and Am, are missing.
HONOURS = frozenset(
    "jr sr ii iii iv vi vii viii ph phd dphil md dds esq mp mep msp mla obe mbe cbe kbe dbe gbe kcb kcmg cmg cb kc qc"
    " frs frcp fba bsc msc mba llb llm cpa ret".split()
)
NOT_A_NAME = TITLES | HONOURS
# Words of a surname that name nobody when they stand alone.
PARTICLES = frozenset(
    "abd abdel abdul abu al an ar as ash at az ad ap bar bat ben bin bint da das de del della den der des di do dos du"
    " el ibn la las le les lo los mac mc op saint san santa st sta te ten ter ul um umm van von zu zum".split()
)
# Surnames that are words of every day in small letters.
ORDINARY = frozenset(
    "all and any archer are ask asked baker ban bank banks bar barber barker bat bean been bell berry best bin"
    " bird bishop black blanc blanche blank bond book booth bowl boy branch brand bridge bright brook brown buck"
    " bull burn burns bush but butcher butler call camp can cannon card carpenter carter case cash castle chance"
    " chase chin church clay clerk coffin coin cole cook cooper corn cotton couch cox crane cross crow cruise"
    " daily day dean dear draper drew drum duke early east english fan farmer field fields finch fish fisher flood"
    " flower flowers foot for ford forest forester fort foster fountain fowler fox france free french friend frost"
    " fry fuller gallery game garden gardener gates get glass glover gold golden good got grace grand grant gray"
    " green grey groom gros gross grove gun guy had hall ham hammer hand hands hang hardy has hawk hay head heath"
    " held her hill hills him his hobby holder hole holiday holly hood hook hope horn house hung hunt hunter ice"
    " iron jewel judge just kay keen key keys kin king kitchen klein knight lake lamb land lane lang lange large"
    " law lawless lawn lead leaf lee lie light little lock long love low lung major man march mark marsh marshal"
    " mason may mayor meadows means men mercer miller mills mine minor monday money monk moon moor moore more moss"
    " mount neat neu new nice noble noir north not nurse one our out page pain paint painter palmer pan park"
    " parker parks part patient peace peak pearl peck penny pepper person petit piper pitt place pole pond pool"
    " poor pope porter post potter power powers price pride priest prince proctor proper purse quick rain read"
    " reader reed rice rich rico ring river rivers road robin rock roi root rose ross rouge rush sage said sand"
    " sands sang savage saw sawyer say scales school schwarz sea seal see sharp she shepherd shields shin short"
    " silver sin sing singer six sky small smart smith snow sol son song south spear speed spring staff stanza"
    " stark steel step still stock stone strange street strong summer summers sun swan sweet swift tailor tan tell"
    " temple ten than thatcher the them then thorn told too tower towers town turner two underwood usher vale vice"
    " violet wade wait walk walker wall walls ward warden was water waters way weaver weeks weiss well wells west"
    " wheeler white who why wild wilder winter wise wolf wood woods worth yes you young".split()
)
# Letters of other alphabets that look like Latin ones, for words that mix them.
LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАВЕКМНОРСТУХІЈЅαονρικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijsdhkmtbhABEKMHOPCTYXIJSaovpikuABEZHIKMNOPTYX"
)
FUSED = re.compile(r"^[OD](?=[A-Z][a-z])")  # the beginning of OBrien
LATIN = re.compile(r"[A-Za-z]")
JOINT = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")  # between the words of @HalvardNystrom
NEVER_ALONE = PARTICLES | NOT_A_NAME
ASIDE = re.compile(r"[(\[][^()\[\]]*(?:[)\]]|$)")  # a party, a nickname or a maiden name
APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’‘ʼ`´](?=[^\W\d_])")
FIRST_NAMES = frozenset([*FULL_FIRST_NAMES, *chain.from_iterable(FULL_FIRST_NAMES.values())])
LONGEST = 6  # words of a name that are compared
ENDING = 4  # letters that a case ending may add
BONES = 4  # consonants that a name in Arabic letters and one in Latin letters have to share


class Node:
    """A step into the known names, word by word: where each key of the next word leads, and who may be meant here."""

    def __init__(self):
        self.after, self.edges = {}, {}  # {keys of a word: Node}, {key: {Node}}
        self.whole, self.alone, self.middle, self.is_other = set(), set(), set(), False

    def child(self, keys):
        if keys not in self.after:
            self.after[keys] = Node()
        for key in keys:
            self.edges.setdefault(key, set()).add(self.after[keys])
        return self.after[keys]


@dataclass
class Known:
    """Everybody whom a text is asked about, and the whole names of others, which are no mention of a namesake."""

    names: Node = field(default_factory=Node)
    unspaced: list = field(default_factory=list)  # (who, name) in scripts without spaces

    def add(self, who, names, sort_name="", *, is_person=True):
        """Learn the names of somebody, and what may stand for them alone.

        That is the last word of each name, both halves of a double name, and what `sort_name` has before its comma;
        without a comma it begins with the family name. The word before the last may be a surname, as in Spanish names,
        or another given name: by itself it only hints at them, unless `sort_name` has it.
        Of a desk only its whole names and their last words are learnt.
        """
        names = [without_marks(name) for name in names if name]
        sort_name = without_marks(sort_name)
        surname, comma, _ = sort_name.partition(",")
        first = [word for word in sort_name.split() if _folded(word) not in NEVER_ALONE]
        family = surname if comma else " ".join(first[:1])
        words = _words_of(ASIDE.sub(" ", family))
        if is_person and not set(map(_folded, words)) <= HONOURS:
            self._learn(who, words, alone=True)
            self._learn_alone(who, family.split())
        eastern = any(UNSPACED.search(name) for name in names)
        for name in names:
            if UNSPACED.search(name):
                name = "".join(LETTERS.findall(name))
                self.unspaced += [(who, name)] if len(name) > 1 else []
                continue
            self._learn_spaced(who, name, is_person)
            if eastern:
                self._learn(who, _named_words(name)[:1], alone=True)

    def _learn_spaced(self, who, name, is_person):
        """Learn a name of words with spaces between, without the honours, the party or a nickname that it holds."""
        self._learn(who, words := _named_words(name), alone=len(words) == 1)
        before_comma = ASIDE.sub(" ", name).partition(",")[0]
        words = _named_words(before_comma)
        self._learn(who, words, alone=len(words) == 1)
        if len(words) > 1:  # as accounts and mail addresses are called
            self._learn(who, ["".join(words)], alone=False)
            self._learn(who, [words[0][0] + words[-1]] if len(words[-1]) > 3 else [], alone=True)
        last = 2 if len(words) > 2 and words[-2] in ARABIC_COMPOUNDS else 1
        self._learn(who, words[-last:], alone=True)
        if not is_person:
            return
        pieces = [piece for piece in before_comma.split() if set(_named_words(piece)) & set(words)]
        middle = pieces[-2:-1] if len(pieces) > 2 and last == 1 else []
        self._learn_alone(who, (one for one in middle if fold(one) not in FIRST_NAMES), is_middle=True)
        self._learn_alone(who, pieces[-1:])

    def _learn_alone(self, who, pieces, *, is_middle=False):
        """Learn each word of a surname that can stand for it, halves of a double name too; O’Brien is OBrien too."""
        for piece in pieces:
            spelt = dict.fromkeys([piece, APOSTROPHES.sub("", piece), FUSED.sub("", piece)])
            for words in (_words_of(said) for said in spelt):
                if any(word[0].islower() for word in words[1:]):  # a given name, as Min-jun
                    continue
                for word in words:
                    named = _folded(word) not in NEVER_ALONE
                    if named and len(word) > 1 and not word[0].islower():
                        self._learn(who, [word], alone=not is_middle, is_middle=is_middle)

    def add_other(self, names):
        """Learn the whole names of somebody who may be named."""
        for name in names:
            words = _words_of(without_marks(name or ""))[:LONGEST]
            if len(words) > 1:
                self._learn(None, words, alone=False)

    def _learn(self, who, words, *, alone, is_middle=False):
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return
        node = self.names
        for word in words[:LONGEST]:
            node = node.child(_keys_of_name(word))
        if who is None:
            node.is_other = True
        else:
            (node.alone if alone else node.middle if is_middle else node.whole).add(who)


def _words_of(text):
    return LETTERS.findall(text)


def _named_words(name):
    """The words of a name without titles, and without honours and single letters that end it."""
    words = [word for word in _words_of(name) if _folded(word) not in NOT_A_NAME]
    while len(words) > 1 and len(words[-1]) == 1 and words[-1].isascii():
        words.pop()
    return words[:LONGEST]


def _folded(word):
    return "".join(c for c in anyascii(word).lower() if c.isalnum())


def _keys_of_name(word):
    """What a word of a name is found by; a case ending is cut from a stem, which is marked."""
    folded = _folded(word)
    # A Greek name also ends in an s that others of its cases lack.
    stem = (folded.removesuffix("s") if GREEK.search(word) else folded).rstrip("aeiouy")
    keys = {folded, f"{stem if len(stem) > 3 else folded}-"}
    if ARABIC.search(word):
        keys |= {word, word.removeprefix("ال") if len(word) > 4 else word, f"~{skeleton(word)}"}
    elif HEBREW.search(word):
        keys.add(word)
    elif len(bones := skeleton(word)) >= BONES:
        keys.add(f"~~{bones}")
    return frozenset(keys)


def _keys_of_word(word, inflected):
    """What of names a word of a text may be."""
    folded = _folded(word)
    keys = {folded}
    if ARABIC.search(word):
        prefix = ARABIC_PREFIXES.match(word).group()
        keys |= {word[n:] for n in range(len(prefix) + 1) if len(word) - n > 1}
        keys |= {f"~~{skeleton(key)}" for key in list(keys) if ARABIC.search(key)}
    elif HEBREW.search(word):
        prefix = HEBREW_PREFIXES.match(word)
        keys |= {word[n:] for n in range(len(prefix.group()) + 1 if prefix else 1) if len(word) - n > 1}
    else:
        if len(bones := skeleton(word)) >= BONES:
            keys.add(f"~{bones}")
        if not word.isascii() and LATIN.search(word):
            keys.add(_folded(word.translate(LOOK_ALIKES)))
        if folded.endswith("s") and len(folded) > 3:
            keys.add(folded[:-1])
        if inflected or INFLECTED.search(word):
            keys |= {f"{folded[:end]}-" for end in range(max(3, len(folded) - ENDING), len(folded) + 1)}
    return keys


def _unless_ordinary(word):
    """A word of a text, or a dot for one in small letters that says too little to be taken for a name."""
    word = word[0]
    return "·" if word in ORDINARY or (len(word) < 3 and word.islower() and word.isascii()) else word


class Reader:
    """Finds who of the known people a text names; keeps what it has worked out about words between texts."""

    def __init__(self, known, language=""):
        self.known = known
        self.inflected = (language or "").lower().partition("-")[0] in INFLECTED_LANGUAGES
        self._keys = {}

    def named_in(self, text, *, cased=True, whole=False, middle=False):
        """The people whom a text names.

        A surname alone has a capital where its script has any, unless the text is not `cased`, as an address is not;
        with `whole` a surname alone does not count, with `middle` the middle word of a name alone does.
        """
        text = without_marks(text)
        words = _words_of(text)
        keys = [self._keys_of(word) for word in words]
        found = {who for who, name in self.known.unspaced if name in text}
        alone, others = [], set()
        for place in range(len(words)):
            nodes = {self.known.names}
            for end in range(place, min(place + LONGEST, len(words))):
                nodes = {after for node in nodes for key in keys[end] for after in node.edges.get(key, ())}
                for node in nodes:
                    found |= node.whole
                    by_itself = node.alone | node.middle if middle else node.alone
                    if by_itself and (not cased or not words[place][0].islower()):
                        alone.append((by_itself, place))
                    if node.is_other:
                        others.update(range(place, end + 1))
                if not nodes:
                    break
        if not whole:
            found.update(*(people for people, place in alone if place not in others))
        return found

    def hinted_in(self, text):
        """The people whom a text names in small letters, or as an account or an address does."""
        text = JOINT.sub(" ", without_marks(text))
        return self.named_in(LETTERS.sub(_unless_ordinary, text), cased=False, middle=True)

    def _keys_of(self, word):
        if word not in self._keys:
            self._keys[word] = _keys_of_word(word, self.inflected)
        return self._keys[word]
