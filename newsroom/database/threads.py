"""Database connections are closed when the thread that opened them has ended.

A server's thread has a connection of its own. When the thread ends, Django's wrapper of it stays until the garbage
collector meets it, and the connection with it: a few bursts of readers would hold all that PostgreSQL has. So whoever
opens a connection first closes those of threads that are gone: there are never more than there were threads at once.
"""

import contextlib
import threading
import weakref

from django.db.backends.signals import connection_created


class Mark:
    """Kept where only its thread keeps it, so it is gone when the thread is. It has no finaliser: one that runs while a
    server written in Rust takes its thread down kills the process."""


_of_thread = threading.local()
_held = {}  # wrapper: a weak reference to the mark of the thread that opened it
_lock = threading.Lock()


def hold(connection, **kwargs):
    """connection_created: note whose it is, and close those that nobody has any more."""
    if not hasattr(_of_thread, "mark"):
        _of_thread.mark = Mark()
    with _lock:
        left = [wrapper for wrapper, mark in _held.items() if mark() is None]
        for wrapper in left:
            del _held[wrapper]
        _held[connection] = weakref.ref(_of_thread.mark)
    for wrapper in left:
        # One that other threads use too (a test's) is theirs to close.
        if wrapper.connection is not None and not wrapper.allow_thread_sharing:
            with contextlib.suppress(Exception):
                wrapper.connection.close()


def close_with_threads():
    """Let every connection of this process be closed after its thread, under any server."""
    connection_created.connect(hold, dispatch_uid="newsroom.database.threads")
