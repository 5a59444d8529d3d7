"""Restricted details as the database keeps them: sealed with keys that stand outside it, matched by a keyed hash.

The keys are `FIELD_KEYS`, newest first: the first seals, every one opens, so a key is replaced by putting a new one
in front and running `manage.py reseal`. Each is a Fernet key or any long secret, which is stretched into one.
"""

import base64
import hashlib
import hmac
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection, transaction

log = logging.getLogger(__name__)

PATIENCE = 500  # milliseconds that a request waits for readers of the journal


class Unreadable(Exception):
    """What was sealed with a key that is no longer among FIELD_KEYS."""


def _key(secret, use):
    """32 bytes for one use, from a secret of any length."""
    return hashlib.sha256(f"newsroom {use}\0{secret}".encode()).digest()


def _ring():
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(secret, "seal"))) for secret in settings.FIELD_KEYS])


def seal(text):
    """A text as it may stand in the database; "" stays ""."""
    return _ring().encrypt(text.encode()).decode() if text else ""


def unseal(sealed):
    """The text again. Raises Unreadable where no key opens it."""
    if not sealed:
        return ""
    try:
        return _ring().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("No key in FIELD_KEYS opens this.") from error


def reseal(sealed):
    """The same text under the newest key."""
    return _ring().rotate(sealed.encode()).decode() if sealed else ""


def digests(kind, text):
    """The keyed hashes that a value of a kind may stand under, one for each key, the newest first.

    Without a key nobody can tell from a hash whether a number they guess is in the book.
    """
    message = f"{kind}\0{text}".encode()
    return [hmac.new(_key(secret, "match"), message, hashlib.sha256).hexdigest() for secret in settings.FIELD_KEYS]


def digest(kind, text):
    """The keyed hash of a value under the newest key: equal values of a kind have equal ones."""
    return digests(kind, text)[0]


def leave_no_older_copy():
    """Once it is certain, see that what was overwritten in this transaction lies in no journal either.

    SQLite's keeps older pages until they are written over: here it is written through and emptied, unless somebody
    reads meanwhile. Then the log says so, and it has to wait for the next time.
    """
    transaction.on_commit(_empty_journal)


def _empty_journal():
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            try:
                busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {patience}")
        if busy:
            log.warning("the journal still holds what was overwritten: somebody was reading; emptied at the next time")
