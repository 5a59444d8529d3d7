"""Two people and everything that can go wrong: whatever the order of events, no word that was kept is lost.

Each of them writes in windows that do what static/desk/keeping/keep.js does: a copy in the browser at once, a draft on
the server, leftovers sent and offered on return. Networks fail before and after the server has heard, logins end,
browsers die, the live story is corrected meanwhile. tests/browser/test_keeping.py shows that the script does so.
"""

import json
import os
import random
import re
from collections import Counter
from contextlib import suppress

from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html

from articles.actions import corrections, take
from articles.models import Article, PersonalDraft, Revision, State
from tests.base import DeskTestCase
from tests.extent import EVERYTHING

SEEDS = range(*map(int, os.environ.get("CHAOS", "0:200" if EVERYTHING else "0:2").split(":")))
STEPS = 24
BODY = "".join(f"<p>Paragraph {n} says something, according to the port authority.</p>" for n in range(4))
NOT_TYPED = re.compile(r"csrfmiddlewaretoken|draft_(tab|seq|taken)|_.*|overwrite")
WORD = re.compile(r"word\d+x")


class Dead(Exception):
    """The network, or the server, is not there."""


class Browser:
    """Somebody's browser: its login, what it keeps, and the windows that are open in it."""

    def __init__(self, case, user, chance):
        self.case, self.user, self.chance = case, user, chance
        self.client, self.copies, self.online = Client(), {}, True
        self.client.force_login(user)
        self.window = None

    def ask(self, method, url, data=None, *, sure=False):
        """A request that may be lost on its way, or whose answer may be."""
        if not self.online or (not sure and self.chance.random() < 0.06):
            raise Dead
        answer = getattr(self.client, method)(url, data or {})
        if not sure and self.chance.random() < 0.06:
            raise Dead
        self.case.assertLess(answer.status_code, 500, (method, url, data))
        if answer.status_code == 302 and reverse("admin:login") in answer["Location"]:
            self.client.force_login(self.user)  # the dialog over the text
            return self.ask(method, url, data, sure=sure)
        return answer

    def open(self, *, sure=False):
        try:
            answer = self.ask("get", self.case.url, sure=sure)
            self.window = Window(self, answer)
            self.window.come_back(sure=sure)
        except Dead:
            self.window = self.window or None

    def die(self):
        self.window = None


