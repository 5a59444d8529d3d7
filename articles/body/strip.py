"""What never leaves the desk."""

from . import tree


def for_edition(html):
    """The body as an edition freezes it: the marks of desk notes are gone, the words under them stay.

    Raises RuntimeError rather than let one through.
    """
    if "data-desk-note" not in (html or ""):
        return html or ""
    root = tree.parse(html)
    for span in list(root.iterfind(".//*[@data-desk-note]")):
        del span.attrib["data-desk-note"]
        if span.tag == "span" and not span.attrib:
            span.drop_tag()
    stripped = tree.html(root)
    if tree.parse(stripped).find(".//*[@data-desk-note]") is not None:
        raise RuntimeError("A desk note is still in the text of an edition.")
    return stripped
