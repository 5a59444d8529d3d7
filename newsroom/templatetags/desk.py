"""Filters for the templates of every room's desk: {% load desk %}."""

from django import template

from ..desk.display import picture_url, time_in_words

register = template.Library()

register.filter("moment", time_in_words)
register.filter("picture_url", picture_url)
