"""Another file for the same picture: editions keep what readers saw, and the next ones have the new file."""

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from articles.actions import checklist, images, writing
from articles.models import Article, FormerFile, Image, PictureRuling, RunsAs, State
from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, NoteNeeded, Refused, Stale
from newsroom.models import Pulse
from tests.articles.test_gate import WAIVED, GateTestCase
from tests.base import NOON
from tests.newsroom.test_uploads import XMP, drawn, scene, sent
from tests.sealed import by, sealed
from tests.site.base import HOUR, SiteTestCase
from tests.site.test_media import change_rights

GREEN = drawn(1400, 900).rotate(180)


class FileTestCase(SiteTestCase):
    def setUp(self):
        self.image = images.take_in(sent(drawn(1400, 900)), by=self.rana, alt="Tugs", credit="Rana", title="Tugs")

    def replace(self, file=None, by=None, **more):
        stories = images.replace_file(self.image, file or sent(GREEN, name="better.jpg"), by=by or self.pia, **more)
        self.image.refresh_from_db()
        return stories

    def status(self, picture, width=640, at=NOON + HOUR):
        return self.get(picture.url(width), at=at).status_code


class ReplaceTests(FileTestCase):
    def test_the_picture_stays_and_its_file_is_another(self):
        before = Image.objects.get(pk=self.image.pk)
        self.replace(why="A better scan")
        for name in ("pk", "alt", "credit", "title", "focal_x", "uploaded_by_id"):
            self.assertEqual(getattr(self.image, name), getattr(before, name))
        for name in ("token", "original", "sha256"):
            self.assertNotEqual(getattr(self.image, name), getattr(before, name), name)
        former = self.image.former_files.get()
        self.assertEqual((former.token, former.number, former.why), (before.token, 1, "A better scan"))
        self.assertEqual((former.replaced_by, self.image.file_number), (self.pia, 2))
        self.assertTrue(default_storage.exists(former.original.name))

    def test_readers_keep_the_file_that_an_edition_was_published_with(self):
        body = f'<p>Text.</p><figure data-image="{self.image.pk}"></figure>'
        edition = self.publish(lead_image=self.image, body=body)
        before = Image.objects.get(pk=self.image.pk)
        self.replace()
        page = self.get(edition.path).content.decode()
        self.assertIn(before.token, page)
        self.assertNotIn(self.image.token, page)
        self.assertEqual((self.status(before), self.status(self.image)), (200, 404))

    def test_the_next_edition_has_the_new_file_and_takes_the_old_one_away(self):
        edition = self.publish(lead_image=self.image)
        before = Image.objects.get(pk=self.image.pk)
        self.replace()
        pictures = {str(self.image.pk): self.image.words()}
        self.again(edition, at=NOON + HOUR / 2, pictures=pictures)
        page = self.get(edition.path).content.decode()
        self.assertIn(self.image.token, page)
        self.assertNotIn(before.token, page)
        self.assertEqual((self.status(before), self.status(self.image)), (404, 200))

    def test_a_correction_of_other_words_leaves_the_file_that_was_approved(self):
        edition = self.publish(lead_image=self.image)
        before = Image.objects.get(pk=self.image.pk)
        self.replace()
        self.correct(edition, at=NOON + HOUR / 2, headline="Seven ports")
        page = self.get(edition.path).content.decode()
        self.assertIn(before.token, page)
        self.assertEqual(self.status(before), 200)

    def test_rights_count_for_the_former_file_too(self):
        self.publish(lead_image=self.image)
        before = Image.objects.get(pk=self.image.pk)
        self.replace()
        change_rights(self.image, restricted=True)
        self.assertEqual(self.status(before), 404)

    def test_a_file_replaced_twice_keeps_each_edition_its_own(self):
        edition = self.publish(lead_image=self.image)
        first = Image.objects.get(pk=self.image.pk)
        self.replace()
        second = Image.objects.get(pk=self.image.pk)
        other = self.publish(lead_image=self.image)
        self.replace(sent(scene()))
        for token, path in ((first.token, edition.path), (second.token, other.path)):
            self.assertIn(token, self.get(path).content.decode())
        self.assertEqual([self.status(one) for one in (first, second, self.image)], [200, 200, 404])

    def test_an_approved_story_waits_for_approval_again(self):
        article = self.make_article(state=State.APPROVED, lead_image=self.image)
        self.assertEqual(self.replace(by=self.rana), [article])
        article.refresh_from_db()
        self.assertEqual(article.state, State.SUBMITTED)
        self.assertEqual(article.revisions.first().content["pictures"][str(self.image.pk)]["file"], 2)

    def test_stored_pages_learn_of_it(self):
        counter = Pulse.objects.get_or_create(pk=1)[0].counter
        self.replace()
        self.assertGreater(Pulse.objects.get().counter, counter)

    def test_words_in_the_new_file_fill_only_what_is_empty(self):
        self.replace(sent(GREEN, xmp=XMP.encode()))
        self.assertEqual((self.image.credit, self.image.caption), ("Rana", "The harbour"))

    def test_only_who_may_change_the_picture_replaces_its_file(self):
        for who in (self.rob, self.edith, self.dana, self.cora, self.leo, self.mona, self.ada):
            with self.assertRaises(NotAllowed):
                images.replace_file(self.image, sent(GREEN), by=who)
        self.assertFalse(FormerFile.objects.exists())

    def test_a_file_that_is_no_picture_or_the_same_one_changes_nothing(self):
        before = Image.objects.get(pk=self.image.pk)
        for file in (sent(drawn(1400, 900)), sent(drawn(), "BMP")):
            with self.assertRaises(Refused) as caught:
                images.replace_file(self.image, file, by=self.pia)
            self.assertEqual(caught.exception.field, "file")
        self.image.refresh_from_db()
        self.assertEqual((self.image.token, self.image.file_number), (before.token, 1))
        self.assertFalse(FormerFile.objects.exists())

    def test_a_picture_thrown_out_takes_its_former_files_along(self):
        self.replace()
        names = [self.image.original.name, self.image.former_files.get().original.name]
        with self.captureOnCommitCallbacks(execute=True):
            images.delete_unused(self.image, by=self.pia)
        self.assertFalse([name for name in names if default_storage.exists(name)])


