"""The page of a preview link: what it shows and keeps to itself, how it ends, what it takes in."""

import datetime as dt
from unittest import mock

from django.core.cache import cache
from django.test import Client

from articles.actions import images, previews, writing
from articles.models import DeskNote, PreviewLink, PreviewReply, PreviewVerdict, QuoteRecord, State
from articles.site import outside
from experts.models import Expert

from ..base import DeskTestCase
from ..pictures import jpeg

DAY = dt.timedelta(days=1)
SECRET = "Nobody else may know"


class OutsideTestCase(DeskTestCase):
    def setUp(self):
        cache.clear()
        self.article = self.make_article(
            body=f'<p>The text <span data-desk-note="note-0001">runs</span> to eleven pages.</p><p>“<q data-expert='
            f'"{self.expert.pk}" data-quote="aaaaaaaa">It has a duty</q>”, said Nystrom. {SECRET}.</p>',
            catchline="harbours-secret",
        )
        DeskNote.objects.create(article=self.article, uid="note-0001", text="Who says so?", by=self.edith)
        self.client = Client(enforce_csrf_checks=True)  # the address is the key, and there is no cookie

    def link(self, **given):
        asked = {"name": "Anna Brill", "purpose": "read", "lasts": DAY} | given
        link, token = previews.make_link(self.article, by=self.leo, **asked)
        self.url = f"/preview/{token}/"
        return link

    def send(self, **given):
        asked = {"verdict": "changes", "text": "", "rows": "1", "r0-words": "", "r0-remark": "", "r0-place": ""}
        return self.client.post(self.url, asked | given)


