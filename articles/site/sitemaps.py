"""For search engines: robots.txt, a sitemap for every month, and one of the last two days' news."""

from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Contributor, Edition
from articles.rendering.structured import absolute_url
from experts.models import Expert
from newsroom import clock
from newsroom.models import Topic
from newsroom.web import pages

from . import shell

STORIES_A_FILE = 50_000
NEWS_STORIES, NEWS_HOURS = 1000, 48
XML_CONTENT_TYPE = "application/xml; charset=utf-8"

_kept_sitemaps = pages.Kept(size=64)


@require_safe
def robots(request):
    """robots.txt: crawlers may read everything but the desk and pages made for one reader."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/admin/", "/search/", "/discuss/", "/preview/")),
        "",
        *(f"Sitemap: {absolute_url(reverse(f'site:{name}'))}" for name in ("sitemap", "news_sitemap")),
        "",
    ]
    return pages.reply(request, lambda: "\n".join(lines), pulse=pages.Beat(), content_type="text/plain; charset=utf-8")


def _span_of(year, month, day=None):
    """The first moment of a month or day, in UTC, and the first after it."""
    try:
        first = date(year, month, day or 1)
        after = first + timedelta(days=1) if day else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    except (ValueError, OverflowError) as error:
        raise Http404("No such sitemap.") from error
    return tuple(datetime(one.year, one.month, one.day, tzinfo=UTC) for one in (first, after))


def _published_within(editions, span):
    return editions.filter(first_published_at__gte=span[0], first_published_at__lt=span[1])


@require_safe
def sitemap(request):
    """The list of the sitemap's files; three queries when something has changed."""
    beat = pages.Beat.now()

    def body():
        files = ["sitemap-pages.xml", *(f"sitemap-{name}.xml" for name in _file_names())]
        return render_to_string("site/sitemap_index.xml", {"files": [absolute_url(f"/{name}") for name in files]})

    return pages.reply(
        request, lambda: _kept_sitemaps.get(beat.key, "index", body), pulse=beat, content_type=XML_CONTENT_TYPE
    )


def _file_names():
    """Names of the months with live stories, newest first; of the days, where a month has too many for a file."""
    live = Edition.objects.live()
    first = live.order_by("first_published_at", "article_id").values_list("first_published_at", flat=True).first()
    if first is None:
        return []
    now, months = clock.process_time(), []
    at = (first.year, first.month)
    while at <= (now.year, now.month):
        months.append(at)
        at = (at[0] + at[1] // 12, at[1] % 12 + 1)
    months = _answered_yes({month: Exists(_published_within(live, _span_of(*month))) for month in months})
    full = _full_months(months)
    files = []
    for year, month in reversed(months):
        if (year, month) in full:
            start, after = _span_of(year, month)
            days = [(year, month, day + 1) for day in range((after - start).days)]
            found = _answered_yes({day: Exists(_published_within(live, _span_of(*day))) for day in days})
            files += [f"{year:04}-{month:02}-{day:02}" for _, _, day in reversed(found)]
        else:
            files.append(f"{year:04}-{month:02}")
    return files


def _full_months(months):
    """The months with more stories than a file may list; not queried if the whole paper has no more."""
    most = Edition.objects.aggregate(most=Max("article_id"))["most"] or 0
    if most <= STORIES_A_FILE:
        return set()
    # Only columns of the index, so that the database need not read the rows.
    key = Edition.objects.filter(listed=True).newest_first().values("first_published_at")
    return set(
        _answered_yes(
            {
                month: Exists(_published_within(key, _span_of(*month))[STORIES_A_FILE : STORIES_A_FILE + 1])
                for month in months
            }
        )
    )


def _answered_yes(questions):
    """The names in {name: condition} whose condition holds; one query for all."""
    columns = {f"q{n}": question for n, question in enumerate(questions.values())}
    row = Edition.objects.order_by("pk").annotate(**columns).values_list(*columns).first()
    return [name for name, yes in zip(questions, row, strict=True) if yes]


@require_safe
def sitemap_stories(request, year, month, day=None):
    """The live stories of one month (or day), with when they last changed."""
    span = _span_of(int(year), int(month), day and int(day))
    beat = pages.Beat.now()
    if not _published_within(Edition.objects.live(), span).exists():
        raise Http404("No such sitemap.")

    def body():
        rows = (
            _published_within(Edition.objects.live(), span)
            .newest_first()
            .values_list("path", "changed_at")[:STORIES_A_FILE]
        )
        return "".join(_urlset(rows))

    return pages.reply(request, body, pulse=beat, content_type=XML_CONTENT_TYPE)


def _urlset(rows):
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for path, changed in rows:
        lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        yield f"<url><loc>{_escaped_url(path)}</loc>{lastmod}</url>\n"
    yield "</urlset>\n"


def _escaped_url(path):
    return absolute_url(path).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@require_safe
def sitemap_pages(request):
    """The sitemap of pages that are not stories: fronts, policies, experts, contributors and topics with stories."""
    beat = pages.Beat.now()

    def body():
        around = shell.shell_for_beat(beat)
        paths = ["/", *(one["url"] for one in around.all_sections), *(one["url"] for one in around.policies)]
        paths += [reverse(f"site:{name}") for name in ("experts", "archive", "corrections")]
        lists = [(Expert.objects.public(), "expert"), (_with_stories(Contributor, "contributor"), "person"),
                 (_with_stories(Topic, "topic"), "topic")]  # fmt: skip
        for found, name in lists:
            slugs = found.order_by("pk").values_list("slug", flat=True)[: STORIES_A_FILE - len(paths)]
            paths += [reverse(f"site:{name}", args=[slug]) for slug in slugs]
        return "".join(_urlset((path, None) for path in paths))

    return pages.reply(
        request, lambda: _kept_sitemaps.get(beat.key, "pages", body), pulse=beat, content_type=XML_CONTENT_TYPE
    )


def _with_stories(model, kind):
    """Those that a live story is filed under: only they have a page."""
    return model.objects.filter(Exists(Edition.objects.live().filed_under(kind, pk=OuterRef("pk"))))


@require_safe
def news_sitemap(request):
    """The stories first published in the last two days, for news search; one query."""
    now = clock.process_time()
    since = now - timedelta(hours=NEWS_HOURS)
    rows = list(
        Edition.objects.live()
        .filter(first_published_at__gte=since)
        .newest_first()
        .annotate(beat=pages.beat())
        .values("pk", "path", "language", "first_published_at", "beat", headline=F("text__headline"))[:NEWS_STORIES]
    )
    beat = pages.Beat.read(rows[0]["beat"]) if rows else pages.Beat.now()

    def body():
        name = shell.shell_for_beat(beat).publication.name
        items = [
            row | {"loc": absolute_url(row["path"]), "language": row["language"].split("-")[0].lower()} for row in rows
        ]
        return render_to_string("site/news_sitemap.xml", {"name": name, "items": items})

    mark = (len(rows), rows[-1]["pk"] if rows else 0)
    return pages.reply(request, body, pulse=beat, mark=mark, content_type=XML_CONTENT_TYPE)
