"""How a moment is written for machines; a builtin of every template."""

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def iso(moment):
    """A moment with its offset, in whole seconds: HTML's `datetime` knows no microseconds. "" for what is none."""
    return moment.isoformat(timespec="seconds") if moment else ""