class Window:
    """A story's page, as one browser holds it."""

    def __init__(self, browser, answer):
        self.browser, self.case = browser, browser.case
        page = lxml_html.fromstring(answer.content)
        self.form = next(form for form in page.forms if "draft_tab" in form.fields)
        self.boxes = [[name, value] for name, value in self.form.form_values()]
        self.tab = self.box("draft_tab") or f"window-{browser.chance.getrandbits(48)}"
        self.seq = int(self.box("draft_seq") or 0)
        self.taken = self.box("draft_taken")
        self.settles = "settle" in self.form.fields
        self.dirty, self.offers, self.came_back = False, [], False
        if page.xpath("//*[@data-unsaved]"):
            self.changed()

    def box(self, name):
        return next((value for one, value in self.boxes if one == name), "")

    def type(self, name, change):
        for pair in self.boxes:
            if pair[0] == name:
                pair[1] = change(pair[1])
                self.changed()
                return True
        return False

    def changed(self):
        self.seq += 1
        self.dirty = True
        self.browser.copies[self.tab] = self.state()

    def state(self):
        typed = [pair for pair in self.boxes if not NOT_TYPED.fullmatch(pair[0])]
        base = self.box("base_version") or "0"
        return {
            "tab": self.tab,
            "seq": self.seq,
            "base_version": base,
            "fields": json.dumps(typed),
            "taken": self.taken,
        }

    def keep(self, state=None, *, sure=False):
        """What the script does a second after a key, and with copies that were left."""
        state = state or self.state()
        sent = state | {"story": self.case.article.pk, "person": self.browser.user.pk}
        answer = self.browser.ask("post", reverse("desk:drafts"), sent, sure=sure)
        if answer.status_code == 409 and state["tab"] == self.tab and self.dirty:
            self.seq = answer.json()["seq"]
            self.changed()
            return self.keep(sure=sure)
        self.case.assertIn(answer.status_code, (200, 409), answer.content)
        if state["tab"] == self.tab:
            self.dirty = False
            for tab in self.taken.split():
                self.browser.copies.pop(tab, None)
            if not self.came_back:
                self.come_back(sure=sure)
        return answer

    def come_back(self, *, sure=False):
        """Send what only the browser has; what is saved or offered as nothing new needs no copy.

        Where that fails it is tried again after the next words that were kept.
        """
        self.came_back = True
        try:
            self._come_back(sure)
        except Dead:
            self.came_back = False
            raise

    def _come_back(self, sure):
        copies = self.browser.copies
        left = [tab for tab in copies if tab != self.tab]
        query = {"story": self.case.article.pk, "tabs": " ".join(left)}
        found = self.browser.ask("get", reverse("desk:drafts"), query, sure=sure).json()
        for tab in left:
            if copies[tab]["seq"] <= found["saved"].get(tab, -1):
                del copies[tab]
            elif copies[tab]["seq"] > found["kept"].get(tab, -1):
                self.keep(copies[tab], sure=sure)
        found = self.browser.ask("get", reverse("desk:drafts"), query, sure=sure).json()
        self.offers = [one for one in found["offers"] if one["tab"] not in (self.tab, *self.taken.split())]
        for one in [one for one in self.offers if not one["differs"]]:
            self.browser.ask("post", reverse("desk:discard", args=[one["id"]]), sure=sure)
            copies.pop(one["tab"], None)
        self.offers = [one for one in self.offers if one["differs"]]

    def send(self, button, value="1"):
        """Save, bring in or settle: ask whether that can be done, then send the form."""
        self.browser.ask("get", reverse("desk:drafts"), {"only": "login"})
        sent = {}
        for name, text in self.boxes:
            sent.setdefault(name, []).append(text)
        sent |= {"draft_tab": self.tab, "draft_seq": self.seq, "draft_taken": self.taken, button: value}
        answer = self.browser.ask("post", self.case.url, sent)
        self.answered(answer)
        return answer.status_code

    def restore(self):
        if self.dirty or not self.offers:
            return
        self.answered(self.browser.ask("post", self.case.url, {"_restore": self.offers[0]["id"]}))

    def answered(self, answer):
        if answer.status_code == 302:
            self.browser.open()
        elif answer.status_code == 403:
            self.case.fail("nobody was to lose the right to this story")
        else:
            self.browser.window = Window(self.browser, answer)


