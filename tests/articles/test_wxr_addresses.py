"""Where the addresses of an old site lead after an import: to their own story, or nowhere."""

from articles.models import Path

from . import wxr
from .import_case import ImportTestCase


class OldAddressTests(ImportTestCase):
    def test_an_address_with_a_number_leads_to_its_own_story(self):
        report = self.bring(
            wxr.item(19, link="https://old.example/index.php?p=19&lang=fr"),
            wxr.item(20, link="https://old.example/index.php?lang=fr&p=20"),
            wxr.item(21, link="https://old.example/?p=21&lang=fr"),
            wxr.item(22, link="https://old.example/blog/?page_id=22"),
        )
        for number in (19, 20, 21):
            for address in (f"/index.php?p={number}&lang=fr", f"/?p={number}", f"/?lang=fr&p={number}&utm_source=x"):
                self.assertEqual(self.leads_to(address), f"/news/2019/04/01/story-{number}/", address)
        self.assertEqual(self.leads_to("/blog/?p=22"), "/news/2019/04/01/story-22/")
        self.assertNotIn("not redirected", "\n".join(report.lines()))

    def test_an_address_without_its_number_leads_nowhere(self):
        self.bring(wxr.item(19, link="https://old.example/index.php?p=19&lang=fr"))
        for address in ("/index.php", "/index.php?p=99", "/index.php?lang=fr", "/index.php?p=19abc", "/index.php?p="):
            self.assertEqual(self.leads_to(address), 404, address)
        self.assertEqual(self.leads_to("/?p=99"), 200)

    def test_stories_told_apart_by_a_query_lead_each_to_its_own(self):
        self.bring(
            wxr.item(1, link="https://old.example/story.asp?id=1"),
            wxr.item(2, link="https://old.example/story.asp?id=2"),
            wxr.item(3, link="https://old.example/quay/?lang=en"),
            wxr.item(4, link="https://old.example/quay/?lang=fr"),
        )
        for number, address in enumerate(("/story.asp?id=1", "/story.asp?id=2", "/quay/?lang=en", "/quay/?lang=fr"), 1):
            self.assertEqual(self.leads_to(address), f"/news/2019/04/01/story-{number}/", address)
        for address in ("/story.asp", "/quay/", "/story.asp?id=3", "/quay/?lang=de"):
            self.assertEqual(self.leads_to(address), 404, address)
        self.assertFalse(Path.objects.filter(path__in=["/story.asp", "/quay/"]).exists())

    def test_an_address_of_two_items_of_a_file_leads_nowhere(self):
        report = self.bring(
            wxr.item(1, link="https://old.example/2024/05/n15/"), wxr.item(2, link="https://old.example/2024/05/n15/")
        )
        self.assertEqual(self.leads_to("/2024/05/n15/"), 404)
        for number in (1, 2):
            self.assertIn("another story's in this file", self.notes(report, number))

    def test_campaign_words_of_an_address_count_for_nothing(self):
        self.bring(wxr.item(1, link="https://old.example/2024/05/Mixed-Case.html?utm_source=mail&fbclid=x"))
        self.assertEqual(self.leads_to("/2024/05/Mixed-Case.html"), "/news/2019/04/01/story-1/")
        self.assertEqual(self.leads_to("/2024/05/Mixed-Case.html?replytocom=3"), "/news/2019/04/01/story-1/")

    def test_former_slugs_lead_to_the_story_too(self):
        former = "<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>{}</wp:meta_value></wp:postmeta>"
        report = self.bring(
            wxr.item(1, inside=former.format("first-name") + former.format("second-name") + former.format("story-2")),
            wxr.item(2, inside=former.format("both-had-it")), wxr.item(3, inside=former.format("both-had-it")),
        )  # fmt: skip
        for slug in ("first-name", "second-name", "story-1"):
            self.assertEqual(self.leads_to(f"/2019/04/{slug}/"), "/news/2019/04/01/story-1/", slug)
        self.assertEqual(self.leads_to("/2019/04/story-2/"), "/news/2019/04/01/story-2/")
        self.assertEqual(self.leads_to("/2019/04/both-had-it/"), 404)
        for number, path in ((1, "story-2"), (2, "both-had-it"), (3, "both-had-it")):
            self.assertIn(f"its former address /2019/04/{path}/", self.notes(report, number))

    def test_a_number_counts_before_the_path_it_is_asked_at(self):
        self.bring(wxr.item(1, link="https://old.example/blog/"), wxr.item(2, link="https://old.example/blog/?p=2"))
        self.assertEqual(self.leads_to("/blog/?p=2"), "/news/2019/04/01/story-2/")
        self.assertEqual(self.leads_to("/blog/"), "/news/2019/04/01/story-1/")

    def test_hostile_queries_are_answered_without_an_error(self):
        self.bring(wxr.item(1))
        for query in ("p=%00", "p=" + "9" * 400, "p=77&" * 900, "p=%ff", "p[]=1", "p=-1", "p=0", "p=١"):
            for path in ("/", "/index.php", "/nowhere/x"):
                self.assertIn(self.client.get(f"{path}?{query}").status_code, (200, 404), query)
