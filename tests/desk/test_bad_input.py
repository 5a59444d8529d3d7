"""Bad input at every form of the desk and of the site: a clear message beside the field, nothing lost, never a 500."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.admin import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pixels

from articles.actions import images
from articles.models import Agency, Article, Comment, Contributor, Designation, Image, Section, State, StyleRule
from articles.models.section import RESERVED
from experts.models import Expert
from newsroom import clock
from newsroom.models import PolicyPage, Publication, Topic, User

from ..base import DeskTestCase
from ..pictures import jpeg
from .doors import Door
from .pages import filled

pytestmark = [pytest.mark.slow, pytest.mark.engines]
HOUR = timedelta(hours=1)
CONTROLS = {"NUL": "\0", "bell": "\x07", "override": "\u202e", "isolate": "\u2066"}
KEPT = "Typed with care"


def admin(name, *args):
    return reverse(f"admin:{name}", args=args)


def png(width, height):
    """A PNG that says in its header how large it is, and holds next to nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


class BadInputTestCase(DeskTestCase):
    def assertRefused(self, response, field, message, *kept, status=400):
        """The form again, with this message beside this field and everything typed in it."""
        self.assertEqual(response.status_code, status)
        context = response.context
        form = context["adminform"].form if "adminform" in context else context["form"]
        self.assertIn(field, form.errors, dict(form.errors))
        self.assertRegex(" ".join(form.errors[field]), message)
        for words in kept:
            self.assertContains(response, words, status_code=status)


