"""Reads a WordPress export (WXR 1.0 to 1.2) as a stream of items, so that its size does not matter.

It accepts the usual faults of old exports: control characters, broken UTF-8, HTML entities, a blank line before the
declaration. A document type is refused, and with it all custom entities and outside addresses.
"""

import codecs
import datetime as dt
import email.utils
import html
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from html.entities import html5

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

CHUNK_BYTES = 1 << 16
# What XML calls no character.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
UNFINISHED_ENTITY = re.compile(r"&[^;&\s]{0,32}\Z")
DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
NAMESPACE_PREFIXES = (
    (re.compile(r"wordpress\.org/export/[\d.]+/excerpt"), "excerpt:"),
    (re.compile(r"wordpress\.org/export/[\d.]+/?$"), "wp:"),
    (re.compile(r"purl\.org/rss/1\.0/modules/content"), "content:"),
    (re.compile(r"purl\.org/dc/elements"), "dc:"),
)


class Unreadable(Exception):
    """A file that is no WordPress export, or a broken one; str() says why, for the person who sent it."""


@dataclass
class Author:
    login: str
    name: str
    about: str = ""


@dataclass
class Category:
    slug: str
    name: str
    parent: str = ""


@dataclass
class Term:
    """What an item is filed under: a category, a tag, or a word of some plugin's."""

    domain: str
    slug: str
    name: str


@dataclass
class Comment:
    id: str
    name: str = ""
    email: str = ""
    body: str = ""
    at: dt.datetime | None = None
    approved: str = ""
    type: str = ""
    parent: str = ""


@dataclass
class Item:
    """One item as the file has it. `at` is aware where the file says so, naive where it knows no zone, or None."""

    id: str = ""
    guid: str = ""
    title: str = ""
    link: str = ""
    creator: str = ""
    type: str = ""
    status: str = ""
    password: str = ""
    at: dt.datetime | None = None
    name: str = ""
    parent: str = ""
    sticky: bool = False
    discussion: str = ""
    content: str = ""
    excerpt: str = ""
    attachment: str = ""
    terms: list = field(default_factory=list)
    meta: dict = field(default_factory=dict)
    comments: list = field(default_factory=list)


@dataclass
class Header:
    """What stands before the items."""

    title: str = ""
    site: str = ""
    language: str = ""
    version: str = ""
    authors: dict = field(default_factory=dict)  # login → Author
    categories: dict = field(default_factory=dict)  # slug → Category

    def level(self, slug):
        """How deep a category stands: 1 at the top. A loop of parents ends the count."""
        seen = []
        while slug and slug not in seen:
            seen.append(slug)
            slug = self.categories[slug].parent if slug in self.categories else ""
        return len(seen)


class Export:
    """A WordPress export on disk. `items()` may be called again and again; `header` is whole after the first item."""

    def __init__(self, path):
        self.path = path
        self.header = Header()

    def items(self):
        """Every item, in the file's order. Raises Unreadable where the file is none or breaks off."""
        try:
            with open(self.path, "rb") as file:
                yield from self._read(file)
        except OSError as problem:
            raise Unreadable(f"{self.path} cannot be opened: {problem.strerror}.") from problem
        except ElementTree.ParseError as problem:
            line, column = problem.position
            raise Unreadable(
                f"The file is not well-formed XML at line {line}, column {column} ({str(problem).split(':')[0]})."
                " It may be cut short: export it again."
            ) from problem
        except DefusedXmlException as problem:
            raise Unreadable(
                "The file has a document type declaration. WordPress writes none, and such files can hide attacks,"
                " so we read none of it."
            ) from problem

    def _read(self, file):
        parser = DefusedXMLParser(target=ElementTree.TreeBuilder(), encoding="utf-8", forbid_dtd=True)
        events = ElementTree.iterparse(_CleanFile(file), events=("start", "end"), parser=parser)
        depth, channel, found = 0, None, False
        for event, element in events:
            tag = _prefixed_name(element.tag)
            if event == "start":
                depth += 1
                if depth == 1 and tag != "rss":
                    raise Unreadable(f"This is not a WordPress export: it begins with <{tag}>, not with <rss>.")
                if depth == 2 and tag == "channel":
                    channel = element
                continue
            depth -= 1
            if depth != 2 or channel is None:
                continue
            if tag == "item":
                if not self.header.version and not any(_prefixed_name(e.tag) == "wp:post_type" for e in element):
                    raise Unreadable("This is a feed, not a WordPress export: its items say nothing of WordPress.")
                found = True
                yield _item_of_element(element)
            else:
                self._note(tag, element)
            # What has been read is let go, so that a file of any size fits.
            channel.remove(element)
        if not found and not self.header.version:
            raise Unreadable("This is not a WordPress export: it has neither items nor a WXR version.")

    def _note(self, tag, element):
        header, text = self.header, (element.text or "").strip()
        if tag == "wp:author":
            part = _texts_of_children(element)
            login = part.get("wp:author_login", "")
            names = [part.get("wp:author_first_name", ""), part.get("wp:author_last_name", "")]
            name = part.get("wp:author_display_name") or " ".join(filter(None, names)) or login
            if login:
                header.authors[login] = Author(login, html.unescape(name), part.get("wp:author_description", ""))
        elif tag == "wp:category":
            part = _texts_of_children(element)
            slug = part.get("wp:category_nicename", "")
            if slug:
                name = html.unescape(part.get("wp:cat_name", "")) or slug
                header.categories[slug] = Category(slug, name, part.get("wp:category_parent", ""))
        elif tag in ("title", "language", "wp:wxr_version", "wp:base_blog_url", "link"):
            name = {"wp:wxr_version": "version", "wp:base_blog_url": "site", "link": "site"}.get(tag, tag)
            if tag != "link" or not header.site:
                setattr(header, name, text)


