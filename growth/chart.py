"""A child's growth chart as plain data for templates/components/_growth_chart.html.

Places are in units of the view box, by default as wide as a phone (360). The lines are the
WHO's −3 −2 0 +2 +3 SD, told apart by dashes as well as by colour; the tints are the classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from growth.age import MONTH_DAYS
from growth.axes import Axis, Spot, multiples, path, thinned, widen
from growth.classes import CLASSES, INDEX_LABELS
from growth.curves import LINES, Stretch, line, stretch_of_age, stretch_of_length
from growth.labels import Box, Place, place_labels
from growth.marks import (
    COLOURS,
    SHAPES,
    Point,
    Visit,
    sentence,
    stands,
    value_words,
    verdict,
    visits,
    z_words,
)
from growth.picture import Band, Chart, Curve, Dot, Tick
from growth.reading import SEXES
from growth.tables import BOY
from growth.words import MINUS, long_date, number, short_date

__all__ = ["Band", "Chart", "Curve", "Dot", "Point", "Tick", "curve_chart"]

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 30, 26, 18, 36
TINTS = {"merah": "#fae6e4", "oranye": "#fdebd5", "hijau": "#e6f3eb", "biru": "#edf2fc"}
# Colour, dashes and width of a line: the median solid, 2 SD dashed, 3 SD dotted.
_STROKES = {0: ("hijau", "", 1.8), 2: ("oranye", "6 3", 1.4), 3: ("merah", "2 2.5", 1.4)}
_UNITS = {"tb_u": "cm", "bb_u": "kg", "bb_tb": "kg", "imt_u": "kg/m²"}
_WILD_REACH = 0.25  # a wild value may stretch the chart by a quarter; beyond it stands on the edge
_LABEL_SIZE, _LATEST_SIZE = (46, 11), (56, 25)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The two axes of one chart."""

    x: Axis
    y: Axis


def curve_chart(
    index: str, sex: int | str, points: Sequence[Point], *, width: int = 360, height: int = 320
) -> Chart:
    """Draw "tb_u", "bb_u", "bb_tb" or "imt_u" for a boy or a girl with the given visits.

    KeyError for another index or an unknown sex: a chart without them would mislead.
    """
    boy_or_girl = SEXES[str(sex).strip().lower()]
    shown = visits(index, points)
    stretch = _stretch(index, shown)
    frame = _Frame(
        Axis(stretch.low, stretch.high, MARGIN_LEFT, width - MARGIN_RIGHT),
        Axis(*_heights(stretch, boy_or_girl, shown), height - MARGIN_BOTTOM, MARGIN_TOP),
    )
    title = f"{INDEX_LABELS[index]}, anak {'laki-laki' if boy_or_girl == BOY else 'perempuan'}"
    told = sentence(index, shown)
    return Chart(
        index=index,
        title=title,
        width=width,
        height=height,
        left=frame.x.start,
        right=frame.x.end,
        top=frame.y.end,
        bottom=frame.y.start,
        bands=_bands(index, stretch, boy_or_girl, frame),
        curves=_curves(stretch, boy_or_girl, frame),
        x_ticks=_x_ticks(stretch, frame),
        y_ticks=tuple(Tick(frame.y.at(y), number(y)) for y in frame.y.ticks(8)),
        x_label="Umur (bulan)" if stretch.by_age else "Panjang atau tinggi (cm)",
        y_label=_UNITS[index],
        dots=_dots(index, shown, frame),
        polyline=" ".join(f"{frame.x.at(v.x):g},{frame.y.at(v.y):g}" for v in shown),
        sentence=told,
        alt=f"Grafik {title}, {_range_words(stretch)}, {len(shown)} pengukuran. {told}",
    )


def _stretch(index: str, shown: Sequence[Visit]) -> Stretch:
    xs = [visit.x for visit in shown]
    if index == "bb_tb":
        return stretch_of_length(stands(shown), xs)
    return stretch_of_age(index, xs)


def _range_words(stretch: Stretch) -> str:
    if not stretch.by_age:
        return f"{number(stretch.low)}–{number(stretch.high)} cm"
    return f"{stretch.low / MONTH_DAYS:.0f}–{stretch.high / MONTH_DAYS:.0f} bulan"


