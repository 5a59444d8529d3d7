"""What somebody types is kept before it is saved: on the server, for its own person, and put back with its base."""

import json
from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from django.urls import reverse

from articles.actions import keeping, take, writing
from articles.models import Article, PersonalDraft, Presence, State
from newsroom import clock
from tests.base import NOON, DeskTestCase

from .pages import filled

pytestmark = pytest.mark.engines
TAB = "window-one"


class KeepingTestCase(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(body="<p>One.</p><p>Two.</p>")
        self.client.force_login(self.edith)
        self.page = self.client.get(self.url)

    @property
    def url(self):
        return reverse("admin:articles_article_change", args=[self.article.pk])

    def typed(self, **changes):
        """What a browser holds of the form, with some boxes typed anew: [[name, value], …]."""
        pairs = []
        shown = self.page.context["keeping"]["shown"]
        for name, value in (filled(self.page, **changes) | {"planning_shown": shown}).items():
            pairs += [[name, str(one)] for one in (value if isinstance(value, list) else [value])]
        return pairs

    def keep(self, pairs, *, seq=1, tab=TAB, person=None, story=None, **more):
        story = self.article.pk if story is None else story
        person = self.client.session["_auth_user_id"] if person is None else person
        sent = {"story": story, "tab": tab, "seq": seq, "base_version": 1, "fields": json.dumps(pairs)}
        return self.client.post(reverse("desk:drafts"), sent | {"person": person} | more)

    def offers(self, **query):
        answer = self.client.get(reverse("desk:drafts"), {"story": self.article.pk} | query)
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def bring_back(self):
        return self.client.post(self.url, {"_restore": self.offers()["offers"][0]["id"]})

    def saved_by_rana(self, **changes):
        self.article.refresh_from_db()
        for name, value in changes.items():
            setattr(self.article, name, value)
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)


