"""The body editor, worked by keyboard, by mouse and on a phone."""

import re
from datetime import date

from playwright.sync_api import expect

from articles.body import schema
from articles.models import DeskNote, Image
from experts.models import Expert

from .conftest import caret, select
from .desk import body_of, choose, every_word, insert, png, save, take_in

# --- quotes ----------------------------------------------------------------------------------


def test_words_are_linked_to_an_expert_by_keyboard(page, cast, editor, console):
    story = cast.make_article(body="<p>It is “a slow <em>tide</em>”, he said.</p><p>The end.</p>")
    text = editor(cast.rana, story)
    select(text, "“a slow tide”")
    page.keyboard.press("Control+Alt+i")
    choose(page, "nystr", "Whose words are they?")
    expect(text).to_be_focused()
    expect(page.get_by_role("group", name="What the caret stands on")).to_contain_text("Said by Halvard Nystrom")
    save(page)
    story.refresh_from_db()
    assert re.fullmatch(
        rf'<p>It is <q data-expert="{cast.expert.pk}" data-quote="[0-9a-f]+">a slow <em>tide</em></q>, he said\.</p>'
        "<p>The end.</p>",
        story.body,
    ), story.body


def test_words_typed_after_a_quote_are_not_part_of_it(page, cast, editor, console):
    body = f'<p><q data-expert="{cast.expert.pk}" data-quote="abcdef01">a slow tied</q></p>'
    text = editor(cast.rana, cast.make_article(body=body))
    select(text, "tied")
    page.keyboard.type("tide")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("de")
    caret(text, "start")
    caret(text)
    page.keyboard.type(", he said")
    expect(page.locator("textarea[name=body]")).to_have_value(
        f'<p><q data-expert="{cast.expert.pk}" data-quote="abcdef01">a slow tide</q>, he said</p>'
    )


def test_a_quote_is_given_to_another_expert_and_unlinked(page, cast, editor, console):
    other = Expert.objects.create(display_name="Rosalind Tam")
    body = f'<p>He said <q data-expert="{cast.expert.pk}" data-quote="abcdef01">no</q>.</p>'
    text = editor(cast.rana, cast.make_article(body=body))
    select(text, "n")
    expect(page.get_by_role("group", name="What the caret stands on")).to_contain_text("Halvard Nystrom")
    page.keyboard.press("Alt+F9")
    page.keyboard.press("Enter")
    choose(page, "tam", "Whose words are they?")
    expect(page.locator("textarea[name=body]")).to_have_value(
        f'<p>He said <q data-expert="{other.pk}" data-quote="abcdef01">no</q>.</p>'
    )
    page.get_by_role("button", name="Not a quote").click()
    expect(page.locator("textarea[name=body]")).to_have_value("<p>He said “no”.</p>")


def test_a_quote_card_is_inserted_by_keyboard(page, cast, editor, console):
    story = cast.make_article(body="<p>One two three.</p>")
    text = editor(cast.rana, story)
    caret(text)
    page.keyboard.press("Control+Alt+q")
    choose(page, "nystr", "Whose words are they?")
    expect(page.locator(".desk-card--expert")).to_contain_text("Halvard Nystrom")
    page.keyboard.type("We will see.")
    save(page)
    story.refresh_from_db()
    assert re.fullmatch(
        rf'<p>One two three\.</p><blockquote data-expert="{cast.expert.pk}" data-quote="[0-9a-f]+">'
        r"<p>We will see\.</p></blockquote>",
        story.body,
    ), story.body


