"""The picture of a pregnancy's weight gain: plain data for _weight_chart.html (pure).

x is the week of gestation, y the gain in kg since before the pregnancy; the band is what is
recommended for the IMT before it (registry/mothers/antenatal.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from growth.words import long_date, number
from registry.mothers.antenatal import FIRST_TRIMESTER_WEEKS, TERM_WEEKS, gain_by_week, tenths

WIDTH, HEIGHT = 360, 230
LEFT, RIGHT, TOP, BOTTOM = 28, 352, 22, 194
LAST_WEEK = 42
WEEK_TICKS = (0, 13, 20, 28, 36, 40)
KG_STEP = 5


@dataclass(frozen=True)
class Weighing:
    """One weighing: its day, the weeks of gestation, the gain in kg."""

    on: date
    weeks: float
    kg: float


@dataclass(frozen=True)
class WeightChart:
    """Everything the template draws, in view box units; sentence and alt are Bahasa."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    band: str
    line: str
    zero: float
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    dots: tuple[tuple[float, float, str], ...]
    last: tuple[float, float, str, str] | None  # x, y, words, anchor
    sentence: str

    @property
    def alt(self) -> str:
        told = "; ".join(title for _, _, title in self.dots)
        return f"{self.sentence} Penimbangan: {told}."


def weight_chart(imt: float, weighings: Sequence[Weighing], sentence: str) -> WeightChart:
    """Draw the weighings, oldest first, over the band of the IMT class."""
    highest = max([gain_by_week(imt, TERM_WEEKS)[1], *(w.kg for w in weighings)])
    lowest = min([0.0, *(w.kg for w in weighings)])
    top, low = ceil((highest + 1) / KG_STEP) * KG_STEP, floor(lowest / KG_STEP) * KG_STEP

    def x(weeks: float) -> float:
        return round(LEFT + min(weeks, LAST_WEEK) / LAST_WEEK * (RIGHT - LEFT), 1)

    def y(kg: float) -> float:
        return round(BOTTOM - (kg - low) / (top - low) * (BOTTOM - TOP), 1)

    corners = (0, FIRST_TRIMESTER_WEEKS, TERM_WEEKS)
    under = [(x(week), y(gain_by_week(imt, week)[0])) for week in corners]
    over = [(x(week), y(gain_by_week(imt, week)[1])) for week in reversed(corners)]
    points = [(x(w.weeks), y(w.kg)) for w in weighings]
    return WeightChart(
        width=WIDTH, height=HEIGHT, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM,
        band=f"M{'L'.join(f'{a} {b}' for a, b in under + over)}Z",
        line=" ".join(f"{a},{b}" for a, b in points) if len(points) > 1 else "",
        zero=y(0),
        x_ticks=tuple((x(week), str(week)) for week in WEEK_TICKS),
        y_ticks=tuple((y(kg), number(kg)) for kg in range(low, top + 1, KG_STEP)),
        dots=tuple((*at, _title(w)) for at, w in zip(points, weighings, strict=True)),
        last=_last(points, weighings),
        sentence=sentence,
    )  # fmt: skip


def signed(kg: float) -> str:
    """``+6,4 kg``, ``−1,0 kg``."""
    kg = tenths(kg)
    return f"{'+' if kg > 0 else ''}{number(kg, 1)} kg"


def _title(weighing: Weighing) -> str:
    return f"{long_date(weighing.on)}: {signed(weighing.kg)}, minggu {int(weighing.weeks)}"


def _last(
    points: Sequence[tuple[float, float]], weighings: Sequence[Weighing]
) -> tuple[float, float, str, str] | None:
    """Where the last gain is written: left of its dot when the right edge is near."""
    if not points:
        return None
    (at, up), near = points[-1], points[-1][0] > RIGHT - 70
    return (at - 9 if near else at + 9, max(up - 8, TOP + 2), signed(weighings[-1].kg),
            "end" if near else "start")  # fmt: skip
