"""Saving: numbered versions, stale copies, who may change what, and what an edit after approval does."""

from articles.actions import take, writing
from articles.models import Article, State
from experts.models import Organisation
from newsroom.errors import NotAllowed, Refused, Stale

from ..base import DeskTestCase


class SavingTests(DeskTestCase):
    def save(self, article, by, **fields):
        for name, value in fields.items():
            setattr(article, name, value)
        article.save()
        revision = writing.save_revision(article, by=by, seen_version=article.version)
        article.refresh_from_db()
        return revision

    def test_each_save_is_a_numbered_version_of_the_whole_story(self):
        article = self.make_article()
        self.assertEqual(self.save(article, self.rana, standfirst="New.").number, 2)
        self.assertEqual(article.revisions.first().content["standfirst"], "New.")

    def test_a_save_that_changes_nothing_makes_no_version(self):
        article = self.make_article()
        self.assertEqual(self.save(article, self.rana).number, 1)

    def test_a_story_begun_with_a_headline_has_a_slug(self):
        made = [writing.start_story(by=self.rana, headline="Порт открыт", section=self.world) for _ in range(2)]
        self.assertEqual([article.slug for article in made], ["port-otkryt", "port-otkryt-2"])

    def test_a_stale_copy_of_a_story_is_refused(self):
        article = self.make_article()
        with self.assertRaises(Stale):
            writing.save_revision(article, by=self.rana, seen_version=0)

    def test_another_reporter_does_not_change_a_story(self):
        article = self.make_article()
        with self.assertRaises(NotAllowed):
            self.save(article, self.rob, headline="Mine now")

    def test_an_editor_moves_a_story_from_their_section_to_another(self):
        article = self.make_article()
        self.save(article, self.edith, section=self.politics)
        with self.assertRaises(NotAllowed):
            self.save(article, self.edith, headline="No longer mine")

    def test_saving_without_a_change_keeps_the_last_writer(self):
        article = self.make_article()
        article.updated_by = self.edith
        self.save(article, self.edith)
        self.assertEqual(article.updated_by, self.rana)

    def test_a_reporter_does_not_change_a_submitted_story(self):
        article = self.make_article(state=State.SUBMITTED)
        with self.assertRaises(NotAllowed):
            self.save(article, self.rana, headline="One more thing")

    def test_the_picture_desk_changes_pictures_and_no_words(self):
        article = self.make_article()
        with self.assertRaises(NotAllowed):
            self.save(article, self.pia, standfirst="Words.")
        article.refresh_from_db()
        article.standfirst = article.revisions.first().content["standfirst"]
        self.save(article, self.pia, body=article.body + '<figure data-image="1"><figcaption>x</figcaption></figure>')
        self.assertEqual(article.version, 2)

    def test_an_old_copy_in_memory_does_not_put_a_state_back(self):
        article = self.make_article()
        old = Article.objects.get(pk=article.pk)
        take.take(article, "submit", by=self.rana, seen=take.seen_token(article))
        old.save()
        old.refresh_from_db()
        self.assertEqual(old.state, State.SUBMITTED)

    def test_an_editors_edit_after_approval_keeps_the_approval(self):
        article = self.make_article(state=State.APPROVED)
        revision = self.save(article, self.edith, standfirst="Tighter.")
        self.assertEqual((article.state, article.approved), (State.APPROVED, revision))

    def test_a_copy_editors_change_of_words_after_approval_is_read_again(self):
        article = self.make_article(state=State.APPROVED)
        self.save(article, self.cora, standfirst="Tighter.")
        self.assertEqual((article.state, article.approved), (State.SUBMITTED, None))

    def test_a_copy_editors_change_of_no_words_keeps_the_approval(self):
        article = self.make_article(state=State.APPROVED)
        self.save(article, self.cora, discussion="off")
        self.assertEqual(article.state, State.APPROVED)

    def test_quotes_in_the_text_get_rows_and_a_title_to_print(self):
        self.expert.affiliations.create(
            title="Harbour judge", organisation=Organisation.objects.called("Orle Court"), start="2019"
        )
        article = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">No rule is a souvenir.</q></p>')
        record = article.quote_records.get()
        self.assertEqual((record.expert, record.words), (self.expert, "No rule is a souvenir."))
        self.assertEqual(article.appearances.get().attribution_as_printed, "Harbour judge, Orle Court")
        self.save(article, self.rana, body="<p>Nothing said.</p>")
        self.assertFalse(article.quote_records.exists())


