"""WHO 2006 z-scores, exactly as the WHO's own R package `anthro` 1.1 prints them.

The formula is the easy part; the case rules are what fails, so each has its own small function
here or in reading.py. tests/golden/ holds anthro's own answers. A z-score that cannot be given
is None, and `Scores.why` says why in a code.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from growth.age import (
    age_days_from_months,
    age_in_days,
    age_text,
    approximate_birth_date,
    completed_months,
    months_from_text,
)
from growth.lms import between, z_linear_beyond_3, z_of
from growth.reading import HEIGHT_FROM_DAY, PlainReading, Reading, converted_length
from growth.tables import Row, table

__all__ = [
    "RULE_VERSION",
    "Reading",
    "Scores",
    "age_days_from_months",
    "age_in_days",
    "age_text",
    "approximate_birth_date",
    "completed_months",
    "converted_length",
    "months_from_text",
    "score",
]

RULE_VERSION = "WHO2006-anthro1.1/1"

HEIGHT_FROM_CM = 87.0  # where age and posture are both unknown
TABLE_RANGE_CM = {"wfl": (45.0, 110.0), "wfh": (65.0, 120.0)}  # both ends belong to it


@dataclass(frozen=True, slots=True)
class Index:
    """One z-score: its table, the value it judges, what it needs, and the limits of its flag."""

    z: str
    f: str
    table: str
    value: str
    needs: tuple[str, ...]
    flag_below: float
    flag_above: float
    linear_beyond_3: bool = True  # not for height and head circumference, whose L is 1
    empty_with_oedema: bool = False


INDICES = (
    Index("zlen", "flen", "lfa", "length", ("length",), -6, 6, linear_beyond_3=False),
    Index("zwei", "fwei", "wfa", "weight", ("weight",), -6, 5, empty_with_oedema=True),
    Index("zwfl", "fwfl", "", "weight", ("weight", "length"), -5, 5, empty_with_oedema=True),
    Index("zbmi", "fbmi", "bmifa", "bmi", ("weight", "length"), -5, 5, empty_with_oedema=True),
    Index("zhc", "fhc", "hcfa", "head_circ", ("head_circ",), -5, 5, linear_beyond_3=False),
    Index("zac", "fac", "acfa", "muac", ("muac",), -5, 5),
)


@dataclass(frozen=True, slots=True)
class Scores:
    """anthro's columns. z: SD, rounded to 2 decimals; f: 1 = implausible, kept but not counted.

    clenhei: cm after the 0.7 cm change; cbmi: kg/m² made with it; cmeasure: the posture used,
    None if unknown; c9mo_flag 1: "standing" under 9 months. why: {"zwfl": "oedema", …}, one of
    no_sex no_age no_weight no_length no_head_circ no_muac unreadable not_positive before_birth
    too_old too_young oedema out_of_table.
    """

    zlen: float | None = None
    flen: int | None = None
    zwei: float | None = None
    fwei: int | None = None
    zwfl: float | None = None
    fwfl: int | None = None
    zbmi: float | None = None
    fbmi: int | None = None
    zhc: float | None = None
    fhc: int | None = None
    zac: float | None = None
    fac: int | None = None
    clenhei: float | None = None
    cmeasure: str | None = None
    c9mo_flag: int = 0
    cbmi: float | None = None
    why: dict[str, str] = field(default_factory=dict)


def score(reading: Reading) -> Scores:
    """Give every z-score the reading allows. Odd numbers give empty results, never an error.

    For many children at once: growth.bulk.score_columns, the same numbers several times faster.
    """
    child = PlainReading(reading)
    found: dict[str, Any] = {}
    why: dict[str, str] = {}
    for index in INDICES:
        z, reason = _z(index, child)
        if z is None:
            why[index.z] = reason
        else:
            found[index.z] = z
            found[index.f] = int(z < index.flag_below or z > index.flag_above)
    return Scores(
        **found,
        clenhei=child.sound("length"),
        cmeasure=child.posture,
        c9mo_flag=child.c9mo_flag,
        cbmi=child.sound("bmi"),
        why=why,
    )


def _z(index: Index, child: PlainReading) -> tuple[float | None, str]:
    """Give (z rounded to 2 decimals, "") or (None, the reason it is absent).

    R 4 rounds by another algorithm than Python; the two agree on 1.26 million z-scores tried
    and on the whole golden file.
    """
    if reason := child.barred or _lacking(index, child):
        return None, reason
    row, reason = _row(index, child)
    if row is None:
        return None, reason
    formula = z_linear_beyond_3 if index.linear_beyond_3 else z_of
    try:
        z = formula(child.values[index.value], row)
    except (OverflowError, ValueError):  # 1e300 kg
        return None, "unreadable"
    # + 0.0 makes −0.0 a plain 0.0
    return (round(z, 2) + 0.0, "") if math.isfinite(z) else (None, "unreadable")


def _lacking(index: Index, child: PlainReading) -> str:
    """Say which measurement is missing or must not be used, or ""."""
    if index.empty_with_oedema and child.oedema:
        return "oedema"
    for need in index.needs:
        if need not in child.values:
            return f"no_{need}"
        if child.sound(need) is None:
            return "not_positive" if child.values[need] <= 0 else "unreadable"
    return ""


def _row(index: Index, child: PlainReading) -> tuple[Row | None, str]:
    """Give the L, M, S that judge this child, or (None, why there are none)."""
    if not index.table:
        cm = child.values["length"]
        return _row_by_length(_length_table(child, cm), child.sex, cm), "out_of_table"
    if child.day is None:
        return None, "no_age"
    # Arm circumference alone starts later than birth: on day 91.
    return table(index.table).row(child.sex, child.day), "too_young"


def _length_table(child: PlainReading, cm: float) -> str:
    """Age decides between lying and standing; without it posture, without that 87 cm."""
    if child.day is not None:
        lying = child.day < HEIGHT_FROM_DAY
    elif child.posture:
        lying = child.posture == "l"
    else:
        lying = cm < HEIGHT_FROM_CM
    return "wfl" if lying else "wfh"


def _row_by_length(name: str, sex: int, cm: float) -> Row | None:
    """Interpolate between the two 0.1 cm rows around cm (73.46: 60 % from 73.4 to 73.5)."""
    low, high = TABLE_RANGE_CM[name]
    if not low <= cm <= high:
        return None
    tenths = math.trunc(cm * 10)
    part = (cm - tenths / 10) / 0.1
    lower, upper = table(name).row(sex, tenths), table(name).row(sex, tenths + 1)
    return between(lower, upper, part) if lower and upper and part > 0 else lower
