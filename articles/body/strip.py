"""Takes desk notes out of a body before readers get it."""

from . import tree


def without_desk_notes(html):
    """The body as an edition freezes it: desk notes are gone, the words that they were attached to stay.

    Raises RuntimeError if a note should still be there, so that none is published.
    """
    if "data-desk-note" not in (html or ""):
        return html or ""
    root = tree.parse(html)
    for span in list(root.iterfind(".//*[@data-desk-note]")):
        del span.attrib["data-desk-note"]
        if span.tag == "span" and not span.attrib:
            span.drop_tag()
    stripped = tree.inner_html(root)
    if tree.parse(stripped).find(".//*[@data-desk-note]") is not None:
        raise RuntimeError("A desk note is still in the text of an edition.")
    return stripped
