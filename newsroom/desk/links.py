"""What a locked form shows: links only where they lead somewhere for whoever looks, words in their own direction.

Django names a row that a locked form refers to with a link to its page, and asks nobody whether the reader may open it.
"""

from django.contrib.admin import helpers
from django.utils.html import format_html

_link_to = helpers.AdminReadonlyField.get_admin_url
_contents = helpers.AdminReadonlyField.contents


def link_for(forms, request):
    """Let the locked fields of these forms link only to what the person of a request may open."""
    for form in forms:
        form.looked_at = request


def _link_if_open(field, relation, row):
    request = getattr(field.form, "looked_at", None)
    page = field.model_admin.admin_site._registry.get(relation.model)
    if request is None or page is None or not page.has_view_or_change_permission(request, row):
        return str(row)
    return _link_to(field, relation, row)


def _in_own_direction(field):
    shown = _contents(field)
    # What has blocks of its own says their directions itself, and may not stand within a line.
    return shown if any(tag in shown for tag in ("<p", "<div", "<ul", "<img")) else format_html("<bdi>{}</bdi>", shown)


helpers.AdminReadonlyField.get_admin_url = _link_if_open
helpers.AdminReadonlyField.contents = _in_own_direction
