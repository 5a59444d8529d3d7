"""Pasting, finding and counting in the body editor; using it by keyboard, by screen reader and on a phone."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.body import plain, schema

from .conftest import caret, paste, select
from .desk import body_of, every_word, save

FIXTURES = Path(__file__).parent / "fixtures" / "paste"
CLIPBOARDS = sorted(path.name.removesuffix(".expected.html") for path in FIXTURES.glob("*.expected.html"))
# What is said to be left out.
LEFT_OUT = {
    "word-reviewed": "Left out: 1 picture (drop or paste its file), 1 comment, 1 tracked deletion.",
    "google-docs-nested": "Left out: 1 picture (drop or paste its file).",
    "libreoffice": "Left out: 1 picture (drop or paste its file).",
    "libreoffice-small": "Left out: 1 picture (drop or paste its file).",
    "encyclopedia": "Left out: 1 picture (drop or paste its file), 1 embedded page.",
    "outlook": "", "apple-pages": "", "word": "",
}  # fmt: skip


# --- pasting ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLIPBOARDS)
def test_pasted_text_comes_out_in_the_vocabulary(page, cast, editor, console, name):
    text = editor(cast.rana, cast.make_article(body="<p>x</p>"))
    text.evaluate("el => el.editor.commands.selectAll()")
    paste(text, (FIXTURES / f"{name}.html").read_text())
    expected = "".join((FIXTURES / f"{name}.expected.html").read_text().splitlines())
    expect(page.locator("textarea[name=body]")).not_to_have_value("<p>x</p>")
    got = re.sub(r"\s+", " ", schema.sanitise(body_of(page)).replace("&nbsp;", " "))
    assert got == expected
    assert page.title() != "pasted"
    if name in LEFT_OUT:
        expect(page.locator(".desk-said")).to_have_text(LEFT_OUT[name])


def test_plain_text_becomes_paragraphs_and_lines_that_mail_broke_are_joined(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>x</p>"))
    text.evaluate("el => el.editor.commands.selectAll()")
    long = "The harbour office said on Monday that four of the six ports"
    paste(
        text, "", f"{long}\r\nhad signed.\r\n\r\nList:\r\n- Aldmere\r\n\r\nSee\u00a0https://example.org/a?utm_source=b."
    )
    expect(page.locator("textarea[name=body]")).to_have_value(
        f"<p>{long} had signed.</p><p>List:</p><p>- Aldmere</p>"
        '<p>See <a href="https://example.org/a">https://example.org/a?utm_source=b</a>.</p>'
    )


def test_five_million_signs_are_refused_and_nothing_is_lost(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>Kept.</p>"))
    caret(text)
    said = page.locator(".desk-said")
    for html, words, why in (
        ("", "word " * 1_000_000, "has 5,000,000 characters; a story holds 200,000"),
        (f"<p>{'<b>w</b>' * 650_000}</p>", "w" * 1000, "That is 5 million signs of markup"),
    ):
        paste(text, html, words)
        expect(said).to_contain_text(why)
    expect(page.locator("textarea[name=body]")).to_have_value("<p>Kept.</p>")
    # Tags without an end cost no more than their length.
    paste(text, "<p>Words" + "<svg <style <a " * 100_000, "Words")
    expect(text).to_contain_text("Kept.Words")
    text.evaluate("el => el.editor.commands.undo()")
    # A picture of that size inside the markup is left out, and the words come.
    paste(text, f'<p>Words.<img width="9" src="data:image/png;base64,{"A" * 5_000_000}"></p>', "Words.")
    expect(text).to_contain_text("Words.")
    expect(said).to_have_text("Left out: 1 picture (drop or paste its file).")


def test_a_footnote_mark_pasted_without_its_note_stays_as_words(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>x</p>"))
    text.evaluate("el => el.editor.commands.selectAll()")
    paste(text, '<p>The rule<a href="file:///C:/a.htm#_ftn1">[1]</a> stands.</p>')
    expect(page.locator("textarea[name=body]")).to_have_value("<p>The rule[1] stands.</p>")


def test_a_copied_quote_gets_a_name_of_its_own(page, cast, editor, console):
    quote = f'<q data-expert="{cast.expert.pk}" data-quote="abcdef01">no</q>'
    story = cast.make_article(body=f"<p>He said {quote}.</p>")
    text = editor(cast.rana, story)
    caret(text)
    paste(text, f"<p>Again {quote}.</p>")
    save(page)
    story.refresh_from_db()
    uids = re.findall(r'data-quote="(\w+)"', story.body)
    assert uids[0] == "abcdef01"
    assert len(set(uids)) == 2


# --- finding, counting, moving about ---------------------------------------------------------


def test_find_and_replace_keeps_quotes_whole(page, cast, editor, console):
    body = f'<p>Tide and <q data-expert="{cast.expert.pk}" data-quote="abcdef01">the tide</q>, <em>ti</em>de.</p>'
    text = editor(cast.rana, cast.make_article(body=body))
    caret(text)
    page.keyboard.press("Control+f")
    page.keyboard.type("tide")
    bar = page.get_by_role("search").filter(has=page.get_by_label("Replace with"))
    expect(bar.get_by_role("status")).to_have_text("1 of 3")
    bar.get_by_label("Match case").check()
    expect(bar.get_by_role("status")).to_have_text("1 of 2")
    bar.get_by_label("Replace with").fill("ebb")
    bar.get_by_role("button", name="Replace all").click()
    expect(page.locator("textarea[name=body]")).to_have_value(
        f'<p>Tide and <q data-expert="{cast.expert.pk}" data-quote="abcdef01">the ebb</q>, <em>ebb</em>.</p>'
    )
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("textarea[name=body]")).to_have_value(body)


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_the_toolbar_never_covers_the_find_bar(page, cast, editor, console, width):
    page.set_viewport_size({"width": width, "height": 700})
    text = editor(cast.rana, cast.make_article(body="<p>Tide.</p>" * 80))
    caret(text)
    page.keyboard.press("Control+f")
    page.evaluate("scrollTo(0, document.querySelector('.prose-editor').getBoundingClientRect().top + scrollY + 500)")
    menu, find = page.locator(".prose-menubar").bounding_box(), page.locator(".desk-find").bounding_box()
    assert find["y"] >= menu["y"] + menu["height"] - 1


def test_words_are_counted_as_the_server_counts_them(page, cast, editor, console):
    body = "<p>One two’s three-four, 1,000 <em>m</em>ails.</p><ul><li><p>日本 naïve</p></li></ul><p>قال الوزير</p>"
    text = editor(cast.rana, cast.make_article(body=body))
    expect(page.locator(".desk-count")).to_have_text(f"{plain.word_count(body)} words · 1 min")
    caret(text)
    page.keyboard.type(" Five")
    expect(page.locator(".desk-count")).to_have_text(f"{plain.word_count(body) + 1} words · 1 min")
    select(text, "One two’s")
    expect(page.locator(".desk-count")).to_have_text(f"2 of {plain.word_count(body) + 1} words chosen")


def test_the_text_runs_as_the_storys_language_does(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(language="ar", body="<p>قال الوزير</p>"))
    expect(text).to_have_attribute("lang", "ar")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text).not_to_have_attribute("spellcheck", "false")


def test_the_toolbar_is_one_tab_stop_walked_by_arrow_keys(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>One two</p>"))
    select(text, "One")
    page.keyboard.press("Alt+F10")
    style = page.get_by_role("button", name="Paragraph style")
    expect(style).to_be_focused()
    page.keyboard.press("ArrowRight")
    bold = page.get_by_role("button", name="Bold (Ctrl-B)")
    expect(bold).to_be_focused()
    page.keyboard.press("Enter")
    expect(bold).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Heading 2").press("Enter")
    expect(page.locator("textarea[name=body]")).to_have_value("<h2><strong>One</strong> two</h2>")


def test_a_writer_signed_out_meanwhile_is_told_and_loses_nothing(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>Eleven pages.</p>"))
    page.context.clear_cookies()
    select(text, "Eleven")
    page.keyboard.press("Control+Alt+m")
    dialog = page.get_by_role("dialog", name="Note for colleagues")
    dialog.get_by_label("Your note").fill("Or twelve?")
    dialog.get_by_role("button", name="Add the note").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Your note")).to_have_value("Or twelve?")
    console.clear()  # the refusal


def test_a_locked_text_is_not_edited(page, cast, editor, console, login, live_server):
    story = cast.make_article(state="published")
    login(cast.rana)
    page.goto(f"{live_server.url}{story.get_absolute_url()}")
    expect(page.locator("body")).to_contain_text("eleven pages")
    expect(page.get_by_role("toolbar", name="Text tools")).to_have_count(0)


# --- for everybody ---------------------------------------------------------------------------


def serious(page, scope):
    """What axe finds in a part of the page; its own styles break our policy, so it comes last in a test."""
    found = Axe().run(page, context=scope).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_the_editor(page, cast, editor, picture, scheme):
    page.emulate_media(color_scheme=scheme)
    other = cast.make_article(headline="Another story", slug="another")
    text = editor(cast.rana, cast.make_article(body=every_word(cast, other, picture), slug="all"))
    expect(page.locator(".desk-card--article")).to_contain_text("Another story")
    select(text, "one two")
    expect(page.locator(".desk-here")).to_contain_text("Said by")
    assert serious(page, ".prose-editor") == []
    page.keyboard.press("Control+Alt+i")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    assert serious(page, ".desk-dialog") == []


def test_the_editor_works_on_a_phone(page, cast, editor, picture, console):
    page.set_viewport_size({"width": 390, "height": 844})
    other = cast.make_article(headline="Another story", slug="another")
    text = editor(cast.rana, cast.make_article(body=every_word(cast, other, picture), slug="all"))
    expect(page.locator(".desk-card--article")).to_contain_text("Another story")
    wide = text.evaluate("el => el.closest('.prose-editor').getBoundingClientRect().right")
    assert wide <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar = page.get_by_role("toolbar", name="Text tools")
    assert bar.bounding_box()["height"] < 64
    small = bar.evaluate(
        """el => [...el.querySelectorAll(".prose-menubar__group > button:not(.hidden)")]
            .map((b) => b.getBoundingClientRect()).filter((b) => b.width < 44 || b.height < 44).length"""
    )
    assert small == 0
    select(text, "one two")
    page.get_by_role("button", name=re.compile("Mark as an expert")).click()
    dialog = page.get_by_role("dialog", name="Whose words are they?")
    box = dialog.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
