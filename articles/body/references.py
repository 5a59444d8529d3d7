"""What a body refers to: pictures, experts, stories, quotations, desk notes and embeds; finding and checking them."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError

from experts.models import Expert

from ..models import Article, EmbedHost, Image
from . import plain, tree
from .embeds import Kind
from .schema import QUOTE_UID

LONGEST_TEXT = 200_000  # characters of text, about 33,000 words: more is a book
LONGEST_MARKUP = 2_000_000
LONGEST_FOOTNOTE = 1000


class QuoteMark(NamedTuple):
    """A quotation linked to an expert: its words without the marks around them; `card` for a block of its own."""

    uid: str
    expert: int
    words: str
    card: bool


@dataclass
class References:
    """What a body refers to: ids of pictures, experts and stories; quotations, ids of notes and addresses of embeds.

    The lists are in the order of the text.
    """

    images: set[int] = field(default_factory=set)
    experts: set[int] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    quotes: list[QuoteMark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)


REFERENCE_ATTRIBUTES = {"data-image": "images", "data-expert": "experts", "data-article": "articles"}


def references_of(html, *, language="en"):
    """The References of a body. Values that are no id are left out; `validate_references` reports them. No queries."""
    found = References()
    for el in tree.parse(html).iterdescendants():
        for name, kind in REFERENCE_ATTRIBUTES.items():
            if pk := tree.row_id(el.get(name)):
                getattr(found, kind).add(pk)
        if el.tag in ("q", "blockquote") and (expert := tree.row_id(el.get("data-expert"))):
            words = plain.quoted_words_of(el, language)
            found.quotes.append(QuoteMark(el.get("data-quote") or "", expert, words, el.tag == "blockquote"))
        if el.get("data-desk-note"):
            found.notes.append(el.get("data-desk-note"))
        if address := el.get("data-embed") or el.get("data-post"):
            found.embeds.append(address)
    return found


def with_quote_uids(html):
    """The body with a different uid on every quotation of an expert. Of two with one uid the first keeps it."""
    root, seen, changed = tree.parse(html), set(), False
    for el in root.iterfind(".//*[@data-expert]"):
        uid = el.get("data-quote", "")
        if not QUOTE_UID.fullmatch(uid) or uid in seen:
            uid, changed = secrets.token_hex(8), True
            el.set("data-quote", uid)
        seen.add(uid)
    return tree.inner_html(root) if changed else html


# --- validation ------------------------------------------------------------------------------


def validate_references(html):
    """Raise ValidationError, worded for an editor, if a body is too long or refers to something that does not exist.

    Also refused are quotations without words, embeds of other hosts and footnotes that are too long. The error has
    one message for each problem. At most four queries, one for each kind of reference.
    """
    html = html or ""
    if len(html) > LONGEST_MARKUP:
        raise _too_long_error(len(html))
    if (length := len(plain.plain_text_of(html))) > LONGEST_TEXT:
        raise _too_long_error(length)
    root = tree.parse(html)
    errors = [*_missing_row_errors(root), *_empty_quote_errors(root), *_embed_errors(root), *_footnote_errors(root)]
    if errors:
        raise ValidationError(errors)


def _too_long_error(length):
    return ValidationError(
        f"This text has {length:,} characters. A story holds at most {LONGEST_TEXT:,},"
        f" about {LONGEST_TEXT // 6000 * 1000:,} words: split it into parts.",
        code="too-long",
    )


def _missing_row_errors(root):
    """Yield an error for each expert, picture and story of the body that does not exist; one query for each kind."""
    for name, model, says in (
        ("data-expert", Expert, _missing_expert_message),
        ("data-image", Image, _missing_image_message),
        ("data-article", Article, _missing_article_message),
    ):
        elements = list(root.iterfind(f".//*[@{name}]"))
        named = {tree.row_id(el.get(name)) for el in elements} - {0}
        there = set(model.objects.filter(pk__in=named).order_by().values_list("pk", flat=True)) if named else set()
        told = set()
        for el in elements:
            value = el.get(name)
            if tree.row_id(value) not in there and (value, el.tag) not in told:
                told.add((value, el.tag))
                yield ValidationError(says(el, value), code=f"missing-{name.removeprefix('data-')}")


def _missing_expert_message(el, value):
    return (
        f"The quotation “{_first_words(el)}” is linked to expert no. {value}, who is not in the source book."
        " Link it to somebody else or take the link off."
    )


def _missing_image_message(el, value):
    caption = _first_words(el)
    which = f"Picture no. {value} (“{caption}”)" if caption else f"Picture no. {value}"
    return f"{which} is not in the library. Choose another one or remove it from the text."


def _missing_article_message(el, value):
    return (
        f"A related-story card points to story no. {value}, which does not exist."
        " Choose another story or remove the card."
    )


def _first_words(el, length=60):
    words = " ".join("".join(el.itertext()).split())
    return words if len(words) <= length else f"{words[:length].rsplit(' ', 1)[0]}…"


def _empty_quote_errors(root):
    for el in root.iterfind(".//*[@data-expert]"):
        if not "".join(el.itertext()).strip():
            yield ValidationError(
                f"A quotation of expert no. {el.get('data-expert')} has no words. Write them or remove it.",
                code="empty-quote",
            )


def _embed_errors(root):
    """Yield an error for each embed and post that the desk's list does not allow; one query if there are any."""
    elements = [el for el in root.iterdescendants() if el.get("data-embed") or el.get("data-post")]
    allowed = EmbedHost.objects.allow_list() if elements else None
    for el in elements:
        url = el.get("data-embed") or el.get("data-post")
        found = allowed.embed_of(url)
        if found is None:
            yield ValidationError(not_allowed_message(url, allowed), code="bad-embed")
        elif el.get("data-embed") and found.kind == Kind.POST:
            yield ValidationError(
                f"Posts on {found.host} are quoted, never framed: remove the embed of “{url[:120]}”, and put in the"
                " words of the post instead.",
                code="bad-embed",
            )


def not_allowed_message(url, allowed):
    """What is said of an address that may not be embedded, with all that may."""
    off = allowed.embed_of(url, on=False)
    why = f"{off.host} is switched off" if off else "it is not on the list"
    return f"“{url[:120]}” cannot be embedded: {why}. Allowed are {allowed.in_words()}. Or set a plain link."


def _footnote_errors(root):
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
