"""The parts of the desk's front page: queues of what waits, each line the same, in the places where they stand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format

from .. import clock, paper

# Where on the page a queue stands. What waits is one list by the hour; the others stand under their own names.
WAITS, OWN, OTHERS, NEXT, WRONG, ASIDE = "waits", "own", "others", "next", "wrong", "aside"


@dataclass(frozen=True)
class Line:
    """One line: what it is about and where that is, by when, why it stands here, and what there is to do.

    `when` is a moment, a day or None. `why` is said first, `about` after it, `quote` in somebody's own words.
    """

    title: str
    url: str
    when: object = None
    said: str = ""  # of `when`, instead of how far it is
    why: str = ""
    about: str = ""
    quote: str = ""
    do: str = "Open"
    links: tuple = ()  # (words, address) of what else there is to see
    counts: bool = True  # whether a moment that has passed is late

    @property
    def is_late(self):
        return self.counts and is_past(self.when)

    @property
    def time(self):
        """When, in a word: 14:00 today, else its day."""
        return in_a_word(self.when)

    @property
    def hour(self):
        """The hour of a moment, whatever its day."""
        return f"{paper.local(self.when):%H:%M}"

    @property
    def other_day(self):
        """The day of a moment that is not today; "" of one that is."""
        return "" if paper.day_of(self.when) == paper.today() else self.time

    @property
    def distance(self):
        """How far it is from now, or what else is to be said of the time."""
        return self.said or (lateness(self.when) if self.counts else "")


@dataclass
class Queue:
    """One list: its rows, whether there are more, the page that has them all, and where it stands."""

    name: str
    title: str
    rows: list
    more: bool = False
    url: str = ""
    empty: str = ""
    says: str = ""  # what the date on each line means
    place: str = WAITS
    is_work: bool = True  # whether somebody has to do something about what is in it
    line: Callable = field(default=str, repr=False)

    @property
    def lines(self):
        return [self.line(row) for row in self.rows]


@dataclass
class Today:
    """The queues of one person as the front page shows them."""

    queues: list

    @property
    def waits(self):
        """What waits for them, by the hour: what has a time first, then what has a day or none."""
        return by_the_hour(line for queue in self._at(WAITS) for line in queue.lines)

    @property
    def more(self):
        """The queues of `waits` that are longer than what is shown."""
        return [queue for queue in self._at(WAITS) if queue.more and queue.url]

    @property
    def is_clear(self):
        """Whether nothing at all waits for them, beside the rest of the page neither."""
        return not any(queue.rows for queue in self.queues if queue.place in (WAITS, WRONG, ASIDE) and queue.is_work)

    @property
    def own(self):
        return self._full(OWN)

    @property
    def others(self):
        return by_the_hour(line for queue in self._at(OTHERS) for line in queue.lines)

    @property
    def next(self):
        return self._full(NEXT)

    @property
    def wrong(self):
        return [line for queue in self._at(WRONG) for line in queue.lines]

    @property
    def wrong_more(self):
        return [queue for queue in self._at(WRONG) if queue.more and queue.url]

    @property
    def aside(self):
        return self._full(ASIDE)

    @property
    def at_rest(self):
        """What there is nothing of, in one line."""
        return " ".join(dict.fromkeys(queue.empty for queue in self.queues if not queue.rows and queue.empty))

    @property
    def now(self):
        return clock.process_time()

    def _at(self, place):
        return [queue for queue in self.queues if queue.place == place]

    def _full(self, place):
        return [queue for queue in self._at(place) if queue.rows]


def by_the_hour(lines):
    """Lines in the order of their times; those without one come last."""
    return sorted(lines, key=lambda line: _place_in_the_day(line.when))


def is_past(when):
    """Whether a moment, or a whole day, is over; never for None."""
    if when is None:
        return False
    return when < clock.process_time() if isinstance(when, datetime) else when < paper.today()


def in_a_word(when):
    """A moment or a day: 14:00, Today, Thu 3 Dec; "" for None."""
    if when is None:
        return ""
    is_moment = isinstance(when, datetime)
    day = paper.day_of(when) if is_moment else when
    if day == paper.today():
        return f"{paper.local(when):%H:%M}" if is_moment else "Today"
    return date_format(day, "D j M" if day.year == paper.today().year else "j M Y")


def lateness(when):
    """How far a moment is: “in 72 min”, “18 min late”; of one on another day its hour; "" of a day."""
    if not isinstance(when, datetime):
        return "" if when else "no time set"
    minutes = round((when - clock.process_time()).total_seconds() / 60)
    if minutes < 0:
        return f"{_span(-minutes)} late"
    return f"in {_span(minutes)}" if paper.day_of(when) == paper.today() else f"{paper.local(when):%H:%M}"


def _span(minutes):
    if minutes < 100:
        return f"{minutes} min"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} h {minutes % 60:02}" if hours < 10 else f"{hours} h"
    return f"{hours // 24} days"


def _place_in_the_day(when):
    if when is None:
        return 1, "", ""
    is_moment = isinstance(when, datetime)
    day = paper.day_of(when) if is_moment else when
    return 0, day.isoformat(), when.isoformat() if is_moment else "~"
