"""The paper moves to another host: no stored page names the old one, and no feed gives everything again."""

import json
import re

from django.test import override_settings

from articles.actions import gate, writing
from articles.models import Edition, Image, Kind, Rendering
from newsroom import clock
from newsroom.web import pages

from ..base import NOON, make_article
from .base import HOUR, SiteTestCase

OLD, NEW = "https://old-host.example", "https://new-host.example"
FEEDS = ("/feed/", "/feed/atom/", "/feed.json", "/world/feed/", "/topics/shipping/feed/atom/")


class AnotherHostTests(SiteTestCase):
    def pages(self, edition, site, at=NOON + HOUR):
        """What readers get at every address that names the host, from a process with this SITE_URL."""
        pages.Kept.forget()
        paths = [edition.path, "/", "/world/", "/topics/shipping/", f"{edition.path}history/",
                 "/sitemap-2026-05.xml", "/sitemap.xml", "/news-sitemap.xml", "/robots.txt",
                 f"/experts/{self.expert.slug}/", *FEEDS]  # fmt: skip
        with override_settings(SITE_URL=site):
            return {path: self.get(path, at=at) for path in paths}

    def published(self, **changes):
        image = Image.objects.create(token="c" * 32, width=1280, height=800, alt="Cranes")
        body = f'<p>Text, <a href="{OLD}/about/?x=1#y">says</a> the port authority.</p><p>More.</p>'
        return self.publish(lead_image=image, people=[(self.expert, "judge")], body=body, **changes)

    def test_after_a_move_no_page_names_the_old_host(self):
        with override_settings(SITE_URL=OLD):
            edition = self.published(genre="fact_check", genre_facts={"claim": "x", "verdict": "false"})
        stored = Rendering.objects.values_list("card_html", "main_html").get(pk=edition.pk)
        before, after = self.pages(edition, OLD), self.pages(edition, NEW)
        self.assertEqual(Rendering.objects.values_list("card_html", "main_html").get(pk=edition.pk), stored)
        self.assertNotIn("old-host.example", "".join(stored))
        self.assertIn('<a href="/about/?x=1#y">', stored[1])
        for path, page in after.items():
            page = re.sub(r"tag:old-host\.example,[^<\"]*", "", page.content.decode())
            self.assertNotIn("old-host.example", page, path)
            self.assertNotIn("<!--", page, path)
        story = after[edition.path].content.decode()
        for piece in (f'<link rel="canonical" href="{NEW}{edition.path}">',
                      f'<meta property="og:url" content="{NEW}{edition.path}">',
                      f'"mainEntityOfPage":"{NEW}{edition.path}"', f'content="{NEW}/media/'):  # fmt: skip
            self.assertIn(piece, story)
        self.assertNotEqual(before[edition.path]["ETag"], after[edition.path]["ETag"])

    def ids(self, answers):
        found = []
        for path in FEEDS:
            text = answers[path].content.decode()
            if path.endswith("json"):
                found += [item["id"] for item in json.loads(text)["items"]]
            else:
                found += re.findall(r"<(?:guid[^>]*|id)>([^<]*)</", text)
        return found

    def test_after_a_move_every_feed_has_the_same_ids(self):
        with override_settings(SITE_URL=OLD):
            edition = self.published()
        before = self.ids(self.pages(edition, OLD))
        self.assertGreaterEqual(len(before), 7)
        self.assertEqual(before, self.ids(self.pages(edition, NEW)))
        with override_settings(SITE_URL=NEW):
            self.correct(edition, at=NOON + 2 * HOUR)
            self.assertEqual(before, self.ids(self.pages(edition, NEW, at=NOON + 3 * HOUR)))
            gone = self.withdraw(edition, at=NOON + 4 * HOUR)
            self.again(edition, Kind.REINSTATEMENT, at=NOON + 5 * HOUR, slug="another")
        self.assertEqual(before, self.ids(self.pages(edition, NEW, at=NOON + 6 * HOUR)))
        self.assertEqual(gone.feed_id, edition.feed_id)

    def imported(self, guid, slug):
        with clock.frozen(NOON):
            article = make_article(self, slug=slug)
            article.imported_from = guid
            article.save(update_fields=["imported_from"])
            revision = writing.save_revision(article, by=self.rana, seen_version=1)
            return gate.open_imported(article, revision, live_from=NOON)

    def test_an_imported_story_keeps_the_id_that_it_had(self):
        self.imported("https://old.example/?p=12", "one")
        for path in ("/feed/", "/feed/atom/", "/feed.json"):
            self.assertContains(self.get(path), "https://old.example/?p=12", msg_prefix=path)

    def test_a_guid_that_is_no_uri_is_no_id_of_ours(self):
        for number, guid in enumerate(("post 12", "12", "javascript", "a:b c", 'x:"y"', "x:<y>", "")):
            self.assertTrue(self.imported(guid, f"one-{number}").feed_id.startswith("tag:127.0.0.1,"), guid)

    def test_a_headline_cannot_pass_for_a_hole(self):
        for headline in ("<!--site-->", "the-lead-picture"):
            image = Image.objects.create(token=f"{Image.objects.count():032}", width=1280, height=800, alt="Cranes")
            edition = self.publish(headline=headline, lead_image=image)
            data = re.search(r'ld\+json">(.*?)</script>', self.get(edition.path).content.decode()).group(1)
            self.assertEqual(json.loads(data)["@graph"][0]["headline"], headline)

    def test_every_edition_has_an_id_in_feeds(self):
        self.publish()
        self.schedule(at=NOON + 9 * HOUR)
        self.assertFalse(Edition.objects.filter(feed_id="").exists())
