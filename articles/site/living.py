"""Fills the holes of a stored page: related cards, pictures, links to profiles, the discussion, more to read.

One query through live() answers for all holes of a story.
"""

import re
from dataclasses import dataclass, field

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles.body import holes
from articles.models import Comment, Edition, EditionTopic, Image, ImageUse
from articles.models.comment import CLOSED
from experts.models import Expert

from . import discuss, lists

COMMENTS_SHOWN = 20
MORE_STORIES = 4
# How many topics of a story are looked at for others on the same, and how many stories of each.
MORE_TOPICS, MORE_CANDIDATES = 8, 20
MORE_HOLE = re.compile(r"<!--more((?: \d+)+)-->")
DISCUSS_HOLE = "<!--discuss-->"


@dataclass
class LivingParts:
    """The content for one story's holes."""

    cards: dict = field(default_factory=dict)
    images: set = field(default_factory=set)
    experts: dict = field(default_factory=dict)
    more: list = field(default_factory=list)
    more_html: str = ""
    discuss_html: str = ""

    def fill(self, html):
        """A stored page with its holes filled."""
        html = holes.fill_holes(html, self.cards, self.images, self.experts)
        html = MORE_HOLE.sub(lambda _: self.more_html, html, count=1)
        return html.replace(DISCUSS_HOLE, self.discuss_html, 1)


def gather_living_parts(article, uid, html, shell, beat, *, every_picture=False):
    """The LivingParts for a page's holes as of now; `every_picture` also shows those that are not public yet."""
    wanted = holes.ids_in_holes(html)
    more = MORE_HOLE.search(html)
    topics = [int(pk) for pk in more[1].split()[:MORE_TOPICS]] if more else []
    discussed = DISCUSS_HOLE in html
    living = LivingParts(images=set(wanted["image"]) if every_picture else set())
    found = {"card": [], "more": [], "comment": [], "count": [], "closed": [], "image": [], "expert": []}
    for row in _living_rows(article, wanted, topics, discussed):
        found[row["a_what"]].append(row)
    living.images |= {row["a_ref"] for row in found["image"]}
    living.experts = {row["a_ref"]: reverse("site:expert", args=[row["a_text"]]) for row in found["expert"]}
    with timezone.override(shell.zone):
        living.cards = {card.article: card.as_related for card in _cards_of_union_rows(found["card"], beat)}
        others = [
            card for card in _cards_of_union_rows(found["more"], beat) if card.article not in {article, *living.cards}
        ]
        if others:
            shared = {row["a_ref"]: row["a_shared"] for row in found["more"]}
            others.sort(key=lambda card: (shared[card.article], card.at, card.article), reverse=True)
            living.more_html = render_to_string(
                "site/more.html", {"cards": [card.html for card in others[:MORE_STORIES]]}
            )
        if discussed:
            comments = [
                {"id": row["a_ref"], "body": row["a_text"], "name": row["a_name"], "at": row["a_at"],
                 "answers_id": row["a_edition"]}
                for row in found["comment"]
            ]  # fmt: skip
            comments.sort(key=lambda comment: (comment["at"], comment["id"]))
            count = found["count"][0]["a_ref"] if found["count"] else 0
            closed = bool(found["closed"])
            living.discuss_html = discuss.discussion_html(uid, shell, comments, count, closed=closed)
    return living


