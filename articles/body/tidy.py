"""Brings foreign markup into the shape of the vocabulary without losing a word.

Not a sanitiser: what comes in has been through one and goes through it again.
"""

import re

from .tree import BLOCKS, HEADINGS, VOID

RENAMED = {
    "b": "strong", "i": "em", "strike": "s", "del": "s",
    "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "tfoot": "tbody",
}  # fmt: skip
# Blocks of other people's vocabularies: their words become paragraphs.
DISSOLVED = frozenset(
    ["section", "article", "header", "footer", "main", "nav", "address", "pre", "center", "dl", "dt", "dd", "details",
     "summary", "hgroup", "fieldset", "legend"]
)  # fmt: skip
WELCOME = frozenset(RENAMED) | DISSOLVED
DEEPEST = 32

# Where only running text may stand, and where only blocks may.
LINES = frozenset({"p", "figcaption", "caption"}) | HEADINGS
BOXES = frozenset({"body", "blockquote", "aside"})
# What others write as a footnote's mark.
MARK = re.compile(r"[\s\d*†‡§()\[\]]*")
GRIDS = frozenset({"ul", "ol", "table", "thead", "tbody", "tr", "figure"})


def tidied(root):
    """The root itself, changed in place."""
    for el in list(root.iterdescendants()):
        el.tag = "div" if el.tag in DISSOLVED else RENAMED.get(el.tag, el.tag)
    _flatten(root)
    for el in list(root.iterdescendants()):
        if el.getparent() is not None:  # not taken out by one before it
            SHAPES.get(el.tag, _leave)(el)
    for el in reversed(list(root.iterdescendants())):
        if el.tag in BLOCKS:
            _release(el)
    for el in reversed(list(root.iterdescendants("div"))):
        if not el.attrib:
            _dissolve(el)
    for el in reversed([root, *root.iterdescendants()]):
        if el.tag in BOXES:
            _wrap_loose(el)
        elif el.tag in ("ul", "ol"):
            _wrap_loose(el, into="li", beside=("li",))
        elif el.tag in GRIDS:
            _drop_gaps(el)
        elif el.tag in LINES:
            _trim(el)
    for el in reversed(list(root.iterdescendants())):
        if _is_empty(el):
            _drop(el)
    return root


def _flatten(root):
    """Take the tags, not the words, off what nests deeper than anyone means."""
    level, deep = 0, []
    stack = [(root, 0)]
    while stack:
        el, level = stack.pop()
        if level > DEEPEST:
            deep.append(el)
        stack.extend((child, level + 1) for child in el)
    for el in reversed(deep):
        _unwrap(el)


# --- the shape of each element ---------------------------------------------------------------


def _leave(el):
    pass


def _keep_only(el, *names):
    for name in el.attrib:
        if name not in names:
            del el.attrib[name]


def _div(el):
    """A related story or an embed; what somebody wrote into it follows it."""
    if "data-article" in el.attrib:
        _keep_only(el, "data-article")
    if el.attrib:
        _spill(el)


def _aside(el):
    if "data-box" not in el.attrib:
        el.tag = "div"


def _figure(el):
    """A picture with at most one caption; what else stood in it follows it."""
    if "data-image" not in el.attrib:
        el.attrib.clear()
        el.tag = "div"
        return
    caption = next((child for child in el if child.tag == "figcaption"), None)
    rest = [child for child in el if child is not caption]
    if el.text and el.text.strip() or any(child.tail and child.tail.strip() for child in el) or rest:
        after = _div_after(el)
        after.text, el.text = el.text, None
        for child in list(el):
            if child is caption:
                _append_text(after, f" {child.tail or ''}")
                child.tail = None
            else:
                after.append(child)


def _figcaption(el):
    if el.getparent().tag != "figure":
        el.tag = "div"


def _list(el):
    """A gallery is a list of pictures and nothing else; otherwise it is a list."""
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


def _item(el):
    if el.getparent().tag not in ("ul", "ol"):
        el.tag = "div"


def _quote(el):
    if "data-expert" not in el.attrib:
        el.attrib.pop("data-quote", None)
    if el.tag == "q" and _holds_blocks(el):
        el.tag = "blockquote" if "data-expert" in el.attrib else "div"
        if el.tag == "div":
            el.attrib.clear()
    elif not _says_something(el):
        el.attrib.clear()
        _unwrap(el)


