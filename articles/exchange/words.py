"""Headlines, standfirsts and opening pictures of imported texts, cut to what a story holds with no word lost."""

import html
import re

from ..body import tree
from ..models import Image
from .convert import plain_text

OPENING = re.compile(r"\s*<figure data-image=\"(\d+)\"[^>]*>(?:<figcaption>(.*?)</figcaption>)?</figure>", re.DOTALL)
LONGEST_STANDFIRST = 600


def headline_of(item, entry, most):
    """The title of an item within a length."""
    title = _title_of(item)
    if not title:
        entry.say("has no title: “Untitled”")
        return "Untitled"
    if len(title) > most:
        entry.say(f"its title is longer than {most} characters: shortened, and printed whole above the text")
        return shortened(title, most)
    return title


def whole_title_of(item, most):
    """What to print above the text so that no word of a title longer than that is lost."""
    title = _title_of(item)
    return f"<p><strong>{html.escape(title, quote=False)}</strong></p>" if len(title) > most else ""


def _title_of(item):
    return " ".join(plain_text(item.title).split())


def standfirst_of(text, entry):
    """(standfirst, what to print above the text so that no word of a longer one is lost)."""
    if len(text) <= LONGEST_STANDFIRST:
        return text, ""
    entry.say("its excerpt is longer than 600 characters: shortened as standfirst, and printed whole above the text")
    return shortened(text, LONGEST_STANDFIRST), f"<p>{html.escape(text, quote=False)}</p>"


def shortened(text, most):
    """A text cut at a word."""
    head, space, _ = text[: most - 1].rpartition(" ")
    return (head if space and len(head) > most // 2 else text[: most - 1]).rstrip(" ,;:–-") + "…"


def without_opening_picture(body, picture):
    """(the body without a picture that opens it, the caption that it had there) where it is this picture."""
    opening = OPENING.match(body)
    if not opening:
        return body, ""
    same = int(opening[1]) == picture.pk or (
        picture.sha256 and Image.objects.filter(pk=opening[1], sha256=picture.sha256).exists()
    )
    if not same:
        return body, ""
    caption = " ".join("".join(tree.parse(opening[2] or "").itertext()).split())
    return body[opening.end() :], caption
