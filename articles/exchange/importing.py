"""Imports a WordPress export: stories as articles and editions, with their pictures, people, topics and comments.

Items are matched by their guid, and those that are here already are not changed: a second run of the same file
changes nothing. The checklist is not run, since these stories were written elsewhere.
"""

import datetime as dt
import os
import re
from collections import Counter
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.text import slugify

from newsroom import clock, paper
from newsroom.errors import Refused
from newsroom.models import PolicyPage, Publication, Pulse

from ..actions import addresses, gate, writing
from ..body import references
from ..models import Article, Byline, Path, Section, State
from ..models.article import LANGUAGE_TAG
from ..models.section import RESERVED
from . import authors, filing
from .convert import convert_text, plain_text
from .library import Library
from .report import Outcome, Report
from .wxr import Export, Unreadable

PUBLIC_STATUS, SCHEDULED_STATUS = "publish", "future"
DESK_STATUSES = {"draft": "was a draft", "pending": "was waiting for review", "private": "was private"}
SKIPPED_STATUSES = {
    "trash": "was in the bin",
    "auto-draft": "was never saved",
    "inherit": "is a revision of another item",
}
SKIPPED_TYPES = {
    "nav_menu_item": "a menu's item: the sections make the menu here",
    "wp_navigation": "a menu: the sections make the menu here",
    "wp_block": "a reusable block: its words stand in the texts that use it",
}
LONGEST_OLD_ADDRESS = 300


class _RolledBack(Exception):
    """Raised at the end of a dry run to roll it back."""


def import_export(path, *, section="News", rows=None, media=None, commit=False):
    """Import an export in one transaction and return the Report; without `commit`, roll it all back.

    `section` names the section for stories without any, `rows` are those of `filing.read_map` or None, `media` is
    the folder of the old site's uploads or None. Raises wxr.Unreadable, with nothing changed, if the
    file is no export or incomplete.
    """
    if media and not os.path.isdir(media):
        raise Unreadable(f"{media} is no folder with the old site's uploads.")
    work = _ExportImport(Export(path), Library(media), section, rows)
    kept = False
    try:
        with transaction.atomic():
            work.run()
            if not commit:
                raise _RolledBack
        kept = True
    except _RolledBack:
        pass
    finally:
        if not kept:
            work.library.discard()
    return work.report


