"""Views of the desk's lists that somebody keeps under a name."""

from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from newsroom.errors import Refused, short_enough

from ..models import SavedView

ADDRESSES = {"news": "desk:news_list", "calendar": "desk:calendar", "stories": "admin:articles_article_changelist"}
# What an address of such a page may carry. A day is left out: a view is about today, whichever day that is.
KEPT = ("section", "who", "as", "state", "genre", "mine", "time")
MOST = 30


def clean_query(query):
    """The query of an address with nothing in it but filters, each once."""
    pairs = dict(parse_qsl(query.removeprefix("?")[:1000]))
    return urlencode({name: pairs[name] for name in KEPT if pairs.get(name)})


def address_of(page, query):
    """Where a view is to be seen."""
    return reverse(ADDRESSES[page]) + (f"?{query}" if query else "")


def save_view(user, page, *, name, query):
    """Keep a view of a page for somebody; one of the same name is replaced."""
    name = short_enough(name, 60, "name")
    if not name:
        raise Refused("Give the view a name.", field="name")
    query = short_enough(clean_query(query), 300, "query")
    mine = SavedView.objects.filter(user=user)
    if mine.count() >= MOST and not mine.filter(page=page, name=name).exists():
        raise Refused(f"You have {MOST} views already. Throw one away first.")
    view, _ = SavedView.objects.update_or_create(user=user, page=page, name=name, defaults={"query": query})
    return view
