"""A note's way from a reader's selection to its resolution, and an earlier version's way back."""

from django.urls import reverse
from playwright.sync_api import expect

from articles.actions import take
from articles.models import DeskNote, State

from .conftest import caret
from .desk import save

CHOOSE = """(text, words) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        getSelection().setBaseAndExtent(node, at, node, at + words.length);
        return;
    }
}"""


def open_panel(page, name):
    """Open a panel beside the text, which may be open already: the page remembers."""
    page.locator(f"#panel-{name}").evaluate("panel => (panel.open = true)")


def test_a_reader_notes_words_and_the_writer_deals_with_them(page, cast, login, live_server, editor, console):
    story = cast.make_article(state=State.SUBMITTED)
    body = story.body
    login(cast.leo)
    page.goto(f"{live_server.url}{story.get_absolute_url()}")
    page.locator(".readable").evaluate(CHOOSE, "eleven pages")
    page.get_by_role("button", name="Note on these words").click()
    dialog = page.get_by_role("dialog", name="Note for colleagues")
    expect(dialog).to_contain_text("“eleven pages”")
    dialog.get_by_label("Your note").press_sequentially("Who says so? @nob")
    dialog.get_by_role("button", name="Add the note").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nobody here is called @nob")
    assert "400" in console.pop()
    dialog.get_by_label("Your note").fill("Who says so? @")
    dialog.get_by_label("Your note").press_sequentially("ran")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Your note")).to_have_value("Who says so? @rana ")
    dialog.get_by_role("button", name="Add the note").click()
    expect(dialog).to_have_count(0)
    threads = page.get_by_role("region", name="Notes")
    expect(threads).to_contain_text("Who says so? @rana")
    story.refresh_from_db()
    assert (story.body, story.version) == (body, 1), "a note changes no word"

    # Rana gets it back, sees the words marked, answers, and edits around them.
    take.take(story, "send-back", by=cast.edith, seen=take.seen_token(story), note="See Leo's note")
    text = editor(cast.rana, story)
    expect(text.locator(".desk-note-words")).to_have_text("eleven pages")
    open_panel(page, "notes")
    threads.get_by_role("button", name="Show in the text").click()
    expect(page.locator(".desk-here")).to_contain_text("Who says so?")
    threads.get_by_role("button", name="Reply").click()
    page.get_by_role("dialog", name="Reply").get_by_label("Your answer").fill("The authority does.")
    page.get_by_role("dialog", name="Reply").get_by_role("button", name="Reply").click()
    expect(threads).to_contain_text("The authority does.")
    caret(text, "start")
    page.keyboard.type("As it stands, ")
    save(page)
    note = DeskNote.objects.get(thread=None)
    story.refresh_from_db()
    assert f'<span data-desk-note="{note.uid}">eleven pages</span>' in story.body
    assert story.body.startswith("<p>As it stands, The text")
    threads.get_by_role("button", name="Resolve").click()
    expect(threads).to_contain_text("No open note.")
    threads.get_by_text("Resolved (1)").click()
    threads.get_by_role("button", name="Reopen").click()
    expect(threads.get_by_role("button", name="Resolve")).to_be_visible()

    # Publishing asks about it.
    for move, user in (("submit", cast.rana), ("approve", cast.edith)):
        take.take(story, move, by=user, seen=take.seen_token(story))
        story.refresh_from_db()
    login(cast.edith)
    page.goto(live_server.url + reverse("admin:articles_article_move", args=[story.pk, "publish"]))
    expect(page.locator("#content")).to_contain_text("A desk note is still open: “Who says so? @rana”")


def test_an_earlier_version_is_compared_and_restored(page, cast, editor, console):
    story = cast.make_article(body="<p>The text runs to eleven pages.</p><p>The second is here.</p><p>So is this.</p>")
    text = editor(cast.rana, story)
    caret(text)
    page.keyboard.type(" And it goes on.")
    save(page)
    open_panel(page, "versions")
    page.get_by_role("link", name="Versions", exact=True).click()
    page.get_by_role("link", name="What it changed").click()
    expect(page.locator(".diff ins")).to_have_text("And it goes on.")
    page.get_by_role("link", name="Version 1", exact=True).first.click()
    expect(page.locator(".readable")).not_to_contain_text("And it goes on.")
    expect(page.locator(".diff del")).to_have_text("And it goes on.")
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.locator(".messagelist")).to_contain_text("Version 1 is back, as version 3.")
    expect(page.locator(".prose-editor > .ProseMirror")).not_to_contain_text("And it goes on.")