def _heights(stretch: Stretch, sex: int, shown: Sequence[Visit]) -> tuple[float, float]:
    """Give the lowest and highest y: the outer lines, and the child's marks within reason."""
    low = min(y for _, y in line(stretch, sex, LINES[0]))
    high = max(y for _, y in line(stretch, sex, LINES[-1]))
    reach = (high - low) * _WILD_REACH
    near = [min(max(visit.y, low - reach), high + reach) for visit in shown]
    margin = (high - low) * 0.03
    return widen([low - margin, high + margin, *near], 0.5)


def _bands(index: str, stretch: Stretch, sex: int, frame: _Frame) -> tuple[Band, ...]:
    """Tint the classes from the top down, each as the area under its upper limit."""
    bands: list[Band] = []
    for growth_class in reversed(CLASSES[index]):
        tone = "merah" if growth_class.upper == -3 else growth_class.colour
        if bands and bands[-1].tone == tone:
            continue
        ceiling = ((frame.x.start, frame.y.end), (frame.x.end, frame.y.end))
        edge = _spots(stretch, sex, growth_class.upper, frame) if bands else ceiling
        area = path([(frame.x.start, frame.y.start), *edge, (frame.x.end, frame.y.start)])
        bands.append(Band(tone, f"{area}Z", TINTS[tone]))
    return tuple(bands)


def _curves(stretch: Stretch, sex: int, frame: _Frame) -> tuple[Curve, ...]:
    curves = []
    floor = frame.y.start + 4
    for z in LINES:
        spots = _spots(stretch, sex, z, frame)
        colour, dash, width = _STROKES[abs(z)]
        floor = min(spots[-1][1] + 4, floor)  # names must not sit on each other
        sign = "+" if z > 0 else MINUS if z < 0 else ""
        label = f"{sign}{abs(z)}"
        curves.append(Curve(z, label, path(spots), floor, COLOURS[colour], dash, width))
        floor -= 11
    return tuple(curves)


@lru_cache(maxsize=512)
def _spots(stretch: Stretch, sex: int, z: float, frame: _Frame) -> tuple[Spot, ...]:
    return tuple(thinned([(frame.x.at(x), frame.y.at(y)) for x, y in line(stretch, sex, z)]))


def _x_ticks(stretch: Stretch, frame: _Frame) -> tuple[Tick, ...]:
    if not stretch.by_age:
        step = 5 if stretch.high - stretch.low <= 40 else 10
        values = multiples(step, stretch.low, stretch.high)
        return tuple(Tick(frame.x.at(cm), number(cm)) for cm in values)
    first, last = round(stretch.low / MONTH_DAYS), round(stretch.high / MONTH_DAYS)
    step = 3 if last - first <= 24 else 6
    months = range(first, last + 1, step)
    return tuple(Tick(frame.x.at(m * MONTH_DAYS), str(m), m % 12 == 0) for m in months)


def _dots(index: str, shown: Sequence[Visit], frame: _Frame) -> tuple[Dot, ...]:
    spots = [(frame.x.at(visit.x), frame.y.at(visit.y)) for visit in shown]
    sizes = [_LABEL_SIZE] * (len(shown) - 1) + [_LATEST_SIZE] * bool(shown)
    inside = Box(frame.x.start, frame.y.end, frame.x.end, frame.y.start)
    places = place_labels(spots, sizes, inside)
    return tuple(
        _dot(index, visit, spot, place, visit is shown[-1])
        for visit, spot, place in zip(shown, spots, places, strict=True)
    )


def _dot(index: str, visit: Visit, spot: Spot, place: Place | None, latest: bool) -> Dot:
    tone, words = verdict(index, visit)
    value, z, day = value_words(index, visit), z_words(index, visit), visit.point.measured_on
    return Dot(
        x=spot[0],
        y=spot[1],
        tone=tone,
        colour=COLOURS[tone],
        shape=SHAPES[tone],
        day=day,
        date_label=short_date(day),
        value_label=value,
        z_label=z,
        class_label=words,
        title=f"{long_date(day)}: {value}, {f'{z}: ' if z else ''}{words}",
        latest=latest,
        label=place,
    )
