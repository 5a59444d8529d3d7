"""What an export says beside its texts: guids, dates, plugins' words, authors and readers' comments."""

from articles.exchange.report import Outcome
from articles.models import Article, Comment, Contributor, State

from . import wxr
from .import_case import ImportTestCase, dump


class SameGuidTests(ImportTestCase):
    def test_two_items_of_one_guid_and_number_both_arrive(self):
        parts = (
            wxr.item(30, title="First of two", content="<p>Some words</p>"),
            wxr.item(30, title="Second of two", content="<p>Other words</p>"),
        )
        report = self.bring(*parts)
        self.assertEqual([entry.outcome for entry in report.entries], [Outcome.LIVE, Outcome.LIVE])
        self.assertIn("repeats a guid", "\n".join(report.lines()))
        self.assertEqual(set(Article.objects.values_list("headline", flat=True)), {"First of two", "Second of two"})
        before = dump()
        again = self.bring(*parts)
        self.assertEqual(self.changed(before), [])
        self.assertEqual({entry.outcome for entry in again.entries}, {Outcome.HERE})

    def test_an_item_that_stands_twice_word_for_word_arrives_once(self):
        report = self.bring(wxr.item(1), wxr.item(1))
        self.assertEqual([entry.outcome for entry in report.entries], [Outcome.LIVE, Outcome.SKIPPED])
        self.assertIn("word for word", self.notes(report, 1) + "\n".join(report.lines()))

    def test_another_file_with_a_guid_that_is_taken_is_told_apart(self):
        self.bring(wxr.item(1, title="One", guid="https://old.example/?p=1"))
        report = self.bring(wxr.item(2, title="Two", guid="https://old.example/?p=1"))
        self.assertEqual(report.entries[0].outcome, Outcome.LIVE)
        self.assertEqual(Article.objects.count(), 2)

    def test_a_site_that_numbered_its_posts_anew_brings_none_twice(self):
        self.bring(wxr.item(1, title="One"))
        report = self.bring(wxr.item(501, title="One", guid="https://old.example/?p=1"))
        self.assertEqual((report.entries[0].outcome, Article.objects.count()), (Outcome.HERE, 1))


class DateTests(ImportTestCase):
    def test_a_post_never_dated_by_gmt_has_the_blogs_own_day(self):
        inside = "<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate><wp:post_date>2024-05-16 10:00:00</wp:post_date>"
        self.bring(wxr.item(1, date="0000-00-00 00:00:00", inside=inside))
        self.assertEqual(self.article(1).editions.get().path, "/news/2024/05/16/story-1/")

    def test_the_blogs_zone_is_read_from_its_other_items(self):
        self.bring(
            wxr.item(1, date="2024-05-15 20:00:00", inside="<wp:post_date>2024-05-16 06:00:00</wp:post_date>"),
            wxr.item(2, date="2024-01-15 20:00:00", inside="<wp:post_date>2024-01-16 07:00:00</wp:post_date>"),
            wxr.item(3, date="0000-00-00 00:00:00", inside="<wp:post_date>2024-05-16 08:30:00</wp:post_date>"),
            wxr.item(4, date="0000-00-00 00:00:00", inside="<wp:post_date>2024-01-16 08:30:00</wp:post_date>"),
        )
        begins = [self.article(number).editions.get().live_from for number in (3, 4)]
        self.assertEqual([f"{at:%m-%d %H:%M}" for at in begins], ["05-15 22:30", "01-15 21:30"])

    def test_a_draft_has_no_date_whatever_the_file_says(self):
        report = self.bring(wxr.item(1, status="draft", date="0000-00-00 00:00:00",
                                     inside="<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate>"))  # fmt: skip
        self.assertEqual(self.article(1).state, State.DRAFT)
        self.assertNotIn("no date", self.notes(report, 1))


