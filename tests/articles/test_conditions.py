"""A lawyer wanted and an embargo are written down when they are set, moved or lifted: by whom, and why."""

import datetime as dt

from articles.actions import signoffs, writing
from articles.models import State, Transition
from newsroom.errors import NoteNeeded

from ..base import NOON, DeskTestCase

DAY = dt.timedelta(days=1)


class ConditionsTests(DeskTestCase):
    def setUp(self):
        self.article = self.make_article(state=State.APPROVED)

    def save(self, by, why="", **fields):
        for name, value in fields.items():
            setattr(self.article, name, value)
        self.article.save()
        writing.save_revision(self.article, by=by, seen_version=self.article.version, why_lifted=why)
        self.article.refresh_from_db()

    def written(self):
        return list(self.article.transitions.filter(move="conditions").order_by("pk").values_list("by", "note"))

    def test_a_lawyer_who_is_no_longer_wanted_leaves_a_record(self):
        self.save(self.cora, legal_wanted=True)
        with self.assertRaises(NoteNeeded) as refused:
            self.save(self.edith, legal_wanted=False)
        self.assertEqual(refused.exception.field, "why_lifted")
        self.save(self.edith, "Leo read it on paper.", legal_wanted=False)
        self.assertEqual(self.written(), [
            (self.cora.pk, "A legal sign-off is wanted."),
            (self.edith.pk, "A legal sign-off is no longer wanted. Leo read it on paper."),
        ])  # fmt: skip
        last = self.article.transitions.filter(move="conditions").first()
        self.assertEqual((last.start, last.end, last.revision.number), ("approved", "approved", 1))

    def test_an_embargo_that_is_set_moved_or_lifted_leaves_a_record(self):
        self.save(self.cora, embargo_until=NOON + 2 * DAY, embargo_terms="Not before the talks")
        self.save(self.cora, embargo_until=NOON + 3 * DAY)
        for fields in ({"embargo_until": NOON + DAY}, {"embargo_until": None}):
            with self.assertRaises(NoteNeeded):
                self.save(self.edith, **fields)
        self.save(self.edith, "They have agreed.", embargo_until=NOON + DAY)
        self.save(self.edith, "They have spoken.", embargo_until=None, embargo_terms="")
        self.assertEqual([by for by, _ in self.written()], [self.cora.pk] * 2 + [self.edith.pk] * 2)
        for (_, note), words in zip(self.written(), ("Not before the talks", "not", "They have agreed", "is lifted"),
                                    strict=True):  # fmt: skip
            self.assertIn(words, note)

    def test_a_save_that_changes_none_of_them_writes_nothing_more(self):
        self.save(self.cora, legal_wanted=True)
        self.save(self.edith, headline="Another")
        self.assertEqual(len(self.written()), 1)

    def test_a_story_that_begins_under_embargo_says_so(self):
        article = writing.start_story(by=self.rana, headline="New", section=self.world, embargo_until=NOON + DAY)
        self.assertTrue(article.transitions.filter(move="conditions", by=self.rana).exists())

    def test_an_unnamed_source_that_is_approved_leaves_a_record(self):
        source = self.article.attributions.create(kind="unnamed", description="an official", reason="safety")
        signoffs.approve_attribution(source, by=self.edith)
        move = Transition.objects.get(move="approve-source")
        self.assertEqual((move.by, move.note), (self.edith, "an official"))
