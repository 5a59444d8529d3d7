"""Where a text goes against the house style: what a rule's term is found by, in running text and in the desk's editor.

`static/desk/editor/style.js` reads the same rules in the same way.
"""

import re

LETTER = r"[^\W_]"


def pattern_of(term, *, whole_word=True, match_case=False):
    """The pattern by which a term is found; any space in it matches any white space, either apostrophe both."""
    words = r"\s+".join(re.sub("['’]", "['’]", re.escape(word)) for word in term.split())
    if whole_word:
        words = rf"(?<!{LETTER}){words}(?!{LETTER})"
    return re.compile(words, 0 if match_case else re.IGNORECASE)


def stands(match, preferred):
    """Whether a match already is what the house prefers, or part of it: “Centre” of “the Centre” is no slip."""
    if not preferred:
        return False
    start = match.string.find(preferred, max(0, match.start() - len(preferred)), match.end() + len(preferred))
    while 0 <= start <= match.start():
        if start + len(preferred) >= match.end():
            return True
        start = match.string.find(preferred, start + 1, match.end() + len(preferred))
    return False
