"""What an import does to the book: who a row is about, what is added, what is refused, and how it is taken back."""

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experts import serializer
from experts.access import Tier
from experts.actions import cards, channels, jobs, log, removal
from experts.files import exporting
from experts.files.importing import batches
from experts.models import (
    AccessLog,
    Affiliation,
    Channel,
    Expert,
    ImportBatch,
    ImportRow,
    Organisation,
    PrivateChannel,
    Suppression,
)
from newsroom import clock
from newsroom.errors import NotAllowed, WrongState

from .. import data
from ..base import DeskTestCase
from . import importing

pytestmark = pytest.mark.engines

SECRET = "+44 20 7946 0999"


class BatchTestCase(DeskTestCase):
    def take(self, *lines, name="list.csv", **options):
        return batches.take_in("\n".join(lines).encode(), name, by=self.sami, options=options)

    def bring(self, *lines, **options):
        return batches.commit(self.take(*lines, **options), by=self.sami)

    def named(self, name):
        return Expert.objects.get(display_name=name)


class LostKeyTests(BatchTestCase):
    def test_rows_whose_key_is_lost_are_refused_with_a_sentence(self):
        batch = self.take("Name,E-mail", "Ada Good,a@sea.example", "Bad Bert,nobody")
        ImportRow.objects.update(sealed="sealed with a key of long ago")
        for act in (batches.commit, batches.failed_rows):
            with self.assertRaisesMessage(WrongState, "no longer has the key"):
                act(batch, by=self.sami)

    def test_no_cell_of_the_faulty_rows_is_a_formula(self):
        batch = self.take("Name,=E-mail", "Bad Bert,=nobody")
        batches.remap(batch, ["name", "email"], {}, by=self.sami)
        rows = list(csv.reader(io.StringIO(batches.failed_rows(batch, by=self.sami).decode("utf-8-sig"))))
        self.assertEqual(len(rows), 2)
        self.assertFalse([cell for row in rows for cell in row if cell.startswith("=")])


class WhoTests(BatchTestCase):
    HEAD = "Name,E-mail,Title,Organisation,ORCID"

    def test_an_id_finds_the_card_whatever_the_name(self):
        self.bring(self.HEAD, "Josiah Carberry,,,,0000-0002-1825-0097")
        batch = self.bring("Name,City,ORCID", "J. S. Carberry,Providence,0000-0002-1825-0097")
        self.assertEqual((batch.counts["new"], batch.counts["updated"]), (0, 1))
        self.assertEqual(self.named("Josiah Carberry").city, "Providence")

    def test_an_address_finds_it_only_with_a_name_alike(self):
        self.bring(self.HEAD, "Mohanad Alazzeh,desk@rights.example,,,")
        batch = self.take(self.HEAD, "Muhannad Al-Azzeh,desk@rights.example,,,", "Rita Okafor,desk@rights.example,,,")
        self.assertEqual((batch.counts["same"], batch.counts["new"]), (1, 1))

    def test_a_restricted_number_finds_it_too(self):
        expert = cards.make_card("Ann Lee", by=self.sami)
        channels.add_channel(expert, kind="phone", raw=SECRET, tier="restricted", by=self.sami)
        batch = self.bring("Name,Phone", f"Ann Lee,{SECRET}")
        self.assertEqual(batch.counts["same"], 1)
        self.assertFalse(Channel.objects.exists(), "a restricted number was written in the clear")

    def test_same_name_and_organisation_are_one_only_from_the_same_source(self):
        lines = [self.HEAD, "Ann Lee,,Poet,Guild,", "Ann Lee,,Poet,Academy,"]
        self.bring(*lines)
        self.assertEqual(Expert.objects.filter(display_name="Ann Lee").count(), 2)
        self.assertEqual(self.take(*lines).counts["same"], 2)
        self.assertEqual(self.take("Name,Title,Organisation", "Ann Lee,Poet,Guild").counts["new"], 1)

    def test_different_ids_are_different_people(self):
        self.bring(self.HEAD, "Ann Lee,ann@lee.example,,,0000-0002-1825-0097")
        batch = self.take(self.HEAD, "Ann Lee,ann@lee.example,,,0000-0001-5109-3700")
        self.assertEqual(batch.counts["new"], 1)

    def test_what_a_card_says_is_never_overwritten(self):
        expert = cards.make_card("Ann Lee", by=self.sami, city="Leeds")
        line = f"Ann Lee,York,JO,{expert.uid}"
        self.bring("Name,City,Country,Card", line)
        expert.refresh_from_db()
        self.assertEqual((expert.city, expert.country, expert.version), ("Leeds", "JO", 2))

    def test_who_was_removed_at_their_own_request_does_not_come_back(self):
        expert = cards.make_card("Ann Lee", by=self.sami)
        channels.add_channel(expert, kind="email", raw="ann@lee.example", tier="staff", by=self.sami)
        removal.remove_expert(expert, by=self.sami)
        self.assertTrue(Suppression.objects.exists())
        batch = self.bring("Name,E-mail", "Ann Lee,ann@lee.example", "Bo Ek,bo@ek.example")
        self.assertEqual((batch.counts["suppressed"], batch.counts["new"]), (1, 1))
        self.assertFalse(batch.rows.exclude(sealed="").exists())


