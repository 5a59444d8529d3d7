"""How public pages answer: what may be cached for how long, and 304 for who has it already."""

import datetime as dt
import re

import pytest

from articles.actions import discussion
from articles.models import Comment, Edition, Section
from newsroom import clock
from newsroom.models import Instant, Pulse
from newsroom.web import pages

from .. import zones
from ..base import NOON
from .base import HOUR, MINUTE, SiteTestCase

SECOND = dt.timedelta(seconds=1)


class CachingTests(SiteTestCase):
    def etag(self, path, at=NOON + HOUR):
        return self.get(path, at=at)["ETag"]

    def test_a_reader_who_has_the_page_gets_304_with_no_body(self):
        edition = self.publish()
        for path in ("/", edition.path, "/world/", "/topics/shipping/", "/people/rana-aziz/", "/feed/", "/feed.json",
                     "/archive/", "/corrections/", "/experts/", "/sitemap.xml", "/sitemap-2026-05.xml"):  # fmt: skip
            response = self.get(path, **{"If-None-Match": self.etag(path)})
            self.assertEqual((response.status_code, response.content), (304, b""), path)
            self.assertIn("ETag", response.headers)
            self.assertIn("Cache-Control", response.headers)

    def test_any_copy_will_do_where_a_reader_asks_for_none(self):
        edition = self.publish()
        for path in ("/", edition.path, "/feed/", "/robots.txt"):
            for held in ("*", self.etag(path).removeprefix("W/")):
                self.assertEqual(self.get(path, **{"If-None-Match": held}).status_code, 304, (path, held))
        self.assertEqual(self.get("/no/such/", **{"If-None-Match": "*"}).status_code, 404)

    def test_options_says_what_may_be_done(self):
        edition = self.publish()
        for path, allowed in (("/", "GET, HEAD, OPTIONS"), (edition.path, "GET, HEAD, OPTIONS"),
                              (f"/media/{'0' * 32}-640.jpg", "GET, HEAD, OPTIONS"), ("/feed/", "GET, HEAD, OPTIONS"),
                              (f"/discuss/{edition.article.uid}/", "GET, HEAD, POST, OPTIONS")):  # fmt: skip
            response = self.client.options(path)
            self.assertEqual((response.status_code, response["Allow"], response.content), (204, allowed, b""), path)
            self.assertEqual(self.client.delete(path).status_code, 405)

    def test_a_304_costs_one_query(self):
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

    def test_a_scheduled_instant_makes_another_etag_by_itself(self):
        edition = self.publish()
        self.schedule(at=NOON + 2 * HOUR)
        before, after = self.etag("/world/"), self.etag("/world/", at=NOON + 2 * HOUR)
        self.assertNotEqual(before, after)
        self.assertNotEqual(self.etag(edition.path), self.etag(edition.path, at=NOON + 2 * HOUR))

    def test_a_shared_cache_lags_ten_seconds_at_most(self):
        edition = self.publish()
        Instant.objects.create(at=NOON + 2 * HOUR)
        for left, seconds in ((HOUR, 10), (7 * SECOND, 7), (dt.timedelta(milliseconds=900), 0)):
            for path in (edition.path, "/", "/world/", "/feed/", "/nowhere/"):
                response = self.get(path, at=NOON + 2 * HOUR - left)
                self.assertEqual(
                    response["Cache-Control"], f"public, max-age=0, must-revalidate, s-maxage={seconds}", path
                )

    def test_public_pages_do_not_read_the_session(self):
        edition = self.publish()
        self.client.force_login(self.ada)
        self.get(edition.path)
        with self.assertNumQueries(1):
            self.get(edition.path)

    def test_pages_answer_get_and_head_only(self):
        edition = self.publish()
        for path in (edition.path, "/", "/world/", "/feed/", "/search/"):
            self.assertEqual(self.client.post(path).status_code, 405, path)

    def test_pages_answer_without_a_pulse(self):
        Pulse.objects.all().delete()
        self.assertEqual(self.get("/").status_code, 200)
        self.assertEqual(pages.Beat.read(None), pages.Beat())


class KeptTests(SiteTestCase):
    def test_a_kept_thing_is_made_once_for_each_of_two_states(self):
        kept, made = pages.Kept(size=2), []
        for state in (1, 1, 2, 1, 3, 1):
            kept.get(state, "a", lambda: made.append(state))  # noqa: B023
        self.assertEqual(made, [1, 2, 3, 1])
        self.assertLessEqual(len(kept._states), 2)
        for name in "abcd":
            kept.get(3, name, lambda: 0)
        self.assertLessEqual(len(kept._states[3]), 2)

    def test_many_threads_may_ask_for_a_kept_thing_at_once(self):
        from concurrent.futures import ThreadPoolExecutor

        kept = pages.Kept(size=3)

        def ask(n):
            return kept.get(n % 5, n % 7, lambda: (n % 5, n % 7)) == (n % 5, n % 7)

        with ThreadPoolExecutor(8) as threads:
            self.assertTrue(all(threads.map(ask, range(4000))))