class ChaosCase(DeskTestCase):
    def begin(self, seed):
        self.chance = chance = random.Random(seed)
        self.article = self.make_article(state=State.PUBLISHED, body=BODY, slug=f"story-{seed}")
        take.take(self.article, "revise", by=self.rana, seen=take.seen_token(self.article))
        self.article.attributions.create(description="a clerk", reason="fear")
        self.url = reverse("admin:articles_article_change", args=[self.article.pk])
        self.written, self.count = {}, 0
        self.browsers = [Browser(self, user, chance) for user in (self.edith, self.cora)]
        for browser in self.browsers:
            browser.open(sure=True)

    def word(self):
        self.count += 1
        return f"word{self.count}x"

    # --- what happens -------------------------------------------------------------------------------

    def type(self, browser):
        word, chance = self.word(), self.chance

        def into_text(body):
            blocks = re.findall(r"<p>.*?</p>", body) or ["<p></p>"]
            place = chance.randrange(len(blocks))
            if chance.random() < 0.3:
                blocks.insert(place, f"<p>A new one with {word}.</p>")
            else:
                blocks[place] = blocks[place].replace("</p>", f" {word}</p>")
            if chance.random() < 0.15:
                blocks.append(blocks.pop(chance.randrange(len(blocks))))
            return "".join(blocks)

        box = chance.choice(["body"] * 6 + ["headline", "standfirst", "budget_line", "attributions-0-description"])
        change = into_text if box == "body" else lambda value: f"{value[:60]} {word}".strip()
        before = browser.window.box(box)
        if browser.window.type(box, change):
            self.written[word] = browser.user.username
            # What somebody cuts off a line of their own is no loss of ours.
            for cut in set(WORD.findall(before)) - set(WORD.findall(browser.window.box(box))):
                self.written.pop(cut, None)

    def save(self, browser):
        browser.window.send("_save")

    def bring(self, browser):
        browser.window.send("_bring")

    def settle(self, browser):
        if browser.window.settles:
            browser.window.send("_settle", "0:both")

    def keep(self, browser):
        browser.window.keep()

    def restore(self, browser):
        browser.window.restore()

    def die(self, browser):
        browser.die()

    def reload(self, browser):
        browser.open()

    def network(self, browser):
        browser.online = not browser.online

    def login_ends(self, browser):
        browser.client.logout()

    def log_out(self, browser):
        """What only the browser has goes to the server first; then the browser forgets it."""
        for state in list(browser.copies.values()):
            browser.window.keep(state)
        browser.copies.clear()
        browser.client.logout()
        browser.window = None
        browser.client.force_login(browser.user)

    def correct(self, browser):
        word = self.word()
        body = Article.objects.get(pk=self.article.pk).editions.live().get().revision.content["body"]
        with transaction.atomic():
            corrections.editors_note(
                Article.objects.get(pk=self.article.pk), by=self.max, note="a test", reader_text="Put right.",
                changes={"body": body.replace("</p>", f" {word}</p>", 1)},
            )  # fmt: skip
        self.written[word] = "max"

    EVENTS = (
        [type] * 9 + [keep] * 5 + [save] * 5 + [settle] * 4 + [bring, restore, restore, die, reload, network, network]
        + [login_ends, log_out, correct]
    )  # fmt: skip

    def step(self):
        browser = self.chance.choice(self.browsers)
        event = self.chance.choice(self.EVENTS)
        if browser.window is None:
            browser.open()
        if browser.window is None:
            browser.online = True
            return
        with suppress(Dead):
            event(self, browser)
            self.what_happened[event.__name__] += 1

    # --- what is left -------------------------------------------------------------------------------

    def lost(self):
        """The words that are nowhere, after both have come back with network and login."""
        open_pages = ""
        for browser in self.browsers:
            browser.online = True
            if browser.window and self.chance.random() < 0.5:
                open_pages += json.dumps(browser.window.boxes)
                browser.window.keep(sure=True)
            else:
                browser.die()
                browser.open(sure=True)
        article = Article.objects.get(pk=self.article.pk)
        places = [json.dumps(list(revision.content.values())) for revision in Revision.objects.filter(article=article)]
        places += [json.dumps(draft.fields) for draft in PersonalDraft.objects.filter(article=article)]
        places += [article.body, article.headline, article.standfirst, article.budget_line, open_pages]
        found = set(WORD.findall(" ".join(places)))
        return {word: who for word, who in self.written.items() if word not in found}


class ChaosTests(ChaosCase):
    def test_no_word_is_lost_whatever_the_order_of_events(self):
        words, self.what_happened = 0, Counter()
        for seed in SEEDS:
            with self.subTest(seed=seed):
                mark = transaction.savepoint()
                self.begin(seed)
                for _ in range(STEPS):
                    self.step()
                self.assertEqual(self.lost(), {})
                words += len(self.written)
                transaction.savepoint_rollback(mark)
        print(f"{len(SEEDS)} sequences, {words} words, {self.what_happened}")
        self.assertGreater(words, len(SEEDS) * 3)