def _sup(el):
    """A footnote's mark is made when it is printed; other words in it go before it."""
    if "data-footnote" not in el.attrib:
        return _mark(el)
    words = "".join(el.itertext())
    if not MARK.fullmatch(words) or any(child.attrib for child in el.iterdescendants()):
        _before(el, el.text or "")
        for child in list(el):
            el.addprevious(child)  # takes the words after it along
    else:
        for child in list(el):
            el.remove(child)
    el.text = None


def _mark(el):
    """A mark that means nothing without its attribute, or that blocks have come into."""
    if (el.tag == "a" and "href" not in el.attrib) or (el.tag == "span" and not el.attrib) or _holds_blocks(el):
        _unwrap(el)


SHAPES = {
    "div": _div, "aside": _aside, "figure": _figure, "figcaption": _figcaption, "ul": _list, "ol": _leave, "li": _item,
    "q": _quote, "blockquote": _quote, "sup": _sup,
    **dict.fromkeys(["a", "span", "strong", "em", "s", "sub"], _mark),
}  # fmt: skip

# --- blocks in the wrong place ---------------------------------------------------------------


def _release(el):
    """Take a block out of running text: a reference follows its line, words stay in it, set apart by spaces."""
    line = el.getparent()
    while line is not None and line.tag not in LINES:
        if line.tag in BLOCKS or line.tag == "body":
            return
        line = line.getparent()
    if line is None or el.tag == "figcaption":
        return
    if el.tag in ("div", "figure") and el.attrib:
        tail, el.tail = el.tail, None
        _before(el, f" {tail or ''}")  # a block stood here, so the words on either side are two
        line.addnext(el)
        return
    _unwrap(el)


def _dissolve(el):
    """Turn a box that means nothing into its paragraphs."""
    if _holds_blocks(el):
        _wrap_loose(el)
        el.drop_tag()
    elif el.getparent().tag in LINES or el.getparent().tag not in BLOCKS | {"body"}:
        _unwrap(el)
    elif el.getparent().tag in GRIDS:
        # Not where a paragraph may stand either; the next reading puts it where one may.
        _unwrap(el)
    else:
        el.tag = "p"


def _wrap_loose(box, into="p", beside=BLOCKS):
    """Put what stands loose beside such elements into new ones."""
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


def _trim(line):
    """White space around a line says nothing."""
    if line.text:
        line.text = line.text.lstrip(" \t\n")
    if len(line):
        line[-1].tail = (line[-1].tail or "").rstrip(" \t\n")
    elif line.text:
        line.text = line.text.rstrip(" \t\n")


def _drop_gaps(grid):
    """White space between the parts of a table says nothing."""
    if not (grid.text or "").strip():
        grid.text = None
    for child in grid:
        if not (child.tail or "").strip():
            child.tail = None


# --- small tools -----------------------------------------------------------------------------


def _holds_blocks(el):
    return any(child.tag in BLOCKS for child in el.iterdescendants())


def _says_something(el):
    """Whether words or a reference stand in it."""
    return any(text.strip() for text in el.itertext()) or any(
        child.tag == "hr" or (child.attrib and child.tag in ("div", "figure", "sup")) for child in el.iterdescendants()
    )


def _is_empty(el):
    """Whether nothing would be printed for it."""
    return (
        el.tag not in VOID
        and el.tag not in ("td", "th", "tr", "thead", "tbody", "caption")
        and not ("data-footnote" in el.attrib or (el.tag in ("div", "figure") and el.attrib))
        and not _says_something(el)
    )


def _unwrap(el):
    """Take off the tag; where it was a block, its words keep their distance from their neighbours."""
    if el.tag in BLOCKS or el.tag == "div":
        el.text = f" {el.text or ''}"
        if len(el):
            el[-1].tail = f"{el[-1].tail or ''} "
        else:
            el.text += " "
    el.drop_tag()


def _drop(el):
    """Take out an element that says nothing; a block between two words still parts them."""
    if el.tag not in BLOCKS:
        return el.drop_tag()
    if el.tail:
        el.tail = f" {el.tail}"
    el.drop_tree()


def _before(el, words):
    """Words into the running text just before an element."""
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


def _div_after(el):
    """A new box after an element, between it and its tail."""
    after = el.makeelement("div")
    tail, el.tail = el.tail, None
    el.addnext(after)
    after.tail = tail
    return after


def _spill(el):
    """Move whatever stands in an element into a box of its own after it."""
    if len(el) or (el.text and el.text.strip()):
        after = _div_after(el)
        after.text = el.text
        for child in list(el):
            after.append(child)
    el.text = None
