"""The news list: today and the days ahead by section, as a list that is edited in place, or as a board by state."""

from datetime import date

from django import forms
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from newsroom import paper
from newsroom.desk.base import without_controls
from newsroom.desk.moments import MomentField
from newsroom.desk.refusals import Attempt
from newsroom.desk.today import in_a_word
from newsroom.models import User

from ...actions import planning, waiting
from ...models import Article, State
from ..base import readable_stories
from .rows import AHEAD, BEHIND, DAY, OPEN, SHOWN, Group, by_section, days_of_stories, rows_of, undated
from .views import Filters, page_context, who_may_see

DAYS = 4  # today and the next, each with a tab of its own
LATER, NONE = "later", "none"
COLUMNS = (
    (State.PITCH, "Pitch"), (State.DRAFT, "Draft"), (State.NEEDS_CHANGES, "Needs changes"),
    (State.SUBMITTED, "Submitted"), (State.APPROVED, "Approved"), (State.PUBLISHED, "Scheduled or live"),
)  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------


@require_safe
def news_list(request):
    who_may_see(request.user)
    filters, today = Filters.of(request), paper.today()
    asked = request.GET.get("day", "")
    day, wrong = _day_of(asked, today)
    found = days_of_stories(today - BEHIND, today + AHEAD, **filters.as_dict())
    left = [pk for past in sorted(found) if past < today for pk, state in found[past] if state in OPEN]
    if day == NONE:
        pks = undated(**filters.as_dict())
    elif day == LATER:
        pks = [pk for later in sorted(found) if later >= today + DAYS * DAY for pk, _ in found[later]]
    else:
        pks = [pk for pk, _ in found.get(day, ())]
    left = left if day == today else []
    rows = rows_of([*pks[:SHOWN], *left[:SHOWN]], request.user)
    behind = [row for row in rows if row.story.pk in set(left)]
    rows = [row for row in rows if row.story.pk not in set(left)]
    as_board = request.GET.get("as") == "board"
    context = page_context(request, "news", filters) | {
        "title": "News list",
        "day": day,
        "heading": _heading(day),
        "wrong": wrong,
        "tabs": _tabs(found, today, day, filters, "board" if as_board else None),
        "groups": by_section(rows),
        "behind": behind,
        "all": Group("", [*rows, *behind]),
        "more": len(pks) > SHOWN or len(left) > SHOWN,
        "as_board": as_board,
        "as_list": filters.query(day=asked),
        "as_board_query": filters.query(day=asked, **{"as": "board"}),
        "columns": [(name, [row for row in [*behind, *rows] if row.story.state == state]) for state, name in COLUMNS],
        "kept": [("day", "" if wrong else asked), ("as", "board" if as_board else "")],
    }
    return TemplateResponse(request, "admin/planning/news_list.html", context, status=400 if wrong else 200)


def _day_of(asked, today):
    """(the day that an address asks for, what is wrong with it): a date, LATER or NONE, else today's."""
    if asked in ("", LATER, NONE):
        return asked or today, ""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return today, f"“{asked[:40]}” is no day, so this is today's list."
    if not today - BEHIND <= day <= today + AHEAD:
        return today, "The news list goes back two weeks and two months ahead, so this is today's."
    return day, ""


def _heading(day):
    return {LATER: "later", NONE: "no day yet"}.get(day) or f"{day:%A} {day.day} {day:%B}"


def _tabs(found, today, chosen, filters, shown_as):
    """(name, how many stories, query, whether it is this one) of each tab."""
    days = [today + n * DAY for n in range(DAYS)]
    tabs = [("Today" if day == today else in_a_word(day), len(found.get(day, ())), day, day) for day in days]
    later = sum(len(rows) for day, rows in found.items() if day >= today + DAYS * DAY)
    tabs += [("Later", later, LATER, LATER), ("No day", None, NONE, NONE)]
    if chosen not in [*days, LATER, NONE]:
        tabs.insert(0, (in_a_word(chosen), len(found.get(chosen, ())), chosen, chosen))
    return [
        (name, number, filters.query(day=None if day == today else day, **{"as": shown_as}), which == chosen)
        for name, number, day, which in tabs
    ]


# --- a cell -----------------------------------------------------------------------------------------


class CellForm(forms.Form):
    """One field of the diary as it was typed into its cell."""

    FIELDS = {
        "catchline": lambda: forms.CharField(required=False, max_length=80),
        "budget_line": lambda: forms.CharField(required=False, max_length=500),
        "assignee": lambda: forms.ModelChoiceField(
            User.objects.filter(is_active=True, is_staff=True), required=False
        ),
        "due_at": lambda: MomentField(required=False),
        "planned_for": lambda: forms.DateField(required=False),
        "planned_length": lambda: forms.IntegerField(required=False, min_value=1, max_value=100_000),
        "priority": lambda: forms.TypedChoiceField(
            coerce=int, choices=Article._meta.get_field("priority").choices
        ),
        "picture_wanted": lambda: forms.BooleanField(required=False),
        "legal_wanted": lambda: forms.BooleanField(required=False),
    }  # fmt: skip

    def __init__(self, data, field):
        super().__init__(data)
        self.fields["value"] = self.FIELDS[field]()
        without_controls(self)


@require_POST
def plan_cell(request, pk, field):
    """Change one field of a story's diary. Answers in JSON: {row: its HTML as it stands, error or said}."""
    who_may_see(request.user)
    article = get_object_or_404(readable_stories(request.user), pk=pk)
    if field not in planning.FIELDS:
        return JsonResponse({"error": "There is no such field in the diary."}, status=404)
    form, answer, status = CellForm(request.POST, field), {}, 400
    if form.is_valid():
        with Attempt() as attempt:
            stopped = planning.plan(
                article, field, form.cleaned_data["value"], by=request.user, was=request.POST.get("was", "")
            ).stopped
        status = attempt.status
        if attempt.refusal:
            answer["error"] = attempt.words
        elif stopped:
            answer["said"] = waiting.said_of_stopped(stopped)
    else:
        answer["error"] = form.errors["value"][0]
    [row] = rows_of([article.pk], request.user)
    answer |= {"row": render_to_string("admin/planning/row.html", {"row": row}, request=request)}
    answer |= {"value": planning.as_text(row.story, field), "day": f"{row.story.planned_for or ''}"}
    return JsonResponse(answer, status=status)
