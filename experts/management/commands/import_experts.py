"""Cards from a file: a dry run with a report, unless told to commit."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from newsroom.errors import Refused

from ...files.importing import batches, columns, preview

SHOWN = 200


class Command(BaseCommand):
    help = "Reads a CSV, XLSX or vCard file of experts. Without --commit nothing is written to any card."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", type=Path, help='JSON: {"columns": {header: target}, "options": {"country": "US"}}'
        )
        parser.add_argument("--country", default="", help="where numbers without + are from, in two letters: GB")
        parser.add_argument(
            "--notes", choices=("seal", "leave"),
            help="what becomes of notes: sealed on the cards, or left out if one could put a source at risk",
        )  # fmt: skip
        parser.add_argument("--all-or-nothing", action="store_true", help="one row with a fault keeps all others out")
        parser.add_argument("--commit", action="store_true", help="write the good rows")
        parser.add_argument("--failed", type=Path, help="write the rows with faults to this CSV file, to be mended")

    def handle(self, file, *, commit, all_or_nothing, failed, **options):
        try:
            batch = batches.take_in(file.read_bytes(), file.name, by=None)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except batches.Unfit as error:
            raise CommandError(str(error)) from error
        try:
            said = {"country": options["country"].strip().upper(), "notes": options["notes"]}
            self._remap(batch, options["map"], said, all_or_nothing)
            if failed:
                failed.write_bytes(batches.failed_rows(batch, by=None))
            if commit:
                batches.commit(batch, by=None)
            self._report(batch)
        except Refused as error:
            self._report(batch)
            how = " Run it again with --notes seal or --notes leave." if str(error) == batches.ASK_NOTES else ""
            raise CommandError(f"{error}{how}") from error
        finally:
            if not commit:
                batches.forget(batch, by=None)  # a dry run leaves nothing behind
        if not commit:
            self.stdout.write("Nothing was written. With --commit it is.")

    def _remap(self, batch, path, asked, all_or_nothing):
        mapping = batch.mapping
        targets, options = list(mapping["targets"]), dict(mapping["options"])
        if path:
            try:
                said = json.loads(path.read_text(encoding="utf-8"))
                options |= said.get("options", {})
                wanted = dict(said.get("columns", {}))
            except (OSError, ValueError, AttributeError, TypeError) as error:
                raise CommandError(f"{path} is no mapping: {error}") from error
            for name, target in wanted.items():
                if name not in mapping["header"]:
                    raise CommandError(f"The file has no column “{name}”.")
                if target not in dict(columns.target_choices()):
                    raise CommandError(f"“{target}” is nothing that a column can be. See docs/experts-in-and-out.md.")
                targets[mapping["header"].index(name)] = target
        options |= {key: value for key, value in asked.items() if value}
        batches.remap(batch, targets, options, by=None, all_or_nothing=all_or_nothing)

    def _report(self, batch):
        write = self.stdout.write
        for name, target in zip(batch.mapping["header"], batch.mapping["targets"], strict=True):
            write(f"{name or '(no name)'}: {columns.target_names().get(target, '(left out)')}")
        if left_out := batch.counts.get("left_out"):
            write(f"Columns that were left out: {', '.join(left_out)}.")
        for note in batch.mapping["notes"]:
            write(note)
        for card in preview.first_cards(batch):
            ways = [f"{way['says']}{', ' + way['label'].lower() if way['label'] else ''}: {way['tier'].lower()}"
                    for way in card["channels"]]  # fmt: skip
            write(f"line {card['line']} as a card: {'; '.join([card['name'] or 'No name', *ways])}")
        shown = 0
        for row in batch.rows.exclude(errors=[]).iterator():
            for error in row.errors:
                if shown == SHOWN:
                    write("… and more")
                    break
                where = f", {error['column']}" if error["column"] else ""
                write(f"line {row.line}{where}: {error['message']}{_weight(error)}")
                shown += 1
            if shown == SHOWN:
                break
        counts = batch.counts
        write(
            f"{counts['rows']:,} rows: {counts['new']:,} new cards, {counts['updated']:,} added to, "
            f"{counts['same']:,} with nothing new, {counts['suppressed']:,} held back, {counts['mend']:,} with "
            f"something to mend, {counts['bad']:,} faulty."
        )


def _weight(error):
    """What a line of the report means for its row: it is told, to be mended on the card, or keeps the row out."""
    return " (to mend)" if error.get("mend") else " (a note)" if error.get("note") else ""
