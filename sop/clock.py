"""The SOP's clock: how long a step took, counted in the office's working hours.

Pure functions without Django. An interval that touches no working hour at all (somebody worked
on a Saturday evening) counts as it is: 0 minutes would be a lie.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from math import ceil
from typing import Any

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
DAILY = "setiap hari"
NO_STANDARD = "belum ditetapkan"


class Verdict(StrEnum):
    """The actual minutes against the standard of the sheet (mutu baku, column WAKTU)."""

    WITHIN = "dalam waktu baku"
    OVER = "melewati waktu baku"


@dataclass(frozen=True)
class WorkingHours:
    """When the office works, on its own clock."""

    start: time
    end: time
    days: frozenset[int]  # Monday = 0
    tz: tzinfo
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, settings: Mapping[str, Any], tz: tzinfo) -> "WorkingHours":
        """The hours a programme's settings name: work_start, work_end, work_days, holidays."""
        return cls(
            start=_time(settings.get("work_start"), time(7, 30)),
            end=_time(settings.get("work_end"), time(16, 0)),
            days=frozenset(settings.get("work_days") or MONDAY_TO_FRIDAY),
            tz=tz,
            holidays=frozenset(map(date.fromisoformat, settings.get("holidays") or ())),
        )

    def works_on(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays


def elapsed_minutes(start: datetime, end: datetime, hours: WorkingHours) -> int:
    """Working minutes between two moments, a begun minute counting whole.

    Plain minutes when no working hour lies between them; 0 when ``end`` is not after ``start``.
    """
    total = sum((_at_work(day, start, end, hours) for day in _days(start, end, hours)), timedelta())
    return ceil(max(total or end - start, timedelta()) / timedelta(minutes=1))


def verdict(minutes: int | None, standard: int | None) -> Verdict | None:
    """Within or over the standard; None when there is nothing to compare."""
    if minutes is None or standard is None:
        return None
    return Verdict.WITHIN if minutes <= standard else Verdict.OVER


def standard_text(minutes: int | None, *, daily: bool = False) -> str:
    """The column WAKTU as the sheet writes it: ``5 menit``, ``1 jam``, ``setiap hari``."""
    if daily:
        return DAILY
    return NO_STANDARD if minutes is None else minutes_text(minutes)


def minutes_text(minutes: int) -> str:
    """``1 jam 30 menit``; a whole hour without its minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} menit")
    return " ".join(parts)


def last_day(month: date) -> date:
    """The last day of the month this day lies in."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def next_month(month: date) -> date:
    """The first day of the month after."""
    return last_day(month) + timedelta(days=1)


def working_days(month: date, hours: WorkingHours) -> int:
    """How many days of the month the office works."""
    first = month.replace(day=1)
    span = (last_day(month) - first).days + 1
    return sum(hours.works_on(first + timedelta(days=n)) for n in range(span))


def _days(start: datetime, end: datetime, hours: WorkingHours) -> Iterator[date]:
    """The working days from start to end, both included, on the office's clock."""
    day, last = start.astimezone(hours.tz).date(), end.astimezone(hours.tz).date()
    while day <= last:
        if hours.works_on(day):
            yield day
        day += timedelta(days=1)


def _at_work(day: date, start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """The part of the interval that lies in this day's working hours."""
    opens = datetime.combine(day, hours.start, hours.tz)
    closes = datetime.combine(day, hours.end, hours.tz)
    return max(min(end, closes) - max(start, opens), timedelta())


def _time(text: object, otherwise: time) -> time:
    """``07:30`` as staff typed it; what cannot be read falls back to the usual hour."""
    try:
        return time.fromisoformat(str(text))
    except ValueError:
        return otherwise
