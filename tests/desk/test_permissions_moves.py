"""Every move, by everybody, on every story, against a table that people keep by hand.

What the table allows is asked of `take.is_available`, which makes the desk's list of moves and which its page of a
move asks first, and what it refuses of `take.take`, the one door for moves, in every cell; and over HTTP once for each
role and once for each way a story may stand, or in every cell that is refused where a run tries everything.
"""

import datetime as dt
from itertools import product

import pytest
from django.db import connection
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from articles.actions import checklist, debts, states, take, writing
from articles.models import Article, CorrectionDraft, SignOff, State
from newsroom.errors import Refused
from newsroom.models import Publication

from ..base import DeskTestCase
from ..extent import EVERYTHING
from ..tables import rows, several
from .doors import CAST, OWN, SECTION, TOMORROW, Stands, Writes, open_doors, undone, update, written_by

TABLE = rows("moves_by_role")
MOVES = list(dict.fromkeys(row["move"] for row in TABLE))
ENDS = {row["move"]: row["to"] for row in rows("moves")} | {"publish-from-draft": "published"}
RECORDED = {"publish-from-draft": "approve"}  # submitted, approved and published: three moves on the record
PLAIN = ("other", "own", "section")
REFUSED = {403, 404, 409}
# Whom a move is tried for that does not exist for a story as it stands: who would have it if anybody had.
FOR_NOBODY = ("R", "E", "M", "superuser")
# Roles that no line names are tried on the story that is theirs and of their section at once, or they never would be.
NEVER = ("S", "Mo", "A")

THE_DAY_AFTER = TOMORROW + dt.timedelta(days=1)


def as_typed(at):
    return at.strftime("%Y-%m-%dT%H:%M")


def moves_of(article):
    return list(article.transitions.order_by("pk").values_list("move", flat=True))


def submitted_by(article, user, revision):
    """Make a person who submitted a story of a revision."""
    update(article, submitted_by=user)
    states.record_transition(article, "submit", start=State.DRAFT, by=user, revision=revision)


