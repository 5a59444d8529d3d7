"""Thousands of real rows with faults in them: reported, mended, sent again, taken back."""

import csv
import io

import pytest
from django.db.models import Q

from experts.files.importing import batches
from experts.models import Channel, Expert

from ..base import DeskTestCase
from ..extent import EVERYTHING
from . import importing

# How many rows, and how many of them have a fault.
ROWS, FAULTY = (3000, 117) if EVERYTHING else (700, 27)


def read_csv(raw):
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.slow
class ThousandsTests(DeskTestCase):
    def test_faults_are_named_mended_and_sent_again_without_doubles(self):
        header, rows, wrong = importing.faulty(ROWS)
        before = importing.everything()
        batch = batches.take_in(importing.as_csv(header, rows), "historical.csv", by=self.sami)
        counts = batch.counts
        self.assertEqual((counts["rows"], counts["new"], counts["bad"], counts["mend"]), (ROWS, ROWS, 0, FAULTY))
        told = {row.line: {e["column"] for e in row.errors if e.get("mend")} for row in batch.rows.exclude(errors=[])}
        self.assertEqual({line: columns for line, columns in told.items() if columns}, wrong)
        self.assertEqual(importing.everything(), before, "a dry run wrote something")

        file = read_csv(batches.failed_rows(batch, by=self.sami))
        self.assertEqual(file[0], [*header, "file line", "errors"])
        self.assertEqual([int(row[-2]) for row in file[1:]], sorted(wrong))
        batches.commit(batch, by=self.sami)
        cards = Expert.objects.exclude(pk=self.expert.pk)
        self.assertEqual(cards.count(), ROWS, "a card was lost for a field")
        self.assertFalse(batch.rows.exclude(sealed="").exists(), "rows were kept twice")
        to_mend = Q(channels__to_mend=True) | Q(private_channels__to_mend=True)
        to_mend |= Q(private_notes__to_mend=True)
        self.assertEqual(cards.filter(to_mend).distinct().count(), FAULTY)

        _, right = importing.congress(ROWS)
        for row in file[1:]:
            row[: len(header)] = right[int(row[-2]) - 2]
        again = batches.take_in(importing.as_csv(file[0], file[1:]), "mended.csv", by=self.sami)
        self.assertEqual((again.counts["new"], again.counts["updated"], again.counts["mend"]), (0, FAULTY, 0))
        batches.commit(again, by=self.sami)
        self.assertEqual(cards.count(), ROWS)
        mails = Channel.objects.filter(kind="email", to_mend=False)
        self.assertEqual(mails.values("normalized").distinct().count(), ROWS)

        whole = batches.take_in(importing.as_csv(header, right), "historical.csv", by=self.sami)
        self.assertEqual((whole.counts["same"], whole.counts["good"]), (ROWS, 0), "a second run would change something")
        settled = importing.everything()
        batches.commit(whole, by=self.sami)
        self.assertEqual(importing.everything(), settled)

        settled = importing.everything()
        for one in (whole, again, batch):
            if one.counts["new"] or one.counts["updated"]:
                self.assertEqual(batches.revert(one, by=self.sami).kept, [])
        after = importing.everything()
        # That rows were taken out of the house stays on record.
        for tables in (before, after):
            tables.pop("experts.accesslog")
        self.assertEqual(after, before)