class WordOnAITests(FileTestCase):
    def made(self, kind="trainedAlgorithmicMedia", **words):
        words = {"alt": "A city", "credit": "Reader"} | words
        return images.take_in(sealed(sent(scene()), by(kind), name="dream.jpg"), by=self.pia, **words)

    def test_the_credentials_of_an_upload_are_kept_and_fill_how_it_was_made(self):
        image = self.made("digitalCapture")
        self.assertEqual(
            (image.source_type, image.credentials["signer"], image.ai), ("digitalCapture", "Gull News", "")
        )

    def test_what_a_file_says_of_ai_cannot_be_unsaid(self):
        image = self.made()
        image.source_type = "digitalCapture"
        self.assertEqual(image.ai, "made")
        self.image.source_type = "compositeWithTrainedAlgorithmicMedia"
        self.assertEqual(self.image.ai, "altered")

    def test_the_word_is_recorded_with_who_when_and_why(self):
        image = self.made()
        with clock.frozen(NOON):
            images.rule(image, RunsAs.ILLUSTRATION, by=self.pia, why="Drawn for the essay.")
        ruling = PictureRuling.objects.in_force([image])[image.pk]
        self.assertEqual((ruling.by, ruling.at, ruling.why), (self.pia, NOON, "Drawn for the essay."))
        self.assertTrue(ruling.lets_it_run)

    def test_the_newest_word_counts(self):
        image = self.made()
        images.rule(image, "photograph", by=self.pia, why="Only the dust was taken out.")
        images.rule(image, "nothing", by=self.max, why="The agency took it back.")
        self.assertFalse(PictureRuling.objects.in_force([image])[image.pk].lets_it_run)

    def test_the_word_is_about_one_file(self):
        image = self.image = self.made()
        images.rule(image, "photograph", by=self.pia, why="Only the dust was taken out.")
        self.replace(sealed(sent(GREEN), by("trainedAlgorithmicMedia"), name="other.jpg"))
        self.assertEqual(PictureRuling.objects.in_force([self.image]), {})

    def test_only_the_picture_desk_and_the_managing_editor_give_it(self):
        image = images.take_in(sealed(sent(scene()), by("trainedAlgorithmicMedia")), by=self.rana)
        for who in (self.rana, self.edith, self.dana, self.cora, self.leo, self.ada):
            with self.assertRaises(NotAllowed):
                images.rule(image, "photograph", by=who, why="It is mine.")
        for who in (self.pia, self.max):
            images.rule(image, "illustration", by=who, why="Drawn for the essay.")

    def test_a_word_without_a_reason_or_a_meaning_is_refused(self):
        image = self.made()
        with self.assertRaises(NoteNeeded):
            images.rule(image, "photograph", by=self.pia, why="  ")
        for runs_as, why in (("poster", "Why not."), ("photograph", "x" * 501)):
            with self.assertRaises(Refused):
                images.rule(image, runs_as, by=self.pia, why=why)
        with self.assertRaises(Stale):
            images.rule(image, "photograph", by=self.pia, why="Fine.", sha256="0" * 64)
        with self.assertRaisesMessage(Refused, "needs nobody's word"):
            images.rule(self.image, "photograph", by=self.pia, why="Fine.")
        self.assertFalse(PictureRuling.objects.exists())

    def test_a_word_once_given_is_never_changed(self):
        image = self.made()
        ruling = images.rule(image, "photograph", by=self.pia, why="Only the dust was taken out.")
        for change in (
            lambda: PictureRuling.objects.update(why="x"),
            lambda: PictureRuling.objects.all()._raw_delete("default"),
        ):
            with self.assertRaises(IntegrityError), transaction.atomic():
                change()
        images.delete_unused(image, by=self.pia)
        ruling.refresh_from_db()
        self.assertIsNone(ruling.image)


