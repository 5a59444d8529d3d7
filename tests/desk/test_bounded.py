"""Pages of the desk that a long life would fill: editions by the thousand, a picture that stands in every story,
2,000 people on the staff."""

import re
from unittest import mock

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from articles.actions import images, take
from articles.desk.home import stories
from articles.desk.stories import editions
from articles.models import Article, Contributor, Image, State
from experts.models import Expert, Organisation
from newsroom.models import Topic, User

from ..base import DeskTestCase
from ..newsroom.test_uploads import drawn, sent

pytestmark = pytest.mark.engines
SELECT = re.compile(r'<select\b[^>]*name="([^"]*)".*?>(.*?)</select>', re.S)
LONGEST_BOX = 500


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


class SelectBoxTests(DeskTestCase):
    """No box of a form is a list of everybody or everything; the story's own form has tests of its own."""

    MANY = 2000

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        numbers = range(cls.MANY)
        User.objects.bulk_create(
            User(username=f"staff{n}", is_staff=True, email=f"s{n}@paper.example") for n in numbers
        )
        Contributor.objects.bulk_create(Contributor(name=f"Byline {n}", slug=f"byline-{n}") for n in numbers)
        Expert.objects.bulk_create(Expert(display_name=f"Expert {n}", slug=f"expert-{n}") for n in numbers)
        Organisation.objects.bulk_create(Organisation(name=f"House {n}", folded=f"house {n}") for n in numbers)
        Topic.objects.bulk_create(Topic(name=f"Topic {n}", slug=f"topic-{n}") for n in numbers)
        Article.objects.bulk_create(
            Article(slug=f"story-{n}", section=cls.world, created_by=cls.rana, updated_by=cls.rana) for n in numbers
        )
        Image.objects.bulk_create(Image(token=f"{n:032x}", width=640, height=480) for n in numbers)
        User.objects.filter(pk=cls.ada.pk).update(is_superuser=True)

    def test_no_select_box_lists_everybody_or_everything(self):
        self.client.force_login(User.objects.get(pk=self.ada.pk))
        seen, long = 0, []
        for model in admin.site._registry:
            if model is Article:
                continue
            for url in self.addresses(model):
                answer = self.client.get(url)
                if answer.status_code != 200:
                    continue
                seen += 1
                page = answer.content.decode()
                for name, inside in SELECT.findall(page):
                    if inside.count("<option") > LONGEST_BOX:
                        long.append((url, name, inside.count("<option")))
                if page.count('type="checkbox"') > LONGEST_BOX:
                    long.append((url, "boxes to tick", page.count('type="checkbox"')))
        self.assertGreater(seen, 20)
        self.assertEqual(long, [])

    def addresses(self, model):
        """The list of a model, its empty form and that of its newest row."""
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (reverse(f"{names}_changelist"), reverse(f"{names}_add"))
        if row := model._default_manager.order_by("pk").last():
            yield reverse(f"{names}_change", args=[row.pk])
