"""Removing a person at their request: printed words stay, and nothing else is found anywhere."""

import datetime as dt
import json
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, connection, transaction
from django.db.backends.sqlite3.base import Database
from django.test import TransactionTestCase
from django.urls import reverse

from articles.actions import checklist, writing
from articles.models import Appearance, DeskNote, EditionText, Quote, QuoteRecord
from experts import relations
from experts.actions import cards, channels, log, merging, removal, requests
from experts.files.importing import batches
from experts.models import (
    AccessLog,
    ContactLog,
    DataRequest,
    Expert,
    ImportBatch,
    ImportRow,
    MergeRecord,
    NameVariant,
    Portrait,
    PrivateChannel,
    PrivateNote,
    Suppression,
)
from experts.sealing import seal, unseal
from newsroom import clock
from newsroom.errors import NotAllowed, WrongState
from tests.engines import files_of_database, only_on

from ..base import Cast
from ..site.base import SiteTestCase
from .full import full_card

pytestmark = pytest.mark.engines

CANARY, NUMBER = "Zorvanwick", "+962790777666"


def dump():
    """Every row of every table, as text, sealed details opened."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            lines += [f"{table} {row!r}" for row in cursor.fetchall()]
    lines += [row.opened() for model in (PrivateChannel, PrivateNote) for row in model.objects.all()]
    lines += [text for row in PrivateChannel.objects.all() for text in (row.hours_note, row.source)]
    lines += [unseal(row.sealed) + unseal(row.before_sealed) for row in ImportRow.objects.all()]
    lines += [unseal(row.sealed) for row in MergeRecord.objects.all()]
    return "\n".join(lines)


def found_in(text):
    """The lines that still hold something of the person."""
    low = text.lower()
    return [word for word in (CANARY.lower(), NUMBER[1:], "790777666") if word in low]


def files():
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


class RemovalTests(SiteTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.who = full_card(cls.sami, cls.topic, word=CANARY, number=NUMBER)

    def remove(self, request=None, by=None):
        return removal.remove_expert(self.who, by=by or self.sami, request=request)

    def quoted(self):
        body = f'<p>Text. <q data-expert="{self.who.pk}" data-quote="q1">A rule is a rule</q></p>'
        return self.publish(body=body, people=[(self.who, "reader in law")])

    def test_a_removed_card_is_empty(self):
        self.assertTrue(found_in(dump()))
        self.remove()
        self.assertEqual([line for line in dump().splitlines() if found_in(line)], [])
        card = Expert.objects.get(pk=self.who.pk)
        self.assertEqual((card.display_name, card.in_use), (removal.REMOVED_NAME, False))
        self.assertNotEqual(card.uid, self.who.uid)

    def test_every_relation_is_deleted_or_has_a_reason_to_stay(self):
        self.remove()
        for relation in relations.all_relations():
            if relation.removal == relations.DELETE and relation.model is not MergeRecord:
                self.assertFalse(relation.rows([self.who.pk]).exists(), relation.name)
            elif relation.removal == relations.KEEP:
                self.assertTrue(relation.why, relation.name)

    def test_the_name_is_in_no_log_session_or_import_row(self):
        session = SessionStore()
        session["_messages"] = json.dumps([f"Ida {CANARY} was saved."])
        session.save()
        batch = ImportBatch.objects.get()
        ImportRow.objects.create(batch=batch, line=90, status="bad", sealed=seal("0790 777 666, no name"))
        ImportRow.objects.create(batch=batch, line=91, status="bad", sealed=seal("Somebody else, +4420000"))
        named_alike = seal(f"Ida {CANARY}-Smith")
        other = ImportRow.objects.create(batch=batch, line=92, status="done", sealed=named_alike, expert=self.expert)
        self.remove()
        other.refresh_from_db()
        self.assertEqual(other.sealed, named_alike)
        other.delete()
        self.assertFalse(SessionStore(session.session_key).load())
        self.assertEqual(found_in(dump().replace(" ", "")), [])
        self.assertTrue(ImportRow.objects.get(line=91).sealed)

    def test_a_file_with_their_name_is_renamed_everywhere(self):
        for filename in (f"Ida_{CANARY}.csv", f"{CANARY.lower()}, ida.csv", "from 0790 777666.csv"):
            lines = ["Name,E-mail,City", "Somebody Else,else@sea.example,", "Halvard Nystrom,h@sea.example,Hull"]
            lines[1] = lines[1].replace("else", f"else{len(filename)}")
            batches.commit(batches.take_in("\n".join(lines).encode(), filename, by=self.sami), by=self.sami)
        other = batches.take_in(b"Name\nSomebody Other", "idaho.csv", by=self.sami)
        sealed = PrivateChannel.objects.create(expert=self.expert, kind="mobile", sealed=seal("+441632960001"),
                                               digest="d", source=f"Import: Ida_{CANARY}.csv")  # fmt: skip
        self.remove()
        self.assertEqual(PrivateChannel.objects.get(pk=sealed.pk).source, "Import: file.csv")
        self.assertEqual(found_in(dump()), [])
        self.assertEqual(ImportBatch.objects.filter(filename="file.csv").count(), 3)
        other.refresh_from_db()
        self.assertEqual(other.filename, "idaho.csv")
        made = Expert.objects.filter(display_name="Somebody Else").first()
        self.assertEqual(made.source_of_data, "Import: file.csv")
        self.assertEqual(made.changes.get(part="card").what, f"Made by the import of {relations.REMOVAL_MARK}")

    def test_a_file_with_one_word_of_a_name_keeps_its_own(self):
        who = cards.make_card("Ida March", by=self.sami, given="Ida", family="March")
        NameVariant.objects.create(expert=who, text="March", kind="alias")
        batch = batches.take_in(b"Name\nSomebody Else", "march-2026.csv", by=self.sami)
        batches.commit(batch, by=self.sami)
        removal.remove_expert(who, by=self.sami)
        batch.refresh_from_db()
        self.assertEqual(batch.filename, "march-2026.csv")
        other = Expert.objects.get(display_name="Somebody Else")
        self.assertEqual(other.source_of_data, "Import: march-2026.csv")

    def test_texts_about_others_only_lose_the_name(self):
        text = f"Ring Ida {CANARY} (0790 777 666), then Halvard."
        note = DeskNote.objects.create(article=self.make_article(), uid="n1", by=self.edith, text=text)
        entry = log.add_entry(
            self.expert, by=self.rana, outcome="reached", note=f"Works with {CANARY.upper()}, Ida.", purpose="Idaho"
        )  # fmt: skip
        at = clock.process_time()
        access = AccessLog.objects.create(
            by=self.sami, at=at, what="Export, 2 cards", why=f"For Ida {CANARY}'s funeral"
        )
        cards.record_change(self.expert, "card", f"Made beside another: not Ida {CANARY}", by=self.sami)
        self.remove()
        self.assertEqual(found_in(dump().replace(" ", "")), [])
        for row in (note, entry, access):
            row.refresh_from_db()
        self.assertEqual(note.text, "Ring [removed] ([removed]), then Halvard.")
        self.assertEqual((entry.note, entry.purpose, entry.by), ("Works with [removed].", "Idaho", self.rana))
        self.assertEqual((access.why, access.at), ("For [removed]'s funeral", at))

    def left_of(self, *notes):
        """What is left of notes about somebody else once the person is removed."""
        rows = [log.add_entry(self.expert, by=self.rana, outcome="reached", note=note) for note in notes]
        self.remove()
        return [ContactLog.objects.get(pk=row.pk).note for row in rows]

    def test_a_name_is_found_with_other_apostrophes_and_spaces(self):
        for text in ("Ra'uf Groß", "رؤوف ’Ali"):
            NameVariant.objects.create(expert=self.who, text=text, kind="alias")
        log = LogEntry.objects.create(
            user=self.sami, action_flag=2, object_repr="x", change_message=json.dumps(["Not Ra’uf  GROSS"]),
            content_type=ContentType.objects.get_for_model(NameVariant),
        )  # fmt: skip
        ways = ("Ra'uf Groß", "RA’UF GROSS", "Ra‘uf  Groß", "ra'uf\ngross", "رؤوف  'Ali")
        notes = [f"Ask {way}, then Halvard." for way in ways]
        self.assertEqual(self.left_of(*notes), ["Ask [removed], then Halvard."] * len(ways))
        log.refresh_from_db()
        self.assertEqual(log.change_message, "")

    def has_number(self, raw, **fields):
        channels.add_channel(self.who, kind="phone", raw=raw, tier="staff", by=self.sami, **fields)

    def test_a_short_number_is_found_in_every_notation(self):
        self.has_number("+47 90 12 34 56")
        ways = ("90 12 34 56", "90123456", "0047 90 12 34 56", "+47 (0) 90-12-34-56", "٩٠ ١٢ ٣٤ ٥٦", "９０１２３４５６")
        notes = [f"Ring {way}, then Halvard." for way in ways]
        self.assertEqual(self.left_of(*notes), ["Ring [removed], then Halvard."] * len(ways))

    def test_a_number_with_extension_goes_and_the_switchboard_stays(self):
        self.has_number("+962 6 535 5000 ext. 123")
        notes = ("Ring 06 535 5000, ext. 123, at noon", "The university: 06 535 5000", "06 535 5000, ext. 1234")
        self.assertEqual(self.left_of(*notes), ["Ring [removed], at noon", *notes[1:]])

    def test_other_numbers_and_dates_beside_theirs_stay(self):
        notes = {
            "0790777666 / 0791234567": "[removed] / 0791234567",
            "2026-05-04 0790777666": "2026-05-04 [removed]",
            "0791234567, +962 790 777 666 at noon": "0791234567, [removed] at noon",
            "Order 40790777666": "Order 40790777666",
        }
        self.assertEqual(self.left_of(*notes), list(notes.values()))

    def test_a_single_word_of_the_name_stays_in_texts(self):
        NameVariant.objects.create(expert=self.who, text="Canary", kind="alias")
        entry = log.add_entry(self.expert, by=self.rana, outcome="reached", note="A canary in the mine; rang 0790 1.")
        self.remove()
        entry.refresh_from_db()
        self.assertEqual(entry.note, "A canary in the mine; rang 0790 1.")

    def test_a_ledger_allows_the_mark_of_a_removal_and_nothing_else(self):
        entry = log.add_entry(self.expert, by=self.rana, outcome="reached", note="As it was")
        rows = ContactLog.objects.filter(pk=entry.pk)
        refused = [{"note": "Otherwise"}, {"outcome": "declined"}, {"note": "[removed]", "by": self.rob}, {"note": ""}]
        for changes in refused:
            with self.assertRaises(IntegrityError), transaction.atomic():
                rows.update(**changes)
        self.assertEqual(rows.update(note="As [removed] was"), 1)
        for note in ("Another [removed] story", "As it was"):
            with self.assertRaises(IntegrityError), transaction.atomic():
                rows.update(note=note)
        self.assertEqual(rows.update(note="As [removed] [removed]"), 1)

    def test_a_second_removal_fits_into_a_full_note(self):
        NameVariant.objects.create(expert=self.who, text="Bo Ek", kind="alias")
        longest = ContactLog._meta.get_field("note").max_length
        note = "[removed] and Bo Ek ".ljust(longest, "x")
        self.assertEqual(self.left_of(note), ["[removed] [removed]"])

    def test_the_portrait_and_its_files_are_deleted(self):
        before = files()
        who = full_card(self.sami, self.topic, word="Withface", number="+962790777000", face=True)
        self.assertGreater(len(files() - before), 1)
        with self.captureOnCommitCallbacks(execute=True):
            removal.remove_expert(who, by=self.sami)
        self.assertEqual(files(), before)
        self.assertFalse(Portrait.objects.exists())

    def test_cards_merged_into_it_are_removed_too(self):
        other = full_card(self.sami, self.topic, word=f"{CANARY}son", number="+962790777555")
        self.who.refresh_from_db()
        merging.merge_cards(self.who, other, {}, by=self.sami, seen=(self.who.version, other.version))
        self.remove()
        self.assertEqual(found_in(dump()), [])
        self.assertFalse(MergeRecord.objects.exists())

    def test_article_pages_only_lose_the_link(self):
        edition = self.quoted()
        before = self.get(edition.path).content.decode()
        words = EditionText.objects.get(pk=edition.pk)
        self.remove()
        after = self.get(edition.path).content.decode()
        link = f'<a href="/experts/{self.who.slug}/">'
        self.assertIn(link, before)
        self.assertEqual(before.replace(f"{link}Ida {CANARY}</a>", f"Ida {CANARY}"), after)
        self.assertEqual(EditionText.objects.get(pk=edition.pk).data, words.data)
        self.assertEqual(Quote.objects.filter(expert=self.who).count(), 1)

    def test_a_later_edition_prints_the_printed_name(self):
        edition = self.quoted()
        self.remove()
        article = edition.article
        article.headline = "Another headline"
        article.save()
        revision = writing.save_revision(article, by=self.rana, seen_version=article.version)
        row = revision.content["appearances"][0]
        self.assertEqual((row["name"], row["attribution"]), (f"Ida {CANARY}", "reader in law"))

    def test_a_draft_keeps_its_words_and_loses_the_link(self):
        body = f'<p>Text. <q data-expert="{self.who.pk}" data-quote="q1">A rule is a rule</q></p>'
        article = self.make_article(body=body)
        self.remove()
        self.assertFalse(QuoteRecord.objects.filter(article=article).exists())
        article.refresh_from_db()
        article.headline = "Another headline"
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        self.assertIn("A rule is a rule", article.body)
        self.assertFalse(Appearance.objects.filter(article=article).exists())
        self.assertFalse(QuoteRecord.objects.filter(article=article).exists())

    def test_quotes_that_may_not_be_printed_stay_blocked(self):
        q = f'<q data-expert="{self.who.pk}" data-quote="{{}}">{{}}</q>'
        body = f"<p>Text. {q.format('q1', 'A rule is a rule')}, and {q.format('q2', 'Nobody says so')}</p>"
        article = self.make_article(body=body)
        article.quote_records.filter(uid="q2").update(ground_rule="off_record", words_as_spoken="As they said it")
        self.remove()
        article.refresh_from_db()
        article.headline = "Another headline"
        article.save()
        revision = writing.save_revision(article, by=self.rana, seen_version=article.version)
        self.assertEqual(list(article.quote_records.values_list("uid", "words_as_spoken")), [("q2", "")])
        self.assertFalse(Appearance.objects.filter(article=article).exists())
        found = [f for f in checklist.findings_of(article, revision.content) if f.code == "ground rule"]
        self.assertEqual(len(found), 1)
        self.assertIn("Nobody says so", found[0].message)

    def test_terms_and_notes_of_printed_quotes_are_deleted(self):
        article = self.quoted().article
        inside = {"words_as_spoken": "As they said it", "recording_ref": "Safe 3", "terms": "Not the name of the ship"}
        article.quote_records.update(interviewer=self.rana, said_on=dt.date(2026, 1, 1), **inside)
        DeskNote.objects.create(
            article=article, uid="t1", by=self.edith, is_task=True, text=f"It calls {self.who} “reader in law”. Look?"
        )  # fmt: skip
        article.refresh_from_db()
        before = writing.append_revision(article, writing.content_of(article), by=self.rana).content
        self.assertEqual(before["quotes"][0]["recording_ref"], "Safe 3")
        self.remove()
        self.assertFalse(article.notes.filter(is_task=True).exists())
        for read in (lambda: None, lambda: writing.restore(article, before)):
            read()
            row = article.quote_records.get()
            self.assertEqual(row.words, "A rule is a rule")
            self.assertEqual([row.words_as_spoken, row.recording_ref, row.terms], ["", "", ""])
            self.assertEqual((row.interviewer, row.said_on), (None, None))

    def test_an_unreadable_detail_does_not_stop_a_removal(self):
        self.who.private_channels.update(sealed="sealed with a key of long ago")
        self.remove()
        self.assertFalse(self.who.private_channels.exists())

    def test_the_public_page_is_gone_and_not_in_the_sitemap(self):
        path = self.who.get_absolute_url()
        self.assertEqual(self.get(path).status_code, 200)
        self.assertContains(self.get("/sitemap-pages.xml"), path)
        self.remove()
        response = self.get(path)
        self.assertContains(response, "no longer here", status_code=410)
        self.assertEqual(found_in(response.content.decode().replace(path, "")), [])
        for other in ("/sitemap-pages.xml", "/experts/", f"{path}feed/"):
            self.assertEqual(found_in(self.get(other).content.decode()), [], other)

    def test_a_removed_person_is_recognised_but_not_readable(self):
        self.remove()
        known = removal.is_suppressed
        self.assertTrue(known(names=[f"{CANARY}, Ida"]))
        self.assertTrue(known(names=[f"{CANARY} native"]))
        self.assertTrue(known(channels=[("mobile", NUMBER)]))
        self.assertTrue(known(channels=[("email", f"{CANARY.lower()}@sea.example")]))
        self.assertTrue(known(ids=[("website", f"https://{CANARY.lower()}.example")]))
        self.assertTrue(known(uids=[self.who.uid]))
        self.assertFalse(known(names=["Halvard Nystrom"], channels=[("phone", "+4420000000")]))
        self.assertFalse(known())
        with self.assertNumQueries(1):
            known(names=["A", "B"], channels=[("phone", "+4420000000")])
        self.assertEqual(Suppression.objects.filter(digest__contains="zor").count(), 0)

    def test_a_form_makes_a_removed_persons_card_only_with_a_reason(self):
        self.remove()
        self.client.force_login(self.sami)
        url = reverse("admin:experts_expert_add")
        data = {"display_name": f"Ida {CANARY}"}
        self.assertContains(self.client.post(url, data), "removed at their own request", status_code=409)
        other = {"display_name": "Somebody Else", "channel": NUMBER, "channel_kind": "phone"}
        self.assertContains(self.client.post(url, other), "removed at their own request", status_code=409)
        self.assertEqual(self.client.post(url, data | {"because": "They wrote to us anew"}).status_code, 302)
        call = reverse("desk:expert")
        self.assertEqual(self.client.post(call, {"display_name": f"{CANARY} native"}).status_code, 409)
        answer = self.client.post(call, {"display_name": f"{CANARY} native", "anyway": "1"})
        self.assertEqual(answer.status_code, 201)

    def test_their_request_is_closed_with_its_legal_ground(self):
        asked = requests.add_request(self.who, kind="erase", received=dt.date(2026, 1, 31), words=CANARY, by=self.sami)
        self.assertEqual(asked.due, dt.date(2026, 2, 28))
        done = self.remove(asked)
        self.assertEqual((done.pk, done.decision, done.words, done.handler), (asked.pk, "Removed", "", self.sami))
        self.assertIn("17(3)(a)", done.ground)
        self.assertFalse(DataRequest.objects.filter(expert=self.who, closed_at=None).exists())

    def test_the_sheet_says_what_stays_and_what_goes(self):
        self.quoted()
        count = len(relations.all_relations())
        with self.assertNumQueries(count + 3):  # the cards merged into it, a count each, portraits and merges
            sheet = removal.make_removal_sheet(self.who)
        stays = {label: why for label, _, why in sheet.stays}
        self.assertIn("freedom of expression", stays["published quotations"])
        self.assertIn("channels", dict(sheet.goes))

    def test_only_the_source_desk_removes_a_card_and_only_once(self):
        for person in (self.rana, self.max, self.ada):
            with self.assertRaises(NotAllowed):
                self.remove(by=person)
        self.remove()
        with self.assertRaises(WrongState):
            self.remove()


@only_on("sqlite")
class FileTests(TransactionTestCase, Cast):
    """Beyond the rows: the database file itself, free pages and journal included."""

    def test_the_database_file_holds_nothing_of_them(self):
        self.assemble()
        who = full_card(self.sami, self.topic, word=CANARY, number=NUMBER)
        removal.remove_expert(who, by=self.sami)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            self.assertEqual(cursor.fetchone()[0], 1)
        # A backup copies page by page, the free ones, too.
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.sqlite3"
            target = Database.connect(str(copy))
            connection.connection.backup(target)
            target.close()
            image = copy.read_bytes().lower()
        self.assertIn(b"removed at their own request", image)
        for word in (CANARY.lower().encode(), NUMBER[1:].encode()):
            self.assertNotIn(word, image)
            for name, lying in files_of_database().items():
                self.assertNotIn(word, lying.lower(), name)

    @only_on("sqlite")
    def test_a_busy_journal_is_logged_and_not_waited_for(self):
        def patience():
            with connection.cursor() as cursor:
                return cursor.execute("PRAGMA busy_timeout").fetchone()[0]

        self.assemble()
        who, before = full_card(self.sami, self.topic, word=CANARY, number=NUMBER), patience()
        reader = Database.connect(connection.settings_dict["NAME"], isolation_level=None)
        try:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM experts_expert").fetchone()
            started = time.monotonic()
            with self.assertLogs("experts.sealing", "WARNING") as log:
                removal.remove_expert(who, by=self.sami)
            self.assertLess(time.monotonic() - started, 10)
        finally:
            reader.close()
        self.assertIn("somebody was reading", log.output[0])
        self.assertEqual(patience(), before)
