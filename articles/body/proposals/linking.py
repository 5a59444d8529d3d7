"""Marks quotations of a body as an expert's, and takes such a mark away."""

from .. import language as languages
from .. import tree
from .reading import fragment_at, places_of_marks
from .text import paragraphs, quotations_in


def link_quotations(html, choices):
    """(the body with the chosen quotations linked, the set of keys that were found in it).

    `choices` is {key of a Fragment: expert id}. The typed quotation marks are removed: the page prints its own.
    """
    root, seen, done = tree.parse(html), {}, set()
    for block in list(paragraphs(root)):
        wanted = []
        for quotation in quotations_in(block.text):
            fragment = fragment_at(block, quotation, seen)
            if fragment.key in choices and fragment.can_link:
                wanted.append((quotation, fragment))
        for quotation, fragment in reversed(wanted):  # from the end, so that earlier places stay right
            _wrap_in_q(block, quotation, choices[fragment.key])
            done.add(fragment.key)
    return (tree.inner_html(root) if done else html), done


def _wrap_in_q(block, quotation, expert):
    """Put a <q> in place of a quotation's typed marks, without the spaces that French sets beside them."""
    ((el_a, kind_a), at_a), ((el_b, kind_b), at_b) = places_of_marks(block, quotation)
    parent = el_a if kind_a == "text" else el_a.getparent()
    q = parent.makeelement("q", {"data-expert": str(expert)})
    text_a, text_b = getattr(el_a, kind_a), getattr(el_b, kind_b)
    rest = text_b[at_b + 1 :]
    last = text_b[: at_b if quotation.closed else at_b + 1]
    if (el_a, kind_a) == (el_b, kind_b):
        q.text = last[at_a + 1 :].strip()
        inner = []
    else:
        q.text = text_a[at_a + 1 :].lstrip()
        children = list(parent)
        first = 0 if kind_a == "text" else children.index(el_a) + 1
        inner = children[first : children.index(el_b) + 1]
        el_b.tail = last.rstrip()
    setattr(el_a, kind_a, text_a[:at_a] or None)
    place = 0 if kind_a == "text" else list(parent).index(el_a) + 1
    for child in inner:
        q.append(child)
    q.tail = rest or None
    parent.insert(place, q)


def unlink_quotation(html, uid, language="en"):
    """The body with one quotation unlinked: its words stay, between the marks that the page printed.

    A uid that is not in the body changes nothing.
    """
    root = tree.parse(html)
    el = next((el for el in root.iterfind(".//*[@data-quote]") if el.get("data-quote") == uid), None)
    if el is None:
        return html
    opening, closing = languages.quotation_marks(language, 0)
    if languages.has_own_quotation_marks("".join(el.itertext())):
        opening = closing = ""
    for name in ("data-expert", "data-quote"):
        el.attrib.pop(name, None)
    lines = [child for child in el if child.tag == "p"] or [el]
    lines[0].text = f"{opening}{lines[0].text or ''}"
    if len(lines[-1]):
        lines[-1][-1].tail = f"{lines[-1][-1].tail or ''}{closing}"
    else:
        lines[-1].text = f"{lines[-1].text or ''}{closing}"
    if el.tag == "q":
        el.drop_tag()
    return tree.inner_html(root)
