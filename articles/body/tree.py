"""Parses a body into an lxml tree and writes it back; all other modules of `body` read it with this one."""

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
# mark, lone surrogates, and characters that XML does not allow.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
VOID_TAG = re.compile(r"<(br|hr)\b([^<>]*)(?<!/)>")
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# Elements without an end tag, or whose end tag may be left out because the next of the kind ends them.
NEVER_NESTED = VOID | {"p", "li", "td", "th", "tr", "dt", "dd", "img", "input", "col", "wbr", "source", "link", "meta"}
DEEPEST = 1000  # libxml2 fails at about twice this depth


def without_controls(text):
    """The text without invisible characters that change how other text is shown."""
    return CONTROLS.sub("", text)


def nesting_depth(html):
    """How deep elements nest at most, counted from their tags."""
    deepest = level = 0
    for end, name in TAG.findall(html):
        if name.lower() not in NEVER_NESTED:
            level += -1 if end else 1
            deepest = max(deepest, level)
    return deepest


def without_tags(html):
    """The words, still escaped, without any tags: for HTML that is nested too deep to parse."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def parse(html):
    """The root of a body: an lxml element around its top-level blocks. Never raises.

    What the sanitiser wrote is read exactly, other HTML as libxml2 understands it.
    """
    html = without_controls(html or "").replace("\r\n", "\n").replace("\r", "\n")
    # Read as XML, since libxml2's HTML parser follows the rules of HTML 4 and would move elements.
    xml = VOID_TAG.sub(r"<\1\2/>", html).replace("&nbsp;", "\xa0")
    try:
        return etree.fromstring(f"<body>{xml}</body>", _new_parser(lxml_html.XHTMLParser))
    except etree.XMLSyntaxError:
        pass
    if nesting_depth(html) > DEEPEST:
        html = without_tags(html)
    body = etree.fromstring(f"<html><body>{html}</body></html>", _new_parser(lxml_html.HTMLParser)).find("body")
    return body if body is not None else lxml_html.Element("body")


def _new_parser(kind):
    # A new parser each time: they may not be shared between threads.
    more = {"resolve_entities": False} if kind is lxml_html.XHTMLParser else {}
    return kind(huge_tree=True, remove_comments=True, remove_pis=True, **more)


def walk(root):
    """Yield what is below the root in order: ("start", element, ""), ("text", …), ("tail", …), ("end", element, "").

    A text is the one at the beginning of its element, a tail the one after it. Works at any depth.
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


def row_id(value):
    """The id in an attribute's value, or 0 if the value cannot be the id of a row."""
    if not value or not value.isascii() or not value.isdigit() or len(value) > 19:
        return 0
    return int(value) if int(value) < 2**63 else 0


def inner_html(root):
    """The content of the root as HTML, written exactly as the sanitiser does."""
    out = []
    for event, el, text in walk(root):
        if event == "start":
            out.append("".join([f"<{el.tag}", *(f' {name}="{escape(v)}"' for name, v in el.attrib.items()), ">"]))
        elif event == "end":
            out.append("" if el.tag in VOID else f"</{el.tag}>")
        else:
            out.append(escape(text).replace("&quot;", '"'))
    return "".join(out)
