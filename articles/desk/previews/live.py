"""The page beside the form: what readers would get of the words as they stand there now, or at a moment ahead."""

import re
from datetime import timedelta

from django.contrib import admin
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from newsroom import clock, paper
from newsroom.desk.display import time_in_words
from newsroom.desk.moments import MomentField
from newsroom.desk.refusals import refused_as_json
from newsroom.errors import Refused

from ... import roles
from ...actions import previews, writing
from ...body import references
from ...models import Article, Edition
from ...site import story as site_story
from ..stories.as_typed import story_as_typed
from ..stories.inlines import editing_mode

YEARS_AHEAD = timedelta(days=5 * 366)
SCRIPTS = re.compile(r"<script\b.*?</script>|<link rel=\"preload\"[^>]*>", re.DOTALL)


@require_POST
@refused_as_json
def preview(request, pk):
    """{html, says, links}: the page that readers would get of a story as its form holds it; saves nothing.

    With `as_at`, a moment of the paper's clocks, the page as it will be then: the edition in force by then, with the
    pictures and cards that readers will see; where none is planned, the words of the form.
    """
    article = get_object_or_404(
        Article.objects.readable_by(request.user).select_related("section__parent", "credit", "lead_image"), pk=pk
    )
    with paper.settled():
        at = _moment(request.POST.get("as_at", ""))
        html, says = _page_then(request, article, at) if at else (_page_now(request, article), "")
    links = reverse("desk:preview_links", args=[pk]) if roles.may(request.user, "make a preview link", article) else ""
    # In its frame nothing runs, and no link leads away: a new window is not allowed there.
    html = SCRIPTS.sub("", html).replace("<head>", '<head><base target="_blank">', 1)
    return JsonResponse({"html": html, "says": says, "links": links})


def _moment(text):
    """A moment ahead by the paper's clocks, as a browser's box for one sends it; None for none."""
    at = MomentField(required=False, label="As at").clean(text)
    now = clock.process_time()
    if at is not None and not now < at < now + YEARS_AHEAD:
        raise Refused("Choose a moment ahead, within five years.", field="as_at")
    return at


def _page_now(request, article):
    return _own_pictures(previews.unsaved_edition(article, _content(request, article)))


def _page_then(request, article, at):
    then = time_in_words(at)
    # Whatever asks the time within it gets that moment: what will be live, and whose rights will have ended.
    with clock.frozen(at):
        edition = (
            Edition.objects.in_force(at).filter(article=article, sealed_at=None)
            .select_related("text", "section__parent", "article").first()
        )  # fmt: skip
        if edition and edition.is_tombstone:
            raise Refused(f"{then}: withdrawn. Readers get the notice in its place.")
        if edition:
            kind = edition.get_kind_display().lower()
            says = f"{then}: edition no. {edition.number}, {kind}."
        else:
            edition = previews.unsaved_edition(article, _content(request, article), at)
            says = f"{then}: nothing is planned. These are the words in the form, if they came out then."
        return _own_pictures(edition, every_picture=False), says


def _content(request, article):
    """The words of the form where the person may change them, else those of the newest version."""
    model_admin = admin.site.get_model_admin(Article)
    if editing_mode(article, request.user) == "text" and "base_version" in request.POST:
        story, rows = story_as_typed(model_admin, request, article)
        # A save gives each new quotation its name, by which the page knows whose it is.
        story.body = references.with_quote_uids(story.body)
        return writing.content_of(story, rows)
    return writing.content_of(article)


def _own_pictures(edition, **more):
    html = site_story.preview_html(edition, **more)
    return site_story.with_pictures_at(html, edition, "/admin/media/")