class _CleanFile:
    """A binary file read as clean UTF-8: no control characters, no broken bytes, no entities but XML's own five."""

    def __init__(self, file):
        head = file.read(512)
        file.seek(0)
        declared = DECLARED_ENCODING.search(head)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        try:
            self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        except LookupError as problem:
            raise Unreadable(f"The file says that its encoding is “{encoding}”, which nobody knows.") from problem
        self._file, self._rest, self._begun = file, "", False

    def read(self, size=-1):
        """The next piece; empty at the end and only there."""
        while True:
            data = self._file.read(CHUNK_BYTES)
            text = self._rest + self._decoder.decode(data, final=not data)
            # An entity may be cut in two by the end of a piece.
            cut = UNFINISHED_ENTITY.search(text) if data else None
            self._rest = text[cut.start() :] if cut else ""
            text = self._clean(text[: cut.start()] if cut else text)
            if text or not data:
                return text.encode("utf-8")

    def _clean(self, text):
        text = ENTITY.sub(_character_of_entity, CONTROLS.sub("", text))
        if not self._begun:
            text = text.lstrip("\ufeff \t\r\n")
            self._begun = bool(text)
        return text


def _character_of_entity(match):
    """HTML's named entities as the characters that they mean, for XML knows five; impossible numbers as nothing."""
    name = match[1]
    if name in XML_ENTITIES:
        return match[0]
    if name.startswith("#"):
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
        fine = number in (9, 10, 13) or (31 < number < 0x110000 and not CONTROLS.match(chr(number)))
        return match[0] if fine else ""
    letters = html5.get(f"{name};", match[0])
    return match[0] if set(letters) & set("&<>") else letters


def _prefixed_name(tag):
    """The name of an element with the prefix that WordPress gives it, whichever version's address it has."""
    if not tag.startswith("{"):
        return tag
    space, _, name = tag[1:].partition("}")
    return next((prefix for pattern, prefix in NAMESPACE_PREFIXES if pattern.search(space)), f"{space}:") + name


def _texts_of_children(element):
    return {_prefixed_name(part.tag): (part.text or "").strip() for part in element}


ITEM_FIELDS = {
    "wp:post_id": "id", "guid": "guid", "title": "title", "link": "link", "dc:creator": "creator",
    "wp:post_type": "type", "wp:status": "status", "wp:post_password": "password", "wp:post_name": "name",
    "wp:post_parent": "parent", "wp:comment_status": "discussion", "wp:attachment_url": "attachment",
}  # fmt: skip


def _item_of_element(element):
    item, dates = Item(), {}
    for part in element:
        tag, text = _prefixed_name(part.tag), part.text or ""
        if tag in ITEM_FIELDS:
            setattr(item, ITEM_FIELDS[tag], text.strip())
        elif tag == "content:encoded":
            item.content = text
        elif tag == "excerpt:encoded":
            item.excerpt = text
        elif tag == "wp:is_sticky":
            item.sticky = text.strip() == "1"
        elif tag in ("wp:post_date", "wp:post_date_gmt", "pubDate"):
            dates[tag] = text.strip()
        elif tag == "category":
            domain, slug = part.get("domain", "category"), part.get("nicename", "")
            if slug or text.strip():
                item.terms.append(Term(domain, slug or text.strip(), html.unescape(text.strip()) or slug))
        elif tag == "wp:postmeta":
            meta = _texts_of_children(part)
            item.meta.setdefault(meta.get("wp:meta_key", ""), meta.get("wp:meta_value", ""))
        elif tag == "wp:comment":
            item.comments.append(_comment_of_element(part))
    item.at = (
        _parse_utc_date(dates.get("wp:post_date_gmt"))
        or _parse_mail_date(dates.get("pubDate"))
        or _parse_naive_date(dates.get("wp:post_date"))
    )
    return item


def _comment_of_element(element):
    part = {_prefixed_name(child.tag): child.text or "" for child in element}

    def get(name):
        return part.get(f"wp:comment_{name}", "").strip()

    return Comment(
        id=get("id"),
        name=html.unescape(get("author")),
        email=get("author_email"),
        body=part.get("wp:comment_content", ""),
        at=_parse_utc_date(get("date_gmt")) or _parse_naive_date(get("date")),
        approved=get("approved"),
        type=get("type"),
        parent=get("parent"),
    )


def _parse_naive_date(text):
    """A date as WordPress writes it, or None: 0000-00-00 is its way of saying that there is none."""
    try:
        return dt.datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def _parse_utc_date(text):
    at = _parse_naive_date(text)
    return at and at.replace(tzinfo=dt.UTC)


def _parse_mail_date(text):
    """The date of the feed; WordPress writes the year -0001 for drafts."""
    try:
        at = email.utils.parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError):
        return None
    return at if at.tzinfo and at.year > 1 else None
