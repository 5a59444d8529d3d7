"""The boxes of a story's form that say what the words of a quotation were taken from, where that is, and its day."""

from django import forms
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from ...models.people import ORIGINS
from .choices import QuickInput, QuickSelect

SAID = "said_"
# The boxes of a quotation: the column of its row behind each.
BOXES = {"from": "origin", "at": "recording_ref", "on": "said_on"}
CALLED = {"from": "Taken from", "at": "Where that is", "on": "Said on"}
LONGEST = 300


def box(part, uid):
    """The name of a box of the form."""
    return f"{SAID}{part}_{uid}"


def add_boxes(form, record):
    """Give the form the boxes of a quotation, filled with what its row has."""
    words = f"{record.expert}: {record.words[:60]}"

    def named(part, **more):
        return {"aria-label": f"{CALLED[part]}, {words}", "id": f"id_{box(part, record.uid)}"} | more

    fields = {
        "from": forms.ChoiceField(choices=ORIGINS, widget=QuickSelect(attrs=named("from", **{"class": "pick"}))),
        "at": forms.CharField(
            max_length=LONGEST,
            widget=QuickInput(attrs=named("at", dir="auto", maxlength=LONGEST, placeholder="Which one, and where")),
        ),
        "on": forms.DateField(widget=QuickInput("date", attrs=named("on"))),
    }
    for part, field in fields.items():
        field.required, field.label, field.initial = False, CALLED[part], getattr(record, BOXES[part])
        form.fields[box(part, record.uid)] = field


def put(record, data):
    """Write into a quotation's row what was typed; the names of the columns that changed. Nothing is saved."""
    changed = []
    for part, column in BOXES.items():
        name = box(part, record.uid)
        if name in data and data[name] != getattr(record, column):
            setattr(record, column, data[name])
            changed.append(column)
    return changed


def boxes_of(form, record):
    """{part: box of the form} of a quotation; {} where it may not be changed."""
    return {part: form[box(part, record.uid)] for part in BOXES if box(part, record.uid) in form.fields}


def sent_of(quote):
    """{name of a box: text} of a quotation in a revision, as the form sends it."""
    return {box(part, quote["uid"]): quote.get(column) or "" for part, column in BOXES.items()}


def label_of(name):
    """What a box is called; "" for one that is none of these."""
    part = name.removeprefix(SAID).partition("_")[0]
    return f"Quotation: {CALLED[part].lower()}" if name.startswith(SAID) and part in CALLED else ""


def in_words(quote):
    """A quotation and where its words come from, as a colleague reads it; "" where nobody has said so."""
    said = origin_in_words(quote)
    return f"“{quote['words'][:40]}”: {said}" if said else ""


def origin_in_words(quote):
    """Where the words of a quotation come from; "" where nobody has said so."""
    if not quote.get("origin"):
        return ""
    day = quote.get("said_on")
    day = parse_date(day) if isinstance(day, str) else day
    on = date_format(day, "j M Y") if day else ""
    return ", ".join(filter(None, [dict(ORIGINS)[quote["origin"]], quote.get("recording_ref"), on]))
