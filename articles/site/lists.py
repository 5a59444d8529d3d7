"""Lists of stories: stored cards, newest first, paged by key, one query a list."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles import rendering
from articles.models import Edition, ImageUse
from newsroom import paper
from newsroom.database.prepared import NOW, Given, Question
from newsroom.web import pages

PAGE_SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SIZES_ATTRIBUTE = re.compile(r'sizes="[^"]*"')
SQUARE_MEDIA = 'media="(max-width: 45.99em)"'  # where card.css makes pictures of thumbnails and rows square
SQUARE_SOURCE = re.compile(rf"<source {re.escape(SQUARE_MEDIA)}[^>]*>\s*")
PAGE_KEY = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")
PICTURE_ELEMENT = re.compile(r"<picture\b.*?</picture>\s*", re.DOTALL)
HEADING_TAG = re.compile(r"<(/?)h3\b")
HEADLINE_LINK = re.compile(r'(class="card-headline"><a [^>]*>).*?</a>', re.DOTALL)
PICTURE_HOLE = re.compile(r"<!--hole image ([0-9]+)-->(.*?)<!--/hole-->", re.DOTALL)

CARD_COLUMNS = (
    "pk", "article_id", "path", "first_published_at",
    "rendering__card_html", "rendering__template_version", "rendering__rendering_version",
)  # fmt: skip


@dataclass(slots=True)
class Card:
    """A story on a list: its stored HTML and its place."""

    edition: int
    article: int
    path: str
    at: datetime
    html: SafeString
    headline: str = ""  # only where a list prints it alone, as is its language
    language: str = ""

    @property
    def key(self):
        return page_key(self.at, self.article)

    @property
    def day(self):
        return paper.day_of(self.at)

    @property
    def as_lead(self):
        """Its HTML for the top of a page: the picture is large and loaded with priority."""
        large = SIZES_ATTRIBUTE.sub('sizes="(min-width: 64em) 40rem, 100vw"', self.as_mid)
        return mark_safe(large.replace('loading="lazy"', 'fetchpriority="high"', 1))

    @property
    def as_mid(self):
        """Its HTML where its picture is never cut to a square."""
        return mark_safe(SQUARE_SOURCE.sub("", self.html))

    @property
    def as_text(self):
        """Its HTML where card.css would hide its picture."""
        return mark_safe(PICTURE_ELEMENT.sub("", self.html))

    @property
    def as_related(self):
        """Its HTML between paragraphs: the picture is always square, and the headline heads no part of the text."""
        return mark_safe(HEADING_TAG.sub(r"<\1p", self.html.replace(SQUARE_MEDIA, 'media="all"')))


class Page:
    """One page of a list: `rows` of `with_cards`, one more than it shows if there is a next page.

    The rows may be unconverted, as the database returned them; `converted` is the function that converts them. A
    kept page needs only their ids and the beat, so it does not convert them.
    """

    def __init__(self, rows, size, converted=list):
        self.rows, self.size, self.converted = rows, size, converted
        self.beat = pages.Beat.read(rows[0]["beat"]) if rows else None
        self.mark = ",".join([str(row["pk"]) for row in rows])  # what the page shows, for its ETag and its keeping

    @cached_property
    def first(self):
        """The first row, for the columns about the list itself; None if the list is empty."""
        return self.converted([dict(self.rows[0])])[0] if self.rows else None

    @cached_property
    def cards(self):
        return cards_of_rows(self.converted([dict(row) for row in self.rows[: self.size]]), self.beat)

    @property
    def older(self):
        """The key of the next page, or ""."""
        return self.cards[-1].key if len(self.rows) > self.size and self.cards else ""

    def older_url(self, path):
        """The address of the next page of the list at this path, or ""."""
        return f"{path}?before={self.older}" if self.older else ""

    @property
    def days(self):
        return cards_by_day(self.cards)


def cards_by_day(cards):
    """[(day of first publication, its cards)] in the active time zone."""
    return [(day, list(found)) for day, found in groupby(cards, key=lambda card: card.day)]


def parse_page_key(text):
    """(moment, number) from the text of ?before=, or None if it is empty. Raises Http404 for anything else."""
    if not text:
        return None
    match = PAGE_KEY.fullmatch(text)
    if not match:
        raise Http404("No such page.")
    try:
        return EPOCH + timedelta(microseconds=int(match[1])), int(match[2])
    except OverflowError as error:
        raise Http404("No such page.") from error


def page_key(at, number):
    """A place in a list as ?before= has it: microseconds since 1970, and a number."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{number}"