class StoryTests(BadInputTestCase):
    def setUp(self):
        self.article = self.make_article()
        self.client.force_login(self.rana)
        self.url = admin("articles_article_change", self.article.pk)
        self.page = None

    def save(self, **changes):
        """Send the form with these changes, as it was when first asked for; what is refused leaves it as it was."""
        self.page = self.page or self.client.get(self.url)
        answer = self.client.post(self.url, filled(self.page, **{"standfirst": KEPT} | changes))
        if answer.status_code == 302:
            self.page = None
        return answer

    def test_a_text_naming_missing_rows_is_refused(self):
        gone = Expert.objects.create(display_name="Gone Tomorrow")
        pk = gone.pk
        gone.delete()
        for body, message in (
            (f'<p>He said <q data-expert="{pk}">these words</q>.</p>', f"expert no. {pk}"),
            ('<p>A <q data-expert="9999999999999999999999">b</q> c.</p>', "expert"),
            ('<p>A <q data-expert="x">b</q> c.</p>', "expert"),
            ('<p>Text.</p><div data-article="987654"></div>', "story no. 987654"),
            ('<p>Text.</p><figure data-image="987654"></figure>', "picture no. 987654"),
            ('<p>Text.</p><div data-embed="https://tracker.example/v"></div>', "tracker.example"),
        ):
            with self.subTest(body):
                self.assertRefused(self.save(body=body), "body", f"(?i){message}", KEPT)

    def test_a_new_row_that_says_what_a_saved_one_says_is_refused_beside_it(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        sent = filled(self.client.get(article.get_absolute_url()), headline="Typed anew")
        answer = self.client.post(article.get_absolute_url(), sent | {"bylines-INITIAL_FORMS": "0"})
        self.assertContains(answer, "already exists", status_code=400)
        self.assertContains(answer, "Typed anew", status_code=400)
        self.assertEqual(article.bylines.count(), 1)

    def test_a_form_naming_deleted_rows_is_refused(self):
        for field in ("section", "lead_image", "translation_of", "credit", "topics", "sections"):
            for value in ("987654", "x", "9" * 30, "\0"):
                with self.subTest(field=field, value=value):
                    self.assertRefused(self.save(**{field: value}), field, "(?i)choice|valid", KEPT)
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, 1)

    def test_a_story_whose_expert_was_deleted_meanwhile_is_refused(self):
        body = f'<p>He said <q data-expert="{self.expert.pk}">these words</q>.</p>'
        self.assertEqual(self.save(body=body).status_code, 302)
        page = self.client.get(self.url)
        self.article.appearances.all().delete()
        self.article.quote_records.all().delete()
        pk, _ = self.expert.pk, self.expert.delete()
        self.assertEqual(self.client.get(self.url).status_code, 200)
        self.assertRefused(self.client.post(self.url, filled(page, standfirst=KEPT)), "body", f"no. {pk}", KEPT)

    def test_controls_in_each_field_that_takes_words(self):
        page = self.client.get(self.url)
        form = page.context["adminform"].form
        words = [name for name, field in form.fields.items() if getattr(field, "max_length", 0) or name == "body"]
        self.assertGreater(len(words), 12)
        for kind, sign in CONTROLS.items():
            answer = self.client.post(self.url, filled(page, **dict.fromkeys(words, f"{KEPT}{sign}ports")))
            for name in words:
                with self.subTest(field=name, sign=kind):
                    self.assertRefused(answer, name, "(?i)control|null")
            with self.subTest(sign=kind):
                data = filled(page, standfirst=KEPT, headline=f"six{sign}ports")
                self.assertRefused(self.client.post(self.url, data), "headline", "(?i)control|null", KEPT)
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, 1)

    def test_controls_in_the_rows_of_a_story_are_refused(self):
        page = self.client.get(self.url)
        for rows, name in (("attributions", "description"), ("attributions", "outlet"), ("attributions", "reason")):
            row = {f"{rows}-TOTAL_FORMS": 1, f"{rows}-0-kind": "second_hand", f"{rows}-0-description": "a diplomat"}
            data = filled(page, standfirst=KEPT) | row | {f"{rows}-0-{name}": "a\u202ediplomat"}
            response = self.client.post(self.url, data)
            self.assertContains(response, "invisible control character", status_code=400)
            self.assertContains(response, KEPT, status_code=400)

    def test_controls_in_a_new_story_are_refused(self):
        data = {"catchline": KEPT, "headline": "six\u202eports", "genre": "news", "origin": "staff", "language": "en"}
        response = self.client.post(admin("articles_article_add"), data)
        self.assertRefused(response, "headline", "control", KEPT)

    def test_words_that_look_like_markup_stay_words(self):
        words = "<svg onload=alert(1)>"
        self.save(
            headline=words, body=f'<p>He said <q data-expert="{self.expert.pk}">&lt;svg onload=alert(1)&gt;</q>.</p>'
        )
        Expert.objects.update(display_name=words)
        page = self.client.get(self.url)
        self.assertNotContains(page, words)
        self.assertContains(page, "&lt;svg onload=alert(1)&gt;")

    def test_a_slug_that_is_taken_or_malformed_is_refused(self):
        self.make_article(slug="seven-ports")
        wrong = dict.fromkeys(("Seven Ports", "a/b", "-", "../admin", "ports--two"), "(?i)small letters")
        for slug, message in {"seven-ports": "taken", "x" * 81: "80", **wrong}.items():
            with self.subTest(slug):
                self.assertRefused(self.save(slug=slug), "slug", message, KEPT)

    def test_a_text_beyond_the_limit_is_refused(self):
        for body in (f"<p>{'word ' * 200_000}</p>", "<p>x</p>" * 500_000):
            self.assertRefused(self.save(body=body), "body", "(?i)at most|too long", KEPT)
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, 1)

    def test_a_text_nested_very_deeply_breaks_no_page(self):
        for part in ("<em>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<aside data-box='facts'>"):
            with self.subTest(part):
                self.assertIn(self.save(body=f"<p>{KEPT}</p>" + part * 20_000 + "x").status_code, (302, 400))
                self.assertContains(self.client.get(self.url), KEPT)
                versions = admin("articles_article_versions", self.article.pk)
                self.assertEqual(self.client.get(versions).status_code, 200)

    def test_words_longer_than_their_field_are_refused(self):
        for name, room in (("headline", 160), ("label", 40), ("dateline", 80), ("standfirst", 600), ("seo_title", 70)):
            with self.subTest(name):
                self.assertRefused(self.save(**{name: "w" * (room + 1)}), name, f"{room}")

    def test_dates_that_do_not_exist_are_refused(self):
        for value in ("yesterday", "2027-02-30T10:00", "99999-01-01T00:00", "0000-00-00T00:00", "\0"):
            with self.subTest(value):
                self.assertRefused(self.save(embargo_until=value), "embargo_until", "(?i)valid|null", KEPT)
        # In London the clocks go from 01:00 to 02:00 on 28 March 2027.
        self.assertRefused(self.save(embargo_until="2027-03-28T01:30"), "embargo_until", "(?i)exist|skip|clock", KEPT)

    def test_a_form_with_missing_or_forged_hidden_fields_is_refused(self):
        page = filled(self.client.get(self.url), headline=KEPT)
        for change in ({"base_version": "x"}, {"base_version": "-1"}, {"base_version": "9" * 30}, {"seen": "\0"}):
            with self.subTest(change):
                response = self.client.post(self.url, page | change | {"_move": "submit"})
                self.assertIn(response.status_code, (400, 409))
                self.assertContains(response, KEPT, status_code=response.status_code)
        for name in ("bylines-TOTAL_FORMS", "attributions-INITIAL_FORMS", "bylines-0-id", "bylines-0-contributor"):
            for value in ("x", "-1", "99999"):
                with self.subTest(name=name, value=value):
                    self.assertIn(self.client.post(self.url, page | {name: value}).status_code, (302, 400, 409))