class MovesTests(DeskTestCase):
    def take(self, article, name, by, **data):
        take.take(article, name, by=by, seen=take.seen_token(article), **data)
        article.refresh_from_db()

    def test_sending_back_needs_a_note_and_reaches_the_writer(self):
        article = self.make_article(state=State.SUBMITTED)
        with self.assertRaises(Refused):
            self.take(article, "send-back", self.edith, note="  ")
        self.take(article, "send-back", self.edith, note="Who says so?")
        self.assertEqual(article.transitions.first().note, "Who says so?")

    def test_nobody_approves_what_they_submitted(self):
        article = self.make_article()
        self.take(article, "submit", self.edith)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.edith)
        self.take(article, "approve", self.max)

    def test_with_four_eyes_off_people_approve_their_own_story(self):
        self.publication.four_eyes = False
        self.publication.save()
        article = self.make_article()
        self.take(article, "submit", self.edith)
        self.take(article, "approve", self.edith)

    def test_a_superuser_is_no_exception_to_four_eyes(self):
        self.max.is_superuser = True
        self.max.save()
        article = self.make_article()
        self.take(article, "submit", self.max)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.max)

    def test_only_the_submitter_takes_back_and_only_before_others_save(self):
        article = self.make_article(state=State.SUBMITTED)
        with self.assertRaises(NotAllowed):
            self.take(article, "take-back", self.rob)
        article.standfirst = "Better."
        article.save()
        writing.save_revision(article, by=self.cora, seen_version=article.version)
        article.refresh_from_db()
        with self.assertRaises(NotAllowed):
            self.take(article, "take-back", self.rana)

    def test_who_submitted_what_a_colleague_saved_last_takes_it_back(self):
        article = self.make_article()
        self.save_as(self.cora, article, "Mended by Cora")
        self.take(article, "submit", self.rana)
        self.assertIn("take-back", dict(take.available(article, self.rana)))
        self.take(article, "take-back", self.rana)
        self.assertEqual((article.state, article.submitted_by), (State.DRAFT, None))

    def test_saves_before_an_earlier_submission_do_not_count_as_since(self):
        article = self.make_article()
        self.take(article, "submit", self.rana)
        self.save_as(self.cora, article, "Mended by Cora")
        with self.assertRaises(NotAllowed):
            self.take(article, "take-back", self.rana)
        self.take(article, "send-back", self.edith, note="again")
        self.take(article, "submit", self.rana)
        self.take(article, "take-back", self.rana)

    def test_a_colleagues_save_since_stops_it_though_the_submitter_saved_last(self):
        article = self.make_article(by=self.edith)
        self.take(article, "submit", self.edith)
        self.save_as(self.cora, article, "Mended by Cora")
        self.save_as(self.edith, article, "And by Edith")
        with self.assertRaisesMessage(NotAllowed, "has saved it since"):
            self.take(article, "take-back", self.edith)

    def test_whose_edit_of_an_approved_story_is_read_again_takes_that_back(self):
        article = self.make_article(state=State.APPROVED)
        self.save_as(self.cora, article, "Changed after the approval")
        self.assertEqual((article.state, article.submitted_by), (State.SUBMITTED, self.cora))
        with self.assertRaises(NotAllowed):
            self.take(article, "take-back", self.rana)
        self.take(article, "take-back", self.cora)

    def save_as(self, user, article, headline):
        article.headline = headline
        article.save()
        writing.save_revision(article, by=user, seen_version=article.version)
        article.refresh_from_db()

    def test_a_spiked_story_comes_back_without_its_approval(self):
        article = self.make_article(state=State.APPROVED)
        self.take(article, "spike", self.edith, note="overtaken")
        self.take(article, "unspike", self.edith)
        self.assertEqual(article.state, State.SUBMITTED)

    def test_a_hold_is_released_by_its_holder_or_the_managing_editor(self):
        article = self.make_article()
        self.take(article, "hold", self.leo, note="wait")
        with self.assertRaises(NotAllowed):
            self.take(article, "release", self.edith)
        self.take(article, "release", self.max)
        self.assertFalse(article.hold)

    def test_a_duty_editor_without_a_turn_has_no_powers(self):
        self.dana.duty_turns.all().delete()
        article = self.make_article(state=State.SUBMITTED)
        with self.assertRaises(NotAllowed):
            self.take(article, "approve", self.dana)

    def test_a_commissioned_pitch_names_its_writer(self):
        article = self.make_article(state=State.PITCH)
        with self.assertRaises(Refused) as refused:
            self.take(article, "accept", self.edith)
        self.assertEqual(refused.exception.field, "assignee")
        for other in (self.ada, self.mona, self.sami, self.leo):
            with self.subTest(other), self.assertRaisesMessage(Refused, "Their role writes no stories."):
                self.take(article, "accept", self.edith, assignee=other)
        self.take(article, "accept", self.edith, assignee=self.rob)
        self.assertEqual((article.assignee, article.state), (self.rob, State.DRAFT))
