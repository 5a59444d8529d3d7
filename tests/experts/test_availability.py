"""Whether an expert is free: in their zone, past midnight, and when the clocks change."""

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from experts.finding import availability
from experts.finding.availability import free_until, is_free_in_windows
from experts.models import AvailabilityWindow, TimeOff
from tests.base import DeskTestCase

AMMAN, LONDON, NEW_YORK = map(ZoneInfo, ("Asia/Amman", "Europe/London", "America/New_York"))
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def window(weekday, start, end, *formats):
    read = dt.time.fromisoformat
    return SimpleNamespace(weekday=weekday, start=read(start), end=read(end), formats=list(formats))


def off(first, last):
    return SimpleNamespace(first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last))


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class WindowTests(SimpleTestCase):
    def free(self, at, windows, *, tz=AMMAN, minutes=60, time_off=(), medium="", notice=None):
        return is_free_in_windows(tz, windows, time_off, utc(at), minutes, medium, notice)

    def test_hours_count_in_the_experts_zone(self):
        # 4 May 2026 is a Monday; Amman is three hours ahead of UTC
        windows = [window(MON, "09:00", "17:00")]
        self.assertTrue(self.free("2026-05-04T06:00", windows))
        self.assertTrue(self.free("2026-05-04T13:00", windows))
        self.assertFalse(self.free("2026-05-04T05:59", windows))
        self.assertFalse(self.free("2026-05-04T13:01", windows))
        self.assertFalse(self.free("2026-05-05T08:00", windows))

    def test_a_window_runs_past_midnight(self):
        windows = [window(MON, "22:00", "02:00")]
        self.assertTrue(self.free("2026-05-04T20:30", windows))  # 23:30 on Monday
        self.assertTrue(self.free("2026-05-04T22:00", windows))  # 01:00 on Tuesday
        self.assertFalse(self.free("2026-05-04T22:30", windows))
        self.assertFalse(self.free("2026-05-03T22:00", windows))  # 01:00 on Monday

    def test_a_window_runs_from_sunday_into_monday(self):
        self.assertTrue(self.free("2026-05-03T22:00", [window(SUN, "22:00", "02:00")]))

    def test_windows_that_touch_count_as_one(self):
        windows = [window(MON, "09:00", "12:00"), window(MON, "12:00", "15:00")]
        self.assertTrue(self.free("2026-05-04T08:30", windows))
        self.assertFalse(self.free("2026-05-04T08:30", [windows[0], window(MON, "12:01", "15:00")]))

    def test_windows_that_touch_at_midnight_count_as_one(self):
        for end in ("00:00", "23:59"):
            windows = [window(MON, "18:00", end), window(TUE, "00:00", "06:00")]
            self.assertTrue(self.free("2026-05-04T20:30", windows))

    def test_a_window_that_ends_at_its_start_lasts_all_day(self):
        self.assertTrue(self.free("2026-05-04T22:00", [window(MON, "08:00", "08:00")]))

    def test_windows_for_other_formats_do_not_count(self):
        windows = [window(MON, "09:00", "17:00", "print", "phone")]
        self.assertTrue(self.free("2026-05-04T08:00", windows, medium="phone"))
        self.assertFalse(self.free("2026-05-04T08:00", windows, medium="live"))
        self.assertTrue(self.free("2026-05-04T08:00", windows))
        self.assertTrue(self.free("2026-05-04T08:00", [window(MON, "09:00", "17:00")], medium="live"))

    def test_an_expert_who_needs_longer_notice_is_not_free(self):
        windows = [window(MON, "09:00", "17:00")]
        self.assertTrue(self.free("2026-05-04T08:00", windows, notice=60))
        self.assertFalse(self.free("2026-05-04T08:00", windows, notice=61))

    def test_days_off_count_in_the_experts_zone(self):
        windows = [window(day, "00:00", "00:00") for day in range(7)]
        days = [off("2026-05-05", "2026-05-06")]
        self.assertTrue(self.free("2026-05-04T20:00", windows, time_off=days))  # until Monday's midnight
        self.assertFalse(self.free("2026-05-04T20:01", windows, time_off=days))  # runs into Tuesday
        self.assertFalse(self.free("2026-05-04T21:00", windows, time_off=days))
        self.assertFalse(self.free("2026-05-06T20:00", windows, time_off=days))
        self.assertTrue(self.free("2026-05-06T21:00", windows, time_off=days))

    def test_an_expert_without_a_zone_is_not_free(self):
        self.assertFalse(self.free("2026-05-04T08:00", [window(MON, "00:00", "00:00")], tz=None))


