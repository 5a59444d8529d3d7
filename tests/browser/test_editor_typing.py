"""Typing in the body editor: typographer's marks by language, undo by steps that one understands, find and replace."""

import pytest
from playwright.sync_api import expect

from .conftest import caret, paste, select
from .desk import choose


def field(page):
    return page.locator("textarea[name=body]")


# --- typographer's marks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "set_"),
    [
        ("en", "He said \"it's 'no' -- not 'yes'\"... the '90s", "He said “it’s ‘no’ – not ‘yes’”… the ’90s"),
        ("de", "Er sagte: \"Wie geht's, 'gut'?\" --- so", "Er sagte: „Wie geht’s, ‚gut‘?“ — so"),
        ("fr", 'Il dit "l\'eau".', "Il dit «\u202fl’eau\u202f»."),
        ("sv", 'Han sa "nej".', "Han sa ”nej”."),
        ("ar", 'قال "نعم".', "قال «نعم»."),
        ("pl", '"Tak", "nie"', "„Tak”, „nie”"),
    ],
)
def test_marks_are_set_by_the_storys_language_as_one_types(page, cast, editor, console, language, typed, set_):
    text = editor(cast.rana, cast.make_article(language=language, body="<p></p>"))
    caret(text)
    page.keyboard.type(typed)
    expect(field(page)).to_have_value(f"<p>{set_}</p>")


def test_words_of_another_language_get_its_marks_and_addresses_none(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body='<p>He said <span lang="de">so etwas</span> then</p>'))
    select(text, "etwas")
    page.keyboard.type('"etwas"')
    caret(text)
    page.keyboard.type(" https://example.org/a--b'c...d")
    expect(field(page)).to_have_value(
        '<p>He said <span lang="de">so „etwas“</span> then https://example.org/a--b\'c...d</p>'
    )


