"""The clock that decides what is public: the database's on PostgreSQL, the process's on SQLite.

It never runs behind the newest instant in the database (`Pulse.newest`). Where a machine's clock is set back, what was
withdrawn a minute ago stays withdrawn, what readers saw begin has begun (`Pulse.keep_begun`), and the next edition
begins after the last: time stands still until the clock has caught up. `SecondsBehind` says by how much. A clock that
ran ahead and was put right is no different: what it let out was public, so nothing takes it back. The log and Today say
so, and what is due meanwhile is published by hand.
"""

import logging
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, FloatField, Func
from django.utils import timezone

log = logging.getLogger(__name__)

_frozen = ContextVar("frozen clock", default=None)
# The newest instant as a query has it: newsroom.models.Pulse, which imports this module.
_NEWEST = "(SELECT newest FROM newsroom_pulse WHERE id = 1)"
TICK = timedelta(microseconds=1)
TOLERATED = timedelta(seconds=1)  # clocks of two machines are never quite alike
LOG_EVERY = 60  # seconds


class Moment(Func):
    """The present moment inside a query: what readers' queries compare times with.

    On PostgreSQL it is STATEMENT_TIMESTAMP(), so that web servers whose clocks differ agree. SQLite runs
    on the machine of the process, so the process's clock answers. Neither runs behind the newest instant.
    """

    POSTGRESQL = f"GREATEST(STATEMENT_TIMESTAMP(), {_NEWEST})"
    SQLITE = f"MAX(%s, COALESCE({_NEWEST}, ''))"
    arity = 0

    def __init__(self):
        super().__init__(output_field=DateTimeField())

    def as_sqlite(self, compiler, connection, **context):
        frozen = _frozen.get()
        value = connection.ops.adapt_datetimefield_value(frozen or process_time())
        return ("%s" if frozen else self.SQLITE), [value]

    def as_postgresql(self, compiler, connection, **context):
        frozen = _frozen.get()
        return ("%s::timestamptz", [frozen]) if frozen else (self.POSTGRESQL, [])


class Newest(Func):
    """The newest instant after a write, for `Pulse.newest`: never older than it was, nor than `instant()` said."""

    arity = 0

    def __init__(self):
        super().__init__(output_field=DateTimeField())

    def as_sqlite(self, compiler, connection, **context):
        # instant() has told this process what it gave out.
        return "MAX(newest, %s)", [connection.ops.adapt_datetimefield_value(process_time())]

    def as_postgresql(self, compiler, connection, **context):
        frozen = _frozen.get()
        if frozen:
            return "GREATEST(newest, %s::timestamptz)", [frozen]
        return "GREATEST(newest + interval '1 microsecond', clock_timestamp())", []


class SecondsBehind(Func):
    """How many seconds the deciding clock is behind the newest instant: 0 unless it was set back; for the desk."""

    SQLITE = f"(julianday({_NEWEST}) - julianday(%s)) * 86400"
    POSTGRESQL = f"EXTRACT(EPOCH FROM {_NEWEST} - COALESCE(%s::timestamptz, clock_timestamp()))"
    arity = 0

    def __init__(self):
        super().__init__(output_field=FloatField())

    def as_sqlite(self, compiler, connection, **context):
        present = connection.ops.adapt_datetimefield_value(_frozen.get() or timezone.now())
        return self._tolerant(self.SQLITE), [present, TOLERATED.total_seconds(), present]

    def as_postgresql(self, compiler, connection, **context):
        return self._tolerant(self.POSTGRESQL), [_frozen.get(), TOLERATED.total_seconds(), _frozen.get()]

    def _tolerant(self, seconds):
        return f"CASE WHEN {seconds} > %s THEN {seconds} ELSE 0 END"


def now():
    """An expression for the present moment, to compare columns with in a query."""
    return Moment()


def process_time():
    """The present by the process's clock, an aware datetime: for printing, never for deciding."""
    return _frozen.get() or _seen.no_earlier(timezone.now())


def frozen_at():
    """The moment at which a test holds the clocks, or None."""
    return _frozen.get()


def instant():
    """The moment at which a write takes effect, by the deciding clock. Call it after taking the lock.

    It is later than the newest instant in the database, so that no span comes out empty.
    """
    if _frozen.get() is not None:
        return _frozen.get()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT GREATEST(clock_timestamp(), {_NEWEST} + interval '1 microsecond')")
            return cursor.fetchone()[0]
        cursor.execute(f"SELECT {_NEWEST} || ''")  # as text
        [text] = cursor.fetchone()
    return _seen.later_than(text) if text else timezone.now()


# --- the newest instant that this process has seen ------------------------------------------------------


class Seen:
    """The newest instant that this process knows of. Readers' pages bring it along with the state of the paper."""

    def __init__(self):
        self._lock = threading.Lock()
        self.forget()

    def forget(self):
        """For tests, whose clocks go back."""
        self._newest, self._texts, self._logged = None, (), None

    def read(self, *texts):
        """Take note of instants that have come, as the database wrote them, in UTC; of none while a test holds time."""
        if texts != self._texts and _frozen.get() is None:
            for text in filter(None, texts):
                self._keep(parsed(text))
            self._texts = texts

    def later_than(self, text):
        """The present, or the moment after an instant that the database wrote; noted as given out."""
        self.read(text)
        moment = max(self.no_earlier(timezone.now()), parsed(text) + TICK)
        self._keep(moment)
        return moment

    def no_earlier(self, moment):
        """The later of a moment and the newest instant; the first time and then once a minute, the log is told."""
        newest = self._newest
        if newest is None or moment >= newest:
            return moment
        if newest - moment > TOLERATED:
            self._log(newest - moment)
        return newest

    def _keep(self, at):
        with self._lock:
            if self._newest is None or at > self._newest:
                self._newest = at

    def _log(self, gap):
        if self._logged is None or time.monotonic() - self._logged > LOG_EVERY:
            self._logged = time.monotonic()
            log.error("this machine's clock is %.0f s behind the newest instant in the database", gap.total_seconds())


def parsed(text):
    """A moment as the database writes it in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_seen = Seen()
saw, forget = _seen.read, _seen.forget


@contextmanager
def frozen(at):
    """Hold both clocks at a moment, for tests and for a preview of what readers will get then. Write nothing within."""
    token = _frozen.set(at)
    try:
        yield at
    finally:
        _frozen.reset(token)
