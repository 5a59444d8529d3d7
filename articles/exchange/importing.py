"""Imports a WordPress export: stories as articles and editions, with their pictures, people, topics and comments.

Items are matched by their guid, and those that are here already are not changed: a second run of the same file
changes nothing but to bring files of pictures. The checklist is not run, since these stories were written elsewhere.
"""

import os
from contextlib import nullcontext

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from newsroom import paper
from newsroom.errors import Refused
from newsroom.models import Publication, Pulse

from ..models import EmbedHost
from ..models.article import LANGUAGE_TAG
from . import authors, filing, late_pictures
from .blog_clock import BlogClock
from .convert import plain_text
from .identity import Identities
from .library import Library
from .links import Links
from .old_addresses import OldAddresses
from .pages import Pages
from .report import Outcome, Report
from .runs import Run
from .shortcode_rules import Rules
from .stories import Stories
from .unreadable import Unreadable
from .wxr import Export

SKIPPED_STATUSES = {
    "trash": "was in the bin",
    "auto-draft": "was never saved",
    "inherit": "is a revision of another item",
}
SKIPPED_TYPES = {
    "nav_menu_item": "a menu's item: the sections make the menu here",
    "wp_navigation": "a menu: the sections make the menu here",
    "wp_block": "a reusable block: its words stand in the texts that use it",
    "guest-author": "a guest author: a contributor where a story names them",
}
PROBLEMS_OF_ONE_ITEM = (Refused, ValidationError, DataError, IntegrityError)
PROGRESS_EVERY = 100


class _RolledBack(Exception):
    """Raised at the end of a dry run to roll it back."""


def import_export(
    path, *, section="News", rows=None, media=None, rules=None, types=(), commit=False, progress=None
):  # fmt: skip
    """Import an export and return the Report; without `commit`, roll it all back.

    `section` names the section for stories without any, `rows` are those of `filing.read_map` or None, `media` is
    the folder of the old site's uploads or None, `rules` what becomes of shortcodes, `types` further kinds of item
    that are stories. `progress` is told how many items of how many are done. Raises Unreadable, with nothing
    changed, if the file is no export or incomplete. Every item is kept by itself, so that a run that was killed is
    taken up by the next.
    """
    if media and not os.path.isdir(media):
        raise Unreadable(f"{media} is no folder with the old site's uploads.")
    work = _Import(Export(path), media, section, rows, rules or Rules(), types, progress)
    try:
        with paper.settled(), nullcontext() if commit else transaction.atomic():
            work.run()
            if not commit:
                raise _RolledBack
    except _RolledBack:
        pass
    finally:
        if not commit:
            work.library.discard()
    return work.report


