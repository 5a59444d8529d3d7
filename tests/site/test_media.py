"""Pictures for readers: there while something public shows them, and otherwise as if they had never been."""

import datetime as dt
from io import BytesIO
from unittest import mock

from django.core.files.storage import FileSystemStorage, default_storage
from django.test import override_settings
from PIL import Image as Pillow

from articles.actions import gate, images
from articles.models import Contributor, Kind
from experts.actions import portraits
from experts.models import Expert, PublicProfile
from newsroom import clock
from newsroom.models import Logo, Publication
from newsroom.pictures import renditions, uploads
from tests.base import NOON
from tests.newsroom.test_uploads import drawn, sent
from tests.site.base import HOUR, MINUTE, SiteTestCase

NOTHING = "/media/" + "0" * 32 + "-640.jpg"
STORAGES = {
    "default": {"BACKEND": "tests.site.test_media.Signing"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def change_rights(image, **fields):
    """What the picture desk's form does."""
    for name, value in fields.items():
        setattr(image, name, value)
    image.save()
    images.rights_changed(image)


class Signing(FileSystemStorage):
    """A storage that hands out signed addresses of its own, as S3's does."""

    querystring_auth = True

    def url(self, name, expire=None):
        return f"https://store.example/{name}?expires={expire}"


class MediaTestCase(SiteTestCase):
    def setUp(self):
        self.image = images.take_in(sent(drawn(2000, 1200)), by=self.pia, alt="Tugs", credit="Pia")

    def get(self, picture=None, width=640, extension="jpg", *, at=NOON, method="get", **headers):
        with clock.frozen(at):
            url = picture if isinstance(picture, str) else (picture or self.image).url(width, extension)
            return getattr(self.client, method)(url, headers=headers)

    def bare(self, response):
        """All that tells two answers apart, but for what is made anew for each."""
        drop = ("Content-Security-Policy", "Set-Cookie")
        kept = {name: value for name, value in response.headers.items() if name not in drop}
        return response.status_code, kept, response.content.replace(response.request["PATH_INFO"].encode(), b"")

    def assert_unseen(self, response):
        self.assertEqual(response.status_code, 404)


class WhoSeesTests(MediaTestCase):
    def test_a_picture_is_private_until_something_public_shows_it(self):
        self.assert_unseen(self.get())
        self.make_article(lead_image=self.image)
        self.assert_unseen(self.get())

    def test_a_live_storys_picture_is_public_but_not_its_original(self):
        self.publish(lead_image=self.image)
        response = self.get()
        self.assertEqual((response.status_code, response["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(Pillow.open(BytesIO(response.getvalue())).size, (640, 384))
        self.assert_unseen(self.get(f"/media/{self.image.original.name}"))
        self.assert_unseen(self.get(f"/media/{self.image.token}"))

    def test_a_waiting_storys_picture_is_a_404(self):
        self.schedule(at=NOON + HOUR, lead_image=self.image)
        self.assertEqual(self.bare(self.get()), self.bare(self.get(NOTHING)))
        self.assertEqual(
            self.bare(self.get(at=NOON + HOUR - MINUTE)), self.bare(self.get(NOTHING, at=NOON + HOUR - MINUTE))
        )
        self.assertEqual(self.get(at=NOON + HOUR).status_code, 200)

    def test_a_withdrawn_storys_picture_is_a_404(self):
        edition = self.publish(lead_image=self.image)
        etag = self.get()["ETag"]
        with clock.frozen(NOON + HOUR):
            gate.open_tombstone(edition.article, gate.Notice("legal_order", "Gone."), by=self.max)
        later = NOON + HOUR
        self.assertEqual(self.bare(self.get(at=later)), self.bare(self.get(NOTHING, at=later)))
        self.assert_unseen(self.get(at=later, **{"If-None-Match": etag}))

    def test_a_picture_removed_by_an_update_is_a_404(self):
        edition = self.publish(lead_image=self.image)
        self.again(edition, at=NOON + HOUR, lead_image=None)
        self.assert_unseen(self.get(at=NOON + HOUR))

    def test_a_pictures_rights_end_on_the_second(self):
        self.publish(lead_image=self.image)
        change_rights(self.image, rights_until=NOON + HOUR)
        self.assertEqual(self.get(at=NOON + HOUR - dt.timedelta(seconds=1)).status_code, 200)
        self.assertEqual(self.bare(self.get(at=NOON + HOUR)), self.bare(self.get(NOTHING, at=NOON + HOUR)))

    def test_a_restricted_picture_is_shown_nowhere(self):
        self.publish(lead_image=self.image)
        change_rights(self.image, restricted=True)
        self.assert_unseen(self.get())

    def test_the_papers_logo_is_public(self):
        logo = uploads.keep(Logo, uploads.take(sent(drawn())))
        self.assert_unseen(self.get(logo))
        Publication.objects.update(logo=logo)
        self.assertEqual(self.get(logo).status_code, 200)

    def test_a_contributors_face_is_public_with_their_first_live_story(self):
        Contributor.objects.filter(pk=self.rana_by.pk).update(portrait=self.image)
        self.schedule(at=NOON + HOUR)
        self.assert_unseen(self.get())
        self.assertEqual(self.get(at=NOON + HOUR).status_code, 200)

    def test_an_experts_portrait_is_public_while_the_profile_is(self):
        portrait = portraits.add_portrait(sent(drawn()), by=self.sami)
        self.assert_unseen(self.get(portrait))
        Expert.objects.filter(pk=self.expert.pk).update(portrait=portrait)
        self.assertEqual(self.get(portrait).status_code, 200)
        PublicProfile.objects.update(status=PublicProfile.WITHDRAWN)
        self.assertEqual(self.bare(self.get(portrait)), self.bare(self.get(NOTHING)))

    def test_an_experts_portrait_is_public_until_its_rights_end(self):
        portrait = portraits.add_portrait(sent(drawn()), by=self.sami)
        Expert.objects.filter(pk=self.expert.pk).update(portrait=portrait)
        type(portrait).objects.update(rights_until=NOON + HOUR)
        self.assertEqual(self.get(portrait, at=NOON + HOUR - dt.timedelta(seconds=1)).status_code, 200)
        self.assertEqual(self.bare(self.get(portrait, at=NOON + HOUR)), self.bare(self.get(NOTHING, at=NOON + HOUR)))


class HowAnsweredTests(MediaTestCase):
    def setUp(self):
        super().setUp()
        self.edition = self.publish(lead_image=self.image)

    def test_a_rendition_is_made_when_first_asked_for_and_kept(self):
        name = renditions.name(self.image.token, 480, "avif")
        self.assertFalse(default_storage.exists(name))
        first = self.get(width=480, extension="avif")
        self.assertEqual((first.status_code, first["Content-Type"]), (200, "image/avif"))
        self.assertEqual(Pillow.open(BytesIO(first.getvalue())).size, (480, 288))
        with mock.patch.object(renditions, "encode", side_effect=AssertionError("made twice")):
            self.assertEqual(self.get(width=480, extension="avif").status_code, 200)
        self.assertFalse(default_storage.exists(f"{name}.part"))

    def test_no_rendition_is_made_of_a_picture_that_is_not_public(self):
        hidden = images.take_in(sent(drawn(2000, 1200)), by=self.pia)
        self.assert_unseen(self.get(hidden, 480))
        self.assertFalse(default_storage.exists(renditions.name(hidden.token, 480, "jpg")))

    def test_only_fixed_widths_of_a_picture_are_made(self):
        for width in (1, 641, 2000, 9999):
            self.assert_unseen(self.get(width=width))
        self.assert_unseen(self.get(f"/media/{self.image.token}-0640.jpg"))
        self.assert_unseen(self.get(f"/media/{self.image.token}-640.png"))
        self.assert_unseen(self.get(f"/media/{self.image.token.upper()}-640.jpg"))

    def test_a_drawing_is_decoded_once_and_never_for_a_reader(self):
        drawing = images.take_in(sent(drawn(2000, 1200, "P"), "PNG"), by=self.pia)
        self.publish(lead_image=drawing)
        default_storage.delete(drawing.original.name)
        self.assertEqual(self.get(drawing, 320).status_code, 200)
        self.assertEqual(self.get(drawing, 1920, "avif").status_code, 200)

    def test_a_picture_is_cached_ten_minutes_by_browsers_one_by_others(self):
        self.assertEqual(self.get()["Cache-Control"], "public, max-age=600, s-maxage=60")

    def test_a_picture_is_cached_no_longer_than_it_is_public(self):
        change_rights(self.image, rights_until=NOON + dt.timedelta(seconds=90))
        self.assertEqual(self.get()["Cache-Control"], "public, max-age=90, s-maxage=60")
        with clock.frozen(NOON):
            plan = gate.Plan(Kind.UPDATE, self.max, live_from=NOON + dt.timedelta(seconds=30))
            gate.open_frozen(self.edition.article, self.edition.revision, plan)
        self.assertEqual(self.get()["Cache-Control"], "public, max-age=30, s-maxage=30")

    def test_a_reader_who_has_the_picture_gets_304(self):
        etag = self.get()["ETag"]
        again = self.get(**{"If-None-Match": etag})
        self.assertEqual((again.status_code, again.content, again["ETag"]), (304, b"", etag))
        self.assertNotEqual(self.get(width=320)["ETag"], etag)

    def test_head_gives_a_pictures_length_without_its_bytes(self):
        whole, head = self.get(), self.get(method="head")
        self.assertEqual(head.status_code, 200)
        self.assertEqual(head.content, b"")
        for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
            self.assertEqual(head[name], whole[name], name)
        self.assertEqual(int(head["Content-Length"]), len(whole.getvalue()))

    def test_a_part_of_a_picture_is_given_as_http_says(self):
        whole = self.get()
        content, etag = whole.getvalue(), whole["ETag"]
        size = len(content)
        self.assertEqual(whole["Accept-Ranges"], "bytes")
        for asked, first, last in (("bytes=0-99", 0, 99), ("bytes=100-", 100, size - 1),
                                   ("bytes=-7", size - 7, size - 1),
                                   (f"bytes=5-{size * 9}", 5, size - 1),
                                   (f"bytes=-{size * 9}", 0, size - 1)):  # fmt: skip
            part = self.get(Range=asked)
            self.assertEqual((part.status_code, part["Content-Range"]), (206, f"bytes {first}-{last}/{size}"), asked)
            self.assertEqual(part.content, content[first : last + 1])
            for name in ("ETag", "Content-Type", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
                self.assertEqual(part[name], whole[name], name)
        for asked in (f"bytes={size}-", "bytes=-0"):
            part = self.get(Range=asked)
            self.assertEqual((part.status_code, part["Content-Range"]), (416, f"bytes */{size}"), asked)
        for asked in ("bytes=9-3", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=", "bytes=" + "9" * 400 + "-"):
            self.assertEqual(self.get(Range=asked).status_code, 200, asked)
        self.assertEqual(self.get(Range="bytes=0-9", **{"If-Range": '"another"'}).status_code, 200)
        self.assertEqual(self.get(Range="bytes=0-9", **{"If-Range": etag}).status_code, 206)
        self.assertEqual(self.get(method="head", Range="bytes=0-9").status_code, 200)
        self.assert_unseen(self.get(NOTHING, Range="bytes=0-9"))

    def test_any_copy_or_a_weakened_tag_of_a_picture_is_304(self):
        for held in ("*", f"W/{self.get()['ETag']}", f'"x", {self.get()["ETag"]}'):
            self.assertEqual(self.get(**{"If-None-Match": held}).status_code, 304, held)
        self.assert_unseen(self.get(NOTHING, **{"If-None-Match": "*"}))

    def test_a_picture_response_runs_no_script_and_sets_no_cookie(self):
        response = self.get()
        self.assertEqual(response["Content-Security-Policy"], "default-src 'none'; sandbox")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertFalse(response.cookies)
        self.assertNotIn("immutable", response["Cache-Control"])
        self.assertNotIn("Vary", response)

    def test_a_picture_answers_get_and_head_only(self):
        self.assertEqual(self.get(method="post").status_code, 405)

    @override_settings(ACCEL_LOCATION="/private/")
    def test_nginx_gets_the_pictures_place_in_x_accel_redirect(self):
        response = self.get()
        self.assertEqual(response["X-Accel-Redirect"], f"/private/renditions/{self.image.token}/640.jpg")
        self.assertEqual((response.content, response["Content-Type"]), (b"", "image/jpeg"))
        self.assertNotIn("X-Accel-Redirect", self.get(NOTHING))

    def test_a_signed_storage_address_is_good_for_a_minute_at_most(self):
        with override_settings(STORAGES=STORAGES):
            response = self.get()
            self.assertEqual(response.status_code, 302)
            self.assertEqual(
                response["Location"], f"https://store.example/renditions/{self.image.token}/640.jpg?expires=60"
            )
            self.assertEqual(response["Cache-Control"], "no-store")
            change_rights(self.image, rights_until=NOON + dt.timedelta(seconds=7))
            self.assertTrue(self.get()["Location"].endswith("?expires=7"))
            self.assert_unseen(self.get(NOTHING))

    def test_a_picture_without_its_file_is_a_404(self):
        default_storage.delete(self.image.original.name)
        self.assert_unseen(self.get(width=480))

    def test_a_picture_costs_one_query(self):
        self.get()
        with self.assertNumQueries(1):  # the picture, why it is public, and until when
            self.get()


class DeskMediaTests(MediaTestCase):
    def ask(self, who, picture=None, width=640):
        self.client.force_login(who)
        return self.client.get(f"/admin{(picture or self.image).url(width)}")

    def test_the_desk_sees_pictures_that_readers_do_not(self):
        for who in (self.rana, self.cora, self.pia, self.edith, self.dana, self.leo, self.max):
            response = self.ask(who)
            self.assertEqual((response.status_code, response["Cache-Control"]), (200, "no-store"))

    def test_the_desks_pictures_are_closed_to_everybody_else(self):
        for who in (self.mona, self.ada):
            self.assertEqual(self.ask(who).status_code, 403)
        self.assertEqual(self.ask(self.sami).status_code, 404)
        self.client.logout()
        self.assertEqual(self.client.get(f"/admin{self.image.url(640)}").status_code, 302)

    def test_who_may_see_experts_may_see_portraits(self):
        portrait = portraits.add_portrait(sent(drawn()), by=self.sami)
        for who in (self.sami, self.rana):
            self.assertEqual(self.ask(who, portrait).status_code, 200)
        self.assertEqual(self.ask(self.mona, portrait).status_code, 403)
