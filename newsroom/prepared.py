"""Questions that every page asks: a queryset whose SQL is made once, and asked again with other values.

Building and compiling a queryset costs several times what the database needs to answer it, on pages
that are little more than their one query. The queryset stays the only place where the question is written.

    story = Question(lambda: Edition.objects.in_force(NOW).filter(path=Given("path", CharField())).values("pk"))
    rows = story.ask(path="/world/…/")
"""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression

from . import clock


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


class Now(clock.Moment):
    """The present moment of each asking, by the deciding clock."""

    def as_sqlite(self, compiler, connection, **context):
        return "%s", [Blank("now", self.output_field)]

    def as_postgresql(self, compiler, connection, **context):
        # The server's clock decides; only a test that has stopped the clock tells another moment.
        return "COALESCE(%s::timestamptz, STATEMENT_TIMESTAMP())", [Blank("now", self.output_field)]


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
        for name, expression, convert in self._ready[-1]:
            for row in rows:
                row[name] = convert(row[name], expression, database)
        return rows

    def bare(self, **given):
        """As `ask`, but as the database gave them: for a page that is kept, and looks at a few columns alone."""
        database = connections[DEFAULT_DB_ALIAS]
        if self._ready is None or self._ready[0] != database.vendor:
            self._ready = self._prepare(database)
        _, sql, blanks, params, names, _ = self._ready
        given["now"] = clock.told()
        filled = list(params)
        for blank, places in blanks:
            value = blank.field.get_db_prep_value(given[blank.name], database)
            for place in places:
                filled[place] = value
        with database.cursor() as cursor:
            cursor.execute(sql, filled)
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _prepare(self, database):
        query = self.make().query
        compiler = query.get_compiler(connection=database)
        sql, params = compiler.as_sql()
        blanks = {}
        for place, param in enumerate(params):
            if isinstance(param, Blank):
                blanks.setdefault((param.name, type(param.field)), (param, []))[1].append(place)
        names = list(query.selected)
        converters = [
            (names[place], expression, convert)
            for place, (converts, expression) in compiler.get_converters([c for c, _, _ in compiler.select]).items()
            for convert in converts
        ]
        return database.vendor, sql, list(blanks.values()), tuple(params), names, converters
