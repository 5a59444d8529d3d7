"""Two people in two browsers, and everything that can go wrong: what was typed is never lost.

tests/desk/test_chaos.py tries two hundred longer sequences without a browser.
"""

import json
import random
import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import Article, PersonalDraft, Revision
from tests.extent import EVERYTHING

from .conftest import caret

SEEDS = range(20) if EVERYTHING else range(1)
STEPS = 12 if EVERYTHING else 6
TEXT = ".prose-editor > .ProseMirror"


class Writer:
    """Somebody with a browser of their own."""

    def __init__(self, user, context, url, login):
        self.user, self.context, self.url = user, context, url
        login(user, context)
        self.page = None

    def open(self):
        self.context.set_offline(False)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(self.url)
        self.page.get_by_role("toolbar", name="Text tools").wait_for()

    @property
    def said(self):
        return self.page.locator("[data-saving]")

    def type(self, word, chance):
        if chance.random() < 0.3:
            box = self.page.locator("#id_standfirst")
            box.fill(f"{box.input_value()} {word}".strip())
        else:
            caret(self.page.locator(TEXT), chance.choice(["start", "end"]))
            self.page.keyboard.type(f" {word} ")
        expect(self.said).to_have_attribute("data-saving", re.compile("kept|browser"))

    def save(self):
        settle = self.page.locator("#settle").get_by_role("button", name="Keep both").first
        button = settle if settle.is_visible() else self.page.get_by_role("button", name="Save", exact=True)
        with self.page.expect_navigation():
            button.click()
        self.page.get_by_role("toolbar", name="Text tools").wait_for()

    def crash(self):
        """The page is gone without a word to anybody."""
        self.page.close()
        self.page = None

    def leave(self):
        self.page.goto("about:blank")
        self.crash()

    def bring_back(self):
        button = self.page.get_by_role("button", name="Bring them back").first
        if button.is_visible():
            with self.page.expect_navigation():
                button.click()
            self.page.get_by_role("toolbar", name="Text tools").wait_for()

    def login_ends(self, word, chance):
        Session.objects.all().delete()
        self.page.locator("#id_headline").focus()
        self.page.keyboard.press("End")
        self.page.keyboard.type(f" {word}")
        dialog = self.page.get_by_role("dialog", name="Log in and go on")
        dialog.get_by_label("Password").fill("pass")
        dialog.get_by_role("button", name="Log in", exact=True).click()
        expect(dialog).to_have_count(0)
        expect(self.said).to_have_attribute("data-saving", "kept")


def words_in(text):
    return set(re.findall(r"word\d+x", text))


@pytest.fixture
def contexts(page, browser, browser_context_args):
    """Two browsers, which send nothing any more when the test ends, however it does."""
    made = [browser.new_context(**browser_context_args) for _ in range(2)]
    yield made
    for context in made:
        for one in context.pages:
            one.goto("about:blank")
        context.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_word_is_lost_in_two_browsers(seed, page, cast, contexts, login, live_server, settings):
    settings.DRAFT_SECONDS, settings.PRESENCE_SECONDS = 0.2, 1
    chance = random.Random(seed)
    story = cast.make_article(body="<p>One.</p><p>Two.</p>", headline="Six")
    url = f"{live_server.url}{story.get_absolute_url()}"
    writers = [Writer(user, one, url, login) for user, one in zip((cast.rana, cast.cora), contexts, strict=True)]
    written = set()

    def word():
        written.add(f"word{len(written)}x")
        return f"word{len(written) - 1}x"

    for _ in range(STEPS):
        writer = chance.choice(writers)
        if writer.page is None:
            writer.open()
        act = chance.choice(["type"] * 6 + ["save", "save", "crash", "leave", "offline", "bring back", "login ends"])
        if act in ("save", "login ends"):
            writer.context.set_offline(False)
        if act == "type":
            writer.type(word(), chance)
        elif act == "offline":
            writer.context.set_offline(True)
            writer.type(word(), chance)
        elif act == "login ends":
            writer.login_ends(word(), chance)
            for other in writers:  # the others' sessions ended, too
                if other is not writer and other.page:
                    other.crash()
                login(other.user, other.context)
        else:
            getattr(writer, act.replace(" ", "_"))()
    for writer in writers:
        if writer.page:
            writer.crash()
        writer.open()
        expect(writer.page.locator(".keeping-offer, [data-keeping]").first).to_be_attached()
        writer.page.wait_for_load_state("load")
    seen = set()
    for _ in range(100):
        story = Article.objects.get()
        places = [story.body, story.headline, story.standfirst]
        places += [json.dumps(row.content) for row in Revision.objects.all()]
        places += [json.dumps(row.fields) for row in PersonalDraft.objects.all()]
        seen = words_in(" ".join(places))
        if seen >= written:
            break
        page.wait_for_timeout(100)  # what only a browser had is on its way
    assert written <= seen, written - seen
