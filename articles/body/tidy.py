"""Turns foreign markup into the vocabulary's elements without losing a word.

This is no sanitiser: its input has been through one, and its output goes through one again.
"""

import re

from newsroom import folding

from .tree import BLOCKS, HEADINGS, VOID

RENAMED_ELEMENTS = {
    "b": "strong", "i": "em", "strike": "s", "del": "s",
    "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "tfoot": "tbody",
}  # fmt: skip
# Blocks that are not in our vocabulary: their words become paragraphs.
FOREIGN_BLOCKS = frozenset(
    ["section", "article", "header", "footer", "main", "nav", "address", "pre", "center", "dl", "dt", "dd", "details",
     "summary", "hgroup", "fieldset", "legend"]
)  # fmt: skip
FOREIGN_ELEMENTS = frozenset(RENAMED_ELEMENTS) | FOREIGN_BLOCKS
DEEPEST_KEPT = 32

# Elements that hold running text only, and elements that hold blocks only.
TEXT_ONLY = frozenset({"p", "figcaption", "caption"}) | HEADINGS
BLOCKS_ONLY = frozenset({"body", "blockquote", "aside"})
# What others write as a footnote's mark.
FOOTNOTE_MARK = re.compile(r"[\s\d*†‡§()\[\]]*")
PARTS_ONLY = frozenset({"ul", "ol", "table", "thead", "tbody", "tr", "figure"})


def tidy_tree(root):
    """Change a parsed body in place, and return it."""
    for el in list(root.iterdescendants()):
        el.tag = "div" if el.tag in FOREIGN_BLOCKS else RENAMED_ELEMENTS.get(el.tag, el.tag)
    for el in root.iter():
        el.text, el.tail = _as_typed(el.text), _as_typed(el.tail)
        if "data-footnote" in el.attrib:
            el.set("data-footnote", folding.as_typed(el.get("data-footnote")))
    _flatten(root)
    for el in list(root.iterdescendants()):
        shape = SHAPES.get(el.tag)
        if shape and el.getparent() is not None:  # not removed with an earlier one
            shape(el)
    for el in reversed(list(root.iterdescendants())):
        if el.tag in BLOCKS:
            _take_block_out_of_line(el)
    for el in reversed(list(root.iterdescendants("div"))):
        if not el.attrib:
            _dissolve_div(el)
    for el in reversed([root, *root.iterdescendants()]):
        if el.tag in BLOCKS_ONLY:
            _wrap_loose(el)
        elif el.tag in ("ul", "ol"):
            _wrap_loose(el, into="li", beside=("li",))
        elif el.tag in PARTS_ONLY:
            _drop_gaps(el)
        elif el.tag in TEXT_ONLY:
            _trim_line(el)
    for el in reversed(list(root.iterdescendants())):
        if _is_empty(el):
            _drop_empty(el)
    return root


def _as_typed(text):
    return folding.as_typed(text, whole=False) if text and not text.isascii() else text


def _flatten(root):
    """Remove the tags of elements nested deeper than DEEPEST_KEPT, and keep their words."""
    level, deep = 0, []
    stack = [(root, 0)]
    while stack:
        el, level = stack.pop()
        if level > DEEPEST_KEPT:
            deep.append(el)
        stack.extend((child, level + 1) for child in el)
    for el in reversed(deep):
        _unwrap(el)


# --- the shape of each element ---------------------------------------------------------------


def _keep_only(el, *names):
    for name in el.attrib:
        if name not in names:
            del el.attrib[name]


def _shape_div(el):
    """A related story or an embed; content that somebody wrote into it is moved after it."""
    if "data-article" in el.attrib:
        _keep_only(el, "data-article")
    elif "data-embed" in el.attrib:
        _keep_only(el, "data-embed", "data-title", "data-image")
    else:
        el.attrib.clear()
    if el.attrib:
        _move_content_after(el)


def _shape_aside(el):
    if "data-box" not in el.attrib:
        el.tag = "div"


def _shape_figure(el):
    """A picture with at most one caption; other content is moved after it."""
    if "data-image" not in el.attrib:
        el.attrib.clear()
        el.tag = "div"
        return
    caption = next((child for child in el if child.tag == "figcaption"), None)
    rest = [child for child in el if child is not caption]
    if el.text and el.text.strip() or any(child.tail and child.tail.strip() for child in el) or rest:
        after = _new_div_after(el)
        after.text, el.text = el.text, None
        for child in list(el):
            if child is caption:
                _append_text(after, f" {child.tail or ''}")
                child.tail = None
            else:
                after.append(child)


def _shape_figcaption(el):
    if el.getparent().tag != "figure":
        el.tag = "div"


def _shape_list(el):
    """A gallery that holds anything but pictures becomes an ordinary list."""
    if "data-gallery" in el.attrib and not (len(el) and all(_is_picture_item(item) for item in el)):
        del el.attrib["data-gallery"]


def _is_picture_item(item):
    return (
        item.tag == "li"
        and len(item) == 1
        and item[0].tag == "figure"
        and "data-image" in item[0].attrib
        and not (item.text or "").strip()
        and not (item[0].tail or "").strip()
    )


def _shape_item(el):
    if el.getparent().tag not in ("ul", "ol"):
        el.tag = "div"


def _shape_quote(el):
    if "data-expert" not in el.attrib:
        el.attrib.pop("data-quote", None)
    if "data-post" not in el.attrib or "data-expert" in el.attrib:
        for name in ("data-post", "data-author", "data-posted"):
            el.attrib.pop(name, None)
    if el.tag == "q" and _holds_blocks(el):
        el.tag = "blockquote" if "data-expert" in el.attrib else "div"
        if el.tag == "div":
            el.attrib.clear()
    elif not _has_content(el):
        el.attrib.clear()
        _unwrap(el)


