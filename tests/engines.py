"""Tests that only one of the two databases can be asked."""

from pathlib import Path

from django.db import connection


def only_on(vendor):
    """Decorate a test, or a class of them, that makes no sense on the other engine: there it does not exist."""
    return (lambda test: test) if connection.vendor == vendor else (lambda test: None)


def files_of_database():
    """On SQLite, {name: bytes} of the database's own files as they lie on disk: the file itself and its journals."""
    path = Path(connection.settings_dict["NAME"])
    return {one.name: one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*"))}
