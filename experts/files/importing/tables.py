"""A file as a table: a header and rows, each with its line in the file. CSV, XLSX and vCard all end as this."""

import csv
import io
import re
import uuid
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime

from openpyxl import load_workbook

from ...channels import KINDS
from ..vcard import reader
from . import columns

MEGABYTES = 20
ROWS = 50_000
COLUMNS = 300
CELL = 20_000  # characters; an address book's longest note is far below
UNPACKED = 120  # megabytes that a workbook may hold once it is unpacked
PARTS = 2_000
EMPTY_ROWS = 1_000  # a workbook that was once longer goes on with empty rows
RUNAWAY = 60  # lines in one cell: a quotation mark was never closed

PREAMBLE = re.compile(r"\ufeff?\s*\"?Notes:\"?\s*\r?\n")  # LinkedIn tells first what may be missing

csv.field_size_limit(4_000_000)


class Unfit(ValueError):
    """A file that cannot be read at all; str() says why and what to do, for the form."""


@dataclass
class Row:
    """One row: its line in the file, its cells, and what is to be said about them before anyone reads them."""

    line: int
    cells: list
    notes: list = field(default_factory=list)


@dataclass
class Table:
    """A file that was read. `notes` are about the whole of it."""

    format: str
    header: list
    rows: list
    notes: list = field(default_factory=list)


def read_table(data, filename=""):
    """The table in a file given as bytes. Raises Unfit with a sentence for the person who sent it."""
    if len(data) > MEGABYTES * 1024 * 1024:
        raise Unfit(f"The file is larger than {MEGABYTES} MB. Split it and send the parts.")
    if not data.strip():
        raise Unfit("The file is empty.")
    if data[:4] == b"PK\x03\x04":
        return _workbook(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unfit("This is a workbook in Excel's old format. Save it as XLSX or CSV and send that.")
    text, notes = decoded_text(data)
    if "\0" in text[:1000]:
        raise Unfit("This is no CSV, XLSX or vCard file.")
    if re.match(r"\s*(item\d+\.)?begin\s*:\s*vcard", text[:500], re.IGNORECASE) or filename.lower().endswith(".vcf"):
        return _cards(data)
    return _lines(text, notes)


def decoded_text(data):
    """(text, notes) of a file in UTF-8 or UTF-16, with a mark or without, else in Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), []
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = data[:400][start::2]
        if len(half) > 4 and half.count(0) > len(half) * 0.4:
            return data.decode(name, "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), [
            "The file is not UTF-8; it was read as Windows-1252. Look at accents."
        ]


# --- CSV --------------------------------------------------------------------------------------------------


def _delimiter(text):
    """What stands between the cells of the first line that says something, outside quotation marks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=bare.count) if any(sign in bare for sign in ",;\t") else ","


def _lines(text, notes):
    hint = re.match(r"sep=(.)\r?\n", text)  # Excel's own way to say it
    delimiter = hint[1] if hint else _delimiter(text)
    source = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header, rows, line = None, [], 1
    preamble = bool(PREAMBLE.match(text))
    try:
        for cells in source:
            start, line = line, source.line_num + 1
            if (hint and start == 1) or not any(cell.strip() for cell in cells):
                continue
            if header is None and preamble and sum(bool(cell.strip()) for cell in cells) < 2:
                continue  # words about the file, before the line that names its columns
            if header is None:
                header = _header(cells)
                continue
            _within(rows)
            row = Row(start, cells)
            if any(cell.count("\n") > RUNAWAY for cell in cells):
                row = Row(start, [cell[:CELL] for cell in cells])
                row.notes.append(
                    ("", "A quotation mark in this row is never closed: what follows it is in one cell.", True)
                )
            rows.append(row)
    except csv.Error as error:
        raise Unfit(f"Line {line} cannot be read: {error}.") from error
    if header is None:
        raise Unfit("The file is empty.")
    return Table("csv", header, _even(rows, header), notes)