class DraftTests(KeepingTestCase):
    def test_what_was_typed_is_kept_and_offered_with_what_differs(self):
        self.assertEqual(self.keep(self.typed(headline="Kept words")).status_code, 200)
        offer = self.offers()["offers"][0]
        self.assertEqual(offer["version"], 1)
        self.assertEqual([row["label"] for row in offer["differs"]], ["Headline"])
        self.assertIn("Kept", offer["differs"][0]["html"])

    def test_a_notes_mark_alone_is_nothing_typed(self):
        marked = '<p><span data-desk-note="note-0001">One</span>.</p><p>Two.</p>'
        self.keep(self.typed(body=marked))
        self.assertEqual(self.offers()["offers"][0]["differs"], [])
        self.keep(self.typed(body=marked.replace("Two", "Three")), seq=2)
        self.assertEqual([row["label"] for row in self.offers()["offers"][0]["differs"]], ["Text"])

    def test_a_draft_comes_back_into_the_form_and_saves_nothing(self):
        source = {"kind": "unnamed", "description": "a clerk", "reason": "fear"}
        row = {f"attributions-0-{name}": value for name, value in source.items()} | {"attributions-TOTAL_FORMS": "1"}
        self.keep(self.typed(headline="Kept words", budget_line="For the conference", **row))
        answer = self.bring_back()
        self.assertEqual(answer.status_code, 200)
        form = answer.context["adminform"].form
        self.assertEqual((form["headline"].value(), form["budget_line"].value()), ("Kept words", "For the conference"))
        self.assertContains(answer, "a clerk")
        self.assertContains(answer, "is back in the form. It is not saved yet.")
        self.assertNotContains(answer, "errornote")
        self.article.refresh_from_db()
        self.assertEqual((self.article.version, self.article.headline), (1, "Six ports agree a rule"))

    def test_what_comes_back_is_begun_from_its_own_version(self):
        self.keep(self.typed(standfirst="My standfirst."))
        self.saved_by_rana(headline="Rana was quicker")
        answer = self.bring_back()
        self.assertEqual(self.client.post(self.url, filled(answer)).status_code, 302)
        self.article.refresh_from_db()
        self.assertEqual((self.article.headline, self.article.standfirst), ("Rana was quicker", "My standfirst."))

    def test_a_later_state_is_never_overtaken_by_an_earlier(self):
        self.keep(self.typed(headline="Later"), seq=5)
        answer = self.keep(self.typed(headline="Earlier"), seq=4)
        self.assertEqual((answer.status_code, answer.json()["seq"]), (409, 5))
        self.assertEqual(self.keep(self.typed(headline="Later"), seq=5).status_code, 200)
        self.assertIn(["headline", "Later"], PersonalDraft.objects.get().fields)

    def test_two_windows_of_one_person_are_kept_apart(self):
        self.keep(self.typed(headline="In the first"))
        self.keep(self.typed(headline="In the second"), tab="window-two")
        self.assertEqual(len(self.offers()["offers"]), 2)

    def test_a_window_that_took_another_in_replaces_it(self):
        self.keep(self.typed(headline="In the first"))
        self.keep(self.typed(headline="In both"), tab="window-two", taken=TAB)
        self.assertEqual([offer["tab"] for offer in self.offers()["offers"]], ["window-two"])

    def test_saving_ends_the_draft_and_no_late_request_brings_it_back(self):
        pairs = self.typed(headline="Saved words")
        self.keep(pairs, seq=7)
        sent = filled(self.page, headline="Saved words") | {"draft_tab": TAB, "draft_seq": "8"}
        self.assertEqual(self.client.post(self.url, sent).status_code, 302)
        self.assertEqual(self.keep(pairs, seq=8).status_code, 409)
        found = self.offers(tabs=TAB)
        self.assertEqual((found["offers"], found["saved"]), ([], {TAB: 8}))

    def test_a_refused_save_keeps_the_draft(self):
        self.keep(self.typed(headline="Kept words"))
        sent = filled(self.page, slug="Not A Slug") | {"draft_tab": TAB, "draft_seq": "8"}
        answer = self.client.post(self.url, sent)
        self.assertEqual(answer.status_code, 400)
        self.assertContains(answer, f'name="draft_tab" value="{TAB}"', status_code=400)
        self.assertFalse(PersonalDraft.objects.get().saved)

    def test_words_that_are_in_the_story_by_now_differ_in_nothing(self):
        self.keep(self.typed(headline="The same words", body="<p>One.</p><p>Two!</p>"))
        self.saved_by_rana(headline="The same words", body="<p>One.</p><p>Two!</p>")
        self.assertEqual(self.offers()["offers"][0]["differs"], [])

    def test_a_box_that_a_colleague_changed_is_no_difference_of_mine(self):
        self.keep(self.typed(headline="Mine"))
        self.saved_by_rana(standfirst="Hers.", budget_line="Hers too")
        self.assertEqual([row["label"] for row in self.offers()["offers"][0]["differs"]], ["Headline"])

    def test_a_draft_that_is_thrown_away_is_offered_no_more(self):
        self.keep(self.typed(headline="Thrown away"))
        pk = self.offers()["offers"][0]["id"]
        self.assertEqual(self.client.post(reverse("desk:discard", args=[pk])).status_code, 200)
        self.assertEqual(self.offers()["offers"], [])
        self.assertNotIn("Thrown away", str(PersonalDraft.objects.values_list("fields", flat=True)))

    def test_a_story_not_begun_is_kept_and_ends_when_it_begins(self):
        self.keep([["headline", "New story"], ["section", str(self.world.pk)]], story="", base_version=0)
        offer = self.client.get(reverse("desk:drafts"), {"story": ""}).json()["offers"][0]
        self.assertIn(["headline", "New story"], offer["fields"])
        start = {"headline": "New story", "genre": "news", "origin": "staff", "language": "en", "_start": "1"}
        self.client.post(reverse("admin:articles_article_add"), start | {"draft_tab": TAB, "draft_seq": "2"})
        self.assertTrue(Article.objects.filter(headline="New story").exists())
        self.assertEqual(self.client.get(reverse("desk:drafts"), {"story": ""}).json()["offers"], [])


