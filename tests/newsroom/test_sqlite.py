"""SQLite: a library that loses nothing, and the settings that go with it."""

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import ConnectionHandler, OperationalError, transaction
from django.test import SimpleTestCase, TestCase

from newsroom.database import checks, sqlite

from ..engines import only_on
from .test_settings import process

pytestmark = pytest.mark.engines


class LibraryTests(SimpleTestCase):
    def test_which_versions_lose_rows(self):
        affected = ["3.7.0", "3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.2"]
        sound = ["3.6.23", "3.44.6", "3.44.9", "3.50.7", "3.51.3", "3.52.0", "3.53.4", "4.0.0"]
        for version in affected + sound:
            with self.subTest(version):
                numbers = tuple(map(int, version.split(".")))
                self.assertEqual(sqlite.has_wal_reset_bug(numbers), version in affected)

    def test_the_library_in_use_is_a_sound_one(self):
        self.assertFalse(sqlite.has_wal_reset_bug(sqlite3.sqlite_version_info), sqlite3.sqlite_version)

    def test_an_affected_sqlite_gets_no_write_ahead_log(self):
        with mock.patch.object(sqlite, "has_wal_reset_bug", return_value=True):
            self.assertIn("journal_mode=DELETE", sqlite.options()["init_command"])

    def test_pythons_own_sqlite_is_used_safely_without_pysqlite3(self):
        script = (
            "import sys; own = __import__('sqlite3'); sys.modules['pysqlite3'] = None\n"
            "from newsroom import sqlite\n"
            "assert sqlite.library() is own\n"
            "wal = 'journal_mode=WAL' in sqlite.options()['init_command']\n"
            "assert wal != sqlite.has_wal_reset_bug(own.sqlite_version_info)"
        )
        ran = subprocess.run([sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_the_limits_given_to_django_are_true(self):
        connection = sqlite3.connect(":memory:")
        variables = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.execute("CREATE TABLE t (a)")
        marks = ",".join("?" * variables)
        self.assertEqual(
            connection.execute(f"SELECT count(*) FROM t WHERE a IN ({marks})", range(variables)).fetchone(), (0,)
        )
        columns = connection.getlimit(sqlite3.SQLITE_LIMIT_COLUMN)
        connection.execute(f"SELECT {','.join('1' * columns)}")
        connection.close()


class FileTests(TestCase):
    """A database in a file, as a newspaper has one."""

    databases = ["default"]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "paper.sqlite3"

    def connect(self, **options):
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.path, "OPTIONS": sqlite.options() | options}
        connection = ConnectionHandler({"default": database})["default"]
        self.addCleanup(connection.close)
        return connection

    def test_saved_rows_survive_and_deleted_ones_are_overwritten(self):
        wanted = {
            "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "trusted_schema": 0, "foreign_keys": 1,
            "recursive_triggers": 1,
        }  # fmt: skip
        with self.connect().cursor() as cursor:
            for pragma, value in wanted.items():
                cursor.execute(f"PRAGMA {pragma}")
                self.assertEqual(cursor.fetchone()[0], value, pragma)

    def test_a_transaction_takes_the_lock_when_it_begins(self):
        first, second = self.connect(), self.connect(timeout=0.1)
        first.ensure_connection()
        second.ensure_connection()
        first_decides = mock.patch.object(transaction, "get_connection", lambda using: first)
        locked = self.assertRaisesMessage(OperationalError, "locked")
        with first_decides, transaction.atomic(), second.cursor() as cursor, locked:
            cursor.execute("BEGIN IMMEDIATE")
        with second.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")

    def test_a_write_waits_for_twenty_seconds(self):
        with self.connect().cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            self.assertEqual(cursor.fetchone()[0], 20_000)


@only_on("sqlite")
class CheckTests(TestCase):
    def found(self):
        return {found.id: found for found in run_checks(databases=["default"])}

    def test_the_check_names_the_sqlite_library(self):
        self.assertIn(sqlite3.sqlite_version, self.found()["newsroom.I002"].msg)

    def test_an_affected_sqlite_with_a_rollback_journal_is_a_warning(self):
        affected = mock.patch.object(sqlite, "has_wal_reset_bug", return_value=True)
        with affected, tempfile.TemporaryDirectory() as folder:
            database = {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/paper", "OPTIONS": sqlite.options()}
            others = ConnectionHandler({"default": database})
            with mock.patch.object(checks, "connections", others):
                found = self.found()
            others.close_all()
        self.assertIn("newsroom.W002", found)
        self.assertNotIn("newsroom.E002", found)

    def test_an_affected_sqlite_with_a_write_ahead_log_is_an_error(self):
        script = (
            "import django, newsroom; django.setup()\n"
            "from django.core.management import call_command; from newsroom import sqlite\n"
            "sqlite.has_wal_reset_bug = lambda version: True\n"
            "call_command('check', databases=['default'])"
        )
        with tempfile.TemporaryDirectory() as folder:
            ran = process(
                [sys.executable, "-c", script], DJANGO_SETTINGS_MODULE="newsroom.settings", SECRET_KEY="x",
                DATABASE_URL=f"sqlite:///{folder}/paper.sqlite3",
            )  # fmt: skip
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("can lose committed rows with write-ahead logging", ran.stderr)

    def test_the_sqlite_check_is_registered(self):
        self.assertIn("newsroom.I002", {found.id for found in checks.sqlite_library(None, databases=["default"])})


class PrivacyTests(TestCase):
    def test_a_new_database_and_its_journals_are_its_owners_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "paper.sqlite3")
            handler = ConnectionHandler(
                {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": sqlite.options()}}
            )
            connection = handler["default"]
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE t (a)")
                cursor.execute("INSERT INTO t VALUES (1)")
            modes = {file.name: oct(file.stat().st_mode & 0o777) for file in Path(folder).iterdir()}
            connection.close()
        self.assertIn("paper.sqlite3", modes)
        self.assertEqual(set(modes.values()), {"0o600"}, modes)

    def test_a_database_that_is_there_keeps_its_permissions(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "paper.sqlite3")
            path.touch(0o640)
            handler = ConnectionHandler(
                {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": sqlite.options()}}
            )
            handler["default"].ensure_connection()
            handler["default"].close()
            self.assertEqual(path.stat().st_mode & 0o777, 0o640)
