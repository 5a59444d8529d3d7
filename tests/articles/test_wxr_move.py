"""What leads where after a move: links, old fronts, uploads, and pictures that come later."""

from articles.exchange.report import Outcome
from articles.models import Article, Image, Kind, Section
from newsroom.models import PolicyPage
from tests.pictures import jpeg

from . import wxr
from .import_case import ImportTestCase, dump

BASE = "https://old.example/wp-content/uploads/2019/04"


class LinkTests(ImportTestCase):
    def test_links_between_stories_lead_to_the_new_places(self):
        link = '<a href="{}">x</a>'.format
        report = self.bring(
            wxr.item(1, content="".join(map(link, (
                "https://old.example/2019/04/story-2/", "http://www.old.example/2019/04/story-2#part",
                "/2019/04/story-2/", "https://old.example/?p=2", "https://old.example/about-us/",
                f"{BASE}/report.pdf", "https://old.example/2019/04/nowhere/", "https://else.example/2019/04/story-2/",
                "mailto:a@old.example", "https://old.example/2019/04/story-3/",
            )))),
            wxr.item(2), wxr.item(3, status="draft"),
            wxr.item(4, kind="page", name="about-us", link="https://old.example/about-us/"),
        )  # fmt: skip
        new = "/news/2019/04/01/story-2/"
        for href in (new, f"{new}#part", "/policies/about-us/", "mailto:a@old.example"):
            self.assertIn(f'href="{href}"', self.printed(1), href)
        self.assertEqual(self.printed(1).count(f'href="{new}"'), 3)
        self.assertIn('href="https://else.example/2019/04/story-2/"', self.printed(1))
        for said in ("report.pdf", "no place here: https://old.example/2019/04/nowhere/", "/2019/04/story-3/"):
            self.assertIn(said, self.notes(report, 1))

    def test_a_link_to_a_story_of_an_earlier_run_leads_there_too(self):
        self.bring(wxr.item(2))
        self.bring(wxr.item(1, content='<a href="https://old.example/2019/04/story-2/">x</a>'), wxr.item(2))
        self.assertIn('href="/news/2019/04/01/story-2/"', self.printed(1))

    def test_an_address_of_the_old_site_alone_in_a_line_is_led_too(self):
        self.bring(wxr.item(1, content="https://old.example/2019/04/story-2/"), wxr.item(2))
        self.assertIn('href="/news/2019/04/01/story-2/"', self.printed(1))


class FrontTests(ImportTestCase):
    tree = (wxr.category("europe", "Europe"), wxr.category("north", "North", "europe"))

    def test_fronts_of_the_old_site_lead_to_the_new_ones(self):
        inside = wxr.term("north", "North") + wxr.term("salt", "Salt", "post_tag")
        report = self.bring(*self.tree, wxr.item(1, inside=inside))
        for old, new in (
            ("/category/north/", "/north/"), ("/category/europe/north/", "/north/"), ("/category/north", "/north/"),
            ("/category/north/page/3/", "/north/"), ("/category/north/feed/", "/north/feed/"),
            ("/tag/salt/", "/topics/salt/"), ("/author/ines/", "/people/ines-calder/"),
            ("/2019/04/01/", "/archive/2019/04/01/"), ("/2019/04/", "/archive/?month=2019-04"),
            ("/2019/", "/archive/?month=2019-04"), ("/2018/", 404), ("/2019/05/", 404), ("/tag/nothing/", 404),
            ("/2019/13/", 404), ("/2019/02/31/", 404), ("/9999/12/31/", 404),
        ):  # fmt: skip
            self.assertEqual(self.leads_to(old), new, old)
        self.assertIn("Addresses that lead to their new fronts", "\n".join(report.lines()))

    def test_an_old_front_never_names_what_readers_do_not_see(self):
        inside = wxr.term("north", "North") + wxr.term("salt", "Salt", "post_tag")
        self.bring(*self.tree, wxr.item(1, status="draft", inside=inside))
        Section.objects.filter(slug="north").update(visible=False)
        for old in ("/category/north/", "/tag/salt/", "/author/ines/"):
            self.assertEqual(self.leads_to(old), 404, old)

    def test_a_page_and_its_address_come_with_the_tick(self):
        self.bring(wxr.item(1, kind="page", name="about", link="https://old.example/about/"))
        self.assertEqual(self.leads_to("/about/"), 404)
        PolicyPage.objects.update(public=True)
        self.assertEqual(self.leads_to("/about/"), "/policies/about/")

    def test_an_upload_leads_to_its_picture_while_readers_see_it(self):
        self.written(jpeg().read(), "uploads/2019/04/quay.jpg")
        self.bring(wxr.attachment(9, f"{BASE}/quay.jpg"), media=self.folder / "uploads")
        self.assertEqual(self.leads_to("/wp-content/uploads/2019/04/quay.jpg"), 404)
        self.bring(
            wxr.item(1, content=f'<img src="{BASE}/quay.jpg">'), wxr.attachment(9, f"{BASE}/quay.jpg"),
            media=self.folder / "uploads",
        )  # fmt: skip
        image = Image.objects.get()
        for name in ("quay.jpg", "quay-300x200.jpg"):
            self.assertTrue(self.leads_to(f"/wp-content/uploads/2019/04/{name}").startswith(f"/media/{image.token}"))

    def test_a_kind_of_its_own_is_named_or_said_to_be_stories(self):
        report = self.bring(wxr.item(15, kind="review"))
        self.assertIn("review", self.notes(report, 15))
        self.assertIn("/2019/04/story-15/", self.notes(report, 15))
        self.bring(wxr.item(15, kind="review"), types=["review"])
        self.assertEqual(self.leads_to("/2019/04/story-15/"), "/news/2019/04/01/story-15/")


