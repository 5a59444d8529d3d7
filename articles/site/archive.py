"""The archive: a calendar of months, and every day's stories."""

import calendar
from datetime import date, datetime, time, timedelta

from django.http import Http404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from articles.models import Edition
from articles.rendering import structured
from newsroom import clock, paper
from newsroom.models import Publication
from newsroom.web import pages

from . import lists, shell

DAY_PAGE = 100


@require_safe
def archive(request):
    """A month's calendar, and every year and month since the first story."""
    ends = Edition.objects.live().order_by("first_published_at", "article_id").values("first_published_at")[:1]
    beat = pages.Beat.now()

    def context(around):
        first = next((row["first_published_at"] for row in ends), None)
        first = paper.day_of(first, around.zone) if first else around.today
        year, month = _month_asked(request.GET.get("month"), first, around.today)
        return {
            "page": shell.page_context(
                around, "Archive", reverse("site:archive"), kind="archive",
                description="Every story by the day of its publication.",
            ),
            "month": month_context(year, month, first, around.today),
            "years": [
                {"year": one, "months": [
                    {"name": date_format(date(one, m, 1), "F"), "url": f"?month={one}-{m:02}",
                     "current": (one, m) == (year, month)}
                    for m in range(12, 0, -1)
                    if (first.year, first.month) <= (one, m) <= (around.today.year, around.today.month)
                ]}
                for one in range(around.today.year, first.year - 1, -1)
            ],
        }  # fmt: skip

    return shell.answer(request, "site/archive.html", context, beat=beat)


def _month_asked(text, first, today):
    """A ?month= as (year, month); without one, this month; what is no month of the paper is no page."""
    if not text:
        return today.year, today.month
    day = _parse_day(f"{text}-01")
    if not date(first.year, first.month, 1) <= day <= today:
        raise Http404("No such month.")
    return day.year, day.month


def _parse_day(text):
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Http404("No such day.")
    return day


def month_context(year, month, first, today):
    """A month as components/calendar.html wants it, the days from the first story until today with links."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return {
        "label": date_format(date(year, month, 1), "F Y"),
        "weekdays": [{"short": date_format(day, "D")[:2], "name": date_format(day, "l")} for day in weeks[0]],
        "weeks": [
            [
                {
                    "number": day.day,
                    "date": day,
                    "url": day_path(day) if first <= day <= today else "",
                    "current": day == today,
                }
                if day.month == month
                else None
                for day in week
            ]
            for week in weeks
        ],
    }


def day_path(day):
    return reverse("site:archive_day", args=[f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"])


@require_safe
def archive_day(request, year, month, day):
    """Everything first published on one day of the paper's zone, and the days before and after that have stories."""
    on = _parse_day(f"{year}-{month}-{day}")
    after = lists.parse_page_key(request.GET.get("before"))
    zone = (Publication.objects.only("time_zone").first() or Publication(time_zone="UTC")).zone
    try:
        start, end = (datetime.combine(one, time(), zone) for one in (on, on + timedelta(days=1)))
    except OverflowError as error:
        raise Http404("No such day.") from error
    live = Edition.objects.live()
    stories = live.filter(first_published_at__gte=start, first_published_at__lt=end).newest_first()
    stories = lists.with_cards(stories.page_after(after) if after else stories)
    page = lists.Page(list(stories[: DAY_PAGE + 1]), DAY_PAGE)
    if after and not page.rows:
        raise Http404("No such page.")
    near = {row["side"]: paper.day_of(row["first_published_at"], zone) for row in _neighbours_of_day(live, start, end)}
    if not page.rows and "before" not in near:
        raise Http404("Nothing was published by then.")
    if not page.rows and on > paper.day_of(clock.process_time(), zone):
        raise Http404("That day is still ahead.")

    def context(around):
        name = date_format(on, "l j F Y")
        return {
            "page": shell.page_context(
                around, name, day_path(on), kind="archive", robots="" if page.rows else "noindex",
                json_ld=structured.collection_data(name, day_path(on)),
            ),
            "crumbs": [{"title": "Archive", "url": reverse("site:archive")}],
            "day": on,
            "cards": page.cards,
            "previous": near.get("before") and {"day": near["before"], "url": day_path(near["before"])},
            "next": near.get("after") and {"day": near["after"], "url": day_path(near["after"])},
            "older_url": page.older_url(day_path(on)),
            "newest_url": day_path(on) if after else "",
        }  # fmt: skip

    beat = page.beat or pages.Beat.now()  # as in a section
    keep = (on, after, page.mark) if page.beat else None
    return shell.answer(request, "site/archive_day.html", context, beat=beat, mark=page.mark, keep=keep)


def _neighbours_of_day(live, start, end):
    """The last story before a day and the first after it."""
    sides = (
        ("before", live.filter(first_published_at__lt=start).order_by("-first_published_at", "-article_id")),
        ("after", live.filter(first_published_at__gte=end).order_by("first_published_at", "article_id")),
    )
    for side, stories in sides:
        for row in stories.values("first_published_at")[:1]:
            yield row | {"side": side}