class _ExportImport:
    def __init__(self, export, library, section, rows):
        self.export, self.library, self.report = export, library, Report()
        self.header = export.header
        self.filing = filing.Filing(self.header, self.report, rows, section)
        self.reusable, self.legacy = {}, []
        self.authors = authors.Authors(self.header, self.report)
        publication = Publication.objects.current()
        self.language = publication.language if publication else "en"
        self._first, self._keys = {}, []
        self._addresses = Counter()  # old address → how many items of the file have it

    def run(self):
        """Read the file three times: to list its items, for its pictures, for its texts."""
        for item in self.export.items():
            self._keys.append(self._keys_of(item))
            self.report.begin(item, " ".join(plain_text(item.title).split()))
            if item.type == "post" and item.status not in SKIPPED_STATUSES:
                self._addresses[_old_address_of(item)] += 1
            if item.type == "attachment":
                self.library.register(item, self._keys[-1][0])
            elif item.type == "wp_block":
                self.reusable[item.id] = item.content
        if LANGUAGE_TAG.regex.search(self.header.language):
            self.language = self.header.language
        self._import_where(lambda item: item.type == "attachment")
        self._import_where(lambda item: item.type != "attachment")
        self._finish()

    def _import_where(self, wanted):
        for item, entry, keys in zip(self.export.items(), self.report.entries, self._keys, strict=True):
            if wanted(item):
                self._import_item(item, entry, keys)

    def _keys_of(self, item):
        """(key to store an item under, other key to find it by): its guid, unless an earlier item has the same."""
        guid = item.guid or f"{self.header.site}/?p={item.id}"
        group = "attachment" if item.type == "attachment" else item.type
        first = self._first.setdefault((group, guid), item.id)
        apart = authors.key_that_fits(f"{guid}#{item.id}")
        return (authors.key_that_fits(guid), apart) if first == item.id else (apart, apart)

    def _import_item(self, item, entry, keys):
        """Import one item in its own savepoint, so that an error in it does not affect the others."""
        stored = len(self.library.made)
        try:
            with transaction.atomic():
                if item.type == "attachment":
                    self.library.import_picture(item, entry)
                elif item.type == "post":
                    self._import_story(item, entry, keys)
                elif item.type == "page":
                    self._import_page(item, entry, keys)
                else:
                    entry.became(
                        Outcome.SKIPPED, SKIPPED_TYPES.get(item.type, f"of a kind that we do not have: {item.type}")
                    )
        except (Refused, ValidationError, DataError, IntegrityError) as problem:
            said = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
            entry.became(Outcome.FAILED, said)
            # The rows made for it are rolled back, so forget them.
            self.library.discard(stored)
            self.library.forget()
            self.filing.forget()
            self.authors.forget()

    # --- stories ---

    def _import_story(self, item, entry, keys):
        if item.status in SKIPPED_STATUSES:
            entry.became(Outcome.SKIPPED, SKIPPED_STATUSES[item.status])
            return
        here = Article.objects.filter(imported_from__in=set(keys)).order_by("-imported_from").first()
        if here:
            self._report_existing(here, entry)
            return
        article, at = self._article(item, entry, keys[0]), self._moment(item, entry)
        revision = writing.save_revision(article, by=None, seen_version=0, why="imported")
        article.refresh_from_db()
        outcome = self._outcome(item, entry, at)
        if outcome != Outcome.DRAFT:
            gate.open_imported(article, revision, live_from=at)
            writing.set_state(article, State.PUBLISHED)
        writing.record_transition(article, "import", start="", by=None, revision=revision, note=keys[0])
        if outcome != Outcome.DRAFT or item.status == PUBLIC_STATUS:
            self._old_address(article, item, entry)
        authors.import_comments(article, item, entry, keys[0], self._aware)
        if item.sticky:
            entry.say("stickiness not taken over: pin it on a front")
        entry.became(outcome)

    def _report_existing(self, article, entry):
        newest = article.revisions.first()
        edited = article.version > 1 or (newest and newest.why != "imported")
        entry.became(Outcome.HERE, "edited here since, so left as it is" if edited else "left as it is")

    def _outcome(self, item, entry, at):
        if item.password:
            entry.say("was protected by a password, which is dropped")
            return Outcome.DRAFT
        if item.status in (PUBLIC_STATUS, SCHEDULED_STATUS):
            ahead = at > clock.process_time()
            if item.status == PUBLIC_STATUS and ahead:
                entry.say("was public with a date ahead")
            if item.status == SCHEDULED_STATUS and not ahead:
                entry.say(f"was to be published at {paper.local(at):%Y-%m-%d %H:%M %Z}, which has passed")
                return Outcome.DRAFT
            return Outcome.SCHEDULED if ahead else Outcome.LIVE
        entry.say(DESK_STATUSES.get(item.status, f"had a state that we do not have: {item.status or 'none'}"))
        return Outcome.DRAFT

    def _article(self, item, entry, key):
        """The working copy with its rows, saved; no revision yet."""
        primary, more, topics = self.filing.sections_and_topics(item, entry)
        text = self._text(item, entry)
        headline, above = _headline_of(item, entry, 160)
        standfirst, below = _standfirst_of(item, entry)
        image, caption = self._lead_image(item, entry)
        article = Article.objects.create(
            headline=headline,
            standfirst=standfirst,
            body=above + below + text,
            section=primary,
            slug=self._slug(item, entry, primary, headline),
            language=self.language,
            discussion="off" if item.discussion == "closed" else "pre",
            lead_image_id=image,
            lead_caption=caption,
            imported_from=key,
        )
        bylines = [
            Byline(article=article, contributor=person, order=order)
            for order, person in enumerate(self.authors.contributors_of(item, entry))
        ]
        Byline.objects.bulk_create(bylines)
        article.sections.set(more)
        article.topics.set(topics)
        return article

    def _text(self, item, entry):
        """The body of an item; its entry says what had no counterpart."""
        made = convert_text(
            item.content,
            post=item.id,
            footnotes=item.meta.get("footnotes", ""),
            library=self.library,
            reusable=self.reusable,
        )
        entry.dynamic += made.dynamic
        entry.missing += made.missing
        entry.say(*made.notes)
        try:
            references.validate_references(made.body)
        except ValidationError as problem:
            entry.say(*(f"the desk will want to look at its text: {message}" for message in problem.messages))
        return made.body

    def _lead_image(self, item, entry):
        """The featured image's number and caption here, or (None, "")."""
        number = item.meta.get("_thumbnail_id", "")
        picture = self.library.picture(number, "") if number else None
        if number and picture is None:
            entry.say(f"its featured image, attachment {number}, is not in the export")
        elif picture and not picture.pk:
            entry.say("its featured image has no file here")
            entry.missing.append(picture.name)
        return (picture.pk, "") if picture and picture.pk else (None, "")

    def _slug(self, item, entry, section, headline):
        """A slug whose address is free on the day of the story."""
        old = unquote(item.name)
        base = slugify(old) or slugify(headline) or f"story-{item.id}"
        slug = base = re.sub(r"[^a-z0-9]+", "-", base)[:80].strip("-") or f"story-{item.id}"
        day, number = self._moment(item, None), 2
        while Path.objects.filter(path=addresses.story_path(section.slug, day, slug)).exists():
            slug, number = f"{base[:76].rstrip('-')}-{number}", number + 1
        if item.name and slug != old:
            entry.say(f"its slug “{old}” became “{slug}”")
        return slug

    def _moment(self, item, entry):
        """When it was or will be published; a date without a zone is in the paper's."""
        at = self._aware(item.at)
        if at is None:
            at = clock.instant()
            if entry and item.status == PUBLIC_STATUS:
                entry.say("the export has no date for it: published now")
        return at

    def _aware(self, at):
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=paper.zone())
        return at.astimezone(dt.UTC) if at else None

    def _old_address(self, article, item, entry):
        """Keep the address that it had on the old site, for good."""
        path = _old_address_of(item)
        segments = path.strip("/").split("/")
        if not path and item.link:
            entry.say(f"its old address {item.link} differs from others in its query alone and is not redirected")
        elif path in ("", "/", "/index.php"):
            entry.say("had no address of its own, so none is redirected")
        elif self._addresses[path] > 1:
            entry.say(f"its old address {path} is another story's in this file too and is not redirected")
        elif len(path) > LONGEST_OLD_ADDRESS:
            entry.say(f"its old address is longer than {LONGEST_OLD_ADDRESS} characters and is not redirected")
        elif segments[0] in RESERVED:
            entry.say(f"its old address {path} belongs to a page of the site now and is not redirected")
        else:
            row, _ = Path.objects.get_or_create(path=path, defaults={"article": article, "legacy": True})
            if row.article_id != article.pk:
                entry.say(f"its old address {path} is another story's here and is not redirected")
            self.legacy.append((path, entry))

    # --- pages ---

    def _import_page(self, item, entry, keys):
        if item.status in SKIPPED_STATUSES:
            entry.became(Outcome.SKIPPED, SKIPPED_STATUSES[item.status])
            return
        if PolicyPage.objects.filter(imported_from__in=set(keys)).exists():
            entry.became(Outcome.HERE, "left as it is")
            return
        title, above = _headline_of(item, entry, 120)
        base = (slugify(unquote(item.name)) or slugify(title))[:50].strip("-") or f"page-{item.id}"
        slug, number = base, 2
        while PolicyPage.objects.filter(slug=slug).exists():
            slug, number = f"{base[:46].rstrip('-')}-{number}", number + 1
        excerpt = " ".join(plain_text(item.excerpt).split())
        text = above + (f"<p>{_escaped(excerpt)}</p>" if excerpt else "") + self._text(item, entry)
        PolicyPage.objects.create(
            slug=slug, title=title, body=text, public=False, order=PolicyPage.objects.count() + 1, imported_from=keys[0]
        )
        if item.password:
            entry.say("was protected by a password, which is dropped")
        if item.comments:
            entry.say(f"{len(item.comments)} comments skipped: pages have no discussion here")
        if item.parent not in ("", "0"):
            entry.say("stood under another page; pages have no levels here")
        entry.became(Outcome.PAGE)

    def _finish(self):
        """What can be said only when everything is in."""
        if any(entry.outcome not in (Outcome.HERE, Outcome.SKIPPED, Outcome.FAILED) for entry in self.report.entries):
            Pulse.objects.beat_comments()
            Pulse.objects.beat()
        sections = set(Section.objects.values_list("slug", flat=True))
        for path, entry in self.legacy:
            if path.strip("/") in sections:
                entry.say(f"its old address {path} is the front of a section now and is not redirected")