class WriteTests(BatchTestCase):
    def test_a_card_of_a_list_is_found_like_one_made_by_hand(self):
        self.bring("Name,Job Title,Company,Topics,Also known as", "Åsa Lund,Poet,The Guild,Shipping,Asa of York")
        expert = self.named("Åsa Lund")
        before = expert.search_key, expert.name_skeleton
        cards.index_card(expert)
        self.assertEqual((expert.search_key, expert.name_skeleton), before)
        self.assertEqual(expert.version, 1)
        self.assertEqual(str(expert.affiliations.get()), "Poet, The Guild")
        self.assertTrue(expert.affiliations.get().is_primary)
        self.assertEqual(expert.changes.get().by, self.sami)

    def test_a_file_makes_no_role_of_a_card_in_use_the_main_one(self):
        ann = cards.make_card("Ann Lee", by=self.sami)
        bo = cards.make_card("Bo Ek", by=self.sami)
        jobs.add_role(bo, by=self.sami, title="Clerk", organisation="Academy", is_primary=True)
        head = "Card,Name,Title,Organisation"
        self.bring(head, f"{ann.uid},Ann Lee,Poet,Guild", f"{bo.uid},Bo Ek,Poet,Guild", ",Cy Dee,Poet,Guild")
        self.assertEqual(
            sorted(Affiliation.objects.values_list("expert__display_name", "title", "is_primary")),
            [("Ann Lee", "Poet", False), ("Bo Ek", "Clerk", True), ("Bo Ek", "Poet", False), ("Cy Dee", "Poet", True)],
        )
        # neither does a second file, of a card that the first one made
        self.bring(head, f"{self.named('Cy Dee').uid},Cy Dee,Judge,Harbour Court", name="more.csv")
        held = self.named("Cy Dee").affiliations
        self.assertEqual([role.title for role in held.filter(is_primary=True)], ["Poet"])
        self.assertEqual(held.count(), 2)

    def test_a_file_says_when_a_role_began_and_never_that_it_ended(self):
        self.bring("Name,E-mail,Title,From", "Ann Lee,ann@lee.example,Poet,soon")
        before = importing.everything()
        batch = self.bring("Name,E-mail,Title,From,Until", "Ann Lee,ann@lee.example,Poet,2018,2020", name="mended.csv")
        role = self.named("Ann Lee").affiliations.get()
        self.assertEqual((role.start, role.end, batch.counts["updated"]), ("2018", "", 1))
        self.assertIn("stays so", str(batch.rows.get().errors))
        batches.revert(batch, by=self.sami)
        self.assertEqual(importing.everything()["experts.affiliation"], before["experts.affiliation"])

    def test_the_main_role_of_a_new_card_is_its_first_that_is_held_now(self):
        head = "Name,Title,Organisation,Until"
        self.bring(head, "Ann Lee,Poet,Guild,2009", "Bo Ek,former poet,Guild,")
        self.assertFalse(Affiliation.objects.filter(expert=self.named("Ann Lee"), is_primary=True).exists())

    def test_all_or_nothing(self):
        batch = self.take("Name,E-mail", "Ann,ann@lee.example", "Bo,nothing")
        self.assertEqual((batch.counts["bad"], batch.counts["mend"]), (0, 1))
        batches.remap(batch, batch.mapping["targets"], {}, by=self.sami, all_or_nothing=True)
        with self.assertRaisesMessage(WrongState, "All or nothing"):
            batches.commit(batch, by=self.sami)
        batch.refresh_from_db()
        self.assertEqual((batch.status, Expert.objects.count()), (ImportBatch.DRY, 1))

    def test_a_batch_is_written_once(self):
        batch = self.take("Name", "Ann Lee")
        stale = ImportBatch.objects.get(pk=batch.pk)
        batches.commit(batch, by=self.sami)
        with self.assertRaises(WrongState):
            batches.commit(stale, by=self.sami)
        self.assertEqual(Expert.objects.filter(display_name="Ann Lee").count(), 1)

    def test_only_who_keeps_the_book(self):
        batch = self.take("Name", "Ann Lee")
        for user in (self.rana, self.max, self.cora):
            for act in (batches.commit, batches.revert, batches.failed_rows, batches.forget):
                with self.assertRaises(NotAllowed):
                    act(batch, by=user)
            with self.assertRaises(NotAllowed):
                batches.take_in(b"Name\nAnn", "x.csv", by=user)

    def test_nothing_of_a_file_stands_in_the_clear(self):
        self.take("Name,Phone,E-mail", f"Ann Canary,{SECRET},canary@lee.example", "Bo Canary,12,nothing@")
        rows = str(list(ImportRow.objects.values_list())) + str(list(ImportBatch.objects.values_list()))
        self.assertFalse(any(word in rows for word in ("Canary", "canary", "7946")))

    def test_a_mapping_is_remembered(self):
        batch = self.take("Name,Foo", "Ann Lee,York")
        self.assertEqual(batch.mapping["targets"], ["name", ""])
        batches.remap(batch, ["name", "city"], {"country": "GB"}, by=self.sami)
        again = self.take("Name,Foo,file line,errors", "Bo Ek,York,2,something")
        self.assertEqual(again.mapping["targets"], ["name", "city", "", ""])
        self.assertEqual(again.mapping["options"], {"country": "GB"})

    def test_every_real_vcard_comes_in_or_says_why_not(self):
        for path in sorted(data.path("experts/vcards").iterdir()):
            batch = batches.take_in(path.read_bytes(), path.name, by=self.sami)
            counts = batch.counts
            self.assertEqual(counts["rows"], counts["good"] + counts["bad"] + counts["same"], path.name)
            for row in batch.rows.filter(status="bad"):
                self.assertTrue(row.errors)
        batch = batches.take_in(
            data.path("experts/vcards/FolkerKinzel__LargeFile.vcf").read_bytes(), "large.vcf", by=self.sami
        )
        self.assertEqual(batches.commit(batch, by=self.sami).counts["rows"], 1000)

    def test_our_own_export_changes_nothing_when_it_comes_back(self):
        self.bring("Name,E-mail,Mobile (work),Title,Organisation,ORCID,Languages,Topics",
                   "Ann Lee,ann@lee.example,+12029941000,Poet,Guild,0000-0002-1825-0097,en,Shipping")  # fmt: skip
        for form in ("csv", "xlsx", "vcf"):
            file, _ = exporting.export(Expert.objects.filter(display_name="Ann Lee"), form, by=self.sami)
            batch = batches.take_in(file, f"own.{form}", by=self.sami)
            self.assertEqual((batch.counts["same"], batch.counts["rows"]), (1, 1), form)


