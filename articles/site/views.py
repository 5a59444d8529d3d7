"""Lists that readers browse: sections, topics, people, the archive, corrections; and the policy pages."""

import calendar
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, CharField, F, Q, Subquery
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from articles import rendering
from articles.body.schema import sanitise
from articles.models import Contributor, Edition, Front, Section
from newsroom import clock, paper
from newsroom.database.prepared import NOW, Given, Question
from newsroom.models import PolicyPage, Publication, Topic
from newsroom.web import pages

from . import lists, shell, story, structured

DAY_PAGE = 100


def older(path, page):
    return f"{path}?before={page.older}" if page.older else ""


SECTION = lists.Listing(
    "section",
    "slug",
    CharField(),
    where={"visible": True},
    name=F("editionsection__section__name"),
    remit=F("editionsection__section__remit"),
    of=F("editionsection__section_id"),
    as_of=NOW,
    launched=Subquery(Front.objects.filter(section__slug=Given("which", CharField())).values("launched")[:1]),
)
TOPIC = Question(
    lambda: (
        Topic.objects.filter(slug=Given("slug", CharField()))
        .order_by()
        .values("pk", "name", "description", into=F("merged_into__slug"))
    )
)
ON_TOPIC = lists.Listing("topic", "pk", BigIntegerField())
BY_PERSON = lists.Listing("contributor", "slug", CharField(), of=F("editioncontributor__contributor_id"))


@require_safe
@pages.remembered
def section(request, slug):
    """A section's front: what its editors pinned, then everything, newest first."""
    before = lists.key(request.GET.get("before"))
    page = SECTION.page(slug, before)
    about = page.first
    if about is None and not before:  # a section in which nothing is published yet
        about = Section.objects.visible().filter(slug=slug).values("name", "remit", of=F("pk")).first()
    if about is None:
        return story.moved(request)  # many an imported story had an address of this shape
    beat = page.beat or pages.Beat.now()  # asked after the list, so perhaps of a newer state: such a page is not kept
    pins = lists.pinned(about.get("launched"), at=about.get("as_of")) if not before else {}

    def context(around):
        top = lists.cards_of(pins)
        shown = {card.article for card in top}
        rest = [card for card in page.cards if card.article not in shown]
        lead = top[:1] or (rest[:1] if not before else [])
        river = [card for card in rest if card not in lead]
        path = reverse("site:section", args=[slug])
        return {
            "page": shell.page(
                around, about["name"], path + (f"?before={request.GET['before']}" if before else ""), kind="section",
                description=about["remit"], feeds=shell.feeds(about["name"], of="section_", slug=slug),
                json_ld=structured.collection(about["name"], path, about["remit"]),
            ),
            "name": about["name"],
            "remit": about["remit"],
            "lead": lead[0].as_lead if lead else "",
            "beside": top[1:],
            "days": lists.by_day(river),
            "older_url": older(path, page),
            "newest_url": path if before else "",
        }  # fmt: skip

    keep = (slug, before, page.mark) if page.beat else None
    return shell.answer(
        request, "site/section.html", context, beat=beat, mark=page.mark, section=about["of"], keep=keep
    )


@require_safe
@pages.remembered
def topic(request, slug):
    """Everything about a subject; what was merged into another leads there."""
    before = lists.key(request.GET.get("before"))
    about = next(iter(TOPIC.ask(slug=slug)), None)
    if about is None:
        raise Http404("No such topic.")
    if about["into"]:
        return HttpResponsePermanentRedirect(reverse("site:topic", args=[about["into"]]))
    page = ON_TOPIC.page(about["pk"], before)
    if not page.bare:  # a topic that no story shows yet may itself give one away
        raise Http404("No such topic.")
    path = reverse("site:topic", args=[slug])

    def context(around):
        return {
            "page": shell.page(
                around, about["name"], path + (f"?before={request.GET['before']}" if before else ""), kind="topic",
                description=about["description"], feeds=shell.feeds(about["name"], of="topic_", slug=slug),
                json_ld=structured.collection(about["name"], path, about["description"]),
            ),
            "name": about["name"],
            "description": about["description"],
            "days": page.days,
            "older_url": older(path, page),
            "newest_url": path if before else "",
        }  # fmt: skip

    return shell.answer(
        request, "site/topic.html", context, beat=page.beat, mark=page.mark, keep=(slug, before, page.mark)
    )


