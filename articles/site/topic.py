"""A topic's page."""

from django.db.models import BigIntegerField, CharField, F
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.rendering import structured
from newsroom.database.prepared import Given, Question
from newsroom.models import Topic
from newsroom.web import pages

from . import lists, shell

TOPIC_BY_SLUG = Question(
    lambda: (
        Topic.objects.filter(slug=Given("slug", CharField()))
        .order_by()
        .values("pk", "name", "description", into=F("merged_into__slug"))
    )
)
TOPIC_LIST = lists.Listing("topic", "pk", BigIntegerField())


@require_safe
@pages.remembered
def topic(request, slug):
    """Everything about a subject; what was merged into another leads there."""
    before = lists.parse_page_key(request.GET.get("before"))
    about = next(iter(TOPIC_BY_SLUG.ask(slug=slug)), None)
    if about is None:
        raise Http404("No such topic.")
    if about["into"]:
        return HttpResponsePermanentRedirect(reverse("site:topic", args=[about["into"]]))
    page = TOPIC_LIST.page(about["pk"], before)
    if not page.rows:  # a topic that no story shows yet may itself give one away
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
