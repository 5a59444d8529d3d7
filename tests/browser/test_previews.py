"""A story is seen as readers will see it while it is written, and read by a lawyer who has no account."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from articles.actions import preview_answers, previews, take
from articles.models import DeskNote, PreviewLink, State

from .conftest import caret


def test_a_lawyer_without_an_account_clears_a_story(page, live_server, editor, cast, login, console, browser):
    article = cast.make_article(body="<p>The harbour did not know that it had stopped owning it.</p>")
    text = editor(cast.rana, article)

    # Rana types, and the page beside the form follows.
    page.get_by_role("button", name="Preview", exact=True).click()
    shown = page.frame_locator("#preview iframe")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Six ports agree a rule")
    page.locator("#id_headline").fill("Seven ports agree a rule")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Seven ports agree a rule")
    caret(text)
    page.keyboard.type(" Nobody asked.")
    expect(shown.locator(".story-body")).to_contain_text("owning it. Nobody asked.")
    page.get_by_role("button", name="Dark").click()
    expect(shown.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Desktop").click()
    assert page.locator("#preview iframe").evaluate("frame => frame.clientWidth") == 1280
    # On a phone it lies over the whole page, and its tools can be tapped.
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 400)")
    page.get_by_role("button", name="Phone").click(trial=True, timeout=3000)
    page.get_by_role("link", name="Links for people outside").click(trial=True, timeout=3000)
    page.get_by_role("button", name="Close").click()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved version 2")

    # She makes a link for the lawyer.
    page.goto(f"{live_server.url}/admin/desk/articles/{article.pk}/links/")
    page.get_by_label("For", exact=True).fill("Anna Brill")
    page.get_by_label("For Legal").check()
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Address of the link").input_value()
    path = re.search(r"/preview/.+", address)[0]

    # He opens it on a phone, marks words and says what he thinks.
    phone = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    outside = phone.new_page()
    bad = []
    outside.on("console", lambda message: bad.append(message.text) if message.type == "error" else None)
    outside.goto(f"{live_server.url}{path}")
    expect(outside.get_by_role("heading", level=1)).to_have_text("Seven ports agree a rule")
    outside.evaluate(
        """() => {
            const text = document.querySelector(".story-body p").firstChild;
            const start = text.data.indexOf("did not know");
            getSelection().setBaseAndExtent(text, start, text, start + "did not know".length);
        }"""
    )
    outside.get_by_role("button", name="Remark on these words").click()
    expect(outside.get_by_label("Words that it is about")).to_have_value("did not know")
    outside.get_by_label("Your remark").fill("Say “had not noticed”.")
    outside.get_by_label("Cleared with changes").check()
    outside.get_by_role("button", name="Send to The Test Courier").click()
    expect(outside.locator(".notice")).to_contain_text("It is with the desk")
    assert outside.evaluate("document.documentElement.scrollWidth") <= 390
    note = DeskNote.objects.get()
    assert (note.text, note.guest) == ("On “did not know”: Say “had not noticed”.", "Anna Brill")

    # Rana wrote the story, so it is Leo who lets it count; the note stands on the story's page.
    assert not article.signoffs.exists()
    login(cast.leo)
    page.goto(f"{live_server.url}/admin/desk/articles/{article.pk}/links/")
    expect(page.locator(".link-list")).to_contain_text("Cleared with changes")
    page.get_by_role("button", name="Count it as the legal sign-off").click()
    expect(page.locator(".messagelist")).to_contain_text("legal sign-off")
    page.goto(f"{live_server.url}{article.get_absolute_url()}")
    expect(page.locator("main, #content").first).to_contain_text("Anna Brill")
    expect(page.locator("#content")).to_contain_text("On “did not know”")
    assert article.signoffs.get().guest == "Anna Brill"

    # On publication the link ends.
    article.refresh_from_db()
    for name, by, data in [("submit", cast.rana, {}), ("approve", cast.edith, {}),
                           ("publish", cast.max, {"waive": ["*"], "waive_note": "a test"})]:  # fmt: skip
        take.take(article, name, by=by, seen=take.seen_token(article), **data)
        article.refresh_from_db()
    assert outside.goto(f"{live_server.url}{path}").status == 410
    assert PreviewLink.objects.get().openings == 1
    assert [words for words in bad if "410" not in words] == []
    phone.close()


def test_what_a_lawyer_has_not_cleared_is_ticked_by_hand(page, live_server, cast, login, console):
    article = cast.make_article(state=State.APPROVED)
    link, _ = previews.make_link(article, by=cast.rana, name="Anna Brill", purpose="legal", lasts=timedelta(days=1))
    preview_answers.leave_verdict(link, verdict="not cleared", text="Do not print.")
    login(cast.max)
    page.goto(f"{live_server.url}{article.get_absolute_url()}")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    expect(page.locator(".signs")).to_contain_text("Not cleared by Anna Brill")
    page.get_by_role("region", name="Steps").get_by_role("button", name="Publish…").click()
    dialog = page.get_by_role("dialog", name="Publish")
    box = dialog.get_by_label("Not cleared by Anna Brill")
    expect(box).not_to_be_checked()
    expect(dialog.get_by_label("No copy sign-off on these words.")).to_be_checked()
    dialog.get_by_label("Why they do not matter here").fill("Read twice.")
    dialog.get_by_role("button", name=re.compile("^Waive . and publish$")).click()
    expect(dialog).to_contain_text("Waive each warning, or mend it: Not cleared by Anna Brill")
    console.clear()  # of the refusal
    page.screenshot(path="/tmp/w/a.png")
