"""Feeds, sitemaps and robots.txt."""

import datetime as dt
import json
from html import unescape
from unittest import mock
from xml.etree import ElementTree

import pytest

from articles.models import Agency, Kind
from experts.models import Organisation
from newsroom.models import Pulse, Topic

from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LISTS = ("", "/world", "/topics/shipping", "/people/rana-aziz", "/experts/halvard-nystrom")


@pytest.mark.days
class FeedTests(SiteTestCase):
    def rss(self, path="/feed/", at=NOON + HOUR):
        return ElementTree.fromstring(self.get(path, at=at).content).find("channel")

    def test_every_list_has_three_feeds(self):
        edition = self.publish(people=[(self.expert, "")], headline="Ports & <ships>")
        for path in LISTS:
            item = self.rss(f"{path}/feed/").find("item")
            self.assertEqual(item.find("title").text, "Ports & <ships>")
            self.assertEqual(item.find("link").text, f"http://127.0.0.1:8000{edition.path}")
            entry = ElementTree.fromstring(self.get(f"{path}/feed/atom/").content).find(f"{ATOM}entry")
            self.assertEqual(entry.find(f"{ATOM}title").text, "Ports & <ships>")
            feed = json.loads(self.get(f"{path}/feed.json").content)
            self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
            self.assertEqual(feed["items"][0]["title"], "Ports & <ships>")
            self.assertEqual(feed["items"][0]["date_published"], NOON.isoformat())

    def test_a_feed_costs_one_query(self):
        self.publish(people=[(self.expert, "")])
        self.get("/feed/")
        for path in LISTS:
            for end in ("/feed/", "/feed.json"):
                # the list's editions with their headlines and standfirsts, the pulse and the moments around now
                with self.assertNumQueries(1):
                    self.get(f"{path}{end}")

    def test_an_entry_keeps_its_id_and_place_after_a_correction(self):
        edition = self.publish(slug="one")
        first = self.rss().find("item")
        later = self.publish(at=NOON + MINUTE)
        self.correct(edition, at=NOON + 2 * MINUTE, slug="two")
        titles = [item.find("link").text for item in self.rss().findall("item")]
        self.assertEqual([title.rsplit("/", 2)[1] for title in titles], [later.path.rsplit("/", 2)[1], "two"])
        second = self.rss().findall("item")[1]
        self.assertEqual(first.find("guid").text, second.find("guid").text)
        entry = ElementTree.fromstring(self.get("/feed/atom/").content).findall(f"{ATOM}entry")[1]
        self.assertEqual(entry.find(f"{ATOM}updated").text, (NOON + 2 * MINUTE).isoformat())
        self.assertEqual(entry.find(f"{ATOM}published").text, NOON.isoformat())

    def test_a_minor_edit_changes_no_date_in_a_feed(self):
        edition = self.publish()
        self.again(edition, Kind.MINOR, at=NOON + 30 * MINUTE)
        entry = ElementTree.fromstring(self.get("/feed/atom/").content).find(f"{ATOM}entry")
        self.assertEqual(entry.find(f"{ATOM}updated").text, NOON.isoformat())

    def test_a_withdrawn_story_leaves_the_feeds_and_atom_says_so(self):
        edition = self.publish()
        guid = self.rss().find("item").find("guid").text
        self.withdraw(edition, at=NOON + HOUR)
        self.assertEqual(self.rss(at=NOON + 2 * HOUR).findall("item"), [])
        gone = ElementTree.fromstring(self.get("/feed/atom/", at=NOON + 2 * HOUR).content).find(
            f"{TOMBSTONE}deleted-entry"
        )
        self.assertEqual((gone.get("ref"), gone.get("when")), (guid, (NOON + HOUR).isoformat()))

    def test_a_list_without_stories_has_no_feed(self):
        Topic.objects.create(name="Secret", slug="secret")
        for path in ("/topics/secret/feed/", "/topics/never/feed/", "/people/nobody/feed/", "/nowhere/feed/"):
            self.assertEqual(self.get(path).status_code, 404, path)
        self.assertEqual(self.get("/world/feed/").status_code, 200)


