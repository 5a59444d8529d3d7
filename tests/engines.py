"""Tests that only one of the two databases can be asked."""

from django.db import connection


def only_on(vendor):
    """Decorate a test, or a class of them, that makes no sense on the other engine: there it does not exist."""
    return (lambda test: test) if connection.vendor == vendor else (lambda test: None)
