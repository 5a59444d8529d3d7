"""One item of an export as a story: its working copy, its first edition, its comments and its old address."""

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from newsroom import clock, paper

from ..actions import addresses, gate, writing
from ..body import references
from ..models import Article, Byline, Path, State
from . import discussions, words
from .convert import convert_text, plain_text, unknown_shortcodes
from .plugin_words import primary_category, words_of_plugins
from .report import Outcome
from .shortcodes import without_shortcodes

PUBLIC_STATUS, SCHEDULED_STATUS = "publish", "future"
DESK_STATUSES = {"draft": "was a draft", "pending": "was waiting for review", "private": "was private"}
# Page builders that may keep a text beside the post, in a form of their own.
BUILDERS = {
    "_elementor_data": "Elementor", "_fl_builder_data": "Beaver Builder", "panels_data": "SiteOrigin",
    "_themify_builder_settings_json": "Themify", "ct_builder_shortcodes": "Oxygen", "_bricks_page_content_2": "Bricks",
    "tve_updated_post": "Thrive", "mfn-page-items": "Muffin Builder", "_cornerstone_data": "Cornerstone",
}  # fmt: skip
# What is in neither state was never public; nobody dated it.
UNDATED = frozenset({"draft", "pending", "auto-draft"})


@dataclass
class Plan:
    """Where a story will stand: made for every item before the first is imported, so that links can be led there."""

    here: Article | None = None
    section: object = None
    more: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    at: dt.datetime | None = None
    outcome: Outcome | None = None
    headline: str = ""
    slug: str = ""
    path: str = ""  # where readers find it, "" for a draft


