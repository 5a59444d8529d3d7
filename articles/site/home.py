"""The home page: it fills itself, around what its editors pinned, and never prints a story twice."""

from dataclasses import dataclass, field

from django.db.models import CharField, F, Q, Subquery, Value
from django.views.decorators.http import require_safe

from articles import genres
from articles.models import Edition, Front
from newsroom import clock
from newsroom.web import pages

from . import experts, lists, shell, story, structured, views

BESIDE_LEAD, LATEST, ROW, COLUMN, COLUMNS_IN_A_ROW = 3, 9, 4, 3, 3
ANALYSIS = ("analysis", "explainer", "interview", "fact_check")
OPINION = tuple(name for name, genre in genres.GENRES.items() if genre.colour == "opinion")
VOICES, CORRECTIONS = 3, 3


@require_safe
def home(request):
    """The front page; one query while nothing changes."""
    if request.META.get("QUERY_STRING") and (target := story.find_moved(request.get_full_path())):
        return story.redirect(target)
    beat = pages.Beat.now()
    if shell.of(beat).publication._state.adding:
        return shell.answer(request, "site/closed.html", _closed, beat=beat)

    return shell.answer(request, "site/home.html", _context, beat=beat, keep="home")


def _closed(around):
    """Before the first-run page has been filled in."""
    return {"page": shell.page(around, "Not open yet", "/", robots="noindex")}


def _context(around):
    front = Front.objects.filter(section=None).values("launched", as_of=clock.now()).first() or {}
    pins = lists.pinned(front.get("launched"), at=front.get("as_of"))
    return {
        "page": shell.page(
            around, around.publication.name, "/", kind="home", description=around.publication.tagline,
            feeds=shell.feeds(around.publication.name), json_ld=structured.website(around.publication),
        ),
        "front": Plan(around.sections, lists.cards_of(pins)).filled(),
        "today_url": views.day_path(around.today),
        "voices": experts.voices(VOICES),
        "corrections": views.corrections_list(None, CORRECTIONS),
        "month": views.month_of(around.today.year, around.today.month, around.today.replace(day=1), around.today),
    }  # fmt: skip


@dataclass
class Plan:
    """Which story stands where. Slots are filled from the top; what is used above is not printed again below."""

    sections: list
    pinned: list
    lead: object = None
    beside: list = field(default_factory=list)
    latest: list = field(default_factory=list)
    analysis: list = field(default_factory=list)
    opinion: list = field(default_factory=list)
    columns: list = field(default_factory=list)

    @property
    def latest_items(self):
        return [{"url": card.path, "headline": card.headline, "published_at": card.at} for card in self.latest]

    def filled(self):
        """The plan with cards in every slot that has a story. At most two queries."""
        pools = self._candidates()
        used = {card.article for card in self.pinned}

        def take(pool, count):
            """Stories of a pool that stand nowhere yet, by edition."""
            found = [one for one in pools.get(pool, ()) if one["article_id"] not in used][:count]
            used.update(one["article_id"] for one in found)
            return [one["pk"] for one in found]

        top = take("news", max(0, 1 + BESIDE_LEAD - len(self.pinned)))
        top = top or ([] if self.pinned else take("newest", 1))
        analysis, opinion = take("analysis", ROW), take("opinion", ROW)
        latest = take("newest", LATEST)
        columns = [
            (section, take(f"section {section['id']}", COLUMN))
            for section in self.sections
            if section["slug"] != "opinion"
        ]
        cards = self._cards([*top, *analysis, *opinion, *latest, *(pk for _, pks in columns for pk in pks)])
        top = [*self.pinned, *(cards[pk] for pk in top if pk in cards)]
        self.lead, self.beside = (top[0], top[1:]) if top else (None, [])
        self.analysis, self.opinion, self.latest = (
            [cards[pk] for pk in pks if pk in cards] for pks in (analysis, opinion, latest)
        )
        columns = [(section, [cards[pk] for pk in pks if pk in cards]) for section, pks in columns]
        self.columns = [{"section": section, "cards": found} for section, found in columns if found]
        return self

    def _candidates(self):
        """The newest live stories of every pool, enough of each to fill it whatever stands above; one query."""
        room = 1 + BESIDE_LEAD + LATEST + 2 * ROW + COLUMN * len(self.sections) + len(self.pinned)
        live = Edition.objects.live()
        newest = live.newest_first()
        pools = {
            "news": newest.exclude(genre__in=OPINION),
            "newest": newest,
            "analysis": newest.filter(genre__in=ANALYSIS),
            "opinion": newest.filter(genre__in=OPINION),
        }
        for one in self.sections:  # under a section's name stand its own stories, not those also filed there
            own = Q(section=one["id"]) | Q(section__parent=one["id"])
            pools[f"section {one['id']}"] = live.filed_under("section", pk=one["id"]).filter(own)
        parts = [
            Edition.objects.live()
            .filter(pk__in=Subquery(pool.values("pk")[:room]))
            .order_by()
            .annotate(pool=Value(name, CharField()))
            .values("pool", "pk", "article_id", "first_published_at")
            for name, pool in pools.items()
        ]
        found = {}
        for row in parts[0].union(*parts[1:], all=True).order_by():
            found.setdefault(row["pool"], []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["first_published_at"], row["article_id"]), reverse=True)
        return found

    def _cards(self, pks):
        live = Edition.objects.live().filter(pk__in=pks)
        rows = list(lists.with_cards(live, said=F("text__headline"), shorter=F("text__short_headline")))
        beat = pages.Beat.read(rows[0]["beat"]) if rows else None
        headlines = {row["pk"]: row["shorter"] or row["said"] for row in rows}
        cards = {card.edition: card for card in lists.cards(rows, beat)}
        for pk, card in cards.items():
            card.headline = headlines[pk]
        return cards