def _header(cells):
    header = [" ".join(str(cell or "").replace("\0", "").split())[:120] for cell in cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > COLUMNS:
        raise Unfit(f"The file has more than {COLUMNS} columns.")
    if columns.looks_like_a_person(header):
        raise Unfit(
            "The first line has to name the columns, such as “Name, E-mail, Phone”. This one reads like a person."
        )
    return header


def _within(rows):
    if len(rows) >= ROWS:
        raise Unfit(f"The file has more than {ROWS:,} rows. Split it and send the parts.")


def _even(rows, header):
    """Rows as long as the header; one that is longer says so, and so does a cell that is far too long."""
    for row in rows:
        spare = row.cells[len(header) :]
        if any(cell.strip() for cell in spare):
            row.notes.append(("", "There are more cells in this row than the first line has names for.", True))
        row.cells = (row.cells + [""] * len(header))[: len(header)]
        for place, cell in enumerate(row.cells):
            if len(cell) > CELL and header[place] != columns.SEALED["portrait"]:
                row.cells[place] = cell[:CELL]
                row.notes.append((header[place], f"Longer than {CELL:,} characters: cut there.", False))
    return rows


# --- XLSX -------------------------------------------------------------------------------------------------


def _safe(data):
    """Refuse a workbook that would unpack to more than it should, before anything in it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED * 1024 * 1024:
                raise Unfit(
                    f"The workbook unpacks to more than {UNPACKED} MB. Save the one sheet as CSV and send that."
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(2000).upper():
                            raise Unfit("The workbook holds what no workbook needs. Save it anew as CSV and send that.")
            if "xl/workbook.xml" not in package.namelist():
                raise Unfit("This is no workbook. Send a CSV, XLSX or vCard file.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit("The workbook is damaged. Save it anew and send that.") from error


def _workbook(data):
    _safe(data)
    try:
        shown = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        written = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = [name for name in shown.sheetnames if hasattr(shown[name], "iter_rows")]
        if not sheets:
            raise Unfit("There is no sheet with cells in the workbook.")
        header, rows = _sheet(shown[sheets[0]], written[sheets[0]])
    except Unfit:
        raise
    except Exception as error:  # a reader of XML fed with rubbish may raise anything at all
        raise Unfit("The workbook cannot be read. Save it anew, or as CSV, and send that.") from error
    notes = [f"The workbook has {len(sheets)} sheets; the first was read."] if len(sheets) > 1 else []
    return Table("xlsx", header, _even(rows, header), notes)


def _sheet(shown, written):
    header, rows, empty = None, [], 0
    for line, (values, formulas) in enumerate(zip(_cells(shown), _cells(written), strict=False), start=1):
        if all(value is None or str(value).strip() == "" for value in (*values, *formulas)):
            empty += 1
            if empty > EMPTY_ROWS:
                break
            continue
        empty = 0
        cells = [_text(value) for value in values]
        if header is None:
            header = _header(cells)
            continue
        _within(rows)
        row = Row(line, cells)
        for place, formula in enumerate(formulas[: len(header)]):
            # What was typed as text reads the same in both; a formula reads as its last result in one.
            if isinstance(formula, str) and formula.startswith("=") and values[place] != formula:
                said = "its last result was taken" if cells[place] else "it has no result, so nothing was taken"
                row.notes.append((header[place], f"This cell is a formula; {said}.", False))
        rows.append(row)
    if header is None:
        raise Unfit("The first sheet of the workbook is empty.")
    return header, rows


def _cells(sheet):
    sheet.reset_dimensions()  # what a workbook says of its own size is not to be trusted
    return sheet.iter_rows(values_only=True, max_col=COLUMNS + 1)


def _text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# --- vCard ------------------------------------------------------------------------------------------------


def _cards(data):
    """Cards as rows of our own table, so that everything after reads one kind of thing."""
    found = reader.read_cards(data)
    if not found.cards:
        raise Unfit(found.problems[0] if found.problems else "There is no card in this file.")
    if len(found.cards) > ROWS:
        raise Unfit(f"The file has more than {ROWS:,} cards. Split it and send the parts.")
    spread = [(card, _spread(card)) for card in found.cards]
    used = {name for _, cells in spread for name in cells}
    header = [name for name in columns.own_headers() if name in used]
    rows = []
    for card, cells in spread:
        row = Row(card["line"], [cells.get(name, "") for name in header])
        numbers = [channel["kind"] for channel in card["channels"] if channel["kind"] in ("fax", "pager")]
        row.notes += [("", f"There is a {kind} number on the card; it was left out.", False) for kind in numbers]
        row.notes += [("", f"{words} was left out: the paper has no use for it.", False) for words in card["left_out"]]
        if card["agent_of"]:
            row.notes.append(("", "This card stands inside another one, as that person's assistant.", False))
        rows.append(row)
    notes = list(found.problems)
    if technical := sorted({name for card in found.cards for name in card["technical"]} - {"VERSION"}):
        notes.append(f"Left out of every card, for only its own program needs it: {', '.join(technical)}.")
    return Table("vcard", header, _even(rows, header), notes)


def _spread(card):
    """A card that was read, as {column of ours: cell}."""
    cells = {columns.SCALARS[key]: card[key] for key in columns.SCALARS if card.get(key)}
    if not _is_our_uid(card["uid"]):
        cells.pop(columns.SCALARS["uid"], None)
    others = list(card["others"])
    for n, role in enumerate(card["roles"], start=1):
        for key in ("title", "organisation"):
            if role[key] and n <= columns.ROLES:
                cells[columns.role_header(key, n)] = role[key]
            elif role[key]:
                others.append((columns.ROLE[key], role[key]))
    gathered = {}
    for channel in card["channels"]:
        if channel["kind"] in KINDS:
            gathered.setdefault(columns.channel_header(channel["kind"], channel["label"]), []).append(channel)
    for name, found in gathered.items():
        cells[name] = columns.separator(found[0]["kind"]).join(channel["value"] for channel in found)
    for key, name in (("languages", "Languages"), ("topics", "Topics"), ("nicknames", "Also known as")):
        if card[key]:
            cells[name] = "\n".join(card[key])
    for key in ("note", "portrait", "private"):
        if card[key]:
            cells[columns.SEALED[key]] = card[key]
    if others:
        cells[columns.SEALED["kept"]] = "\n".join(f"{name}: {text}" for name, text in others)
    return cells


def _is_our_uid(text):
    """Whether a card's id could be one of ours: other programs' are no use to anybody here."""
    try:
        return bool(text and uuid.UUID(re.sub(r"(?i)^urn:uuid:", "", text)))
    except ValueError:
        return False
