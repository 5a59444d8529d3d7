"""A file of cards from its arrival to its being taken back: checked, written, mended, unmade."""

import csv
import io
import json
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from newsroom import clock, paper
from newsroom.errors import WrongState
from newsroom.models import Topic, TopicName

from ... import access, sealing
from ...channels import NO_COUNTRY
from ...finding.likely_doubles import LikelyCards
from ...models import AccessLog, ImportBatch, ImportRow
from ..formulas import defused
from . import columns, tables, values, writing
from .matching import Book

BATCH = 500
NAME = 200
Unfit = tables.Unfit
# What is counted of a file's rows; mend: those with something to be mended; notes: those with a note of their own;
# alike: those that make a card beside one that looks like it.
COUNTED = ("good", "bad", "same", "suppressed", "new", "updated", "mend", "no_country", "notes", "alike")
HELD_BACK = (
    "Held back: somebody of this name, or with this number and a word of the name, was removed at their own request. "
    "Whoever keeps the source book decides: if this is somebody else, make the card by hand and say why."
)
ASK_NOTES = (
    "There are notes in the file. Say first what becomes of them: could any of them put somebody at risk who is a "
    "confidential source? Then leave them out; else they are sealed."
)


@dataclass
class TakenBack:
    """What became of a revert: how many rows were taken back, and [(line, why)] of those that stay."""

    rows: int = 0
    kept: list = field(default_factory=list)


@transaction.atomic
def take_in(data, filename, *, by, options=None):
    """Read a file and check every cell of it; returns the ImportBatch. Nothing is written to any card.

    Raises Unfit with a sentence for the person who sent it. What a column is comes from the last file with the same
    header, else it is guessed.
    """
    access.must_keep(by, "Your role does not import cards.")
    table = tables.read_table(data, filename)
    signature = columns.header_signature(table.header)
    before = ImportBatch.objects.filter(signature=signature).first()  # the newest
    mapping = {"header": table.header, **_remembered(before, table, filename), "notes": table.notes[:200]}
    mapping["options"] |= options or {}
    batch = ImportBatch.objects.create(
        by=by, at=clock.process_time(), filename=filename.replace("\\", "/").rpartition("/")[2][:NAME] or "file",
        format=table.format, signature=signature, mapping=mapping,
    )  # fmt: skip
    rows = [
        ImportRow(batch=batch, line=row.line, status="good", sealed=_sealed(row.cells, row.notes)) for row in table.rows
    ]
    _check(batch, rows)
    ImportRow.objects.bulk_create(rows, batch_size=BATCH)
    return batch


def _remembered(before, table, filename):
    """Targets and options for a header: as a person last had them, else guessed."""
    if before:
        # What becomes of the notes is asked for every file anew.
        options = {key: value for key, value in before.mapping["options"].items() if key != "notes"}
        kept = dict(zip(before.mapping["header"], before.mapping["targets"], strict=False))
        if len(set(before.mapping["header"])) == len(before.mapping["header"]):
            return {"targets": [kept.get(name, columns.IGNORED) for name in table.header], "options": options}
        if before.mapping["header"] == table.header:
            return {"targets": list(before.mapping["targets"]), "options": options}
    targets = columns.guess_targets(table.header)
    options = {}
    if "chamber" in targets:
        options = {"country": "US"} | ({"former": True} if "historical" in filename.lower() else {})
    return {"targets": targets, "options": options}


def _sealed(cells, notes):
    return sealing.seal(json.dumps([cells, notes], ensure_ascii=False, separators=(",", ":")))


def _opened(row):
    try:
        return json.loads(sealing.unseal(row.sealed))
    except sealing.Unreadable as error:
        raise WrongState("The newspaper no longer has the key of its rows. Send the file again.") from error


# --- checking ---------------------------------------------------------------------------------------------


@transaction.atomic
def remap(batch, targets, options, *, by, all_or_nothing=None):
    """Say anew what the columns are, and check every row again. Raises WrongState once the batch was written."""
    access.must_keep(by, "Your role does not import cards.")
    if batch.status != ImportBatch.DRY:
        raise WrongState("This file was imported already. Send it again to import it another way.")
    batch.mapping = batch.mapping | {"targets": list(targets), "options": dict(options)}
    if all_or_nothing is not None:
        batch.all_or_nothing = all_or_nothing
    rows = list(batch.rows.all())
    _check(batch, rows)
    _replace(batch, rows)


