"""What becomes true while an edition waits: each condition of the table cancels it or stands on Today as an alarm."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction

from articles.actions import checklist, images, signoffs, topics, waiting
from articles.actions.people import linking
from articles.desk import home
from articles.models import Agency, Contributor, Image, Kind, Notification, State
from articles.workflow import Situation
from experts.actions import bars, merge_undo, merging, verification
from experts.models import Expert
from newsroom import paper
from newsroom.errors import Blocked
from newsroom.models import Topic

from .. import zones
from ..base import NOON
from .test_gate import HOUR, WAIVED, GateTestCase

pytestmark = pytest.mark.engines

CHECKLIST = Path(checklist.__file__).parent
CODE = re.compile(r"(?:error|make)\(\s*f?\"([^\"]+)\"")


class WaitingTestCase(GateTestCase):
    def setUp(self):
        super().setUp()
        self.quote = f'<q data-expert="{self.expert.pk}" data-quote="q1">A rule is a rule</q>'

    def scheduled(self, by=None, at=NOON + HOUR, update=False, past=(), **changes):
        """A story that Dana scheduled for one o'clock; with `update`, somebody has begun to write on."""
        changes = {"body": f"<p>Text. {self.quote}</p>"} | changes
        article = self.make_article(state=State.APPROVED, **changes)
        self.schedule(article, by or self.dana, at)
        if update:
            self.take(article, "revise", by=self.rana)
        return article

    def schedule(self, article, by, at=NOON + HOUR, **more):
        self.take(article, "schedule", by=by, at=at, **WAIVED, **more)
        mail.outbox.clear()

    def assertCancelled(self, article, because):
        article.refresh_from_db()
        self.assertEqual(article.situation(), Situation.NONE, "it goes out at its hour")
        self.assertIn(article.transitions.first().move, ("cancel-schedule", "hold"))
        if move := article.transitions.filter(move="cancel-schedule").first():
            self.assertIn(because, move.note)
        told = Notification.objects.get(user=self.dana, kind="failed check", article=article)
        self.assertIn(because, told.text)
        sent = [one.subject for one in mail.outbox if one.to == [self.dana.email]]
        self.assertEqual(sent.count(f"A check failed: story {article.pk}"), 1, sent)
        with self.later(hours=2):
            self.assertFalse(article.editions.live().exists())

    def picture(self):
        words = {"alt": "A quay", "credit": "Pia"}
        return Image.objects.create(original="a.jpg", width=9, height=9, phash="", sha256="", **words)

    def assertWaits(self, article):
        self.assertIn(article.situation(), (Situation.WAITING, Situation.LIVE_WAITING))

    def alarms(self, user):
        found = next(
            (queue for queue in home.queues_of(type(user).objects.get(pk=user.pk)) if queue.name == "alarms"), None
        )
        return [(row.article_id, row.alarm) for row in found.rows] if found else []

    def assertAlarm(self, article, words):
        """It stands on Today of who scheduled it and of the duty editor, on nobody else's, and the edition waits."""
        self.assertWaits(article)
        for user in (self.max, self.dana):
            rows = self.alarms(user)
            self.assertEqual([pk for pk, _ in rows], [article.pk], user)
            self.assertIn(words, rows[0][1])
        for user in (self.rana, self.edith, self.mona):
            self.assertEqual(self.alarms(user), [], user)


