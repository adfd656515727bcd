"""The reference lines of a growth chart: which table, over which stretch of age or length.

x is the age in days, for weight-for-height the length in cm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from growth.axes import Frame, Spot, thinned
from growth.lms import value_at
from growth.reading import HEIGHT_FROM_DAY
from growth.tables import Row, table

# The lines drawn: the median, 2 and 3 SD, and for weight +1 SD, where "normal" ends.
LINES = {
    "tb_u": (-3, -2, 0, 2, 3),
    "bb_u": (-3, -2, 0, 1, 2, 3),
    "bb_tb": (-3, -2, 0, 1, 2, 3),
    "imt_u": (-3, -2, 0, 1, 2, 3),
}
_AGE_TABLES = {"tb_u": "lfa", "bb_u": "wfa", "imt_u": "bmifa"}
LAST_DAY = 1826


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a standard that a chart shows, from x low to x high."""

    table: str
    low: float
    high: float

    @property
    def by_age(self) -> bool:
        return self.table not in ("wfl", "wfh")

    @property
    def postures(self) -> str:
        """Which tables it draws on: "l" (lying), "h" (standing), "lh" where age crosses both."""
        if not self.by_age:
            return "l" if self.table == "wfl" else "h"
        return ("l" if self.low < HEIGHT_FROM_DAY else "") + (
            "h" if self.high >= HEIGHT_FROM_DAY else ""
        )


def stretch_of_age(index: str, days: list[float]) -> Stretch:
    """Show 0–24, 24–60 or all 60 months: the closest that holds every visit."""
    name = _AGE_TABLES[index]
    low = HEIGHT_FROM_DAY if days and min(days) >= HEIGHT_FROM_DAY else 0
    high = LAST_DAY if days and max(days) >= HEIGHT_FROM_DAY else HEIGHT_FROM_DAY - 1
    return Stretch(name, low, high)


def stretch_of_length(standing: bool, lengths: list[float]) -> Stretch:
    """Show the child's lengths with some 10 cm on each side, within the table of the posture."""
    name = "wfh" if standing else "wfl"
    first, last = table(name).first / 10, table(name).last / 10
    if not lengths:
        return Stretch(name, first, last)
    low = max(first, (min(lengths) - 10) // 5 * 5)
    high = min(last, (max(lengths) + 15) // 5 * 5)
    return Stretch(name, min(low, last - 20), max(high, first + 20))


@lru_cache(maxsize=256)
def line(stretch: Stretch, sex: int, z: float) -> tuple[tuple[float, float], ...]:
    """Give (x, value) along the line of one z, closer than a drawing can show."""
    return tuple((x, value_at(z, row)) for x, row in _rows(stretch, sex))


@lru_cache(maxsize=512)
def spots(stretch: Stretch, sex: int, z: float, frame: Frame) -> tuple[Spot, ...]:
    """Give the line of one z as places on a drawing, without what a straight line shows too."""
    return tuple(thinned([(frame.x.at(x), frame.y.at(y)) for x, y in line(stretch, sex, z)]))


def _rows(stretch: Stretch, sex: int) -> Iterator[tuple[float, Row]]:
    chosen, scale = table(stretch.table), 1 if stretch.by_age else 10
    low, high = round(stretch.low * scale), round(stretch.high * scale)
    # Every seventh row, both ends, and both sides of the step from lying to standing.
    for x in sorted({*range(low, high, 7), high, HEIGHT_FROM_DAY - 1, HEIGHT_FROM_DAY}):
        row = chosen.row(sex, x)
        if row and low <= x <= high:
            yield x / scale, row
