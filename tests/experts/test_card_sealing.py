"""Restricted details are sealed: under the newest key after `reseal`, and nowhere in the clear."""

import io
import logging
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import checks, mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase, override_settings

from experts import sealing, serializer
from experts.access import Tier
from experts.actions import cards, channels, log, merging, removal
from experts.checks import keys_of_their_own
from experts.files import exporting
from experts.files.importing import batches
from experts.finding import duplicates
from experts.management.commands.reseal import SEALED
from experts.models import Channel, Expert, ImportBatch, ImportRow, MergeRecord, PrivateChannel, PrivateNote
from experts.models.channel import channel_digest
from newsroom import clock
from newsroom.errors import Refused
from tests.base import Cast
from tests.engines import files_of_database

from .test_card import CardAsking, CardTestCase


class ResealTests(CardTestCase):
    def setUp(self):
        super().setUp()
        with override_settings(FIELD_KEYS=["the old key"]):
            self.channel = channels.add_channel(
                self.card, kind="mobile", raw="+44 7700 900123", tier="restricted", by=self.sami
            )
            self.note = log.add_note(self.card, "Lives abroad", by=self.sami)
            batch = ImportBatch.objects.create(by=self.sami, at=clock.process_time(), filename="a.csv", format="csv")
            self.row = ImportRow.objects.create(
                batch=batch, line=2, sealed=sealing.seal("row"), before_sealed=sealing.seal("before"), status="done"
            )
            self.merge = MergeRecord.objects.create(
                survivor=self.card, absorbed=self.expert, sealed=sealing.seal("both"), at=clock.process_time()
            )

    def told(self):
        out = io.StringIO()
        call_command("reseal", stdout=out)
        return out.getvalue()

    def test_reseal_puts_every_detail_under_the_newest_key(self):
        with override_settings(FIELD_KEYS=["the new key", "the old key"]):
            self.assertIn("1 sealed anew", self.told())
        with override_settings(FIELD_KEYS=["the new key"]):
            channel, row = PrivateChannel.objects.get(), ImportRow.objects.get()
            self.assertEqual(channel.opened(), "+44 7700 900123")
            self.assertEqual(channel.digest, channel_digest("mobile", "+447700900123"))
            self.assertEqual(PrivateNote.objects.get().opened(), "Lives abroad")
            self.assertEqual((sealing.unseal(row.sealed), sealing.unseal(row.before_sealed)), ("row", "before"))
            self.assertEqual(sealing.unseal(MergeRecord.objects.get().sealed), "both")
            self.assertTrue(channels.card_holds(self.card, "mobile", "+447700900123"))

    def test_a_number_under_an_old_key_is_matched_before_reseal(self):
        number = ("mobile", "+447700900123")
        with override_settings(FIELD_KEYS=["the new key", "the old key"]):
            self.assertTrue(channels.card_holds(self.card, *number))
            self.assertEqual(self.channel.opened(), "+44 7700 900123")
            for tier in ("staff", "restricted"):
                with self.assertRaises(Refused):
                    channels.add_channel(self.card, kind="mobile", raw="+447700900123", tier=tier, by=self.sami)
            found = duplicates.find_lookalikes(channels=[("phone", number[1])])
            self.assertEqual(
                [(one.expert, one.reasons) for one in found], [(self.card, ["The same number, restricted"])]
            )
            lines = f"Name,Mobile\n{self.card.display_name},+447700900123\n"
            batch = batches.take_in(lines.encode(), "list.csv", by=self.sami)
            self.assertEqual((batch.counts["same"], batch.counts["new"]), (1, 0))

    def test_a_number_under_an_old_key_stays_restricted_in_a_merge(self):
        other = cards.make_card("Mona Larsson", by=self.sami)
        with override_settings(FIELD_KEYS=["the new key", "the old key"]):
            channels.add_channel(other, kind="phone", raw="+447700900123", tier="staff", by=self.sami)
            for card in (self.card, other):
                card.refresh_from_db()
            merging.merge_cards(self.card, other, {}, by=self.sami, seen=(self.card.version, other.version))
            self.assertFalse(Channel.objects.filter(normalized="+447700900123").exists())
            self.assertEqual(self.card.private_channels.get().opened(), "+44 7700 900123")

    def test_a_removal_under_an_old_key_is_known_while_the_key_is_kept(self):
        with override_settings(FIELD_KEYS=["the old key"]):
            removal.remove_expert(self.card, by=self.sami)
        asked = {"channels": [("phone", "+447700900123")]}
        with override_settings(FIELD_KEYS=["the new key", "the old key"]):
            self.assertTrue(removal.is_suppressed(**asked))
            self.assertIn("Keep the old keys", self.told())
            self.assertTrue(removal.is_suppressed(**asked))
        with override_settings(FIELD_KEYS=["the new key"]):
            self.assertFalse(removal.is_suppressed(**asked))

    def test_reseal_keeps_and_counts_what_no_key_opens(self):
        before = PrivateNote.objects.get().sealed
        with override_settings(FIELD_KEYS=["the new key"]), self.assertRaisesRegex(CommandError, "no key"):
            self.told()
        self.assertEqual(PrivateNote.objects.get().sealed, before)

    def test_reseal_knows_every_sealed_field(self):
        found = {
            (model, field.name)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.name.endswith("sealed") and model._meta.app_label != "sessions"
            and field.get_internal_type() == "TextField"
        }  # fmt: skip
        self.assertEqual(found, {(model, name) for model, names in SEALED for name in names})


