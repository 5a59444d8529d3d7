"""Fields for a moment that somebody types by the paper's clock, on the nights too when the clocks change."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

READINGS = {"first": 0, "second": 1}  # which of two equal hours, as datetime's `fold` counts them
LONGEST_SKIP = timedelta(days=1)  # Samoa once left out a whole day


class MomentInput(forms.DateTimeInput):
    """A day and time; beside one that the clocks show twice, a choice of which is meant."""

    def __init__(self, attrs=None):
        super().__init__({"type": "datetime-local"} | (attrs or {}), format="%Y-%m-%dT%H:%M")

    def value_from_datadict(self, data, files, name):
        typed, reading = super().value_from_datadict(data, files, name), data.get(f"{name}-reading")
        return f"{typed} {reading}" if typed and reading in READINGS else typed

    def render(self, name, value, attrs=None, renderer=None):
        shown, reading = _without_reading(value)
        html = super().render(name, shown, attrs, renderer)
        wall = shown if isinstance(shown, datetime) else _wall_time(shown)
        if wall is None or not _is_doubled(wall):
            return html
        if isinstance(shown, datetime):
            reading = "second" if shown.fold else "first"
        options = [
            (key, " selected" if key == reading else "", f"the {key} time, {_called(wall, fold)}")
            for key, fold in READINGS.items()
        ]
        return format_html(
            '{}<select name="{}-reading" aria-label="Which of the two">{}{}</select>',
            html,
            name,
            "" if reading else mark_safe('<option value="">Which of the two?</option>'),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )


class MomentField(forms.DateTimeField):
    """A moment, typed by the clock of the zone that is active, which on the desk is the paper's.

    A time that the clocks skip is refused with the next that exists, one that they show twice until it is chosen
    which is meant. Gives an aware datetime, or None.
    """

    widget = MomentInput

    def to_python(self, value):
        typed, reading = _without_reading(value)
        wall = _wall_time(typed)
        if wall is not None:
            if _is_skipped(wall):
                raise ValidationError(
                    f"The clocks go forward then: on {wall:%-d %B %Y} there is no {wall:%H:%M}. "
                    f"The next minute that exists is {_next_real_minute(wall):%H:%M on %-d %B}.",
                    code="skipped",
                )
            if _is_doubled(wall):
                if not reading:
                    raise ValidationError(
                        f"The clocks go back then: on {wall:%-d %B %Y} it is {wall:%H:%M} twice. "
                        f"Choose the first time ({_called(wall, 0)}) or the second ({_called(wall, 1)}).",
                        code="doubled",
                    )
                # In UTC: Python holds a doubled hour unequal to the same moment in another zone.
                return _aware(wall, READINGS[reading]).astimezone(UTC)
        return super().to_python(typed)


def _without_reading(value):
    """(what was typed, "first", "second" or "")."""
    if isinstance(value, str):
        typed, _, reading = value.rpartition(" ")
        if reading in READINGS:
            return typed, reading
    return value, ""


def _wall_time(typed):
    """A typed day and time as a datetime without a zone, or None if it is none."""
    try:
        wall = parse_datetime(typed.strip()) if isinstance(typed, str) else None
    except ValueError:
        return None
    return wall if wall is not None and wall.tzinfo is None and 1 < wall.year < 9999 else None


def _aware(wall, fold):
    return wall.replace(tzinfo=timezone.get_current_timezone(), fold=fold)


def _is_skipped(wall):
    back = _aware(wall, 0).astimezone(UTC).astimezone(timezone.get_current_timezone())
    return back.replace(tzinfo=None, fold=0) != wall.replace(fold=0)


def _is_doubled(wall):
    return not _is_skipped(wall) and _aware(wall, 0).utcoffset() != _aware(wall, 1).utcoffset()


def _next_real_minute(wall):
    minute, last = wall, wall + LONGEST_SKIP
    while _is_skipped(minute) and minute < last:
        minute += timedelta(minutes=1)
    return minute


def _called(wall, fold):
    return f"{wall:%H:%M} {_aware(wall, fold).tzname()}"
