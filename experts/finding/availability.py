"""Whether an expert is free at a moment: hours of the week in their own zone, days off, the notice that they need.

Hours are wall time where the expert lives. An hour that the clocks skip is none, one that they repeat counts twice.
"""

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from newsroom.paper import day_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LAST_MINUTE = time(23, 59)  # as people write the end of a day


def free(expert, at, minutes, medium=""):
    """Whether an expert is free from a moment on for so many minutes, for a format where one is given.

    Reads `windows` and `time_off`, prefetched or not. False too where the hours are not known: ask `known` first.
    """
    return is_free(
        zone(expert.time_zone), expert.windows.all(), expert.time_off.all(), at, minutes, medium, expert.lead_time
    )


def known(expert):
    """Whether the expert's hours are known: in which zone, and at least one window."""
    return zone(expert.time_zone) is not None and bool(expert.windows.all())


@lru_cache(maxsize=1024)
def zone(name):
    """The zone of a name, or None."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_free(tz, windows, time_off, at, minutes, medium="", notice=None):
    """As `free`, over rows that have a window's or a time off's fields."""
    if tz is None or (notice or 0) > minutes:
        return False
    until = at.astimezone(UTC) + minutes * MINUTE
    reached = free_until(tz, windows, at, medium)
    return reached is not None and reached >= until and not is_off(tz, time_off, at, until)


def is_off(tz, time_off, at, until):
    """Whether a day off touches a span; days are the expert's."""
    first = day_of(at, tz)
    last = day_of(until - timedelta(microseconds=1), tz)
    return any(off.first <= max(first, last) and off.last >= first for off in time_off)


def free_until(tz, windows, at, medium=""):
    """When the hours end that a moment lies in, windows that meet counted as one; None outside of all."""
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
    """The instants between which a window is open on the days around one: from the day before to the day after."""
    offset = (window.weekday - day.weekday() + 1) % 7 - 1
    if offset <= 1:
        yield _span(tz, day + offset * DAY, window.start, window.end)


@lru_cache(maxsize=4096)
def _span(tz, day, start, end):
    if end >= LAST_MINUTE:
        end = time(0)
    # One that ends as it begins is open the whole day round.
    return _instant(tz, day, start, 0), _instant(tz, day + DAY if end <= start else day, end, 1)


def _instant(tz, day, at, fold):
    """The instant of a wall time: of two the first (fold 0) or the last (1); of none, when the clocks skip it."""
    naive = datetime.combine(day, at)
    one, other = (naive.replace(tzinfo=tz, fold=f).astimezone(UTC) for f in (0, 1))
    if one <= other:
        return one if fold == 0 else other
    # Skipped: fold 1 reads it by the clock after the change and comes out before it; fold 0 after it.
    early, late = other, one
    before = early.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(tz).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
