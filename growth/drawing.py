"""What the growth chart and the KMS draw alike: how high they reach, tints, lines, marks."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from growth.axes import Frame, Spot, path, widen
from growth.curves import Stretch, line, spots
from growth.marks import COLOURS, SHAPES, scale_for
from growth.picture import Curve, Mark
from growth.words import signed

_WILD_REACH = 0.25  # a wild value may stretch the chart by a quarter; beyond it stands on the edge
_MARGIN = 0.03
_NAME_HEIGHT = 10.5  # of a line's name at the right end


class Stroke(NamedTuple):
    """How the line of one z (SD) is drawn: a tone, dashes ("" is solid) and a width."""

    z: int
    tone: str
    dash: str
    width: float


def heights(
    stretch: Stretch, sex: int, lines: Sequence[int], values: Iterable[float]
) -> tuple[float, float]:
    """Give the lowest and highest y: the outer lines, and the child's values within reason."""
    low = min(y for _, y in line(stretch, sex, lines[0]))
    high = max(y for _, y in line(stretch, sex, lines[-1]))
    reach, margin = (high - low) * _WILD_REACH, (high - low) * _MARGIN
    near = [min(max(value, low - reach), high + reach) for value in values]
    return widen([low - margin, high + margin, *near], 0.5)


def area_below(upper: float | None, stretch: Stretch, sex: int, frame: Frame) -> str:
    """Give the area below the line of a z as a path; below the frame's top without one."""
    edge: Sequence[Spot] = ((frame.x.start, frame.y.end), (frame.x.end, frame.y.end))
    if upper is not None:
        edge = spots(stretch, sex, upper, frame)
    return path([(frame.x.start, frame.y.start), *edge, (frame.x.end, frame.y.start)]) + "Z"


def curves(
    strokes: Iterable[Stroke], stretch: Stretch, sex: int, frame: Frame
) -> tuple[Curve, ...]:
    """Give the lines with their names, the lowest first, so that no name sits on another."""
    found = []
    floor = frame.y.start + 4
    for z, tone, dash, width in strokes:
        drawn = spots(stretch, sex, z, frame)
        floor = min(drawn[-1][1] + 4, floor)
        found.append(Curve(z, signed(z), path(drawn), floor, COLOURS[tone], dash, width))
        floor -= _NAME_HEIGHT
    return tuple(found)


def marks(tones: Sequence[str]) -> tuple[Mark, ...]:
    """Give the mark of every class that occurs, smaller where many visits stand together."""
    scale = scale_for(len(tones))
    return tuple(Mark(t, SHAPES[t], COLOURS[t], scale) for t in dict.fromkeys(tones))
