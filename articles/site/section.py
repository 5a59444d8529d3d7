"""A section's front."""

from django.db.models import CharField, F, Subquery
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Front, Section
from articles.rendering import structured
from newsroom.database.prepared import NOW, Given
from newsroom.web import pages

from . import lists, moved, shell, story

SECTION_LIST = lists.Listing(
    "section",
    "slug",
    CharField(),
    where={"visible": True},
    name=F("editionsection__section__name"),
    remit=F("editionsection__section__remit"),
    of=F("editionsection__section_id"),
    as_of=NOW,
    launched=Subquery(Front.objects.filter(section__slug=Given("which", CharField())).values("launched")[:1]),
)


@require_safe
@pages.remembered
def section(request, slug):
    """A section's front: what its editors pinned, then everything, newest first."""
    before = lists.parse_page_key(request.GET.get("before"))
    page = SECTION_LIST.page(slug, before)
    about = page.first
    if about is None and not before:  # a section in which nothing is published yet
        about = Section.objects.visible().filter(slug=slug).values("name", "remit", of=F("pk")).first()
    if about is None and (now := moved.section_now(slug)):
        return story.redirect(reverse("site:section", args=[now]), request)
    if about is None:
        return story.redirect_if_moved(request)  # many an imported story had an address of this shape
    beat = page.beat or pages.Beat.now()  # asked after the list, so perhaps of a newer state: such a page is not kept
    pins = lists.standing_pins(about.get("launched"), at=about.get("as_of")) if not before else {}

    def context(around):
        top = lists.cards_of_pins(pins)
        shown = {card.article for card in top}
        rest = [card for card in page.cards if card.article not in shown]
        lead = top[:1] or (rest[:1] if not before else [])
        river = [card for card in rest if card not in lead]
        path = reverse("site:section", args=[slug])
        above = around.parent_of(about["of"])
        return {
            "page": shell.page_context(
                around, about["name"], path + (f"?before={request.GET['before']}" if before else ""), kind="section",
                description=about["remit"], feeds=shell.feed_links(about["name"], of="section_", slug=slug),
                json_ld=structured.collection_data(
                    about["name"], path, about["remit"], above=[(above["name"], above["url"])] if above else []
                ),
            ),
            "crumbs": [{"title": above["name"], "url": above["url"]}] if above else [],
            "parts": around.children_of(about["of"]),
            "name": about["name"],
            "remit": about["remit"],
            "lead": lead[0].as_lead if lead else "",
            "beside": top[1:],
            "days": lists.cards_by_day(river),
            "older_url": page.older_url(path),
            "newest_url": path if before else "",
        }  # fmt: skip

    keep = (slug, before, page.mark) if page.beat else None
    return shell.answer(
        request, "site/section.html", context, beat=beat, mark=page.mark, section=about["of"], keep=keep
    )
