"""The paragraphs of a body, with the place of every word in its tree, and the quotations in them."""

from .. import tree

QUOTATION_PAIRS = {"“": "”", "«": "»", "„": "“”", "‚": "‘’", "「": "」"}
LONGEST_QUOTATION = 4000
HOLE = "\ufffc"  # stands for the words of a linked quotation


class Paragraph:
    """A paragraph's text, with the place of every character in the tree."""

    def __init__(self, el):
        self.el, self.slots, out = el, [], []
        self.linked = []  # (start, end, expert)
        self._gather(el, out, el)
        self.text = "".join(out)

    def _gather(self, el, out, top):
        self._take(el.text, (el, "text"), out)
        for child in el:
            start = sum(map(len, out))
            if child.tag in tree.BLOCKS or child.tag == "sup":
                out.append(" ")
            elif child.get("data-expert") or child.tag == "q":
                out.append(HOLE)
                self.linked.append((start, start + 1, tree.row_id(child.get("data-expert"))))
            else:
                self._gather(child, out, top)
            self._take(child.tail, (child, "tail"), out)

    def _take(self, text, slot, out):
        if text:
            self.slots.append((sum(map(len, out)), len(text), slot))
            out.append(text)

    def slot_at(self, place):
        """((element, "text" or "tail"), offset in it) of a character of the text, or None."""
        for start, length, slot in self.slots:
            if start <= place < start + length:
                return slot, place - start
        return None


def paragraphs(root):
    """Yield the Paragraphs of a body in which quotations are looked for: no captions, no linked quotations."""
    for el in root.iter():
        if el is root or el.tag not in ("p", "li", "td", "th", "blockquote", "figcaption"):
            continue
        if el.get("data-expert") or any(up.get("data-expert") for up in el.iterancestors()):
            continue
        if el.tag == "figcaption" or any(child.tag in tree.BLOCKS for child in el):
            continue
        yield Paragraph(el)


def quoted_spans(text):
    """[(start, end)] of the outermost quotations between curly marks or guillemets, the marks included."""
    spans, place = [], 0
    while place < len(text):
        if text[place] not in QUOTATION_PAIRS:
            place += 1
            continue
        ends = [found for mark in QUOTATION_PAIRS[text[place]] if (found := text.find(mark, place + 1)) > 0]
        nested = text.find(text[place], place + 1)
        if not ends:
            # A quotation that goes on in the next paragraph has no closing mark in this one.
            if text[place] == "“" and nested < 0:
                spans.append((place, len(text)))
            place += 1
            continue
        end = min(ends) + 1
        if end - place > 2 and end - place < LONGEST_QUOTATION:
            spans.append((place, end))
        place = end
    return spans