class ScheduleTests(BadInputTestCase):
    def setUp(self):
        self.article = self.make_article(state=State.APPROVED)
        self.client.force_login(self.max)
        self.url = admin("articles_article_move", self.article.pk, "schedule")

    def schedule(self, at):
        page = self.client.get(self.url)
        codes = [code for code, _ in page.context["form"].fields["waive"].choices]
        zone = Publication.objects.current().zone
        when = at if isinstance(at, str) else f"{timezone.localtime(at, zone):%Y-%m-%dT%H:%M}"
        data = {"seen": page.context["seen"], "at": when, "waive": codes, "waive_note": KEPT}
        response = self.client.post(self.url, data)
        self.assertFalse(self.article.editions.exists())
        return response

    def test_scheduling_for_the_past_is_refused(self):
        self.assertRefused(self.schedule(clock.process_time() - HOUR), "at", "passed", KEPT)

    def test_scheduling_for_an_hour_the_clocks_skip_is_refused(self):
        self.assertRefused(self.schedule("2027-03-28T01:30"), "at", "(?i)exist|skip|clock", KEPT)

    def test_scheduling_for_what_is_no_time_is_refused(self):
        for value in ("", "soon", "2027-02-30T10:00", "\0", "99999-01-01T00:00"):
            with self.subTest(value):
                self.assertRefused(self.schedule(value), "at", "(?i)required|valid|null", KEPT)

    def test_scheduling_before_the_embargo_is_refused(self):
        until = clock.process_time() + 48 * HOUR
        Article.objects.filter(pk=self.article.pk).update(embargo_until=until)
        response = self.schedule(clock.process_time() + HOUR)
        self.assertEqual(response.status_code, 400)
        self.assertContains(response, "under embargo until", status_code=400)
        self.assertContains(response, KEPT, status_code=400)

    def test_controls_in_a_moves_fields_are_refused(self):
        submitted = self.make_article(slug="submitted", state=State.SUBMITTED)
        live = self.make_article(slug="live", state=State.PUBLISHED)
        for article, name, fields in (
            (submitted, "send-back", ["note"]),
            (live, "hold", ["note"]),
            (live, "withdraw", ["note", "reader_text"]),
            (live, "correct", ["was", "became", "reader_text", "asked_by", "headline", "standfirst", "live_text"]),
        ):
            url = admin("articles_article_move", article.pk, name)
            page = self.client.get(url)
            for kind, sign in CONTROLS.items():
                data = dict.fromkeys(fields, f"six{sign}ports") | {"seen": page.context["seen"], "line": KEPT}
                answer = self.client.post(url, data)
                for field in fields:
                    with self.subTest(move=name, field=field, sign=kind):
                        self.assertRefused(answer, field, "(?i)control|null")
        self.assertEqual(live.editions.count(), 1)


