"""The weight card of the posyandu (Kartu Menuju Sehat) as plain data for components/_kms.html.

Weight for age, 0–24 or 24–60 months: the WHO's lines from −3 to +3 SD, the channels between them
tinted, the red line at −3 SD (below it: BGM) and the orange one at +1 SD. Beneath, a letter for
each month's weighing and a row for each calendar month, as the kader's book has one box a month.
Our own drawing of what Buku KIA 2023 explains, not a copy of its card (domain.md §1.7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from growth.age import MONTH_DAYS
from growth.axes import Axis, Frame
from growth.curves import LAST_DAY, Stretch
from growth.drawing import Stroke, area_below, curves, heights, marks
from growth.picture import Band, Picture, Tick, y_ticks
from growth.reading import HEIGHT_FROM_DAY, SEXES
from growth.tables import BOY
from growth.weighed import Row, Weighed, rows, sentence, title_of, tone_of

WIDTH, HEIGHT = 360, 360
_LEFT, _RIGHT, _TOP, _BOTTOM, _STRIP = 26, 28, 18, 48, 22
HALVES = {"0": (0, HEIGHT_FROM_DAY - 1), "24": (HEIGHT_FROM_DAY, LAST_DAY)}

# Each channel is the area below its upper line; the topmost is what lies above +3 SD.
_CHANNELS = (
    (None, "atas", "#ffffff"),
    (3, "kuning", "#fbf1c8"),
    (1, "hijau-muda", "#dcefe2"),
    (0, "hijau", "#c3e2cd"),
    (-1, "hijau-muda", "#dcefe2"),
    (-2, "kuning", "#fbf1c8"),
    (-3, "bawah", "#ffffff"),
)  # fmt: skip
# Red heavy and whole, orange heavy and dashed, so that grey print tells.
_LINES = (
    Stroke(-3, "merah", "", 2.4), Stroke(-2, "hijau", "2 2", 1), Stroke(-1, "hijau", "2 2", 1),
    Stroke(0, "hijau", "", 1.4), Stroke(1, "oranye", "7 3", 2.2), Stroke(2, "hijau", "2 2", 1),
    Stroke(3, "hijau", "2 2", 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dot:
    """A weighing: its place, class tone, letter, and words for who hovers or listens."""

    x: float
    y: float
    tone: str
    letter: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kms(Picture):
    """The weight card; runs: the lines, broken where a month was missed; strip: the letters' y."""

    half: str
    strip: float
    dots: tuple[Dot, ...]
    runs: tuple[str, ...]
    rows: tuple[Row, ...]


def kms(
    sex: int | str, weighings: Sequence[Weighed], half: str = "", *, height: int = HEIGHT
) -> Kms:
    """Draw one half of the card, "0" (0–24 months) or "24" (24–60); by the last weighing if "".

    KeyError for an unknown sex. The weighings may come in any order.
    """
    boy_or_girl = SEXES[str(sex).strip().lower()]
    known = sorted((w for w in weighings if 0 <= w.age_days <= LAST_DAY), key=lambda w: w.on)
    half = half if half in HALVES else half_of(known)
    stretch = Stretch("wfa", *HALVES[half])
    shown = [w for w in known if stretch.low <= w.age_days <= stretch.high]
    frame = _frame(stretch, boy_or_girl, shown, height)
    words = "laki-laki" if boy_or_girl == BOY else "perempuan"
    title = f"Kartu menuju sehat, anak {words}, {_range_words(half)}"
    told = sentence(known)
    return Kms(
        title=title,
        half=half,
        width=WIDTH,
        height=height,
        left=frame.x.start,
        right=frame.x.end,
        top=frame.y.end,
        bottom=frame.y.start,
        strip=frame.y.start + _STRIP,
        bands=_bands(stretch, boy_or_girl, frame),
        curves=curves(_LINES, stretch, boy_or_girl, frame),
        x_ticks=_x_ticks(stretch, frame),
        y_ticks=y_ticks(frame, 10),
        marks=marks([tone_of(w) for w in shown]),
        dots=_dots(shown, frame),
        runs=_runs(shown, frame),
        rows=rows(known, stretch),
        sentence=told,
        alt=f"{title}, {len(shown)} penimbangan. {told}",
    )


def half_of(known: Sequence[Weighed]) -> str:
    """Give the half in which the last weighing stands; the first without any."""
    return "24" if known and known[-1].age_days >= HEIGHT_FROM_DAY else "0"


def _range_words(half: str) -> str:
    return "0–24 bulan" if half == "0" else "24–60 bulan"


# --- Drawing -----------------------------------------------------------------------------------


def _frame(stretch: Stretch, sex: int, shown: Sequence[Weighed], height: int) -> Frame:
    low, high = heights(stretch, sex, (-3, 3), [float(w.weight_kg) for w in shown])
    return Frame(
        Axis(stretch.low, stretch.high, _LEFT, WIDTH - _RIGHT),
        Axis(low, high, height - _BOTTOM, _TOP),
    )


def _bands(stretch: Stretch, sex: int, frame: Frame) -> tuple[Band, ...]:
    return tuple(
        Band(name, area_below(z, stretch, sex, frame), fill) for z, name, fill in _CHANNELS
    )


def _x_ticks(stretch: Stretch, frame: Frame) -> tuple[Tick, ...]:
    first, last = round(stretch.low / MONTH_DAYS), round(stretch.high / MONTH_DAYS)
    labelled = 3 if last - first <= 24 else 6
    return tuple(
        Tick(frame.x.at(m * MONTH_DAYS), "" if m % labelled else str(m), m % 12 == 0)
        for m in range(first, last + 1)
    )


def _dots(shown: Sequence[Weighed], frame: Frame) -> tuple[Dot, ...]:
    last_of_month = {w.month: w for w in shown}
    return tuple(
        Dot(
            frame.x.at(w.age_days),
            frame.y.at(float(w.weight_kg)),
            tone_of(w),
            w.letter if last_of_month[w.month] is w else "",
            title_of(w),
        )
        for w in shown
    )


def _runs(shown: Sequence[Weighed], frame: Frame) -> tuple[str, ...]:
    """Join weighings of the same or the next calendar month; a missed month breaks the line."""
    runs: list[list[Weighed]] = [[shown[0]]] if shown else []
    for before, this in pairwise(shown):
        if this.month - before.month > 1:
            runs.append([])
        runs[-1].append(this)
    return tuple(
        " ".join(f"{frame.x.at(w.age_days):g},{frame.y.at(float(w.weight_kg)):g}" for w in run)
        for run in runs
        if len(run) > 1
    )
