"""How many things hands do from a new story to a published one, counted against a running newspaper.

    python tests/browser/effort.py http://127.0.0.1:8000

It writes and publishes the fixed story of docs/effort.md as two people would, by the shortest way that the desk offers,
and prints each action. A click, a key, a run of typing and a paste each count one; choosing from a box counts two.
"""

import argparse
import random
import shutil
import struct
import time
from base64 import b64encode
from io import BytesIO

from PIL import Image as Pixels
from playwright.sync_api import expect, sync_playwright

PARAGRAPHS = [
    "The lamp on the tower has brought ships into the harbour since 1871.",
    "For nine nights it has been dark, and fourteen ships have waited at anchor outside.",
    "The harbour authority sold the chapel under the lamp in June, with all fixtures, bells and lights.",
    "“A port can sell its chapel, and it can sell its lamp,” said {speaker}, author of its charter.",
    "The buyer learned what he had bought when the electricity bill came.",
    "He paid the first and asked the harbour to pay the second. It did not settle private accounts.",
    "A floating light has been ordered from Dellamar, the authority said. It will arrive in the spring.",
    "Nobody at the authority would say who might promise that the lamp is lit tonight.",
]
SYLLABLES = (
    "ba",
    "cor",
    "dun",
    "el",
    "fri",
    "gal",
    "hes",
    "il",
    "jor",
    "kel",
    "lum",
    "mar",
    "nor",
    "ost",
    "pel",
    "quin",
)


class Hands:
    """Counts what is done on a page."""

    def __init__(self):
        self.actions = []

    def did(self, what):
        self.actions.append(what)
        print(f"{len(self.actions):3}  {what}")

    def click(self, thing, what):
        thing.click()
        self.did(f"click {what}")

    def press(self, page, key, what):
        page.keyboard.press(key)
        self.did(f"{key}: {what}")

    def type(self, page, words, what):
        page.keyboard.type(words)
        self.did(f"type {what}")

    def choose(self, box, label, what):
        if box.locator("option:checked").inner_text().strip() == label:
            return
        box.select_option(label=label)
        self.did(f"open {what}")
        self.did(f"choose {label}")

    def bring(self, text, kind, data, what):
        text.evaluate(
            """(element, [kind, data]) => {
                const clip = new DataTransfer();
                const more = { bubbles: true, cancelable: true };
                if (kind === "picture") {
                    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
                    clip.items.add(new File([bytes], "lamp.jpg", { type: "image/jpeg" }));
                    const { left, bottom } = element.lastElementChild.getBoundingClientRect();
                    const at = { dataTransfer: clip, clientX: left + 20, clientY: bottom - 2, ...more };
                    element.lastElementChild.dispatchEvent(new DragEvent("drop", at));
                } else {
                    clip.setData("text/html", data);
                    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clip, ...more }));
                }
            }""",
            [kind, data],
        )
        self.did(f"{'drop' if kind == 'picture' else 'paste'} {what}")


def new_name():
    """A name that is like none of the runs before, so that nobody is taken for somebody else."""
    return " ".join("".join(random.sample(SYLLABLES, 3)).capitalize() for _ in range(2))


def photograph(side=640):
    """A picture that no library has yet, with the name of who took it in its file, as photographers send them."""
    shade = int(time.time()) % 200
    out = BytesIO()
    Pixels.new("RGB", (side, side), (shade, 90, 120)).save(out, "JPEG", comment=f"{time.time()}")
    data = out.getvalue()
    credit = b"Photo: Pia Moretti"
    record = b"\x1c\x02\x6e" + struct.pack(">H", len(credit)) + credit
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + data[2:]


