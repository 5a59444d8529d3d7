"""A second import, the command, and real files: what is here is left alone, and every item accounted for."""

import io
import re
from pathlib import Path as Folder

from django.conf import settings
from django.core.management import CommandError, call_command

from articles.actions import writing
from articles.exchange import importing
from articles.exchange.report import Outcome
from articles.exchange.wxr import Unreadable
from articles.models import Article, Edition, Path, Section
from newsroom.models import PolicyPage
from tests import data
from tests.pictures import jpeg

from . import wxr
from .import_case import ImportTestCase, dump, stored

FILES = ("wxr/themeunittestdata.wordpress.xml", "wxr/64-block-test-data.xml")


class AgainTests(ImportTestCase):
    parts = (
        wxr.category("europe", "Europe"),
        wxr.item(1, inside=wxr.term("europe") + wxr.comment(1)), wxr.item(2, status="draft"),
        wxr.item(3, status="future", date="2090-01-01 08:00:00"), wxr.item(4, kind="page", title="About"),
        wxr.attachment(5, "https://old.example/a.jpg"),
    )  # fmt: skip

    def test_a_second_import_changes_nothing(self):
        self.bring(*self.parts)
        before = dump()
        report = self.bring(*self.parts)
        self.assertEqual(self.changed(before), [])
        self.assertEqual({entry.outcome for entry in report.entries}, {Outcome.HERE})

    def test_a_dry_run_changes_nothing_and_says_the_same(self):
        self.written(jpeg().read(), "uploads/a.jpg")
        before, files = dump(), stored()
        dry = self.bring(*self.parts, commit=False, media=self.folder / "uploads")
        self.assertEqual((self.changed(before), stored()), ([], files))
        wet = self.bring(*self.parts, media=self.folder / "uploads")
        self.assertEqual(list(dry.lines()), list(wet.lines()))
        self.assertGreater(len(stored()), len(files))

    def test_a_story_edited_here_is_left_alone_and_reported(self):
        self.bring(*self.parts)
        article = self.article(2)
        article.headline = "Ours now"
        article.save()
        writing.save_revision(article, by=self.max, seen_version=article.version)
        before = dump()
        changed = [part.replace("A story", "Theirs") for part in self.parts]
        report = self.bring(*changed)
        self.assertEqual(self.changed(before), [])
        self.assertIn("edited here since", self.notes(report, 2))
        self.assertNotIn("edited here", self.notes(report, 1))

    def test_an_incomplete_file_changes_nothing(self):
        self.written(jpeg().read(), "uploads/a.jpg")
        path = self.written(wxr.export(*self.parts)[:-100])
        before, files = dump(), stored()
        with self.assertRaisesRegex(Unreadable, "cut short"):
            importing.import_export(path, commit=True, media=self.folder / "uploads")
        self.assertEqual((self.changed(before), stored()), ([], files))


class CommandTests(ImportTestCase):
    def call(self, *arguments):
        out = io.StringIO()
        call_command("import_wxr", *map(str, arguments), stdout=out)
        return out.getvalue()

    def test_the_command_without_commit_is_a_dry_run(self):
        path = self.written(wxr.export(wxr.item(1)))
        self.assertIn("nothing is kept", self.call(path))
        self.assertFalse(Article.objects.exists())
        self.assertIn("1 items: 1 live", self.call(path, "--commit"))
        self.assertEqual(Article.objects.count(), 1)

    def test_a_bad_file_map_or_folder_gets_a_clear_message(self):
        path = self.written(wxr.export(wxr.item(1)))
        for arguments in (
            ("/nowhere.xml",), (self.written("<html/>", "page.xml"),), (path, "--map", "/nowhere.csv"),
            (path, "--media", "/nowhere"),
        ):  # fmt: skip
            with self.assertRaisesRegex(CommandError, "Nothing was imported"):
                self.call(*arguments)

    def test_a_run_is_named_and_taken_back_by_the_command(self):
        out = self.call(self.written(wxr.export(wxr.item(1))), "--commit")
        number = re.search(r"--undo (\d+) takes it back", out)[1]
        self.assertIn("nothing is undone", self.call("--undo", number))
        self.assertEqual(Article.objects.count(), 1)
        self.assertIn("Taken back.", self.call("--undo", "--commit"))
        self.assertFalse(Article.objects.exists())
        with self.assertRaisesRegex(CommandError, "could be undone"):
            self.call("--undo")
        with self.assertRaisesRegex(CommandError, "which file"):
            self.call("--commit")

    def test_the_commands_further_files_and_kinds_are_used(self):
        path = self.written(wxr.export(wxr.item(1, kind="review", content="<p>a [our_map]</p>")))
        rules = self.written('drop = ["our_map"]', "shortcodes.toml")
        self.assertIn("1 items: 1 live", self.call(path, "--type", "review", "--shortcodes", rules))
        self.assertIn("1 items: 1 draft", self.call(path, "--type", "review"))
        self.assertIn("1 items: 1 skipped", self.call(path))
        self.assertIn("0 categories", self.call(path, "--map-template", self.folder / "map.csv"))
        with self.assertRaisesRegex(CommandError, "not TOML.*Nothing was imported"):
            self.call(path, "--shortcodes", self.written("drop = [", "bad.toml"))

    def test_only_the_importer_opens_imported_editions(self):
        """Nobody but the importer calls the gate's door for imported stories."""
        root = Folder(settings.BASE_DIR)
        callers = {
            str(path.relative_to(root))
            for path in root.glob("[aen]*/**/*.py")
            if "open_imported" in path.read_text() and "/demo" not in str(path)
        }
        self.assertLessEqual(
            callers, {"articles/exchange/stories.py", "articles/actions/gate.py", "articles/actions/first_run.py"}
        )


class RealFilesTests(ImportTestCase):
    def test_every_item_of_real_files_is_accounted_for(self):
        for name, count in zip(FILES, (186, 72), strict=True):
            path = data.path(name)
            report = importing.import_export(path, commit=True)
            with self.subTest(file=name):
                self.assertEqual(len(report.entries), count)
                self.assertFalse([str(entry) for entry in report.entries if entry.outcome in (None, Outcome.FAILED)])
            before = dump()
            again = importing.import_export(path, commit=True)
            self.assertEqual(self.changed(before), [])
            self.assertLessEqual({entry.outcome for entry in again.entries}, {Outcome.HERE, Outcome.SKIPPED})
        hidden = Article.objects.filter(
            headline__in=["Draft", 'Template: Password Protected (the password is "enter")']
        )
        self.assertEqual([article.editions.count() for article in hidden], [0, 0])
        live = Edition.objects.live().filter(imported=True)
        self.assertEqual((live.count(), PolicyPage.objects.count()), (116, 22))
        for edition in live.select_related("text"):
            with self.subTest(path=edition.path):
                self.assertEqual(self.client.get(edition.path).status_code, 200)
        fronts = [f"/{slug}/" for slug in Section.objects.values_list("slug", flat=True)]
        old = Path.objects.filter(legacy=True, article__in=live.values("article"))
        self.assertEqual(
            old.filter(path__in=fronts).count(), 1
        )  # /classic/, a section by its category; the report says so
        for legacy in old.exclude(path__in=fronts):
            with self.subTest(path=legacy.path):
                self.assertEqual(self.client.get(legacy.path).status_code, 301)
