"""Which words of some texts stood in others that were taken away, and stand in none that may be read again.

A line that was changed a little is still that line, so runs of three words are compared, and of two where a script has
no capitals; and by itself each name and number: a word that has a capital within a sentence, or a digit.
"""

import re

from newsroom.folding import without_marks

WORD = re.compile(r"\w+")
RUN = 3
BEGINS_SENTENCE = re.compile(r"(?:^|[.!?:…\n])[\s\"'“”„‘’«»(\[—–-]*$")


def words_brought_back(texts, taken_away, readable):
    """The first words of some texts that only those `taken_away` have, not the `readable` ones; or "". In linear time.

    `taken_away` and `readable` are lists of texts.
    """
    left = _names_in(taken_away) - {word for words in _words_in(readable) for word in words}
    runs = _runs_in(taken_away) - _runs_in(readable)
    if not left and not runs:
        return ""
    for text in texts:
        shown = WORD.findall(text)
        plain = [_as_compared(word) for word in shown]
        for place, word in enumerate(plain):
            for length in (RUN, RUN - 1):
                if tuple(plain[place : place + length]) in runs:
                    return " ".join(shown[place : place + length])
            if word in left and not shown[place].islower():
                return shown[place]
    return ""


def _as_compared(word):
    return without_marks(word).casefold()


def _words_in(texts):
    return [[_as_compared(word) for word in WORD.findall(text)] for text in texts]


def _runs_in(texts):
    """Each run of three words, or of two of a script without capitals."""
    runs = set()
    for words in _words_in(texts):
        runs.update(zip(words, words[1:], words[2:], strict=False))
        runs.update(pair for pair in zip(words, words[1:], strict=False) if not any(map(_has_case, pair)))
    return runs


def _has_case(word):
    return word.upper() != word.lower() or word.isdigit()


def _names_in(texts):
    """Each word with a capital that does not begin a sentence, and each with a digit."""
    names = set()
    for text in texts:
        for match in WORD.finditer(text):
            word, start = match[0], match.start()
            begins = BEGINS_SENTENCE.search(text, max(0, start - 4), start) if start else True
            if any(sign.isdigit() for sign in word) or (word[0].isupper() and not begins):
                names.add(_as_compared(word))
    return names
