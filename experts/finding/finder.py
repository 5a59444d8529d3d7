"""The finder: which experts fit what the desk is looking for, best first, each with the reasons in words."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from types import SimpleNamespace

from django.db.models import Count, Exists, FilteredRelation, Max, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.formats import date_format

from newsroom import clock, languages, paper
from newsroom.models import Topic

from ..access import Tier
from ..models import Bar, Channel, ContactLog, Expert, ExpertTopic, LanguageSkill, verification
from . import availability

MOST_READ = 1500
MOST_RANKED = 300
DAY = timedelta(days=1)
QUOTED_LATELY = timedelta(days=90)
WORKED_LATELY = timedelta(days=180)
SHOWN_BESIDE_STORY = 8
FREE, UNKNOWN = "free", "unknown"
HOURS_ORDER = {FREE: 0, "": 0, UNKNOWN: 1}

TOPIC_WORTH = {3: 60, 2: 40, 1: 20}
LANGUAGE_WORTH = {4: 15, 3: 10, 2: 5, 1: 0}
VERY_REGION = 1  # for the language as it was asked for: ar-JO, not ar
PROOF_WORTH = {verification.VERIFIED: 15, verification.STALE: 4, verification.NEVER: 0}
PROOF_SAYS = {verification.VERIFIED: "Identity verified", verification.STALE: "Identity checked too long ago",
              verification.NEVER: "Identity never verified"}  # fmt: skip
OUTCOME_WORTH = {"reached": 8, "later": 2, "no answer": -4, "bounced": -6, "declined": -8}
QUOTED_COSTS, QUOTED_COSTS_MOST = 6, 30


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field does not matter. `within` is in minutes from now.

    `topic` is any name of a topic, as typed; `topics` are ids.
    """

    topic: str = ""
    topics: tuple = ()
    language: str = ""
    level: int = LanguageSkill.INTERVIEW
    on_air: bool = False
    format: str = ""
    within: int = 0
    verified: bool = False
    country: str = ""

    def __bool__(self):
        return any((self.topic, self.topics, self.language, self.format, self.within, self.verified, self.country))


@dataclass
class FoundExpert:
    """A card that fits: its score, the reasons in words, and `hours`: "free", "unknown", or "" where nobody asked."""

    expert: Expert
    score: float
    reasons: list = field(default_factory=list)
    hours: str = ""
    of_calls: frozenset = frozenset()

    def reasons_for(self, tier):
        """The reasons that a person of a tier may see; results of calls and numbers only from the staff tier on."""
        hidden = self.of_calls if tier < Tier.STAFF else ()
        return [reason for reason in self.reasons if reason and reason not in hidden]


class FoundExperts(list):
    """FoundExperts, best first. `total` is how many fit; with `is_at_least` there may be more, whom nobody read."""

    total = 0
    is_at_least = False


@paper.settled()
def find_experts(wanted, now=None):
    """FoundExperts: who fits, best first, with unknown hours last. Two queries, however many cards, and
    one before them for the topics that `topic` means.

    Left out is everybody who is not to be contacted, is away, or failed the identity check. Where more than MOST_READ
    cards have what is asked for, those with the best knowledge are read; at most MOST_RANKED are returned.
    """
    now = now or clock.process_time()
    if wanted.topic.strip():
        meant = Topic.objects.meant_by(wanted.topic).values_list("pk", flat=True)
        wanted = replace(wanted, topic="", topics=tuple(meant))
        if not wanted.topics:
            return FoundExperts()
    fits, is_at_least = _find_fitting(wanted, now)
    best = sorted(fits, key=lambda fit: (HOURS_ORDER[fit.state], -fit.worth, fit.pk))[:MOST_RANKED]
    experts = {expert.pk: expert for expert in _with_checks_and_calls([fit.pk for fit in best], now)} if best else {}
    found = FoundExperts(_rank(experts[fit.pk], fit, wanted, now) for fit in best if fit.pk in experts)
    found.sort(key=lambda one: (HOURS_ORDER[one.hours], -one.score, one.expert.sort_name, one.expert.pk))
    found.total, found.is_at_least = len(fits), is_at_least
    return found


