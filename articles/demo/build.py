"""Builds the demonstration: every story goes through the desk's own actions, at the times in its file.

People of the cast start, submit, approve and publish it, with the clock set to each moment.
"""

import datetime as dt
import heapq
from itertools import count

from articles.models import Article, Attribution, Byline, Comment, Front, State
from newsroom import clock, mail, paper

from ..actions import discussion, fronts, notify, signoffs, take, writing
from .cast import Cast
from .comments import COMMENTS
from .diary import write_diary
from .sourcebook import SourceBook
from .stories import load_stories, with_primary_keys

WAIVED = {"waive": ["*"], "waive_note": "Read at the conference."}
HOUR = dt.timedelta(hours=1)


def tell_of_open_stories():
    """Tell people on the desk, and nobody by mail, of the last move of each story that somebody has work with."""
    for article in Article.objects.filter(state__in=[State.SUBMITTED, State.NEEDS_CHANGES, State.APPROVED]):
        move = article.transitions.first()
        waits_for = notify.who_waits_for(article)
        kind, to = {
            "submit": ("submission", notify.who_edits(article.section)),
            "send-back": ("sent back", waits_for),
            "approve": ("approval", waits_for),
        }.get(move.move, ("", ()))
        if kind:
            with clock.frozen(move.at), mail.nothing_posted():
                notify.tell(kind, to=to, article=article, by=move.by, text=move.note)