def _shape_sup(el):
    """A footnote; its mark is dropped, since it is made when printing, and other words are moved before it."""
    if "data-footnote" not in el.attrib:
        return _shape_mark(el)
    words = "".join(el.itertext())
    if not FOOTNOTE_MARK.fullmatch(words) or any(child.attrib for child in el.iterdescendants()):
        _add_text_before(el, el.text or "")
        for child in list(el):
            el.addprevious(child)  # takes the words after it along
    else:
        for child in list(el):
            el.remove(child)
    el.text = None


def _shape_mark(el):
    """An inline element; its tag is removed if it lacks the attribute that it needs, or holds blocks."""
    if (el.tag == "a" and "href" not in el.attrib) or (el.tag == "span" and not el.attrib) or _holds_blocks(el):
        _unwrap(el)


SHAPES = {
    "div": _shape_div, "aside": _shape_aside, "figure": _shape_figure, "figcaption": _shape_figcaption,
    "ul": _shape_list, "li": _shape_item, "q": _shape_quote, "blockquote": _shape_quote, "sup": _shape_sup,
    **dict.fromkeys(["a", "span", "strong", "em", "s", "sub"], _shape_mark),
}  # fmt: skip

# --- blocks in the wrong place ---------------------------------------------------------------


def _take_block_out_of_line(el):
    """Take a block out of running text: a reference is moved after the line, words stay in it between spaces."""
    line = el.getparent()
    while line is not None and line.tag not in TEXT_ONLY:
        if line.tag in BLOCKS or line.tag == "body":
            return
        line = line.getparent()
    if line is None or el.tag == "figcaption":
        return
    if el.tag in ("div", "figure") and el.attrib:
        tail, el.tail = el.tail, None
        _add_text_before(el, f" {tail or ''}")  # or the words on either side of the block would become one
        line.addnext(el)
        return
    _unwrap(el)


def _dissolve_div(el):
    """Turn a div without attributes into paragraphs."""
    if _holds_blocks(el):
        _wrap_loose(el)
        el.drop_tag()
    elif el.getparent().tag in TEXT_ONLY or el.getparent().tag not in BLOCKS | {"body"}:
        _unwrap(el)
    elif el.getparent().tag in PARTS_ONLY:
        # No paragraph may stand here; the next round of `schema.sanitise` moves the words to where one may.
        _unwrap(el)
    else:
        el.tag = "p"


def _wrap_loose(box, into="p", beside=BLOCKS):
    """Wrap text and inline elements that stand directly in the box, beside `beside` elements, into `into` ones."""
    run, (text, box.text) = None, (box.text, None)
    if text and text.strip():
        run = box.makeelement(into)
        run.text = text
        box.insert(0, run)
    for child in list(box):
        if child is run:
            continue
        if child.tag in beside:
            run, (tail, child.tail) = None, (child.tail, None)
            if tail and tail.strip():
                run = box.makeelement(into)
                run.text = tail
                child.addnext(run)
        else:
            if run is None:
                run = box.makeelement(into)
                child.addprevious(run)
            run.append(child)


def _trim_line(line):
    """Remove the white space around a line."""
    if line.text:
        line.text = line.text.lstrip(" \t\n")
    if len(line):
        line[-1].tail = (line[-1].tail or "").rstrip(" \t\n")
    elif line.text:
        line.text = line.text.rstrip(" \t\n")


def _drop_gaps(grid):
    """Remove the white space between the parts of a list, table or figure."""
    if not (grid.text or "").strip():
        grid.text = None
    for child in grid:
        if not (child.tail or "").strip():
            child.tail = None


# --- helpers ---------------------------------------------------------------------------------


def _holds_blocks(el):
    return any(child.tag in BLOCKS for child in el.iterdescendants())


def _has_content(el):
    """Whether an element holds words, a reference or a break."""
    return any(text.strip() for text in el.itertext()) or any(
        child.tag == "hr" or (child.attrib and child.tag in ("div", "figure", "sup")) for child in el.iterdescendants()
    )


def _is_empty(el):
    """Whether an element would print nothing."""
    return (
        el.tag not in VOID
        and el.tag not in ("td", "th", "tr", "thead", "tbody", "caption")
        and not ("data-footnote" in el.attrib or (el.tag in ("div", "figure") and el.attrib))
        and not _has_content(el)
    )


def _unwrap(el):
    """Remove an element's tag and keep its words; a block's words get spaces around them."""
    if el.tag in BLOCKS or el.tag == "div":
        el.text = f" {el.text or ''}"
        if len(el):
            el[-1].tail = f"{el[-1].tail or ''} "
        else:
            el.text += " "
    el.drop_tag()


def _drop_empty(el):
    """Remove an empty element; a block between two words leaves a space."""
    if el.tag not in BLOCKS:
        return el.drop_tag()
    if el.tail:
        el.tail = f" {el.tail}"
    el.drop_tree()


def _add_text_before(el, words):
    """Add words to the running text just before an element."""
    previous = el.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + words
    else:
        el.getparent().text = (el.getparent().text or "") + words


def _append_text(el, text):
    if text and len(el):
        el[-1].tail = (el[-1].tail or "") + text
    elif text:
        el.text = (el.text or "") + text


def _new_div_after(el):
    """A new div after an element, between it and its tail."""
    after = el.makeelement("div")
    tail, el.tail = el.tail, None
    el.addnext(after)
    after.tail = tail
    return after


def _move_content_after(el):
    """Move the content of an element into a new div after it."""
    if len(el) or (el.text and el.text.strip()):
        after = _new_div_after(el)
        after.text = el.text
        for child in list(el):
            after.append(child)
    el.text = None
