"""The line below a card's words: its parts stand apart, in the order of the story's direction."""

import pytest

from articles.models import State

WORDS_PLACE = """part => {
    const range = document.createRange();
    range.selectNodeContents(part);
    return range.getBoundingClientRect().toJSON();
}"""
GAP = 10  # pixels: room for the dot and the space around it


@pytest.mark.parametrize(("language", "word"), [("ar", "ميناء"), ("en", "port")])
def test_the_parts_of_a_cards_line_stand_apart(page, cast, live_server, language, word):
    body = f"<p>{' '.join([word] * 300)}.</p>"
    cast.make_article(headline=word, language=language, body=body, state=State.PUBLISHED)
    page.goto(f"{live_server.url}/world/")
    parts = page.locator(".card .meta").first.locator(":scope > *").all()
    date, minutes = [part.evaluate(WORDS_PLACE) for part in parts[-2:]]
    left, right = (minutes, date) if language == "ar" else (date, minutes)
    assert right["left"] - left["right"] >= GAP, (left, right)
