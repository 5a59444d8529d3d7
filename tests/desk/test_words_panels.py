"""The boxes of a story's form that say where its words come from: AI tools in Sources, origins in People."""

import datetime as dt

from django.urls import reverse

from articles.actions import restoring, take, writing
from articles.desk.stories import compared
from articles.models import QuoteRecord, State
from newsroom import paper
from tests.base import DeskTestCase

from .pages import filled


class PanelTestCase(DeskTestCase):
    def setUp(self):
        body = f'<p>“<q data-expert="{self.expert.pk}" data-quote="uid-one">A rule is a rule</q>”, he said.</p>'
        self.article = self.make_article(body=body)
        self.client.force_login(self.rana)

    @property
    def url(self):
        return reverse("admin:articles_article_change", args=[self.article.pk])

    def save(self, page=None, **typed):
        answer = self.client.post(self.url, filled(page or self.client.get(self.url), **typed))
        self.article.refresh_from_db()
        return answer


class UseOfAITests(PanelTestCase):
    def test_what_was_used_and_who_reviewed_it_is_kept(self):
        answer = self.save(ai_transcription="yes", ai_transcription_tool="Whisper", ai_research="no",
                           ai_transcription_reviewed_by=str(self.cora.pk))  # fmt: skip
        self.assertEqual(answer.status_code, 302)
        today = paper.today().isoformat()
        self.assertEqual(self.article.ai_use, {
            "research": {"used": "no"},
            "transcription": {"used": "yes", "tool": "Whisper", "reviewed_by": self.cora.pk, "reviewer": str(self.cora),
                              "reviewed_on": today},
        })  # fmt: skip
        page = self.client.get(self.url)
        self.assertContains(page, "AI for transcription")
        self.assertContains(page, 'value="Whisper"')
        self.assertEqual(self.article.version, 2)
        self.save()
        self.assertEqual(self.article.version, 2, "a save that changes nothing is no version")

    def test_a_reviewer_who_has_left_stays(self):
        self.save(ai_drafting="yes", ai_drafting_reviewed_by=str(self.cora.pk))
        self.cora.is_active = False
        self.cora.save()
        before = self.article.ai_use
        self.save(headline="Six ports agree")
        self.assertEqual(self.article.ai_use, before)

    def test_hostile_input_is_refused_beside_its_box_and_loses_nothing(self):
        ahead = (paper.today() + dt.timedelta(days=3)).isoformat()
        for typed in (
            {"ai_drafting": "maybe"}, {"ai_drafting_tool": "x" * 61}, {"ai_drafting_tool": "a\x01b"},
            {"ai_drafting_reviewed_by": "999999"}, {"ai_drafting_reviewed_by": "rana"},
            {"ai_drafting_reviewed_on": "yesterday"}, {"ai_drafting_reviewed_on": ahead},
            {"said_from_uid-one": "hearsay"}, {"said_at_uid-one": "x" * 301}, {"said_on_uid-one": "2026-13-40"},
        ):  # fmt: skip
            with self.subTest(typed):
                data = {"ai_drafting": "yes", "headline": "Typed anew"} | typed
                answer = self.save(**data)
                self.assertEqual(answer.status_code, 400)
                self.assertContains(answer, "Typed anew", status_code=400)
                self.assertIn(next(iter(typed)), answer.context["adminform"].form.errors)
                self.assertEqual(self.article.version, 1)

    def test_who_may_only_read_sees_it_and_changes_nothing(self):
        self.save(ai_drafting="yes", ai_drafting_tool="Quill")
        self.client.force_login(self.leo)
        page = self.client.get(self.url)
        self.assertContains(page, "Used, Quill, nobody reviewed it")
        self.assertNotContains(page, 'name="ai_drafting"')
        self.client.post(self.url, {"ai_drafting": "no", "base_version": "2"})
        self.article.refresh_from_db()
        self.assertEqual(self.article.ai_use["drafting"]["used"], "yes")

    def test_a_colleagues_entry_and_mine_are_put_together(self):
        mine = self.client.get(self.url)
        self.save(ai_research="yes", ai_research_tool="Finder", ai_research_reviewed_by=str(self.cora.pk))
        answer = self.save(mine, ai_translation="no")
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(self.article.ai_use["research"]["tool"], "Finder")
        self.assertEqual(self.article.ai_use["translation"], {"used": "no"})

    def test_the_same_box_changed_by_both_is_shown_in_both_words(self):
        mine = self.client.get(self.url)
        self.save(ai_research="yes", ai_research_tool="Finder")
        answer = self.save(mine, ai_research="yes", ai_research_tool="Seeker")
        self.assertContains(answer, "AI, research: which tool", status_code=409)
        self.assertContains(answer, "Finder", status_code=409)
        self.assertContains(answer, 'value="Seeker"', status_code=409)

    def test_the_checklist_reads_it_as_typed(self):
        page = self.client.get(self.url)
        where = reverse("admin:articles_article_checklist", args=[self.article.pk])
        found = self.client.post(where, filled(page, ai_drafting="yes"), headers={"accept": "application/json"}).json()
        self.assertIn("Drafting with an AI tool: nobody is named who reviewed it", found["checklist"])
        self.assertIn("#panel-sources", found["checklist"])
        self.assertIn("AI for drafting", found["panels"]["sources"]["says"])


