"""Words that are not saved yet outlive a closed window, a dead network, an ended login and a full disk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.test import override_settings
from playwright.sync_api import expect

from articles.actions import writing
from articles.models import PersonalDraft, State
from newsroom import paper

from .conftest import caret
from .desk import open_panel

AXE = Axe().axe_script
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('desk-draft'))"


@pytest.fixture
def keeps(settings):
    """Pages keep what is typed on the server, as they do outside of tests; presence is asked for by the test alone."""
    settings.DRAFT_SECONDS = 0.3
    return settings


def test_words_of_a_closed_tab_come_back_with_the_panels(page, cast, editor, keeps, live_server, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    story.attributions.create(description="an official", reason="fears for the job")
    text = editor(cast.rana, story)
    caret(text)
    page.keyboard.type(" And one more thought.")
    page.locator("#id_headline").fill("Typed and not saved")
    open_panel(page, "Sources")
    page.locator("#id_attributions-0-description").fill("a clerk at the ministry")
    expect(page.locator("[data-saving]")).to_have_attribute("data-saving", "kept")
    page.goto("about:blank")

    editor(cast.rana, story)
    offered = page.get_by_role("region", name="You typed words here that are not saved")
    offered.get_by_text("Show what differs").click()
    expect(offered).to_contain_text("And one more thought.")
    expect(offered).to_contain_text("a clerk at the ministry")
    offered.get_by_role("button", name="Bring them back").click()
    expect(page.get_by_text("is back in the form. It is not saved yet.")).to_be_visible()
    expect(page.locator("#id_headline")).to_have_value("Typed and not saved")
    expect(page.locator(".prose-editor > .ProseMirror")).to_contain_text("And one more thought.")
    expect(page.locator("#id_attributions-0-description")).to_have_value("a clerk at the ministry")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved version 2")
    assert story.attributions.get().description == "a clerk at the ministry"
    # Saved, nothing is offered any more, and this browser has no copy left.
    page.reload()
    page.get_by_role("toolbar", name="Text tools").wait_for()
    page.wait_for_function(f"() => {COPIES}.length === 0")
    expect(page.locator(".keeping-offer")).to_have_count(0)
    assert all(draft.saved for draft in PersonalDraft.objects.all())


def test_words_of_a_closed_window_are_offered_once_the_desk_answers(page, cast, editor, keeps, context, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    caret(editor(cast.rana, story))
    context.set_offline(True)
    page.keyboard.type(" Only this browser has it.")
    expect(page.locator("[data-saving]")).to_contain_text("Kept in this browser")
    page.goto("about:blank")
    context.set_offline(False)
    page.route("**/desk/drafts/?*", lambda route: route.abort())  # the question that an opened page asks
    caret(editor(cast.rana, story))
    page.unroute("**/desk/drafts/?*")
    page.keyboard.type(" Twelve.")
    offered = page.get_by_role("region", name="You typed words here that are not saved")
    expect(offered).to_be_visible()
    offered.get_by_text("Show what differs").click()
    expect(offered).to_contain_text("Only this browser has it.")
    console.clear()  # the network


def test_a_dead_network_and_a_full_disk_are_said_and_lose_nothing(page, cast, editor, keeps, context, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    text = editor(cast.rana, story)
    said = page.locator("[data-saving]")
    context.set_offline(True)
    caret(text)
    page.keyboard.type(" Typed without a network.")
    expect(said).to_contain_text("Kept in this browser: no connection; trying again")
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(said).to_contain_text("nothing was sent but what you typed")
    expect(text).to_contain_text("Typed without a network.")  # the page is still here
    context.set_offline(False)
    expect(said).to_contain_text("All kept")
    story.refresh_from_db()
    assert story.state == State.DRAFT  # a step is not taken unseen later
    assert "without a network" in str(PersonalDraft.objects.get().fields)

    caret(text)
    page.route("**/admin/desk/drafts/", lambda route: route.fulfill(
        status=507, content_type="application/json", body='{"error": "The server’s disk is full."}'))  # fmt: skip
    page.keyboard.type(" And with a full disk.")
    expect(said).to_contain_text("Kept in this browser: The server’s disk is full.")
    page.unroute("**/admin/desk/drafts/")
    expect(said).to_contain_text("All kept")

    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    context.set_offline(True)
    page.keyboard.type(" And nowhere.")
    expect(said).to_contain_text("Not kept anywhere")
    context.set_offline(False)
    expect(said).to_contain_text("All kept")
    console[:] = [line for line in console if "Failed to load resource" not in line]


def test_a_save_without_a_network_is_done_when_it_is_back(page, cast, editor, keeps, context, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    text = editor(cast.rana, story)
    context.set_offline(True)
    caret(text)
    page.keyboard.type(" And one.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saving]")).to_contain_text("no connection; saved when it is back")
    context.set_offline(False)
    expect(page.locator(".messagelist")).to_contain_text("Saved version 2")
    story.refresh_from_db()
    assert (story.version, story.body) == (2, "<p>Eleven pages. And one.</p>")
    console[:] = [line for line in console if "Failed to load resource" not in line]


def renew(page, name):
    again = page.get_by_role("dialog", name="Log in and go on")
    expect(again.get_by_label("Name")).to_have_value(name)
    again.get_by_label("Password").fill("pass")
    page.keyboard.press("Enter")


def test_what_is_typed_in_a_dialog_outlives_escape_and_the_login(page, cast, editor, console):
    story = cast.make_article(body="<p>Eleven pages.</p>", state=State.SUBMITTED)
    editor(cast.edith, story)
    ask = page.get_by_role("region", name="Steps").get_by_role("button", name="Send back…")
    dialog = page.get_by_role("dialog", name="Send back")
    ask.click()
    dialog.get_by_label("What has to change").fill("Ask the harbour master.")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ask.click()
    expect(dialog.get_by_label("What has to change")).to_have_value("Ask the harbour master.")
    Session.objects.all().delete()
    dialog.get_by_role("button", name="Send back", exact=True).click()
    renew(page, "edith")
    expect(page.locator(".messagelist")).to_contain_text("Sent back")
    assert story.transitions.get(move="send-back").note == "Ask the harbour master."
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('desk-asked'))") == []
    console[:] = [line for line in console if "403" not in line]


def test_a_cell_of_the_news_list_is_kept_after_a_new_login(page, cast, login, live_server, console):
    story = cast.make_article(catchline="paper fleet", planned_for=paper.today())
    login(cast.edith)
    page.goto(f"{live_server.url}/admin/desk/news/")
    cell = page.get_by_role("button", name="Planned length")
    cell.click()
    Session.objects.all().delete()
    page.keyboard.type("700")
    page.keyboard.press("Enter")
    renew(page, "edith")
    expect(cell).to_have_text("700")
    story.refresh_from_db()
    assert story.planned_length == 700
    console[:] = [line for line in console if "403" not in line]


def test_an_ended_login_is_renewed_in_place_and_the_save_goes_on(page, cast, editor, keeps, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    text = editor(cast.rana, story)
    Session.objects.all().delete()
    caret(text)
    page.keyboard.type(" Typed after the login ended.")
    dialog = page.get_by_role("dialog", name="Log in and go on")
    dialog.get_by_role("button", name="Go on writing").click()
    expect(page.locator("[data-saving]")).to_contain_text("Kept in this browser: you are logged out")
    caret(text)
    page.keyboard.type(" And more.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_label("Name")).to_have_value("rana")
    expect(dialog.get_by_label("Password")).to_be_focused()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("correct")
    # Somebody else's password does not send Rana's words under their name.
    dialog.get_by_label("Name").fill("rob")
    dialog.get_by_label("Password").fill("pass")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("log in as rana")
    dialog.get_by_label("Name").fill("rana")
    dialog.get_by_label("Password").fill("pass")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Saved version 2")
    story.refresh_from_db()
    assert story.body == "<p>Eleven pages. Typed after the login ended. And more.</p>"
    assert story.updated_by == cast.rana
    assert not PersonalDraft.objects.filter(by=cast.rob).exists()
    console[:] = [line for line in console if "Failed to load resource" not in line]


def test_a_shared_machine_shows_nobody_anothers_words(page, cast, editor, keeps, login, live_server, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    text = editor(cast.rana, story)
    caret(text)
    page.keyboard.type(" Ranas words.")
    expect(page.locator("[data-saving]")).to_contain_text("All kept")
    editor(cast.cora, story)  # in the same browser, without a logout
    expect(page.get_by_role("toolbar", name="Text tools")).to_be_visible()
    page.wait_for_load_state()
    expect(page.locator(".keeping-offer")).to_have_count(0)
    assert page.evaluate(COPIES) != []
    editor(cast.rana, story)
    expect(page.locator(".keeping-offer")).to_contain_text("Text")
    page.locator(".desk-me summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in again")).to_be_visible()
    assert page.evaluate(COPIES) == []
    editor(cast.rana, story)
    expect(page.locator(".keeping-offer")).to_contain_text("Text")


@override_settings(DRAFT_SECONDS=0)
def test_what_only_the_browser_has_is_offered_all_the_same(page, cast, editor, login, live_server, console):
    login(cast.rana)
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    page.locator("#id_headline").fill("A story not begun")
    expect(page.locator("[data-saving]")).to_have_attribute("data-saving", "browser")
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    page.get_by_role("button", name="Bring them back").click()
    expect(page.locator("#id_headline")).to_have_value("A story not begun")


def accessible(page):
    """What axe finds wrong on the page; it lays styles of its own, which the policy refuses."""
    page.evaluate(AXE)
    return page.evaluate(
        "async () => (await axe.run(document, { preload: false, resultTypes: ['violations'] })).violations"
        ".map(rule => rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 200)).join(' | ')).join('\\n')"
    )


def colleague_saves(cast, story, **changes):
    story.refresh_from_db()
    for name, value in changes.items():
        setattr(story, name, value)
    story.save()
    writing.save_revision(story, by=cast.edith, seen_version=story.version)


def test_two_people_in_one_story_hear_of_each_other_and_lose_nothing(
    page, cast, editor, keeps, browser, browser_context_args, login, live_server, console
):
    keeps.PRESENCE_SECONDS = 0.5
    story = cast.make_article(body="<p>One.</p><p>Two.</p><p>Three.</p>")
    other = browser.new_context(**browser_context_args)
    login(cast.edith, other)
    hers = other.new_page()
    hers.goto(f"{live_server.url}{story.get_absolute_url()}")
    hers.locator("#id_headline").focus()
    text = editor(cast.rana, story)
    expect(page.locator("[data-presence]")).to_contain_text("Edith is in the headline")
    hers.close()
    other.close()
    expect(page.locator("[data-presence]")).to_be_empty()

    # What a colleague saves is told before it hurts, and brought in.
    caret(text)
    page.keyboard.type(" Rana adds.")
    colleague_saves(cast, story, headline="Edith’s headline", body="<p>One, Edith.</p><p>Two.</p><p>Three.</p>")
    told = page.locator(".keeping-saved")
    expect(told).to_contain_text("Edith saved version 2")
    page.get_by_role("region", name="Steps").get_by_role("button", name="Edith saved version 2").click()
    expect(told).to_be_focused()
    told.get_by_text("Show what changed").click()
    expect(told).to_contain_text("Headline")
    told.get_by_role("button", name="Bring in the changes").click()
    expect(page.get_by_text("What Edith saved is in your form. Yours is not saved yet.")).to_be_visible()
    expect(page.locator("#id_headline")).to_have_value("Edith’s headline")
    expect(page.locator("textarea[name=body]")).to_have_value("<p>One, Edith.</p><p>Two.</p><p>Three. Rana adds.</p>")

    # The same paragraph is shown in both words, and kept in both.
    page.locator(".prose-editor > .ProseMirror").wait_for()
    colleague_saves(cast, story, body="<p>One, Edith.</p><p>Two.</p><p>Three. Edith adds.</p>")
    page.get_by_role("button", name="Save", exact=True).click()
    box = page.get_by_role("region", name="You and Edith both changed this")
    expect(box).to_contain_text("Rana adds.")
    expect(box).to_contain_text("Edith adds.")
    assert accessible(page) == ""
    box.get_by_role("button", name="Keep both").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved version 4")
    story.refresh_from_db()
    assert story.body == "<p>One, Edith.</p><p>Two.</p><p>Three. Edith adds.</p><p>Three. Rana adds.</p>"
    console[:] = [line for line in console if "409" not in line and "style-src" not in line]
