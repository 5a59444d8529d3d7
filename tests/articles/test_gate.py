"""The gate: what publishing, scheduling, correcting and withdrawing do, and what they refuse."""

import datetime as dt
from unittest import mock

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from articles.actions import checklist, gate, legal_register, signoffs, take, writing
from articles.models import Article, Designation, Edition, Kind, Path, State
from articles.roles import Role
from articles.workflow import Situation
from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, NoteNeeded, Refused, Stale, WrongState
from newsroom.models import Pulse

from .. import zones
from ..base import NOON, DeskTestCase, person

pytestmark = pytest.mark.engines

HOUR = dt.timedelta(hours=1)
WAIVED = {"waive": ["*"], "waive_note": "read in conference"}


class GateTestCase(DeskTestCase):
    def setUp(self):
        self.enterContext(clock.frozen(NOON))

    def take(self, article, name, by=None, seen=None, **data):
        seen = seen or take.seen_token(article)
        message = take.take(article, name, by=by or self.edith, seen=seen, **data)
        article.refresh_from_db()
        return message

    def later(self, **delta):
        return clock.frozen(NOON + dt.timedelta(**delta))

    def change(self, article, by, **fields):
        for name, value in fields.items():
            setattr(article, name, value)
        article.save()
        revision = writing.save_revision(article, by=by, seen_version=article.version)
        article.refresh_from_db()
        return revision

    def live_story(self, **changes):
        """A story published at noon; a second has passed since, as it would have."""
        article = self.make_article(state=State.APPROVED, **changes)
        self.take(article, "publish", **WAIVED)
        self.enterContext(self.later(seconds=1))
        return article

    def text(self, article):
        return article.editions.live().get().text


