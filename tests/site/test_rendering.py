"""Stored pages: made at the gate, made again when templates change, and stored only if no reader waits for it."""

import hashlib
import re
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.db import DatabaseError, connection
from django.test import SimpleTestCase

from articles import rendering
from articles.models import Edition, Rendering
from articles.rendering import page

from ..base import NOON
from ..engines import only_on
from .base import HOUR, SiteTestCase

DIGEST = Path(__file__).with_name("rendering.digest")
NAMED = re.compile(r'{% (?:include|extends) "([^"]+)"')


def templates():
    """Every template that a rendering uses: its own, those that they include, and the blocks of a body."""
    root = settings.BASE_DIR / "templates"
    todo = [root / name for name in (page.CARD_TEMPLATE, page.STORY_TEMPLATE, page.HEAD_TEMPLATE)] + list(
        (root / "blocks").glob("*.html")
    )
    seen = set()
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += [root / name for name in NAMED.findall(path.read_text())]
    return sorted(seen)


class TemplateVersionTests(SimpleTestCase):
    def test_a_changed_template_raises_the_version(self):
        """Stored pages are made again only where TEMPLATE_VERSION says so."""
        digest = hashlib.sha256()
        for path in templates():
            digest.update(path.name.encode() + path.read_bytes())
        now = f"{rendering.TEMPLATE_VERSION} {digest.hexdigest()}"
        self.assertEqual(
            now,
            DIGEST.read_text().strip(),
            "A template of stored pages has changed. Raise TEMPLATE_VERSION in articles/rendering/__init__.py"
            f" (unless the one written in {DIGEST.name} was never released), then put the first line above there.",
        )

    def test_the_digest_covers_the_templates_of_stories_and_cards(self):
        names = {path.name for path in templates()}
        self.assertLessEqual({"card.html", "story.html", "picture.html", "quote_card.html", "legal_notes.html"}, names)


class RenderingTests(SiteTestCase):
    def test_publishing_stores_the_card_and_the_page(self):
        row = self.publish(headline="Six ports").rendering
        self.assertEqual(row.template_version, rendering.TEMPLATE_VERSION)
        self.assertIn("Six ports", row.card_html)
        self.assertIn("Six ports", row.main_html)

    def test_a_rendering_depends_on_the_frozen_text_only(self):
        edition = self.publish()
        first = rendering.render_edition(edition)
        edition.article.headline = "Another"
        edition.article.save()
        self.assertEqual(rendering.render_edition(Edition.objects.get(pk=edition.pk)), first)

    def test_an_old_or_missing_rendering_is_made_again_and_stored(self):
        edition = self.publish(headline="Six ports")
        for spoil in (
            lambda: Rendering.objects.update(template_version=0, card_html="old", main_html="old"),
            lambda: Rendering.objects.all().delete(),
        ):
            for path in (edition.path, "/world/", "/", "/topics/shipping/"):
                spoil()
                from newsroom.web import pages

                pages.Kept.forget()
                self.assertContains(self.get(path), "Six ports", msg_prefix=path)
                self.assertIn("Six ports", Rendering.objects.get(pk=edition.pk).main_html)

    def test_a_new_rendering_is_not_stored_while_somebody_writes(self):
        edition = self.publish(headline="Six ports")
        Rendering.objects.all().delete()
        with mock.patch("articles.rendering._save_rendering", side_effect=DatabaseError("locked")):
            self.assertContains(self.get(edition.path), "Six ports")
        self.assertFalse(Rendering.objects.exists())

    @only_on("sqlite")
    def test_storing_a_rendering_leaves_the_timeout_as_it_was(self):
        edition = self.publish()
        Rendering.objects.all().delete()
        self.get(edition.path)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            self.assertEqual(cursor.fetchone()[0], 20_000)

    def test_a_story_is_escaped_everywhere_on_its_page(self):
        evil = '"><script>alert(1)</script><!--hole card 1--><img src=x onerror=alert(1)>'
        edition = self.publish(
            headline=evil, standfirst=evil, short_headline=evil[:70], dateline="<b>X</b>", seo_title=evil[:70],
            social_title=evil, label="<i>L</i>",
        )  # fmt: skip
        for path in (edition.path, "/", "/world/", "/feed/", f"{edition.path}history/", "/search/?q=alert"):
            page = self.get(path).content.decode()
            for tag in ("<script>alert", "<img src=x", "<b>X", "<i>L", "<!--hole card 1-->"):
                self.assertNotIn(tag, page, path)

    def test_no_hole_is_left_in_a_page(self):
        edition = self.publish(people=[(self.expert, "judge")], body='<p>Text.</p><div data-article="999"></div>')
        for path in (edition.path, "/", "/world/"):
            self.assertNotContains(self.get(path), "<!--", msg_prefix=path)

    def test_a_preview_is_the_readers_page_of_an_unpublished_text(self):
        from articles.site import story

        edition = self.schedule(at=NOON + 9 * HOUR, headline="Not yet")
        page = story.preview_html(Edition.objects.select_related("text", "section").get(pk=edition.pk))
        self.assertIn('<h1 class="story-title">Not yet</h1>', page)
        self.assertEqual(self.get(edition.path).status_code, 404)


class GenreTests(SiteTestCase):
    """What each genre prints beside its text."""

    def page(self, genre, **facts):
        return self.get(self.publish(genre=genre, genre_facts=facts).path)

    def test_a_fact_check_prints_claim_and_verdict(self):
        response = self.page(
            "fact_check", claim="Ships fly", claimed_by="A minister", claimed_on="2026-05-01", verdict="false"
        )
        for words in ("Ships fly", "A minister", "1 May 2026", '<span class="verdict">False</span>', '"ClaimReview"'):
            self.assertContains(response, words)

    def test_a_review_prints_its_rating(self):
        response = self.page("review", item="The Tide Clerk", item_kind="book", rating=4)
        for words in ("The Tide Clerk", "★★★★☆", "4 out of 5", '"ReviewNewsArticle"', '"ratingValue":4'):
            self.assertContains(response, words)

    def test_who_confirmed_a_death_is_not_printed(self):
        response = self.page(
            "obituary", full_name="Hanne Torvald", born_on="1931-02-01", sources=["A nephew", "A clerk"]
        )
        self.assertContains(response, "1 February 1931")
        self.assertNotContains(response, "A nephew")

    def test_a_card_shows_the_label_or_else_the_section(self):
        analysis, news = self.publish(genre="analysis"), self.publish()
        self.assertContains(self.get(analysis.path), "<span>Analysis</span>")
        page = self.get("/world/").content.decode()
        kickers = re.findall(r'<p class="kicker (\w+)">\s*<bdi>(\w+)</bdi>', page)
        self.assertEqual(set(kickers), {("analysis", "Analysis"), ("news", "World")})
        self.assertIn(news.path, page)
