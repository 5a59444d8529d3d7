"""The copy tools in a browser: the house style marks words that somebody writes; panels say where words come from."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import QuoteRecord, StyleRule

from .conftest import caret
from .desk import body_of, open_panel, save

AXE = Axe().axe_script
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def rules(cast):
    StyleRule.objects.create(term="utilise", preferred="use", reason="Shorter.")
    StyleRule.objects.create(term="in order to", preferred="to")
    StyleRule.objects.create(term="illegal immigrant", reason="Say what is meant.")


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def test_words_against_the_house_style_are_marked_and_one_click_takes_the_advice(page, cast, editor, console, rules):
    body = (
        f'<p>We utilise <strong>rope</strong>. He said <q data-expert="{cast.expert.pk}">utilise it</q>.</p><p>End.</p>'
    )
    text = editor(cast.rana, cast.make_article(body=body))
    marks = text.locator(".desk-style")
    expect(marks).to_have_text(["utilise"])  # not what somebody is quoted as saying
    assert "desk-style" not in body_of(page)
    # Spelling is the browser's: it is asked to look, in the story's language.
    assert text.get_attribute("spellcheck") != "false"
    assert text.get_attribute("lang") == "en"

    caret(text)
    page.keyboard.type(" In order to sail, they utilised it; in order to")
    expect(marks).to_have_text(["utilise", "In order to", "in order to"])
    marks.nth(1).click()
    here = page.get_by_role("group", name="What the caret stands on")
    expect(here).to_contain_text("House style: “to”, not “In order to”")
    shoot(page, "style")
    here.get_by_role("button", name="Write “To”").click()
    expect(text).to_contain_text("End. To sail")
    expect(marks).to_have_text(["utilise", "in order to"])
    page.keyboard.press("Control+z")
    expect(text).to_contain_text("End. In order to sail")
    expect(marks).to_have_text(["utilise", "In order to", "in order to"])

    # By keys: to the next one, and its advice.
    text.evaluate("el => el.editor.commands.setTextSelection(1)")
    page.keyboard.press("Alt+F8")
    expect(here).to_contain_text("House style: “use”, not “utilise” (Shorter)")
    page.keyboard.press("Alt+Enter")
    expect(text).to_contain_text("We use rope")
    expect(marks).to_have_text(["In order to", "in order to"])

    checklist = open_panel(page, "Checklist")
    line = checklist.get_by_role("link", name="House style: “In order to”, 2 times: write to")
    line.click()
    assert text.evaluate("el => getSelection().toString()") == "In order to"


def test_ordinary_writing_asks_for_no_repaint_of_other_paragraphs(page, cast, editor, console, rules):
    text = editor(cast.rana, cast.make_article(body="<p>We utilise it.</p>" * 60 + "<p>End.</p>"))
    marks = text.locator(".desk-style")
    expect(marks).to_have_count(60)
    text.evaluate("el => { window.firstMark = el.querySelector('.desk-style'); }")
    caret(text)
    page.keyboard.type(" More words")
    page.keyboard.press("Enter")
    page.keyboard.type("to utilise")
    expect(marks).to_have_count(61)
    assert text.evaluate("el => window.firstMark.isConnected")
    text.evaluate("el => el.editor.commands.selectAll()")
    page.keyboard.press("Delete")
    expect(marks).to_have_count(0)


def test_where_the_words_come_from_is_kept_in_the_panels(page, cast, editor, console):
    story = cast.make_article(body=f'<p>“<q data-expert="{cast.expert.pk}">A rule is a rule</q>”, he said.</p>')
    editor(cast.rana, story)
    sources = open_panel(page, "Sources")
    expect(sources.get_by_label("AI, transcription: which tool")).to_be_hidden()
    sources.get_by_label("AI, transcription", exact=True).select_option(label="Used")
    sources.get_by_label("AI, transcription: which tool").fill("Whisper")
    sources.get_by_label("AI, transcription: reviewed by").select_option(label=str(cast.cora))
    people = open_panel(page, "People")
    expect(people.get_by_label("Where that is")).to_be_hidden()
    people.get_by_label("Taken from").select_option(label="Another outlet")
    people.get_by_label("Where that is").fill("Northern Herald")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if SHOTS:
                if width == 390:
                    page.evaluate("document.body.dataset.rail = 'open'")
                for panel, name in ((sources, "sources"), (people, "people")):
                    panel.scroll_into_view_if_needed()
                    panel.evaluate("el => el.scrollIntoView({block: 'start'})")
                    shoot(page, f"{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run('#rail', { preload: false, resultTypes: ['violations'] })).violations"
        ".map(rule => rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 240)).join(' | '))"
    )
    console.clear()  # axe lays styles of its own, which the policy refuses
    assert found == [], "\n".join(found)
    save(page)
    story.refresh_from_db()
    assert story.ai_use["transcription"]["reviewer"] == str(cast.cora)
    record = QuoteRecord.objects.get()
    assert (record.origin, record.recording_ref) == ("outlet", "Northern Herald")