@require_safe
@pages.remembered
def person(request, slug):
    """A contributor's page: who they are and what they wrote."""
    before = lists.key(request.GET.get("before"))
    page = BY_PERSON.page(slug, before)
    if not page.bare:
        raise Http404("Nobody by that name.")
    path = reverse("site:person", args=[slug])

    def context(around):
        about = Contributor.objects.select_related("portrait").get(pk=page.first["of"])
        return {
            "page": shell.page(
                around, about.name, path, kind="person", description=about.line or about.bio[:160], og_type="profile",
                feeds=shell.feeds(about.name, of="person_", slug=slug),
                json_ld=structured.person(about.name, path, description=about.line),
            ),
            "person": about,
            "portrait": _portrait(about),
            "monogram": rendering.monogram(about.name),
            "days": page.days,
            "older_url": older(path, page),
            "newest_url": path if before else "",
        }  # fmt: skip

    return shell.answer(
        request, "site/person.html", context, beat=page.beat, mark=page.mark, keep=(slug, before, page.mark)
    )


def _portrait(contributor):
    """A contributor's face as templates take it, while the picture may be shown."""
    face = contributor.portrait
    ended = face and (face.restricted or (face.rights_until and face.rights_until <= clock.process_time()))
    return {"token": face.token, "widths": face.widths} if face and not ended else None


# --- the archive --------------------------------------------------------------------------------


@require_safe
def archive(request):
    """A month's calendar, and every year and month since the first story."""
    ends = Edition.objects.live().order_by("first_published_at", "article_id").values("first_published_at")[:1]
    beat = pages.Beat.now()

    def context(around):
        first = next((row["first_published_at"] for row in ends), None)
        first = paper.day_of(first, around.zone) if first else around.today
        year, month = _month(request.GET.get("month"), first, around.today)
        return {
            "page": shell.page(
                around, "Archive", reverse("site:archive"), kind="archive",
                description="Every story by the day of its publication.",
            ),
            "month": month_of(year, month, first, around.today),
            "years": [
                {"year": one, "months": [
                    {"name": date_format(date(one, m, 1), "F"), "url": f"?month={one}-{m:02}",
                     "current": (one, m) == (year, month)}
                    for m in range(12, 0, -1)
                    if (first.year, first.month) <= (one, m) <= (around.today.year, around.today.month)
                ]}
                for one in range(around.today.year, first.year - 1, -1)
            ],
        }  # fmt: skip

    return shell.answer(request, "site/archive.html", context, beat=beat)


def _month(text, first, today):
    """A ?month= as (year, month); without one, this month; what is no month of the paper is no page."""
    if not text:
        return today.year, today.month
    day = _day(f"{text}-01")
    if not date(first.year, first.month, 1) <= day <= today:
        raise Http404("No such month.")
    return day.year, day.month


def _day(text):
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Http404("No such day.")
    return day


def month_of(year, month, first, today):
    """A month as components/calendar.html wants it, the days from the first story until today with links."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return {
        "label": date_format(date(year, month, 1), "F Y"),
        "weekdays": [{"short": date_format(day, "D")[:2], "name": date_format(day, "l")} for day in weeks[0]],
        "weeks": [
            [
                {
                    "number": day.day,
                    "date": day,
                    "url": day_path(day) if first <= day <= today else "",
                    "current": day == today,
                }
                if day.month == month
                else None
                for day in week
            ]
            for week in weeks
        ],
    }


def day_path(day):
    return reverse("site:archive_day", args=[f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"])


@require_safe
def archive_day(request, year, month, day):
    """Everything first published on one day of the paper's zone, and the days before and after that have stories."""
    on = _day(f"{year}-{month}-{day}")
    after = lists.key(request.GET.get("before"))
    zone = (Publication.objects.only("time_zone").first() or Publication(time_zone="UTC")).zone
    try:
        start, end = (datetime.combine(one, time(), zone) for one in (on, on + timedelta(days=1)))
    except OverflowError as error:
        raise Http404("No such day.") from error
    live = Edition.objects.live()
    stories = live.filter(first_published_at__gte=start, first_published_at__lt=end).newest_first()
    stories = lists.with_cards(stories.page_after(after) if after else stories)
    page = lists.Page(list(stories[: DAY_PAGE + 1]), DAY_PAGE)
    if after and not page.bare:
        raise Http404("No such page.")
    near = {row["side"]: paper.day_of(row["first_published_at"], zone) for row in _days_around(live, start, end)}
    if not page.bare and "before" not in near:
        raise Http404("Nothing was published by then.")
    if not page.bare and on > paper.day_of(clock.process_time(), zone):
        raise Http404("That day is still ahead.")

    def context(around):
        name = date_format(on, "l j F Y")
        return {
            "page": shell.page(
                around, name, day_path(on), kind="archive", robots="" if page.bare else "noindex",
                json_ld=structured.collection(name, day_path(on)),
            ),
            "crumbs": [{"title": "Archive", "url": reverse("site:archive")}],
            "day": on,
            "cards": page.cards,
            "previous": near.get("before") and {"day": near["before"], "url": day_path(near["before"])},
            "next": near.get("after") and {"day": near["after"], "url": day_path(near["after"])},
            "older_url": older(day_path(on), page),
            "newest_url": day_path(on) if after else "",
        }  # fmt: skip

    beat = page.beat or pages.Beat.now()  # as in a section
    keep = (on, after, page.mark) if page.beat else None
    return shell.answer(request, "site/archive_day.html", context, beat=beat, mark=page.mark, keep=keep)


