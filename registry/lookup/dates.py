"""How two birth dates agree, and the dates a birth date may be written as by mistake."""

from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

SAME_BIRTH = 200  # days: a mother does not give birth twice within so many
MONTH_LOW, MONTH_NEAR = 24, 50  # days by which an age in completed months may be off


class How(Enum):
    SAME = "same"
    SWAPPED = "day and month swapped"
    NEXT_DAY = "one day off"
    ONE_DIGIT = "one figure of the date differs"
    SAME_MONTH = "one of them is known to the month, and agrees"
    NEAR_MONTH = "known to the month, one month further"
    WEEKS = "less than a month apart"
    MONTHS = "too near for brother and sister"
    YEARS = "apart"
    UNKNOWN = "unknown"


def how_dates_agree(a: date | None, b: date | None, *, approximate: bool = False) -> How:
    if a is None or b is None:
        return How.UNKNOWN
    apart = abs((a - b).days)
    if approximate:
        if apart <= MONTH_NEAR:
            return How.SAME_MONTH if apart <= MONTH_LOW else How.NEAR_MONTH
    elif apart <= 1:
        return How.NEXT_DAY if apart else How.SAME
    elif b == swapped(a):
        return How.SWAPPED
    elif b in misread(a):
        return How.ONE_DIGIT
    elif apart < 31:
        return How.WEEKS
    return How.MONTHS if apart < SAME_BIRTH else How.YEARS


def swapped(born: date) -> date | None:
    """The date with day and month exchanged, None when there is no such day."""
    return _date(born.year, born.day, born.month)


@lru_cache(200)
def misread(born: date) -> frozenset[date]:
    """The dates this one may be written as: the day before and after, swapped, one figure off.

    Of the figures of the year only the last, by one: a child is under five or six.
    """
    day = timedelta(days=1)
    found = {born - day, born + day, swapped(born), *_other_years(born), *_other_months(born),
             *_other_days(born)}  # fmt: skip
    return frozenset(one for one in found if one and one != born)


def _other_days(born: date) -> list[date | None]:
    tens, units = divmod(born.day, 10)
    days = [ten * 10 + units for ten in range(4)] + [tens * 10 + unit for unit in range(10)]
    return [_date(born.year, born.month, day) for day in days]


def _other_months(born: date) -> list[date | None]:
    tens, units = divmod(born.month, 10)
    months = [(1 - tens) * 10 + units, *(tens * 10 + unit for unit in range(10))]
    return [_date(born.year, month, born.day) for month in months]


def _other_years(born: date) -> list[date | None]:
    return [_date(born.year + step, born.month, born.day) for step in (-1, 1)]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