class RevertTests(BatchTestCase):
    LINES = ["Name,E-mail,Title,Organisation,City", "Ann Lee,ann@lee.example,Poet,Guild,York", "Bo Ek,bo@ek.example,,,"]

    def setUp(self):
        self.old = cards.make_card("Ann Lee", by=self.sami)
        channels.add_channel(self.old, kind="email", raw="ann@lee.example", tier="staff", by=self.sami)
        self.before = importing.everything()

    def test_every_table_is_as_it_was(self):
        batch = self.bring(*self.LINES)
        self.assertEqual((batch.counts["new"], batch.counts["updated"]), (1, 1))
        self.assertEqual(batches.revert(batch, by=self.sami).kept, [])
        after = importing.everything()
        # The history of a card in use only grows.
        history = {row for row in after.pop("experts.cardchange") if row not in self.before["experts.cardchange"]}
        self.before.pop("experts.cardchange")
        self.assertEqual(after, self.before)
        self.assertEqual(len(history), 2)
        with self.assertRaises(WrongState):
            batches.revert(batch, by=self.sami)

    def test_a_new_card_is_looked_at_a_year_from_the_papers_day_which_is_asked_once(self):
        type(self.publication).objects.update(time_zone="Pacific/Kiritimati")  # fourteen hours ahead
        evening = dt.datetime(2026, 5, 4, 20, tzinfo=dt.UTC)
        batch = self.take("Name", "Cy Dee", "Di Eff", "Ed Gee")
        with clock.frozen(evening), CaptureQueriesContext(connection) as asked:
            batches.commit(batch, by=self.sami)
        self.assertEqual(self.named("Cy Dee").review_due, dt.date(2027, 5, 5))
        self.assertEqual(len([one for one in asked if 'FROM "newsroom_publication"' in one["sql"]]), 1)

    def test_a_file_that_added_to_a_card_made_by_another_stands_in_the_way_of_neither(self):
        before = importing.everything()
        made = self.bring("Name,E-mail", "Cy Dee,cy@dee.example")
        added = self.bring("Name,E-mail,City", "Cy Dee,cy@dee.example,Hull", name="more.csv")
        self.assertEqual(batches.revert(added, by=self.sami).kept, [])
        self.assertEqual(batches.revert(made, by=self.sami).kept, [])
        self.assertEqual(importing.everything(), before)

    def test_two_files_that_added_to_one_card_are_taken_back_the_later_first(self):
        first = self.bring("Name,E-mail,City", "Ann Lee,ann@lee.example,York")
        second = self.bring("Name,E-mail,Country", "Ann Lee,ann@lee.example,GB", name="more.csv")
        self.assertEqual(len(batches.revert(first, by=self.sami).kept), 1)
        self.assertEqual(batches.revert(second, by=self.sami).kept, [])
        self.assertEqual(batches.revert(first, by=self.sami).kept, [])
        self.old.refresh_from_db()
        self.assertEqual((self.old.city, self.old.country), ("", ""))

    def test_cards_changed_since_stay_and_are_named(self):
        batch = self.bring(*self.LINES)
        cards.record_change(self.named("Bo Ek"), "about", "Somebody wrote a line", by=self.sami)
        back = batches.revert(batch, by=self.sami)
        self.assertEqual((back.rows, back.kept), (1, [(3, "it was changed since")]))
        self.assertTrue(self.named("Bo Ek").channels.exists())
        self.assertEqual(self.named("Ann Lee").city, "")

    def test_a_card_that_was_rung_or_quoted_since_stays(self):
        batch = self.bring(*self.LINES)
        log.add_entry(self.named("Bo Ek"), by=self.rana, outcome="reached")
        self.assertEqual([line for line, _ in batches.revert(batch, by=self.sami).kept], [3])

    def test_a_channel_tried_since_keeps_its_card(self):
        batch = self.bring("Name,E-mail,Phone", "Ann Lee,ann@lee.example,+12029941000")
        channels.note_result(self.old.channels.get(kind="phone"), "works", by=self.rana)
        self.assertEqual([line for line, _ in batches.revert(batch, by=self.sami).kept], [2])

    def test_an_organisation_that_others_name_by_now_stays(self):
        batch = self.bring(*self.LINES)
        cards.make_card("Cy Dee", by=self.sami, title="Clerk", organisation="Guild")
        batches.revert(batch, by=self.sami)
        self.assertTrue(Organisation.objects.filter(name="Guild").exists())


