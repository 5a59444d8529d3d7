"""The discussion: a reader's words are held until a moderator has read them."""

import pytest
from django.core.cache import cache

from articles.actions import discussion
from articles.models import Comment
from newsroom import clock
from newsroom.errors import NotAllowed, NoteNeeded

from ..base import NOON
from .base import HOUR, SiteTestCase

pytestmark = pytest.mark.engines


class DiscussionTests(SiteTestCase):
    def setUp(self):
        cache.clear()
        self.edition = self.publish()
        self.url = f"/discuss/{self.edition.article.uid}/"

    def form(self):
        """What the page puts into the form by itself."""
        page = self.get(self.edition.path).content.decode()
        return {"token": page.split('name="token" value="')[1].split('"')[0]}

    def send(self, at=NOON + HOUR, headers=None, **fields):
        with clock.frozen(at):
            data = (
                {"name": "A reader", "email": "a@b.example", "body": "Well said.", "website": ""} | self.form() | fields
            )
            return self.client.post(self.url, data, headers=headers)

    def publish_comment(self):
        self.send()
        comment = Comment.objects.get()
        discussion.decide_comment(comment, "published", by=self.mona)
        return comment

    def test_a_comment_is_held_until_a_moderator_has_read_it(self):
        response = self.send()
        self.assertEqual((response.status_code, response["Location"]), (302, f"{self.url}?sent=1#comment-form"))
        comment = Comment.objects.get()
        self.assertEqual((comment.state, comment.name, comment.created_at), ("pending", "A reader", NOON + HOUR))
        self.assertContains(self.get(f"{self.url}?sent=1"), "A moderator reads your comment")
        for path in (self.url, self.edition.path):
            self.assertNotContains(self.get(path), "Well said.")
        discussion.decide_comment(comment, "published", by=self.mona)
        for path in (self.url, self.edition.path):
            self.assertContains(self.get(path), "Well said.")
            self.assertNotContains(self.get(path), "a@b.example")

    def test_a_senders_address_is_stored_as_a_hash_only(self):
        self.send()
        self.assertNotIn("127.0.0.1", Comment.objects.get().sender)

    def test_a_refused_comment_says_why_and_keeps_its_words(self):
        for fields, words in (
            ({"body": ""}, "required"),
            ({"name": ""}, "required"),
            ({"email": "nonsense"}, "valid email"),
            ({"body": "x" * 2001}, "2,001 characters"),
            ({"body": "a\u202eb"}, "cannot be printed"),
            ({"body": "a\x00b"}, "Null characters"),
            ({"name": "a\u2066b"}, "cannot be printed"),
            ({"token": "forged"}, "open for too long"),
        ):
            with self.subTest(**fields):
                response = self.send(**{"body": "Keep me."} | fields)
                self.assertContains(response, words, status_code=400)
                self.assertEqual(response["Cache-Control"], "no-store")
                if "body" not in fields:
                    self.assertContains(response, "Keep me.", status_code=400)
        self.assertEqual(Comment.objects.count(), 0)

    def test_sending_twice_makes_one_comment(self):
        for _ in range(2):
            self.assertEqual(self.send().status_code, 302)
        self.assertEqual(Comment.objects.count(), 1)
        self.send(body="And another thing.")
        self.assertEqual(Comment.objects.count(), 2)

    def test_a_name_or_comment_with_nothing_to_see_is_refused(self):
        for nothing in (
            "\u200b",
            "\u3164",
            "\u2800\u2800",
            "\u200d\ufe0f",
            "\u00ad",
            "\u0301",
            "\u115f \u1160",
            "\u2060",
        ):
            for field, words in (("name", "under which name"), ("body", "Write something")):
                self.assertContains(self.send(**{field: nothing}), words, status_code=400)
        for name in ("李", "أ", "👍", "Zoë", "می‌خواهم"):
            cache.clear()
            self.assertEqual(self.send(name=name).status_code, 302, name)

    def test_what_is_wrong_stands_where_the_form_is(self):
        for path in (self.edition.path, self.url):
            self.assertContains(self.get(path), f'method="post" action="{self.url}#comment-form" id="comment-form"')
        page = self.send(name="").content.decode()
        form = page[page.index('id="comment-form"') : page.index("</form>")]
        self.assertIn('role="alert"', form)
        page = self.get(f"{self.url}?sent=1").content.decode()
        self.assertIn('role="status"', page[page.index('id="comment-form"') : page.index("</form>")])

    def test_a_form_that_was_open_for_days_can_be_sent_again(self):
        old = self.form()
        response = self.send(at=NOON + 24 * 5 * HOUR, **old)
        fresh = response.content.decode().split('name="token" value="')[1].split('"')[0]
        self.assertEqual(self.send(at=NOON + 24 * 5 * HOUR, token=fresh).status_code, 302)

    def test_a_machine_that_fills_the_trap_is_told_that_it_worked(self):
        self.assertEqual(self.send(website="https://spam.example").status_code, 302)
        self.assertEqual(Comment.objects.count(), 0)

    def test_a_form_sent_from_another_site_is_refused(self):
        response = self.send(headers={"Origin": "https://evil.example"})
        self.assertContains(response, "another site", status_code=400)
        self.assertEqual(self.send(headers={"Origin": "http://testserver"}).status_code, 302)

    def test_a_sender_of_too_many_comments_is_slowed_down(self):
        for _ in range(3):
            self.assertEqual(self.send().status_code, 302)
        self.assertContains(self.send(), "Wait a little", status_code=400)

    def test_commenting_sets_and_needs_no_cookie(self):
        response = self.send()
        self.assertEqual(len(response.cookies), 0)
        self.assertEqual(len(self.client.cookies), 0)

    def test_a_story_that_is_not_live_has_no_discussion(self):
        comment = self.publish_comment()
        self.withdraw(self.edition, at=NOON + 2 * HOUR)
        with clock.frozen(NOON + 3 * HOUR):
            gone = self.client.get(self.url)
            never = self.client.get("/discuss/00000000-0000-4000-8000-000000000000/")
            self.assertEqual((gone.status_code, gone.content), (404, never.content))
            self.assertEqual(self.client.post(self.url, {"body": "x"}).status_code, 404)
        self.assertEqual(comment.state, "pending")

    def test_comments_are_escaped(self):
        self.send(body="<script>alert(1)</script> & more", name="<b>Me</b>")
        discussion.decide_comment(Comment.objects.get(), "published", by=self.mona)
        for path in (self.url, self.edition.path):
            self.assertNotContains(self.get(path), "<script>alert")
            self.assertNotContains(self.get(path), "<b>Me")

    def test_a_long_thread_has_pages_at_the_same_cost(self):
        from unittest import mock

        Comment.objects.bulk_create(
            Comment(article=self.edition.article, name=f"R{n}", body="x", state="published", created_at=NOON)
            for n in range(7)
        )
        found, url = [], self.url
        with mock.patch("articles.site.discuss.COMMENTS_A_PAGE", 3):
            while url:
                page = self.get(url).content.decode()
                found += page.split('<b dir="auto">')[1:]
                older = page.split('rel="next" href="')
                url = older[1].split('"')[0] if len(older) > 1 else None
        self.assertEqual([part.split("<")[0] for part in found], [f"R{n}" for n in range(7)])
        # the edition with the pulse; its comments
        with self.assertNumQueries(2):
            self.get(self.url)

    def test_only_a_moderator_decides_on_a_comment(self):
        self.send()
        comment = Comment.objects.get()
        for person in (self.rana, self.cora, self.leo, self.sami, self.ada):
            with self.assertRaises(NotAllowed):
                discussion.decide_comment(comment, "published", by=person)
        with self.assertRaises(NoteNeeded):
            discussion.decide_comment(comment, "rejected", by=self.edith)
        decided = discussion.decide_comment(comment, "rejected", by=self.edith, reason="Off the subject")
        self.assertEqual(
            (decided.state, decided.moderated_by, decided.reason), ("rejected", self.edith, "Off the subject")
        )

    def test_a_comment_that_a_moderator_removes_leaves_the_page(self):
        comment = self.publish_comment()
        self.assertContains(self.get(self.edition.path), "Well said.")
        discussion.decide_comment(comment, "spam", by=self.mona)
        self.assertNotContains(self.get(self.edition.path), "Well said.")