class RememberedTests(SiteTestCase):
    """What a process has given once, it gives again while the state of the paper is the same, and never longer."""

    def both(self, path, at=NOON + HOUR, etag=""):
        """What a stranger gets, after who has the page already got it."""
        held = self.get(path, at=at, **{"If-None-Match": etag})
        fresh = self.get(path, at=at)
        self.assertEqual(held.status_code, 304 if held["ETag"] == etag else 200)
        self.assertEqual(held["ETag"], fresh["ETag"])
        return fresh

    def test_a_remembered_page_is_the_same_page(self):
        edition = self.publish()
        for path in (edition.path, "/world/", "/topics/shipping/", "/people/rana-aziz/", "/"):
            pages.Kept.forget()
            first = self.get(path)
            again = self.get(path)
            self.assertEqual(first.content, again.content, path)
            self.assertEqual(first.headers, again.headers, path)

    def test_a_remembered_page_costs_one_query(self):
        edition = self.publish()
        for path in (edition.path, "/world/"):
            etag = self.get(path)["ETag"]
            for held in ({}, {"If-None-Match": etag}):
                with self.assertNumQueries(1) as asked:
                    self.get(path, **held)
                self.assertNotIn("articles_edition", asked[0]["sql"])

    def test_a_process_that_saw_a_change_asks_for_the_page_anew(self):
        edition = self.publish()
        self.get(edition.path)
        self.again(edition, at=NOON + MINUTE)
        self.get("/")
        # the edition in force with its stored page, the pulse and the moments around now; the holes
        with self.assertNumQueries(2):
            self.get(edition.path)

    def test_a_withdrawal_ends_a_remembered_page_at_once(self):
        edition = self.publish(headline="The neighbour")
        etags = {path: self.get(path)["ETag"] for path in (edition.path, "/world/", "/topics/shipping/", "/")}
        tombstone = self.withdraw(edition, at=NOON + HOUR)
        for path, etag in etags.items():
            for headers in ({"If-None-Match": etag}, {}):
                response = self.get(path, **headers)
                self.assertNotIn("The neighbour", response.content.decode(), path)
                self.assertNotEqual(response.status_code, 304, path)
        self.assertEqual(self.get(tombstone.path, **{"If-None-Match": etags[edition.path]}).status_code, 410)

    def test_a_scheduled_story_ends_a_remembered_page_at_its_instant(self):
        edition = self.publish()
        waiting = self.schedule(at=NOON + 2 * HOUR, headline="The neighbour")
        etag = self.get("/world/")["ETag"]
        self.assertNotContains(self.both("/world/", NOON + 2 * HOUR - SECOND, etag), "The neighbour")
        self.assertContains(self.both("/world/", NOON + 2 * HOUR, etag), "The neighbour")
        self.assertEqual(self.get(waiting.path, at=NOON + 2 * HOUR - SECOND).status_code, 404)
        self.assertEqual(self.get(edition.path, at=NOON + 2 * HOUR).status_code, 200)

    def test_an_expiry_ends_a_remembered_page_at_its_instant(self):
        edition = self.publish()
        etag = self.get(edition.path)["ETag"]
        Edition.objects.filter(pk=edition.pk).update(live_until=NOON + 2 * HOUR)
        Instant.objects.create(at=NOON + 2 * HOUR)
        self.assertEqual(self.both(edition.path, NOON + 2 * HOUR - SECOND, etag).status_code, 200)
        gone = self.get(edition.path, at=NOON + 2 * HOUR, **{"If-None-Match": etag})
        self.assertEqual(gone.status_code, 404)

    def test_a_renamed_section_shows_at_once(self):
        self.publish()
        etag = self.get("/world/")["ETag"]
        Section.objects.filter(slug="world").update(name="Abroad")
        Pulse.objects.beat(rendering=True)
        self.assertContains(self.both("/world/", etag=etag), "<h1><bdi>Abroad</bdi></h1>")

    def test_a_comment_shows_at_once(self):
        edition = self.publish()
        etag = self.get(edition.path)["ETag"]
        Comment.objects.create(article=edition.article, name="A", body="Well put.", state="published", created_at=NOON)
        Pulse.objects.beat_comments()
        self.assertContains(self.both(edition.path, etag=etag), "Well put.")

    def test_a_page_with_a_removed_comment_is_not_answered_with_304(self):
        edition = self.publish()
        comment = Comment.objects.create(article=edition.article, name="A", body="Ill put.", created_at=NOON)
        discussion.decide_comment(comment, "published", by=self.mona)
        thread = f"/discuss/{edition.article.uid}/"
        etags = {path: self.get(path)["ETag"] for path in (edition.path, thread)}
        for path, etag in etags.items():
            self.assertEqual(self.get(path, **{"If-None-Match": etag}).status_code, 304, path)
        discussion.decide_comment(comment, "rejected", by=self.mona, reason="Off the subject")
        for path, etag in etags.items():
            response = self.get(path, **{"If-None-Match": etag})
            self.assertEqual(response.status_code, 200, path)
            self.assertNotContains(response, "Ill put.")

    def test_each_story_marks_its_own_section_and_language(self):
        arabic = self.publish(section=self.world, language="ar")
        stories = [self.publish(section=self.world), self.publish(section=self.politics), arabic]
        for edition in stories:  # the first fills what is kept for the others
            page = self.get(edition.path).content.decode()
            marked = re.findall(r'<a href="([^"]*)"[^>]* aria-current="page"', page)
            self.assertEqual(marked, [f"/{edition.section.slug}/"], edition.path)
            self.assertIn(f'<html lang="{edition.language}"', page)

    def test_only_stories_with_a_video_load_the_player(self):
        plain = self.publish()
        video = self.publish(body='<p>See.</p><div data-embed="https://youtu.be/dQw4w9WgXcQ"></div>')
        for edition, wanted in ((plain, False), (video, True), (plain, False)):
            self.assertEqual("js/embed.js" in self.get(edition.path).content.decode(), wanted, edition.path)

    @pytest.mark.days
    def test_a_remembered_page_ends_with_the_day(self):
        edition = self.publish()
        for path in (edition.path, "/world/"):
            etag = self.get(path, at=NOON)["ETag"]
            late = zones.wall(f"{zones.day()}T23:59")
            self.assertEqual(self.both(path, late, etag)["ETag"], etag)
            self.assertNotEqual(self.both(path, late + MINUTE, etag)["ETag"], etag)

    def test_an_address_with_a_query_string_is_not_remembered(self):
        self.publish()
        self.get("/world/")
        self.assertEqual(self.get("/world/?before=1-1").status_code, 404)

    def test_only_get_and_head_get_a_remembered_page(self):
        edition = self.publish()
        etag = self.get(edition.path)["ETag"]
        with clock.frozen(NOON + HOUR):
            self.assertEqual(self.client.post(edition.path, headers={"If-None-Match": etag}).status_code, 405)
            self.assertEqual(self.client.head(edition.path, headers={"If-None-Match": etag}).status_code, 304)

    def test_a_foreign_host_gets_no_remembered_page(self):
        edition = self.publish()
        etag = self.get(edition.path)["ETag"]
        response = self.client.get(edition.path, headers={"If-None-Match": etag, "Host": "elsewhere.example"})
        self.assertEqual(response.status_code, 400)

    def test_a_304_has_the_same_security_headers(self):
        edition = self.publish()
        etag = self.get(edition.path)["ETag"]
        response = self.get(edition.path, **{"If-None-Match": etag})
        self.assertEqual(response.status_code, 304)
        for name in ("Cross-Origin-Resource-Policy", "X-Content-Type-Options", "Cache-Control", "ETag"):
            self.assertIn(name, response.headers)
        self.assertNotIn("Vary", response.headers)

    def test_remembered_pages_are_of_one_state_and_bounded(self):
        copies = pages.Copies(size=2)
        for state, path in ((1, "a"), (1, "b"), (2, "c"), (2, "d"), (2, "e")):
            copies.add(path, pages.Copy(pages.Beat(state), "", (), NOON))
            self.assertLessEqual(len(copies._given), 2)
        self.assertEqual(list(copies._given), ["e"])


