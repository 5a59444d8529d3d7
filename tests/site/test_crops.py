"""Crops for readers: what the picture desk marked stays in every one of them, and they follow the mark."""

import json
import re
from io import BytesIO

from django.core.files.storage import default_storage
from django.test import override_settings
from PIL import Image as Pillow

from articles.actions import images
from articles.models import Contributor
from newsroom import clock
from tests.base import NOON
from tests.newsroom.test_uploads import drawn, sent
from tests.site.base import HOUR, SiteTestCase
from tests.site.test_media import STORAGES, change_rights

CORNERS = ((0.05, 0.05), (0.95, 0.05), (0.05, 0.95), (0.95, 0.95))
SIZES = {"wide": (2400, 1000), "upright": (1400, 2400), "square": (2000, 2000)}
MEDIA = re.compile(r"/media/([0-9a-f]{32}[-0-9a-z]*\.(?:jpg|avif))")


def with_red_square(width, height, x, y):
    """A grey picture with a red square around a point, as far as the edges let it."""
    picture = Pillow.new("RGB", (width, height), (90, 110, 120))
    half = min(width, height) // 25
    centre = round(width * x), round(height * y)
    picture.paste((255, 0, 0), tuple(c + by for by in (-half, half) for c in centre))
    return picture


def is_red_in(image):
    colours = [colour for _, colour in image.convert("RGB").getcolors(2**22)]
    return any(red > 180 and green < 90 and blue < 90 for red, green, blue in colours)


class CropTestCase(SiteTestCase):
    def take(self, picture, x=0.5, y=0.5, kind="JPEG", **words):
        return images.take_in(sent(picture, kind), by=self.pia, alt="Tugs", credit="Pia", focal_x=x, focal_y=y, **words)

    def page(self, path, at=NOON):
        with clock.frozen(at):
            return self.client.get(path).content.decode()

    def fetched(self, address, at=NOON):
        with clock.frozen(at):
            response = self.client.get(f"/media/{address}")
        self.assertEqual(response.status_code, 200, address)
        return Pillow.open(BytesIO(response.getvalue()))

    def head_of(self, path):
        """(og properties, the images of the JSON-LD) of a story's page."""
        html = self.page(path)
        og = dict(re.findall(r'<meta property="og:([^"]+)" content="([^"]*)"', html))
        data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.S)[1])
        return og, data["@graph"][0]["image"]

    def move_focal_point(self, image, x, y, at=NOON + HOUR):
        """What the picture desk's form does."""
        image.refresh_from_db()
        image.focal_x, image.focal_y = x, y
        with clock.frozen(at), self.captureOnCommitCallbacks(execute=True):
            image.save()
            images.focal_point_moved(image)
            images.rights_changed(image)


class KeptInTests(CropTestCase):
    def test_what_was_marked_is_in_every_crop_that_pages_name(self):
        for name, (width, height) in SIZES.items():
            for x, y in CORNERS:
                with self.subTest(name, x=x, y=y):
                    image = self.take(with_red_square(width, height, x, y), x, y)
                    edition = self.publish(lead_image=image)
                    html = self.page("/world/") + self.page(edition.path)
                    named = {address for address in MEDIA.findall(html) if address.startswith(image.token)}
                    # one of each shape is enough: a main picture, a thumbnail, three for machines and one for sharing
                    shapes = {address.split("-")[1]: address for address in sorted(named)}
                    self.assertEqual(set(shapes), {"3x2", "1x1", "16x9", "4x3", "40x21"})
                    for address in shapes.values():
                        self.assertTrue(is_red_in(self.fetched(address)), address)

    def test_a_drawing_is_cropped_around_its_mark_too(self):
        image = self.take(with_red_square(2400, 1000, 0.05, 0.5), 0.05, 0.5, "PNG")
        edition = self.publish(lead_image=image)
        og, shown = self.head_of(edition.path)
        self.assertTrue(is_red_in(self.fetched(MEDIA.search(og["image"])[1])))
        for one in shown:
            made = self.fetched(MEDIA.search(one["url"])[1])
            self.assertEqual(made.size, (one["width"], one["height"]))
            self.assertTrue(is_red_in(made))

    def test_a_contributors_face_is_cropped_around_the_mark(self):
        face = self.take(with_red_square(1000, 2000, 0.5, 0.05), 0.5, 0.05)
        Contributor.objects.filter(pk=self.rana_by.pk).update(portrait=face)
        self.publish()
        html = self.page(f"/people/{self.rana_by.slug}/")
        made = self.fetched(MEDIA.search(html)[1])
        self.assertEqual(made.width, made.height)
        self.assertTrue(is_red_in(made))


