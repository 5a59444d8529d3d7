"""Where the desk shows or takes words of a story, they have a direction of their own, whichever the page's is."""

import pytest
from django.test import TestCase

from articles.actions import take, writing
from articles.models import Article, Comment, Contributor, DeskNote, Section
from experts.models import Expert
from newsroom import clock
from newsroom.models import Topic
from tests.base import Cast, make_article
from tests.directions import undirected

from .doors import open_doors
from .test_links import shape, walk

WORDS = "الميناء مفتوح"


@pytest.mark.slow
class DirectionTests(TestCase, Cast):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        cls.doors = open_doors(cls)
        topic = Topic.objects.create(name="الموانئ", slug="ports", description=WORDS)
        Contributor.objects.filter(pk=cls.rana_by.pk).update(name="رنا عزيز")
        Section.objects.filter(pk=cls.world.pk).update(name="العالم")
        Expert.objects.filter(pk=cls.expert.pk).update(display_name="هالة نصر", sort_name="نصر، هالة")
        cls.expert.affiliations.create(title="مديرة الميناء", is_primary=True)
        words = {
            "headline": WORDS, "standfirst": f"{WORDS}.", "catchline": "ميناء", "language": "ar", "label": "تحليل",
            "short_headline": "ميناء", "lead_caption": WORDS, "dateline": "بيروت",
            "body": f'<p>{WORDS}. <q data-expert="{cls.expert.pk}">{WORDS}</q></p>',
        }  # fmt: skip
        for slug, road in {"a": [], "b": ["submit"], "c": ["submit", "approve"],
                           "d": ["submit", "approve", "publish", "correct"]}.items():  # fmt: skip
            story = make_article(cls, slug=slug, **words)
            story.topics.add(topic)
            story.attributions.create(description="مسؤول", reason="خوف")
            writing.save_revision(story, by=cls.rana, seen_version=1)
            story.attributions.update(approved_by=cls.edith)
            DeskNote.objects.create(article=story, uid=f"task{slug}", text=WORDS, by=cls.rana, is_task=True)
            for name in road:
                cls.take(story, name)
        cls.take(Article.objects.get(slug="c"), "hold")
        live = Article.objects.get(slug="d")
        Comment.objects.create(article=live, name="ليلى", body=WORDS, created_at=clock.instant())

    @classmethod
    def take(cls, story, name):
        asked = {
            "publish": {"waive": ["*"], "waive_note": "ميناء"},
            "hold": {"note": WORDS},
            "correct": {"was": WORDS, "became": WORDS, "reader_text": WORDS, "changes": {"headline": f"{WORDS}!"}},
        }.get(name, {})
        by = cls.rana if name in ("submit", "correct") else cls.max
        story = Article.objects.get(pk=story.pk)
        take.take(story, name, by=by, seen=take.seen_token(story), **asked)

    def test_arabic_words_have_a_direction_on_every_page_of_the_desk(self):
        missing = {}

        def visit(url, page):
            for place, words in undirected(page):
                missing.setdefault((shape(url), place), words)

        for column in ("M", "S", "Mo"):
            _, met = walk(self.doors[column], visit)
            self.assertIn("/admin/password_change/", met)  # it did walk
        self.assertEqual(missing, {})