class OriginTests(PanelTestCase):
    def test_where_a_quotation_comes_from_is_kept_with_its_terms(self):
        self.save(**{"said_from_uid-one": "outlet", "said_at_uid-one": "Herald, p. 3", "said_on_uid-one": "2026-05-03"})
        record = QuoteRecord.objects.get()
        self.assertEqual(
            (record.origin, record.recording_ref, record.said_on), ("outlet", "Herald, p. 3", dt.date(2026, 5, 3))
        )
        [quote] = self.article.revisions.first().content["quotes"]
        self.assertEqual((quote["origin"], quote["said_on"]), ("outlet", "2026-05-03"))
        self.save()
        self.assertEqual(self.article.version, 2)

    def test_it_comes_back_with_a_version_and_shows_in_a_comparison(self):
        self.save(**{"said_from_uid-one": "recording", "said_at_uid-one": "Folder 9"})
        old, new = (self.article.revisions.get(number=n).content for n in (1, 2))
        [(label, shown)] = compared.differences(old, new)
        self.assertEqual(label, "Where quotations come from")
        self.assertIn("Our recording, Folder 9", shown)
        restoring.restore_version(self.article, 1, by=self.rana, seen=take.seen_token(self.article))
        self.assertEqual(QuoteRecord.objects.get().origin, "")
        self.article.refresh_from_db()
        restoring.restore_version(self.article, 2, by=self.rana, seen=take.seen_token(self.article))
        self.assertEqual(QuoteRecord.objects.get().recording_ref, "Folder 9")

    def test_an_entry_of_each_is_put_together(self):
        mine = self.client.get(self.url)
        self.save(**{"said_from_uid-one": "recording"})
        self.save(mine, **{"said_at_uid-one": "Folder 9"})
        record = QuoteRecord.objects.get()
        self.assertEqual((record.origin, record.recording_ref), ("recording", "Folder 9"))

    def test_the_card_says_what_the_words_were_taken_from(self):
        QuoteRecord.objects.update(origin="recording")
        writing.save_revision(self.article, by=self.rana, seen_version=1)
        for name, by in (("submit", self.rana), ("approve", self.edith), ("publish", self.max)):
            more = {"waive": ["*"], "waive_note": "a test"} if name == "publish" else {}
            take.take(self.article, name, by=by, seen=take.seen_token(self.article), **more)
            self.article.refresh_from_db()
        self.assertEqual(self.article.state, State.PUBLISHED)
        page = self.client.get(reverse("admin:experts_expert_change", args=[self.expert.pk]))
        self.assertContains(page, "Our recording")


class SettingsTests(DeskTestCase):
    def test_the_managing_editor_sets_what_is_printed_and_asked(self):
        self.client.force_login(self.max)
        url = reverse("admin:newsroom_publication_change", args=[1])
        page = self.client.get(url)
        self.assertContains(page, "Parts of this text were drafted with AI tools.")  # what stands there unless changed
        self.client.post(url, filled(page, ai_research="always", ai_research_words="Found with {tool}.",
                                     ai_genres=["news", "analysis"], quote_origins="block"))  # fmt: skip
        self.publication.refresh_from_db()
        self.assertEqual(self.publication.ai_policy, {
            "research": {"print": "always", "words": "Found with {tool}.", "unused": ""}
        })  # fmt: skip
        self.assertEqual((self.publication.ai_genres, self.publication.quote_origins), (["news", "analysis"], "block"))

    def test_others_may_not(self):
        self.client.force_login(self.edith)
        url = reverse("admin:newsroom_publication_change", args=[1])
        self.assertEqual(self.client.post(url, {"quote_origins": "block"}).status_code, 403)
