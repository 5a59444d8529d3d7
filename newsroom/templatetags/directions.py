"""In which direction words are read, from their language; a builtin of every template."""

from django import template

from ..languages import text_direction

register = template.Library()

register.filter("direction", text_direction)
