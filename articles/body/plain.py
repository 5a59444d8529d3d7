"""A body as plain text: for search, counting and excerpts."""

import re

from . import language as languages
from . import tree

# A word is letters and digits with their combining marks; in scripts without spaces each character is a word.
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670"
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}][{_MARKS}\w]*(?:['’\-][^\W_][{_MARKS}\w]*)*")


def plain_text_of(html, *, language="en", notes=True):
    """The words that readers read, a line for each block; footnotes come last, or not at all without `notes`.

    Quotations stand in the language's marks. Related stories have no words, embeds their title, and posts their author,
    both of which come after the footnotes.
    """
    out, footnotes, root = [], [], tree.parse(html)
    titles = [el.get("data-title") or el.get("data-author") or "" for el in root.iter("div", "blockquote")]
    for event, _, said in text_pieces(root, language):
        if event == "note":
            footnotes.append(said)
        else:
            out.append("\n" if event == "break" else said)
    lines = (" ".join(line.split()) for line in "".join(out).split("\n"))
    return "\n".join([line for line in lines if line] + ([*footnotes, *filter(None, titles)] if notes else []))


def text_pieces(root, language="en", level=0):
    """Yield the text of a tree in order: ("words", element, text), ("break", element, "") or ("note", element, text).

    The element is the one that holds the words; `level` is how many quotations the tree itself stands in.
    """
    marked = {}
    for event, el, said in tree.walk(root):
        if event == "start":
            if el.tag in tree.BLOCKS or el.tag == "br":
                yield "break", el, ""
            if footnote := el.get("data-footnote"):
                yield "note", el, footnote
            if el.tag == "blockquote" and el.get("data-expert"):
                level += 1
            elif el.tag == "q":
                bare = languages.has_own_quotation_marks("".join(el.itertext()))
                marked[el] = ("", "") if bare else languages.quotation_marks(language, level)
                level += 1
                yield "words", el, marked[el][0]
        elif event == "end":
            if el.tag == "blockquote" and el.get("data-expert"):
                level -= 1
            elif el.tag == "q":
                level -= 1
                yield "words", el, marked[el][1]
            if el.tag in tree.BLOCKS:
                yield "break", el, ""
        else:
            yield (
                "words",
                el if event == "text" else el.getparent(),
                " ".join(said.split("\n")) if "\n" in said else said,
            )


def quoted_words_of(el, language="en"):
    """The words of one quotation as printed, without the marks around the whole; paragraphs are a blank line apart."""
    out = []
    for event, inner, said in text_pieces(el, language, level=1):
        if event == "words":
            out.append(said)
        elif event == "break":
            out.append("\n" if inner.tag != "br" else " ")
    lines = [" ".join(line.split()) for line in "".join(out).split("\n")]
    words = "\n\n".join(line for line in lines if line)
    return words.strip()[1:-1].strip() if _stands_whole_in_marks(words) else words


def _stands_whole_in_marks(words):
    return languages.has_own_quotation_marks(words) and words.strip()[-1] not in ",.;:!?،؛"


def word_count(html):
    """How many words the running text has, captions included, footnotes not."""
    return len(WORD.findall(plain_text_of(html, notes=False)))