class ShapeTests(CropTestCase):
    def setUp(self):
        self.image = self.take(drawn(2600, 2000), 0.3, 0.7)
        self.edition = self.publish(lead_image=self.image)

    def test_cards_and_the_main_picture_are_three_by_two(self):
        for path in ("/", "/world/", self.edition.path):
            html = self.page(path)
            first = re.search(r"<img src=\"/media/([^\"]+)\"[^>]*width=\"(\d+)\"\s+height=\"(\d+)\"", html)
            made = self.fetched(first[1])
            self.assertEqual(made.size, (640, 427))
            self.assertAlmostEqual(int(first[2]) / int(first[3]), 1.5, places=2)

    def test_every_width_that_a_page_names_is_there(self):
        for path in ("/", "/world/", self.edition.path):
            for address in set(MEDIA.findall(self.page(path))):
                width = int(re.search(r"-(\d+)\.", address)[1])
                self.assertEqual(self.fetched(address).width, width, address)

    def test_a_list_offers_a_square_on_narrow_screens_and_the_lead_does_not(self):
        for number in range(7):
            self.publish(at=NOON - HOUR, lead_image=self.image, headline=f"Older {number}")
        lead, rest = self.page("/world/").split("</article>", 1)
        self.assertNotIn("-1x1-", lead)
        self.assertRegex(rest, r'<source media="\(max-width: 45\.99em\)"[^>]*-1x1-30-70-240\.avif"')

    def test_the_front_page_sends_no_picture_that_it_hides(self):
        for number in range(9):
            genre = "opinion" if number % 2 else "news"
            self.publish(at=NOON - HOUR, lead_image=self.image, headline=f"Older {number}", genre=genre)
        html = self.page("/")
        shown = re.findall(r'<div class="(?:columns columns-4 )?(as-[a-z]+)">(.*?)</article>', html, re.S)
        self.assertLessEqual({"as-lead", "as-thumb", "as-text", "as-opinion"}, {kind for kind, _ in shown})
        for kind, card in shown:
            self.assertEqual("<picture" in card, kind not in ("as-text", "as-opinion"), kind)

    def test_browsers_without_avif_choose_among_widths_too(self):
        html = self.page(self.edition.path)
        found = re.search(r'<img [^>]*srcset="([^"]+)"', html)[1]
        self.assertEqual(re.findall(r"-(\d+)\.jpg \1w", found), ["320", "640", "1280"])
        self.assertNotIn("  ", found)

    def test_machines_get_three_shapes_at_least_1200_wide(self):
        og, shown = self.head_of(self.edition.path)
        self.assertEqual([(one["width"], one["height"]) for one in shown], [(1280, 720), (1280, 960), (1280, 1280)])
        self.assertEqual((og["image:width"], og["image:height"]), ("1200", "630"))
        self.assertEqual(self.fetched(MEDIA.search(og["image"])[1]).size, (1200, 630))
        for one in shown:
            self.assertEqual(self.fetched(MEDIA.search(one["url"])[1]).size, (one["width"], one["height"]))

    def test_a_small_picture_is_never_made_wider_than_it_is(self):
        image = self.take(drawn(300, 500))
        edition = self.publish(lead_image=image)
        og, shown = self.head_of(edition.path)
        for one in shown:
            self.assertEqual(self.fetched(MEDIA.search(one["url"])[1]).size, (one["width"], one["height"]))
        self.assertEqual((og["image:width"], og["image:height"]), ("300", "158"))

    def test_a_picture_among_the_paragraphs_is_whole(self):
        image = self.take(drawn(900, 1400))
        edition = self.publish(body=f'<p>x</p><figure data-image="{image.pk}"></figure>')
        self.assertIn(f"/media/{image.token}-640.jpg", self.page(edition.path))

    def test_only_the_shapes_and_widths_of_pages_are_made(self):
        token = self.image.token
        for tail in ("5x4-30-70-640", "3x2-30-70-641", "1x1-30-70-1920", "40x21-30-70-320", "3x2-030-70-640",
                     "3x2-30-101-640", "3x2-30-640", "3x2--30-70-640", "3x2-30-70-0"):  # fmt: skip
            with clock.frozen(NOON):
                self.assertEqual(self.client.get(f"/media/{token}-{tail}.jpg").status_code, 404, tail)

    def test_a_crop_of_a_picture_that_is_not_public_is_a_404(self):
        hidden = self.take(drawn(2000, 1200))
        with clock.frozen(NOON):
            for tail in ("3x2-50-50-640", "3x2-1-1-640"):
                self.assertEqual(self.client.get(f"/media/{hidden.token}-{tail}.jpg").status_code, 404)
        change_rights(self.image, restricted=True)
        with clock.frozen(NOON):
            self.assertEqual(self.client.get(f"/media/{self.image.token}-3x2-30-70-640.jpg").status_code, 404)

    def test_a_crop_costs_one_query_and_is_made_once(self):
        address = f"/media/{self.image.token}-3x2-30-70-480.avif"
        with clock.frozen(NOON):
            etag = self.client.get(address)["ETag"]
            with self.assertNumQueries(1):  # the picture, why it is public, and until when
                again = self.client.get(address, headers={"If-None-Match": etag})
            self.assertEqual(again.status_code, 304)
            self.assertNotEqual(self.client.get(address.replace("480", "320"))["ETag"], etag)
            self.assertNotEqual(self.client.get(f"/media/{self.image.token}-480.avif")["ETag"], etag)

    def test_nginx_and_s3_are_asked_for_the_crop_by_the_name_it_is_kept_under(self):
        kept = f"renditions/{self.image.token}/3x2-30-70-640.jpg"
        with clock.frozen(NOON):
            with override_settings(ACCEL_LOCATION="/private/"):
                response = self.client.get(f"/media/{self.image.token}-3x2-30-70-640.jpg")
                self.assertEqual(response["X-Accel-Redirect"], f"/private/{kept}")
            with override_settings(STORAGES=STORAGES):
                response = self.client.get(f"/media/{self.image.token}-3x2-30-70-640.jpg")
                self.assertEqual(response["Location"], f"https://store.example/{kept}?expires=60")

    def test_the_desk_sees_crops_as_readers_will(self):
        hidden = self.take(with_red_square(2400, 1000, 0.95, 0.5), 0.95, 0.5)
        self.client.force_login(self.pia)
        response = self.client.get(f"/admin/media/{hidden.token}-1x1-95-50-480.jpg")
        self.assertEqual(Pillow.open(BytesIO(response.getvalue())).size, (480, 480))
        moved = self.client.get(f"/admin/media/{hidden.token}-1x1-5-50-480.jpg")
        self.assertRedirects(moved, f"/admin/media/{hidden.token}-1x1-95-50-480.jpg", fetch_redirect_response=False)


