"""Bringing a WordPress export in: what becomes of each item, and that a second run changes nothing."""

import datetime as dt
from unittest import mock

from articles.actions import gate, take
from articles.exchange import filing
from articles.exchange.report import Outcome
from articles.exchange.wxr import Unreadable
from articles.models import Article, Comment, Contributor, Edition, Image, Path, Section, State
from articles.workflow import Situation
from newsroom.errors import Refused
from newsroom.models import PolicyPage, Topic
from tests.pictures import jpeg, moving_picture

from . import wxr
from .import_case import ImportTestCase, dump


class StoryTests(ImportTestCase):
    def test_a_published_item_becomes_a_live_story_of_its_date(self):
        report = self.bring(
            wxr.item(1, title="Six ports agree", content="One\n\nTwo", excerpt="The gist.", name="six-ports",
                     link="https://old.example/2019/04/six-ports/", inside=wxr.term("shipping", "Shipping", "post_tag"))
        )  # fmt: skip
        article = self.article(1)
        edition = article.editions.get()
        self.assertEqual(
            (edition.kind, edition.imported, edition.by, article.state), ("first", True, None, State.PUBLISHED)
        )
        self.assertEqual(edition.live_from, dt.datetime(2019, 4, 1, 9, 30, tzinfo=dt.UTC))
        self.assertEqual(edition.first_published_at, edition.live_from)
        self.assertEqual(edition.path, "/news/2019/04/01/six-ports/")
        self.assertEqual(edition.text.body, "<p>One</p><p>Two</p>")
        self.assertEqual(
            (edition.text.standfirst, edition.text.data["bylines"][0]["name"]), ("The gist.", "Ines Calder")
        )
        self.assertEqual(list(article.topics.all()), [self.topic])
        self.assertTrue(Path.objects.get(path="/2019/04/six-ports/", article=article).legacy)
        self.assertTrue(Edition.objects.live().filter(pk=edition.pk).exists())
        self.assertEqual(report.entries[0].outcome, Outcome.LIVE)

    def test_an_old_address_redirects_in_one_hop(self):
        self.bring(wxr.item(1), wxr.item(2, link="https://old.example/?p=2"))
        for old, number in (("/2019/04/story-1/", 1), ("/2019/04/story-1", 1), ("/?p=2", 2)):
            answer = self.client.get(old)
            self.assertEqual((answer.status_code, answer["Location"]), (301, f"/news/2019/04/01/story-{number}/"), old)
        self.assertContains(self.client.get("/news/2019/04/01/story-1/"), "Its words.")

    def test_an_item_that_was_not_public_becomes_a_draft(self):
        states = ("draft", "pending", "private", "publish", "odd")
        report = self.bring(
            *(
                wxr.item(n, title=f"Hiddenword {n}", status=state, password="sesame" if state == "publish" else "")
                for n, state in enumerate(states, 1)
            )
        )
        for number, state in enumerate(states, 1):
            article = self.article(number)
            self.assertEqual((article.state, article.editions.count()), (State.DRAFT, 0), state)
            for address in (f"/2019/04/story-{number}/", f"/news/2019/04/01/story-{number}/", f"/?p={number}"):
                answer = self.client.get(address, follow=True)
                self.assertNotContains(answer, "Hiddenword", status_code=answer.status_code)
        self.assertIn("password, which is dropped", self.notes(report, 4))
        self.assertFalse([table for table, rows in dump().items() if "sesame" in "".join(rows)])

    def test_a_scheduled_item_is_scheduled_or_a_draft_if_late(self):
        self.bring(wxr.item(1, status="future", date="2090-01-01 08:00:00"), wxr.item(2, status="future"))
        ahead, past = self.article(1), self.article(2)
        self.assertEqual(ahead.editions.situation(), Situation.WAITING)
        self.assertEqual(ahead.editions.get().live_from.year, 2090)
        self.assertEqual((past.state, past.editions.count()), (State.DRAFT, 0))
        self.assertEqual(self.client.get("/2019/04/story-1/").status_code, 404)

    def test_the_desk_can_work_on_an_imported_story(self):
        self.bring(wxr.item(1))
        article = self.article(1)
        take.take(article, "revise", by=self.max, seen=take.seen_token(article))
        article.refresh_from_db()
        self.assertEqual(article.state, State.DRAFT)

    def test_an_item_without_title_date_or_author_is_imported(self):
        report = self.bring(wxr.item(1, title="", date="0000-00-00 00:00:00", creator="", name="", content=""))
        article = self.article(1)
        self.assertEqual((article.headline, article.slug), ("Untitled", "untitled"))
        for said in ("Untitled", "no date", "names no author"):
            self.assertIn(said, self.notes(report, 1))

    def test_a_title_too_long_is_printed_whole_above_the_text(self):
        title = " ".join(f"word{n}" for n in range(60))
        report = self.bring(wxr.item(1, title=title, excerpt="gist " * 200))
        article = self.article(1)
        self.assertLessEqual(len(article.headline), 160)
        self.assertTrue(article.body.startswith(f"<p><strong>{title}</strong></p><p>gist gist"))
        self.assertLessEqual(len(article.standfirst), 600)
        self.assertEqual(article.body.count("gist"), 200)
        self.assertIn("longer than 160", self.notes(report, 1))

    def test_two_stories_of_one_slug_and_day_have_two_addresses(self):
        report = self.bring(wxr.item(1, name="same"), wxr.item(2, name="same"), wxr.item(3, name="%d0%bf%d0%be"))
        self.assertEqual([self.article(n).slug for n in (1, 2, 3)], ["same", "same-2", "a-story"])
        self.assertIn("became “same-2”", self.notes(report, 2))

    def test_an_old_address_that_the_site_uses_is_reported(self):
        report = self.bring(
            wxr.item(1, link="https://old.example/search/"),
            wxr.item(2, link="https://old.example/world/"),
            wxr.item(3, link="https://old.example/2019/04/story-4/"),
            wxr.item(4),
        )
        self.assertIn("belongs to a page of the site", self.notes(report, 1))
        self.assertIn("front of a section", self.notes(report, 2))
        self.assertIn("another story's", self.notes(report, 4))

    def test_two_items_of_one_guid_are_two_stories(self):
        parts = wxr.item(1, guid="https://old.example/?p=1"), wxr.item(2, guid="https://old.example/?p=1")
        self.bring(*parts)
        self.assertEqual(Article.objects.exclude(imported_from="").count(), 2)
        before = dump()
        self.bring(*reversed(parts[1:]))
        self.assertEqual(self.changed(before), [])

    def test_one_bad_item_is_reported_and_the_others_imported(self):
        real = gate.open_imported

        def open_imported(article, revision, **options):
            if article.headline == "Bad":
                raise Refused("The gate will not have it.")
            return real(article, revision, **options)

        with mock.patch.object(gate, "open_imported", open_imported):
            report = self.bring(
                wxr.item(1, title="Bad", inside=wxr.term("new-place", "New Place")),
                wxr.item(2, inside=wxr.term("new-place", "New Place")),
            )
        self.assertEqual([entry.outcome for entry in report.entries], [Outcome.FAILED, Outcome.LIVE])
        self.assertIn("The gate will not have it.", self.notes(report, 1))
        self.assertEqual(self.article(2).section.slug, "new-place")
        self.assertFalse(Article.objects.filter(headline="Bad").exists())

    def test_attack_strings_in_every_field_are_escaped(self):
        evil = "<script>alert(1)</script><img src=x onerror=alert(1)>Boo"
        self.bring(wxr.item(1, title=evil, content=evil, excerpt=evil, inside=wxr.comment(1, body=evil, name=evil)))
        text = self.article(1).editions.get().text
        for said in (text.headline, text.standfirst, text.body, Comment.objects.get().body, Comment.objects.get().name):
            self.assertNotRegex(said, r"<script|onerror|alert")
            self.assertIn("Boo", said)


