"""Reading WordPress exports: whole, tolerant of what is only untidy, deaf to what is hostile."""

import datetime as dt
import tempfile
from pathlib import Path

from django.test import SimpleTestCase

from articles.exchange.wxr import Export, Unreadable
from tests import data

from . import wxr


class ReaderTestCase(SimpleTestCase):
    def written(self, text, name="export.xml"):
        """A file with this text, or these bytes."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, text):
        export = Export(self.written(text))
        return export, list(export.items())

    def refused(self, text):
        with self.assertRaises(Unreadable) as caught:
            self.read(text)
        return str(caught.exception)


class WholeFileTests(ReaderTestCase):
    def test_the_theme_test_file_is_read_whole(self):
        export = Export(data.path("wxr/themeunittestdata.wordpress.xml"))
        items = list(export.items())
        kinds = [item.type for item in items]
        self.assertEqual(
            (len(items), kinds.count("post"), kinds.count("page"), kinds.count("attachment")), (186, 58, 21, 37)
        )
        self.assertEqual((len(export.header.authors), len(export.header.categories)), (2, 68))
        self.assertEqual(sum(len(item.comments) for item in items), 33)
        self.assertEqual([item.id for item in items if item.password], ["1168"])
        self.assertEqual([item.id for item in items if item.sticky], ["1241"])
        self.assertEqual(export.header.level("grandchild-category"), 3)

    def test_the_block_test_file_is_read_whole(self):
        items = list(Export(data.path("wxr/64-block-test-data.xml")).items())
        self.assertEqual(len(items), 72)
        notes = next(item for item in items if item.title == "Footnotes").meta["footnotes"]
        self.assertIn("Another note", notes)

    def test_an_export_can_be_read_again(self):
        export = Export(self.written(wxr.export(wxr.item(1), wxr.item(2))))
        self.assertEqual([item.id for item in export.items()], [item.id for item in export.items()])

    def test_an_items_date_is_in_utc_or_none(self):
        _, (dated, undated) = self.read(wxr.export(wxr.item(1), wxr.item(2, date="0000-00-00 00:00:00")))
        self.assertEqual(dated.at, dt.datetime(2019, 4, 1, 9, 30, tzinfo=dt.UTC))
        self.assertIsNone(undated.at)

    def test_a_long_file_is_not_kept_in_memory(self):
        export = Export(self.written(wxr.export(*(wxr.item(n, content="<p>word</p>" * 200) for n in range(1, 400)))))
        import tracemalloc

        tracemalloc.start()
        count = sum(1 for _ in export.items())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertEqual(count, 399)
        self.assertLess(peak, 2_000_000)


class UntidyTests(ReaderTestCase):
    def test_control_characters_and_impossible_numbers_are_removed(self):
        _, (item,) = self.read(wxr.export(wxr.item(1, title="Six\x0b ports\x00", content="a\x08b\ufffe")).replace(
            "<guid", "<guid x='&#1;&#x1F;'"))  # fmt: skip
        self.assertEqual((item.title, item.content), ("Six ports", "ab"))

    def test_html_entities_become_characters(self):
        text = wxr.export(wxr.item(1)).replace(
            "<title><![CDATA[A story]]>", "<title>Caf&eacute;&nbsp;&amp; &lt;bar&gt;"
        )
        self.assertEqual(self.read(text)[1][0].title, "Café\xa0& <bar>")

    def test_an_entity_cut_by_the_end_of_a_chunk_is_read(self):
        for pad in range(65_490, 65_540):
            text = wxr.export(wxr.item(1)).replace("<guid", f"<x>{'.' * (pad - 1500)}</x><guid")
            text = text.replace("<wp:post_id>", f"<y>{'.' * 300}&eacute;{'.' * 900}</y><wp:post_id>")
            self.assertEqual(self.read(text)[1][0].id, "1")

    def test_blank_lines_and_a_byte_order_mark_are_skipped(self):
        self.assertEqual(len(self.read("\ufeff\n\n " + wxr.export(wxr.item(1)))[1]), 1)

    def test_broken_utf8_and_another_encoding_are_read(self):
        broken = wxr.export(wxr.item(1, title="Caf#")).encode().replace(b"#", b"\xe9")
        self.assertEqual(self.read(broken)[1][0].title, "Caf\ufffd")
        latin = broken.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"')
        self.assertEqual(self.read(latin)[1][0].title, "Café")

    def test_every_version_of_the_format_is_read(self):
        for version in ("1.0", "1.1", "1.2"):
            text = wxr.export(wxr.item(1)).replace(
                "http://wordpress.org/export/1.2/", f"https://wordpress.org/export/{version}/"
            )
            self.assertEqual(self.read(text)[1][0].type, "post")


class RefusedTests(ReaderTestCase):
    def test_a_document_type_is_refused(self):
        secret = self.written("a secret", "secret.txt")
        outside = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
        bomb = "<!DOCTYPE rss [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
        for evil in (outside, bomb, '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'):
            text = wxr.export(wxr.item(1, title="x")).replace("<rss", f"{evil}<rss", 1)
            self.assertIn("document type", self.refused(text))

    def test_a_file_cut_short_names_the_line(self):
        text = wxr.export(wxr.item(1), wxr.item(2))
        self.assertRegex(self.refused(text[:-200]), r"line \d+.*cut short")

    def test_a_file_that_is_no_export_is_refused(self):
        self.assertIn("begins with <html>", self.refused("<html><body/></html>"))
        self.assertIn("not well-formed", self.refused("PK\x03\x04 not xml"))
        self.assertIn("not well-formed", self.refused(""))
        self.assertIn("neither items", self.refused("<rss><channel><title>x</title></channel></rss>"))
        self.assertIn("a feed", self.refused("<rss><channel><item><title>x</title></item></channel></rss>"))

    def test_a_missing_file_is_refused(self):
        with self.assertRaisesRegex(Unreadable, "cannot be opened"):
            list(Export("/nowhere/export.xml").items())

    def test_an_unknown_encoding_is_refused(self):
        text = wxr.export(wxr.item(1)).replace('encoding="UTF-8"', 'encoding="martian"')
        self.assertIn("martian", self.refused(text))
