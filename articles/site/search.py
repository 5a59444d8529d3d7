"""The search page: what `articles.search` finds, with its filters as links."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles import genres
from articles import search as index
from articles.models import Section
from newsroom.models import Publication

from . import shell

LONGEST_VALUE = 200
FILTERS = ("q", "section", "genre", "since", "until", "sort")


@require_safe
def search(request):
    """What readers find for ?q=, by section, genre and dates, best or newest first. One query; more with filters."""
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:LONGEST_VALUE].strip() for name in FILTERS}
    section = _section_asked(asked["section"])
    since, until = _moments_asked(asked)
    genre = asked["genre"] if asked["genre"] in genres.GENRES else None
    sort = asked["sort"] if asked["sort"] in ("best", "newest") else "best"
    results = index.find_editions(
        asked["q"], section=section, genre=genre, since=since, until=until, sort=sort, before=request.GET.get("before")
    )
    told = {name: value for name, value in asked.items() if value}

    def link(**changes):
        """This search with some of it changed; an empty value takes a filter away."""
        return "?" + urlencode({name: value for name, value in (told | changes).items() if value})

    def context(around):
        counted = ngettext("%s result", "%s results", results.count) % results.count_text
        title = f"{counted} for “{asked['q']}”" if asked["q"] else "Search"
        return {
            "page": shell.page_context(around, title, reverse("site:search"), kind="search", robots="noindex"),
            "query": asked["q"],
            "results": results,
            "title": title,
            "suggestion_url": link(q=results.suggestion) if results.suggestion else "",
            "sorts": [
                {"name": name, "url": link(sort=key if key != "best" else ""), "current": key == sort}
                for key, name in (("best", "Best first"), ("newest", "Newest first"))
            ],
            "facets": _facet_links(around, results, section, genre, link),
            "chips": _filter_chips(asked, section, genre, link),
            "older_url": link(before=results.next) if results.next else "",
            "newest_url": link() if request.GET.get("before") else "",
        }

    mark = request.META.get("QUERY_STRING", "")
    return shell.answer(request, "site/search.html", context, beat=results.pulse, mark=mark)


def _section_asked(slug):
    """The visible section of this slug, now or before; None without one."""
    found = Section.objects.visible().filter(slug=slug).first() if slug else None
    return found or (Section.objects.visible().filter(former__slug=slug).first() if slug else None)


def _moments_asked(asked):
    """?since= and ?until= as moments in the paper's zone, the last day whole; what is no day is passed over."""
    if not (asked["since"] or asked["until"]):
        return None, None
    zone = (Publication.objects.only("time_zone").first() or Publication(time_zone="UTC")).zone
    moments = []
    for name, days in (("since", 0), ("until", 1)):
        try:
            day = parse_date(asked[name])
            moments.append(day and datetime.combine(day + timedelta(days=days), time(), zone))
        except (ValueError, OverflowError):
            moments.append(None)
    return moments


def _facet_links(around, results, section, genre, link):
    sections = {one["id"]: one for one in around.all_sections}
    counts = {pk: n for pk, n in results.sections.items() if pk in sections}
    for pk, n in results.sections.items():  # a search within a section finds what its sub-sections have, too
        above = around.parent_of(pk)
        if above:
            counts[above["id"]] = counts.get(above["id"], 0) + n
    return [
        {
            "name": "Section",
            "links": [
                {"name": sections[pk]["name"], "count": n, "url": link(section=sections[pk]["slug"])}
                for pk, n in sorted(counts.items(), key=lambda one: -one[1])
                if section is None
            ],
        },
        {
            "name": "Kind",
            "links": [
                {"name": genres.GENRES[name].name, "count": n, "url": link(genre=name)}
                for name, n in sorted(results.genres.items(), key=lambda one: -one[1])
                if name in genres.GENRES and genre is None
            ],
        },
    ]


def _filter_chips(asked, section, genre, link):
    """The filters in force, each with the way to be rid of it."""
    chips = []
    if section:
        chips.append({"name": section.name, "url": link(section="")})
    if genre:
        chips.append({"name": genres.GENRES[genre].name, "url": link(genre="")})
    for name, label in (("since", "from"), ("until", "until")):
        if asked[name]:
            chips.append({"name": f"{label} {asked[name]}", "url": link(**{name: ""})})
    return chips
