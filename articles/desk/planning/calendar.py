"""A week with its two clocks kept apart: what is planned for a day, and what goes out at an hour.

Planned is a wish, and a slip of it can be taken to another day. What goes out has been through the gate: it is changed
in its story, by a move that asks.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from newsroom import clock, paper
from newsroom.desk.display import time_in_words

from ...actions import planning
from ...models import Article, Edition, Kind, State
from ..base import with_writers
from .rows import DAY, days_of_stories
from .views import Filters, page_context, who_may_see

IN_A_LANE = 30  # slips of a day that are shown
WEEK = timedelta(days=7)
# Editions that somebody set an hour for; the others follow from one that went out.
TIMED = (Kind.FIRST, Kind.UPDATE, Kind.MINOR, Kind.WITHDRAWAL, Kind.REINSTATEMENT)


@dataclass
class Slip:
    """A story on a day: planned for it, and whether this person may take it to another."""

    story: Article
    may_move: bool

    @property
    def name(self):
        return self.story.catchline or str(self.story)

    @property
    def facts(self):
        """Where it belongs, whose it is, how long and by when, in a line."""
        story = self.story
        due = story.due_at and f"due {time_in_words(story.due_at)}"
        facts = (story.section, story.assignee or story.writer_names or "nobody", story.planned_length, due)
        return ", ".join(str(fact) for fact in facts if fact)

    @property
    def value(self):
        return planning.as_text(self.story, "planned_for")


@dataclass
class Column:
    """A day of the week with both its lanes."""

    day: date
    is_today: bool
    planned: list
    out: list
    more_planned: int = 0
    more_out: bool = False


@require_safe
def calendar(request):
    who_may_see(request.user)
    filters, today = Filters.of(request), paper.today()
    first, wrong = _week_of(request.GET.get("week", ""), today)
    days = [first + n * DAY for n in range(7)]
    found = days_of_stories(days[0], days[-1], going_out=False, **filters.as_dict())
    shown = [pk for day in days for pk, _ in found.get(day, ())[:IN_A_LANE]]
    slips = _slips(shown, request.user)
    columns = []
    for day in days:
        pks = [pk for pk, _ in found.get(day, ())]
        out = _going_out(day, filters)
        columns.append(
            Column(
                day, day == today, [slips[pk] for pk in pks[:IN_A_LANE] if pk in slips], out[:IN_A_LANE],
                max(len(pks) - IN_A_LANE, 0), len(out) > IN_A_LANE,
            )
        )  # fmt: skip
    context = page_context(request, "calendar", filters) | {
        "title": "Calendar",
        "columns": columns,
        "wrong": wrong,
        "heading": f"{days[0].day} {days[0]:%B} to {days[-1].day} {days[-1]:%B}",
        "before": filters.query(week=first - WEEK),
        "after": filters.query(week=first + WEEK),
        "now": filters.query(),
        "kept": [("week", "" if wrong else request.GET.get("week", ""))],
        "zone": request.publication.time_zone,
    }
    return TemplateResponse(request, "admin/planning/calendar.html", context, status=400 if wrong else 200)


def _week_of(asked, today):
    """(the Monday of the week that an address asks for, what is wrong with it)."""
    monday = today - today.weekday() * DAY
    if not asked:
        return monday, ""
    try:
        day = date.fromisoformat(asked)
        if abs(day - today) > timedelta(days=3660):
            raise ValueError
    except ValueError:
        return monday, f"“{asked[:40]}” is no day of these years, so this is the week we are in."
    return day - day.weekday() * DAY, ""


def _slips(pks, user):
    """{id: Slip} of some stories; two queries."""
    stories = Article.objects.filter(pk__in=pks).select_related("section", "section__parent", "assignee").defer(
        "body", "genre_facts", "merge_conflict", "standfirst", "lead_caption", "embargo_terms"
    )  # fmt: skip
    return {
        story.pk: Slip(story, not planning.why_not_plan(story, "planned_for", user))
        for story in with_writers(list(stories))
    }


def _going_out(day, filters):
    """The editions that begin on a day, soonest first, one more than a lane shows; one query."""
    editions = Edition.objects.filter(
        Q(live_until=None) | Q(live_until__gt=F("live_from")), kind__in=TIMED,
        live_from__gte=paper.start_of(day), live_from__lt=paper.start_of(day + DAY),
    )  # fmt: skip
    if filters.section:
        editions = editions.filter(Q(section=filters.section) | Q(section__parent=filters.section))
    if filters.person:
        editions = editions.filter(article__assignee=filters.person)
    now = clock.process_time()
    rows = list(
        editions.select_related("section", "article").only(
            "kind", "live_from", "section__name", "article__headline", "article__catchline", "article__state"
        ).order_by("live_from", "pk")[: IN_A_LANE + 1]
    )  # fmt: skip
    for edition in rows:
        edition.is_out = edition.live_from <= now
        edition.hour = time_in_words(edition.live_from).rpartition(", ")[2]
        edition.in_work = edition.article.state not in (State.PUBLISHED, State.SPIKED)
    return rows
