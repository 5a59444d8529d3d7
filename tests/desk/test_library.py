"""The picture library: found, filtered, seen beside the others, brought in by the dozen, chosen with open eyes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import images
from articles.models import Contributor, FormerFile, Image, PictureRuling
from newsroom import clock
from tests.base import NOON
from tests.newsroom.test_uploads import drawn, jpeg_header, scene, sent
from tests.sealed import altered, by, sealed
from tests.site.base import SiteTestCase

pytestmark = pytest.mark.engines

LIST = reverse("admin:articles_image_changelist")
DAY = dt.timedelta(days=1)


class LibraryTestCase(SiteTestCase):
    def setUp(self):
        self.client.force_login(self.pia)

    def picture(self, title, **fields):
        """A row of the library, with no more of a file than its name."""
        fields = {"width": 900, "height": 600, "alt": "x", "credit": "y"} | fields
        return Image.objects.create(title=title, original=f"{title}.jpg", sha256=title, **fields)

    def found(self, query=""):
        return [str(image) for image in self.client.get(f"{LIST}?{query}").context["shots"]]

    def open(self, image, user=None):
        if user:
            self.client.force_login(user)
        return self.client.get(f"{LIST}?open={image.pk}")


class FindTests(LibraryTestCase):
    def test_a_picture_is_found_by_each_of_its_words(self):
        self.picture(
            "Tugs", caption="Two tugs at Ménil", credit="Gull News", keywords="harbour, dawn", people="Halvard Nystrom"
        )
        self.picture("Cranes", credit="Pia")
        for words in ("tugs", "menil", "gull", "harb", "dawn", "nystrom", "halvard gull", "TUGS"):
            self.assertEqual(self.found(f"q={words}"), ["Tugs"], words)
        for words in ("ugs", "tugs pia"):
            self.assertEqual(self.found(f"q={words}"), [], words)

    def test_words_of_another_script_are_found(self):
        self.picture("ميناء", people="نجاح عبد الله")
        self.assertEqual(self.found("q=نجاح"), ["ميناء"])

    def test_a_word_changed_since_is_found(self):
        image = self.picture("Tugs")
        image.credit = "Corrected"
        image.save(update_fields=["credit"])
        self.assertEqual(self.found("q=corrected"), ["Tugs"])

    def test_rights_filter_the_list(self):
        now = clock.process_time()
        self.picture("free")
        self.picture("ending", rights_until=now + 3 * DAY)
        self.picture("ended", rights_until=now - DAY)
        self.picture("barred", restricted=True)
        self.picture("terms", usage_terms="Online only")
        every = {"free", "ending", "ended", "barred", "terms"}
        for value, wanted in (
            ("ok", {"free", "ending", "terms"}), ("ending", {"ending"}), ("ended", {"ended", "barred"}),
            ("terms", {"terms"}), ("nonsense", every),
        ):  # fmt: skip
            self.assertEqual(set(self.found(f"rights={value}")), wanted, value)
        self.assertEqual(set(self.found("rights=ended&rights=terms")), {"ended", "barred", "terms"})

    def test_shape_filters_the_list(self):
        self.picture("wide")
        self.picture("tall", width=600, height=900)
        self.picture("square", width=600, height=620)
        for shape in ("wide", "tall", "square"):
            self.assertEqual(self.found(f"shape={shape}"), [shape])

    def test_use_filters_the_list(self):
        for title in ("lead", "text", "face", "never"):
            self.picture(title)
        of = {image.title: image for image in Image.objects.all()}
        self.publish(lead_image=of["lead"])
        self.make_article(slug="b", body=f'<p>x</p><figure data-image="{of["text"].pk}"></figure>')
        Contributor.objects.filter(pk=self.rana_by.pk).update(portrait=of["face"])
        self.assertEqual(self.found("use=never"), ["never"])
        with clock.frozen(NOON):
            self.assertEqual(self.found("use=live"), ["lead"])

    def test_how_it_was_made_filters_the_list(self):
        self.picture("camera", source_type="digitalCapture")
        self.picture("drawn", source_type="digitalCreation")
        self.picture("by desk", source_type="trainedAlgorithmicMedia")
        self.picture("by file", source_type="digitalCapture", metadata={"source_type": "compositeSynthetic"})
        self.picture("by seal", credentials={"seal": "holds", "ai": "altered"})
        self.assertEqual(set(self.found("made=ai")), {"by desk", "by file", "by seal"})
        self.assertEqual(self.found("made=drawn"), ["drawn"])
        self.assertEqual(self.found("made=unsaid"), ["by seal"])

    def test_groups_of_filters_narrow_each_other(self):
        self.picture("a", restricted=True)
        self.picture("b", width=600, height=900, restricted=True)
        self.assertEqual(self.found("rights=ended&shape=tall&q=y"), ["b"])

    def test_an_unknown_parameter_gives_no_error(self):
        self.picture("a")
        for query in ("open=abc", "open=999999", "open=", "q=%00tugs%00x", "p=99999", "rights="):
            self.assertIn(self.client.get(f"{LIST}?{query}").status_code, (200, 302), query)
        self.assertEqual(self.client.get(f"{LIST}?uploaded_by__password__startswith=a").status_code, 400)

    def test_the_list_takes_as_many_queries_however_many_pictures(self):
        counts = []
        for number in (2, 70):
            for n in range(number):
                self.picture(f"{number} {n}", source_type="trainedAlgorithmicMedia")
            self.publish(lead_image=Image.objects.first())
            with CaptureQueriesContext(connection) as caught:
                page = self.client.get(LIST)
            counts.append(len(caught))
        self.assertEqual(len(page.context["shots"]), 60)
        # session, person, roles, the count, the page, live stories, rulings, the paper's name and places
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 12)

    def test_what_stands_against_a_picture_stands_on_it(self):
        now = clock.process_time()
        self.picture("a", restricted=True)
        self.picture("b", rights_until=now + 2 * DAY)
        self.picture("c", source_type="trainedAlgorithmicMedia")
        self.picture("d", alt="", instructions="NO SALES")
        self.picture("e", credentials={"seal": "broken"})
        tags = {str(i): [(t.words, t.level) for t in i.tags] for i in self.client.get(LIST).context["shots"]}
        self.assertEqual(tags["a"], [("Restricted", "bad")])
        self.assertTrue(tags["b"][0][0].startswith("Ends "))
        self.assertEqual(tags["c"], [("Made with AI", "bad")])
        self.assertEqual(tags["d"], [("Terms", ""), ("No alt text", "warned")])
        self.assertEqual(tags["e"], [("Seal broken", "warned")])


class SideTests(LibraryTestCase):
    def setUp(self):
        super().setUp()
        file = sealed(sent(scene()), by("digitalCapture"), {"action": "c2pa.cropped"})
        terms = {"usage_terms": "Online only", "instructions": "NO SALES", "place": "Aldmere"}
        self.image = images.take_in(file, by=self.rana, title="Tugs", alt="Tugs", credit="Rana", **terms)

    def test_one_picture_stands_open_beside_the_others(self):
        self.publish(headline="Six ports agree", lead_image=self.image)
        with clock.frozen(NOON):
            page = self.open(self.image)
        for words in ("Online only", "NO SALES", "Aldmere", "in the name of Gull News", "Cropped", "Six ports agree",
                      "live since", 'data-crop="40x21"'):  # fmt: skip
            self.assertContains(page, words)

    def test_the_part_of_the_page_alone_is_the_same(self):
        part = self.client.get(reverse("admin:articles_image_side", args=[self.image.pk]), {"list": "q=tugs&rights=ok"})
        self.assertContains(part, "Online only")
        self.assertNotContains(part, "<html")
        self.assertContains(part, "?list=q%3Dtugs%26rights%3Dok")

    def test_what_is_printed_is_changed_there_and_the_list_stays(self):
        address = reverse("admin:articles_image_side", args=[self.image.pk]) + "?list=q%3Dtugs"
        words = {"alt": "Two tugs", "caption": "", "credit": "Rana", "focal_0": "0.2", "focal_1": "0.7"}
        self.assertRedirects(self.client.post(address, words), f"{LIST}?q=tugs&open={self.image.pk}")
        self.image.refresh_from_db()
        self.assertEqual((self.image.alt, self.image.focal_point), ("Two tugs", (20, 70)))
        self.assertEqual((self.image.usage_terms, self.image.title), ("Online only", "Tugs"))

    def test_a_slip_is_refused_with_everything_typed_still_there(self):
        address = reverse("admin:articles_image_side", args=[self.image.pk])
        for words in ({"alt": "Two\x00 tugs"}, {"alt": "x" * 400}, {"alt": "a", "focal_0": "7", "focal_1": "0"}):
            page = self.client.post(address, {"credit": "Typed credit"} | words)
            self.assertContains(page, "Typed credit", status_code=400)
        self.image.refresh_from_db()
        self.assertEqual(self.image.credit, "Rana")

    def test_who_may_not_change_it_reads_it_and_gets_no_form(self):
        page = self.open(self.image, self.cora)
        self.assertContains(page, "Online only")
        self.assertNotContains(page, 'name="alt"')

    def test_a_list_named_in_an_address_leads_nowhere_else(self):
        address = reverse("admin:articles_image_side", args=[self.image.pk]) + "?list=//evil.example/"
        answer = self.client.post(address, {"alt": "Tugs", "credit": "Rana"})
        self.assertTrue(answer["Location"].startswith(f"{LIST}?"))

    def test_a_story_that_uses_it_twice_is_named_once(self):
        body = f'<p>x</p><figure data-image="{self.image.pk}"></figure>'
        self.publish(headline="Six ports agree", lead_image=self.image, body=body)
        with clock.frozen(NOON):
            uses = self.open(self.image).context["uses"]
        self.assertEqual([use["name"] for use in uses], ["Six ports agree"])
        self.assertIn("World", uses[0]["how"])


class UploadTests(LibraryTestCase):
    ADD = reverse("admin:articles_image_add")

    def upload(self, *files, user=None, **words):
        self.client.force_login(user or self.pia)
        return self.client.post(self.ADD, {"file": list(files), "credit": "Gull News"} | words)

    def test_several_files_share_their_words(self):
        page = self.upload(
            sent(drawn(), name="one.jpg"), sent(scene(), name="two.jpg"), usage_terms="Online only", keywords="a, b"
        )
        self.assertEqual(page.status_code, 200)
        for image in Image.objects.all():
            self.assertEqual((image.credit, image.usage_terms, image.keywords), ("Gull News", "Online only", "a, b"))
            self.assertContains(page, f">{image.title}</a>")

    def test_one_bad_file_is_named_and_keeps_no_other_out(self):
        zipped = sent(drawn(), name="holiday.jpg")
        zipped.file.seek(0)
        zipped.file.truncate()
        zipped.file.write(b"PK\x03\x04" + bytes(500))
        zipped.seek(0)
        bomb = jpeg_header(25_000, 20_000)
        empty = sent(drawn(), name="empty.jpg")
        empty.file.seek(0)
        empty.file.truncate()
        page = self.upload(sent(drawn(), name="good.jpg"), zipped, bomb, empty, sent(scene(), name="better.jpg"))
        self.assertEqual(page.status_code, 400)
        self.assertEqual(set(Image.objects.values_list("title", flat=True)), {"good", "better"})
        for name, why in (("holiday.jpg", "not a picture"), ("big.jpg", "too large"), ("empty.jpg", "empty")):
            self.assertContains(page, f"{name}: ", status_code=400)
            self.assertContains(page, why, status_code=400)
        self.assertContains(page, 'value="Gull News"', status_code=400)

    def test_too_many_files_at_once_are_refused(self):
        files = [sent(drawn(16, 16), name=f"{n}.jpg") for n in range(101)]
        page = self.upload(*files[:100], files[100])
        self.assertEqual(page.status_code, 400)
        self.assertFalse(Image.objects.exists())

    def test_rights_are_set_at_once_by_those_who_may_change_them(self):
        for user, wanted in ((self.pia, "Online only"), (self.rana, "Online only"), (self.edith, ""), (self.cora, "")):
            self.upload(sent(scene(), name=f"{user}.jpg"), user=user, usage_terms="Online only", title="x")
            self.assertEqual(Image.objects.first().usage_terms, wanted, user)

    def test_a_picture_that_is_there_is_offered_and_may_be_used_instead(self):
        first = images.take_in(sent(scene(), name="first.jpg"), by=self.pia, alt="A quay")
        for user in (self.rana, self.cora, self.edith):
            self.client.force_login(user)
            made = self.client.post(reverse("desk:upload"), {"file": sent(scene(), name="again.jpg")}).json()
            self.assertEqual([(one["id"], one["same"]) for one in made["alike"]], [(first.pk, True)])
            answer = self.client.post(reverse("desk:instead", args=[made["id"]]), {"other": first.pk})
            self.assertEqual(answer.json()["id"], first.pk)
            self.assertEqual(Image.objects.count(), 1)

    def test_one_that_only_looks_alike_is_offered_as_that(self):
        images.take_in(sent(scene(), name="first.jpg"), by=self.pia)
        made = self.client.post(reverse("desk:upload"), {"file": sent(scene(600, 400), name="small.jpg")}).json()
        self.assertEqual([one["same"] for one in made["alike"]], [False])

    def test_only_ones_own_upload_is_taken_back_for_one_like_it(self):
        first = images.take_in(sent(scene()), by=self.pia)
        again = images.take_in(sent(scene()), by=self.rana)
        other = images.take_in(sent(drawn()), by=self.rana)
        self.client.force_login(self.cora)
        address = reverse("desk:instead", args=[again.pk])
        self.assertEqual(self.client.post(address, {"other": first.pk}).status_code, 403)
        self.client.force_login(self.rana)
        for sent_ in ({"other": other.pk}, {"other": again.pk}, {"other": "x"}, {}):
            self.assertEqual(self.client.post(address, sent_).status_code, 400)
        self.make_article(lead_image=again)
        self.assertEqual(self.client.post(address, {"other": first.pk}).status_code, 400)
        self.assertEqual(Image.objects.count(), 3)


class ActTests(LibraryTestCase):
    def setUp(self):
        super().setUp()
        self.image = images.take_in(
            sealed(sent(scene()), by("trainedAlgorithmicMedia")),
            by=self.pia,
            title="Dream",
            alt="A city",
            credit="Reader",
        )

    def word(self, **sent_):
        return self.client.post(reverse("admin:articles_image_word", args=[self.image.pk]), sent_, follow=True)

    def test_pia_gives_her_word_and_it_stands_on_the_picture(self):
        self.assertContains(self.open(self.image), "It does not run until")
        page = self.word(runs_as="illustration", why="Drawn for the essay.", sha256=self.image.sha256)
        self.assertContains(page, "Your word is recorded")
        self.assertContains(page, "Drawn for the essay.")
        self.assertContains(self.open(self.image), "Drawn for the essay.")

    def test_a_word_that_lacks_something_is_refused_beside_it(self):
        page = self.word(runs_as="illustration", why="", sha256="")
        self.assertContains(page, "Say why", status_code=400)
        page = self.word(runs_as="poster", why="Typed reason")
        self.assertContains(page, "Typed reason", status_code=400)
        self.assertEqual(self.word(runs_as="photograph", why="Fine.", sha256="0" * 64).status_code, 409)
        self.assertFalse(PictureRuling.objects.exists())

    def test_a_picture_gets_another_file_on_its_page(self):
        address = reverse("admin:articles_image_file", args=[self.image.pk])
        self.publish(headline="Six ports agree", lead_image=self.image)
        with clock.frozen(NOON):
            page = self.client.post(address, {"file": sent(drawn(), name="x.jpg"), "why": "A better scan"}, follow=True)
        self.assertContains(page, "Readers keep the file before it in “Six ports agree”")
        self.assertContains(page, "A better scan")
        self.assertEqual(FormerFile.objects.get().replaced_by, self.pia)

    def test_a_file_that_is_no_picture_is_refused_with_the_reason_kept(self):
        address = reverse("admin:articles_image_file", args=[self.image.pk])
        for file in (sent(drawn(), "BMP"), "no file", None):
            sent_ = {"why": "Typed reason"} | ({"file": file} if file else {})
            self.assertContains(self.client.post(address, sent_), "Typed reason", status_code=400)
        self.assertFalse(FormerFile.objects.exists())

    def test_marking_a_live_picture_as_ai_names_the_stories_without_label(self):
        plain = images.take_in(sent(drawn()), by=self.pia, alt="x", credit="y", title="Plain")
        self.publish(headline="Six ports agree", lead_image=plain)
        form = {"title": "Plain", "alt": "x", "credit": "y", "focal_0": "0.5", "focal_1": "0.5",
                "source_type": "trainedAlgorithmicMedia"}  # fmt: skip
        with clock.frozen(NOON):
            page = self.client.post(reverse("admin:articles_image_change", args=[plain.pk]), form, follow=True)
        self.assertContains(page, "without its label in “Six ports agree”")


class ChooseTests(LibraryTestCase):
    def rows(self, **query):
        return self.client.get(reverse("desk:lookup", args=["image"]), query).json()["results"]

    def test_terms_and_what_stands_against_it_stand_where_it_is_chosen(self):
        self.picture(
            "Tugs", usage_terms="Online only", instructions="NO SALES", rights_until=clock.process_time() + DAY
        )
        self.picture("Dream", source_type="trainedAlgorithmicMedia")
        dream, tugs = self.rows()
        self.assertEqual(tugs["lines"][:2], ["Terms: Online only", "Instructions: NO SALES"])
        self.assertTrue(tugs["lines"][2].startswith("Rights until"))
        self.assertEqual(dream["lines"], ["Made with AI"])
        self.assertIn("does not run without the picture desk's word", dream["warning"])

    def test_choosing_finds_by_keyword_and_person_too(self):
        self.picture("Tugs", keywords="harbour", people="Halvard Nystrom")
        self.picture("Cranes")
        for words in ("harbour", "nystrom"):
            self.assertEqual([row["label"] for row in self.rows(q=words)], ["Tugs"])

    def test_a_broken_seal_is_told_beside_the_picture(self):
        image = images.take_in(altered(sealed(sent(scene()))), by=self.pia, alt="x", credit="y")
        self.assertContains(self.open(image), "The seal does not hold")
