"""Planning by hand and by keys: a lawyer's front page, words approved unseen, a news list, a calendar."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from articles.actions import take
from articles.models import Article, State
from newsroom import clock, paper

from .desk import sign_out

pytestmark = pytest.mark.slow


@pytest.fixture
def at(page, live_server, login):
    """Open a page of the desk as somebody: at(user, address)."""

    def go(user, address="/admin/"):
        sign_out(page)
        login(user, page.context)
        page.goto(live_server.url + address)

    return go


def expect_message(page, words):
    expect(page.locator(".messagelist")).to_contain_text(words)


def test_a_lawyer_signs_off_from_the_front_page(page, cast, at, console):
    story = cast.make_article(legal_wanted=True)
    at(cast.leo)
    wait = page.locator(".wait").filter(has_text="Six ports agree a rule")
    expect(wait).to_contain_text("Your sign-off is wanted")
    wait.get_by_role("link", name="Sign off").click()
    page.get_by_role("button", name="Sign off").click()
    expect_message(page, "Signed off.")
    page.get_by_role("link", name="Today").first.click()
    expect(page.locator("#content")).to_contain_text("Nothing waits for you.")
    assert story.signoffs.get().by == cast.leo


def test_words_approved_unseen_get_their_second_look_from_another(page, cast, at, console):
    story = cast.make_article(byline=False)
    take.take(story, "submit", by=cast.dana, seen=take.seen_token(story))
    at(cast.dana, f"/admin/articles/article/{story.pk}/move/approve-unseen/")
    page.get_by_label("Why nobody else can read it first").fill("The wire runs it and I am alone.")
    page.get_by_role("button", name="Approve unseen").click()
    expect_message(page, "a second look is owed")
    at(cast.dana)
    expect(page.locator(".front")).not_to_contain_text("A second look is owed")
    at(cast.edith)
    wait = page.locator(".wait").filter(has_text="A second look is owed: approved unseen by Dana")
    expect(wait).to_contain_text("min")
    wait.get_by_role("link", name="I have looked").click()
    page.get_by_role("button", name="Second look").click()
    expect_message(page, "you have given it the second look")
    debt = story.debts.get()
    assert (debt.closed_by, debt.by) == (cast.edith, cast.dana)


def test_an_editor_plans_again_by_keys_and_what_is_scheduled_stays(page, cast, at, console):
    monday = paper.today() - timedelta(days=paper.today().weekday())
    story = cast.make_article(catchline="paper fleet", planned_for=monday)
    waiting = cast.make_article(catchline="bird count", slug="birds", state=State.APPROVED)
    moment = clock.process_time() + timedelta(minutes=1)
    asked = {"at": moment, "waive": ["*"], "waive_note": "a test"}
    take.take(waiting, "schedule", by=cast.max, seen=take.seen_token(waiting), **asked)
    at(cast.edith, f"/admin/desk/calendar/?week={monday}")
    slip = page.get_by_role("link", name="paper fleet")
    slip.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    expect(page.locator("[data-calendar-said]")).to_contain_text("stays where it was")
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator("[data-calendar-said]")).to_contain_text("is planned for Wednesday")
    expect(slip).to_be_focused()
    story.refresh_from_db()
    assert story.planned_for == monday + timedelta(days=2)
    # another has moved it meanwhile: it goes back to where it was, and says so
    Article.objects.filter(pk=story.pk).update(planned_for=monday + timedelta(days=4))
    for key in ("Space", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-calendar-said]")).to_contain_text("Somebody has changed it")
    console[:] = [line for line in console if "409" not in line]
    slip.drag_to(page.locator(".lane-planned").nth(2))
    fixed = page.locator(".slip.is-fixed")
    if fixed.count():  # not in the last minute of a week
        fixed.get_by_role("link").focus()
        page.keyboard.press("Space")
        expect(page.locator(".is-lifted")).to_have_count(0)
    assert waiting.editions.get().live_from == moment


def test_a_news_list_is_edited_in_place_and_prints(page, cast, at, console):
    story = cast.make_article(catchline="paper fleet", planned_for=paper.today())
    at(cast.edith, "/admin/desk/news/")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="paper fleet"))
    row.get_by_role("button", name="Planned length").click()
    page.keyboard.type("700")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Planned length")).to_have_text("700")
    expect(row.get_by_role("button", name="Planned length")).to_be_focused()
    row.get_by_role("button", name="Budget line").press("Enter")
    page.keyboard.type("Who owns <b>eleven</b> ships?")
    page.keyboard.press("Escape")
    expect(row).not_to_contain_text("eleven")
    row.get_by_role("button", name="Picture wanted").click()
    expect(row.get_by_role("button", name="Picture wanted")).to_have_attribute("aria-pressed", "true")
    row.get_by_role("button", name="Who writes").click()
    page.get_by_role("combobox", name="Who writes").select_option(label="Rob")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("not answered")
    story.refresh_from_db()
    assert (story.planned_length, story.picture_wanted, story.assignee) == (700, True, cast.rob)
    # what is no number changes nothing, and says so
    row.get_by_role("button", name="Planned length").click()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_contain_text("Enter a whole number. You typed: abc")
    expect(row.get_by_role("button", name="Planned length")).to_have_text("700")
    console[:] = [line for line in console if "400" not in line]
    # somebody was quicker: the cell shows what stands, and what was typed stands beside it
    Article.objects.update(planned_length=900)
    row.get_by_role("button", name="Planned length").click()
    page.keyboard.type("800")
    page.keyboard.press("Enter")
    expect(row.get_by_role("alert")).to_contain_text("You typed: 800")
    expect(row.get_by_role("button", name="Planned length")).to_have_text("900")
    console[:] = [line for line in console if "409" not in line]
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(row).to_be_visible()