@pytest.mark.days
class SitemapTests(SiteTestCase):
    def locations(self, path, at=NOON + HOUR):
        return [one.text for one in ElementTree.fromstring(self.get(path, at=at).content).iter(f"{SITEMAP}loc")]

    def test_every_month_with_stories_has_a_sitemap(self):
        march = self.publish(at=NOON - dt.timedelta(days=60))
        may = self.publish()
        self.schedule(at=NOON + dt.timedelta(days=60))
        site = "http://127.0.0.1:8000"
        self.assertEqual(
            self.locations("/sitemap.xml"),
            [f"{site}/sitemap-pages.xml", f"{site}/sitemap-2026-05.xml", f"{site}/sitemap-2026-03.xml"],
        )
        self.assertEqual(self.locations("/sitemap-2026-05.xml"), [site + may.path])
        self.assertEqual(self.locations("/sitemap-2026-03.xml"), [site + march.path])
        for path in ("/sitemap-2026-04.xml", "/sitemap-2026-07.xml", "/sitemap-2026-05-03.xml"):
            self.assertEqual(self.get(path).status_code, 404)
        self.assertIn(f"{site}/world/", self.locations("/sitemap-pages.xml"))

    def test_a_month_too_large_for_a_file_is_split_by_days(self):
        for hours in (0, 1, 30):
            self.publish(at=NOON + dt.timedelta(hours=hours))
        with mock.patch("articles.site.sitemaps.STORIES_A_FILE", 2):
            at = NOON + dt.timedelta(days=3)
            files = self.locations("/sitemap.xml", at)
            self.assertIn(f"http://127.0.0.1:8000/sitemap-{NOON:%Y-%m-%d}.xml", files)
            self.assertNotIn("http://127.0.0.1:8000/sitemap-2026-05.xml", files)
            for file in files[1:]:
                self.assertLessEqual(len(self.locations(file.removeprefix("http://127.0.0.1:8000"), at)), 2)

    def test_lastmod_is_the_last_change_that_is_not_minor(self):
        edition = self.publish()
        self.correct(edition, at=NOON + MINUTE)
        self.again(edition, Kind.MINOR, at=NOON + 2 * MINUTE)
        self.assertContains(self.get("/sitemap-2026-05.xml"), f"<lastmod>{(NOON + MINUTE).isoformat()}</lastmod>")

    def test_the_news_sitemap_has_the_stories_of_two_days(self):
        old, new = self.publish(at=NOON - dt.timedelta(hours=47)), self.publish(headline="Ports & ships")
        self.get("/")
        with self.assertNumQueries(1):
            page = self.get("/news-sitemap.xml", at=NOON).content.decode()
        for words in (old.path, new.path, "Ports &amp; ships", "<news:name>The Test Courier</news:name>"):
            self.assertIn(words, page)
        self.assertNotIn(old.path, self.get("/news-sitemap.xml", at=NOON + 2 * HOUR).content.decode())

    def test_robots_txt_names_the_sitemaps_and_closes_the_desk(self):
        page = self.get("/robots.txt").content.decode()
        for line in ("Disallow: /admin/", "Sitemap: http://127.0.0.1:8000/sitemap.xml",
                     "Sitemap: http://127.0.0.1:8000/news-sitemap.xml"):  # fmt: skip
            self.assertIn(line, page.splitlines())

    def test_the_sitemap_index_costs_the_same_for_many_months(self):
        self.publish()
        for _ in range(2):
            Pulse.objects.beat()
            with self.assertNumQueries(4):  # the pulse; the first story; the months; the greatest number there is
                self.get("/sitemap.xml")
            self.publish(at=NOON - dt.timedelta(days=900))


class AsPrintedTests(SiteTestCase):
    """Machines get what people get."""

    DC = "{http://purl.org/dc/elements/1.1/}"

    def authors(self, **changes):
        """The authors of a story in each of the three feeds."""
        edition = self.publish(**changes)
        rss = ElementTree.fromstring(self.get("/feed/").content).find("channel")
        item = next(one for one in rss.findall("item") if one.find("guid").text == edition.feed_id)
        atom = ElementTree.fromstring(self.get("/feed/atom/").content)
        entry = next(one for one in atom.findall(f"{ATOM}entry") if one.find(f"{ATOM}id").text == edition.feed_id)
        rows = json.loads(self.get("/feed.json").content)["items"]
        row = next(one for one in rows if one["id"] == edition.feed_id)
        return (
            [one.text for one in item.findall(f"{self.DC}creator")],
            [one.find(f"{ATOM}name").text for one in entry.findall(f"{ATOM}author")],
            [one["name"] for one in row["authors"]],
        )

    def test_every_entry_says_who_wrote_it(self):
        agency = Agency.objects.create(name="Northern Wire & Co")
        for changes, names in (
            ({"bylines": ["Rana Aziz", "Ines <b>Calder"]}, ["Rana Aziz", "Ines <b>Calder"]),
            ({"bylines": [], "origin": "agency", "credit": agency}, ["Northern Wire & Co"]),
            ({"bylines": [], "genre": "editorial"}, ["The Test Courier"]),
        ):
            self.assertEqual(self.authors(**changes), (names, names, names))

    def test_a_plain_standfirst_stays_plain_in_every_feed(self):
        said = "Since 5 < 6 & <b>not</b> bold"
        self.publish(standfirst=said)
        rss = ElementTree.fromstring(self.get("/feed/").content).find("channel/item/description").text
        self.assertEqual((unescape(rss), "<b>" in rss), (said, False))
        summary = ElementTree.fromstring(self.get("/feed/atom/").content).find(f"{ATOM}entry/{ATOM}summary")
        self.assertEqual((summary.get("type"), summary.text), ("text", said))
        self.assertEqual(json.loads(self.get("/feed.json").content)["items"][0]["summary"], said)

    def test_an_entry_says_its_language(self):
        self.publish(language="ar")
        entry = ElementTree.fromstring(self.get("/feed/atom/").content).find(f"{ATOM}entry")
        self.assertEqual(entry.get("{http://www.w3.org/XML/1998/namespace}lang"), "ar")

    def test_an_experts_data_says_no_role_that_the_page_does_not_print(self):
        court = Organisation.objects.create(name="Harbour Court")
        self.expert.affiliations.create(
            title="Deputy assistant registrar", organisation=court, preferred_print_form="a judge at sea", start="2020"
        )
        self.expert.affiliations.create(title="Chair", organisation=court, start="2019")
        page = self.get("/experts/halvard-nystrom/").content.decode()
        data = page.partition('ld+json">')[2].partition("</script>")[0]
        self.assertNotIn("Deputy assistant registrar", page)
        for words in ("a judge at sea", "Chair", "Harbour Court"):
            self.assertIn(words, data)
            self.assertIn(words, page.replace(data, ""))