def find_for_topics(topic_ids, day=None):
    """The best SHOWN_BESIDE_STORY experts for a story's topics; two queries."""
    ids = tuple(topic_ids)
    now = clock.process_time()
    if day is not None and day != paper.day_of(now):
        now = datetime.combine(day, time(12), tzinfo=paper.zone())
    return find_experts(Wanted(topics=ids), now)[:SHOWN_BESIDE_STORY] if ids else []


# --- who fits ------------------------------------------------------------------------------------


def _find_fitting(wanted, now):
    """(the Fits of the first query, without cards that are away or busy; whether MOST_READ left out some).

    It joins what is read of a card and uses no subqueries: a card has one row for each of its windows, and few others.
    """
    day, today = paper.day_of(now), paper.day_of(now, UTC)
    near = Q(time_off__last__gte=today - 2 * DAY, time_off__first__lte=today + 2 * DAY)
    fitting = (
        _by_verification(_that_may_be_asked(wanted, day), wanted, day)
        .order_by(*_by_knowledge(wanted))
        .values("pk")[:MOST_READ]
    )
    cards = _with_topic_and_language(Expert.objects.filter(pk__in=fitting), wanted)
    cards = cards.annotate(away=FilteredRelation("time_off", condition=near))
    parts_read = {"away": ["away__first", "away__last"]}
    if wanted.within:
        # As text, since parsing is cached and a broad question has thousands of rows.
        hours = {f"hours_{name}": Cast(f"windows__{name}", TextField()) for name in ("start", "end", "formats")}
        cards, parts_read["hours"] = cards.annotate(**hours), ["windows__weekday", *hours]
    if wanted.topics:
        parts_read["topic"] = ["topic_items__level", "topic_items__tag__name"]
    if wanted.language:
        parts_read["language"] = ["languages__level", "languages__on_air", "languages__tag"]
    columns, parts = ["pk", "time_zone", "lead_time"], {}
    for part, names in parts_read.items():
        parts[part] = len(columns), len(columns) + len(names)
        columns += names
    # Card by card, so that cards that do not fit take no memory.
    rows = cards.order_by("pk").values_list(*columns).iterator(chunk_size=5000)
    fits, read = [], 0
    for row, more in _group_by_card(rows):
        fit = Fit(*row[:3], parts, [row, *more])
        read += fit.rows_that_fit
        if fit.is_available(wanted, now):
            fits.append(fit)
    return fits, read >= MOST_READ


def _group_by_card(rows):
    """(first row, the other rows) of each card, from rows that are sorted by card."""
    first, more = None, []
    for row in rows:
        if first is not None and row[0] != first[0]:
            yield first, more
            first, more = row, []
        elif first is None:
            first = row
        else:
            more.append(row)
    if first is not None:
        yield first, more


@lru_cache(maxsize=4096)
def _window_from_text(weekday, start, end, formats):
    """An AvailabilityWindow from its columns as text."""
    start, end = time.fromisoformat(start), time.fromisoformat(end)
    return SimpleNamespace(weekday=weekday, start=start, end=end, formats=json.loads(formats or "[]"))


