"""Spans against an independent model: whatever the desk does, readers see what the plan says, at every moment."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.db.models import Value

from articles.actions import legal_register, take, writing
from articles.models import Article, Designation, DesignationNote, Edition, Kind, State
from articles.workflow import Situation
from newsroom import clock
from newsroom.models import Publication

from ..base import NOON, DeskTestCase
from ..extent import EVERYTHING

pytestmark = pytest.mark.engines

# Each part has dice of its own, and so, in a run that does not try everything, has each engine.
PARTS = range(1, 7) if EVERYTHING else [1] if connection.vendor == "sqlite" else [2]
STEPS = 2000 if EVERYTHING else 400  # of a part
STEPS_A_STORY = 60
TICK = dt.timedelta(microseconds=1)


class Model:
    """Who is in force when, told only what was opened from when and what was cancelled."""

    def __init__(self):
        self.entries = []  # [live_from, kind, cancelled]

    def open(self, kind, at, now):
        self.cancel(now)
        begun = [entry[0] for entry in self.entries if entry[0] <= now and not entry[2]]
        # What began at this very instant was public for it: the next begins a tick later.
        self.entries.append([max([at, *(start + TICK for start in begun)]), kind, False])

    def cancel(self, now):
        for entry in self.entries:
            if entry[0] > now:
                entry[2] = True

    def in_force(self, at):
        begun = [entry for entry in self.entries if entry[0] <= at and not entry[2]]
        return max(begun, key=lambda entry: entry[0])[1] if begun else None

    def waiting(self, now):
        return next((entry for entry in self.entries if entry[0] > now and not entry[2]), None)

    def situation(self, now):
        force, waiting = self.in_force(now), self.waiting(now)
        if force == Kind.WITHDRAWAL:
            return Situation.WITHDRAWN
        if force:
            return Situation.LIVE_WAITING if waiting else Situation.LIVE
        return Situation.WAITING if waiting else Situation.NONE


@pytest.mark.slow
class SpanTests(DeskTestCase):
    def setUp(self):
        Publication.objects.update(four_eyes=False)
        self.now = NOON

    def walk(self, part):
        """A part of the steps, with dice of its own."""
        self.dice = random.Random(20260504 + part)
        done, kinds = 0, set()
        while done < STEPS:
            # An entry of its own, or a refresh would mean every story so far.
            self.entry = Designation.objects.create(name=f"Karst Brigade {done}")
            self.text = DesignationNote.objects.create(designation=self.entry, text="is listed.")
            with clock.frozen(self.now):
                self.article = self.make_article(slug=f"story-{done}", body=self.words("It"))
            self.model = Model()
            for _ in range(min(STEPS_A_STORY, STEPS - done)):
                self.step()
                done += 1
            kinds |= {entry[1] for entry in self.model.entries}
        # The dice reached every kind of edition, so the agreement says something about each.
        self.assertEqual(kinds, set(Kind))

    def step(self):
        self.now += dt.timedelta(seconds=self.dice.choice([1, 30, 600, 4000]), microseconds=self.dice.randrange(10))
        with clock.frozen(self.now):
            self.article = Article.objects.get(pk=self.article.pk)
            situation = self.model.situation(self.now)
            self.assertEqual(self.article.situation(), situation)
            if self.article.state == State.PUBLISHED and situation != Situation.NONE and self.dice.random() < 0.35:
                self.take("revise-withdrawn" if situation == Situation.WITHDRAWN else "revise")
            elif self.article.state == State.DRAFT:
                self.write()
            else:
                self.gate_move(situation)
            self.agree()

    def words(self, beginning):
        return f"<p>{beginning} is denied by the {self.entry.name}, the port authority says.</p>"

    def write(self):
        self.article.body = self.words(f"Take {self.dice.random()}. It")
        self.article.save()
        writing.save_revision(self.article, by=self.max, seen_version=self.article.version)
        self.take("submit")
        self.take("approve")

    def gate_move(self, situation):
        names = [name for name, _ in take.available(self.article, self.max) if name in GATE_MOVES and (name != "spike")]
        if situation != Situation.NONE:
            names.append("refresh")
        name = self.dice.choice(names)
        getattr(self, "do_" + name.replace("-", "_"))()

    def take(self, name, **data):
        take.take(self.article, name, by=self.max, seen=take.seen_token(self.article), **data)
        self.article = Article.objects.get(pk=self.article.pk)

    def ahead(self):
        return self.now + dt.timedelta(seconds=self.dice.choice([1, 20, 900, 5000]))

    WAIVED = {"waive": ["*"], "waive_note": "a test"}

    def kind(self):
        if self.model.in_force(self.now) is None:
            return Kind.FIRST
        return self.dice.choice([Kind.UPDATE, Kind.MINOR])

    def do_publish(self):
        kind = self.kind()
        self.take("publish", kind=kind, **self.WAIVED)
        self.model.open(kind, self.now, self.now)

    def do_schedule(self):
        kind, at = self.kind(), self.ahead()
        self.take("schedule", kind=kind, at=at, **self.WAIVED)
        self.model.open(kind, at, self.now)

    def do_reschedule(self):
        kind, at = self.model.waiting(self.now)[1], self.ahead()
        self.take("reschedule", at=at)
        self.model.open(kind, at, self.now)

    def do_publish_now(self):
        kind = self.model.waiting(self.now)[1]
        self.take("publish-now")
        self.model.open(kind, self.now, self.now)

    def do_cancel_schedule(self):
        self.take("cancel-schedule")
        self.model.cancel(self.now)

    def do_hold(self):
        self.take("hold", note="wait")
        self.model.cancel(self.now)
        self.take("release")

    def do_correct(self):
        kind = self.dice.choice([Kind.CORRECTION, Kind.CLARIFICATION])
        body = self.words(f"Rightly {self.dice.random()}. It")
        self.take("correct", kind=kind, was="this", became="that", reader_text="It said this.", changes={"body": body})
        self.model.open(kind, self.now, self.now)
        Article.objects.filter(pk=self.article.pk).update(merge_conflict={})

    def do_editors_note(self):
        self.take("editors-note", reader_text="We looked again.")
        self.model.open(Kind.EDITORS_NOTE, self.now, self.now)

    def do_withdraw(self):
        self.take("withdraw", note="wrong", reason="in_error", reader_text="It was wrong.")
        self.model.open(Kind.WITHDRAWAL, self.now, self.now)

    def do_reinstate(self):
        self.take("reinstate", note="right after all")
        self.model.open(Kind.REINSTATEMENT, self.now, self.now)

    def do_publish_anew(self):
        self.take("publish-anew", note="rewritten", **self.WAIVED)
        self.model.open(Kind.REINSTATEMENT, self.now, self.now)

    def do_refresh(self):
        before = self.model.in_force(self.now), self.model.waiting(self.now)
        self.text.text = f"is listed, notice {self.dice.random()}."
        self.text.save()
        legal_register.redraw_legal_notes(self.entry, by=self.max)
        if before[0] not in (None, Kind.WITHDRAWAL):
            self.model.open(Kind.REFRESH, self.now, self.now)
        else:
            self.model.cancel(self.now)
        if before[1]:
            self.model.entries.append([before[1][0], before[1][1], False])

    def agree(self):
        editions = self.article.editions
        moments = [self.now, NOON - dt.timedelta(days=1), self.now + dt.timedelta(days=2)]
        for at, _, _ in self.model.entries[-3:]:
            moments += [at, at - dt.timedelta(microseconds=1), at + dt.timedelta(microseconds=1)]
        asked, right = [], []  # questions of one kind each, and what the model says to them
        for at in moments:
            asked.append(editions.in_force(at))
            right.append(self.model.in_force(at))
            if at >= self.now:
                asked.append(editions.live(at))
                right.append(None if right[-1] == Kind.WITHDRAWAL else right[-1])
        beside = [editions.filter(live_until=None), Edition.objects.waiting().filter(article=self.article)]
        found = self.kinds_of(asked + beside)
        self.assertEqual(found[: len(right)], [[kind] if kind else [] for kind in right], moments)
        self.assertLessEqual(max(map(len, found[len(right) :])), 1)

    def kinds_of(self, querysets):
        """The kinds of the editions in each of several querysets, by one query for them all."""
        numbered = [
            editions.order_by().annotate(number_of_question=Value(number)).values_list("number_of_question", "kind")
            for number, editions in enumerate(querysets)
        ]
        found = [[] for _ in querysets]
        for number, kind in numbered[0].union(*numbered[1:], all=True):
            found[number].append(kind)
        return found


for _part in PARTS:
    _name = f"test_every_moment_agrees_with_an_independent_model_{_part}"
    setattr(SpanTests, _name, lambda self, part=_part: self.walk(part))

GATE_MOVES = {
    "publish", "schedule", "reschedule", "publish-now", "cancel-schedule", "hold", "correct", "editors-note",
    "withdraw", "reinstate", "publish-anew",
}  # fmt: skip
