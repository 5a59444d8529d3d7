"""A story as its form sends it, read from a revision, from the working copy and from what somebody typed.

One shape for all of them, so that they can be compared and put together: {name of a box: list of strings}.
"""

import json

from django.utils.text import capfirst

from newsroom.desk.base import number

from ...actions import writing
from ...body import schema
from ...models import Article, Revision
from . import ai, origins
from .forms import FACT, RULE

SEVERAL = ("sections", "topics")  # fields with several values; one without any is not sent at all
# The tables of rows below the text: what a revision calls each column of the form.
TABLES = {
    "bylines": {"contributor": "contributor", "role": "role"},
    "appearances": {"expert": "expert", "attribution_as_printed": "attribution", "role": "role",
                    "disclosure_printed": "disclosure"},
    "attributions": {"kind": "kind", "description": "description", "outlet": "outlet", "reason": "reason",
                     "known_by": "known_by"},
}  # fmt: skip
TABLE_NAMES = {"bylines": "Bylines", "appearances": "People", "attributions": "Sources"}
KEPT_AS_DATA = ("genre_facts", "ai_use")  # each in boxes of its own
NO_WORDS = ("base_version", "seen")
SHOWN = "planning_shown"  # what the boxes that no revision holds had in them when the page was made


def content_before(article, typed):
    """The content of the version that a form was typed from; None where there never was such a version."""
    older = Revision.objects.filter(article=article, number=number(typed.get("base_version")) or 0).first()
    return older and older.content


def of_content(content):
    """A revision's content as the form sends it, without the tables of rows."""
    sent = {name: [content.get(name)] for name in writing.PLAIN_FIELDS if name not in KEPT_AS_DATA}
    lead, credit = content.get("lead_image") or {}, content.get("credit") or {}
    sent |= {"lead_image": [lead.get("id")], "lead_caption": [lead.get("caption")], "credit": [credit.get("id")]}
    sent |= {name: [content.get(name)] for name in ("section", "translation_of")}
    sent |= {name: sorted(content.get(name) or []) for name in SEVERAL}
    for name, fact in (content.get("genre_facts") or {}).items():
        sent[FACT + name] = ["\n".join(fact) if isinstance(fact, list) else fact]
    sent |= {name: [value] for name, value in ai.sent_of(content).items()}
    for quote in content.get("quotes") or []:
        sent[RULE + quote["uid"]] = [quote["ground_rule"]]
        sent |= {name: [value] for name, value in origins.sent_of(quote).items()}
    return {name: ["" if value is None else str(value) for value in values] for name, values in sent.items()}


def typed_in(typed, name):
    """What was sent for a field of `of_content`; None where its box was not in the form."""
    if name in SEVERAL and "body" in typed:
        return sorted(typed.getlist(name), key=lambda key: (len(key), key))
    return typed.getlist(name) or None


def alike(name, one, other):
    """Whether two values of a field say the same."""
    return [_plain(name, value) for value in one] == [_plain(name, value) for value in other]


def _plain(name, value):
    return schema.sanitise(value) if name == "body" else " ".join(value.split())


def label_of(form_class, name):
    """What a box of the form is called."""
    if name == "body":
        return "Text"
    prefix, _, column = name.partition("-")
    if prefix in TABLES:
        return f"{TABLE_NAMES[prefix]}: {column.split('-', 1)[-1].replace('_', ' ').lower()}".removesuffix(": delete")
    if called := ai.label_of(name) or origins.label_of(name):
        return called
    field = form_class.base_fields.get(name)
    known = {field.name for field in Article._meta.get_fields()}
    label = (field and field.label) or (Article._meta.get_field(name).verbose_name if name in known else "")
    return capfirst(str(label or name.split("_", 1)[-1].replace("_", " ")))


# --- the boxes that no revision holds -------------------------------------------------------------------


def planning_names(form_class):
    """The boxes of a form that no revision holds: planning, embargo, what is wanted."""
    held = {*writing.PLAIN_FIELDS, *SEVERAL, *NO_WORDS, "lead_image", "lead_caption", "credit", "section"}
    return [name for name in form_class.base_fields if name not in held | {"translation_of"}]


def planning_now(form):
    """{name: what stands in the box} of the boxes that no revision holds, in a form that nobody has typed into."""
    now = {}
    for name in planning_names(type(form)):
        value, widget = form[name].value(), form.fields[name].widget
        if not isinstance(value, bool) and hasattr(widget, "format_value"):
            value = widget.format_value(value)
        now[name] = _as_text(value)
    return now


def planning_typed(form_class, typed):
    """{name: what was typed} of those boxes; {} where the form did not have them."""
    if "base_version" not in typed:
        return {}
    fields = {name: form_class.base_fields[name] for name in planning_names(form_class)}
    return {name: _as_text(field.widget.value_from_datadict(typed, {}, name)) for name, field in fields.items()}


def planning_before(typed):
    """{name: what stood in the box} when the page was made, as the page itself says; {} where it says nothing."""
    try:
        before = json.loads(typed.get(SHOWN) or "{}")
    except ValueError:
        return {}
    return {name: value for name, value in before.items() if isinstance(value, str)} if type(before) is dict else {}


def _as_text(value):
    value = (value[0] if value else "") if isinstance(value, list) else value
    return "" if value is None or value is False else str(value)


# --- the tables of rows ---------------------------------------------------------------------------------


def rows_held(content, prefix):
    """The rows of a table in a revision: [{column of the form: text}]."""
    return [
        {column: _as_text(row.get(key)) for column, key in TABLES[prefix].items()}
        for row in content.get(prefix) or []
    ]  # fmt: skip


def rows_typed(typed, prefix):
    """The rows of a table as they were sent: [{column: text}], with "id" and "DELETE"; None where it was not sent."""
    total = number(typed.get(f"{prefix}-TOTAL_FORMS"))
    if total is None:
        return None
    rows = [{} for _ in range(min(total, 1000))]
    for name in typed:
        if name.startswith(f"{prefix}-") and len(parts := name.split("-", 2)) == 3:
            place = number(parts[1])
            if place is not None and place < len(rows):
                rows[place][parts[2]] = typed[name]
    return [row for row in rows if row]


def rows_alike(prefix, typed, held):
    """Whether rows that were sent say the same as rows of a revision, in the columns that were sent."""
    columns = [column for column in TABLES[prefix] if not typed or any(column in row for row in typed)]

    def plain(rows):
        return [tuple(" ".join(row.get(column, "").split()) for column in columns) for row in rows]

    return plain(typed) == plain(held)


def row_words(rows):
    """What of some rows can be read as it is: names are numbers here."""
    words = ("attribution_as_printed", "disclosure_printed", "description", "outlet", "reason")
    return "; ".join(row[column] for row in rows for column in words if row.get(column))


def standing(rows):
    """The rows that are not to be deleted, and in which anything is filled in."""
    return [row for row in rows if "DELETE" not in row and any(v for k, v in row.items() if k in _COLUMNS)]


_COLUMNS = {column for columns in TABLES.values() for column in columns} - {"role", "kind"}