def _days_around(live, start, end):
    """The last story before a day and the first after it."""
    sides = (
        ("before", live.filter(first_published_at__lt=start).order_by("-first_published_at", "-article_id")),
        ("after", live.filter(first_published_at__gte=end).order_by("first_published_at", "article_id")),
    )
    for side, stories in sides:
        for row in stories.values("first_published_at")[:1]:
            yield row | {"side": side}


# --- corrections --------------------------------------------------------------------------------

CORRECTIONS_PAGE = 50


@require_safe
def corrections(request):
    """What the paper got wrong: corrections of stories that readers can see, and withdrawals it says in public."""
    before = lists.key(request.GET.get("before"))
    beat = pages.Beat.now()
    entries = corrections_list(before, CORRECTIONS_PAGE + 1)
    if before and not entries:
        raise Http404("No such page.")

    def context(around):
        shown = entries[:CORRECTIONS_PAGE]
        path = reverse("site:corrections")
        last = shown[-1] if len(entries) > CORRECTIONS_PAGE else None
        return {
            "page": shell.page(
                around, "Corrections", path, kind="corrections",
                description="What we got wrong, what is right, and what we withdrew.",
                json_ld=structured.collection("Corrections", path),
            ),
            "entries": shown,
            "older_url": f"{path}?before={last['key']}" if last else "",
            "newest_url": path if before else "",
            "policy_url": around.policy("correct"),
        }  # fmt: skip

    return shell.answer(request, "site/corrections.html", context, beat=beat)


def corrections_list(before, size):
    """Corrections and public withdrawals, newest first, as one list; two queries."""
    columns = ("pk", "kind", "was", "became", "reader_text", "at")
    # In one filter(), so that it is one join: the note that is sorted by is the note that is shown.
    at, pk = before or (clock.now(), None)
    after = Q(article__corrections__at__lt=at) | Q(article__corrections__pk__lt=pk) if before else Q()
    notes = (
        Edition.objects.live()
        .filter(after, article__corrections__at__lte=at)
        .order_by("-article__corrections__at", "-article__corrections__pk")
        .values("path", "text__headline", *(f"article__corrections__{name}" for name in columns))
    )
    gone = (
        Edition.objects.tombstones()
        .filter(list_publicly=True)
        .values("pk", "path", "live_from", "show_headline", "text__headline", "text__data")
    )
    if before:
        gone = gone.filter(Q(live_from__lt=at) | Q(pk__lt=pk), live_from__lte=at)
    entries = []
    for row in notes[:size]:
        note = {name: row[f"article__corrections__{name}"] for name in columns}
        entries.append(note | {"label": LABELS[note["kind"]], "path": row["path"], "headline": row["text__headline"]})
    for row in gone[:size]:
        entries.append(
            {
                "pk": row["pk"],
                "kind": "withdrawal",
                "label": "Withdrawn",
                "at": row["live_from"],
                "path": row["path"],
                "headline": row["text__headline"] if row["show_headline"] else "",
                "reader_text": row["text__data"].get("reader_text", ""),
            }
        )
    entries.sort(key=lambda one: (one["at"], one["pk"]), reverse=True)
    for one in entries:
        one["key"] = lists.key_of(one["at"], one["pk"])
    return entries[:size]


LABELS = {"correction": "Correction", "clarification": "Clarification", "editors_note": "Editor’s note"}


# --- policies --------------------------------------------------------------------------------


@require_safe
def policy(request, slug):
    """A page about how the paper works."""
    about = PolicyPage.objects.filter(slug=slug, public=True).annotate(beat=pages.beat()).first()
    if about is None:
        raise Http404("No such page.")
    path = about.get_absolute_url()

    def context(around):
        return {
            "page": shell.page(
                around, about.title, path, kind="policy",
                json_ld=[structured.breadcrumbs(("Home", "/"), (about.title, path))],
            ),
            "policy": about,
            "body": mark_safe(sanitise(about.body)),
        }  # fmt: skip

    return shell.answer(request, "site/policy.html", context, beat=pages.Beat.read(about.beat), mark=about.pk)
