"""The whole real list of the United States Congress, twice."""

import pytest

from experts.files.importing import batches
from experts.models import Affiliation, Expert, ImportBatch, Organisation, PrivateChannel

from .. import data
from ..base import DeskTestCase
from . import importing


@pytest.mark.slow
@pytest.mark.nightly
class WholeFileTests(DeskTestCase):
    def test_everybody_of_the_real_list_comes_in_with_one_undated_role_and_a_second_run_changes_nothing(self):
        raw = data.path("experts/congress__legislators-historical.csv").read_bytes()
        batch = batches.commit(batches.take_in(raw, "legislators-historical.csv", by=None), by=None)
        self.assertEqual((batch.counts["rows"], batch.counts["new"], batch.counts["bad"]), (12230, 12230, 0))
        roles = Affiliation.objects.filter(start="", end="", is_former=True)
        self.assertEqual(roles.values("expert").distinct().count(), 12230)
        self.assertEqual(Affiliation.objects.count(), 12230)
        bassett = Expert.objects.named("Bassett Richard").first()
        self.assertEqual(bassett.affiliations.get().as_printed, "former Senator, Delaware")
        before = importing.everything()
        again = batches.commit(batches.take_in(raw, "legislators-historical.csv", by=None), by=None)
        self.assertEqual((again.counts["same"], again.counts["good"]), (12230, 0))
        self.assertEqual(importing.everything(), before)
        self.assertEqual(ImportBatch.objects.count(), 2)
        self.assertFalse(Organisation.objects.exists() or PrivateChannel.objects.exists())
