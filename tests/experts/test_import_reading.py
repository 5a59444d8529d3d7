"""Files of every make: encodings, separators, spreadsheets' habits, and what each cell is refused for."""

import io
import zipfile

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from experts.files.importing import columns, tables, values
from experts.files.importing.tables import Unfit

TEXT = 'Name;E-mail;Mobile (work);Title;Note\n"Åsa\nLund";asa@lund.example;+46701234567;Forskare;x\n\nBo;;;;\n'
GOOGLE_NEW = ("First Name,Middle Name,Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
              "Organization Title,Organization Department,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,"
              "Phone 1 - Label,Phone 1 - Value,Address 1 - Formatted,Website 1 - Value")  # fmt: skip
GOOGLE_OLD = ("Name,Given Name,Additional Name,Family Name,Name Prefix,Name Suffix,Birthday,Group Membership,"
              "E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,"
              "Organization 1 - Title")  # fmt: skip
OUTLOOK = ("Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Phone,Home Phone,"
           "Mobile Phone,E-mail Address,E-mail 2 Address,Web Page,Assistant's Phone")  # fmt: skip
THUNDERBIRD = ("First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Home Phone,"
               "Fax Number,Pager Number,Mobile Number,Job Title,Department,Organization,Web Page 1")  # fmt: skip


EVERY = [target for target, _ in columns.target_choices()]


def guessed(header):
    names = header.split(",")
    return {name: target for name, target in zip(names, columns.guess_targets(names), strict=True) if target}


def record(header, *cells, topics=None, **options):
    reader = values.Reader(header, columns.guess_targets(header), options, topics or {})
    return reader.read(2, list(cells))


def errors(found):
    """[(column, what it means for the row)]: it is told, to be mended on the card, or keeps the row out."""
    return [(e["column"], "mend" if e.get("mend") else "note" if e.get("note") else "bad") for e in found.errors]


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


