"""Tables that people keep by hand, to hold the code's own against."""

import csv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def rows(name):
    """The rows of a table, as dicts of stripped texts; lines that begin with # are remarks."""
    lines = (HERE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    reader = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    return [{key: (value or "").strip() for key, value in row.items()} for row in reader]


def several(text):
    """The values of a cell that holds several."""
    return [part.strip() for part in text.split(";") if part.strip()]
