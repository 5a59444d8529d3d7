"""How public pages answer: what may be cached for how long, and 304 for who has it already."""

import datetime as dt

from articles.models import Comment
from newsroom import pages
from newsroom.models import Instant, Pulse

from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase

SECOND = dt.timedelta(seconds=1)


class CachingTests(SiteTestCase):
    def etag(self, path, at=NOON + HOUR):
        return self.get(path, at=at)["ETag"]

    def test_a_reader_who_has_it_gets_304_with_no_body(self):
        edition = self.publish()
        for path in ("/", edition.path, "/world/", "/topics/shipping/", "/people/rana-aziz/", "/feed/", "/feed.json",
                     "/archive/", "/corrections/", "/experts/", "/sitemap.xml", "/sitemap-2026-05.xml"):  # fmt: skip
            response = self.get(path, **{"If-None-Match": self.etag(path)})
            self.assertEqual((response.status_code, response.content), (304, b""), path)
            self.assertIn("ETag", response.headers)
            self.assertIn("Cache-Control", response.headers)

    def test_a_304_costs_the_one_query_that_decides_it(self):
        edition = self.publish()
        for path in ("/", edition.path, "/world/"):
            etag = self.etag(path)
            with self.assertNumQueries(1):
                self.get(path, **{"If-None-Match": f'"other", {etag}'})

    def test_every_kind_of_change_makes_another_etag(self):
        edition = self.publish()
        seen = [self.etag(edition.path)]
        self.again(edition, "minor", at=NOON + 2 * MINUTE, headline="Another")
        seen.append(self.etag(edition.path))
        Pulse.objects.beat(rendering=True)
        seen.append(self.etag(edition.path))
        Comment.objects.create(article=edition.article, name="A", body="B", state="published", created_at=NOON)
        Pulse.objects.beat_comments()
        seen.append(self.etag(edition.path))
        seen.append(self.etag(edition.path, at=NOON + dt.timedelta(days=1)))  # the date in the masthead
        self.assertEqual(len(set(seen)), len(seen))

    def test_an_instant_that_passes_makes_another_etag_with_nobody_writing(self):
        edition = self.publish()
        self.schedule(at=NOON + 2 * HOUR)
        before, after = self.etag("/world/"), self.etag("/world/", at=NOON + 2 * HOUR)
        self.assertNotEqual(before, after)
        self.assertNotEqual(self.etag(edition.path), self.etag(edition.path, at=NOON + 2 * HOUR))

    def test_a_shared_cache_may_lag_ten_seconds_and_never_past_an_instant(self):
        edition = self.publish()
        Instant.objects.create(at=NOON + 2 * HOUR)
        for left, seconds in ((HOUR, 10), (7 * SECOND, 7), (dt.timedelta(milliseconds=900), 0)):
            for path in (edition.path, "/", "/world/", "/feed/", "/nowhere/"):
                response = self.get(path, at=NOON + 2 * HOUR - left)
                self.assertEqual(
                    response["Cache-Control"], f"public, max-age=0, must-revalidate, s-maxage={seconds}", path
                )

    def test_nothing_reads_the_session(self):
        edition = self.publish()
        self.client.force_login(self.ada)
        self.get(edition.path)
        with self.assertNumQueries(1):
            self.get(edition.path)

    def test_only_get_and_head(self):
        edition = self.publish()
        for path in (edition.path, "/", "/world/", "/feed/", "/search/"):
            self.assertEqual(self.client.post(path).status_code, 405, path)

    def test_without_a_pulse_pages_still_answer(self):
        Pulse.objects.all().delete()
        self.assertEqual(self.get("/").status_code, 200)
        self.assertEqual(pages.Beat.read(None), pages.Beat())


class KeptTests(SiteTestCase):
    def test_it_is_made_once_per_state_and_two_states_at_most_are_kept(self):
        kept, made = pages.Kept(size=2), []
        for state in (1, 1, 2, 1, 3, 1):
            kept.get(state, "a", lambda: made.append(state))  # noqa: B023
        self.assertEqual(made, [1, 2, 3, 1])
        self.assertLessEqual(len(kept._states), 2)
        for name in "abcd":
            kept.get(3, name, lambda: 0)
        self.assertLessEqual(len(kept._states[3]), 2)

    def test_many_threads_may_ask_at_once(self):
        from concurrent.futures import ThreadPoolExecutor

        kept = pages.Kept(size=3)

        def ask(n):
            return kept.get(n % 5, n % 7, lambda: (n % 5, n % 7)) == (n % 5, n % 7)

        with ThreadPoolExecutor(8) as threads:
            self.assertTrue(all(threads.map(ask, range(4000))))


class ErrorTests(SiteTestCase):
    def test_404_offers_the_newest_and_says_nothing_of_the_address(self):
        edition = self.publish()
        response = self.get("/no/such/secretplace/")
        self.assertContains(response, edition.path, status_code=404)
        self.assertNotContains(response, "secretplace", status_code=404)
        self.assertContains(response, 'content="noindex"', status_code=404)

    def test_500_needs_no_database(self):
        from articles.site import errors

        with self.assertNumQueries(0):
            response = errors.broken(None)
        self.assertEqual(response.status_code, 500)

    def test_strange_addresses_are_no_error_of_ours(self):
        self.publish()
        for path in ("/%00/", "/world/%00", "/%ff/", "/..%2f..%2fetc/passwd", "/world/2026/13/45/x/",
                     "/topics/%F0%9F%92%A9/", "/search/?q=%00",
                     "/search/?q=x&section=nowhere&genre=y&since=z&until=9999-12-31&sort=w&before=v",
                     "/discuss/x/", "/sitemap-0000-00.xml", "/sitemap-2026-13.xml", "/experts/%00/", "/?p=%00",
                     "/archive/?month=%00", "/feed/?x=%00", "//", "/world//"):  # fmt: skip
            self.assertLess(self.get(path).status_code, 500, path)
