"""Filters for the templates of every room's desk: {% load desk %}."""

from django import template
from django.utils.safestring import mark_safe

from ..desk.display import picture_url, time_in_words

register = template.Library()

register.filter("moment", time_in_words)
register.filter("picture_url", picture_url)


@register.filter(is_safe=True)
def with_directions(html):
    """Django's rows of a form with a direction for the name of each, which may be in any script."""
    named = '<span class="inline_label">'
    html = html.replace(named, named.replace(">", ' dir="auto">')).replace('<td class="original">', CELL)
    return mark_safe(html)  # Django's own template, with two attributes more


CELL = '<td class="original" dir="auto">'
