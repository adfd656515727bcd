"""Dates and bands of pregnancy, as pure functions (domain.md §2.1).

Limits that sources dispute (trimester, 4T) are programme settings; here stand the defaults.
"""

import calendar
from datetime import date, timedelta
from typing import Any, NamedTuple

from growth.words import number

LILA_KEK_CM = 23.5  # below it: risiko KEK
HB_SEVERE = 7.0  # below it: anemia berat
FULL_TERM_WEEKS = 45  # no pregnancy is counted longer than this


class Sign(NamedTuple):
    """What one examination says, with its tone; a screening word, not a verdict."""

    tone: str
    label: str
    text: str


def naegele(hpht: date) -> date:
    """HPL by Naegele: seven days on, three months back, a year on.

    The seven days come first, so 22 February 2025 gives 1 December 2025. When the month three
    months back is shorter, its last day is taken.
    """
    later = hpht + timedelta(days=7)
    month, year = (
        (later.month - 3, later.year + 1) if later.month > 3 else (later.month + 9, later.year)
    )
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


def signs(lila_cm: Any = None, hb: Any = None, trimester_no: int | None = None) -> list[Sign]:
    """The risks that LiLA (cm) and Hb (g/dL) show, worst first; empty when they show none.

    Without a trimester the limit of trimester 1 and 3 counts.
    """
    found = []
    if is_anaemic(_plain(hb), trimester_no or 3):
        severe = float(hb) < HB_SEVERE
        label, tone = ("Anemia berat", "merah") if severe else ("Anemia", "oranye")
        found.append(Sign(tone, label, f"Hb {number(float(hb), 1)} g/dL"))
    if is_kek_risk(_plain(lila_cm)):
        found.append(Sign("oranye", "Risiko KEK", f"LiLA {number(float(lila_cm), 1)} cm"))
    return found


def is_overdue(hpht: date, on: date) -> bool:
    """Past the longest a pregnancy is counted: its end was not written down."""
    return on - hpht > timedelta(weeks=FULL_TERM_WEEKS)


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)
