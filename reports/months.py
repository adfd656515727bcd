"""A calendar month as the reports use it: its days, its clock, its neighbours."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from regions.models import Programme
from regions.words import month_name

CENTURY = range(2000, 2100)
_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """A month by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.replace(day=1))

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """The month written ``2026-10``, or None when it is none of this century."""
        match = _WRITTEN.fullmatch(text.strip())
        if not match or int(match[1]) not in CENTURY:
            return None
        try:
            return cls(date(int(match[1]), int(match[2]), 1))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def label(self) -> str:
        """``Oktober 2026``."""
        return month_name(self.first)

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    def back(self, months: int = 1) -> "Month":
        year, month = divmod(self.first.year * 12 + self.first.month - 1 - months, 12)
        return Month(date(year, month + 1, 1))

    def clock(self, programme: Programme) -> tuple[datetime, datetime]:
        """The moment the month begins in that kecamatan, and the one it has ended."""
        begins = datetime.combine(self.first, time.min, programme.tz)
        return begins, datetime.combine(self.last + timedelta(days=1), time.min, programme.tz)

    def read_on(self, programme: Programme) -> date:
        """The day the figures are of: the last of the month, or today while it runs."""
        return min(self.last, programme.today())
