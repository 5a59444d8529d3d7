"""Two people saved the same story: it is put together, and nothing of either is lost."""

import json

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
        (OLD, OLD, OLD, False),
    ):  # fmt: skip
        text, places = merged_text(OLD, mine, theirs)
        assert (text, bool(places)) == (merged, looked), (mine, theirs)
    assert merged_text("", "<p>Mine.</p>", "<p>Theirs.</p>") == ("<p>Theirs.</p><p>Mine.</p>", [])


def test_cards_and_rules_between_paragraphs_survive_a_merge():
    old = '<p>A<br>B</p><hr><aside data-article="4"></aside><p>C</p>'
    merged = merged_text(old, old + "<p>D</p>", old.replace("A", "Z"))
    assert merged == (old.replace("A", "Z") + "<p>D</p>", [])


class TogetherTestCase(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(body=OLD)
        self.client.force_login(self.edith)
        self.open()

    def open(self):
        self.page = self.client.get(self.url)

    @property
    def url(self):
        return reverse("admin:articles_article_change", args=[self.article.pk])

    def theirs(self, **changes):
        for name, value in changes.items():
            setattr(self.article, name, value)
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)

    def save(self, page=None, **changes):
        """Edith saves from her old page, as a browser sends it."""
        page = page or self.page
        sent = filled(page, **changes) | {"planning_shown": page.context["keeping"]["shown"]}
        sent["settle"] = [place.data for place in page.context["places"]]
        answer = self.client.post(self.url, sent)
        self.article.refresh_from_db()
        return answer

    def settle(self, page, choice, **changes):
        return self.save(page, _settle=choice, **changes)