class FilingTests(ImportTestCase):
    tree = (
        wxr.category("europe", "Europe"), wxr.category("north", "North", "europe"),
        wxr.category("fjords", "Fjords", "north"), wxr.category("media", "Media"), wxr.category("world", "Welt"),
    )  # fmt: skip

    def filed(self, *slugs, **options):
        report = self.bring(*self.tree, wxr.item(1, inside="".join(map(wxr.term, slugs))), **options)
        article = self.article(1)
        sections = list(article.sections.order_by("slug").values_list("slug", flat=True))
        topics = list(article.topics.order_by("slug").values_list("slug", flat=True))
        return article.section.slug, sections, topics, report

    def mapped(self, text):
        return filing.read_map(self.written(text, "map.csv"))

    def test_without_a_map_two_levels_are_sections_others_topics(self):
        self.assertEqual(self.filed("europe", "north", "fjords")[:3], ("north", ["europe"], ["fjords"]))
        self.assertEqual(Section.objects.get(slug="north").parent.slug, "europe")

    def test_an_existing_section_is_used_and_a_reserved_slug_is_not(self):
        self.assertEqual(self.filed("world", "media")[:2], ("world", ["media-section"]))
        self.assertEqual(Section.objects.get(slug="world").name, "World")

    def test_a_map_decides_the_section_and_the_rest_are_topics(self):
        rows = self.mapped("category,section,slug\n# the old foreign desk\nnorth, Abroad, abroad\neurope, World\n")
        self.assertEqual(self.filed("europe", "north", "media", rows=rows)[:3], ("abroad", ["world"], ["media"]))

    def test_an_item_without_category_is_in_the_named_section(self):
        self.assertEqual(self.filed("fjords")[0], "news")

    def test_uncategorised_is_no_category_and_makes_the_section(self):
        self.assertEqual(self.filed("uncategorized", section="City Desk")[:2], ("city-desk", []))

    def test_an_item_with_unmapped_categories_is_in_the_section(self):
        self.assertEqual(self.filed("media", rows=self.mapped("north,World"))[:3], ("news", [], ["media"]))

    def test_a_bad_map_says_which_line(self):
        for text, said in (
            ("north", "line 1.*comma"), ("a,World\na,World", "line 2.*line 1"), ("a,X,search", "taken by a page"),
            ("a,X,Not a slug", "no slug"), (b"\xff\xfe,x", "not a CSV file"),
        ):  # fmt: skip
            with self.assertRaisesRegex(Unreadable, said):
                self.mapped(text)

    def test_a_merged_topic_is_replaced_by_the_one_that_stays(self):
        Topic.objects.create(name="Ships", slug="ships", merged_into=self.topic)
        self.bring(wxr.item(1, inside=wxr.term("ships", "Ships", "post_tag")))
        self.assertEqual(list(self.article(1).topics.all()), [self.topic])

    def test_each_author_is_one_contributor_without_their_email(self):
        Contributor.objects.create(name="Ines Calder", slug="ines")
        both = wxr.term("cap-ines", "Ines Calder", "author") + wxr.term("cap-theo", "Theo Marsh", "author")
        self.bring(wxr.item(1, inside=both))
        self.assertEqual(
            [line.contributor.name for line in self.article(1).bylines.all()], ["Ines Calder", "Theo Marsh"]
        )
        self.assertEqual(Contributor.objects.filter(name="Ines Calder").count(), 1)
        self.assertFalse([table for table, rows in dump().items() if "ines@old.example" in "".join(rows)])


