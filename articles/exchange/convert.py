"""A WordPress text, of the block editor or the classic one, as a body in our vocabulary.

Block comments, shortcodes and the classic editor's line breaks become paragraphs, pictures,
galleries, embeds, quotes, tables and footnotes; whatever has no counterpart becomes plain
paragraphs. No word is lost: `convert` counts them, and falls back to plain text where one is.
"""

import html
import json
import re
from dataclasses import dataclass, field

import nh3

from ..body import embeds, schema, tree
from . import gutenberg, word_count
from .figures import LAZY, PLAYERS, NoPictures
from .shortcodes import Expanded, expand_shortcodes
from .text_reader import HEADINGS, INLINE, TextReader

DEEPEST_READ = 100
# Everything that HTML has; the body's sanitiser decides what stays, this only straightens the tree.
HTML_ELEMENTS = set(INLINE) | set(HEADINGS) | set(PLAYERS) | set(
    "p div section article aside header footer main nav address center pre blockquote figure figcaption picture source"
    " ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td hr details summary form fieldset legend"
    " select option optgroup textarea input hgroup menu dir noscript marquee map area track param ruby rt rp".split()
)  # fmt: skip
MARKUP_CLEANER = nh3.Cleaner(
    tags=HTML_ELEMENTS,
    attributes={
        "*": {"class", "style", "data-fn", "data-ids", "data-without", "lang", "dir", "id"},
        **{tag: {"src", "alt", "data", "href", "srcset", *LAZY} for tag in ("img", "source", "object", *PLAYERS)},
        "a": {"href"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    clean_content_tags={"script", "style", "svg", "math", "template"},
)  # fmt: skip


@dataclass
class Converted:
    body: str = ""
    dynamic: list = field(default_factory=list)  # blocks that WordPress fills at every request
    notes: list = field(default_factory=list)  # what a person should look at
    missing: list = field(default_factory=list)  # pictures whose file is not here
    shortcodes: Expanded = field(default_factory=Expanded)


def convert_text(content, *, post="", footnotes="", library=None, reusable=None, rules=None, links=None, allowed=None):
    """The body of a WordPress text. `footnotes` is the meta value of that name; `post` the number of the item.

    `rules` say what becomes of shortcodes, `links` where links to the old site lead here,
    `allowed` (an AllowList) what may be embedded: what a new paper allows, unless told.
    """
    content = tree.without_controls(content.replace("\r\n", "\n").replace("\r", "\n"))
    content = word_count.BETWEEN_LINKS.sub(" ", content)
    blocks = gutenberg.Blocks(content, reusable)
    expanded = expand_shortcodes(blocks.html, rules)
    result = Converted(dynamic=blocks.dynamic, notes=blocks.notes, shortcodes=expanded)
    straight = MARKUP_CLEANER.clean(expanded.text)
    if tree.nesting_depth(straight) > DEEPEST_READ:
        result.notes.append("elements nested too deep to be read: its words are kept, its shape is not")
        result.body = schema.sanitise(_plain_paragraphs(straight))
    else:
        reader = TextReader(result, post, _footnotes_by_id(footnotes), library or NoPictures(), classic=not blocks.any)
        reader.links, reader.allowed = links, allowed or embeds.seeded_rules()
        result.body = schema.sanitise("\n".join([*reader.flow(tree.parse(straight)), *reader.below]))
    if gone := word_count.lost_words(expanded.text, result.body):
        result.notes.append(f"its shape could not be kept without losing words ({', '.join(gone[:5])}): plain text")
        result.body = schema.sanitise(_plain_paragraphs(expanded.text))
    return result


def unknown_shortcodes(content, reusable=None, rules=None):
    """The names of the shortcodes of a text that nobody here knows."""
    return set(expand_shortcodes(gutenberg.Blocks(content, reusable).html, rules).unknown)


def plain_text(markup):
    """A title or a comment as text alone: tags off, entities read, a line for every block."""
    text = re.sub(r"<(script|style)\b.*?</\1\s*>", " ", markup, flags=re.DOTALL | re.IGNORECASE)
    text = word_count.TAG.sub(lambda match: "" if match[1].lower() in word_count.INLINE_ELEMENTS else "\n", text)
    text = tree.without_controls(html.unescape(text))
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _plain_paragraphs(markup):
    text = gutenberg.OTHER.sub("", markup)
    return "".join(f"<p>{html.escape(part)}</p>" for part in plain_text(text).split("\n") if part)


def _footnotes_by_id(footnotes):
    """{id: text} of the block editor's footnotes, which it keeps beside the text."""
    try:
        return {
            note["id"]: " ".join(plain_text(note.get("content", "")).split()) for note in json.loads(footnotes or "[]")
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