class Fit:
    """A card as the first query reads it, and whether it is available then."""

    __slots__ = ("notice", "parts", "pk", "rows", "state", "until", "zone")

    def __init__(self, pk, zone, notice, parts, rows):
        self.pk, self.zone, self.notice, self.parts, self.rows = pk, zone, notice, parts, rows
        self.state, self.until = "", None

    def values_of(self, part):
        """The different values that the rows have for a part: away, hours, topic or language."""
        start, end = self.parts.get(part, (0, 0))
        return {row[start:end] for row in self.rows if end and row[start] is not None}

    @property
    def best_topic(self):
        """(level, name) of the wanted topic that they know best."""
        return max(self.values_of("topic"), default=(0, ""))

    @property
    def best_language(self):
        """(level, whether on air, tag) of the wanted language, or of the one that it is a region's of."""
        return max(self.values_of("language"), key=lambda one: (*one[:2], len(one[2])), default=(0, False, ""))

    @property
    def rows_that_fit(self):
        """How many rows of the cards to read the card took at least: one for each topic and language that is wanted."""
        return max(1, len(self.values_of("topic"))) * max(1, len(self.values_of("language")))

    @property
    def worth(self):
        return TOPIC_WORTH.get(self.best_topic[0], 0) + LANGUAGE_WORTH.get(self.best_language[0], 0)

    def is_available(self, wanted, now):
        """Set `state` and `until`; False where they are away, or not free although that was asked for."""
        tz = availability.zone_named(self.zone)
        until = now.astimezone(UTC) + timedelta(minutes=max(wanted.within, 1))
        away = [SimpleNamespace(first=first, last=last) for first, last in self.values_of("away")]
        if away and availability.is_off(tz or paper.zone(), away, now, until):
            return False
        if not wanted.within:
            return True
        if (self.notice or 0) > wanted.within:
            return False
        hours = self.values_of("hours")
        if tz is None or not hours:
            self.state = UNKNOWN
            return True
        windows = [_window_from_text(*row) for row in hours]
        self.until = availability.free_until(tz, windows, now, wanted.format)
        self.state = FREE
        return self.until is not None and self.until >= until


def _speaks_language(wanted):
    tag = wanted.language.lower()
    spoken = Q(languages__tag__istartswith=f"{tag}-")
    while tag:  # who speaks Arabic is found for the Arabic of Jordan, too
        spoken |= Q(languages__tag__iexact=tag)
        tag = tag.rpartition("-")[0]
    return spoken & Q(languages__level__gte=wanted.level, **({"languages__on_air": True} if wanted.on_air else {}))


def _with_topic_and_language(cards, wanted):
    """Cards with the wanted topic and language, by joins from which the levels can be read."""
    if wanted.topics:
        cards = cards.filter(topic_items__tag__in=wanted.topics)
    return cards.filter(_speaks_language(wanted)) if wanted.language else cards


def _by_knowledge(wanted):
    known = ["-topic_items__level"] if wanted.topics else []
    return [*known, *(["-languages__level"] if wanted.language else []), "pk"]


def _by_verification(cards, wanted, day):
    """The cards without those that failed the identity check; only verified ones where that is wanted."""
    cards = cards.with_verification_state(day)
    if wanted.verified:
        return cards.filter(verification_state=verification.VERIFIED)
    return cards.exclude(verification_state=verification.FAILED)


def _that_may_be_asked(wanted, day):
    """Active cards with everything wanted except the hour, without those barred from contact."""
    bars = Bar.objects.standing_on(day).filter(kind=Bar.CONTACT, medium__in=["", wanted.format])
    bars = bars.filter(Q(topic=None) | Q(topic__in=wanted.topics)) if wanted.topics else bars.filter(topic=None)
    # NOT IN instead of EXISTS: PostgreSQL hashes it, where it would read every bar for every card.
    cards = Expert.objects.current().filter(status="active").exclude(pk__in=bars.order_by().values("expert"))
    cards = _with_topic_and_language(cards, wanted)
    if wanted.on_air and not wanted.language:
        cards = cards.filter(pk__in=LanguageSkill.objects.filter(on_air=True).values("expert"))
    if wanted.format:
        cards = cards.annotate(does=Cast("formats", TextField())).filter(does__contains=f'"{wanted.format}"')
    if wanted.country:
        cards = cards.filter(country=wanted.country)
    return cards


# --- how well ------------------------------------------------------------------------------------


