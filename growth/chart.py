"""A child's growth chart as plain data for templates/components/_growth_chart.html.

Places are in units of the view box, by default as wide as a phone (360). The lines are the
WHO's −3 −2 0 +1 +2 +3 SD, told apart by dashes as well as by colour; the tints are the classes,
which the key beneath names with their limits, so that the chart reads in grey print too.
"""

import math
from collections.abc import Sequence

from growth.age import MONTH_DAYS
from growth.axes import Axis, Frame, Spot, multiples
from growth.classes import CLASSES, GrowthClass
from growth.curves import LINES, Stretch, stretch_of_age, stretch_of_length
from growth.drawing import Stroke, area_below, curves, heights, marks
from growth.labels import Box, Place, place_labels
from growth.marks import (
    Point,
    Visit,
    sentence,
    stands,
    value_words,
    verdict,
    visits,
    z_words,
)
from growth.picture import Band, Chart, Curve, Dot, Key, Tick, y_ticks
from growth.reading import SEXES
from growth.tables import BOY, GIRL
from growth.words import long_date, number, short_date, signed

__all__ = ["Band", "Chart", "Curve", "Dot", "Point", "Tick", "chart_title", "curve_chart"]

MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 30, 26, 18, 36
TINTS = {"merah": "#f8dedb", "oranye": "#fdebd5", "hijau": "#e6f3eb", "biru": "#eaf0fc"}
# Colour, dashes and width of a line: the median solid, 1 SD dash-dotted, 2 dashed, 3 dotted.
_STROKES = {
    0: ("hijau", "", 1.8),
    1: ("biru", "7 2.5 1.5 2.5", 1.2),
    2: ("oranye", "6 3", 1.4),
    3: ("merah", "2 2.5", 1.4),
}
# What a chart is called by the tables it draws on: lying, standing, or both.
_NAMES = {
    "tb_u": {"l": "Panjang badan menurut umur (PB/U)", "h": "Tinggi badan menurut umur (TB/U)",
             "lh": "Panjang dan tinggi badan menurut umur (PB/U, TB/U)"},
    "bb_u": dict.fromkeys(("l", "h", "lh"), "Berat badan menurut umur (BB/U)"),
    "bb_tb": {"l": "Berat menurut panjang badan (BB/PB)",
              "h": "Berat menurut tinggi badan (BB/TB)"},
    "imt_u": dict.fromkeys(("l", "h", "lh"), "IMT menurut umur (IMT/U)"),
}  # fmt: skip
_SEX_WORDS = {BOY: "laki-laki", GIRL: "perempuan"}
_X_LABELS = {"wfl": "Panjang badan (cm)", "wfh": "Tinggi badan (cm)"}
_UNITS = {"tb_u": "cm", "bb_u": "kg", "bb_tb": "kg", "imt_u": "kg/m²"}
_LABEL_SIZE, _LATEST_SIZE = (46, 11), (56, 25)


def curve_chart(
    index: str, sex: int | str, points: Sequence[Point], *, width: int = 360, height: int = 320
) -> Chart:
    """Draw "tb_u", "bb_u", "bb_tb" or "imt_u" for a boy or a girl with the given visits.

    KeyError for another index or an unknown sex: a chart without them would mislead.
    """
    boy_or_girl = SEXES[str(sex).strip().lower()]
    shown = visits(index, points)
    stretch = _stretch(index, shown)
    low, high = heights(stretch, boy_or_girl, LINES[index], [visit.y for visit in shown])
    frame = Frame(
        Axis(stretch.low, stretch.high, MARGIN_LEFT, width - MARGIN_RIGHT),
        Axis(low, high, height - MARGIN_BOTTOM, MARGIN_TOP),
    )
    title = f"{chart_title(index, stretch)}, anak {_SEX_WORDS[boy_or_girl]}"
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
        curves=curves(_strokes(index), stretch, boy_or_girl, frame),
        x_ticks=_x_ticks(stretch, frame),
        y_ticks=y_ticks(frame, 8),
        x_label=_X_LABELS.get(stretch.table, "Umur (bulan)"),
        y_label=_UNITS[index],
        marks=marks([verdict(index, visit)[0] for visit in shown]),
        dots=_dots(index, shown, frame),
        polyline=" ".join(f"{frame.x.at(v.x):g},{frame.y.at(v.y):g}" for v in shown),
        sentence=told,
        alt=f"Grafik {title}, {_range_words(stretch)}, {len(shown)} pengukuran. {told}",
        key=_key(index),
    )


