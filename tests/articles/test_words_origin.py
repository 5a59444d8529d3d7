"""Where a story's words come from: what AI tools were used for, and what each quotation was taken from."""

import json

from articles.actions import checklist, restoring, take, writing
from articles.desk.stories import compared
from articles.models import Edition, Quote, QuoteRecord, State
from articles.rendering import render_edition
from newsroom import ai_use
from newsroom.errors import Blocked
from newsroom.models import Publication

from .test_gate import GateTestCase

USED = {"used": "yes", "tool": "Whisper", "reviewed_by": 1, "reviewer": "Rana", "reviewed_on": "2026-05-03"}


class WordsTestCase(GateTestCase):
    def keys(self, article):
        found = checklist.findings_of(article, writing.content_of(article))
        return [(f.key, f.level) for f in found if f.code in ("ai use", "ai review", "no origin")]

    def set(self, **settings):
        Publication.objects.filter(pk=1).update(**settings)

    def published(self, **changes):
        return self.make_article(state=State.PUBLISHED, **changes).editions.select_related("text").get()


class UseOfAITests(WordsTestCase):
    def test_nothing_is_asked_unless_somebody_asks(self):
        self.assertEqual(self.keys(self.make_article()), [])

    def test_a_section_or_a_kind_of_story_asks(self):
        article = self.make_article()
        self.set(ai_genres=["news"])
        self.assertEqual(self.keys(article), [("ai use", "warning")])
        self.set(ai_genres=["opinion"])
        self.assertEqual(self.keys(article), [])
        self.world.ai_asked = True
        self.world.save()
        article.refresh_from_db()
        self.assertEqual(self.keys(article), [("ai use", "warning")])
        article.ai_use = {kind: {"used": "no"} for kind in ai_use.KINDS}
        self.assertEqual(self.keys(article), [])

    def test_words_that_a_tool_wrote_and_nobody_reviewed_stop_the_story(self):
        article = self.make_article(ai_use={kind: {"used": "yes"} for kind in ("drafting", "transcription")})
        self.assertEqual(self.keys(article), [("ai review:transcription", "warning"), ("ai review:drafting", "error")])
        article.ai_use = {"drafting": USED}
        self.assertEqual(self.keys(article), [])

    def test_the_paper_decides_what_is_printed(self):
        edition = self.published(ai_use={"drafting": USED, "research": USED, "images": {"used": "no"}})
        self.assertEqual([line["kind"] for line in edition.text.data["ai"]], ["drafting"])
        _, page = render_edition(edition)
        self.assertIn("Parts of this text were drafted with AI tools.", page)
        self.assertNotIn("Whisper", page)
        self.assertNotIn("Rana", json.dumps(edition.text.data["ai"]))
        self.assertIn("CompositeWithTrainedAlgorithmicMediaDigitalSource", page)
        self.set(
            ai_policy={"images": {"print": "always"}, "drafting": {"print": "used", "words": "Drafted with {tool}."}}
        )
        said = ai_use.statements(
            {"drafting": USED, "images": {"used": "no"}}, Publication.objects.current().ai_policy, "en-GB", "en"
        )
        self.assertEqual(
            [words for *_, words in said], ["Drafted with Whisper.", "No AI tools were used for its pictures."]
        )
        self.assertIn("Parts of this text", render_edition(Edition.objects.get(pk=edition.pk))[1], "frozen as it was")

    def test_a_story_in_another_language_gets_our_words(self):
        policy = {"drafting": {"print": "used", "words": "Drafted with {tool}."}}
        [(_, _, words)] = ai_use.statements({"drafting": USED}, policy, "de-AT", "en")
        self.assertIn("mit KI", words)
        self.assertEqual(ai_use.statements({}, {"drafting": {"print": "always"}}, "en", "en"), [])

    def test_a_story_without_ai_prints_and_says_nothing(self):
        edition = self.published()
        page = render_edition(edition)[1]
        self.assertNotIn("data-ai", page)
        self.assertNotIn("digitalSourceType", page)

    def test_it_belongs_to_the_version_and_is_compared_and_restored(self):
        article = self.make_article()
        article.ai_use = {"drafting": USED}
        article.save()
        writing.save_revision(article, by=self.rana, seen_version=1)
        old, new = (article.revisions.get(number=n).content for n in (1, 2))
        [(label, shown)] = compared.differences(old, new)
        self.assertEqual(label, "Use of AI")
        self.assertIn("Whisper, reviewed by Rana on 3 May 2026", shown)
        article.refresh_from_db()
        restoring.restore_version(article, 1, by=self.rana, seen=take.seen_token(article))
        article.refresh_from_db()
        self.assertEqual(article.ai_use, {})

    def test_it_is_among_the_words_that_an_approval_holds(self):
        article = self.make_article(state=State.APPROVED)
        article.ai_use = {"drafting": USED}
        article.save()
        writing.save_revision(article, by=self.cora, seen_version=article.version)
        article.refresh_from_db()
        self.assertEqual(article.state, State.SUBMITTED)


class OriginTests(WordsTestCase):
    def quoting(self, **changes):
        body = f'<p>“<q data-expert="{self.expert.pk}" data-quote="uid-one">A rule is a rule</q>”, he said.</p>'
        return self.make_article(body=body, **changes)

    def test_the_paper_may_ask_or_require_where_a_quotation_comes_from(self):
        article = self.quoting()
        self.assertEqual(self.keys(article), [])
        self.set(quote_origins="warn")
        self.assertEqual(self.keys(article), [("no origin:uid-one", "warning")])
        self.set(quote_origins="block")
        self.assertEqual(self.keys(article), [("no origin:uid-one", "error")])
        article.quote_records.update(origin="recording")
        self.assertEqual(self.keys(article), [])

    def test_another_outlet_is_named(self):
        self.set(quote_origins="block")
        article = self.quoting()
        article.quote_records.update(origin="outlet")
        self.assertEqual(self.keys(article), [("no origin:uid-one", "error")])
        article.quote_records.update(recording_ref="Northern Herald, https://herald.example/1")
        self.assertEqual(self.keys(article), [])

    def test_no_origin_no_quote(self):
        self.set(quote_origins="block")
        article = self.quoting(state=State.APPROVED)
        with self.assertRaises(Blocked) as stopped:
            take.take(article, "publish", by=self.max, seen=take.seen_token(article), waive=["*"], waive_note="a test")
        self.assertIn("no origin:uid-one", [finding.key for finding in stopped.exception.findings])

    def test_it_is_frozen_for_the_desk_and_never_printed(self):
        article = self.quoting(saved=False)
        writing.save_revision(article, by=self.rana, seen_version=0)
        QuoteRecord.objects.update(origin="recording", recording_ref="Folder 9, tape B")
        writing.save_revision(article, by=self.rana, seen_version=1)
        for name, by in (("submit", self.rana), ("approve", self.edith), ("publish", self.max)):
            take.take(article, name, by=by, seen=take.seen_token(article), **(
                {"waive": ["*"], "waive_note": "a test"} if name == "publish" else {}))  # fmt: skip
            article.refresh_from_db()
        edition = article.editions.select_related("text", "revision").get()
        self.assertEqual(Quote.objects.get().get_origin_display(), "Our recording")
        self.assertEqual(edition.revision.content["quotes"][0]["recording_ref"], "Folder 9, tape B")
        self.assertNotIn("Folder 9", json.dumps(edition.text.data))
        page = render_edition(edition)[1]
        self.assertNotIn("Our recording", page)
        self.assertNotIn("Folder 9", page)
