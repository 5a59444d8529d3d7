"""Bringing an earlier version of a story back, and how much each version changed."""

from django.test import SimpleTestCase

from articles.actions import authors, take, writing
from articles.actions.restoring import restore_version
from articles.body.compare import words_added_and_removed
from articles.models import Contributor, State
from newsroom.errors import NotAllowed, Refused, Stale, WrongState

from ..base import DeskTestCase

OLD, NEW = "<p>The text runs to eleven pages.</p>", "<p>The text runs to twelve long pages.</p>"


def save_body(article, body, by, **fields):
    """Save a story with another body, as its form does."""
    article.refresh_from_db()
    article.body = body
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return writing.save_revision(article, by=by, seen_version=article.version)


class RestoreTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(body=OLD)
        save_body(self.article, NEW, self.rana, headline="Seven ports")
        self.article.topics.clear()
        writing.save_revision(self.article, by=self.rana, seen_version=2)

    def restore(self, number, by, seen=None):
        self.article.refresh_from_db()
        return restore_version(self.article, number, by=by, seen=seen or take.seen_token(self.article))

    def test_an_earlier_version_comes_back_as_the_newest_one(self):
        said = self.restore(1, self.rana)
        self.article.refresh_from_db()
        self.assertEqual((self.article.version, self.article.headline), (4, "Six ports agree a rule"))
        first, newest = self.article.revisions.get(number=1), self.article.revisions.get(number=4)
        self.assertEqual(newest.content, first.content)
        self.assertEqual((newest.by, newest.why), (self.rana, "version 1 restored"))
        self.assertEqual(list(self.article.topics.all()), [self.topic])
        self.assertIn("Version 1 is back, as version 4. What stood until now is version 3.", said)

    def test_what_stood_before_is_a_version_and_comes_back_too(self):
        self.restore(1, self.rana)
        self.restore(3, self.rana)
        self.article.refresh_from_db()
        self.assertEqual((self.article.body, self.article.version), (NEW, 5))
        self.assertEqual(self.article.topics.count(), 0)

    def test_whoever_may_not_edit_may_not_restore(self):
        for user in (self.rob, self.pia, self.leo, self.sami, self.mona):
            with self.subTest(user=user.username), self.assertRaises(NotAllowed):
                self.restore(1, user)
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, 3)

    def test_a_stale_page_restores_nothing(self):
        seen = take.seen_token(self.article)
        save_body(self.article, "<p>Somebody was quicker.</p>", self.edith)
        with self.assertRaises(Stale):
            self.restore(1, self.rana, seen)
        self.article.refresh_from_db()
        self.assertEqual(self.article.body, "<p>Somebody was quicker.</p>")

    def test_a_locked_story_is_not_restored(self):
        story = self.make_article(state=State.PUBLISHED, slug="locked")
        with self.assertRaises(WrongState):
            restore_version(story, 1, by=self.max, seen=take.seen_token(story))

    def test_a_version_that_is_not_there_or_stands_already_is_said_so(self):
        with self.assertRaises(Refused):
            self.restore(9, self.rana)
        with self.assertRaises(WrongState):
            self.restore(3, self.rana)
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, 3)

    def test_a_writer_of_a_submitted_story_does_not_restore_it(self):
        story = self.make_article(state=State.SUBMITTED, slug="submitted")
        save_body(story, NEW, self.edith)
        with self.assertRaises(NotAllowed):
            restore_version(story, 1, by=self.rana, seen=take.seen_token(story))

    def test_restoring_words_ends_an_approval_of_others(self):
        story = self.article
        for name, user in (("submit", self.rana), ("approve", self.edith)):
            take.take(story, name, by=user, seen=take.seen_token(story))
            story.refresh_from_db()
        self.assertEqual(story.state, State.APPROVED)
        restore_version(story, 1, by=self.cora, seen=take.seen_token(story))
        story.refresh_from_db()
        self.assertEqual((story.state, story.approved, story.submitted_by), (State.SUBMITTED, None, self.cora))

    def test_whoever_restores_words_of_another_did_not_write_them(self):
        story = self.make_article(state=State.SUBMITTED, slug="rewritten")
        save_body(story, "<p>Nothing of what was submitted is left in here, not a word of it at all.</p>", self.max)
        story.refresh_from_db()
        self.assertFalse(authors.is_author(story, self.edith))
        restore_version(story, 1, by=self.edith, seen=take.seen_token(story))
        story.refresh_from_db()
        self.assertFalse(authors.is_author(story, self.edith))
        self.assertIn("approve", dict(take.available(story, self.edith)))

    def test_what_is_gone_since_is_left_out_and_told(self):
        self.article.bylines.all().delete()
        writing.save_revision(self.article, by=self.rana, seen_version=3)
        Contributor.objects.filter(pk=self.rana_by.pk).delete()
        said = self.restore(1, self.rana)
        self.assertIn("Not there any more, and so left out: a byline.", said)


class AmountTests(DeskTestCase):
    def test_each_version_says_how_many_words_it_changed(self):
        article = self.make_article(body=OLD)
        save_body(article, NEW, self.rana)
        first, second = article.revisions.order_by("number")
        self.assertEqual((second.words_added, second.words_removed), (2, 1))
        self.assertGreater(first.words_added, 6)
        self.assertEqual(first.words_removed, 0)


class AmountOfContentTests(SimpleTestCase):
    def content(self, body, **fields):
        names = ("headline", "short_headline", "seo_title", "social_title", "label", "standfirst", "dateline")
        return dict.fromkeys(names, "") | {"language": "en", "body": body} | fields

    def count(self, old, new, **fields):
        return words_added_and_removed(self.content(old), self.content(new, **fields))

    def test_a_moved_paragraph_is_no_change_of_words(self):
        self.assertEqual(self.count("<p>One two.</p><p>Three.</p>", "<p>Three.</p><p>One two.</p>"), (0, 0))

    def test_a_paragraph_said_twice_counts_once_more(self):
        self.assertEqual(self.count("<p>One two.</p>", "<p>One two.</p><p>One two.</p>"), (2, 0))

    def test_headlines_count_as_words(self):
        self.assertEqual(self.count("<p>One.</p>", "<p>One.</p>", headline="Six ports"), (2, 0))

    def test_a_very_long_text_is_counted_in_bounded_time(self):
        old = "".join(f"<p>w{n} x{n} y{n % 97}</p>" for n in range(20_000))
        new = "".join(f"<p>w{n} z{n} y{n % 89}</p>" for n in range(20_000))
        added, removed = self.count(old, new)
        self.assertGreater(min(added, removed), 20_000)
