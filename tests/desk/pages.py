"""Helpers for tests that fill in the desk's forms as a browser would."""


def filled(response, **changes):
    """What a browser would send from a change form as it was answered, with some fields typed anew."""
    context = response.context
    data = _values(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        data |= _values(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= _values(form)
    return {name: value for name, value in (data | changes).items() if value is not None}


def _values(form):
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, (list, tuple, set)) or hasattr(value, "all"):
            value = [getattr(item, "pk", item) for item in value]
        elif hasattr(bound.field.widget, "format_value") and not isinstance(value, bool):
            value = bound.field.widget.format_value(value)
            value = value[0] if isinstance(value, list) and value else value
        if value in (None, False, [], [""]):
            continue
        data[bound.html_name] = "on" if value is True else value
    return data
