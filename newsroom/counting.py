"""Counting how often something comes, for all processes together, in the cache that they share.

Where that cache does not answer, this process counts by itself for a while: nobody's words are lost for want of Redis,
and nobody may flood the paper either.
"""

import logging
import threading
import time

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

log = logging.getLogger(__name__)

RETRY = 30  # seconds until a cache that did not answer is asked again

_own = LocMemCache("newsroom.counting", {})
_lock = threading.Lock()
_down_until = 0.0


def count(key, seconds):
    """How often this key was counted in its last so many seconds, this time included."""
    return _asked(lambda where: _count(where, key, seconds))


def counted(key):
    """How often it was counted so far."""
    return _asked(lambda where: where.get(key, 0))


def _count(where, key, seconds):
    where.add(key, 0, seconds)
    try:
        return where.incr(key)
    except ValueError:  # it ran out between the two calls
        where.set(key, 1, seconds)
        return 1


def _asked(ask):
    global _down_until
    if time.monotonic() >= _down_until:
        try:
            return ask(cache)
        except Exception as error:  # each kind of cache has errors of its own
            with _lock:
                _down_until = time.monotonic() + RETRY
            log.error("the cache does not answer (%s): this process counts by itself", type(error).__name__)
    return ask(_own)
