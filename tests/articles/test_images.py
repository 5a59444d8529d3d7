"""The picture library: who brings pictures in, what is read from them, who may throw one out."""

from django.core.files.storage import default_storage
from PIL import Image as Pillow

from articles.actions import images
from articles.models import Image
from experts.actions import portraits
from newsroom.errors import NotAllowed, Refused
from newsroom.models import Instant, Pulse
from newsroom.pictures import renditions
from tests.base import NOON, DeskTestCase
from tests.newsroom.test_uploads import XMP, drawn, jpeg_header, scene, sent


class TakeInTests(DeskTestCase):
    def test_those_who_work_on_stories_upload_pictures(self):
        for who in (self.rana, self.cora, self.pia, self.edith, self.dana, self.max):
            self.assertEqual(images.take_in(sent(drawn()), by=who).uploaded_by, who)
        for who in (self.leo, self.sami, self.mona, self.ada):
            with self.assertRaises(NotAllowed):
                images.take_in(sent(drawn()), by=who)

    def test_words_in_the_file_fill_what_nobody_typed(self):
        image = images.take_in(
            sent(drawn(), xmp=XMP.encode(), name="tugs at dawn.jpg"), by=self.pia, caption="Typed", alt=""
        )
        self.assertEqual((image.caption, image.alt, image.credit), ("Typed", "Two tugs at a quay", "Gull News"))
        self.assertEqual(image.title, "tugs at dawn")
        self.assertEqual(image.metadata["caption"], "The harbour")

    def test_words_too_long_for_their_field_are_cut_at_a_word(self):
        xmp = XMP.replace("Two tugs at a quay", "tugs " * 200).encode()
        alt = images.take_in(sent(drawn(), xmp=xmp), by=self.pia).alt
        self.assertLessEqual(len(alt), 300)
        self.assertTrue(alt.endswith("tugs …"))

    def test_the_original_is_kept_as_sent_under_a_name_of_its_own(self):
        file = sent(drawn(2000, 1000), name="source-name.jpg")
        data = file.read()
        image = images.take_in(file, by=self.pia)
        self.assertEqual(default_storage.open(image.original.name).read(), data)
        self.assertNotIn("source-name", image.original.name)
        self.assertNotIn(image.token, image.original.name)
        for width in (640, 1280):
            self.assertTrue(default_storage.exists(renditions.name(image.token, width, "jpg")))

    def test_a_file_that_is_no_picture_is_refused_beside_the_field(self):
        for file in (jpeg_header(20_000, 15_000), sent(drawn(), "BMP")):
            with self.assertRaises(Refused) as caught:
                images.take_in(file, by=self.pia)
            self.assertEqual(caught.exception.field, "file")
        self.assertFalse(Image.objects.exists())

    def test_uploading_a_picture_again_points_out_the_first(self):
        first = images.take_in(sent(scene()), by=self.pia)
        again = images.take_in(sent(scene()), by=self.rana)
        smaller = images.take_in(sent(scene(600, 400), "PNG"), by=self.rana)
        other = images.take_in(sent(scene().rotate(180)), by=self.rana)
        self.assertEqual((first.duplicates, again.duplicates, other.duplicates), ([], [first], []))
        self.assertEqual(smaller.duplicates, [first, again])

    def test_pictures_without_contrast_are_not_all_the_same(self):
        images.take_in(sent(Pillow.new("RGB", (400, 300), "white")), by=self.pia)
        self.assertEqual(images.take_in(sent(Pillow.new("RGB", (400, 300), "navy")), by=self.pia).duplicates, [])


class RightsTests(DeskTestCase):
    def setUp(self):
        self.image = images.take_in(sent(drawn()), by=self.rana)

    def test_picture_desk_managing_editor_and_uploader_change_rights(self):
        for who in (self.pia, self.max, self.rana):
            self.assertTrue(images.may_edit(self.image, who), who)
        for who in (self.rob, self.edith, self.dana, self.cora, self.leo, self.mona, self.ada):
            self.assertFalse(images.may_edit(self.image, who), who)
            with self.assertRaises(NotAllowed):
                images.delete_unused(self.image, by=who)

    def test_an_editor_does_not_change_rights_of_their_own_upload(self):
        image = images.take_in(sent(drawn()), by=self.edith)
        self.assertFalse(images.may_edit(image, self.edith))

    def test_the_end_of_rights_is_a_moment_that_pages_follow(self):
        Pulse.objects.beat()
        counter = Pulse.objects.get().counter
        self.image.rights_until = NOON
        self.image.save()
        images.rights_changed(self.image)
        self.assertTrue(Instant.objects.filter(at=NOON).exists())
        self.assertGreater(Pulse.objects.get().counter, counter)

    def test_a_picture_in_use_stays(self):
        self.make_article(lead_image=self.image)
        with self.assertRaisesMessage(Refused, "in use (main picture: Six ports agree a rule)"):
            images.delete_unused(self.image, by=self.pia)
        other = images.take_in(sent(drawn().rotate(90)), by=self.pia)
        self.make_article(slug="b", body=f'<p>x</p><figure data-image="{other.pk}"></figure>')
        with self.assertRaisesMessage(Refused, "in the text"):
            images.delete_unused(other, by=self.pia)

    def test_an_unused_picture_is_deleted_with_its_files(self):
        names = [self.image.original.name, renditions.name(self.image.token, 640, "jpg")]
        with self.captureOnCommitCallbacks(execute=True):
            images.delete_unused(self.image, by=self.rana)
        self.assertFalse(Image.objects.exists())
        self.assertFalse([name for name in names if default_storage.exists(name)])


class PortraitTests(DeskTestCase):
    def test_the_source_desk_keeps_portraits(self):
        portrait = portraits.add_portrait(sent(drawn(), xmp=XMP.encode()), by=self.sami, alt="At his desk")
        self.assertEqual((portrait.alt, portrait.credit, portrait.width), ("At his desk", "Gull News", 900))
        self.assertTrue(default_storage.exists(renditions.name(portrait.token, 640, "jpg")))
        for who in (self.rana, self.pia, self.mona):
            with self.assertRaises(NotAllowed):
                portraits.add_portrait(sent(drawn()), by=who)
