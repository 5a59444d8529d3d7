"""Everything that a text may hold is put in from the toolbar, by a key and by typing “/”."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import caret, select
from .desk import choose, insert

INSERTED = [
    "Picture", "Gallery", "Quotation", "Quote card", "Related story", "Fact box", "Embed", "Table", "Footnote",
    "Note for colleagues", "Link", "Heading", "Small heading", "List", "Numbered list", "Quotation block",
    "Break between scenes",
]  # fmt: skip
DONE_TO_WORDS = ["Bold", "Italic", "Struck through", "Subscript", "Superscript", "Language of these words"]


def slash(page):
    return page.get_by_role("listbox", name="Insert")


def test_the_toolbar_is_one_row_and_its_menus_are_walked_by_keys(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>One two</p>"))
    bar = page.get_by_role("toolbar", name="Text tools")
    assert bar.bounding_box()["height"] < 50
    caret(text)
    page.keyboard.press("Alt+F10")
    opener = bar.get_by_role("button", name="Insert something")
    while not opener.evaluate("el => el === document.activeElement"):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu", name="Insert something")
    expect(menu.get_by_role("menuitem", name="Picture", exact=True)).to_be_focused()
    assert menu.get_by_role("menuitem").evaluate_all("all => all.map((one) => one.ariaLabel)") == INSERTED
    expect(menu.get_by_role("menuitem", name="Quote card")).to_have_attribute("aria-keyshortcuts", "Ctrl-Alt-Q")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(menu).to_be_hidden()
    insert(page, "Break between scenes")
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile("^<p>One two</p><hr>"))


def test_a_slash_offers_everything_and_narrows_as_one_types(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p></p>"))
    caret(text)
    page.keyboard.type("/")
    options = slash(page).get_by_role("option")
    assert options.evaluate_all("all => all.map((one) => one.ariaLabel)") == [*INSERTED, *DONE_TO_WORDS]
    expect(text).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    expect(text).to_have_attribute("aria-controls", slash(page).get_attribute("id"))
    page.keyboard.type("hea")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(slash(page).get_by_role("option", selected=True)).to_have_accessible_name("Small heading")
    page.keyboard.press("Enter")
    expect(slash(page)).to_be_hidden()
    page.keyboard.type("The rules")
    expect(page.locator("textarea[name=body]")).to_have_value("<h3>The rules</h3>")


def test_escape_leaves_the_slash_and_words_with_a_slash_are_only_words(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p></p>"))
    field = page.locator("textarea[name=body]")
    caret(text)
    page.keyboard.type("/")
    expect(slash(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(slash(page)).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.type("60 km/h and / or 1 /zz")
    expect(slash(page)).to_be_hidden()
    expect(field).to_have_value("<p>/</p><p>60 km/h and / or 1 /zz</p>")


def test_a_slash_behind_words_puts_a_related_story_and_undo_takes_it_back(page, cast, editor, console):
    other = cast.make_article(headline="Pilots strike", slug="pilots")
    text = editor(cast.rana, cast.make_article(body="<p>One.</p>", slug="b"))
    field = page.locator("textarea[name=body]")
    caret(text)
    page.keyboard.type(" Two. /rel")
    expect(slash(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    choose(page, "pilots", "Which story?")
    expect(field).to_have_value(f'<p>One. Two. </p><div data-article="{other.pk}"></div><p></p>')
    page.keyboard.press("Control+z")
    expect(field).to_have_value("<p>One. Two. </p>")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("<p>One.</p>")


def test_a_slash_works_in_a_story_that_runs_from_right_to_left(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(language="ar", body="<p>قال</p>"))
    caret(text)
    page.keyboard.type(" /fact")
    expect(slash(page).get_by_role("option")).to_have_count(1)
    box, line = slash(page).bounding_box(), text.locator("p").bounding_box()
    assert box["x"] + box["width"] > line["x"] + line["width"] / 2, "the list stands at the caret, on the right"
    page.keyboard.press("Enter")
    page.keyboard.type("القواعد")
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile('<aside data-box="facts"><h3>القواعد</h3>'))


def test_each_element_has_a_key_and_the_page_of_keys_names_it(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>One two</p>"))
    dialogs = {
        "p": "Which picture?", "Shift+p": "Which picture?", "i": "Whose words are they?", "q": "Whose words are they?",
        "r": "Which story?", "e": "Embed", "g": "Table", "f": "Footnote", "m": "Note for colleagues",
        "k": "Language of these words",
    }  # fmt: skip
    for key, title in dialogs.items():
        select(text, "two")
        page.keyboard.press(f"Control+Alt+{key}")
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Keys")
    for words in ("Gallery", "Embed", "table", "break between scenes", "Whose words", "Everything that can be put in"):
        expect(told).to_contain_text(words)


def test_a_link_and_a_quotation_are_written_without_choosing_words_first(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>See </p>"))
    caret(text)
    page.keyboard.press("Control+k")
    page.keyboard.type("example.org/rules")
    page.keyboard.press("Tab")
    page.keyboard.type("the rules")
    page.keyboard.press("Enter")
    field = page.locator("textarea[name=body]")
    expect(field).to_have_value(re.compile('See ?<a href="https://example.org/rules">the rules</a></p>'))
    expect(text).to_be_focused()
    page.keyboard.type(". ")
    page.keyboard.press("Control+Alt+i")
    choose(page, "nystr", "Whose words are they?")
    # The dialog gives the focus back a frame later, and no hand is so quick.
    expect(page.locator(".desk-said")).to_contain_text("Nystrom")
    expect(text).to_be_focused()
    page.keyboard.type("A tide", delay=30)
    expect(field).to_have_value(re.compile("A tide</q>"))
    page.keyboard.press("ArrowRight")
    page.keyboard.type(", he said.")
    expect(field).to_have_value(re.compile(r"</a>\. <q [^>]+>A tide</q>, he said\.</p>"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_the_menus(page, cast, editor, scheme):
    page.emulate_media(color_scheme=scheme)
    text = editor(cast.rana, cast.make_article(body="<p></p>"))
    caret(text)
    page.keyboard.type("/")
    expect(slash(page)).to_be_visible()
    found = Axe().run(page, context=".prose-editor").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:300]) for rule in found] == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Insert something").click()
    found = Axe().run(page, context=".prose-editor").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:300]) for rule in found] == []


def test_the_menus_fit_a_phone(page, cast, editor, console):
    page.set_viewport_size({"width": 390, "height": 844})
    text = editor(cast.rana, cast.make_article(body="<p></p>"))
    caret(text)
    page.keyboard.type("/")
    box = slash(page).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] >= 0
    assert slash(page).get_by_role("option").first.bounding_box()["height"] >= 44
    slash(page).get_by_role("option", name="List", exact=True).click()
    page.keyboard.type("One")
    expect(page.locator("textarea[name=body]")).to_have_value("<ul><li><p>One</p></li></ul>")
