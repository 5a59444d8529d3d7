"""What upper rooms add to lower ones stands in newsroom/hooks.py, and nowhere else."""

from django.db import connection

from experts.relations import all_relations, all_text_columns
from newsroom import hooks
from newsroom.database import guards
from tests.base import DeskTestCase


class HookTests(DeskTestCase):
    def test_adding_a_thing_twice_adds_it_once(self):
        hook = hooks.Hook("numbers")
        hook.add(1, 2)
        hook.add(2, 3)
        self.assertEqual(list(hook), [1, 2, 3])

    def test_the_stories_room_fills_the_hooks_of_the_source_book(self):
        for name in ("guards", "card_relations", "card_texts", "card_boxes", "words_said", "bar_set"):
            self.assertTrue(list(getattr(hooks, name)), name)
        self.assertLessEqual({"articles.Quote.expert", "experts.Channel.expert"}, {r.name for r in all_relations()})
        self.assertLessEqual(
            {"articles.DeskNote", "experts.ContactLog"}, {text.model_name for text in all_text_columns()}
        )
        self.assertEqual(len(list(hooks.guards)), 4)

    def test_guards_come_from_both_rooms(self):
        tables = {guard.table.partition("_")[0] for guard in guards.all_guards(connection)}
        self.assertLessEqual({"experts", "articles"}, tables)
