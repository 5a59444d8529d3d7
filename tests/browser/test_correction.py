"""What is typed on the page of a correction outlives a closed page, an ended login and lost cookies."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import CorrectionDraft, State

from .conftest import caret

COPIES = "Object.keys(localStorage).filter(key => key.startsWith('desk-move'))"
BACK = "is back in the form. It is not sent yet."


@pytest.fixture
def correcting(page, cast, login, live_server):
    story = cast.make_article(state=State.PUBLISHED, body="<p>The rate was 4.2.</p>")

    def open_page(user):
        login(user)
        page.goto(f"{live_server.url}/admin/articles/article/{story.pk}/move/correct/")
        text = page.locator(".prose-editor > .ProseMirror")
        text.wait_for()
        return text

    return open_page


def write(page, text):
    page.get_by_label("What was printed").fill("4.2")
    page.get_by_label("What is right").fill("4.6")
    page.get_by_label("What readers are told").fill("An earlier version said 4.2.")
    caret(text)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("6.")
    expect(page.get_by_text("Kept in this browser until it is sent.")).to_be_visible()


def test_a_correction_comes_back_and_is_sent_after_a_new_login(page, cast, correcting, context, console):
    write(page, correcting(cast.rana))
    page.goto("about:blank")
    correcting(cast.edith)  # another person of the same browser sees none of it
    expect(page.get_by_text(BACK)).to_have_count(0)
    text = correcting(cast.rana)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("What is right")).to_have_value("4.6")
    expect(text).to_have_text("The rate was 4.6.")

    Session.objects.all().delete()
    context.clear_cookies()
    page.get_by_role("button", name="Correct", exact=True).click()
    dialog = page.get_by_role("dialog", name="Log in and go on")
    dialog.get_by_label("Password").fill("pass")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("another editor confirms it")
    draft = CorrectionDraft.objects.get()
    assert (draft.by, draft.changes) == (cast.rana, {"body": "<p>The rate was 4.6.</p>"})
    assert page.evaluate(COPIES) == []
    console[:] = [line for line in console if "Failed to load resource" not in line]


def test_a_refused_correction_keeps_what_was_typed(page, cast, correcting, console):
    write(page, correcting(cast.rana))
    page.get_by_label("What is right").fill("")
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(page.locator(".errorlist").first).to_be_visible()
    page.goto("about:blank")
    text = correcting(cast.rana)
    expect(text).to_have_text("The rate was 4.6.")
    page.get_by_role("button", name="Throw it away").click()
    expect(text).to_have_text("The rate was 4.2.")
    expect(page.get_by_text(BACK)).to_have_count(0)
    console[:] = [line for line in console if "Failed to load resource" not in line]


def test_logging_out_asks_before_a_correction_is_lost(page, cast, correcting, console):
    write(page, correcting(cast.rana))
    page.locator(".desk-me summary").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("dialog").get_by_role("button", name="Log out and lose them").click()
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()
    assert page.evaluate(COPIES) == []