@pytest.mark.days
class PublishTests(GateTestCase):
    def test_readers_get_the_approved_revision_from_this_instant_on(self):
        article = self.make_article(state=State.APPROVED)
        self.take(article, "publish", **WAIVED)
        edition = article.editions.live().get()
        self.assertEqual((edition.kind, edition.live_from, edition.live_until), (Kind.FIRST, NOON, None))
        self.assertEqual(edition.path, zones.story_path("six-ports"))
        self.assertEqual(edition.text.headline, "Six ports agree a rule")
        self.assertEqual(article.state, State.PUBLISHED)

    def test_publishing_prints_the_approved_revision_not_the_row(self):
        article = self.make_article(state=State.APPROVED)
        Article.objects.filter(pk=article.pk).update(headline="Changed behind everybody's back")
        self.take(article, "publish", **WAIVED)
        self.assertEqual(self.text(article).headline, "Six ports agree a rule")

    def test_a_reporter_does_not_publish(self):
        article = self.make_article(state=State.APPROVED)
        with self.assertRaises(NotAllowed):
            self.take(article, "publish", by=self.rana, **WAIVED)
        self.assertFalse(article.editions.exists())

    def test_an_editor_of_another_section_does_not_publish(self):
        article = self.make_article(section=self.politics)
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve", by=self.max)
        with self.assertRaises(NotAllowed):
            self.take(article, "publish", by=self.edith, **WAIVED)

    def test_a_draft_cannot_be_published(self):
        article = self.make_article()
        with self.assertRaises(WrongState):
            self.take(article, "publish", **WAIVED)

    def test_a_second_click_on_publish_changes_nothing(self):
        article = self.make_article(state=State.APPROVED)
        seen = take.seen_token(article)
        self.take(article, "publish", seen=seen, **WAIVED)
        with self.assertRaises(Stale):
            self.take(article, "publish", seen=seen, **WAIVED)
        self.assertEqual(article.editions.count(), 1)

    def test_a_stale_copy_of_a_story_is_refused(self):
        article = self.make_article(state=State.APPROVED)
        seen = take.seen_token(article)
        self.change(article, self.dana, standfirst="Somebody else was quicker.")
        with self.assertRaises(Stale):
            self.take(article, "publish", seen=seen, **WAIVED)

    def test_warnings_stop_a_story_until_each_is_waived_with_a_reason(self):
        article = self.make_article(state=State.APPROVED)
        with self.assertRaises(Blocked) as stopped:
            self.take(article, "publish")
        codes = [finding.code for finding in stopped.exception.findings]
        self.assertEqual(codes, ["lead picture", "copy", "facts", "source"])
        with self.assertRaises(NoteNeeded):
            self.take(article, "publish", waive=codes)
        with self.assertRaises(Blocked):
            self.take(article, "publish", waive=codes[:1], waive_note="no time")
        self.take(article, "publish", waive=codes, waive_note="no time")
        self.assertIn("no time", article.editions.get().why)

    def test_only_the_managing_editor_publishes_past_an_error(self):
        article = self.make_article(state=State.APPROVED, genre="feature")
        with self.assertRaises(Blocked):
            self.take(article, "publish", **WAIVED)
        with self.assertRaises(NotAllowed):
            self.take(article, "publish", override_note="It has to run tonight.", **WAIVED)
        with self.assertRaises(NoteNeeded):
            self.take(article, "publish", by=self.max, override_note="short", **WAIVED)
        self.take(article, "publish", by=self.max, override_note="It has to run tonight.", **WAIVED)

    def test_a_hold_stops_everybody(self):
        article = self.make_article(state=State.APPROVED)
        self.take(article, "hold", by=self.leo, note="lawyers")
        with self.assertRaises(Blocked):
            self.take(article, "publish", by=self.max, override_note="It has to run tonight.", **WAIVED)

    def test_an_embargo_stops_everybody_until_its_moment(self):
        article = self.make_article(state=State.APPROVED, embargo_until=NOON + HOUR)
        with self.assertRaises(Blocked):
            self.take(article, "publish", by=self.max, override_note="It has to run tonight.", **WAIVED)
        with self.assertRaises(Blocked):
            self.take(article, "schedule", at=NOON + HOUR / 2, **WAIVED)
        self.take(article, "schedule", at=NOON + HOUR, **WAIVED)

    def test_an_off_record_quote_stops_everybody(self):
        article = self.make_article(body=f'<p><q data-expert="{self.expert.pk}" data-quote="q1">No.</q></p>')
        article.quote_records.update(ground_rule="off_record")
        writing.save_revision(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        with self.assertRaises(Blocked):
            self.take(article, "publish", by=self.max, override_note="It has to run tonight.", **WAIVED)

    def test_the_address_of_another_story_is_refused_beside_the_slug(self):
        self.live_story()
        article = self.make_article(state=State.APPROVED)
        with self.assertRaises(Blocked) as stopped:
            self.take(article, "publish", **WAIVED)
        self.assertEqual(stopped.exception.findings[0].field, "slug")

    def test_the_date_in_an_address_is_of_the_papers_zone(self):
        article = self.make_article(state=State.APPROVED)
        with clock.frozen(zones.wall("2026-05-05T00:30")):
            self.take(article, "publish", **WAIVED)
        self.assertEqual(article.editions.get().path, "/world/2026/05/05/six-ports/")

    def test_one_person_publishes_a_draft_only_with_four_eyes_off(self):
        article = self.make_article()
        with self.assertRaises(NotAllowed):
            self.take(article, "publish-from-draft", by=self.max, **WAIVED)
        self.publication.four_eyes = False
        self.publication.save()
        self.take(article, "publish-from-draft", by=self.max, **WAIVED)
        self.assertEqual(
            list(article.transitions.order_by("pk").values_list("move", flat=True)),
            ["submit", "approve", "publish-from-draft"],
        )

    def test_every_publication_beats_the_pulse(self):
        before = Pulse.objects.get_or_create(pk=1)[0].counter
        self.live_story()
        self.assertGreater(Pulse.objects.get().counter, before)


@pytest.mark.days
class LeftoverTests(GateTestCase):
    def findings(self, body):
        article = self.make_article(body=body)
        found = checklist.findings_of(article, writing.content_of(article))
        return [finding.about for finding in found if finding.code == "shortcode"]

    def test_instructions_of_another_system_are_an_error(self):
        body = '<p>[vc_row][et_pb_text admin="x"]Text[/et_pb_text] [contact_form id="3"] [Галерея id="1"]</p>'
        self.assertEqual(
            self.findings(body), ["[vc_row]", "[et_pb_text]", "[/et_pb_text]", "[contact_form]", "[Галерея]"]
        )

    def test_what_editors_write_in_brackets_is_no_instruction(self):
        self.assertEqual(
            self.findings("<p>“They was [sic] late,” he said [laughs]. See [1], [a b] and [the judge].</p>"), []
        )


class UpdateTests(GateTestCase):
    def update(self, article, kind="update", **fields):
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, **fields)
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.take(article, "publish", kind=kind, line="Adds a reply", **WAIVED)

    def test_an_update_moves_updated_and_keeps_first_publication(self):
        article = self.live_story()
        with self.later(hours=1):
            self.update(article, standfirst="New facts.")
        with self.later(hours=1):
            edition = article.editions.live().get()
        self.assertEqual(edition.kind, Kind.UPDATE)
        self.assertEqual(edition.first_published_at, NOON)
        self.assertEqual((edition.updated_at, edition.changed_at), (NOON + HOUR, NOON + HOUR))

    def test_a_minor_edit_moves_no_date(self):
        article = self.live_story()
        with self.later(hours=1):
            self.update(article, kind="minor", body=article.body.replace("runs", "ran"))
            edition = article.editions.live().get()
        self.assertEqual((edition.updated_at, edition.changed_at), (None, NOON))

    def test_a_minor_edit_that_changes_much_wants_a_reason(self):
        article = self.live_story()
        with self.later(hours=1):
            self.take(article, "revise", by=self.rana)
            self.change(article, self.rana, body="<p>Quite another text of 27 pages, the port authority says.</p>")
            self.take(article, "submit", by=self.rana)
            self.take(article, "approve")
            with self.assertRaises(Blocked) as stopped:
                self.take(
                    article, "publish", kind="minor", waive=["lead picture", "copy", "facts", "source"], waive_note="ok"
                )
        self.assertEqual([f.code for f in stopped.exception.findings], ["substantive"])

    def test_readers_keep_the_published_text_while_the_update_is_written(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, headline="Half an update")
        self.assertEqual(self.text(article).headline, "Six ports agree a rule")
        self.assertEqual(article.situation(), Situation.LIVE)

    def test_dropping_the_update_brings_the_frozen_text_back_to_the_desk(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, headline="Half an update")
        self.take(article, "drop-update", by=self.rana)
        self.assertEqual((article.headline, article.state), ("Six ports agree a rule", State.PUBLISHED))

    def test_a_new_slug_moves_the_address_and_keeps_the_date(self):
        article = self.live_story()
        with self.later(days=2):
            self.update(article, slug="ports-agree")
            self.assertEqual(article.editions.live().get().path, zones.story_path("ports-agree"))
        self.assertEqual(Path.objects.filter(article=article).count(), 2)

    def test_a_renamed_section_moves_no_address(self):
        article = self.live_story()
        self.world.slug = "planet"
        self.world.save()
        with self.later(hours=1):
            self.update(article, standfirst="New facts.")
            self.assertEqual(article.editions.live().get().path, zones.story_path("six-ports"))


