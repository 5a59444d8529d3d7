"""A body as a tree and back: what every other module of this room reads it with."""

import re

from lxml import etree
from lxml import html as lxml_html

VOID = frozenset({"br", "hr"})
# Elements that begin and end a line of their own. Everything else runs within a line.
BLOCKS = frozenset(
    ["p", "h2", "h3", "ul", "ol", "li", "blockquote", "table", "caption", "thead", "tbody", "tr", "th", "td",
     "figure", "figcaption", "aside", "div", "hr"]
)  # fmt: skip
HEADINGS = frozenset({"h2", "h3"})
# C0 and C1 controls, bidi embeddings, overrides and isolates (the vocabulary has dir for that), the byte order
# mark, halves of characters and what XML calls no character at all.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
VOIDS = re.compile(r"<(br|hr)\b([^<>]*)(?<!/)>")
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# What has no end tag, or may leave it out because the next of its kind ends it.
NEVER_DEEP = VOID | {"p", "li", "td", "th", "tr", "dt", "dd", "img", "input", "col", "wbr", "source", "link", "meta"}
DEEPEST = 1000  # libxml2 gives up on words nested about twice as deep


def without_controls(text):
    """The text without characters that nobody sees and that change what others see."""
    return CONTROLS.sub("", text)


def depth(html):
    """How deep elements nest at most, judged by their tags alone."""
    deepest = level = 0
    for end, name in TAG.findall(html):
        if name.lower() not in NEVER_DEEP:
            level += -1 if end else 1
            deepest = max(deepest, level)
    return deepest


def flat(html):
    """The words alone, still escaped, for what is nested deeper than a tree can hold."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def parse(html):
    """The root of a body: an element around its top-level blocks.

    What the sanitiser wrote is read to the letter; anything else as well as can be.
    """
    html = without_controls(html or "").replace("\r\n", "\n").replace("\r", "\n")
    # Read as XML, which moves nothing: libxml2's HTML ends elements by rules of 1999.
    xml = VOIDS.sub(r"<\1\2/>", html).replace("&nbsp;", "\xa0")
    try:
        return etree.fromstring(f"<body>{xml}</body>", _parser(lxml_html.XHTMLParser))
    except etree.XMLSyntaxError:
        pass
    if depth(html) > DEEPEST:
        html = flat(html)
    body = etree.fromstring(f"<html><body>{html}</body></html>", _parser(lxml_html.HTMLParser)).find("body")
    return body if body is not None else lxml_html.Element("body")


def _parser(kind):
    # One parser a reading: they are not to be shared between threads.
    more = {"resolve_entities": False} if kind is lxml_html.XHTMLParser else {}
    return kind(huge_tree=True, remove_comments=True, remove_pis=True, **more)


def walk(root):
    """Everything below the root in order: ("start", element, ""), ("text", …), ("tail", …), ("end", element, "").

    A text belongs to the element that it opens, a tail to the one that it follows. Knows no depth it cannot bear.
    """
    for event, el in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if el is not root:
                yield "start", el, ""
            if el.text:
                yield "text", el, el.text
        elif el is not root:
            yield "end", el, ""
            if el.tail:
                yield "tail", el, el.tail


def escape(text):
    """Text as it may stand between tags or in a quoted attribute."""
    return (
        text.replace("&", "&amp;")
        .replace("\xa0", "&nbsp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def number(value):
    """The id of a row that an attribute names, or 0 where it can name none."""
    if not value or not value.isascii() or not value.isdigit() or len(value) > 19:
        return 0
    return int(value) if int(value) < 2**63 else 0


def html(root):
    """The inside of the root as HTML, letter for letter as the sanitiser writes it."""
    out = []
    for event, el, text in walk(root):
        if event == "start":
            out.append("".join([f"<{el.tag}", *(f' {name}="{escape(v)}"' for name, v in el.attrib.items()), ">"]))
        elif event == "end":
            out.append("" if el.tag in VOID else f"</{el.tag}>")
        else:
            out.append(escape(text).replace("&quot;", '"'))
    return "".join(out)
