"""The old site's zone: an export names none, but most of its items say one moment by two clocks."""

import bisect
import datetime as dt

from newsroom import paper


class BlogClock:
    """Gives dates of the export their zone: as items of about that time were dated, else the paper's."""

    def __init__(self):
        self._seen, self._sorted = {}, None

    def observe(self, item):
        """Learn from an item that is dated both by the blog's clock and by GMT."""
        if item.local and item.at and item.at.tzinfo:
            offset = item.local - item.at.replace(tzinfo=None)
            if abs(offset) <= dt.timedelta(hours=14):
                self._seen[item.local] = offset
                self._sorted = None

    def aware(self, at):
        """A moment in UTC, or None for None."""
        if at is None or at.tzinfo:
            return at and at.astimezone(dt.UTC)
        if not self._seen:
            return at.replace(tzinfo=paper.zone()).astimezone(dt.UTC)
        self._sorted = self._sorted or sorted(self._seen)
        place = bisect.bisect(self._sorted, at)
        nearest = min(self._sorted[max(0, place - 1) : place + 1], key=lambda seen: abs(seen - at))
        return (at - self._seen[nearest]).replace(tzinfo=dt.UTC)
