"""The preview beside the form, as the words stand or as at a moment, and the page of links for people outside."""

import datetime as dt
import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.actions import images, previews, take, writing
from articles.models import (
    Appearance,
    Article,
    Byline,
    Contributor,
    Designation,
    DesignationNote,
    Edition,
    PreviewLink,
    QuoteRecord,
    Revision,
    State,
)
from experts.models import Expert
from newsroom import paper

from ..base import DeskTestCase
from ..pictures import jpeg
from .doors import Writes
from .pages import filled

HOUR = dt.timedelta(hours=1)


class LiveTestCase(DeskTestCase):
    def setUp(self):
        self.article = self.make_article()
        self.see(self.rana, self.article)

    def see(self, user, article):
        self.client.force_login(user)
        self.article = article
        self.page = self.client.get(reverse("admin:articles_article_change", args=[article.pk]))
        self.url = reverse("desk:preview", args=[article.pk])

    def typed(self, **changes):
        return filled(self.page, **changes)

    def preview(self, status=200, **changes):
        answer = self.client.post(self.url, self.typed(**changes))
        self.assertEqual(answer.status_code, status, answer.content[:300])
        return answer.json()

    def at(self, moment):
        return f"{paper.local(moment):%Y-%m-%dT%H:%M}"


class TypedTests(LiveTestCase):
    def test_the_page_shows_what_is_typed_and_nothing_is_saved(self):
        writes = Writes()
        with connection.execute_wrapper(writes):
            html = self.preview(headline="Seven ports <agree>", body="<p>Fresh words.</p>", standfirst="New line")[
                "html"
            ]
        self.assertIn('<h1 class="story-title">Seven ports &lt;agree&gt;</h1>', html)
        self.assertIn("<p>Fresh words.</p>", html)
        self.assertIn("By", html)
        self.assertIn("Rana Aziz", html)
        self.assertEqual(writes.made, [])
        self.assertEqual(Article.objects.get().headline, "Six ports agree a rule")
        self.assertEqual((Revision.objects.count(), Edition.objects.count()), (1, 0))

    def test_what_the_form_refuses_is_shown_as_it_is_saved(self):
        html = self.preview(headline="x" * 400, genre="nothing", standfirst="Still new")["html"]
        self.assertIn("Six ports agree a rule", html)
        self.assertIn("Still new", html)

    def test_a_stale_copy_is_previewed_all_the_same(self):
        Article.objects.update(version=7)
        self.assertIn("Mine", self.preview(headline="Mine")["html"])

    def test_no_word_or_mark_of_the_desk_reaches_the_page(self):
        body = '<p>It <span data-desk-note="note-0001">runs</span> on.<script>alert(1)</script></p>'
        html = self.preview(body=body, catchline="harbours-secret", budget_line="For the lead")["html"]
        for inside in (
            "note-0001",
            "desk-note",
            "harbours-secret",
            "For the lead",
            "<script",
            "alert(1)",
            "/admin/desk",
        ):
            self.assertNotIn(inside, html)
        self.assertIn("It runs on.", html)

    def test_people_quoted_since_the_last_save_are_named_with_their_title(self):
        body = f'<p>“<q data-expert="{self.expert.pk}">We agree</q>”, he said.</p>'
        html = self.preview(body=body)["html"]
        self.assertIn("Experts in this story", html)
        self.assertIn("Halvard Nystrom", html)
        self.assertFalse(QuoteRecord.objects.exists() or Appearance.objects.exists())

    def test_a_quotation_put_on_background_names_nobody(self):
        body = f'<p>“<q data-expert="{self.expert.pk}" data-quote="aaaaaaaa">We agree</q>”, he said.</p>'
        self.see(self.rana, self.make_article(slug="quoting", body=body))
        self.assertIn("Halvard Nystrom", self.preview()["html"])
        self.assertNotIn("Halvard Nystrom", self.preview(rule_aaaaaaaa="background")["html"])

    def test_a_byline_added_and_one_taken_out_are_shown_so(self):
        other = Contributor.objects.create(name="Nils Holm")
        first = Byline.objects.get()
        html = self.preview(**{
            "bylines-TOTAL_FORMS": "2", "bylines-INITIAL_FORMS": "1",
            "bylines-0-id": first.pk, "bylines-0-contributor": first.contributor_id, "bylines-0-role": "writer",
            "bylines-0-order": "0", "bylines-0-DELETE": "on",
            "bylines-1-id": "", "bylines-1-article": self.article.pk, "bylines-1-contributor": other.pk,
            "bylines-1-role": "writer", "bylines-1-order": "1",
        })["html"]  # fmt: skip
        self.assertIn("Nils Holm", html)
        self.assertNotIn("Rana Aziz", html)

    def test_legal_notes_and_related_cards_stand_as_they_will(self):
        league = Designation.objects.create(name="The Red League")
        DesignationNote.objects.create(designation=league, language="en", text="Banned in Aldmere.")
        live = self.make_article(state=State.PUBLISHED, slug="live-one", headline="The other story")
        html = self.preview(body=f'<p>The Red League met.</p><div data-article="{live.pk}"></div>')["html"]
        self.assertIn("Banned in Aldmere.", html)
        self.assertIn("The other story", html)

    def test_pictures_come_by_the_desk_and_not_by_the_site(self):
        picture = images.take_in(jpeg(width=900), by=self.pia, alt="A harbour", credit="Pia")
        html = self.preview(lead_image=picture.pk)["html"]
        self.assertIn(f"/admin/media/{picture.token}-", html)
        self.assertNotIn(f'"/media/{picture.token}', html)

    def test_a_story_without_a_section_says_what_is_missing(self):
        self.assertIn("Choose a section", self.preview(400, section="")["error"])

    def test_the_preview_asks_as_often_for_a_long_history(self):
        self.preview()  # which keeps what stands around every page
        with CaptureQueriesContext(connection) as few:
            self.preview()
        Revision.objects.bulk_create(
            Revision(article=self.article, number=n, content={}, at=timezone.now()) for n in range(100, 140)
        )
        with self.assertNumQueries(len(few)):
            self.preview()
        self.assertLessEqual(len(few), 40)


