"""Prepared queries: a queryset whose SQL is compiled once and run again with other values.

Building and compiling a queryset costs several times what the database needs to answer it, on pages
that are little more than their one query. The queryset stays the only place where the query is written.

    story = Question(lambda: Edition.objects.in_force(NOW).filter(path=Given("path", CharField())).values("pk"))
    rows = story.ask(path="/world/…/")

This stands on names of Django's ORM that are not public: `Query.selected`, `SQLCompiler.select`,
`SQLCompiler.get_converters` and `Query.get_compiler`. tests/newsroom/test_prepared.py names the one
that a newer Django has moved.
"""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression

from .. import clock


class Blank:
    """Stands among a query's parameters for a value that is given when the query is run."""

    def __init__(self, name, field):
        self.name, self.field = name, field


class Given(Expression):
    """A value that `Question.ask` is given by this name."""

    def __init__(self, name, output_field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [Blank(self.name, self.output_field)]


# Stand among the parameters for what every run is given: the moment at which a test holds the clocks, else None, and
# the present by the process's clock.
HELD_MOMENT, PROCESS_MOMENT = object(), object()


class Now(clock.Moment):
    """The present moment of each run, by the deciding clock."""

    def as_sqlite(self, compiler, connection, **context):
        return f"COALESCE(%s, {self.SQLITE})", [HELD_MOMENT, PROCESS_MOMENT]

    def as_postgresql(self, compiler, connection, **context):
        # The server's clock decides; only a test that has stopped the clock gives another moment.
        return f"COALESCE(%s::timestamptz, {self.POSTGRESQL})", [HELD_MOMENT]


NOW = Now()


class Question:
    """A queryset of values(), made by a function that is called once for each kind of database."""

    def __init__(self, make):
        self.make = make
        self._prepared = None

    def ask(self, **given):
        """The rows as dicts, for these values; one query."""
        return self.converted(self.bare(**given))

    def converted(self, rows):
        """Rows of `bare` with datetimes, booleans and JSON as Python has them; changes the rows in place."""
        database = connections[DEFAULT_DB_ALIAS]
        for name, expression, convert in self._prepared.converters:
            for row in rows:
                row[name] = convert(row[name], expression, database)
        return rows

    def bare(self, **given):
        """As `ask`, but with the values as the database returned them, for a page that reads a few columns only."""
        database = connections[DEFAULT_DB_ALIAS]
        prepared = self._prepared
        if prepared is None or prepared.vendor != database.vendor:
            prepared = self._prepared = self._prepare(database)
        params = prepared.fixed | {"held": database.ops.adapt_datetimefield_value(clock.frozen_at())}
        if database.vendor == "sqlite":
            params["process"] = database.ops.adapt_datetimefield_value(clock.process_time())
        for param, blank in prepared.blanks:
            params[param] = blank.field.get_db_prep_value(given[blank.name], database)
        with database.cursor() as cursor:
            cursor.execute(prepared.sql, params)
            return [dict(zip(prepared.names, row, strict=True)) for row in cursor.fetchall()]

    def _prepare(self, database):
        query = self.make().query
        compiler = query.get_compiler(connection=database)
        sql, values = compiler.as_sql()
        # Named parameters: a value that stands in several places is sent once, and on SQLite Django
        # leaves the SQL alone, which it would rewrite at every run where parameters have no names.
        fixed, blanks, holders = {}, {}, []
        for value in values:
            if value is HELD_MOMENT:
                param = "held"
            elif value is PROCESS_MOMENT:
                param = "process"
            elif isinstance(value, Blank):
                param = f"{value.name}_{type(value.field).__name__}"
                blanks[param] = value
            else:
                param = f"fixed_{len(fixed)}"
                fixed[param] = value
            holders.append(f"%({param})s")
        sql = sql.replace("%%", "%%%%") % tuple(holders)
        names = list(query.selected)
        converters = [
            (names[place], expression, convert)
            for place, (converts, expression) in compiler.get_converters([c for c, _, _ in compiler.select]).items()
            for convert in converts
        ]
        return Prepared(database.vendor, sql, fixed, list(blanks.items()), names, converters)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query compiled for one kind of database: its SQL, with a named place for every value."""

    vendor: str
    sql: str
    fixed: dict
    blanks: list
    names: list
    converters: list
