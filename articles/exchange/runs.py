"""What one import made, so that it can be taken back."""

from newsroom import clock

from ..models import ImportedRow, ImportRun


class Run:
    """The record of a run that is going on: every row that it makes, in the same transaction as the row."""

    def __init__(self, file):
        self.row = ImportRun.objects.create(file=str(file)[-200:], began_at=clock.instant())

    def made(self, kind, pk, item=""):
        """Write down that a row was made for an item of the export, or on the way."""
        ImportedRow.objects.create(run=self.row, kind=kind, target=pk, item=item[:40])

    def end(self):
        """Say when it ended and return its number; a run that made nothing leaves no trace and has none."""
        if not self.row.rows.exists() and not self.row.addresses.exists():
            self.row.delete()
            return None
        self.row.ended_at = clock.instant()
        self.row.save(update_fields=["ended_at"])
        return self.row.pk


def item_number(kind, pk):
    """The number that a row had in the export that it came from, or ""."""
    row = ImportedRow.objects.filter(kind=kind, target=pk).order_by("pk").first()
    return row.item if row else ""
