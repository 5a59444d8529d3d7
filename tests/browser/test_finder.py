"""The finder in a browser: on a phone, with a tap to call, and with topics offered by any of their names."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from experts.actions import cards
from experts.models import AvailabilityWindow, Channel, ExpertTopic, LanguageSkill, Verification
from newsroom import clock
from newsroom.models import TopicName

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
NUMBER = "+962790123456"


@pytest.fixture
def voices(cast):
    """Somebody who can speak on shipping in Arabic at any hour, and somebody whose hours nobody knows."""
    TopicName.objects.create(topic=cast.topic, text="freight")
    made = []
    for name, native in (("Layla Haddad", "ليلى حداد"), ("Omar Zoubi", "عمر الزعبي"), ("Nadia Masri", "")):
        expert = cards.make_card(
            name, by=None, native_name=native, native_language="ar" if native else "", country="JO",
            title="Harbour master", organisation="Port of Aqaba", time_zone="Asia/Amman", formats=["live", "phone"],
        )  # fmt: skip
        ExpertTopic.objects.create(content_object=expert, tag=cast.topic, level=3 - len(made) % 2)
        LanguageSkill.objects.create(expert=expert, tag="ar", level=4, on_air=True)
        Channel.objects.create(expert=expert, kind="mobile", raw=NUMBER, normalized=NUMBER, hours_note="After 16:00")
        made.append(expert)
    for day in range(7):
        AvailabilityWindow.objects.create(expert=made[0], weekday=day, start=dt.time(0), end=dt.time(0))
    today = clock.process_time().date()
    Verification.objects.create(
        expert=made[0], method="met", on=today, by=cast.sami, expires_on=today + dt.timedelta(days=365)
    )
    return made


def sign_in(page, live_server, client, user):
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def test_a_reporter_finds_an_expert_on_a_phone(page, live_server, client, cast, voices, console):
    page.set_viewport_size(PHONE)
    sign_in(page, live_server, client, cast.rana)
    page.goto(live_server.url + reverse("admin:experts_expert_changelist"))
    page.get_by_role("link", name="Find a voice").click()
    page.get_by_label("Topic").press_sequentially("freig")
    expect(page.locator("#finder-topics option")).to_have_attribute("value", "Shipping")
    page.get_by_label("Topic").fill("freight")
    page.get_by_label("Language", exact=True).fill("Arabic")
    page.get_by_label("For", exact=True).select_option("live")
    page.get_by_label("Free", exact=True).select_option("60")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="3 voices")).to_be_visible()
    first = page.locator(".finder-one").first
    expect(first).to_contain_text("Layla Haddad")
    expect(first).to_contain_text("Shipping: high")
    expect(page.get_by_role("heading", name="Hours not known")).to_be_visible()
    expect(first.get_by_role("link", name="Call Layla Haddad")).to_have_attribute("href", f"tel:{NUMBER}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_finder_works_without_a_script(browser, live_server, client, cast, voices):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, client, cast.cora)
    page.goto(live_server.url + reverse("admin:experts_expert_finder"))
    page.get_by_label("Topic").fill("freight")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".finder-one")).to_have_count(3)
    expect(page.locator("a[href^='tel:']")).to_have_count(0)
    context.close()
