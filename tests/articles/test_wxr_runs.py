"""Runs of an import: killed, taken up, taken back; the map's template; whole files."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from articles.exchange import importing, map_template, undo
from articles.exchange.filing import read_map
from articles.exchange.unreadable import Unreadable
from articles.models import Article, Comment, Edition, ImportRun, Path
from newsroom import clock
from newsroom.database import guards
from newsroom.errors import Refused
from newsroom.models import PolicyPage, Topic
from tests import data
from tests.pictures import jpeg

from . import wxr
from .import_case import ImportTestCase, dump, stored

pytestmark = pytest.mark.engines
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class RunTests(ImportTestCase):
    parts = (
        wxr.category("europe", "Europe"),
        wxr.item(1, inside=wxr.term("europe") + wxr.term("salt", "Salt", "post_tag") + wxr.comment(1)),
        wxr.item(2, status="draft"), wxr.item(3, status="future", date="2090-01-01 08:00:00"),
        wxr.item(4, kind="page", title="About"), wxr.attachment(5, "https://old.example/a.jpg"),
    )  # fmt: skip

    def test_a_run_that_was_killed_is_taken_up_by_the_next(self):
        class Killed(BaseException):
            pass

        def progress(done, total):
            if Article.objects.exists():
                raise Killed

        path = self.written(wxr.export(*self.parts))
        with self.assertRaises(Killed), self.settings():
            importing.PROGRESS_EVERY, before = 1, importing.PROGRESS_EVERY
            try:
                importing.import_export(path, commit=True, progress=progress)
            finally:
                importing.PROGRESS_EVERY = before
        self.assertEqual(Article.objects.count(), 1)
        report = importing.import_export(path, commit=True)
        self.assertEqual((Article.objects.count(), report.failed), (3, 0))
        for old, new in (
            ("category/europe", "europe"),
            ("tag/salt", "topics/salt"),
            ("author/ines", "people/ines-calder"),
        ):
            self.assertEqual(self.leads_to(f"/{old}/"), f"/{new}/")

    def test_progress_is_told(self):
        said = []
        importing.import_export(
            self.written(wxr.export(*self.parts)), commit=True, progress=lambda *at: said.append(at)
        )
        self.assertEqual(said[-1], (5, 5))

    def test_a_run_is_taken_back_whole(self):
        self.written(jpeg().read(), "uploads/a.jpg")
        self.bring(wxr.item(77))
        ignored = {"sqlite_sequence", "django_content_type"}
        before, files = dump(), stored()
        self.bring(*self.parts, media=self.folder / "uploads")
        run = ImportRun.objects.first()
        dry = list(undo.undo_run(run.pk))
        self.assertTrue(Article.objects.filter(imported_from="https://old.example/?p=1").exists())
        with self.captureOnCommitCallbacks(execute=True):
            wet = list(undo.undo_run(run.pk, commit=True))
        self.assertEqual(dry, wet)
        left = [
            t
            for t in self.changed(before)
            if t not in ignored and "pulse" not in t and "instant" not in t and "search" not in t
        ]
        self.assertEqual(left, [])
        self.assertEqual(stored(), files)
        self.assertEqual(self.leads_to("/2019/04/story-1/"), 404)
        self.assertEqual(self.leads_to("/2019/04/story-77/"), "/news/2019/04/01/story-77/")
        self.assertEqual(guards.missing(), [])

    def test_what_somebody_has_touched_since_is_kept_and_named(self):
        self.bring(*self.parts)
        article = self.article(1)
        Comment.objects.create(article=article, name="New", body="x", created_at=article.created_at)
        topic = Topic.objects.get(name="Salt")
        page = PolicyPage.objects.get()
        LogEntry.objects.create(user=self.max, content_type=ContentType.objects.get_for_model(page), object_id=page.pk,
                                action_flag=CHANGE)  # fmt: skip
        lines = "\n".join(undo.undo_run(commit=True))
        for said in ("readers have commented", "somebody has changed it", "in use"):
            self.assertIn(said, lines)
        self.assertTrue(Topic.objects.filter(pk=topic.pk).exists() and PolicyPage.objects.exists())
        self.assertEqual([one.pk for one in Article.objects.all()], [article.pk])
        self.assertTrue(Edition.objects.live().filter(article=article).exists())
        self.assertTrue(Path.objects.filter(article=article, legacy=True).exists())

    def test_what_readers_have_had_for_a_day_is_kept_and_named(self):
        self.bring(*self.parts)
        run, live = ImportRun.objects.get(), self.article(1)
        with clock.frozen(run.began_at + DAY):
            self.assertNotIn("withdraw", "\n".join(undo.undo_run(run.pk)))
        with clock.frozen(run.began_at + DAY + MINUTE):
            lines = "\n".join(undo.undo_run(run.pk, commit=True))
        self.assertIn(f"story {live.pk} “A story”: readers have had it for more than a day, so withdraw it", lines)
        # the draft and the one that waits were nobody's to read
        self.assertEqual([one.pk for one in Article.objects.all()], [live.pk])
        for old, new in (
            ("2019/04/story-1", "europe/2019/04/01/story-1"),
            ("category/europe", "europe"),
            ("tag/salt", "topics/salt"),
        ):
            self.assertEqual(self.leads_to(f"/{old}/"), f"/{new}/")

    def test_undoing_what_is_not_there_is_refused(self):
        with self.assertRaises(Refused):
            undo.undo_run()
        with self.assertRaises(Refused):
            undo.undo_run(99)

    def test_a_template_of_the_map_is_written_and_read(self):
        path = self.written(
            wxr.export(
                wxr.category("europe", "Europe, all"), wxr.category("north", "North", "europe"),
                wxr.category("fjords", "Fjords", "north"),
                wxr.item(1, inside=wxr.term("north") + wxr.term("stray", "Stray")),
            )
        )  # fmt: skip
        target = self.folder / "map.csv"
        self.assertEqual(map_template.write_template(path, target), 4)
        rows = read_map(target)
        self.assertEqual([(row.category, row.section) for row in rows],
                         [("north", "North"), ("stray", "Stray"), ("europe", "Europe, all")])  # fmt: skip
        self.assertIn("# Europe, all > North > Fjords: 0 items", target.read_text())
        with self.assertRaisesRegex(Unreadable, "is there already"):
            map_template.write_template(path, target)


class FaultFileTests(ImportTestCase):
    def imported(self, name):
        return importing.import_export(data.path(f"faults/wxr/{name}"), commit=True)

    def test_many_things_of_a_move_come_to_what_they_should(self):
        report = self.imported("many-things-of-a-move.xml")
        said = "\n".join(report.lines())
        self.assertEqual(report.failed, 0)
        story = self.article(10)
        self.assertEqual((story.seo_title, story.social_title, story.standfirst, story.section.slug),
                         ("SEO title of the quay", "Social quay", "A deck by ACF", "harbour"))  # fmt: skip
        self.assertEqual((story.body, story.lead_caption), ("<p>Text here.</p>", "Quay at dawn"))
        self.assertIn("Meta description words", said)
        self.assertFalse(self.article(11).bylines.exists())
        builder = self.printed(12)
        for words in ("Words in a builder.", "Divi words", "[sic] he said [laughs]"):
            self.assertIn(words, builder)
        for gone in ("vc_", "et_pb", "contact_form", "ad_slot"):
            self.assertNotIn(gone, builder)
        self.assertIn("ad_slot", said)
        self.assertIn('href="/harbour/2024/05/11/n10/"', self.printed(13))
        self.assertIn("report.pdf", said)
        self.assertEqual(Comment.objects.get(body="Reply").answers.name, "Ro")
        self.assertIn("review", said)
        for number, slug in ((19, "amp"), (20, "amp2")):
            self.assertEqual(self.leads_to(f"/index.php?p={number}&lang=fr"), f"/harbour/2024/05/20/{slug}/")

    def test_the_epoch_and_one_guid_come_to_what_they_should(self):
        report = self.imported("epoch-and-same-guid.xml")
        days = {str(day)[:10] for day in Edition.objects.values_list("first_published_at", flat=True)}
        self.assertFalse([day for day in days if day.startswith("1970")])
        self.assertIn("2024-05-16", days)
        self.assertEqual(Article.objects.filter(headline__contains="of two").count(), 2)
        self.assertIn("repeats a guid", "\n".join(report.lines()))

    def test_the_bare_ampersand_is_read_and_placed(self):
        said = "\n".join(self.imported("bare-ampersand.xml").lines())
        self.assertIn("Line 1 of the file", said)
        self.assertEqual(Article.objects.count(), 1)