def test_selected_words_become_a_quote_card_and_split_the_paragraph(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>She said: “Not one metre.” Then she left.</p>"))
    select(text, "Not one metre.")
    page.keyboard.press("Control+Alt+q")
    choose(page, "nystr", "Whose words are they?")
    card = rf'<blockquote data-expert="{cast.expert.pk}" data-quote="[0-9a-f]+"><p>Not one metre\.</p></blockquote>'
    expect(page.locator("textarea[name=body]")).to_have_value(
        re.compile(rf"<p>She said: ?</p>{card}<p> ?Then she left\.</p>")
    )


def test_a_new_expert_gets_a_card_from_the_editor(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>He said yes.</p>"))
    select(text, "yes")
    page.keyboard.press("Control+Alt+i")
    dialog = page.get_by_role("dialog", name="Whose words are they?")
    dialog.get_by_role("combobox").fill("halvard nystrom II")
    dialog.get_by_role("button", name="New card for “halvard nystrom II”…").click()
    card = page.get_by_role("dialog", name="New expert card")
    card.get_by_label("Name, as the paper prints it").fill("Halvard Nystrom")
    card.get_by_label("Title or role").fill("pilot")
    card.get_by_role("button", name="Make the card", exact=True).click()
    expect(card.get_by_role("alert")).to_contain_text("The source book has somebody of that name")
    console.clear()  # the refusal is a 409, which the browser reports
    card.get_by_role("button", name="It is somebody else: make the card").click()
    expect(card).to_have_count(0)
    made = Expert.objects.exclude(pk=cast.expert.pk).get()
    assert (made.display_name, made.affiliations.get().title) == ("Halvard Nystrom", "pilot")
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile(rf'<q data-expert="{made.pk}" '))


def test_a_name_typed_for_a_card_is_kept_before_the_search_answers(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>He said yes.</p>"))
    select(text, "yes")
    page.keyboard.press("Control+Alt+i")
    dialog = page.get_by_role("dialog", name="Whose words are they?")
    expect(dialog.get_by_role("button", name="New card…")).to_be_visible()
    page.route("**/lookup/expert/**", lambda route: None)  # no answer comes any more
    dialog.get_by_role("combobox").fill("Ines Calder")
    dialog.get_by_role("button", name="New card for “Ines Calder”…").click()
    card = page.get_by_role("dialog", name="New expert card")
    expect(card.get_by_label("Name, as the paper prints it")).to_have_value("Ines Calder")


def test_a_card_is_chosen_before_a_key_removes_it(page, cast, editor, console):
    other = cast.make_article(headline="Pilots strike", slug="pilots")
    body = f'<p>One.</p><div data-article="{other.pk}"></div><p>Two.</p>'
    text = editor(cast.rana, cast.make_article(body=body, slug="b"))
    field = page.locator("textarea[name=body]")
    caret(text, len("One.") + len("Two"))  # before Two: a paragraph's ends and the card count for one each
    page.keyboard.press("Backspace")
    expect(page.locator(".desk-card.is-chosen")).to_have_count(1)
    expect(field).to_have_value(body)
    page.keyboard.press("Backspace")
    expect(field).to_have_value("<p>One.</p><p>Two.</p>")


def test_an_expert_who_may_not_be_quoted_cannot_be_chosen(page, cast, editor, console):
    cast.expert.bars.create(kind="quote", reason="Withdrew consent.", since=date(2020, 1, 1))
    text = editor(cast.rana, cast.make_article(body="<p>He said yes.</p>"))
    select(text, "yes")
    page.keyboard.press("Control+Alt+i")
    dialog = page.get_by_role("dialog", name="Whose words are they?")
    expect(dialog.get_by_role("option")).to_contain_text("Not to be quoted. Withdrew consent.")
    page.keyboard.press("Enter")
    dialog.get_by_role("option").click(force=True)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(text).to_be_focused()
    expect(page.locator("textarea[name=body]")).to_have_value("<p>He said yes.</p>")


# --- the rest of the vocabulary --------------------------------------------------------------


def test_every_word_of_the_vocabulary_survives_the_editor(page, cast, editor, picture, console):
    other = cast.make_article(headline="Another story", slug="another")
    body = every_word(cast, other, picture)
    assert schema.sanitise(body) == body
    story = cast.make_article(body=body, slug="all")
    DeskNote.objects.create(article=story, uid="note-0001", text="Is it?", by=cast.edith)
    text = editor(cast.rana, story)
    assert body_of(page) == body, "opening a story changes nothing"
    caret(text)
    page.keyboard.type(".")
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile(r"It ends\.</p>$"))
    assert schema.sanitise(body_of(page)) == body.replace("It ends", "It ends.")
    expect(page.locator(".desk-card--article")).to_contain_text("Another story")
    expect(page.locator(".desk-card--image").first).to_contain_text("Pia")
    expect(page.locator(".is-missing")).to_have_count(0)
    save(page)
    story.refresh_from_db()
    assert story.body == body.replace("It ends", "It ends.")


def test_a_text_that_names_missing_rows_says_so_in_the_editor(page, cast, editor, console):
    body = '<p>A <q data-expert="999" data-quote="abcdef01">b</q>.</p><div data-article="998"></div>'
    text = editor(cast.rana, cast.make_article(body=body))
    expect(page.locator(".desk-card.is-missing")).to_contain_text("No story no. 998")
    select(text, "b")
    expect(page.locator(".desk-here .is-warned")).to_contain_text("No expert no. 999")


def test_a_related_story_goes_between_paragraphs_and_moves(page, cast, editor, console):
    other = cast.make_article(headline="Pilots strike", slug="pilots")
    text = editor(cast.rana, cast.make_article(body="<p>One two.</p><p>Three.</p>", slug="b"))
    select(text, "two")
    page.keyboard.press("Control+Alt+r")
    choose(page, "pilots", "Which story?")
    field = page.locator("textarea[name=body]")
    expect(field).to_have_value(f'<p>One two.</p><div data-article="{other.pk}"></div><p>Three.</p>')
    page.get_by_role("button", name="Move down: Related story").click()
    expect(field).to_have_value(f'<p>One two.</p><p>Three.</p><div data-article="{other.pk}"></div>')
    page.get_by_role("button", name="Remove: Related story").click()
    expect(field).to_have_value("<p>One two.</p><p>Three.</p>")


def test_a_picture_is_dropped_described_and_placed(page, cast, editor, console):
    story = cast.make_article(body="<p>One two.</p><p>Three.</p>")
    text = editor(cast.rana, story)
    text.evaluate(
        """(el, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "harbour.png", { type: "image/png" }));
            const { left, bottom } = el.querySelector("p").getBoundingClientRect();
            const at = { dataTransfer: data, clientX: left + 30, clientY: bottom - 3, bubbles: true, cancelable: true };
            el.querySelector("p").dispatchEvent(new DragEvent("drop", at));
        }""",
        list(png().getvalue()),
    )
    dialog = page.get_by_role("dialog", name="Upload a picture")
    dialog.get_by_label("What it shows").fill("Cranes over a dock")
    dialog.get_by_label("Credit").fill("Rana Aziz")
    dialog.get_by_role("button", name="Insert", exact=True).click()
    expect(page.locator(".desk-card--image")).to_contain_text("Rana Aziz")
    image = Image.objects.get()
    assert (image.alt, image.uploaded_by) == ("Cranes over a dock", cast.rana)
    page.keyboard.type("The dock")
    page.keyboard.press("Enter")
    page.keyboard.type("Two and a half.")
    page.get_by_label("Size: Picture").select_option("wide")
    expect(page.locator("textarea[name=body]")).to_have_value(
        f'<p>One two.</p><figure data-image="{image.pk}" data-size="wide"><figcaption>The dock</figcaption></figure>'
        "<p>Two and a half.</p><p>Three.</p>"
    )
    shown = page.locator(".desk-card--image img")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("img => img.naturalWidth") > 0

    # The same file once more: the one that is there is offered, and the other thrown out.
    Image.objects.update(usage_terms="Online only")
    page.get_by_role("button", name="Change: Picture").click()
    expect(page.get_by_role("dialog").get_by_role("option")).to_contain_text("Terms: Online only")
    page.get_by_role("button", name="Upload a picture…").click()
    page.get_by_label("File").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": png().getvalue()})
    dialog.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_role("dialog", name="The library has this very file").get_by_role("button", name="Use that one").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert Image.objects.get() == image


def test_a_gallery_is_ordered_and_emptied(page, cast, editor, picture, console):
    second = take_in(cast, alt="Another")
    item = '<li><figure data-image="{}"></figure></li>'
    gallery = '<ul data-gallery="">{}</ul>'
    one, two = item.format(picture.pk), item.format(second.pk)
    editor(cast.rana, cast.make_article(body=f"<p>Before.</p>{gallery.format(one + two)}<p>After.</p>"))

    def shows(expected):
        field = page.locator("textarea[name=body]")
        assert schema.sanitise(field.input_value()) == f"<p>Before.</p>{expected}<p>After.</p>"

    cards = page.locator(".desk-gallery .desk-card")
    cards.first.get_by_role("button", name="Move down").click()
    shows(gallery.format(two + one))
    cards.first.get_by_role("button", name="Remove").click()
    shows(gallery.format(one))
    cards.first.get_by_role("button", name="Remove").click()
    shows("")


def test_a_file_that_is_no_picture_is_refused_in_the_dialog(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article())
    caret(text)
    page.keyboard.press("Control+Alt+p")
    page.get_by_role("button", name="Upload a picture…").click()
    dialog = page.get_by_role("dialog", name="Upload a picture")
    bad = {"name": "x.png", "mimeType": "image/png", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    dialog.get_by_label("File").set_input_files(bad)
    dialog.get_by_label("Credit").fill("Kept")
    dialog.get_by_role("button", name="Upload", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("SVG")
    expect(dialog.get_by_label("Credit")).to_have_value("Kept")
    console.clear()  # the refusal itself


def test_boxes_tables_footnotes_links_and_embeds_are_inserted(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>One two three</p>"))
    field = page.locator("textarea[name=body]")

    select(text, "two")
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Link")
    dialog.get_by_label("Address").fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("begins with https://")
    dialog.get_by_label("Address").fill("example.org/rules")
    page.keyboard.press("Enter")
    expect(field).to_have_value('<p>One <a href="https://example.org/rules">two</a> three</p>')

    caret(text)
    page.keyboard.press("Control+Alt+f")
    page.get_by_role("dialog", name="Footnote").get_by_label("Text of the footnote").fill("As of\nMay")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(field).to_have_value(re.compile('three<sup data-footnote="As of May"></sup></p>'))

    caret(text)
    page.keyboard.press("Control+Alt+b")
    page.keyboard.type("The rules")
    page.keyboard.press("Enter")
    page.keyboard.type("Eleven pages.")
    expect(field).to_have_value(re.compile('<aside data-box="facts"><h3>The rules</h3><p>Eleven pages.</p>'))

    caret(text)
    insert(page, "Table")
    table = page.get_by_role("dialog", name="Table")
    table.get_by_label("Rows").fill("2")
    table.get_by_label("Columns").fill("2")
    table.get_by_label("Caption").fill("Votes")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror caption")).to_have_text("Votes")
    page.keyboard.type("Port")
    expect(field).to_have_value(re.compile("<table><caption>Votes</caption><tbody><tr><th><p>Port</p></th>"))

    caret(text)
    insert(page, "Embed")
    embed = page.get_by_role("dialog", name="Embed a video or post")
    embed.get_by_label("Its address").fill("https://tracker.example/v")
    page.keyboard.press("Enter")
    expect(embed.get_by_role("alert")).to_contain_text("cannot be embedded: it is not on the list. Allowed are")
    console.clear()  # the refusal itself
    embed.get_by_label("Its address").fill("https://youtu.be/dQw4w9WgXcQ")
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile('<div data-embed="https://youtu.be/dQw4w9WgXcQ"></div>'))
    save(page)


def test_a_desk_note_is_a_row_and_its_mark_stays_when_it_is_resolved(page, cast, editor, console):
    story = cast.make_article(body="<p>Eleven pages.</p>")
    text = editor(cast.rana, story)
    select(text, "Eleven")
    page.keyboard.press("Control+Alt+m")
    dialog = page.get_by_role("dialog", name="Note for colleagues")
    dialog.get_by_label("Your note").fill("Or twelve?")
    dialog.get_by_role("button", name="Add the note").click()
    expect(dialog).to_have_count(0)
    note = DeskNote.objects.get()
    assert (note.text, note.by, note.article) == ("Or twelve?", cast.rana, story)
    save(page)
    story.refresh_from_db()
    assert story.body == f'<p><span data-desk-note="{note.uid}">Eleven</span> pages.</p>'

    text = editor(cast.edith, story)
    page.locator("[data-notes]").get_by_role("button", name="Show in the text").click()
    expect(page.locator(".desk-here")).to_contain_text("Rana")
    expect(page.locator(".desk-here")).to_contain_text("Or twelve?")
    page.locator(".desk-here").get_by_role("button", name="Resolve").click()
    expect(page.locator(".desk-here")).to_contain_text("Resolved.")
    expect(text.locator(".is-settled")).to_have_text("Eleven")
    assert body_of(page) == story.body
    note.refresh_from_db()
    assert note.resolved_at


def test_words_are_marked_as_of_another_language(page, cast, editor, console):
    text = editor(cast.rana, cast.make_article(body="<p>The Zug left.</p>"))
    select(text, "Zug")
    insert(page, "Language of these words", "More tools")
    dialog = page.get_by_role("dialog", name="Language of these words")
    dialog.get_by_label("Language", exact=True).fill("german")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("two or three letters")
    dialog.get_by_label("Language", exact=True).fill("de")
    page.keyboard.press("Enter")
    expect(page.locator("textarea[name=body]")).to_have_value('<p>The <span lang="de">Zug</span> left.</p>')
