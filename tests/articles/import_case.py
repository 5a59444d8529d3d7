"""What tests of imports stand on: a folder for files, an import of small exports, and a look at every table."""

import os
import tempfile
from pathlib import Path as Folder

from django.conf import settings
from django.db import connection
from django.test import TestCase

from articles.exchange import importing
from articles.models import Article
from tests.base import Cast

from . import wxr


def dump():
    """Every row of every table, but for what the engine keeps for itself."""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            tables[table] = sorted(map(repr, cursor.fetchall()))
    return tables


def stored():
    """The names of all files in the storage."""
    return {os.path.join(folder, name) for folder, _, names in os.walk(settings.MEDIA_ROOT) for name in names}


class ImportTestCase(TestCase, Cast):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Folder(folder.name)

    def written(self, text, name="export.xml"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def bring(self, *parts, commit=True, **options):
        return importing.import_export(self.written(wxr.export(*parts)), commit=commit, **options)

    def article(self, number):
        return Article.objects.get(imported_from=f"https://old.example/?p={number}")

    def notes(self, report, number):
        return next(str(entry) for entry in report.entries if entry.number == str(number))

    def leads_to(self, address):
        """Where a reader of an old address is sent, or the status of the answer."""
        answer = self.client.get(address)
        return answer["Location"] if answer.status_code == 301 else answer.status_code

    def printed(self, number):
        return self.article(number).editions.in_force().get().text.body

    def page(self, number):
        return self.client.get(self.article(number).editions.in_force().get().path).content.decode()

    def changed(self, before):
        after = dump()
        return sorted(table for table in after if after[table] != before.get(table))
