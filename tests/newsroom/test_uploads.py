"""The one door for pictures: what passes, what does not, and what is left of it."""

import struct
import time
import tracemalloc
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from PIL import Image, ImageCms

from newsroom.pictures import crops, renditions, uploads

from ..data import path as real_file

GPS = b"GPSLatitude"
XMP = """<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about=''
 xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:exif='http://ns.adobe.com/exif/1.0/'
 xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:Credit='Gull \u202eNews'
 xmlns:Iptc4xmpCore='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'>
<exif:GPSLatitude>51,30.5N</exif:GPSLatitude>
<dc:description><rdf:Alt><rdf:li xml:lang='de'>Der Hafen</rdf:li><rdf:li xml:lang='x-default'>The harbour</rdf:li>
</rdf:Alt></dc:description>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang='x-default'>Two tugs at a quay</rdf:li></rdf:Alt>
</Iptc4xmpCore:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"""


def drawn(width=900, height=600, mode="RGB"):
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", [ramp, ramp.rotate(180), ramp]).convert(mode)


def scene(width=900, height=600):
    """A picture in which something is to be seen, a quay and two ships."""
    sea = Image.radial_gradient("L").crop((40, 90, 256, 234))
    for grey, box in ((250, (10, 20, 60, 50)), (20, (130, 60, 200, 90)), (180, (0, 110, 120, 144))):
        sea.paste(grey, box)
    return sea.resize((width, height)).convert("RGB")


