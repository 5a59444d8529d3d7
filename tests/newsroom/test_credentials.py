"""Content credentials: what a file says under seal of where it comes from, and whether the seal holds."""

import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.test import SimpleTestCase, override_settings
from PIL import Image

from newsroom.pictures import credentials, picturewords, source_types
from newsroom.pictures.credentials import Seal
from newsroom.pictures.source_types import AI

from ..data import path as real_file
from ..sealed import altered, anchors, by, sealed
from .test_uploads import drawn, scene, sent


def credentials_of(file):
    file.seek(0)
    return credentials.read_credentials(file.read(), "JPEG")


class ReadTests(SimpleTestCase):
    def test_a_sealed_picture_says_who_sealed_it_and_how_it_came_about(self):
        found = credentials_of(sealed(sent(scene()), by("digitalCapture"), {"action": "c2pa.cropped"}))
        self.assertEqual((found["seal"], found["signer"], found["program"]), (Seal.HOLDS, "Gull News", "Gull Camera"))
        self.assertEqual([step["action"] for step in found["steps"]], ["created", "cropped"])
        self.assertEqual(found["source_type"], "digitalCapture")
        self.assertNotIn("ai", found)

    def test_a_signer_is_known_only_by_a_certificate_that_the_paper_trusts(self):
        file = sealed(sent(scene()))
        with TemporaryDirectory() as folder:
            trusted = Path(folder) / "trusted.pem"
            trusted.write_bytes(anchors())
            with override_settings(CREDENTIALS_TRUST=str(trusted)):
                self.assertEqual(credentials_of(file)["seal"], Seal.KNOWN)
        with override_settings(CREDENTIALS_TRUST="/nowhere.pem"), self.assertLogs("newsroom", "ERROR"):
            self.assertEqual(credentials_of(file)["seal"], Seal.HOLDS)

    def test_a_seal_breaks_where_the_picture_was_changed_behind_it(self):
        self.assertEqual(credentials_of(altered(sealed(sent(scene()))))["seal"], Seal.BROKEN)

    def test_what_ai_made_is_known_through_later_crops_and_pieces(self):
        made = sealed(sent(scene()), by("trainedAlgorithmicMedia"), name="dream.jpg")
        self.assertEqual(credentials_of(made)["ai"], AI.MADE)
        cropped = credentials_of(sealed(made, {"action": "c2pa.cropped"}, parent=made))
        self.assertEqual((cropped["ai"], cropped["parts"]), (AI.MADE, ["dream.jpg"]))
        self.assertEqual(credentials_of(sealed(sent(drawn()), by("digitalCapture"), part=made))["ai"], AI.ALTERED)
        edited = by("compositeWithTrainedAlgorithmicMedia") | {"action": "c2pa.edited"}
        self.assertEqual(credentials_of(sealed(sent(drawn()), by("digitalCapture"), edited))["ai"], AI.ALTERED)

    def test_a_picture_without_credentials_starts_no_program(self):
        with mock.patch.object(subprocess, "run") as started:
            self.assertEqual(credentials_of(sent(scene())), {})
        started.assert_not_called()

    def test_words_that_look_like_credentials_are_none(self):
        self.assertEqual(credentials_of(sent(scene(), comment=b"jumb c2pa")), {})

    def test_credentials_cut_off_or_scrambled_are_told_as_unread(self):
        data = sealed(sent(scene())).read()
        at = data.index(b"c2pa")
        for broken in (data[: at + 900], data[:at] + bytes(400) + data[at + 400 :] + b"c2pa"):
            found = credentials.read_credentials(broken, "JPEG")
            self.assertIn(found.get("seal"), (Seal.UNREAD, Seal.BROKEN, None))

    def test_a_program_that_hangs_or_is_missing_loses_the_credentials_alone(self):
        data = sealed(sent(scene())).read()
        for failure in (subprocess.TimeoutExpired("python", 15), OSError("no program")):
            with mock.patch.object(subprocess, "run", side_effect=failure), self.assertLogs("newsroom", "ERROR"):
                self.assertEqual(credentials.read_credentials(data, "JPEG"), {"seal": Seal.UNREAD})

    def test_the_program_gets_none_of_the_secrets_of_the_server(self):
        done = subprocess.CompletedProcess([], 3, b"", b"")
        with mock.patch.object(subprocess, "run", return_value=done) as started:
            credentials.read_credentials(b"jumb c2pa", "JPEG")
        self.assertLessEqual(set(started.call_args.kwargs["env"]), {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH"})

    def test_a_manifest_with_surprises_is_never_an_error(self):
        for store in ("null", "[]", "{}", '{"active_manifest": "a", "manifests": {"a": {"assertions": [1]}}}'):
            done = subprocess.CompletedProcess([], 0, store.encode(), b"")
            with mock.patch.object(subprocess, "run", return_value=done):
                self.assertEqual(credentials.read_credentials(b"jumb c2pa", "JPEG"), {"seal": Seal.UNREAD})

    def test_words_of_a_manifest_are_cleaned_and_cut(self):
        found = credentials_of(sealed(sent(scene()), signer="Gull\u202eNews", name="tugs.jpg"))
        self.assertNotIn("\u202e", found["signer"])

    def test_files_of_other_hands_are_told_apart(self):
        seals = {"A": None, "C": Seal.HOLDS, "CA": Seal.HOLDS, "E-sig-CA": Seal.BROKEN, "XCA": Seal.BROKEN}
        for name, seal in seals.items():
            found = credentials.read_credentials(real_file(f"images/c2pa/{name}.jpg").read_bytes(), "JPEG")
            self.assertEqual(found.get("seal"), seal, name)
        self.assertEqual(
            credentials.read_credentials(real_file("images/c2pa/CA.jpg").read_bytes(), "JPEG")["authors"], ["John Doe"]
        )


class SourceTypeTests(SimpleTestCase):
    def test_a_source_type_is_known_by_its_address_or_its_code(self):
        for text in ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", "digitalCapture",
                     "https://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture/"):  # fmt: skip
            self.assertEqual(source_types.code_of(text), "digitalCapture")
        self.assertEqual(
            source_types.code_of("http://cv.iptc.org/newscodes/digitalsourcetype/digitalArt"), "digitalCreation"
        )
        for text in ("", None, "nonsense", "http://example.org/"):
            self.assertEqual(source_types.code_of(text), "")

    def test_of_several_answers_about_ai_the_strongest_counts(self):
        self.assertEqual(source_types.strongest("", "altered", AI.NONE), AI.ALTERED)
        self.assertEqual(source_types.strongest("altered", "made"), AI.MADE)
        self.assertEqual(source_types.strongest(), AI.NONE)


class WordsInsideTests(SimpleTestCase):
    PACKET = """<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:City='Aldmere'
 xmlns:ext='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' photoshop:Country='Marshland' {more}
 photoshop:Instructions='NO SALES'>
<ext:PersonInImage><rdf:Bag><rdf:li>Halvard Nystrom</rdf:li></rdf:Bag></ext:PersonInImage>
<ext:DigitalSourceType {kind}</rdf:Description></rdf:RDF></x:xmpmeta>"""
    MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

    def inside(self, more="", kind="", **options):
        packet = self.PACKET.format(more=more, kind=kind or f">{self.MADE}</ext:DigitalSourceType>")
        file = sent(drawn(), xmp=packet.encode(), **options)
        return picturewords.words_inside(Image.open(BytesIO(file.read())))

    def test_instructions_people_place_and_source_type_are_read(self):
        found = self.inside(more="photoshop:DateCreated='2026-03-14T08:30:00+01:00'")
        self.assertEqual(found["instructions"], "NO SALES")
        self.assertEqual(found["people"], ["Halvard Nystrom"])
        self.assertEqual(found["place"], "Aldmere, Marshland")
        self.assertEqual((found["made_on"], found["source_type"]), ("2026-03-14", "trainedAlgorithmicMedia"))

    def test_a_source_type_may_be_named_as_a_resource(self):
        self.assertEqual(self.inside(kind=f"rdf:resource='{self.MADE}'/>")["source_type"], "trainedAlgorithmicMedia")

    def test_a_date_that_is_none_is_passed_over(self):
        for text in ("2026-02-31", "soon", "20261"):
            self.assertNotIn("made_on", self.inside(more=f"photoshop:DateCreated='{text}'"))

    def test_the_cameras_date_counts_where_nobody_gave_one(self):
        exif = Image.Exif()
        exif.get_ifd(picturewords.EXIF_IFD)[picturewords.EXIF_MADE] = "2026:03:14 08:30:00"
        self.assertEqual(self.inside(exif=exif)["made_on"], "2026-03-14")

    def test_the_reference_picture_of_iptc_is_read_whole(self):
        found = picturewords.words_inside(Image.open(real_file("images/iptc-photometadata-reference.jpg")))
        self.assertEqual(found["instructions"], "An Instruction (ref2017.1)")
        self.assertEqual(len(found["people"]), 2)
        self.assertTrue(found["place"].startswith("Sublocation"))
        self.assertEqual((found["made_on"], found["source_type"]), ("2017-07-13", "digitalCreation"))
