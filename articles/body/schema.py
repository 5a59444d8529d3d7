"""What may stand in a story's text: one table of elements for the editor and the sanitiser.

Imports no model, so that models may import it.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import nh3

from . import tidy, tree

LANGUAGE_ATTRIBUTES = ("lang", "dir")


@dataclass(frozen=True)
class EditorElement:
    """One row of the vocabulary: an extension of the editor and the elements that it may write."""

    extension: str
    elements: dict = field(default_factory=dict)  # element → its attributes
    config: object = True  # the extension's settings
    ours: bool = True  # whether the extension is in static/desk/newsroom.js; else it is the editor's own


VOCABULARY = (
    # What every text has.
    EditorElement("Paragraph", {"p": ()}, ours=False),
    EditorElement("Heading", {"h2": (), "h3": ()}, {"levels": [2, 3]}, ours=False),
    EditorElement("BulletList", {"ul": ()}, ours=False),
    EditorElement("OrderedList", {"ol": ("start",)}, ours=False),
    EditorElement("ListItem", {"li": ()}, ours=False),
    EditorElement("Blockquote", {"blockquote": ()}, ours=False),
    EditorElement("HorizontalRule", {"hr": ()}, ours=False),  # a break between scenes
    EditorElement("HardBreak", {"br": ()}, ours=False),
    EditorElement("Bold", {"strong": ()}, ours=False),
    EditorElement("Italic", {"em": ()}, ours=False),
    EditorElement("Strike", {"s": ()}, ours=False),
    EditorElement("Subscript", {"sub": ()}, ours=False),
    EditorElement("Superscript", {"sup": ()}, ours=False),
    EditorElement("Link", {"a": ("href",)}, {"enableTarget": False}, ours=False),
    EditorElement("Table", {"table": (), "caption": (), "thead": (), "tbody": ()}, ours=False),
    EditorElement("TableRow", {"tr": ()}, ours=False),
    EditorElement("TableHeader", {"th": ("colspan", "rowspan", "scope")}, ours=False),
    EditorElement("TableCell", {"td": ("colspan", "rowspan")}, ours=False),
    # References: they hold an id or an address, never a copy of what it stands for.
    EditorElement("InlineQuote", {"q": ("data-expert", "data-quote")}),
    EditorElement("ExpertQuote", {"blockquote": ("data-expert", "data-quote")}),
    EditorElement("RelatedStory", {"div": ("data-article",)}),
    EditorElement("Picture", {"figure": ("data-image", "data-size"), "figcaption": ()}),
    EditorElement("Gallery", {"ul": ("data-gallery",)}),  # of <li><figure data-image>
    EditorElement("FactBox", {"aside": ("data-box",)}),
    EditorElement("Embed", {"div": ("data-embed", "data-title", "data-image")}),  # data-image is its still
    EditorElement("Post", {"blockquote": ("data-post", "data-author", "data-posted")}),
    EditorElement("Footnote", {"sup": ("data-footnote",)}),
    EditorElement("DeskNote", {"span": ("data-desk-note",)}),
    EditorElement(
        "LanguageRun",
        {
            "span": LANGUAGE_ATTRIBUTES,
            "p": LANGUAGE_ATTRIBUTES,
            "q": LANGUAGE_ATTRIBUTES,
            "blockquote": LANGUAGE_ATTRIBUTES,
        },
    ),
    # Tools that write no elements.
    EditorElement("History", ours=False),
    EditorElement("Typography"),
    EditorElement("InsertMenu"),
    EditorElement("SlashMenu"),
    EditorElement("QuoteKey"),
    EditorElement("CardKeys"),
    EditorElement("PasteCleaner"),
    EditorElement("WordCount"),
    EditorElement("FindReplace"),
    EditorElement("HouseStyle"),
    EditorElement("DeskA11y"),
)

EDITOR_MENU = {
    "groups": [
        {"group": "blockType -lists", "type": "dropdown", "minItems": 2},
        {"group": "marks"},
        {"group": "link quote"},
        {"group": "lists"},
        {"group": "menus"},  # what else can be put in, static/desk/editor/elements.js
        {"group": "table"},
        {"group": "history"},
        {"group": "utility"},
    ]
}

# For ProseEditorFormField(extensions=EDITOR_EXTENSIONS, sanitize=sanitise).
EDITOR_EXTENSIONS = {word.extension: word.config for word in VOCABULARY} | {
    "Menu": EDITOR_MENU,
    "NoSpellCheck": False,  # a newsroom wants its browser's red lines
}


def _attributes_by_element():
    elements = {}
    for word in VOCABULARY:
        for tag, names in word.elements.items():
            elements.setdefault(tag, set()).update(names)
    return elements


ATTRIBUTES_BY_ELEMENT = _attributes_by_element()

# --- what an attribute may say ---------------------------------------------------------------

REFERENCE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
QUOTE_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DAY = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
GOOGLE_HOST = re.compile(r"(?:www\.)?google\.[a-z.]{2,8}")
LINK_ADDRESS = re.compile(r"https?://[^\s/?#\\]\S*|mailto:[^\s@]+@\S+|tel:[+0-9()./-]+|/(?![/\\])\S*|/", re.IGNORECASE)


def _pattern_rule(pattern):
    return lambda value: value.strip() if pattern.fullmatch(value.strip()) else None


def _choice_rule(*values):
    return lambda value: value if value in values else None


def _number_rule(least, most):
    def rule(value):
        value = value.strip()
        return str(int(value)) if re.fullmatch(r"[0-9]{1,4}", value) and least <= int(value) <= most else None

    return rule


def _text_rule(most):
    return lambda value: " ".join(value.split())[:most] or None


def _link_rule(value):
    # Browsers drop tabs and newlines inside an address, so drop them before looking at its scheme.
    return _pattern_rule(LINK_ADDRESS)(_without_wrapper(re.sub(r"[\t\r\n]", "", value)))


def _without_wrapper(value):
    """The address that a link of Google's leads on to, which pasted text brings in its place; else the address."""
    for _ in range(3):
        try:
            parts = urlsplit(value.strip())
        except ValueError:
            return value
        if not GOOGLE_HOST.fullmatch(parts.hostname or "") or parts.path != "/url":
            return value
        query = parse_qs(parts.query)
        target = next((query[name][0] for name in ("q", "url") if name in query), "")
        if not target.startswith(("http://", "https://")):
            return value
        value = target
    return value