class HistoryTests(BatchTestCase):
    """What a file adds to a card that is there stands in the card's history."""

    def setUp(self):
        self.old = cards.make_card("Ann Lee", by=self.sami)
        channels.add_channel(self.old, kind="email", raw="ann@lee.example", tier="staff", by=self.sami)
        self.lines = ["Name,E-mail,City,Title,Phone,Home Phone,ORCID",
                      f"Ann Lee,ann@lee.example,York,Poet,+442079460111,{SECRET},0000-0002-1825-0097",
                      "Ann Lee,ann@lee.example,,Judge,,,"]  # fmt: skip

    def told(self, tier):
        return [row.what for row in serializer.changes(self.old, tier).filter(part__startswith="import")]

    def test_it_says_which_file_added_what_and_who_brought_it(self):
        self.bring(*self.lines)
        self.assertIn("Import of list.csv added: city, ORCID, role", self.told(Tier.NAMES))
        row = self.old.changes.filter(part="import").get()
        self.assertEqual(row.by, self.sami)
        self.client.force_login(self.sami)
        page = self.client.get(reverse("admin:experts_expert_history", args=[self.old.pk]))
        self.assertContains(page, "Import of list.csv added: city, ORCID, role")

    def test_of_channels_and_restricted_ones_reads_who_may_know_of_them_and_nobody_a_value(self):
        self.bring(*self.lines)
        staff, sealed = "Import of list.csv added: Phone, staff", "Import of list.csv added: Phone, restricted"
        self.assertEqual([staff in self.told(tier) for tier in Tier if tier], [False, True, True])
        self.assertEqual([sealed in self.told(tier) for tier in Tier if tier], [False, False, True])
        for value in (SECRET, "7946", "York", "Poet", "1825"):
            self.assertFalse(self.old.changes.filter(what__contains=value).exists(), value)

    def test_a_file_that_adds_nothing_writes_nothing(self):
        self.bring(*self.lines)
        before = self.old.changes.count()
        self.bring(*self.lines)
        self.assertEqual(self.old.changes.count(), before)

    def test_what_was_taken_back_is_said_too(self):
        batch = self.bring(*self.lines)
        batches.revert(batch, by=self.sami)
        self.assertEqual(self.told(Tier.NAMES)[0], "Import of list.csv taken back")


