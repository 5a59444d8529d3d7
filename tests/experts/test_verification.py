"""The state of an expert's verification on a day."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from experts.actions import verification
from experts.models import Expert
from experts.models.verification import latest_verification, verification_state
from newsroom import paper
from newsroom.errors import NotAllowed, Refused
from tests.base import DeskTestCase

YEAR = timedelta(days=365)


class StateTests(DeskTestCase):
    def check(self, method="met", outcome="confirmed", ago=0, **more):
        on = paper.today() - timedelta(days=ago)
        return verification.record_check(self.expert, method=method, outcome=outcome, by=self.sami, on=on, **more)

    def assertState(self, state, day=None):
        self.assertEqual(verification_state(self.expert, day), state)
        told = Expert.objects.filter(pk=self.expert.pk).with_verification_state(day).get()
        self.assertEqual(told.verification_state, state)

    def test_nobody_is_verified_from_the_start(self):
        self.assertState("never")

    def test_a_check_by_mail_alone_never_counts(self):
        self.check("email")
        self.assertState("never")
        rows = Expert.objects.all()
        self.assertEqual(list(rows.confirmed_by_email_only()), [self.expert])
        self.check("video")
        self.assertState("verified")
        self.assertFalse(rows.confirmed_by_email_only().exists())

    def test_a_check_expires(self):
        self.check(ago=366)
        self.assertState("stale")
        self.assertState("verified", paper.today() - timedelta(days=2))
        self.check(ago=10, expires_on=paper.today() - timedelta(days=1))
        self.assertState("stale")
        self.check(ago=9, expires_on=paper.today() + 3 * YEAR)
        self.assertState("verified")
        self.assertState("verified", paper.today() + 2 * YEAR)

    def test_the_newest_deciding_check_counts(self):
        self.check(ago=5)
        self.check("orcid", "failed", ago=3)
        self.assertState("failed")
        self.check("document", "inconclusive", ago=2)
        self.assertState("failed")
        self.check("switchboard", ago=1)
        self.assertState("verified")
        self.assertState("failed", paper.today() - timedelta(days=2))

    def test_of_two_checks_on_one_day_the_later_counts(self):
        self.check()
        self.check("email", "failed")
        self.assertState("failed")

    def test_only_the_source_desk_records_a_check_that_was_made(self):
        with self.assertRaises(Refused):
            self.check(ago=-1)
        with self.assertRaises(Refused):
            self.check(expires_on=date(2001, 1, 1))
        with self.assertRaises(ValidationError):
            self.check("telepathy")
        for user in (self.rana, self.max, self.cora):
            with self.assertRaises(NotAllowed):
                verification.record_check(self.expert, method="met", outcome="confirmed", by=user)

    def test_the_latest_verification_says_method_and_dates(self):
        self.assertEqual(latest_verification(self.expert)["state"], "never")
        self.check("institution page")
        told = latest_verification(self.expert)
        self.assertEqual((told["on"], told["method"]), (paper.today(), "Named on the institution's page"))
        self.assertEqual(told["expires_on"], paper.today() + YEAR)
