"""What the database itself refuses, whoever asks and by whichever way."""

import datetime as dt
import sys
from io import StringIO
from unittest import mock

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, models, transaction
from django.test import TransactionTestCase

from articles.models import Correction, Edition, EditionText, Kind, Path, Quote, Revision, State, Transition
from newsroom.database import guards

from ..base import Cast, DeskTestCase, make_article
from ..engines import empty_database, only_on
from .test_settings import process

pytestmark = pytest.mark.engines

HOUR = dt.timedelta(hours=1)
# Tables whose rows are never deleted, and the columns of them that may change.
APPEND_ONLY = {
    Edition: {"live_until", "listed", "sealed_at"},
    EditionText: set(),
    Revision: set(),
    Transition: set(),
    Correction: set(),
    Quote: {"expert"},
}


def another(field, value):
    """A value other than this one, of the field's kind."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return (value or dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) + HOUR
    if isinstance(field, models.JSONField):
        return {"another": True}
    if isinstance(field, models.CharField | models.TextField):
        return f"{value}x"
    return (value or 0) + 1000


class GuardTestCase(DeskTestCase):
    def refused(self, act):
        with self.assertRaises(IntegrityError), transaction.atomic():
            act()

    def published(self, **changes):
        """A story that was published, corrected, and quotes an expert: it has a row in every guarded table."""
        body = f'<p>“<q data-expert="{self.expert.pk}">We agreed</q>”, she said, the port authority says.</p>'
        article = self.make_article(state=State.PUBLISHED, **({"body": body} | changes))
        edition = article.editions.get()
        Correction.objects.create(
            article=article, edition=edition, kind=Kind.CORRECTION, reader_text="It was six.", at=edition.live_from
        )
        return article

    def copy_of(self, edition, **changes):
        """An edition's row once more under the next number."""
        again = Edition.objects.get(pk=edition.pk)
        again.pk, again.number, again._state.adding = None, edition.article.editions.count() + 1, True
        for name, value in changes.items():
            setattr(again, name, value)
        return again


class AppendOnlyTests(GuardTestCase):
    def setUp(self):
        self.article = self.published()

    def rows(self):
        for model, changeable in APPEND_ONLY.items():
            row = model.objects.first()
            self.assertIsNotNone(row, f"no {model.__name__} to try it on")
            yield model, row, changeable

    def test_no_row_is_deleted(self):
        for model, row, _ in self.rows():
            with self.subTest(model.__name__):
                self.refused(lambda model=model, row=row: model.objects.filter(pk=row.pk)._raw_delete("default"))

    def test_only_the_changeable_columns_change(self):
        for model, row, changeable in self.rows():
            for field in model._meta.concrete_fields:
                if field.name in changeable:
                    continue
                with self.subTest(f"{model.__name__}.{field.name}"):
                    value = another(field, getattr(row, field.attname))
                    self.refused(
                        lambda model=model, row=row, field=field, value=value: model.objects.filter(pk=row.pk).update(
                            **{field.attname: value}
                        )
                    )

    def test_an_update_that_changes_nothing_passes(self):
        for model, row, _ in self.rows():
            values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
            self.assertEqual(model.objects.filter(pk=row.pk).update(**values), 1)

    def test_a_changeable_column_changes(self):
        edition = self.article.editions.get()
        Edition.objects.filter(pk=edition.pk).update(live_until=edition.live_from + HOUR, listed=False)
        Edition.objects.filter(pk=edition.pk).update(sealed_at=edition.live_from)
        other = type(self.expert).objects.create(display_name="Halvard Nystrøm")
        self.assertEqual(Quote.objects.update(expert=other), 1)

    def test_an_unlisted_edition_stays_unlisted(self):
        Edition.objects.update(listed=False)
        self.refused(lambda: Edition.objects.update(listed=True))

    @only_on("sqlite")
    def test_replace_counts_as_a_deletion(self):
        def replace():
            with connection.cursor() as cursor:
                cursor.execute("INSERT OR REPLACE INTO articles_transition SELECT * FROM articles_transition")

        self.refused(replace)


