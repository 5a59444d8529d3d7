"""Tests that only one of the two databases can be asked."""

import os
import secrets
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


def only_on(vendor):
    """Decorate a test, or a class of them, that makes no sense on the other engine: there it does not exist."""
    return (lambda test: test) if connection.vendor == vendor else (lambda test: None)


def files_of_database():
    """On SQLite, {name: bytes} of the database's own files as they lie on disk: the file itself and its journals."""
    path = Path(connection.settings_dict["NAME"])
    return {one.name: one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*"))}


@contextmanager
def empty_database():
    """The URL of a database without any table, on the engine that the tests run on; gone afterwards."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/empty.sqlite3"
        return
    import psycopg

    name = f"empty_{secrets.token_hex(6)}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
