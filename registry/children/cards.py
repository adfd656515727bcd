"""What a child's card shows, as plain data: the alert, the classes, the chart, the visits.

Everything is read from the rows handed in; the view fetches them (registry/views/people.py).
Weight gain, changes and the corrected age stand in registry/children/.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from growth.age import age_in_days, age_text
from growth.chart import curve_chart
from growth.classes import INDEX_LABELS, LYING_LABELS, classify_lila
from growth.classify import ALERT_ICONS, ALERT_LABELS, SCREENING, Alert
from growth.curves import LAST_DAY
from growth.marks import Point, verdict, visits, z_words
from growth.picture import Chart
from growth.reading import HEIGHT_FROM_DAY
from growth.words import measured, number
from regions.words import long_date
from registry import measuring
from registry.children.changes import birth_words, changes, corrected_age
from registry.children.weights import card_of, gain_line, gain_mark
from registry.models import Child, Measurement

# index -> (column of its z, its letters lying and standing), in the order they are read.
INDICES = {
    "tb_u": ("haz", "PB/U", "TB/U"),
    "bb_u": ("waz", "BB/U", "BB/U"),
    "bb_tb": ("whz", "BB/PB", "BB/TB"),
    "imt_u": ("baz", "IMT/U", "IMT/U"),
}
KMS = "kms"  # the tab beside the four indices
CHARTS = (*INDICES, KMS)
# A visit older than this says little about today (zscore.md §5: weighed every month).
STALE_AFTER = timedelta(days=62)
NOT_MEASURED = Alert(
    "kuning", ("Berat dan tinggi belum pernah diukur",), "Timbang dan ukur anak ini."
)


@dataclass(frozen=True)
class Line:
    """One index of the latest visit: its name, class in Permenkes wording, tone and z in words."""

    label: str
    short: str
    words: str
    tone: str
    z: str


@dataclass(frozen=True)
class VisitRow:
    """One visit of the table, with the revisions it replaced."""

    code: str
    on: date
    age: str
    sizes: tuple[str, ...]
    posture: str
    z: tuple[tuple[str, str, bool], ...]  # (letters, z in words, measure again)
    gain: str
    tone: str
    label: str
    notes: tuple[str, ...]


def card(
    child: Child, rows: Sequence[Measurement], index: str, today: date, half: str = ""
) -> dict[str, Any]:
    """The upper half of the card; ``rows`` are all measurements, newest first, every revision.

    ``index``: the chart to show, one of INDICES or KMS; ``half``: which half of the KMS.
    """
    counted = [row for row in rows if not row.superseded]
    latest = counted[0] if counted else None
    alert = measuring.visit_of(latest).alert if latest else NOT_MEASURED
    return {
        "alert": alert,
        "latest": latest,
        "latest_age": age_words(child, latest.measured_on) if latest else "",
        "stale": _stale(latest, today),
        "screening": SCREENING,
        "lines": lines(child, latest) if latest else [],
        "gain": gain_line(latest) if latest else None,
        "changes": changes(counted),
        "birth": birth_words(child),
        "corrected": corrected_age(child, latest) if latest else None,
        "kms": (shown := card_of(child, counted, half)) if index == KMS else None,
        "halves": halves(shown.half, counted, child) if index == KMS else [],
        "chart": None if index == KMS else chart(child, counted, index),
        "tabs": tabs(child, index, latest.measured_on if latest else today),
        "visits": [visit_row(child, row, rows) for row in counted],
    }


def age_words(child: Child, on: date) -> str:
    return ("≈ " if child.is_approximate else "") + age_text(child.birth_date, on)


def tabs(child: Child, index: str, on: date) -> list[dict[str, Any]]:
    """The charts to choose from, in the letters of the child's age on the day."""
    named = {name: letters(child, on, name) for name in INDICES} | {KMS: "KMS"}
    return [
        {"url": f"?grafik={name}#grafik", "label": label, "active": name == index}
        for name, label in named.items()
    ]


