"""Exports that are not well-formed are read as a browser would read them, and the report names the lines."""

import datetime as dt
import time

from . import wxr
from .test_wxr_reader import ReaderTestCase


class FaultyTests(ReaderTestCase):
    def faults(self, text):
        """(the items, what was noted) of a file."""
        export, items = self.read(text)
        return items, list(export.faults.lines())

    def line_of(self, text, piece):
        return text[: text.index(piece)].count("\n") + 1

    def test_a_bare_ampersand_is_read_and_its_line_named(self):
        text = wxr.export(wxr.item(1), wxr.item(2)).replace("2019/04/story-2/", "?a=1&b=2")
        items, faults = self.faults(text)
        self.assertEqual(
            [item.link for item in items], ["https://old.example/2019/04/story-1/", "https://old.example/?a=1&b=2"]
        )
        self.assertEqual(len(faults), 1)
        self.assertIn(f"Line {self.line_of(text, '?a=1&b=2')} ", faults[0])
        self.assertIn("&", faults[0])

    def test_ampersands_inside_cdata_are_no_fault(self):
        items, faults = self.faults(wxr.export(wxr.item(1, title="Salt & sons", content="a &amp; b & c &eacute;")))
        self.assertEqual((items[0].title, items[0].content, faults), ("Salt & sons", "a &amp; b & c &eacute;", []))

    def test_an_undeclared_prefix_is_read_and_named_once(self):
        text = wxr.export(wxr.item(1, inside="<media:thumbnail>x</media:thumbnail><media:x/>"), wxr.item(2))
        items, faults = self.faults(text)
        self.assertEqual([item.id for item in items], ["1", "2"])
        self.assertEqual(len(faults), 1)
        self.assertIn("media:", faults[0])

    def test_wordpress_own_prefix_left_undeclared_is_read(self):
        text = wxr.export(wxr.item(1)).replace('xmlns:wp="http://wordpress.org/export/1.2/"', "")
        self.assertEqual(self.faults(text)[0][0].type, "post")

    def test_another_prefix_for_wordpress_words_is_read(self):
        text = wxr.export(wxr.item(1)).replace("wp:", "word:").replace("xmlns:wp", "xmlns:word")
        self.assertEqual(self.faults(text), (self.read(wxr.export(wxr.item(1)))[1], []))

    def test_markup_outside_cdata_is_text_of_its_field(self):
        text = wxr.export(wxr.item(1), wxr.item(2)).replace(
            "<![CDATA[<p>Its words.</p>]]>", "<p>Its words<br>and <img src=x> more &amp; &lt;b&gt;</p>"
        )
        items, _ = self.faults(text)
        self.assertEqual(items[0].content, "<p>Its words<br>and <img src=x> more & <b></p>")
        self.assertEqual([item.id for item in items], ["1", "2"])

    def test_a_field_that_is_not_closed_ends_with_the_next(self):
        text = wxr.export(wxr.item(1), wxr.item(2)).replace("</wp:post_name>", "", 1)
        items, faults = self.faults(text)
        self.assertEqual([(item.name, item.status) for item in items], [("story-1", "publish"), ("story-2", "publish")])
        self.assertIn("<wp:post_name> is not closed", faults[0])

    def test_an_item_that_is_not_closed_ends_with_the_next(self):
        items, faults = self.faults(wxr.export(wxr.item(1), wxr.item(2)).replace("</item>", "", 1))
        self.assertEqual([item.id for item in items], ["1", "2"])
        self.assertIn("<item> is not closed", faults[0])

    def test_cdata_that_ends_too_early_keeps_what_follows(self):
        items, _ = self.faults(wxr.export(wxr.item(1, content="<p>if a[b[1]]>2 then</p><p>more</p>"), wxr.item(2)))
        self.assertIn("2 then</p><p>more</p>", items[0].content)
        self.assertEqual([item.id for item in items], ["1", "2"])

    def test_cdata_parts_side_by_side_are_one_text(self):
        items, faults = self.faults(wxr.export(wxr.item(1, content="a]]]]><![CDATA[>b")))
        self.assertEqual((items[0].content, faults), ("a]]>b", []))

    def test_a_servers_warning_before_the_export_is_left_out(self):
        items, faults = self.faults("<br />\n<b>Warning</b>: headers sent in x.php\n" + wxr.export(wxr.item(1)))
        self.assertEqual(len(items), 1)
        self.assertIn("Warning", faults[0])

    def test_what_a_server_prints_after_the_export_is_no_loss(self):
        self.assertEqual(len(self.faults(wxr.export(wxr.item(1)) + "\n<!-- cached --> Fatal error: memory")[0]), 1)

    def test_two_exports_put_together_are_both_read(self):
        items, _ = self.faults(wxr.export(wxr.item(1)) + wxr.export(wxr.item(2)))
        self.assertEqual([item.id for item in items], ["1", "2"])

    def test_a_file_cut_inside_a_text_or_a_tag_is_refused(self):
        text = wxr.export(wxr.item(1), wxr.item(2))
        for cut in (text.rindex("Its words") + 3, text.rindex("<wp:status") + 4, text.rindex("</item>") + 8):
            self.assertRegex(self.refused(text[:cut]), r"line \d+.*cut short")

    def test_a_long_list_of_faults_is_cut_and_counted(self):
        text = wxr.export(*(wxr.item(n, link="x") for n in range(1, 60))).replace("<link>x<", "<link>a&b<")
        _, faults = self.faults(text)
        self.assertEqual(len(faults), 21)
        self.assertIn("39 more", faults[-1])

    def test_windows_line_ends_and_other_encodings_are_read(self):
        text = wxr.export(wxr.item(1, title="Café"))
        for encoding in ("utf-16", "utf-8-sig", "utf-8"):
            self.assertEqual(self.read(text.replace("\n", "\r\n").encode(encoding))[1][0].title, "Café", encoding)

    def test_no_entity_of_the_files_own_is_ever_expanded(self):
        items, _ = self.faults(wxr.export(wxr.item(1, inside="<x>&lol9;&file;</x>")))
        self.assertEqual(len(items), 1)
        bomb = '<?xml version="1.0"?>\n<!doctype rss [<!ENTITY a "aaaa">]>' + wxr.export(wxr.item(1)).split("?>", 1)[1]
        self.assertIn("document type", self.refused(bomb))
        self.assertIn("document type", self.refused("junk <!DOCTYPE rss>" + wxr.export(wxr.item(1))))

    def test_hostile_markup_is_read_in_linear_time(self):
        pieces = ("<", "<!--", "<![CDATA[", "&", "&a", '<a b="', "</", "<?", "]]>", "<wp:postmeta>", "<p>", "<rss>")
        for piece in pieces:
            text = wxr.export(wxr.item(1)).replace("</item>", piece * (400_000 // len(piece)) + "</item>", 1)
            begun = time.process_time()
            try:
                self.read(text)
            except Exception as problem:
                self.assertEqual(type(problem).__name__, "Unreadable", piece)
            self.assertLess(time.process_time() - begun, 5, piece)


class DateTests(ReaderTestCase):
    def dated(self, **dates):
        inside = "".join(
            f"<{tag}>{value}</{tag}>"
            for tag, value in (("pubDate", dates.get("feed", "")), ("wp:post_date", dates.get("local", "")))
        )
        return self.read(wxr.export(wxr.item(1, date=dates.get("gmt", "0000-00-00 00:00:00"), inside=inside)))[1][0].at

    def test_an_item_never_dated_by_gmt_has_the_blogs_own_date(self):
        epoch = "Thu, 01 Jan 1970 00:00:00 +0000"
        self.assertEqual(self.dated(local="2024-05-16 10:00:00", feed=epoch), dt.datetime(2024, 5, 16, 10))
        self.assertEqual(
            self.dated(local="2024-05-16 10:00:00", gmt="1970-01-01 00:00:00"), dt.datetime(2024, 5, 16, 10)
        )

    def test_the_epoch_and_impossible_years_are_no_date(self):
        for feed in (
            "Thu, 01 Jan 1970 00:00:00 +0000",
            "Mon, 30 Nov -0001 00:00:00 +0000",
            "Thu, 01 Jan 1970 01:00:00 +0100",
            "x",
        ):
            self.assertIsNone(self.dated(feed=feed), feed)
        self.assertIsNone(self.dated(gmt="0024-05-16 10:00:00"))

    def test_a_date_of_the_feed_alone_is_taken(self):
        self.assertEqual(
            self.dated(feed="Thu, 16 May 2024 10:00:00 +0000"), dt.datetime(2024, 5, 16, 10, tzinfo=dt.UTC)
        )