class ReadingTests(OutsideTestCase):
    def test_the_story_is_shown_as_readers_would_get_it_without_the_desk(self):
        self.link()
        page = self.client.get(self.url)
        self.assertContains(page, '<h1 class="story-title">Six ports agree a rule</h1>')
        self.assertContains(page, "The text runs to eleven pages.")
        self.assertContains(page, "Anna Brill")
        for inside in ("note-0001", "Who says so", "harbours-secret", "data-desk", "csrfmiddlewaretoken", "<!--"):
            self.assertNotContains(page, inside)
        self.assertEqual(page.cookies, {})

    def test_a_story_that_is_not_out_has_no_hour_no_history_and_no_page_of_its_topic(self):
        self.link(ends_on_publication=False)
        page = self.client.get(self.url)
        self.assertContains(page, "Shipping")
        self.assertContains(page, "Reading time")
        for dead in ("<bdi>Published</bdi>", "What changed in this story", "/topics/shipping/"):
            self.assertNotContains(page, dead)
        self.make_article(state=State.PUBLISHED, slug="another")
        self.assertContains(self.client.get(self.url), '<a href="/topics/shipping/" dir="auto">Shipping</a>')

    def test_an_update_of_a_published_story_keeps_its_hour_and_its_history(self):
        self.article = self.make_article(state=State.PUBLISHED, slug="another")
        self.link()
        for said in ("<bdi>Published</bdi>", "What changed in this story"):
            self.assertContains(self.client.get(self.url), said)

    def test_the_page_is_kept_by_nobody_and_tells_nobody(self):
        self.link()
        for answer in (self.client.get(self.url), self.send(), self.client.get("/preview/guessed/")):
            self.assertEqual(answer["Cache-Control"], "no-store")
            self.assertEqual(answer["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", answer["X-Robots-Tag"])
            self.assertNotIn("unsafe", answer["Content-Security-Policy"])
        self.assertContains(self.client.get("/robots.txt"), "Disallow: /preview/")

    def test_openings_are_counted_and_looking_ahead_is_not(self):
        link = self.link()
        self.client.head(self.url)
        self.client.get(self.url)
        self.client.get(self.url)
        link.refresh_from_db()
        self.assertEqual(link.openings, 2)
        self.assertIsNotNone(link.opened_at)

    def test_guessed_links_are_404_and_ended_ones_410(self):
        link = self.link()
        token = self.url.split("/")[2]
        for guess in ("guessed", token[:-1], token + "A", link.token_hash, "%00", "..", "é", "A" * 4000):
            for method in (self.client.get, self.client.post):
                self.assertEqual(method(f"/preview/{guess}/").status_code, 404, guess)
        unknown = self.client.get("/preview/guessed/").content
        previews.revoke_link(link, by=self.leo)
        ended = self.client.get(self.url)
        self.assertEqual(ended.status_code, 410)
        self.assertEqual(ended.content, unknown)
        PreviewLink.objects.update(revoked_at=None, expires_at=link.made_at)
        self.assertEqual(self.client.get(self.url).status_code, 410)
        link.refresh_from_db()
        self.assertEqual(link.openings, 0)

    def test_whoever_guesses_too_often_waits(self):
        self.link()
        with mock.patch.object(outside, "FAILURES", 2):
            answers = [self.client.get(f"/preview/guess-{number}/").status_code for number in range(3)]
            self.assertEqual(answers, [404, 404, 429])
            self.assertEqual(self.client.get(self.url).status_code, 200)  # a link that works is not slowed by others

    def test_other_methods_are_refused(self):
        self.link()
        for method in (self.client.put, self.client.delete, self.client.patch):
            self.assertEqual(method(self.url).status_code, 405)

    def test_its_own_pictures_are_served_under_the_link_alone(self):
        shown = images.take_in(jpeg(width=900), by=self.pia, alt="A harbour", credit="Pia")
        other = images.take_in(jpeg(width=800), by=self.pia, alt="Another", credit="Pia")
        self.article.lead_image = shown
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        link = self.link()
        page = self.client.get(self.url)
        self.assertContains(page, f"{self.url}media/{shown.token}-")
        self.assertNotContains(page, f'"/media/{shown.token}-')
        width, ends = shown.widths[0], "jpg"
        own = self.client.get(f"{self.url}media/{shown.token}-{width}.{ends}")
        self.assertEqual((own.status_code, own["Cache-Control"]), (200, "no-store"))
        self.assertEqual(self.client.get(f"/media/{shown.token}-{width}.{ends}").status_code, 404)
        self.assertEqual(self.client.get(f"{self.url}media/{other.token}-{other.widths[0]}.{ends}").status_code, 404)
        self.assertEqual(self.client.get(f"/preview/guessed/media/{shown.token}-{width}.{ends}").status_code, 404)
        previews.revoke_link(link, by=self.leo)
        self.assertEqual(self.client.get(f"{self.url}media/{shown.token}-{width}.{ends}").status_code, 404)


class AnsweringTests(OutsideTestCase):
    def test_a_verdict_with_remarks_is_kept_and_can_be_changed(self):
        self.link(purpose="legal")
        answer = self.send(**{"r0-words": "eleven pages", "r0-remark": "Count <b>them</b>.", "r0-place": "3"})
        self.assertRedirects(answer, f"{self.url}?sent=1#answer", fetch_redirect_response=False)
        page = self.client.get(f"{self.url}?sent=1")
        self.assertContains(page, "It is with the desk")
        self.assertContains(page, "Count &lt;b&gt;them&lt;/b&gt;.")
        self.assertEqual(DeskNote.objects.get(guest="Anna Brill").text, "On “eleven pages”: Count <b>them</b>.")
        self.assertEqual(self.article.signoffs.get().guest, "Anna Brill")
        self.send(verdict="not cleared")
        self.assertFalse(self.article.signoffs.exists())

    def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(self):
        self.link()
        for wrong, message in [
            ({"verdict": ""}, "Choose one of the three."),
            ({"verdict": "splendid"}, "is not one of the available choices"),
            ({"r0-words": "eleven pages", "r0-remark": ""}, "Say what you think of these words"),
            ({"r0-remark": "Right\u202eto left"}, "invisible control character"),
            ({"r0-remark": "NUL\0"}, "ull characters are not allowed"),
            ({"r0-words": "w" * 401, "r0-remark": "Long"}, "at most 400 characters"),
            ({"r0-remark": "Typed", "r0-place": "-1"}, ""),
            ({"r0-remark": "Typed", "r0-place": "9" * 40}, ""),
        ]:
            with self.subTest(wrong):
                answer = self.send(**{"text": "Typed with care"} | wrong)
                self.assertContains(answer, message, status_code=400)
                self.assertContains(answer, "Typed with care", status_code=400)
        self.assertFalse(PreviewVerdict.objects.exists())
        for rows in ("", "x", "-1", "99999999999999999999999"):
            self.assertIn(self.send(rows=rows).status_code, (302, 400))

    def test_what_was_written_while_the_link_ended_is_given_back(self):
        link = self.link()
        previews.revoke_link(link, by=self.leo)
        answer = self.send(**{"r0-remark": "A long remark", "text": "And more"})
        self.assertContains(answer, "was not sent", status_code=410)
        for words in ("A long remark", "And more"):
            self.assertContains(answer, words, status_code=410)
        self.assertFalse(DeskNote.objects.filter(guest="Anna Brill").exists())

    def test_a_link_that_does_not_ask_takes_nothing(self):
        self.link(asks=False)
        self.assertNotContains(self.client.get(self.url), "<form")
        self.assertEqual(self.send().status_code, 400)

    def test_whoever_sends_too_often_waits(self):
        self.link()
        with mock.patch.object(outside, "SENDINGS", 2):
            self.assertEqual([self.send(verdict="").status_code for _ in range(3)], [400, 400, 429])


class OwnWordsTests(OutsideTestCase):
    def own(self):
        return self.link(purpose="own words", name="Dr Nystrom", expert=self.expert)

    def test_nothing_but_own_words_leaves_the_server(self):
        self.own()
        page = self.client.get(self.url)
        self.assertContains(page, "It has a duty")
        self.assertContains(page, "said Nystrom")
        for kept_back in (SECRET, "eleven pages", "Six ports agree", "checklist", "Rana", "six-ports", "Who says so"):
            self.assertNotContains(page, kept_back)

    def test_agreement_is_recorded_on_the_quotation(self):
        self.own()
        answer = self.client.post(self.url, {"w0-own": "yes", "w0-wish": ""})
        self.assertRedirects(answer, f"{self.url}?sent=1", fetch_redirect_response=False)
        self.assertEqual(QuoteRecord.objects.get().approval, "approved")
        self.assertContains(self.client.get(f"{self.url}?sent=1"), "It is with the desk")

    def test_bad_input_in_a_read_back_keeps_nothing_and_loses_nothing(self):
        self.own()
        for given in (
            {},
            {"w0-own": "perhaps"},
            {"w0-own": "yes", "w0-wish": "Typed with care"},
            {"w0-wish": "x" * 1501},
        ):
            answer = self.client.post(self.url, given)
            self.assertContains(answer, given.get("w0-wish", ""), status_code=400)
        self.assertFalse(PreviewReply.objects.exists())

    def test_a_read_back_serves_no_picture_and_takes_no_verdict(self):
        self.own()
        self.send()
        self.assertFalse(PreviewVerdict.objects.exists())

    def test_other_people_in_the_sentence_stay_unread(self):
        other = Expert.objects.create(display_name="Rosalind Tam")
        self.article.body = (
            f'<p>“<q data-expert="{self.expert.pk}" data-quote="aaaaaaaa">Yes</q>”, he said; '
            f'“<q data-expert="{other.pk}" data-quote="bbbbbbbb">Hidden from him</q>”, said she.</p>'
        )
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.own()
        self.assertNotContains(self.client.get(self.url), "Hidden from him")
