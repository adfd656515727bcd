"""What templates/components/_growth_chart.html draws: plain data, places in view box units."""

from dataclasses import dataclass
from datetime import date

from growth.labels import Place


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
class Tick:
    """A grid line; strong ones are whole years or carry the eye."""

    at: float
    label: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A visit: place, class tone, shape, and its words for label, tooltip and table.

    label is where its words stand, None where none would fit; the latest visit's are two lines.
    """

    x: float
    y: float
    tone: str
    colour: str
    shape: str
    day: date
    date_label: str
    value_label: str
    z_label: str
    class_label: str
    title: str
    latest: bool
    label: Place | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws; sentence and alt are Bahasa, alt includes the sentence."""

    index: str
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
    x_label: str
    y_label: str
    dots: tuple[Dot, ...]
    polyline: str
    sentence: str
    alt: str
