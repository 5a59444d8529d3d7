"""Marks of the legal register that pasted copy brings along: found, warned of, and taken out with their notes."""

from time import process_time

from django.urls import reverse

from articles.actions import checklist, marks, writing
from articles.actions.checklist import WARNING, CheckedStory
from articles.actions.checklist.marks import check_marks
from articles.body.designations import Register
from articles.body.marks import without_printed_marks
from articles.models import Designation, State
from newsroom import clock, paper
from newsroom.errors import NotAllowed, Stale
from tests.base import DeskTestCase
from tests.desk.pages import filled

NOTE = "* The Karst Brigade is listed as a terrorist organisation."


class MarksTests(DeskTestCase):
    def setUp(self):
        entry = Designation.objects.create(name="Karst Brigade")
        entry.aliases.create(name="KB")
        entry.notes.create(language="en", text="The Karst Brigade is on the list.")

    def cleaned(self, html):
        return without_printed_marks(html, Register.on(paper.today(), "en").entries)

    def found(self, article):
        return [f for f in checklist.findings_of(article, writing.content_of(article)) if f.code == "mark"]

    def test_marks_behind_names_and_their_notes_are_taken_out(self):
        for html, left in (
            ("<p>Karst Brigade* men.</p>", "<p>Karst Brigade men.</p>"),
            ("<p>Karst Brigade<sup>*</sup> men, KB† too.</p>", "<p>Karst Brigade men, KB too.</p>"),
            ("<p><strong>Karst Brigade</strong>** men.</p>", "<p><strong>Karst Brigade</strong> men.</p>"),
            ("<p>The “Karst Brigade”* men.</p>", "<p>The “Karst Brigade” men.</p>"),
            ("<p>Karst Brigade-backed* men.</p>", "<p>Karst Brigade-backed men.</p>"),
            (f"<p>Karst Brigade* men.</p><p>More.</p><p>{NOTE}</p>", "<p>Karst Brigade men.</p><p>More.</p>"),
            (f"<p>Karst Brigade* men.</p><p><em>{NOTE}</em></p><p>End.</p>", "<p>Karst Brigade men.</p><p>End.</p>"),
            ("<ul><li>KB‡ men.</li></ul>", "<ul><li>KB men.</li></ul>"),
        ):
            self.assertEqual(self.cleaned(html), left)

    def test_what_only_looks_like_a_mark_stays(self):
        for html in (
            "<p>Karst Brigade men: 5*4.</p>",
            "<p>The Harbour Union* met.</p><p>* Its members number six.</p>",
            "<p>Karst Brigade men.</p><p>* A list of sorts.</p>",
            "<p>KBs* met.</p>",
            '<p>Karst Brigade<sup data-footnote="A note.">*</sup> men.</p>',
            "<p>Karst Brigade *said* so.</p>",
        ):
            self.assertEqual(self.cleaned(html), html)

    def test_the_gate_warns_of_a_mark_that_would_be_printed_twice(self):
        article = self.make_article(body=f"<p>Karst Brigade* men.</p><p>{NOTE}</p>")
        (finding,) = self.found(article)
        self.assertEqual(finding.level, WARNING)
        self.assertIn("“Karst Brigade*”", finding.message)
        clean = self.make_article(slug="clean", body="<p>Karst Brigade men, 5*4.</p>")
        self.assertEqual(self.found(clean), [])

    def test_a_text_without_a_mark_asks_the_register_nothing(self):
        article = self.make_article(body="<p>Karst Brigade men.</p>")
        story = CheckedStory(article, writing.content_of(article), clock.process_time())
        with self.assertNumQueries(0):
            self.assertEqual(list(check_marks(story)), [])

    def test_hostile_text_is_read_in_good_time(self):
        for body in (
            "Karst Brigade* " * 13_000, "*" * 200_000, "a*" * 100_000, "Karst Brigade-" * 14_000, "KB-" * 66_000,
            "KB*" * 66_000, "<em>KB</em>* " * 15_000, "KB*</p><p>* KB " * 13_000,
        ):  # fmt: skip
            start = process_time()
            self.cleaned(f"<p>{body}</p>")
            self.assertLess(process_time() - start, 5)

    def test_who_writes_takes_them_out_and_it_is_a_version(self):
        article = self.make_article(body=f"<p>Karst Brigade* men.</p><p>{NOTE}</p>")
        self.assertEqual(marks.take_marks_out(article, by=self.rana, seen_version=1), 1)
        article.refresh_from_db()
        self.assertEqual((article.body, article.version), ("<p>Karst Brigade men.</p>", 2))
        self.assertEqual(marks.take_marks_out(article, by=self.rana, seen_version=2), 0)

    def test_a_stranger_and_a_stale_copy_take_nothing_out(self):
        article = self.make_article(body="<p>Karst Brigade* men.</p>")
        with self.assertRaises(NotAllowed):
            marks.take_marks_out(article, by=self.rob, seen_version=1)
        with self.assertRaises(Stale):
            marks.take_marks_out(article, by=self.rana, seen_version=9)
        published = self.make_article(slug="p", body="<p>Karst Brigade* men.</p>", state=State.PUBLISHED)
        with self.assertRaises(NotAllowed):
            marks.take_marks_out(published, by=self.max, seen_version=published.version)
        article.refresh_from_db()
        self.assertEqual(article.body, "<p>Karst Brigade* men.</p>")

    def test_the_form_offers_to_take_them_out(self):
        article = self.make_article(body=f"<p>Karst Brigade* men.</p><p>{NOTE}</p>")
        page = reverse("admin:articles_article_change", args=[article.pk])
        self.client.force_login(self.rana)
        beside = reverse("admin:articles_article_checklist", args=[article.pk])
        shown = self.client.get(page)
        offered = self.client.post(beside, filled(shown), headers={"accept": "application/json"}).json()["marks"]
        self.assertIn('name="_unmark"', offered)
        self.assertIn("Its note:", offered)
        self.client.post(page, filled(shown, _unmark="1", standfirst="Typed with it."))
        article.refresh_from_db()
        self.assertEqual((article.body, article.standfirst), ("<p>Karst Brigade men.</p>", "Typed with it."))
        cut = self.client.post(beside, filled(self.client.get(page)), headers={"accept": "application/json"})
        self.assertEqual(cut.json()["marks"], "")

    def test_after_a_paste_the_editor_is_told(self):
        article = self.make_article()
        call = reverse("desk:voices", args=[article.pk])
        self.client.force_login(self.rana)
        told = self.client.post(call, {"body": f"<p>Karst Brigade* men, KB* too.</p><p>{NOTE}</p>"}).json()
        self.assertEqual((told["marks"], told["notes"]), (2, 1))
        self.assertEqual(self.client.post(call, {"body": "<p>Karst Brigade</p>"}).json()["marks"], 0)
        self.client.force_login(self.rob)
        self.assertEqual(self.client.post(call, {"body": "<p>KB*</p>"}).status_code, 403)