class GateTests(GateTestCase):
    def made(self, kind="trainedAlgorithmicMedia"):
        file = sealed(sent(scene()), by(kind), name="dream.jpg")
        return images.take_in(file, by=self.pia, alt="A city", credit="Reader")

    def codes(self, **changes):
        article = self.make_article(slug=f"story-{Article.objects.count()}", **changes)
        return [f.key for f in checklist.findings_of(article, writing.content_of(article)) if f.code == "made by ai"]

    def test_what_ai_made_does_not_run_without_the_picture_desks_word(self):
        for kind, done in (("trainedAlgorithmicMedia", "made by"), ("compositeSynthetic", "altered with")):
            image = self.made(kind)
            article = self.make_article(slug=kind.lower(), state=State.APPROVED, lead_image=image)
            for who in (self.edith, self.max):
                with self.assertRaises(Blocked) as stopped:
                    self.take(article, "publish", by=who, override_note="It is only a small picture.", **WAIVED)
                self.assertIn(f"was {done} AI", str(stopped.exception))
            images.rule(image, "photograph", by=self.pia, why="Only the dust was taken out.")
            self.take(article, "publish", **WAIVED)
            self.assertEqual(article.state, State.PUBLISHED)

    def test_a_picture_in_the_text_is_asked_about_like_the_main_one(self):
        image = self.made()
        body = f'<p>Text.</p><figure data-image="{image.pk}"></figure>'
        self.assertEqual(self.codes(body=body), [f"made by ai:{image.pk}"])
        images.rule(image, "illustration", by=self.pia, why="Drawn for the essay.")
        self.assertEqual(self.codes(body=body), [])
        images.rule(image, "nothing", by=self.pia, why="The agency took it back.")
        self.assertEqual(self.codes(lead_image=image), [f"made by ai:{image.pk}"])

    def test_a_photograph_needs_nobodys_word(self):
        self.assertEqual(self.codes(lead_image=self.made("digitalCapture")), [])


class PrintedTests(FileTestCase):
    def published(self, kind="trainedAlgorithmicMedia", language="en", **more):
        image = images.take_in(
            sealed(sent(scene()), by(kind), name="dream.jpg"), by=self.pia, alt="A city", credit="Reader"
        )
        if image.ai:
            images.rule(image, more.pop("runs_as", "photograph"), by=self.pia, why="Part of the story.")
        body = f'<p>Text.</p><figure data-image="{image.pk}"></figure>'
        edition = self.publish(lead_image=image, body=body, language=language, **more)
        return image, edition, self.get(edition.path).content.decode()

    def test_readers_are_told_what_ai_made_beside_lead_picture_and_figure(self):
        _, edition, page = self.published()
        self.assertEqual(page.count('<span class="by-ai">Made with AI</span>'), 2)
        self.assertIn("https://schema.org/TrainedAlgorithmicMediaDigitalSource", page)
        self.assertIn("Made with AI", self.get("/").content.decode())

    def test_an_illustration_is_called_one(self):
        self.assertIn("Illustration made with AI", self.published(runs_as="illustration")[2])

    def test_a_reader_may_ask_where_a_picture_comes_from(self):
        _, _, page = self.published("digitalCapture")
        self.assertIn("<summary>About this picture</summary>", page)
        self.assertIn("in the name of Gull News, which we cannot check", page)
        self.assertNotIn("by-ai", page)

    def test_a_page_in_another_language_says_it_there(self):
        self.assertIn("Mit KI erzeugt", self.published(language="de-CH")[2])

    def test_a_picture_that_says_nothing_has_nothing_to_ask(self):
        edition = self.publish(lead_image=self.image)
        self.assertNotIn("About this picture", self.get(edition.path).content.decode())

    def test_what_was_printed_stays_with_the_edition(self):
        image, edition, _ = self.published()
        Image.objects.filter(pk=image.pk).update(credentials={}, metadata={}, source_type="")
        edition.rendering.delete()
        self.assertIn("Made with AI", self.get(edition.path).content.decode())

    def test_a_hostile_name_in_a_seal_is_only_text(self):
        file = sealed(sent(scene()), signer="<script>alert(1)</script>")
        image = images.take_in(file, by=self.pia, alt="A city", credit="Reader")
        page = self.get(self.publish(lead_image=image).path).content.decode()
        self.assertIn("&lt;script&gt;alert(1)", page)
        self.assertNotIn("<script>alert(1)", page)