@pytest.mark.days
class ScheduleTests(GateTestCase):
    def scheduled(self, at=NOON + HOUR, **changes):
        article = self.make_article(state=State.APPROVED, **changes)
        self.take(article, "schedule", at=at, by=self.dana, **WAIVED)
        return article

    def test_a_scheduled_story_is_public_from_its_moment_on(self):
        article = self.scheduled()
        self.assertEqual(article.situation(), Situation.WAITING)
        with self.later(minutes=59, seconds=59):
            self.assertFalse(article.editions.live().exists())
        with self.later(hours=1):
            self.assertTrue(article.editions.live().exists())

    def test_a_schedule_in_the_past_is_refused_beside_the_field(self):
        article = self.make_article(state=State.APPROVED)
        for at in (NOON, NOON - HOUR, None):
            with self.assertRaises(Refused) as refused:
                self.take(article, "schedule", at=at, **WAIVED)
            self.assertEqual(refused.exception.field, "at")

    def test_a_cancelled_schedule_frees_the_address(self):
        article = self.scheduled()
        self.take(article, "cancel-schedule")
        self.assertEqual(article.situation(), Situation.NONE)
        self.assertEqual(article.state, State.APPROVED)
        self.assertFalse(Path.objects.exists())
        self.assertTrue(article.editions.get().was_planned_only)

    def test_whoever_scheduled_a_story_is_mailed_when_another_cancels(self):
        article = self.scheduled()
        with self.captureOnCommitCallbacks(execute=True):
            self.take(article, "cancel-schedule", by=self.edith)
        self.assertEqual(mail.outbox[0].to, [self.dana.email])

    def test_a_schedule_is_not_cancelled_after_its_moment(self):
        article = self.scheduled()
        seen = take.seen_token(article)
        with self.later(hours=2), self.assertRaises(Stale):
            self.take(article, "cancel-schedule", seen=seen)

    def test_cancelling_a_scheduled_update_reopens_the_edition_before(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, standfirst="Later.")
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.take(article, "schedule", kind="update", at=NOON + HOUR, **WAIVED)
        self.assertEqual(article.situation(), Situation.LIVE_WAITING)
        self.take(article, "cancel-schedule")
        edition = article.editions.live().get()
        self.assertEqual((edition.kind, edition.live_until), (Kind.FIRST, None))

    def test_rescheduling_keeps_the_revision(self):
        article = self.scheduled()
        self.take(article, "reschedule", at=NOON + 3 * HOUR)
        waiting = article.editions.waiting().get()
        self.assertEqual((waiting.live_from, waiting.revision.number), (NOON + 3 * HOUR, 1))
        self.assertEqual(waiting.first_published_at, NOON + 3 * HOUR)

    def test_publish_now_publishes_a_scheduled_story_at_once(self):
        article = self.scheduled()
        self.take(article, "publish-now")
        self.assertEqual(article.situation(), Situation.LIVE)

    def test_a_hold_cancels_the_schedule_and_touches_nothing_live(self):
        article = self.scheduled()
        self.take(article, "hold", by=self.leo, note="lawyers")
        self.assertEqual((article.situation(), article.state), (Situation.NONE, State.APPROVED))

    def test_the_address_of_a_scheduled_story_is_taken_for_others(self):
        self.scheduled()
        other = self.make_article(state=State.APPROVED)
        with self.assertRaises(Blocked):
            self.take(other, "schedule", at=NOON + 2 * HOUR, **WAIVED)