def test_undo_gives_back_the_typed_key_and_then_the_words(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>One.</p>"))
    caret(text)
    page.keyboard.type(' 6"')
    expect(field(page)).to_have_value("<p>One. 6”</p>")
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value('<p>One. 6"</p>')
    page.keyboard.type(" so")
    expect(field(page)).to_have_value('<p>One. 6" so</p>')
    page.get_by_role("toolbar", name="Text tools").get_by_role("button", name="Undo").click()
    expect(field(page)).to_have_value("<p>One.</p>")


def test_marks_inside_linked_words_are_inner_ones_and_stay_in_the_quote(page, cast, editor, console):
    body = f'<p><q data-expert="{cast.expert.pk}" data-quote="abcdef01">it is no</q></p>'
    text = editor(cast.rana, cast.make_article(body=body))
    select(text, "no")
    page.keyboard.type('"no"')
    expect(field(page)).to_have_value(body.replace("no</q>", "‘no’</q>"))


def test_a_person_switches_the_marks_off_and_it_lasts(page, cast, editor, console):
    story = cast.make_article(body="<p></p>")
    text = editor(cast.rana, story)
    page.get_by_role("button", name="More tools").click()
    item = page.get_by_role("menuitemcheckbox", name="Typographer’s marks as you type")
    expect(item).to_be_checked()
    item.click()
    text = editor(cast.rana, story)
    caret(text)
    page.keyboard.type('"it\'s"--...')
    expect(field(page)).to_have_value('<p>"it\'s"--...</p>')
    page.get_by_role("button", name="More tools").click()
    expect(item).not_to_be_checked()


# --- undo ---------------------------------------------------------------------------------------


def test_one_undo_takes_back_one_step(page, cast, editor, picture, console):
    text = editor(cast.rana, cast.make_article(body="<p>Tide and tide.</p><p>“No,” said Halvard Nystrom.</p>"))
    states = [field(page).input_value()]

    def step(done):
        expect(field(page)).not_to_have_value(states[-1])
        states.append(field(page).input_value())

    caret(text, "start")
    page.keyboard.type("Ebb. ")
    step("typing")
    paste(text, "<p>Pasted.</p>")
    step("a paste beside it")
    page.keyboard.type("More.")
    step("typing after it")
    select(text, "No,")
    page.keyboard.press("Control+j")
    page.get_by_role("dialog").get_by_role("button", name="Link to Halvard Nystrom").press("Enter")
    expect(text.locator("q")).to_have_count(1)
    step("a link, with the quotation marks that go")
    page.keyboard.press("Control+f")
    bar = page.get_by_role("search").filter(has=page.get_by_label("Replace with"))
    bar.get_by_label("Find").fill("tide")
    bar.get_by_label("Replace with").fill("flood")
    bar.get_by_role("button", name="Replace all").click()
    page.keyboard.press("Escape")
    step("all hits at once")
    caret(text)
    page.keyboard.press("Control+Alt+p")
    choose(page, "harbour", "Which picture?")
    step("a picture")
    select(text, "flood.")
    page.keyboard.type("ebb.")
    step("words typed over others")

    expect(text).to_be_focused()
    for expected in reversed(states[:-1]):
        page.keyboard.press("Control+z")
        expect(field(page)).to_have_value(expected)
    for expected in states[1:]:
        page.keyboard.press("Control+Shift+z")
        expect(field(page)).to_have_value(expected)


# --- find and replace ---------------------------------------------------------------------------


def open_find_bar(page, words, instead=""):
    page.keyboard.press("Control+f")
    bar = page.get_by_role("search").filter(has=page.get_by_label("Replace with"))
    bar.get_by_label("Find").fill(words)
    bar.get_by_label("Replace with").fill(instead)
    return bar


def test_whole_words_are_found_in_any_script(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>Port, ports, Ports’ port; export. Порт портовый порт.</p>"))
    caret(text)
    bar = open_find_bar(page, "port", "quay")
    expect(bar.get_by_role("status")).to_have_text("1 of 5")
    bar.get_by_label("Whole word").check()
    expect(bar.get_by_role("status")).to_have_text("1 of 2")
    bar.get_by_role("button", name="Replace all").click()
    expect(bar.get_by_role("status")).to_have_text("2 replaced")
    expect(field(page)).to_have_value("<p>quay, ports, Ports’ quay; export. Порт портовый порт.</p>")
    bar.get_by_label("Find").fill("порт")
    expect(bar.get_by_role("status")).to_have_text("1 of 2")


def test_replacing_keeps_marks_and_leaves_references_alone(page, cast, editor, picture, console):
    other = cast.make_article(headline="Tide story", slug="tide-story")
    before = (
        f'<p>The <em>high</em> tide, <q data-expert="{cast.expert.pk}" data-quote="tide0001">a tide</q>'
        '<sup data-footnote="Of the tide."></sup> <a href="https://example.org/tide">ti<strong>de</strong></a></p>'
        f'<div data-article="{other.pk}"></div>'
        '<div data-embed="https://www.youtube.com/watch?v=tidetidetid"></div><p>End</p>'
    )
    text = editor(cast.rana, cast.make_article(body=before, slug="b"))
    caret(text)
    bar = open_find_bar(page, "tide", "tides")
    expect(bar.get_by_role("status")).to_have_text("1 of 3")
    bar.get_by_role("button", name="Replace all").click()
    after = before.replace(" tide, ", " tides, ").replace("a tide<", "a tides<").replace("de</strong>", "des</strong>")
    expect(field(page)).to_have_value(after)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value(before)


def test_hits_are_replaced_one_by_one_and_counted(page, cast, editor, console):
    text = editor(
        cast.rana,
        cast.make_article(body="<p>Tide, tide.</p><table><tbody><tr><td><p>tide</p></td></tr></tbody></table>"),
    )
    caret(text, "start")
    bar = open_find_bar(page, "tide", "")
    expect(bar.get_by_role("status")).to_have_text("1 of 3")
    bar.get_by_role("button", name="Replace", exact=True).click()
    expect(bar.get_by_role("status")).to_have_text("1 of 2")
    bar.get_by_label("Find").press("Enter")
    expect(bar.get_by_role("status")).to_have_text("2 of 2")
    bar.get_by_role("button", name="Replace", exact=True).click()
    assert ">, tide.<" in field(page).input_value() and ">tide<" not in field(page).input_value()
    bar.get_by_label("Find").fill("ebb")
    bar.get_by_role("button", name="Replace all").click()
    expect(bar.get_by_role("status")).to_have_text("Not found")
