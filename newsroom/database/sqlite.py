"""SQLite as a newspaper can rely on it: a library without the WAL-reset bug, and the settings that go with it.

SQLite 3.7.0 to 3.51.2 can lose committed rows when several processes use write-ahead
logging (fixed in 3.51.3, 3.50.7 and 3.44.6). Where Python's own library is one of those,
pysqlite3 takes its place before Django is imported; where there is no pysqlite3 either, the
rollback journal is used, which is slower and safe.
"""

import contextlib
import os
import sqlite3
import sys

FIXED_BRANCHES = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


def has_wal_reset_bug(version):
    """Whether an SQLite version, a tuple of three numbers, is in the affected range."""
    major, minor, patch = version[:3]
    if (major, minor) in FIXED_BRANCHES:
        return patch < FIXED_BRANCHES[major, minor]
    return (3, 7, 0) <= (major, minor, patch) < (3, 51, 3)


def library():
    """The SQLite module that Django will use; swapped for pysqlite3 on the first call if that is safer."""
    if has_wal_reset_bug(sqlite3.sqlite_version_info):
        try:
            import pysqlite3
        except ImportError:
            return sqlite3
        if not has_wal_reset_bug(pysqlite3.sqlite_version_info):
            if not hasattr(pysqlite3.Connection, "getlimit"):
                _supply_limits(pysqlite3)
            sys.modules["sqlite3"] = pysqlite3
            sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
            return pysqlite3
    return sys.modules["sqlite3"]


def _supply_limits(module):
    """Give pysqlite3 what Django 6.1 asks of a connection: getlimit() and the two constants it reads."""
    limits = {"SQLITE_LIMIT_VARIABLE_NUMBER": (9, 250_000), "SQLITE_LIMIT_COLUMN": (2, 2000)}
    by_number = dict(limits.values())

    class Connection(module.Connection):
        def getlimit(self, category):
            return by_number[category]

    for name, (number, _) in limits.items():
        for target in (module, module.dbapi2):
            if not hasattr(target, name):
                setattr(target, name, number)
    module.Connection = module.dbapi2.Connection = Connection
    plain_connect = module.connect

    def connect(*args, **kwargs):
        kwargs.setdefault("factory", Connection)
        return plain_connect(*args, **kwargs)

    module.connect = module.dbapi2.connect = connect


def private_connection():
    """A class of connections that make a database's file for its owner alone; its journals take after it.

    The library would make it readable to whoever has an account on the machine.
    """

    class PrivateConnection(library().Connection):
        def __init__(self, database, *args, **kwargs):
            if ":" not in str(database):  # nothing in memory, no address
                with contextlib.suppress(OSError):  # there already, or nowhere to put it, which the library says better
                    os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            super().__init__(database, *args, **kwargs)

    return PrivateConnection


def options():
    """The OPTIONS of an SQLite database in settings.DATABASES."""
    safe = not has_wal_reset_bug(library().sqlite_version_info)
    pragmas = [
        f"journal_mode={'WAL' if safe else 'DELETE'}",
        "synchronous=FULL",  # an acknowledged save survives a power cut
        "secure_delete=ON",  # what was deleted is overwritten, not left in free pages
        "trusted_schema=OFF",
        "recursive_triggers=ON",  # so that REPLACE, too, meets the guard of the row that it deletes
        "cache_size=-20000",
        "temp_store=MEMORY",
        "journal_size_limit=67108864",
    ]
    return {
        # IMMEDIATE takes the write lock first and waits for it; without it, WAL answers "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "factory": private_connection(),
        "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
    }
