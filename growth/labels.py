"""Where the dates of the visits may stand on a chart without covering each other."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from growth.axes import Spot

_GAP = 9  # from the middle of a mark to its words
_MARK = 5  # half the size of a mark
_CALM = 4  # empty space beside words
_MOST = 8  # labels on one chart; of more visits only every second, third … has its date
_ANCHORS = {"middle": 0.5, "start": 0.0, "end": 1.0}


class Box(NamedTuple):
    """A rectangle, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def within(self, other: "Box") -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


class Place(NamedTuple):
    """Where words begin: text-anchor start, middle or end; y is the top of the words."""

    x: float
    y: float
    anchor: str

    def box(self, width: float, height: float) -> Box:
        left = self.x - _ANCHORS[self.anchor] * width
        return Box(left, self.y, left + width, self.y + height)


def place_labels(
    marks: Sequence[Spot], sizes: Sequence[tuple[float, float]], frame: Box
) -> list[Place | None]:
    """Give each mark's label a free place or None; the last mark chooses first."""
    taken = [Box(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in marks]
    taken += [Box(x - 1, y - 1, x + 1, y + 1) for x, y in _along(marks)]
    places: list[Place | None] = []
    step = math.ceil(len(marks) / _MOST)
    for back, ((x, y), (width, height)) in enumerate(
        zip(reversed(marks), reversed(sizes), strict=True)
    ):
        around = [] if back % step else _around(x, y, height)
        free = _first_free(around, width, height, frame, taken)
        places.append(free)
        if free:
            left, top, right, bottom = free.box(width, height)
            taken.append(Box(left - _CALM, top, right + _CALM, bottom))
    return places[::-1]


def _along(marks: Sequence[Spot]) -> Iterator[Spot]:
    """Yield places along the line that joins the marks, near enough that no word slips between."""
    for (x0, y0), (x1, y1) in pairwise(marks):
        steps = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0)) / 4))
        for step in range(1, steps):
            yield x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps


def _around(x: float, y: float, height: float) -> list[Place]:
    """Below first: a line that grows leaves room under it."""
    return [
        Place(x, y + _GAP - 2, "middle"),
        Place(x, y - _GAP - height + 2, "middle"),
        Place(x + _GAP, y - height / 2, "start"),
        Place(x - _GAP, y - height / 2, "end"),
        Place(x + 2, y + _GAP - 2, "start"),
        Place(x - 2, y - _GAP - height + 2, "end"),
    ]


def _first_free(
    places: Sequence[Place], width: float, height: float, frame: Box, taken: Sequence[Box]
) -> Place | None:
    for place in places:
        box = place.box(width, height)
        if box.within(frame) and not any(box.meets(other) for other in taken):
            return place
    return None
