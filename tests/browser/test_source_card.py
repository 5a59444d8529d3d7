"""The source book in a browser: cards are made from a name, edited in place, and their sealed details opened."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from experts.actions import bars, cards, channels, jobs, log, verification
from experts.models import AccessLog, Expert
from newsroom import paper

from .desk import sign_out

pytestmark = pytest.mark.slow

AXE = Axe().axe_script
SHOTS = os.environ.get("SHOTS")  # a folder to leave pictures in, for who wants to look at them


def where(name, *args):
    return reverse(f"admin:experts_expert_{name}", args=args)


@pytest.fixture
def card(cast):
    """A card with something in every box."""
    card = cards.make_card("Muhannad Alazzeh", by=cast.sami, title="former Jordanian senator", native_name="مهند العزة",
                      native_language="ar", time_zone="Asia/Amman", country="JO", city="Amman")  # fmt: skip
    card.pronunciation, card.short_bio, card.formats = "mo-HAN-nad al-AZ-zeh", "Rights commissioner", ["phone", "live"]
    card.save()
    for kind, raw, tier in (("mobile", "+962 7 9012 3456", "staff"), ("email", "m@alazzeh.example", "public"),
                            ("mobile", "+44 7700 900123", "restricted")):  # fmt: skip
        channels.add_channel(card, kind=kind, raw=raw, tier=tier, by=cast.sami)
    jobs.add_role(
        card, by=cast.sami, title="Commissioner", organisation="Rights Office", start="2021-03", is_primary=True
    )
    log.add_note(card, "Speaks freely only abroad", by=cast.sami)
    log.add_entry(card, by=cast.rana, outcome="later", note="In session until six", follow_up_on=paper.today())
    verification.record_check(card, method="switchboard", outcome="confirmed", by=cast.sami)
    card.topics.add(cast.topic)
    card.languages.create(tag="ar-JO", level=4, on_air=True)
    card.disclosures.create(kind="party", print_text="He sat for the Reform list until 2020.", must_print=True)
    return card


@pytest.fixture
def visit(page, live_server, login):
    def go(user, path):
        sign_out(page)
        login(user)
        page.goto(f"{live_server.url}{path}")
        return page

    return go


def assert_fit(page, name):
    """No fault that axe knows and nothing wider than the window, light and dark, on a phone and on a desk."""
    for size in ({"width": 1280, "height": 900}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Colours that are still on their way from one scheme to the other are neither's.
            page.evaluate("document.getAnimations().forEach((one) => one.finish())")
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{scheme}-{size['width']}.png", full_page=True)
            page.evaluate(AXE)
            found = page.evaluate(
                "async () => (await axe.run({ exclude: ['.select2-container'] }, { preload: false })).violations.map("
                "({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)"
            )
            assert not found, f"{name}, {scheme}, {size['width']}: {found}"
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} is {wide} pixels too wide at {size['width']}"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def test_a_card_is_made_from_a_name_filled_and_rung(cast, visit, console):
    page = visit(cast.sami, where("add"))
    page.get_by_label("Name").fill("Rosalind Tam")
    page.get_by_role("button", name="Make the card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rosalind Tam")

    reach = page.get_by_role("region", name="Reach them")
    reach.get_by_role("link", name="Add").click()
    reach.get_by_label("Kind").select_option("phone")
    reach.get_by_label("Number or address").fill("020 7946")
    reach.get_by_role("button", name="Add it").click()
    expect(reach.get_by_label("Number or address")).to_have_value("020 7946")
    expect(reach).to_contain_text("country's code")
    reach.get_by_label("Number or address").fill("+44 20 7946 0001")
    reach.get_by_role("button", name="Add it").click()
    expect(reach.get_by_role("link", name="Call +44 20 7946 0001")).to_have_attribute("href", "tel:+442079460001")
    reach.get_by_role("button", name="Works +44 20 7946 0001").click()
    expect(reach).to_contain_text("Works")

    log = page.get_by_role("region", name="Contact log")
    log.get_by_label("Outcome").select_option("reached")
    log.get_by_label("Note:", exact=True).fill("Will call at six")
    log.get_by_role("button", name="Log it").click()
    expect(log.get_by_role("listitem").first).to_contain_text("Will call at six")
    console[:] = [line for line in console if "status of 400" not in line]  # the browser tells of every refusal


def test_a_stale_form_of_a_cards_part_keeps_what_was_typed(cast, card, visit, console):
    page = visit(cast.sami, where("change", card.pk))
    held = page.get_by_role("region", name="Roles")
    held.get_by_role("link", name="They changed role from Commissioner, Rights Office").click()
    held.get_by_label("The old role ended").fill("2026-03")
    held.get_by_label("Title").fill("Minister")
    held.get_by_role("button", name="Close the old role").click()
    expect(held).to_contain_text("Minister, Rights Office")
    expect(held).to_contain_text("2021-03 – 2026-03")
    expect(page.get_by_role("heading", name="Roles")).to_be_focused()

    page.get_by_role("link", name="Edit names").click()
    head = page.locator("[data-box=head]")
    head.get_by_label("Pronunciation").fill("typed with care")
    cards.record_change(Expert.objects.get(pk=card.pk), "roles", "Somebody else was here", by=cast.max)
    head.get_by_role("button", name="Save").click()
    expect(head).to_contain_text("Somebody else was here")
    expect(head.get_by_label("Pronunciation")).to_have_value("typed with care")
    head.get_by_role("button", name="Save").click()
    expect(head).to_contain_text("Say “typed with care”")

    page.get_by_role("link", name="Edit names").click()
    head.get_by_role("link", name="Not now").click()
    expect(head.get_by_label("Pronunciation")).to_have_count(0)
    console[:] = [line for line in console if "status of 409" not in line]


def test_two_forms_open_at_once_do_not_make_each_other_stale(cast, card, visit, console):
    page = visit(cast.sami, where("change", card.pk))
    page.get_by_role("link", name="Edit topics").click()
    topics = page.get_by_role("region", name="Speaks on")
    topics.get_by_label("Topic").first.wait_for()
    page.get_by_role("link", name="Edit status and review").click()
    status = page.get_by_role("region", name="Status and review")
    status.get_by_label("Where we have this from").fill("The archive")
    status.get_by_role("button", name="Save").click()
    expect(status).to_contain_text("from The archive")
    topics.get_by_label("Level").first.select_option("3")
    topics.get_by_role("button", name="Save").click()
    expect(topics).to_contain_text("high")
    assert not console


def test_a_sealed_detail_is_opened_once_with_a_reason(cast, card, visit, console):
    page = visit(cast.max, where("change", card.pk))
    reach = page.get_by_role("region", name="Reach them")
    expect(reach).to_contain_text("Restricted: sealed")
    expect(page.locator("body")).not_to_contain_text("900123")
    reach.get_by_label("Why do you open it?").fill("Breaking: the minister resigned")
    reach.get_by_role("button", name="Open, on record").click()
    expect(reach).to_contain_text("+44 7700 900123")
    expect(reach.locator("[data-opened]")).to_be_focused()
    page.reload()
    expect(page.locator("body")).not_to_contain_text("900123")
    expect(page.get_by_role("region", name="Changes")).to_contain_text("Breaking: the minister resigned")
    assert AccessLog.objects.get().by == cast.max


def test_a_card_is_kept_without_a_script(cast, card, browser, browser_context_args, live_server, login, page):
    context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, "java_script_enabled": False})
    login(cast.sami, context)
    tab = context.new_page()
    tab.goto(where("add"))
    tab.get_by_label("Name").fill("Muhanad Al-Azzeh")
    tab.get_by_role("button", name="Make the card").click()
    expect(tab.get_by_role("alert").first).to_contain_text("Is it one of these?")
    tab.get_by_label("Why make another card?").fill("His brother, the poet")
    tab.get_by_role("button", name="Make the card anyway").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Muhanad Al-Azzeh")

    tab.goto(where("change", card.pk))
    tab.get_by_role("link", name="Edit names").click()
    tab.get_by_label("Pronunciation").fill("as heard")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator("[data-box=head]")).to_contain_text("Say “as heard”")
    tab.get_by_label("Outcome").select_option("reached")
    tab.get_by_role("button", name="Log it").click()
    expect(tab.get_by_role("region", name="Contact log").get_by_role("listitem").first).to_contain_text("Reached")
    reach = tab.get_by_role("region", name="Reach them")
    reach.get_by_label("Why do you open it?").fill("Breaking story")
    reach.get_by_role("button", name="Open, on record").click()
    expect(tab.locator("[data-opened]")).to_contain_text("+44 7700 900123")
    tab.goto("about:blank")
    context.close()


def test_every_page_of_a_card_fits_and_passes_axe(cast, card, visit, console):
    page = visit(cast.sami, where("change", card.pk))
    assert_fit(page, "card")
    page.get_by_role("link", name="Edit when and how they speak").click()
    page.get_by_role("region", name="When and how they speak").get_by_role("button", name="Save").wait_for()
    assert_fit(page, "in-place")
    bars.set_bar(card, by=cast.sami, kind="contact", reason="Asked us to stop until the trial is over")
    for user, path, name in (
        (cast.cora, where("change", card.pk), "card-names"), (cast.rana, where("change", card.pk), "card-staff"),
        (cast.sami, where("changelist"), "list"), (cast.sami, where("queues"), "queues"),
        (cast.sami, where("add"), "add"), (cast.sami, where("log", card.pk), "log"),
        (cast.sami, where("history", card.pk), "history"), (cast.sami, where("part", card.pk, "channels"), "channels"),
        (cast.sami, where("part", card.pk, "names"), "names"), (cast.sami, where("part", card.pk, "notes"), "notes"),
    ):  # fmt: skip
        assert_fit(visit(user, path), name)


def test_a_tapped_number_brings_the_log_to_the_top(visit, card, cast):
    page = visit(cast.rana, where("change", card.pk))
    page.set_viewport_size({"width": 390, "height": 844})
    top = "name => document.getElementById(name).getBoundingClientRect().top"
    assert page.evaluate(top, "channels") < page.evaluate(top, "log")
    page.locator("a[href^='tel:']").first.click()
    expect(page.locator("#log .source-tapped")).to_contain_text("+962 7 9012 3456")
    assert page.evaluate(top, "log") < page.evaluate(top, "channels")
    page.reload()  # as a telephone does when it comes back from the call
    assert page.evaluate(top, "log") < page.evaluate(top, "channels")
    assert page.locator("#id_log-channel").input_value() == "mobile"
    page.locator("#id_log-outcome").select_option("reached")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator(".source-log")).to_contain_text("Reached")
    assert page.evaluate(top, "channels") < page.evaluate(top, "log")
    assert card.channels.get(kind="mobile").verify_result == "works"