class ClockChangeTests(SimpleTestCase):
    """London goes forward on 29 March 2026 at 01:00 UTC and back on 25 October; New York on 8 March and 1 November."""

    def until(self, at, *windows, tz=LONDON):
        return free_until(tz, windows, utc(at))

    def test_hours_after_a_clock_change_use_the_new_time(self):
        sunday = window(SUN, "09:00", "10:00")
        self.assertEqual(self.until("2026-03-29T08:00", sunday), utc("2026-03-29T09:00"))
        self.assertIsNone(self.until("2026-03-29T09:00", sunday))
        self.assertEqual(self.until("2026-03-22T09:00", sunday), utc("2026-03-22T10:00"))

    def test_a_skipped_hour_does_not_exist(self):
        self.assertIsNone(self.until("2026-03-29T01:00", window(SUN, "01:00", "02:00")))
        self.assertIsNone(self.until("2026-03-29T00:59", window(SUN, "01:00", "02:00")))

    def test_a_window_ending_in_a_skipped_hour_ends_where_that_begins(self):
        self.assertEqual(self.until("2026-03-29T00:30", window(SUN, "00:00", "01:30")), utc("2026-03-29T01:00"))
        self.assertEqual(
            self.until("2026-03-08T06:30", window(SUN, "01:00", "02:30"), tz=NEW_YORK), utc("2026-03-08T07:00")
        )

    def test_a_window_beginning_in_a_skipped_hour_begins_after_it(self):
        self.assertEqual(self.until("2026-03-29T01:00", window(SUN, "01:30", "03:00")), utc("2026-03-29T02:00"))

    def test_a_night_is_an_hour_shorter_in_spring(self):
        night = window(SAT, "22:00", "04:00")
        self.assertEqual(self.until("2026-03-28T22:00", night), utc("2026-03-29T03:00"))

    def test_an_hour_that_comes_twice_counts_twice(self):
        hour = window(SUN, "01:00", "02:00")
        self.assertEqual(self.until("2026-10-25T00:00", hour), utc("2026-10-25T02:00"))
        self.assertEqual(self.until("2026-10-25T01:30", hour), utc("2026-10-25T02:00"))
        self.assertEqual(self.until("2026-11-01T05:00", hour, tz=NEW_YORK), utc("2026-11-01T07:00"))

    @given(
        st.sampled_from([AMMAN, LONDON, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Casablanca")]),
        st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2027, 1, 1)),
        st.integers(0, 6), st.times(), st.times(),
    )  # fmt: skip
    def test_a_window_is_open_by_the_local_clock(self, tz, moment, weekday, start, end):
        start, end = (t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0, tzinfo=None) for t in (start, end))
        moment = moment.replace(second=0, microsecond=0, tzinfo=dt.UTC)
        wall = moment.astimezone(tz)
        today, before = wall.weekday() == weekday, (wall - dt.timedelta(days=1)).weekday() == weekday
        now = wall.time()
        expected = (today and start <= now < end) if start < end else (today and now >= start) or (before and now < end)
        row = SimpleNamespace(weekday=weekday, start=start, end=end, formats=[])
        self.assertEqual(free_until(tz, [row], moment) is not None, expected)


class CardTests(DeskTestCase):
    def test_a_cards_windows_and_days_off_are_read(self):
        expert, at = self.expert, utc("2026-05-04T08:00")
        self.assertFalse(availability.has_known_hours(expert))
        expert.time_zone = "Asia/Amman"
        AvailabilityWindow.objects.create(expert=expert, weekday=MON, start=dt.time(9), end=dt.time(17))
        self.assertTrue(availability.has_known_hours(expert))
        self.assertTrue(availability.is_expert_free(expert, at, 60))
        TimeOff.objects.create(expert=expert, first=at.date(), last=at.date())
        self.assertFalse(availability.is_expert_free(expert, at, 60))

    def test_hours_in_an_unknown_zone_are_not_known(self):
        AvailabilityWindow.objects.create(expert=self.expert, weekday=MON, start=dt.time(9), end=dt.time(17))
        for name in ("", "Nowhere/Land", "../etc/passwd", "\0"):
            self.expert.time_zone = name
            self.assertFalse(availability.has_known_hours(self.expert))
