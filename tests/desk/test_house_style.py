"""The house style: a list kept by editors, marked in stories, and never a change that nobody made."""

from django.urls import reverse

from articles.actions import checklist, writing
from articles.body import style
from articles.models import StyleRule
from tests.base import DeskTestCase

from .pages import filled


def admin(name, *args):
    return reverse(f"admin:articles_stylerule_{name}", args=args)


class HouseStyleTests(DeskTestCase):
    def found(self, **changes):
        article = self.make_article(**changes)
        found = checklist.findings_of(article, writing.content_of(article))
        return [(f.field, f.message) for f in found if f.code == "house style"]

    def test_each_line_that_a_story_goes_against_is_told_once_with_its_number(self):
        StyleRule.objects.create(term="utilise", preferred="use", reason="Shorter.")
        [(field, said)] = self.found(body="<p>Utilise it, then utilise it again. The utilised tool.</p>")
        self.assertEqual(said, "House style: “Utilise”, 2 times: write use (Shorter).")
        self.assertEqual(field, "body")

    def test_headline_and_standfirst_are_read_too(self):
        StyleRule.objects.create(term="agree", preferred="settle on")
        fields = [field for field, _ in self.found(standfirst="They agree.")]
        self.assertEqual(fields, ["headline", "standfirst"])

    def test_quoted_words_are_not_to_be_changed_unless_a_line_says_so(self):
        body = f'<p>He said “utilise” and <q data-expert="{self.expert.pk}">utilise it</q>.</p>'
        rule = StyleRule.objects.create(term="utilise", preferred="use")
        self.assertEqual(self.found(body=body), [])
        rule.in_quotes = True
        rule.save()
        self.assertEqual(len(self.found(body=body, slug="again")), 1)

    def test_words_capitals_and_languages_as_the_line_says(self):
        make = StyleRule.objects.create
        make(term="net", preferred="Net", match_case=True)
        make(term="color", preferred="colour", language="en-GB")
        make(term="ise", whole_word=False, active=False)
        body = "<p>A Net, the internet, a network; color.</p>"
        self.assertEqual(self.found(body=body), [])
        self.assertEqual(len(self.found(body=body, language="en-GB", slug="b")), 1)
        self.assertEqual(len(self.found(body="<p>A net and a Net.</p>", slug="c")), 1)

    def test_what_is_written_as_preferred_is_no_slip(self):
        StyleRule.objects.create(term="Aldmere port", preferred="Aldmere port authority")
        self.assertEqual(self.found(body="<p>The Aldmere port authority met.</p>"), [])
        self.assertEqual(len(self.found(body="<p>The Aldmere port met.</p>", slug="b")), 1)
        self.assertTrue(style.pattern_of("o'clock").search("six o’clock"))

    def test_hundreds_of_lines_cost_one_query(self):
        article = self.make_article()
        content = writing.content_of(article)
        list(checklist.findings_of(article, content))
        with self.assertNumQueries(1):
            self._style_alone(article, content)
        StyleRule.objects.bulk_create(StyleRule(term=f"term {n}") for n in range(300))
        with self.assertNumQueries(1):
            self._style_alone(article, content)

    def _style_alone(self, article, content):
        from types import SimpleNamespace

        from articles.actions.checklist.style import check_house_style

        return list(check_house_style(SimpleNamespace(content=content, text="Words.")))

    # --- keeping it ---

    def test_whoever_keeps_it_writes_a_line(self):
        self.client.force_login(self.cora)
        page = self.client.get(admin("add"))
        answer = self.client.post(admin("add"), filled(page, term=" in  order to ", preferred="to", reason="Shorter."))
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(StyleRule.objects.get().term, "in order to")
        answer = self.client.post(admin("add"), filled(page, term="In order to", preferred="so as to"))
        self.assertContains(answer, "There is a line for this term already.", status_code=400)

    def test_a_reporter_reads_it_and_changes_nothing(self):
        self.client.force_login(self.rana)
        self.assertEqual(self.client.get(admin("changelist")).status_code, 200)
        self.assertEqual(self.client.post(admin("add"), {"term": "x"}).status_code, 403)
        self.assertEqual(self.client.post(admin("import"), {"text": "term\nx"}).status_code, 403)

    def test_a_list_is_brought_in_whole_or_not_at_all(self):
        self.client.force_login(self.edith)
        StyleRule.objects.create(term="Utilise", preferred="employ")
        good = "term,preferred,reason,language\nutilise,use,Shorter,\nKiev,Kyiv,As its people write it,en\n"
        answer = self.client.post(admin("import"), {"text": good})
        self.assertEqual(answer.status_code, 302)
        rows = sorted(StyleRule.objects.values_list("term", "preferred", "language"))
        self.assertEqual(rows, [("Kiev", "Kyiv", "en"), ("utilise", "use", "")])
        wrong = f"term,preferred\n,use\nok,fine\n{'x' * 90},y\n"
        answer = self.client.post(admin("import"), {"text": wrong})
        self.assertContains(answer, "Line 2:", status_code=400)
        self.assertContains(answer, "Line 4:", status_code=400)
        self.assertContains(answer, "ok,fine", status_code=400)
        self.assertEqual(StyleRule.objects.count(), 2)

    def test_what_is_no_list_is_refused_clearly(self):
        self.client.force_login(self.edith)
        for data in ({}, {"text": "word\nutilise"}, {"text": "term\nbad\x01sign"}, {"text": "\x00"}):
            with self.subTest(data):
                self.assertEqual(self.client.post(admin("import"), data).status_code, 400)
        self.assertFalse(StyleRule.objects.exists())

    def test_the_editor_gets_the_lines_in_force_for_its_language(self):
        StyleRule.objects.create(term="utilise", preferred="use")
        StyleRule.objects.create(term="color", preferred="colour", language="en")
        StyleRule.objects.create(term="Kiew", preferred="Kyjiw", language="de")
        StyleRule.objects.create(term="off", active=False)
        url = reverse("desk:house_style")
        self.client.force_login(self.rana)
        terms = {rule["term"] for rule in self.client.get(url, {"language": "en-GB"}).json()["rules"]}
        self.assertEqual(terms, {"utilise", "color"})
        self.assertEqual(self.client.get(url, {"language": "<script>"}).status_code, 200)
        self.client.force_login(self.sami)
        self.assertEqual(self.client.get(url).status_code, 403)
