"""What people do in a browser from beginning to end, at the desk, on the site and from one to the other."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Comment, Image, State
from newsroom.models import Publication, User

from ..pictures import jpeg
from .conftest import caret, select
from .desk import choose, open_panel, sign_out

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(page, live_server, login):
    """Sign somebody in and open a story's page: desk(user, article)."""

    def open_story(user, article, page=page):
        sign_out(page)
        login(user, page.context)
        page.goto(f"{live_server.url}{article.get_absolute_url()}")
        return page.get_by_role("region", name="Steps")

    return open_story


@pytest.fixture
def reader(browser, browser_context_args, live_server):
    """A stranger's browser, with pages by path: reader(javaScript switches)."""
    contexts = []

    def enter(**options):
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        for page in context.pages:
            page.goto("about:blank")
        context.close()


def expect_message(page, words):
    expect(page.locator(".messagelist")).to_contain_text(words)


def waive(page):
    warnings = page.get_by_role("group", name="Warnings")
    warnings.wait_for()
    for box in warnings.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Why they do not matter here").fill("Read twice.")


# --- stories ------------------------------------------------------------------------------------


def test_a_story_is_published_and_corrected_by_two_people(page, cast, desk, reader, console):
    story = cast.make_article(state=State.APPROVED)
    desk(cast.max, story).get_by_role("button", name="Publish…", exact=True).click()
    waive(page)
    page.get_by_role("button", name=re.compile("^Waive . and publish$")).click()
    expect_message(page, "Published")
    path = story.editions.get().path
    stranger = reader()
    stranger.goto(path)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Six ports agree a rule")

    desk(cast.rana, story).get_by_role("link", name="Correct…").click()
    page.get_by_label("What was printed").fill("six ports")
    page.get_by_label("What is right").fill("seven ports")
    page.get_by_label("What readers are told").fill("An earlier version said six ports. There are seven.")
    page.locator("#id_headline").fill("Seven ports agree a rule")
    text = page.locator(".prose-editor > .ProseMirror")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    select(text, "eleven")
    page.keyboard.type("twelve")
    page.get_by_role("button", name="Correct", exact=True).click()
    expect_message(page, "another editor confirms it")
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Six ports agree a rule")

    desk(cast.edith, story).get_by_role("link", name="Confirm correction…").click()
    expect(page.locator(".draft-shown")).to_contain_text("six ports")
    expect(page.locator(".draft-shown")).to_contain_text("twelve")
    page.get_by_role("button", name="Confirm correction", exact=True).click()
    expect_message(page, "Correction published")

    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Seven ports agree a rule")
    expect(stranger.locator(".story-body")).to_contain_text("twelve pages")
    expect(stranger.locator("#corrections")).to_contain_text("An earlier version said six ports. There are seven.")
    stranger.goto("/corrections/")
    expect(stranger.locator("main")).to_contain_text("There are seven.")


def test_an_update_with_a_line_for_readers(page, cast, desk, reader, console):
    story = cast.make_article(state=State.PUBLISHED)
    desk(cast.rana, story).get_by_role("button", name="Start an update").click()
    expect_message(page, "readers still see the published text")
    text = page.locator(".prose-editor > .ProseMirror")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    caret(text)
    page.keyboard.press("Enter")
    page.keyboard.type("The ministry has replied, the authority said.")
    page.get_by_role("region", name="Steps").get_by_role("button", name="Submit", exact=True).click()
    expect_message(page, "Submitted")
    stranger = reader()
    stranger.goto(story.editions.get().path)
    expect(stranger.locator(".story-body")).not_to_contain_text("replied")

    steps = desk(cast.edith, story)
    steps.get_by_role("button", name="Approve", exact=True).click()
    expect_message(page, "Approved")
    steps.get_by_role("button", name="Publish…", exact=True).click()
    page.get_by_label("What is new, for readers").fill("Adds the ministry’s reply")
    waive(page)
    page.get_by_role("button", name=re.compile("^Waive . and publish$")).click()
    expect_message(page, "Published")
    stranger.reload()
    expect(stranger.locator(".story-body")).to_contain_text("The ministry has replied")
    stranger.get_by_role("link", name="What changed in this story").click()
    expect(stranger.locator("main")).to_contain_text("Adds the ministry’s reply")
    expect(stranger.locator("main ins").first).to_contain_text("replied")


