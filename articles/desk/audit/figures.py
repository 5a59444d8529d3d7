"""The source audit: whose voices the paper prints, from what readers can read now.

A story belongs to the month of its first publication and to its primary section; it is read in the edition that is
live, so a withdrawn one is not there at all. A person counts once a story, however often it quotes them. Who was
quoted on background alone has no name here either: they count as a source of the story and nowhere else.

Everything is added up by the database over narrow rows, in a number of queries that does not grow.
"""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, IntegerField, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format

from experts.models import Disclosure, Expert, LanguageSkill, SelfDescription
from newsroom import clock, paper
from newsroom.countries import country_name
from newsroom.folding import fold, says
from newsroom.languages import language_name

from ...models import Appearance, Edition, EditionExpert, EditionTopic, Quote
from ...models.people import GROUND_RULES

TOP = 10
SHOWN = 25
LEAST = 10  # people behind any figure about what they say of themselves
DECLINED = "Declined to say"
NO_ANSWER = "No answer on the card"
PERIOD = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|q([1-4])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a year in the paper's zone, from `start` up to `until`; `key` is its form in an address."""

    key: str
    label: str
    start: dt.datetime
    until: dt.datetime

    @property
    def is_quarter(self):
        return "q" in self.key


def period_of_key(key, zone):
    """The period of a key: 2026-11, 2026-q4 or 2026. Raises ValueError for anything else."""
    found = PERIOD.fullmatch(key)
    if not found or not 1900 <= int(found[1]) <= 2200:
        raise ValueError("A month is written 2026-11, a quarter 2026-q4, a year 2026.")
    year, first, months = int(found[1]), 1, 12
    label = found[1]
    if found[2]:
        first, months = int(found[2]), 1
        label = date_format(dt.date(year, first, 1), "F Y")
    elif found[3]:
        first, months = 3 * int(found[3]) - 2, 3
        label = f"Quarter {found[3]}, {year}"
    last = first + months
    start = dt.datetime(year, first, 1, tzinfo=zone)
    return Period(key, label, start, dt.datetime(year + (last > 12), last - 12 if last > 12 else last, 1, tzinfo=zone))


def periods_on_offer(now, zone, years=3):
    """The periods offered, newest first: [(year, [Period])]. Years before the last `years` are offered as a whole."""
    today = paper.day_of(now, zone)
    first = Edition.objects.live().aggregate(first=Min("first_published_at"))["first"]
    oldest = first.astimezone(zone).year if first else today.year
    offered = []
    for year in range(today.year, min(oldest, today.year) - 1, -1):
        keys = [f"{year}"]
        if today.year - year < years:
            keys += [f"{year}-q{n}" for n in (4, 3, 2, 1)] + [f"{year}-{month:02}" for month in range(12, 0, -1)]
        offered.append((str(year), [p for p in (period_of_key(key, zone) for key in keys) if p.start <= now]))
    return offered


@dataclass
class Row:
    """One line of a part: `count` out of `of`; a line of a list has neither."""

    label: str
    count: int | None = None
    of: int | None = None
    url: str = ""
    most: int = 0  # the longest bar of its part

    @property
    def share(self):
        return f"{round(100 * self.count / self.of)}%" if self.count is not None and self.of else ""

    @property
    def width(self):
        """The length of its bar, in percent of the longest."""
        return round(100 * self.count / self.most, 1) if self.count and self.most else 0


@dataclass
class Part:
    """One question of the audit and its answer. `left` says how many lines more there would be."""

    key: str
    title: str
    rows: list[Row]
    note: str = ""
    unit: str = ""
    left: int = 0
    empty: str = "None."

    def __post_init__(self):
        most = max((row.count or 0 for row in self.rows), default=0)
        for row in self.rows:
            row.most = most

    @property
    def is_list(self):
        return bool(self.rows) and self.rows[0].count is None


@dataclass
class Report:
    """The audit of a period and a section (None: the whole paper)."""

    period: Period
    section: object
    figures: list[Row] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    HEAD = ("Part", "Line", "Number", "Of", "Share")

    @cached_property
    def lines(self):
        """Everything that was counted, flat: the table under the charts and the CSV are these lines."""
        rows = [("In figures", row) for row in self.figures]
        rows += [(part.title, row) for part in self.parts for row in part.rows]
        return [
            (title, row.label, "" if row.count is None else row.count, "" if not row.of else row.of, row.share)
            for title, row in rows
        ]


def audit_report(wanted, *, section=None, at=None, self_descriptions=False):
    """The audit of a period, of one section with its parts or of the whole paper, as readers see it at a moment (now).

    `self_descriptions` adds what people said of themselves, where that can be told: see `_described_parts`.
    """
    return _Audit(wanted, section, at, self_descriptions).report()


