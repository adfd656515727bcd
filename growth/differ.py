"""Why two classes of one visit differ: ours, and the one another list shows for its own numbers.

First it is asked by which way of reckoning (growth.compare) the other class follows from the other
numbers; where none gives it, they do not fit each other. Then the fewest of the other numbers are
sought that, put in place of ours, give that class.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product
from typing import Any

from growth.age import age_in_days, completed_months
from growth.classes import CLASSES, classify
from growth.compare import NEAR_Z, SAME_Z, Variant, compare
from growth.zscore import Reading

BY_DAY, ON_THE_LINE, UNFIT = "hari", "batas", "tidak_cocok"
# How other programs reckon, the likeliest first.
OTHER_WAYS = ("bulan", "tanpa_koreksi", "tabel_tanpa_koreksi")
# What may differ in the two visits: column -> code of the cause.
INPUTS = {
    "weight_kg": "berat", "length_cm": "tinggi", "on": "tanggal_ukur", "measure": "cara_ukur",
    "born": "tanggal_lahir", "sex": "kelamin",
}  # fmt: skip
WORDS = {
    "berat": "Beratnya tercatat lain.",
    "tinggi": "Panjang atau tingginya tercatat lain.",
    "tanggal_ukur": "Tanggal ukurnya lain, jadi umurnya lain.",
    "cara_ukur": "Cara ukurnya tercatat lain; antara terlentang dan berdiri bedanya 0,7 cm.",
    "tanggal_lahir": "Tanggal lahirnya tercatat lain, jadi umurnya lain.",
    "kelamin": "Jenis kelaminnya tercatat lain.",
    "bulan": "Kelas e-PPGBM cocok dengan tabel bulan, yaitu umur dalam bulan penuh; portal ini "
    "memakai umur dalam hari.",
    "tabel": "Kelas e-PPGBM cocok dengan tabel cetak, yang hanya punya baris tiap 0,5 cm.",
    "tanpa_koreksi": "Kelas e-PPGBM cocok tanpa koreksi 0,7 cm antara terlentang dan berdiri.",
    ON_THE_LINE: "Z-skornya tepat di batas kelas, jadi pembulatan yang menentukan.",
    UNFIT: "Angka e-PPGBM sendiri tidak cocok: kelas atau z-skornya tidak mengikuti berat, tinggi, "
    "umur, dan cara ukurnya.",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One visit as one list has it: sex L or P, kg, cm, measure l, h or ""."""

    sex: str
    born: date
    on: date
    weight_kg: Any = None
    length_cm: Any = None
    measure: str = ""


def why(
    index: str, here: Measured, there: Measured, code: str, z: float | None = None
) -> tuple[str, ...]:
    """Say by the keys of ``WORDS`` why the other list has class ``code`` (and z) and not ours.

    index: "bb_u", "tb_u" or "bb_tb". () when ours has that class too.
    """
    found = _follows(index, there, code, z)
    if found is None:
        return (UNFIT,)
    way, rounded = found
    for inputs in _fewest(here, there):
        mixed = replace(here, **{name: getattr(there, name) for name in inputs})
        if _gives(index, _judged(index, mixed, way), code, rounded):
            causes = [INPUTS[name] for name in inputs]
            return (*causes, *_of_way(index, way), *([ON_THE_LINE] if rounded else []))
    return (UNFIT,)


def _follows(index: str, there: Measured, code: str, z: float | None) -> tuple[str, bool] | None:
    """By which way the other class and z follow from the other numbers, and whether only by
    rounding at a limit."""
    for way, rounded in ((BY_DAY, False), (BY_DAY, True), *product(OTHER_WAYS, (False, True))):
        judged = _judged(index, there, way)
        near = judged is not None and (z is None or _close(judged, z))
        if near and _gives(index, judged, code, rounded):
            return way, rounded
    return None


def _fewest(here: Measured, there: Measured) -> Iterator[tuple[str, ...]]:
    """Sets of inputs that differ, the smallest first: none, one, two, …"""
    differing = [name for name in INPUTS if _value(here, name) != _value(there, name)]
    for size in range(len(differing) + 1):
        yield from combinations(differing, size)


def _value(visit: Measured, name: str) -> Any:
    value = getattr(visit, name)
    return float(value) if name in ("weight_kg", "length_cm") and value is not None else value


def _judged(index: str, visit: Measured, way: str) -> Variant | None:
    """The visit by one way of reckoning; None without a z. Where there is no 0.7 cm to leave out,
    the way without it is the way with it."""
    days, months = age_in_days(visit.born, visit.on), completed_months(visit.born, visit.on)
    reading = Reading(visit.sex, days, visit.weight_kg, visit.length_cm, visit.measure or None)
    found = compare(index, reading, months)
    ways = {
        BY_DAY: found.ours, "bulan": found.by_month, "tanpa_koreksi": found.ours,
        "tabel_tanpa_koreksi": found.by_month,
    }  # fmt: skip
    judged = (ways | {other.code: other for other in found.others})[way]
    return judged if judged.z is not None else None


def _gives(index: str, judged: Variant | None, code: str, rounded: bool) -> bool:
    """Whether the class is this one by its z or by the printed limits; ``rounded``: or lies just
    across a limit that the z touches."""
    if judged is None or judged.z is None:
        return False
    classes = {found.code for found in (judged.found, classify(index, judged.z)) if found}
    return code in classes or (rounded and code in _beside(index, judged.z))


def _beside(index: str, z: float) -> set[str]:
    limits = ((found.code, found.lower, found.upper) for found in CLASSES[index])
    return {code for code, *ends in limits if any(abs(end - z) <= SAME_Z for end in ends)}


def _close(judged: Variant, z: float) -> bool:
    return judged.z is not None and abs(judged.z - z) <= NEAR_Z


def _of_way(index: str, way: str) -> tuple[str, ...]:
    table = "tabel" if index == "bb_tb" else "bulan"
    return {
        BY_DAY: (), "bulan": (table,), "tanpa_koreksi": ("tanpa_koreksi",),
        "tabel_tanpa_koreksi": (table, "tanpa_koreksi"),
    }[way]  # fmt: skip
