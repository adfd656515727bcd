"""The SOP's clock: working minutes on the office's own hours."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sop.clock import (
    Verdict,
    WorkingHours,
    elapsed_minutes,
    last_day,
    minutes_text,
    next_month,
    standard_text,
    verdict,
    working_days,
)

WIB = ZoneInfo("Asia/Jakarta")
OFFICE = WorkingHours.of({"work_start": "07:30", "work_end": "16:00"}, WIB)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


# 20 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20 09:00", "2026-11-20 09:05", 5),
        ("2026-11-20 15:50", "2026-11-23 07:40", 20),  # over the weekend
        ("2026-11-20 06:00", "2026-11-20 07:45", 15),  # from before the office opens
        ("2026-11-20 15:50", "2026-11-20 22:00", 10),  # on after it closes
        ("2026-11-18 08:00", "2026-11-20 08:00", 2 * 510),  # two whole days of 8½ hours
        ("2026-11-20 16:00", "2026-11-23 07:31", 1),
    ],
)
def test_counts_the_working_minutes(start: str, end: str, minutes: int) -> None:
    assert elapsed_minutes(wib(start), wib(end), OFFICE) == minutes


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20 19:00", "2026-11-20 19:25", 25),  # an evening
        ("2026-11-21 09:00", "2026-11-21 10:30", 90),  # a Saturday
        ("2026-11-20 16:00", "2026-11-23 07:30", 63 * 60 + 30),  # from closing to opening
    ],
)
def test_an_interval_outside_working_hours_counts_as_it_is(
    start: str, end: str, minutes: int
) -> None:
    assert elapsed_minutes(wib(start), wib(end), OFFICE) == minutes


def test_a_begun_minute_counts_whole_so_five_minutes_and_a_second_are_over_five() -> None:
    start = wib("2026-11-20 09:00")
    assert elapsed_minutes(start, start + timedelta(seconds=20), OFFICE) == 1
    assert elapsed_minutes(start, start + timedelta(minutes=5), OFFICE) == 5
    late = elapsed_minutes(start, start + timedelta(minutes=5, seconds=1), OFFICE)
    assert verdict(late, 5) is Verdict.OVER


def test_time_does_not_run_backwards() -> None:
    assert elapsed_minutes(wib("2026-11-20 09:00"), wib("2026-11-20 08:00"), OFFICE) == 0


def test_the_clock_is_the_programmes_own() -> None:
    start, end = wib("2026-11-20 15:30"), wib("2026-11-20 16:30")
    wita = WorkingHours.of({}, ZoneInfo("Asia/Makassar"))
    assert elapsed_minutes(start, end, OFFICE) == 30
    assert elapsed_minutes(start, end, wita) == 60  # 16.30 to 17.30 there: after hours


def test_a_holiday_is_no_working_day() -> None:
    hours = WorkingHours.of({"holidays": ["2026-11-20"]}, WIB)
    assert elapsed_minutes(wib("2026-11-19 15:50"), wib("2026-11-23 07:40"), hours) == 20
    assert working_days(date(2026, 11, 1), hours) == 20


def test_settings_nobody_can_read_fall_back_to_the_usual_hours() -> None:
    assert WorkingHours.of({"work_start": "pagi", "work_end": None}, WIB) == OFFICE


def test_verdict_is_within_at_the_standard_and_none_without_one() -> None:
    assert verdict(5, 5) is Verdict.WITHIN
    assert verdict(6, 5) is Verdict.OVER
    assert verdict(6, None) is None
    assert verdict(None, 5) is None


def test_standards_read_as_on_the_sheet() -> None:
    assert [standard_text(m) for m in (5, 10, 60, 15, 90)] == [
        "5 menit",
        "10 menit",
        "1 jam",
        "15 menit",
        "1 jam 30 menit",
    ]
    assert standard_text(None, daily=True) == "setiap hari"
    assert standard_text(None) == "belum ditetapkan"
    assert minutes_text(0) == "0 menit"


def test_months() -> None:
    assert last_day(date(2028, 2, 3)) == date(2028, 2, 29)
    assert next_month(date(2026, 12, 5)) == date(2027, 1, 1)
    assert working_days(date(2026, 11, 5), OFFICE) == 21
