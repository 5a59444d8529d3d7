"""No card is lost for a field, and no field without a line: cards of every program, counted property by property."""

import re
import time

from django.test import override_settings

from experts.actions import channels
from experts.files.importing import batches
from experts.files.vcard import lines, reader, rest
from experts.models import Expert, ImportRow
from newsroom.errors import Refused
from newsroom.folding import fold

from .. import data
from ..base import DeskTestCase
from . import odd_cards

STRUCTURE = {"BEGIN", "END", "AGENT", "X-ABLABEL", "X-NAME-GUESSED"}
SAID_BY_A_FIELD = {  # what a field says in other words than the file
    "TZ": lambda card: card.time_zone, "KIND": lambda card: card.kind, "X-ABSHOWAS": lambda card: card.kind == "desk",
    "PHOTO": lambda card: card.portrait_id, "X-ADDRESSBOOKSERVER-KIND": lambda card: card.kind == "desk",
}  # fmt: skip


def words_on(card):
    """Every word that a card says, what is sealed on it too."""
    said = [
        card.display_name,
        card.native_name,
        card.sort_name,
        card.given,
        card.family,
        card.additional,
        card.pronouns,
        card.honorific_prefix,
        card.honorific_suffix,
        card.time_zone,
        str(card.uid),
        card.second_family,
    ]
    said += [text for row in card.channels.all() for text in (row.raw, row.normalized)]
    said += [row.opened() for row in [*card.private_channels.all(), *card.private_notes.all()]]
    said += [text for row in card.affiliations.all() for text in (row.title, str(row.organisation))]
    said += [row.text for row in card.variants.all()] + [row.tag for row in card.languages.all()]
    return set(fold(" ".join(said)).split())


def properties_by_card(raw):
    """[{property: words}] of each card of a file, AGENT's cards left to themselves."""
    found, open_cards = [], []
    for item, _ in lines.properties(lines.numbered_lines(lines.in_one_charset(raw))):
        if item is None:
            continue
        edge = item.raw.strip().lower() == b"vcard"
        if item.name == "BEGIN" and edge:
            open_cards.append((item.line, []))
        elif item.name == "END" and edge and open_cards:
            found.append(open_cards.pop())
        elif open_cards and item.name not in STRUCTURE:
            open_cards[-1][1].append(item)
    return found


def decoded(item, items):
    text = reader.Card(item.line, items, reader.Cards())._text(item).removeprefix("tel:")
    return [fold(word) for word in re.findall(r"[^\W_]{2,}", text) if fold(word)]


def lost(item, items, card, on_card, report):
    """Whether a property is neither on its card nor in the report."""
    name = item.name
    if not item.raw.strip(b" ;\t") or name in report or name in rest.TECHNICAL | {"VERSION", "UID", "REV"}:
        return False
    if rest.LEFT_OUT.get(name, "(nothing)") in report or (name in SAID_BY_A_FIELD and SAID_BY_A_FIELD[name](card)):
        return False
    if name == "PHOTO":
        return "hotograph" not in report
    if name == "CLASS":
        return "marked private" not in report
    if name in ("CATEGORIES", "EXPERTISE") and "A topic that the paper does not have" in report:
        return False
    is_fax = item.group or re.search(r"(?i)fax|pager", " ".join(item.types))  # by its label, or by its type
    if name == "TEL" and is_fax and "it was left out" in report:
        return False
    text = " ".join(decoded(item, items)).split()
    return not set(text) <= on_card


class OddCardTestCase(DeskTestCase):
    def bring(self, raw, name="cards.vcf", **options):
        batch = batches.take_in(raw, name, by=self.sami, options={"country": "GB", "notes": "seal"} | options)
        return batches.commit(batch, by=self.sami)

    def account(self, raw, **options):
        """(rows, cards made or added to, [what is neither on a card nor in the report])."""
        batch = self.bring(raw, **options)
        whole = " ".join(batch.mapping["notes"])
        rows = {row.line: row for row in batch.rows.select_related("expert")}
        missing = []
        for line, items in properties_by_card(raw):
            row = rows[line]
            if row.expert is None:
                continue
            on_card = words_on(row.expert)
            report = whole + " ".join(f"{error['column']}: {error['message']}" for error in row.errors)
            missing += [(line, item.name) for item in items if lost(item, items, row.expert, on_card, report)]
        kept = sum(row.expert_id is not None for row in rows.values())
        return len(rows), kept, missing