class PictureTests(ImportTestCase):
    def test_the_files_of_pictures_come_with_a_later_run(self):
        parts = (
            wxr.item(1, meta={"_thumbnail_id": "9"}, content=(
                f'<p>a</p><img src="{BASE}/crane.jpg" alt="A crane"><p>b</p>'
                f'<figure><img src="{BASE}/gone.jpg"><figcaption>At dawn</figcaption></figure>')),
            wxr.attachment(9, f"{BASE}/quay.jpg"), wxr.attachment(10, f"{BASE}/gone.jpg"),
        )  # fmt: skip
        report = self.bring(*parts)
        self.assertEqual(report.missing(), ["crane.jpg", "gone.jpg", "quay.jpg"])
        self.assertNotIn("At dawn", self.page(1))
        self.assertNotIn("<figure", self.page(1))
        for name in ("quay", "crane"):
            self.written(jpeg(name=f"{name}.jpg", colour=(len(name), 9, 9)).read(), f"uploads/2019/04/{name}.jpg")
        report = self.bring(*parts, media=self.folder / "uploads")
        self.assertEqual(report.entries[1].outcome, Outcome.ARRIVED)
        edition = self.article(1).editions.in_force().get()
        quay, crane = (Image.objects.get(imported_from=f"{BASE}/{name}.jpg") for name in ("quay", "crane"))
        self.assertEqual(edition.kind, Kind.REFRESH)
        self.assertEqual(edition.text.data["lead_image"]["id"], quay.pk)
        self.assertIn(crane.token, self.page(1))
        self.assertNotIn("At dawn", self.page(1))
        before = dump()
        self.bring(*parts, media=self.folder / "uploads")
        self.assertEqual(self.changed(before), [])

    def test_a_picture_that_came_late_is_drawn_into_an_edited_story(self):
        parts = wxr.item(1, content=f'<img src="{BASE}/quay.jpg">'), wxr.attachment(9, f"{BASE}/quay.jpg")
        self.bring(*parts)
        article = self.article(1)
        Article.objects.filter(pk=article.pk).update(headline="Ours now")
        self.written(jpeg().read(), "uploads/2019/04/quay.jpg")
        self.bring(*parts, media=self.folder / "uploads")
        self.assertIn(Image.objects.get().token, self.page(1))
        self.assertEqual(self.article(1).headline, "Ours now")

    def test_a_featured_picture_that_opens_the_text_stands_once(self):
        self.written(jpeg().read(), "uploads/2019/04/quay.jpg")
        content = (
            f'<figure class="wp-block-image"><img src="{BASE}/quay-300x200.jpg"/>'
            "<figcaption>Quay at dawn</figcaption></figure><p>Text.</p>"
        )
        for folder in (self.folder / "uploads", None):
            with self.subTest(media=bool(folder)):
                Article.objects.filter(editions=None).delete()
                number = 1 if folder else 2
                self.bring(
                    wxr.item(number, content=content, meta={"_thumbnail_id": "9"}),
                    wxr.attachment(9, f"{BASE}/quay.jpg"), media=folder,
                )  # fmt: skip
                article = self.article(number)
                self.assertEqual((article.body, article.lead_caption), ("<p>Text.</p>", "Quay at dawn"))

    def test_captions_in_every_form_stay_with_their_picture(self):
        self.written(jpeg().read(), "uploads/2019/04/quay.jpg")
        image = f'<img class="wp-image-9" src="{BASE}/quay.jpg" alt="Quay" />'
        said = "At dawn"
        forms = (
            f'[caption id="attachment_9" align="alignleft"]<a href="{BASE}/quay.jpg">{image}</a> {said}[/caption]',
            f'<div class="wp-caption aligncenter">{image}<p class="wp-caption-text">{said}</p></div>',
            f'<dl class="wp-caption"><dt class="wp-caption-dt">{image}</dt><dd class="wp-caption-dd">{said}</dd></dl>',
            f'<figure class="wp-caption">{image}<figcaption class="wp-caption-text">{said}</figcaption></figure>',
            f"<!-- wp:image --><figure class='wp-block-image'>{image}<figcaption>{said}</figcaption></figure>",
            '<!-- wp:media-text --><div class="wp-block-media-text"><figure class="wp-block-media-text__media">'
            f"{image}<figcaption>{said}</figcaption></figure></div>",
        )
        for number, form in enumerate(forms, 1):
            self.bring(
                wxr.item(number, content=f"<p>Before</p>{form}"), wxr.attachment(9, f"{BASE}/quay.jpg"),
                media=self.folder / "uploads",
            )  # fmt: skip
            self.assertRegex(
                self.printed(number), r"^<p>Before</p><figure [^>]*><figcaption>At dawn</figcaption></figure>$", form
            )
