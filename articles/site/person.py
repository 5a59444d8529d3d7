"""A contributor's page."""

from django.db.models import CharField, F
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import rendering
from articles.models import Contributor
from articles.rendering import structured
from newsroom import clock
from newsroom.web import pages

from . import lists, moved, shell
from .story import redirect

PERSON_LIST = lists.Listing("contributor", "slug", CharField(), of=F("editioncontributor__contributor_id"))


@require_safe
@pages.remembered
def person(request, slug):
    """A contributor's page: who they are and what they wrote."""
    before = lists.parse_page_key(request.GET.get("before"))
    page = PERSON_LIST.page(slug, before)
    if not page.rows and (now := moved.person_now(slug)):
        return redirect(reverse("site:person", args=[now]), request)
    if not page.rows:
        raise Http404("Nobody by that name.")
    path = reverse("site:person", args=[slug])

    def context(around):
        about = Contributor.objects.select_related("portrait").get(pk=page.first["of"])
        return {
            "page": shell.page_context(
                around, about.name, path, kind="person", description=about.line or about.bio[:160], og_type="profile",
                feeds=shell.feed_links(about.name, of="person_", slug=slug),
                json_ld=structured.profile_data(about.name, path, description=about.line),
            ),
            "person": about,
            "portrait": _portrait_of(about),
            "monogram": rendering.monogram(about.name),
            "days": page.days,
            "older_url": page.older_url(path),
            "newest_url": path if before else "",
        }  # fmt: skip

    return shell.answer(
        request, "site/person.html", context, beat=page.beat, mark=page.mark, keep=(slug, before, page.mark)
    )


def _portrait_of(contributor):
    """A contributor's portrait as templates take it, or None if it may not be shown."""
    face = contributor.portrait
    ended = face and (face.restricted or (face.rights_until and face.rights_until <= clock.process_time()))
    return {"face_url": face.face_url} if face and not ended else None
