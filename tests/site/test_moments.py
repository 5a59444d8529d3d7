"""Moments for machines: whole seconds, with their offset, wherever a page or a feed says one."""

import datetime as dt
import re

from articles.models import Comment, Kind

from ..base import NOON
from .base import HOUR, SiteTestCase

LATE = dt.timedelta(microseconds=123456)


class MomentTests(SiteTestCase):
    def test_no_page_says_microseconds(self):
        edition = self.publish(at=NOON + LATE, people=[(self.expert, "judge")],
                               body=f'<p><q data-expert="{self.expert.pk}" data-quote="a">Yes</q></p>')  # fmt: skip
        self.correct(edition, at=NOON + HOUR + LATE)
        self.withdraw(edition, at=NOON + 2 * HOUR + LATE)
        self.again(edition, Kind.REINSTATEMENT, at=NOON + 3 * HOUR + LATE)
        gone = self.publish(at=NOON + LATE)
        self.withdraw(gone, at=NOON + HOUR + LATE)
        Comment.objects.create(
            article=edition.article, name="Ada", body="Quite.", state="published", created_at=NOON + LATE
        )
        for path in ("/", edition.path, f"{edition.path}history/", gone.path, "/corrections/", "/search/?q=story",
                     "/world/", "/experts/halvard-nystrom/", f"/discuss/{edition.article.uid}/", "/no/such/",
                     "/feed.json", "/feed/atom/", "/news-sitemap.xml", "/sitemap-2026-05.xml"):  # fmt: skip
            page = self.get(path, at=NOON + 4 * HOUR).content.decode()
            self.assertNotRegex(page, r"\d\d:\d\d:\d\d\.\d", path)
            for moment in re.findall(r'datetime="([^"]*T[^"]*)"', page):
                self.assertIsNotNone(dt.datetime.fromisoformat(moment).tzinfo, path)
