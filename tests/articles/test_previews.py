"""Preview links and what is answered by them: who may make one, how it ends, what of it counts."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles.actions import checklist, preview_answers, previews, take, writing
from articles.actions.checklist.signoffs import signoffs_that_count
from articles.models import (
    Article,
    Byline,
    Contributor,
    DeskNote,
    Edition,
    PreviewLink,
    PreviewVerdict,
    QuoteRecord,
    Revision,
    State,
)
from experts.models import Expert
from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, Refused, WrongState

from ..base import DeskTestCase, zones

pytestmark = pytest.mark.engines
DAY = dt.timedelta(days=1)
READ, LEGAL, OWN = PreviewLink.Purpose.READ, PreviewLink.Purpose.LEGAL, PreviewLink.Purpose.OWN_WORDS


class PreviewTestCase(DeskTestCase):
    def setUp(self):
        self.article = self.make_article()

    def link(self, *, by=None, article=None, **given):
        asked = {"name": "Anna Brill", "purpose": READ, "lasts": DAY} | given
        link, self.token = previews.make_link(article or self.article, by=by or self.edith, **asked)
        return link

    def works(self):
        return previews.works(previews.link_of_token(self.token))

    def take(self, name, by, **data):
        take.take(self.article, name, by=by, seen=take.seen_token(self.article), **data)
        self.article.refresh_from_db()


class UnsavedEditionTests(PreviewTestCase):
    def test_a_preview_saves_nothing(self):
        content = writing.content_of(self.article) | {"headline": "Seven ports agree a rule"}
        edition = previews.unsaved_edition(self.article, content)
        self.assertEqual(edition.text.headline, "Seven ports agree a rule")
        self.assertEqual((Edition.objects.count(), Revision.objects.count()), (0, 1))

    def test_a_preview_of_an_update_keeps_the_date_of_first_publication(self):
        story = self.make_article(state=State.PUBLISHED, slug="live-one")
        live = story.editions.get()
        edition = previews.unsaved_edition(story, writing.content_of(story))
        self.assertEqual((edition.first_published_at, edition.path), (live.first_published_at, live.path))

    def test_a_preview_carries_the_corrections_that_stand(self):
        story = self.make_article(state=State.PUBLISHED, slug="live-one")
        live = story.editions.get()
        story.corrections.create(
            kind="correction", was="nine", became="eleven", reader_text="Pages.", at=live.live_from, edition=live
        )
        edition = previews.unsaved_edition(story, writing.content_of(story))
        self.assertEqual([note["became"] for note in edition.text.data["corrections"]], ["eleven"])

    def test_a_preview_has_no_desk_note_in_it(self):
        body = '<p>The text <span data-desk-note="note-0001">runs</span> on.</p>'
        edition = previews.unsaved_edition(self.article, writing.content_of(self.article) | {"body": body})
        self.assertEqual(edition.text.body, "<p>The text runs on.</p>")

    def test_a_story_without_a_section_says_what_is_missing(self):
        with self.assertRaisesMessage(Refused, "Choose a section"):
            previews.unsaved_edition(self.article, writing.content_of(self.article) | {"section": None})


class MakingTests(PreviewTestCase):
    def test_only_a_hash_of_the_token_is_kept(self):
        link = self.link()
        self.assertGreaterEqual(len(self.token), 43)
        self.assertNotIn(self.token, str(PreviewLink.objects.values().get(pk=link.pk)))
        self.assertEqual(previews.link_of_token(self.token), link)
        self.assertIsNone(previews.link_of_token(self.token[:-1]))
        self.assertIsNone(previews.link_of_token(link.token_hash))

    def test_a_link_shows_the_version_it_was_made_for(self):
        link = self.link()
        self.article.headline = "Another headline"
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.assertEqual(previews.edition_of_link(link).text.headline, "Six ports agree a rule")

    def test_whoever_may_not_show_a_story_makes_no_link(self):
        for user in (self.rob, self.pia, self.sami, self.mona, self.ada):
            with self.subTest(user), self.assertRaises(NotAllowed):
                self.link(by=user)
        for user in (self.rana, self.cora, self.edith, self.dana, self.leo, self.max):
            self.link(by=user)

    def test_copy_on_hold_or_under_embargo_is_shown_by_few(self):
        for held in ({"hold": True}, {"embargo_until": zones.NOON + 3650 * DAY}):
            Article.objects.filter(pk=self.article.pk).update(**held)
            self.article.refresh_from_db()
            for user in (self.rana, self.cora):
                with self.subTest(user), self.assertRaisesMessage(NotAllowed, "on hold or under embargo"):
                    self.link(by=user)
            self.link(by=self.leo)

    def test_a_link_shows_nothing_while_a_later_hold_or_embargo_lasts(self):
        _, reporters = previews.make_link(self.article, by=self.rana, name="Anna Brill", purpose=READ, lasts=DAY)
        _, lawyers = previews.make_link(self.article, by=self.leo, name="Anna Brill", purpose=READ, lasts=DAY)
        for held, lifted in (
            ({"hold": True}, {"hold": False}), ({"embargo_until": zones.NOON + 3650 * DAY}, {"embargo_until": None}),
        ):  # fmt: skip
            for changes, shown in ((held, [False, True]), (lifted, [True, True])):
                Article.objects.filter(pk=self.article.pk).update(**changes)
                found = [previews.works(previews.link_of_token(token)) for token in (reporters, lawyers)]
                self.assertEqual(found, shown, changes)

    def test_bad_input_for_a_link_is_refused_beside_its_field(self):
        for field, given in [
            ("name", {"name": " \u200b "}),
            ("lasts", {"lasts": dt.timedelta(0)}),
            ("lasts", {"lasts": dt.timedelta(days=400)}),
            ("expert", {"purpose": OWN}),
            ("expert", {"purpose": OWN, "expert": self.expert}),
        ]:
            with self.subTest(field), self.assertRaises(Refused) as caught:
                self.link(**given)
            self.assertEqual(caught.exception.field, field)
        self.assertFalse(PreviewLink.objects.exists())

    def test_a_spiked_story_is_shown_to_nobody(self):
        self.link()
        self.take("spike", self.max, note="Not for us")
        self.assertFalse(self.works())
        with self.assertRaises(WrongState):
            self.link()

    def test_words_off_the_record_are_shown_to_nobody_outside(self):
        body = f'<p>“<q data-expert="{self.expert.pk}" data-quote="aaaaaaaa">We agree</q>”, he said.</p>'
        story = self.make_article(body=body, slug="quoting")
        self.link(article=story)
        self.assertTrue(self.works())
        QuoteRecord.objects.filter(article=story).update(ground_rule="withdrawn")
        self.assertFalse(self.works())  # taken back since: the version itself says nothing of it
        with self.assertRaises(Blocked):
            self.link(article=story)


class EndingTests(PreviewTestCase):
    def test_a_link_ends_when_its_time_is_over(self):
        now = dt.datetime.now(dt.UTC)
        with time_machine.travel(now, tick=False):
            self.link()
        with clock.frozen(now + DAY - dt.timedelta(seconds=2)):
            self.assertTrue(self.works())
        with clock.frozen(now + DAY + dt.timedelta(seconds=2)):
            self.assertFalse(self.works())

    def test_a_revoked_link_opens_nothing(self):
        link = self.link()
        with self.assertRaises(NotAllowed):
            previews.revoke_link(link, by=self.rob)
        self.assertTrue(self.works())
        previews.revoke_link(link, by=self.rana)
        self.assertFalse(self.works())
        self.assertEqual(PreviewLink.objects.get().revoked_by, self.rana)

    def test_a_link_ends_on_publication_if_so_chosen(self):
        self.link()
        first = self.token
        self.link(ends_on_publication=False)
        second = self.token
        self.take("submit", self.rana)
        self.take("approve", self.edith)
        self.take("publish", self.max, waive=["*"], waive_note="a test")
        self.assertEqual(previews.link_of_token(first).standing, "published")
        self.assertEqual(previews.link_of_token(second).standing, "open")

    def test_a_link_to_an_update_lives_while_the_first_edition_is_out(self):
        story = self.make_article(state=State.PUBLISHED, slug="live-one")
        self.link(article=story)
        self.assertTrue(self.works())

    def test_a_scheduled_edition_ends_a_link_on_the_second(self):
        self.take("submit", self.rana)
        self.take("approve", self.edith)
        self.link()
        at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
        self.take("schedule", self.max, waive=["*"], waive_note="a test", at=at)
        self.assertTrue(self.works())
        with clock.frozen(at + dt.timedelta(seconds=1)):
            self.assertFalse(self.works())


class VerdictTests(PreviewTestCase):
    def answer(self, link, verdict="changes", text="", remarks=()):
        return preview_answers.leave_verdict(link, verdict=verdict, text=text, remarks=remarks)

    def legal_counts(self):
        article = Article.objects.get(pk=self.article.pk)
        content = writing.content_of(article)
        return "legal" in signoffs_that_count([(None, article.pk, content)])[None]

    def test_remarks_arrive_as_notes_under_the_name_of_the_link(self):
        with self.captureOnCommitCallbacks(execute=True):
            self.answer(self.link(), remarks=[("eleven pages", 2, "Count them again."), ("", None, "Well done.")])
        notes = list(DeskNote.objects.order_by("pk"))
        self.assertEqual([note.text for note in notes], ["On “eleven pages”: Count them again.", "Well done."])
        self.assertEqual([str(note.who) for note in notes], ["Anna Brill", "Anna Brill"])
        self.assertEqual(notes[0].remark.place, 2)
        [sent] = mail.outbox
        self.assertEqual(sent.to, ["edith@paper.example"])
        self.assertNotIn("Count them", sent.body)

    def test_notes_from_outside_stay_open_when_the_text_is_saved(self):
        self.answer(self.link(), remarks=[("eleven pages", 2, "Count them again.")])
        self.article.standfirst = "Another."
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.assertEqual(DeskNote.objects.filter(resolved_at=None).count(), 1)

    def test_the_same_answer_twice_is_one(self):
        link = self.link()
        for _ in range(2):
            self.answer(link, text="As noted.", remarks=[("eleven pages", 2, "Count them again.")])
        self.assertEqual((PreviewVerdict.objects.count(), DeskNote.objects.count()), (1, 2))

    def test_a_cleared_link_for_legal_is_the_legal_signoff(self):
        self.answer(self.link(purpose=LEGAL, by=self.leo), "changes", remarks=[("eleven pages", 2, "Soften it.")])
        self.assertTrue(self.legal_counts())
        signoff = self.article.signoffs.get()
        self.assertEqual((str(signoff.who), signoff.by, signoff.revision.number), ("Anna Brill", self.leo, 1))

    def test_a_verdict_by_any_other_link_is_no_signoff(self):
        self.answer(self.link(purpose=READ, by=self.leo), "cleared")
        self.assertFalse(self.article.signoffs.exists())

    def test_a_verdict_of_not_cleared_is_no_signoff_and_leaves_a_note(self):
        self.answer(self.link(purpose=LEGAL, by=self.leo), "not cleared")
        self.assertFalse(self.article.signoffs.exists())
        self.assertEqual(DeskNote.objects.get().text, "Not cleared.")

    def test_a_changed_verdict_takes_the_signoff_back(self):
        link = self.link(purpose=LEGAL, by=self.leo)
        self.answer(link, "not cleared", text="Wait.")
        self.answer(link, "cleared")
        self.assertTrue(self.legal_counts())
        self.assertFalse(DeskNote.objects.filter(resolved_at=None).exists())
        self.answer(link, "not cleared", text="No.")
        self.assertFalse(self.legal_counts())
        self.assertEqual(PreviewVerdict.objects.count(), 3)

    def found(self):
        article = Article.objects.get(pk=self.article.pk)
        return {f.code: f for f in checklist.findings_of(article, writing.content_of(article))}

    def test_not_cleared_is_found_by_name_until_the_lawyer_answers_anew(self):
        link = self.link(purpose=LEGAL, by=self.leo)
        self.answer(link, "not cleared", text="Do not print.", remarks=[("", None, "See page two.")])
        found = self.found()
        self.assertEqual(found["not cleared"].message, "Not cleared by Anna Brill, asked for Legal: “Do not print.”")
        self.assertEqual(found["notes"].message, "A note by Anna Brill is still open: “See page two.”")
        self.answer(link, "cleared")
        self.assertNotIn("not cleared", self.found())

    def test_waiving_all_at_once_leaves_out_what_was_not_cleared(self):
        self.answer(self.link(purpose=LEGAL, by=self.leo), "not cleared")
        self.take("submit", self.rana)
        self.take("approve", self.edith)
        with self.assertRaisesMessage(Blocked, "Not cleared by Anna Brill"):
            self.take("publish", self.max, waive=["*"], waive_note="a test")
        key = self.found()["not cleared"].key
        self.take("publish", self.max, waive=["*", key], waive_note="a test")

    def test_the_signoff_counts_for_the_words_that_were_read(self):
        self.answer(self.link(purpose=LEGAL, by=self.leo), "cleared")
        self.article.headline = "Seven ports agree a rule"
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.assertFalse(self.legal_counts())

    def test_an_author_cannot_clear_their_own_story_by_a_link(self):
        link = self.link(purpose=LEGAL, by=self.rana)
        self.answer(link, "cleared")
        self.assertFalse(self.legal_counts())
        for user in (self.rana, self.rob, self.cora, self.pia):
            with self.subTest(user), self.assertRaises(NotAllowed):
                preview_answers.count_verdict(link, by=user)
        preview_answers.count_verdict(link, by=self.leo)
        preview_answers.count_verdict(link, by=self.leo)  # a second click
        self.assertTrue(self.legal_counts())
        self.assertEqual(self.article.signoffs.get().by, self.leo)

    def test_an_editor_who_wrote_the_story_does_not_count_it_either(self):
        Byline.objects.create(article=self.article, contributor=Contributor.objects.create(name="E", user=self.edith))
        link = self.link(purpose=LEGAL, by=self.edith)
        self.answer(link, "cleared")
        self.assertFalse(self.legal_counts())
        with self.assertRaises(NotAllowed):
            preview_answers.count_verdict(link, by=self.edith)

    def test_nothing_that_does_not_clear_for_legal_is_counted(self):
        link = self.link(purpose=LEGAL, by=self.rana)
        with self.assertRaises(WrongState):
            preview_answers.count_verdict(link, by=self.leo)
        self.answer(link, "not cleared")
        other = self.link(by=self.rana)
        self.answer(other, "cleared")
        for one in (link, other):
            with self.assertRaises(WrongState):
                preview_answers.count_verdict(one, by=self.leo)

    def test_an_answer_to_a_link_that_has_ended_is_refused(self):
        link = self.link()
        previews.revoke_link(link, by=self.edith)
        with self.assertRaises(WrongState):
            self.answer(link)
        with self.assertRaises(Refused):
            self.answer(self.link(asks=False))
        self.assertFalse(PreviewVerdict.objects.exists())

    def test_bad_input_in_a_verdict_keeps_nothing(self):
        link = self.link()
        many = [("", None, f"Remark {number}") for number in range(preview_answers.MOST_REMARKS + 1)]
        for given in ({"verdict": "splendid"}, {"remarks": many}):
            with self.assertRaises(Refused):
                self.answer(link, **given)
        self.assertFalse(DeskNote.objects.exists())

    def test_the_database_keeps_a_verdict_as_it_was_given(self):
        verdict = self.answer(self.link(), "not cleared")
        for change in (lambda row: row.update(verdict="cleared"), lambda row: row.delete()):
            with self.assertRaises(IntegrityError), transaction.atomic():
                change(PreviewVerdict.objects.filter(pk=verdict.pk))


class ReadBackTests(PreviewTestCase):
    def setUp(self):
        self.other = Expert.objects.create(display_name="Rosalind Tam")
        self.body = (
            "<p>The ports are shut. Nystrom said that the sale was good in law. "
            f'“<q data-expert="{self.expert.pk}" data-quote="aaaaaaaa">It has a duty</q>”, he said, and Tam added '
            f'“<q data-expert="{self.other.pk}" data-quote="bbbbbbbb">I know the buyer</q>”. It is secret.</p>'
            f'<blockquote data-expert="{self.expert.pk}" data-quote="cccccccc"><p>On the day.</p></blockquote>'
        )
        self.article = self.make_article(body=self.body)

    def own(self):
        return self.link(purpose=OWN, expert=self.expert, name="Dr Nystrom")

    def test_a_read_back_shows_own_words_and_the_sentence_around(self):
        first, second = previews.words_to_read_back(self.own().revision.content, self.expert.pk)
        self.assertEqual(
            (first.before, first.words, first.after), ("“", "It has a duty", "”, he said, and Tam added “[…]”.")
        )
        self.assertEqual((second.before, second.words, second.after), ("", "On the day.", ""))

    def test_an_answer_is_recorded_on_the_quotation(self):
        preview_answers.read_back(self.own(), {"aaaaaaaa": (True, ""), "cccccccc": (False, "On the evening.")})
        kept = dict(QuoteRecord.objects.values_list("uid", "approval"))
        self.assertEqual(kept, {"aaaaaaaa": "approved", "bbbbbbbb": "", "cccccccc": "read back"})
        note = DeskNote.objects.get()
        self.assertEqual(
            (note.text, note.guest), ("Not quite their words, “On the day.”. On the evening.", "Dr Nystrom")
        )
        newest = Article.objects.get(pk=self.article.pk).revisions.first()
        self.assertEqual((newest.by, newest.why), (None, "Dr Nystrom, read-back"))
        self.assertEqual([quote.get("approval") for quote in newest.content["quotes"]], ["approved", None, "read back"])
        self.assertEqual(newest.content["body"], self.article.revisions.last().content["body"])

    def test_words_changed_since_are_not_agreed_by_the_old_answer(self):
        link = self.own()
        self.article.body = self.body.replace("It has a duty", "It has no duty")
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        preview_answers.read_back(link, {"aaaaaaaa": (True, "")})
        self.assertEqual(QuoteRecord.objects.get(uid="aaaaaaaa").approval, "")

    def test_the_desk_reads_who_agreed_and_when(self):
        preview_answers.read_back(self.own(), {"aaaaaaaa": (True, ""), "cccccccc": (False, "word " * 60)})
        self.client.force_login(self.rana)
        page = self.client.get(reverse("admin:articles_article_change", args=[self.article.pk]))
        self.assertContains(page, "Agreed to these words", count=1)
        past = self.client.get(reverse("admin:articles_article_versions", args=[self.article.pk]))
        self.assertContains(past, "Dr Nystrom, read-back")
        self.assertNotContains(past, "import")
        content = writing.content_of(Article.objects.get(pk=self.article.pk))
        [note] = [f for f in checklist.findings_of(self.article, content) if f.code == "notes"]
        self.assertIn("A note by Dr Nystrom is still open", note.message)
        self.assertTrue(note.message.endswith(" word…”"), note.message)

    def test_nobody_answers_for_the_words_of_another(self):
        with self.assertRaises(Refused):
            preview_answers.read_back(self.own(), {"bbbbbbbb": (True, "")})
        self.assertEqual(QuoteRecord.objects.get(uid="bbbbbbbb").approval, "")

    def test_words_off_the_record_are_not_read_back(self):
        QuoteRecord.objects.filter(uid="cccccccc").update(ground_rule="off_record")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        link = self.own()
        self.assertEqual(
            [one.uid for one in previews.words_to_read_back(link.revision.content, self.expert.pk)], ["aaaaaaaa"]
        )

    def test_an_approved_story_stays_approved_by_a_read_back(self):
        self.take("submit", self.rana)
        self.take("approve", self.edith)
        preview_answers.read_back(self.own(), {"aaaaaaaa": (True, "")})
        self.article.refresh_from_db()
        self.assertEqual((self.article.state, self.article.approved.number), (State.APPROVED, 2))

    def test_the_link_of_somebody_who_is_removed_opens_nothing(self):
        self.own()
        Expert.objects.filter(pk=self.expert.pk).update(removed_at=zones.NOON)
        self.assertFalse(self.works())