def _replace(batch, rows):
    """Rows that changed, deleted and written anew: updating thousands one by one takes minutes."""
    batch.rows.all().delete()
    for row in rows:
        row.pk = None
    ImportRow.objects.bulk_create(rows, batch_size=BATCH)


def _check(batch, rows):
    """Check every cell, and find what each row would do; returns the Additions of the good ones, in their order."""
    reader = _reader(batch)
    records = [reader.read(row.line, *_opened(row)) for row in rows]
    good = [record for record in records if not record.is_bad]
    book = Book(good, batch.signature)
    additions, counts, likely = [], dict.fromkeys(COUNTED, 0), LikelyCards()
    for row, record in zip(rows, records, strict=True):
        row.errors, row.expert_id = record.errors, None
        if record.is_bad:
            row.status = "bad"
        elif book.is_gone(record):
            row.status = "suppressed"
            record.wrong("", HELD_BACK, note=True)
        else:
            addition = book.add(record)
            row.status = "same" if addition.is_empty else "good"
            row.expert_id = addition.card.pk
            if row.status == "good":
                additions.append(addition)
                counts["new" if addition.is_new else "updated"] += 1
            if addition.is_new:
                counts["alike"] += _name_lookalikes(record, likely)
        counts[row.status] += 1
        counts["mend"] += row.status == "good" and record.is_to_mend
        counts["no_country"] += any(error["message"] == NO_COUNTRY for error in record.errors)
        counts["notes"] += bool(record.notes)
    batch.counts = {"rows": len(rows), **counts, "left_out": [name or "(no name)" for name in reader.left_out]}
    batch.save()
    return additions


def _name_lookalikes(record, likely):
    """Say of a row that makes a card which cards it looks like, by their numbers; whether there are any."""
    found = likely.of(record.name, record.fields.get("native_name", ""))
    for pk in found:
        said = f"It makes another card, and may be the person of card no. {pk}. Look, and merge the two afterwards."
        record.errors.append({"column": "", "message": said, "note": True, "card": pk})
    return bool(found)


def records_of(batch, rows):
    """The Records of some rows of a file, as its mapping reads them by now."""
    reader = _reader(batch)
    return [reader.read(row.line, *_opened(row)) for row in rows]


def _reader(batch):
    options = batch.mapping["options"] | {"unnamed": batch.format == "vcard"}
    return values.Reader(batch.mapping["header"], batch.mapping["targets"], options, _topics())


def _topics():
    """{name in small letters: id} of the topics in use, by their own and their other names."""
    others = TopicName.objects.filter(topic__merged_into=None).values_list("topic_id", "text")
    pairs = [*others, *Topic.objects.in_use().values_list("pk", "name")]
    return {name.casefold(): pk for pk, name in pairs}


# --- writing ----------------------------------------------------------------------------------------------


def commit(batch, *, by):
    """Write the good rows; returns the batch. Rows are checked anew first: cards may have changed since.

    Raises WrongState where the batch was written already, or where it is all or nothing and a row is faulty.
    """
    access.must_keep(by, "Your role does not import cards.")
    writer = writing.Writer(batch, by)
    try:
        with transaction.atomic():
            return _commit(batch, writer)
    except IntegrityError as error:
        writer.throw_away_files()
        said = "Somebody changed the same cards in the same moment. Nothing was imported; try again."
        raise WrongState(said) from error
    except BaseException:
        writer.throw_away_files()
        raise


