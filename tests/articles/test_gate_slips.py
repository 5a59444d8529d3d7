"""What the gate keeps a hurried desk from: second looks at conflicts, holds, approvals and schedules."""

import pytest
from django.core import mail

from articles.actions import legal_register, signoffs, take, writing
from articles.models import Designation, State
from articles.workflow import Situation
from newsroom.errors import Blocked, Refused

from .. import zones
from ..base import NOON
from .test_gate import HOUR, WAIVED, GateTestCase

pytestmark = pytest.mark.engines


@pytest.mark.days
class SecondLookTests(GateTestCase):
    """What a hurried desk does without thinking, and what must not come of it."""

    CHANGES = {"body": "<p>The text runs to twelve pages, according to the port authority.</p>"}

    def correct(self, article):
        self.take(
            article, "correct", by=self.rana, changes=self.CHANGES, was="eleven pages", became="twelve pages",
            reader_text="It is twelve.",
        )  # fmt: skip
        self.take(article, "confirm-correction", by=self.max)

    def update(self, article):
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, body="<p>Another text altogether, the port authority says.</p>")
        self.take(article, "submit", by=self.rana)

    def test_an_approved_update_that_undoes_a_correction_is_read_again(self):
        article = self.live_story()
        self.update(article)
        self.take(article, "approve")
        self.correct(article)
        self.assertEqual((article.state, article.approved), (State.SUBMITTED, None))

    def test_an_update_that_undoes_a_correction_is_not_approved_unseen(self):
        article = self.live_story()
        self.update(article)
        self.correct(article)
        with self.assertRaises(Refused):
            self.take(article, "approve")
        take.look_at_both(article, by=self.edith, seen_version=article.version)
        article.refresh_from_db()
        self.take(article, "approve")

    def test_a_new_update_begins_without_the_conflicts_of_the_old_one(self):
        article = self.live_story()
        self.update(article)
        self.correct(article)
        self.take(article, "withdraw", by=self.max, note="why", reason="retracted", reader_text="Withdrawn.")
        with self.later(hours=1):
            self.take(article, "revise-withdrawn", by=self.max)
        self.assertEqual(article.merge_conflict, {})

    def test_a_story_on_hold_is_not_reinstated(self):
        article = self.live_story()
        self.take(article, "withdraw", by=self.max, note="why", reason="retracted", reader_text="Withdrawn.")
        self.take(article, "hold", by=self.leo, note="a letter came")
        with self.assertRaises(Blocked):
            self.take(article, "reinstate", by=self.max, note="all is well")
        self.assertEqual(article.situation(), Situation.WITHDRAWN)

    def test_a_reinstated_story_carries_the_legal_notes_of_the_day(self):
        article = self.live_story()
        self.take(article, "withdraw", by=self.max, note="why", reason="retracted", reader_text="Withdrawn.")
        self.listed()
        with self.later(hours=1):
            self.take(article, "reinstate", by=self.max, note="all is well")
            self.assertEqual(len(self.text(article).data["legal_notes"]), 1)

    def test_a_schedule_more_than_ten_years_ahead_is_refused(self):
        article = self.make_article(state=State.APPROVED)
        with self.assertRaises(Refused):
            self.take(article, "schedule", at=NOON.replace(year=9999), **WAIVED)

    def test_a_cancelled_schedule_restores_the_approval_and_its_giver(self):
        article = self.make_article(state=State.APPROVED)  # Edith approved it
        self.take(article, "schedule", by=self.max, at=NOON + HOUR, **WAIVED)
        self.take(article, "cancel-schedule", by=self.max)
        self.assertEqual(article.approved_by, self.edith)

    def test_a_redrawn_legal_note_mails_nobody_about_a_schedule(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, standfirst="Later.")
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.take(article, "schedule", at=NOON + HOUR, **WAIVED)
        listed = self.listed()
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            legal_register.redraw_legal_notes(listed, by=self.leo)
        self.assertEqual(article.situation(), Situation.LIVE_WAITING)
        self.assertFalse([letter for letter in mail.outbox if "cancelled" in letter.subject])

    def test_an_unnamed_source_described_anew_is_approved_again(self):
        article = self.make_article()
        row = article.attributions.create(description="an official", reason="fears for the job")
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        signoffs.approve_attribution(row, by=self.edith)
        article.attributions.update(description="the minister")
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        row.refresh_from_db()
        self.assertIsNone(row.approved_by)

    def listed(self, **fields):
        entry = Designation.objects.create(**{"name": "port authority"} | fields)
        entry.notes.create(language="en", text="Listed.")
        return entry

    def test_a_listing_of_today_marks_a_story_of_last_week(self):
        article = self.live_story()
        with self.later(days=7):
            legal_register.redraw_legal_notes(self.listed(valid_from=zones.day(NOON + 7 * 24 * HOUR)), by=self.leo)
            self.assertEqual(len(self.text(article).data["legal_notes"]), 1)

    def test_an_entry_that_ends_takes_its_note_from_a_story_of_last_week(self):
        entry = self.listed()
        article = self.live_story()
        with self.later(days=7):
            entry.valid_until = zones.day(NOON + 6 * 24 * HOUR)
            entry.save()
            legal_register.redraw_legal_notes(entry, by=self.leo)
            self.assertEqual(self.text(article).data["legal_notes"], [])

    def test_a_name_is_found_however_its_hyphen_and_apostrophe_are_spelled(self):
        article = self.live_story(body="<p>The Karst\u2011Brigade\u2019s men deny it, an office says.</p>")
        legal_register.redraw_legal_notes(self.listed(name="Karst-Brigade's men"), by=self.leo)
        self.assertEqual(len(self.text(article).data["legal_notes"]), 1)
