"""Moves made in the admin: from the bar, from the page of a move, and refused on both."""

from datetime import timedelta
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import roles
from articles.actions import corrections, take
from articles.models import Article, Comment, CorrectionDraft, State
from newsroom import clock
from newsroom.models import Publication
from tests.base import DeskTestCase

from .pages import filled


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def page_of(article, name):
    return reverse("admin:articles_article_move", args=[article.pk, name])


class BarTests(DeskTestCase):
    def press(self, article, user, name, **changes):
        self.client.force_login(user)
        page = self.client.get(change(article))
        response = self.client.post(change(article), filled(page, _move=name, **changes))
        article.refresh_from_db()
        return response

    def test_submitting_from_the_form_saves_first(self):
        article = self.make_article()
        response = self.press(article, self.rana, "submit", headline="Typed and sent")
        self.assertEqual(response.status_code, 302)
        self.assertEqual((article.state, article.headline, article.version), (State.SUBMITTED, "Typed and sent", 2))

    def test_a_move_that_asks_saves_and_leads_to_its_page(self):
        article = self.make_article(state=State.SUBMITTED)
        response = self.press(article, self.edith, "send-back", standfirst="Shorter.")
        self.assertRedirects(response, page_of(article, "send-back"), fetch_redirect_response=False)
        self.assertEqual((article.state, article.standfirst), (State.SUBMITTED, "Shorter."))

    def test_a_refused_move_keeps_the_save_and_says_why(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        response = self.client.post(change(article), filled(page, _move="approve", headline="Kept all the same"))
        self.assertContains(response, "Your role does not approve", status_code=403)
        self.assertContains(response, "Kept all the same", status_code=403)
        article.refresh_from_db()
        self.assertEqual((article.state, article.headline), (State.DRAFT, "Kept all the same"))

    def test_a_move_from_an_outdated_page_is_stale(self):
        article = self.make_article(state=State.SUBMITTED)
        self.client.force_login(self.max)
        page = self.client.get(change(article))
        take.take(article, "send-back", by=self.edith, seen=take.seen_token(article), note="please mend")
        response = self.client.post(change(article), filled(page, _move="approve"))
        self.assertEqual(response.status_code, 409)
        article.refresh_from_db()
        self.assertEqual(article.state, State.NEEDS_CHANGES)

    def test_an_unknown_move_is_not_found(self):
        article = self.make_article()
        response = self.press(article, self.rana, "explode")
        self.assertEqual(self.client.get(response["Location"]).status_code, 404)

    def test_the_bar_offers_possible_moves_and_marks_one(self):
        article = self.make_article(state=State.SUBMITTED)
        self.client.force_login(self.edith)
        bar = self.client.get(change(article)).context["bar"]
        self.assertEqual(bar["primary"]["name"], "approve")
        self.assertIn("send-back", [m["name"] for m in bar["beside"]])
        self.assertIn("spike", [m["name"] for m in bar["more"]])

    def test_an_author_is_not_offered_approval(self):
        article = self.make_article(by=self.edith, byline=False)
        take.take(article, "submit", by=self.edith, seen=take.seen_token(article))
        self.client.force_login(self.edith)
        bar = self.client.get(change(article)).context["bar"]
        names = [m["name"] for m in [bar["primary"], *bar["beside"], *bar["more"]] if m]
        self.assertNotIn("approve", names)

    def test_signing_off_from_the_form(self):
        article = self.make_article()
        self.client.force_login(self.cora)
        page = self.client.get(change(article))
        self.client.post(change(article), filled(page, _sign="copy"))
        self.assertEqual(article.signoffs.get().by, self.cora)

    def test_an_author_does_not_sign_off_their_own_story(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        response = self.client.post(change(article), filled(page, _sign="facts"))
        self.assertEqual(response.status_code, 403)
        self.assertFalse(article.signoffs.exists())

    def test_the_lawyer_who_changes_nothing_signs_off_too(self):
        article = self.make_article(state=State.PUBLISHED)
        self.client.force_login(self.leo)
        url = reverse("admin:articles_article_signoff", args=[article.pk, "legal"])
        page = reverse("admin:articles_article_checklist", args=[article.pk])
        self.assertContains(self.client.get(page), url)
        self.client.post(url, {"version": article.version})
        self.assertEqual(article.signoffs.get().kind, "legal")


class MovePageTests(DeskTestCase):
    def move(self, article, user, name, **data):
        self.client.force_login(user)
        token = take.seen_token(article)
        response = self.client.post(page_of(article, name), {"seen": token} | data)
        article.refresh_from_db()
        return response

    def test_sending_back_needs_a_note(self):
        article = self.make_article(state=State.SUBMITTED)
        response = self.move(article, self.edith, "send-back")
        self.assertEqual(response.status_code, 400)
        self.assertIn("note", response.context["form"].errors)
        self.assertEqual(self.move(article, self.edith, "send-back", note="Who says so?").status_code, 302)
        self.assertEqual(article.state, State.NEEDS_CHANGES)

    def test_the_note_is_read_by_the_reporter(self):
        article = self.make_article(state=State.SUBMITTED)
        self.move(article, self.edith, "send-back", note="Who says so?")
        self.client.force_login(self.rana)
        self.assertContains(self.client.get(change(article)), "Who says so?")

    def test_another_sections_editor_is_refused(self):
        article = self.make_article(state=State.SUBMITTED, section=self.politics)
        self.assertEqual(self.move(article, self.edith, "send-back", note="Mine?").status_code, 403)
        self.assertEqual(article.state, State.SUBMITTED)

    def test_a_move_that_does_not_fit_the_state_is_refused_in_words(self):
        article = self.make_article()
        response = self.move(article, self.max, "publish")
        self.assertContains(response, "not possible", status_code=409)

    def test_each_warning_is_waived_by_name_and_with_a_reason(self):
        article = self.make_article(state=State.APPROVED)
        self.client.force_login(self.edith)
        page = self.client.get(page_of(article, "publish"))
        codes = [code for code, _ in page.context["form"].fields["waive"].choices]
        self.assertTrue(codes)
        self.assertEqual(self.move(article, self.edith, "publish").status_code, 400)
        self.assertEqual(self.move(article, self.edith, "publish", waive=codes).status_code, 400)
        response = self.move(article, self.edith, "publish", waive=codes, waive_note="checked by hand")
        self.assertEqual(response.status_code, 302)
        self.assertEqual(article.state, State.PUBLISHED)

    def test_each_warning_stands_once_on_the_page(self):
        article = self.make_article(state=State.APPROVED)
        self.client.force_login(self.edith)
        page = self.client.get(page_of(article, "publish"))
        for _, message in page.context["form"].fields["waive"].choices:
            self.assertContains(page, message, count=1, html=False)

    def test_editors_who_may_not_waive_still_read_the_warnings(self):
        article = self.make_article(state=State.APPROVED)
        self.client.force_login(self.edith)
        with mock.patch.dict(roles.CAPABILITIES, {"waive a warning": {}}):
            page = self.client.get(page_of(article, "publish"))
        self.assertContains(page, 'data-level="warning"')

    def publish(self, **changes):
        return self.make_article(state=State.PUBLISHED, **changes)

    def schedule(self, article, at, user=None):
        self.client.force_login(user or self.dana)
        page = self.client.get(page_of(article, "schedule"))
        codes = [code for code, _ in page.context["form"].fields["waive"].choices]
        when = timezone.localtime(at, Publication.objects.current().zone)
        return self.move(
            article,
            user or self.dana,
            "schedule",
            at=f"{when:%Y-%m-%dT%H:%M}",
            waive=codes,
            waive_note="checked by hand",
        )

    def test_scheduling_takes_times_in_the_papers_zone(self):
        article = self.make_article(state=State.APPROVED)
        at = (clock.process_time() + timedelta(days=2)).replace(second=0, microsecond=0)
        self.assertEqual(self.schedule(article, at).status_code, 302)
        self.assertEqual(article.editions.get().live_from, at)

    @pytest.mark.days
    def test_a_moment_that_has_passed_is_an_error_beside_it(self):
        article = self.make_article(state=State.APPROVED)
        response = self.schedule(article, clock.process_time() - timedelta(hours=1))
        self.assertEqual(response.status_code, 400)
        self.assertIn("at", response.context["form"].errors)

    def test_a_skipped_hour_is_an_error_beside_it(self):
        type(self.publication).objects.update(time_zone="Europe/London")
        article = self.make_article(state=State.APPROVED)
        response = self.move(article, self.dana, "schedule", at="2027-03-28T01:30")
        self.assertEqual(response.status_code, 400)
        self.assertIn("at", response.context["form"].errors)

    def test_a_moves_page_says_whose_schedule_it_cancels(self):
        article = self.make_article(state=State.APPROVED)
        self.schedule(article, clock.process_time() + timedelta(days=2))
        self.client.force_login(self.max)
        page = self.client.get(page_of(article, "cancel-schedule"))
        self.assertContains(page, "Cancels the edition Dana scheduled for")

    def test_a_second_click_changes_nothing(self):
        article = self.make_article(state=State.SUBMITTED)
        self.client.force_login(self.edith)
        data = {"seen": take.seen_token(article), "note": "please mend"}
        self.client.post(page_of(article, "send-back"), data)
        response = self.client.post(page_of(article, "send-back"), data)
        self.assertEqual(response.status_code, 409)
        self.assertEqual(article.transitions.filter(move="send-back").count(), 1)

    def test_a_correction_starts_from_what_readers_have(self):
        article = self.publish()
        take.take(article, "revise", by=self.rana, seen=take.seen_token(article))
        article.refresh_from_db()
        article.headline = "Half an update"
        article.save()
        self.client.force_login(self.rana)
        page = self.client.get(page_of(article, "correct"))
        self.assertContains(page, 'value="Six ports agree a rule"')
        self.assertNotContains(page, 'value="Half an update"')

    def test_a_correction_is_drafted_by_one_and_confirmed_by_another(self):
        article = self.publish()
        self.client.force_login(self.rana)
        form = self.client.get(page_of(article, "correct")).context["form"]
        data = {name: field.initial or form.initial.get(name, "") for name, field in form.fields.items()}
        data |= {
            "was": "six",
            "became": "seven",
            "reader_text": "The number is seven.",
            "headline": "Seven ports agree",
        }
        self.assertEqual(self.move(article, self.rana, "correct", **data).status_code, 302)
        draft = CorrectionDraft.objects.get()
        self.assertEqual(draft.changes, {"headline": "Seven ports agree"})
        page = self.move(article, self.rana, "confirm-correction", draft=draft.pk)
        self.assertEqual(page.status_code, 403)
        self.client.force_login(self.edith)
        self.assertContains(self.client.get(page_of(article, "confirm-correction")), "The number is seven.")
        self.assertEqual(self.move(article, self.edith, "confirm-correction", draft=draft.pk).status_code, 302)
        self.assertEqual(article.editions.live().get().text.headline, "Seven ports agree")

    def test_a_correction_says_what_was_and_what_is(self):
        article = self.publish()
        self.client.force_login(self.rana)
        form = self.client.get(page_of(article, "correct")).context["form"]
        data = {name: field.initial or form.initial.get(name, "") for name, field in form.fields.items()}
        response = self.move(article, self.rana, "correct", **data | {"was": "six", "reader_text": "It was wrong."})
        self.assertEqual(response.status_code, 400)
        self.assertIn("became", response.context["form"].errors)
        self.assertContains(response, "It was wrong.", status_code=400)

    def test_a_correction_that_leaves_the_words_is_taken_knowingly(self):
        article = self.publish()
        self.client.force_login(self.rana)
        form = self.client.get(page_of(article, "correct")).context["form"]
        self.assertNotIn("words_stay", form.fields)
        data = {name: field.initial or form.initial.get(name, "") for name, field in form.fields.items()}
        data |= {"was": "six  PORTS", "became": "seven ports", "reader_text": "There are seven."}
        response = self.move(article, self.rana, "correct", **data)
        self.assertContains(response, "Nothing of the story is changed below: “six PORTS” still stands in the headline",
                            status_code=400)  # fmt: skip
        self.assertContains(response, "The words stay; only the note is added", status_code=400)
        response = self.move(
            article, self.rana, "correct", **data | {"headline": "Seven", "standfirst": "Of six ports."}
        )
        self.assertContains(response, "still stands in the standfirst", status_code=400)
        self.assertFalse(CorrectionDraft.objects.exists())

        self.assertEqual(self.move(article, self.rana, "correct", **data, words_stay="on").status_code, 302)
        self.client.force_login(self.edith)
        page = self.client.get(page_of(article, "confirm-correction"))
        self.assertContains(page, "The text stays as it is; only the note is added.")
        self.assertContains(page, "in the headline")
        self.assertNotContains(page, "Readers get the corrected text")

    def test_a_correction_looks_for_whole_words(self):
        content = {"headline": "Rate of 14.25", "body": "<p>It is <b>not</b> 4.2</p>", "lead_image": {"caption": "4.2"}}
        self.assertEqual(corrections.where_words_stand("4.2", content), ["the text", "the caption of the main picture"])
        self.assertEqual(corrections.where_words_stand("not  4.2", content), ["the text"])
        self.assertEqual(corrections.where_words_stand(" ", content), [])

    def test_the_story_shows_a_correction_that_waits(self):
        article = self.publish()
        told = "waits to be confirmed"
        self.client.force_login(self.rana)
        self.assertNotContains(self.client.get(change(article)), told)
        data = {"was": "six", "became": "seven", "reader_text": "There are seven <ports>.", "changes": {}}
        take.take(article, "correct", by=self.rana, seen=take.seen_token(article), **data)
        page = self.client.get(change(article))
        self.assertContains(page, told)
        self.assertContains(page, "There are seven &lt;ports&gt;.")
        self.assertNotContains(page, page_of(article, "confirm-correction"))
        self.client.force_login(self.edith)
        self.assertContains(
            self.client.get(change(article)), f'<a href="{page_of(article, "confirm-correction")}">See it'
        )
        take.take(article, "confirm-correction", by=self.edith, seen=take.seen_token(article), refuse=True)
        self.assertNotContains(self.client.get(change(article)), told)

    def test_a_correction_may_be_refused(self):
        article = self.publish()
        self.client.force_login(self.rana)
        form = self.client.get(page_of(article, "correct")).context["form"]
        data = {name: field.initial or form.initial.get(name, "") for name, field in form.fields.items()}
        self.move(
            article,
            self.rana,
            "correct",
            words_stay="on",
            **data | {"was": "a", "became": "b", "reader_text": "It was wrong."},
        )
        draft = CorrectionDraft.objects.get()
        self.move(article, self.edith, "confirm-correction", draft=draft.pk, _refuse="1")
        draft.refresh_from_db()
        self.assertEqual(draft.outcome, "refused")
        self.assertEqual(article.editions.count(), 1)

    def test_a_duty_editor_withdraws_for_four_reasons_only(self):
        article = self.publish()
        self.client.force_login(self.dana)
        reasons = [c for c, _ in self.client.get(page_of(article, "withdraw")).context["form"].fields["reason"].choices]
        self.assertIn("pending_review", reasons)
        self.assertNotIn("retracted", reasons)
        response = self.move(
            article, self.dana, "withdraw", reason="retracted", note="it is wrong", reader_text="We were wrong."
        )
        self.assertEqual(response.status_code, 400)
        self.assertTrue(article.editions.live().exists())

    def test_the_managing_editor_withdraws_a_story(self):
        article = self.publish()
        response = self.move(
            article, self.max, "withdraw", reason="retracted", note="it is wrong", reader_text="We were wrong."
        )
        self.assertEqual(response.status_code, 302)
        self.assertFalse(article.editions.live().exists())
        self.assertEqual(self.client.get(change(article)).context["tone"], "withdrawn")

    def test_the_bar_says_why_an_editor_does_not_approve_what_waits(self):
        article = self.make_article(state=State.SUBMITTED)
        said = "You submitted it: somebody else approves it."
        self.client.force_login(self.edith)
        self.assertNotContains(self.client.get(change(article)), "somebody else approves it")
        Article.objects.filter(pk=article.pk).update(submitted_by=self.edith)
        self.assertContains(self.client.get(change(article)), said)
        self.client.force_login(self.rana)  # nobody expects her to
        self.assertNotContains(self.client.get(change(article)), "somebody else approves it")
        Article.objects.filter(pk=article.pk).update(state=State.DRAFT)
        self.client.force_login(self.edith)
        self.assertNotContains(self.client.get(change(article)), said)

    def test_accepting_names_who_writes_it(self):
        article = self.make_article(state=State.PITCH)
        self.assertEqual(self.move(article, self.edith, "accept").status_code, 400)
        refused = self.move(article, self.edith, "accept", assignee=self.mona.pk)
        self.assertContains(refused, "Their role writes no stories.", status_code=400)
        self.move(article, self.edith, "accept", assignee=self.rob.pk, due_at="2027-01-05T18:00")
        self.assertEqual((article.state, article.assignee), (State.DRAFT, self.rob))

    def test_controls_in_a_note_are_an_error(self):
        article = self.make_article(state=State.SUBMITTED)
        response = self.move(article, self.edith, "send-back", note="mend\u202e this")
        self.assertIn("note", response.context["form"].errors)

    def test_express_publishing_is_one_step_where_four_eyes_is_off(self):
        Publication.objects.update(four_eyes=False)
        article = self.make_article()
        self.client.force_login(self.max)
        page = self.client.get(page_of(article, take.EXPRESS))
        codes = [code for code, _ in page.context["form"].fields["waive"].choices]
        response = self.move(article, self.max, take.EXPRESS, waive=codes, waive_note="checked by hand")
        self.assertEqual(response.status_code, 302)
        self.assertEqual(article.state, State.PUBLISHED)


class PastTests(DeskTestCase):
    def test_the_editions_pages_show_what_was_public(self):
        article = self.make_article(state=State.PUBLISHED)
        self.client.force_login(self.edith)
        page = self.client.get(reverse("admin:articles_article_editions", args=[article.pk]))
        self.assertContains(page, "First edition")
        page = self.client.get(reverse("admin:articles_article_edition", args=[article.pk, 1]))
        self.assertContains(page, "The text runs to eleven pages")
        self.assertEqual(
            self.client.get(reverse("admin:articles_article_edition", args=[article.pk, 9])).status_code, 404
        )

    def test_editions_are_shown_to_the_roles_of_the_table_only(self):
        article = self.make_article(state=State.PUBLISHED)
        expected = {"rana": 200, "rob": 403, "cora": 200, "pia": 403, "leo": 200, "max": 200, "edith": 200}
        for name, status in expected.items():
            self.client.force_login(getattr(self, name))
            for url in ("editions", "edition"):
                args = [article.pk] + ([1] if url == "edition" else [])
                answer = self.client.get(reverse(f"admin:articles_article_{url}", args=args))
                self.assertEqual(answer.status_code, status, (name, url))

    def test_two_versions_are_compared(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        self.client.post(change(article), filled(page, headline="Seven ports agree", sections=[self.politics.pk]))
        page = self.client.get(reverse("admin:articles_article_versions", args=[article.pk]) + "?a=1&b=2")
        labels = [label for label, _ in page.context["changes"]]
        self.assertEqual(labels, ["Headline", "Further sections"])
        self.assertContains(page, "Politics")

    def test_malformed_version_numbers_are_refused_in_words(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        for a in ("x", "-1", "99999999999999999999", "²"):
            page = self.client.get(reverse("admin:articles_article_versions", args=[article.pk]), {"a": a})
            self.assertContains(page, "This story has no version", status_code=400)


class CommentQueueTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(state=State.PUBLISHED)
        self.comment = Comment.objects.create(
            article=self.article, name="A Reader", body="Well said.", created_at=clock.process_time()
        )
        self.url = reverse("admin:articles_comment_changelist")

    def decide(self, user, action, **data):
        self.client.force_login(user)
        response = self.client.post(
            self.url, {"action": action, "_selected_action": [self.comment.pk]} | data, follow=True
        )
        self.comment.refresh_from_db()
        return response

    def test_a_moderator_reads_the_words_and_not_the_desks_copy(self):
        self.client.force_login(self.mona)
        page = self.client.get(self.url)
        self.assertContains(page, "Well said.")
        self.assertContains(page, self.article.editions.get().path)
        self.assertNotContains(page, change(self.article))

    def test_rejecting_a_comment_needs_a_reason(self):
        self.assertContains(self.decide(self.mona, "reject"), "needs a reason")
        self.assertEqual(self.comment.state, "pending")

    def test_a_comment_is_marked_as_spam(self):
        self.decide(self.mona, "spam")
        self.assertEqual(self.comment.state, "spam")

    def test_a_published_comment_can_be_rejected_later(self):
        self.decide(self.mona, "approve")
        self.assertEqual(self.comment.state, "published")
        self.client.post(
            f"{self.url}?state=published",
            {"action": "reject", "_selected_action": [self.comment.pk], "reason": "off topic"},
        )
        self.comment.refresh_from_db()
        self.assertEqual((self.comment.state, self.comment.reason), ("rejected", "off topic"))

    def test_an_editor_moderates_their_own_sections(self):
        self.decide(self.edith, "approve")
        self.assertEqual(self.comment.state, "published")
        other = self.make_article(section=self.politics, slug="elsewhere")
        elsewhere = Comment.objects.create(article=other, name="B", body="Hidden.", created_at=clock.process_time())
        self.assertNotContains(self.client.get(f"{self.url}?state=all"), "Hidden.")
        self.assertEqual(
            self.client.get(reverse("admin:articles_comment_change", args=[elsewhere.pk])).status_code, 404
        )

    def test_reporters_have_no_queue_of_comments(self):
        self.client.force_login(self.rana)
        self.assertEqual(self.client.get(self.url).status_code, 403)
