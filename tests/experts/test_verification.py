"""Whether an expert is who they say: what the ledger comes to."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError

from experts.actions import contacts, verification
from experts.models import Expert
from tests.base import DeskTestCase

YEAR = timedelta(days=365)


class StateTests(DeskTestCase):
    def check(self, method="met", outcome="confirmed", ago=0, **more):
        on = contacts.today() - timedelta(days=ago)
        return verification.record(self.expert, method=method, outcome=outcome, by=self.sami, on=on, **more)

    def assertState(self, state, day=None):
        self.assertEqual(verification.state(self.expert, day), state)
        told = verification.with_state(Expert.objects.filter(pk=self.expert.pk), day).get()
        self.assertEqual(told.verification_state, state)

    def test_nobody_is_verified_from_the_start(self):
        self.assertState("never")

    def test_e_mail_alone_never_counts(self):
        self.check("email")
        self.assertState("never")
        rows = Expert.objects.all()
        self.assertEqual(list(verification.email_only(rows)), [self.expert])
        self.check("video")
        self.assertState("verified")
        self.assertFalse(verification.email_only(rows).exists())

    def test_a_check_wears_out(self):
        self.check(ago=366)
        self.assertState("stale")
        self.assertState("verified", contacts.today() - timedelta(days=2))
        self.check(ago=10, expires_on=contacts.today() - timedelta(days=1))
        self.assertState("stale")
        self.check(ago=9, expires_on=contacts.today() + 3 * YEAR)
        self.assertState("verified")
        self.assertState("verified", contacts.today() + 2 * YEAR)

    def test_the_newest_that_decided_decides(self):
        self.check(ago=5)
        self.check("orcid", "failed", ago=3)
        self.assertState("failed")
        self.check("document", "inconclusive", ago=2)
        self.assertState("failed")
        self.check("switchboard", ago=1)
        self.assertState("verified")
        self.assertState("failed", contacts.today() - timedelta(days=2))

    def test_two_checks_of_one_day(self):
        self.check()
        self.check("email", "failed")
        self.assertState("failed")

    def test_a_check_is_written_once_made_and_by_the_source_desk(self):
        with self.assertRaises(ValidationError):
            self.check(ago=-1)
        with self.assertRaises(ValidationError):
            self.check(expires_on=date(2001, 1, 1))
        with self.assertRaises(ValidationError):
            self.check("telepathy")
        for user in (self.rana, self.max, self.cora):
            with self.assertRaises(PermissionDenied):
                verification.record(self.expert, method="met", outcome="confirmed", by=user)

    def test_what_is_told(self):
        self.assertEqual(verification.told(self.expert)["state"], "never")
        self.check("institution page")
        told = verification.told(self.expert)
        self.assertEqual((told["on"], told["method"]), (contacts.today(), "Named on the institution's page"))
        self.assertEqual(told["expires_on"], contacts.today() + YEAR)
