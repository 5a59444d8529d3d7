"""Reads a WordPress text's elements one by one and says which blocks of a body they become."""

import html
import re

from ..body.references import LONGEST_FOOTNOTE
from . import word_count
from .figures import ADDRESS, CAPTIONED, PLAYERS, Figures, inner_of_paragraph

MARK_ELEMENTS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "dfn": "em", "s": "s", "strike": "s",
    "del": "s", "sub": "sub", "sup": "sup", "q": "q",
}  # fmt: skip
INLINE = word_count.INLINE_ELEMENTS | {"br", "img", "label", "button", "time", "font", "data", "meter", "output"}
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}


class Paragraphs:
    """Gathers running text into paragraphs and sets blocks between them."""

    def __init__(self, tag, embed=None):
        self.blocks, self._tag, self._embed = [], tag, embed
        self._lines = [[]]

    def add(self, markup, words=None):
        """Running text; `words` where it is nothing but these."""
        self._lines[-1].append((markup, words))

    def line(self):
        self._lines.append([])

    def block(self, blocks):
        self.end()
        self.blocks.extend(blocks)

    def end(self):
        """Close the paragraph that is open."""
        lines, self._lines, kept = self._lines, [[]], []
        for line in lines:
            markup = "".join(piece for piece, _ in line).strip()
            alone = "".join(text or "" for _, text in line).strip() if all(t is not None for _, t in line) else ""
            if self._embed and ADDRESS.fullmatch(alone):
                self._close(kept)
                self.blocks.extend(self._embed(alone))
                kept = []
            elif markup:
                kept.append(markup)
            else:
                self._close(kept)
                kept = []
        self._close(kept)

    def _close(self, lines):
        if lines:
            self.blocks.append(f"<{self._tag}>{'<br>'.join(lines)}</{self._tag}>")