class PageTests(BatchTestCase):
    def setUp(self):
        self.client.force_login(self.sami)
        self.address = reverse("admin:experts_expert_import")

    def send(self, raw, name="list.csv"):
        return self.client.post(self.address, {"file": SimpleUploadedFile(name, raw)}, follow=True)

    def test_from_the_file_to_the_cards_and_back(self):
        page = self.send(b"Name,E-mail\nAnn Lee,ann@lee.example\nBo Ek,at home\n")
        self.assertContains(page, "This is no e-mail address.")
        self.assertNotContains(page, "at home")
        batch = ImportBatch.objects.get()
        here = reverse("admin:experts_expert_batch", args=[batch.pk])
        file = self.client.post(here, {"do": "failed"})
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        self.assertEqual(rows[1], ["Bo Ek", "at home", "3", "E-mail: This is no e-mail address."])
        committed = self.client.post(here, {"do": "commit"}, follow=True)
        self.assertContains(committed, "2 cards made, 0 added to, 0 as they were. 1 cards have something to mend.")
        self.assertTrue(AccessLog.objects.filter(what="Faulty rows of an import, 1 rows", by=self.sami).exists())
        self.assertEqual(self.client.post(here, {"do": "commit"}).status_code, 409)
        self.assertContains(self.client.post(here, {"do": "revert"}, follow=True), "2 rows were taken back")
        self.assertFalse(Expert.objects.filter(display_name="Ann Lee").exists())
        self.client.post(here, {"do": "forget"})
        self.assertFalse(ImportRow.objects.exclude(sealed="").exists())

    def test_columns_are_mended_on_the_page(self):
        self.send(b"Who,Where\nAnn Lee,York\n")
        batch = ImportBatch.objects.get()
        self.assertEqual(batch.counts["bad"], 1)
        here = reverse("admin:experts_expert_batch", args=[batch.pk])
        bad = self.client.post(here, {"do": "check", "column0": "nonsense", "country": "123"})
        self.assertEqual(bad.status_code, 400)
        page = self.client.post(here, {"do": "check", "column0": "name", "column1": "city"}, follow=True)
        self.assertContains(page, "Checked again.")
        batch.refresh_from_db()
        self.assertEqual((batch.counts["new"], batch.counts["bad"]), (1, 0))

    def test_files_that_cannot_be_read_are_refused_beside_the_field(self):
        for raw, name, words in ((b"ann@lee.example,1\n", "x.csv", "name the columns"),
                                 (b"PK\x03\x04", "x.xlsx", "damaged"),
                                 (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.xls", "old format")):  # fmt: skip
            page = self.send(raw, name)
            self.assertContains(page, words, status_code=400)
        self.assertEqual(self.client.post(self.address).status_code, 400)
        self.assertFalse(ImportBatch.objects.exists())

    def test_the_page_of_a_batch_costs_the_same_for_any_number_of_rows(self):
        def queries(count):
            lines = ["Name,E-mail", *(f"Person {n},faulty{n}" for n in range(count))]
            here = reverse("admin:experts_expert_batch", args=[self.take(*lines).pk])
            with CaptureQueriesContext(connection) as made:
                self.assertEqual(self.client.get(here).status_code, 200)
            return len(made)

        queries(2)
        self.assertEqual(queries(3), queries(60))

    def test_nobody_else_sees_a_file_or_acts_on_it(self):
        here = reverse("admin:experts_expert_batch", args=[self.take("Name", "Ann").pk])
        for user in (self.rana, self.edith, self.max, self.cora, self.ada, self.mona):
            self.client.force_login(user)
            for answer in (
                self.client.get(here),
                *(self.client.post(here, {"do": act}) for act in ("commit", "failed")),
            ):
                self.assertEqual(answer.status_code, 403, user)
        self.assertFalse(Expert.objects.filter(display_name="Ann").exists())

    def test_the_list_of_files_costs_the_same_for_any_number(self):
        def queries(count):
            for _ in range(count):
                self.take("Name", "Ann")
            with CaptureQueriesContext(connection) as made:
                self.client.get(self.address)
            return len(made)

        queries(1)
        self.assertEqual(queries(1), queries(8))

    def test_hostile_addresses_and_acts(self):
        batch = self.take("Name", "Ann")
        here = reverse("admin:experts_expert_batch", args=[batch.pk])
        self.assertEqual(self.client.get(f"{here}?page=x\0").status_code, 200)
        self.assertEqual(self.client.post(here, {"do": "drop table"}).status_code, 400)
        self.assertEqual(self.client.get(reverse("admin:experts_expert_batch", args=[2**70])).status_code, 404)


class CommandTests(BatchTestCase):
    def run_command(self, tmp, raw, *options):
        path = tmp / "list.csv"
        path.write_bytes(raw)
        out = io.StringIO()
        call_command("import_experts", str(path), *options, stdout=out)
        return out.getvalue()

    def test_a_dry_run_leaves_nothing_behind_and_a_commit_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            tmp, raw = Path(folder), b"Name,E-mail,Foo\nAnn Lee,ann@lee.example,York\nBo Ek,at home,\n"
            said = self.run_command(tmp, raw)
            self.assertIn("line 3, E-mail: This is no e-mail address. (to mend)", said)
            self.assertIn("2 rows: 2 new cards", said)
            self.assertIn("Columns that were left out: Foo.", said)
            self.assertIn("line 2 as a card: Ann Lee; E-mail: staff\n", said)
            self.assertFalse(ImportBatch.objects.exists() or Expert.objects.filter(display_name="Ann Lee").exists())
            (tmp / "map.json").write_text('{"columns": {"Foo": "city"}}')
            with self.assertRaises(CommandError):
                self.run_command(tmp, raw, "--commit", "--all-or-nothing")
            self.run_command(tmp, raw, "--commit", "--map", str(tmp / "map.json"), "--failed", str(tmp / "f.csv"))
            self.assertEqual(self.named("Ann Lee").city, "York")
            self.assertIn(b"at home", (tmp / "f.csv").read_bytes())
            for wrong in ('{"columns": {"Nope": "city"}}', '{"columns": {"Foo": "nope"}}', "[]", "{"):
                (tmp / "map.json").write_text(wrong)
                with self.assertRaises(CommandError):
                    self.run_command(tmp, raw, "--map", str(tmp / "map.json"))


class CommandAnswersTests(BatchTestCase):
    run_command = CommandTests.run_command

    def test_a_country_and_what_becomes_of_the_notes_are_said_on_the_command_line(self):
        raw = b"Name,Phone,Notes\nAnn Lee,0151 496 0001,seen at the fair\n"
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesMessage(CommandError, "--notes seal"):
                self.run_command(Path(folder), raw, "--commit")
            self.assertFalse(Expert.objects.filter(display_name="Ann Lee").exists())
            self.run_command(Path(folder), raw, "--commit", "--notes", "seal", "--country", "gb")
        card = self.named("Ann Lee")
        self.assertEqual(card.channels.get().normalized, "+441514960001")
        self.assertEqual(card.private_notes.get().opened(), "seen at the fair")


class ExportedTierTests(BatchTestCase):
    def test_the_sealed_stays_sealed(self):
        self.bring("Name,Home Phone", f"Ann Lee,{SECRET}")
        self.assertTrue(PrivateChannel.objects.exists())
        (card,) = exporting.cards_to_export(Expert.objects.filter(display_name="Ann Lee"), Tier.RESTRICTED)
        self.assertNotIn("7946", str(card))


class SameLineTests(BatchTestCase):
    def test_cards_that_stand_in_one_line_are_each_themselves(self):
        inner = "BEGIN:VCARD\\nFN:Helper One\\nEND:VCARD\\nBEGIN:VCARD\\nFN:Helper Two\\nEND:VCARD\\n"
        batch = self.bring("BEGIN:VCARD", "VERSION:3.0", "FN:Boss", f"AGENT:{inner}", "END:VCARD", name="a.vcf")
        self.assertEqual(batch.counts["new"], 3)
        made = dict(batch.rows.values_list("expert__display_name", "line"))
        self.assertEqual(made, {"Boss": 1, "Helper One": 4, "Helper Two": 4})
        batches.revert(batch, by=self.sami)
        self.assertEqual(list(Expert.objects.all()), [self.expert])
