"""Three thousand real rows with faults in them: reported, mended, sent again, taken back."""

import csv
import io

import pytest

from experts.files.importing import batches
from experts.models import Channel, Expert

from ..base import DeskTestCase
from . import importing


def read_csv(raw):
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.slow
@pytest.mark.once  # test_import_batches.py asks PostgreSQL the same of fewer rows
class ThreeThousandTests(DeskTestCase):
    def test_faults_are_named_by_line_and_column_mended_and_sent_again_without_doubles(self):
        header, rows, wrong = importing.faulty()
        before = importing.everything()
        batch = batches.take_in(importing.as_csv(header, rows), "historical.csv", by=self.sami)
        self.assertEqual((batch.counts["rows"], batch.counts["new"], batch.counts["bad"]), (3000, 2883, 117))
        told = {row.line: {e["column"] for e in row.errors} for row in batch.rows.filter(status="bad")}
        self.assertEqual(told, wrong)
        self.assertEqual(importing.everything(), before, "a dry run wrote something")

        batches.commit(batch, by=self.sami)
        cards = Expert.objects.exclude(pk=self.expert.pk)
        self.assertEqual(cards.count(), 2883)
        self.assertFalse(batch.rows.exclude(status="bad").exclude(sealed="").exists(), "good rows were kept twice")

        file = read_csv(batches.failed_rows(batch, by=self.sami))
        self.assertEqual(file[0], [*header, "file line", "errors"])
        self.assertEqual([int(row[-2]) for row in file[1:]], sorted(wrong))
        _, right = importing.congress(3000)
        for row in file[1:]:
            row[: len(header)] = right[int(row[-2]) - 2]
        again = batches.take_in(importing.as_csv(file[0], file[1:]), "mended.csv", by=self.sami)
        self.assertEqual((again.counts["new"], again.counts["bad"]), (117, 0))
        batches.commit(again, by=self.sami)
        self.assertEqual(cards.count(), 3000)
        self.assertEqual(Channel.objects.filter(kind="email").values("normalized").distinct().count(), 3000)

        whole = batches.take_in(importing.as_csv(header, right), "historical.csv", by=self.sami)
        self.assertEqual((whole.counts["same"], whole.counts["good"]), (3000, 0), "a second run would change something")
        settled = importing.everything()
        batches.commit(whole, by=self.sami)
        self.assertEqual(importing.everything(), settled)

        settled = importing.everything()
        for one in (whole, again, batch):
            if one.counts["new"]:
                self.assertEqual(batches.revert(one, by=self.sami).kept, [])
        after = importing.everything()
        # That rows were taken out of the house stays on record.
        for tables in (before, after):
            tables.pop("experts.accesslog")
        self.assertEqual(after, before)
