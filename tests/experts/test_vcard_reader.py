"""The tolerant reader: every card of real files, with what each says kept by hand, and no bytes that break it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experts.files.vcard import reader

from .. import data

# file: (cards, [(line, name, [(kind, value)])], lines that could not be read)
EXPECTED = {
    "FolkerKinzel__AnsiIssue.vcf": (
        1, [(1, "Ralf Rastral", [("postal", "Lämmerweg 12, Kleindorf, 98765, Deutschland")])], [5],
    ),
    "FolkerKinzel__LargeFile.vcf": (1000, [(1, "Kasey Schmitt", []), (16, "Reva Rachel Rogahn", [])], []),
    "FolkerKinzel__ansi_Greek.vcf": (1, [(1, "Βαγγέλης", [("postal", "Αθήνα"), ("postal", "Aθήνa")])], [3]),
    "FolkerKinzel__v2_1.vcf": (
        1,
        [(1, "Maxl", [("phone", "Tel geschäftlich"), ("phone", "Tel privat"), ("mobile", "Handy"),
                      ("phone", "Other Phone"), ("pager", "Pager"), ("fax", "0123/579"), ("fax", "Fax privat"),
                      ("postal", "1, Firmenstraße, Ort Firma, Bundesland Firma, PLZFirma, Land Firma"),
                      ("postal", "Straße, Ort, Bundesland, PLZ, Land"), ("web", "http://www.privat.de"),
                      ("web", "http://www.musterworks.de"), ("email", "privat@folker-kinzel.de"),
                      ("email", "business@folker-kinzel.de"), ("email", "andere@folker-kinzel.de")])],
        [],
    ),
    "FolkerKinzel__v3.vcf": (
        2,
        [(1, "Folker Kinzel", [("email", "email1@wumms.de"), ("email", "email2@folker-kinzel.de"),
                               ("phone", "0123-45678"), ("postal", "Berliner Str. 85, Halle, 06789, DE"),
                               ("web", "www.folker-kinzel.de")]),
         (20, "KMS Außenstelle", [("email", "blablö@blub.com"), ("phone", "01234-303776"), ("fax", "03443-333440")])],
        [],
    ),
    "FolkerKinzel__v4.vcf": (
        2,
        [(1, "Möhrke Gerda", [("email", "info@kinderland-blubblub.de"), ("phone", "034441/ 2 22 67"),
                              ("fax", "034441/ 39 23 34"), ("web", "www.kinderland-ufftata.de")])],
        [],
    ),
    "ez-vcard__John_Doe_ANDROID.vcf": (
        6,
        [(1, "", [("email", "john.doe@company.com")]), (6, "", [("email", "jane.doe@company.com")]),
         (11, "Ñ Ñ Ñ Ñ Ñ", [("mobile", "123456789")]),
         (18, "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ", [("mobile", "123456"), ("phone", "234567"), ("mobile", "3456789"),
                                        ("phone", "45678901")])],
        [1, 6, 82],
    ),
    "ez-vcard__John_Doe_GMAIL.vcf": (
        1,
        [(1, "Mr. John Richter, James Doe Sr.",
          [("email", "john.doe@ibm.com"), ("mobile", "905-555-1234"), ("phone", "905-666-1234"),
           ("postal", "Crescent moon drive 555-asd Nice Area, Albaney, New York 12345 United States of America"),
           ("web", "http://www.ibm.com")])],
        [],
    ),
    "ez-vcard__John_Doe_IPHONE.vcf": (
        1,
        [(1, "Mr. John Richter James Doe Sr.",
          [("email", "john.doe@ibm.com"), ("mobile", "905-555-1234"), ("phone", "905-666-1234"),
           ("phone", "905-777-1234"), ("fax", "905-888-1234"), ("fax", "905-999-1234"), ("pager", "905-111-1234"),
           ("phone", "905-222-1234"),
           ("postal", "Silicon Alley 5, New York, New York, 12345, United States of America"),
           ("postal", "Street4 Building 6 Floor 8, New York, 12345, USA"), ("web", "http://www.ibm.com")])],
        [],
    ),
    "ez-vcard__John_Doe_MS_OUTLOOK.vcf": (
        1,
        [(1, "Mr. John Richter James Doe Sr.",
          [("phone", "(905) 555-1234"), ("phone", "(905) 666-1234"),
           ("postal", "Cresent moon drive, Albaney, New York, 12345, United States of America"),
           ("postal", "Silicon Alley 5, New York, New York, 12345, United States of America"),
           ("web", "http://www.ibm.com"), ("email", "john.doe@ibm.cm"), ("chat", "chat:johny5@aol.com")])],
        [],
    ),
    "ez-vcard__outlook-2003.vcf": (
        1,
        [(1, "John Doe III",
          [("phone", "BusinessPhone"), ("phone", "HomePhone"), ("mobile", "MobilePhone"), ("fax", "BusinessFaxPhone"),
           ("postal", "TheOffice, 123 Main St, Austin, TX, 12345, United States of America"),
           ("web", "http://web-page-address.com"), ("email", "jdoe@hotmail.com")])],
        [],
    ),
    "ez-vcard__rfc6350-example.vcf": (
        1,
        [(1, "Simon Perreault",
          [("postal", "Suite D2-630, 2875 Laurier, Quebec, QC, G1V 2M2, Canada"),
           ("phone", "+1-418-656-9254 ext. 102"), ("mobile", "+1-418-262-6501"),
           ("email", "simon.perreault@viagenie.ca"), ("web", "http://nomis80.org")])],
        [],
    ),
    "ical4j__vcard-lowercase.vcf": (1, [(1, "", [("email", "xy@zz.com")])], [1]),
    "ical4j__vcard-vCards-SAP.vcf": (
        30,
        [(1, "Gwendolina Brown", [("email", "Gwendolina.Brown@sap.com")]),
         (9, "Peter Smalholtz", [("email", "Peter.Smalholtz@sap.com"), ("phone", "§")])],
        [15, 39, 87, 120, 135, 183, 190],
    ),
    "icaljs__vcard_author.vcf": (
        1,
        [(1, "Simon Perreault",
          [("postal", "Suite D2-630, 2875 Laurier, Quebec, QC, G1V 2M2, Canada"),
           ("phone", "+1-418-656-9254 ext. 102"), ("mobile", "+1-418-262-6501"),
           ("email", "simon.perreault@viagenie.ca"), ("web", "http://nomis80.org")])],
        [],
    ),
    "py-vobject__radicale-1587.vcf": (1, [(1, "Given Family", [])], []),
}  # fmt: skip


def card(*lines, version="3.0"):
    """The one card of a file with these lines between its edges."""
    text = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    found = reader.read_cards(text.encode())
    assert len(found.cards) == 1
    return found.cards[0]


def values(card):
    return [(channel["kind"], channel["value"]) for channel in card["channels"]]


def lines_of(found):
    return [int(problem.split()[1].rstrip(":")) for problem in found.problems]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_real_file(name):
    found = reader.read_cards(data.path(f"experts/vcards/{name}").read_bytes())
    count, cards, unread = EXPECTED[name]
    assert len(found.cards) == count
    by_line = {card["line"]: card for card in found.cards}
    for line, title, channels in cards:
        assert by_line[line]["name"] == title
        assert values(by_line[line]) == channels
    assert lines_of(found) == unread


def test_every_file_there_is_expected():
    assert {path.name for path in data.path("experts/vcards").iterdir()} == set(EXPECTED)


def test_names_are_taken_apart_only_as_the_card_does():
    found = reader.read_cards(data.path("experts/vcards/FolkerKinzel__ansi_Greek.vcf").read_bytes()).cards[0]
    assert (found["family"], found["given"], found["additional"]) == ("Παπαθανασίου", "Ευάγγελος", "Οδυσσέας")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_charsets_of_a_whole_file(encoding):
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:مهند العزة\r\nTEL:+962 79 012 3456\r\nEND:VCARD\r\n"
    found = reader.read_cards(text.encode(encoding))
    assert found.cards[0]["name"] == "مهند العزة"
    assert found.problems == []


def test_a_charset_that_nobody_knows_is_told_and_survived():
    found = reader.read_cards("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=X-UNKNOWN:Åse\nEND:VCARD\n".encode())
    assert found.cards[0]["name"] == "Åse"
    assert found.problems == ["Line 3: it names a charset that nobody knows; read as UTF-8."]


def test_a_charset_named_once_holds_for_the_card():
    raw = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=KOI8-R:\xf0\xa3\xd4\xd2\nN:\xf0\xa3\xd4\xd2\nEND:VCARD"
    assert reader.read_cards(raw).cards[0]["family"] == "Пётр"


def test_soft_breaks_and_a_card_cut_off_in_one():
    raw = b"BEGIN:VCARD\nVERSION:2.1\nFN;QUOTED-PRINTABLE:J=C3=\n=B6rg=\nEND:VCARD\nBEGIN:VCARD\nFN:Next\nEND:VCARD"
    assert [c["name"] for c in reader.read_cards(raw).cards] == ["Jörg", "Next"]


@pytest.mark.parametrize("photo", [
    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n SkZJRgAB\r\n",  # folded
    "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQ\r\n SkZJRgAB\r\n\r\n",  # Outlook
    "PHOTO;JPEG;BASE64:\r\n/9j/4AAQ\r\nSkZJRgAB==\r\n\r\n",  # a BlackBerry's, not folded at all
    "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n\tSkZJRgAB\r\n",
])  # fmt: skip
def test_pictures_of_every_style_do_no_harm(photo):
    found = reader.read_cards(f"BEGIN:VCARD\r\nVERSION:2.1\r\n{photo}FN:After\r\nTEL:5\r\nEND:VCARD\r\n".encode())
    assert (found.cards[0]["name"], values(found.cards[0]), found.problems) == ("After", [("phone", "5")], [])


def test_groups_labels_and_small_letters():
    found = card("fn:Ann", "item1.tel;type=pref:1", "item1.X-ABLabel:_$!<AssistantPhone>!$_", "ITEM2.Email:a@b.c")
    assert [(c["kind"], c["label"], c["preference"]) for c in found["channels"]] == [
        ("phone", "assistant", 1), ("email", "", None),
    ]  # fmt: skip


def test_names_with_strokes_are_stepped_over():
    assert card("X-EVOLUTION/FILE-AS:Ann", "FN:Ann")["name"] == "Ann"


def test_an_assistants_card_inside_is_a_card_of_its_own():
    raw = (
        "BEGIN:VCARD\nVERSION:2.1\nFN:Boss\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:Helper\nTEL:22\nEND:VCARD\n"
        "TEL:11\nEND:VCARD\n"
    )
    boss, helper = reader.read_cards(raw.encode()).cards
    assert (boss["name"], values(boss)) == ("Boss", [("phone", "11")])
    assert (helper["name"], values(helper), helper["agent_of"]) == ("Helper", [("phone", "22")], "Boss")


def test_an_assistants_card_escaped_in_a_value():
    found = reader.read_cards(
        b"BEGIN:VCARD\nVERSION:3.0\nFN:Boss\nAGENT:BEGIN:VCARD\\nFN:Helper\\nTEL:22\\nEND:VCARD\\n\nEND:VCARD"
    )
    assert sorted(c["name"] for c in found.cards) == ["Boss", "Helper"]


def test_one_name_in_two_scripts():
    found = card("FN;ALTID=1:Mohanad Alazzeh", "FN;ALTID=1;LANGUAGE=ar:مهند العزة", version="4.0")
    assert (found["name"], found["native_name"], found["native_language"]) == ("Mohanad Alazzeh", "مهند العزة", "ar")


def test_preferences_and_quoted_types():
    found = card('TEL;TYPE="work,cell";PREF=7:1', "FN:A", "TEL;HOME:2", version="4.0")
    assert [(c["kind"], c["label"], c["preference"]) for c in found["channels"]] == [
        ("mobile", "work", 7), ("phone", "home", None),
    ]  # fmt: skip


def test_escapes():
    found = card(r"FN:A\, B\; C\\n", r"ORG:One\; Two;Unit", r"CATEGORIES:a\,b,c", "TITLE:x")
    assert found["name"] == r"A, B; C\n"
    assert found["roles"] == [{"title": "x", "organisation": "One; Two"}]
    assert found["topics"] == ["a,b", "c"]


def test_a_card_without_end_and_rubbish_cost_only_themselves():
    raw = b"hello\nBEGIN:VCARD\nFN:One\nrubbish\nBEGIN:VCARD\nFN:Two\nEND:VCARD\nBEGIN:VCARD\nFN:Three"
    found = reader.read_cards(raw)
    assert [c["name"] for c in found.cards] == ["One", "Two", "Three"]
    assert lines_of(found) == [1, 4, 5, 8]


def test_no_file_of_cards_says_so():
    for raw in (b"", b"name,phone\nAnn,1\n", b"\0\0\0"):
        found = reader.read_cards(raw)
        assert found.cards == [] and "no card in this file" in found.problems[-1]


def test_no_problem_repeats_what_the_card_says():
    found = reader.read_cards(b"BEGIN:VCARD\nTEL:+962790123456\n+962790123456\nEMAIL:\xffsecret@x.example\nEND:VCARD")
    assert found.problems
    assert not any("962" in problem or "secret" in problem for problem in found.problems)


WORDS = st.sampled_from([
    b"BEGIN:VCARD", b"END:VCARD", b"VERSION:2.1", b"FN", b"N", b"TEL", b"AGENT:", b";", b":", b"=", b"\n", b"\r\n",
    b" ", b"ENCODING=BASE64", b"QUOTED-PRINTABLE", b"CHARSET=", b"utf-16", b"hex", b"idna", b"\"", b"\\", b"\\n",
    b"item1.", b"X-ABLABEL:", b"\xff", b"\0", b"=C3", b"PREF=999999999", b",", b"TYPE=", b"ORG:", b"punycode",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.lists(WORDS, max_size=60).map(b"".join)))
def test_no_bytes_break_it(raw):
    found = reader.read_cards(raw)
    assert all(isinstance(card["name"], str) for card in found.cards)
    if not found.cards:
        assert found.problems


def test_many_nested_edges_are_read_in_good_time():
    assert reader.read_cards(b"BEGIN:VCARD\nAGENT:\n" * 20_000).cards
    assert reader.read_cards(b"BEGIN:VCARD\nFN;" + b'"' * 200_000 + b":x\nEND:VCARD").cards
    assert reader.read_cards(b"BEGIN:VCARD\nNOTE;ENCODING=BASE64:" + b"\n QUJD" * 50_000 + b"\nEND:VCARD").cards
