"""The paper's days: what day it is, and which day a moment falls on, is told in the paper's zone, wherever asked."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC

from django.utils import timezone

from . import clock

_known = ContextVar("the paper's zone", default=None)


@contextmanager
def in_zone(zone):
    """Hold the paper's zone, so that nothing within asks for it: times are printed in it, and days taken from it."""
    token = _known.set(zone)
    try:
        with timezone.override(zone):
            yield zone
    finally:
        _known.reset(token)


@contextmanager
def settled():
    """Ask for the paper's zone once for everything within."""
    with in_zone(zone()) as held:
        yield held


def zone():
    """The paper's zone: the one that a page is held in, else one query."""
    if held := _known.get():
        return held
    # Every page that makes a zone active makes the paper's so.
    active = timezone.get_current_timezone()
    return active if active is not timezone.get_default_timezone() else _asked()


def day_of(moment):
    """The day on which a moment falls."""
    return moment.astimezone(zone()).date()


def today():
    """The day it is at the paper."""
    return day_of(clock.process_time())


def _asked():
    from .models import Publication  # models ask for the day, too

    publication = Publication.objects.current()
    return publication.zone if publication else UTC
