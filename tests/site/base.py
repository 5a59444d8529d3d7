"""The readers' side in tests: stories published, scheduled, corrected and withdrawn at moments a test chooses."""

import datetime as dt
import itertools
import re
from html import unescape

from articles.actions import fronts, gate, writing
from articles.models import Byline, Contributor, Front, Kind, SignOff
from newsroom import clock

from ..base import NOON, DeskTestCase, make_article

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
SITE = "http://127.0.0.1:8000"
LINK = re.compile(r'<(?:a|link)\b[^>]*?\bhref="([^"]*)"')
_numbers = itertools.count(1)


class SiteTestCase(DeskTestCase):
    """The cast, and the gate without its forms: what a test publishes here was approved by nobody."""

    def publish(self, *, at=NOON, until=None, people=(), by=None, **changes):
        """A story that readers see from a moment on; returns its edition. Told only what the test is about."""
        number = next(_numbers)
        changes = {"headline": f"Story {number}", "slug": f"story-{number}"} | changes
        bylines, topics = changes.pop("bylines", None), changes.pop("topics", None)
        with clock.frozen(at):
            article = make_article(self, byline=bylines is None, topics=topics is None, saved=False, **changes)
            for order, name in enumerate(bylines or ()):
                who, _ = Contributor.objects.get_or_create(name=name)
                Byline.objects.create(article=article, contributor=who, order=order)
            article.topics.add(*(topics or ()))
            for order, (expert, title) in enumerate(people):
                article.appearances.update_or_create(
                    expert=expert, defaults={"attribution_as_printed": title, "order": order}
                )
            revision = writing.save_revision(article, by=self.rana, seen_version=0)
            edition = gate.open_frozen(article, revision, gate.Plan(Kind.FIRST, by or self.max))
        return edition

    def schedule(self, *, at, now=NOON, **changes):
        """A story that waits for a moment ahead."""
        number = next(_numbers)
        changes = {"headline": f"Story {number}", "slug": f"story-{number}"} | changes
        with clock.frozen(now):
            article = make_article(self, **changes)
            plan = gate.Plan(Kind.FIRST, self.max, live_from=at)
            return gate.open_frozen(article, article.revisions.first(), plan)

    def schedule_update(self, edition, *, at, now=NOON + MINUTE, **changes):
        """An update that waits for a moment ahead."""
        with clock.frozen(now):
            article = edition.article
            revision = article.revisions.create(
                number=article.revisions.count() + 1, content=edition.revision.content | changes, by=self.rana, at=now
            )
            return gate.open_frozen(article, revision, gate.Plan(Kind.UPDATE, self.max, live_from=at))

    def again(self, edition, kind=Kind.UPDATE, *, at, correction=None, line="", **changes):
        """The next edition of a story, with some fields of its content changed."""
        article = edition.article
        with clock.frozen(at):
            content = edition.revision.content | changes
            revision = article.revisions.create(
                number=article.revisions.count() + 1, content=content, by=self.rana, at=at
            )
            # Words that the law took out come back with Legal's word alone.
            SignOff.objects.create(article=article, kind="legal", by=self.leo, at=at, revision=revision)
            plan = gate.Plan(kind, self.max, correction=correction, line=line)
            return gate.open_frozen(article, revision, plan)

    def correct(self, edition, *, at, text="It is six.", kind=Kind.CORRECTION, **changes):
        note = {"kind": str(kind), "was": "seven", "became": "six", "reader_text": text}
        return self.again(edition, kind, at=at, correction=note, **changes)

    def withdraw(
        self,
        edition,
        *,
        at,
        reason="legal_complaint",
        text="It is gone.",
        headline=False,
        listed=True,
        replacement=None,
    ):
        """Put a tombstone in a story's place."""
        notice = gate.Notice(reason, text, headline, listed, replacement)
        with clock.frozen(at):
            return gate.open_tombstone(edition.article, notice, by=self.max)

    def launch(self, section, *pins, at=NOON):
        """A front with its pins launched at a moment, each an edition, its headline there and when it ends."""
        with clock.frozen(at):
            front, _ = Front.objects.get_or_create(section=section)
            for position, (edition, headline, until) in enumerate(pins):
                front.slots.create(position=position, article=edition.article, headline=headline, until=until)
            fronts.launch(front, by=self.max)

    def get(self, path, at=NOON + HOUR, **headers):
        """What a stranger gets at an address, at a moment."""
        with clock.frozen(at):
            return self.client.get(path, headers=headers or None)

    def crawl(self):
        """{address: its answer} of everything that links lead to from the home page."""
        todo, found = ["/"], {}
        while todo:
            path = todo.pop()
            if path in found:
                continue
            found[path] = answer = self.get(path, at=NOON + 2 * HOUR)
            if answer["Content-Type"].startswith("text/html"):
                for link in LINK.findall(answer.content.decode()):
                    link = unescape(link).partition("#")[0].removeprefix(SITE)
                    link = path.partition("?")[0] + link if link.startswith("?") else link
                    if link.startswith("/") and not link.startswith(("/static/", "/search/?")):
                        todo.append(link)
        return found
