"""How every page of the desk shows a time and a picture."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from .. import paper


def time_in_words(at):
    """A time as the desk says it, in the paper's zone: 06:00 today, else with its day; "" for None."""
    if at is None:
        return ""
    local, today = paper.local(at), paper.today()
    if paper.day_of(at) == today:
        return f"{local:%H:%M}"
    return date_format(local, "j M, H:i" if local.year == today.year else "j M Y, H:i")


def picture_url(image, width=320):
    """The desk's address of a picture, at the widest of its widths that is no wider."""
    fitting = [w for w in image.widths if w <= int(width)] or image.widths[:1]
    return reverse("desk_media", kwargs={"token": image.token, "width": fitting[-1], "extension": "jpg"})


def thumbnail(image, width=320):
    """A picture as the desk shows it, whatever its rights; "" for none, or one not saved yet."""
    if not image or not image.pk:
        return ""
    return format_html(
        '<img class="thumb" src="{}" alt="{}" loading="lazy">', picture_url(image, width), image.alt or ""
    )