@paper.settled()
def _commit(batch, writer):
    # Two files with one header may name the same people: the second waits, and then finds what the first made.
    same = ImportBatch.objects.select_for_update().filter(signature=batch.signature).order_by("pk")
    list(same.values_list("pk", flat=True))
    # Whoever comes second updates nothing, and waits on PostgreSQL until the first is through.
    if not ImportBatch.objects.filter(pk=batch.pk, status=ImportBatch.DRY).update(status=ImportBatch.DONE):
        raise WrongState("This file was imported already.")
    batch.refresh_from_db()
    rows = list(batch.rows.all())
    additions = _check(batch, rows)
    faulty = batch.counts["bad"] + batch.counts["mend"]
    if batch.all_or_nothing and faulty:
        raise WrongState(f"All or nothing: {faulty:,} rows are faulty or have something to mend, so none was imported.")
    if any(addition.record.notes for addition in additions) and batch.mapping["options"].get("notes") != "seal":
        raise WrongState(ASK_NOTES)
    for row, written in zip([row for row in rows if row.status == "good"], writer.write(additions), strict=True):
        row.status = "done"
        row.expert_id, row.made, before = written
        row.before_sealed = sealing.seal(json.dumps(before)) if before else ""
    for row in rows:
        if row.status in ("done", "same", "suppressed"):
            row.sealed = ""  # what is on a card now need not be kept twice
    _replace(batch, rows)
    batch.counts["done_at"] = clock.process_time().isoformat()
    batch.save()
    return batch


@transaction.atomic
def revert(batch, *, by):
    """Take a batch back, but for rows whose card was changed or used since; returns TakenBack.

    Cards that it made go, those that it changed are as they were, row for row. Raises WrongState where there is nothing
    to take back.
    """
    access.must_keep(by, "Your role does not import cards.")
    if not ImportBatch.objects.filter(pk=batch.pk, status=ImportBatch.DONE).update(status=ImportBatch.REVERTED):
        raise WrongState("There is nothing to take back.")
    batch.refresh_from_db()
    rows = list(batch.rows.filter(status="done").select_related("batch"))
    try:
        refused = writing.changed_since(rows, batch.counts["done_at"])
    except sealing.Unreadable as error:
        raise WrongState("The newspaper no longer has the key of what these cards were like before.") from error
    free = [row for row in rows if row.expert_id and row.expert_id not in refused]
    lines = [row.pk for row in free]
    gone = set(lines)
    kept = [(row.line, refused.get(row.expert_id, "its card is gone")) for row in rows if row.pk not in gone]
    writing.take_back(free, by=by)
    _reverted(lines)
    if kept:
        batch.status = ImportBatch.DONE
    batch.counts = batch.counts | {"reverted": len(free), "kept": len(kept)}
    batch.save()
    return TakenBack(len(free), kept)


def _reverted(pks):
    for start in range(0, len(pks), BATCH):
        rows = ImportRow.objects.filter(pk__in=pks[start : start + BATCH])
        rows.update(status="reverted", made=[], before_sealed="", expert=None)


# --- what is left over ------------------------------------------------------------------------------------


def failed_rows(batch, *, by):
    """The rows with faults as a CSV file (bytes) with a column that says which: mend them and send the file again.

    Before the import also those that have something to mend; after it what they said is on their cards.

    Only for who keeps the book; that it was taken out is on record.
    """
    access.must_keep(by, "Your role does not import cards.")
    header = columns.without_added(batch.mapping["header"])
    places = [n for n, name in enumerate(batch.mapping["header"]) if name in header]
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow([*map(defused, header), "file line", "errors"])
    count = 0
    for row in batch.rows.filter(status__in=("bad", "good")).exclude(errors=[]).exclude(sealed=""):
        faults = [error for error in row.errors if not error.get("note") or error.get("mend")]
        if not faults:
            continue
        cells, _ = _opened(row)
        errors = "; ".join(f"{e['column']}: {e['message']}" if e["column"] else e["message"] for e in faults)
        write.writerow([*(defused(cells[n]) for n in places), row.line, defused(errors)])
        count += 1
    if by is not None:
        what = f"Faulty rows of an import, {count:,} rows"
        AccessLog.objects.create(by=by, at=clock.process_time(), what=what, why=batch.filename)
    return out.getvalue().encode("utf-8-sig")


@transaction.atomic
def forget(batch, *, by):
    """Let go of what the faulty rows said; what was imported stays, and can still be taken back."""
    access.must_keep(by, "Your role does not import cards.")
    batch.rows.filter(status__in=("bad", "good", "same", "suppressed")).update(sealed="")
    if batch.status == ImportBatch.DRY:
        batch.delete()