def halves(half: str, counted: Sequence[Measurement], child: Child) -> list[dict[str, Any]]:
    """The two halves of the KMS, once the child was weighed in the second."""
    if not any(age_in_days(child.birth_date, r.measured_on) >= HEIGHT_FROM_DAY for r in counted):
        return []
    return [
        {"url": f"?grafik={KMS}&bagian={key}#grafik", "label": label, "active": key == half}
        for key, label in (("0", "0–24 bulan"), ("24", "24–60 bulan"))
    ]


def chart(child: Child, counted: Sequence[Measurement], index: str, *, height: int = 320) -> Chart:
    """The growth chart of one index with every counted visit."""
    points = [_point(child, row, index) for row in counted]
    return curve_chart(index, child.sex, points, height=height)


def lines(child: Child, row: Measurement) -> list[Line]:
    """The four indices of a visit, and LiLA where it was measured."""
    found = [line(child, row, index) for index in INDICES]
    return found + ([_lila(child, row)] if row.lila_cm is not None else [])


def line(child: Child, row: Measurement, index: str) -> Line:
    """How one index reads at one visit; what cannot be told is said, never called normal."""
    label, short = _label(child, row.measured_on, index), letters(child, row.measured_on, index)
    shown = visits(index, [_point(child, row, index)])
    if row.oedema and index != "tb_u":
        buruk = index == "bb_tb"
        words = "Gizi buruk (edema)" if buruk else "Tidak dihitung karena edema"
        return Line(label, short, words, "merah" if buruk else "netral", "")
    if not shown or shown[0].point.z is None:
        return Line(label, short, _absent(child, row, index), "netral", "")
    tone, words = verdict(index, shown[0])
    return Line(label, short, words[0].upper() + words[1:], tone, z_words(index, shown[0]))


def letters(child: Child, on: date, index: str) -> str:
    """``PB/U`` below two years, ``TB/U`` from then on (day 731, as the WHO switches)."""
    _, lying, standing = INDICES[index]
    return lying if _lies(child, on) else standing


def _label(child: Child, on: date, index: str) -> str:
    return (LYING_LABELS if _lies(child, on) else INDEX_LABELS)[index]


def _lies(child: Child, on: date) -> bool:
    return age_in_days(child.birth_date, on) < HEIGHT_FROM_DAY


def visit_row(child: Child, row: Measurement, rows: Sequence[Measurement]) -> VisitRow:
    """One row of the table of visits."""
    older = [r for r in rows if r.measured_on == row.measured_on and r.superseded]
    return VisitRow(
        code=row.code,
        on=row.measured_on,
        age=age_words(child, row.measured_on),
        sizes=tuple(sizes(row)),
        posture=row.get_measure_display().lower() if row.measure else "",
        z=tuple(_z_cells(child, row)),
        gain=gain_mark(row),
        tone=row.alert or "netral",
        label=ALERT_LABELS.get(row.alert, "Belum dihitung"),
        notes=tuple(_notes(row, older)),
    )


def sizes(row: Measurement, posture: str = "") -> list[str]:
    """``["8,2 kg", "74,0 cm", "LiLA 13,5 cm"]``, without what was not measured."""
    cm = f"cm {posture}".rstrip()
    found = (
        ("", row.weight_kg, "kg"), ("", row.length_height_cm, cm), ("LiLA ", row.lila_cm, "cm"),
    )  # fmt: skip
    return [f"{word}{measured(float(n))} {unit}" for word, n, unit in found if n is not None]


def sizes_words(row: Measurement) -> str:
    """``8,2 kg, 74,0 cm terlentang, LiLA 13,5 cm, edema``."""
    posture = row.get_measure_display().lower() if row.measure else ""
    return ", ".join(sizes(row, posture) + (["edema"] if row.oedema else []))


def visit_words(row: Measurement) -> str:
    """``8,2 kg, 74,0 cm terlentang pada 20 Juli 2026``."""
    return f"{sizes_words(row)} pada {long_date(row.measured_on)}"


