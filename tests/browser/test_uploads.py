"""Pictures dropped into the text, several at once: progress, words in one go, refusals, and what the library has."""

import base64
import re
import zipfile
from io import BytesIO

from playwright.sync_api import expect

from articles.actions import images
from articles.models import Image

from ..newsroom.test_uploads import XMP, drawn, sent
from ..pictures import jpeg
from .conftest import caret
from .desk import drop_files, png


def dropped(data, name, kind="image/jpeg"):
    return {"name": name, "type": kind, "data": base64.b64encode(data).decode()}


def zipped():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "words")
    return out.getvalue()


def test_several_are_dropped_and_one_that_is_none_loses_no_other(page, cast, editor, console):
    there = images.take_in(png(), by=cast.pia, title="The harbour", alt="A harbour", credit="Pia Lind")
    text = editor(cast.rana, cast.make_article(body="<p>One two.</p>"))
    caret(text)
    with_words = jpeg(640, 400).read()
    drop_files(
        text,
        [
            dropped(with_words, "first.jpg"),
            dropped(zipped(), "archive.jpg"),
            dropped(png().getvalue(), "again.png", "image/png"),
            dropped(b"%PDF-1.7", "report.pdf", "application/pdf"),
            dropped(png((20, 90, 160)).getvalue(), "last.png", "image/png"),
        ],
    )
    dialog = page.get_by_role("dialog", name="Upload 5 pictures")
    first, archive, again, report, last = (dialog.get_by_role("group").nth(n) for n in range(5))
    expect(first.get_by_text("It is in the library.")).to_be_visible()
    expect(archive.get_by_role("alert")).to_contain_text(re.compile("picture|JPEG"))
    expect(again).to_contain_text("The library has this very file")
    expect(report.get_by_role("alert")).to_contain_text("This is no picture")
    expect(last.get_by_text("It is in the library.")).to_be_visible()
    assert Image.objects.count() == 3  # what was there, the first and the last

    first.get_by_label("What it shows").fill("A ship")
    last.get_by_label("Credit").fill("Somebody else")
    dialog.get_by_label("Credit for all that have none").fill("Rana Aziz")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".desk-said")).to_contain_text("archive.jpg: ")
    one, two = Image.objects.exclude(pk=there.pk).order_by("pk")
    by_alt = {one.alt: one, two.alt: two}
    ship, other = by_alt["A ship"], by_alt[""]
    assert (ship.credit, other.credit) == ("Rana Aziz", "Somebody else")
    figures = "".join(
        f'<figure data-image="{pk}"><figcaption></figcaption></figure>' for pk in (ship.pk, there.pk, other.pk)
    )
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile(re.escape(f"{figures}")))
    console.clear()  # the refusal itself


def test_a_copy_editor_describes_what_they_brought_in_and_escape_keeps_it(page, cast, editor, console):
    text = editor(cast.cora, cast.make_article(body="<p>One two.</p>"))
    caret(text)
    drop_files(text, [dropped(png().getvalue(), "one.png", "image/png")])
    dialog = page.get_by_role("dialog", name="Upload a picture")
    expect(dialog.get_by_label("What it shows")).to_be_focused()
    page.keyboard.type("A crane")
    page.keyboard.press("Tab")
    page.keyboard.type("Cora")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk-card--image")).to_contain_text("Cora")
    assert Image.objects.get().alt == "A crane"

    caret(text)
    drop_files(text, [dropped(sent(drawn(), xmp=XMP.encode()).read(), "two.jpg")])
    expect(dialog.get_by_text("It is in the library.")).to_be_visible()
    # What the file says of itself stands in the boxes.
    expect(dialog.get_by_label("Credit")).to_have_value("Gull News")
    expect(dialog.get_by_label("Caption")).to_have_value("The harbour")
    page.keyboard.press("Escape")
    expect(page.locator(".desk-said")).to_have_text("The picture is in the library.")
    expect(page.locator(".desk-card--image")).to_have_count(1)
