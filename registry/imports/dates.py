"""Dates as lists write them. The day comes first, always; the month never (domain.md §6.2)."""

import re
from datetime import date, timedelta

from growth.words import long_date
from registry.imports.cells import NOTHING, Said, filled, quoted
from registry.imports.labels import MONTHS
from registry.imports.sheet import Cell

# Day 1 of Excel is 1900-01-01, and Excel believes in a 29 February of that year.
_DAY_ZERO = date(1899, 12, 30)
YEARS = range(1900, 2100)
SERIALS = range(14_611, 73_051)  # 1940 to 2099: outside, a number is no date

_TIME = (
    r"(?:[T\s,]+(?:pukul\s*)?[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:\.[0-9]+)?)?"
    r"\s*(?:am|pm|wib|wita|wit|z)?)?"
)
_NUMBERS = re.compile(
    r"([0-9]{1,4})\s?([-/.])\s?([0-9]{1,2})\s?[-/.]\s?([0-9]{1,4})" + _TIME, re.IGNORECASE
)
_WORDS = re.compile(
    r"([0-9]{1,2})[\s\-/.]*([a-z]{3,9})[\s\-/.,]*([0-9]{2,4})" + _TIME, re.IGNORECASE
)
_WEEKDAY = re.compile(r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\s*,?\s+", re.I)
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,12})?")


def read_date(cell: Cell) -> Said:
    """A day from text (with or without a time), a date cell, or the number Excel counts days by.

    A year of two digits is asked back, a day that no calendar has refused.
    """
    if isinstance(cell, float):
        return _serial(cell)
    text = filled(cell)
    if not text or not text.isascii():
        return _no_date(text) if text else NOTHING
    if _SERIAL.fullmatch(text):
        return _serial(float(text))
    plain = _WEEKDAY.sub("", text, count=1) if text[0].isalpha() else text
    parts = _parts(plain)
    return _day(text, *parts) if parts else _no_date(text)


def read_date_in_doubt(cell: Cell) -> Said:
    """As ``read_date``, in a column where some dates have the month first: what could be read
    either way is asked back."""
    said = read_date(cell)
    if not isinstance(cell, str) or not isinstance(said.value, date):
        return said
    found = _NUMBERS.fullmatch(filled(cell))
    day = said.value
    if not found or len(found[1]) == 4 or day.day > 12 or day.day == day.month:
        return said
    other = date(day.year, day.day, day.month)
    return Said(
        ask=f"{quoted(filled(cell))} bisa {long_date(day)} atau {long_date(other)}, karena kolom "
        "ini juga menulis bulan lebih dahulu. Tulis misalnya "
        f"{day.isoformat()}."
    )


def month_first(cell: Cell) -> bool:
    """Whether a text can only be a date with the month first: ``11/25/2024``."""
    if not isinstance(cell, str) or cell[:1] not in "01":
        return False
    found = _NUMBERS.fullmatch(cell.strip())
    return bool(found) and len(found[1]) < 3 and int(found[1]) <= 12 < int(found[3]) <= 31  # type: ignore[index]


def _parts(text: str) -> tuple[str, int, str] | None:
    """(day, month, year) as written; None when the text is no date."""
    if found := _NUMBERS.fullmatch(text):
        first, _, middle, last = found.groups()
        if len(first) == 4:
            return last, int(middle), first
        return first, int(middle), last
    found = _WORDS.fullmatch(text)
    if found and (month := MONTHS.get(found[2].lower())):
        return found[1], month, found[3]
    return None


def _day(text: str, day: str, month: int, year: str) -> Said:
    if len(year) < 3:
        return _two_digits(text, int(day), month, int(year))
    if len(day) > 2 or int(year) not in YEARS:
        return _no_date(text)
    try:
        return Said(date(int(year), month, int(day)))
    except ValueError:
        return Said(problem=_impossible(text, int(day), month))


def _two_digits(text: str, day: int, month: int, year: int) -> Said:
    try:
        meant = f" Apakah maksudnya {long_date(date(2000 + year, month, day))}?"
    except ValueError:
        return Said(problem=_impossible(text, day, month))
    return Said(ask=f"tahun di {quoted(text)} hanya dua angka.{meant} Tulis tahun dengan 4 angka.")


def _impossible(text: str, day: int, month: int) -> str:
    if month > 12 >= day:
        return (
            f"di {quoted(text)} tidak ada bulan {month}. Tanggal dibaca hari/bulan/tahun; "
            "tulis misalnya 25/11/2024."
        )
    return f"{quoted(text)} tidak ada di kalender."


def _no_date(text: str) -> Said:
    return Said(problem=f"{quoted(text)} bukan tanggal. Tulis misalnya 25/11/2024.")


def _serial(number: float) -> Said:
    if SERIALS.start <= number < SERIALS.stop:
        return Said(_DAY_ZERO + timedelta(days=int(number)))
    return _no_date(f"{number:g}")
