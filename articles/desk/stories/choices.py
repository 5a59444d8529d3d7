"""Boxes of a story's form that need not ask the database for what the page knows already."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Q
from django.forms import Select
from django.forms.utils import flatatt
from django.forms.widgets import Input
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from newsroom.models import User

from ...actions import assignments

MOST_STAFF = 300  # longer lists nobody looks through


class _Known:
    """Shows what is chosen from rows that are known, {key: row}, and asks only for others."""

    known = None

    def optgroups(self, name, value, attr=None):
        chosen = [str(key) for key in value if key not in ("", None)]
        if self.known is None or not set(chosen) <= set(self.known):
            return super().optgroups(name, value, attr)
        options = [self.create_option(name, key, str(self.known[key]), True, 0) for key in chosen]
        if not self.is_required and not self.allow_multiple_selected:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]

    def knows(self, rows):
        self.known = {str(row.pk): row for row in rows if row is not None}


class KnownChoice(_Known, AutocompleteSelect):
    """A box that finds rows by name, and need not ask for the name of the one that it holds."""


class TopicsWidget(_Known, AutocompleteSelectMultiple):
    """Topics, each with its own way out; the one that takes all out at once would stand in the list as no item."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false", "dir": "auto"}


class QuickSelect(Select):
    """A plain select box that is drawn without a template: a story may have hundreds of quotations, each with one."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices),
        )
        attrs = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, attrs, options)


class QuickInput(Input):
    """A plain input box that is drawn without a template, as `QuickSelect` is."""

    def __init__(self, input_type="text", attrs=None):
        self.input_type = input_type
        super().__init__(attrs)

    def format_value(self, value):
        return value.isoformat() if hasattr(value, "isoformat") else value

    def render(self, name, value, attrs=None, renderer=None):
        value = self.format_value(value)
        own = {"type": self.input_type, "name": name} | ({"value": str(value)} if value not in (None, "") else {})
        return format_html("<input{}>", flatatt(self.build_attrs(own | self.attrs, attrs)))


def inner_box(field):
    """A field's own box, without what the admin puts around it."""
    return getattr(field.widget, "widget", field.widget)


def staff_of(request):
    """Whoever may be given a story or know a source, a list of users asked for once per request."""
    if not hasattr(request, "_staff_asked"):
        request._staff_asked = list(staff()[:MOST_STAFF])
    return request._staff_asked


def staff(but=None):
    """The colleagues who work now, each with `may_write`, and one who is named already, whatever became of them."""
    working = Q(is_active=True, is_staff=True)
    rows = assignments.with_may_write(User.objects.filter(working | Q(pk=but) if but else working))
    return rows.order_by("first_name", "last_name", "username")


def choices_of(rows, label=str, empty=None):
    """The choices of a box from rows that are loaded, with an empty one first where it is given."""
    return [*([] if empty is None else [("", empty)]), *((row.pk, label(row)) for row in rows)]