class Builder:
    """Brings every story to the state in its file. `say` is called with a line for each step."""

    def __init__(self, say=lambda line: None):
        self.say = say
        self.now = clock.process_time().replace(second=0, microsecond=0)
        self.events, self.tickets = [], count()
        self.articles = {}

    def build(self):
        """Make everything. Nobody is told of years of moves; see `tell_of_open_stories`."""
        with notify.quiet():
            self._build()

    def _build(self):
        self.say("people, sections, pictures")
        self.cast = Cast()
        self.book = SourceBook(self.cast)
        self.book.fill()
        self.stories = load_stories()
        for story in self.stories:
            self._start(story)
        for story in self.stories:
            self._plan(story)
        for moment, act in self.book.changes_of_role():
            self.at(moment, act)
        self.say(f"{len(self.stories)} stories through the gate")
        while self.events:
            at, _, act = heapq.heappop(self.events)
            with clock.frozen(at):
                act(at)
        self._comments()
        self._front()
        write_diary(self.articles, self.cast.users, self.now)

    def at(self, moment, act):
        heapq.heappush(self.events, (moment, next(self.tickets), act))

    # --- people ---------------------------------------------------------------------------------

    def writer(self, story):
        """Who starts and submits it: the user behind its first byline, else the copy editor."""
        for key in story.facts.get("bylines", []):
            contributor = self.cast.contributors[key]
            if contributor.user:
                return contributor.user
        return self.cast.users["cora"]

    def editor(self, story):
        """Who approves and publishes it: its section's editor, the managing editor for opinion and editorials."""
        users, section = self.cast.users, self.cast.sections[story.facts["section"]]
        for username in ("edith", "nils"):
            if section.editors.filter(pk=users[username].pk).exists():
                return users[username]
        return users["max"]

    # --- starting -------------------------------------------------------------------------------

    def published_at(self, story):
        return self.now - dt.timedelta(days=story.facts.get("age", 0))

    def _start(self, story):
        """The story's row, before any body names another's."""
        facts = story.facts
        with clock.frozen(self.published_at(story) - 20 * HOUR):
            self.articles[story.key] = writing.start_story(
                by=self.writer(story), pitch=story.state == "pitch", headline=facts.get("headline", ""),
                catchline=facts.get("catchline", ""), section=self.cast.sections[facts["section"]],
                genre=facts.get("genre", "news"), origin=facts.get("origin", "staff"),
                language=facts.get("language", "en"), budget_line=facts.get("budget_line", ""),
            )  # fmt: skip

    def _write(self, story):
        """The whole of the story into the working copy, saved as a version by its writer."""
        facts, article = story.facts, self._fresh(story)
        article.headline = facts.get("headline", "")
        article.short_headline = facts.get("short_headline", "")
        article.standfirst = facts.get("standfirst", "")
        article.slug = story.key.removeprefix("culture-").removeprefix("opinion-")[:80]
        article.label = facts.get("label", "")
        article.dateline = facts.get("dateline", "")
        article.credit = self.cast.agencies.get(facts.get("credit", ""))
        article.lead_image = self.cast.images.get(facts.get("lead_image", ""))
        article.lead_caption = facts.get("lead_caption", "")
        article.genre_facts = self._genre_facts(story)
        article.ai_use = self._ai_use(story)
        article.body = story.body_with(self.cast.rows(self.articles))
        article.save()
        article.topics.set([self.cast.topics[slug] for slug in facts.get("topics", [])])
        article.sections.set([self.cast.sections[slug] for slug in facts.get("sections", [])])
        article.bylines.all().delete()
        for order, key in enumerate(facts.get("bylines", [])):
            Byline.objects.create(article=article, contributor=self.cast.contributors[key], order=order)
        self._attributions(article, facts)
        writer = self.writer(story)
        writing.save_revision(article, by=writer, seen_version=article.version, why="written")
        for key, title in facts.get("titles", {}).items():
            article.appearances.filter(expert=self.cast.experts[key]).update(attribution_as_printed=title)
        self._terms(story, article, writer)
        article = self._fresh(story)
        writing.save_revision(article, by=writer, seen_version=article.version, why="titles as printed")

    def _terms(self, story, article, writer):
        """As what each person speaks, and how their words were had."""
        keys = {expert.pk: key for key, expert in self.cast.experts.items()}
        for row in article.appearances.all():
            row.role = self.book.role_of(story.key, keys[row.expert_id])
            row.save(update_fields=["role"])
        day = paper.day_of(self.published_at(story))
        for number, record in enumerate(article.quote_records.order_by("pk")):
            for name, value in self.book.terms(number, writer, day).items():
                setattr(record, name, value)
            record.save()

    def _attributions(self, article, facts):
        for row in facts.get("attribution", []):
            known_by = self.cast.contributors.get(row.get("known_by", ""))
            Attribution.objects.create(
                article=article, kind=row["kind"], description=row["description"], reason=row.get("reason", ""),
                outlet=row.get("outlet", ""), known_by=known_by and known_by.user,
            )  # fmt: skip

    def _genre_facts(self, story):
        """The facts of its genre, with days back turned into dates."""
        facts, day = {}, paper.day_of(self.published_at(story))
        names = {"held_days_ago": "held_on", "claim_days_ago": "claimed_on", "died_days_ago": "died_on",
                 "as_of_days_ago": "as_of", "born": "born_on"}  # fmt: skip
        for name, value in story.facts.get("genre_facts", {}).items():
            if name.endswith("_days_ago"):
                value = (day - dt.timedelta(days=value)).isoformat()
            facts[names.get(name, name)] = value.isoformat() if isinstance(value, dt.date) else value
        return facts

    def _ai_use(self, story):
        """What its AI tools were used for, each reviewed by a colleague on the day that it came out."""
        day, record = paper.day_of(self.published_at(story)).isoformat(), {}
        for kind, row in story.facts.get("ai_use", {}).items():
            reviewer = self.cast.users[row["reviewer"]] if "reviewer" in row else None
            reviewed = {"reviewed_by": reviewer.pk, "reviewer": str(reviewer), "reviewed_on": day} if reviewer else {}
            record[kind] = {name: value for name, value in row.items() if name != "reviewer"} | reviewed
        return record

    def _fresh(self, story):
        return Article.objects.get(pk=self.articles[story.key].pk)

    # --- what happens when ----------------------------------------------------------------------

    def _plan(self, story):
        """Put the story's events on the calendar."""
        state, at = story.state, self.published_at(story)
        self.at(at - 4 * HOUR, lambda _: self._write(story))
        if state in ("published", "withdrawn"):
            self.at(at - 2 * HOUR, lambda _: self._approve(story))
            self.at(at, lambda _: self._take(story, "publish", self.editor(story), **WAIVED))
        elif state != "pitch":
            self.at(self.now - HOUR, lambda _: self._unfinished(story))
        for update in story.facts.get("update", []):
            moment = min(at + update["hours_after"] * HOUR, self.now - dt.timedelta(minutes=5))
            self.at(moment, lambda _, update=update: self._update(story, update))
        for note in story.facts.get("correction", []):
            moment = min(at + note["hours_after"] * HOUR, self.now - dt.timedelta(minutes=4))
            self.at(moment, lambda _, note=note: self._correct(story, note))
        if state == "withdrawn":
            self.at(at + 3 * HOUR, lambda _: self._withdraw(story))
        if story.key == "tram-line-delay":
            self.at(self.now - dt.timedelta(minutes=2), lambda _: self._update_ahead(story))

    def _take(self, story, name, by, **data):
        article = self._fresh(story)
        return take.take(article, name, by=by, seen=take.seen_token(article), **data)

    def _approve(self, story):
        self._take(story, "submit", self.writer(story))
        editor = self.editor(story)
        article = self._fresh(story)
        for row in article.attributions.filter(approved_by=None, kind="unnamed"):
            signoffs.approve_attribution(row, by=editor)
        self._take(story, "approve", editor)

    def _unfinished(self, story):
        writer, editor, state = self.writer(story), self.editor(story), story.state
        if state == "draft":
            return
        if state in ("submitted", "needs_changes"):
            self._take(story, "submit", writer)
            if state == "needs_changes":
                self._take(story, "send-back", editor, note=story.facts["note"])
            return
        self._approve(story)
        if state == "scheduled":
            self._take(story, "schedule", editor, at=self.now + story.facts["in_hours"] * HOUR, **WAIVED)

    def _revised(self, story, append):
        editor, writer = self.editor(story), self.writer(story)
        self._take(story, "revise", writer)
        article = self._fresh(story)
        article.body += with_primary_keys(append, self.cast.rows(self.articles))
        article.save()
        writing.save_revision(article, by=writer, seen_version=article.version, why="update")
        self._approve(story)
        return editor

    def _update(self, story, update):
        editor = self._revised(story, update["append"])
        self._take(story, "publish", editor, kind="update", line=update["line"], **WAIVED)

    def _update_ahead(self, story):
        editor = self._revised(story, "<p>The operator is to publish its timetable for the repair at six.</p>")
        at = self.now + 14 * HOUR
        self._take(story, "schedule", editor, kind="update", line="Adds the repair timetable", at=at, **WAIVED)

    def _correct(self, story, note):
        live = self._fresh(story).editions.live().select_related("revision").get()
        body = live.revision.content["body"]
        changes = {}
        if note.get("find"):
            if note["find"] not in body:
                raise ValueError(f"{story.key}: “{note['find']}” is not in the body")
            changes["body"] = body.replace(note["find"], note["replace"])
        data = {"was": note.get("was", ""), "became": note.get("became", ""), "reader_text": note["text"]}
        if note["kind"] == "editors_note":
            self._take(story, "editors-note", self.cast.users["max"], changes=changes, reader_text=note["text"])
            return
        self._take(story, "correct", self.cast.users["cora"], kind=note["kind"], changes=changes, **data)
        self._take(story, "confirm-correction", self.editor(story))

    def _withdraw(self, story):
        self._take(
            story, "withdraw", self.cast.users["max"], note="Went out by mistake.", reason="in_error",
            reader_text=story.facts["withdrawn_text"], show_headline=True, list_publicly=True,
        )  # fmt: skip

    # --- afterwards -----------------------------------------------------------------------------

    def _comments(self):
        for number, (key, name, body, hours, state) in enumerate(COMMENTS):
            edition = self.articles[key].editions.live().first()
            with clock.frozen(max(edition.first_published_at, self.now - hours * HOUR)):
                comment = discussion.post_comment(edition, name=name, email="", body=body, sender=f"demo-{number}")
                if state != "pending":
                    discussion.decide_comment(
                        comment, Comment.State(state), by=self.cast.users["mona"], reason="Off the subject."
                    )

    def _front(self):
        home, _ = Front.objects.get_or_create(section=None)
        for position, key in enumerate(("six-ports-compact", "water-bill-vote", "glacier-survey"), 1):
            home.slots.create(position=position, article=self.articles[key])
        fronts.launch(home, by=self.cast.users["max"])