def _with_checks_and_calls(ids, now):
    """The second query: the cards with their check of identity, last calls and how often they were quoted lately."""
    day = paper.day_of(now)
    quotes = Expert.quotes.rel.related_model.objects.live(now).filter(
        expert=OuterRef("pk"), edition__first_published_at__gte=now - QUOTED_LATELY
    )
    quoted_lately = quotes.order_by().values("expert").annotate(n=Count("edition__article", distinct=True)).values("n")
    newest = ContactLog.objects.filter(expert=OuterRef("pk"), at__lte=now).order_by("-at", "-pk")
    usable = Channel.objects.filter(expert=OuterRef("pk"), do_not_use=False).order_by()
    works = usable.filter(verify_result="works").values("expert").annotate(on=Max("verified_on")).values("on")
    barred = Bar.objects.standing_on(day).filter(expert=OuterRef("pk"), kind=Bar.QUOTE, topic=None, medium="")
    return Expert.objects.filter(pk__in=ids).with_verification_state(day).annotate(
        quoted_lately=Subquery(quoted_lately), last_outcome=Subquery(newest.values("outcome")[:1]),
        last_tried=Subquery(newest.values("at")[:1]), works_on=Subquery(works),
        bounced=Exists(usable.filter(verify_result="bounced")), not_quoted=Subquery(barred.values("reason")[:1]),
    ).defer("bio", "search_key", "name_skeleton")  # fmt: skip


def _rank(expert, fit, wanted, now):
    score, reasons = fit.worth, []
    level, topic = fit.best_topic
    if level:
        reasons.append(f"{topic}: {dict(ExpertTopic.LEVELS)[level].lower()}")
    level, on_air, tag = fit.best_language
    if level:
        score += VERY_REGION if tag.lower() == wanted.language.lower() else 0
        air = ", on air" if on_air else ""
        reasons.append(f"{languages.language_name(wanted.language)}: {dict(LanguageSkill.LEVELS)[level].lower()}{air}")
        score += 5 if on_air else 0
    if fit.state == FREE:
        reasons.append(f"Free until {_hour_at_their_place(fit.until, fit.zone, now)}")
    elif fit.state == UNKNOWN:
        reasons.append("Hours not known")
    score += PROOF_WORTH.get(expert.verification_state, 0)
    reasons.append(PROOF_SAYS.get(expert.verification_state, ""))
    worth, calls = _score_last_calls(expert, now)
    score += worth
    reasons += calls
    if expert.quoted_lately:
        score -= min(QUOTED_COSTS_MOST, QUOTED_COSTS * expert.quoted_lately)
        reasons.append(
            f"Quoted in {expert.quoted_lately} {'story' if expert.quoted_lately == 1 else 'stories'} in 90 days"
        )
    if expert.not_quoted:
        score -= QUOTED_COSTS_MOST
    return FoundExpert(expert, score, reasons, fit.state, frozenset(calls))


def _score_last_calls(expert, now):
    """(score of the last tries to reach a card, [their results in words])."""
    worth, reasons, day = 0, [], paper.day_of(now)
    if expert.works_on:
        worth += 10 if day - expert.works_on <= WORKED_LATELY else 4
        reasons.append(f"A number or address worked on {_day_as_text(expert.works_on)}")
    if expert.bounced:
        worth -= 5
        reasons.append("A number or address bounced")
    if expert.last_outcome:
        says = dict(ContactLog.OUTCOMES)[expert.last_outcome]
        worth += OUTCOME_WORTH[expert.last_outcome] if now - expert.last_tried <= timedelta(days=365) else 0
        reasons.append(f"{says} on {_day_as_text(paper.day_of(expert.last_tried))}")
    return worth, reasons


def _day_as_text(day):
    return date_format(day, "j M Y")


def _hour_at_their_place(until, zone, now):
    """An hour in local time where they are."""
    there = until.astimezone(availability.zone_named(zone))
    if there.time() == time(0):
        there -= timedelta(minutes=1)  # the end of a day belongs to it
        return f"midnight{_tomorrow_there(there, zone, now)} their time ({zone})"
    return f"{there:%H:%M}{_tomorrow_there(there, zone, now)} their time ({zone})"


def _tomorrow_there(there, zone, now):
    tz = availability.zone_named(zone)
    late = paper.day_of(there, tz) > paper.day_of(now, tz)
    return " tomorrow" if late else ""
