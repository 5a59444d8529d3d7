"""The paper in another zone, for a whole run: TEST_ZONE=Pacific/Auckland puts the tests' publication there.

The clock then starts, and NOON then is, at an hour when the paper's day differs from UTC's. The clock goes on from
there, so this needs SQLite, where the process's clock decides; PostgreSQL's own would contradict it.
"""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection

# An hour of UTC at which the day there is another, in summer and in winter, and stays so for some hours: tomorrow's
# small hours in Auckland, yesterday's late afternoon in Los Angeles.
HOURS = {"Pacific/Auckland": 13, "America/Los_Angeles": 1}
NOONS = {
    "Pacific/Auckland": datetime(2026, 5, 4, 13, 0, tzinfo=UTC),  # 5 May, 01:00
    "America/Los_Angeles": datetime(2026, 5, 5, 1, 0, tzinfo=UTC),  # 4 May, 18:00
}
ZONE = os.environ.get("TEST_ZONE", "")
if ZONE and ZONE not in HOURS:
    raise SystemExit(f"TEST_ZONE is one of {', '.join(HOURS)}, not {ZONE}.")

HOME = ZONE or "Europe/London"  # where the tests' paper is
NOON = NOONS.get(ZONE) or datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def clock_there():
    """A context in which the clock starts at that hour, on the day that it is."""
    if connection.vendor != "sqlite":
        raise SystemExit("TEST_ZONE needs SQLite: PostgreSQL has a clock of its own.")
    at = datetime.now(UTC).replace(hour=HOURS[ZONE], minute=12, second=0, microsecond=0)
    return time_machine.travel(at, tick=True)


# --- what a page or an address says of a moment, for tests to compare with -----------------------------


def local(moment):
    """A moment as the clocks of the tests' paper show it."""
    return moment.astimezone(ZoneInfo(HOME))


def day(moment=NOON):
    """The day of the tests' paper on which a moment falls."""
    return local(moment).date()


def wall(text):
    """The moment at which the clocks of the tests' paper show an ISO time, in UTC, as the database gives moments."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(HOME)).astimezone(UTC)


def printed(moment):
    """As readers read it: 4 May 2026, 13:00."""
    return f"{local(moment):%-d %B %Y, %H:%M}"


def story_path(slug, at=NOON, section="world"):
    """The address of a story that was first published at a moment."""
    return f"/{section}/{day(at):%Y/%m/%d}/{slug}/"


def archive_path(at=NOON):
    """The archive of the day on which a moment falls."""
    return f"/archive/{day(at):%Y/%m/%d}/"
