"""What the desk's pages about stories share."""

from django.db.models import Value
from django.utils.formats import date_format

from newsroom import paper
from newsroom.desk.base import DeskAdmin, DeskInline, DeskStack, DeskTable

from .. import workflow
from ..models import Article, Edition
from ..workflow import Situation

__all__ = ["DeskAdmin", "DeskInline", "DeskStack", "DeskTable"]


def readable_stories(user):
    """The stories whose copy a person may read, as table (c) has it."""
    return Article.objects.readable_by(user)


def with_phrases(articles):
    """Give each story of a short list its `situation_now`, `waiting_at` and `phrase_now`, by one query for them all."""
    articles = list(articles)
    editions = Edition.objects.filter(article__in=[a.pk for a in articles]).order_by()
    force = editions.in_force().values_list("article_id", "kind", "live_from")
    ahead = editions.waiting().values_list("article_id", "kind", "live_from")
    now, waiting = {}, {}
    if articles:
        both = force.annotate(ahead=Value(False)).union(ahead.annotate(ahead=Value(True)), all=True)
        for pk, kind, at, is_ahead in both.order_by():
            (waiting if is_ahead else now)[pk] = (kind, at)
    for article in articles:
        kind = now.get(article.pk, ("", None))[0]
        article.waiting_at = waiting.get(article.pk, ("", None))[1]
        article.situation_now = _situation(kind, article.waiting_at)
        article.phrase_now = workflow.phrase(article.state, article.situation_now, moment(article.waiting_at))
    return articles


def _situation(kind, waiting):
    if kind == "withdrawal":
        return Situation.WITHDRAWN
    if kind:
        return Situation.LIVE_WAITING if waiting else Situation.LIVE
    return Situation.WAITING if waiting else Situation.NONE


def moment(at):
    """A time as the desk says it: 06:00 today, else with its day."""
    if at is None:
        return ""
    local, today = paper.local(at), paper.today()
    if paper.day_of(at) == today:
        return f"{local:%H:%M}"
    return date_format(local, "j M, H:i" if local.year == today.year else "j M Y, H:i")


def without_links(field):
    """Take the add, change and view links off a choice whose rows are kept elsewhere."""
    for name in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        if field is not None and hasattr(field.widget, name):
            setattr(field.widget, name, False)


def tone(article):
    """The colour of a story's pill: how far it is from readers."""
    if article.situation_now == "withdrawn":
        return "withdrawn"
    if article.state == "published":
        return "waiting" if article.situation_now == "waiting" else "live"
    return article.state