class TextReader(Figures):
    """Turns the elements of one text into blocks; `result` gathers what a person should know."""

    def __init__(self, result, post, notes, library, classic):
        self.result, self.post, self.footnotes, self.library, self.classic = result, post, notes, library, classic
        self.below = []  # paragraphs for the end of the text
        self.links = None  # the Links of the import
        self.allowed = None  # the AllowList of what may be embedded

    # --- text ---

    def flow(self, el, tag="p"):
        """The blocks of an element that may hold any."""
        out = Paragraphs(tag, self.embed if tag == "p" and el.tag not in ("td", "th") else None)
        self._feed(el, out, ())
        out.end()
        return out.blocks

    def _feed(self, el, out, marks):
        self._text(el.text, out, marks)
        for child in el:
            if child.tag == "br":
                out.line()
            elif child.tag == "img":
                self._image(child, out, marks)
            elif child.tag in INLINE:
                if self._is_running(child):
                    out.add(_wrapped_in_marks(self.running(child), marks))
                else:
                    self._feed(child, out, (*marks, self._mark(child)))
            else:
                out.block(self.block(child))
            self._text(child.tail, out, marks)

    def _text(self, text, out, marks):
        for part in re.split(r"(\n[ \t]*\n\s*|\n)", text or ""):
            if part.startswith("\n") and not part.strip():
                if part.count("\n") > 1:
                    out.end()
                elif self.classic:
                    out.line()
                else:
                    out.add("\n", "\n")
            elif part:
                out.add(_wrapped_in_marks(html.escape(part, quote=False), marks), None if marks else part)

    def _is_running(self, el):
        return all(inner.tag in INLINE and inner.tag != "img" for inner in el.iterdescendants())

    def running(self, el):
        """An element within a line, with everything in it, as HTML."""
        if el.tag == "br":
            return "<br>"
        if el.tag == "sup" and el.get("data-fn"):
            return self._footnote(el)
        inner = self._running_text(el.text) + "".join(
            self.running(child) + self._running_text(child.tail) for child in el
        )
        return _wrapped_in_marks(inner, (self._mark(el),)) if inner.strip() else inner

    def _running_text(self, text):
        text = html.escape(text or "", quote=False)
        return re.sub(r"\s*\n\s*", "<br>", text) if self.classic and text.strip() else text

    def _mark(self, el):
        if el.tag == "a" and (el.get("href") or "").strip():
            return f'a href="{html.escape(self.link_here(el.get("href").strip()))}"'
        if el.tag in ("span", "q") and (el.get("lang") or el.get("dir")):
            said = "".join(f' {name}="{html.escape(el.get(name))}"' for name in ("lang", "dir") if el.get(name))
            return f"{el.tag}{said}"
        return MARK_ELEMENTS.get(el.tag, "")

    def link_here(self, address):
        """Where a link leads: links to the old site lead to the new place, where there is one."""
        here, note = self.links.leads_to(address) if self.links else ("", "")
        if note:
            self.result.notes.append(note)
        return here or address

    def _footnote(self, el):
        note = self.footnotes.get(el.get("data-fn"))
        if note and len(note) > LONGEST_FOOTNOTE:
            self.result.notes.append(f"a footnote longer than {LONGEST_FOOTNOTE} characters stands below the text")
            self.below.append(f"<p>{html.escape(note, quote=False)}</p>")
            return ""
        if note:
            return f'<sup data-footnote="{html.escape(note)}"></sup>'
        self.result.notes.append("a footnote's text is not in the export")
        return ""

    # --- blocks ---

    def block(self, el):
        """The blocks that an element becomes."""
        if el.tag in HEADINGS:
            return self.flow(el, HEADINGS[el.tag])
        return self.BLOCKS.get(el.tag, TextReader._any)(self, el)

    def _any(self, el):
        kind = el.get("class") or ""
        if el.tag == "noscript" and el.getprevious() is not None and el.getprevious().tag in ("img", "iframe"):
            return []  # the same once more, for those who load nothing late
        if "wp-block-embed__wrapper" in kind:
            return self._embeds(el)
        if CAPTIONED.search(kind) and self._caption_as_figure(el):
            return self._figure(el)
        return self._background(el) + self.flow(el)

    def _list(self, el):
        if re.search(r"\bblocks-gallery|wp-block-gallery", el.get("class") or ""):
            return self._gallery(el)
        items = "".join(f"<li>{inner_of_paragraph(self.flow(child))}</li>" for child in self._items(el))
        start = f' start="{el.get("start")}"' if el.get("start") else ""
        return [f"<{el.tag}{start}>{items}</{el.tag}>"] if items else []

    def _items(self, el):
        return [child for child in el if child.tag in ("li", "ul", "ol") or "".join(child.itertext()).strip()]

    def _definitions(self, el):
        if CAPTIONED.search(el.get("class") or "") and self._caption_as_figure(el):
            return self._figure(el)
        out = []
        for child in el:
            parts = self.flow(child)
            out += [_as_strong(part) for part in parts] if child.tag == "dt" else parts
        return out

    def _summary(self, el):
        return [_as_strong(part) for part in self.flow(el)]

    def _blockquote(self, el):
        inner = "".join(self.flow(el))
        return [f"<blockquote>{inner}</blockquote>"] if inner else []

    def _pre(self, el):
        """Lines that somebody broke on purpose."""
        before, self.classic = self.classic, True
        try:
            return self.flow(el)
        finally:
            self.classic = before

    def _rule(self, el):
        return ["<hr>"]

    def _table(self, el):
        rows = {"thead": [], "tbody": [], "tfoot": []}
        captions = [block for caption in el.iterchildren("caption") for block in self.flow(caption)]
        for row in el.iterdescendants("tr"):
            part = row.getparent().tag
            cells = "".join(self._cell(cell) for cell in row.iterchildren("td", "th"))
            rows[part if part in rows else "tbody"].append(f"<tr>{cells}</tr>")
        body = "".join(rows["tbody"] + rows["tfoot"])
        head = f"<thead>{''.join(rows['thead'])}</thead>" if rows["thead"] else ""
        body = f"<tbody>{body}</tbody>" if body else ""
        if not head and not body:
            return captions
        if all(block.startswith("<p>") for block in captions) and captions:
            caption = "<br>".join(inner_of_paragraph([block]) for block in captions)
            return [f"<table><caption>{caption}</caption>{head}{body}</table>"]
        return [*captions, f"<table>{head}{body}</table>"]

    def _caption(self, figure, table):
        """Hand a figure's caption to its table."""
        around = set(table.iterancestors())  # a caption that holds the table stays where it is
        for part in [part for part in figure.iterdescendants("figcaption") if part not in around]:
            part.tag, part.tail = "caption", None
            table.insert(0, part)

    def _cell(self, cell):
        spans = "".join(
            f' {name}="{html.escape(cell.get(name))}"' for name in ("colspan", "rowspan", "scope") if cell.get(name)
        )
        return f"<{cell.tag}{spans}>{inner_of_paragraph(self.flow(cell))}</{cell.tag}>"

    BLOCKS = {
        "ul": _list, "ol": _list, "dl": _definitions, "summary": _summary, "blockquote": _blockquote, "pre": _pre,
        "hr": _rule, "table": _table, "figure": Figures._figure, **dict.fromkeys(PLAYERS, Figures._player),
    }  # fmt: skip


def _wrapped_in_marks(markup, marks):
    for mark in reversed(marks):
        if mark:
            markup = f"<{mark}>{markup}</{mark.split()[0]}>"
    return markup


def _as_strong(block):
    return f"<p><strong>{block[3:-4]}</strong></p>" if block.startswith("<p>") else block