class SpanTests(GuardTestCase):
    def setUp(self):
        self.edition = self.published().editions.get()
        self.start = self.edition.live_from
        Edition.objects.filter(pk=self.edition.pk).update(live_until=self.start + 2 * HOUR)

    def insert(self, start, end):
        self.copy_of(self.edition, live_from=start, live_until=end).save(force_insert=True)

    def test_spans_of_one_story_never_overlap(self):
        a, b, c = self.start, self.start + HOUR, self.start + 2 * HOUR
        for start, end in ((a, c), (b, c), (b, None), (a - HOUR, b), (a - HOUR, c + HOUR), (a - HOUR, None)):
            with self.subTest(f"{start} to {end}"):
                self.refused(lambda start=start, end=end: self.insert(start, end))

    def test_touching_and_empty_spans_do_not_overlap(self):
        a, b, c = self.start, self.start + HOUR, self.start + 2 * HOUR
        for start, end in ((c, c + HOUR), (a - HOUR, a), (b, b), (a, a)):
            with self.subTest(f"{start} to {end}"):
                self.insert(start, end)

    def test_spans_of_two_stories_may_overlap(self):
        self.published(slug="another")

    def test_a_span_is_not_stretched_over_the_next_one(self):
        self.insert(self.start + 2 * HOUR, self.start + 3 * HOUR)
        for end in (self.start + 2 * HOUR + dt.timedelta(microseconds=1), None):
            self.refused(lambda end=end: Edition.objects.filter(pk=self.edition.pk).update(live_until=end))

    def test_a_span_does_not_end_before_it_begins(self):
        self.refused(lambda: self.insert(self.start + 3 * HOUR, self.start + 2 * HOUR))

    def test_a_story_has_at_most_one_open_edition(self):
        self.insert(self.start + 2 * HOUR, None)
        self.refused(lambda: self.insert(self.start + 9 * HOUR, None))

    def test_a_tombstone_is_never_listed(self):
        tombstone = self.copy_of(
            self.edition, kind=Kind.WITHDRAWAL, listed=True, live_from=self.start + 2 * HOUR, live_until=None
        )
        self.refused(lambda: tombstone.save(force_insert=True))


class PathTests(GuardTestCase):
    def setUp(self):
        self.article = self.published()
        self.path = self.article.paths.get()
        self.other = self.make_article(slug="another")

    def test_a_path_has_one_owner(self):
        self.refused(lambda: Path.objects.create(path=self.path.path, article=self.other))

    def test_a_path_keeps_its_article(self):
        self.refused(lambda: Path.objects.filter(pk=self.path.pk).update(article=self.other))
        self.refused(lambda: Path.objects.filter(pk=self.path.pk).update(path="/elsewhere/"))

    def test_a_path_that_was_in_force_is_never_deleted(self):
        self.refused(lambda: Path.objects.filter(pk=self.path.pk)._raw_delete("default"))

    def test_a_path_that_was_only_planned_is_deleted(self):
        planned = Path.objects.create(path="/world/2026/05/04/planned/", article=self.other)
        planned.delete()

    def test_an_imported_address_is_never_deleted(self):
        legacy = Path.objects.create(path="/?p=7", article=self.other, legacy=True)
        self.refused(lambda: Path.objects.filter(pk=legacy.pk)._raw_delete("default"))


class MissingGuardTests(DeskTestCase):
    def test_every_table_of_the_design_is_guarded(self):
        names = {guard.name for guard in guards.all_guards(connection)}
        for model in APPEND_ONLY:
            table = model._meta.db_table
            self.assertLessEqual({f"guard_{table}_delete", f"guard_{table}_update"}, names)
        self.assertTrue(any("spans" in name for name in names))
        self.assertLessEqual({"guard_path_update", "guard_path_delete", "guard_edition_listed"}, names)


