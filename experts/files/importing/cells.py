"""What spreadsheets put round a cell, taken off again, and what people write in it, read: digits, dates."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError

from newsroom.desk.base import CONTROLS

from ...models.affiliation import PARTIAL_DATE
from ..formulas import armed

FLOATED = re.compile(r"^(\+?\d{6,})\.0+$")
ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
QUOTED_FORMULA = re.compile(r'^="(.*)"$')  # a spreadsheet's way to keep the zero in front
FORMULA = re.compile(r"^[=@＝＠]|^[+\-＋－](?![\d\s().\-/]*$)")
DAY = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")
MONTH = re.compile(r"^(\d{1,2})[./-](\d{4})$")
# Marks of writing direction and blanks of no width, which pasting brings along.
UNSEEN = frozenset("\u200b\u200e\u200f\u2060\ufeff\u061c")
JOINERS = re.compile(r"(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)")  # within a word some scripts need them


def bare_cell(cell):
    """(a cell as it was meant, whether control characters were taken out of it)."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    cell = JOINERS.sub("", "".join(c for c in cell if c not in UNSEEN)).strip()
    if match := QUOTED_FORMULA.match(cell):
        cell = match[1]
    cell = armed(cell)
    clean = "".join(c for c in cell if c not in CONTROLS)
    return clean.strip(), clean != cell


def ascii_digits(text):
    """Digits of any script as ours."""
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text)
    ).strip()


def partial_date(cell, *, month_first=False):
    """(a date as far as it is known, "") or ("", what is wrong with it)."""
    text = ascii_digits(cell)
    text = re.sub(r"[T ]00:00(:00)?(\.0+)?Z?$", "", text)
    if match := DAY.match(text):
        day, month, year = int(match[1]), int(match[2]), match[3]
        if month_first and day <= 12 or month > 12:
            day, month = month, day
        text = f"{year}-{month:02}-{day:02}"
    elif match := MONTH.match(text):
        text = f"{match[2]}-{int(match[1]):02}"
    elif FLOATED.match(text) or re.match(r"^\d{4}\.0$", text):
        text = text.partition(".")[0]
    try:
        PARTIAL_DATE(text)
        if len(text) == 10:
            date.fromisoformat(text)
    except (ValidationError, ValueError):
        return "", "This is no date. Write a year, 2021-03 or 2021-03-15."
    return text, ""
