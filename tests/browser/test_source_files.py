"""Files of cards in a browser: a faulty one is sent, mended, sent again and taken back; cards are printed."""

import csv

import pytest
from playwright.sync_api import expect

from experts.actions import cards, channels, log
from experts.models import ContactLog, Expert
from newsroom import paper

pytestmark = pytest.mark.slow

HEAD = ["Name", "Title", "Organisation", "Phone", "E-mail", "From"]
ROWS = [
    ["Ingrid Solheim", "Harbour pilot", "Port of Bergen", "+47 55 56 89 50", "ingrid@port.example", "2019"],
    ["Tomas Reyes", "Economist", "Institute of Trade", "12", "tomas@trade.example", "2020-04"],
    ["مهند العزة", "Senator", "Senate", "+962 6 500 0000", "mohanad@senate.example", "soon"],
    ["Ada Brandt", "Engineer", "Lock Works", "+49 30 2270 0", "ada at work", "2021"],
]


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return str(path)


@pytest.fixture
def source_desk(page, live_server, login, cast):
    """The source desk's browser: source_desk(path) opens an address under the list of cards."""
    login(cast.sami)

    def go(path=""):
        page.goto(f"{live_server.url}/admin/experts/expert/{path}")
        return page

    return go


def test_a_faulty_file_is_mended_sent_again_and_taken_back(source_desk, cast, page, tmp_path, console):
    source_desk()
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("File:").set_input_files(write(tmp_path / "pilots.csv", [HEAD, *ROWS]))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    faults = page.locator("#faults tbody tr")
    expect(faults).to_have_count(3)
    expect(faults.nth(0)).to_contain_text("3Phone")
    expect(faults.nth(1)).to_contain_text("4From")
    expect(faults.nth(2)).to_contain_text("5E-mail")
    assert Expert.objects.count() == 1

    expect(page.get_by_role("heading", name="The first 4 as cards")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Faulty rows as a file").click()
    kept = tmp_path / "faulty.csv"
    download.value.save_as(kept)
    with open(kept, encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert [row[-2] for row in rows] == ["file line", "3", "4", "5"]
    rows[1][3], rows[2][5], rows[3][4] = "+1 202 555 0143", "2018", "ada@locks.example"
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("4 cards made")
    expect(page.locator(".messagelist")).to_contain_text("3 cards have something to mend")

    source_desk("import/")
    page.get_by_label("File:").set_input_files(write(tmp_path / "mended.csv", rows))
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#faults")).to_have_count(0)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("3 added to")
    assert Expert.objects.count() == 5

    source_desk("?q=مهند")
    expect(page.locator("#result_list")).to_contain_text("مهند العزة")
    source_desk("import/")
    for name in ("mended.csv", "pilots.csv"):
        page.get_by_role("link", name=name).click()
        page.get_by_role("button", name="Take the import back").click()
        expect(page.locator(".messagelist")).to_contain_text("were taken back")
        source_desk("import/")
    assert Expert.objects.count() == 1


def test_columns_are_named_by_hand_where_nobody_could_guess(source_desk, cast, page, tmp_path, console):
    source_desk("import/")
    page.get_by_label("File:").set_input_files(write(tmp_path / "odd.csv", [["Wer", "Wo"], ["Bo Ek", "York"]]))
    page.get_by_role("button", name="Read the file").click()
    page.get_by_label("Wer:").select_option("Name")
    page.get_by_label("Wo:").select_option("City")
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("1 cards made")
    assert Expert.objects.get(display_name="Bo Ek").city == "York"


def test_a_card_and_a_call_sheet_are_printed(source_desk, cast, page, console):
    expert = cards.make_card("Mohanad Alazzeh", by=cast.sami, native_name="مهند العزة", native_language="ar",
                        title="Senator", organisation="Jordanian Senate")  # fmt: skip
    channels.add_channel(expert, kind="phone", raw="+962 6 500 0000", tier="staff", label="work", by=cast.sami)
    channels.add_channel(expert, kind="email", raw="m@senate.example", tier="public", by=cast.sami)
    log.add_entry(expert, by=cast.sami, outcome="later", follow_up_on=paper.today(), purpose="The port vote")
    source_desk(f"{expert.pk}/change/")
    page.get_by_role("link", name="Print", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".paper-card img").evaluate("img => img.complete && img.naturalWidth") > 0
    page.emulate_media(media="print")
    assert page.locator("#header").is_hidden()
    # A name in Arabic begins at the right edge of the card.
    box, name = page.locator(".paper-card").bounding_box(), page.locator(".paper-native")
    ends = name.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect().right }"
    )
    assert ends > box["x"] + box["width"] * 0.85
    raw = page.pdf(prefer_css_page_size=True)
    assert raw.count(b"/MediaBox [0 0 298") == raw.count(b"/MediaBox") == 1  # one page of A6
    page.emulate_media(media="screen")
    source_desk("call-sheet/")
    expect(page.locator(".paper-calls")).to_contain_text("The port vote")
    assert ContactLog.objects.count() == 1
