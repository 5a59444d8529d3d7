"""Links to rows on the desk's forms: only where they lead somewhere for whoever looks.

Django names a row that a locked form refers to with a link to its page, and asks nobody whether the reader may open it.
"""

from django.contrib.admin import helpers

_link_to = helpers.AdminReadonlyField.get_admin_url


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


helpers.AdminReadonlyField.get_admin_url = _link_if_open
