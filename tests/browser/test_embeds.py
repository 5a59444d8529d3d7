"""Embeds in a browser: put in by a reporter, opened by a reader, and nothing asked of others before the click."""

import re

from playwright.sync_api import expect

from articles.actions import images
from articles.models import EmbedHost

from ..pictures import jpeg
from ..site.base import SiteTestCase
from .conftest import caret
from .desk import insert, save

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def test_a_reporter_embeds_a_video_with_a_still_and_quotes_a_post(page, cast, editor, console):
    still = images.take_in(jpeg(640, 360), by=cast.pia, title="The quay", alt="A quay", credit="Pia")
    story = cast.make_article(body="<p>One two three</p>")
    text = editor(cast.rana, story)
    caret(text)
    insert(page, "Embed")
    dialog = page.get_by_role("dialog", name="Embed a video or post")
    expect(dialog).to_contain_text("Allowed: Bluesky, Datawrapper")
    dialog.get_by_label("Its address").fill("https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ")
    dialog.get_by_label("Title").fill("The launch")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("it is not on the list")
    console.clear()  # the refusal itself
    dialog.get_by_label("Its address").fill(f'<iframe width="560" src="{VIDEO}&amp;si=tracker" allow="x"></iframe>')
    page.keyboard.press("Enter")
    card = page.locator(".desk-card--embed")
    expect(card).to_contain_text("The launch")
    card.get_by_role("button", name="Still…").click()
    page.get_by_role("dialog", name="Which picture?").get_by_role("option").first.click()
    expect(card.locator("img")).to_be_visible()

    caret(text)
    insert(page, "Embed")
    dialog.get_by_label("Its address").fill("https://twitter.com/anna/status/1")
    page.keyboard.press("Enter")
    post = page.get_by_role("dialog", name="A post on X")
    post.get_by_label("What it says").fill("Six ports.\n\nNo more.")
    post.get_by_label("Who wrote it").fill("Anna (@anna)")
    post.get_by_label("Posted on").fill("2026-05-02")
    post.get_by_role("button", name="Insert").click()
    expect(page.locator(".desk-card--post")).to_contain_text("X · 2026-05-02")
    save(page)
    story.refresh_from_db()
    assert f'data-embed="{VIDEO}&amp;si=tracker" data-title="The launch" data-image="{still.pk}"' in story.body
    assert (
        '<blockquote data-post="https://twitter.com/anna/status/1" data-author="Anna (@anna)" data-posted="2026-05-02">'
        "<p>Six ports.</p><p>No more.</p></blockquote>" in story.body
    )


def test_a_reader_opens_a_frame_and_before_that_nothing_is_asked_of_others(page, cast, live_server, console):
    edition = SiteTestCase.publish(cast, body=f'<p>See.</p><div data-embed="{VIDEO}" data-title="The launch"></div>')
    asked = []
    page.route(re.compile(r"https://www\.youtube-nocookie\.com/"), lambda route: (
        asked.append(route.request.url), route.fulfill(body="<p>The player</p>", content_type="text/html"),
    ))  # fmt: skip
    elsewhere = []
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto(f"{live_server.url}{edition.path}")
    play = page.get_by_role("button", name="Play the video")
    expect(play).to_be_visible()
    assert [url for url in elsewhere if not url.startswith(live_server.url)] == []
    play.press("Enter")
    expect(page.frame_locator("iframe[title='The launch']").locator("p")).to_have_text("The player")
    assert asked == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"]

    host = EmbedHost.objects.get(seed="youtube")
    host.is_on = False
    host.save()
    page.reload()
    expect(page.get_by_role("link", name="Watch on YouTube")).to_be_visible()
    expect(page.get_by_role("button", name="Play the video")).to_be_hidden()
