"""Counts the words of a text before and after conversion, to check that none was lost."""

import html
import re
from collections import Counter

WORD = re.compile(r"\w+")
HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|svg|math)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
FOOTNOTE_NUMBER = re.compile(r"<sup\b[^>]*\bdata-fn=.*?</sup>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"</?([a-zA-Z][\w:-]*)(?:\"[^\"]*\"|'[^']*'|[^'\">])*>")
ADDRESSES = re.compile(r"<div\b[^>]*\bdata-embed=\"([^\"]*)\"")
BETWEEN_LINKS = re.compile(r"(?<=</a>)(?=<a\b)", re.IGNORECASE)  # two buttons are two words
# Within a word these may begin and end; everything else parts words.
INLINE_ELEMENTS = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup"
    " tt u var wbr".split()
)


def words_of_source(content):
    """The words of a WordPress text outside tags and comments, after its shortcodes are expanded."""
    return _word_counts(FOOTNOTE_NUMBER.sub(" ", HIDDEN.sub(" ", BETWEEN_LINKS.sub(" ", content))))


def words_of_body(body):
    """The words of a body in our vocabulary; an embed counts as its address."""
    return _word_counts(" ".join([body, *ADDRESSES.findall(body)]))


def lost_words(content, body):
    """The words of the source that the body lacks, in alphabetical order."""
    return sorted((words_of_source(content) - words_of_body(body)).elements())


def _word_counts(text):
    text = TAG.sub(lambda match: "" if match[1].lower() in INLINE_ELEMENTS else " ", text)
    return Counter(WORD.findall(html.unescape(text)))