def _living_rows(article, wanted, topics, discussed):
    """The one query: a union of all rows that the page's holes need."""
    parts = []
    if wanted["card"]:
        parts.append(_card_union_rows("card", Edition.objects.filter(article_id__in=wanted["card"])))
    if topics:
        closest = _closest(article, topics, MORE_STORIES + len(wanted["card"]))
        parts.append(_card_union_rows("more", Edition.objects.filter(pk__in=closest), shared=_shared(topics)))
    if wanted["image"]:
        parts.append(_union_rows(Image.objects.within_rights().filter(pk__in=wanted["image"]), "image", ref=F("pk")))
    if wanted["expert"]:
        experts = Expert.objects.public().filter(pk__in=wanted["expert"])
        parts.append(_union_rows(experts, "expert", ref=F("pk"), text=F("slug")))
        # The frozen text may name a card that was merged into another one since.
        merged = Expert.objects.filter(pk__in=wanted["expert"], merged_into__in=Expert.objects.public())
        parts.append(_union_rows(merged, "expert", ref=F("pk"), text=F("merged_into__slug")))
    if discussed:
        published = Comment.objects.published().filter(article_id=article)
        first = Comment.objects.filter(
            pk__in=Subquery(published.order_by("created_at", "pk").values("pk")[:COMMENTS_SHOWN])
        )
        said = {"text": F("body"), "name": F("name"), "at": F("created_at"), "edition": F("answers_id")}
        parts.append(_union_rows(first, "comment", ref=F("pk"), **said))
        closed = Edition.objects.live().filter(article=article, text__data__discussion=CLOSED)
        parts.append(_union_rows(closed, "closed", ref=F("pk")))
        parts.append(_union_rows(published.order_by().values("article_id"), "count", ref=Count("pk")))
    if not parts:
        return []
    return parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]


def _shared(topics):
    """How many of these topics an edition is filed under, as an expression."""
    links = EditionTopic.objects.filter(edition=OuterRef("pk"), topic__in=topics).order_by()
    return Subquery(links.values("edition").annotate(n=Count("pk")).values("n"))


def _closest(article, topics, count):
    """The live editions of other stories that share most of these topics, the newest first among equals, as a query.

    Of each topic only the newest stories are looked at, so that it costs the same in a large paper.
    """
    live = Edition.objects.live().exclude(article=article)
    if len(topics) == 1:
        return Subquery(live.filed_under("topic", pk=topics[0]).values("pk")[:count])
    newest = [live.filed_under("topic", pk=pk).values("pk")[:MORE_CANDIDATES] for pk in topics]
    newest = [Edition.objects.filter(pk__in=Subquery(one)).order_by().values("pk") for one in newest]
    found = Edition.objects.filter(pk__in=newest[0].union(*newest[1:], all=True)).annotate(shared=_shared(topics))
    return Subquery(found.order_by("-shared", "-first_published_at", "-article_id").values("pk")[:count])


def _card_union_rows(what, editions, **more):
    return _union_rows(
        editions.live(),
        what,
        ref=F("article_id"),
        text=F("rendering__card_html"),
        name=F("path"),
        at=F("first_published_at"),
        edition=F("pk"),
        template=F("rendering__template_version"),
        names=F("rendering__rendering_version"),
        barred=Exists(ImageUse.objects.barred().filter(edition=OuterRef("pk"))),
        **more,
    )


# Every part of the union has these columns, typed, so that both engines can unite them.
UNION_COLUMNS = {
    "ref": BigIntegerField(), "text": TextField(), "name": TextField(), "at": DateTimeField(),
    "edition": BigIntegerField(), "template": BigIntegerField(), "names": BigIntegerField(), "barred": BooleanField(),
    "shared": BigIntegerField(),
}  # fmt: skip


def _union_rows(rows, what, **given):
    columns = {"a_what": Cast(Value(what), TextField())}
    for name, kind in UNION_COLUMNS.items():
        columns[f"a_{name}"] = Cast(given.get(name, Value(None)), kind)
    return rows.order_by().annotate(**columns).values(*columns)


def _cards_of_union_rows(rows, beat):
    """Card rows as `lists.cards` reads them."""
    return lists.cards_of_rows(
        [
            {
                "pk": row["a_edition"],
                "article_id": row["a_ref"],
                "path": row["a_name"],
                "first_published_at": row["a_at"],
                "barred": row["a_barred"],
                "rendering__card_html": row["a_text"],
                "rendering__template_version": row["a_template"],
                "rendering__rendering_version": row["a_names"],
            }
            for row in rows
        ],
        beat,
    )
