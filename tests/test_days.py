"""Days and hours are the paper's: outside newsroom/paper.py and clock.py nobody takes one from a moment by hand.

Read from the source, so that `make check` tells of it before any test runs in another zone (see tests/zones.py).
"""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models
from django.template import Context, Template
from django.test import SimpleTestCase
from django.utils import timezone

from .zones import NOON

ROOT = Path(__file__).parent.parent
ROOMS = ("newsroom", "articles", "experts")
DOORS = {"newsroom/paper.py", "newsroom/clock.py"}

# What may stay, as often as it stands here, and why.
ALLOWED = {
    ("experts/files/importing/tables.py", ".date()"): (1, "a cell of a spreadsheet has no zone"),
    ("articles/exchange/wxr_items.py", ".strptime()"): (1, "a date of WordPress, whose zone the file says elsewhere"),
    ("experts/finding/finder.py", ".time()"): (1, "midnight by the clock where an expert lives"),
    ("articles/site/sitemaps.py", ".year"): (1, "the files of the sitemap are cut by UTC, whatever the zone"),
    ("articles/site/sitemaps.py", ".month"): (1, "the files of the sitemap are cut by UTC, whatever the zone"),
}

BY_HAND = {"date", "time", "strftime", "strptime", "utcnow", "localtime", "localdate", "naturalday"}
CLASSES = {"date", "datetime"}  # whose today(), now() and fromtimestamp() go by the machine
PARTS = {"year", "month", "day", "hour", "weekday", "isoweekday", "isocalendar"}


@cache
def moments():
    """The names that moments have: of a DateTimeField and of no DateField, and those that variables usually have."""
    fields = [field for model in apps.get_models() for field in model._meta.get_fields() if hasattr(field, "attname")]
    times = {field.name for field in fields if isinstance(field, models.DateTimeField)}
    days = {field.name for field in fields if type(field) is models.DateField}
    return (times - days) | {"at", "now", "moment", "process_time", "instant"}


def name_of(node):
    """The last name of an expression, live_from of each of `edition.live_from`, `row["live_from"]`, `live_from()`."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return getattr(node, "attr", "") or getattr(node, "id", "")


def taken_by_hand(source):
    """(what, line) of each day or hour that some code takes from a moment by itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _called(node)
        elif isinstance(node, ast.FormattedValue) and _prints(node.format_spec) and name_of(node.value) in moments():
            yield f"{{{name_of(node.value)}:%…}}", node.lineno
        elif isinstance(node, ast.Attribute) and node.attr in PARTS and name_of(node.value) in moments():
            yield f".{node.attr}", node.lineno


def _called(node):
    name, owner = name_of(node.func), name_of(getattr(node.func, "value", None))
    if name in BY_HAND and isinstance(node.func, ast.Attribute) and not (name in CLASSES | {"time"} and _makes(node)):
        yield f".{name}()", node.lineno
    elif name in {"localtime", "localdate"}:
        yield f"{name}()", node.lineno
    elif owner in CLASSES and (name == "today" or (name in {"now", "fromtimestamp"} and not _has_zone(node, name))):
        yield f"{owner}.{name}()", node.lineno
    elif name == "date_format" and node.args and name_of(node.args[0]) in moments():
        yield f"date_format({name_of(node.args[0])})", node.lineno
    elif name == "localize" and node.args and name_of(node.args[0]) in moments():
        yield f"localize({name_of(node.args[0])})", node.lineno


def _makes(node):
    """Whether a call makes a date or a time out of numbers, as dt.date(2026, 5, 4) does."""
    return bool(node.args or node.keywords)


def _has_zone(node, name):
    return len(node.args) + len(node.keywords) >= (1 if name == "now" else 2)


def _prints(spec):
    return spec is not None and any(isinstance(part, ast.Constant) and "%" in str(part.value) for part in spec.values)


class RuleTests(SimpleTestCase):
    def test_no_day_is_taken_from_a_moment_by_hand(self):
        found, places = Counter(), []
        for room in ROOMS:
            for path in sorted((ROOT / room).rglob("*.py")):
                name = path.relative_to(ROOT).as_posix()
                if name in DOORS or "/migrations/" in name:
                    continue
                for what, line in taken_by_hand(path.read_text()):
                    found[name, what] += 1
                    if found[name, what] > ALLOWED.get((name, what), (0, ""))[0]:
                        places.append(f"{name}:{line}: {what}")
        advice = "Ask newsroom.paper: today(), day_of(moment), local(moment), each in the paper's zone or one you name."
        self.assertEqual(places, [], "\n".join([advice, *places]))
        unused = [key for key, (times, _) in ALLOWED.items() if found[key] < times]
        self.assertEqual(unused, [], "Allowed and not there any more: take it off the list.")

    def test_the_rule_sees_what_it_is_for(self):
        for wrong in (
            "day = clock.process_time().date()",
            'today = clock.process_time().strftime("/%Y/%m/%d/")',
            "datetime.date.today()",
            "dt.datetime.today()",
            "date.today()",
            "datetime.now()",
            "dt.datetime.utcnow()",
            "datetime.fromtimestamp(1)",
            "timezone.localdate()",
            "localtime(at)",
            'f"{self.turn_from:%d %b %H:%M}"',
            """f"{row['first_published_at']:%Y}" """.strip(),
            'date_format(edition.live_from, "j M")',
            "edition.live_from.year",
            "now.weekday()",
            "clock.process_time().year",
            'f"{clock.instant():%H:%M}"',
        ):
            self.assertEqual(len(list(taken_by_hand(wrong))), 1, wrong)

    def test_a_template_outside_the_papers_zone_fails(self):
        template, moment = Template('{{ at|date:"H:i" }}{{ at|time:"H:i" }}'), Context({"at": NOON})
        with self.assertRaisesMessage(AssertionError, "outside the paper's zone"):
            template.render(moment)
        with timezone.override("Asia/Tokyo"):
            template.render(moment)
        Template('{{ at|date:"c" }}').render(moment)  # carries its offset

    def test_the_rule_lets_days_be(self):
        for right in (
            "paper.day_of(at)",
            "contacts.today()",
            "dt.date(2026, 5, 4)",
            "datetime.time(12)",
            'f"{paper.local(at):%H:%M}"',
            'f"{row.due:%d %b}"',
            "datetime.now(UTC)",
            "datetime.fromtimestamp(1, UTC)",
            "paper.day_of(at).year",
            "at.isoformat()",
        ):
            self.assertEqual(list(taken_by_hand(right)), [], right)
