"""Everybody's front page: what each desk is asked for, what one waits for, what went wrong, and in which words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import assignments, debts, keeping, signoffs, take, writing
from articles.desk import home
from articles.models import Article, Assignment, Comment, DeskNote, Image, State
from newsroom import clock, paper
from newsroom.desk.today import Line, Today, lateness
from newsroom.errors import NotAllowed, NoteNeeded, Stale
from newsroom.models import Publication, User
from tests.base import DeskTestCase


class TodayCase(DeskTestCase):
    def today(self, user):
        return Today(home.queues_of(User.objects.get(pk=user.pk)))

    def lines(self, user, name):
        return [line for queue in self.today(user).queues if queue.name == name for line in queue.lines]

    def titles(self, user, name):
        return [line.title for line in self.lines(user, name)]

    def take(self, article, name, by, **asked):
        take.take(article, name, by=User.objects.get(pk=by.pk), seen=take.seen_token(article), **asked)
        article.refresh_from_db()

    def assign(self, article, assignee, by):
        Article.objects.filter(pk=article.pk).update(assignee=assignee)
        article.refresh_from_db()
        assignments.note_assignee(article, by=by)
        return article.assignments.standing().first()


class DeskTests(TodayCase):
    def test_legal_sees_what_is_wanted_and_unsigned(self):
        wanted = self.make_article(headline="Wanted", legal_wanted=True)
        self.make_article(headline="Not wanted", slug="not")
        live = self.make_article(headline="Out", slug="out", state=State.PUBLISHED)
        Article.objects.filter(pk=live.pk).update(legal_wanted=True)
        self.assertEqual(self.titles(self.leo, "legal"), ["Wanted"])
        signoffs.sign(wanted, "legal", by=self.leo)
        self.assertEqual(self.titles(self.leo, "legal"), [])
        self.assertEqual(self.titles(self.edith, "legal"), [])

    def test_a_cleared_story_comes_back_to_legal_when_its_words_change(self):
        article = self.make_article(legal_wanted=True)
        signoffs.sign(article, "legal", by=self.leo)
        article.refresh_from_db()
        article.standfirst = "Other words."
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        [line] = self.lines(self.leo, "legal")
        self.assertIn("changed since you cleared", line.why)

    def test_legal_sees_stories_of_a_section_that_always_asks(self):
        type(self.world).objects.update(required_signoffs=["legal"])
        self.make_article(headline="Draft")
        self.make_article(headline="Submitted", slug="s", state=State.SUBMITTED)
        self.assertEqual(self.titles(self.leo, "legal"), ["Submitted"])

    def test_the_copy_desk_sees_what_was_submitted_and_not_read(self):
        article = self.make_article(headline="To read", state=State.SUBMITTED)
        self.make_article(headline="Draft", slug="d")
        self.assertEqual(self.titles(self.cora, "copy"), ["To read"])
        signoffs.sign(article, "copy", by=self.cora)
        self.assertEqual(self.titles(self.cora, "copy"), [])

    def test_the_picture_desk_sees_pictures_that_are_wanted(self):
        article = self.make_article(headline="Bare", picture_wanted=True)
        self.assertEqual(self.titles(self.pia, "pictures"), ["Bare"])
        image = Image.objects.create(original="a.jpg", width=9, height=9, phash="", sha256="", alt="A", credit="P")
        Article.objects.filter(pk=article.pk).update(lead_image=image)
        self.assertEqual(self.titles(self.pia, "pictures"), [])

    def test_owed_second_looks_wait_for_those_who_may_give_them(self):
        article = self.make_article(headline="Unseen", state=State.SUBMITTED)
        self.take(article, "approve-unseen", self.dana, note="Nobody else is in the house.")
        for user, owes in ((self.edith, True), (self.leo, True), (self.max, True), (self.dana, False)):
            self.assertEqual(self.titles(user, "debts"), ["Unseen"] if owes else [], user)
        [line] = self.lines(self.edith, "debts")
        self.assertEqual(line.when, article.debts.get().due_at)
        self.assertIn("approved unseen by Dana", line.why)
        self.take(article, "second-look", self.edith)
        self.assertEqual(self.titles(self.max, "debts"), [])

    def test_flash_debts_wait_for_who_is_on_duty_and_for_the_desk_concerned(self):
        article = self.make_article(headline="Flash", state=State.APPROVED)
        debts.owe(article, ["copy", "picture", "topic"], revision=article.approved, by=self.edith)
        for user, number in ((self.dana, 3), (self.max, 3), (self.cora, 1), (self.pia, 1), (self.edith, 3)):
            self.assertEqual(len(self.titles(user, "debts")), number, user)
        self.assertEqual(self.titles(self.leo, "debts"), [])
        with clock.frozen(clock.process_time() + timedelta(minutes=42)):
            self.assertTrue(all(line.is_late for line in self.lines(self.dana, "debts")))
            self.assertEqual(self.lines(self.dana, "debts")[0].distance, "12 min late")


class WordTests(TodayCase):
    def test_a_story_sent_back_says_by_whom_and_why(self):
        article = self.make_article(state=State.SUBMITTED)
        self.take(article, "send-back", self.edith, note="Who says so?")
        [line] = self.lines(self.rana, "sent-back")
        self.assertIn("Sent back by Edith", line.why)
        self.assertEqual(line.quote, "Who says so?")
        [line] = self.lines(self.edith, "sent-back-by-me")
        self.assertIn("with your note", line.why)
        self.assertEqual(self.lines(self.max, "sent-back-by-me"), [])
        self.client.force_login(self.rana)
        self.assertContains(self.client.get("/admin/"), "Who says so?")

    def test_what_waits_stands_by_the_hour_and_the_undated_last(self):
        at = clock.process_time()
        lines = [
            Line("none", "/"), Line("day", "/", paper.today()), Line("late", "/", at - timedelta(days=1)),
            Line("soon", "/", at + timedelta(days=1)),
        ]  # fmt: skip
        queue = home.base.queue_of("n", "N", lines, lambda row: row)
        self.assertEqual([line.title for line in Today([queue]).waits], ["late", "day", "soon", "none"])

    def test_empty_is_one_line(self):
        self.client.force_login(self.pia)
        page = self.client.get("/admin/")
        self.assertContains(page, "Nothing waits for you.")
        self.assertContains(page, 'class="front-rest"', count=1)
        self.assertNotContains(page, 'class="wait"')

    def test_nothing_waits_is_said_only_where_nothing_at_all_does(self):
        said = "Nothing waits for you."
        article = self.make_article(state=State.PUBLISHED, discussion="open")
        self.client.force_login(self.rana)
        page = self.client.get("/admin/")
        self.assertContains(page, "Yours, out this week")
        self.assertContains(page, said)  # to read what one has published is no work
        self.client.force_login(self.mona)
        self.assertContains(self.client.get("/admin/"), said)
        Comment.objects.create(article=article, name="Reader", body="Who says so?", created_at=clock.process_time())
        page = self.client.get("/admin/")
        self.assertContains(page, "Comments to read")
        self.assertNotContains(page, said)

    def test_a_cancelled_schedule_is_told_to_who_had_planned_it(self):
        article = self.make_article(state=State.APPROVED)
        at = clock.process_time() + timedelta(hours=3)
        self.take(article, "schedule", self.edith, at=at, waive=["*"], waive_note="a test")
        self.take(article, "cancel-schedule", self.max, note="The minister has resigned.")
        [line] = self.lines(self.edith, "stopped")
        self.assertEqual(line.why, "The minister has resigned.")
        self.assertEqual(self.lines(self.max, "stopped"), [])

    def test_one_hears_nothing_of_what_one_cancelled_or_moved_oneself(self):
        article = self.make_article(state=State.APPROVED)
        at = clock.process_time() + timedelta(hours=3)
        self.take(article, "schedule", self.edith, at=at, waive=["*"], waive_note="a test")
        self.take(article, "reschedule", self.edith, at=at + timedelta(hours=1))
        self.assertEqual(self.lines(self.edith, "stopped"), [])
        self.take(article, "cancel-schedule", self.edith)
        self.assertEqual(self.lines(self.edith, "stopped"), [])

    @pytest.mark.days
    def test_a_time_is_said_by_the_papers_clock(self):
        Publication.objects.update(time_zone="Pacific/Auckland")
        day = clock.process_time().replace(hour=13, minute=0, second=0, microsecond=0)
        with clock.frozen(day), paper.in_zone(Publication.objects.current().zone):
            self.assertEqual(lateness(day + timedelta(minutes=72)), "in 72 min")
            self.assertEqual(lateness(day - timedelta(minutes=18)), "18 min late")
            self.assertEqual(lateness(day + timedelta(hours=5)), "in 5 h 00")
            self.assertEqual(lateness(paper.today()), "")


class AssignmentTests(TodayCase):
    def test_who_is_asked_answers_on_the_front_page(self):
        article = self.make_article(headline="Fleet", by=self.edith, byline=False)
        asked = self.assign(article, self.rob, self.edith)
        [line] = self.lines(self.rob, "asked")
        self.assertIn("Edith asks you", line.why)
        self.assertEqual(self.titles(self.edith, "asked-by-me"), ["Fleet"])
        self.client.force_login(self.rob)
        self.assertContains(self.client.get(line.url), "I take it")
        self.client.post(line.url, {"accept": "1"})
        asked.refresh_from_db()
        self.assertEqual((asked.answer, self.titles(self.rob, "asked")), ("accepted", []))

    def test_a_refusal_goes_back_with_its_reason_to_who_assigned(self):
        article = self.make_article(headline="Fleet", by=self.edith, byline=False)
        asked = self.assign(article, self.rob, self.edith)
        self.client.force_login(self.rob)
        url = reverse("desk:assignment", args=[asked.pk])
        page = self.client.post(url, {"refuse": "1", "reason": " "})
        self.assertEqual(page.status_code, 400)
        self.assertContains(page, "Say why, in a line", status_code=400)
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(url, {"refuse": "1", "reason": "I am in court till Friday."})
        article.refresh_from_db()
        self.assertIsNone(article.assignee)
        [line] = self.lines(self.edith, "refused")
        self.assertEqual((line.why, line.quote), ("Rob does not take it.", "I am in court till Friday."))
        self.assign(article, self.rana, self.edith)
        self.assertEqual(self.lines(self.edith, "refused"), [])
        self.assertEqual(list(article.assignments.order_by("pk").values_list("answer", flat=True)), ["refused", ""])

    def test_nobody_else_answers_and_nobody_answers_twice(self):
        asked = self.assign(self.make_article(), self.rob, self.edith)
        with self.assertRaises(NotAllowed):
            assignments.answer(asked, by=self.rana, accept=True)
        with self.assertRaises(NoteNeeded):
            assignments.answer(asked, by=self.rob, accept=False)
        assignments.answer(asked, by=self.rob, accept=True)
        with self.assertRaises(Stale):
            assignments.answer(asked, by=self.rob, accept=False, reason="Sorry.")
        self.client.force_login(self.rana)
        self.assertEqual(self.client.get(reverse("desk:assignment", args=[asked.pk])).status_code, 404)

    def test_an_answer_to_what_was_given_to_another_is_stale(self):
        article = self.make_article()
        asked = self.assign(article, self.rob, self.edith)
        self.assign(article, self.rana, self.edith)
        with self.assertRaises(Stale):
            assignments.answer(asked, by=self.rob, accept=False, reason="Sorry.")
        article.refresh_from_db()
        self.assertEqual(article.assignee, self.rana)

    def test_whoever_takes_a_story_themselves_is_not_asked(self):
        article = self.make_article()
        self.assertEqual(self.assign(article, self.edith, self.edith).answer, "accepted")
        self.assertEqual(self.lines(self.edith, "asked"), [])

    def test_a_commission_and_a_save_of_the_form_put_the_assignee_on_record(self):
        pitch = self.make_article(state=State.PITCH)
        self.take(pitch, "accept", self.edith, assignee=self.rob)
        self.assertEqual(pitch.assignments.get().assignee, self.rob)
        article = self.make_article(slug="other")
        article.assignee = self.rob
        article.save()
        writing.save_revision(article, by=self.edith, seen_version=article.version)
        self.assertEqual(article.assignments.get().by, self.edith)
        self.assertEqual(Assignment.objects.unanswered().count(), 2)


class UnsavedTests(TodayCase):
    def keep(self, article, tab, seq=1, fields=(("headline", "Typed"),)):
        keeping.keep(article, by=self.rana, tab=tab, seq=seq, fields=[list(pair) for pair in fields])

    def test_words_that_were_not_saved_stand_on_their_writers_front_page(self):
        article = self.make_article(headline="Tugs at rest")
        for story, tab in ((article, "window-one"), (article, "window-two"), (None, "window-new")):
            self.keep(story, tab)
        self.assertEqual(self.titles(self.rana, "unsaved"), ["A story that is not begun", "Tugs at rest"])
        self.assertEqual(self.lines(self.rana, "unsaved")[0].url, reverse("admin:articles_article_add"))
        self.assertNotIn("unsaved", [queue.name for queue in self.today(self.edith).queues])

    def test_once_saved_they_stand_there_no_more(self):
        article = self.make_article()
        self.keep(article, "window-one")
        article.drafts.update(fields=[])
        self.assertNotIn("unsaved", [queue.name for queue in self.today(self.rana).queues])


class QueryTests(TodayCase):
    def test_front_pages_take_as_many_queries_with_many_stories(self):
        def several(first, last):
            for n in range(first, last):
                article = self.make_article(state=State.SUBMITTED, slug=f"s{n}", legal_wanted=True, picture_wanted=True)
                signoffs.sign(article, "facts", by=self.cora)
                back = self.make_article(state=State.NEEDS_CHANGES, slug=f"b{n}")
                debts.owe(back, ["copy", "picture", "second_look"], revision=back.revisions.first(), by=self.dana)
                self.assign(back, self.rana, self.edith)
                DeskNote.objects.create(article=article, uid=f"note-{n}", text="Who says so?", by=self.edith)

        users = (self.rana, self.edith, self.leo, self.cora, self.pia, self.max)
        counts = []
        for first, last in ((0, 1), (1, 4)):
            several(first, last)
            counts.append([])
            for user in users:
                self.client.force_login(user)
                with CaptureQueriesContext(connection) as caught:
                    self.client.get("/admin/")
                counts[-1].append(len(caught))
        self.assertEqual(*counts)
        self.assertLessEqual(max(counts[0]), 32)