def with_cards(editions, at=None, **extra):
    """A queryset with the columns that `cards_of_rows` reads, and the beat; `extra` adds columns."""
    barred = ImageUse.objects.barred(at).filter(edition=OuterRef("pk"))
    columns = (*CARD_COLUMNS, "barred", "beat")
    return editions.annotate(barred=Exists(barred), beat=pages.beat(at)).values(*columns, **extra)


class Listing:
    """The list of one section, topic or contributor, found by a field of it: Listing("topic", "slug")."""

    def __init__(self, kind, by, output_field, *, where=None, **extra):
        def question(before):
            which = {by: Given("which", output_field)} | (where or {})
            editions = Edition.objects.live(NOW).filed_under(kind, before, **which)
            return Question(lambda: with_cards(editions, NOW, **extra)[: PAGE_SIZE + 1])

        self.first = question(None)
        self.after = question((Given("at", DateTimeField()), Given("number", BigIntegerField())))

    def page(self, which, before=None):
        """Its first Page, or the one after a key; one query."""
        if before is None:
            return Page(self.first.bare(which=which), PAGE_SIZE, self.first.converted)
        rows = self.after.bare(which=which, at=before[0], number=before[1])
        return Page(rows, PAGE_SIZE, self.after.converted)


def cards_of_rows(rows, beat):
    """Cards of `with_cards` rows. No queries, unless stored cards are out of date or pictures may not be shown."""
    if not rows:
        return []
    old = [row["pk"] for row in rows if not rendering.is_current_rendering(_rendering_versions(row), beat.rendering)]
    fresh = rendering.current_renderings(old) if old else {}
    barred = _barred_pictures([row["pk"] for row in rows if row["barred"]])
    made = []
    for row in rows:
        pk = row["pk"]
        html = fresh[pk].card_html if pk in fresh else row["rendering__card_html"]
        if html is not None:
            html = without_barred_pictures(html, barred.get(pk, ()))
            made.append(Card(pk, row["article_id"], row["path"], row["first_published_at"], html))
    return made


def without_barred_pictures(html, barred=()):
    """A card's HTML without pictures that may no longer be shown; `barred` are their ids."""
    return mark_safe(PICTURE_HOLE.sub(lambda hole: "" if int(hole[1]) in barred else hole[2], html))


def with_headline(html, headline):
    """A card's HTML with another headline."""
    return mark_safe(HEADLINE_LINK.sub(lambda found: f"{found[1]}{escape(headline)}</a>", html, count=1))


def _rendering_versions(row):
    return row["rendering__template_version"], row["rendering__rendering_version"]


def _barred_pictures(editions):
    """{edition id: ids of pictures that it may no longer show}; one query, none without editions."""
    barred = {}
    if editions:
        uses = ImageUse.objects.barred().filter(edition__in=editions).values_list("edition_id", "image_id")
        for edition, image in uses:
            barred.setdefault(edition, set()).add(image)
    return barred


def standing_pins(launched, *, at):
    """The standing pins of a launched front: {article id: headline override}, in their order.

    `at` is the moment by the database's clock, which also decides that a pin has ended: see `fronts.launch`.
    """
    pins = {}
    for slot in launched or []:
        until = slot.get("until")
        if not until or datetime.fromisoformat(until) > at:
            pins.setdefault(slot["article"], slot.get("headline") or "")
    return pins


def cards_of_pins(pins):
    """Cards of the pinned stories that are live, in the pins' order, with their own headlines. One query."""
    if not pins:
        return []
    rows = list(with_cards(Edition.objects.live().filter(article_id__in=list(pins))))
    found = {card.article: card for card in cards_of_rows(rows, pages.Beat.read(rows[0]["beat"]) if rows else None)}
    for article, headline in pins.items():
        if headline and article in found:
            found[article].html = with_headline(found[article].html, headline)
    return [found[article] for article in pins if article in found]
