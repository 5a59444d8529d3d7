"""The search page: what readers find, and how they narrow it."""

import pytest

from articles.models import Section

from .. import zones
from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase

pytestmark = pytest.mark.engines


class SearchPageTests(SiteTestCase):
    def test_a_search_costs_one_query(self):
        self.publish(headline="Herring return")
        self.get("/")
        # the hits with their words, the counts, the pulse and the moments around now
        with self.assertNumQueries(1):
            response = self.get("/search/?q=herring")
        self.assertContains(response, "<mark>Herring</mark> return")
        self.assertContains(response, "1 result for “herring”")

    def test_a_filter_link_keeps_the_other_filters(self):
        self.publish(headline="Herring return", section=self.world)
        self.publish(headline="Herring debate", section=self.politics, genre="analysis")
        page = self.get("/search/?q=herring&sort=newest")
        self.assertContains(page, "?q=herring&amp;sort=newest&amp;section=politics")
        narrow = self.get("/search/?q=herring&section=politics")
        self.assertContains(narrow, "debate")
        self.assertNotContains(narrow, "Herring</mark> return")
        self.assertContains(narrow, "Remove the filter Politics")
        self.assertNotContains(self.get("/search/?q=herring&genre=analysis"), "</mark> return")

    @pytest.mark.days
    def test_search_dates_are_days_of_the_papers_zone(self):
        self.publish(headline="Herring return")
        for query, count in (
            (f"since={zones.day()}", 1),
            (f"until={zones.day()}", 1),
            (f"since={zones.day(NOON + 24 * HOUR)}", 0),
            (f"until={zones.day(NOON - 24 * HOUR)}", 0),
        ):
            response = self.get(f"/search/?q=herring&{query}")
            (self.assertContains if count else self.assertNotContains)(response, "</mark> return")

    def test_search_pages_follow_each_other(self):
        editions = [self.publish(headline=f"Herring {n}", at=NOON - n * MINUTE) for n in range(23)]
        for sort in ("newest", "best"):
            found, url = [], f"/search/?q=herring&sort={sort}"
            while url:
                page = self.get(url).content.decode()
                found += [part.split('"')[0] for part in page.split('class="card-headline"><a href="')[1:]]
                older = page.split('rel="next" href="')
                url = "/search/" + older[1].split('"')[0].replace("&amp;", "&") if len(older) > 1 else None
            self.assertEqual(sorted(found), sorted(one.path for one in editions), sort)

    def test_a_hidden_section_and_invalid_filters_are_ignored(self):
        self.publish(headline="Herring return")
        Section.objects.create(name="Hidden", slug="hidden", visible=False)
        for query in ("section=hidden", "section=never", "genre=none", "since=yesterday", "sort=odd", "before=x"):
            self.assertContains(self.get(f"/search/?q=herring&{query}"), "</mark> return", msg_prefix=query)

    def test_an_empty_search_finds_nothing(self):
        self.publish()
        self.assertContains(self.get("/search/"), '<h1 dir="auto">Search</h1>')
        self.assertContains(self.get("/search/?q=zzzzzz"), "Nothing we have published says that")
        self.assertContains(self.get("/search/?q=" + "x" * 5000), "<h1")

    def test_a_search_text_is_printed_escaped(self):
        page = self.get("/search/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertNotContains(page, "<script>alert")
        self.assertContains(page, 'content="noindex"')

    def test_a_search_without_hits_suggests_a_spelling(self):
        self.publish(headline="The glacier moves")
        self.assertContains(self.get("/search/?q=glacer"), 'href="?q=glacier"')

    def test_a_scheduled_story_is_not_found_before_its_instant(self):
        edition = self.schedule(headline="Herring secret", at=NOON + 2 * HOUR)
        self.assertNotContains(self.get("/search/?q=secret"), edition.path)
        self.assertContains(self.get("/search/?q=secret", at=NOON + 2 * HOUR), edition.path)
