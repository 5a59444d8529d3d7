"""Feeds: RSS, Atom and JSON of the whole paper, a section, a topic, a person or an expert. One query each.

An entry keeps its id and place in all later editions. A withdrawn story is left out, and Atom has a deleted-entry
for it.
"""

import json
import uuid
from datetime import timedelta
from functools import partial

from django.db.models import CharField, F
from django.http import Http404
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.html import escape
from django.views.decorators.http import require_safe

from articles.models import Edition, Section
from articles.rendering.structured import absolute_url, authors_data
from experts.models import Expert
from newsroom import clock
from newsroom.database.prepared import NOW, Given, Question
from newsroom.web import pages

from . import moved, shell
from .story import redirect

FEED_SIZE = 50
DELETED_DAYS = 30
LIST_OF_FAMILY = {"section_": "section", "topic_": "topic", "person_": "contributor", "expert_": "expert"}
PATH_OF_FAMILY = {"": "", "section_": "", "topic_": "topics/", "person_": "people/", "expert_": "experts/"}
# What has a page, and so a feed, before there is a story.
PAGES_OF_OWN = {"section_": lambda: Section.objects.visible(), "expert_": lambda: Expert.objects.public()}
NOW_AT = {"section_": moved.section_now, "topic_": moved.topic_now, "person_": moved.person_now,
          "expert_": moved.expert_now}  # fmt: skip
NAME_FIELD = {"section": "name", "topic": "name", "contributor": "name", "expert": "display_name"}

_kept_feeds = pages.Kept(size=256)


def feed_view(name, kind):
    """The view for one family of feeds (a key of PREFIX) in one format."""
    view = partial(feed, name=name, kind=kind)
    return require_safe(view)


def feed(request, *, name, kind, slug=""):
    """A feed; 404 for a topic or contributor without stories that readers see."""
    rows = QUESTIONS[name].bare(slug=slug)
    if rows:
        beat = pages.Beat.read(rows[0]["beat"])
    elif not name or (name in PAGES_OF_OWN and PAGES_OF_OWN[name]().filter(slug=slug).exists()):
        beat = pages.Beat.now()
    elif now := NOW_AT[name](slug):
        return redirect(reverse(f"site:feed_{name}{kind}", args=[now]), request)
    else:
        raise Http404("No such feed.")
    mark = (name, slug, kind, tuple(row["pk"] for row in rows))

    def written():
        whole = QUESTIONS[name].converted(rows)
        publication = shell.shell_for_beat(beat).publication
        for row in whole:  # the same as the story's page and its structured data say
            for moment in ("first_published_at", "changed_at"):
                row[moment] = row[moment].replace(microsecond=0)
            row["authors"] = [one["name"] for one in authors_data(row, publication)]
        return WRITERS[kind](_feed_context(name, slug, whole, beat, request.path), whole).encode()

    def body():
        return _kept_feeds.get(beat.key, mark, written)

    return pages.reply(request, body, pulse=beat, mark=mark, content_type=CONTENT_TYPES[kind])


def _feed_question(name):
    """The query for the newest stories of one family of lists, in the columns that feeds need."""
    live, columns = Edition.objects.live(NOW), {}
    if name:
        of = LIST_OF_FAMILY[name]
        shown = {"section": {"visible": True}, "expert": {"in": Expert.objects.public(NOW)}}.get(of, {})
        editions = live.filed_under(of, slug=Given("slug", CharField()), **shown)
        columns["list_name"] = F(f"edition{of}__{of}__{NAME_FIELD[of]}")
    else:
        editions = live.newest_first()
    return editions.annotate(beat=pages.beat(NOW)).values(
        "pk", "feed_id", "path", "language", "first_published_at", "changed_at", "beat",
        headline=F("text__headline"), standfirst=F("text__standfirst"), section_name=F("section__name"),
        bylines=F("text__data__bylines"), credit=F("text__data__credit"), **columns,
    )[:FEED_SIZE]  # fmt: skip


QUESTIONS = {name: Question(partial(_feed_question, name)) for name in PATH_OF_FAMILY}


def _feed_context(name, slug, rows, beat, path):
    """A feed's own data: title, addresses, description, language."""
    publication = shell.shell_for_beat(beat).publication
    title = publication.name
    of = rows[0].get("list_name", "") if rows else ""
    home = f"/{PATH_OF_FAMILY[name]}{slug}/" if slug else "/"
    return {
        "title": f"{title}: {of}" if of else title,
        "link": absolute_url(home),
        "description": publication.tagline or title,
        "language": publication.language,
        "feed_url": absolute_url(path),
        "feed_guid": f"urn:uuid:{uuid.uuid5(publication.uid, f'{name}{slug}')}",
        "site": not name,
    }


class RssWithAuthors(feedgenerator.Rss201rev2Feed):
    """RSS with a creator for each author. A description is HTML there, so plain words are escaped for it."""

    def rss_attributes(self):
        return super().rss_attributes() | {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item | {"description": escape(item["description"])})
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)


class AtomWithDeletions(feedgenerator.Atom1Feed):
    """Atom with deleted entries for withdrawn stories (RFC 6721), all authors, and summaries as plain text."""

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item | {"description": None})
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for row in self.feed["deleted"]:
            when = feedgenerator.rfc3339_date(row["live_from"].replace(microsecond=0))
            handler.startElement("at:deleted-entry", {"ref": row["feed_id"], "when": when})
            handler.endElement("at:deleted-entry")


def _write_xml(make, about, rows, **more):
    about = dict(about)
    about.pop("site")
    feed = make(**about, **more)
    for row in rows:
        feed.add_item(
            title=row["headline"], link=absolute_url(row["path"]), description=row["standfirst"],
            unique_id=row["feed_id"], unique_id_is_permalink=False, pubdate=row["first_published_at"],
            updateddate=row["changed_at"], categories=[row["section_name"]], authors=row["authors"],
            language=row["language"],
        )  # fmt: skip
    return feed.writeString("utf-8")


def _write_rss(about, rows):
    return _write_xml(RssWithAuthors, about, rows)


def _write_atom(about, rows):
    deleted = []
    if about["site"]:
        since = clock.process_time() - timedelta(days=DELETED_DAYS)
        deleted = list(Edition.objects.tombstones().filter(live_from__gt=since).values("feed_id", "live_from"))
    return _write_xml(AtomWithDeletions, about, rows, deleted=deleted)


def _write_json(about, rows):
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
                    "id": row["feed_id"],
                    "url": absolute_url(row["path"]),
                    "title": row["headline"],
                    "content_text": row["standfirst"] or row["headline"],
                    "summary": row["standfirst"],
                    "date_published": row["first_published_at"].isoformat(timespec="seconds"),
                    "date_modified": row["changed_at"].isoformat(timespec="seconds"),
                    "authors": [{"name": name} for name in row["authors"]],
                    "language": row["language"],
                    "tags": [row["section_name"]],
                }
                for row in rows
            ],
        },
        ensure_ascii=False,
    )


WRITERS = {"rss": _write_rss, "atom": _write_atom, "json": _write_json}
CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
