"""Two people saved the same story: “Keep both” loses nothing of either."""

from django.urls import reverse

from articles.actions import writing
from articles.body.merge import merged_text
from articles.models import Contributor
from newsroom.models import Topic
from tests.base import DeskTestCase

from .pages import filled

OLD = "<p>One.</p><p>Two.</p><p>Three.</p>"


def test_paragraphs_of_both_are_kept():
    for mine, theirs, merged, looked in (
        ("<p>One!</p><p>Two.</p><p>Three.</p>", "<p>One.</p><p>Two.</p><p>Three?</p>",
         "<p>One!</p><p>Two.</p><p>Three?</p>", False),
        (OLD, "<p>One.</p><p>Three.</p>", "<p>One.</p><p>Three.</p>", False),
        ("<p>One.</p><p>Three.</p>", OLD, "<p>One.</p><p>Three.</p>", False),
        (OLD + "<p>Mine.</p>", OLD + "<p>Theirs.</p>", OLD + "<p>Theirs.</p><p>Mine.</p>", False),
        (OLD + "<p>Same.</p>", OLD + "<p>Same.</p>", OLD + "<p>Same.</p>", False),
        ("<p>One.</p><p>Two mine.</p><p>Three.</p>", "<p>One.</p><p>Two theirs.</p><p>Three.</p>",
         "<p>One.</p><p>Two theirs.</p><p>Two mine.</p><p>Three.</p>", True),
        ("<p>One.</p><p>Two mine.</p><p>Three.</p>", "<p>One.</p><p>Three.</p>",
         "<p>One.</p><p>Two mine.</p><p>Three.</p>", True),
        ("", OLD, "", False),
    ):  # fmt: skip
        assert merged_text(OLD, mine, theirs) == (merged, looked), (mine, theirs)
    assert merged_text("", "<p>Mine.</p>", "<p>Theirs.</p>") == ("<p>Theirs.</p><p>Mine.</p>", False)


def test_cards_and_rules_between_paragraphs_survive_a_merge():
    old = '<p>A<br>B</p><hr><aside data-article="4"></aside><p>C</p>'
    merged = merged_text(old, old + "<p>D</p>", old.replace("A", "Z"))
    assert merged == (old.replace("A", "Z") + "<p>D</p>", False)


class KeepBothTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(body=OLD)
        self.client.force_login(self.edith)
        self.page = self.client.get(self.url)

    @property
    def url(self):
        return reverse("admin:articles_article_change", args=[self.article.pk])

    def theirs(self, **changes):
        for name, value in changes.items():
            setattr(self.article, name, value)
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)

    def keep(self, **changes):
        """Edith saves from her old page, meets the conflict, and presses its first button."""
        data = filled(self.page, **changes)
        met = self.client.post(self.url, data)
        self.assertEqual(met.status_code, 409)
        buttons = met.content.decode().split('<p class="banner-acts">')[1].split("</p>")[0]
        self.assertLess(buttons.index("_both"), buttons.index("overwrite"))
        self.assertEqual(buttons.count("default"), 1)
        answer = self.client.post(self.url, data | {"_both": "1"})
        self.article.refresh_from_db()
        return answer

    def test_changes_in_different_places_are_saved_together(self):
        self.theirs(headline="Their headline", body=OLD.replace("One.", "One, theirs."))
        answer = self.keep(standfirst="My standfirst.", body=OLD.replace("Three.", "Three, mine."))
        self.assertEqual(answer.status_code, 302)
        self.assertEqual((self.article.headline, self.article.standfirst), ("Their headline", "My standfirst."))
        self.assertEqual(self.article.body, "<p>One, theirs.</p><p>Two.</p><p>Three, mine.</p>")
        self.assertEqual(self.article.version, 3)

    def test_the_same_words_changed_by_both_are_looked_at_first(self):
        self.theirs(headline="Their headline", body=OLD.replace("Two.", "Two, theirs."))
        answer = self.keep(headline="My headline", body=OLD.replace("Two.", "Two, mine."))
        self.assertContains(answer, "Their headline", status_code=409)
        self.assertContains(answer, "nothing is saved yet", status_code=409)
        self.assertEqual(self.article.version, 2)
        form = answer.context["adminform"].form
        self.assertEqual(form["headline"].value(), "My headline")
        self.assertEqual(form["body"].value(), "<p>One.</p><p>Two, theirs.</p><p>Two, mine.</p><p>Three.</p>")
        # Looked at, it is saved as any form is.
        self.assertEqual(self.client.post(self.url, filled(answer)).status_code, 302)
        self.article.refresh_from_db()
        self.assertEqual((self.article.headline, self.article.version), ("My headline", 3))

    def test_topics_sections_and_bylines_of_the_other_are_kept(self):
        self.article.topics.add(Topic.objects.create(name="Tides", slug="tides"))
        self.article.sections.add(self.politics)
        other = Contributor.objects.create(name="Teo Lindqvist")
        self.article.bylines.create(contributor=other, order=1)
        self.theirs(label="Theirs")
        self.assertEqual(self.keep(standfirst="My standfirst.").status_code, 302)
        self.assertEqual(self.article.topics.count(), 2)
        self.assertEqual(list(self.article.sections.all()), [self.politics])
        self.assertEqual(self.article.bylines.count(), 2)
        self.assertEqual(self.article.standfirst, "My standfirst.")

    def test_a_byline_they_took_away_does_not_come_back(self):
        self.article.bylines.all().delete()
        self.theirs(label="Theirs")
        self.assertEqual(self.keep(standfirst="My standfirst.").status_code, 302)
        self.assertEqual(self.article.bylines.count(), 0)

    def test_an_embargo_they_set_is_never_lifted_without_a_look(self):
        self.theirs(embargo_terms="Not before the court rises", label="Theirs")
        answer = self.keep(standfirst="My standfirst.")
        self.assertContains(answer, "Not before the court rises", status_code=409)
        self.assertEqual(self.article.embargo_terms, "Not before the court rises")

    def test_terms_of_a_quote_changed_by_the_other_are_kept(self):
        self.article = self.make_article(slug="q", body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>')
        self.page = self.client.get(self.url)
        self.article.quote_records.update(ground_rule="background")
        self.theirs(label="Theirs")
        self.assertEqual(self.keep(standfirst="My standfirst.").status_code, 302)
        self.assertEqual(self.article.quote_records.get().ground_rule, "background")

    def test_a_version_that_never_was_is_still_a_conflict(self):
        self.theirs(label="Theirs")
        for version in ("", "99", "x", "\0", "-1", "9" * 30):
            data = filled(self.page, standfirst="Mine.") | {"_both": "1", "base_version": version}
            answer = self.client.post(self.url, data)
            self.assertIn(answer.status_code, (400, 409), version)
            self.assertContains(answer, "Mine.", status_code=answer.status_code)

    def test_who_may_not_change_the_story_keeps_both_nowhere(self):
        self.theirs(label="Theirs")
        self.client.force_login(self.rob)
        answer = self.client.post(self.url, {"_both": "1", "base_version": "1", "headline": "Rob's"})
        self.assertEqual(answer.status_code, 403)