class PictureTests(BadInputTestCase):
    def upload(self, data, name="harbour.png", **words):
        self.client.force_login(self.pia)
        file = SimpleUploadedFile(name, data, content_type="image/png")
        return self.client.post(admin("articles_image_add"), {"file": file, "alt": KEPT} | words)

    def test_a_file_that_is_no_picture_is_refused(self):
        whole = jpeg().read()
        for name, data, message in (
            ("text.png", b"Dear editor, here is my picture.", "(?i)not a picture"),
            ("vector.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
            ("page.jpg", b"<!doctype html><script>alert(1)</script>", "(?i)not a picture"),
            ("half.jpg", whole[: len(whole) // 2], "(?i)damaged"),
            ("head.png", png(640, 400), "(?i)damaged"),
            ("empty.png", b"", "(?i)empty"),
            ("archive.png", b"PK\x03\x04" + b"\0" * 60, "(?i)not a picture"),
        ):
            with self.subTest(name):
                self.assertRefused(self.upload(data, name), "file", message, KEPT)
        self.assertEqual(Image.objects.count(), 0)

    def test_a_picture_of_300_megapixels_is_refused(self):
        for width, height in ((20_000, 15_000), (100_000, 100_000), (2**31 - 1, 2**31 - 1)):
            with self.subTest(width=width):
                self.assertRefused(self.upload(png(width, height)), "file", "(?i)too large|megapixels|damaged", KEPT)

    def test_an_extremely_narrow_picture_is_refused(self):
        out = BytesIO()
        Pixels.new("RGB", (40_000, 8)).save(out, "PNG")
        self.assertRefused(self.upload(out.getvalue()), "file", "(?i)longer", KEPT)

    def test_an_upload_without_a_file_is_refused(self):
        self.client.force_login(self.pia)
        for data in ({"alt": KEPT}, {"alt": KEPT, "file": "harbour.png"}):
            self.assertRefused(self.client.post(admin("articles_image_add"), data), "file", "required", KEPT)

    def test_controls_in_a_pictures_words_are_refused(self):
        fields = ("caption", "credit", "source")
        for kind, sign in CONTROLS.items():
            response = self.upload(jpeg(64, 48).read(), **dict.fromkeys(fields, f"six{sign}ports"))
            for field in fields:
                with self.subTest(field=field, sign=kind):
                    self.assertRefused(response, field, "(?i)control|null", KEPT)
        self.assertEqual(Image.objects.count(), 0)

    def test_a_focal_point_outside_the_picture_is_refused(self):
        image = images.take_in(jpeg(64, 48), by=self.pia, alt=KEPT, credit="Pia")
        self.client.force_login(self.pia)
        url = admin("articles_image_change", image.pk)
        for x in ("2", "-1", "nan", "inf", "left", "\0"):
            with self.subTest(x):
                response = self.client.post(url, {"focal_0": x, "focal_1": "0.5", "alt": KEPT, "credit": "Pia"})
                self.assertEqual(response.status_code, 400)
                self.assertContains(response, KEPT, status_code=400)
        image.refresh_from_db()
        self.assertEqual(image.focal_x, 0.5)


class OtherFormsTests(BadInputTestCase):
    """Each form of the desk by its admin: who fills it in, and a row to change."""

    def rows(self):
        agency = Agency.objects.create(name="North Wire")
        register = Designation.objects.create(name="Karst Brigade")
        policy = PolicyPage.objects.create(title="Corrections", slug="corrections", body="<p>We correct.</p>")
        return [
            (self.max, "articles_section", self.world),
            (self.max, "articles_agency", agency),
            (self.max, "articles_contributor", self.rana_by),
            (self.max, "articles_designation", register),
            (self.max, "articles_stylerule", StyleRule.objects.create(term="utilise", preferred="use")),
            (self.max, "newsroom_topic", self.topic),
            (self.max, "newsroom_policypage", policy),
            (self.max, "newsroom_publication", Publication.objects.current()),
            (self.ada, "newsroom_user", self.rob),
        ]

    def test_controls_in_each_field_that_takes_words(self):
        tried = 0
        for user, name, row in self.rows():
            self.client.force_login(user)
            url = admin(f"{name}_change", row.pk)
            page = self.client.get(url)
            self.assertEqual(page.status_code, 200, name)
            made = page.context["adminform"].form.fields
            fields = [field for field in made if getattr(made[field], "max_length", 0)]
            for kind, sign in CONTROLS.items():
                answer = self.client.post(url, filled(page, **dict.fromkeys(fields, f"six{sign}ports")))
                for field in fields:
                    with self.subTest(form=name, field=field, sign=kind):
                        self.assertRefused(answer, field, r"(?i)control|null|valid|letters")
                        tried += 1
        self.assertGreater(tried, 100)

    def test_a_reserved_or_taken_section_slug_is_refused(self):
        self.client.force_login(self.max)
        url = admin("articles_section_add")
        for slug in [*sorted(RESERVED), "world"]:
            with self.subTest(slug):
                data = {"name": KEPT, "slug": slug, "order": "9", "visible": "on"}
                response = self.client.post(url, data)
                self.assertEqual(response.status_code, 400)
                self.assertContains(response, "taken" if slug in RESERVED else "already exists", status_code=400)
                self.assertContains(response, KEPT, status_code=400)


class AddressTests(BadInputTestCase):
    """What anybody may write into an address bar."""

    BAD = (
        "\0",
        "a\0b",
        "\u202e",
        "x" * 5000,
        "-1",
        "9" * 40,
        "²",
        "'\"<>",
        "%",
        "_",
        "(",
        '"',
        "*",
        "NEAR(",
        "' OR 1=1--",
        "\ud7ff",
    )

    def door(self, user):
        """A door for somebody signed in: thousands of answers are looked at for no more than their status."""
        self.client.force_login(user)
        door = Door()
        door.cookies = self.client.cookies
        return door

    def test_hostile_addresses_break_no_page_for_readers(self):
        self.make_article(state=State.PUBLISHED)
        client = Door()
        for bad in self.BAD:
            for path, names in (
                ("/search/", ("q", "section", "genre", "since", "until", "sort", "before", "page")),
                ("/world/", ("before",)), ("/topics/shipping/", ("before",)), ("/archive/", ("before",)),
                ("/corrections/", ("before",)), ("/experts/", ("before", "letter")),
            ):  # fmt: skip
                for name in names:
                    words = {"q": "ports"} | {name: bad} if path == "/search/" else {name: bad}
                    with self.subTest(path=path, name=name, bad=bad[:20]):
                        self.assertLess(client.get(path, words).status_code, 500)
            for path in ("/{}/", "/topics/{}/", "/people/{}/", "/experts/{}/", "/world/2026/05/04/{}/", "/media/{}",
                         "/discuss/{}/", "/policies/{}/", "/archive/{}/01/01/"):  # fmt: skip
                with self.subTest(path=path, bad=bad[:20]):
                    address = path.format(bad.replace("%", "%25"))
                    self.assertLess(client.get(address).status_code, 500)

    def test_hostile_addresses_break_no_page_of_the_desk(self):
        article = self.make_article(state=State.PUBLISHED)
        lists = (Article, Image, Comment, Section, Expert, Topic, Agency, Contributor)
        for user, models in ((self.max, lists), (self.ada, (User,))):
            door = self.door(user)
            for model in models:
                url = admin(f"{model._meta.label_lower.replace('.', '_')}_changelist")
                filters = [one.parameter_name for one in site.get_model_admin(model).list_filter]
                for bad in self.BAD:
                    for asked in ({"q": bad, "all": bad}, *({key: bad} for key in ("p", "o", "pk", *filters))):
                        with self.subTest(list=url, keys=list(asked), bad=bad[:20]):
                            self.assertLess(door.get(url, asked).status_code, 500)
        door = self.door(self.max)
        for bad in self.BAD:
            for model, field in (("article", "lead_image"), ("byline", "contributor"), ("appearance", "expert"),
                                 ("articletopic", "tag")):  # fmt: skip
                with self.subTest(autocomplete=field, bad=bad[:20]):
                    asked = {"term": bad, "app_label": "articles", "model_name": model, "field_name": field}
                    self.assertLess(door.get(admin("autocomplete"), asked).status_code, 500)
            for kind in ("expert", "article", "image"):
                for key in ("q", "id", "except"):
                    with self.subTest(lookup=kind, key=key, bad=bad[:20]):
                        answer = door.get(reverse("desk:lookup", args=[kind]), {key: bad})
                        self.assertLess(answer.status_code, 500)
            versions = admin("articles_article_versions", article.pk)
            self.assertLess(door.get(versions, {"a": bad, "b": bad}).status_code, 500)


class CommentTests(BadInputTestCase):
    def test_a_bad_comment_is_refused_beside_its_field(self):
        story = self.make_article(state=State.PUBLISHED)
        url = reverse("site:discuss", args=[story.uid])
        page = Client().get(url)
        token = page.context["form"].initial["token"] if page.context else ""
        good = {"name": "A reader", "email": "", "body": KEPT, "token": token}
        number = 0
        for change, field in (
            *[({"name": f"A{sign}reader"}, "name") for sign in CONTROLS.values()],
            *[({"body": f"{KEPT}{sign}!"}, "body") for sign in CONTROLS.values()],
            ({"name": ""}, "name"), ({"body": "  "}, "body"), ({"body": "w" * 2001}, "body"),
            ({"name": "n" * 61}, "name"), ({"email": "nobody"}, "email"), ({"email": "a\0@b.example"}, "email"),
        ):  # fmt: skip
            with self.subTest(change):
                number += 1
                response = Client(REMOTE_ADDR=f"10.2.0.{number}").post(url, good | change)
                self.assertEqual(response.status_code, 400)
                self.assertIn(field, response.context["form"].errors)
                if field != "body":
                    self.assertContains(response, KEPT, status_code=400)
        self.assertEqual(Comment.objects.count(), 0)
