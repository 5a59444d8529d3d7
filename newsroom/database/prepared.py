"""Questions that every page asks: a queryset whose SQL is made once, and asked again with other values.

Building and compiling a queryset costs several times what the database needs to answer it, on pages
that are little more than their one query. The queryset stays the only place where the question is written.

    story = Question(lambda: Edition.objects.in_force(NOW).filter(path=Given("path", CharField())).values("pk"))
    rows = story.ask(path="/world/…/")
"""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression

from .. import clock


class Blank:
    """Stands among a query's parameters for a value that is told when it is asked."""

    def __init__(self, name, field):
        self.name, self.field = name, field


class Given(Expression):
    """A value that `Question.ask` is told by this name."""

    def __init__(self, name, output_field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [Blank(self.name, self.output_field)]


THE_MOMENT = object()  # stands for the present there, which every question is told


class Now(clock.Moment):
    """The present moment of each asking, by the deciding clock."""

    def as_sqlite(self, compiler, connection, **context):
        return "%s", [THE_MOMENT]

    def as_postgresql(self, compiler, connection, **context):
        # The server's clock decides; only a test that has stopped the clock tells another moment.
        return "COALESCE(%s::timestamptz, STATEMENT_TIMESTAMP())", [THE_MOMENT]


NOW = Now()


class Question:
    """A queryset of values(), made by a function that is called once."""

    def __init__(self, make):
        self.make = make
        self._ready = None

    def ask(self, **given):
        """The rows as dicts, for these values; one query."""
        return self.converted(self.bare(**given))

    def converted(self, rows):
        """Rows that `bare` found, with moments, truths and JSON as Python has them."""
        database = connections[DEFAULT_DB_ALIAS]
        for name, expression, convert in self._ready.converters:
            for row in rows:
                row[name] = convert(row[name], expression, database)
        return rows

    def bare(self, **given):
        """As `ask`, but as the database gave them: for a page that is kept, and looks at a few columns alone."""
        database = connections[DEFAULT_DB_ALIAS]
        ready = self._ready
        if ready is None or ready.vendor != database.vendor:
            ready = self._ready = self._prepare(database)
        params = ready.fixed | {"now": database.ops.adapt_datetimefield_value(clock.told(database))}
        for param, blank in ready.blanks:
            params[param] = blank.field.get_db_prep_value(given[blank.name], database)
        with database.cursor() as cursor:
            cursor.execute(ready.sql, params)
            return [dict(zip(ready.names, row, strict=True)) for row in cursor.fetchall()]

    def _prepare(self, database):
        query = self.make().query
        compiler = query.get_compiler(connection=database)
        sql, found = compiler.as_sql()
        # By name, a value stands in several places and is prepared once; on SQLite Django would
        # besides rewrite, at every asking, an SQL whose parameters have none.
        fixed, blanks, holders = {}, {}, []
        for value in found:
            if value is THE_MOMENT:
                param = "now"
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
    """What a question has become for one kind of database: SQL with a named place for every value."""

    vendor: str
    sql: str
    fixed: dict
    blanks: list
    names: list
    converters: list