class Stories:
    """Imports the stories of one run. `work` is the import that it belongs to."""

    def __init__(self, work):
        self.work, self._taken = work, set()

    # --- where it will stand ---

    def plan(self, item, entry, keys):
        """The Plan of an item; what is not plain goes into its entry."""
        work = self.work
        here = keys.find(Article, "article", _first_headline)
        if here:
            current = here.editions.in_force().first() or here.editions.waiting().first()
            return Plan(here=here, path=current.path if current and not current.is_tombstone else "")
        plan = Plan(at=self._moment(item, entry))
        first, missing = primary_category(item, work.header)
        entry.say(*filter(None, [missing]))
        plan.section, plan.more, plan.topics = work.filing.sections_and_topics(item, entry, first)
        plan.headline = words.headline_of(item, entry, 160)
        plan.outcome = self._outcome(item, entry, plan.at)
        plan.slug = self._slug(item, entry, plan)
        path = addresses.story_path(plan.section.slug, plan.at, plan.slug)
        self._taken.add(path)
        plan.path = "" if plan.outcome == Outcome.DRAFT else path
        return plan

    def _moment(self, item, entry):
        """When it was or will be published; a date without a zone is by the blog's clock."""
        at = self.work.clock.aware(item.at)
        if at is None or item.status in UNDATED:
            if item.status == PUBLIC_STATUS:
                entry.say("the export has no date for it: published now")
            return clock.instant()
        return at

    def _outcome(self, item, entry, at):
        unknown = unknown_shortcodes(item.content, self.work.reusable, self.work.rules)
        unknown |= unknown_shortcodes(item.excerpt, rules=self.work.rules)
        if unknown and item.status in (PUBLIC_STATUS, SCHEDULED_STATUS):
            entry.say("a draft until somebody has looked at its shortcodes")
        if item.password:
            entry.say("was protected by a password, which is dropped")
            return Outcome.DRAFT
        if not plain_text(item.content) and (builder := next((key for key in BUILDERS if item.meta.get(key)), "")):
            entry.say(f"its text is in the data of {BUILDERS[builder]}, which we do not read: a draft without it")
            return Outcome.DRAFT
        if item.status in (PUBLIC_STATUS, SCHEDULED_STATUS):
            ahead = at > clock.process_time()
            if item.status == PUBLIC_STATUS and ahead:
                entry.say("was public with a date ahead")
            if item.status == SCHEDULED_STATUS and not ahead:
                entry.say(f"was to be published at {paper.local(at):%Y-%m-%d %H:%M %Z}, which has passed")
                return Outcome.DRAFT
            if unknown:
                return Outcome.DRAFT
            return Outcome.SCHEDULED if ahead else Outcome.LIVE
        entry.say(DESK_STATUSES.get(item.status, f"had a state that we do not have: {item.status or 'none'}"))
        return Outcome.DRAFT

    def _slug(self, item, entry, plan):
        """A slug whose address is free on the day of the story."""
        old = unquote(item.name)
        base = slugify(old) or slugify(plan.headline) or f"story-{item.id}"
        slug = base = re.sub(r"[^a-z0-9]+", "-", base)[:80].strip("-") or f"story-{item.id}"
        number = 2
        while self._is_taken(addresses.story_path(plan.section.slug, plan.at, slug)):
            slug, number = f"{base[:76].rstrip('-')}-{number}", number + 1
        if item.name and slug != old:
            entry.say(f"its slug “{old}” became “{slug}”")
        return slug

    def _is_taken(self, path):
        return path in self._taken or Path.objects.filter(path=path).exists()

    # --- the story ---

    def bring(self, item, entry, keys, plan):
        """Import a story as it was planned, or say that it is here."""
        if plan.here:
            newest = plan.here.revisions.first()
            edited = plan.here.version > 1 or (newest and newest.why != "imported")
            entry.became(Outcome.HERE, "edited here since, so left as it is" if edited else "left as it is")
            return
        article = self._article(item, entry, keys.to_store, plan)
        self.work.made("article", article.pk, item.id)
        revision = writing.save_revision(article, by=None, seen_version=0, why="imported")
        article.refresh_from_db()
        if plan.outcome != Outcome.DRAFT:
            gate.open_imported(article, revision, live_from=plan.at)
            writing.set_state(article, State.PUBLISHED)
        writing.record_transition(article, "import", start="", by=None, revision=revision, note=keys.to_store)
        if plan.outcome != Outcome.DRAFT or item.status == PUBLIC_STATUS:
            self.work.addresses.keep(article, item, entry)
            self.work.addresses.keep_former(article, item, entry)
            self.work.addresses.keep_number(article, item, entry, self.work.links.base)
        discussions.import_comments(article, item, entry, keys.to_store, self.work.clock.aware)
        if item.sticky:
            entry.say("stickiness not taken over: pin it on a front")
        entry.became(plan.outcome)

    def _article(self, item, entry, key, plan):
        """The working copy with its rows, saved; no revision yet."""
        work = self.work
        excerpt = " ".join(plain_text(without_shortcodes(item.excerpt, work.rules)).split())
        entry.unknown.update(unknown_shortcodes(item.excerpt, rules=work.rules))
        said = words_of_plugins(item, headline=plan.headline, excerpt=excerpt, site=work.header.title)
        entry.say(*said.notes)
        standfirst, below = words.standfirst_of(said.standfirst, entry)
        body = words.whole_title_of(item, 160) + below + self.text(item, entry)
        lead, caption, body = self._lead_image(item, entry, body)
        article = Article.objects.create(
            headline=plan.headline,
            short_headline=said.short_headline,
            seo_title=said.seo_title,
            social_title=said.social_title,
            standfirst=standfirst,
            body=body,
            section=plan.section,
            slug=plan.slug,
            language=work.language,
            discussion=discussions.discussion_of(item),
            lead_image_id=lead,
            lead_caption=caption,
            imported_from=key,
        )
        Byline.objects.bulk_create(
            Byline(article=article, contributor=person, order=order)
            for order, person in enumerate(work.authors.contributors_of(item, entry))
        )
        article.sections.set(plan.more)
        article.topics.set(plan.topics)
        return article

    def text(self, item, entry):
        """The body of an item; its entry says what had no counterpart."""
        work = self.work
        made = convert_text(
            item.content,
            post=item.id,
            footnotes=item.meta.get("footnotes", ""),
            library=work.library,
            reusable=work.reusable,
            rules=work.rules,
            links=work.links,
            allowed=work.allowed,
        )
        entry.dynamic += made.dynamic
        entry.missing += made.missing
        entry.unknown += made.shortcodes.unknown
        entry.dropped += made.shortcodes.dropped
        entry.say(*made.notes)
        try:
            references.validate_references(made.body)
        except ValidationError as problem:
            entry.say(*(f"the desk will want to look at its text: {message}" for message in problem.messages))
        return made.body

    def _lead_image(self, item, entry, body):
        """(featured image's number, its caption, the body without it where it opens the body as well)."""
        number = item.meta.get("_thumbnail_id", "")
        picture = self.work.library.picture(number, "") if number and number != "0" else None
        if picture is None or picture.pk is None:
            if number and number not in ("0", "-1"):
                entry.say(f"its featured image, attachment {number}, is not in the export")
            return None, "", body
        if not picture.here:
            entry.say("its featured image has no file here")
            entry.missing.append(picture.name)
        rest, caption = words.without_opening_picture(body, picture)
        if rest != body:
            entry.say("its featured image opened the text too, and stands once")
        if len(caption) > 600:
            return picture.pk, "", body
        return picture.pk, caption, rest


def _first_headline(article):
    first = article.revisions.order_by("number").first()
    return first.content["headline"] if first else article.headline
