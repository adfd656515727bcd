"""Dates and bands of pregnancy, as pure functions (domain.md §2.1).

Limits that sources dispute (trimester, 4T) are programme settings; here stand the defaults.
"""

import calendar
from datetime import date, timedelta

LILA_KEK_CM = 23.5  # below it: risiko KEK
FULL_TERM_WEEKS = 45  # no pregnancy is counted longer than this


def naegele(hpht: date) -> date:
    """HPL by Naegele: seven days on, three months back, a year on.

    The seven days come first, so 22 February 2025 gives 1 December 2025. When the month three
    months back is shorter, its last day is taken.
    """
    later = hpht + timedelta(days=7)
    month, year = (later.month - 3, later.year + 1) if later.month > 3 else (later.month + 9, later.year)
    return date(year, month, min(later.day, calendar.monthrange(year, month)[1]))


def gestation(hpht: date, on: date) -> tuple[int, int]:
    """Completed weeks and days of gestation on a day; (0, 0) before the HPHT."""
    return divmod(max((on - hpht).days, 0), 7)


def trimester(hpht: date, on: date) -> int:
    """1, 2 or 3 by the usual clinical bounds: up to 12, 13–27, from 28 weeks."""
    weeks = gestation(hpht, on)[0]
    return 1 if weeks <= 12 else 2 if weeks <= 27 else 3


def is_kek_risk(lila_cm: float | None) -> bool | None:
    """LiLA < 23.5 cm; None when it was not measured."""
    return None if lila_cm is None else lila_cm < LILA_KEK_CM


def is_anaemic(hb: float | None, trimester_no: int) -> bool | None:
    """Hb < 11.0 g/dL in trimester 1 and 3, < 10.5 in trimester 2; None when not measured."""
    if hb is None:
        return None
    return hb < (10.5 if trimester_no == 2 else 11.0)