class EveryProgramTests(OddCardTestCase):
    def test_every_card_of_every_program_becomes_a_card_with_all_its_fields(self):
        for name, (version, written) in odd_cards.CARDS.items():
            with self.subTest(name):
                rows, kept, missing = self.account(odd_cards.card_bytes(version, written))
                self.assertEqual((kept, missing), (rows, []))

    def test_files_are_read_alike_however_they_were_handed_over(self):
        count = len(odd_cards.CARDS) + 1  # one has an assistant's card inside
        for name, raw in odd_cards.FILES.items():
            with self.subTest(name):
                batch = batches.take_in(raw, "cards.vcf", by=self.sami, options={"country": "GB"})
                self.assertEqual((batch.counts["rows"], batch.counts["bad"]), (count, 0))

    def test_of_real_cards_none_is_refused_and_nothing_is_lost_without_a_line(self):
        for path in sorted(data.path("experts/vcards").iterdir()):
            if path.name == "FolkerKinzel__LargeFile.vcf":
                continue  # a thousand alike: below
            with self.subTest(path.name):
                rows, kept, missing = self.account(path.read_bytes())
                self.assertEqual((kept, missing), (rows, []))

    def test_a_thousand_cards_of_one_program_are_a_thousand_rows(self):
        batch = self.bring(data.path("experts/vcards/FolkerKinzel__LargeFile.vcf").read_bytes())
        self.assertEqual((batch.counts["rows"], batch.counts["bad"]), (1000, 0))


