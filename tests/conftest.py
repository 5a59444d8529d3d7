"""For every test: no skip goes unnoticed on a build machine, guards outlast a flush, kept pages are forgotten."""

import gc
import os
from collections import Counter
from datetime import datetime
from functools import wraps
from pathlib import Path

import hypothesis
import pytest
from django.db import connections
from django.template import defaultfilters
from django.test import TransactionTestCase
from django.utils import timezone

from newsroom.database import guards

from . import zones
from .extent import EVERYTHING

HERE = Path(__file__).resolve().parent

# --- on a build machine nothing may skip but what wants files that are not there --------------

MAY_SKIP = "TEST_DATA"
_skipped = []


def _note_skip(report):
    # An expected failure is reported as skipped too; it ran.
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if not reason.startswith(MAY_SKIP):
            _skipped.append((report.nodeid, reason))


def pytest_runtest_logreport(report):
    _note_skip(report)


def pytest_collectreport(report):
    _note_skip(report)


def _forbidden(config):
    """The skips that fail this run; workers of a parallel run leave the verdict to the one who started them."""
    return _skipped if os.environ.get("CI") and not hasattr(config, "workerinput") else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    if _forbidden(session.config) and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if config.option.durations:
        _tell_where_the_time_went(terminalreporter)
    if found := _forbidden(config):
        terminalreporter.section("skipped where nothing may skip (CI is set)", red=True)
        for nodeid, reason in found:
            terminalreporter.line(f"{nodeid}: {reason}")


def _tell_where_the_time_went(terminalreporter):
    spent = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if type(report) is pytest.TestReport:  # a subtest's time is in its test's
                spent[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"seconds by file, {sum(spent.values()):.0f} in all workers")
    for name, seconds in spent.most_common(25):
        terminalreporter.line(f"{seconds:7.1f}  {name}")


# --- a test that commits is cleaned up after by a flush, which append-only tables would refuse ---

_teardown = TransactionTestCase._fixture_teardown


def _teardown_with_guards_lifted(self):
    # TRUNCATE fires no row trigger, so PostgreSQL's stand through it.
    if connections["default"].vendor == "sqlite":
        with guards.lifted(why="a test's flush"):
            _teardown(self)
    else:
        _teardown(self)


def pytest_configure(config):
    TransactionTestCase._fixture_teardown = _teardown_with_guards_lifted
    # A tenth of a run went into looking for cycles among what thousands of pages leave behind.
    gc.set_threshold(50_000, 20, 20)
    # An example that takes long says nothing on a machine that has other work.
    hypothesis.settings.register_profile("patient", hypothesis.settings(), deadline=None)
    hypothesis.settings.load_profile("patient")


# --- what runs on which worker, and in which order ------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    if not EVERYTHING:
        tonight = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=tonight)
        items[:] = [item for item in items if item not in tonight]
    for item in items:
        # Two workers that shared a class would both make its data; of slow ones, the tests are what takes long.
        if item.cls and not item.get_closest_marker("slow") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}-{item.cls.__name__}"))
    # What takes long begins first, or one worker would wait at the end for the other.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# --- a test's rollback turns the pulse back, so what is kept under it must not be found again ----


@pytest.fixture(autouse=True)
def nothing_kept():
    from newsroom import clock
    from newsroom.web import pages

    clock.forget()
    pages.Kept.forget()


# --- what pages print of a moment is the paper's clock: no template may be rendered outside its zone ---


def _in_the_papers_zone(filter):
    """A template filter that fails on a moment where no zone of a paper is active; ISO with its offset is exact."""

    @wraps(filter)
    def checked(value, arg=None):
        outside = timezone.get_current_timezone() is timezone.get_default_timezone()
        if isinstance(value, datetime) and arg != "c" and outside:
            raise AssertionError(f"{value} is printed outside the paper's zone: render it within paper.in_zone().")
        return filter(value, arg)

    return checked


# Before any template is read, which is when filters are looked up.
for name in ("date", "time"):
    defaultfilters.register.filters[name] = _in_the_papers_zone(defaultfilters.register.filters[name])


# --- with TEST_ZONE the paper stands elsewhere, at an hour when its day is not UTC's -----------------


if zones.ZONE:

    @pytest.fixture(autouse=True, scope="session")
    def _clock_there():
        with zones.clock_there():
            yield