class TablesTests(SimpleTestCase):
    def test_every_encoding_and_separator_reads_alike(self):
        want = [(2, ["Åsa\nLund", "asa@lund.example", "+46701234567", "Forskare", "x"]), (5, ["Bo", "", "", "", ""])]
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"):
            for sign in (";", ",", "\t"):
                found = tables.read_table(TEXT.replace(";", sign).encode(encoding))
                self.assertEqual([(row.line, row.cells) for row in found.rows], want, (encoding, sign))
                self.assertEqual(bool(found.notes), encoding == "cp1252")

    def test_lines_are_the_files_own(self):
        found = tables.read_table(b'sep=;\r\nName;Phone\r\n"A\r\nB";1\r\nC;2\r\n')
        self.assertEqual([(row.line, row.cells[0]) for row in found.rows], [(3, "A\r\nB"), (5, "C")])

    def test_a_first_line_that_is_a_person_is_refused(self):
        for raw in (b"Ann Lee,ann@lee.example\nBo,b@o.example\n", b"Ann Lee,+1 202 555 0100\n"):
            with self.assertRaisesMessage(Unfit, "name the columns"):
                tables.read_table(raw)

    def test_what_is_no_text_is_no_list(self):
        with self.assertRaisesMessage(Unfit, "no CSV, XLSX or vCard"):
            tables.read_table(b"\x7fELF\x02\x01\x01\x00 Name\x00\xff" + bytes(9) + b"Phone\n\x01" * 40)

    def test_rows_longer_than_the_header_and_quotes_never_closed_are_told(self):
        found = tables.read_table(b'Name,Phone\nA,1,extra\nB,"2\n' + b"C,3\n" * 80)
        self.assertTrue(all(row.notes and row.notes[0][2] for row in found.rows))

    def test_a_workbook_reads_numbers_dates_and_formulas_as_people_meant_them(self):
        found = tables.read_table(workbook(["Name", "Phone", "From", "Title"], ["Ann", 2029941000.0, 1999, "=1+1"]))
        self.assertEqual(found.rows[0].cells, ["Ann", "2029941000", "1999", ""])
        self.assertEqual([note[0] for note in found.rows[0].notes], ["Title"])
        self.assertEqual(found.rows[0].line, 2)

    def test_a_workbook_that_unpacks_without_end_is_refused_unread(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/workbook.xml", b"<workbook/>")
            package.writestr("xl/sheet1.xml", b"0" * (tables.UNPACKED + 1) * 1024 * 1024)
        with self.assertRaisesMessage(Unfit, "unpacks to more"):
            tables.read_table(out.getvalue())

    def test_entities_in_a_workbook_are_refused(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>')
        with self.assertRaises(Unfit):
            tables.read_table(out.getvalue())

    def test_what_is_no_list_says_so(self):
        for raw in (b"", b"  \n", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", b"BEGIN:VCALENDAR\n"):
            try:
                found = tables.read_table(raw)
            except Unfit as error:
                self.assertTrue(str(error).endswith("."))
            else:
                self.assertEqual(found.rows, [])

    def test_cards_become_rows_of_our_own_columns(self):
        raw = (b"BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nN:Lee;Ann;;;\nTEL;TYPE=CELL,WORK:1\nTEL;TYPE=CELL,WORK:2\n"
               b"TEL;TYPE=FAX:3\nTITLE:Poet\nORG:Guild\nEND:VCARD\n")  # fmt: skip
        found = tables.read_table(raw)
        cells = dict(zip(found.header, found.rows[0].cells, strict=True))
        self.assertEqual(cells["Mobile (work)"], "1\n2")
        self.assertEqual((cells["Title"], cells["Organisation"], cells["Name"]), ("Poet", "Guild", "Ann Lee"))
        self.assertEqual(found.rows[0].notes[0][2], False)

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=300))
    def test_no_bytes_break_it(self, raw):
        try:
            found = tables.read_table(raw)
        except Unfit:
            return
        self.assertTrue(all(len(row.cells) == len(found.header) for row in found.rows))


class ColumnsTests(SimpleTestCase):
    def test_lists_of_known_programs_are_understood(self):
        new, old = guessed(GOOGLE_NEW), guessed(GOOGLE_OLD)
        self.assertEqual(new["E-mail 1 - Value"], "email")
        self.assertEqual((new["Phone 1 - Label"], new["Phone 1 - Value"]), ("label", "phone"))
        self.assertEqual((new["Organization Name"], new["Organization Title"]), ("role1.organisation", "role1.title"))
        self.assertEqual((old["Name"], old["Organization 1 - Name"]), ("name", "role1.organisation"))
        outlook, thunderbird = guessed(OUTLOOK), guessed(THUNDERBIRD)
        self.assertEqual((outlook["Title"], outlook["Job Title"]), ("prefix", "role1.title"))
        self.assertEqual((outlook["Business Phone"], outlook["Home Phone"]), ("phone/work", "phone/home"))
        self.assertEqual((outlook["E-mail 2 Address"], outlook["Assistant's Phone"]), ("email", "phone/assistant"))
        self.assertEqual((thunderbird["Display Name"], thunderbird["Secondary Email"]), ("name", "email"))
        self.assertNotIn("Fax Number", thunderbird)
        for told in (new, old, outlook, thunderbird):
            self.assertFalse({"Birthday", "Department"} & set(told))
            self.assertEqual(told.get("Notes", "note"), "note")

    def test_every_column_of_ours_is_understood(self):
        own = columns.own_headers()
        header = list(own)
        self.assertEqual(dict(zip(header, columns.guess_targets(header), strict=True)), own)

    def test_the_file_of_faulty_rows_is_remembered_as_its_own(self):
        header = ["Name", "E-mail"]
        self.assertEqual(columns.header_signature(header), columns.header_signature([*header, "file line", "errors"]))
        self.assertNotEqual(columns.header_signature(header), columns.header_signature(["E-mail", "Name"]))


class ValuesTests(SimpleTestCase):
    def test_a_number_written_any_way_is_one_number(self):
        for said in (
            "202-994-1000",
            "2029941000.0",
            "٢٠٢٩٩٤١٠٠٠",
            '="2029941000"',
            "'+1 202 994 1000",
            "\u200e2029941000",
        ):
            found = record(["Name", "Phone"], "Ann", said, country="US")
            self.assertEqual((found.errors, found.channels[0][3]), ([], "+12029941000"), said)

    def test_what_a_spreadsheet_rounded_is_no_number_and_kept_as_typed(self):
        found = record(["Name", "Phone"], "Ann", "2.02994E+09", country="US")
        self.assertEqual((errors(found), found.channels), ([("Phone", "mend")], []))
        self.assertEqual(found.kept, [("Phone", "2.02994E+09", True)])

    def test_each_faulty_cell_is_named_and_no_message_repeats_it(self):
        header = ["Name", "Phone", "E-mail", "From", "Until", "Title", "Time zone", "ORCID", "Languages"]
        found = record(
            header, "", "12", "ann at home", "soon", "2020-13", "x" * 200, "Mars", "0000-0000-0000-0002", "??"
        )
        self.assertEqual(dict(errors(found)), dict.fromkeys(header, "mend"))
        self.assertFalse(found.is_bad, "a card was lost for a field")
        self.assertEqual({column for column, _, _ in found.kept} | {"Phone", "E-mail"}, set(header))
        self.assertEqual([raw for _, _, raw, _, _ in found.channels], ["12", "ann at home"])
        self.assertFalse(any(word in str(found.errors) for word in ("ann at", "12 ", "Mars", "0002")))

    def test_formulas_stay_plain_text_and_are_told(self):
        found = record(["Name", "Title"], "=cmd|' /C calc'!A0", "Poet")
        self.assertEqual((found.name, errors(found), found.is_bad), ("=cmd|' /C calc'!A0", [("Name", "note")], False))

    def test_control_characters_are_taken_out_and_told(self):
        found = record(["Name"], "An\x00n\u202e")
        self.assertEqual((found.name, errors(found)), ("Ann", [("Name", "note")]))

    def test_dates_as_people_write_them(self):
        for said, want in (("2021", "2021"), ("2021-03", "2021-03"), ("03/2021", "2021-03"),
                           ("15.03.2021", "2021-03-15"),
                           ("٢٠٢١", "2021"),
                           ("2021-03-15 00:00:00", "2021-03-15"), ("2021.0", "2021")):  # fmt: skip
            found = record(["Name", "Title", "From"], "Ann", "Poet", said)
            self.assertEqual((found.errors, found.roles[0]["start"]), ([], want), said)
        self.assertEqual(record(["Name", "Title", "From"], "A", "P", "03/04/2021").roles[0]["start"], "2021-04-03")
        found = record(["Name", "Title", "From"], "A", "P", "03/04/2021", month_first=True)
        self.assertEqual(found.roles[0]["start"], "2021-03-04")
        self.assertEqual(errors(record(["Name", "Title", "From"], "A", "P", "31/02/2021")), [("From", "mend")])

    def test_labels_of_google_say_which_phone_it_is(self):
        header = ["Name", "Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Label", "Phone 2 - Value"]
        found = record(header, "Ann", "* Mobile", "+12029941000 ::: +12029941001", "Work Fax", "+12029941002")
        self.assertEqual([(kind, n) for kind, _, _, n, _ in found.channels],
                         [("mobile", "+12029941000"), ("mobile", "+12029941001")])  # fmt: skip
        self.assertFalse(found.is_bad)

    def test_home_numbers_are_restricted(self):
        found = record(["Name", "Home Phone", "Work Phone"], "Ann", "+12029941000", "+12029941001")
        self.assertEqual([tier for *_, tier in found.channels], ["restricted", "staff"])

    def test_topics_of_the_paper_are_taken_and_others_told(self):
        found = record(["Name", "Topics"], "Ann", "Shipping; My Contacts", topics={"shipping": 7})
        self.assertEqual((found.topics, errors(found)), ([7], [("Topics", "note")]))

    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.text(max_size=60), min_size=len(EVERY), max_size=len(EVERY)))
    def test_no_words_in_any_column_break_it(self, cells):
        found = values.Reader([f"{target} - {n}" for n, target in enumerate(EVERY)], EVERY, {"notes": "seal"}, {}).read(
            2, cells
        )
        self.assertLessEqual(len(found.name), 160)
        self.assertTrue(all(len(raw) <= 300 and len(normalized) <= 320 for _, _, raw, normalized, _ in found.channels))
        self.assertTrue(all(len(value) <= values.LENGTHS[name] for name, value in found.fields.items()))