class InstallTests(TransactionTestCase, Cast):
    """Putting guards up and taking them away."""

    def test_all_guards_stand_after_a_migrate(self):
        self.assertEqual(guards.missing(), [])
        self.assertTrue(self.client.get("/readyz").json()["guards"])

    def test_installing_guards_twice_is_the_same_as_once(self):
        guards.install()
        guards.install()
        self.assertEqual(guards.missing(), [])

    def test_each_missing_guard_is_noticed_and_put_back(self):
        for guard in guards.all_guards(connection):
            with self.subTest(guard.name):
                with connection.cursor() as cursor:
                    for statement in guard.drop:
                        cursor.execute(statement)
                try:
                    self.assertEqual(guards.missing(), [guard.name])
                finally:
                    guards.install()
                self.assertEqual(guards.missing(), [])

    def test_a_missing_guard_fails_the_check_and_readyz(self):
        guards.remove()
        try:
            with self.assertRaisesMessage(SystemCheckError, "The database lacks guards: guard_"):
                call_command("check", deploy=True, databases=["default"], stderr=StringIO())
            response = self.client.get("/readyz")
            self.assertEqual((response.status_code, response.json()["guards"]), (503, False))
            self.assertEqual(self.client.get("/healthz").status_code, 200)
        finally:
            guards.install()
        found = run_checks(databases=["default"], include_deployment_checks=True)
        self.assertEqual([one for one in found if one.id == "newsroom.E001"], [])

    def test_guards_wait_for_tables_that_are_not_there(self):
        with mock.patch.object(type(connection.introspection), "table_names", return_value=["articles_edition"]):
            guards.install()
        try:
            self.assertIn("guard_articles_revision_delete", guards.missing())
            self.assertNotIn("guard_articles_edition_delete", guards.missing())
        finally:
            guards.install()

    @only_on("postgresql")
    def test_a_disabled_guard_counts_as_missing(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE articles_edition DISABLE TRIGGER guard_articles_edition_update")
            try:
                self.assertEqual(guards.missing(), ["guard_articles_edition_update"])
            finally:
                cursor.execute("ALTER TABLE articles_edition ENABLE TRIGGER guard_articles_edition_update")

    def test_lifting_guards_for_a_repair_is_logged_and_ends(self):
        self.assemble()
        make_article(self, state=State.PUBLISHED)
        with self.assertLogs("newsroom.database.guards", "WARNING") as log, guards.lifted(why="a repair"):
            self.assertGreater(Transition.objects.all()._raw_delete("default"), 0)
        self.assertIn("a repair", log.output[0])
        self.assertEqual(guards.missing(), [])

    def test_guards_are_put_back_when_the_repair_fails(self):
        with self.assertRaises(ZeroDivisionError), guards.lifted(why="a repair"):
            raise ZeroDivisionError
        self.assertEqual(guards.missing(), [])

    @only_on("sqlite")
    def test_a_remade_table_gets_its_guards_back(self):
        with connection.schema_editor() as editor:
            guards.before_migrate("default")
            editor._remake_table(Edition)
            editor._remake_table(Path)
        self.assertIn("guard_articles_edition_delete", guards.missing())
        call_command("migrate", verbosity=0)
        self.assertEqual(guards.missing(), [])


@pytest.mark.slow
class MigrateTests(TransactionTestCase):
    """`manage.py migrate` as people type it: call_command leaves the system checks out that the command line runs."""

    def manage(self, url, *command):
        ran = process(
            [sys.executable, "manage.py", *command], SECRET_KEY="x", DATABASE_URL=url,
            DJANGO_SETTINGS_MODULE="newsroom.settings",
        )  # fmt: skip
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def test_migrate_restores_guards_and_goes_back_and_forward(self):
        with empty_database() as url:
            self.manage(url, "migrate", "--verbosity", "0")
            self.manage(url, "shell", "-c", "from newsroom.database import guards; guards.remove()")
            self.assertIn("guard_", self.missing(url))
            self.manage(url, "migrate", "--verbosity", "0")
            self.assertEqual(self.missing(url), "")
            self.manage(url, "migrate", "--verbosity", "0", "articles", "zero")
            self.manage(url, "migrate", "--verbosity", "0")
            self.assertEqual(self.missing(url), "")

    def missing(self, url):
        ask = "from newsroom.database import guards; print(*guards.missing())"
        return self.manage(url, "shell", "--verbosity", "0", "-c", ask).strip()