class CorrectionTests(GateTestCase):
    CHANGES = {"body": "<p>The text runs to twelve pages, according to the port authority.</p>"}
    WORDS = {"was": "eleven pages", "became": "twelve pages", "reader_text": "The text runs to twelve pages."}

    def correct(self, article, by=None, confirm=None, **data):
        self.take(article, "correct", by=by or self.rana, **{"changes": self.CHANGES, **self.WORDS, **data})
        self.take(article, "confirm-correction", by=confirm or self.edith)

    def test_a_drafted_correction_is_mailed_to_those_who_may_confirm_it(self):
        gone = person("gone", Role.EDITOR, is_active=False)
        off_duty = person("offduty", Role.DUTY)
        off_duty.duty_turns.create(turn_from=NOON - dt.timedelta(days=9), turn_until=NOON - dt.timedelta(days=8))
        reporter = person("section-reporter", Role.REPORTER)
        self.world.editors.add(gone, reporter)
        article = self.make_article(state=State.PUBLISHED)
        with self.captureOnCommitCallbacks(execute=True):
            self.take(article, "correct", by=self.rana, changes=self.CHANGES, **self.WORDS)
        told = sorted(address for message in mail.outbox for address in message.to if "To confirm" in message.subject)
        self.assertEqual(told, sorted(user.email for user in (self.edith, self.dana, self.max)))

    def test_a_correction_changes_the_live_words_and_carries_its_note(self):
        article = self.live_story()
        with self.later(hours=2):
            self.correct(article)
            edition = article.editions.live().get()
        self.assertEqual(edition.kind, Kind.CORRECTION)
        self.assertIn("twelve", edition.text.body)
        self.assertEqual(edition.text.data["corrections"][0]["was"], "eleven pages")
        self.assertEqual((edition.updated_at, edition.changed_at), (None, NOON + 2 * HOUR))
        self.assertIn("twelve", article.body)

    def test_nobody_confirms_a_correction_of_their_own(self):
        article = self.live_story()
        self.take(article, "correct", by=self.edith, changes=self.CHANGES, **self.WORDS)
        with self.assertRaises(NotAllowed):
            self.take(article, "confirm-correction", by=self.edith)
        self.assertIn("eleven", self.text(article).body)

    def test_of_two_drafts_nobody_confirms_their_own(self):
        article = self.live_story()
        self.take(article, "correct", by=self.edith, changes=self.CHANGES, **self.WORDS)
        self.take(article, "correct", by=self.rana, changes={"standfirst": "One list of checks."}, **self.WORDS)
        own, ranas = article.correction_drafts.order_by("at", "pk")
        with self.assertRaises(NotAllowed):
            self.take(article, "confirm-correction", by=self.edith, draft=own.pk)
        self.assertFalse(article.corrections.exists())
        self.take(article, "confirm-correction", by=self.edith, draft=ranas.pk)
        self.assertEqual(self.text(article).standfirst, "One list of checks.")
        self.assertIn("eleven", self.text(article).body)

    def test_a_correction_says_what_was_what_is_and_a_sentence_for_readers(self):
        article = self.live_story()
        for field, empty in (("was", {"was": ""}), ("became", {"became": ""}), ("reader_text", {"reader_text": " "})):
            with self.assertRaises(Refused) as refused:
                self.take(article, "correct", by=self.rana, **{"changes": self.CHANGES, **self.WORDS, **empty})
            self.assertEqual(refused.exception.field, field)

    def test_a_correction_is_merged_into_an_update_and_does_not_publish_it(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, headline="Half an update")
        self.correct(article)
        text = self.text(article)
        self.assertEqual(text.headline, "Six ports agree a rule")
        self.assertIn("twelve", text.body)
        self.assertEqual((article.headline, article.state), ("Half an update", State.DRAFT))
        self.assertIn("twelve", article.body)

    def test_a_conflict_of_correction_and_update_stops_submitting(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, body="<p>Another text altogether, the port authority says.</p>")
        self.correct(article)
        self.assertEqual(set(article.merge_conflict), {"body"})
        self.assertIn("Another text", article.body)
        with self.assertRaises(Refused):
            self.take(article, "submit", by=self.rana)
        take.look_at_both(article, by=self.rana, seen_version=article.version)
        article.refresh_from_db()
        self.take(article, "submit", by=self.rana)

    def test_a_correction_cancels_a_scheduled_update_which_is_read_again(self):
        article = self.live_story()
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, standfirst="Later.")
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.take(article, "schedule", kind="update", at=NOON + HOUR, **WAIVED)
        self.correct(article, by=self.cora)
        self.assertEqual((article.state, article.situation()), (State.SUBMITTED, Situation.LIVE))
        self.assertEqual(article.standfirst, "Later.")

    def test_a_correction_note_is_in_every_later_edition(self):
        article = self.live_story()
        self.correct(article)
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, standfirst="Later.")
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.take(article, "publish", kind="update", **WAIVED)
        self.assertEqual(len(self.text(article).data["corrections"]), 1)

    def test_a_correction_drafted_from_an_older_text_is_stale(self):
        article = self.live_story()
        self.take(article, "correct", by=self.rana, changes=self.CHANGES, **self.WORDS)
        other = {"body": "<p>The text runs to ten pages, according to the port authority.</p>"}
        self.take(article, "editors-note", by=self.max, reader_text="We looked again.", changes=other)
        with self.assertRaises(Stale):
            self.take(article, "confirm-correction", by=self.edith)

    def test_a_drafted_correction_survives_an_editors_note(self):
        article = self.live_story()
        self.take(article, "correct", by=self.rana, changes=self.CHANGES, **self.WORDS)
        self.take(article, "editors-note", by=self.max, reader_text="We looked again.")
        self.take(article, "confirm-correction", by=self.edith)
        with self.later(seconds=2):
            self.assertIn("twelve", self.text(article).body)

    def test_an_editors_note_leaves_the_words_alone(self):
        article = self.live_story()
        self.take(article, "editors-note", by=self.max, reader_text="We looked again.")
        text = self.text(article)
        self.assertIn("eleven", text.body)
        self.assertEqual(text.data["corrections"][0]["kind"], "editors_note")

    def test_a_corrected_quote_keeps_its_ground_rule(self):
        body = f'<p><q data-expert="{self.expert.pk}" data-quote="q1">No more.</q> the port authority says.</p>'
        article = self.live_story(body=body)
        changed = body.replace("No more.", "No less.")
        self.correct(article, changes={"body": changed})
        quote = article.editions.live().get().quotes.get()
        self.assertEqual((quote.words, quote.ground_rule), ("No less.", "on_record"))


