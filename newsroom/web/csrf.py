"""The page for a form that comes without its token: the login or its cookie has ended meanwhile."""

from urllib.parse import urlsplit

from django.http import HttpResponseForbidden, UnreadablePostError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags


def refuse_form(request, reason=""):
    """403 in plain words, with the way back and what was typed, to be copied. Needs no database.

    The words are shown only to the page of ours that sent them: another site must not make us say its words.
    """
    desk = request.path.startswith(reverse("admin:index"))
    context = {"back": _page_it_came_from(request), "typed": _typed_words(request), "desk": desk}
    return HttpResponseForbidden(render_to_string("csrf.html", context))


def _page_it_came_from(request):
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path.startswith("/"):
        return request.path
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _typed_words(request):
    """What somebody wrote in the boxes of the form: [(name, words)], without choices, marks and passwords."""
    if urlsplit(request.headers.get("Origin", "")).netloc != request.get_host():
        return []
    try:
        sent = request.POST.lists()
    except UnreadablePostError:
        return []
    words = [
        (name.replace("_", " ").strip().capitalize(), strip_tags(value).strip())
        for name, values in sent
        if "password" not in name and "token" not in name
        for value in values
    ]
    return [(name, said) for name, said in words if " " in said]
