"""The checklist beside the text speaks of what is typed and saves nothing; its warnings are waived before a move."""

import datetime as dt
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.actions import preview_answers, previews, signoffs, take, writing
from articles.models import Article, Byline, Contributor, State
from experts.models import Expert
from tests.base import DeskTestCase

from .pages import filled


def page_of(article, name="change", *args):
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *args])


class LiveTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(body=f'<p>“<q data-expert="{self.expert.pk}">Words</q>”, he said.</p>')
        self.client.force_login(self.rana)

    def look(self, **typed):
        data = filled(self.client.get(page_of(self.article)), **typed)
        answer = self.client.post(page_of(self.article, "checklist"), data, headers={"accept": "application/json"})
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def test_it_speaks_of_what_is_typed_and_saves_nothing(self):
        found = self.look(headline="", standfirst="Typed just now")
        self.assertIn("It has no headline.", found["checklist"])
        self.assertNotIn("It has no standfirst.", found["checklist"])
        self.article.refresh_from_db()
        self.assertEqual((self.article.headline, self.article.version), ("Six ports agree a rule", 1))
        self.assertEqual(self.article.revisions.count(), 1)

    def test_rows_count_as_they_are_typed(self):
        self.assertIn("needs at least one byline", self.look(**{"bylines-0-DELETE": "on"})["checklist"])
        other = Contributor.objects.create(name="Teo Lindqvist")
        said = self.look(**{"bylines-1-contributor": str(other.pk), "bylines-1-order": "1"})["panels"]["byline"]
        self.assertEqual(said["says"], "Rana Aziz, Teo Lindqvist")
        self.assertEqual(Byline.objects.filter(article=self.article).count(), 1)

    def test_a_person_linked_just_now_counts(self):
        card = Expert.objects.create(display_name="Greta Holm")
        body = f'{self.article.body}<p>“<q data-expert="{card.pk}">More</q>”, she said.</p>'
        self.assertEqual(self.look(body=body)["panels"]["people"]["says"], "2 people, 2 quotations")
        self.assertEqual(self.article.appearances.count(), 1)

    def test_terms_count_as_they_are_chosen(self):
        uid = self.article.quote_records.get().uid
        self.assertIn("cannot be printed", self.look(**{f"rule_{uid}": "off_record"})["checklist"])
        self.assertEqual(self.article.quote_records.get().ground_rule, "on_record")

    def test_a_refused_box_is_looked_at_as_it_is_saved(self):
        found = self.look(headline="Typed\x00 badly", body='<p><q data-expert="987654">Nobody</q></p>')
        self.assertNotIn("It has no headline.", found["checklist"])
        self.assertEqual(found["panels"]["people"]["says"], "1 person, 1 quotation")

    def test_hostile_input_is_answered(self):
        for typed in ({}, {"bylines-TOTAL_FORMS": "x"}, {"bylines-TOTAL_FORMS": "1", "bylines-INITIAL_FORMS": "1"},
                      {"topics": ["x", "-1"], "section": "99999999999999999999"}, {"base_version": "x"}):  # fmt: skip
            self.assertEqual(self.client.post(page_of(self.article, "checklist"), typed).status_code, 200, typed)

    def test_a_copy_that_is_stale_is_looked_at_all_the_same(self):
        page = self.client.get(page_of(self.article))
        writing.save_revision(self.article, by=self.cora, seen_version=1)
        Article.objects.filter(pk=self.article.pk).update(version=7)
        self.assertEqual(self.client.post(page_of(self.article, "checklist"), filled(page)).status_code, 200)

    def test_the_picture_desk_is_told_of_its_own_boxes(self):
        self.client.force_login(self.pia)
        self.assertEqual(self.client.post(page_of(self.article, "checklist"), {}).status_code, 200)

    def test_a_long_history_costs_no_query_more(self):
        def asked():
            data = filled(self.client.get(page_of(self.article)))
            with CaptureQueriesContext(connection) as queries:
                self.client.post(page_of(self.article, "checklist"), data)
            return len(queries)

        before = asked()
        for number in range(4):
            Article.objects.filter(pk=self.article.pk).update(standfirst=f"Take {number}")
            writing.save_revision(self.article, by=self.rana, seen_version=self.article.version)
        self.assertEqual(asked(), before)


class WaivingTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(state=State.APPROVED)
        self.client.force_login(self.max)
        self.page = self.client.get(page_of(self.article))

    def panel(self):
        page = page_of(self.article, "checklist")
        return self.client.get(page, headers={"accept": "application/json"}).json()["checklist"]

    def test_who_may_publish_now_waives_in_the_panel(self):
        self.assertIn('name="waive" value="copy"', self.panel())
        self.client.force_login(self.rana)
        self.assertNotIn('name="waive"', self.panel())

    def test_without_scripts_the_checklist_has_a_page(self):
        self.assertContains(self.page, f'<a href="{page_of(self.article, "checklist")}">')
        page = self.client.get(page_of(self.article, "checklist"))
        self.assertContains(page, "No copy sign-off on these words.")
        self.assertContains(page, page_of(self.article, "signoff", "facts"))

    def test_what_was_waived_goes_with_the_move(self):
        data = filled(self.page, _move="publish", waive=["copy", "facts"], waive_note="Read twice.")
        answer = self.client.post(page_of(self.article), data)
        asked = self.client.get(answer["Location"])
        self.assertEqual(asked.context["form"]["waive"].value(), ["copy", "facts"])
        self.assertEqual(asked.context["form"]["waive_note"].value(), "Read twice.")
        self.assertEqual(self.article.editions.count(), 0)

    def test_an_address_waives_nothing_by_itself(self):
        page = page_of(self.article, "move", "publish") + "?waive=copy&waive=nothing&waive_note=x"
        self.assertEqual(self.client.get(page).status_code, 200)
        seen = take.seen_token(self.article)
        self.assertEqual(self.client.post(page, {"seen": seen}).status_code, 400)
        self.assertEqual(self.article.editions.count(), 0)


