"""Leaks: nothing of a story is public before its instant or after its withdrawal, on any address readers have.

A story carries marker words. For every state of the desk and every situation, every
address of the resolver is asked as a stranger, and neither bodies nor headers may hold one.
"""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from articles.actions import images, keeping, take, writing
from articles.models import Comment, Contributor, DeskNote, Kind, State
from articles.workflow import Situation
from experts.models import Expert
from newsroom import clock
from newsroom.models import Topic
from newsroom.web import pages

from .. import zones
from ..base import NOON, DeskTestCase
from ..pictures import jpeg

HOUR = dt.timedelta(hours=1)
MARKERS = {
    "headline": "Zorvanheadline",
    "slug": "zorvan-slug",
    "standfirst": "Zorvanstandfirst",
    "body": "Zorvanbody",
    "caption": "Zorvancaption",
    "alt": "Zorvanalt",
    "topic": "Zorvantopic",
    "note": "Zorvannote",
    "draft": "Zorvandraft",
    "expert": "Zorvanexpert",
}
WAIVED = {"waive": ["*"], "waive_note": "a test"}
NONCES = re.compile(rb'nonce-[\w+/=-]+|name="(?:token|form_token)" value="[^"]*"')


def patterns(urls=None, prefix=""):
    """Every (route, pattern) of the resolver that a stranger may type, the desk aside."""
    for entry in urls or get_resolver().url_patterns:
        route = prefix + str(entry.pattern).lstrip("^")
        if route.startswith("admin/"):
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