class ErrorTests(SiteTestCase):
    def test_a_404_offers_new_stories_and_does_not_print_the_address(self):
        edition = self.publish()
        response = self.get("/no/such/secretplace/")
        self.assertContains(response, edition.path, status_code=404)
        self.assertNotContains(response, "secretplace", status_code=404)
        self.assertContains(response, 'content="noindex"', status_code=404)

    def test_a_500_needs_no_database(self):
        from articles.site import errors

        with self.assertNumQueries(0):
            response = errors.server_error(None)
        self.assertEqual(response.status_code, 500)

    def test_strange_addresses_cause_no_server_error(self):
        self.publish()
        for path in ("/%00/", "/world/%00", "/%ff/", "/..%2f..%2fetc/passwd", "/world/2026/13/45/x/",
                     "/topics/%F0%9F%92%A9/", "/search/?q=%00",
                     "/search/?q=x&section=nowhere&genre=y&since=z&until=9999-12-31&sort=w&before=v",
                     "/discuss/x/", "/sitemap-0000-00.xml", "/sitemap-2026-13.xml", "/experts/%00/", "/?p=%00",
                     "/archive/?month=%00", "/feed/?x=%00", "//", "/world//"):  # fmt: skip
            self.assertLess(self.get(path).status_code, 500, path)
