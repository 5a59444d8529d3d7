"""System checks of our own: what a newspaper should not go online with."""

from django.conf import settings
from django.core import checks
from django.db import connections

from . import guards, sqlite


# A deployment check, since `migrate` runs every other one that asks the database, and has to run when a guard is
# missing: it is what puts them back.
@checks.register(checks.Tags.database, deploy=True)
def guards_in_place(app_configs, databases, **kwargs):
    """Every guard stands in every migrated database that is looked at (`check --deploy --database default`)."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if "articles_edition" not in connection.introspection.table_names():
            continue
        if gone := guards.missing(alias):
            found.append(
                checks.Error(
                    f"The database lacks guards: {', '.join(gone)}.",
                    hint="Run manage.py migrate: it puts them back.",
                    id="newsroom.E001",
                )
            )
    return found


@checks.register(checks.Tags.database)
def sqlite_library(app_configs, databases, **kwargs):
    """Name the SQLite library in use, and refuse write-ahead logging on one that can lose rows with it."""
    found = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        version = sqlite.library().sqlite_version
        affected = sqlite.has_wal_reset_bug(sqlite.library().sqlite_version_info)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0].lower()
        if affected and mode == "wal":
            found.append(
                checks.Error(
                    f"SQLite {version} can lose committed rows with write-ahead logging.",
                    hint="Install pysqlite3 (requirements.txt), or set the journal mode to DELETE.",
                    id="newsroom.E002",
                )
            )
        elif affected:
            found.append(
                checks.Warning(
                    f"SQLite {version} is in use with the rollback journal: safe, and slower than it need be.",
                    hint="Install pysqlite3 for a library without the WAL-reset bug.",
                    id="newsroom.W002",
                )
            )
        else:
            found.append(checks.Info(f"SQLite {version}, journal mode {mode}.", id="newsroom.I002"))
    return found


@checks.register(checks.Tags.security, deploy=True)
def no_cache_middleware(app_configs, **kwargs):
    """Django's cache middleware has leaked private pages; nothing here needs it."""
    if any("UpdateCache" in name or "FetchFromCache" in name for name in settings.MIDDLEWARE):
        return [checks.Error("Take the cache middleware out: pages have keys of their own.", id="newsroom.E003")]
    return []
