"""The writer: what it writes two readers that know nothing of it read alike."""

from datetime import UTC, datetime

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from experts.files.vcard import reader, writer

CARD = {
    "uid": "0b1c1f0e-6a5e-4c0e-9f6c-7d2f4b1f3a11", "name": "Mohanad Alazzeh", "sort_name": "Alazzeh, Mohanad",
    "native_name": "مهند العزة", "native_language": "ar", "prefix": "Dr", "given": "Mohanad", "family": "Alazzeh",
    "suffix": "", "pronouns": "he/him", "updated_at": datetime(2026, 5, 4, 12, tzinfo=UTC), "time_zone": "Asia/Amman",
    "variants": [{"text": "Muhannad Al-Azzeh", "kind": "transliteration"}, {"text": "Allazzeh", "kind": "misspelling"}],
    "roles": [
        {"title": "Senator", "organisation": "Jordanian Senate", "start": "", "end": "2024", "former": True},
        {"title": "Rights commissioner; envoy", "organisation": "United Nations, Geneva", "end": "", "main": True},
    ],
    "channels": [
        {"kind": "mobile", "label": "work", "value": "+962 79 012 3456", "preference": 1},
        {"kind": "phone", "label": "assistant", "value": "+962 6 500 0000;ext=55", "preference": 60},
        {"kind": "email", "label": "", "value": "m@rights.example", "preference": 50},
        {"kind": "email", "label": "home", "value": "gone@rights.example", "preference": 2, "do_not_use": True},
        {"kind": "mobile", "label": "home", "restricted": True, "id": 4},
        {"kind": "signal", "label": "", "value": "+962790123456", "preference": 50},
        {"kind": "web", "label": "work", "value": "https://rights.example/a;b,c", "preference": 50},
    ],
    "languages": [{"tag": "ar-JO", "level": 4}, {"tag": "en", "level": 3}], "topics": ["Iraq", "Human rights, law"],
}  # fmt: skip


def mine(text):
    found = reader.read_cards(text.encode())
    assert found.problems == []
    return found.cards[0]


def test_two_readers_read_the_same():
    text = writer.write_card(CARD)
    theirs, ours = vobject.readOne(text), mine(text)
    assert theirs.fn.value == ours["name"] == "Mohanad Alazzeh"
    name = theirs.n.value
    assert (name.family, name.given, name.prefix) == (ours["family"], ours["given"], ours["prefix"])
    assert theirs.org.value == ["United Nations, Geneva"]
    assert ours["roles"] == [{"title": theirs.title.value, "organisation": theirs.org.value[0]}]
    for kind, names in (("tel", ("mobile", "phone")), ("email", ("email",))):
        assert [line.value for line in theirs.contents[kind]] == [
            c["value"] for c in ours["channels"] if c["kind"] in names
        ]
    assert theirs.uid.value == ours["uid"] == CARD["uid"]


def test_what_stays_in_the_house():
    for version in ("3.0", "4.0"):
        text = writer.write_card(CARD | {"birthday": "1970-01-01"}, version).replace("\r\n ", "")
        for word in ("gone@", "Allazzeh", "BDAY", "1970", "Senator"):
            assert word not in text, word
        assert text.count("TEL") == 2


def test_version_four_says_preferences_languages_and_both_scripts():
    text = writer.write_card(CARD, "4.0")
    card = mine(text)
    assert "VERSION:4.0\r\n" in text
    assert (card["native_name"], card["native_language"]) == ("مهند العزة", "ar")
    assert card["languages"] == ["ar-JO", "en"]
    assert card["topics"] == ["Iraq", "Human rights, law"]
    mobile = card["channels"][0]
    assert (mobile["kind"], mobile["label"], mobile["preference"]) == ("mobile", "work", 1)
    assert ("signal", "+962790123456") in [(c["kind"], c["value"]) for c in card["channels"]]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_name_alone_is_a_whole_card(version):
    card = mine(writer.write_card({"name": "Pelé", "sort_name": "Pelé"}, version))
    # The part that N has to have is a guess, and our reader is told so.
    assert (card["name"], card["family"]) == ("Pelé", "")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_any_name_comes_back_and_no_line_is_too_long(name):
    text = writer.write_card(CARD | {"name": "A " + name})
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert text.encode().count(b"\r") == text.encode().count(b"\n") == text.count("\r\n")
    kept = " ".join(writer.CONTROL.sub("", ("A " + name).replace("\r\n", "\n").replace("\r", "\n")).split())
    assert mine(text)["name"] == kept
    assert len(reader.read_cards(text.encode()).cards) == 1


def test_many_in_one_file():
    text = writer.write_cards([CARD, CARD | {"name": "Second"}])
    assert [c["name"] for c in reader.read_cards(text.encode()).cards] == ["Mohanad Alazzeh", "Second"]