class _Import:
    """One run: what its parts share, and the order in which the file is read."""

    def __init__(self, export, media, section, rows, rules, types, progress):
        self.export, self.header, self.rules = export, export.header, rules
        self.allowed = EmbedHost.objects.allow_list()
        self.report, self.clock, self.links = Report(), BlogClock(), Links()
        self._types, self._progress = {"post", *types}, progress or (lambda done, total: None)
        self._record, self.addresses = None, OldAddresses()
        self.library = Library(
            media, made=self.made, is_of_old_site=self.links.is_of_old_site, rules=rules,
            keep_address=lambda address, **target: self.addresses.keep_other(address, **target),
        )  # fmt: skip
        self.filing = filing.Filing(self.header, self.report, rows, section, made=self.made)
        self.authors = authors.Authors(
            self.header, self.report, made=self.made,
            keep_front=lambda login, person: self.addresses.keep_author(login, person, self.links.base),
        )  # fmt: skip
        self.reusable, self._keys, self._plans = {}, [], []
        self.stories, self.pages = Stories(self), Pages(self)
        publication = Publication.objects.current()
        self.language = publication.language if publication else "en"

    def made(self, kind, pk, item=""):
        """Record that this run made a row."""
        self._record.made(kind, pk, item)

    def run(self):
        """Read the file four times: to list its items, to plan where they stand, for its pictures, for its texts."""
        with transaction.atomic():
            self._list()
            self._record = Run(self.export.path)
            self.addresses.run = self._record.row
            self._plan()
            self.addresses.keep_archives(self.filing, self.header, self.links.base)
        self._import_where(lambda item: item.type == "attachment")
        self._import_where(lambda item: item.type != "attachment")
        self._finish()

    def _list(self):
        identities = Identities()
        for item in self.export.items():
            entry = self.report.begin(item, " ".join(plain_text(item.title).split()))
            keys, note = identities.keys_of(item, self.header.site)
            self._keys.append(keys)
            entry.say(*filter(None, [note]))
            self.clock.observe(item)
            if keys is None:
                continue
            if item.type == "attachment":
                self.library.register(item, keys.guid or keys.own)
            elif item.type == "wp_block":
                self.reusable[item.id] = item.content
            elif item.type == "guest-author":
                self.authors.add_guest(item)
            elif item.status not in SKIPPED_STATUSES and (item.type in self._types or item.type == "page"):
                self.addresses.claim(item)
        self.report.general += self.export.faults.lines()
        self.links.set_site(self.header.site)
        if LANGUAGE_TAG.regex.search(self.header.language):
            self.language = self.header.language

    def _plan(self):
        """Decide where every story and page will stand, and make the sections and topics that they want."""
        for item, entry, keys in zip(self.export.items(), self.report.entries, self._keys, strict=True):
            self._plans.append(None)
            if keys is None or item.status in SKIPPED_STATUSES:
                continue
            if item.type in self._types:
                with self._item(entry):
                    self._plans[-1] = plan = self.stories.plan(item, entry, keys)
                    if plan.path and item.status in ("publish", "future"):
                        self.links.place(item, plan.path)
            elif item.type == "page":
                with self._item(entry):
                    self._plans[-1] = plan = self.pages.plan(item, keys)
                    self.links.place(item, f"/policies/{plan[1]}/")

    def _import_where(self, wanted):
        total = len(self.report.entries)
        rows = zip(self.export.items(), self.report.entries, self._keys, self._plans, strict=True)
        for done, (item, entry, keys, plan) in enumerate(rows, 1):
            if wanted(item):
                with self._item(entry):
                    self._import_item(item, entry, keys, plan)
            if done % PROGRESS_EVERY == 0 or done == total:
                self._progress(done, total)

    def _item(self, entry):
        return _OneItem(self, entry)

    def _import_item(self, item, entry, keys, plan):
        if entry.outcome is not None:
            return  # planning it failed
        if keys is None:
            entry.became(Outcome.SKIPPED)
        elif item.type == "attachment":
            self.library.import_picture(item, entry)
        elif item.type not in (*self._types, "page"):
            entry.became(Outcome.SKIPPED, SKIPPED_TYPES.get(item.type) or self._unknown_type(item))
        elif item.status in SKIPPED_STATUSES:
            entry.became(Outcome.SKIPPED, SKIPPED_STATUSES[item.status])
        elif item.type == "page":
            self.pages.bring(item, entry, keys, plan)
        else:
            self.stories.bring(item, entry, keys, plan)

    def _unknown_type(self, item):
        address = f"; its address is not redirected: {item.link}" if item.link else ""
        return f"of a kind that we do not have: {item.type}; say --type {item.type} if such are stories{address}"

    def _finish(self):
        """What can be done and said only when everything is in."""
        self.library.bring_other_files(self.report)
        with transaction.atomic():
            self.report.run = self._record.end()
        if kept := ", ".join(f"{count} of {name}" for name, count in self.addresses.fronts.items() if count):
            self.report.general.append(f"Addresses that lead to their new fronts: {kept}")
        for article in late_pictures.redraw_stories():
            self.report.general.append(f"Drawn again with pictures that came: {article}")
        if any(entry.outcome not in (Outcome.HERE, Outcome.SKIPPED, Outcome.FAILED) for entry in self.report.entries):
            Pulse.objects.beat_comments()
            Pulse.objects.beat()
        self.addresses.report_sections()


class _OneItem:
    """A savepoint around one item, so that an error in it does not affect the others; its entry says what it was."""

    def __init__(self, work, entry):
        self._work, self._entry, self._atomic = work, entry, transaction.atomic()
        self._stored = len(work.library.made)

    def __enter__(self):
        self._atomic.__enter__()

    def __exit__(self, kind, problem, trace):
        self._atomic.__exit__(kind, problem, trace)
        if kind is None:
            return False
        # The rows made for it are rolled back, so forget them.
        self._work.library.discard(self._stored)
        self._work.library.forget()
        self._work.filing.forget()
        self._work.authors.forget()
        if not issubclass(kind, PROBLEMS_OF_ONE_ITEM):
            return False
        said = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        self._entry.became(Outcome.FAILED, said)
        return True
