"""Whether an expert is free at a moment: by their weekly hours, their days off and the notice that they need.

Hours are local time where the expert lives. When the clocks change, an hour that is skipped does not exist and an hour
that comes twice counts twice.
"""

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from newsroom.paper import day_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LAST_MINUTE = time(23, 59)  # people write this for the end of a day


def is_expert_free(expert, at, minutes, medium=""):
    """Whether an expert is free for so many minutes from a moment on; `medium` is one of FORMATS, or "" for any.

    Reads `windows` and `time_off`, prefetched or not. It is False, too, where no hours are known: ask
    `has_known_hours` first.
    """
    return is_free_in_windows(
        zone_named(expert.time_zone), expert.windows.all(), expert.time_off.all(), at, minutes, medium, expert.lead_time
    )


def has_known_hours(expert):
    """Whether the card has a time zone and at least one window of hours."""
    return zone_named(expert.time_zone) is not None and bool(expert.windows.all())


@lru_cache(maxsize=1024)
def zone_named(name):
    """The ZoneInfo of a name, or None where there is none."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_free_in_windows(tz, windows, time_off, at, minutes, medium="", notice=None):
    """The same as `is_expert_free`, for rows with the fields of AvailabilityWindow and TimeOff."""
    if tz is None or (notice or 0) > minutes:
        return False
    until = at.astimezone(UTC) + minutes * MINUTE
    reached = free_until(tz, windows, at, medium)
    return reached is not None and reached >= until and not is_off(tz, time_off, at, until)


def is_off(tz, time_off, at, until):
    """Whether any day of a span is a day off, by the days of the expert's zone."""
    first = day_of(at, tz)
    last = day_of(until - timedelta(microseconds=1), tz)
    return any(off.first <= max(first, last) and off.last >= first for off in time_off)


def free_until(tz, windows, at, medium=""):
    """When the window that a moment lies in ends; None outside all windows. Windows that touch count as one."""
    at = at.astimezone(UTC)
    day = day_of(at, tz)
    spans = sorted(
        span
        for window in windows
        if not medium or not window.formats or medium in window.formats
        for span in _spans(tz, window, day)
    )
    reached = None
    for start, end in spans:
        if start <= (reached or at) and end > (reached or at):
            reached = end
    return reached


def _spans(tz, window, day):
    """(start, end) of a window on the days before, on and after a day, as instants."""
    offset = (window.weekday - day.weekday() + 1) % 7 - 1
    if offset <= 1:
        yield _span(tz, day + offset * DAY, window.start, window.end)


@lru_cache(maxsize=4096)
def _span(tz, day, start, end):
    if end >= LAST_MINUTE:
        end = time(0)
    # A window that ends at the time when it begins is open for 24 hours.
    return _instant(tz, day, start, 0), _instant(tz, day + DAY if end <= start else day, end, 1)


def _instant(tz, day, at, fold):
    """The instant of a local time: the first (fold 0) or second (fold 1) where it comes twice.

    Where the clocks skip it, the moment when they do.
    """
    naive = datetime.combine(day, at)
    one, other = (naive.replace(tzinfo=tz, fold=f).astimezone(UTC) for f in (0, 1))
    if one <= other:
        return one if fold == 0 else other
    # The clocks skip this time: fold 1 gives an instant before the change, fold 0 one after it. Find the change.
    early, late = other, one
    before = early.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(tz).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
