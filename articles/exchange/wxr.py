"""Reads a WordPress export (WXR 1.0 to 1.2) as a stream of items, so that its size does not matter.

Exports are mended by hand and cut by scripts, so what is not well-formed is read as a browser would read it, and
noted with its line. A document type is refused, and with it all custom entities and outside addresses.
"""

import html
import re

from .clean_text import CleanText
from .markup_reader import Faults, MarkupReader
from .unreadable import Unreadable
from .wxr_items import Author, Category, Header, Node, item_of_node

NAMESPACE_PREFIXES = (
    (re.compile(r"wordpress\.org/export/[\d.]+/excerpt"), "excerpt"),
    (re.compile(r"wordpress\.org/export/[\d.]+/?$"), "wp"),
    (re.compile(r"purl\.org/rss/1\.0/modules/content"), "content"),
    (re.compile(r"purl\.org/dc/elements"), "dc"),
)
# Elements that hold others; all others hold words, whatever markup stands in them.
CONTAINERS = frozenset(
    "rss channel image item wp:author wp:category wp:tag wp:term wp:termmeta wp:postmeta wp:comment"
    " wp:commentmeta".split()
)
OURS = ("wp:", "dc:", "content:", "excerpt:")
BEGINNING = re.compile(r"<\?xml\b|<rss\b")


class Export:
    """A WordPress export on disk. `items()` may be called again and again; `header` is whole after the first item.

    `faults` are the Faults at which a strict reader would have stopped.
    """

    def __init__(self, path):
        self.path, self.header, self.faults = path, Header(), Faults()

    def items(self):
        """Every item, in the file's order. Raises Unreadable where the file is none or breaks off."""
        try:
            with open(self.path, "rb") as file:
                yield from self._read(file)
        except OSError as problem:
            raise Unreadable(f"{self.path} cannot be opened: {problem.strerror}.") from problem

    def _read(self, file):
        self.faults = Faults()
        assembly, found = _Assembly(CleanText(file), self.faults), False
        for node in assembly.nodes():
            if node.name == "item":
                if not self.header.version and "wp:post_type" not in node.texts:
                    raise Unreadable("This is a feed, not a WordPress export: its items say nothing of WordPress.")
                found = True
                yield item_of_node(node)
            else:
                self._note(node)
        if not found and not self.header.version:
            raise Unreadable("This is not a WordPress export: it has neither items nor a WXR version.")

    def _note(self, node):
        """Keep what stands before the items."""
        header, part = self.header, node.texts
        if node.name == "wp:author":
            login = part.get("wp:author_login", "").strip()
            names = [part.get(f"wp:author_{which}_name", "").strip() for which in ("first", "last")]
            name = part.get("wp:author_display_name", "").strip() or " ".join(filter(None, names)) or login
            if login:
                about = part.get("wp:author_description", "").strip()
                header.authors[login] = Author(login, html.unescape(name), about)
        elif node.name == "wp:category" and (slug := part.get("wp:category_nicename", "").strip()):
            name = html.unescape(part.get("wp:cat_name", "").strip()) or slug
            header.categories[slug] = Category(
                slug, name, part.get("wp:category_parent", "").strip(), part.get("wp:term_id", "").strip()
            )
        elif node.name == "field":
            for tag, name in (
                ("title", "title"), ("language", "language"), ("wp:wxr_version", "version"),
                ("wp:base_blog_url", "site"), ("link", "site"),
            ):  # fmt: skip
                if tag in part and (tag != "link" or not header.site):
                    setattr(header, name, part[tag].strip())


class _Assembly:
    """Puts an export's tokens together: each item, author and category as a Node, a single word as one called field."""

    def __init__(self, source, faults):
        self.reader, self._faults = MarkupReader(source, faults), faults
        self._open = []  # the nodes that are open, the outermost first
        self._field = None  # the token of the field that is open
        self._words, self._prefixes, self._told, self._whole = [], {}, set(), False

    def nodes(self):
        """What the channel holds, in the file's order."""
        if skipped := self.reader.skip_to(BEGINNING):
            self._faults.note(1, f"what stands before the export was left out: {skipped[:60]}")
        for token in self.reader.tokens():
            if token.kind == "start":
                yield from self._start(token)
            elif token.kind == "end":
                yield from self._end(token)
            elif self._field:
                self._words.append(token.text if token.kind == "text" else token.raw)
            elif token.kind == "text" and token.text.strip():
                self._tell(f"words outside of any element were left out: {token.text.strip()[:60]}", token.line)
        if self._open and not self._whole:
            raise Unreadable(
                f"The file breaks off in line {self.reader.line}, inside <{self._open[-1].name}>."
                " It may be cut short: export it again."
            )
        if not self._whole:
            raise Unreadable("The file is not well-formed XML: there is no element in it.")

    def _start(self, token):
        name = self._name_of(token)
        if self._field:
            if not (name in CONTAINERS or name.startswith(OURS)):
                self._words.append(token.raw)
                return
            self._tell(f"<{self._field.text}> is not closed", token.line)
            yield from self._close_field()
        if not self._open and name != "rss":
            raise Unreadable(f"This is not a WordPress export: it begins with <{name}>, not with <rss>.")
        if name == "item":
            yield from self._close_down_to("channel", token.line)
        if name in CONTAINERS:
            self._whole = False
            self._open.append(Node(name, token.attributes))
        else:
            self._field = token._replace(text=name)
        if token.closed:
            yield from self._end(token)

    def _end(self, token):
        name = self._name_of(token)
        if self._field and name == self._field.text:
            yield from self._close_field()
        elif any(node.name == name for node in self._open):
            if self._field:
                self._tell(f"<{self._field.text}> is not closed", token.line)
                yield from self._close_field()
            yield from self._close_down_to(name, token.line)
            yield from self._close_node()
        elif self._field:
            self._words.append(token.raw)
        else:
            self._tell(f"</{name}> closes nothing", token.line)

    def _close_field(self):
        field, self._field = self._field, None
        self._open[-1].fields.append((field.text, field.attributes, "".join(self._words)))
        self._words = []
        if self._open[-1].name == "channel":
            yield Node("field", fields=[self._open[-1].fields.pop()])

    def _close_down_to(self, name, line):
        """Close what is open inside the innermost element of this name, if there is one."""
        if any(node.name == name for node in self._open):
            while self._open[-1].name != name:
                self._tell(f"<{self._open[-1].name}> is not closed", line)
                yield from self._close_node()

    def _close_node(self):
        node = self._open.pop()
        above = self._open[-1] if self._open else None
        self._whole = self._whole or node.name == "channel"
        if above and above.name == "channel":
            yield node
        elif above:
            above.children.append(node)

    def _name_of(self, token):
        """The name of an element with the prefix that WordPress gives it, whatever the file calls it."""
        for name, address in token.attributes.items():
            if name.startswith("xmlns:"):
                known = (prefix for pattern, prefix in NAMESPACE_PREFIXES if pattern.search(address))
                self._prefixes[name[6:]] = next(known, name[6:])
        prefix, colon, name = token.text.partition(":")
        known = self._prefixes.get(prefix, prefix)
        if not colon or (self._field and f"{known}:" not in OURS):
            return token.text
        if prefix not in self._prefixes:
            self._tell(f"the prefix “{prefix}:” is not declared", token.line)
        return f"{known}:{name}"

    def _tell(self, what, line):
        """Note a fault, once for each kind."""
        if what not in self._told:
            self._told.add(what)
            self._faults.note(line, what)