class CancelTests(WaitingTestCase):
    def test_hold(self):
        article = self.scheduled()
        with self.captureOnCommitCallbacks(execute=True):
            self.take(article, "hold", by=self.leo, note="lawyers")
        self.assertCancelled(article, waiting.CONDITIONS["hold"].because)

    def test_embargo(self):
        article = self.scheduled(update=True)
        with self.captureOnCommitCallbacks(execute=True):
            self.change(article, self.rana, embargo_until=NOON + 2 * HOUR)
        self.assertCancelled(article, waiting.CONDITIONS["embargo"].because)

    def test_an_embargo_that_ends_before_its_moment_cancels_nothing(self):
        article = self.scheduled(update=True)
        self.change(article, self.rana, embargo_until=NOON + HOUR / 2)
        self.assertWaits(article)
        self.change(article, self.rana, embargo_until=NOON + HOUR)
        self.assertWaits(article)
        self.change(article, self.rana, embargo_until=NOON + HOUR + dt.timedelta(minutes=1))
        self.assertEqual(article.situation(), Situation.NONE)

    def test_legal(self):
        article = self.scheduled(update=True)
        with self.captureOnCommitCallbacks(execute=True):
            self.change(article, self.rana, legal_wanted=True)
        self.assertCancelled(article, waiting.CONDITIONS["legal"].because)

    def test_legal_wanted_of_words_that_legal_signed_cancels_nothing(self):
        article = self.make_article(state=State.APPROVED)
        signoffs.sign(article, "legal", by=self.leo)
        self.schedule(article, self.dana)
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, legal_wanted=True, headline="Another")
        self.assertWaits(article)

    def test_what_was_overridden_at_the_scheduling_cancels_nothing_later(self):
        article = self.make_article(state=State.APPROVED, legal_wanted=True)
        self.schedule(article, self.max, override_note="Legal has read it on paper.")
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, headline="Another")
        self.assertWaits(article)

    def test_unnamed(self):
        article = self.make_article()
        article.attributions.create(description="an official at the ministry", reason="fears for the post")
        self.change(article, self.rana)
        signoffs.approve_attribution(article.attributions.get(), by=self.edith)
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.schedule(article, self.dana)
        self.take(article, "revise", by=self.rana)
        article.attributions.update(description="a minister")
        with self.captureOnCommitCallbacks(execute=True):
            self.change(article, self.rana)
        self.assertCancelled(article, waiting.CONDITIONS["unnamed"].because)

    def test_ground_rule(self):
        for number, rule in enumerate(("off_record", "withdrawn", "embargoed", "background", "deep_background")):
            with self.subTest(rule):
                mail.outbox.clear()
                article = self.scheduled(update=True, slug=f"story-{number}")
                with self.captureOnCommitCallbacks(execute=True):
                    linking.set_terms(
                        article, {"q1": {"ground_rule": rule, "descriptor": "a pilot"}}, by=self.rana,
                        seen_version=article.version,
                    )  # fmt: skip
                self.assertCancelled(article, waiting.CONDITIONS["ground rule"].because)

    def test_a_ground_rule_of_words_that_the_same_save_cuts_cancels_it(self):
        other = Expert.objects.create(display_name="Ada Olsen")
        for number, rule in enumerate(("off_record", "withdrawn", "embargoed", "background")):
            for place, body in enumerate(("<p>Text.</p>", self.quote.replace(f'"{self.expert.pk}"', f'"{other.pk}"'))):
                article = self.scheduled(update=True, slug=f"cut-{number}-{place}")
                article.quote_records.update(ground_rule=rule)
                with self.subTest(rule, body=body):
                    with self.captureOnCommitCallbacks(execute=True):
                        self.change(article, self.rana, body=body)
                    self.assertCancelled(article, waiting.CONDITIONS["ground rule"].because)

    def test_words_that_are_cut_with_the_rule_they_had_cancel_nothing(self):
        article = self.scheduled(update=True)
        self.change(article, self.rana, body="<p>Text.</p>")
        self.assertWaits(article)

    def test_a_ground_rule_set_on_the_storys_form_cancels_it_too(self):
        article = self.scheduled(update=True)
        article.quote_records.update(ground_rule="off_record")
        with self.captureOnCommitCallbacks(execute=True):
            self.change(article, self.rana)
        self.assertCancelled(article, waiting.CONDITIONS["ground rule"].because)

    def test_a_speakers_embargo_that_ends_before_its_moment_cancels_nothing(self):
        article = self.scheduled(update=True)
        fields = {"ground_rule": "embargoed", "embargo_until": NOON + HOUR / 2}
        linking.set_terms(article, {"q1": fields}, by=self.rana, seen_version=article.version)
        self.assertWaits(article)

    def test_do_not_quote(self):
        article = self.scheduled()
        with self.captureOnCommitCallbacks(execute=True):
            bars.set_bar(self.expert, by=self.sami, kind="quote", reason="Made up his numbers")
        self.assertCancelled(article, waiting.CONDITIONS["do not quote"].because)
        self.assertEqual(article.state, State.APPROVED)
        self.assertEqual((article.approved.number, article.approved_by), (1, self.edith))
        self.assertFalse([sent for sent in mail.outbox if "Made up" in sent.body + sent.subject])
        self.assertNotIn("Made up", article.transitions.first().note)

    def test_a_bar_that_does_not_meet_the_story_cancels_nothing(self):
        article = self.scheduled()
        day = zones.day()
        bars.set_bar(self.expert, by=self.sami, kind="contact", reason="No calls")
        bars.set_bar(self.expert, by=self.sami, kind="quote", reason="On air only", medium="live")
        bars.set_bar(self.expert, by=self.sami, kind="quote", reason="Later", since=day + dt.timedelta(days=9))
        self.assertWaits(article)

    def test_a_merge_with_somebody_barred_cancels_what_waits(self):
        article = self.scheduled()
        other = Expert.objects.create(display_name="H. Nystrom")
        bars.set_bar(other, by=self.sami, kind="quote", reason="Asked us")
        self.assertWaits(article)
        other.refresh_from_db()
        self.expert.refresh_from_db()
        with self.captureOnCommitCallbacks(execute=True):
            merging.merge_cards(self.expert, other, {}, by=self.sami, seen=(self.expert.version, other.version))
        self.assertCancelled(article, waiting.CONDITIONS["do not quote"].because)

    def test_a_merge_of_topics_that_brings_a_bar_to_a_story_cancels_it(self):
        other = Topic.objects.create(name="Ferries", slug="ferries")
        bars.set_bar(self.expert, by=self.sami, kind="quote", reason="Sells ferries", topic=other)
        for gone, stays in ((self.topic.pk, other.pk), (other.pk, self.topic.pk)):
            with self.subTest(stays), transaction.atomic():
                article = self.scheduled(slug=f"about-{stays}")
                with self.captureOnCommitCallbacks(execute=True):
                    into = Topic.objects.get(pk=stays)
                    topics.merge_topics([Topic.objects.get(pk=gone)], into=into, by=self.max)
                self.assertCancelled(article, waiting.CONDITIONS["do not quote"].because)
                transaction.set_rollback(True)

    def test_identity(self):
        article = self.scheduled()
        with self.captureOnCommitCallbacks(execute=True):
            verification.record_check(self.expert, method="met", outcome="failed", by=self.sami)
        self.assertCancelled(article, waiting.CONDITIONS["identity"].because)

    def test_taking_back_a_merge_asks_again(self):
        other = Expert.objects.create(display_name="H. Nystrom")
        day = paper.today()
        verification.record_check(other, method="met", outcome="failed", by=self.sami, on=day - dt.timedelta(days=9))
        verification.record_check(self.expert, method="met", outcome="confirmed", by=self.sami, on=day)
        for card in (other, self.expert):
            card.refresh_from_db()
        record = merging.merge_cards(self.expert, other, {}, by=self.sami, seen=(self.expert.version, other.version))
        article = self.scheduled(body=f'<p>Text. <q data-expert="{other.pk}" data-quote="q1">A rule is a rule</q></p>')
        self.assertWaits(article)
        with self.captureOnCommitCallbacks(execute=True):
            merge_undo.undo_merge(record, by=self.sami)
        self.assertCancelled(article, waiting.CONDITIONS["identity"].because)


