"""Files for the import's tests: real names with numbers and addresses added, and faults put in."""

import csv
import io

from django.apps import apps

from .. import data

LEDGER = {"experts.importbatch", "experts.importrow"}


def congress(count):
    """(header, rows) of the first so many of the real list, with a phone, an address and a day added."""
    with open(data.path("experts/congress__legislators-historical.csv"), encoding="utf-8", newline="") as opened:
        reader = csv.reader(opened)
        header = next(reader)
        rows = [row for _, row in zip(range(count), reader, strict=False)]
    place = header.index("phone")
    for n, row in enumerate(rows):
        row[place] = f"(202) 224-{n % 10000:04}"
        row += [f"person{n}@congress.example", "1999-01-03"]
    return [*header, "email", "start date"], rows


def faulty(count):
    """The same with a bad phone every 50th, a bad day every 70th and a bad address every 90th row."""
    header, rows = congress(count)
    phone, email, start = (header.index(name) for name in ("phone", "email", "start date"))
    wrong = {}
    for n, row in enumerate(rows, start=1):
        for every, place, bad in ((50, phone, "12"), (70, start, "31 Feb 1999"), (90, email, "person at home")):
            if n % every == 0:
                row[place] = bad
                wrong.setdefault(n + 1, set()).add(header[place])  # the header is line 1
    return header, rows, wrong


def as_csv(header, rows, delimiter=",", encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def everything():
    """Every row of every table but the import's own, to be compared before and after."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if label not in LEDGER and not label.startswith(("sessions.", "auth.permission", "contenttypes.")):
            found[label] = sorted(map(str, model._base_manager.values_list()))
    return found
