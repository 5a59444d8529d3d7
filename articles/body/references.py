"""What a body names: pictures, experts, stories, quotations, notes, embeds. Found, checked, and told apart."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError

from experts.models import Expert

from ..models import Article, Image
from . import embeds, plain, tree
from .schema import UID

LONGEST = 200_000  # characters of text, about 33,000 words: more is a book
LONGEST_MARKUP = 2_000_000
LONGEST_FOOTNOTE = 1000


class QuoteMark(NamedTuple):
    """Words marked in a body as an expert's, without the quotation marks around them; `card` if set apart."""

    uid: str
    expert: int
    words: str
    card: bool


@dataclass
class References:
    """What a body names. Quotes, notes and embeds in the order of the text."""

    images: set[int] = field(default_factory=set)
    experts: set[int] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    quotes: list[QuoteMark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)


KINDS = {"data-image": "images", "data-expert": "experts", "data-article": "articles"}


def find(html, *, language="en"):
    """The References of a body. What is not a number names nothing; `validate` says so."""
    found = References()
    for el in tree.parse(html).iterdescendants():
        for name, kind in KINDS.items():
            if pk := tree.number(el.get(name)):
                getattr(found, kind).add(pk)
        if el.tag in ("q", "blockquote") and (expert := tree.number(el.get("data-expert"))):
            words = plain.words_of(el, language)
            found.quotes.append(QuoteMark(el.get("data-quote") or "", expert, words, el.tag == "blockquote"))
        if el.get("data-desk-note"):
            found.notes.append(el.get("data-desk-note"))
        if el.get("data-embed"):
            found.embeds.append(el.get("data-embed"))
    return found


def with_uids(html):
    """The body with a uid of its own on every quotation of an expert; the first to have a uid keeps it."""
    root, seen, changed = tree.parse(html), set(), False
    for el in root.iterfind(".//*[@data-expert]"):
        uid = el.get("data-quote", "")
        if not UID.fullmatch(uid) or uid in seen:
            uid, changed = secrets.token_hex(8), True
            el.set("data-quote", uid)
        seen.add(uid)
    return tree.html(root) if changed else html


# --- validation ------------------------------------------------------------------------------


def validate(html):
    """Raise a ValidationError that names, in an editor's words, everything a body refers to in vain."""
    html = html or ""
    if len(html) > LONGEST_MARKUP:
        raise _too_long(len(html))
    if (length := len(plain.text(html))) > LONGEST:
        raise _too_long(length)
    root = tree.parse(html)
    errors = [*_missing(root), *_empty_quotes(root), *_bad_embeds(root), *_long_footnotes(root)]
    if errors:
        raise ValidationError(errors)


def _too_long(length):
    return ValidationError(
        f"This text has {length:,} characters. A story holds at most {LONGEST:,}, about {LONGEST // 6000 * 1000:,}"
        " words: split it into parts.",
        code="too-long",
    )


def _missing(root):
    """One error for everything that a body names and that does not exist; one query per kind."""
    for name, model, says in (
        ("data-expert", Expert, _expert_says),
        ("data-image", Image, _image_says),
        ("data-article", Article, _article_says),
    ):
        elements = list(root.iterfind(f".//*[@{name}]"))
        named = {tree.number(el.get(name)) for el in elements} - {0}
        there = set(model.objects.filter(pk__in=named).order_by().values_list("pk", flat=True)) if named else set()
        told = set()
        for el in elements:
            value = el.get(name)
            if tree.number(value) not in there and (value, el.tag) not in told:
                told.add((value, el.tag))
                yield ValidationError(says(el, value), code=f"missing-{name.removeprefix('data-')}")


def _expert_says(el, value):
    return (
        f"The quotation “{_start_of(el)}” is linked to expert no. {value}, who is not in the source book."
        " Link it to somebody else or take the link off."
    )


def _image_says(el, value):
    caption = _start_of(el)
    which = f"Picture no. {value} (“{caption}”)" if caption else f"Picture no. {value}"
    return f"{which} is not in the library. Choose another one or remove it from the text."


def _article_says(el, value):
    return (
        f"A related-story card points to story no. {value}, which does not exist."
        " Choose another story or remove the card."
    )


def _start_of(el, length=60):
    words = " ".join("".join(el.itertext()).split())
    return words if len(words) <= length else f"{words[:length].rsplit(' ', 1)[0]}…"


def _empty_quotes(root):
    for el in root.iterfind(".//*[@data-expert]"):
        if not "".join(el.itertext()).strip():
            yield ValidationError(
                f"A quotation of expert no. {el.get('data-expert')} has no words. Write them or remove it.",
                code="empty-quote",
            )


def _bad_embeds(root):
    for el in root.iterfind(".//*[@data-embed]"):
        url = el.get("data-embed")
        if embeds.of(url) is None:
            yield ValidationError(
                f"“{url[:120]}” cannot be embedded. Use the address of a video on YouTube or Vimeo,"
                " such as https://www.youtube.com/watch?v=…, or a plain link.",
                code="bad-embed",
            )


def _long_footnotes(root):
    lengths = Counter(
        {el.get("data-footnote"): len(el.get("data-footnote")) for el in root.iterfind(".//*[@data-footnote]")}
    )
    for text, length in lengths.items():
        if length > LONGEST_FOOTNOTE:
            yield ValidationError(
                f"The footnote “{text[:60]}…” has {length:,} characters;"
                f" a footnote holds at most {LONGEST_FOOTNOTE:,}.",
                code="long-footnote",
            )
