"""What a WordPress export holds: authors, categories and items, as they are read from its elements."""

import datetime as dt
import email.utils
import html
from dataclasses import dataclass, field

EPOCH = dt.datetime(1970, 1, 1)
# No newspaper is older: a date before it is a slip, such as the year 0024.
EARLIEST = dt.datetime(1600, 1, 1)


@dataclass
class Node:
    """An element that holds others: its fields as (name, attributes, words), and the elements inside it."""

    name: str
    attributes: dict = field(default_factory=dict)
    fields: list = field(default_factory=list)
    children: list = field(default_factory=list)

    @property
    def texts(self):
        """The words of its fields by name; of two with one name the last."""
        return {name: words for name, _, words in self.fields}


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
    number: str = ""


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
    """One item as the file has it. `at` is aware where the file says so, naive in the blog's zone, or None."""

    id: str = ""
    guid: str = ""
    title: str = ""
    link: str = ""
    creator: str = ""
    type: str = ""
    status: str = ""
    password: str = ""
    at: dt.datetime | None = None
    local: dt.datetime | None = None  # the same by the blog's clock, naive
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
    former_slugs: list = field(default_factory=list)


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
        return len(self.line_of(slug))

    def line_of(self, slug):
        """The slugs of a category and those above it, from the top."""
        seen = []
        while slug and slug not in seen:
            seen.append(slug)
            slug = self.categories[slug].parent if slug in self.categories else ""
        return seen[::-1]


ITEM_FIELDS = {
    "wp:post_id": "id", "guid": "guid", "title": "title", "link": "link", "dc:creator": "creator",
    "wp:post_type": "type", "wp:status": "status", "wp:post_password": "password", "wp:post_name": "name",
    "wp:post_parent": "parent", "wp:comment_status": "discussion", "wp:attachment_url": "attachment",
}  # fmt: skip


def item_of_node(node):
    """The Item that an element describes."""
    item, dates = Item(), {}
    for tag, attributes, text in node.fields:
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
            domain, slug = attributes.get("domain", "category"), attributes.get("nicename", "")
            domain = "post_tag" if domain == "tag" else domain  # as it was called in 1.0
            if slug or text.strip():
                item.terms.append(Term(domain, slug or text.strip(), html.unescape(text.strip()) or slug))
    # Old versions wrote each term twice, once without its slug.
    named = {(term.domain, term.name) for term in item.terms if term.slug != term.name}
    item.terms = [term for term in item.terms if term.slug != term.name or (term.domain, term.name) not in named]
    for child in node.children:
        if child.name == "wp:postmeta":
            key, value = (child.texts.get(f"wp:meta_{part}", "").strip() for part in ("key", "value"))
            item.meta.setdefault(key, value)
            if key == "_wp_old_slug" and value:
                item.former_slugs.append(value)
        elif child.name == "wp:comment":
            item.comments.append(_comment_of_node(child))
    item.local = _parse_naive_date(dates.get("wp:post_date"))
    # What was never dated by GMT has a feed's date of 1970, so the blog's own date comes before that.
    item.at = _parse_utc_date(dates.get("wp:post_date_gmt")) or item.local or _parse_mail_date(dates.get("pubDate"))
    return item


def _comment_of_node(node):
    part = node.texts

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
    """A date as WordPress writes it, or None: 0000-00-00 and the epoch are its ways of saying that there is none."""
    try:
        at = dt.datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
    return at if _is_date(at) else None


def _parse_utc_date(text):
    at = _parse_naive_date(text)
    return at and at.replace(tzinfo=dt.UTC)


def _parse_mail_date(text):
    """The date of the feed; WordPress writes the year -0001 or the epoch for what has none."""
    if "-0001" in (text or ""):
        return None
    try:
        at = email.utils.parsedate_to_datetime(text or "")
        return at if at.tzinfo and _is_date(at.astimezone(dt.UTC).replace(tzinfo=None)) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_date(at):
    return at != EPOCH and at >= EARLIEST