def sign_in(browser, at, name, password):
    page = browser.new_context(base_url=at, viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    page.set_default_timeout(60_000)
    page.goto("/admin/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    return page


def write(hands, page, stamp):
    """The writer's part; returns the address of the story."""
    hands.click(page.get_by_role("link", name="New story").first, "New story")
    page.get_by_label("Headline").wait_for()
    hands.type(page, f"The lamp that was sold with its chapel {stamp}", "the headline")
    hands.choose(page.get_by_label("Section"), "World", "the sections")
    hands.click(page.get_by_role("button", name="Start", exact=True), "Start")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    expect(page.get_by_label("Standfirst")).to_be_focused()
    hands.type(page, "For nine nights no pilot has entered after dark.", "the standfirst")
    hands.press(page, "Enter", "on into the text")
    text = page.locator(".prose-editor > .ProseMirror")
    expect(text).to_be_focused()
    words = [words.format(speaker=new_name()) for words in PARAGRAPHS]
    hands.bring(text, "text", "".join(f"<p>{line}</p>" for line in words), "eight paragraphs")
    expect(text.locator("p")).to_have_count(8)

    hands.bring(text, "picture", b64encode(photograph()).decode(), "the picture")
    dialog = page.get_by_role("dialog", name="Upload a picture")
    dialog.wait_for()
    expect(dialog.get_by_label("What it shows")).to_be_focused()
    hands.type(page, "A dark lighthouse.", "what it shows")
    hands.press(page, "Control+Enter", "upload; the credit is in the file")
    expect(dialog).to_have_count(0)
    expect(text.locator(".desk-card--image")).to_contain_text("Pia Moretti")

    page.wait_for_timeout(300)
    hands.press(page, "Control+j", "the quotation that is nobody’s yet")
    dialog = page.get_by_role("dialog", name="New expert card")
    expect(dialog.get_by_label("Name, as the paper prints it")).to_be_focused()
    hands.press(page, "Enter", "make the card, and link")
    expect(dialog).to_have_count(0)
    expect(text.locator("q[data-expert], q:has(.is-named)").first).to_be_visible()

    page.wait_for_timeout(300)
    hands.press(page, "Control+Alt+r", "a related story")
    dialog = page.get_by_role("dialog", name="Which story?")
    dialog.get_by_role("option").first.wait_for()
    hands.press(page, "Enter", "the likest of them")
    expect(dialog).to_have_count(0)
    expect(text.locator(".desk-card--article")).to_be_visible()

    expect(page.locator("[data-panel=checklist] a[data-field=topics]")).to_be_visible()
    hands.press(page, "Alt+2", "Filing, to the topics that the checklist asks for")
    for name, shown in (("ship", "Shipping"), (f"Lamps {stamp}", "New topic")):
        hands.type(page, name, f"a topic: {name}")
        page.locator(".select2-results__option", has_text=shown).first.wait_for()
        page.wait_for_timeout(600)
        hands.press(page, "Enter", "take it")
    expect(page.locator(".field-topics .select2-selection__choice")).to_have_count(2)
    page.keyboard.press("Escape")  # the list closes by itself when the next key goes elsewhere
    hands.press(page, "Control+Enter", "Submit")
    expect(page.locator(".messagelist")).to_contain_text("Submitted")
    return page.url


def publish(hands, page, headline):
    """The part of whoever approves and publishes."""
    page.goto("/admin/")
    hands.click(page.get_by_role("link", name=headline).first, "the story on Today")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    hands.press(page, "Control+Enter", "Approve")
    expect(page.locator(".messagelist")).to_contain_text("Approved")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    hands.press(page, "Control+Enter", "Publish")
    dialog = page.get_by_role("dialog", name="Publish")
    dialog.wait_for()
    if dialog.get_by_label("Why they do not matter here").count():
        expect(dialog.get_by_label("Why they do not matter here")).to_be_focused()
        hands.type(page, "Read twice at the desk.", "one reason for all warnings")
    hands.press(page, "Enter", "publish")
    expect(page.locator(".messagelist")).to_contain_text("Published")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("at", help="address of the newspaper, such as http://127.0.0.1:8000")
    options.add_argument("--writer", default="maren")
    options.add_argument("--editor", default="max")
    options.add_argument("--password", default="saltmarsh-demo")
    asked = options.parse_args()
    hands, stamp = Hands(), time.strftime("%H%M%S")
    expect.set_options(timeout=60_000)
    with sync_playwright() as driver:
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        write(hands, sign_in(browser, asked.at, asked.writer, asked.password), stamp)
        publish(hands, sign_in(browser, asked.at, asked.editor, asked.password), stamp)
        browser.close()
    print(f"{len(hands.actions)} actions")


if __name__ == "__main__":
    main()