class FieldTests(OddCardTestCase):
    def card(self, name, version="3.0", **options):
        version, written = odd_cards.CARDS[name]
        batch = self.bring(odd_cards.card_bytes(version, written), **options)
        return batch.rows.exclude(expert=None).order_by("line").first().expert

    def tiers(self, card):
        """{value: whether it is sealed}"""
        return {row.raw: False for row in card.channels.all()} | {
            row.opened(): True for row in card.private_channels.all()
        }

    def test_what_is_at_home_is_sealed_in_every_language_and_work_is_not(self):
        tiers = self.tiers(self.card("Outlook 2.1"))
        self.assertEqual(
            [tiers[n] for n in ("(01632) 960 101", "(01632) 960 102", "07700 900103")], [False, True, False]
        )
        self.assertTrue(tiers["9 Private Row, Orle, OR2, UK"])
        self.assertFalse(tiers["Kai-Straße 1 Hinterhaus, Orle, OR1, UK"])
        tiers = self.tiers(self.card("iOS"))
        self.assertTrue(tiers["+81 90 1234 5678"], "自宅 is home")
        self.assertFalse(tiers["yuki@lab.example"])
        self.assertTrue(self.tiers(self.card("Nextcloud"))["leena@koti.example"])

    def test_a_card_marked_private_is_sealed_whole(self):
        self.assertEqual(set(self.tiers(self.card("Google")).values()), {True})

    def test_what_nobody_can_read_is_kept_as_typed_and_marked(self):
        card = self.card("numbers as nobody dials them")
        to_mend = {row.raw for row in card.channels.filter(to_mend=True)}
        self.assertLessEqual({"12", "ask the desk", "at home", "not a page"} - {"at home"}, to_mend)
        self.assertTrue(card.private_channels.filter(to_mend=True).exists(), "her sister’s number is a private one")
        note = card.private_notes.get().opened()
        self.assertIn("Time zone: Fantasy Time", note)
        self.assertIn("long long", note)

    def test_what_was_to_mend_leaves_its_queue_when_it_is_typed_anew(self):
        card = self.card("numbers as nobody dials them")
        self.client.force_login(self.sami)
        queue = "/admin/experts/expert/queues/?queue=mend"
        self.assertEqual([row["id"] for row in self.client.get(queue).context["rows"]], [card.pk])
        for row in card.channels.filter(to_mend=True):
            channels.change_channel(row, by=self.sami, label="work")  # as it is, it may still be labelled
            self.assertTrue(type(row).objects.get(pk=row.pk).to_mend)
            channels.change_channel(row, by=self.sami, raw={"web": f"https://{row.pk}.example"}.get(
                row.kind, f"+4420794600{row.pk % 100:02}"))  # fmt: skip
            self.assertFalse(type(row).objects.get(pk=row.pk).to_mend)
        for row in card.private_channels.filter(to_mend=True):
            raw = "a@b.example" if row.kind == "email" else "+442079460777"
            channels.change_channel(row, by=self.sami, raw=raw)
        note = card.private_notes.get()
        card.refresh_from_db()
        url = f"/admin/experts/expert/{card.pk}/part/notes/?do=mended&id={note.pk}"
        self.assertEqual(self.client.post(url, {"seen": card.version}).status_code, 302)
        self.assertEqual(self.client.get(queue).context["rows"], [])
        self.client.force_login(self.rana)
        self.assertNotContains(self.client.get(queue), "To mend after an import")

    def test_what_is_to_mend_is_never_public(self):
        row = self.card("numbers as nobody dials them").channels.filter(to_mend=True).first()
        with self.assertRaises(Refused):
            channels.change_channel(row, by=self.sami, tier="public")

    def test_a_note_of_a_whole_book_costs_no_card(self):
        raw = odd_cards.card_bytes("3.0", ["FN:Long Note", "N:Note;Long;;;", "NOTE:" + "word " * 9000])
        batch = self.bring(raw)
        self.assertEqual((batch.counts["new"], batch.counts["bad"]), (1, 0))
        self.assertIn("cut there", str(batch.rows.get().errors))

    def test_hostile_cards_are_read_in_good_time(self):
        for written in (["FN:A"] + [f"X-A{n}:text {n}" for n in range(20_000)],
                      ["FN:A"] + [f"TEL:+4420{n:08}" for n in range(20_000)],
                      ["FN:A", "NOTE:a"] + ["rubbish"] * 200_000, ["FN:A", "NOTE:a"] + [" b"] * 400_000,
                      ["FN:A"] + ["LABEL:one street", "ADR:;;two street;;;;"] * 5_000,
                      ["FN:A", "NICKNAME:" + ",".join(f"n{n}" for n in range(20_000))]):  # fmt: skip
            begun = time.process_time()
            self.assertEqual(self.bring(odd_cards.card_bytes("3.0", written)).counts["bad"], 0)
            self.assertLess(time.process_time() - begun, 10, written[:3])

    def test_an_unread_number_links_nowhere(self):
        card = self.card("numbers as nobody dials them")
        self.client.force_login(self.sami)
        page = self.client.get(f"/admin/experts/expert/{card.pk}/change/").content.decode()
        self.assertIn("To mend", page)
        self.assertNotIn('href="tel:12"', page)
        self.assertNotIn('href="tel:?12"', page)

    def test_a_portrait_is_taken_and_no_reader_sees_it(self):
        card = self.card("Android")
        self.assertTrue(card.portrait_id)
        self.assertFalse(type(card.portrait).objects.public().exists())

    def test_a_picture_elsewhere_is_never_fetched(self):
        self.assertIn("http://face.example/y", self.card("iOS").private_notes.first().opened())

    def test_an_organisations_card_is_an_organisation_sorted_as_written(self):
        for name, called in (("Apple's company", "Lantern Theatre"), ("an organisation of 4.0", "The Salt Office")):
            card = self.card(name)
            self.assertEqual((card.kind, card.display_name, card.sort_name), ("desk", called, called))
            self.assertEqual((card.given, card.family), ("", ""))

    def test_names_and_zones_as_programs_write_them(self):
        self.assertEqual(self.card("Outlook 2.1").time_zone, "Europe/London")
        self.assertEqual(self.card("everything of RFC 6350").time_zone, "Etc/GMT+5")
        self.assertEqual(self.card("Nextcloud").time_zone, "Etc/GMT-2")
        self.assertEqual(self.card("a mail and no name").display_name, "Without a name, line 1")

    def test_several_addresses_stay_several(self):
        raw = odd_cards.card_bytes("3.0", ["FN:Two Homes", "N:Homes;Two;;;", "ADR;TYPE=WORK:;;1 Quay;Orle;;;",
                                           "ADR;TYPE=WORK:;;2 Quay;Orle;;;"])  # fmt: skip
        card = self.bring(raw).rows.get().expert
        self.assertEqual(sorted(row.raw for row in card.channels.all()), ["1 Quay, Orle", "2 Quay, Orle"])

    def test_sent_twice_changes_nothing_and_taken_back_leaves_nothing(self):
        raw = odd_cards.every_card()
        first = self.bring(raw)
        again = batches.take_in(raw, "cards.vcf", by=self.sami, options={"country": "GB", "notes": "seal"})
        self.assertEqual((again.counts["same"], again.counts["good"]), (again.counts["rows"], 0))
        portraits = Expert.objects.exclude(portrait=None).count()
        self.assertGreaterEqual(portraits, 3)
        self.assertEqual(batches.revert(first, by=self.sami).kept, [])
        self.assertEqual(list(Expert.objects.all()), [self.expert])

    @override_settings(DEBUG=False)
    def test_no_value_of_a_card_stands_in_the_report(self):
        batch = self.bring(odd_cards.every_card())
        told = str(list(ImportRow.objects.values_list("errors"))) + str(batch.mapping["notes"])
        for value in ("ask the desk", "her sister", "7700", "Private Row", "Fantasy", "Door code", "face.example"):
            self.assertNotIn(value, told)