def result_sentence(measurement: Measurement) -> str:
    """What to say right after a visit was stored: the level, why, and what to do."""
    found = measuring.visit_of(measurement).alert
    day = long_date(measurement.measured_on)
    reasons = ". ".join(found.reasons)
    return f"Pengukuran {day} tersimpan. {found.icon} {found.label}: {reasons}. {found.next_step}"


def visit_item(row: Measurement) -> dict[str, Any]:
    """One visit as an item of the timeline."""
    said = ", ".join(sizes(row) + (["edema"] if row.oedema else []))
    return {
        "when": row.measured_on,
        "title": f"Diukur: {said}",
        "text": ALERT_LABELS.get(row.alert, ""),
        "who": str(row.created_by or ""),
        "tone": row.alert or "netral",
        "icon": ALERT_ICONS.get(row.alert, ""),
        "kinds": ("ukur", "tanda") if row.alert not in ("", "hijau") else ("ukur",),
    }


# Which numbers an index is made with, as the columns are called.
_NUMBERS = {
    "tb_u": {"length_height_cm"},
    "bb_u": {"weight_kg"},
    "bb_tb": {"weight_kg", "length_height_cm"},
    "imt_u": {"weight_kg", "length_height_cm"},
}


# --- Words -------------------------------------------------------------------------------------


def _point(child: Child, row: Measurement, index: str) -> Point:
    column = INDICES[index][0]
    return Point(
        measured_on=row.measured_on,
        age_days=age_in_days(child.birth_date, row.measured_on),
        weight_kg=row.weight_kg,
        length_height_cm=row.length_height_cm,
        measure=row.measure,
        z=getattr(row, column),
        flagged=getattr(row, f"{column}_flag"),
        approximate=child.is_approximate,
        doubted=not _NUMBERS[index].isdisjoint(row.doubted),
    )


def _absent(child: Child, row: Measurement, index: str) -> str:
    """Why this index has no z at this visit."""
    if age_in_days(child.birth_date, row.measured_on) > LAST_DAY:
        return "Umur 60 bulan atau lebih: di luar standar balita"
    if index != "tb_u" and row.weight_kg is None:
        return "Berat belum diukur"
    if index != "bb_u" and row.length_height_cm is None:
        return "Panjang atau tinggi belum diukur"
    return "Di luar tabel WHO: belum dapat dihitung"


def _lila(child: Child, row: Measurement) -> Line:
    lila = float(row.lila_cm or 0)
    found = classify_lila(lila, child.months(row.measured_on))
    words, tone = (found.label, found.colour or "netral") if found else ("–", "netral")
    return Line("Lingkar lengan atas", "LiLA", words, tone, f"{number(lila, 1)} cm")


def _stale(latest: Measurement | None, today: date) -> str:
    if latest is None or today - latest.measured_on <= STALE_AFTER:
        return ""
    days = (today - latest.measured_on).days
    return f"Ukuran ini sudah {days} hari yang lalu. Ukur lagi sebelum mengambil keputusan."


def _z_cells(child: Child, row: Measurement) -> list[tuple[str, str, bool]]:
    cells = []
    for index, (column, _, _) in INDICES.items():
        shown = visits(index, [_point(child, row, index)])
        if shown and shown[0].point.z is not None:
            said = z_words(index, shown[0]).removesuffix(" SD")
            cells.append(
                (letters(child, row.measured_on, index), said, getattr(row, f"{column}_flag"))
            )
    return cells


def _notes(row: Measurement, older: Sequence[Measurement]) -> list[str]:
    notes = ["Edema di kedua kaki"] if row.oedema else []
    if row.confirmed:
        notes.append("Angka tidak lazim, sudah dipastikan")
    elif row.doubted:
        notes.append("Angka tidak lazim, belum dipastikan")
    later = {r.revision: r for r in [*older, row]}
    for old in older:
        by = later.get(old.revision + 1)
        was = ", ".join(sizes(old)) or "edema"
        notes.append(f"Semula {was}. Diperbaiki: {by.reason if by else ''}")
    return notes
