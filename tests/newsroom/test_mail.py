"""Mail in the post: tried again, given up, seen; one that the server hangs over holds nobody up."""

import smtplib
from datetime import timedelta
from unittest import mock

from django.core import mail as outbox
from django.test import TestCase

from newsroom import clock, mail
from newsroom.models import Mail, User

from ..base import NOON

MINUTE = timedelta(minutes=1)


class PostTests(TestCase):
    def setUp(self):
        self.edith = User.objects.create_user("edith", email="edith@paper.example", is_staff=True)

    def post(self, at=NOON, **changes):
        fields = {"subject": "Sent back: tugs", "text": "Read it on the desk.", "about": "Sent back"} | changes
        to = {"users": [self.edith]} if "addresses" not in fields else {}
        with clock.frozen(at), self.captureOnCommitCallbacks(execute=True):
            mail.post(**fields, **to)

    def send(self, at, error=None):
        """Send what is due at a moment; returns how many went out. With `error` the server answers so."""
        with clock.frozen(at), mock.patch.object(mail.EmailMessage, "send", side_effect=error) as sending:
            sent = mail.send_due.func()
        self.tried = sending.call_count
        return sent

    def test_a_mail_goes_out_once_it_is_certain_and_leaves_nothing(self):
        self.post(subject="Sent back: two\nlines\u202e", addresses=["a@paper.example"])
        [sent] = outbox.outbox
        self.assertEqual((sent.to, sent.subject), (["a@paper.example"], "Sent back: two lines"))
        self.assertFalse(Mail.objects.exists())

    def test_a_transaction_that_is_taken_back_takes_its_mail_along(self):
        from django.db import transaction

        with self.captureOnCommitCallbacks(execute=True), transaction.atomic():
            mail.post("Never", "Words", about="x", users=[self.edith])
            transaction.set_rollback(True)
        self.assertEqual((outbox.outbox, Mail.objects.count()), ([], 0))

    def test_many_mails_are_one_query(self):
        people = [User(username=str(n), email=f"{n}@paper.example") for n in range(20)]
        User.objects.bulk_create(people)
        with self.assertNumQueries(1):
            mail.post("Subject", "Text", about="x", users=people)

    def test_nobody_without_address_or_place_gets_one(self):
        gone = User.objects.create_user("gone", email="gone@paper.example", is_active=False)
        with self.captureOnCommitCallbacks(execute=True):
            mail.post("Subject", "Text", about="x", users=[gone, User.objects.create_user("poor")])
        self.assertEqual(outbox.outbox, [])

    def test_who_left_meanwhile_gets_none(self):
        with clock.frozen(NOON):
            mail.post("Subject", "Text", about="x", users=[self.edith])
        User.objects.update(is_active=False)
        self.assertEqual((self.send(NOON), self.tried, Mail.objects.count()), (0, 0, 0))

    def test_a_server_that_is_down_is_asked_seldomer_and_given_up_after_a_day(self):
        with clock.frozen(NOON):
            mail.post("Subject", "Text", about="x", users=[self.edith])
        at, tries = NOON, []
        for _ in range(3 * 24 * 60):
            if not Mail.objects.due(at).exists():
                at += MINUTE
                continue
            with self.assertLogs("newsroom.mail", "ERROR") as log:
                self.send(at, ConnectionRefusedError("edith@paper.example"))
            self.assertNotIn("edith", str(log.output))
            tries.append((at - NOON) // MINUTE)
        self.assertEqual(tries, [0, 1, 6, 21, 81, 261, 621, 1341])
        row = Mail.objects.get()
        self.assertTrue(row.given_up_at)
        self.assertEqual(row.error, "The mail server does not answer (ConnectionRefusedError).")

    def test_while_the_server_is_down_one_mail_is_tried_and_the_rest_waits(self):
        with clock.frozen(NOON):
            for _ in range(3):
                mail.post("Subject", "Text", about="x", users=[self.edith])
        with self.assertLogs("newsroom.mail", "ERROR"):
            self.send(NOON, TimeoutError())
        self.assertEqual(self.tried, 1)
        self.assertEqual(sorted(Mail.objects.values_list("attempts", flat=True)), [0, 0, 1])
        self.assertEqual(self.send(NOON + MINUTE), 3)

    def test_an_address_that_the_server_refuses_is_given_up_and_the_next_goes(self):
        with clock.frozen(NOON):
            for _ in range(2):
                mail.post("Subject", "Text", about="x", users=[self.edith])
        refused = smtplib.SMTPRecipientsRefused({"edith@paper.example": (550, b"no such user edith")})
        with self.assertLogs("newsroom.mail", "ERROR"):
            self.send(NOON, [refused, 1])
        row = Mail.objects.get()
        self.assertTrue(row.given_up_at)
        self.assertEqual(row.error, "The mail server refused it (550).")
        self.assertEqual(self.tried, 2)

    def test_a_full_mailbox_is_tried_again(self):
        with clock.frozen(NOON):
            mail.post("Subject", "Text", about="x", users=[self.edith])
        with self.assertLogs("newsroom.mail", "ERROR"):
            self.send(NOON, smtplib.SMTPRecipientsRefused({"edith@paper.example": (452, b"full")}))
        self.assertIsNone(Mail.objects.get().given_up_at)
        self.assertEqual(self.send(NOON + MINUTE), 1)

    def test_a_mail_whose_worker_died_over_it_is_sent_again_and_not_for_ever(self):
        with clock.frozen(NOON):
            mail.post("Subject", "Text", about="x", users=[self.edith])
        with self.assertRaises(KeyboardInterrupt):
            self.send(NOON, KeyboardInterrupt())
        self.assertEqual(self.send(NOON + MINUTE), 0, "another worker does not take it while it may be on its way")
        for number in range(len(mail.PAUSES)):
            with self.assertRaises(KeyboardInterrupt):
                self.send(NOON + (number + 1) * 3 * MINUTE, KeyboardInterrupt())
        self.assertEqual((self.send(NOON + 60 * MINUTE), self.tried), (0, 0))
        self.assertTrue(Mail.objects.get().given_up_at)

    def test_what_was_given_up_can_be_sent_again_to_the_address_of_now(self):
        self.test_a_mail_whose_worker_died_over_it_is_sent_again_and_not_for_ever()
        User.objects.update(email="right@paper.example")
        with clock.frozen(NOON + 60 * MINUTE), self.captureOnCommitCallbacks(execute=True):
            self.assertEqual(mail.try_again(list(Mail.objects.values_list("pk", flat=True))), 1)
        self.assertEqual([sent.to for sent in outbox.outbox], [["right@paper.example"]])

    def test_what_was_given_up_is_forgotten_after_a_month(self):
        self.test_a_mail_whose_worker_died_over_it_is_sent_again_and_not_for_ever()
        mail.throw_old_away(NOON + timedelta(days=30))
        self.assertTrue(Mail.objects.exists())
        mail.throw_old_away(NOON + timedelta(days=31))
        self.assertFalse(Mail.objects.exists())
