"""Pages of the desk that a long life would fill: editions by the thousand, a picture that stands in every story."""

from unittest import mock

import pytest
from django.db import connection

from articles.actions import images, take
from articles.desk.home import stories
from articles.desk.stories import editions
from articles.models import Article, State

from ..base import DeskTestCase
from ..newsroom.test_uploads import drawn, sent

pytestmark = pytest.mark.engines


class EditionListTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(state=State.PUBLISHED)
        self.url = f"/admin/articles/article/{self.article.pk}/editions/"
        self.client.force_login(self.max)

    def annotate(self, times):
        for n in range(times):
            take.take(
                self.article,
                "editors-note",
                by=self.max,
                seen=take.seen_token(self.article),
                reader_text=f"Note {n}",
                note="x",
            )
            self.article.refresh_from_db()

    def numbers(self, query=""):
        context = self.client.get(self.url + query).context
        return [edition.number for edition in context["editions"]], context["older"]

    def test_a_long_list_of_editions_is_read_in_pages(self):
        self.annotate(4)
        with mock.patch.object(editions, "EDITIONS_A_PAGE", 2):
            self.assertEqual(self.numbers(), ([5, 4], 4))
            self.assertEqual(self.numbers("?before=4"), ([3, 2], 2))
            self.assertEqual(self.numbers("?before=2"), ([1], None))
            self.assertContains(self.client.get(self.url), "?before=4")
        self.assertEqual(self.numbers(), ([5, 4, 3, 2, 1], None))

    def test_an_address_that_names_no_edition_shows_the_newest(self):
        for odd in ("?before=", "?before=x", "?before=-1", "?before=" + "9" * 40, "?before=%00"):
            self.assertEqual(self.numbers(odd)[0], [1], odd)
        self.assertEqual(self.numbers("?before=" + "9" * 18)[0], [1])


class WhereUsedTests(DeskTestCase):
    def setUp(self):
        self.image = images.take_in(sent(drawn()), by=self.pia, alt="The logo", credit="Pia")

    def test_no_more_uses_are_read_than_are_shown(self):
        for n in range(4):
            self.make_article(slug=f"story-{n}", lead_image=self.image)
        with self.assertNumQueries(4):  # stories that lead with it, name it, editions, contributors
            self.assertEqual(len(images.where_used(self.image)), 4)
        self.assertEqual(len(images.where_used(self.image, 2)), 2)

    def test_a_picture_in_use_is_named_with_one_use_and_not_deleted(self):
        for n in range(3):
            self.make_article(slug=f"story-{n}", lead_image=self.image)
        with self.assertRaisesMessage(images.Refused, "and elsewhere"):
            images.delete_unused(self.image, by=self.max)


class HoldTests(DeskTestCase):
    def test_todays_holds_are_read_by_their_index(self):
        rows = stories.held()
        if connection.vendor == "sqlite":
            self.assertIn("article_held", rows.explain())
            self.assertNotIn("TEMP B-TREE", rows.explain())
        else:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            self.assertIn("article_held", rows.explain())
            self.assertNotIn("Sort", rows.explain())
        self.assertEqual(Article.objects.filter(hold=True).count(), 0)
