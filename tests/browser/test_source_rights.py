"""A person's rights in a browser: consent is asked, given and withdrawn; cards are merged, separated and removed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from experts.actions import requests
from experts.models import Expert
from tests.experts.full import DAY, full_card

from .desk import sign_out

AXE = Axe().axe_script
# Django's own frame: the breadcrumbs stand outside the landmarks.
LEFT = {"rules": {"region": {"enabled": False}}}


@pytest.fixture
def who(cast):
    cache.clear()
    return full_card(cast.sami, cast.topic, word="Alazzeh", number="+962790123456", public=False)


@pytest.fixture
def other(cast, who):
    return full_card(cast.sami, cast.topic, word="Allazzeh", number="+962790123999", public=False)


def tidy(page, width=1280):
    """Nothing that axe finds, and no page wider than its window."""
    for size in (width, 390):
        page.set_viewport_size({"width": size, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide at {size}"
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(AXE)
    found = page.evaluate("(options) => axe.run(document, {resultTypes: ['violations'], ...options})", LEFT)
    assert not found["violations"], [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found["violations"]
    ]


def shot(page, name):
    """A picture for who wants to look: SHOTS names the folder."""
    import os

    if folder := os.environ.get("SHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})


def test_a_persons_page_is_agreed_to_shown_and_taken_down(page, cast, who, login, live_server):
    login(cast.sami)
    page.goto(f"{live_server.url}/admin/experts/expert/{who.pk}/consent/")
    shot(page, "consent")
    page.get_by_label("Send the link to").fill("ida@sea.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.locator(".messagelist")).to_contain_text("on its way")
    tidy(page)
    link = live_server.url + re.search(r"https?://[^/]+(/your-card/\S+)", mail.outbox[-1].body)[1]

    sign_out(page)  # from here on, the person themselves
    page.goto(link)
    shot(page, "own")
    page.get_by_label("Short biography").check()
    page.get_by_label("Roles, with dates").check()
    page.get_by_label("Topics").check()
    page.get_by_role("button", name="Show my page").click()
    expect(page.get_by_text("Without your agreement nothing is shown")).to_be_visible()
    expect(page.get_by_label("Short biography")).to_be_checked()
    tidy(page)
    page.get_by_label("I agree that readers see").check()
    page.get_by_role("button", name="Show my page").click()
    expect(page.get_by_role("status")).to_contain_text("Readers can see your page now")
    page.get_by_label("Who you are, in one line").fill("A reader in maritime law")
    page.get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_role("status")).to_contain_text("The desk reads what you wrote")

    public = f"{live_server.url}{who.get_absolute_url()}"
    assert page.goto(public).status == 200
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ida Alazzeh")
    expect(page.locator("main")).to_contain_text("Alazzeh biography")
    expect(page.locator("main")).not_to_contain_text("paid by a shipper")
    shot(page, "profile")
    tidy(page)

    page.goto(link)
    page.get_by_role("button", name="Take my page off").click()
    expect(page.get_by_role("status")).to_contain_text("Your page is gone")
    assert page.goto(public).status == 410
    shot(page, "gone")
    tidy(page)

    login(cast.sami)
    page.goto(f"{live_server.url}/admin/experts/expert/requests/")
    shot(page, "requests")
    tidy(page)
    page.get_by_role("row", name="To correct it").get_by_role("link", name="Decide").click()
    shot(page, "request")
    page.get_by_label("Short bio").check()
    tidy(page)
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.locator(".messagelist")).to_contain_text("Taken over")
    assert Expert.objects.get(pk=who.pk).short_bio == "A reader in maritime law"


def test_two_cards_are_merged_and_separated_again(page, cast, who, other, login, live_server):
    login(cast.sami)
    page.goto(f"{live_server.url}/admin/experts/expert/{who.pk}/change/")
    page.get_by_role("link", name="Merge another card into this one").click()
    page.get_by_label("Name on the other card").fill("allazzeh")
    page.get_by_role("button", name="Look").click()
    shot(page, "merge-with")
    tidy(page)
    page.get_by_role("link", name="Ida Allazzeh").click()
    shot(page, "merge")
    page.get_by_role("group", name="Bio", exact=True).get_by_label("Allazzeh biography").check()
    tidy(page)
    page.get_by_role("button", name="Merge them").click()
    expect(page.locator(".messagelist")).to_contain_text("is part of this card now")
    assert Expert.objects.get(pk=who.pk).bio == "Allazzeh biography"
    page.get_by_role("link", name="Take it back").click()
    shot(page, "undo")
    tidy(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".messagelist")).to_contain_text("Two cards again")
    assert Expert.objects.get(pk=who.pk).bio == "Alazzeh biography"
    assert Expert.objects.get(pk=other.pk).in_use


def test_a_person_is_removed_once_their_name_is_typed(page, cast, who, login, live_server):
    requests.add_request(who, kind="erase", received=DAY, words="Take me out.", by=cast.sami)
    login(cast.sami)
    page.goto(f"{live_server.url}/admin/experts/expert/{who.pk}/change/")
    page.get_by_role("link", name="Remove them").click()
    shot(page, "remove")
    tidy(page)
    page.get_by_label("Type the name").fill("Ida")
    page.get_by_role("button", name="Remove this person").click()
    expect(page.get_by_text("That is not the name on the card")).to_be_visible()
    page.get_by_label("Type the name").fill("Ida Alazzeh")
    page.get_by_role("button", name="Remove this person").click()
    expect(page.locator(".messagelist")).to_contain_text("The card is gone")
    expect(page.locator("#content")).not_to_contain_text("Alazzeh")