class LiveAndWaitingTests(WaitingTestCase):
    def test_a_waiting_update_is_cancelled_and_readers_keep_what_they_have(self):
        article = self.live_story(body=f"<p>Text. {self.quote}</p>")
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, standfirst="Later.")
        self.take(article, "submit", by=self.rana)
        self.take(article, "approve")
        self.schedule(article, self.dana, kind="update")
        self.take(article, "revise", by=self.rana)
        self.change(article, self.rana, embargo_until=NOON + 2 * HOUR)
        edition = article.editions.live().get()
        self.assertEqual((article.situation(), edition.kind, edition.live_until), (Situation.LIVE, Kind.FIRST, None))
        self.assertEqual(article.state, State.DRAFT)

    def test_saving_other_things_cancels_nothing(self):
        article = self.scheduled(update=True)
        self.change(article, self.rana, headline="", section=self.politics, planned_length=1)
        self.assertWaits(article)

    def test_whoever_scheduled_it_and_cancels_it_by_saving_gets_no_mail(self):
        article = self.scheduled(by=self.max, update=True)
        with self.captureOnCommitCallbacks(execute=True):
            self.change(article, self.max, embargo_until=NOON + 2 * HOUR)
        self.assertEqual(article.situation(), Situation.NONE)
        self.assertEqual([sent for sent in mail.outbox if sent.to == [self.max.email]], [])

    def test_publishing_what_waits_asks_again_for_what_is_new(self):
        article = self.scheduled(lead_image=self.picture())
        Image.objects.update(rights_until=NOON - HOUR)
        for name, more in (("publish-now", {}), ("reschedule", {"at": NOON + 2 * HOUR})):
            with self.assertRaises(Blocked) as stopped:
                self.take(article, name, **more)
            self.assertIn("may not be published", str(stopped.exception))
        self.assertWaits(article)


