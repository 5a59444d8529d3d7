"""The story's form as a whole in the browser: everything on it has a name, and a new topic is made beside it."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import Article, Contributor, Designation, State

from .conftest import caret, paste
from .desk import open_panel

AXE = Axe().axe_script
PANELS = ("Checklist", "Filing", "Pictures", "People", "Byline", "Sources", "Notes", "Search & share", "Planning",
          "Versions")  # fmt: skip


def test_everything_on_the_form_has_a_name(page, cast, editor, console):
    story = cast.make_article(body=f'<p><q data-expert="{cast.expert.pk}">Words</q>, he said.</p>')
    story.attributions.create(description="an official", reason="fears for the job")
    editor(cast.edith, story)
    for title in PANELS:
        open_panel(page, title)
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run(document, { preload: false, resultTypes: ['violations'] })).violations"
        ".map(rule => rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 240)).join(' | '))"
    )
    console.clear()  # axe lays styles of its own, which the policy refuses
    assert found == [], "\n".join(found)


def test_a_new_topic_is_made_beside_the_form_and_chosen(page, cast, editor, console):
    story = cast.make_article(topics=False)
    editor(cast.rana, story)
    open_panel(page, "Filing")
    with page.expect_popup() as opened:
        page.locator("#add_id_topics").click()
    popup = opened.value
    popup.get_by_label("Name:").fill("Tides")
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save").click()
    chosen = page.locator(".field-topics .select2-selection__choice")
    expect(chosen).to_have_text("×Tides")
    # Or where it is typed; what the paper has already is offered first.
    page.locator(".field-topics .select2-selection").click()
    page.keyboard.type("Ship")
    rows = page.locator(".select2-results__option")
    expect(rows).to_have_text(["Shipping", "New topic “Ship”"])
    page.keyboard.type("wrecks")
    expect(rows).to_have_text(["New topic “Shipwrecks”"])
    page.keyboard.press("Enter")
    expect(chosen).to_have_text(["×Tides", "×Shipwrecks"])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved version 2.")).to_be_visible()
    assert sorted(topic.name for topic in story.topics.all()) == ["Shipwrecks", "Tides"]


def test_approving_a_source_shows_it_again_on_the_screen(page, cast, editor, console):
    story = cast.make_article(body="<p>Words.</p>" * 60)
    story.attributions.create(description="an official", reason="fears for the job")
    editor(cast.edith, story)
    open_panel(page, "Sources").get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("Approved by Edith")).to_be_in_viewport()


def test_pasted_marks_are_offered_for_removal_with_their_note(page, cast, editor, console):
    Designation.objects.create(name="Karst Brigade")
    story = cast.make_article(body="<p>Text.</p>")
    text = editor(cast.rana, story)
    caret(text)
    paste(text, "<p>Karst Brigade* men landed.</p><p>* The Karst Brigade is listed.</p>")
    line = page.locator(".voices-line")
    expect(line).to_contain_text("1 name brings a legal mark of its own, with its note")
    line.get_by_role("button", name="Save, and take out").click()
    expect(page.locator(".messagelist")).to_contain_text("Taken out: 1 mark.")
    story.refresh_from_db()
    assert "Karst Brigade men landed." in story.body
    assert "*" not in story.body


def test_the_text_of_a_correction_runs_in_the_storys_direction(page, cast, login, live_server, console):
    story = cast.make_article(headline="الميناء", language="ar", body="<p>الميناء مفتوح.</p>", state=State.PUBLISHED)
    login(cast.max)
    page.goto(f"{live_server.url}/admin/articles/article/{story.pk}/move/correct/")
    text = page.locator(".prose-editor > .ProseMirror")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text).to_have_attribute("lang", "ar")


def test_the_text_follows_the_language_that_is_chosen(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(language="ar"))
    expect(text).to_have_attribute("dir", "rtl")
    open_panel(page, "Filing")
    page.locator("#id_language").fill("fr")
    page.locator("#id_language").blur()
    expect(text).to_have_attribute("dir", "ltr")
    expect(text).to_have_attribute("lang", "fr")


def test_names_are_added_ordered_and_taken_out_by_keys(page, cast, editor, console):
    for name in ("Teo Lindqvist", "Ilse Varga"):
        Contributor.objects.create(name=name)
    story = cast.make_article()
    editor(cast.rana, story)
    panel = open_panel(page, "Byline")
    for name in ("Teo Lindqvist", "Ilse Varga"):
        panel.get_by_role("button", name="Add a name").press("Enter")
        page.keyboard.type(name[:4])
        expect(page.locator(".select2-results__option")).to_have_text([name])
        page.keyboard.press("Enter")
    expect(page.locator(".sheet-byline")).to_contain_text("Rana Aziz, Teo Lindqvist, Ilse Varga")
    # Space lifts, arrows move, Space sets down; Escape puts back.
    panel.get_by_role("button", name="Move Ilse Varga").press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    panel.get_by_role("button", name="Move Teo Lindqvist").press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Take out Rana Aziz").press("Enter")
    expect(panel.get_by_role("button", name="Put back")).to_be_focused()
    expect(page.locator(".sheet-byline")).to_contain_text("By Ilse Varga, Teo Lindqvist")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved version 2.")).to_be_visible()
    assert [str(line.contributor) for line in story.bylines.all()] == ["Ilse Varga", "Teo Lindqvist"]


def test_a_new_row_that_is_taken_out_again_is_never_sent(page, cast, editor, console):
    story = cast.make_article()
    editor(cast.rana, story)
    panel = open_panel(page, "Sources")
    for words in ("an aide", "a clerk", "a guard"):
        panel.get_by_role("button", name="Add a source").click()
        panel.get_by_label("Description").last.fill(words)
        panel.get_by_label("Why unnamed").last.fill("fears for the job")
    panel.get_by_role("button", name="Take out a clerk").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved version 2.")).to_be_visible()
    assert [row.description for row in story.attributions.all()] == ["an aide", "a guard"]


def test_a_story_is_begun_checked_waived_and_published_over_the_text(page, cast, login, live_server, console):
    login(cast.rana)
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    expect(page.get_by_label("Headline")).to_be_focused()
    page.keyboard.type("Six ports agree")
    page.get_by_label("Section").select_option(label="World")
    page.keyboard.press("Enter")
    steps = page.get_by_role("region", name="Steps")
    rail = page.get_by_role("complementary", name="About the story")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    expect(rail).to_contain_text("It has no text.")
    expect(page.locator(".margin").first).to_have_text("15 of 70")
    text = page.locator(".prose-editor > .ProseMirror")
    caret(text)
    page.keyboard.type("It took two years, the port authority said.")
    expect(rail).not_to_contain_text("It has no text.")  # beside the text, nothing saved
    expect(page.locator("[data-saving]")).to_contain_text("ept")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("Submitted")
    story = Article.objects.get()
    assert "two years" in story.body

    login(cast.edith)
    page.goto(f"{live_server.url}{story.get_absolute_url()}")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    steps.get_by_role("button", name="Send back…").click()
    dialog = page.get_by_role("dialog", name="Send back")
    dialog.get_by_role("button", name="Send back", exact=True).click()
    expect(dialog.get_by_label("What has to change")).to_be_focused()  # refused in the dialog, which stays
    expect(dialog).to_contain_text("This field is required.")
    console.clear()  # of the refusal
    page.keyboard.press("Escape")
    expect(steps.get_by_role("button", name="Send back…")).to_be_focused()
    steps.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Approved")

    login(cast.max)
    page.goto(f"{live_server.url}{story.get_absolute_url()}")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    rail.get_by_role("button", name="Tick all").click()
    page.keyboard.type("Read twice.")
    steps.get_by_role("button", name="Publish…").click()
    dialog = page.get_by_role("dialog", name="Publish")
    expect(dialog.get_by_label("Why they do not matter here")).to_have_value("Read twice.")
    dialog.get_by_role("button", name=re.compile("^Waive . and publish$")).click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    edition = story.editions.get()
    expect(page.locator(".word")).to_contain_text(edition.path)
    expect(page.get_by_role("link", name="Read it as readers do")).to_have_attribute("href", edition.path)


def test_panels_answer_to_keys_and_times_are_chosen(page, cast, editor, console):
    story = cast.make_article()
    editor(cast.edith, story)
    page.keyboard.press("Alt+8")
    expect(page.locator("#panel-share > summary")).to_be_focused()
    card = page.locator("[data-look=social_title]")
    expect(card).to_have_text("Six ports agree a rule")
    page.get_by_label("Social title").fill("Six harbours, one rule")
    expect(card).to_have_text("Six harbours, one rule")
    page.keyboard.press("Alt+9")
    page.locator(".field-due_at").get_by_role("button", name="Tomorrow 06:00").click()
    expect(page.locator("#id_due_at")).to_have_value(re.compile(r"T06:00$"))
    expect(page.locator(".field-due_at .times-said")).to_contain_text("The paper’s time")
    page.locator("#panel-planning > summary").focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Save a version")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved version 2.")).to_be_visible()
    story.refresh_from_db()
    assert story.due_at is not None