class RecordTests(GateTestCase):
    """What a Transition keeps of what was asked and done."""

    def details(self, article, move):
        return article.transitions.get(move=move).details

    def test_a_publication_keeps_what_was_waived_and_the_line_for_readers(self):
        article = self.make_article(state=State.APPROVED)
        self.take(article, "publish", line="Adds the reply", **WAIVED)
        self.assertEqual(self.details(article, "publish"), {"line": "Adds the reply", **WAIVED})

    def test_a_schedule_keeps_no_moment_among_the_details(self):
        article = self.make_article(state=State.APPROVED)
        self.take(article, "schedule", at=NOON + HOUR, **WAIVED)
        self.assertEqual(self.details(article, "schedule"), WAIVED)

    def test_a_commission_keeps_the_name_of_the_writer(self):
        article = self.make_article(state=State.PITCH)
        self.take(article, "accept", assignee=self.rana, due_at=NOON + HOUR)
        self.assertEqual(self.details(article, "accept"), {"assignee": "rana"})

    def test_a_correction_keeps_its_draft_and_not_the_changed_fields(self):
        article = self.live_story()
        asked = {"kind": "clarification", "reader_text": "It is six.", "changes": {"headline": "Six"}}
        self.take(article, "correct", by=self.cora, **asked)
        draft = article.correction_drafts.get().pk
        kept = {"kind": "clarification", "reader_text": "It is six.", "draft": draft}
        self.assertEqual(self.details(article, "correct"), kept)
        self.assertEqual(asked["changes"], {"headline": "Six"})

    def test_a_withdrawal_keeps_the_id_of_the_story_in_its_stead(self):
        other, article = self.live_story(slug="other"), self.live_story()
        asked = {"reason": "in_error", "reader_text": "Read the other one."}
        self.take(article, "withdraw", by=self.max, note="twice", replacement=other, **asked)
        self.assertEqual(self.details(article, "withdraw"), asked | {"replacement": other.pk})


