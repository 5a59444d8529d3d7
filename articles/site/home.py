"""The home page: pinned stories and the newest ones around them, no story twice."""

from dataclasses import dataclass, field

from django.db.models import CharField, F, Q, Subquery, Value
from django.views.decorators.http import require_safe

from articles import genres
from articles.models import Edition, Front
from articles.rendering import structured
from newsroom import clock
from newsroom.web import pages

from . import archive, corrections, experts, lists, shell, story

BESIDE_LEAD, LATEST, SLOTS_IN_A_ROW, CARDS_IN_A_COLUMN, COLUMNS_IN_A_ROW = 3, 9, 4, 3, 3
ANALYSIS_GENRES = ("analysis", "explainer", "interview", "fact_check")
OPINION_GENRES = tuple(name for name, genre in genres.GENRES.items() if genre.colour == "opinion")
VOICES, CORRECTIONS = 3, 3


@require_safe
def home(request):
    """The front page; one query while nothing changes."""
    if target := story.find_moved_query(request):
        return story.redirect(target)
    beat = pages.Beat.now()
    if shell.shell_for_beat(beat).publication._state.adding:
        return shell.answer(request, "site/closed.html", _closed_context, beat=beat)

    return shell.answer(request, "site/home.html", _home_context, beat=beat, keep="home")


def _closed_context(around):
    """The page before a publication has been set up."""
    return {"page": shell.page_context(around, "Not open yet", "/", robots="noindex")}


def _home_context(around):
    front = Front.objects.filter(section=None).values("launched", as_of=clock.now()).first() or {}
    pins = lists.standing_pins(front.get("launched"), at=front.get("as_of"))
    today = around.today
    return {
        "page": shell.page_context(
            around, around.publication.name, "/", kind="home", description=around.publication.tagline,
            feeds=shell.feed_links(around.publication.name), json_ld=structured.website_data(around.publication),
        ),
        "front": FrontPlan(around.sections, lists.cards_of_pins(pins)).filled(),
        "today_url": archive.day_path(today),
        "voices": experts.newest_voices(VOICES),
        "corrections": corrections.corrections_entries(None, CORRECTIONS, returns=False),
        "month": archive.month_context(today.year, today.month, today.replace(day=1), today),
    }  # fmt: skip


@dataclass
class FrontPlan:
    """Which story stands where on the front page. Slots are filled from the top, each with stories not used above."""

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
        return [
            {"url": card.path, "headline": card.headline, "language": card.language, "published_at": card.at}
            for card in self.latest
        ]

    def filled(self):
        """This plan, with cards in every slot for which there is a story. At most two queries."""
        pools = self._candidates()
        used = {card.article for card in self.pinned}

        def take(pool, count):
            """Stories of a pool that stand nowhere yet, by edition."""
            found = [one for one in pools.get(pool, ()) if one["article_id"] not in used][:count]
            used.update(one["article_id"] for one in found)
            return [one["pk"] for one in found]

        top = take("news", max(0, 1 + BESIDE_LEAD - len(self.pinned)))
        top = top or ([] if self.pinned else take("newest", 1))
        analysis, opinion = take("analysis", SLOTS_IN_A_ROW), take("opinion", SLOTS_IN_A_ROW)
        latest = take("newest", LATEST)
        columns = [
            (section, take(f"section {section['id']}", CARDS_IN_A_COLUMN))
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
        """The newest live stories of every pool, enough to fill it whichever are used above; one query."""
        room = 1 + BESIDE_LEAD + LATEST + 2 * SLOTS_IN_A_ROW + CARDS_IN_A_COLUMN * len(self.sections) + len(self.pinned)
        live = Edition.objects.live()
        newest = live.newest_first()
        pools = {
            "news": newest.exclude(genre__in=OPINION_GENRES),
            "newest": newest,
            "analysis": newest.filter(genre__in=ANALYSIS_GENRES),
            "opinion": newest.filter(genre__in=OPINION_GENRES),
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
        rows = list(
            lists.with_cards(live, said=F("text__headline"), shorter=F("text__short_headline"), spoken=F("language"))
        )
        beat = pages.Beat.read(rows[0]["beat"]) if rows else None
        headlines = {row["pk"]: (row["shorter"] or row["said"], row["spoken"]) for row in rows}
        cards = {card.edition: card for card in lists.cards_of_rows(rows, beat)}
        for pk, card in cards.items():
            card.headline, card.language = headlines[pk]
        return cards
