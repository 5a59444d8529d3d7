"""Pia brings pictures in, marks what has to stay in sight, and gives her word on what AI made."""

from base64 import b64encode

import pytest
from playwright.sync_api import expect

from articles.actions import images, take
from articles.models import Image, PictureRuling, State
from newsroom.errors import Blocked
from tests.newsroom.test_uploads import drawn, scene, sent
from tests.sealed import by, sealed

from .desk import drop_files

WAIVED = {"waive": ["*"], "waive_note": "a test"}


def as_dropped(file, name):
    file.seek(0)
    return {"name": name, "type": "image/jpeg", "data": b64encode(file.read()).decode()}


def test_pictures_are_brought_in_marked_and_let_run(page, cast, login, live_server, console):
    there = images.take_in(sent(scene(), name="quay.jpg"), by=cast.pia, alt="A quay", credit="Pia")
    login(cast.pia)
    page.goto(f"{live_server.url}/admin/articles/image/add/")
    page.get_by_label("Credit").fill("Gull News")
    files = [
        as_dropped(sent(scene()), "again.jpg"),
        {"name": "holiday.jpg", "type": "image/jpeg", "data": b64encode(b"PK\x03\x04" + bytes(200)).decode()},
        as_dropped(sealed(sent(drawn()), by("trainedAlgorithmicMedia")), "dream.jpg"),
    ]
    drop_files(page.locator("[data-drop]"), files)
    page.get_by_role("group", name="dream.jpg").get_by_label("What it shows").fill("A city at night")
    page.get_by_role("button", name="Upload").click()

    expect(page.locator("[data-said]")).to_have_text("2 in the library, 1 not taken")
    console[:] = [line for line in console if "400" not in line]  # the zip's refusal, as it should be
    expect(page.get_by_role("group", name="holiday.jpg")).to_contain_text("not a picture")
    expect(page.get_by_label("Credit")).to_have_value("Gull News")
    again = page.get_by_role("group", name="again.jpg")
    expect(again).to_contain_text("The library has this very file: quay")
    again.get_by_role("button", name="Use that one").click()
    expect(again).to_contain_text("this file was thrown out")
    dream = Image.objects.exclude(pk=there.pk).get()
    assert (dream.credit, dream.alt, dream.title) == ("Gull News", "A city at night", "dream")

    page.goto(f"{live_server.url}/admin/articles/image/")
    page.get_by_role("link", name="dream").click()
    side = page.get_by_role("region", name="dream")
    expect(side).to_be_focused()
    # What is typed beside one picture waits while another is looked at.
    side.get_by_label("Caption").fill("Made at night")
    page.get_by_role("link", name="quay").click()
    expect(page.get_by_role("region", name="quay")).to_be_focused()
    expect(page.locator(".shot[data-unsaved]")).to_contain_text("dream")
    page.get_by_role("link", name="dream").click()
    expect(side.get_by_label("Caption")).to_have_value("Made at night")
    expect(side).to_contain_text("It does not run until the picture desk has said as what.")
    dot = side.get_by_role("slider", name="Focal point")
    dot.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(dot).to_have_attribute("aria-valuetext", "60 % from the left, 50 % from the top")
    side.get_by_role("button", name="Save").click()
    expect(page.locator(".messagelist")).to_contain_text("“dream” is saved")
    dream.refresh_from_db()
    assert dream.focal_point == (60, 50)

    story = cast.make_article(state=State.APPROVED, lead_image=dream)
    with pytest.raises(Blocked, match="was made by AI"):
        take.take(story, "publish", by=cast.edith, seen=take.seen_token(story), **WAIVED)
    page.get_by_role("link", name="Give your word").click()
    page.get_by_label("It may run as an illustration").check()
    page.get_by_label("Why").fill("Drawn for the essay.")
    page.get_by_role("button", name="Record my word").click()
    expect(page.locator(".messagelist")).to_contain_text("Your word is recorded")
    assert PictureRuling.objects.get().by == cast.pia
    take.take(story, "publish", by=cast.edith, seen=take.seen_token(story), **WAIVED)
    page.goto(f"{live_server.url}{story.editions.get().path}")
    figure = page.locator("figure.story-picture")
    expect(figure).to_contain_text("Illustration made with AI")
    figure.get_by_text("About this picture").click()
    expect(figure).to_contain_text("in the name of Gull News")
