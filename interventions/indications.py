"""Who gets PMT, why, and how long: pure rules over the latest measurement (domain.md §3.2).

Gizi buruk is no PMT target: such a child is referred. Lengths are the programme's settings.
"""

from datetime import date
from typing import Any

from growth.age import completed_months
from growth.classes import NORMAL_FROM, classify, classify_lila

FIRST_MONTH, MONTHS_END = 6, 60  # before: ASI eksklusif; after: lulus balita
# When the programme says nothing (domain.md §3.2, 2025 practice).
DEFAULT_DAYS = {
    "stunting": 56,
    "gizi_kurang": 56,
    "bb_kurang": 28,
    "tidak_naik": 14,
    "kek": 120,
}
FOR_CHILDREN = ("stunting", "gizi_kurang", "bb_kurang", "tidak_naik")
FOR_MOTHERS = ("kek",)


def planned_days(settings: dict[str, Any], indication: str) -> int:
    """The programme's number of feeding days for the indication."""
    value = settings.get(f"pmt_days_{indication}")
    return int(value) if value else DEFAULT_DAYS[indication]


def is_gizi_buruk(measurement: Any, months: int) -> bool:
    """BB/PB or BB/TB below −3, oedema, or LiLA below 11,5 cm at 6–59 months."""
    thin = classify("bb_tb", _sound(measurement, "whz"))
    arm = classify_lila(measurement.lila_cm, months)
    severe = any(one.code in ("gizi_buruk", "lila_gizi_buruk") for one in (thin, arm) if one)
    return bool(measurement.oedema or severe)


def proposed(measurement: Any) -> str:
    """The indication the numbers speak for, "" when they speak for none.

    Order: gizi kurang first (the national order), then pendek, which this programme is about,
    then BB kurang; a weight that did not rise (T) only where nothing else speaks, and not when
    the weight itself is in doubt.
    """
    if measurement is None:
        return ""
    for indication, name in (("gizi_kurang", "whz"), ("stunting", "haz"), ("bb_kurang", "waz")):
        z = _sound(measurement, name)
        if z is not None and z < NORMAL_FROM:
            return indication
    not_risen = measurement.weight_gain == "T" and not measurement.waz_flag
    return "tidak_naik" if not_risen else ""


def why_not_child(child: Any, measurement: Any, today: date) -> str:
    """The sentence that stands against a PMT for this child, "" when nothing does."""
    months = completed_months(child.birth_date, today)
    if child.left_on and child.left_on <= today:
        return "Anak ini sudah tidak tercatat di kecamatan ini, jadi PMT tidak direncanakan."
    if measurement is not None and is_gizi_buruk(
        measurement, completed_months(child.birth_date, measurement.measured_on)
    ):
        return (
            "Anak ini termasuk gizi buruk menurut ukuran terakhir: rujuk ke puskesmas. "
            "Gizi buruk ditangani tenaga kesehatan, bukan dengan PMT."
        )
    if months >= MONTHS_END:
        return "Anak ini sudah lulus balita (60 bulan atau lebih), bukan sasaran PMT."
    if months < FIRST_MONTH:
        return (
            "Bayi di bawah 6 bulan cukup mendapat ASI, bukan sasaran PMT. "
            "Minta bidan atau puskesmas memeriksanya."
        )
    return ""


def _sound(measurement: Any, name: str) -> Any:
    """A z that was computed and is plausible; where no height was taken, the last one's."""
    if getattr(measurement, f"{name}_flag"):
        return None
    z = getattr(measurement, name)
    return getattr(measurement, f"known_{name}", None) if z is None else z
