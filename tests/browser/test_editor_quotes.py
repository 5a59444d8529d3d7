"""Quotes by one key: the person whom a sentence names is offered, and one more key links the words."""

import re

import pytest
from playwright.sync_api import expect

from experts.models import Affiliation, Expert

from ..articles import reference
from .conftest import caret, paste, select
from .desk import choose


@pytest.fixture
def known(cast):
    """Halvard Nystrom, who is a pilot today."""
    Affiliation.objects.create(expert=cast.expert, title="harbour pilot")
    return cast.expert


def field(page):
    return page.locator("textarea[name=body]")


def put_caret(text, words):
    """Put the caret where some words begin."""
    select(text, words)
    text.evaluate("el => el.editor.commands.setTextSelection(el.editor.state.selection.from)")


def test_the_person_whom_the_sentence_names_is_linked_by_two_keys(page, cast, known, editor, console):
    body = (
        "<p>First “one thing” is said.</p><p>It was late. “A slow <em>tide</em>,” said Halvard Nystrom. It rained.</p>"
    )
    text = editor(cast.rana, cast.make_article(body=body))
    put_caret(text, "Halvard")
    page.keyboard.press("Control+j")
    dialog = page.get_by_role("dialog", name="Whose words?")
    expect(dialog).to_contain_text("“A slow tide,” said Halvard Nystrom.")
    expect(dialog).to_contain_text("harbour pilot")
    expect(dialog.get_by_role("button", name="Link to Halvard Nystrom")).to_be_focused()
    page.keyboard.press("Enter")
    linked = rf'<q data-expert="{known.pk}" data-quote="[0-9a-f]+">A slow <em>tide</em>,</q> said'
    expect(field(page)).to_have_value(re.compile(rf"late\. {linked} Halvard Nystrom\."))
    expect(text).to_be_focused()
    expect(page.locator(".desk-said")).to_have_text("Linked to Halvard Nystrom.")
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value(body)


def test_one_quotation_after_another_is_linked_by_the_same_two_keys(page, cast, known, editor, console):
    said = "".join(f"<p>“{words},” said Halvard Nystrom.</p>" for words in ("One", "Two", "Three"))
    text = editor(cast.rana, cast.make_article(body=said))
    caret(text, "start")
    for count in range(1, 4):
        page.keyboard.press("Control+j")
        expect(page.get_by_role("button", name="Link to Halvard Nystrom")).to_be_focused()
        page.keyboard.press("Enter")
        expect(text.locator("q")).to_have_count(count)
        expect(text).to_be_focused()
    page.keyboard.press("Control+j")
    expect(page.locator(".desk-said")).to_have_text("Every quotation is somebody’s.")


