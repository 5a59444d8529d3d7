"""Odd exports, as programs and people write them: each is read, and nothing of it goes wrong without a word."""

from articles.exchange import importing
from articles.exchange.report import Outcome
from articles.models import Article, Byline, Comment, Edition, State
from newsroom.models import Topic

from . import wxr
from .import_case import ImportTestCase

OLDEST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- generator="WordPress/2.6" created="2008-11-02 10:00"-->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.0/">
<channel><title>Old &amp; grey</title><link>http://old.example</link><pubDate>Sun, 02 Nov 2008 10:00:00 +0000</pubDate>
<generator>http://wordpress.org/?v=2.6</generator><language>en</language><wp:wxr_version>1.0</wp:wxr_version>
<wp:base_site_url>http://old.example</wp:base_site_url><wp:base_blog_url>http://old.example</wp:base_blog_url>
<wp:category><wp:category_nicename>news</wp:category_nicename><wp:category_parent></wp:category_parent>
<wp:cat_name><![CDATA[News]]></wp:cat_name></wp:category>
<wp:tag><wp:tag_slug>port</wp:tag_slug><wp:tag_name><![CDATA[Port]]></wp:tag_name></wp:tag>
<item><title>Ports &#8211; agree</title><link>http://old.example/2007/03/ports/</link>
<pubDate>Thu, 01 Mar 2007 09:00:00 +0000</pubDate><dc:creator><![CDATA[ada]]></dc:creator>
<category><![CDATA[News]]></category><category domain="category" nicename="news"><![CDATA[News]]></category>
<category domain="tag"><![CDATA[Port]]></category><category domain="tag" nicename="port"><![CDATA[Port]]></category>
<guid isPermaLink="false">http://old.example/?p=3</guid><description></description>
<content:encoded><![CDATA[One

[caption id="attachment_9" align="alignright" width="300" caption="At <em>dawn</em>"]<img src="http://old.example/wp-content/uploads/a.jpg" alt="" />[/caption]

Two]]></content:encoded>
<wp:post_id>3</wp:post_id><wp:post_date>2007-03-01 10:00:00</wp:post_date>
<wp:post_date_gmt>2007-03-01 09:00:00</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>
<wp:ping_status>open</wp:ping_status><wp:post_name>ports</wp:post_name><wp:status>publish</wp:status>
<wp:post_parent>0</wp:post_parent><wp:menu_order>0</wp:menu_order><wp:post_type>post</wp:post_type>
</item></channel></rss>
"""  # noqa: E501


class OddTests(ImportTestCase):
    def test_an_export_of_wordpress_2_is_read(self):
        report = importing.import_export(self.written(OLDEST), commit=True)
        article = Article.objects.get()
        self.assertEqual(report.failed, 0)
        self.assertEqual((article.headline, article.section.name), ("Ports – agree", "News"))
        self.assertIn("<figcaption>At <em>dawn</em></figcaption>", article.body)
        self.assertEqual(list(article.topics.values_list("name", flat=True)), ["Port"])
        self.assertEqual(self.leads_to("/2007/03/ports/"), "/news/2007/03/01/ports/")

    def test_curly_quotation_marks_in_shortcodes_are_read(self):
        self.bring(wxr.item(1, content=(
            "a [caption id=”attachment_5” align=”alignleft”]<img src='https://old.example/a.jpg'/> At dawn[/caption]"
            " b [ad_slot id=&#8221;3&#8243;] c [youtube id=“SQEQr7c0-dw”]")))  # fmt: skip
        body = self.printed(1)
        self.assertIn("<figcaption>At dawn</figcaption>", body)
        self.assertIn("data-embed", body)
        self.assertNotIn("[", body)

    def test_a_text_that_a_builder_keeps_elsewhere_is_a_draft(self):
        report = self.bring(
            wxr.item(1, content="", meta={"_elementor_data": "[{}]"}),
            wxr.item(2, content="<p>Words</p>", meta={"_elementor_data": "[{}]"}), wxr.item(3, content=""),
        )  # fmt: skip
        self.assertEqual([entry.outcome for entry in report.entries], [Outcome.DRAFT, Outcome.LIVE, Outcome.LIVE])
        self.assertIn("Elementor", self.notes(report, 1))

    def test_lazy_pictures_and_players_are_found(self):
        self.bring(wxr.item(1, content=(
            '<img src="data:image/gif;base64,R0lGODlhAQ" data-src="https://old.example/wp-content/uploads/a.jpg">'
            '<noscript><img src="https://old.example/wp-content/uploads/a.jpg"></noscript>'
            '<iframe data-src="https://www.youtube.com/embed/SQEQr7c0-dw"></iframe>'
            '<iframe src="about:blank" data-lazy-src="//player.vimeo.com/video/76979871"></iframe>')))  # fmt: skip
        body = self.printed(1)
        self.assertEqual((body.count("data-image"), body.count("data-embed")), (1, 2))

    def test_items_without_number_guid_or_kind_break_nothing(self):
        bare = "<item><title>Bare</title></item>"
        report = self.bring(
            wxr.item("", guid="", link="", name=""), bare, wxr.item(5, kind="post", status=""),
            wxr.item(6, creator="nobody@x.example"),
        )  # fmt: skip
        self.assertEqual(report.failed, 0)
        self.assertEqual(Byline.objects.filter(contributor__name__contains="@").count(), 0)

    def test_a_number_that_two_items_have_makes_two_stories(self):
        self.bring(wxr.item(7, guid="a:1", name="one"), wxr.item(7, guid="a:2", name="two"))
        self.assertEqual(set(Edition.objects.values_list("path", flat=True)),
                         {"/news/2019/04/01/one/", "/news/2019/04/01/two/"})  # fmt: skip

    def test_tags_that_differ_in_case_or_marks_are_one_topic(self):
        inside = wxr.term("port", "Port", "post_tag") + wxr.term("port-2", "PORT", "post_tag")
        self.bring(wxr.item(1, inside=inside))
        self.assertEqual(Topic.objects.filter(name__iexact="port").count(), 1)

    def test_an_export_of_many_sites_keeps_each_at_its_own_address(self):
        self.bring(wxr.item(1, link="https://old.example/fr/2019/04/story/", guid="https://old.example/fr/?p=1"),
                   wxr.item(2, link="https://old.example/2019/04/story/", guid="https://old.example/?p=1"))  # fmt: skip
        paths = [edition.path for edition in Edition.objects.order_by("pk")]
        self.assertEqual(self.leads_to("/fr/2019/04/story/"), paths[0])
        self.assertEqual(self.leads_to("/2019/04/story/"), paths[1])

    def test_a_post_dated_ahead_of_its_publication_waits(self):
        report = self.bring(wxr.item(1, date="2090-01-01 08:00:00"))
        self.assertEqual((report.entries[0].outcome, self.article(1).state), (Outcome.SCHEDULED, State.PUBLISHED))
        self.assertEqual(self.leads_to("/2019/04/story-1/"), 404)

    def test_comments_without_a_date_or_name_are_kept(self):
        bare = (
            "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author></wp:comment_author>"
            "<wp:comment_date>2019-04-02 10:00:00</wp:comment_date><wp:comment_date_gmt>0000-00-00 00:00:00"
            "</wp:comment_date_gmt><wp:comment_content>Said</wp:comment_content>"
            "<wp:comment_approved>1</wp:comment_approved></wp:comment>"
        )
        self.bring(wxr.item(1, inside=bare + bare.replace("Said", "Said again")))
        rows = Comment.objects.order_by("body")
        self.assertEqual([(row.name, row.body) for row in rows], [("Anonymous", "Said"), ("Anonymous", "Said again")])
        self.assertEqual({f"{row.created_at:%Y-%m-%d}" for row in rows}, {"2019-04-02"})


class HostileTests(ImportTestCase):
    def test_attack_strings_in_new_places_are_escaped(self):
        evil = "<script>alert(1)</script><img src=x onerror=alert(1)>Boo"
        coded = "&lt;img src=x onerror=alert(1)&gt;"
        guest = {"cap-display_name": evil, "cap-user_login": "theo", "cap-description": evil}
        self.bring(
            wxr.item(1, inside=wxr.term("cap-theo", evil, "author") + wxr.comment(1, body=evil, name=evil), meta={
                "_yoast_wpseo_title": evil, "_yoast_wpseo_opengraph-title": evil, "subtitle": evil, "_byline": evil,
            }, content=(
                f'[vc_custom_heading text="{coded}"][button link="javascript:alert(1)//x"]Go[/button]'
                f'[su_quote cite="{coded}"]So[/su_quote]'
                f'[vc_single_image image_url="javascript:alert(1)//" alt="{coded}"]'
                f'[caption align="{coded}" caption="{coded}"]<img src="https://old.example/a.jpg">[/caption]'
                '[youtube=javascript:alert(1)//x][iframe src="javascript:alert(1)//"]'
                "[code]<script>alert(2)</script>[/code]"
                '<a href="https://old.example/?p=1&quot;onclick=alert(1)">x</a><a href="//old.example/2019/04/x">y</a>'
            )),
            wxr.item(2, kind="guest-author", title=evil, meta=guest),
        )  # fmt: skip
        page = self.client.get(self.article(1).editions.get().path).content.decode()
        for bad in ("<script>alert", "<img src=x", "javascript:", "<a onclick", '"onclick', "<script>alert(2)"):
            self.assertNotIn(bad, page, bad)
        self.assertIn("Boo", page)