@pytest.mark.slow
class LeakTests(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with clock.frozen(NOON - 10 * HOUR):
            cls.picture = images.take_in(
                jpeg(), by=cls.pia, alt=MARKERS["alt"], caption=MARKERS["caption"], credit="Pia"
            )
            cls.secret_topic = Topic.objects.create(name=MARKERS["topic"], slug=MARKERS["topic"].lower())
            cls.secret_expert = Expert.objects.create(display_name=f"Ida {MARKERS['expert']}")
            other = cls.rana_by
            cls.contributor = Contributor.objects.create(name="Newcomer Only", slug="newcomer-only")
            article = cls.make_other(cls, other)
            cls.other = article

    def make_other(self, contributor):
        from ..base import make_article

        return make_article(self, slug="neighbour", headline="A neighbouring story", state=State.PUBLISHED)

    def setUp(self):
        pages.Kept.forget()

    def make_secret(self):
        body = (
            f'<p>{MARKERS["body"]} <span data-desk-note="note-1">here</span>, the port authority says.</p>'
            f'<p><q data-expert="{self.secret_expert.pk}" data-quote="q1">{MARKERS["body"]} said.</q></p>'
            f'<figure data-image="{self.picture.pk}"><figcaption>{MARKERS["caption"]}</figcaption></figure>'
        )
        article = self.make_article(
            headline=MARKERS["headline"], slug=MARKERS["slug"], standfirst=MARKERS["standfirst"], body=body,
            lead_image=self.picture, byline=False, topics=False,
        )  # fmt: skip
        article.bylines.create(contributor=self.contributor)
        article.topics.add(self.secret_topic)
        typed = [["headline", MARKERS["draft"]], ["body", f"<p>{MARKERS['draft']}</p>"]]
        keeping.keep(article, by=self.rana, tab=f"window-{article.pk}", seq=1, fields=typed)
        note = {"article": article, "text": MARKERS["note"], "by": self.rana}
        words = dict.fromkeys(("quoted", "before", "after"), MARKERS["note"])
        marked = DeskNote.objects.create(uid="note-1", **words, **note)
        DeskNote.objects.create(uid="note-2", thread=marked, **note)
        DeskNote.objects.create(uid="note-3", **note)
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        return article

    def take(self, article, name, by, **data):
        take.take(article, name, by=by, seen=take.seen_token(article), **data)
        article.refresh_from_db()

    def approve(self, article):
        self.take(article, "submit", self.rana)
        self.take(article, "approve", self.edith)

    # --- where a story can stand without being public ---

    def stand(self, article, state, situation):
        if situation == Situation.WITHDRAWN:
            self.approve(article)
            self.take(article, "publish", self.edith, **WAIVED)
            Comment.objects.create(
                article=article, name="A reader", body=MARKERS["body"], state="published", created_at=NOON
            )
            with clock.frozen(clock.process_time() + HOUR / 2):
                self.take(article, "withdraw", self.max, note="x", reason="legal_complaint", reader_text="It is gone.")
        if situation == Situation.WAITING:
            self.approve(article)
            self.take(article, "schedule", self.edith, at=NOON + 24 * HOUR, **WAIVED)
        if state == State.PUBLISHED:
            return
        if situation in (Situation.WAITING, Situation.WITHDRAWN):
            with clock.frozen(clock.process_time() + HOUR):
                name = "revise" if situation == Situation.WAITING else "revise-withdrawn"
                self.take(article, name, self.edith)
        self.bring(article, state)

    def bring(self, article, state):
        if state == State.PITCH:
            type(article).objects.filter(pk=article.pk).update(state=State.PITCH)
        elif state == State.SPIKED:
            self.take(article, "spike", self.max, note="no")
        elif state == State.SUBMITTED:
            self.take(article, "submit", self.rana)
        elif state == State.NEEDS_CHANGES:
            self.take(article, "submit", self.rana)
            self.take(article, "send-back", self.edith, note="mend")
        elif state == State.APPROVED:
            self.take(article, "submit", self.cora)
            self.take(article, "approve", self.max)

    STANDS = [
        *[(state, Situation.NONE) for state in State if state != State.PUBLISHED],
        *[
            (state, situation)
            for situation in (Situation.WAITING, Situation.WITHDRAWN)
            for state in (State.PUBLISHED, State.DRAFT, State.SUBMITTED, State.NEEDS_CHANGES, State.APPROVED)
        ],
    ]

    def test_no_public_address_shows_a_secret_story(self):
        for state, situation in self.STANDS:
            with self.subTest(state=state, situation=situation):
                self.look_for_leaks(state, situation)

    def look_for_leaks(self, state, situation):
        from django.db import transaction

        point = transaction.savepoint()
        pages.Kept.forget()
        with clock.frozen(NOON):
            article = self.make_secret()
            self.stand(article, state, situation)
        with clock.frozen(NOON + 2 * HOUR):
            own = set(article.paths.values_list("path", flat=True))
            found = []
            for url in self.addresses(article):
                response = self.client.get(url)
                self.assertLess(response.status_code, 500, url)
                if situation == Situation.WITHDRAWN and any(url.startswith(path) for path in own):
                    self.assertIn(response.status_code, (404, 410), url)
                found += [(url, word) for word in self.markers_in(response, url)]
            self.assertEqual(found, [])
            self.assertEqual(len(self.client.cookies), 0)
        transaction.savepoint_rollback(point)

    def markers_in(self, response, url):
        page = getattr(response, "content", b"") or b"".join(getattr(response, "streaming_content", []))
        page = (page + repr(dict(response.headers)).encode()).lower()
        # What a stranger typed comes back in the search box; that is no leak.
        asked = url.lower()
        words = [*MARKERS.values(), self.picture.token, "newcomer-only"]
        return [word for word in words if word.lower().encode() in page and word.lower() not in asked]

    def addresses(self, article):
        """Every public address, with arguments of the secret story and of its neighbour."""
        day = zones.day()
        stories = [*article.paths.values_list("path", flat=True), "/world/2026/05/04/zorvan-slug/",
                   *self.other.paths.values_list("path", flat=True)]  # fmt: skip
        arguments = {
            "slug": ["world", "shipping", MARKERS["topic"].lower(), "newcomer-only", "rana-aziz",
                     self.secret_expert.slug, "halvard-nystrom"],
            "uid": [str(article.uid), str(self.other.uid)],
            "year": [f"{day:%Y}"], "month": [f"{day:%m}"], "day": [f"{day:%d}"],
        }  # fmt: skip
        urls = {"/search/?q=" + word for word in [*MARKERS.values(), "zorvan", "Newcomer"]}
        urls |= {f"/media/{self.picture.token}-{width}.{ending}" for width in (640, 1280) for ending in ("jpg", "avif")}
        urls |= {f"/media/{self.picture.token}-{shape}-50-50-640.jpg" for shape in ("3x2", "4x3", "16x9")}
        for path in stories:
            urls |= {path, f"{path}history/", path.upper(), path.rstrip("/")}
        for route, _ in patterns():
            urls |= self.filled(route, arguments)
        return sorted(urls)

    def filled(self, route, arguments):
        """The addresses of a route, each argument tried with each of its values."""
        named = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)\??")
        names = [a or b for a, b in named.findall(route)]
        if not set(names) <= set(arguments):
            return set()
        slots = max([len(arguments[name]) for name in names], default=1)
        made = set()
        for number in range(slots):
            url = named.sub(lambda m: arguments[m[1] or m[2]][number % len(arguments[m[1] or m[2]])], route)  # noqa: B023
            url = re.sub(r"\(\?:-?|\)\?|\\|\$|\^", "", url)
            made.add("/" + url.lstrip("/"))
        return made

    def test_no_public_address_shows_a_waiting_update(self):
        for state in (State.DRAFT, State.SUBMITTED, State.NEEDS_CHANGES, State.APPROVED, State.PUBLISHED):
            with self.subTest(state=state):
                self.look_for_leaks_of_an_update(state)

    def look_for_leaks_of_an_update(self, state):
        from django.db import transaction

        point = transaction.savepoint()
        pages.Kept.forget()
        with clock.frozen(NOON):
            article = self.make_article(headline="A plain story", slug="plain-story")
            self.approve(article)
            self.take(article, "publish", self.edith, **WAIVED)
        with clock.frozen(NOON + HOUR):
            self.take(article, "revise", self.rana)
            self.write_markers(article)
            if state == State.PUBLISHED:
                self.approve(article)
                self.take(article, "schedule", self.edith, kind="update", at=NOON + 24 * HOUR, **WAIVED)
            else:
                self.bring(article, state)
        with clock.frozen(NOON + 2 * HOUR):
            found = []
            for url in self.addresses(article):
                response = self.client.get(url)
                self.assertLess(response.status_code, 500, url)
                found += [(url, word) for word in self.markers_in(response, url)]
            self.assertEqual(found, [])
            self.assertContains(self.client.get(zones.story_path("plain-story")), "A plain story")
        transaction.savepoint_rollback(point)

    def write_markers(self, article):
        """The secret words into a working copy."""
        article.headline, article.slug = MARKERS["headline"], MARKERS["slug"]
        article.standfirst, article.lead_image = MARKERS["standfirst"], self.picture
        article.body = (
            f"<p>{MARKERS['body']}, the port authority says.</p>"
            f'<p><q data-expert="{self.secret_expert.pk}" data-quote="q1">{MARKERS["body"]} said.</q></p>'
            f'<figure data-image="{self.picture.pk}"><figcaption>{MARKERS["caption"]}</figcaption></figure>'
        )
        article.save()
        article.topics.set([self.secret_topic])
        article.bylines.create(contributor=self.contributor, order=1)
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()

    def test_the_search_for_leaks_finds_the_words_once_public(self):
        """The same walk finds the words when they may be found, so that finding none says something."""
        with clock.frozen(NOON):
            article = self.make_secret()
            self.approve(article)
            self.take(article, "publish", self.edith, **WAIVED)
        with clock.frozen(NOON + 2 * HOUR):
            found = {word for url in self.addresses(article) for word in self.markers_in(self.client.get(url), url)}
        self.assertEqual(
            set(MARKERS.values()) - {MARKERS["note"], MARKERS["draft"]} | {self.picture.token, "newcomer-only"}, found
        )

    def test_a_hidden_story_answers_like_one_that_never_was(self):
        with clock.frozen(NOON):
            article = self.make_secret()
            self.approve(article)
            self.take(article, "schedule", self.edith, at=NOON + 24 * HOUR, **WAIVED)
        path, never = (zones.story_path(slug, NOON + 24 * HOUR) for slug in ("zorvan-slug", "zorvan-slux"))
        pairs = [
            (path, never),
            (f"{path}history/", f"{never}history/"),
            (f"/discuss/{article.uid}/", "/discuss/00000000-0000-4000-8000-000000000000/"),
            (f"/media/{self.picture.token}-640.jpg", f"/media/{'0' * 32}-640.jpg"),
            ("/people/newcomer-only/", "/people/newcomer-onlx/"),
            (f"/experts/{self.secret_expert.slug}/", "/experts/ida-zorvanexperx/"),
        ]
        self.assertEqual(article.editions.get().path, pairs[0][0])
        with clock.frozen(NOON + 2 * HOUR):
            for hidden, never in pairs:
                self.assertEqual(self.plain_answer(hidden), self.plain_answer(never), hidden)
                self.assertEqual(self.plain_answer(hidden, "HEAD"), self.plain_answer(never, "HEAD"), hidden)

    def plain_answer(self, url, method="GET"):
        response = Client().generic(method, url)
        last = url.rstrip("/").rsplit("/", 1)[-1]
        body = NONCES.sub(b"", response.content).replace(url.encode(), b"URL").replace(last.encode(), b"LAST")
        words = re.sub(rb"zorvan.slu[gx]", b"LAST", body)
        headers = {
            name: NONCES.sub(b"", value.encode())
            for name, value in response.headers.items()
            if name != "Content-Length"
        }
        return response.status_code, words, headers

    def test_a_withdrawn_storys_address_shows_only_the_tombstone(self):
        with clock.frozen(NOON):
            article = self.make_secret()
            self.stand(article, State.PUBLISHED, Situation.WITHDRAWN)
        path = article.editions.filter(kind=Kind.FIRST).get().path
        with clock.frozen(NOON + 2 * HOUR):
            response = self.client.get(path)
        self.assertContains(response, "It is gone.", status_code=410)
        self.assertContains(response, self.publication.contact_email, status_code=410)
        self.assertEqual(self.markers_in(response, path), [])

    def test_debug_is_off_in_these_tests(self):
        self.assertFalse(settings.DEBUG)