class AlarmTests(WaitingTestCase):
    def test_rights(self):
        image = self.picture()
        article = self.scheduled(by=self.max, lead_image=image)
        self.assertEqual(self.alarms(self.dana), [])
        Image.objects.filter(pk=image.pk).update(rights_until=NOON + HOUR / 2)
        self.assertAlarm(article, "its rights are over or restricted")
        Image.objects.filter(pk=image.pk).update(rights_until=NOON + HOUR + HOUR)
        self.assertEqual(self.alarms(self.dana), [])
        Image.objects.filter(pk=image.pk).update(restricted=True)
        self.assertAlarm(article, "its rights are over or restricted")

    def test_made_by_ai(self):
        image = self.picture()
        article = self.scheduled(by=self.max, lead_image=image)
        Image.objects.filter(pk=image.pk).update(source_type="trainedAlgorithmicMedia")
        self.assertAlarm(article, "was made by AI")
        image.refresh_from_db()
        images.rule(image, "illustration", by=self.pia, why="Drawn for the essay.")
        self.assertEqual(self.alarms(self.dana), [])
        images.rule(image, "nothing", by=self.pia, why="The agency took it back.")
        self.assertAlarm(article, "was made by AI")

    def test_terms(self):
        agency = Agency.objects.create(name="Meridian Wire")
        article = self.scheduled(by=self.max, origin="agency", credit=agency, byline=False)
        self.assertEqual(self.alarms(self.dana), [])
        Agency.objects.update(terms_until=paper.today() - dt.timedelta(days=1))
        self.assertAlarm(article, "The terms with Meridian Wire do not cover that day")

    def test_line(self):
        guest = Contributor.objects.create(name="Ida Falk", line="Ida Falk leads the union.")
        article = self.make_article(origin="contributed", byline=False)
        article.bylines.create(contributor=guest)
        self.change(article, self.rana)
        self.take(article, "submit", by=self.cora)
        self.take(article, "approve")
        self.schedule(article, self.max)
        self.assertEqual(self.alarms(self.dana), [])
        Contributor.objects.filter(pk=guest.pk).update(line="")
        self.assertAlarm(article, "Ida Falk needs a line")

    def test_byline(self):
        writer = Contributor.objects.create(name="Wire Writer")
        agency = Agency.objects.create(name="Meridian Wire")
        article = self.make_article(origin="agency", credit=agency, byline=False)
        article.bylines.create(contributor=writer)
        self.change(article, self.rana)
        self.take(article, "submit", by=self.cora)
        self.take(article, "approve")
        self.schedule(article, self.max)
        self.assertEqual(self.alarms(self.dana), [])
        Contributor.objects.filter(pk=writer.pk).update(user=self.rob)
        self.assertAlarm(article, "no staff byline")

    def test_required(self):
        article = self.scheduled(by=self.max)
        self.world.required_signoffs = ["facts"]
        self.world.save()
        self.assertAlarm(article, "wants a facts sign-off")
        self.take(article, "revise", by=self.rana)
        signoffs.sign(article, "facts", by=self.cora)
        self.assertEqual(self.alarms(self.dana), [])

    def test_identity_where_the_paper_begins_to_ask(self):
        article = self.scheduled(by=self.max)
        self.assertEqual(self.alarms(self.dana), [])
        self.publication.identity_checks = "block"
        self.publication.save()
        self.assertAlarm(article, "nobody has verified who they are")

    def test_what_was_overridden_at_the_scheduling_is_no_alarm(self):
        image = self.picture()
        Image.objects.filter(pk=image.pk).update(rights_until=NOON + HOUR / 2)
        article = self.make_article(state=State.APPROVED, lead_image=image)
        self.schedule(article, self.max, override_note="The agency has agreed by telephone.")
        self.assertEqual(self.alarms(self.dana), [])

    def test_the_front_page_shows_it_first_with_its_hour(self):
        article = self.scheduled(by=self.max, lead_image=self.picture())
        Image.objects.update(restricted=True)
        self.client.force_login(self.dana)
        page = self.client.get("/admin/")
        [line] = page.context["today"].waits
        self.assertEqual((line.title, line.when), (str(article), article.editions.get().live_from))
        self.assertContains(page, "its rights are over or restricted")
        self.assertContains(page, article.get_absolute_url())

    def test_alarms_take_as_many_queries_for_many_stories(self):
        agency, image = Agency.objects.create(name="Meridian Wire"), self.picture()
        self.world.required_signoffs = ["copy"]
        self.world.save()
        for number in range(3):
            for part in range(number + 1):
                article = self.make_article(
                    state=State.APPROVED, slug=f"s-{number}-{part}", origin="agency", credit=agency, byline=False,
                    lead_image=image, body=f"<p>Text. {self.quote}</p>",
                )  # fmt: skip
                self.schedule(article, self.max, override_note="The desk is empty tonight.")
            Image.objects.update(restricted=True)
            # what waits; pictures; origins, the paper's zone, agencies; sign-offs asked for, sign-offs; house rules
            with self.assertNumQueries(8):
                found = waiting.alarms_of(list(waiting.editions_ahead()))
            self.assertEqual(len(found), article.editions.model.objects.waiting().count())
            Image.objects.update(restricted=False)