class WithdrawTests(GateTestCase):
    def withdrawn(self, by=None, reason="in_error", **data):
        article = self.live_story()
        with self.later(hours=1):
            self.take(
                article, "withdraw", by=by or self.max, note="wrong", reason=reason, reader_text="It was wrong.", **data
            )
        return article

    def test_a_withdrawn_story_leaves_an_unlisted_tombstone(self):
        article = self.withdrawn()
        with self.later(hours=2):
            self.assertFalse(article.editions.live().exists())
            tombstone = article.editions.in_force().select_related("text").get()
            self.assertEqual(article.situation(), Situation.WITHDRAWN)
        self.assertEqual((tombstone.kind, tombstone.listed, tombstone.text.headline), (Kind.WITHDRAWAL, False, ""))

    def test_a_duty_editor_withdraws_for_four_reasons_only(self):
        self.withdrawn(by=self.dana, reason="safety")
        article = self.live_story(slug="another")
        with self.assertRaises(NotAllowed):
            self.take(article, "withdraw", by=self.dana, note="x", reason="retracted", reader_text="x")

    def test_an_editor_does_not_withdraw(self):
        article = self.live_story()
        with self.assertRaises(NotAllowed):
            self.take(article, "withdraw", by=self.edith, note="x", reason="in_error", reader_text="x")

    def test_reinstating_brings_back_the_last_words_and_dates_the_absence(self):
        article = self.withdrawn()
        with self.later(hours=3):
            self.take(article, "reinstate", by=self.max, note="right after all")
            edition = article.editions.live().select_related("text").get()
        self.assertEqual(edition.kind, Kind.REINSTATEMENT)
        self.assertEqual(edition.first_published_at, NOON)
        self.assertEqual(edition.text.data["withdrawn_spans"][0]["from"], (NOON + HOUR).isoformat())

    def test_a_legal_withdrawal_comes_back_only_with_legals_sign_off(self):
        article = self.withdrawn(reason="legal_order")
        with self.later(hours=3):
            with self.assertRaises(NotAllowed):
                self.take(article, "reinstate", by=self.max, note="over")
            signoffs.sign(article, "legal", by=self.leo)
            self.take(article, "reinstate", by=self.max, note="over")

    def test_legals_sign_off_from_before_the_withdrawal_does_not_bring_it_back(self):
        for reason, slug in (("legal_order", "order"), ("legal_complaint", "complaint")):
            article = self.live_story(slug=slug)
            with self.later(minutes=30):
                signoffs.sign(article, "legal", by=self.leo)
            with self.later(hours=1):
                self.take(article, "withdraw", by=self.max, note="why", reason=reason, reader_text="Withdrawn.")
            with self.later(hours=2):
                with self.assertRaises(NotAllowed):
                    self.take(article, "reinstate", by=self.max, note="over")
                signoffs.sign(article, "copy", by=self.cora)  # another kind is not Legal's
                with self.assertRaises(NotAllowed):
                    self.take(article, "reinstate", by=self.max, note="over")
            with self.later(hours=3):
                signoffs.sign(article, "legal", by=self.leo)
                self.take(article, "reinstate", by=self.max, note="over")

    def test_a_new_text_after_a_legal_withdrawal_wants_legals_sign_off_too(self):
        article = self.live_story()
        with self.later(minutes=30):
            signoffs.sign(article, "legal", by=self.leo)
        with self.later(hours=1):
            self.take(article, "withdraw", by=self.max, note="why", reason="legal_order", reader_text="Withdrawn.")
        with self.later(hours=2):
            self.take(article, "revise-withdrawn", by=self.edith)
            self.change(article, self.edith, standfirst="Rewritten.")
            self.take(article, "submit", by=self.cora)
            self.take(article, "approve", by=self.edith)
            with self.assertRaises(NotAllowed):
                self.take(article, "publish-anew", by=self.max, note="rewritten", **WAIVED)
            signoffs.sign(article, "legal", by=self.leo)
            self.take(article, "publish-anew", by=self.max, note="rewritten", **WAIVED)

    def test_a_retraction_is_listed_whatever_the_form_says(self):
        for reason, ticked, listed in (("retracted", False, True), ("in_error", False, False), ("safety", True, True)):
            article = self.live_story(slug=reason.replace("_", "-"))
            with self.later(hours=1):
                self.take(
                    article, "withdraw", by=self.max, note="wrong", reason=reason, reader_text="It was wrong.",
                    list_publicly=ticked,
                )  # fmt: skip
                self.assertEqual(article.editions.in_force().get().list_publicly, listed, reason)

    def test_only_the_managing_editor_publishes_a_withdrawn_story_anew(self):
        article = self.withdrawn()
        with self.later(hours=3):
            self.take(article, "revise-withdrawn", by=self.edith)
            self.change(article, self.edith, standfirst="Rewritten.")
            self.take(article, "submit", by=self.cora)
            self.take(article, "approve", by=self.edith)
            with self.assertRaises(NotAllowed):
                self.take(article, "publish-anew", by=self.edith, note="x", **WAIVED)
            self.take(article, "publish-anew", by=self.max, note="rewritten", **WAIVED)
            edition = article.editions.live().get()
        self.assertEqual(edition.updated_at, NOON + 3 * HOUR)

    def test_a_replacement_has_to_be_a_live_story(self):
        other = self.make_article(slug="other")
        article = self.live_story()
        with self.assertRaises(Refused) as refused:
            self.take(article, "withdraw", by=self.max, note="x", reason="in_error", reader_text="x", replacement=other)
        self.assertEqual(refused.exception.field, "replacement")