def test_a_withdrawn_story_shows_its_notice_at_its_address(page, cast, desk, reader, console):
    story = cast.make_article(state=State.PUBLISHED)
    path = story.editions.get().path
    steps = desk(cast.max, story)
    steps.locator("summary").click()
    steps.get_by_role("link", name="Withdraw…").click()
    page.get_by_label("Why, for the record").fill("The source took it back.")
    page.get_by_label("Reason class, printed").select_option(label="Legal complaint (answers 410)")
    page.get_by_label("What readers are told").fill("We have withdrawn this story after a complaint.")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect_message(page, "Withdrawn")
    stranger = reader()
    assert stranger.goto(path).status == 410
    expect(stranger.locator("main")).to_contain_text("We have withdrawn this story after a complaint.")
    expect(stranger.locator("main")).to_contain_text("Legal complaint")
    expect(stranger.locator("main")).not_to_contain_text("Six ports")
    stranger.goto("/world/")
    expect(stranger.locator("main")).not_to_contain_text("Six ports")


def test_two_people_write_at_once_and_nothing_typed_is_lost(
    page, cast, editor, browser, browser_context_args, login, live_server
):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    slow = editor(cast.rana, story)
    quick = browser.new_context(**browser_context_args)
    login(cast.cora, quick)
    other = quick.new_page()
    other.goto(f"{live_server.url}{story.get_absolute_url()}")
    other.get_by_role("toolbar", name="Text tools").wait_for()
    other.get_by_label("Standfirst").fill("Cora was quicker.")
    other.get_by_role("button", name="Save", exact=True).click()
    expect_message(other, "Saved version")
    quick.close()

    caret(slow)
    page.keyboard.type(" And one more thought of Rana’s.")
    page.locator("#id_headline").fill("Rana’s own headline")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_message(page, "Saved version 3")
    expect(page.locator(".messagelist")).to_contain_text("Put together with version 2, which Cora saved meanwhile.")
    story.refresh_from_db()
    assert (story.standfirst, story.headline) == ("Cora was quicker.", "Rana’s own headline")
    assert "one more thought" in story.body


# --- readers --------------------------------------------------------------------------------------


def test_a_comment_sent_without_javascript_is_moderated_and_shown(page, cast, login, live_server, reader, console):
    story = cast.make_article(state=State.PUBLISHED)
    stranger = reader(java_script_enabled=False)
    stranger.goto(story.editions.get().path)
    stranger.get_by_label("Your name").fill("A reader in Aldmere")
    stranger.get_by_label("Your comment").fill("I was there.\n\nIt took two years.")
    stranger.get_by_role("button", name="Send comment").click()
    expect(stranger.get_by_role("status")).to_contain_text("A moderator reads your comment")
    expect(stranger.locator("main")).not_to_contain_text("I was there.")

    login(cast.mona)
    page.goto(f"{live_server.url}/admin/articles/comment/")
    expect(page.locator("#result_list")).to_contain_text("I was there.")
    page.get_by_role("row", name=re.compile("I was there")).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Publish")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).click()
    expect_message(page, "Published: 1.")
    assert Comment.objects.get().state == "published"
    stranger.goto(story.editions.get().path)
    expect(stranger.locator("#discuss .comment")).to_contain_text("I was there.")
    expect(stranger.locator("#discuss .comment p")).to_have_count(3)  # whose and when, and two of their own


def test_a_comment_that_lacks_something_keeps_the_rest(cast, reader):
    story = cast.make_article(state=State.PUBLISHED)
    stranger = reader(java_script_enabled=False)
    stranger.goto(story.editions.get().path)
    form = stranger.locator("#discuss form")
    form.evaluate("form => form.noValidate = true")
    form.get_by_label("Your comment").fill("Words that took me an hour.")
    form.get_by_role("button", name="Send comment").click()
    expect(stranger.get_by_role("alert").first).to_contain_text("nothing you wrote is lost")
    expect(stranger.get_by_label("Your comment")).to_have_value("Words that took me an hour.")
    expect(stranger.get_by_label("Your name")).to_have_attribute("aria-invalid", "true")


def test_a_reader_searches_and_finds_a_story(cast, reader):
    cast.make_article(state=State.PUBLISHED, headline="Pilots strike at Aldmere", slug="pilots")
    cast.make_article(state=State.PUBLISHED)
    cast.make_article(headline="Pilots hope in secret", slug="secret")
    stranger = reader()
    stranger.goto("/")
    stranger.get_by_role("link", name="Search").first.click()
    stranger.get_by_role("searchbox").first.fill("pilots")
    stranger.keyboard.press("Enter")
    expect(stranger).to_have_url(re.compile(r"/search/\?.*q=pilots"))
    expect(stranger.locator("main")).to_contain_text("Pilots strike at Aldmere")
    expect(stranger.locator("main")).not_to_contain_text("Six ports")
    expect(stranger.locator("main")).not_to_contain_text("secret")
    stranger.get_by_role("link", name=re.compile("Pilots strike")).first.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Pilots strike at Aldmere")


