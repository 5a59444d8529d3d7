"""What may stand in a story's text: one table for the editor, the sanitiser and everyone who asks.

Imports no model, so that models and settings may import it.
"""

import re
from dataclasses import dataclass, field

import nh3

from . import tidy, tree

LANGUAGE = ("lang", "dir")


@dataclass(frozen=True)
class Word:
    """One word of the vocabulary: the editor's extension for it and the elements it may write."""

    extension: str
    elements: dict = field(default_factory=dict)  # element → its attributes
    config: object = True  # what the editor is told
    ours: bool = True  # whether static/desk/newsroom.js brings it; else the editor does


VOCABULARY = (
    # What every text has.
    Word("Paragraph", {"p": ()}, ours=False),
    Word("Heading", {"h2": (), "h3": ()}, {"levels": [2, 3]}, ours=False),
    Word("BulletList", {"ul": ()}, ours=False),
    Word("OrderedList", {"ol": ("start",)}, ours=False),
    Word("ListItem", {"li": ()}, ours=False),
    Word("Blockquote", {"blockquote": ()}, ours=False),
    Word("HorizontalRule", {"hr": ()}, ours=False),  # a break between scenes
    Word("HardBreak", {"br": ()}, ours=False),
    Word("Bold", {"strong": ()}, ours=False),
    Word("Italic", {"em": ()}, ours=False),
    Word("Strike", {"s": ()}, ours=False),
    Word("Subscript", {"sub": ()}, ours=False),
    Word("Superscript", {"sup": ()}, ours=False),
    Word("Link", {"a": ("href",)}, {"enableTarget": False}, ours=False),
    Word("Table", {"table": (), "caption": (), "thead": (), "tbody": ()}, ours=False),
    Word("TableRow", {"tr": ()}, ours=False),
    Word("TableHeader", {"th": ("colspan", "rowspan", "scope")}, ours=False),
    Word("TableCell", {"td": ("colspan", "rowspan")}, ours=False),
    # What names something and never copies it.
    Word("InlineQuote", {"q": ("data-expert", "data-quote")}),
    Word("ExpertQuote", {"blockquote": ("data-expert", "data-quote")}),
    Word("RelatedStory", {"div": ("data-article",)}),
    Word("Picture", {"figure": ("data-image", "data-size"), "figcaption": ()}),
    Word("Gallery", {"ul": ("data-gallery",)}),  # of <li><figure data-image>
    Word("FactBox", {"aside": ("data-box",)}),
    Word("Embed", {"div": ("data-embed",)}),
    Word("Footnote", {"sup": ("data-footnote",)}),
    Word("DeskNote", {"span": ("data-desk-note",)}),
    Word("LanguageRun", {"span": LANGUAGE, "p": LANGUAGE, "q": LANGUAGE, "blockquote": LANGUAGE}),
    # What helps to write and writes nothing itself.
    Word("History", ours=False),
    Word("PasteCleaner"),
    Word("WordCount"),
    Word("FindReplace"),
    Word("DeskA11y"),
)

MENU = {
    "groups": [
        {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
        {"group": "marks"},
        {"group": "link"},
        {"group": "lists"},
        {"group": "nodes -blockType -lists"},
        {"group": "newsroom"},
        {"group": "table"},
        {"group": "history"},
        {"group": "utility"},
    ]
}

# For the editor's field or widget: ProseEditorFormField(extensions=BODY, sanitize=sanitise).
BODY = {word.extension: word.config for word in VOCABULARY} | {
    "Menu": MENU,
    "NoSpellCheck": False,  # a newsroom wants its browser's red lines
}


def _elements():
    elements = {}
    for word in VOCABULARY:
        for tag, names in word.elements.items():
            elements.setdefault(tag, set()).update(names)
    return elements


ELEMENTS = _elements()

# --- what an attribute may say ---------------------------------------------------------------

REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LINK = re.compile(r"https?://[^\s/?#\\]\S*|mailto:[^\s@]+@\S+|tel:[+0-9()./-]+|/(?![/\\])\S*|/", re.IGNORECASE)


def _exactly(pattern):
    return lambda value: value.strip() if pattern.fullmatch(value.strip()) else None


def _one_of(*values):
    return lambda value: value if value in values else None


def _number(least, most):
    def rule(value):
        value = value.strip()
        return str(int(value)) if re.fullmatch(r"[0-9]{1,4}", value) and least <= int(value) <= most else None

    return rule


def _line(most):
    return lambda value: " ".join(value.split())[:most] or None


def _link(value):
    # Browsers drop tabs and line ends inside an address, so they may not split a scheme here either.
    return _exactly(LINK)(re.sub(r"[\t\r\n]", "", value))


ATTRIBUTES = {
    "href": _link,
    "lang": _exactly(LANGUAGE_TAG),
    "dir": _one_of("ltr", "rtl", "auto"),
    "start": _number(0, 9999),
    "colspan": _number(2, 100),
    "rowspan": _number(2, 1000),
    "scope": _one_of("col", "row", "colgroup", "rowgroup"),
    # Whether such a row exists is asked by `references.validate`, which can say so in words.
    "data-expert": _exactly(REFERENCE),
    "data-article": _exactly(REFERENCE),
    "data-image": _exactly(REFERENCE),
    "data-quote": _exactly(UID),
    "data-desk-note": _exactly(UID),
    "data-size": _one_of("normal", "wide", "small"),
    "data-box": _one_of("facts"),
    "data-gallery": lambda value: "",
    "data-embed": _line(1000),
    "data-footnote": _line(5000),
}

# --- the sanitiser ---------------------------------------------------------------------------

OPTIONS = {
    # "*" must be named, or nh3 allows lang and title everywhere.
    "attributes": {tag: set(names) for tag, names in ELEMENTS.items()} | {"*": set()},
    "attribute_filter": lambda tag, name, value: ATTRIBUTES[name](value) if name in ATTRIBUTES else None,
    "url_schemes": {"http", "https", "mailto", "tel"},
    "link_rel": None,
    "clean_content_tags": {"script", "style", "svg", "math", "template"},
}
# First with what can be turned into the vocabulary, so that nothing of the words runs together, then without.
_loose = nh3.Cleaner(tags=set(ELEMENTS) | tidy.WELCOME, **OPTIONS)
_strict = nh3.Cleaner(tags=set(ELEMENTS), **OPTIONS)
ROUNDS = 8
UNREADABLE = 5000  # elements inside each other: nobody's text, and the parser's work grows with the square


def sanitise(html):
    """The text in the vocabulary and nothing else: whatever stood outside it is gone, its words are not.

    Safe to print where the vocabulary's elements are; sanitising twice is sanitising once.
    """
    html = html or ""
    if tree.depth(html) > UNREADABLE:
        html = tree.flat(html)
    for _ in range(ROUNDS):
        before, html = html, _once(html)
        if html == before:
            return html
    # Markup that turns into something else with every reading keeps its words and loses its tags.
    words = tree.flat(html)
    return f"<p>{words}</p>" if words else ""


def _once(html):
    html = tree.without_controls(html).replace("\r\n", "\n").replace("\r", "\n")
    loose = tree.without_controls(_loose.clean(html))
    return _strict.clean(tree.html(tidy.tidied(tree.parse(loose))))