class TableTests(WaitingTestCase):
    def test_every_error_of_the_checklist_is_in_the_table_or_frozen(self):
        codes = {code for path in CHECKLIST.glob("*.py") for code in CODE.findall(path.read_text())}
        warned_only = {"first person", "source", "expert"}
        codes = {"fact" if code.startswith("fact") else code for code in codes} - warned_only
        known = set(waiting.CONDITIONS) | waiting.FROZEN
        self.assertEqual(codes - known, set())
        self.assertEqual(set(waiting.CONDITIONS) & waiting.FROZEN, set())

    def test_each_row_of_the_table_has_its_test(self):
        for code, row in waiting.CONDITIONS.items():
            where = CancelTests if row.cancels else AlarmTests
            self.assertTrue(hasattr(where, f"test_{code.replace(' ', '_')}"), code)

    def test_the_page_of_the_rules_has_the_same_table(self):
        text = (settings.BASE_DIR / "docs/workflow.md").read_text()
        told = dict(re.findall(r"^\| `([\w ]+)` \| [^|]+ \| ([a-z; ]+) \|$", text, re.MULTILINE))
        ours = {code: "cancels" if row.cancels else "alarm" for code, row in waiting.CONDITIONS.items()}
        ours = {code: f"{then}; alarm" if waiting.CONDITIONS[code].only_final else then for code, then in ours.items()}
        self.assertEqual(told, ours)