@override_settings(DEBUG_PROPAGATE_EXCEPTIONS=True)
class MovesTestCase(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        cls.doors = open_doors(cls)
        cls.stands = Stands(cls)
        cls.seen = {article.pk: take.seen_token(article) for article in cls.stands.all.values()}
        cls.warned = {}

    def setUp(self):
        self.turn = 0
        self.made = set()  # what of the allowed has been done over HTTP: (move, role) and (move, how the story stands)

    # --- what may tie a person to a story ---------------------------------------------------------------

    def tie(self, story, article, user, name):
        """Make a story what the table calls it for this person."""
        if story in OWN:
            OWN[story](article, user)
        elif story == "everything":
            OWN["own"](article, user)
            SECTION["section"](article, self)
        elif story not in ("other", "held"):
            SECTION.get(story, SECTION["section"])(article, self)
        if story == "author":
            written_by(article, user)
        elif story == "submitted":
            submitted_by(article, user, article.revisions.first())
        elif story == "saved since":
            submitted_by(article, user, None)  # before any of the versions, which Nils saved
        elif story == "embargoed":
            update(article, embargo_until=THE_DAY_AFTER + dt.timedelta(days=1))
        elif story == "legal signed":
            revision = article.revisions.first()
            SignOff.objects.create(
                article=article, kind="legal", revision=revision, by=self.stands.lena, at=timezone.now()
            )
        if name == "release" and story not in ("held", "not held") or story == "on hold":
            update(article, hold=True, hold_by=self.stands.nora, hold_reason="Wait.")
        elif story == "held":
            update(article, hold=True, hold_by=user, hold_reason="Wait.")
        if name == "second-look" and story != "nothing owed":
            by = user if story == "overrode" else self.stands.lena
            debts.owe(article, [debts.SECOND_LOOK], revision=article.revisions.first(), by=by)
        if name == "confirm-correction" and story != "nothing drafted" and (live := article.editions.live().first()):
            by = user if story == "drafted" else self.stands.lena
            CorrectionDraft.objects.create(
                article=article, edition=live, kind="clarification", changes={"standfirst": "Clearer."},
                reader_text="It was unclear.", by=by,
            )  # fmt: skip

    # --- what the desk types ----------------------------------------------------------------------------

    def typed(self, article, name, extra):
        """What a person fills into the page of a move."""
        data = {"note": "Why it is done by us now."}
        if name == "accept":
            data |= {"assignee": self.rob.pk}
        if name in ("publish", "schedule", "publish-anew", "publish-from-draft"):
            data |= {"waive": self.warnings_of(article), "waive_note": "For the test.", "kind": "update"}
        if name in ("schedule", "reschedule"):
            data |= {"at": as_typed(THE_DAY_AFTER)}
        if name in ("correct", "editors-note"):
            data |= {
                "reader_text": "It is six.",
                "headline": "Six ports agree, not seven",
                "live_text": self.stands.body,
            }
        if name == "correct":
            data |= {"kind": "correction", "was": "seven", "became": "six", "words_stay": "on"}
        if name == "confirm-correction":
            data = {"draft": article.correction_drafts.values_list("pk", flat=True).first() or 0}
        if name == "withdraw":
            data |= {"reason": "in_error", "reader_text": "It is gone."}
        return data | extra | {"seen": self.seen[article.pk]}

    def warnings_of(self, article):
        if article.pk not in self.warned:
            found = checklist.findings_of(article, writing.content_of(article))
            self.warned[article.pk] = [finding.key for finding in found if finding.level == "warning"]
        return self.warned[article.pk]

    # --- one cell ---------------------------------------------------------------------------------------

    def knock(self, column, stand, story, name, expected, *, extra=()):
        """Try a move; return what went otherwise than expected, or None."""
        article = self.stands.all[stand]
        with undone():
            if column in CAST:
                self.tie(story, article, getattr(self, CAST[column]), name)
            if expected != "stop" and not self.is_first(column, stand, story, name, expected, extra):
                asked = self.not_offered if expected == "yes" else self.taken
                return self.told(column, stand, story, name, extra, asked(article, column, name))
            moves = moves_of(article) if expected == "yes" else []
            data, writes = self.typed(article, name, dict(extra)), Writes()
            with connection.execute_wrapper(writes):
                answer = self.doors[column].post(reverse("admin:articles_article_move", args=[article.pk, name]), data)
            if expected == "yes":
                wrong = self.not_done(name, answer, article, moves)
            elif writes.made:
                wrong = f"answered {answer.status_code} and wrote {writes.made}"
            else:
                wrong = self.not_refused(answer, column, expected)
        return self.told(column, stand, story, name, extra, wrong)

    def told(self, column, stand, story, name, extra, wrong):
        return wrong and f"{column}: {name}, {'/'.join(stand)}, {story} {dict(extra) or ''}: {wrong}"

    def is_first(self, column, stand, story, name, expected, extra):
        """Whether somebody in this role, or on a story that stands so, has yet to make this move, or be refused it."""
        if expected == "yes":
            new = {(name, column, extra), (name, stand, extra)} - self.made
        else:
            new = {(name, column, story, "refused"), (name, stand, "refused")} - self.made
        self.made |= new
        return bool(new) or (expected != "yes" and (EVERYTHING or column == "anonymous"))

    def not_offered(self, article, column, name):
        user = getattr(self, CAST[column])
        return "" if take.is_available(Article.objects.get(pk=article.pk), name, user) else "not offered"

    def taken(self, article, column, name):
        """What tells that a move went through the door, or wrote on its way to a refusal; "" where neither is so."""
        user, writes = getattr(self, CAST[column]), Writes()
        with connection.execute_wrapper(writes):
            try:
                take.take(article, name, by=user, seen=self.seen[article.pk], note="Why it is done by us now.")
            except Refused:
                return writes.made and f"wrote {writes.made}"
        return "taken"

    def not_done(self, name, answer, article, moves):
        """What tells that a move has not happened as it should; "" where it has."""
        if answer.status_code != 302 or answer["Location"] != article.get_absolute_url():
            return f"refused with {answer.status_code}"
        recorded = moves_of(article)[len(moves) :]
        if RECORDED.get(name, name) not in recorded:
            return f"recorded as {recorded}"
        end = Article.objects.values_list("state", flat=True).get(pk=article.pk)
        return "" if ENDS[name] in ("same", "before", end) else f"ended as {end}"

    def not_refused(self, answer, column, expected):
        status = answer.status_code
        if column == "anonymous":
            led = status == 302 and answer["Location"].startswith(reverse("admin:login"))
            return "" if led else f"got {status}"
        return "" if status in ({400} if expected == "stop" else REFUSED) else f"got {status}"


def lines_for(name, state, situation, story=None):
    """The table's lines for a move on a story that stands so; on such a story, where one is named."""
    return [
        row for row in TABLE
        if row["move"] == name and state in several(row["from"]) and situation in several(row["situation"])
        and (story is None or story in several(row["story"]))
    ]  # fmt: skip


def about(row, *stories):
    return bool(set(several(row["story"])) & set(stories))


@pytest.mark.slow
class PermissionTests(MovesTestCase):
    """Of every move the cells of the table, one test a move so that a parallel run can share them; then the lines
    about authors, holders, holds, embargoes, reasons, and the house without four eyes."""

    def try_move(self, name):
        wrong = []
        for stand in self.stands.all:
            if stand[1] == "withdrawn_legal":
                continue
            known = {
                story: row
                for story in PLAIN
                for row in lines_for(name, *stand, story)
                if not row["eyes"] and not row["with"]
            }
            if not known and not lines_for(name, *stand):
                wrong += self.for_nobody(stand, name)
                continue
            for column in CAST:
                expected = {story: known[story][column] if story in known else "" for story in PLAIN}
                for story, answer in self.tried_on(column, expected):
                    wrong.append(self.knock(column, stand, story, name, answer))
            wrong.append(self.knock("anonymous", stand, "other", name, ""))
        self.assert_right(wrong, at_least=100)

    def for_nobody(self, stand, name):
        """A move that does not exist for such a story is offered to nobody, and refused over HTTP to a manager, who
        may do most, and by turns to one of the others."""
        self.turn = (self.turn + 1) % len(FOR_NOBODY)
        cells = []
        for place, column in enumerate(FOR_NOBODY):
            if column == "M" or place == self.turn:
                cells.append(self.knock(column, stand, "everything", name, ""))
                continue
            article = self.stands.all[stand]
            with undone():
                self.tie("everything", article, getattr(self, CAST[column]), name)
                wrong = "" if self.not_offered(article, column, name) else "offered"
            cells.append(self.told(column, stand, "everything", name, (), wrong))
        return cells

    def tried_on(self, column, expected):
        """What may tie a person to the story, and what they are to get for it."""
        if column in NEVER:
            return [("everything", "")]
        own = OWN if expected["own"] != expected["other"] else ["own"]
        section = SECTION if expected["section"] != expected["other"] else ["section"]
        kinds = {"other": ["other"], "own": own, "section": section}
        return [(kind, expected[story]) for story in PLAIN for kind in kinds[story]]

    def try_lines(self, wanted):
        wrong = []
        for row in filter(wanted, TABLE):
            Publication.objects.update(four_eyes=row["eyes"] != "off")
            extra = tuple(tuple(pair.split("=")) for pair in several(row["with"]))
            cells = product(several(row["from"]), several(row["situation"]), several(row["story"]), CAST)
            for state, situation, story, column in cells:
                if stand := (state, situation) if (state, situation) in self.stands.all else None:
                    expected = row[column]
                    wrong.append(self.knock(column, stand, story, row["move"], expected, extra=extra))
        self.assert_right(wrong, at_least=50)

    def assert_right(self, cells, *, at_least):
        self.assertGreaterEqual(len(cells), at_least)
        if wrong := [cell for cell in cells if cell]:
            self.fail(f"{len(wrong)} of {len(cells)} wrong:\n" + "\n".join(wrong[:60]))

    def test_moves_by_authors_and_submitters_follow_the_table(self):
        self.try_lines(lambda row: not row["eyes"] and about(row, "author", "submitted", "saved since"))

    def test_a_second_look_follows_the_table(self):
        self.try_lines(lambda row: not row["eyes"] and about(row, "overrode", "nothing owed"))

    def test_moves_of_a_paper_without_four_eyes_follow_the_table(self):
        self.try_lines(lambda row: row["eyes"] == "off")

    def test_moves_of_stories_on_hold_follow_the_table(self):
        self.try_lines(lambda row: about(row, "held", "on hold", "not held"))

    def test_moves_under_embargoes_and_orders_follow_the_table(self):
        self.try_lines(lambda row: about(row, "embargoed", "legal", "legal signed"))

    def test_confirming_a_drafted_correction_follows_the_table(self):
        self.try_lines(lambda row: not row["eyes"] and about(row, "drafted", "nothing drafted"))

    def test_reasons_and_kinds_of_a_move_follow_the_table(self):
        self.try_lines(lambda row: row["with"])


for _name in MOVES:
    setattr(PermissionTests, f"test_{_name.replace('-', '_')}", lambda self, name=_name: self.try_move(name))
