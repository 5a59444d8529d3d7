"""The clock that decides what is public: the database's on PostgreSQL, the process's on SQLite."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.models import DateTimeField, Func
from django.utils import timezone

_frozen = ContextVar("frozen clock", default=None)


class Moment(Func):
    """The present moment inside a query: what readers' queries compare times with.

    On PostgreSQL it is STATEMENT_TIMESTAMP(), so that web servers whose clocks differ agree. SQLite runs
    on the machine of the process, so the process's clock answers.
    """

    template = "STATEMENT_TIMESTAMP()"
    arity = 0

    def __init__(self):
        super().__init__(output_field=DateTimeField())

    def as_sqlite(self, compiler, connection, **context):
        return "%s", [connection.ops.adapt_datetimefield_value(process_time())]

    def as_postgresql(self, compiler, connection, **context):
        frozen = _frozen.get()
        if frozen is not None:
            return "%s::timestamptz", [frozen]
        return super().as_sql(compiler, connection, **context)


def now():
    """An expression for the present moment, to compare columns with in a query."""
    return Moment()


def process_time():
    """The present by the process's clock, an aware datetime: for printing, never for deciding."""
    return _frozen.get() or timezone.now()


def moment_parameter(database):
    """What a prepared query is given for the present: None where the database's own clock decides."""
    return _frozen.get() if database.vendor == "postgresql" else process_time()


def instant():
    """The moment at which a write takes effect, by the deciding clock. Call it after taking the lock."""
    if connection.vendor != "postgresql" or _frozen.get() is not None:
        return process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@contextmanager
def frozen(at):
    """Hold both clocks at a moment, for tests."""
    token = _frozen.set(at)
    try:
        yield at
    finally:
        _frozen.reset(token)
