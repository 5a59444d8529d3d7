"""The boxes of a story's form that say for what AI tools were used, who looked at what they made, and when.

A story keeps it as {kind: {"used": "yes" or "no", "tool", "reviewed_by", "reviewer", "reviewed_on", "note"}}, with what
is empty left out; a kind that nobody has spoken of is missing.
"""

from dataclasses import dataclass

from django import forms
from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from newsroom import paper
from newsroom.ai_use import KINDS

from .choices import QuickInput, QuickSelect, choices_of

AI = "ai_"
USED = [("", "Not said"), ("no", "Not used"), ("yes", "Used")]
DETAILS = {"tool": "Which tool", "reviewed_by": "Reviewed by", "reviewed_on": "Reviewed on", "note": "Note"}


@dataclass(frozen=True)
class KindShown:
    """One kind of work as the page shows it: its boxes where it may be changed, and what is recorded in words."""

    name: str
    label: str
    says: str
    used: object = None
    details: tuple = ()


def box(kind, detail=""):
    """The name of a box of the form."""
    return f"{AI}{kind}_{detail}" if detail else AI + kind


def add_boxes(form, article):
    """Give the form its boxes, filled with what the story has."""
    staff = {user.pk: user for user in form.colleagues()}
    for kind, row in KINDS.items():
        known, label = article.ai_use.get(kind) or {}, row.label
        form.fields[box(kind)] = forms.ChoiceField(
            choices=USED, required=False, label=label, initial=known.get("used", ""),
            widget=QuickSelect(attrs={"aria-label": f"AI, {label.lower()}", "class": "pick", "id": f"id_{box(kind)}"}),
        )  # fmt: skip
        reviewer = known.get("reviewed_by")
        gone = [(reviewer, known.get("reviewer") or "Somebody")] if reviewer and reviewer not in staff else []
        for detail, called in DETAILS.items():
            named = {"aria-label": f"AI, {label.lower()}: {called.lower()}", "id": f"id_{box(kind, detail)}"}
            if detail == "reviewed_by":
                field = forms.TypedChoiceField(
                    choices=[*choices_of(staff.values(), empty="Nobody yet"), *gone], coerce=int, empty_value=None,
                    required=False, widget=QuickSelect(attrs=named),
                )  # fmt: skip
            elif detail == "reviewed_on":
                field = forms.DateField(required=False, widget=QuickInput("date", attrs=named))
            else:
                size = 60 if detail == "tool" else 300
                named |= {"dir": "auto", "maxlength": size}
                field = forms.CharField(max_length=size, required=False, widget=QuickInput(attrs=named))
            field.label, field.initial = called, known.get(detail, "")
            form.fields[box(kind, detail)] = field


def gather(form, data):
    """What the form says, as a story keeps it. A review without its day was today; a refused box stays as it was."""
    record, names = {}, {user.pk: str(user) for user in form.colleagues()}
    for kind in KINDS:
        known = form.instance.ai_use.get(kind) or {}
        used = data.get(box(kind), known.get("used", ""))
        if not used:
            continue
        row = {"used": used}
        if used == "yes":
            row |= {detail: data.get(box(kind, detail), known.get(detail)) for detail in DETAILS}
            if row["reviewed_by"]:
                same = row["reviewed_by"] == known.get("reviewed_by")
                row["reviewer"] = known.get("reviewer", "") if same else names.get(row["reviewed_by"], "")
                row["reviewed_on"] = _day(row["reviewed_on"]) or paper.today().isoformat()
            else:
                row["reviewed_on"] = ""
        record[kind] = {name: value for name, value in row.items() if value not in (None, "")}
    return record


def check(form, data):
    """Refuse a review that lies ahead; names are `form`'s."""
    for kind in KINDS:
        day = data.get(box(kind, "reviewed_on"))
        if day and day > paper.today():
            form.add_error(box(kind, "reviewed_on"), "This day is still ahead.")


def _day(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def sent_of(content):
    """{name of a box: text} of what a revision holds, as the form sends it."""
    sent = {}
    for kind, row in (content.get("ai_use") or {}).items():
        sent[box(kind)] = row.get("used", "")
        if row.get("used") == "yes":
            sent |= {box(kind, detail): str(row.get(detail) or "") for detail in DETAILS}
    return sent


def label_of(name):
    """What a box is called, for a page that shows two people's words side by side; "" for one that is none of these."""
    kind, _, detail = name.removeprefix(AI).partition("_")
    if not name.startswith(AI) or kind not in KINDS:
        return ""
    return f"AI, {KINDS[kind].label.lower()}" + (f": {DETAILS[detail].lower()}" if detail in DETAILS else "")


def shown(form, record):
    """The KindShown of a story's form, or of a record that may not be changed."""
    rows = []
    for kind, row in KINDS.items():
        has = box(kind) in form.fields
        rows.append(
            KindShown(
                kind,
                row.label,
                in_words(record.get(kind) or {}) or "Not said",
                form[box(kind)] if has else None,
                tuple(form[box(kind, detail)] for detail in DETAILS) if has else (),
            )
        )
    return rows


def in_words(row):
    """What is recorded of one kind of work, as a colleague reads it; "" where nothing is."""
    if row.get("used") != "yes":
        return "Not used" if row.get("used") == "no" else ""
    day = parse_date(row.get("reviewed_on") or "")
    on = f" on {date_format(day, 'j M Y')}" if day else ""
    reviewed = (
        f"reviewed by {row.get('reviewer') or 'somebody'}{on}" if row.get("reviewed_by") else "nobody reviewed it"
    )
    return ", ".join(filter(None, ["Used", row.get("tool", ""), reviewed, row.get("note", "")]))


def record_in_words(record):
    """All that is recorded, a line for each kind."""
    lines = [(KINDS[kind].label, in_words(record.get(kind) or {})) for kind in KINDS]
    return "\n".join(f"{label}: {words}" for label, words in lines if words)