def _old_address_of(item):
    """The address of an item on the old site as we keep it, or ""."""
    try:
        parts = urlsplit(item.link)
        return Path.legacy_key(unquote(parts.path) or "/", parts.query) if item.link else ""
    except ValueError:
        return ""


def _headline_of(item, entry, most):
    """(title within a length, what to print above the text so that no word of a longer one is lost)."""
    title = " ".join(plain_text(item.title).split())
    if not title:
        entry.say("has no title: “Untitled”")
        return "Untitled", ""
    if len(title) <= most:
        return title, ""
    entry.say(f"its title is longer than {most} characters: shortened, and printed whole above the text")
    return _shortened(title, most), f"<p><strong>{_escaped(title)}</strong></p>"


def _standfirst_of(item, entry):
    """(standfirst, what to print above the text so that no word of a longer one is lost)."""
    excerpt = " ".join(plain_text(item.excerpt).split())
    if len(excerpt) <= 600:
        return excerpt, ""
    entry.say("its excerpt is longer than 600 characters: shortened as standfirst, and printed whole above the text")
    return _shortened(excerpt, 600), f"<p>{_escaped(excerpt)}</p>"


def _shortened(text, most):
    head, space, _ = text[: most - 1].rpartition(" ")
    return (head if space and len(head) > most // 2 else text[: most - 1]).rstrip(" ,;:–-") + "…"


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