def sent(image, kind="JPEG", name="harbour.jpg", **options):
    """A picture as a form's file field hands it over."""
    out = BytesIO()
    image.save(out, kind, **options)
    return SimpleUploadedFile(name, out.getvalue())


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width, height):
    """A PNG that claims a size and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return SimpleUploadedFile("big.png", b"\x89PNG\r\n\x1a\n" + body)


def sixteen_bits(colour_type, pixels, clear):
    """A PNG of 16 bits a channel: the first pixel around the second; `clear` is the colour that stands for nothing."""
    around, inside = pixels
    row, middle = around * 40, around * 10 + inside * 20 + around * 10
    lines = [row] * 10 + [middle] * 20 + [row] * 10
    head = struct.pack(">IIBBBBB", 40, 40, 16, colour_type, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + line for line in lines))
    parts = chunk(b"IHDR", head) + chunk(b"tRNS", clear) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return SimpleUploadedFile("deep.png", b"\x89PNG\r\n\x1a\n" + parts)


def jpeg_header(width, height):
    data = bytearray(sent(drawn(16, 16)).read())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return SimpleUploadedFile("big.jpg", bytes(data))


class TakeTests(SimpleTestCase):
    def opened(self, taken, width=None):
        return Image.open(BytesIO(taken.renditions[width or max(taken.renditions)]))

    def test_a_photograph_is_measured_hashed_and_made_in_two_widths(self):
        taken = uploads.take(sent(drawn(2000, 1000)))
        self.assertEqual((taken.width, taken.height, taken.format), (2000, 1000, "JPEG"))
        self.assertEqual(sorted(taken.renditions), [640, 1280])
        self.assertEqual(self.opened(taken, 640).size, (640, 320))
        self.assertRegex(taken.phash, "^[0-9a-f]{16}$")
        self.assertRegex(taken.sha256, "^[0-9a-f]{64}$")

    def test_the_stored_name_is_not_the_name_that_was_sent(self):
        first, second = (uploads.take(sent(drawn(), name="../../etc/passwd.php")) for _ in range(2))
        self.assertRegex(first.name, r"^[0-9a-f]{32}\.jpg$")
        self.assertNotEqual(first.name, second.name)

    def test_a_small_picture_is_never_made_wider_than_it_is(self):
        taken = uploads.take(sent(drawn(200, 100)))
        self.assertEqual({w: self.opened(taken, w).size for w in taken.renditions}, {320: (200, 100)})

    def test_every_kind_that_we_take_becomes_a_jpeg(self):
        animated = [drawn(400, 300), drawn(400, 300).rotate(90)]
        files = {
            "cmyk": sent(drawn(mode="CMYK")),
            "grey": sent(drawn(mode="L")),
            "palette": sent(drawn(mode="P"), "PNG"),
            "palette with a clear colour": sent(drawn(mode="P"), "PNG", transparency=0),
            "transparent": sent(drawn(mode="RGBA"), "PNG"),
            "grey with alpha": sent(drawn(mode="LA"), "PNG"),
            "one bit": sent(drawn(mode="1"), "PNG"),
            "sixteen bits": sent(drawn(mode="I;16"), "PNG"),
            "webp": sent(drawn(), "WEBP"),
            "animated webp": sent(animated[0], "WEBP", save_all=True, append_images=animated[1:]),
            "animated gif": sent(animated[0], "GIF", save_all=True, append_images=animated[1:]),
            "phone with two pictures": sent(animated[0], "MPO", save_all=True, append_images=animated[1:]),
            "progressive": sent(drawn(), progressive=True),
        }
        for what, file in files.items():
            with self.subTest(what):
                made = self.opened(uploads.take(file, first_alone=True))
                self.assertEqual((made.format, made.mode), ("JPEG", "RGB"))

    def test_transparency_is_laid_on_white(self):
        taken = uploads.take(sent(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"))
        self.assertEqual(self.opened(taken).getpixel((10, 10)), (255, 255, 255))

    def test_a_colour_that_stands_for_nothing_is_white_in_every_kind_of_png(self):
        def drawing(mode, clear, ink):
            picture = Image.new(mode, (400, 400), clear)
            picture.paste(ink, (100, 100, 300, 300))
            return picture

        indexed = drawing("RGB", (0, 0, 0), (0, 0, 255)).quantize(4)
        files = {
            "RGB": sent(drawing("RGB", (0, 0, 0), (0, 0, 255)), "PNG", transparency=(0, 0, 0)),
            "grey": sent(drawing("L", 0, 90), "PNG", transparency=0),
            "one bit": sent(drawing("1", 0, 1), "PNG", transparency=0),
            "palette": sent(indexed, "PNG", transparency=indexed.getpixel((5, 5))),
            "sixteen bits of grey": sixteen_bits(0, [b"\0\0", b"\x40\x40"], b"\0\0"),
            "sixteen bits of colour": sixteen_bits(2, [b"\1\2" * 3, b"\x40\x40" * 3], b"\1\2" * 3),
        }
        for what, file in files.items():
            with self.subTest(what):
                made = self.opened(uploads.take(file))
                self.assertEqual(made.getpixel((5, 5)), (255, 255, 255))
                if what != "one bit":
                    self.assertLess(min(made.getpixel((made.width // 2, made.height // 2))), 128)

    def test_a_grey_that_is_nearly_the_clear_one_stays(self):
        made = self.opened(uploads.take(sixteen_bits(0, [b"\0\7", b"\x40\x40"], b"\0\0")))
        self.assertLess(max(made.getpixel((5, 5))), 10)

    def test_drawings_of_other_hands_are_white_where_clear(self):
        for name in ("rgb", "grey"):
            with real_file(f"faults/images/{name}-with-transparent-black.png").open("rb") as file:
                made = self.opened(uploads.take(file))
            self.assertEqual(made.getpixel((3, 3)), (255, 255, 255), name)

    def test_of_a_picture_that_moves_the_first_frame_is_taken_where_wanted(self):
        frames = [Image.new("RGB", (400, 300), colour) for colour in ((250, 0, 0), (0, 0, 250))]
        for kind in ("GIF", "PNG", "WEBP"):
            with self.subTest(kind):
                file = sent(frames[0], kind, save_all=True, append_images=frames[1:])
                taken = uploads.take(file, first_alone=True)
                self.assertTrue(taken.moves)
                red, _, blue = self.opened(taken).getpixel((200, 150))
                self.assertTrue(red > 200 > 50 > blue)
        for still in (sent(drawn()), sent(drawn(mode="P"), "GIF"), sent(drawn(), "PNG"), sent(drawn(), "WEBP")):
            self.assertFalse(uploads.take(still).moves)

    def test_a_camera_held_upright_is_seen_upright(self):
        picture = Image.new("RGB", (800, 400), "white")
        picture.paste((255, 0, 0), (0, 0, 400, 400))  # the left half, which orientation 6 turns to the top
        exif = Image.Exif()
        exif[renditions.ORIENTATION] = 6
        taken = uploads.take(sent(picture, exif=exif))
        self.assertEqual((taken.width, taken.height), (400, 800))
        made = self.opened(taken)
        self.assertGreater(made.height, made.width)
        red, _, blue = made.getpixel((made.width // 2, 20))
        self.assertTrue(red > 200 > blue)

    def test_a_picture_is_seen_as_the_camera_held_it_mirrored_or_not(self):
        # which corner of the file is top left and which top right, as the tag says it is seen
        seen = {1: "ab", 2: "ba", 3: "dc", 4: "cd", 5: "ac", 6: "ca", 7: "db", 8: "bd"}
        colours = {"a": (255, 0, 0), "b": (0, 255, 0), "c": (0, 0, 255), "d": (255, 255, 255)}
        picture = Image.new("RGB", (1600, 800))
        for corner, place in zip("abcd", ((0, 0), (800, 0), (0, 400), (800, 400)), strict=True):
            picture.paste(colours[corner], (*place, place[0] + 800, place[1] + 400))

        def corner_of(image, x, y):
            found = image.getpixel((x, y))
            return min(colours, key=lambda name: sum(abs(a - b) for a, b in zip(colours[name], found, strict=True)))

        for tag, corners in seen.items():
            exif = Image.Exif()
            exif[renditions.ORIENTATION] = tag
            for kind in ("JPEG", "PNG"):
                with self.subTest(tag=tag, kind=kind):
                    taken = uploads.take(sent(picture, kind, exif=exif))
                    wide, high = (800, 1600) if tag >= 5 else (1600, 800)
                    self.assertEqual((taken.width, taken.height), (wide, high))
                    for width, data in taken.renditions.items():
                        made = Image.open(BytesIO(data))
                        self.assertEqual(made.size, (width, width * high // wide))
                        top = "".join(corner_of(made, x, 20) for x in (20, width - 20))
                        self.assertEqual(top, corners)
                    self.assertEqual(sorted(taken.renditions)[0], 640 if kind == "JPEG" else 320)

    def test_colours_of_a_wide_profile_are_brought_to_srgb(self):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        made = self.opened(uploads.take(sent(drawn(), icc_profile=lab)))
        self.assertNotIn("icc_profile", made.info)
        self.assertEqual(self.opened(uploads.take(sent(drawn(), icc_profile=b"rubbish"))).mode, "RGB")

    def test_renditions_carry_no_metadata_of_the_file(self):
        exif = Image.Exif()
        exif[0x010E] = "SECRET description"
        exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
        file = sent(drawn(2000, 1000), exif=exif, xmp=XMP.encode(), comment=b"SECRET comment")
        self.assertIn(GPS, file.read())
        taken = uploads.take(file)
        pixels = renditions.pixels(Image.open(BytesIO(taken.data)), 640)
        for made in (*taken.renditions.values(), renditions.encode(pixels, "avif"), renditions.encode(pixels, "jpg")):
            for secret in (b"SECRET", GPS, b"Exif", b"xmp", b"harbour"):
                self.assertNotIn(secret, made)
            self.assertFalse(Image.open(BytesIO(made)).getexif())

    def test_the_words_in_xmp_are_read_and_the_place_is_not(self):
        taken = uploads.take(sent(drawn(), xmp=XMP.encode()))
        self.assertEqual(taken.metadata, {"caption": "The harbour", "alt": "Two tugs at a quay", "credit": "Gull News"})

    def test_a_caption_keeps_its_paragraphs_and_the_joiners_within_words(self):
        caption = "  نیم\u200cفاصله  و خط \u200c\n\n\n Two\u200d tugs \r\n at \u202ethe\tquay 👩\u200d🚒"
        taken = uploads.take(sent(drawn(), xmp=XMP.replace("The harbour", caption).encode()))
        self.assertEqual(taken.metadata["caption"], "نیم\u200cفاصله و خط\n\nTwo tugs\nat the quay 👩\u200d🚒")

    def test_a_line_break_in_any_other_word_is_a_space(self):
        xmp = XMP.replace("Two tugs at a quay", "Two tugs\n\nat a quay").encode()
        self.assertEqual(uploads.take(sent(drawn(), xmp=xmp)).metadata["alt"], "Two tugs at a quay")

    def test_unreadable_metadata_is_passed_over(self):
        bomb = b"<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><x>&b;</x>"
        for xmp in (b"<not xml", bomb, b"\x00" * 50, b"<x/>" * 3):
            self.assertEqual(uploads.take(sent(drawn(), xmp=xmp)).metadata, {})

    def test_the_reference_photo_of_the_press_council_is_read_whole(self):
        with real_file("images/iptc-photometadata-reference.jpg").open("rb") as file:
            taken = uploads.take(file)
        self.assertEqual((taken.width, taken.height), (1000, 500))
        self.assertEqual(
            taken.metadata,
            {
                "title": "The Title (ref2017.1)",
                "caption": "The description aka caption (ref2017.1)",
                "credit": "Credit Line (ref2017.1)",
                "creator": "Creator1 (ref2017.1), Creator2 (ref2017.1)",
                "copyright": "Copyright (Notice) 2017.1 IPTC - www.iptc.org (ref2017.1)",
                "source": "Source (ref2017.1)",
                "usage_terms": "Rights Usage Termns (ref2017.1)",
                "instructions": "An Instruction (ref2017.1)",
                "keywords": ["Keyword1ref2017.1", "Keyword2ref2017.1", "Keyword3ref2017.1"],
                "people": ["Person Shown 1 (ref2017.1)", "Person Shown 2 (ref2017.1)"],
                "place": "Sublocation (Core) (ref2017.1), City (Core) (ref2017.1), Province/State (Core) (ref2017.1),"
                " Country (Core) (ref2017.1)",
                "made_on": "2017-07-13",
                "source_type": "digitalCreation",
            },
        )

    def test_the_same_scene_has_the_same_hash_in_another_size_and_format(self):
        one = uploads.take(sent(scene(1500, 1000)))
        other = uploads.take(sent(scene(900, 600), "PNG"))
        self.assertEqual(one.phash, other.phash)
        self.assertNotEqual(one.phash, uploads.take(sent(scene().rotate(180))).phash)


class RefusalTests(SimpleTestCase):
    def refused(self, file, words):
        with self.assertRaises(uploads.Unfit) as caught:
            uploads.take(file)
        self.assertIn(words, str(caught.exception))

    def test_a_file_that_is_no_picture_is_refused_with_advice(self):
        for data, words in [
            (b"", "empty"),
            (b"hello", "not a picture"),
            (b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            (b"<?xml version='1.0'?><svg/>", "SVG"),
            (b"<html><script>alert(1)</script>", "not a picture"),
            (b"%PDF-1.7", "not a picture"),
            (b"BM" + b"\0" * 100, "not a picture"),
            (b"II*\0" + b"\0" * 100, "not a picture"),
            (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
            (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
            (b"GIF89a", "picture"),
            (b"\x89PNG\r\n\x1a\n", "picture"),
            (b"\xff\xd8\xff\xe0", "picture"),
        ]:
            with self.subTest(data[:12]):
                self.refused(SimpleUploadedFile("photo.jpg", data), words)

    def test_a_picture_that_moves_is_refused_unless_its_first_frame_is_wanted(self):
        frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue")]
        for kind in ("GIF", "PNG", "WEBP"):
            with self.subTest(kind):
                self.refused(sent(frames[0], kind, save_all=True, append_images=frames[1:]), "first frame alone")
        with real_file("faults/images/moves.gif").open("rb") as file:
            self.refused(file, "first frame alone")

    def test_a_header_of_300_megapixels_is_refused_before_anything_is_decoded(self):
        tracemalloc.start()
        for make in (png_header, jpeg_header):
            for size in ((20_000, 15_000), (10_000, 6_001)):
                self.refused(make(*size), "60 megapixels")
        self.refused(png_header(60_000, 100), "no side")
        self.refused(png_header(2, 2), "too small")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertLess(peak, 20_000_000)

    def test_a_file_that_breaks_off_is_refused(self):
        for kind in ("JPEG", "PNG", "WEBP", "GIF"):
            data = sent(drawn(), kind).read()
            for share in (0.3, 0.8):
                with self.subTest(kind=kind, share=share), self.assertRaises(uploads.Unfit):
                    uploads.take(SimpleUploadedFile("a.jpg", data[: int(len(data) * share)]))

    def test_a_file_that_lies_about_its_size_is_refused(self):
        self.refused(png_header(4000, 3000), "damaged")

    def test_more_bytes_than_we_take_are_refused_unread(self):
        class Endless:
            size = 0

            def seek(self, place):
                pass

            def read(self, count):
                return b"\xff" * count

        self.refused(Endless(), "40 megabytes")
        big = SimpleUploadedFile("a.jpg", b"x")
        big.size = 41 * 1024 * 1024
        self.refused(big, "40 megabytes")

    def test_bytes_behind_a_picture_reach_no_rendition(self):
        script = b"<script>alert(1)</script><?php system($_GET[0]) ?>PK\x03\x04"
        for kind in ("JPEG", "PNG", "GIF"):
            data = sent(drawn(), kind, comment=script).read() if kind != "PNG" else sent(drawn(), kind).read()
            taken = uploads.take(SimpleUploadedFile("a.php", data + script))
            for made in taken.renditions.values():
                self.assertNotIn(b"<script", made)
                self.assertNotIn(b"<?php", made)
            self.assertTrue(taken.name.endswith(f".{uploads.FORMATS[kind]}"))


class CostTests(SimpleTestCase):
    def test_24_megapixels_take_a_moment_and_little_memory(self):
        file = sent(drawn(6000, 4000), quality=85)
        started = time.process_time()
        taken = uploads.take(file)
        spent = time.process_time() - started
        self.assertEqual(sorted(taken.renditions), [640, 1280])
        self.assertLess(spent, 1.5)  # 0.2 s on a quiet machine; this only catches a whole decode

    def test_a_jpeg_is_decoded_small(self):
        image = Image.open(sent(drawn(6000, 4000)), formats=["JPEG"])
        renditions.pixels(image, 1280)
        self.assertLess(image.width, 3200)


class CropTests(SimpleTestCase):
    def test_the_focal_point_is_as_central_as_it_can_be(self):
        self.assertEqual(crops.crop_box(1600, 900, 1, 0.5, 0.5), (350, 0, 1250, 900))
        self.assertEqual(crops.crop_box(1600, 900, 1, 0.0, 0.5), (0, 0, 900, 900))
        self.assertEqual(crops.crop_box(1600, 900, 1, 1.0, 0.5), (700, 0, 1600, 900))
        self.assertEqual(crops.crop_box(900, 1600, 16 / 9, 0.5, 0.1), (0, 0, 900, 506))

    def test_a_crop_is_inside_the_picture_whatever_is_asked(self):
        for ratio in (0.01, 0.5, 1, 3, 500):
            for focal in (0, 0.33, 1):
                left, top, right, bottom = crops.crop_box(640, 480, ratio, focal, focal)
                self.assertTrue(0 <= left < right <= 640 and 0 <= top < bottom <= 480)