class WhoTests(LiveTestCase):
    def test_whoever_may_not_read_the_story_gets_no_preview(self):
        for user, status in ((self.mona, 404), (self.ada, 404), (self.sami, 404), (self.rob, 200), (self.leo, 200)):
            self.client.force_login(user)
            with self.subTest(user):
                self.assertEqual(self.client.post(self.url).status_code, status)
        self.assertEqual(Client().post(self.url).status_code, 302)

    def test_whoever_may_only_read_sees_the_saved_words(self):
        self.see(self.rob, self.article)
        sent = {"base_version": "1", "headline": "Slipped in", "body": "<p>Slipped in</p>"}
        self.assertNotIn("Slipped in", self.client.post(self.url, sent).json()["html"])

    def test_the_preview_is_asked_by_post_with_a_token(self):
        self.assertEqual(self.client.get(self.url).status_code, 405)
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.rana)
        self.assertEqual(strict.post(self.url).status_code, 403)

    def test_only_whoever_may_make_links_is_led_to_them(self):
        self.assertTrue(self.preview()["links"])
        self.client.force_login(self.pia)
        self.assertEqual(self.client.post(self.url).json()["links"], "")


class AsAtTests(LiveTestCase):
    def take(self, name, by, **data):
        take.take(self.article, name, by=by, seen=take.seen_token(self.article), **data)
        self.article.refresh_from_db()

    def test_a_waiting_edition_is_shown_from_its_moment_on(self):
        live = self.make_article(state=State.PUBLISHED, slug="live-one", headline="First words")
        self.article = live
        self.take("revise", self.rana)
        live.headline = "Second words"
        live.save()
        writing.save_revision(live, by=self.rana, seen_version=live.version)
        self.take("submit", self.rana)
        self.take("approve", self.edith)
        at = timezone.now() + 3 * HOUR
        self.take("schedule", self.max, waive=["*"], waive_note="a test", at=at)
        self.see(self.max, live)
        before, after = (self.preview(as_at=self.at(at + step * HOUR)) for step in (-1, 1))
        self.assertIn("First words", before["html"])
        self.assertIn("no. 1", before["says"])
        self.assertIn("Second words", after["html"])
        self.assertIn("no. 2", after["says"])
        self.assertIn("First words", self.client.get(live.editions.order_by("number").first().path).content.decode())

    def test_a_picture_whose_rights_end_is_gone_by_then(self):
        picture = images.take_in(jpeg(width=900), by=self.pia, alt="A harbour", credit="Pia")
        picture.rights_until = timezone.now() + 5 * HOUR
        picture.save()
        shown, gone = (
            self.preview(lead_image=picture.pk, as_at=self.at(timezone.now() + hours * HOUR)) for hours in (2, 8)
        )
        self.assertIn(picture.token, shown["html"].split("<main", 1)[1])
        self.assertNotIn(picture.token, gone["html"].split("<main", 1)[1])
        self.assertIn("nothing is planned", gone["says"])

    def test_bad_moments_are_refused(self):
        for moment in ("yesterday", "2020-01-01T06:00", "9999-12-31T23:59", "2026-02-31T06:00", "\0", "1" * 5000):
            with self.subTest(moment[:20]):
                self.assertTrue(self.preview(400, as_at=moment)["error"])


class LinksTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article()
        self.url = reverse("desk:preview_links", args=[self.article.pk])
        self.client.force_login(self.edith)

    def make(self, **given):
        asked = {"name": "Anna Brill", "purpose": "read", "lasts": "72", "asks": "on", "ends_on_publication": "on"}
        return self.client.post(self.url, asked | given)

    def made(self):
        self.assertRedirects(self.make(), self.url, fetch_redirect_response=False)
        page = self.client.get(self.url)
        return re.search(r'value="(http[^"]+/preview/[^"]+)"', page.content.decode())[1]

    def test_the_address_is_shown_once(self):
        address = self.made()
        self.assertEqual(self.client.get("/preview/" + address.split("/preview/")[1]).status_code, 200)
        page = self.client.get(self.url)
        self.assertNotContains(page, address)
        self.assertContains(page, "Opened 1 time")
        self.assertEqual(PreviewLink.objects.count(), 1)  # a page that is loaded anew makes no other
        self.assertNotIn("preview_link_made", self.client.session)

    def test_the_address_is_shown_on_the_page_of_its_own_story_alone(self):
        self.make()
        other = self.make_article(slug="other")
        self.assertIsNone(self.client.get(reverse("desk:preview_links", args=[other.pk])).context["made"])
        self.assertEqual(self.client.get(self.url).context["made"]["link"], PreviewLink.objects.get())

    def test_bad_input_for_a_link_is_said_beside_its_field(self):
        for field, given in [
            ("name", {"name": ""}), ("name", {"name": "x" * 121}), ("name", {"name": "Anna\u202eBrill"}),
            ("purpose", {"purpose": "all"}), ("lasts", {"lasts": "999999"}), ("lasts", {"lasts": "x"}),
            ("expert", {"purpose": "own words"}), ("expert", {"purpose": "own words", "expert": self.expert.pk}),
        ]:  # fmt: skip
            with self.subTest(given):
                page = self.make(**given)
                self.assertEqual(page.status_code, 400)
                self.assertIn(field, page.context["form"].errors)
        self.assertFalse(PreviewLink.objects.exists())

    def test_a_link_is_revoked_by_its_button(self):
        address = self.made().split("/preview/")[1]
        link = PreviewLink.objects.get()
        where = reverse("desk:preview_link", args=[self.article.pk, link.pk, "revoke"])
        self.assertEqual(self.client.get(where).status_code, 405)
        self.assertRedirects(self.client.post(where), self.url)
        self.assertEqual(self.client.get("/preview/" + address).status_code, 410)
        self.assertContains(self.client.get(self.url), "revoked")

    def test_a_link_of_another_story_is_not_found_here(self):
        self.made()
        other = self.make_article(slug="other")
        link = PreviewLink.objects.get()
        for act in ("revoke", "count"):
            where = reverse("desk:preview_link", args=[other.pk, link.pk, act])
            self.assertEqual(self.client.post(where).status_code, 404)
        where = reverse("desk:preview_link", args=[self.article.pk, link.pk, "nothing"])
        self.assertEqual(self.client.post(where).status_code, 404)

    def test_whoever_may_not_show_the_story_sees_no_links(self):
        self.made()
        link = PreviewLink.objects.get()
        for user, status in ((self.rob, 403), (self.pia, 403), (self.sami, 404), (self.mona, 404)):
            self.client.force_login(user)
            with self.subTest(user):
                self.assertEqual(self.client.get(self.url).status_code, status)
                self.assertEqual(self.make().status_code, status)
                where = reverse("desk:preview_link", args=[self.article.pk, link.pk, "revoke"])
                self.assertEqual(self.client.post(where).status_code, status)
        self.assertIsNone(PreviewLink.objects.get().revoked_at)

    def test_many_links_cost_as_many_queries_as_one(self):
        self.made()
        self.client.get(self.url)
        with CaptureQueriesContext(connection) as one:
            self.client.get(self.url)
        for _ in range(6):
            previews.make_link(self.article, by=self.edith, name="X", purpose="read", lasts=HOUR)
        with self.assertNumQueries(len(one)):
            self.client.get(self.url)

    def test_a_read_back_is_offered_for_those_who_are_quoted(self):
        body = f'<p>“<q data-expert="{self.expert.pk}">We agree</q>”, he said.</p>'
        story = self.make_article(slug="quoting", body=body)
        Expert.objects.create(display_name="Somebody Else")
        self.url = reverse("desk:preview_links", args=[story.pk])
        page = self.client.get(self.url)
        self.assertContains(page, "Halvard Nystrom")
        self.assertNotContains(page, "Somebody Else")
        self.assertEqual(self.make(purpose="own words", expert=self.expert.pk, name="").status_code, 302)
        self.assertEqual(PreviewLink.objects.get().name, "Halvard Nystrom")  # whose name need not be typed