def test_the_line_below_the_text_says_that_a_quotation_is_nobodys(page, cast, known, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>“A slow tide,” said Halvard Nystrom.</p>"))
    put_caret(text, "tide")
    here = page.get_by_role("group", name="What the caret stands on")
    expect(here).to_contain_text("A quotation that is nobody’s yet")
    here.get_by_role("button", name="Whose?").click()
    expect(page.get_by_role("dialog", name="Whose words?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    expect(text.locator("q")).to_have_count(0)


def test_somebody_new_gets_a_card_from_the_quotation(page, cast, editor, console):
    body = "<p>A.</p><p>“We sold it,” said Quirina Vold, chair of the harbour board.</p>"
    text = editor(cast.rana, cast.make_article(body=body))
    caret(text, "start")
    page.keyboard.press("Control+j")
    dialog = page.get_by_role("dialog", name="New expert card")
    expect(dialog).to_contain_text("“We sold it,” said Quirina Vold")
    expect(dialog.get_by_label("Name, as the paper prints it")).to_have_value("Quirina Vold")
    expect(dialog.get_by_label("Title or role")).to_have_value("chair of the harbour board")
    page.keyboard.press("Enter")
    expect(text.locator("q")).to_have_text("We sold it,")
    made = Expert.objects.get(display_name="Quirina Vold")
    assert made.affiliations.get().title == "chair of the harbour board"


def test_what_was_typed_for_a_card_is_still_there_in_the_list(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>“We sold it,” said Quirina Vold.</p>"))
    caret(text, "start")
    page.keyboard.press("Control+j")
    card = page.get_by_role("dialog", name="New expert card")
    card.get_by_role("button", name="Somebody in the source book…").click()
    book = page.get_by_role("dialog", name="Whose words are they?")
    expect(book.get_by_role("combobox")).to_have_value("Quirina Vold")
    book.get_by_role("combobox").fill("Quirina Wold")
    book.get_by_role("button", name="New card for “Quirina Wold”…").click()
    card.get_by_role("button", name="Cancel").click()
    expect(book.get_by_role("combobox")).to_have_value("Quirina Wold")
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    assert not Expert.objects.filter(display_name__startswith="Quirina").exists()


def test_somebody_whom_the_source_book_has_is_used_where_a_card_was_to_be_made(page, cast, known, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>“We sold it,” said Halvard Nystrom-Quay.</p>"))
    select(text, "We sold it,")
    page.keyboard.press("Control+Alt+i")
    page.get_by_role("dialog").get_by_role("combobox").fill("Halvard Nystrom")
    page.get_by_role("button", name="New card for “Halvard Nystrom”…").click()
    card = page.get_by_role("dialog", name="New expert card")
    card.get_by_role("button", name="Make the card").click()
    expect(card.get_by_role("alert")).to_contain_text("harbour pilot")
    console.clear()  # the refusal is a 409, which the browser reports
    card.get_by_role("button", name="Use Halvard Nystrom").click()
    expect(field(page)).to_have_value(re.compile(f'<q data-expert="{known.pk}"'))
    assert Expert.objects.count() == 1


def test_a_quotation_of_nobody_named_asks_for_the_person(page, cast, known, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>“It is late.” The rain went on.</p>"))
    caret(text, "start")
    page.keyboard.press("Control+j")
    choose(page, "nystr", "Whose words are they?")
    expect(field(page)).to_have_value(
        re.compile(rf'<p><q data-expert="{known.pk}" [^>]+>It is late\.</q> The rain went on\.</p>')
    )


def test_somebody_who_may_not_be_quoted_is_not_linked(page, cast, known, editor, console):
    known.bars.create(kind="quote", reason="Withdrew consent.", since="2020-01-01")
    text = editor(cast.rana, cast.make_article(body="<p>“A slow tide,” said Halvard Nystrom.</p>"))
    caret(text, "start")
    page.keyboard.press("Control+j")
    expect(page.get_by_role("dialog").get_by_role("option")).to_contain_text("Not to be quoted. Withdrew consent.")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(text.locator("q")).to_have_count(0)


@pytest.mark.slow
def test_pasted_quotations_are_taken_one_by_one_with_a_key(page, cast, editor, console):
    cast.first, cast.second = reference.people()
    text = editor(cast.rana, cast.make_article(body="<p>Text.</p>"))
    caret(text)
    paste(text, reference.STORY)
    page.locator(".voices-line").get_by_role("button", name="Link them here").click()
    dialog = page.get_by_role("dialog", name="Quotations that are nobody’s yet")
    rows = dialog.get_by_role("listitem")
    expect(rows.nth(6)).to_be_visible()
    count = rows.count()
    here = rows.filter(has=page.locator("button.default:focus"))
    first = here.locator("mark").inner_text().strip("“”")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(count - 1)
    expect(text.locator("q")).to_have_text([first])
    expect(here).to_have_count(1)
    page.keyboard.press("Enter")
    expect(text.locator("q")).to_have_count(2)


def test_those_named_beside_their_words_are_linked_at_once(page, cast, known, editor, console):
    said = (
        "<p>“A slow tide,” said Halvard Nystrom.</p><p>“A fast one,” said Halvard Nystrom.</p><p>“No.” It rained.</p>"
    )
    text = editor(cast.rana, cast.make_article(body=said))
    caret(text)
    page.keyboard.press("Control+Alt+j")
    dialog = page.get_by_role("dialog", name="Quotations that are nobody’s yet")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    dialog.get_by_role("button", name="Link the 2 that are named beside their words").click()
    expect(dialog).to_have_count(0)
    expect(text.locator("q")).to_have_text(["A slow tide,", "A fast one,"])


def test_an_answer_that_does_not_come_loses_nothing(page, cast, known, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>“A slow tide,” said Halvard Nystrom.</p>"))
    page.wait_for_load_state("networkidle")  # the page asks by itself once, as it opens
    page.route("**/voices/", lambda route: route.abort())
    caret(text, "start")
    page.keyboard.press("Control+j")
    expect(page.locator(".desk-said")).to_contain_text("could not be reached")
    page.keyboard.type("So: ")
    expect(field(page)).to_have_value("<p>So: “A slow tide,” said Halvard Nystrom.</p>")
    console.clear()
