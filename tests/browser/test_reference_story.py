"""The reference story of the design, entered by hand in the admin and read at its time: one analysis, whole.

A label and a section over the headline, a standfirst, an agency's credit, three related cards, two
experts quoted seven times with the titles printed that day, ten fragments that are nobody's in the
source book, sources unnamed and second-hand, an organisation starred once, a surname misspelt once.
"""

import re
from contextlib import nullcontext
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from articles.actions import images
from articles.demo.stories import KEY_ATTRIBUTE, STORIES_FOLDER
from articles.models import Agency, Article, Contributor, Designation, Section, State
from experts.models import Affiliation, Expert, Organisation
from newsroom.models import Publication

from ..pictures import jpeg
from .conftest import caret, paste, select
from .desk import open_panel, sign_out
from .test_editor import choose

pytestmark = pytest.mark.slow

HEADLINE = "Six harbours sign what six governments would not"
STANDFIRST = (
    "The refuge compact obliges a port to open its gates to a ship in trouble before anyone has agreed who pays."
)
TITLES = {
    "Halvard Nystrom": "maritime law, Orle Institute, and former harbour judge",
    "Dov Arkin": "conflict researcher, War Records Office, and former observer with the Karsk truce mission",
}
SOURCES = [
    ("unnamed", "an official at the ports ministry in Castellan", "", "not authorised to speak"),
    ("second_hand", "a diplomat who had it from one of those present", "", "would lose access if named"),
    ("second_hand", "the Evening Register, on a caterer’s invoice", "Dellamar Evening Register", ""),
    ("second_hand", "the Rasheen Ledger, on the outgoing cabinet", "Rasheen Ledger", ""),
]
RELATED = [
    ("Water Bill survives by seven votes", "politics", "news", "at second reading this week", "Politics"),
    ("What a levy on grain buys", "economy", "explainer", "put off by six months", "Explainer"),
    ("Who speaks for Rasheen", "world", "analysis", "binding on the state", "Analysis"),
]
# Seconds between the schedule and its moment, when the clock alone opens it.
AHEAD = 600 if connection.vendor == "sqlite" else 25


@pytest.fixture
def house(cast):
    """What stands in the newsroom before Rana begins: people, an agency, a register, three live stories."""
    sections = {section.slug: section for section in (cast.world, cast.politics)}
    sections["economy"] = Section.objects.create(name="Economy", slug="economy", order=3)
    for section in sections.values():
        section.editors.add(cast.edith)
    cast.dov = Expert.objects.create(display_name="Dov Arkin")
    Affiliation.objects.create(
        expert=cast.expert, title="maritime law", organisation=Organisation.objects.called("Orle Institute")
    )
    Agency.objects.create(name="North Wire")
    register = Designation.objects.create(name="Karst Brigade", listing="Security register")
    register.notes.create(language="en", text="Karst Brigade is banned in Verrany.")
    register.aliases.create(name="The Gatekeepers")
    register.aliases.create(name="KB-4", matched=False)
    images.take_in(
        jpeg(), by=cast.pia, title="Aldmere basin", alt="Cranes over a basin", credit="Pia", caption="Aldmere"
    )
    cast.related = [
        cast.make_article(state=State.PUBLISHED, headline=headline, slug=f"related-{number}",
                          section=sections[slug], genre=genre)
        for number, (headline, slug, genre, *_) in enumerate(RELATED)
    ]  # fmt: skip
    return cast


def manuscript():
    """The text as a reporter's notes have it: every quotation between marks, nothing linked, a name misspelt."""
    text = (STORIES_FOLDER / "six-ports-compact.html").read_text(encoding="utf-8").split("+++\n", 2)[2]
    said = re.findall(r'<q data-expert="([\w-]+)">(.*?)</q>', text)
    text = re.sub(r"<q [^>]*>(.*?)</q>", r"“\1”", text)
    text = re.sub(r"<div data-article[^>]*></div>|<sup data-footnote[^>]*></sup>", "", text)
    assert not KEY_ATTRIBUTE.search(text)
    return re.sub(r"Dr Nystrom", "Dr Nystrum", text, count=1), said


def press(page, name):
    page.get_by_role("region", name="Steps").get_by_role("button", name=name, exact=True).click()


def open_story(page, live_server, login, user, article):
    sign_out(page)
    login(user)
    page.goto(f"{live_server.url}{article.get_absolute_url()}")