def test_the_theme_that_a_reader_chose_stays(cast, reader):
    cast.make_article(state=State.PUBLISHED)
    stranger = reader(color_scheme="light")
    stranger.goto("/")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = stranger.evaluate(paper)
    button = stranger.locator("[data-theme-toggle]")
    for label in ("Theme: auto", "Theme: light", "Theme: dark"):
        expect(button).to_have_text(label)
        if label != "Theme: dark":
            button.click()
    dark = stranger.evaluate(paper)
    assert dark != light
    stranger.goto("/world/")
    expect(button).to_have_text("Theme: dark")
    assert stranger.evaluate(paper) == dark
    button.click()
    expect(button).to_have_text("Theme: auto")
    assert stranger.evaluate(paper) == light
    stranger.emulate_media(color_scheme="dark")
    assert stranger.evaluate(paper) == dark


# --- pictures, and a new paper ----------------------------------------------------------------------


def test_a_picture_with_a_focal_point_on_a_story(page, cast, login, live_server, desk, reader, console):
    login(cast.pia)
    page.goto(f"{live_server.url}/admin/articles/image/add/")
    file = {"name": "dock.jpg", "mimeType": "image/jpeg", "buffer": jpeg().read()}
    page.get_by_label("Pictures:").set_input_files(file)
    page.get_by_label("What it shows").fill("Cranes over a dock")
    page.get_by_label("Credit").fill("Pia for the Courier")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("group", name="dock.jpg").get_by_role("link", name="dock").click()
    dot = page.get_by_role("slider", name="Focal point")
    # Its script says where the point is; a key pressed before that would be lost.
    expect(dot).to_have_attribute("aria-valuetext", "50 % from the left, 50 % from the top")
    dot.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(dot).to_have_attribute("aria-valuetext", "30 % from the left, 48 % from the top")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_message(page, "was changed successfully")
    image = Image.objects.get()
    assert (image.focal_x, image.focal_y, image.uploaded_by) == (0.3, 0.48, cast.pia)

    story = cast.make_article()
    desk(cast.pia, story)
    open_panel(page, "Pictures")
    page.locator(".field-lead_image .select2-selection").click()
    choose(page, "dock", "Which picture?")
    page.get_by_label("Caption in this story").fill("The dock at noon")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_message(page, "Saved version")
    story.refresh_from_db()
    publish(cast, story)
    stranger = reader()
    stranger.goto(story.editions.get().path)
    figure = stranger.locator("figure.story-picture")
    expect(figure).to_contain_text("The dock at noon")
    expect(figure).to_contain_text("Pia for the Courier")
    shown = figure.get_by_role("img", name="Cranes over a dock")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("img => img.naturalWidth") > 0


def publish(cast, story):
    from articles.actions import take

    for name, by in (("submit", cast.rana), ("approve", cast.edith), ("publish", cast.max)):
        more = {"waive": ["*"], "waive_note": "a test"} if name == "publish" else {}
        take.take(story, name, by=by, seen=take.seen_token(story), **more)
        story.refresh_from_db()


def test_a_new_paper_is_set_up_and_opens(page, transactional_db, live_server, login, reader, console):
    stranger = reader()
    stranger.goto("/")
    expect(stranger.locator("body")).to_contain_text("This newspaper has not opened yet")
    login(User.objects.create_superuser("root", "root@gazette.example", "pass"))
    page.goto(f"{live_server.url}/admin/")
    expect(page).to_have_url(re.compile("/admin/first-run/$"))
    page.locator("#id_name").fill("The Marsh Gazette")
    page.get_by_label("Time zone").fill("Europe/Lisbon")
    page.get_by_label("Contact email").fill("desk@gazette.example")
    page.get_by_label("Sections").fill("World\nCity Life")
    person = page.get_by_role("group", name="Person 1")
    person.get_by_label("Name").fill("Rana Aziz")
    person.get_by_label("E-mail").fill("rana@gazette.example")
    person.get_by_label("Role").select_option(label="Reporter")
    page.get_by_role("button", name="Open the newspaper").click()
    link = page.locator(".first-run-links code").inner_text()
    assert Publication.objects.current().name == "The Marsh Gazette"

    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("The Marsh Gazette")
    expect(stranger.get_by_role("navigation").first).to_contain_text("City Life")

    stranger.goto(re.sub(r"^https?://[^/]+", "", link))
    for field in stranger.locator("input[type=password]").all():
        field.fill("eleven harbours sang")
    stranger.get_by_role("button").last.click()
    stranger.goto("/admin/")
    stranger.get_by_label("Username").fill("rana@gazette.example")
    stranger.get_by_label("Password").fill("eleven harbours sang")
    stranger.get_by_role("button", name="Log in").click()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Today")