def chart_title(index: str, stretch: Stretch) -> str:
    """Name the index as it is called for the ages or lengths shown: PB/U, TB/U, BB/PB, BB/TB."""
    return _NAMES[index][stretch.postures]


def _stretch(index: str, shown: Sequence[Visit]) -> Stretch:
    xs = [visit.x for visit in shown]
    if index == "bb_tb":
        return stretch_of_length(stands(shown), xs)
    return stretch_of_age(index, xs)


def _range_words(stretch: Stretch) -> str:
    if not stretch.by_age:
        return f"{number(stretch.low)}–{number(stretch.high)} cm"
    return f"{stretch.low / MONTH_DAYS:.0f}–{stretch.high / MONTH_DAYS:.0f} bulan"


def _bands(index: str, stretch: Stretch, sex: int, frame: Frame) -> tuple[Band, ...]:
    """Tint the classes from the top down, each as the area under its upper limit."""
    bands: list[Band] = []
    for growth_class in reversed(CLASSES[index]):
        tone = _tone(growth_class)
        if bands and bands[-1].tone == tone:
            continue
        upper = growth_class.upper if bands else None
        bands.append(Band(tone, area_below(upper, stretch, sex, frame), TINTS[tone]))
    return tuple(bands)


def _strokes(index: str) -> list[Stroke]:
    return [Stroke(z, *_STROKES[abs(z)]) for z in LINES[index]]


def _x_ticks(stretch: Stretch, frame: Frame) -> tuple[Tick, ...]:
    if not stretch.by_age:
        step = 5 if stretch.high - stretch.low <= 40 else 10
        values = multiples(step, stretch.low, stretch.high)
        return tuple(Tick(frame.x.at(cm), number(cm)) for cm in values)
    first, last = round(stretch.low / MONTH_DAYS), round(stretch.high / MONTH_DAYS)
    step = 3 if last - first <= 24 else 6
    months = range(first, last + 1, step)
    return tuple(Tick(frame.x.at(m * MONTH_DAYS), str(m), m % 12 == 0) for m in months)


def _key(index: str) -> tuple[Key, ...]:
    """Name the classes with their limits, from the top of the chart down."""
    return tuple(Key(TINTS[_tone(found)], _limits(found), found.label)
                 for found in reversed(CLASSES[index]))  # fmt: skip


def _limits(found: GrowthClass) -> str:
    if math.isinf(found.upper):
        return f"di atas {signed(found.lower)}"
    if math.isinf(found.lower):
        return f"di bawah {signed(found.upper)}"
    return f"{signed(found.lower)} sampai {signed(found.upper)}"


def _tone(found: GrowthClass) -> str:
    return "merah" if found.upper == -3 else found.colour


def _dots(index: str, shown: Sequence[Visit], frame: Frame) -> tuple[Dot, ...]:
    places = [(frame.x.at(visit.x), frame.y.at(visit.y)) for visit in shown]
    sizes = [_LABEL_SIZE] * (len(shown) - 1) + [_LATEST_SIZE] * bool(shown)
    inside = Box(frame.x.start, frame.y.end, frame.x.end, frame.y.start)
    labels = place_labels(places, sizes, inside)
    return tuple(
        _dot(index, visit, spot, place, visit is shown[-1])
        for visit, spot, place in zip(shown, places, labels, strict=True)
    )


def _dot(index: str, visit: Visit, spot: Spot, place: Place | None, latest: bool) -> Dot:
    tone, words = verdict(index, visit)
    value, z, day = value_words(index, visit), z_words(index, visit), visit.point.measured_on
    return Dot(
        x=spot[0],
        y=spot[1],
        tone=tone,
        day=day,
        date_label=short_date(day),
        value_label=value,
        z_label=z,
        class_label=words,
        title=f"{long_date(day)}: {value}, {f'{z}: ' if z else ''}{words}",
        latest=latest,
        label=place,
    )
