"""The paper's days: what day it is, and which day a moment falls on, in the paper's zone."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time

from django.utils import timezone

from . import clock
from .models import Publication

MIDNIGHT = time(0)
_known = ContextVar("the paper's zone", default=None)


@contextmanager
def in_zone(zone):
    """Within it, times are printed in this zone and days taken from it, and nothing asks the database for the zone."""
    token = _known.set(zone)
    try:
        with timezone.override(zone):
            yield zone
    finally:
        _known.reset(token)


@contextmanager
def settled():
    """Within it, the paper's zone is asked for once; one query."""
    with in_zone(zone()) as held:
        yield held


def zone():
    """The paper's zone: the one that a page is held in, else one query."""
    if held := _known.get():
        return held
    # Every page that makes a zone active makes the paper's so.
    active = timezone.get_current_timezone()
    return active if active is not timezone.get_default_timezone() else _asked()


def local(moment, tz=None):
    """A moment as the paper's clocks show it, or those of another zone: to print it, or to take its day."""
    return moment.astimezone(tz or zone())


def day_of(moment, tz=None):
    """The day on which a moment falls at the paper, or in another zone."""
    return local(moment, tz).date()


def today():
    """The day it is at the paper."""
    return day_of(clock.process_time())


def start_of(day, tz=None):
    """The moment at which a day begins at the paper, or in another zone."""
    return datetime.combine(day, MIDNIGHT, tzinfo=tz or zone()).astimezone(UTC)


def _asked():
    publication = Publication.objects.current()
    return publication.zone if publication else UTC
