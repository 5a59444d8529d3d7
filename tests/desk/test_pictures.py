"""The picture library at the desk: pictures that move."""

from django.urls import reverse

from articles.models import Image
from tests.pictures import moving_picture
from tests.site.base import SiteTestCase


class MovingTests(SiteTestCase):
    def upload(self, **words):
        self.client.force_login(self.pia)
        return self.client.post(reverse("admin:articles_image_add"), {"file": moving_picture()} | words)

    def test_before_a_moving_picture_is_taken_the_desk_says_what_readers_get(self):
        self.client.force_login(self.pia)
        self.assertContains(self.client.get(reverse("admin:articles_image_add")), "Readers get still pictures.")
        response = self.upload(alt="Two tugs")
        self.assertContains(response, "readers would get its first frame alone", status_code=400)
        self.assertContains(response, "Two tugs", status_code=400)
        self.assertFalse(Image.objects.exists())

    def test_a_moving_picture_is_taken_when_its_first_frame_is_wanted(self):
        self.assertEqual(self.upload(alt="Two tugs", first_alone="on").status_code, 302)
        self.assertEqual(Image.objects.get().format, "GIF")

    def test_the_editors_dialog_refuses_a_moving_picture_with_words(self):
        self.client.force_login(self.rana)
        response = self.client.post("/admin/desk/images/", {"file": moving_picture(), "alt": "Tugs"})
        self.assertEqual(response.status_code, 400)
        self.assertIn("first frame alone", response.content.decode())
