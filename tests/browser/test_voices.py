"""The people of a story in a browser: found in pasted text, linked by a yes, and their words agreed upon."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article, QuoteRecord
from experts.models import Disclosure, Expert

from ..articles import reference
from .conftest import caret, paste, select
from .desk import open_panel

pytestmark = pytest.mark.slow
FEE = "Mr Alazzam advises the port of Karadan for a fee."


@pytest.fixture
def story(cast):
    """A draft of Rana's for a story on two people of the source book, one of whom is paid by a port."""
    cast.first, cast.second = reference.people()
    Disclosure.objects.create(expert=cast.first, kind="employer", print_text=FEE, must_print=True)
    return cast.make_article(body="<p>Text.</p>")


def test_a_pasted_quote_is_linked_by_a_yes_and_keeps_its_terms(page, editor, cast, story, console, live_server):
    text = editor(cast.rana, story)
    caret(text)
    paste(text, reference.STORY)
    said = page.locator(".voices-line")
    expect(said).to_contain_text("7 quotations may belong to people in the source book")
    assert not QuoteRecord.objects.exists()
    said.get_by_role("button", name="Look").click()

    expect(page.get_by_role("heading", name="People in this story")).to_be_visible()
    proposed = page.get_by_role("region", name="Proposed")
    first = proposed.get_by_role("group", name=reference.FIRST)
    expect(first.get_by_role("checkbox")).to_have_count(5)
    expect(first.get_by_label("Title to print")).to_have_value(reference.TITLE)
    expect(page.locator(".voices-main")).to_contain_text("“Allazzam” looks like a misprint of Tareq Alazzam")
    # Where the sentence says “he”, somebody has to look; what a name stands beside is ticked.
    doubtful = proposed.get_by_role("checkbox", checked=False)
    expect(doubtful.first).to_have_accessible_name(re.compile("the sentence does not name them"))
    expect(proposed.get_by_role("checkbox", checked=True).first).to_be_visible()
    for box in proposed.get_by_role("checkbox").all():
        box.check()
    first.get_by_role("checkbox").last.uncheck()
    proposed.get_by_role("button", name="Link what is chosen").click()
    expect(page.locator(".messagelist")).to_contain_text("6 quotations linked")
    assert QuoteRecord.objects.count() == 6

    person = page.get_by_role("region", name=reference.FIRST)
    person.get_by_role("button", name="Print it").click()
    expect(page.locator(".messagelist")).to_contain_text("The interest is printed")
    quote = page.get_by_role("region", name=reference.SECOND).get_by_role("article").first
    quote.get_by_label("Ground rule").select_option(label="On background: not by name")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_contain_text("cannot be saved as it is")
    quote = page.get_by_role("region", name=reference.SECOND).get_by_role("article").first
    quote.get_by_label("Called in the story").fill("a political analyst")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    assert QuoteRecord.objects.filter(ground_rule="background", descriptor="a political analyst").count() == 1
    expected = [line for line in console if "400" in line]
    for line in expected:
        console.remove(line)  # the refusal that this test means to meet


def test_changed_quotes_are_shown_until_somebody_confirms_them(page, editor, cast, story, console, live_server):
    body = f'<p>He said <q data-expert="{cast.second.pk}" data-quote="quote-one">we agree on that</q>.</p>'
    Article.objects.filter(pk=story.pk).update(body=body)
    from articles.actions import writing

    story.refresh_from_db()
    writing.save_revision(story, by=cast.rana, seen_version=story.version)
    text = editor(cast.rana, story)
    select(text, "agree")
    page.keyboard.type("disagree")
    open_panel(page, "People").get_by_role("button", name="Save and look").click()
    expect(page.locator(".voices-quote")).to_contain_text("They were: we agree on that")
    page.get_by_role("button", name="These words are right").click()
    expect(page.locator(".messagelist")).to_contain_text("Noted: these words are right.")
    expect(page.locator(".voices-quote")).not_to_contain_text("They were")
    page.get_by_role("button", name="Unlink").click()
    expect(page.locator(".messagelist")).to_contain_text("The words are still in the story")
    assert "“we disagree on that”" in Article.objects.get(pk=story.pk).body


def test_a_card_is_made_while_writing_a_story(page, login, cast, story, console, live_server):
    Expert.objects.filter(pk=cast.second.pk).delete()
    reference.paste(story, cast.rana)
    login(cast.rana)
    page.goto(f"{live_server.url}/admin/articles/article/{story.pk}/people/")
    card = page.get_by_role("region", name="+ New card")
    card.get_by_label("Name").fill(reference.SECOND)
    card.get_by_label("Title").fill("political analyst")
    card.get_by_role("button", name="Make the card").click()
    expect(page.locator(".messagelist")).to_contain_text("Idris Sekari has a card")
    group = page.get_by_role("group", name=reference.SECOND)
    expect(group.get_by_role("checkbox")).to_have_count(2)


def test_a_similar_card_is_used_by_its_button_and_never_by_enter(page, login, cast, story, console, live_server):
    login(cast.rana)
    page.goto(f"{live_server.url}/admin/articles/article/{story.pk}/people/")
    card = page.get_by_role("region", name="+ New card")
    card.get_by_label("Name").fill(reference.SECOND)
    card.get_by_role("button", name="Make the card").click()
    expect(card.get_by_role("alert")).to_contain_text("may have this person already")
    card.get_by_label("Title").fill("political analyst")
    with page.expect_navigation():
        card.get_by_label("Title").press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("may have this person already")
    expect(card.get_by_label("Title")).to_have_value("political analyst")
    card.get_by_role("button", name="Use this one").click()
    expect(page.locator(".messagelist")).to_contain_text(f"{reference.SECOND} is in the story")
    assert story.appearances.get(expert=cast.second).attribution_as_printed == "political analyst"
    expected = [line for line in console if "409" in line]
    for line in expected:
        console.remove(line)  # the two refusals that this test means to meet
