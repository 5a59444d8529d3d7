"""Which stories stand in the diary, and what a list shows of each: a fixed number of queries, and no text."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from newsroom import clock, paper
from newsroom.desk.today import is_past, lateness

from ...actions import planning
from ...models import Article, Assignment, Edition, Kind, State
from ...workflow import IN_WORK
from ..base import pill_state, with_phrases, with_writers
from ..home.owed import unsigned

MOST = 600  # stories of a span of days, of which a page shows one
SHOWN = 200  # stories on a page
BEHIND, AHEAD = timedelta(days=14), timedelta(days=60)
OPEN = frozenset({State.PITCH, *IN_WORK})
DAY = timedelta(days=1)


def narrowed(stories, section=None, person=None):
    """The stories of a section and its parts, and of a person, where these are asked for."""
    if section:
        stories = stories.filter(Q(section=section) | Q(section__parent=section))
    return stories.filter(assignee=person) if person else stories


def days_of_stories(first, last, *, going_out=True, **filters):
    """{day: [(id, state)]} of the stories of some days: planned for them, or due on them without a plan.

    With `going_out`, those too whose first edition goes out then.

    Three queries, each on an index of days or moments.
    """
    stories = narrowed(Article.objects.exclude(state=State.SPIKED), **filters)
    planned = stories.filter(planned_for__range=(first, last)).order_by("planned_for", "pk")
    span = {"due_at__gte": paper.start_of(first), "due_at__lt": paper.start_of(last + DAY)}
    due = stories.filter(planned_for=None, **span).order_by("due_at", "pk")
    found = defaultdict(list)
    for pk, state, day in planned.values_list("pk", "state", "planned_for")[:MOST]:
        found[day].append((pk, state))
    for pk, state, at in due.values_list("pk", "state", "due_at")[:MOST]:
        found[paper.day_of(at)].append((pk, state))
    for pk, state, at in _going_out(last, **filters) if going_out else ():
        if (pk, state) not in found[paper.day_of(at)]:
            found[paper.day_of(at)].append((pk, state))
    return found


def _going_out(last, section=None, person=None):
    """(id, state, moment) of the stories whose first edition goes out, or went, from today to a day."""
    firsts = Edition.objects.filter(
        Q(live_until=None) | Q(live_until__gt=F("live_from")), kind=Kind.FIRST,
        live_from__gte=paper.start_of(paper.today()), live_from__lt=paper.start_of(last + DAY),
    )  # fmt: skip
    if section:
        firsts = firsts.filter(Q(section=section) | Q(section__parent=section))
    if person:
        firsts = firsts.filter(article__assignee=person)
    return firsts.order_by("live_from", "pk").values_list("article", "article__state", "live_from")[:MOST]


def undated(**filters):
    """The newest open stories that have neither a day nor an hour; a query for each state."""
    stories = narrowed(Article.objects.filter(planned_for=None, due_at=None), **filters)
    pks = []
    for state in sorted(OPEN):
        pks += stories.filter(state=state).order_by("-updated_at", "-pk").values_list("pk", flat=True)[: SHOWN // 5]
    return pks


@dataclass
class Row:
    """A story in a list of the diary, with what this person may change of it."""

    story: Article
    may: frozenset
    asked: bool = False  # whether the assignee has still to say yes
    signed: bool = False  # whether the lawyer who is wanted has cleared the words as they stand

    @property
    def name(self):
        return self.story.catchline or str(self.story)

    @property
    def tone(self):
        return pill_state(self.story)

    @property
    def who(self):
        """Whose it is, or who has written it; "" for nobody."""
        return str(self.story.assignee or self.story.writer_names)

    @property
    def due(self):
        return self.story.due_at

    @property
    def late(self):
        """By how much it is over its hour, while nobody has submitted it; "" where it is not."""
        waits = self.story.state in (State.PITCH, State.DRAFT, State.NEEDS_CHANGES)
        return lateness(self.due) if waits and isinstance(self.due, datetime) and is_past(self.due) else ""

    @property
    def picture_trouble(self):
        """Why the picture that it has may not be published, in two words; "" where it may, or there is none."""
        image = self.story.lead_image
        if image is None:
            return ""
        over = image.rights_until and image.rights_until <= clock.process_time()
        return "Restricted" if image.restricted else "Rights ended" if over else ""

    @property
    def is_over(self):
        """Whether it is longer than planned by more than the checklist lets pass."""
        planned = self.story.planned_length
        return bool(planned) and self.story.word_count > planned * 1.2

    @property
    def values(self):
        """{field: its value as cells send it along}."""
        return {field: planning.as_text(self.story, field) for field in planning.FIELDS}


def rows_of(pks, user):
    """The Rows of some stories, in their order; at most eight queries."""
    stories = Article.objects.filter(pk__in=pks)
    stories = stories.select_related("section", "section__parent", "assignee", "lead_image").defer(
        "body", "genre_facts", "merge_conflict", "standfirst", "lead_caption", "embargo_terms",
        "lead_image__metadata", "lead_image__keywords", "lead_image__instructions",
    )  # fmt: skip
    found = {story.pk: story for story in with_writers(with_phrases(stories))}
    stories = [found[pk] for pk in pks if pk in found]
    wanted = [story for story in stories if story.legal_wanted]
    waiting = {story.pk for story in unsigned(wanted, "legal")} if wanted else set()
    asked = set(Assignment.objects.unanswered().filter(article__in=pks).values_list("article", flat=True))
    return [
        Row(
            story,
            frozenset(field for field in planning.FIELDS if not planning.why_not_plan(story, field, user)),
            story.pk in asked,
            story.legal_wanted and story.pk not in waiting,
        )
        for story in stories
    ]


@dataclass
class Group:
    """The rows of a section, and what they come to."""

    name: str
    rows: list

    @property
    def planned(self):
        """How many words are planned; None where a story has no planned length, so that it would say too little."""
        lengths = [row.story.planned_length for row in self.rows]
        return sum(lengths) if all(lengths) else None

    @property
    def has(self):
        return sum(row.story.word_count for row in self.rows)

    @property
    def late(self):
        return sum(bool(row.late) for row in self.rows)

    @property
    def pictures_wanted(self):
        return sum(row.story.picture_wanted and not row.story.lead_image_id for row in self.rows)

    @property
    def legal_wanted(self):
        return sum(row.story.legal_wanted and not row.signed for row in self.rows)


def by_section(rows):
    """Groups by primary section, in the order of sections; what has none comes last. The lead stands first in each."""
    groups = defaultdict(list)
    for row in rows:
        groups[row.story.section].append(row)
    order = sorted(groups, key=lambda s: (s is None, s.order if s else 0, s.name if s else ""))
    return [Group(s.name if s else "No section", sorted(groups[s], key=_weight)) for s in order]


def _weight(row):
    return row.story.priority, row.due is None, row.due or 0, row.story.pk
