"""From centimetres, kilograms and days to places on a drawing, and paths along them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Spot = tuple[float, float]

_STEPS = (0.5, 1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight scale: low..high in the data is start..end on the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Give the place of a value; one outside the axis stands on its edge."""
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self, at_most: int) -> list[float]:
        """Give round numbers along the axis, with the smallest step that keeps them few."""
        span = self.high - self.low
        step = next((step for step in _STEPS if span / step <= at_most), _STEPS[-1])
        return list(multiples(step, self.low, self.high))


@dataclass(frozen=True, slots=True)
class Frame:
    """The two axes of one drawing."""

    x: Axis
    y: Axis


def multiples(step: float, low: float, high: float) -> Iterator[float]:
    """Yield the multiples of step from low to high, both included."""
    for count in range(math.ceil(low / step), math.floor(high / step) + 1):
        yield count * step


def widen(values: Iterable[float], step: float) -> tuple[float, float]:
    """Give the range of the values, widened to whole steps and never empty."""
    found = list(values)
    low = math.floor(min(found) / step) * step
    return low, max(math.ceil(max(found) / step) * step, low + step)


def path(spots: Sequence[Spot]) -> str:
    """Write an SVG path through the spots: "M34 300L40.5 291"."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in spots)


def thinned(spots: Sequence[Spot], tolerance: float = 0.15) -> list[Spot]:
    """Leave out what a straight line shows as well (Ramer, Douglas and Peucker, heights only)."""
    (x0, y0), (x1, y1) = spots[0], spots[-1]
    slope = (y1 - y0) / ((x1 - x0) or 1)
    gaps = [abs(y0 + slope * (x - x0) - y) for x, y in spots]
    worst = max(range(len(spots)), key=gaps.__getitem__)
    if gaps[worst] <= tolerance or len(spots) < 3:
        return [spots[0], spots[-1]]
    return thinned(spots[: worst + 1], tolerance)[:-1] + thinned(spots[worst:], tolerance)