class _Audit:
    def __init__(self, wanted, section, at, self_descriptions):
        self.period, self.section, self.at, self.self_descriptions = wanted, section, at, self_descriptions
        within = {"first_published_at__gte": wanted.start, "first_published_at__lt": wanted.until}
        self.editions = Edition.objects.live(at).filter(**within).order_by()
        if section is not None:
            self.editions = self.editions.filter(Q(section=section) | Q(section__parent=section))
        # Where two cards were merged into one, both may have stood in a story: the person counts once.
        again = EditionExpert.objects.filter(edition=OuterRef("edition"), expert=OuterRef("expert"))
        self.links = EditionExpert.objects.filter(
            ~Exists(again.filter(pk__lt=OuterRef("pk"))), edition__in=self.editions
        )

    def report(self):
        self._count_voices()
        self._count_stories()
        self._count_quotes()
        report = Report(self.period, self.section, self._headline_figures())
        report.parts = [
            self._whose_part(), self._concentration_part(), self._new_voices_part(), self._roles_part(),
            self._sources_part(), self._single_source_part(), self._terms_part(), self._countries_part(),
            self._languages_part(), self._undisclosed_part(), *self._described_parts(),
        ]  # fmt: skip
        return report

    # --- what is asked of the database -------------------------------------------------------------

    def _count_voices(self):
        """Count in how many stories each person is named, and in which roles; note who was heard before."""
        rows = self.links.values_list(
            "expert", "role", "expert__display_name", "expert__sort_name", "expert__country", "expert__removed_at"
        ).annotate(stories=Count("pk"))  # fmt: skip
        self.stories_of, self.role_of, self.called, self.country_of = Counter(), Counter(), {}, {}
        self.removed = set()
        for expert, role, name, sort_name, code, removed_at, stories in rows.order_by():
            self.removed |= {expert} if removed_at else set()
            self.stories_of[expert] += stories
            self.role_of[role] += stories
            self.called[expert], self.country_of[expert] = (sort_name, name), code
        self.voices, self.people = self.stories_of.total(), len(self.stories_of)
        # EXISTS and not IN: it stops at the first row, and uses the index by person.
        live = Edition.objects.live(self.at).filter(pk=OuterRef("edition"))
        earlier = EditionExpert.objects.filter(
            Exists(live), expert=OuterRef("pk"), first_published_at__lt=self.period.start
        )
        heard = Expert.objects.filter(Exists(earlier), pk__in=self.links.values("expert"))
        self.known = set(heard.order_by().values_list("pk", flat=True))
        direct = Quote.objects.filter(edition=OuterRef("edition"), expert=OuterRef("expert"))
        self.paraphrased = self.links.filter(~Exists(direct.exclude(kind="paraphrase"))).count()

    def _count_stories(self):
        """Count the sources of each story: people named, people on background, and unnamed attributions."""
        named = EditionExpert.objects.filter(edition=OuterRef("edition"), expert=OuterRef("expert"))
        on_background = Quote.objects.filter(~Exists(named))
        people = _people_named_in(EditionExpert.objects) + _people_named_in(on_background)
        # Attributions stand in the frozen data of an edition: read only for the few stories where they decide.
        unattributed = ExpressionWrapper(Q(text__data__attributions=[]), output_field=BooleanField())
        few = self.editions.annotate(people=people).filter(people__lte=1).annotate(unattributed=unattributed)
        rows = few.values_list("people", "unattributed", "first_published_at", "article_id", "pk")
        alone, self.silent = [], 0
        for named, plain, *key in rows:
            if plain and named:
                alone.append(key)
            elif plain:
                self.silent += 1
        self.stories, self.alone = self.editions.count(), len(alone)
        newest = [pk for _, _, pk in sorted(alone, reverse=True)[:SHOWN]]
        told = self.editions.filter(pk__in=newest).order_by("-first_published_at", "-article_id")
        self.single = list(told.values_list("text__headline", "path"))

    def _count_quotes(self):
        """Count the quotations by their terms and by kind."""
        rows = Quote.objects.filter(edition__in=self.editions).order_by()
        self.rule_of, self.kind_of = Counter(), Counter()
        for rule, kind, number in rows.values_list("ground_rule", "kind").annotate(Count("pk")):
            self.rule_of[rule] += number
            self.kind_of[kind] += number
        self.quotes = self.rule_of.total()

    # --- the answers -------------------------------------------------------------------------------

    def _headline_figures(self):
        top = sum(number for _, number in self.stories_of.most_common(TOP))
        return [
            Row("Stories", self.stories),
            Row("Voices, a person once a story", self.voices),
            Row("People", self.people),
            Row("Voices that are one of the ten most heard", top, self.voices),
            Row("People heard for the first time", self.people - len(self.known), self.people),
            Row("Stories with a single source", self.alone, self.stories),
            Row("Quotations on the record", self.rule_of["on_record"], self.quotes),
        ]

    def _ranked(self):
        return sorted(self.stories_of.items(), key=lambda item: (-item[1], self.called[item[0]], item[0]))

    def _whose_part(self):
        ranked = [(pk, stories) for pk, stories in self._ranked() if pk not in self.removed]
        rows = [
            Row(self.called[pk][1], stories, self.stories, reverse("admin:experts_expert_change", args=[pk]))
            for pk, stories in ranked[:SHOWN]
        ]
        note = "Stories in which each person is named."
        if self.removed:
            note += " Who was removed at their own request is counted above and not listed."
        return Part("whose", "Whose voices", rows, note, "stories",
                    max(0, len(ranked) - SHOWN), "No story names anybody of the source book.")  # fmt: skip

    def _concentration_part(self):
        top = sum(number for _, number in self._ranked()[:TOP])
        rows = [
            Row("The ten most heard", top, self.voices),
            Row("Everybody else", self.voices - top, self.voices),
        ]
        return Part("concentration", "How concentrated", rows, "A person counts once a story.", "voices")

    def _new_voices_part(self):
        once = sum(1 for number in self.stories_of.values() if number == 1)
        rows = [
            Row("For the first time", self.people - len(self.known), self.people),
            Row("Heard before", len(self.known), self.people),
            Row("Heard in one story only", once, self.people),
        ]
        note = (
            "The first time in any story of the paper that readers can still read. The first two lines share out all "
            "people; the third is of either."
        )
        return Part("known", "New voices", rows, note, "people")

    def _roles_part(self):
        rows = [Row(label, self.role_of[role], self.voices) for role, label in Appearance.ROLES]
        rows.append(Row("Of whom no word is quoted", self.paraphrased, self.voices))
        note = "As each story said it. The last line is of all of them."
        return Part("roles", "As what they speak", rows, note, "voices")

    def _sources_part(self):
        rows = [
            Row("Several sources", self.stories - self.alone - self.silent, self.stories),
            Row("A single source", self.alone, self.stories),
            Row("No source on record", self.silent, self.stories),
        ]
        note = "People named, people on background, and each unnamed or second-hand attribution."
        return Part("sources", "Sources of a story", rows, note, "stories")

    def _single_source_part(self):
        rows = [Row(headline, url=path) for headline, path in self.single]
        return Part("single", "Stories with a single source", rows, "Newest first.", left=max(0, self.alone - SHOWN))

    def _terms_part(self):
        # Rules that cannot be published today can still stand in imported stories.
        rows = [
            Row(label, self.rule_of[rule], self.quotes)
            for rule, label in GROUND_RULES
            if self.rule_of[rule] or rule in ("on_record", "background")
        ]
        rows.append(Row("Quotations in paraphrase", self.kind_of["paraphrase"], self.quotes))
        return Part("terms", "On what terms", rows, "The last line is of either.", "quotations")

    def _countries_part(self):
        counts = Counter()
        for pk, stories in self.stories_of.items():
            counts[country_name(self.country_of[pk])] += stories
        return self._part_by_name("countries", "Countries", counts, "Where the card says that they live and work.")

    def _languages_part(self):
        """Voices by language; somebody who speaks two counts for both."""
        counts, speakers = Counter(), set()
        skills = LanguageSkill.objects.filter(
            level__gte=LanguageSkill.INTERVIEW, expert__in=self.links.values("expert")
        ).order_by()  # fmt: skip
        spoken = {(pk, tag.partition("-")[0].lower()) for pk, tag in skills.values_list("expert", "tag")}
        for pk, tag in spoken:
            counts[language_name(tag)] += self.stories_of[pk]
            speakers.add(pk)
        counts[""] = sum(stories for pk, stories in self.stories_of.items() if pk not in speakers)
        note = "That they can be interviewed in. Who speaks several counts for each."
        return self._part_by_name("languages", "Languages", counts, note)

    def _part_by_name(self, key, title, counts, note):
        """A part with a line for each name, the largest first; what is not known comes last."""
        unknown = counts.pop("", 0)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        rows = [Row(label, number, self.voices) for label, number in ranked[:SHOWN]]
        if unknown:
            rows.append(Row("Not on the card", unknown, self.voices))
        return Part(key, title, rows, note, "voices", max(0, len(ranked) - SHOWN))

    def _undisclosed_part(self):
        """Who spoke on a topic in which they have an interest that must be printed, and it was not."""
        found = []
        interests = Disclosure.objects.filter(must_print=True, expert__in=self.links.values("expert"))
        by_expert = {}
        for interest in interests.prefetch_related("topics"):
            by_expert.setdefault(interest.expert_id, []).append(interest)
        links = self.links.filter(expert__in=interests.order_by().values("expert"))
        topics = {}
        for edition, topic in EditionTopic.objects.filter(edition__in=links.values("edition")).values_list(
            "edition", "topic"
        ):
            topics.setdefault(edition, set()).add(topic)
        rows = links.order_by("-first_published_at", "-article_id", "pk").values_list(
            "expert", "edition", "first_published_at", "edition__path", "edition__text__headline",
            "edition__text__plain", "edition__text__data__people",
        )  # fmt: skip
        for expert, edition, at, path, headline, plain, people in rows:
            day = paper.day_of(at, self.period.start.tzinfo)
            said = next((a.get("disclosure") for a in people or [] if a["expert"] == expert), "") or ""
            words = fold(f"{plain} {said}")
            for interest in by_expert.get(expert, []):
                on = {topic.pk for topic in interest.topics.all()}
                owed = interest.holds_on(day) and (not on or on & topics.get(edition, set()))
                if owed and not says(words, interest.print_text):
                    found.append(Row(f"{self.called[expert][1]}, in “{headline}”: {interest.print_text}", url=path))
        note = "An interest that must be printed, known now, stood on the day of the story and met its topics."
        return Part("undisclosed", "Interests that were not printed", found[:SHOWN], note,
                    left=max(0, len(found) - SHOWN))  # fmt: skip

    # --- what people say of themselves -------------------------------------------------------------

    def _described_parts(self):
        """What people said of themselves, only in numbers that identify nobody.

        Only for the whole paper and a quarter that is over, by what had been said then: such periods do not overlap,
        so no two reports can be subtracted from each other. `cells_to_show` adds up what would show fewer than ten.
        """
        if not self.self_descriptions:
            return []
        title, key = "What they say of themselves", "described"
        over = self.period.until <= (self.at or clock.process_time())
        if self.section is not None or not self.period.is_quarter or not over:
            note = "Told for the whole paper and a quarter that is over: smaller or newer figures could be subtracted."
            return [Part(key, title, [], note, empty="Not told for this choice.")]
        last = paper.day_of(self.period.until - dt.timedelta(days=1), self.period.start.tzinfo)
        rows = (
            SelfDescription.objects.filter(expert__in=self.links.values("expert"), said_on__lte=last)
            .order_by("dimension").values_list("dimension", "answer").annotate(Count("expert", distinct=True))
        )  # fmt: skip
        answers = {}
        for dimension, answer, number in rows:
            answer = DECLINED if answer.strip().casefold() == "declined" else answer.strip()
            answers.setdefault(dimension, Counter())[answer] += number
        parts = []
        for dimension, counts in answers.items():
            shown = cells_to_show(counts, self.people)
            parts.append(
                Part(f"{key}-{len(parts)}", f"{title}: {dimension}", [Row(*cell, self.people) for cell in shown],
                     "As they told us, never guessed, never per person; no figure stands for fewer than ten people.",
                     "people", empty="Too few people to tell anything.")
            )  # fmt: skip
        return parts or [Part(key, title, [], empty="Nobody has said anything of themselves.")]


def _people_named_in(rows):
    """How many different experts the rows of an edition name."""
    counted = (
        rows.filter(edition=OuterRef("pk")).order_by().values("edition").annotate(n=Count("expert", distinct=True))
    )
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


TOO_FEW = "Answers too rare to be told apart"


def cells_to_show(answers, people):
    """The answers about one dimension that may be shown, as [(label, number)], the largest first.

    No cell, no sum of cells and no difference from the total stands for fewer than LEAST people: rare answers are
    added up in one line without their names, and where that line is still too small, the next rarest joins it.
    Where nothing is left to hide it behind, nothing is told at all.
    """
    cells = {label: number for label, number in answers.items() if number}
    if missing := people - sum(cells.values()):
        cells[NO_ANSWER] = missing
    ranked = sorted(cells.items(), key=lambda cell: (-cell[1], cell[0]))
    rest = 0
    while ranked and (ranked[-1][1] < LEAST or 0 < rest < LEAST):
        rest += ranked.pop()[1]
    if 0 < rest < LEAST:
        return []
    return [*ranked, (TOO_FEW, rest)] if rest else ranked