def pick_in(page, field, words, name):
    """Choose from an autocomplete of the admin by typing."""
    page.locator(f".field-{field} .select2-selection").click()
    page.keyboard.type(words)
    page.locator(".select2-results__option", has_text=name).first.click()


def write(page, house, text):
    """Set the body: paragraphs pasted, everything that names something through its dialog."""
    html, said = manuscript()
    caret(text)
    paste(text, html)
    expect(text.locator("h2")).to_have_count(4)
    surnames = {"halvard-nystrom": "nystrom", "dov-arkin": "arkin"}
    assert len(said) == 7
    for number, (expert, words) in enumerate(said, start=1):
        select(text, f"“{words}”")
        page.keyboard.press("Control+Alt+i")
        choose(page, surnames[expert], "Whose words are they?")
        expect(text.locator("q[data-expert]")).to_have_count(number)
    for headline, _, _, words, _ in RELATED:
        select(text, words)
        page.keyboard.press("Control+Alt+r")
        choose(page, headline, "Which story?")
    select(text, "landed at the six quays.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+Alt+f")
    page.get_by_role("dialog", name="Footnote").get_by_label("Text of the footnote").fill("0.4 crowns a container.")
    page.get_by_role("button", name="Insert", exact=True).click()


def test_the_reference_story_is_written_and_published(
    page, browser, browser_context_args, live_server, login, house, console
):
    Contributor.objects.filter(user=house.rana).update(name="Rana Aziz")
    login(house.rana)

    # --- Rana starts it ---
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="New story").first.click()
    page.get_by_label("Headline").fill(HEADLINE)
    page.get_by_label("Section").select_option(label="World")
    page.get_by_role("button", name="Start", exact=True).click()

    # --- and writes it ---
    text = page.locator(".prose-editor > .ProseMirror")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    article = Article.objects.get(headline=HEADLINE)
    page.get_by_label("Standfirst").fill(STANDFIRST)
    open_panel(page, "Filing")
    page.locator("#id_genre").select_option(label="Analysis")
    page.locator("#id_origin").select_option(label="Agency")
    page.locator("#id_label").fill("Analysis")
    write(page, house, text)
    page.locator("#id_dateline").fill("ALDMERE")
    pick_in(page, "topics", "ship", "Shipping")
    open_panel(page, "Byline")
    pick_in(page, "credit", "north", "North Wire")
    open_panel(page, "Pictures")
    page.locator(".field-lead_image .select2-selection").click()
    choose(page, "basin", "Which picture?")
    page.get_by_role("button", name="Take out Rana Aziz").click()  # agency copy carries no byline of ours
    sources = open_panel(page, "Sources")
    for number, (kind, description, outlet, reason) in enumerate(SOURCES):
        sources.get_by_role("button", name="Add a source").click()
        row = page.locator(f"#attributions-{number}")
        row.locator("[name$=kind]").select_option(kind)
        row.locator("[name$=description]").fill(description)
        row.locator("[name$=outlet]").fill(outlet)
        row.locator("[name$=reason]").fill(reason)
        row.locator("[name$=known_by]").select_option(label="Rana")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved version")

    # --- the titles, as they are printed this once ---
    open_panel(page, "People")
    for number, name in enumerate(TITLES):
        row = page.locator(f"#appearances-{number}")
        expect(row).to_contain_text(name)
        row.locator("[name$=attribution_as_printed]").fill(TITLES[name])
    press(page, "Submit")
    expect(page.locator(".messagelist")).to_contain_text("Submitted")

    # --- Edith reads it, and sends it back ---
    open_story(page, live_server, login, house.edith, article)
    expect(page.locator(".rail")).to_contain_text("“Nystrum” looks like a misprint of Halvard Nystrom")
    press(page, "Send back…")
    page.get_by_label("What has to change").fill("The judge is Nystrom: mend the third mention.")
    page.get_by_role("button", name="Send back", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Sent back")

    # --- Rana mends it ---
    open_story(page, live_server, login, house.rana, article)
    expect(page.get_by_role("heading", name="Sent back by Edith")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("mend the third mention")
    page.get_by_role("toolbar", name="Text tools").wait_for()
    select(text, "Nystrum")
    page.keyboard.type("Nystrom")
    press(page, "Submit")
    expect(page.locator(".messagelist")).to_contain_text("Submitted")

    # --- Edith approves the unnamed source, and the story ---
    open_story(page, live_server, login, house.edith, article)
    expect(page.locator(".rail")).not_to_contain_text("Nystrum")
    open_panel(page, "Sources")
    page.locator("#attributions-0").get_by_role("button", name="Approve").click()
    expect(page.locator(".messagelist")).to_contain_text("The source is approved")
    press(page, "Approve")
    expect(page.locator(".messagelist")).to_contain_text("Approved")

    # --- Max schedules it ---
    open_story(page, live_server, login, house.max, article)
    press(page, "Schedule…")
    warnings = page.get_by_role("group", name="Warnings")
    warnings.wait_for()
    for box in warnings.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Why they do not matter here").fill("Read twice.")
    at = timezone.now().replace(microsecond=0) + timedelta(seconds=AHEAD)
    local = at.astimezone(Publication.objects.current().zone)
    page.get_by_role("dialog").get_by_label("When").fill(f"{local:%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name=re.compile("^Waive . and schedule$")).click()
    expect(page.locator(".messagelist")).to_contain_text("Scheduled for")
    edition = article.editions.get()
    assert edition.live_from == at

    # --- nobody sees a thing of it before ---
    strangers = browser.new_context(**browser_context_args, base_url=live_server.url)
    reader = strangers.new_page()
    for path in ("/", "/world/", "/topics/shipping/", "/search/?q=harbours", "/feed/", "/archive/", "/sitemap.xml"):
        answer = strangers.request.get(path)
        assert answer.status < 500
        assert "harbours sign" not in answer.text(), path
    for path in (edition.path, f"{edition.path}history/", f"/discuss/{article.uid}/"):
        assert strangers.request.get(path).status == 404, path
    assert timezone.now() < at, "the walk before its moment took too long to say anything"

    # --- and at its moment it is there ---
    with clock_at(at, page):
        reader.goto(edition.path)
        assert reader.title().startswith(HEADLINE)
        read(reader, edition)
        reader.goto("/world/")
        expect(reader.get_by_role("link", name=HEADLINE).first).to_be_visible()
        strangers.close()


def clock_at(at, page):
    """A context in which that moment has come: where the process's clock decides it is set, else waited for."""
    if connection.vendor == "sqlite":
        return time_machine.travel(at, tick=True)
    while timezone.now() < at:
        page.wait_for_timeout(200)
    return nullcontext()


def read(reader, edition):
    """What an anonymous reader has before their eyes."""
    story = reader.locator("article.story")
    kicker = story.locator(".story-head .kicker")
    expect(kicker).to_have_text(re.compile(r"^\s*Analysis\s*·\s*World\s*$"))
    expect(kicker.get_by_role("link", name="World")).to_have_attribute("href", "/world/")
    expect(story.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(story.locator(".story-standfirst")).to_have_text(STANDFIRST)
    expect(story.locator(".byline")).to_contain_text("North Wire")
    expect(story.locator(".byline")).not_to_contain_text("Rana")

    cards = story.locator(".story-body article.card")
    expect(cards).to_have_count(3)
    for number, (headline, *_, label) in enumerate(RELATED):
        expect(cards.nth(number).locator(".card-headline")).to_have_text(headline)
        expect(cards.nth(number).locator(".kicker")).to_have_text(label)

    people = reader.get_by_role("complementary", name="Who is in this story").get_by_role("listitem")
    expect(people).to_have_count(2)
    for number, (name, title) in enumerate(TITLES.items()):
        expect(people.nth(number)).to_contain_text(name)
        expect(people.nth(number)).to_contain_text(title)
    linked = list(edition.quotes.values_list("words", flat=True))
    assert len(linked) == 7, linked
    expect(story.locator(".story-body .said")).to_have_count(7)
    words = story.locator(".story-body").inner_text()
    assert len(re.findall("“[^”]+”", words)) == 17, "seven quotations and ten fragments"
    assert "Nystrum" not in words

    star = story.locator("sup.mark", has_text="*")
    expect(star).to_have_count(1)
    before = star.evaluate(
        "el => el.previousSibling.textContent.slice(-18) + '|' + el.nextSibling.textContent.slice(0, 4)"
    )
    assert before == "post-Karst Brigade|-era"
    notes = story.locator(".notes.legal li")
    expect(notes).to_have_count(1)
    for words in ("Karst Brigade is banned in Verrany", "The Gatekeepers", "KB-4"):
        expect(notes).to_contain_text(words)
    expect(story.locator(".notes.footnotes")).to_contain_text("0.4 crowns a container.")

    form = reader.locator("#discuss form")
    expect(form.get_by_label("Your comment")).to_be_visible()
    expect(form.get_by_role("button", name="Send comment")).to_be_visible()