class KeyTests(SimpleTestCase):
    def test_the_deployment_check_warns_of_a_shared_key(self):
        with override_settings(SECRET_KEY="one", FIELD_KEYS=["one"]):
            (warning,) = keys_of_their_own(None)
            self.assertEqual((warning.id, warning.level), ("experts.W001", checks.WARNING))
        with override_settings(SECRET_KEY="one", FIELD_KEYS=["two"]):
            self.assertEqual(keys_of_their_own(None), [])
        with override_settings(SECRET_KEY="one", FIELD_KEYS=["two", "one"]):  # on the way from one to the other
            self.assertEqual(keys_of_their_own(None), [])
        self.assertIn(keys_of_their_own, checks.registry.registry.deployment_checks)


class Lines(logging.Handler):
    """Keeps every line that anything logs."""

    def __init__(self):
        super().__init__(0)
        self.kept = []

    def emit(self, record):
        self.kept.append(self.format(record))


@pytest.mark.slow
class CanaryTests(CardAsking, TransactionTestCase, Cast):
    """Twelve secrets go in through the forms; each is looked for wherever a word can lie.

    Outside a transaction, since SQLite copies no file that is being written.
    """

    def setUp(self):
        type(self).assemble()
        super().setUp()

    NUMBERS = {n: f"+44 7700 9001{n:02}" for n in (1, 2, 5, 8, 10, 11)}
    WORDS = {3: "canary3@secret.example", 4: "4 Canary Lane, Aldmere", 6: "canary six", 7: "canary seven",
             9: "canary nine", 12: "canary twelve"}  # fmt: skip

    def hidden(self):
        """Each secret in the spellings that it could be kept in."""
        for raw in self.NUMBERS.values():
            yield from (raw, raw.replace(" ", ""), raw.replace(" ", "")[-10:])
        for words in self.WORDS.values():
            yield from (words, words.lower(), words.replace(" ", "+"))

    def assertHidden(self, text, where):
        if isinstance(text, bytes):
            found = [secret for secret in self.hidden() if secret.encode() in text]
        else:
            found = [secret for secret in self.hidden() if secret in text]
        self.assertEqual(found, [], where)

    def assertFilesHidden(self):
        """Of SQLite: the file and its write-ahead log, as whoever copies the disk has them."""
        if connection.vendor == "sqlite":
            files = files_of_database()
            self.assertTrue(any(name.endswith("-wal") for name in files), list(files))
            for name, image in files.items():
                self.assertHidden(image, name)

    def send_all(self):
        """The twelve, by every form that takes what is sealed; some are refused, some moved or removed again."""
        home = {"kind": "mobile", "label": "home", "preference": "50", "no_risk": "on"}
        self.client.force_login(self.rana)
        made = {"display_name": "Ines Quill", "channel": self.NUMBERS[1], "private": "on", "no_risk": "on"}
        self.assertEqual(self.client.post(self.where("add"), made).status_code, 302)
        kinds = ((2, "mobile"), (3, "email"), (4, "postal"), (5, "signal"))
        for n, kind in kinds:
            raw = self.NUMBERS.get(n) or self.WORDS[n]
            self.assertEqual(self.part(self.sami, "channels", **home | {"kind": kind, "raw": raw}).status_code, 302)
        for n in (6, 9):
            self.assertEqual(self.part(self.sami, "notes", text=self.WORDS[n], no_risk="on").status_code, 302)
        log = {"log-outcome": "reached", "log-note": "Spoke", "log-private_note": self.WORDS[7], "log-no_risk": "on"}
        self.assertEqual(self.client.post(self.where("log", self.card.pk), log).status_code, 302)
        row = self.card.private_channels.get(kind="mobile")
        change = {"do": "change-sealed", "id": row.pk}
        sent = {"raw": self.NUMBERS[8], "tier": "restricted", "preference": "50", "no_risk": "on"}
        self.assertEqual(self.part(self.sami, "channels", change, **sent).status_code, 302)
        gone = self.card.private_notes.filter(entry=None).first()
        self.assertEqual(self.part(self.sami, "notes", {"do": "remove", "id": gone.pk}).status_code, 302)
        # what is refused is shown again to who typed it, and kept nowhere
        self.assertEqual(self.part(self.sami, "channels", seen=0, **home | {"raw": self.NUMBERS[10]}).status_code, 409)
        self.assertEqual(
            self.part(self.sami, "channels", **home | {"raw": self.NUMBERS[11], "no_risk": ""}).status_code, 400
        )
        self.assertEqual(self.part(self.sami, "notes", text=self.WORDS[12]).status_code, 400)
        for row in self.card.private_channels.all():
            where = self.where("unseal", self.card.pk, "channel", row.pk)
            self.assertEqual(self.client.post(where, {"why": "Breaking story"}).status_code, 200)

    def test_twelve_secrets_are_nowhere_in_the_clear(self):
        lines, statements, kept = Lines(), [], logging.getLogger()

        def watch(execute, sql, params, many, context):
            # What is written is what could come to lie in a page, a log ahead of writing, or a replica.
            if not sql.lstrip("(").startswith("SELECT"):
                statements.append(f"{sql} {params}")
            return execute(sql, params, many, context)

        kept.addHandler(lines)
        level = kept.level
        kept.setLevel(0)
        try:
            with connection.execute_wrapper(watch):
                self.send_all()
        finally:
            kept.removeHandler(lines)
            kept.setLevel(level)
        self.assertGreater(len(statements), 50)
        self.assertTrue(any("INSERT" in line and "privatechannel" in line for line in statements))
        self.assertHidden("\n".join(statements), "statements")
        self.assertHidden("\n".join(lines.kept), "logs")
        dump = io.StringIO()
        call_command("dumpdata", stdout=dump)
        self.assertIn("privatechannel", dump.getvalue())
        self.assertHidden(dump.getvalue(), "dumpdata")
        self.assertHidden(str([session.get_decoded() for session in Session.objects.all()]), "sessions")
        self.assertHidden(str([(mail_.subject, mail_.body) for mail_ in mail.outbox]), "mails")
        self.assertHidden(self.database(), "every page of the database")
        self.assertFilesHidden()
        for user in (self.rana, self.cora, self.max, self.sami):
            for name in ("change", "history", "log"):
                self.assertHidden(self.look(user, name).content.decode(), f"{name} for {user}")
        for tier in (Tier.NAMES, Tier.STAFF, Tier.RESTRICTED):
            self.assertHidden(str(serializer.cards(Expert.objects.all(), tier)), f"serializer, {tier.name}")
        for form in ("csv", "vcf"):
            data, taken = exporting.export(Expert.objects.all(), form, by=self.sami)
            self.assertGreater(taken, 2)
            self.assertHidden(data if isinstance(data, bytes) else data.encode(), f"export, {form}")
        data, _ = exporting.export(Expert.objects.all(), "xlsx", by=self.sami)
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for name in book.namelist():
                self.assertHidden(book.read(name), f"export, {name}")

    def database(self):
        """Every page of the database file, the free ones included; on PostgreSQL every row of every table."""
        if connection.vendor == "sqlite":
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "copy.sqlite3")
                connection.ensure_connection()
                with connection.cursor() as cursor:
                    library = type(cursor.db.connection)
                copy = library(str(path))
                connection.connection.backup(copy)
                copy.close()
                return path.read_bytes()
        rows = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                rows += [row[0] for row in cursor.fetchall()]
        return "\n".join(rows)

    def test_a_number_made_restricted_leaves_nothing_in_a_free_page(self):
        row = channels.add_channel(self.card, kind="phone", raw="+44 7700 900101", tier="staff", by=self.sami)
        self.assertIn(b"+44 7700 900101" if connection.vendor == "sqlite" else "+44 7700 900101", self.database())
        channels.change_channel(row, by=self.sami, tier="restricted")
        self.assertHidden(self.database(), "every page of the database")
        self.assertFilesHidden()
