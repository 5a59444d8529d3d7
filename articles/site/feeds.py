"""Feeds: RSS, Atom and JSON of the whole paper, a section, a topic, a person or an expert. One query each.

An entry's id never changes, no kind of edition moves it up, and what was withdrawn leaves; Atom
says so with a deleted-entry.
"""

import json
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import CharField, F
from django.http import Http404
from django.urls import reverse
from django.utils import feedgenerator
from django.views.decorators.http import require_safe

from articles.models import Edition
from experts.models import Expert
from newsroom import clock
from newsroom.database.prepared import NOW, Given, Question
from newsroom.web import pages

from . import experts, shell
from .story import redirect
from .structured import absolute

SIZE = 50
DELETED_DAYS = 30
LISTS = {"section_": "section", "topic_": "topic", "person_": "contributor", "expert_": "expert"}
PREFIX = {"": "", "section_": "", "topic_": "topics/", "person_": "people/", "expert_": "experts/"}
NAMES = {"section": "name", "topic": "name", "contributor": "name", "expert": "display_name"}

_kept = pages.Kept(size=256)


def of(name, kind):
    """The view for one family of feeds (a key of PREFIX) in one format."""
    view = partial(feed, name=name, kind=kind)
    return require_safe(view)


def feed(request, *, name, kind, slug=""):
    """A feed; for something that readers see no story of, there is none."""
    rows = QUESTIONS[name].bare(slug=slug)
    if rows:
        beat = pages.Beat.read(rows[0]["beat"])
    elif name in ("", "section_"):
        beat = pages.Beat.now()
        if name and not any(one["slug"] == slug for one in shell.of(beat).sections):
            raise Http404("No such feed.")
    elif name == "expert_" and (stands := experts.leads_to(slug)):
        return redirect(reverse(f"site:feed_expert_{kind}", args=[stands.slug]))
    else:
        raise Http404("No such feed.")
    mark = (name, slug, kind, tuple(row["pk"] for row in rows))

    def written():
        whole = QUESTIONS[name].converted(rows)
        return WRITERS[kind](_about(name, slug, whole, beat, request.path), whole).encode()

    def body():
        return _kept.get(beat.key, mark, written)

    return pages.reply(request, body, pulse=beat, mark=mark, content_type=TYPES[kind])


def _question(name):
    """The newest stories of one family of lists, as feeds tell them."""
    live, columns = Edition.objects.live(NOW), {}
    if name:
        of = LISTS[name]
        shown = {"section": {"visible": True}, "expert": {"in": Expert.objects.public(NOW)}}.get(of, {})
        editions = live.filed_under(of, slug=Given("slug", CharField()), **shown)
        columns["list_name"] = F(f"edition{of}__{of}__{NAMES[of]}")
    else:
        editions = live.newest_first()
    return editions.annotate(beat=pages.beat(NOW)).values(
        "pk", "article_id", "path", "language", "first_published_at", "changed_at", "beat",
        headline=F("text__headline"), standfirst=F("text__standfirst"), section_name=F("section__name"), **columns,
    )[:SIZE]  # fmt: skip


QUESTIONS = {name: Question(partial(_question, name)) for name in PREFIX}


def _about(name, slug, rows, beat, path):
    """What a feed says of itself."""
    publication = shell.of(beat).publication
    title = publication.name
    of = rows[0].get("list_name", "") if rows else ""
    home = f"/{PREFIX[name]}{slug}/" if slug else "/"
    return {
        "title": f"{title}: {of}" if of else title,
        "link": absolute(home),
        "description": publication.tagline or title,
        "language": publication.language,
        "feed_url": absolute(path),
        "site": not name,
    }


def guid(row):
    """The id of an entry, which outlives every change of its address."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{row['first_published_at']:%Y}:story-{row['article_id']}"


class Atom(feedgenerator.Atom1Feed):
    """Atom that also says what was withdrawn, by RFC 6721."""

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for row in self.feed["deleted"]:
            when = feedgenerator.rfc3339_date(row["live_from"])
            handler.startElement("at:deleted-entry", {"ref": guid(row), "when": when})
            handler.endElement("at:deleted-entry")


def _xml(make, about, rows, **more):
    about = dict(about)
    about.pop("site")
    feed = make(**about, **more)
    for row in rows:
        feed.add_item(
            title=row["headline"], link=absolute(row["path"]), description=row["standfirst"], unique_id=guid(row),
            unique_id_is_permalink=False, pubdate=row["first_published_at"], updateddate=row["changed_at"],
            categories=[row["section_name"]],
        )  # fmt: skip
    return feed.writeString("utf-8")


def _rss(about, rows):
    return _xml(feedgenerator.Rss201rev2Feed, about, rows)


def _atom(about, rows):
    deleted = []
    if about["site"]:
        since = clock.process_time() - timedelta(days=DELETED_DAYS)
        deleted = list(
            Edition.objects.tombstones()
            .filter(live_from__gt=since)
            .values("article_id", "first_published_at", "live_from")
        )
    return _xml(Atom, about, rows, deleted=deleted)


def _json(about, rows):
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": about["title"],
            "home_page_url": about["link"],
            "feed_url": about["feed_url"],
            "description": about["description"],
            "language": about["language"],
            "items": [
                {
                    "id": guid(row),
                    "url": absolute(row["path"]),
                    "title": row["headline"],
                    "content_text": row["standfirst"] or row["headline"],
                    "summary": row["standfirst"],
                    "date_published": row["first_published_at"].isoformat(timespec="seconds"),
                    "date_modified": row["changed_at"].isoformat(timespec="seconds"),
                    "language": row["language"],
                    "tags": [row["section_name"]],
                }
                for row in rows
            ],
        },
        ensure_ascii=False,
    )


WRITERS = {"rss": _rss, "atom": _atom, "json": _json}
TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
