"""Readers' pages in letters twice as large, and on paper: nothing runs out of the page or over something else."""

import pytest

from articles.models import Section
from experts.models import Organisation
from newsroom.models import Topic

from .test_pages import published

pytestmark = pytest.mark.slow

OVER = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
WHO = """() => [...document.querySelectorAll("body *")]
    .filter((el) => el.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((el) => `${el.tagName}.${el.className}: ${el.textContent.trim().slice(0, 30)}`).slice(0, 9)"""
DISPLAYS = (
    """() => [...document.querySelectorAll(".front-top, .stack, .card")].map((el) => getComputedStyle(el).display)"""
)


@pytest.fixture
def long_words(cast):
    """A paper with names as long as real ones have them."""
    institute = Organisation.objects.called("Internationales Hafenwirtschaftsforschungsinstitut")
    cast.expert.affiliations.create(title="Wissenschaftliche Mitarbeiterin", organisation=institute, start="2015-03-01")
    topic = Topic.objects.create(name="Hafenwirtschaftswissenschaften")
    cast.expert.topics.add(topic)
    Section.objects.filter(pk=cast.world.pk).update(name="Environment and ports")
    for n in range(4):
        published(cast, headline=f"Environment {n}", slug=f"story-{n}")
    cast.story = published(cast, headline="Six harbours sign", slug="six")
    cast.story.topics.add(topic)
    return cast


@pytest.mark.parametrize("width", (390, 1280))
def test_letters_twice_as_large_stay_on_the_page(long_words, page, live_server, width):
    page.set_viewport_size({"width": width, "height": 844})
    story = long_words.story.editions.live().get().path
    for path in ("/", "/experts/halvard-nystrom/", "/world/", story, "/corrections/", "/archive/", "/experts/"):
        page.goto(live_server.url + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(OVER) <= 1, (path, page.evaluate(WHO))


def test_no_part_of_home_that_breaks_over_sheets_is_a_grid(long_words, page, live_server):
    """Chromium prints the rows of such a grid over each other."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 950})
    page.goto(live_server.url + "/")
    assert set(page.evaluate(DISPLAYS)) == {"block"}
    assert page.evaluate(OVER) <= 0