class WhoseDraftTests(KeepingTestCase):
    def test_nobody_else_reads_restores_or_discards_a_draft(self):
        self.keep(self.typed(headline="Secretwords"))
        pk = PersonalDraft.objects.get().pk
        for other in (self.max, self.cora, self.rana):
            self.client.force_login(other)
            self.assertEqual(self.offers(tabs=TAB)["offers"], [])
            answer = self.client.post(self.url, {"_restore": pk}, follow=True)
            self.assertNotContains(answer, "Secretwords")
            self.client.post(reverse("desk:discard", args=[pk]))
        self.assertFalse(PersonalDraft.objects.get().saved)

    def test_the_words_of_one_person_are_never_kept_as_anothers(self):
        pairs = self.typed(headline="Edith’s words")
        self.client.force_login(self.rana)
        answer = self.keep(pairs, person=self.edith.pk)
        self.assertEqual(answer.status_code, 409)
        self.assertFalse(PersonalDraft.objects.exists())

    def test_the_same_window_name_of_two_people_is_two_drafts(self):
        self.keep(self.typed(headline="Edith’s"))
        self.client.force_login(self.max)
        self.keep(self.typed(headline="Max’s"))
        self.assertEqual(PersonalDraft.objects.count(), 2)

    def test_who_may_no_longer_read_the_story_gets_nothing_back(self):
        self.keep(self.typed(headline="Kept words"))
        self.edith.groups.clear()
        answer = self.client.get(reverse("desk:drafts"), {"story": self.article.pk})
        self.assertEqual(answer.status_code, 404)

    def test_who_may_no_longer_change_the_story_gets_the_words_to_copy(self):
        article = self.article
        self.client.force_login(self.rana)
        self.page = self.client.get(self.url)
        self.keep(self.typed(headline="Too late"))
        take.take(article, "submit", by=self.rana, seen=take.seen_token(article))
        take.take(Article.objects.get(), "approve", by=self.edith, seen=take.seen_token(Article.objects.get()))
        answer = self.bring_back()
        self.assertContains(answer, "Too late", status_code=403)
        self.assertEqual(Article.objects.get().state, State.APPROVED)


class BadDraftTests(KeepingTestCase):
    def test_what_is_no_form_is_refused_in_words(self):
        for fields in ("", "{", '"x"', "[1]", "[[1, 2]]", '[["a"]]', "[" * 5000):
            answer = self.keep([], **{"fields": fields})
            self.assertEqual(answer.status_code, 400, fields[:9])
            self.assertTrue(answer.json()["error"])
        for name, value in (
            ("tab", "x"),
            ("tab", "a b c d e f g"),
            ("seq", "-1"),
            ("base_version", "x"),
            ("taken", "<b>"),
        ):
            answer = self.keep([], **{name: value})
            self.assertEqual(answer.status_code, 400, (name, value))
        self.assertEqual(self.keep([], story="9" * 30).status_code, 404)

    def test_signs_that_no_database_keeps_are_left_out(self):
        self.assertEqual(self.keep([["headline", "a\0b\ud800c"]]).status_code, 200)
        self.assertEqual(PersonalDraft.objects.get().fields, [["headline", "abc"]])

    def test_a_draft_longer_than_any_story_is_refused(self):
        with mock.patch.object(keeping, "LONGEST", 100):
            answer = self.keep([["body", "x" * 101]])
        self.assertContains(answer, "too long", status_code=400)

    def test_a_full_disk_is_said_plainly(self):
        full = OperationalError("database or disk is full")
        with mock.patch.object(PersonalDraft.objects, "get_or_create", side_effect=full):
            answer = self.keep(self.typed(headline="x"))
        self.assertContains(answer, "disk is full", status_code=507)

    def test_too_many_drafts_of_one_person_are_said_plainly(self):
        with mock.patch.object(keeping, "MOST", 2):
            for n in range(2):
                self.assertEqual(self.keep([["headline", "x"]], tab=f"window-{n}").status_code, 200)
            answer = self.keep([["headline", "x"]], tab="window-9")
        self.assertContains(answer, "Save or discard", status_code=507)
        self.assertEqual(PersonalDraft.objects.count(), 2)

    def test_a_restored_draft_of_nonsense_is_a_form_with_errors(self):
        self.keep([["headline", "x" * 999], ["section", "no"], ["bylines-TOTAL_FORMS", "many"], ["base_version", "x"]])
        answer = self.client.post(self.url, {"_restore": PersonalDraft.objects.get().pk})
        self.assertIn(answer.status_code, (200, 400, 409))
        for pk in ("", "x", "9" * 30, "-1", "0"):
            self.assertEqual(self.client.post(self.url, {"_restore": pk}).status_code, 302)


