"""What the database itself refuses: changes of append-only rows, overlapping spans, a second owner of a path.

Each room lists its guards in its own guards.py as SQL per engine and adds them to
`hooks.guards`. They are installed after every migrate and, on SQLite, dropped before it, since
remaking a table there loses its triggers silently. They compare values and ask no clock; a
refusal is an IntegrityError on both engines.
"""

import logging
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections, transaction

from .. import hooks

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Guard:
    """One refusal: its name in the database, the table it watches, and the SQL that makes and drops it."""

    name: str
    table: str
    create: tuple
    drop: tuple


def all_guards(connection):
    """Every guard of the house for this engine."""
    return [guard for room in hooks.guards for guard in room(connection)]


def install(using="default"):
    """Put every guard in place whose table exists, as all do but in a database migrated backwards; safe to repeat."""
    remove(using)
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in all_guards(connection):
            for statement in guard.create if guard.table in tables else ():
                cursor.execute(statement)


def remove(using="default"):
    """Take every guard away."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in all_guards(connection):
            for statement in guard.drop:
                cursor.execute(statement)


def missing(using="default"):
    """The names of guards that should stand in this database and do not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
                " UNION SELECT conname FROM pg_constraint"
            )
        have = {row[0] for row in cursor.fetchall()}
    return sorted(guard.name for guard in all_guards(connection) if guard.name not in have)


@contextmanager
def lifted(using="default", *, why):
    """Lift the guards for a data migration or a test's flush, and put them back. `why` goes to the log."""
    log.warning("guards lifted: %s", why)
    remove(using)
    try:
        yield
    finally:
        install(using)


def after_migrate(using, **kwargs):
    """post_migrate of the last room: its tables and those below exist by now."""
    install(using)


def before_migrate(using, **kwargs):
    """pre_migrate: on SQLite a remade table would lose its triggers without a word."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for guard in all_guards(connection):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.name}"')


def append_only(model, connection, *, changeable=()):
    """Guards that refuse to delete rows of a model, or to change any but some columns (none: no update at all)."""
    table = model._meta.db_table
    frozen = [f.column for f in model._meta.concrete_fields if f.attname not in changeable and f.name not in changeable]
    message = f"{model._meta.verbose_name} rows are append-only"
    if connection.vendor == "sqlite":
        differs = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in frozen)
        return [
            sqlite_trigger(f"guard_{table}_delete", f'BEFORE DELETE ON "{table}"', "1", message),
            sqlite_trigger(f"guard_{table}_update", f'BEFORE UPDATE ON "{table}"', differs, message),
        ]
    differs = " OR ".join(f'NEW."{column}"::text IS DISTINCT FROM OLD."{column}"::text' for column in frozen)
    return [
        postgresql_trigger(f"guard_{table}_delete", f'BEFORE DELETE ON "{table}"', "TRUE", message),
        postgresql_trigger(f"guard_{table}_update", f'BEFORE UPDATE ON "{table}"', differs, message),
    ]


def address_guards(connection, model):
    """Guards by which nothing takes a slug that another of its kind had before, nor gives away one that another has."""
    make = sqlite_trigger if connection.vendor == "sqlite" else postgresql_trigger
    table, former = model._meta.db_table, model._meta.get_field("former").related_model._meta.db_table
    had = f'EXISTS (SELECT 1 FROM "{former}" f WHERE f.slug = NEW.slug AND f.of_id <> NEW.id)'
    has = f'EXISTS (SELECT 1 FROM "{table}" t WHERE t.slug = NEW.slug AND t.id <> NEW.of_id)'
    message = f"that address of a {model._meta.verbose_name} is taken"
    return [
        make(f"guard_{table}_slug_insert", f'BEFORE INSERT ON "{table}"', had, message),
        make(f"guard_{table}_slug_update", f'BEFORE UPDATE OF slug ON "{table}"', had, message),
        make(f"guard_{former}_insert", f'BEFORE INSERT ON "{former}"', has, message),
        make(f"guard_{former}_update", f'BEFORE UPDATE ON "{former}"', "1 = 1", message),
    ]


def sqlite_trigger(name, event, condition, message):
    """A guard that aborts a statement when the condition holds, on SQLite."""
    table = event.split('"')[1]
    create = f"CREATE TRIGGER \"{name}\" {event} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return Guard(name, table, (create,), (f'DROP TRIGGER IF EXISTS "{name}"',))


def postgresql_trigger(name, event, condition, message):
    """A guard that aborts a statement with integrity_constraint_violation when the condition holds, on PostgreSQL."""
    table = event.split('"')[1]
    function = (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    create = f'CREATE TRIGGER "{name}" {event} FOR EACH ROW EXECUTE FUNCTION "{name}"()'
    drop = (
        f"DO $$ BEGIN IF to_regclass('\"{table}\"') IS NOT NULL THEN"
        f' DROP TRIGGER IF EXISTS "{name}" ON "{table}"; END IF; END $$'
    )
    return Guard(name, table, (function, create), (drop,))