class RegisterTests(GateTestCase):
    def test_a_change_of_the_register_redraws_the_notes_of_live_stories(self):
        article = self.live_story(body="<p>The Karst Brigade denies it, the port authority says.</p>")
        self.assertEqual(self.text(article).data["legal_notes"], [])
        entry = Designation.objects.create(name="Karst Brigade")
        entry.notes.create(text="The Karst Brigade is listed.")
        with self.later(hours=1):
            self.assertEqual(legal_register.redraw_legal_notes(entry, by=self.leo), 1)
            edition = article.editions.live().select_related("text").get()
        self.assertEqual((edition.kind, edition.changed_at), (Kind.REFRESH, NOON))
        self.assertIn("is listed", edition.text.data["legal_notes"][0]["text"])

    def test_a_waiting_edition_is_frozen_again_for_the_same_moment(self):
        article = self.make_article(
            state=State.APPROVED, body="<p>The Karst Brigade denies it, the port authority says.</p>"
        )
        self.take(article, "schedule", at=NOON + HOUR, **WAIVED)
        entry = Designation.objects.create(name="Karst Brigade")
        entry.notes.create(text="The Karst Brigade is listed.")
        legal_register.redraw_legal_notes(entry, by=self.max)
        waiting = article.editions.waiting().select_related("text").get()
        self.assertEqual((waiting.live_from, waiting.kind), (NOON + HOUR, Kind.FIRST))
        self.assertTrue(waiting.text.data["legal_notes"])

    def test_others_do_not_change_the_legal_register(self):
        entry = Designation.objects.create(name="Karst Brigade")
        with self.assertRaises(NotAllowed):
            legal_register.redraw_legal_notes(entry, by=self.edith)


class FailureTests(GateTestCase):
    def test_a_gate_that_fails_half_way_leaves_nothing(self):
        article = self.make_article(state=State.APPROVED)
        with (
            mock.patch.object(gate.rendering, "store_rendering", side_effect=RuntimeError),
            self.assertRaises(RuntimeError),
        ):
            self.take(article, "publish", **WAIVED)
        article.refresh_from_db()
        self.assertEqual(article.state, State.APPROVED)
        self.assertFalse(Edition.objects.exists())
        self.assertFalse(Path.objects.exists())

    def test_the_database_refuses_to_change_what_is_frozen(self):
        article = self.live_story()
        for change in (
            lambda: article.editions.update(path="/elsewhere/"),
            lambda: article.editions.all().delete(),
            lambda: article.editions.get().text.delete(),
            lambda: article.transitions.update(note="never"),
            lambda: article.revisions.update(why="never"),
            lambda: Path.objects.filter(article=article).delete(),
        ):
            with self.assertRaises(IntegrityError), transaction.atomic():
                change()
