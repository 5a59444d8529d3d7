"""Who is told of what: on the desk at once, by mail as they chose, and no word of a story in any mail."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from articles.actions import notify, notify_by_time, take, writing
from articles.models import Article, Comment, MailChoice, Notification, State
from articles.notifications import KINDS
from articles.roles import Role
from newsroom import clock
from newsroom.errors import Stale
from newsroom.models import Publication, User

from ..base import NOON, DeskTestCase, person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAIVED = {"waive": ["*"], "waive_note": "a test"}
HOSTILE = "Minister\r\nBcc: all@paper.example\u202e <script>alert(1)</script> quits"


class ToldTestCase(DeskTestCase):
    def take(self, article, move, by, **asked):
        article.refresh_from_db()
        with self.captureOnCommitCallbacks(execute=True):
            take.take(article, move, by=by, seen=take.seen_token(article), **asked)
        article.refresh_from_db()

    def tell(self, kind, **fields):
        with self.captureOnCommitCallbacks(execute=True):
            notify.tell(kind, **fields)

    def told(self, kind=None):
        rows = Notification.objects.filter(kind=kind) if kind else Notification.objects.all()
        return sorted(rows.values_list("user__username", flat=True))

    def mailed(self):
        return sorted(address.partition("@")[0] for sent in mail.outbox for address in sent.to)


class MovesTests(ToldTestCase):
    def test_copy_that_is_submitted_is_told_to_the_section_and_who_is_on_duty(self):
        self.take(self.make_article(), "submit", self.rana)
        self.assertEqual(self.told("submission"), ["dana", "edith"])

    def test_a_section_without_editors_tells_whoever_may_act(self):
        self.take(self.make_article(section=self.politics), "submit", self.rana)
        self.assertEqual(self.told("submission"), ["dana", "max"])

    def test_legal_is_told_where_a_lawyer_is_wanted(self):
        self.take(self.make_article(legal_wanted=True), "submit", self.rana)
        self.assertEqual(self.told("legal"), ["leo"])

    def test_sent_back_reaches_submitter_author_and_assignee_with_its_note(self):
        article = self.make_article(state=State.SUBMITTED, assignee=self.rob)
        self.take(article, "send-back", self.edith, note="Who says so?")
        self.assertEqual(self.told("sent back"), ["rana", "rob"])
        self.assertEqual({row.text for row in Notification.objects.all()}, {"Who says so?"})
        self.assertNotIn("Who says so", mail.outbox[0].body)

    def test_approval_and_publication_reach_whose_story_it_is(self):
        article = self.make_article(state=State.SUBMITTED, assignee=self.rob)
        self.take(article, "approve", self.edith)
        self.take(article, "publish", self.max, **WAIVED)
        self.assertEqual((self.told("approval"), self.told("publication")), (["rana", "rob"], ["rana", "rob"]))

    def test_a_correction_is_told_as_one_and_once(self):
        article = self.make_article(state=State.SUBMITTED, assignee=self.rob)
        self.take(article, "approve", self.edith)
        self.take(article, "publish", self.max, **WAIVED)
        Notification.objects.all().delete()
        self.take(article, "correct", self.edith, was="six", became="seven", reader_text="Seven.",
                  changes={"headline": "Seven ports"})  # fmt: skip
        self.take(article, "confirm-correction", self.max)
        self.take(article, "editors-note", self.max, reader_text="We looked into it.")
        with self.captureOnCommitCallbacks(execute=True):
            notify_by_time.tell_of_editions()
        self.assertEqual((self.told("corrected"), self.told("editors note")), (["rana", "rob"], ["rana", "rob"]))
        self.assertEqual(self.told("publication"), [])
        told = Notification.objects.filter(kind="corrected").first()
        self.assertEqual(told.says, "Max corrected it for readers.")

    def test_nobody_is_told_of_what_they_did_themselves(self):
        article = self.make_article(state=State.SUBMITTED, assignee=self.edith, byline=False)
        Article.objects.filter(pk=article.pk).update(submitted_by=self.edith)
        self.take(article, "send-back", self.edith, note="Mine.")
        self.assertEqual(self.told(), [])

    def test_a_story_given_to_somebody_reaches_them_from_the_form_too(self):
        made = self.make_article()
        with self.captureOnCommitCallbacks(execute=True):
            article = Article.objects.get(pk=made.pk)
            article.assignee, article.legal_wanted = self.rob, True
            article.save()
            writing.save_revision(article, by=self.edith, seen_version=article.version)
            writing.save_revision(article, by=self.edith, seen_version=article.version)
        self.assertEqual((self.told("assignment"), self.told("legal")), (["rob"], ["leo"]))

    def test_a_move_that_is_refused_tells_nobody(self):
        article = self.make_article()
        with self.assertRaises(Stale), self.captureOnCommitCallbacks(execute=True):
            take.take(article, "submit", by=self.rana, seen="stale")
        self.assertEqual(self.told(), [])

    def test_word_that_cannot_be_written_down_stops_no_move(self):
        article = self.make_article()
        with (
            mock.patch.object(Notification.objects, "bulk_create", side_effect=OperationalError("disk full")),
            self.assertLogs("django", "ERROR"),
        ):
            self.take(article, "submit", self.rana)
        self.assertEqual(article.state, State.SUBMITTED)


class TellTests(ToldTestCase):
    def test_a_mention_reaches_who_is_named_but_nobody_who_may_not_read_the_story(self):
        self.tell("mention", to=[self.cora, self.mona, self.ada, self.sami, self.rana], article=self.make_article(),
                  by=self.rana, text="@cora look")  # fmt: skip
        self.assertEqual(self.told(), ["cora"])

    def test_who_has_left_or_is_off_duty_is_not_told(self):
        off = person("off", Role.DUTY)
        User.objects.filter(pk=self.cora.pk).update(is_active=False)
        self.tell("mention", to=[self.cora, off, self.rob], article=self.make_article(), by=self.rana)
        self.assertEqual(self.told(), ["rob"])

    def test_readers_are_those_whom_the_table_lets_read(self):
        linked = self.make_article(slug="linked", body=f'<p>Text. <q data-expert="{self.expert.pk}">No</q></p>')
        person("two", Role.REPORTER, Role.SOURCE)
        person("off", Role.DUTY)
        User.objects.create_superuser("root")
        for article in (self.make_article(), linked):
            found = set(User.objects.filter(notify.readers_of(article), is_active=True))
            may = {u for u in User.objects.all() if Article.objects.readable_by(u).filter(pk=article.pk).exists()}
            self.assertEqual(found, may)
            self.assertEqual(self.sami in found, article == linked)

    def test_it_takes_as_many_queries_for_forty_people(self):
        counts, article = [], self.make_article()
        for number in (1, 40):
            people = [person(f"r{number}-{n}", Role.REPORTER) for n in range(number)]
            with CaptureQueriesContext(connection) as caught, mock.patch("newsroom.mail.send_due"):
                self.tell("mention", to=people, article=article, by=self.rana)
            counts.append(len([q for q in caught if "SAVEPOINT" not in q["sql"]]))
        # who they are with how they want it; word on the desk; mail; the rest is the worker's
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 3)
        self.assertEqual(Notification.objects.count(), 41)

    def test_with_a_key_nobody_is_told_twice(self):
        for _ in range(2):
            self.tell("publication", to=[self.rana], article=self.make_article(), key="edition 7")
        self.assertEqual((self.told(), self.mailed()), (["rana"], ["rana"]))

    def test_each_may_read_words_of_their_own(self):
        self.tell("bar", to={self.edith: "One story", self.dana: "Two stories"}, by=self.sami, link="/admin/")
        self.assertEqual(dict(Notification.objects.values_list("user__username", "text")),
                         {"edith": "One story", "dana": "Two stories"})  # fmt: skip

    def test_a_quiet_program_tells_nobody(self):
        with notify.quiet():
            self.tell("mention", to=[self.cora], article=self.make_article())
        self.assertEqual(self.told(), [])


class MailTests(ToldTestCase):
    def test_each_is_mailed_as_they_chose(self):
        MailChoice.objects.create(user=self.cora, how="off")
        MailChoice.objects.create(user=self.rob, how="digest")
        MailChoice.objects.create(user=self.edith, how="off", exceptions={"mention": "now"})
        MailChoice.objects.create(user=self.dana, how="now", exceptions={"mention": "off"})
        everybody = [self.cora, self.rob, self.edith, self.dana, self.max]
        self.tell("mention", to=everybody, article=self.make_article(), by=self.rana)
        self.assertEqual(len(self.told()), 5, "the desk tells all of them")
        self.assertEqual(self.mailed(), ["edith", "max"])

    def test_no_mail_holds_a_word_of_a_story_a_note_or_a_person(self):
        fields = {
            "headline": HOSTILE[:160], "short_headline": "Short secret", "standfirst": "Standing secret",
            "body": f'<p>Body secret <q data-expert="{self.expert.pk}">quoted secret</q></p>', "slug": "slug-secret",
            "budget_line": "Budget secret", "embargo_terms": "Terms secret", "hold_reason": "Held secret",
        }  # fmt: skip
        article = self.make_article(**fields, legal_wanted=True, embargo_until=NOON + 9 * DAY)
        for catchline, name in (("", f"story {article.pk}"), ("tugs", "tugs"), (HOSTILE[:80], "Minister Bcc: all@")):
            Article.objects.filter(pk=article.pk).update(catchline=catchline)
            article.refresh_from_db()
            mail.outbox.clear()
            for kind in KINDS:
                self.tell(kind, to=[self.edith], article=article, by=self.rana, text="Note secret Halvard Nystrom")
            self.assertEqual(len(mail.outbox), len(KINDS))
            for sent in mail.outbox:
                said = sent.subject + sent.body
                for words in ("secret", "Halvard", "Nystrom", "quits" if not catchline else "\r", "\u202e"):
                    self.assertNotIn(words, said)
                self.assertIn(name, sent.subject)
                self.assertEqual((sent.to, sent.cc, sent.bcc), ([self.edith.email], [], []))
                self.assertNotIn("\nBcc", sent.message().as_string())
                self.assertIn(article.get_absolute_url(), sent.body)

    def test_a_catchline_is_cut_to_a_line(self):
        article = self.make_article(catchline="x" * 80)
        self.assertEqual(len(notify.story_name(article)), notify.NAME)


@pytest.mark.days
class DigestTests(ToldTestCase):
    def setUp(self):
        MailChoice.objects.create(user=self.rob, how="digest")
        self.article = self.make_article(catchline="tugs", headline="Secret headline")

    def say(self, at, kind="mention"):
        with clock.frozen(at):
            self.tell(kind, to=[self.rob, self.cora], article=self.article, by=self.rana, text="Secret note")

    def digest(self, at):
        mail.outbox.clear()
        with clock.frozen(at), self.captureOnCommitCallbacks(execute=True):
            notify_by_time.mail_digests()
        return mail.outbox

    def seven(self, zone, day=0):
        """07:00 of the paper's day in a zone, a day or more after NOON's."""
        Publication.objects.update(time_zone=zone)
        there = NOON.astimezone(Publication.objects.current().zone)
        return (there + day * DAY).replace(hour=7, minute=0, second=0, microsecond=0)

    def test_a_daily_mail_comes_once_a_day_at_the_papers_hour_in_any_zone(self):
        for zone in ("Europe/London", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"):
            with self.subTest(zone):
                MailChoice.objects.update(digest_on=None)
                Notification.objects.all().delete()
                at = self.seven(zone, day=1)
                self.say(at - 3 * HOUR)
                self.say(at - 2 * HOUR)
                self.assertEqual(len(self.digest(at - timedelta(minutes=1))), 0)
                [sent] = self.digest(at)
                self.assertEqual((sent.to, sent.subject), ([self.rob.email], "The Test Courier: 2 notifications"))
                self.assertEqual(sent.body.count("You are mentioned: tugs"), 2)
                self.assertNotIn("Secret", sent.subject + sent.body)
                self.say(at + HOUR)
                self.assertEqual(len(self.digest(at + 2 * HOUR)), 0, "once a day")
                self.assertEqual(len(self.digest(at + 10 * HOUR)), 0)
                self.assertEqual(len(self.digest(at + DAY)), 1)
                self.assertEqual(len(self.digest(at + 2 * DAY)), 0, "nothing new")

    def test_a_worker_that_was_off_at_the_hour_sends_one_later(self):
        at = self.seven("Europe/London", day=1)
        self.say(at - HOUR)
        self.assertEqual(len(self.digest(at + 9 * HOUR)), 1)
        self.say(at + 10 * HOUR)
        self.assertEqual(len(self.digest(at + 4 * DAY)), 1)

    def test_the_hour_is_the_papers_to_choose(self):
        at = self.seven("Europe/London", day=1)
        Publication.objects.update(digest_at="17:30")
        self.say(at)
        self.assertEqual(len(self.digest(at + 10 * HOUR)), 0)
        self.assertEqual(len(self.digest(at + 10.5 * HOUR)), 1)

    def test_what_was_read_or_is_no_longer_wanted_stays_out(self):
        at = self.seven("Europe/London", day=1)
        self.say(at - 3 * HOUR)
        Notification.objects.update(read_at=at - 2 * HOUR)
        self.say(at - HOUR, kind="approval")
        MailChoice.objects.update(exceptions={"approval": "off"})
        self.assertEqual(len(self.digest(at)), 0)

    def test_who_left_the_desk_gets_no_catchline_in_a_daily_mail(self):
        at = self.seven("Europe/London", day=1)
        self.say(at - HOUR)
        self.rob.groups.clear()
        self.assertEqual(len(self.digest(at)), 0)

    def test_daily_mails_take_as_many_queries_for_many_people(self):
        counts = []
        at = self.seven("Europe/London", day=1)
        for number in (1, 20):
            at += DAY
            people = [person(f"d{number}-{n}", Role.REPORTER) for n in range(number)]
            MailChoice.objects.bulk_create([MailChoice(user=user, how="digest") for user in people])
            with clock.frozen(at - HOUR):
                self.tell("mention", to=people, article=self.article, by=self.rana)
            with clock.frozen(at), CaptureQueriesContext(connection) as caught:
                notify_by_time.mail_digests()
            counts.append(len(caught))
        self.assertEqual(counts[0], counts[1])


@pytest.mark.days
class ByTheClockTests(ToldTestCase):
    def scheduled(self):
        article = self.make_article(state=State.APPROVED)
        with clock.frozen(NOON):
            self.take(article, "schedule", self.max, at=NOON + HOUR, **WAIVED)
        return article

    def run_at(self, at, work, since=None):
        with clock.frozen(at), self.captureOnCommitCallbacks(execute=True):
            work(since)

    def test_a_scheduled_story_that_went_out_is_told_once(self):
        self.scheduled()
        self.assertEqual((self.told("schedule"), self.told("publication")), (["rana"], []))
        for minutes in (59, 60, 61, 62):
            self.run_at(NOON + timedelta(minutes=minutes), notify_by_time.tell_of_editions)
            self.assertEqual(self.told("publication"), ["rana"] if minutes > 59 else [])
        self.assertEqual(self.mailed(), ["rana", "rana"])

    def test_what_was_published_by_hand_is_not_told_again(self):
        article = self.make_article(state=State.APPROVED)
        with clock.frozen(NOON):
            self.take(article, "publish", self.max, **WAIVED)
        self.run_at(NOON + HOUR, notify_by_time.tell_of_editions)
        self.assertEqual(self.told("publication"), ["rana"])

    def test_what_went_out_days_ago_is_no_news(self):
        self.scheduled()
        self.run_at(NOON + 3 * DAY, notify_by_time.tell_of_editions, NOON)
        self.assertEqual(self.told("publication"), [])

    def test_a_check_that_fails_while_it_waits_is_told_to_who_scheduled_it_once(self):
        self.scheduled()
        self.world.required_signoffs = ["copy"]
        self.world.save()
        for minutes in (1, 11):
            self.run_at(NOON + timedelta(minutes=minutes), notify_by_time.tell_of_failed_checks)
        self.assertEqual(self.told("failed check"), ["dana", "max"])
        self.assertIn("sign-off", Notification.objects.filter(kind="failed check").first().text)

    def test_comments_that_wait_are_told_to_moderators_once_a_day(self):
        article = self.make_article()
        Comment.objects.create(article=article, name="A", body="B", created_at=NOON)
        for hours in (0.5, 2, 3):
            self.run_at(NOON + hours * HOUR, notify_by_time.tell_of_comments)
        self.assertEqual(self.told("comments"), ["dana", "mona"])
        self.run_at(NOON + 26 * HOUR, notify_by_time.tell_of_comments)
        self.assertEqual(len(self.told("comments")), 4)

    def test_old_notifications_are_forgotten(self):
        with clock.frozen(NOON):
            self.tell("mention", to=[self.cora], article=self.make_article())
        self.run_at(NOON + 89 * DAY, notify_by_time.forget_old)
        self.assertEqual(self.told(), ["cora"])
        self.run_at(NOON + 91 * DAY, notify_by_time.forget_old)
        self.assertEqual(self.told(), [])