class DialogTests(DeskTestCase):
    def test_a_dialog_is_told_where_to_go_and_the_message_waits_there(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        data = {"seen": take.seen_token(article)}
        answer = self.client.post(page_of(article, "move", "submit"), data, headers={"accept": "application/json"})
        self.assertEqual(answer.json(), {"leads_to": page_of(article)})
        self.assertContains(self.client.get(page_of(article)), "Submitted: it waits for an editor.")

    def test_a_refusal_comes_as_the_page_with_its_status(self):
        article = self.make_article()
        self.client.force_login(self.rana)
        answer = self.client.post(page_of(article, "move", "submit"), {}, headers={"accept": "application/json"})
        self.assertEqual(answer.status_code, 409)
        self.assertContains(answer, "data-dialog-part", status_code=409)

    def test_a_locked_story_is_taken_up_with_one_click(self):
        article = self.make_article(state=State.PUBLISHED)
        self.client.force_login(self.rana)
        page = self.client.get(page_of(article))
        self.assertContains(page, f'formaction="{page_of(article, "move", "revise")}"')
        seen = page.context["adminform"].form["seen"].value()
        self.client.post(page_of(article, "move", "revise"), {"seen": seen})
        article.refresh_from_db()
        self.assertEqual(article.state, State.DRAFT)


class LiveAddressTests(DeskTestCase):
    def test_a_live_story_says_its_address_to_copy(self):
        article = self.make_article(state=State.PUBLISHED)
        path = article.editions.live().get().path
        self.client.force_login(self.rana)
        self.assertContains(self.client.get(page_of(article)), f'data-copy="http://127.0.0.1:8000{path}"')


class StartTests(DeskTestCase):
    def start(self, **typed):
        self.client.force_login(self.rana)
        return self.client.post(reverse("admin:articles_article_add"), typed)

    def test_a_headline_and_a_section_are_enough(self):
        self.start(headline="Six ports agree", section=str(self.world.pk), _start="1")
        article = Article.objects.get(headline="Six ports agree")
        self.assertEqual((article.section, article.genre, article.origin), (self.world, "news", "staff"))
        self.assertEqual(article.language, "en")

    def test_the_page_asks_for_no_more(self):
        self.client.force_login(self.rana)
        page = self.client.get(reverse("admin:articles_article_add"))
        for name, asked in (("headline", True), ("section", True), ("genre", False), ("catchline", False)):
            self.assertEqual(f'name="{name}"' in page.content.decode(), asked, name)

    def test_the_next_story_is_headed_where_the_last_was(self):
        self.start(headline="Six ports agree", section=str(self.politics.pk), _start="1")
        page = self.client.get(reverse("admin:articles_article_add"))
        self.assertContains(page, f'<option value="{self.politics.pk}" selected>')

    def test_a_pitch_is_made_by_its_catchline(self):
        self.client.force_login(self.rana)
        page = self.client.get(reverse("admin:articles_article_add") + "?pitch")
        self.assertContains(page, 'name="catchline"')
        self.start(catchline="fog keepers", section=str(self.world.pk), _pitch="1")
        self.assertEqual(Article.objects.get(catchline="fog keepers").state, State.PITCH)

    def test_a_story_without_any_name_is_refused(self):
        self.assertContains(self.start(_start="1"), "catchline or a headline", status_code=400)


class OutsideLegalTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(state=State.APPROVED)
        self.link, _ = previews.make_link(
            self.article, by=self.rana, name="Anna Brill", purpose="legal", lasts=dt.timedelta(days=1)
        )
        self.client.force_login(self.edith)

    def tile(self):
        answer = self.client.get(page_of(self.article, "checklist"), headers={"accept": "application/json"})
        return " ".join(re.sub("<[^>]+>", "", answer.json()["checklist"].rpartition("Legal</b>")[2]).split())

    def answer(self, verdict, text=""):
        preview_answers.leave_verdict(self.link, verdict=verdict, text=text)

    def test_the_tile_says_who_did_not_clear_it(self):
        self.assertTrue(self.tile().startswith("open"))
        self.answer("not cleared", "Do not print.")
        self.assertTrue(self.tile().startswith("Not cleared by Anna Brill,"))

    def test_the_tile_says_what_is_still_to_be_accepted(self):
        self.answer("changes")
        self.assertIn("Cleared with changes by Anna Brill, to be accepted", self.tile())
        Article.objects.filter(pk=self.article.pk).update(headline="Seven ports agree a rule")
        self.assertIn("but words changed since", self.tile())
        Article.objects.filter(pk=self.article.pk).update(headline="Six ports agree a rule")
        preview_answers.count_verdict(self.link, by=self.leo)
        self.assertTrue(self.tile().startswith("Anna Brill,"))

    def test_a_later_signoff_of_the_house_answers_the_verdict(self):
        self.answer("not cleared")
        signoffs.sign(self.article, "legal", by=self.leo, seen_version=self.article.version)
        self.assertTrue(self.tile().startswith("Leo,"))

    def test_the_box_of_what_was_not_cleared_is_ticked_by_hand(self):
        self.answer("not cleared")
        page = self.client.get(page_of(self.article, "move", "publish"))
        boxes = re.findall(r'<input type="checkbox" name="waive"[^>]*>', page.content.decode())
        self.assertEqual([box for box in boxes if "data-by-hand" in box], [b for b in boxes if "not cleared:" in b])
        self.assertIn("data-by-hand", "".join(boxes))
        self.assertGreater(len(boxes), 1)