class PutTogetherTests(TogetherTestCase):
    def test_changes_in_different_places_are_saved_without_a_question(self):
        self.theirs(headline="Their headline", body=OLD.replace("One.", "One, theirs."))
        answer = self.save(standfirst="My standfirst.", body=OLD.replace("Three.", "Three, mine."))
        self.assertEqual(answer.status_code, 302)
        self.assertEqual((self.article.headline, self.article.standfirst), ("Their headline", "My standfirst."))
        self.assertEqual(self.article.body, "<p>One, theirs.</p><p>Two.</p><p>Three, mine.</p>")
        self.assertEqual(self.article.version, 3)
        self.assertContains(self.client.get(self.url), "Put together with version 2, which Rana saved meanwhile.")

    def test_topics_sections_and_bylines_of_the_other_are_kept(self):
        self.article.topics.add(Topic.objects.create(name="Tides", slug="tides"))
        self.article.sections.add(self.politics)
        other = Contributor.objects.create(name="Teo Lindqvist")
        self.article.bylines.create(contributor=other, order=1)
        self.theirs(label="Theirs")
        self.assertEqual(self.save(standfirst="My standfirst.").status_code, 302)
        self.assertEqual(self.article.topics.count(), 2)
        self.assertEqual(list(self.article.sections.all()), [self.politics])
        self.assertEqual(self.article.bylines.count(), 2)
        self.assertEqual(self.article.standfirst, "My standfirst.")

    def test_topics_of_both_are_kept_and_taken_out(self):
        tides, locks = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Tides", "Locks"))
        self.article.topics.set([tides])
        self.theirs(label="Theirs")
        self.assertEqual(self.save(topics=[self.topic.pk, locks.pk]).status_code, 302)
        self.assertEqual({topic.name for topic in self.article.topics.all()}, {"Tides", "Locks"})

    def test_rows_that_both_added_are_kept_and_each_once(self):
        teo, mia, uma = (Contributor.objects.create(name=name) for name in ("Teo", "Mia", "Uma"))
        for order, contributor in enumerate((teo, mia), 1):
            self.article.bylines.create(contributor=contributor, order=order)
        self.article.attributions.create(description="a clerk", reason="fear")
        self.theirs(label="Theirs")
        rows = {"bylines-TOTAL_FORMS": "3", "attributions-TOTAL_FORMS": "1"}
        for n, contributor in ((1, uma), (2, mia)):
            rows |= {f"bylines-{n}-contributor": contributor.pk, f"bylines-{n}-role": "writer", f"bylines-{n}-order": n}
        rows |= {
            "attributions-0-kind": "unnamed",
            "attributions-0-description": "a pilot",
            "attributions-0-reason": "job",
        }
        self.assertEqual(self.save(**rows).status_code, 302)
        names = [line.contributor.name for line in self.article.bylines.all()]
        self.assertEqual(names, ["Rana Aziz", "Teo", "Mia", "Uma"])
        self.assertEqual({row.description for row in self.article.attributions.all()}, {"a clerk", "a pilot"})

    def test_two_columns_of_one_row_are_put_together(self):
        self.article.attributions.create(description="a clerk", reason="fear")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.open()
        self.article.attributions.update(reason="may not speak")
        self.theirs(label="Theirs")
        self.assertEqual(self.save(**{"attributions-0-description": "a clerk at the ministry"}).status_code, 302)
        row = self.article.attributions.get()
        self.assertEqual((row.description, row.reason), ("a clerk at the ministry", "may not speak"))

    def test_a_row_i_took_out_stays_out(self):
        self.theirs(label="Theirs")
        self.assertEqual(self.save(**{"bylines-0-DELETE": "on"}).status_code, 302)
        self.assertEqual(self.article.bylines.count(), 0)

    def test_a_byline_they_took_away_does_not_come_back(self):
        self.article.bylines.all().delete()
        self.theirs(label="Theirs")
        self.assertEqual(self.save(standfirst="My standfirst.").status_code, 302)
        self.assertEqual(self.article.bylines.count(), 0)

    def test_rows_that_were_written_anew_meanwhile_are_the_same_rows(self):
        self.article.appearances.create(expert=self.expert, attribution_as_printed="judge")
        self.article.attributions.create(description="a clerk", reason="fear")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.open()
        content = writing.content_of(self.article)
        self.article.attributions.all().delete()
        writing.restore(self.article, content)  # as a correction of the live story does
        self.article.refresh_from_db()
        self.theirs(label="Theirs")
        changes = {"appearances-0-attribution_as_printed": "a judge", "attributions-0-reason": "fear for the job"}
        self.assertEqual(self.save(**changes).status_code, 302)
        self.assertEqual(self.article.appearances.get().attribution_as_printed, "a judge")
        self.assertEqual(self.article.attributions.get().reason, "fear for the job")
        self.assertEqual(self.article.bylines.count(), 1)

    def test_planning_that_one_changed_is_taken_from_that_one(self):
        self.theirs(embargo_terms="Not before the court rises", budget_line="Theirs", picture_wanted=True, label="x")
        self.assertEqual(self.save(budget_line="", planned_length="700").status_code, 302)
        self.assertEqual(self.article.embargo_terms, "Not before the court rises")
        self.assertEqual((self.article.planned_length, self.article.picture_wanted), (700, True))
        self.assertEqual(self.article.budget_line, "Theirs")

    def test_without_what_the_page_showed_an_embargo_is_looked_at(self):
        self.theirs(embargo_terms="Not before the court rises", label="Theirs")
        answer = self.client.post(self.url, filled(self.page, standfirst="My standfirst."))
        self.assertContains(answer, "Not before the court rises", status_code=409)
        self.article.refresh_from_db()
        self.assertEqual(self.article.embargo_terms, "Not before the court rises")

    def test_terms_of_a_quote_changed_by_the_other_are_kept(self):
        self.article = self.make_article(slug="q", body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>')
        self.open()
        self.article.quote_records.update(ground_rule="background")
        self.theirs(label="Theirs")
        self.assertEqual(self.save(standfirst="My standfirst.").status_code, 302)
        self.assertEqual(self.article.quote_records.get().ground_rule, "background")

    def test_what_a_colleague_saved_is_brought_in_and_nothing_saved(self):
        self.theirs(headline="Their headline")
        answer = self.save(standfirst="My standfirst.", _bring="1")
        self.assertContains(answer, "What Rana saved is in your form. Yours is not saved yet.")
        form = answer.context["adminform"].form
        self.assertEqual((form["headline"].value(), form["standfirst"].value()), ("Their headline", "My standfirst."))
        self.assertEqual(self.article.version, 2)
        self.assertEqual(self.save(answer).status_code, 302)
        self.assertEqual((self.article.headline, self.article.standfirst), ("Their headline", "My standfirst."))

    def test_a_version_that_never_was_is_still_a_conflict(self):
        self.theirs(label="Theirs")
        for version in ("", "99", "x", "\0", "-1", "9" * 30):
            answer = self.save(standfirst="Mine.", base_version=version)
            self.assertIn(answer.status_code, (400, 409), version)
            self.assertContains(answer, "Mine.", status_code=answer.status_code)

    def test_who_may_not_change_the_story_puts_nothing_together(self):
        self.theirs(label="Theirs")
        self.client.force_login(self.rob)
        answer = self.client.post(self.url, {"_bring": "1", "base_version": "1", "headline": "Rob's"})
        self.assertEqual(answer.status_code, 403)

    def test_the_picture_desk_is_put_together_with_the_words(self):
        self.client.force_login(self.pia)
        self.open()
        self.theirs(headline="Their headline")
        self.assertEqual(self.save(lead_caption="The harbour").status_code, 302)
        self.assertEqual((self.article.headline, self.article.lead_caption), ("Their headline", "The harbour"))


class SettleTests(TogetherTestCase):
    def meet(self):
        """Both change the headline and the second paragraph, and Edith her standfirst besides."""
        self.theirs(headline="Their headline", body=OLD.replace("Two.", "Two, theirs."))
        body = OLD.replace("Two.", "Two, mine.")
        answer = self.save(headline="My headline", standfirst="My standfirst.", body=body)
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(self.article.version, 2)
        return answer

    def test_the_same_words_are_shown_side_by_side_and_nothing_saved(self):
        answer = self.meet()
        self.assertContains(answer, "nothing is saved yet", status_code=409)
        self.assertEqual([place.label for place in answer.context["places"]], ["Headline", "Text"])
        form = answer.context["adminform"].form
        self.assertEqual(form["headline"].value(), "My headline")
        self.assertEqual(form["body"].value(), "<p>One.</p><p>Two, theirs.</p><p>Two, mine.</p><p>Three.</p>")
        shown = answer.content.decode()
        self.assertIn("You and Rana both changed this", shown)
        self.assertNotIn("Please correct", shown)
        self.assertIn("button default", shown[shown.index('id="settle"') : shown.index("Keep both")])

    def test_another_window_of_ones_own_is_named_so(self):
        self.client.post(self.url, filled(self.page, headline="In the first window"))
        answer = self.client.post(self.url, filled(self.page, headline="In the second"))
        self.assertContains(answer, "You and your other window both changed this", status_code=409)

    def test_keep_both_keeps_both(self):
        half = self.settle(self.meet(), "0:both")
        self.assertEqual(half.status_code, 409)
        self.assertEqual(self.settle(half, "0:both").status_code, 302)
        self.assertEqual(self.article.headline, "Their headline / My headline")
        self.assertEqual(self.article.body, "<p>One.</p><p>Two, theirs.</p><p>Two, mine.</p><p>Three.</p>")
        self.assertEqual((self.article.standfirst, self.article.version), ("My standfirst.", 3))

    def test_each_place_is_settled_as_somebody_chose(self):
        half = self.settle(self.meet(), "1:theirs")
        self.assertEqual(self.settle(half, "0:mine").status_code, 302)
        self.assertEqual(self.article.headline, "My headline")
        self.assertEqual(self.article.body, OLD.replace("Two.", "Two, theirs."))

    def test_mine_alone_takes_theirs_out_of_the_text(self):
        half = self.settle(self.meet(), "1:mine")
        self.assertEqual(self.settle(half, "0:theirs").status_code, 302)
        self.assertEqual(self.article.headline, "Their headline")
        self.assertEqual(self.article.body, OLD.replace("Two.", "Two, mine."))

    def test_words_changed_after_the_question_are_kept(self):
        body = "<p>One.</p><p>Two, theirs and more.</p><p>Two, mine.</p><p>Three.</p>"
        self.settle(self.meet(), "1:mine", body=body, headline="A third headline")
        self.assertEqual((self.article.headline, self.article.body), ("A third headline", body))

    def test_a_save_before_all_is_settled_asks_again(self):
        half = self.settle(self.meet(), "0:mine")
        again = self.save(half)
        self.assertEqual((again.status_code, self.article.version), (409, 2))
        self.assertEqual([place.label for place in again.context["places"]], ["Text"])

    def test_what_is_settled_by_hand_is_saved(self):
        body = OLD.replace("Two.", "Two, theirs and mine.")
        self.assertEqual(self.save(self.meet(), headline="Ours", body=body).status_code, 302)
        self.assertEqual((self.article.headline, self.article.body), ("Ours", body))

    def test_a_third_save_meanwhile_is_put_together_too(self):
        answer = self.meet()
        self.theirs(dateline="ALDMERE", body=self.article.body.replace("One.", "One, again."))
        half = self.settle(answer, "0:mine")
        self.assertEqual(half.status_code, 409)
        self.assertEqual(self.settle(half, "0:both").status_code, 302)
        self.assertEqual((self.article.dateline, self.article.headline), ("ALDMERE", "My headline"))
        self.assertEqual(self.article.body, "<p>One, again.</p><p>Two, theirs.</p><p>Two, mine.</p><p>Three.</p>")

    def test_a_row_that_one_took_out_and_one_changed_stays_until_settled(self):
        self.article.attributions.create(description="a clerk", reason="fear")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.open()
        self.article.attributions.update(reason="may not speak")
        self.theirs(label="Theirs")
        answer = self.save(**{"attributions-0-DELETE": "on"})
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(self.settle(answer, "0:both").status_code, 302)
        self.assertEqual(self.article.attributions.get().reason, "may not speak")

    def test_one_column_changed_by_both_is_shown_beside_its_row(self):
        self.article.attributions.create(description="a clerk", reason="fear")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        self.open()
        self.article.attributions.update(reason="may not speak")
        self.theirs(label="Theirs")
        answer = self.save(**{"attributions-0-reason": "fears for the job"})
        self.assertEqual([place.label for place in answer.context["places"]], ["Sources: reason"])
        self.assertEqual(self.settle(answer, "0:theirs").status_code, 302)
        self.assertEqual(self.article.attributions.get().reason, "may not speak")

    def test_nonsense_settles_nothing_and_breaks_nothing(self):
        answer = self.meet()
        for choice in ("", "9:mine", "0:nobody", "x", "0:both:mine"):
            self.assertEqual(self.settle(answer, choice).status_code, 409, choice)
        sent = filled(answer) | {"_settle": "0:mine", "settle": ["{", "[1]", json.dumps({"field": "body"}), "[" * 9999]}
        self.assertEqual(self.client.post(self.url, sent).status_code, 302)
