"""What the desk's pages about stories share."""

from collections import defaultdict

from django.db.models import Value

from newsroom.desk.base import DeskAdmin, DeskInline, DeskStack, DeskTable
from newsroom.desk.display import time_in_words

from .. import workflow
from ..models import Article, Byline, Edition
from ..workflow import Situation

__all__ = ["DeskAdmin", "DeskInline", "DeskStack", "DeskTable"]


def readable_stories(user):
    """The stories whose copy a person may read, by table (c) of the workflow."""
    return Article.objects.readable_by(user)


def with_phrases(articles):
    """Set what readers see of each story of a short list; one query for all.

    Namely `situation_now`, `waiting_at`, `live_since`, `phrase_now` and `path_now`.

    `path_now` is where readers find the story, or the notice in its place; "" where there is nothing.
    """
    articles = list(articles)
    editions = Edition.objects.filter(article__in=[a.pk for a in articles]).order_by()
    force = editions.in_force().values_list("article_id", "kind", "live_from", "path")
    ahead = editions.waiting().values_list("article_id", "kind", "live_from", "path")
    now, waiting = {}, {}
    if articles:
        both = force.annotate(ahead=Value(False)).union(ahead.annotate(ahead=Value(True)), all=True)
        for pk, kind, at, path, is_ahead in both.order_by():
            (waiting if is_ahead else now)[pk] = (kind, at, path)
    for article in articles:
        kind, article.live_since, article.path_now = now.get(article.pk, ("", None, ""))
        article.waiting_at = waiting.get(article.pk, ("", None, ""))[1]
        article.situation_now = _situation_of(kind, article.waiting_at)
        article.phrase_now = workflow.phrase(article.state, article.situation_now, time_in_words(article.waiting_at))
    return articles


def with_writers(stories):
    """Set `writer_ids` and `writer_names`, of the writing bylines, on each of a few stories; one query."""
    names, ids = defaultdict(list), defaultdict(set)
    lines = Byline.objects.filter(article__in=[story.pk for story in stories], role="writer").order_by("order", "pk")
    for pk, name, user in lines.values_list("article", "contributor__name", "contributor__user"):
        names[pk].append(name)
        ids[pk].add(user)
    for story in stories:
        story.writer_names, story.writer_ids = ", ".join(names[story.pk]), ids[story.pk] - {None}
    return stories


def _situation_of(kind, waiting):
    if kind == "withdrawal":
        return Situation.WITHDRAWN
    if kind:
        return Situation.LIVE_WAITING if waiting else Situation.LIVE
    return Situation.WAITING if waiting else Situation.NONE


def without_related_links(field):
    """Take the add, change and view links off a choice whose rows are kept elsewhere."""
    for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        if field is not None and hasattr(field.widget, name):
            setattr(field.widget, name, False)


def pill_state(article):
    """The state that gives a story's pill its colour, by how far the story is from readers."""
    if article.situation_now == "withdrawn":
        return "withdrawn"
    if article.state == "published":
        return "waiting" if article.situation_now == "waiting" else "live"
    return article.state
