"""A child's visits on the growth chart: where each stands, its shape, its words.

Shape and colour both tell the class, so that a mark also reads in grey print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from growth.classes import classify
from growth.curves import LAST_DAY
from growth.reading import HEIGHT_FROM_DAY, POSTURE_CM, PlainReading, Reading
from growth.words import long_date, measured, number, sd
from growth.zscore import TABLE_RANGE_CM

COLOURS = {
    "merah": "#b3261e",
    "oranye": "#b45309",
    "kuning": "#7a5c00",
    "biru": "#1d4ed8",
    "hijau": "#1b7f4b",
}
# ▲ ◆ ● ■ ● around (0, 0); the one of kuning is drawn hollow.
SHAPES = {
    "merah": "M0 -5.6L5.2 4H-5.2Z",
    "oranye": "M0 -5.4L5.4 0L0 5.4L-5.4 0Z",
    "kuning": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    "biru": "M-3.8 -3.8H3.8V3.8H-3.8Z",
    "hijau": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
}
CONFIRM = "Perlu dipastikan bidan atau puskesmas."
NO_VISIT = "Belum ada pengukuran. Garis menunjukkan standar WHO."

_MANY = 14
_Y_OF = {"tb_u": "length", "bb_u": "weight", "bb_tb": "weight", "imt_u": "bmi"}


@dataclass(frozen=True, slots=True)
class Point:
    """One visit as stored: kg, cm as measured, the z of the chart's index and its flag.

    measure: l, h or "" (unknown). approximate: the birth date is known to the month only.
    doubted: made with a number that was confirmed although unlikely (flagged for that).
    """

    measured_on: date
    age_days: int
    weight_kg: Any = None
    length_height_cm: Any = None
    measure: str | None = None
    z: Any = None
    flagged: bool = False
    approximate: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A point on the standard: x in days (weight-for-height: cm), y in cm, kg or kg/m²."""

    point: Point
    x: float
    y: float
    posture: str | None


def scale_for(visits: int) -> float:
    """Give the size of the marks: smaller where many visits stand together."""
    return 1 if visits <= _MANY else 0.7


def visits(index: str, points: Sequence[Point]) -> list[Visit]:
    """Give the points that this index can show, oldest first."""
    found = [visit for point in points if (visit := _visit(index, point))]
    found.sort(key=lambda visit: visit.point.measured_on)
    if index != "bb_tb":
        return found
    if stands(found):
        found = [_standing(visit) for visit in found]
    low, high = TABLE_RANGE_CM["wfh" if stands(found) else "wfl"]
    return [visit for visit in found if low <= visit.x <= high]


def stands(shown: Sequence[Visit]) -> bool:
    """Say whether the latest visit is judged by the tables of standing children."""
    return bool(shown) and shown[-1].point.age_days >= HEIGHT_FROM_DAY


def verdict(index: str, visit: Visit) -> tuple[str, str]:
    """Give the colour tone of a visit and its class in words, never more sure than it is."""
    point, found = visit.point, classify(index, visit.point.z)
    if found is None:
        return "kuning", "belum dapat dihitung"
    if point.flagged:
        why = "angkanya diragukan" if point.doubted else "di luar batas wajar"
        return "kuning", f"{why}, ukur ulang"
    if _unsure(index, visit) and found.colour in ("hijau", "biru"):
        return "kuning", "belum pasti karena cara ukur belum diisi"
    return found.colour, found.label.lower()


def z_words(index: str, visit: Visit) -> str:
    """Write "−2,34 SD", with ≈ where the birth date or the posture is uncertain."""
    if visit.point.z is None:
        return ""
    about = "≈ " if visit.point.approximate or _unsure(index, visit) else ""
    return about + sd(float(visit.point.z))


def value_words(index: str, visit: Visit) -> str:
    """Write what was measured: "74,0 cm", "8,2 kg", "15,0 kg/m²"."""
    if index == "tb_u":
        return f"{measured(float(visit.point.length_height_cm))} cm"
    return f"{number(visit.y, 1)} kg/m²" if index == "imt_u" else f"{measured(visit.y)} kg"


def sentence(index: str, shown: Sequence[Visit]) -> str:
    """Read the latest visit aloud."""
    if not shown:
        return NO_VISIT
    last = shown[-1]
    said = [f"{_noun(index, last)} {value_words(index, last)}"]
    if index == "bb_tb":
        said[0] += f" pada {_noun('tb_u', last)} {measured(float(last.point.length_height_cm))} cm"
    tone, words = verdict(index, last)
    said.append(f"{z_words(index, last)}: {words}" if last.point.z is not None else words)
    told = f"Pada {long_date(last.point.measured_on)} {', '.join(said)}."
    return told if tone == "hijau" else f"{told} {CONFIRM}"


def _noun(index: str, visit: Visit) -> str:
    """Panjang is what is judged by the tables of lying children, tinggi by those of standing."""
    if index == "tb_u":
        return "panjang" if visit.point.age_days < HEIGHT_FROM_DAY else "tinggi"
    return "IMT" if index == "imt_u" else "berat"


def _visit(index: str, point: Point) -> Visit | None:
    plain = PlainReading(
        Reading(
            age_days=point.age_days,
            weight_kg=point.weight_kg,
            length_height_cm=point.length_height_cm,
            measure=point.measure,
        )
    )
    x = plain.sound("length") if index == "bb_tb" else plain.day
    y = plain.sound(_Y_OF[index])
    if x is None or y is None or plain.day is None or plain.day > LAST_DAY:
        return None
    return Visit(point, x, y, plain.posture)


def _standing(visit: Visit) -> Visit:
    """Put a length measured before day 731 on the chart of standing children."""
    if visit.point.age_days >= HEIGHT_FROM_DAY:
        return visit
    return Visit(visit.point, visit.x - POSTURE_CM, visit.y, visit.posture)


def _unsure(index: str, visit: Visit) -> bool:
    return index != "bb_u" and visit.posture is None
