"""A child's age: in days for z-scores, in completed months for groups, in words for people."""

import re
from datetime import date, timedelta
from math import floor

MONTH_DAYS = 30.4375  # the WHO's month
# The WHO's groups: completed months before which each ends, and its label (domain.md §1.5).
AGE_GROUPS = ((6, "0–5"), (12, "6–11"), (24, "12–23"), (36, "24–35"), (48, "36–47"), (60, "48–59"))
_AGE_TEXT = re.compile(r"(\d{1,3})\s*(tahun|thn|th|bulan|bln|bl|hari|hr)\b", re.IGNORECASE)


def age_in_days(born: date, on: date) -> int:
    """Days from birth to the measurement; 0 on the day of birth, negative before it."""
    return (on - born).days


def completed_months(born: date, on: date) -> int:
    """Full months of age (umur bulan penuh): born 28 July, weighed 1 August is 0."""
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def age_group(months: int) -> str | None:
    """Give the WHO's group of an age in completed months: 18 is in "12–23"; None outside 0–59."""
    if months < 0:
        return None
    return next((label for end, label in AGE_GROUPS if months < end), None)


def age_text(born: date, on: date) -> str:
    """Say the age as "1 tahun 6 bulan 5 hari", leaving out what is zero."""
    if on < born:
        return "belum lahir"
    months = completed_months(born, on)
    days = (on - _month_day(born, months)).days
    parts = ((months // 12, "tahun"), (months % 12, "bulan"), (days, "hari"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 hari"


def months_from_text(text: str) -> int | None:
    """Read "2 Tahun - 3 Bulan - 13 Hari" (as e-PPGBM writes it) as 27 months; None if unread."""
    found = {unit[0].lower(): int(number) for number, unit in _AGE_TEXT.findall(text)}
    return found.get("t", 0) * 12 + found.get("b", 0) if found else None


def age_days_from_months(months: float) -> float:
    """Turn an age typed in months into days, unrounded: score() rounds where the WHO does."""
    return months * MONTH_DAYS


def approximate_birth_date(reference: date, months: int) -> date:
    """Put the birth in the middle of the month that an age in completed months leaves open.

    reference is the day the age was true: the measurement's, else the day the form was filled.
    """
    return reference - timedelta(days=round_half_up((months + 0.5) * MONTH_DAYS))


def round_half_up(number: float) -> int:
    """Round as the WHO rounds ages: 730.5 is 731 (Python's round would say 730)."""
    whole = floor(number)
    return whole + (number - whole >= 0.5)


def _month_day(born: date, months: int) -> date:
    """Give the day that many months after birth; for one that does not exist the next day."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    try:
        return date(year, month + 1, born.day)
    except ValueError:
        return date(year, month + 2, 1)  # only February and 30-day months are too short
