"""The bell in the desk's header: it rings without a reload, leads to the story, and is read then."""

import re

from playwright.sync_api import expect

from articles.actions import notify, take
from articles.models import Notification

NEWS = re.compile("/notifications/news/")
EVERY = 21_000  # milliseconds; a question of the bell is asked by then


def asked(page):
    """The addresses that the page asks the bell's question at, from now on."""
    found = []
    page.on("request", lambda request: found.append(request.url) if "/notifications/news/" in request.url else None)
    return found


def test_an_editors_bell_rings_when_a_story_is_submitted(page, live_server, cast, login, console):
    story = cast.make_article(headline="Tugs <b>at rest</b>")
    login(cast.edith)
    page.clock.install()
    with page.expect_response(NEWS):
        page.goto(f"{live_server.url}/admin/")
    bell = page.locator("[data-bell]")
    number = bell.locator("[data-bell-count]")
    expect(number).to_be_hidden()
    take.take(story, "submit", by=cast.rana, seen=take.seen_token(story))
    page.clock.fast_forward(EVERY)
    expect(number).to_have_text("1")
    expect(page.locator("[data-bell-said]")).to_have_text("1 unread notification")
    # By keyboard alone: open it, close it, and follow the line.
    bell.locator("summary").focus()
    page.keyboard.press("Enter")
    line = bell.get_by_role("link", name="Tugs <b>at rest</b>")
    expect(line).to_contain_text("Rana submitted it.")
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    expect(bell.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(line).to_be_visible()
    line.focus()
    # Whoever leaves the page does not hear the answer; that it was recorded is what the next page says.
    with page.expect_request(re.compile("/notifications/read/")), page.expect_response(NEWS) as answer:
        page.keyboard.press("Enter")
    assert answer.value.json()["unread"] == 0
    page.wait_for_url(f"**{story.get_absolute_url()}")
    expect(page.locator("[data-bell-count]")).to_be_hidden()
    assert Notification.objects.get(user=cast.edith).read_at
    assert Notification.objects.get(user=cast.dana).read_at is None


def test_the_bell_asks_nothing_while_the_tab_is_hidden_or_after_signing_out(page, live_server, cast, login):
    login(cast.cora)
    page.clock.install()
    questions = asked(page)
    with page.expect_response(NEWS):
        page.goto(f"{live_server.url}/admin/")
    hide = "value => { Object.defineProperty(document, 'hidden', {value, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    page.clock.fast_forward(EVERY)
    page.clock.fast_forward(EVERY)
    assert len(questions) == 1
    notify.tell("mention", to=[cast.cora], by=cast.rana, article=cast.make_article())
    page.evaluate(hide, False)
    expect(page.locator("[data-bell-count]")).to_have_text("1")
    page.context.clear_cookies()
    with page.expect_response(lambda answer: answer.status == 403):
        page.clock.fast_forward(EVERY)
    page.clock.fast_forward(EVERY)
    page.clock.fast_forward(EVERY)
    assert len(questions) == 3
