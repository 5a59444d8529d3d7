"""The browser tests of the body editor share a text with every element in it, and the helpers that fill it in."""

from io import BytesIO

from PIL import Image as Pixels
from playwright.sync_api import expect

from articles.actions import images
from articles.body import schema


def body_of(page):
    """The text as the form would send it."""
    return page.locator("textarea[name=body]").input_value()


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved version")


def sign_out(page):
    """Leave, and be nobody: a page that is still open would ask its questions as nobody, and be refused."""
    page.goto("about:blank")
    page.context.clear_cookies()


def open_panel(page, title):
    """Open a panel beside the text, if it is closed: its locator."""
    page.wait_for_load_state()  # a script opens the panel that was open before
    panel = page.get_by_role("complementary", name="About the story").locator(".panel", has_text=title).filter(
        has=page.get_by_role("heading", name=title, exact=True)
    )  # fmt: skip
    if panel.get_attribute("open") is None:
        panel.locator("summary").first.click()
    return panel


def insert(page, name, menu="Insert something"):
    """Take something from a menu of the toolbar: what can be put in, or the "More tools"."""
    page.get_by_role("toolbar", name="Text tools").get_by_role("button", name=menu).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def choose(page, words, title):
    """Pick the one row that some words find, by keyboard."""
    dialog = page.get_by_role("dialog", name=title)
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(words)
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)


def every_word(cast, other, image):
    """A text with everything in it that a text may hold, as the sanitiser leaves it."""
    expert = cast.expert.pk
    return schema.sanitise(
        "<p>It begins.</p><h2>Head</h2><h3>Small head</h3>"
        '<p lang="ar" dir="rtl">سطر</p>'
        f'<p>He said <q data-expert="{expert}" data-quote="abcdef01">one <strong>two</strong> three</q> and '
        '<q>four</q>, <span lang="de">Zug</span>, <a href="https://example.org/a?b=1&amp;c=2">link</a>, '
        '<s>no</s>, H<sub>2</sub>O, m<sup>2</sup>,<sup data-footnote="A &lt;note&gt; &amp; more."></sup> '
        '<span data-desk-note="note-0001">check this</span>.<br>New line</p>'
        f'<blockquote data-expert="{expert}" data-quote="abcdef02"><p>Card one.</p><p>Card two.</p></blockquote>'
        "<blockquote><p>Plain block.</p></blockquote>"
        f'<div data-article="{other.pk}"></div>'
        f'<figure data-image="{image.pk}" data-size="wide"><figcaption>A <em>harbour</em></figcaption></figure>'
        f'<figure data-image="{image.pk}"></figure>'
        f'<ul data-gallery=""><li><figure data-image="{image.pk}"><figcaption>One</figcaption></figure></li>'
        f'<li><figure data-image="{image.pk}"></figure></li></ul>'
        '<aside data-box="facts"><h3>Facts</h3><p>A fact.</p><ul><li><p>Another</p></li></ul></aside>'
        '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div><hr>'
        f'<div data-embed="https://vimeo.com/123" data-title="The launch" data-image="{image.pk}"></div>'
        '<blockquote data-post="https://x.com/anna/status/1" data-author="Anna" data-posted="2026-05-02">'
        "<p>Six <strong>ports</strong>.</p><p>No more.</p></blockquote>"
        '<table><caption>Votes</caption><tbody><tr><th scope="col"><p>Port</p></th><th colspan="2"><p>Votes</p></th>'
        "</tr><tr><td><p>Aldmere</p></td><td><p>3</p></td><td><p>4</p></td></tr></tbody></table>"
        '<ul><li><p>One</p><ul><li><p>Two</p></li></ul></li></ul><ol start="3"><li><p>Three</p></li></ol>'
        "<p>It ends</p>"
    )


def take_in(cast, **words):
    return images.take_in(png(), by=cast.pia, **words)


def png(colour=(180, 60, 80)):
    out = BytesIO()
    Pixels.new("RGB", (640, 400), colour).save(out, "PNG")
    out.name, out.size = "harbour.png", out.tell()
    out.seek(0)
    return out


def drop_files(target, files):
    """Drop files, {name, type, data in base 64}, on an element as from a folder."""
    target.evaluate(
        """(element, files) => {
            const transfer = new DataTransfer();
            for (const { name, type, data } of files) {
                const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
                transfer.items.add(new File([bytes], name, { type }));
            }
            element.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        files,
    )
