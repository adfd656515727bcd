"""What the files about people say alike: classes in words, never surer than a visit is."""

from datetime import date
from functools import cache
from typing import Any

from growth.age import MONTH_DAYS, age_in_days
from growth.classes import classify
from growth.classify import ALERT_LABELS
from growth.reading import STANDS_FROM_MONTH
from registry.measuring import MADE_WITH

# index -> its column
INDICES = {"bb_u": "waz", "tb_u": "haz", "bb_tb": "whz"}
POSTURES = {"l": "Terlentang", "h": "Berdiri"}
SEXES = {"L": "Laki-laki", "P": "Perempuan"}
NOT_MEASURED = "Belum diukur"
UNKNOWN = "Belum dapat dihitung"
UNSURE = "Belum pasti (cara ukur)"


def status(index: str, visit: Any, born: date) -> str:
    """The class of one index at a visit (a row with a visit's columns), "" without a visit."""
    if visit.measured_on is None:
        return ""
    if visit.oedema and index != "tb_u":
        return "Gizi buruk (edema)" if index == "bb_tb" else "Tidak dihitung karena edema"
    column = INDICES[index]
    z = getattr(visit, column)
    if z is None:
        return UNKNOWN
    if getattr(visit, f"{column}_flag"):
        doubted = not MADE_WITH[column].isdisjoint(visit.doubted or ())
        return f"Ukur ulang ({'angka diragukan' if doubted else 'di luar batas wajar'})"
    label, good = _class(index, z)
    return UNSURE if good and index != "bb_u" and is_unsure(visit, born) else label


def is_unsure(visit: Any, born: date) -> bool:
    """Whether the length stands on a posture nobody wrote down, or that cannot be."""
    months = age_in_days(born, visit.measured_on) / MONTH_DAYS
    return not visit.measure or (visit.measure == "h" and months < STANDS_FROM_MONTH)


@cache
def _class(index: str, z: Any) -> tuple[str, bool]:
    """The label, and whether it says that all is well."""
    found = classify(index, z)
    return (found.label, found.colour in ("hijau", "biru")) if found else (UNKNOWN, False)


def alert_words(alert: str | None) -> str:
    return ALERT_LABELS.get(alert or "", NOT_MEASURED)
