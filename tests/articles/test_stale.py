"""Titles that are over: which stories print them, right at the time or to be looked at; tasks, never rewriting."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from articles.actions import checklist, writing
from articles.actions.people import titles
from articles.desk.people import old_titles
from articles.models import Article, DeskNote, EditionText
from experts.actions import cards
from experts.actions import jobs as book
from experts.models import Affiliation, Expert
from newsroom import clock

from ..base import NOON
from ..site.base import HOUR, SiteTestCase

pytestmark = pytest.mark.engines

DAY = dt.timedelta(days=1)
BODY = (
    '<p>The quays were full. Dov Arkin, conflict researcher at the War Records Office, was there. He said'
    ' <q data-expert="{pk}" data-quote="{uid}">we agree</q>.</p>'
)  # fmt: skip


class StaleTests(SiteTestCase):
    def setUp(self):
        self.card = cards.make_card(
            "Dov Arkin", by=None, title="conflict researcher", organisation="War Records Office"
        )
        self.before = self.story("before", NOON - 40 * DAY)
        self.after = self.story("after", NOON - 2 * DAY)
        role = self.card.affiliations.get()
        role.start = "2020"
        role.save()
        with clock.frozen(NOON):
            book.change_role(role, by=self.sami, ended="2026-04-15", title="adviser", organisation="Orle Institute")
        self.client.force_login(self.edith)

    def story(self, name, at, **changes):
        edition = self.publish(
            at=at, headline=f"Story {name}", slug=name, body=BODY.format(pk=self.card.pk, uid=f"quote-{name}"),
            people=[(self.card, "conflict researcher, War Records Office")], **changes,
        )  # fmt: skip
        Article.objects.filter(pk=edition.article_id).update(state="published")
        return edition

    @property
    def address(self):
        return reverse("desk:stale_titles", args=[self.card.pk])

    def found(self, user=None):
        with clock.frozen(NOON):
            return old_titles.stories_with_old_titles(self.card, user or self.edith)

    def page(self, method="get", **data):
        with clock.frozen(NOON):
            return getattr(self.client, method)(self.address, data, follow=True)

    def test_old_titles_are_split_into_correct_then_and_needing_a_look(self):
        found = self.found()
        self.assertEqual([row.headline for row in found.right], ["Story before"])
        self.assertEqual([row.headline for row in found.wrong], ["Story after"])
        self.assertIn("conflict researcher at the War Records Office, was there", found.wrong[0].sentence)
        page = self.page()
        self.assertContains(page, "Story before")
        self.assertContains(page, "Story after")

    def test_old_titles_in_editions_readers_cannot_see_are_not_listed(self):
        self.withdraw(self.after, at=NOON - DAY)
        self.assertEqual(self.found().wrong, [])

    def test_a_current_title_and_one_marked_former_are_not_old(self):
        self.publish(at=NOON - DAY, headline="New", people=[(self.card, "adviser, Orle Institute")])
        self.publish(
            at=NOON - DAY, headline="Former", people=[(self.card, "former conflict researcher, War Records Office")]
        )
        self.assertEqual([row.headline for row in self.found().wrong], ["Story after"])

    def test_a_title_in_other_words_after_the_roles_end_is_listed(self):
        self.publish(at=NOON - 39 * DAY, headline="Early", people=[(self.card, "war researcher, War Records Office")])
        self.publish(at=NOON - DAY, headline="Late", people=[(self.card, "war researcher, War Records Office")])
        found = self.found()
        self.assertEqual([row.headline for row in found.wrong], ["Story after"])
        self.assertEqual([(row.headline, row.role.title) for row in found.other], [("Late", "conflict researcher")])
        self.assertContains(self.page(), "in other words")

    def test_an_update_after_the_roles_end_needs_a_look(self):
        self.again(self.before, at=NOON - 3 * DAY)
        self.assertEqual({row.headline for row in self.found().wrong}, {"Story after", "Story before"})

    def test_drafts_and_scheduled_stories_are_warned_of_an_old_title(self):
        with clock.frozen(NOON):
            draft = self.make_article(body=BODY.format(pk=self.card.pk, uid="quote-draft"), slug="draft")
            draft.appearances.update(attribution_as_printed="conflict researcher, War Records Office")
            writing.save_revision(draft, by=self.rana, seen_version=draft.version)
            draft.refresh_from_db()
            found = checklist.findings_of(draft, writing.content_of(draft))
        self.assertEqual([f.code for f in found if f.code == "old title"], ["old title"])
        self.assertIn("Today it is “adviser, Orle Institute”", next(f.message for f in found if f.code == "old title"))
        self.assertEqual([row.article_id for row in self.found().ahead], [draft.pk])
        self.client.force_login(self.rana)
        page = self.client.get(reverse("admin:articles_article_people", args=[draft.pk]))
        self.assertContains(page, "The title is out of date")

    def test_a_task_about_a_title_changes_no_word_and_is_set_once(self):
        words = list(EditionText.objects.order_by("pk").values_list("body", "data"))
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.page("post", story=[self.after.article_id, self.before.article_id])
        self.assertContains(answer, "1 task set. No word of a story was changed.")
        task = DeskNote.objects.get()
        self.assertEqual((task.article_id, task.is_task, task.by), (self.after.article_id, True, self.edith))
        self.assertIn("Dov Arkin", task.text)
        self.assertEqual(list(EditionText.objects.order_by("pk").values_list("body", "data")), words)
        self.page("post", story=[self.after.article_id])
        self.assertEqual(DeskNote.objects.count(), 1)
        self.assertTrue(self.found().wrong[0].has_task)

    def test_the_sections_editors_are_mailed_about_an_old_title(self):
        self.client.force_login(self.sami)
        with self.captureOnCommitCallbacks(execute=True):
            self.page("post", story=[self.after.article_id])
        self.assertEqual([message.to for message in mail.outbox], [[self.edith.email]])

    def test_a_task_survives_a_save_and_is_settled_by_a_button(self):
        self.page("post", story=[self.after.article_id])
        task, article = DeskNote.objects.get(), self.after.article
        writing.save_revision(article, by=None, seen_version=article.version)
        task.refresh_from_db()
        self.assertIsNone(task.resolved_at)
        people = reverse("admin:articles_article_people", args=[article.pk])
        self.assertContains(self.client.get(people), task.text[:30])
        self.client.post(reverse("desk:task_done", args=[article.pk, task.uid]))
        task.refresh_from_db()
        self.assertIsNotNone(task.resolved_at)

    def test_who_may_see_old_titles_and_set_tasks(self):
        for who, sees in ((self.rana, 200), (self.sami, 200), (self.leo, 200), (self.mona, 403), (self.ada, 403)):
            self.client.force_login(who)
            self.assertEqual(self.client.get(self.address).status_code, sees, who)
        self.client.force_login(self.edith)
        self.assertEqual(self.page("post").status_code, 400)
        self.assertEqual(self.page("post", story=["x", "-1", "9" * 40]).status_code, 400)
        self.assertEqual(self.client.get(reverse("desk:stale_titles", args=[999999])).status_code, 404)

    def test_the_card_links_to_its_old_titles(self):
        self.client.force_login(self.sami)
        card = self.client.get(reverse("admin:experts_expert_change", args=[self.card.pk]))
        self.assertContains(card, self.address)
        nobody = self.client.get(reverse("admin:experts_expert_change", args=[self.expert.pk]))
        self.assertNotContains(nobody, "stale-titles")

    def test_old_titles_take_as_many_queries_for_a_hundred_stories(self):
        for n in range(20):
            self.story(f"more-{n}", NOON - 30 * DAY + n * HOUR)
        # absorbed cards, roles, the paper's zone, tasks, editions with their words, the desk's copies
        with clock.frozen(NOON), self.assertNumQueries(8):
            old_titles.stories_with_old_titles(self.card, self.edith)


class TitleRuleTests(SiteTestCase):
    def test_out_of_date_finds_titles_whose_role_is_over(self):
        card = Expert.objects.create(display_name="Dov Arkin")
        Affiliation.objects.create(expert=card, title="senator", end="2024")
        Affiliation.objects.create(expert=card, title="judge")
        roles, day = list(card.affiliations.all()), dt.date(2026, 5, 4)
        for printed, over in (
            ("senator", True), ("Senator", True), ("judge; senator", True), ("judge", False), ("", False),
            ("former senator", False), ("ex-senator", False), ("senatorial aide", False), ("poet", False),
        ):  # fmt: skip
            self.assertEqual(titles.out_of_date(printed, roles, day) is not None, over, printed)
        self.assertIsNone(titles.out_of_date("senator", roles, dt.date(2024, 12, 31)))

    def test_a_short_print_form_is_found_before_a_comma(self):
        role = Affiliation(title="senior lecturer", preferred_print_form="museum historian", start="2010")
        day = dt.date(2026, 5, 1)
        self.assertIs(titles.role_behind("museum historian, Saltmarsh Polytechnic", [role], day), role)
        self.assertIsNone(titles.role_behind("museum historians, Saltmarsh", [role], day))
