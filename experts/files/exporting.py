"""Cards out of the house: a list as CSV, XLSX or vCard, a card as a QR code; each within what the person may see.

All values come from `serializer.card`. Who is not to be contacted is left out of everything that one rings from.
"""

import csv
import io

import segno
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from newsroom import clock
from newsroom.errors import NotAllowed

from .. import access, serializer
from ..channels import EMAIL, KINDS, NUMBER
from ..models import AccessLog
from .formulas import defused
from .importing import columns
from .vcard import writer

QR_VERSION = 10  # 57 modules a side, at error correction M: what a phone reads from a printed card
QR_BYTES = 213  # what that version holds
CHUNK = 500
IN_A_CODE = ("TEL", "EMAIL", "URL")  # the vCard properties that a code has room for
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcf": "text/vcard; charset=utf-8",
}


def cards_to_export(experts, tier):
    """The cards of a queryset that may leave the house, a few hundred at a time."""
    rows = list(serializer.contactable(experts).order_by("sort_name", "pk"))
    for start in range(0, len(rows), CHUNK):
        yield from serializer.cards(rows[start : start + CHUNK], tier)


def export(experts, form, *, by, why=""):
    """(file as bytes, how many cards) of a list in a form of FORMATS; that it was taken out is on record.

    Raises NotAllowed for who does not keep the book.
    """
    if not access.may_keep(by):
        raise NotAllowed("Your role does not export cards.")
    found = list(cards_to_export(experts, access.tier(by)))
    make = {"csv": as_csv, "xlsx": as_xlsx, "vcf": as_vcards}[form]
    data = make(found)
    AccessLog.objects.create(by=by, at=clock.process_time(), what=f"Export, {len(found):,} cards", why=why[:300])
    return data, len(found)


def export_table(found):
    """(header, rows) of cards in our own columns, which our import knows; columns that nobody fills are left out."""
    spread = [_spread(card) for card in found]
    used = {"Name", "Card"}.union(*spread)
    header = [name for name in columns.own_headers() if name in used]
    return header, [[row.get(name, "") for name in header] for row in spread]


def _spread(card):
    row = {name: card.get(key) or "" for key, name in columns.SCALARS.items()}
    if card.get("kind") == "person":
        row[columns.SCALARS["kind"]] = ""
    for n, role in enumerate(card["roles"][: columns.ROLES], start=1):
        parts = {"title": role["title"], "organisation": role["organisation"], "from": role["start"],
                 "until": role["end"], "former": "yes" if role["former"] else ""}  # fmt: skip
        row |= {columns.role_header(part, n): value for part, value in parts.items()}
    reached = {}
    for channel in writer.usable_channels(card):
        if channel["kind"] in KINDS:
            name = columns.channel_header(channel["kind"], channel["label"])
            reached.setdefault((name, columns.separator(channel["kind"])), []).append(channel["value"])
    row |= {name: separator.join(many) for (name, separator), many in reached.items()}
    row["Also known as"] = "\n".join(v["text"] for v in card["variants"] if v["kind"] != "misspelling")
    row["Languages"] = "\n".join(language["tag"] for language in card["languages"])
    row["Topics"] = "\n".join(topic["name"] for topic in card["topics"])
    for known in card["identifiers"]:
        if known["scheme"] in columns.IDS:
            row[columns.IDS[known["scheme"]]] = known["value"]
    return {name: value for name, value in row.items() if value}


def as_csv(found):
    """Cards as a CSV file that Excel opens in UTF-8."""
    header, rows = export_table(found)
    out = io.StringIO()
    write = csv.writer(out, quoting=csv.QUOTE_ALL)  # a number with its plus stays as it is written
    write.writerow(header)
    write.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(found):
    """Cards as a workbook, every cell of it text."""
    header, rows = export_table(found)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Experts")
    for row in [header, *rows]:
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, text):
    try:
        cell = WriteOnlyCell(sheet, value=defused(text))
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(c for c in defused(text) if c >= " " or c in "\n\t"))
    cell.data_type, cell.number_format = "s", "@"
    return cell


def as_vcards(found, version="3.0"):
    """Cards as one vCard file."""
    return writer.write_cards(found, version).encode()


# --- a card as a code -------------------------------------------------------------------------------------


def qr_code(card):
    """The QR code (segno) of a card: what fits into version 10-M, the name and a way to reach them to the last.

    What does not fit is left out piece by piece, never cut.
    """
    for text in _shorter(card):
        try:
            made = segno.make(text.encode(), error="m", boost_error=False, micro=False)
        except segno.DataOverflowError:
            continue
        if made.version <= QR_VERSION:
            return made
    # Only a name far longer than any that a paper prints comes here.
    fits = text.encode()[:QR_BYTES].decode("utf-8", "ignore")
    return segno.make(fits.encode(), error="m", boost_error=False, micro=False)


def _shorter(card):
    """The vCard of a card in ever fewer words."""
    plain = card | {"languages": [], "topics": [], "variants": [], "uid": "", "updated_at": None}
    roles = [role for role in card["roles"] if not role["former"] and not role["end"]]
    channels = [c for c in writer.usable_channels(card) if KINDS[c["kind"]].vcard in IN_A_CODE]
    spoken = [c for c in channels if KINDS[c["kind"]].holds == NUMBER]
    best = spoken[:1] + [c for c in channels if KINDS[c["kind"]].holds == EMAIL][:1]
    yield writer.write_card(plain | {"roles": roles[:1], "channels": channels})
    yield writer.write_card(plain | {"roles": roles[:1], "channels": spoken[:2] + best[1:]})
    yield writer.write_card(plain | {"roles": roles[:1], "channels": best, "native_name": ""})
    yield writer.write_card(plain | {"roles": [], "channels": best, "native_name": ""})
    yield writer.write_card(plain | {"roles": [], "channels": spoken[:1] or best, "native_name": ""})
    short = {"name": card["name"], "sort_name": " ", "channels": spoken[:1] or best}
    yield writer.write_card(short)
    yield f"{card['name']}"


def qr_svg(card):
    """The code as an SVG file (bytes) with its quiet zone."""
    out = io.BytesIO()
    qr_code(card).save(out, kind="svg", scale=4, border=4, dark="#000", light="#fff")
    return out.getvalue()


def qr_png(card):
    """The code as a PNG file (bytes)."""
    out = io.BytesIO()
    qr_code(card).save(out, kind="png", scale=8, border=4)
    return out.getvalue()
