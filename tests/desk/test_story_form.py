"""Writing in the admin: what is saved, what is refused, and that nothing typed is lost."""

from datetime import UTC, datetime

from django.urls import reverse

from articles.actions import take, writing
from articles.models import Article, Byline, State
from experts.models import Expert
from newsroom.models import Publication
from tests import zones
from tests.base import DeskTestCase

from .pages import filled


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


class SavingTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article()
        self.client.force_login(self.rana)

    def open(self, user=None):
        if user:
            self.client.force_login(user)
        return self.client.get(change(self.article))

    def save(self, page=None, **changes):
        return self.client.post(change(self.article), filled(page or self.open(), **changes))

    def test_a_save_is_a_new_version(self):
        response = self.save(headline="Seven ports agree")
        self.assertRedirects(response, change(self.article), fetch_redirect_response=False)
        self.article.refresh_from_db()
        self.assertEqual(self.article.headline, "Seven ports agree")
        self.assertEqual(self.article.version, 2)
        self.assertEqual(self.article.revisions.first().content["headline"], "Seven ports agree")

    def test_saving_nothing_new_makes_no_version(self):
        for user in (self.rana, self.edith):
            at = Article.objects.get(pk=self.article.pk).updated_at
            response = self.save(self.open(user))
            self.assertRedirects(response, change(self.article), fetch_redirect_response=False)
            self.article.refresh_from_db()
            self.assertEqual((self.article.version, self.article.updated_at), (1, at))

    def test_topics_and_sections_are_kept(self):
        self.save(sections=[self.politics.pk], topics=[self.topic.pk])
        self.assertEqual(list(self.article.sections.all()), [self.politics])
        self.assertEqual(list(self.article.topics.all()), [self.topic])

    def test_a_byline_is_added_with_the_words(self):
        other = self.rana_by.__class__.objects.create(name="Teo Lindqvist")
        page = self.open()
        data = filled(page) | {
            "bylines-TOTAL_FORMS": "2",
            "bylines-1-contributor": other.pk,
            "bylines-1-role": "photographer",
            "bylines-1-order": "1",
        }
        self.client.post(change(self.article), data)
        self.assertEqual(Byline.objects.filter(article=self.article).count(), 2)
        self.assertEqual(self.article.revisions.first().content["bylines"][1]["name"], "Teo Lindqvist")

    def test_the_body_of_a_story_is_sanitised(self):
        self.save(body='<p onclick="x()">Safe<script>alert(1)</script> words</p>')
        self.article.refresh_from_db()
        self.assertEqual(self.article.body, "<p>Safe words</p>")

    def test_an_unknown_expert_is_an_error_and_nothing_is_lost(self):
        body = '<p>He said <q data-expert="999">these very words</q>.</p>'
        response = self.save(body=body, headline="Typed anew")
        self.assertEqual(response.status_code, 400)
        self.assertIn("body", response.context["adminform"].form.errors)
        self.assertContains(response, "Typed anew", status_code=400)
        self.assertContains(response, "these very words", status_code=400)

    def test_controls_are_an_error_beside_their_field(self):
        for sign in ("\0", "\u202e", "\x07"):
            for name in ("headline", "standfirst", "catchline", "body"):
                response = self.save(**{name: f"Six ports{sign} agree"})
                self.assertEqual(response.status_code, 400, (name, sign))
                self.assertIn(name, response.context["adminform"].form.errors)

    def test_a_taken_slug_is_an_error_beside_it(self):
        self.make_article(slug="seven-ports")
        response = self.save(slug="seven-ports")
        self.assertEqual(response.status_code, 400)
        self.assertIn("taken", str(response.context["adminform"].form.errors["slug"]))

    def test_an_empty_slug_is_made_from_the_headline(self):
        self.save(slug="", headline="Tide & Time: a Ledger")
        self.article.refresh_from_db()
        self.assertEqual(self.article.slug, "tide-time-a-ledger")

    def test_a_headline_of_another_script_gives_a_slug(self):
        self.save(slug="", headline="Порт снова открыт")
        self.article.refresh_from_db()
        self.assertEqual(self.article.slug, "port-snova-otkryt")

    def test_a_slug_made_from_a_headline_is_free(self):
        self.make_article(slug="tide-time")
        self.assertEqual(self.save(slug="", headline="Tide & Time").status_code, 302)
        self.article.refresh_from_db()
        self.assertEqual(self.article.slug, "tide-time-2")

    def test_typed_words_are_composed_and_lose_invisible_marks(self):
        self.save(headline="\u200bCafe\u0301 \u200eport", body="<p>Cafe\u0301\u200b, mor\u200bning</p>")
        self.article.refresh_from_db()
        self.assertEqual(self.article.headline, "Café port")
        self.assertEqual(self.article.body, "<p>Café, morning</p>")

    def test_whoever_lifts_a_legal_sign_off_that_was_wanted_says_why(self):
        self.assertNotContains(self.open(self.edith), 'name="why_lifted"')
        self.save(legal_wanted="on")
        self.assertNotContains(self.open(self.rana), 'name="why_lifted"')  # who does not publish does not lift
        self.client.force_login(self.edith)
        response = self.save(legal_wanted=None, headline="Kept as typed")
        self.assertEqual(response.status_code, 400)
        self.assertIn("Say why it is lifted", str(response.context["adminform"].form.errors["why_lifted"]))
        self.assertContains(response, "Kept as typed", status_code=400)
        self.article.refresh_from_db()
        self.assertTrue(self.article.legal_wanted)
        self.save(legal_wanted=None, why_lifted="Leo read it on paper.")
        self.article.refresh_from_db()
        self.assertFalse(self.article.legal_wanted)
        history = self.client.get(reverse("admin:articles_article_history", args=[self.article.pk]))
        self.assertContains(history, "A legal sign-off is no longer wanted. Leo read it on paper.")

    def test_an_hour_that_the_clock_skips_is_an_error_beside_it(self):
        # In London the clocks go from 01:00 to 02:00 on 28 March 2027.
        Publication.objects.update(time_zone="Europe/London")
        response = self.save(embargo_until="2027-03-28T01:30")
        self.assertEqual(response.status_code, 400)
        said = str(response.context["adminform"].form.errors["embargo_until"])
        self.assertIn("on 28 March 2027 there is no 01:30", said)
        self.assertIn("next minute that exists is 02:00", said)

    def test_an_hour_that_the_clock_doubles_is_chosen_by_its_reading(self):
        # In London the clocks go from 02:00 back to 01:00 on 31 October 2027.
        Publication.objects.update(time_zone="Europe/London")
        response = self.save(embargo_until="2027-10-31T01:30")
        self.assertEqual(response.status_code, 400)
        said = str(response.context["adminform"].form.errors["embargo_until"])
        self.assertIn("the first time (01:30 BST) or the second (01:30 GMT)", said)
        self.assertContains(response, 'name="embargo_until-reading"', status_code=400)
        for reading, hour in (("first", 0), ("second", 1)):
            self.article = self.make_article(slug=f"ports-{reading}")
            answer = self.save(**{"embargo_until": "2027-10-31T01:30", "embargo_until-reading": reading})
            self.assertEqual(answer.status_code, 302)
            self.article.refresh_from_db()
            self.assertEqual(self.article.embargo_until, datetime(2027, 10, 31, hour, 30, tzinfo=UTC))
        # An editor may change it, and sees which of the two it is.
        page = self.open(self.edith)
        self.assertContains(page, '<option value="second" selected>')
        version = self.article.version
        self.save(page, **{"embargo_until-reading": "second"})  # as a browser sends it
        self.article.refresh_from_db()
        self.assertEqual(self.article.version, version)

    def test_times_are_shown_in_the_papers_zone(self):
        self.save(embargo_until="2027-07-01T12:00")
        self.article.refresh_from_db()
        self.assertEqual(self.article.embargo_until, zones.wall("2027-07-01T12:00"))

    def test_an_overlong_text_gets_a_clear_message(self):
        response = self.save(body=f"<p>{'word ' * 200_000}</p>")
        self.assertEqual(response.status_code, 400)
        self.assertIn("body", response.context["adminform"].form.errors)

    def test_facts_of_the_genre_are_fields(self):
        Article.objects.filter(pk=self.article.pk).update(genre="review")
        self.save(fact_item="The Tide Clerk", fact_item_kind="book", fact_rating="4")
        self.article.refresh_from_db()
        self.assertEqual(self.article.genre_facts, {"item": "The Tide Clerk", "item_kind": "book", "rating": 4})

    def test_a_stored_date_is_shown_and_kept(self):
        Article.objects.filter(pk=self.article.pk).update(
            genre="interview", genre_facts={"how": "by telephone", "held_on": "2026-05-01"}
        )
        self.assertContains(self.open(), 'value="2026-05-01"')
        self.save()
        self.article.refresh_from_db()
        self.assertEqual(self.article.genre_facts["held_on"], "2026-05-01")

    def test_ground_rules_are_kept_by_quotation(self):
        self.save(body=f'<p><q data-expert="{self.expert.pk}">Nobody signed it</q></p>')
        record = self.article.quote_records.get()
        self.save(**{f"rule_{record.uid}": "background"})
        record.refresh_from_db()
        self.assertEqual(record.ground_rule, "background")
        self.assertEqual(self.article.revisions.first().content["quotes"][0]["ground_rule"], "background")

    def test_only_those_who_may_assign_change_the_assignee(self):
        self.save(assignee=self.rob.pk)
        self.article.refresh_from_db()
        self.assertIsNone(self.article.assignee)
        self.save(self.open(self.edith), assignee=self.rob.pk)
        self.article.refresh_from_db()
        self.assertEqual(self.article.assignee, self.rob)

    def test_a_story_is_given_to_nobody_whose_role_writes_none(self):
        page = self.open(self.edith)
        offered = {str(label) for _, label in page.context["adminform"].form.fields["assignee"].choices}
        self.assertTrue({str(self.rob), str(self.dana)} <= offered)
        self.assertFalse({str(self.ada), str(self.mona), str(self.leo)} & offered)
        self.assertContains(self.save(page, assignee=self.ada.pk), "Their role writes no stories.", status_code=400)


class StaleCopyTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article()
        self.client.force_login(self.cora)
        self.page = self.client.get(change(self.article))
        self.article.headline = "Quicker words"
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=1)

    def stale(self, **changes):
        """Cora's old form without the version that it was begun from, so that nothing can be put together."""
        data = filled(self.page, headline="Slower words", **changes)
        del data["base_version"]
        return self.client.post(change(self.article), data)

    def test_a_stale_form_saves_nothing_and_keeps_what_was_typed(self):
        response = self.stale()
        self.assertEqual(response.status_code, 409)
        self.assertContains(response, "Slower words", status_code=409)
        self.assertContains(response, "Rana saved version 2", status_code=409)
        self.assertContains(response, "Save mine anyway", status_code=409)
        self.article.refresh_from_db()
        self.assertEqual(self.article.headline, "Quicker words")

    def test_a_stale_form_shows_the_difference(self):
        self.assertEqual([label for label, _ in self.stale().context["sides"]], ["Headline"])

    def test_save_mine_anyway_writes_over_the_shown_version(self):
        self.stale(overwrite="2")
        self.article.refresh_from_db()
        self.assertEqual((self.article.headline, self.article.version), ("Slower words", 3))

    def test_save_mine_anyway_does_not_write_over_a_newer_version(self):
        self.article.standfirst = "Newer still."
        self.article.save()
        writing.save_revision(self.article, by=self.rana, seen_version=2)
        self.assertEqual(self.stale(overwrite="2").status_code, 409)

    def test_a_form_without_a_version_is_stale(self):
        data = filled(self.page, headline="Slower words")
        del data["base_version"]
        self.assertEqual(self.client.post(change(self.article), data).status_code, 409)


