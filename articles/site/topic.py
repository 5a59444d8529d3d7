"""A topic's page."""

from django.db.models import BigIntegerField, CharField
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.rendering import structured
from newsroom.database.prepared import Given, Question
from newsroom.models import Topic
from newsroom.web import pages

from . import lists, moved, shell
from .story import redirect

TOPIC_BY_SLUG = Question(
    lambda: Topic.objects.filter(slug=Given("slug", CharField())).order_by().values("pk", "name", "description")
)
TOPIC_LIST = lists.Listing("topic", "pk", BigIntegerField())


@require_safe
@pages.remembered
def topic(request, slug):
    """Everything about a subject; one that was merged or renamed leads to it by its old addresses and names."""
    before = lists.parse_page_key(request.GET.get("before"))
    about = next(iter(TOPIC_BY_SLUG.ask(slug=slug)), None)
    page = TOPIC_LIST.page(about["pk"], before) if about else None
    if page is None or not page.rows:  # a topic that no story shows yet may itself give one away
        if now := moved.topic_now(slug):
            return redirect(reverse("site:topic", args=[now]), request)
        raise Http404("No such topic.")
    path = reverse("site:topic", args=[slug])

    def context(around):
        return {
            "page": shell.page_context(
                around, about["name"], path + (f"?before={request.GET['before']}" if before else ""), kind="topic",
                description=about["description"], feeds=shell.feed_links(about["name"], of="topic_", slug=slug),
                json_ld=structured.collection_data(about["name"], path, about["description"]),
            ),
            "name": about["name"],
            "description": about["description"],
            "days": page.days,
            "older_url": page.older_url(path),
            "newest_url": path if before else "",
        }  # fmt: skip

    return shell.answer(
        request, "site/topic.html", context, beat=page.beat, mark=page.mark, keep=(slug, before, page.mark)
    )
