"""What templates/components/_growth_chart.html draws: plain data, places in view box units."""

from dataclasses import dataclass
from datetime import date

from growth.axes import Frame
from growth.labels import Place
from growth.words import number


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of the standard, with its name at the right end."""

    z: int
    label: str
    path: str
    label_y: float
    colour: str
    dash: str
    width: float

    @property
    def name(self) -> str:
        """Class name for the style sheet: curve-0, curve-2, curve-3."""
        return f"curve-{abs(self.z)}"


@dataclass(frozen=True, slots=True)
class Band:
    """The area below a class's upper limit; drawn in order, the next covers the one before."""

    tone: str
    path: str
    fill: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one class, drawn once and used by every visit in it; kuning is hollow."""

    tone: str
    shape: str
    colour: str
    scale: float


@dataclass(frozen=True, slots=True)
class Key:
    """One class in words: its tint, its limits ("−3 … −2") and its name."""

    fill: str
    limits: str
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line; strong ones are whole years or carry the eye."""

    at: float
    label: str
    strong: bool = False


def y_ticks(frame: Frame, at_most: int) -> tuple[Tick, ...]:
    """Give the grid lines of the heights; at the very top the unit stands in place of a number."""
    values = ((frame.y.at(y), number(y)) for y in frame.y.ticks(at_most))
    return tuple(Tick(at, "" if at - frame.y.end < 6 else label) for at, label in values)


@dataclass(frozen=True, slots=True)
class Dot:
    """A visit: place, class tone, and its words for label, tooltip and table.

    label is where its words stand, None where none would fit; the latest visit's are two lines.
    """

    x: float
    y: float
    tone: str
    day: date
    date_label: str
    value_label: str
    z_label: str
    class_label: str
    title: str
    latest: bool
    label: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What every chart has; sentence and alt are Bahasa, alt includes the sentence."""

    title: str
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    bands: tuple[Band, ...]
    curves: tuple[Curve, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    sentence: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(Picture):
    """The growth chart of one index, as _growth_chart.html draws it."""

    index: str
    x_label: str
    y_label: str
    dots: tuple[Dot, ...]
    polyline: str
    key: tuple[Key, ...]
