"""Error pages. A hidden story gets the same 404 as an address that never existed."""

from django.http import HttpResponseBadRequest, HttpResponseForbidden, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from articles.models import Edition
from newsroom.web import pages

from . import shell

LATEST_STORIES = 5


def not_found(request, exception=None):
    """404 with the newest stories; it does not show the address. One query."""
    rows = list(
        Edition.objects.live()
        .newest_first()
        .annotate(beat=pages.beat())
        .values("pk", "path", "first_published_at", "text__headline", "text__short_headline", "language", "beat")[
            :LATEST_STORIES
        ]
    )
    beat = pages.Beat.read(rows[0]["beat"]) if rows else pages.Beat.now()

    def context(around):
        page = shell.page_context(around, "Page not found", request.path, kind="404", robots="noindex")
        latest = [
            {
                "url": row["path"],
                "headline": row["text__short_headline"] or row["text__headline"],
                "language": row["language"],
                "published_at": row["first_published_at"],
            }
            for row in rows
        ]
        return {"page": page | {"canonical": "", "og": {}}, "latest": latest, "query": ""}

    keep = tuple(row["pk"] for row in rows)
    return shell.answer(request, "404.html", context, beat=beat, status=404, keep=keep)


def forbidden(request, exception=None):
    """403; on the desk with the reason that was given, and the way back to the desk."""
    title, text, desk = "This is not for you", "You may not do that here.", reverse("admin:index")
    if request.path.startswith(desk):
        return HttpResponseForbidden(_plain_page(title, str(exception or "") or text, desk, "Back to the desk"))
    return HttpResponseForbidden(_plain_page(title, text))


def bad_request(request, exception=None):
    return HttpResponseBadRequest(_plain_page("That request could not be read", "Go back and try again."))


def server_error(request):
    """500: a page that needs no database and none of our other templates."""
    return HttpResponseServerError(render_to_string("500.html"))


def _plain_page(title, text, back="/", says="To the front page"):
    return format_html(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/static/css/site.css"></head><body><main class="wrap">'
        '<header class="page-head"><h1>{title}</h1><p>{text}</p></header>'
        '<p><a class="link" href="{back}">{says}</a></p></main></body></html>',
        title=title, text=text, back=back, says=says,
    )  # fmt: skip
