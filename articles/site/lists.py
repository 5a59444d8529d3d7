"""Lists of stories: cards as stored, newest first, paged by key, each list in one query."""

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

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SIZES = re.compile(r'sizes="[^"]*"')
KEY = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")
HEADLINE = re.compile(r'(class="card-headline"><a [^>]*>).*?</a>', re.DOTALL)
PICTURE = re.compile(r"<!--hole image ([0-9]+)-->(.*?)<!--/hole-->", re.DOTALL)

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
    headline: str = ""  # only where a list prints it alone

    @property
    def key(self):
        return key_of(self.at, self.article)

    @property
    def day(self):
        return paper.day_of(self.at)

    @property
    def as_lead(self):
        """Its HTML for the top of a page, where the picture is large, and fetched first and not last."""
        large = SIZES.sub('sizes="(min-width: 64em) 40rem, 100vw"', self.html)
        return mark_safe(large.replace('loading="lazy"', 'fetchpriority="high"', 1))


class Page:
    """One page of a list: `rows` of `with_cards`, one more than it holds if there are more.

    They may be as bare as the database gave them, with `converted` to make them whole: a page that
    is kept wants no more of them than their ids and the beat.
    """

    def __init__(self, rows, size, converted=list):
        self.bare, self.size, self.converted = rows, size, converted
        self.beat = pages.Beat.read(rows[0]["beat"]) if rows else None
        self.mark = ",".join([str(row["pk"]) for row in rows])  # what the page shows, for its ETag and its keeping

    @cached_property
    def first(self):
        """The first row, for what it says of the list itself; None where the list is empty."""
        return self.converted([dict(self.bare[0])])[0] if self.bare else None

    @cached_property
    def cards(self):
        return cards(self.converted([dict(row) for row in self.bare[: self.size]]), self.beat)

    @property
    def older(self):
        """The key of the next page, or ""."""
        return self.cards[-1].key if len(self.bare) > self.size and self.cards else ""

    @property
    def days(self):
        return by_day(self.cards)


def by_day(cards):
    """Cards in (day of first publication, cards), in the zone that is active."""
    return [(day, list(found)) for day, found in groupby(cards, key=lambda card: card.day)]


def key(text):
    """The (instant, number) of ?before=, None without one; what cannot be a key is no page."""
    if not text:
        return None
    match = KEY.fullmatch(text)
    if not match:
        raise Http404("No such page.")
    try:
        return EPOCH + timedelta(microseconds=int(match[1])), int(match[2])
    except OverflowError as error:
        raise Http404("No such page.") from error


def key_of(at, number):
    """A place in a list as the URL writes it."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{number}"


def with_cards(editions, at=None, **extra):
    """A queryset's rows as `cards` reads them, the beat with each; `extra` asks for more columns."""
    barred = ImageUse.objects.barred(at).filter(edition=OuterRef("pk"))
    columns = (*CARD_COLUMNS, "barred", "beat")
    return editions.annotate(barred=Exists(barred), beat=pages.beat(at)).values(*columns, **extra)


class Listing:
    """The list of one section, topic or contributor, found by a field of it: Listing("topic", "slug")."""

    def __init__(self, kind, by, output_field, *, where=None, **extra):
        def question(before):
            which = {by: Given("which", output_field)} | (where or {})
            editions = Edition.objects.live(NOW).filed_under(kind, before, **which)
            return Question(lambda: with_cards(editions, NOW, **extra)[: PAGE + 1])

        self.first = question(None)
        self.after = question((Given("at", DateTimeField()), Given("number", BigIntegerField())))

    def page(self, which, before=None):
        """Its first Page, or the one after a key; one query."""
        if before is None:
            return Page(self.first.bare(which=which), PAGE, self.first.converted)
        rows = self.after.bare(which=which, at=before[0], number=before[1])
        return Page(rows, PAGE, self.after.converted)


def cards(rows, beat):
    """Rows of `with_cards` as Cards, rendered again where their stored form is old (that takes more queries)."""
    if not rows:
        return []
    old = [row["pk"] for row in rows if not rendering.is_current(_versions(row), beat.rendering)]
    fresh = rendering.remade(old) if old else {}
    barred = _barred([row["pk"] for row in rows if row["barred"]])
    made = []
    for row in rows:
        pk = row["pk"]
        html = fresh[pk].card_html if pk in fresh else row["rendering__card_html"]
        if html is not None:
            html = shown(html, barred.get(pk, ()))
            made.append(Card(pk, row["article_id"], row["path"], row["first_published_at"], html))
    return made


def shown(html, barred=()):
    """A card's HTML without its picture where that may be shown no longer."""
    return mark_safe(PICTURE.sub(lambda hole: "" if int(hole[1]) in barred else hole[2], html))


def under(html, headline):
    """A card's HTML under another headline."""
    return mark_safe(HEADLINE.sub(lambda found: f"{found[1]}{escape(headline)}</a>", html, count=1))


def _versions(row):
    return row["rendering__template_version"], row["rendering__rendering_version"]


def _barred(editions):
    """The pictures that some editions may show no longer, by edition; asked only when there are any."""
    barred = {}
    if editions:
        uses = ImageUse.objects.barred().filter(edition__in=editions).values_list("edition_id", "image_id")
        for edition, image in uses:
            barred.setdefault(edition, set()).add(image)
    return barred


def pinned(launched, *, at):
    """The standing pins of a launched front: {article id: headline override}, in their order.

    `at` is the moment by the database's clock, which says of a pin's end, too, that it passed: see `fronts.launch`.
    """
    pins = {}
    for slot in launched or []:
        until = slot.get("until")
        if not until or datetime.fromisoformat(until) > at:
            pins.setdefault(slot["article"], slot.get("headline") or "")
    return pins


def cards_of(pins):
    """Live stories among some pins, in their order, under the headlines that editors gave them. One query."""
    if not pins:
        return []
    rows = list(with_cards(Edition.objects.live().filter(article_id__in=list(pins))))
    found = {card.article: card for card in cards(rows, pages.Beat.read(rows[0]["beat"]) if rows else None)}
    for article, headline in pins.items():
        if headline and article in found:
            found[article].html = under(found[article].html, headline)
    return [found[article] for article in pins if article in found]
