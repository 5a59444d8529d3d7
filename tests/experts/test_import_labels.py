"""What is at home, private or personal is sealed, whichever program wrote the sheet, and seen so beforehand."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.urls import reverse

from experts.files import places
from experts.files.importing import batches, columns, tables, values
from experts.files.vcard import reader
from experts.models import Expert, ImportBatch, PrivateChannel, PrivateNote
from newsroom.errors import WrongState

from ..base import DeskTestCase

CLOSE, QUAY = "7 Private Close, Saltmarsh", "1 Quay Street, Orle"
HOME_NUMBER, WORK_NUMBER, MOBILE = "+44 1632 960555", "+44 1632 960777", "+44 7700 900555"
HOME_MAIL, WORK_MAIL = "gerda.home@example.org", "gerda@work.example"

# program: [(header, cell)]; what is at home is one of the above in each.
SHEETS = {
    "Google, new": [
        ("First Name", "Gerda"),
        ("Last Name", "Homebody"),
        ("E-mail 1 - Label", "* Home"),
        ("E-mail 1 - Value", HOME_MAIL),
        ("E-mail 2 - Label", "Work"),
        ("E-mail 2 - Value", WORK_MAIL),
        ("Phone 1 - Label", "Home"),
        ("Phone 1 - Value", HOME_NUMBER),
        ("Phone 2 - Label", "Work"),
        ("Phone 2 - Value", WORK_NUMBER),
        ("Address 1 - Label", "Home"),
        ("Address 1 - Formatted", CLOSE),
        ("Address 1 - Street", "7 Private Close"),
        ("Address 1 - City", "Saltmarsh"),
        ("Address 2 - Label", "Work"),
        ("Address 2 - Formatted", ""),
        ("Address 2 - Street", "1 Quay Street"),
        ("Address 2 - City", "Orle"),
    ],
    "Google, old": [
        ("Name", "Gerda Homebody"),
        ("E-mail 1 - Type", "Home"),
        ("E-mail 1 - Value", HOME_MAIL),
        ("E-mail 2 - Type", "* Work"),
        ("E-mail 2 - Value", WORK_MAIL),
        ("Phone 1 - Type", "Home"),
        ("Phone 1 - Value", HOME_NUMBER),
        ("Phone 2 - Type", "Work"),
        ("Phone 2 - Value", WORK_NUMBER),
        ("Address 1 - Type", "Home"),
        ("Address 1 - Formatted", CLOSE),
        ("Address 2 - Type", "Work"),
        ("Address 2 - Formatted", QUAY),
    ],
    "Outlook": [
        ("First Name", "Gerda"),
        ("Last Name", "Homebody"),
        ("Job Title", "pilot"),
        ("Business Street", "1 Quay Street"),
        ("Business City", "Orle"),
        ("Home Street", "7 Private Close"),
        ("Home City", "Saltmarsh"),
        ("Business Phone", WORK_NUMBER),
        ("Home Phone", HOME_NUMBER),
        ("E-mail Address", WORK_MAIL),
        ("Personal E-mail", HOME_MAIL),
        ("Private", "False"),
    ],
    "Outlook in German": [
        ("Vorname", "Gerda"),
        ("Nachname", "Homebody"),
        ("Straße geschäftlich", "1 Quay Street"),
        ("Ort geschäftlich", "Orle"),
        ("Straße privat", "7 Private Close"),
        ("Ort privat", "Saltmarsh"),
        ("Telefon geschäftlich", WORK_NUMBER),
        ("Telefon (privat)", HOME_NUMBER),
        ("E-Mail-Adresse", WORK_MAIL),
        ("E-Mail privat", HOME_MAIL),
    ],
    "Outlook in French": [
        ("Prénom", "Gerda"),
        ("Nom", "Homebody"),
        ("Rue (bureau)", "1 Quay Street"),
        ("Ville (bureau)", "Orle"),
        ("Rue (domicile)", "7 Private Close"),
        ("Ville (domicile)", "Saltmarsh"),
        ("Téléphone (bureau)", WORK_NUMBER),
        ("Téléphone (domicile)", HOME_NUMBER),
        ("Adresse de messagerie", WORK_MAIL),
        ("Courriel personnel", HOME_MAIL),
    ],
    "Outlook in Spanish": [
        ("Nombre", "Gerda"),
        ("Apellidos", "Homebody"),
        ("Calle del trabajo", "1 Quay Street"),
        ("Ciudad de trabajo", "Orle"),
        ("Calle del domicilio", "7 Private Close"),
        ("Ciudad de domicilio", "Saltmarsh"),
        ("Teléfono del trabajo", WORK_NUMBER),
        ("Teléfono particular", HOME_NUMBER),
        ("Correo", WORK_MAIL),
        ("Correo personal", HOME_MAIL),
    ],
    "Thunderbird": [
        ("First Name", "Gerda"),
        ("Last Name", "Homebody"),
        ("Primary Email", WORK_MAIL),
        ("Home Email", HOME_MAIL),
        ("Work Phone", WORK_NUMBER),
        ("Home Phone", HOME_NUMBER),
        ("Home Address", "7 Private Close"),
        ("Home City", "Saltmarsh"),
        ("Work Address", "1 Quay Street"),
        ("Work City", "Orle"),
    ],
    "an address book of Apple's": [
        ("First name", "Gerda"),
        ("Last name", "Homebody"),
        ("E-mail (work)", WORK_MAIL),
        ("E-mail (home)", HOME_MAIL),
        ("Phone (work)", WORK_NUMBER),
        ("Phone (home)", HOME_NUMBER),
        ("Address (home)", CLOSE),
        ("Address (work)", QUAY),
    ],
    "a list that somebody made": [
        ("Name", "Gerda Homebody"),
        ("Private e-mail", HOME_MAIL),
        ("Office e-mail", WORK_MAIL),
        ("HomePhone", HOME_NUMBER),
        ("Office phone", WORK_NUMBER),
        ("Personal address", CLOSE),
        ("Office address", QUAY),
    ],
}
HOMES = (
    "Home1", "home 2", "House", "Zu Hause", "Residenz", "Hogar", "HOMEADDRESS", "Thuisadres", "Tel (H)", "H", "TELHOME",
    "Tel. p.", "Phone (Res.)", "Bydliště", "Место жительства", "Woonadres", "Résidence", "Lakcím",
)  # fmt: skip
NO_HOMES = ("Publishing house", "House of Commons", "Homeland Security", "24 h phone", "24h", "Casablanca", "Homepage2")
HOME_HEADERS = (
    "homeaddress", "HOMEADDRESS", "homepostaladdress", "Wohnadresse", "Heimadresse", "Thuisadres", "Bostadsadress",
    "Endereço residencial", "Adres zamieszkania", "Hjemmeadresse", "Wohnanschrift",
)  # fmt: skip
LINKEDIN = (
    "Notes:\n\"When exporting your connection data, you may notice that some addresses are missing.\"\n\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Gerda,Homebody,https://www.linkedin.com/in/gerda,gerda@work.example,Orle Port,pilot,03 Mar 2024\n"
)  # fmt: skip


def sheet(pairs):
    out = io.StringIO()
    csv.writer(out).writerows(zip(*pairs, strict=True))
    return out.getvalue().encode()


def record(pairs, **options):
    header = [name for name, _ in pairs]
    return values.Reader(header, columns.guess_targets(header), options, {}).read(2, [cell for _, cell in pairs])


class LabelTests(SimpleTestCase):
    def test_what_is_at_home_is_sealed_in_the_sheets_of_every_program(self):
        for program, pairs in SHEETS.items():
            with self.subTest(program):
                found = record(pairs)
                tiers = {raw: tier for _, _, raw, _, tier in found.channels}
                self.assertEqual(tiers, {
                    CLOSE: "restricted", HOME_NUMBER: "restricted", HOME_MAIL: "restricted",
                    QUAY: "staff", WORK_NUMBER: "staff", WORK_MAIL: "staff",
                })  # fmt: skip
                self.assertEqual(found.name, "Gerda Homebody")

    def test_home_is_known_in_many_languages_and_a_home_page_is_none(self):
        for said in (
            "* Home",
            "PRIVAT",
            "privé",
            "Domicile",
            "Particular",
            "casa",
            "Личный",
            "自宅",
            "집",
            "منزل",
            "thuis",
            "Persönlich",
            "hjem",
            "domowy",
            "work, home",
            "HomePhone",
            *HOMES,
        ):
            self.assertEqual(places.place_of_label(said), "home", said)
        for said in ("Homepage", "Home Page", "Work", "Mobile", "Main", "Other", "", "Heimat-Museum", *NO_HOMES):
            self.assertNotEqual(places.place_of_label(said), "home", said)

    def test_a_home_address_is_sealed_under_a_header_of_one_word(self):
        for header in HOME_HEADERS:
            found = record([("Name", "A"), (header, CLOSE)])
            self.assertEqual([(raw, tier) for *_, raw, _, tier in found.channels], [(CLOSE, "restricted")], header)

    def test_a_label_with_a_number_behind_it_seals_its_address(self):
        for said in ("Home1", "Home2", "House", "Zu Hause", "Residenz", "Hogar"):
            found = record([("Name", "A"), ("Address 1 - Label", said), ("Address 1 - Formatted", CLOSE)])
            self.assertEqual([tier for *_, tier in found.channels], ["restricted"], said)

    def test_a_type_or_a_label_of_a_vcard_is_read_alike(self):
        for types, label in ((["home1"], ""), (["home2", "pref"], ""), ([], "House"), ([], "Zu Hause"), ([], "Hogar")):
            self.assertEqual(places.place_of_types(types, label), "home", (types, label))
        self.assertEqual(places.place_of_types(["dom", "work"]), "work")

    def test_a_home_with_a_number_is_sealed_on_a_vcard(self):
        raw = (
            b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A B\r\nADR;TYPE=HOME1:;;7 Close;Orle;;;\r\n"
            b"TEL;TYPE=HOME2:+441632960555\r\nitem1.ADR:;;8 Close;Orle;;;\r\nitem1.X-ABLabel:Zu Hause\r\nEND:VCARD\r\n"
        )
        channels = reader.read_cards(raw).cards[0]["channels"]
        self.assertEqual([channel["label"] for channel in channels], ["home", "home", "home"])

    def test_a_label_seals_its_value_in_whatever_order_they_stand(self):
        for pairs in (
            [("Address 1 - Formatted", CLOSE), ("Address 1 - Label", "Home")],
            [("Address 1 - Street", "7 Private Close"), ("Address 1 - City", "Saltmarsh"),
             ("Address 1 - Type", "Home")],
            [("Phone 1 - Value", HOME_NUMBER), ("Phone 1 - Label", "Home")],
            [("E-mail 1 - Value", HOME_MAIL), ("E-mail 1 - Label", "Home")],
            [("Address", CLOSE), ("Address Type", "Home")],
            [("Address Type", "Home"), ("Address", CLOSE)],
            [("Address Type", "Home"), ("Company", "Port"), ("Address", CLOSE)],
            [("Address", CLOSE), ("Type", "Home")],
            [("Type", "Home"), ("Address", CLOSE)],
            [("Phone", HOME_NUMBER), ("Label", "Home")],
            [("Phone", HOME_NUMBER), ("Phone Type", "Home")],
            [("Mobile", HOME_NUMBER), ("Phone Type", "Home")],
            [("Label", "Home"), ("Phone", HOME_NUMBER)],
            [("Phone 2", HOME_NUMBER), ("Phone 2 Type", "Home")],
            [("Work Phone", HOME_NUMBER), ("Phone Type", "Home")],
            [("Address 1 - Formatted", CLOSE), ("Address 1 - Label", "Home"), ("Address 1 - City", "Saltmarsh")],
            [("Phone", f"home: {HOME_NUMBER}")],
            [("Phone", f"Home {HOME_NUMBER}")],
            [("Phone", f"{HOME_NUMBER} (home)")],
            [("Phone", f"Privat: {HOME_NUMBER}")],
            [("Address", f"Home: {CLOSE}")],
            [("Address", f"{CLOSE} (home)")],
            [("Address", f"Home\n{CLOSE}")],
            [("Address", f"Home - {CLOSE}")],
            [("Address", f"Home address, {CLOSE}")],
            [("Phone", f"(H) {HOME_NUMBER}")],
            [("Phone", f"[home] {HOME_NUMBER}")],
            [("Type of address", "Home"), ("Address", CLOSE)],
            [("Address category", "Home"), ("Address", CLOSE)],
            [("Phone", HOME_NUMBER), ("Phone location", "Home")],
            [("Home/Work", "Home"), ("Phone", HOME_NUMBER)],
            [("E-mail", f"home: {HOME_MAIL}")],
            [("Phone H", HOME_NUMBER)],
            [("Tel (H)", HOME_NUMBER)],
        ):  # fmt: skip
            with self.subTest(pairs):
                found = record([("Name", "A"), *pairs])
                self.assertEqual([tier for *_, tier in found.channels], ["restricted"])

    def test_what_a_label_says_before_a_number_is_no_part_of_it(self):
        found = record([("Name", "A"), ("Phone", f"home: {HOME_NUMBER}\nWork: {WORK_NUMBER}")])
        self.assertEqual([(label, number) for _, label, _, number, _ in found.channels],
                         [("home", "+441632960555"), ("work", "+441632960777")])  # fmt: skip

    def test_labels_without_a_number_hold_for_the_column_beside_them(self):
        for pairs, tiers in (
            ([("Phone", WORK_NUMBER), ("Type", "Work"), ("E-mail", HOME_MAIL), ("Type", "Home")],
             ["staff", "restricted"]),
            ([("Type", "Home"), ("Phone", HOME_NUMBER), ("Type", "Work"), ("E-mail", WORK_MAIL)],
             ["restricted", "staff"]),
            ([("Phone", WORK_NUMBER), ("Address Type", "Home"), ("E-mail", WORK_MAIL), ("Address", CLOSE)],
             ["staff", "staff", "restricted"]),
            ([("Address", "Broadcasting House, 1 Quay Street")], ["staff"]),
            ([("Type", "economist"), ("Phone", WORK_NUMBER)], ["staff"]),
        ):  # fmt: skip
            found = record([("Name", "A"), *pairs])
            self.assertEqual([tier for *_, tier in found.channels], tiers, pairs)

    def test_a_column_of_types_that_names_no_place_is_told_as_left_out(self):
        header = ["Name", "Type", "Phone Type", "Phone"]
        rows = values.Reader(header, columns.guess_targets(header), {}, {})
        rows.read(2, ["A", "economist", "Home", HOME_NUMBER])
        self.assertEqual(list(rows.left_out), ["Type"])

    def test_a_fax_at_home_under_a_header_of_work_is_left_out_still(self):
        found = record([("Name", "A"), ("Work Phone", WORK_NUMBER), ("Phone Type", "Home Fax")])
        self.assertEqual(found.channels, [])

    def test_a_label_holds_for_its_own_number_alone(self):
        found = record([("Name", "A"), ("Phone 1 - Label", "Home"), ("Phone 1 - Value", ""), ("Phone 2 - Label", ""),
                        ("Phone 2 - Value", WORK_NUMBER), ("E-mail 1 - Value", WORK_MAIL)])  # fmt: skip
        self.assertEqual([tier for *_, tier in found.channels], ["staff", "staff"])

    def test_one_number_at_home_and_as_a_mobile_is_sealed_under_both(self):
        found = record([("Name", "A"), ("Mobile Phone", HOME_NUMBER), ("Home Phone", HOME_NUMBER)])
        self.assertEqual({tier for *_, tier in found.channels}, {"restricted"})

    def test_a_contact_marked_private_is_sealed_whole(self):
        for header, said in (("Private", "True"), ("Sensitivity", "Confidential")):
            found = record([("First Name", "A"), ("Business Phone", WORK_NUMBER), (header, said)])
            self.assertEqual([tier for *_, tier in found.channels], ["restricted"])

    def test_linkedins_preamble_is_stepped_over(self):
        found = tables.read_table(LINKEDIN.encode())
        self.assertEqual(found.header[:3], ["First Name", "Last Name", "URL"])
        read = record(list(zip(found.header, found.rows[0].cells, strict=True)))
        self.assertEqual((read.name, read.roles[0]["title"]), ("Gerda Homebody", "pilot"))
        self.assertEqual({kind for kind, *_ in read.channels}, {"web", "email"})

    def test_chats_keep_their_service(self):
        found = record(
            [("Name", "A"), ("IM 1 - Type", "Home"), ("IM 1 - Service", "Skype"), ("IM 1 - Value", "gerda.h")]
        )
        self.assertEqual([one[:3] for one in found.channels], [("chat", "home", "skype:gerda.h")])

    def test_an_apartment_beside_the_street_stays_in_one_address(self):
        found = record([("Name", "A"), ("Home Address", "7 Private Close"), ("Home Address 2", "Flat 2"),
                        ("Home City", "Saltmarsh"), ("Home ZipCode", "OR1"), ("Home Country", "UK")])  # fmt: skip
        self.assertEqual([raw for _, _, raw, _, _ in found.channels], ["7 Private Close, Flat 2, Saltmarsh, OR1, UK"])


class PreviewTests(DeskTestCase):
    def setUp(self):
        self.client.force_login(self.sami)

    def send(self, raw, name="list.csv", **answers):
        data = {"file": SimpleUploadedFile(name, raw), **answers}
        return self.client.post(reverse("admin:experts_expert_import"), data, follow=True)

    def act(self, do, **data):
        here = reverse("admin:experts_expert_batch", args=[ImportBatch.objects.get().pk])
        return self.client.post(here, {"do": do, **data}, follow=True)

    def test_the_first_rows_are_shown_as_cards_with_their_tiers(self):
        page = self.send(sheet(SHEETS["Google, new"]))
        self.assertContains(page, "The first 1 as cards")
        self.assertContains(page, "Restricted: sealed", count=3)
        self.assertContains(page, WORK_NUMBER)
        for sealed in (CLOSE, HOME_NUMBER, HOME_MAIL):
            self.assertNotContains(page, sealed)
        self.assertFalse(Expert.objects.filter(display_name="Gerda Homebody").exists())
        self.act("commit")
        self.assertEqual(PrivateChannel.objects.count(), 3)
        self.assertNotContains(self.client.get(page.request["PATH_INFO"]), "as cards", msg_prefix="after the import")

    def test_ten_rows_are_shown_of_any_number(self):
        lines = [b"Name,Home phone", *(f"Person {n:02},+44163296{n:04}".encode() for n in range(30))]
        page = self.send(b"\n".join(lines))
        self.assertContains(page, "The first 10 as cards")
        self.assertContains(page, "Person 09")
        self.assertNotContains(page, "Person 10")

    def test_the_country_of_a_file_is_asked_for(self):
        page = self.send(b"Name,Phone\nAnn Lee,0151 496 0001\n")
        self.assertContains(page, "with numbers that begin with no country")
        self.assertContains(page, "To mend")
        page = self.act("check", column0="name", column1="phone", country="GB")
        self.assertNotContains(page, "with numbers that begin with no country")
        self.act("commit")
        channel = Expert.objects.get(display_name="Ann Lee").channels.get()
        self.assertEqual((channel.normalized, channel.to_mend), ("+441514960001", False))

    def test_the_country_said_with_the_file_is_used(self):
        self.assertNotContains(self.send(b"Name,Phone\nAnn Lee,0151 496 0001\n", country="gb"), "begin with no country")
        self.assertContains(self.send(b"Name\nAnn Lee\n", country="Great"), "at most 2 characters", status_code=400)

    def test_notes_wait_for_the_question_about_sources_at_risk(self):
        page = self.send(b"Name,Notes\nAnn Lee,told me where it lies\n")
        self.assertContains(page, "Say what becomes of the notes")
        self.assertNotContains(page, "told me where")
        with self.assertRaisesMessage(WrongState, "put somebody at risk"):
            batches.commit(ImportBatch.objects.get(), by=self.sami)
        self.assertEqual(self.act("commit").status_code, 409)
        self.assertFalse(Expert.objects.filter(display_name="Ann Lee").exists())
        self.act("check", column0="name", column1="note", notes="seal")
        self.act("commit")
        note = PrivateNote.objects.get()
        self.assertEqual((note.opened(), note.by, note.to_mend), ("told me where it lies", self.sami, False))
        self.assertNotIn("told", note.sealed)

    def test_notes_are_left_out_where_they_could_put_somebody_at_risk(self):
        self.send(b"Name,Notes\nAnn Lee,told me where it lies\n", notes="leave")
        self.assertContains(self.act("commit"), "1 card")
        self.assertFalse(PrivateNote.objects.exists())
        self.assertTrue(ImportBatch.objects.get().rows.get().errors)

    def test_the_answer_about_notes_is_not_remembered_for_the_next_file(self):
        self.send(b"Name,Notes\nAnn Lee,one\n", notes="seal", country="GB")
        self.act("commit")
        batch = batches.take_in(b"Name,Notes\nBo Ek,two\n", "next.csv", by=self.sami)
        self.assertEqual(batch.mapping["options"], {"country": "GB"})

    def test_columns_that_were_left_out_are_named(self):
        page = self.send(b"Name,Birthday,Shoe size\nAnn Lee,1970-01-02,44\nBo Ek,,\n")
        self.assertContains(page, "Columns that were left out:")
        self.assertContains(page, "<bdi>Birthday</bdi>")
        self.assertNotContains(page, "1970-01-02")