class PresenceTests(KeepingTestCase):
    def attend(self, user, tab, **sent):
        self.client.force_login(user)
        sent = {"person": user.pk, "tab": tab} | sent
        return self.client.post(reverse("desk:presence", args=[self.article.pk]), sent)

    def others(self, user, tab, **sent):
        return [(row["name"], row["part"]) for row in self.attend(user, tab, **sent).json()["others"]]

    def setUp(self):
        super().setUp()
        enabled = self.settings(PRESENCE_SECONDS=15)
        enabled.enable()
        self.addCleanup(enabled.disable)

    def test_each_hears_who_else_is_in_the_story_and_where(self):
        self.assertEqual(self.others(self.edith, "window-edith", part="body:4"), [])
        self.assertEqual(self.others(self.rana, "window-rana", part="headline"), [("Edith", "in the fourth paragraph")])
        self.assertEqual(self.others(self.edith, "window-edith"), [("Rana", "in the headline")])
        self.attend(self.rana, "window-rana", part="attributions-0-reason")
        self.assertEqual(self.others(self.edith, "window-edith"), [("Rana", "in Sources")])

    def test_a_closed_window_and_one_that_fell_silent_are_gone(self):
        with clock.frozen(NOON):
            self.attend(self.rana, "window-rana")
            self.attend(self.rana, "window-two")
            self.assertEqual(len(self.others(self.edith, "window-edith")), 1)
            self.attend(self.rana, "window-rana", gone="on")
            self.assertEqual(len(self.others(self.edith, "window-edith")), 1)
        with clock.frozen(NOON + timedelta(minutes=2)):
            self.assertEqual(self.others(self.edith, "window-edith"), [])
        self.assertEqual(Presence.objects.count(), 1)

    def test_somebodys_save_is_told_once_with_what_it_changed(self):
        self.saved_by_rana(headline="Rana was quicker")
        saved = self.attend(self.edith, "window-edith", version=1).json()["saved"]
        self.assertEqual((saved["by"], saved["version"]), ("Rana", 2))
        self.assertEqual([row["label"] for row in saved["differs"]], ["Headline"])
        self.assertIsNone(self.attend(self.edith, "window-edith", version=1, told=2).json()["saved"])

    def test_somebodys_move_is_told_to_whoever_has_the_story_open(self):
        seen = take.seen_token(self.article)
        self.assertIsNone(self.attend(self.edith, "window-edith", seen=seen).json()["moved"])
        take.take(self.article, "submit", by=self.rana, seen=seen)
        moved = self.attend(self.edith, "window-edith", seen=seen).json()["moved"]
        self.assertRegex(moved["said"], r"^Submit: Rana, \d\d:\d\d\. The story is submitted now\.$")
        self.assertIsNone(self.attend(self.edith, "window-edith", seen=moved["seen"]).json()["moved"])

    def test_a_save_alone_is_no_move(self):
        seen = take.seen_token(self.article)
        self.saved_by_rana(headline="Rana was quicker")
        self.assertIsNone(self.attend(self.edith, "window-edith", seen=seen).json()["moved"])

    def test_who_may_not_read_the_story_is_not_in_it(self):
        for user in (self.mona, self.ada, self.sami):
            self.assertEqual(self.attend(user, "window-else").status_code, 404)
        self.assertEqual(self.attend(self.rana, "window-rana", person=self.edith.pk).status_code, 409)
        for name, value in (("tab", "x"), ("part", "<b>"), ("part", "x" * 99), ("version", "x"), ("told", "-1")):
            sent = {"tab": "window-rana"} | {name: value}
            self.assertEqual(self.attend(self.rana, **sent).status_code, 400, name)
        self.assertFalse(Presence.objects.exists())
