"""The code's tables of moves, roles and genres, held against copies that people keep by hand."""

import re

import pytest

from articles import genres, roles
from articles.actions import checklist, writing
from articles.desk.base import readable_stories
from articles.models import Byline
from articles.workflow import MOVES, WITHDRAWAL_REASONS, Situation, State

from ..base import DeskTestCase
from ..tables import rows, several

pytestmark = pytest.mark.engines

UNCHANGED = {"same", "before"}


def letters(grants):
    """A table of grants in the letters of the hand-kept one: {("R", "own", {"pitch", "draft"})}."""
    short = {role: letter for letter, role in roles.LETTERS.items()}
    return {
        (short[role], str(grant.scope), frozenset(map(str, grant.states)) if grant.states else None)
        for role, grant in grants.items()
    }


def written(cell):
    """The same from a cell such as "R own (pitch draft); D"."""
    found = set()
    for entry in several(cell):
        letter, scope, states = re.fullmatch(r"(\w+)(?: (own|sec))?(?: \(([\w ]+)\))?", entry).groups()
        found.add((letter, scope or "any", frozenset(states.split()) if states else None))
    return found


class MoveTests(DeskTestCase):
    def test_the_code_has_the_moves_of_the_table(self):
        self.assertEqual({row["move"] for row in rows("moves")}, set(MOVES))

    def test_each_move_starts_and_ends_where_the_table_says(self):
        for row in rows("moves"):
            move = MOVES[row["move"]]
            with self.subTest(row["move"]):
                self.assertEqual({str(s) for s in move.starts}, set(several(row["from"])))
                self.assertEqual({str(s) for s in move.situations}, set(several(row["situation"])))
                self.assertEqual(
                    "" if move.ends is None else str(move.ends), "" if row["to"] in UNCHANGED else row["to"]
                )
                self.assertEqual(move.note, row["note"])

    def test_each_move_is_for_those_whom_the_table_names(self):
        for row in rows("moves"):
            with self.subTest(row["move"]):
                self.assertEqual(letters(MOVES[row["move"]].who), written(row["who"]))

    def test_the_table_uses_the_words_of_the_code(self):
        for row in rows("moves"):
            self.assertLessEqual(set(several(row["from"])), set(State.values))
            self.assertLessEqual(set(several(row["situation"])), set(Situation.values))

    def test_withdrawal_reasons_are_those_of_the_table(self):
        kept = {row["reason"]: (int(row["status"]), row["duty editor"] == "yes") for row in rows("withdrawals")}
        ours = {name: (reason.status, reason.duty_may) for name, reason in WITHDRAWAL_REASONS.items()}
        self.assertEqual(ours, kept)


class RoleTests(DeskTestCase):
    def test_the_code_has_the_capabilities_of_the_table(self):
        self.assertEqual({row["capability"] for row in rows("capabilities")}, set(roles.CAPABILITIES))

    def test_each_capability_is_for_those_whom_the_table_names(self):
        for row in rows("capabilities"):
            name = row.pop("capability")
            with self.subTest(name):
                kept = {(letter, cell, None) for letter, cell in row.items() if cell in ("any", "own", "sec")}
                self.assertEqual(letters(roles.CAPABILITIES[name]), kept)

    def test_the_source_desk_reads_only_stories_that_link_an_expert(self):
        plain = self.make_article(slug="plain")
        linked = self.make_article(
            slug="linked",
            body=f'<p>She said <q data-expert="{self.expert.pk}">we agree</q>, the port authority says.</p>',
        )
        self.assertEqual(set(readable_stories(self.sami)), {linked})
        self.assertEqual(set(readable_stories(self.rob)), {plain, linked})
        self.assertFalse(readable_stories(self.mona).exists())


class GenreTests(DeskTestCase):
    def test_genres_have_the_labels_types_and_bylines_of_the_table(self):
        kept = {
            row["genre"]: (row["name"], row["label"], row["schema.org type"], row["byline"]) for row in rows("genres")
        }
        ours = {key: (genre.name, genre.label, genre.schema_type, genre.byline) for key, genre in genres.GENRES.items()}
        self.assertEqual(ours, kept)

    def test_each_genre_gets_the_findings_of_the_table(self):
        for row in rows("genres"):
            with self.subTest(row["genre"]):
                found = self.findings(row["genre"], byline=row["byline"] != "none")
                self.assertEqual(found["error"], set(several(row["errors"])))
                # What every story without a sign-off or a standfirst is warned of.
                self.assertEqual(found["warning"] - {"standfirst", "copy", "facts"}, set(several(row["warnings"])))

    def test_a_broken_byline_rule_stops_each_genre(self):
        for row in rows("genres"):
            with self.subTest(row["genre"]):
                found = self.findings(row["genre"], byline=row["byline"] == "none")
                self.assertIn("byline", found["error"])

    def findings(self, genre, *, byline):
        article = self.make_article(
            genre=genre, byline=False, slug=f"{genre}-{byline}".replace("_", "-").lower(), standfirst="",
            body="<p>The text runs to eleven pages.</p>",
        )  # fmt: skip
        if byline:
            Byline.objects.create(article=article, contributor=self.rana_by)
        article.approved_by = self.edith
        found = {"error": set(), "warning": set()}
        for finding in checklist.findings_of(article, writing.content_of(article)):
            found[finding.level].add(finding.code)
        return found