class NotMineToChangeTests(DeskTestCase):
    def test_a_save_by_somebody_who_lost_the_story_keeps_their_words(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        take.take(article, "submit", by=self.rana, seen=take.seen_token(article))
        response = self.client.post(change(article), filled(page, headline="One more thought"))
        self.assertContains(response, "One more thought", status_code=403)
        article.refresh_from_db()
        self.assertEqual(article.headline, "Six ports agree a rule")

    def test_another_reporter_reads_and_changes_nothing(self):
        article = self.make_article()
        self.client.force_login(self.rob)
        page = self.client.get(change(article))
        self.assertEqual(page.status_code, 200)
        self.assertNotContains(page, 'name="headline"')
        response = self.client.post(change(article), {"headline": "Mine now", "base_version": "1"})
        self.assertEqual(response.status_code, 403)
        article.refresh_from_db()
        self.assertEqual(article.headline, "Six ports agree a rule")

    def test_a_text_that_cannot_be_changed_has_its_quotation_marks(self):
        expert = Expert.objects.create(display_name="Amina Kessler")
        quote = f'<q data-expert="{expert.pk}" data-quote="abcdefgh">{{}}</q>'
        for number, (language, words, printed) in enumerate((
            ("en", "We agree", "“We agree”"),
            ("de", "Wir sind einig", "„Wir sind einig“"),
            ("ar", "نحن متفقون", "«نحن متفقون»"),
            ("en", "“We agree,”", "“We agree,”"),
        )):  # fmt: skip
            body = f"<p>{quote.format(words)}</p>"
            article = self.make_article(state=State.PUBLISHED, body=body, language=language, slug=f"story-{number}")
            self.client.force_login(self.rana)
            page = self.client.get(change(article)).content.decode()
            self.assertIn(f">{printed}</q>", page, language)
            self.assertIn(f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"', page)

    def test_a_published_story_is_read_only_for_everybody(self):
        article = self.make_article(state=State.PUBLISHED)
        for user in (self.rana, self.edith, self.max):
            self.client.force_login(user)
            self.assertNotContains(self.client.get(change(article)), 'name="headline"')

    def test_the_picture_desk_changes_pictures_alone(self):
        article = self.make_article()
        self.client.force_login(self.pia)
        page = self.client.get(change(article))
        self.assertNotContains(page, 'name="headline"')
        response = self.client.post(
            change(article), filled(page, lead_caption="Boats at dusk", headline="Not hers", picture_wanted="on")
        )
        self.assertEqual(response.status_code, 302)
        article.refresh_from_db()
        self.assertTrue(article.picture_wanted)
        self.assertEqual(article.headline, "Six ports agree a rule")

    def test_the_source_desk_reads_stories_with_experts_and_no_others(self):
        plain = self.make_article(slug="no-experts")
        quoting = self.make_article(body=f'<p><q data-expert="{self.expert.pk}">Words</q></p>')
        self.client.force_login(self.sami)
        self.assertEqual(self.client.get(change(quoting)).status_code, 200)
        self.assertEqual(self.client.get(change(plain)).status_code, 404)
        self.assertEqual(self.client.get(reverse("admin:articles_article_changelist")).status_code, 403)

    def test_moderators_and_administrators_see_no_story_on_any_view(self):
        article = self.make_article(state=State.PUBLISHED)
        views = [("change", []), ("history", []), ("versions", []), ("editions", []), ("edition", [1])]
        views += [("move", ["submit"]), ("signoff", ["facts"])]
        for user in (self.mona, self.ada):
            self.client.force_login(user)
            for name, more in views:
                # Whether it is there or never was, the answer is the same.
                for pk in (article.pk, article.pk + 1000):
                    url = reverse(f"admin:articles_article_{name}", args=[pk, *more])
                    self.assertEqual(self.client.get(url).status_code, 403, url)

    def test_nobody_deletes_a_story(self):
        article = self.make_article()
        self.client.force_login(self.max)
        self.assertEqual(self.client.post(reverse("admin:articles_article_delete", args=[article.pk])).status_code, 403)


class StartTests(DeskTestCase):
    def start(self, user, button, **fields):
        self.client.force_login(user)
        data = {"catchline": "eels", "genre": "news", "origin": "staff", "language": "en", button: "1"} | fields
        return self.client.post(reverse("admin:articles_article_add"), data)

    def test_a_reporter_starts_and_goes_on_writing(self):
        response = self.start(self.rana, "_start")
        article = Article.objects.get()
        self.assertRedirects(response, change(article), fetch_redirect_response=False)
        self.assertEqual((article.state, article.created_by), (State.DRAFT, self.rana))

    def test_a_new_story_can_begin_as_a_pitch(self):
        self.start(self.rana, "_pitch")
        self.assertEqual(Article.objects.get().state, State.PITCH)

    def test_the_picture_desk_starts_but_does_not_pitch(self):
        self.assertEqual(self.start(self.pia, "_pitch").status_code, 400)
        self.assertEqual(self.start(self.pia, "_start").status_code, 302)

    def test_a_new_story_needs_a_name(self):
        response = self.start(self.rana, "_start", catchline="")
        self.assertContains(response, "catchline or a headline", status_code=400)

    def test_legal_and_moderators_start_nothing(self):
        for user in (self.leo, self.mona, self.sami, self.ada):
            self.assertEqual(self.start(user, "_start").status_code, 403, user)


class MergeConflictTests(DeskTestCase):
    def test_a_merge_conflict_shows_both_texts_until_looked_at(self):
        article = self.make_article()
        Article.objects.filter(pk=article.pk).update(
            merge_conflict={"headline": {"base": "Six", "mine": "Sixteen", "theirs": "Sixty"}}
        )
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        self.assertContains(page, "Sixteen")
        self.assertContains(page, "Sixty")
        self.client.post(change(article), filled(page, _looked="1"))
        article.refresh_from_db()
        self.assertEqual(article.merge_conflict, {})


class SourceTests(DeskTestCase):
    def test_an_editor_approves_an_unnamed_source_on_the_form(self):
        article = self.make_article()
        row = article.attributions.create(description="an official", reason="fears for the job")
        writing.save_revision(article, by=self.rana, seen_version=1)
        self.client.force_login(self.edith)
        page = self.client.get(change(article))
        self.client.post(change(article), filled(page, _approve_source=str(row.pk)))
        row.refresh_from_db()
        self.assertEqual(row.approved_by, self.edith)

    def test_a_reporter_does_not_approve_an_unnamed_source(self):
        article = self.make_article()
        row = article.attributions.create(description="an official", reason="fears for the job")
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        response = self.client.post(change(article), filled(page, _approve_source=str(row.pk)))
        self.assertEqual(response.status_code, 403)
        row.refresh_from_db()
        self.assertIsNone(row.approved_by)


class ExpertDeletedTests(DeskTestCase):
    def test_a_story_can_be_opened_whose_expert_is_gone(self):
        gone = Expert.objects.create(display_name="Gone Away")
        article = self.make_article()
        Article.objects.filter(pk=article.pk).update(body=f'<p><q data-expert="{gone.pk}">Words</q></p>')
        gone.delete()
        self.client.force_login(self.rana)
        page = self.client.get(change(article))
        self.assertEqual(page.status_code, 200)
        response = self.client.post(change(article), filled(page, headline="Kept in the form"))
        self.assertContains(response, "Kept in the form", status_code=400)