ATTRIBUTE_RULES = {
    "href": _link_rule,
    "lang": _pattern_rule(LANGUAGE_TAG),
    "dir": _choice_rule("ltr", "rtl", "auto"),
    "start": _number_rule(0, 9999),
    "colspan": _number_rule(2, 100),
    "rowspan": _number_rule(2, 1000),
    "scope": _choice_rule("col", "row", "colgroup", "rowgroup"),
    # Only the form is checked here; `references.validate_references` checks that such a row exists.
    "data-expert": _pattern_rule(REFERENCE_ID),
    "data-article": _pattern_rule(REFERENCE_ID),
    "data-image": _pattern_rule(REFERENCE_ID),
    "data-quote": _pattern_rule(QUOTE_UID),
    "data-desk-note": _pattern_rule(QUOTE_UID),
    "data-size": _choice_rule("normal", "wide", "small"),
    "data-box": _choice_rule("facts"),
    "data-gallery": lambda value: "",
    "data-embed": _text_rule(1000),
    "data-title": _text_rule(160),
    "data-post": _text_rule(1000),
    "data-author": _text_rule(120),
    "data-posted": _pattern_rule(DAY),
    "data-footnote": _text_rule(5000),
}

# --- the sanitiser ---------------------------------------------------------------------------

CLEANER_OPTIONS = {
    # "*" must be named, or nh3 allows lang and title everywhere.
    "attributes": {tag: set(names) for tag, names in ATTRIBUTES_BY_ELEMENT.items()} | {"*": set()},
    "attribute_filter": lambda tag, name, value: ATTRIBUTE_RULES[name](value) if name in ATTRIBUTE_RULES else None,
    "url_schemes": {"http", "https", "mailto", "tel"},
    "link_rel": None,
    "clean_content_tags": {"script", "style", "svg", "math", "template"},
}
# The wide one lets through what `tidy` can turn into the vocabulary, so that no two words run together.
_wide_cleaner = nh3.Cleaner(tags=set(ATTRIBUTES_BY_ELEMENT) | tidy.FOREIGN_ELEMENTS, **CLEANER_OPTIONS)
_strict_cleaner = nh3.Cleaner(tags=set(ATTRIBUTES_BY_ELEMENT), **CLEANER_OPTIONS)
MOST_ROUNDS = 8
DEEPEST_READ = 5000  # levels of nesting: no real text has so many, and parsing time grows with their square


def sanitise(html):
    """The HTML with the vocabulary's elements and attributes only; the words of all other elements stay.

    The result is safe to print, and sanitising it again changes nothing. Never raises.
    """
    html = html or ""
    if tree.nesting_depth(html) > DEEPEST_READ:
        html = tree.without_tags(html)
    for _ in range(MOST_ROUNDS):
        before, html = html, _sanitised_once(html)
        if html == before:
            return html
    # Markup that still changes with every round loses all its tags and keeps its words.
    words = tree.without_tags(html)
    return f"<p>{words}</p>" if words else ""


def _sanitised_once(html):
    html = tree.without_controls(html).replace("\r\n", "\n").replace("\r", "\n")
    loose = tree.without_controls(_wide_cleaner.clean(html))
    return _strict_cleaner.clean(tree.inner_html(tidy.tidy_tree(tree.parse(loose))))
