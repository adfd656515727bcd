"""Dates, times, numbers and money as Indonesians write them; on screens and on paper alike.

Nothing here raises on a missing value: what is not known is shown as "–", never as 0.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

from regions.models import ZONE_LABELS, Programme

MISSING = "–"
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_SWAP = str.maketrans(",.-", ".,−")


def long_date(day: date | None, programme: Programme | None = None) -> str:
    """``22 Juni 2022``; of a moment, the day on the programme's clock."""
    if not isinstance(day, date):
        return MISSING
    if isinstance(day, datetime):
        day = _local(day, programme)
    return f"{day.day} {month_name(day)}"


def month_name(day: date | None) -> str:
    """``Oktober 2026``."""
    return f"{MONTHS[day.month - 1]} {day.year}" if isinstance(day, date) else MISSING


def clock(moment: datetime | None, programme: Programme | None = None) -> str:
    """``10.42 WIB``, on the programme's clock."""
    if not isinstance(moment, datetime):
        return MISSING
    label = programme.tz_label if programme else ZONE_LABELS["Asia/Jakarta"]
    return f"{_local(moment, programme):%H.%M} {label}"


def date_and_clock(moment: datetime | None, programme: Programme | None = None) -> str:
    """``22 Juni 2022 pukul 10.42 WIB``."""
    if not isinstance(moment, datetime):
        return MISSING
    return f"{long_date(moment, programme)} pukul {clock(moment, programme)}"


def number(value: object, places: int | None = None) -> str:
    """``1.234,5``. Without ``places`` at most two decimals, and no zeros at their end."""
    exact = _decimal(value)
    if exact is None:
        return MISSING
    step = Decimal(1).scaleb(-(2 if places is None else places))
    text = f"{exact.quantize(step, ROUND_HALF_UP) + 0:,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_SWAP)


def rupiah(value: object) -> str:
    """``Rp450.000``; money is whole rupiah."""
    text = number(value, 0)
    return f"−Rp{text[1:]}" if text.startswith("−") else text if text == MISSING else f"Rp{text}"


def percent(n: object, total: object, places: int = 1) -> str:
    """``75,0 % (9/12)``: a share never stands without its n and N; of nobody it is ``– (0/0)``."""
    part, whole = _decimal(n), _decimal(total)
    if part is None or whole is None:
        return MISSING
    share = f"{number(100 * part / whole, places)} %" if whole else MISSING
    return f"{share} ({number(part)}/{number(whole)})"


def _local(moment: datetime, programme: Programme | None) -> datetime:
    if timezone.is_naive(moment):
        return moment
    return programme.local(moment) if programme else timezone.localtime(moment)


def _decimal(value: object) -> Decimal | None:
    """The value exactly, or None when it is no number."""
    if value is None or isinstance(value, bool):
        return None
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None