class PluginTests(ImportTestCase):
    def test_what_yoast_keeps_arrives_or_is_named(self):
        report = self.bring(wxr.item(1, title="The quay", meta={
            "_yoast_wpseo_title": "SEO title of the quay %%sep%% %%sitename%%", "_yoast_wpseo_metadesc": "Meta words",
            "_yoast_wpseo_opengraph-title": "Social quay", "_yoast_wpseo_opengraph-description": "Social words",
            "_yoast_wpseo_primary_category": "77", "subtitle": "A deck by ACF", "_yoast_wpseo_canonical": "https://x.example/",
        }, excerpt="The excerpt"))  # fmt: skip
        article = self.article(1)
        self.assertEqual(
            (article.seo_title, article.social_title, article.standfirst),
            ("SEO title of the quay", "Social quay", "A deck by ACF"),
        )
        for said in ("Meta words", "The excerpt", "Social words", "number 77", "https://x.example/"):
            self.assertIn(said, self.notes(report, 1))

    def test_other_seo_plugins_are_read(self):
        for number, meta in enumerate((
            {"rank_math_title": "Found title %sep% %sitename%", "rank_math_description": "Found words"},
            {"_aioseo_title": "Found title #separator_sa #site_title", "_aioseo_description": "Found words"},
            {"_seopress_titles_title": "Found title %%sep%% %%sitetitle%%", "_seopress_titles_desc": "Found words"},
        ), 1):  # fmt: skip
            self.bring(wxr.item(number, meta=meta))
            article = self.article(number)
            self.assertEqual((article.seo_title, article.standfirst), ("Found title", "Found words"), meta)

    def test_a_title_that_is_only_a_pattern_is_not_taken(self):
        for number, title in enumerate(
            ("%%title%% %%page%% %%sep%% %%sitename%%", "A story | The Old Courier", "%title%"), 1
        ):
            self.bring(wxr.item(number, meta={"_yoast_wpseo_title": title}))
            self.assertEqual(self.article(number).seo_title, "", title)

    def test_a_title_that_is_too_long_is_named_and_not_cut(self):
        report = self.bring(wxr.item(1, meta={"_yoast_wpseo_title": "long " * 30}))
        self.assertEqual(self.article(1).seo_title, "")
        self.assertIn("longer than 70", self.notes(report, 1))

    def test_the_primary_category_is_the_section(self):
        tree = "".join(
            wxr.category(slug, slug.title()).replace("<wp:category>", f"<wp:category><wp:term_id>{number}</wp:term_id>")
            for slug, number in (("arts", 7), ("media", 8), ("books", 9))
        )
        inside = "".join(map(wxr.term, ("arts", "media", "books")))
        for number, key in enumerate(("_yoast_wpseo_primary_category", "rank_math_primary_category"), 1):
            self.bring(tree, wxr.item(number, inside=inside, meta={key: "9"}))
            self.assertEqual(self.article(number).section.slug, "books")
            self.assertEqual(self.article(number).sections.count(), 2)

    def test_guest_authors_of_a_plugin_are_bylines_with_names(self):
        meta = {"cap-display_name": "Theo Marsh", "cap-user_login": "theo", "cap-description": "Writes on ports."}
        guest = wxr.item(5, kind="guest-author", title="Theo Marsh", name="cap-theo", creator="", meta=meta)
        self.bring(
            wxr.item(1, inside=wxr.term("cap-theo", "theo", "author") + wxr.term("cap-ines", "ines", "author")), guest
        )
        self.assertEqual([str(line) for line in self.article(1).bylines.all()], ["Theo Marsh", "Ines Calder"])
        self.assertEqual(Contributor.objects.get(name="Theo Marsh").bio, "Writes on ports.")


class DiscussionTests(ImportTestCase):
    def test_an_imported_discussion_is_closed_and_still_read(self):
        self.bring(wxr.item(1, inside=wxr.comment(1, body="Well said indeed.")), wxr.item(2))
        page = self.page(1)
        self.assertIn("Well said indeed.", page)
        self.assertIn("discussion is closed", page)
        for address in (self.article(1).editions.get().path, f"/discuss/{self.article(1).uid}/"):
            self.assertNotIn('id="comment-form"', self.client.get(address).content.decode())
        self.assertNotIn('id="comment-form"', self.page(2))
        self.assertEqual((self.article(1).discussion, self.article(2).discussion), ("closed", "off"))

    def test_nobody_writes_in_a_closed_discussion(self):
        self.bring(wxr.item(1, inside=wxr.comment(1)))
        address = f"/discuss/{self.article(1).uid}/"
        answer = self.client.post(address, {"name": "Late", "body": "Too late", "token": "x"})
        self.assertEqual((answer.status_code, Comment.objects.count()), (403, 1))

    def test_an_answer_hangs_on_its_comment(self):
        inside = (
            wxr.comment(1, body="First", name="Ro") + wxr.comment(2, body="Second", name="Al")
            + wxr.comment(3, body="Reply", name="Bo").replace("<wp:comment_parent>0", "<wp:comment_parent>1")
        )  # fmt: skip
        self.bring(wxr.item(1, inside=inside))
        reply = Comment.objects.get(body="Reply")
        self.assertEqual(reply.answers.body, "First")
        page = self.page(1)
        self.assertLess(page.index("First"), page.index("Reply"))
        self.assertLess(page.index("Reply"), page.index("Second"))
        self.assertIn(f'href="#c-{reply.answers_id}"', page)
        self.assertIn("In answer to", self.client.get(f"/discuss/{self.article(1).uid}/").content.decode())

    def test_answers_to_hidden_or_missing_comments_name_nobody(self):
        inside = wxr.comment(1, name="Hidden Person", approved="spam") + "".join(
            wxr.comment(n, body=f"Reply {n}").replace("<wp:comment_parent>0", f"<wp:comment_parent>{parent}")
            for n, parent in ((2, 1), (3, 99), (4, 4), (5, 6), (6, 5))
        )
        report = self.bring(wxr.item(1, inside=inside))
        thread = self.client.get(f"/discuss/{self.article(1).uid}/").content.decode()
        for number in range(2, 7):
            self.assertIn(f"Reply {number}", self.page(1))
        self.assertNotIn("Hidden Person", self.page(1) + thread)
        self.assertIn("answer one that is not in the export", self.notes(report, 1))