class MovedTests(CropTestCase):
    def setUp(self):
        self.image = self.take(with_red_square(2400, 1000, 0.95, 0.5), 0.05, 0.5)
        self.edition = self.publish(lead_image=self.image)

    def addresses(self, at):
        return {a for path in ("/", "/world/", self.edition.path) for a in MEDIA.findall(self.page(path, at))}

    def test_a_moved_mark_makes_new_addresses_on_every_page_at_once(self):
        before = self.addresses(NOON)
        self.assertFalse(any(is_red_in(self.fetched(a)) for a in before))
        self.move_focal_point(self.image, 0.95, 0.5)
        after = self.addresses(NOON + HOUR)
        self.assertFalse(before & after)
        self.assertTrue(all(is_red_in(self.fetched(a, NOON + HOUR)) for a in after))

    def test_an_address_of_the_mark_before_leads_to_the_present_crop(self):
        old = next(a for a in self.addresses(NOON) if "-3x2-5-50-640.jpg" in a)
        self.move_focal_point(self.image, 0.95, 0.5)
        with clock.frozen(NOON + HOUR):
            response = self.client.get(f"/media/{old}")
        self.assertEqual((response.status_code, response["Location"]),
                         (302, f"/media/{self.image.token}-3x2-95-50-640.jpg"))  # fmt: skip
        self.assertEqual(response["Cache-Control"], "no-store")

    def test_crops_of_the_mark_before_are_thrown_away(self):
        for address in self.addresses(NOON):
            self.fetched(address)
        self.fetched(f"{self.image.token}-640.jpg")
        self.move_focal_point(self.image, 0.95, 0.5)
        self.fetched(f"{self.image.token}-3x2-95-50-640.jpg", NOON + HOUR)
        _, kept = default_storage.listdir(f"renditions/{self.image.token}")
        self.assertEqual({name for name in kept if "x" in name}, {"3x2-95-50-640.jpg"})
        self.assertIn("640.jpg", kept)

    def test_any_number_of_asked_marks_makes_no_files(self):
        with clock.frozen(NOON):
            for x in range(40):
                self.client.get(f"/media/{self.image.token}-1x1-{x}-7-240.jpg")
        _, kept = default_storage.listdir(f"renditions/{self.image.token}")
        self.assertFalse([name for name in kept if "1x1" in name])

    def test_a_deleted_picture_takes_its_crops_along(self):
        unused = self.take(drawn(2000, 1200))
        self.client.force_login(self.pia)
        self.client.get(f"/admin/media/{unused.token}-1x1-50-50-480.jpg")
        with self.captureOnCommitCallbacks(execute=True):
            images.delete_unused(unused, by=self.pia)
        self.assertFalse(default_storage.exists(f"renditions/{unused.token}/1x1-50-50-480.jpg"))
        self.assertFalse(default_storage.exists(f"renditions/{unused.token}/640.jpg"))


class RelatedTests(CropTestCase):
    def test_a_related_story_shows_a_square_at_any_width(self):
        image = self.take(with_red_square(2400, 1000, 0.05, 0.5), 0.05, 0.5)
        other = self.publish(lead_image=image)
        edition = self.publish(body=f'<p>x</p><div data-article="{other.article_id}"></div>')
        card = re.search(r'<aside class="related">.*?</aside>', self.page(edition.path), re.S)[0]
        first = re.search(r'<source media="([^"]+)" type="image/avif" srcset="/media/([^"]+)"', card)
        self.assertEqual(first[1], "all")
        made = self.fetched(first[2])
        self.assertEqual(made.size, (240, 240))
        self.assertTrue(is_red_in(made))