class AroundTests(ImportTestCase):
    def test_comments_keep_their_state_and_pings_are_skipped(self):
        inside = "".join(
            wxr.comment(n, approved=state, kind=kind)
            for n, (state, kind) in enumerate(
                [("1", ""), ("0", "comment"), ("spam", ""), ("trash", ""), ("1", "pingback"), ("1", "trackback")], 1
            )
        )
        report = self.bring(wxr.item(1, inside=inside))
        self.assertEqual(
            list(Comment.objects.order_by("created_at").values_list("state", flat=True)),
            ["published", "pending", "spam", "rejected"],
        )
        self.assertIn("1 pingback skipped", self.notes(report, 1))

    def test_pages_become_policy_pages_that_are_not_public(self):
        self.bring(wxr.item(1, kind="page", title="About us", name="about", content="<p>Who we are</p>"))
        page = PolicyPage.objects.get()
        self.assertEqual(
            (page.title, page.slug, page.body, page.public), ("About us", "about", "<p>Who we are</p>", False)
        )
        self.assertEqual(self.client.get("/policies/about/").status_code, 404)

    def test_menus_stickiness_and_other_kinds_are_reported(self):
        report = self.bring(
            wxr.item(1, kind="nav_menu_item"), wxr.item(2, sticky="1"), wxr.item(3, kind="product"),
            wxr.item(4, status="trash"),
        )  # fmt: skip
        self.assertIn("menu", self.notes(report, 1))
        self.assertIn("stickiness", self.notes(report, 2))
        self.assertIn("product", self.notes(report, 3))
        self.assertEqual(report.entries[3].outcome, Outcome.SKIPPED)
        self.assertEqual(len(report.entries), 4)

    def test_pictures_come_from_the_folder_with_their_words(self):
        self.written(jpeg().read(), "uploads/2019/04/quay.jpg")
        self.written(jpeg(name="crane.jpg", colour=(9, 9, 9)).read(), "uploads/2019/04/crane.jpg")
        base = "https://old.example/wp-content/uploads/2019/04"
        report = self.bring(
            wxr.item(1, meta={"_thumbnail_id": "9"}, content=(
                f'<img src="{base}/quay-300x200.jpg" alt="x">\n\n[caption]<img src="{base}/crane.jpg" alt="A crane"> Up'
                f'[/caption]\n\n<img src="{base}/gone.jpg" alt="Nothing here">'
            )),
            wxr.attachment(9, f"{base}/quay.jpg", title="Quay", excerpt="At dawn",
                           meta={"_wp_attachment_image_alt": "A quay"}),
            wxr.attachment(10, f"{base}/gone.jpg"), wxr.attachment(11, f"{base}/talk.mp3"),
            media=self.folder / "uploads",
        )  # fmt: skip
        quay = Image.objects.get(imported_from=f"{base}/quay.jpg")
        self.assertEqual((quay.title, quay.alt, quay.caption, quay.width), ("Quay", "A quay", "At dawn", 1400))
        crane = Image.objects.get(imported_from=f"{base}/crane.jpg")
        text = self.article(1).editions.get().text
        gone = Image.objects.get(imported_from=f"{base}/gone.jpg")
        self.assertEqual(
            text.body,
            f'<figure data-image="{crane.pk}"><figcaption>Up</figcaption></figure>'
            f'<figure data-image="{gone.pk}"></figure>',
        )
        self.assertEqual((gone.alt, set(text.data["images"])), ("Nothing here", {str(crane.pk)}))
        self.assertEqual((text.data["lead_image"]["id"], crane.alt), (quay.pk, "A crane"))
        self.assertEqual(report.missing(), ["gone.jpg"])
        self.assertEqual(
            [entry.outcome for entry in report.entries],
            [Outcome.LIVE, Outcome.PICTURE, Outcome.RECORDED, Outcome.SKIPPED],
        )

    def test_no_file_outside_of_the_folder_is_ever_read(self):
        self.written(jpeg().read(), "secret.jpg")
        (self.folder / "uploads").mkdir()
        (self.folder / "uploads" / "link.jpg").symlink_to(self.folder / "secret.jpg")
        for number, path in enumerate(
            ("../secret.jpg", "%2e%2e/secret.jpg", "link.jpg", "..%2fsecret.jpg", "a%00.jpg"), 1
        ):
            self.bring(wxr.attachment(number, f"https://old.example/{path}"), media=self.folder / "uploads")
        self.assertEqual(set(Image.objects.values_list("original", flat=True)), {""})

    def test_a_picture_without_its_file_breaks_no_page_of_the_desk(self):
        self.bring(wxr.attachment(1, "https://old.example/a.jpg"))
        image = Image.objects.get()
        self.client.force_login(self.max)
        for address in ("/admin/articles/image/", f"/admin/articles/image/{image.pk}/change/"):
            self.assertEqual(self.client.get(address).status_code, 200)
        for address in (image.url(320), f"/admin{image.url(320)}"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_file_that_is_no_picture_is_reported(self):
        self.written(b"not a picture", "uploads/a.jpg")
        report = self.bring(wxr.attachment(1, "https://old.example/a.jpg"), media=self.folder / "uploads")
        self.assertIn("not a picture", self.notes(report, 1))
        self.assertEqual(report.entries[0].outcome, Outcome.RECORDED)

    def test_of_a_picture_that_moves_the_report_says_what_readers_get(self):
        self.written(moving_picture().read(), "uploads/a.gif")
        report = self.bring(wxr.attachment(1, "https://old.example/a.gif"), media=self.folder / "uploads")
        self.assertIn("first frame alone", self.notes(report, 1))
        self.assertEqual(report.entries[0].outcome, Outcome.PICTURE)
