"""Every public page is reached by links from home and listed, and no link leads to a page that is not there."""

import re

import pytest

from articles.models import Contributor, Section
from experts.models import Expert
from newsroom.models import PolicyPage, Topic

from ..base import NOON, make_public
from .base import HOUR, MINUTE, SITE, SiteTestCase


@pytest.mark.engines
class ReachTests(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.asia = Section.objects.create(name="Asia", slug="asia", parent=cls.world)
        cls.hidden = Section.objects.create(name="Hidden", slug="hidden", visible=False)
        cls.orphan = Section.objects.create(name="Orphan", slug="orphan", parent=cls.hidden)
        PolicyPage.objects.create(slug="standards", title="Standards")
        PolicyPage.objects.create(slug="draft-rules", title="Draft rules", public=False)
        cls.secret = Topic.objects.create(name="A secret plan", slug="secret-plan")
        cls.expert.topics.add(cls.secret, cls.topic)
        make_public(Expert.objects.create(display_name="Silent Expert"))
        Contributor.objects.create(name="Never Printed")

    def setUp(self):
        first = self.publish(people=[(self.expert, "judge")], headline="Zebra ports", section=self.asia)
        self.publish(section=self.orphan, bylines=["Ines Calder"], topics=[Topic.objects.create(name="Rice")])
        self.publish(section=self.hidden, genre="opinion")
        self.correct(first, at=NOON + MINUTE)
        for n in range(25):
            self.publish(at=NOON - n * 30 * HOUR, section=self.politics, body=f"<p>Text {n}, says the port.</p>")
        gone = self.publish()
        self.withdraw(gone, at=NOON + MINUTE)
        self.schedule(at=NOON + 9 * HOUR, topics=[self.secret], byline=False)
        self.story = first

    def listed(self):
        files = re.findall(r"<loc>([^<]*)</loc>", self.get("/sitemap.xml", at=NOON + 2 * HOUR).content.decode())
        texts = [self.get(one.removeprefix(SITE), at=NOON + 2 * HOUR).content.decode() for one in files]
        return {one.removeprefix(SITE) for text in texts for one in re.findall(r"<loc>([^<]*)</loc>", text)}

    def test_every_link_leads_to_a_page_and_every_page_is_linked(self):
        found, listed = self.crawl(), self.listed()
        for path, answer in found.items():
            # a withdrawal that the corrections page names answers as its notice
            self.assertIn(answer.status_code, (200, 410), path)
        for path in ("/world/", "/asia/", "/orphan/", "/politics/", "/topics/shipping/", "/topics/rice/",
                     "/people/rana-aziz/", "/people/ines-calder/", "/experts/halvard-nystrom/", "/experts/",
                     "/experts/silent-expert/", "/policies/standards/", "/archive/", "/corrections/",
                     self.story.path):  # fmt: skip
            self.assertIn(path, found)
            self.assertIn(path, listed)
        self.assertLessEqual(listed, set(found))
        for path in ("/hidden/", "/topics/secret-plan/", "/people/never-printed/", "/policies/draft-rules/"):
            self.assertNotIn(path, listed)
        # whatever a search engine may keep is listed, but for the days of the archive and later pages of lists
        for path, answer in found.items():
            page = answer.content.decode() if answer["Content-Type"].startswith("text/html") else "noindex"
            if "noindex" not in page and "?" not in path and not path.startswith("/archive/2"):
                self.assertIn(path, listed)

    def test_a_sub_section_says_what_it_is_part_of(self):
        page = self.get("/asia/").content.decode()
        self.assertIn('<li><a href="/world/" dir="auto">World</a></li>', page)
        self.assertIn('"name":"World","item":"http://127.0.0.1:8000/world/"}', page)
        self.assertIn('<a class="button" href="/asia/" dir="auto">Asia</a>', self.get("/world/").content.decode())
        story = self.get(self.story.path).content.decode()
        kicker = re.search(r'<p class="kicker.*?</p>', story, re.S).group()
        self.assertEqual(re.findall(r'href="([^"]*)"', kicker), ["/world/", "/asia/"])
        self.assertIn('{"@type":"ListItem","position":3,"name":"Asia"', story)

    def test_a_hidden_section_is_linked_from_nowhere(self):
        edition = self.publish(section=self.hidden, headline="From a hidden one")
        story = self.get(edition.path)
        self.assertNotContains(story, '"/hidden/"')
        self.assertNotContains(story, ':8000/hidden/"')
        self.assertContains(story, '"position":2,"name":"From a hidden one"')

    def test_a_search_within_a_section_finds_its_parts_stories(self):
        for section in ("asia", "world"):
            self.assertContains(self.get(f"/search/?q=zebra&section={section}"), self.story.path, msg_prefix=section)
        self.assertNotContains(self.get("/search/?q=zebra&section=politics"), self.story.path)
        facets = self.get("/search/?q=zebra").content.decode()
        for slug in ("asia", "world"):
            self.assertRegex(facets, rf'href="\?q=zebra&amp;section={slug}"')
