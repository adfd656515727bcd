"""WHO z-scores of many children at once, on NumPy: equal to zscore.score in every value.

The rules are those of reading.py and zscore.py, written for columns. Where float noise could
decide (a z within 1e-7 of a rounding tie, a far-out z, a measure nobody has), that one child is
left to zscore.score itself. Why a z is absent is not said here: ask zscore.score for that child.
Only code that scores thousands imports this module, so that nobody else waits for NumPy.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from growth.age import MONTH_DAYS
from growth.reading import (
    AGE_LIMIT_MONTHS,
    HEIGHT_FROM_DAY,
    POSTURE_CM,
    STANDS_FROM_MONTH,
    has_oedema,
    number_of,
    posture_of,
    sex_of,
)
from growth.tables import BOY, GIRL, table
from growth.zscore import (
    HEIGHT_FROM_CM,
    INDICES,
    TABLE_RANGE_CM,
    Index,
    Reading,
    Scores,
    score,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Column = Sequence[Any] | NDArray[Any] | None

_UNKNOWN, _LYING, _STANDING = 0, 1, 2
_POSTURES = {None: _UNKNOWN, "l": _LYING, "h": _STANDING}
_MEASURES = (0.1, 1000.0)  # kg and cm outside are no child's: left to the scalar path
_FAR_SD = 100.0
_TIE = 1e-5  # in hundredths of an SD; the two paths differ by less than 1e-7 of them


@dataclass(frozen=True, slots=True)
class Columns:
    """anthro's columns, one entry a child, in the order given.

    z: SD with 2 decimals, NaN = none; f: True = implausible, False also where there is no z.
    clenhei cm and cbmi kg/m²: NaN = none; cmeasure "l", "h" or ""; c9mo_flag True = "standing"
    under 9 months.
    """

    zlen: Floats
    flen: Flags
    zwei: Floats
    fwei: Flags
    zwfl: Floats
    fwfl: Flags
    zbmi: Floats
    fbmi: Flags
    zhc: Floats
    fhc: Flags
    zac: Floats
    fac: Flags
    clenhei: Floats
    cmeasure: NDArray[np.str_]
    c9mo_flag: Flags
    cbmi: Floats

    def __len__(self) -> int:
        return len(self.zlen)

    def lists(self) -> dict[str, list[Any]]:
        """Give the columns as plain lists of what Scores holds: None = none, flags 0 or 1."""
        found = {name: _plain(getattr(self, name)) for name in _NAMES}
        for index in INDICES:
            pairs = zip(found[index.z], found[index.f], strict=True)
            found[index.f] = [None if z is None else f for z, f in pairs]
        return found

    def _put(self, row: int, scores: Scores) -> None:
        for name in _NAMES:
            value, column = getattr(scores, name), getattr(self, name)
            column[row] = _NOTHING[column.dtype.kind] if value is None else value


_NAMES = tuple(column.name for column in fields(Columns))
_NOTHING = {"f": np.nan, "b": False, "U": ""}


def score_columns(
    sex: Column,
    age_days: Column = None,
    weight_kg: Column = None,
    length_height_cm: Column = None,
    measure: Column = None,
    oedema: Column = None,
    head_circ: Column = None,
    muac: Column = None,
) -> Columns:
    """Score many children, one column a measurement: lists or arrays of equal length.

    Words, units and odd values as in Reading; None or a NaN in a float array is "not measured"
    (a NaN among the ages of a list is "unreadable", as in Reading). A column left out was not
    measured. ValueError when the columns differ in length. For rows of (sex, age_days, kg, cm,
    posture), some thousand at a time: `score_columns(*zip(*rows))`.
    """
    children = _Children(
        sex, age_days, weight_kg, length_height_cm, measure, oedema, head_circ, muac
    )
    found: dict[str, Any] = {}
    unsure = children.odd
    for index in INDICES:
        z = _unrounded(index, children)
        unsure = unsure | _near_tie(z)
        found[index.z] = z = np.round(z, 2) + 0.0  # makes −0.0 a plain 0.0
        found[index.f] = (z < index.flag_below) | (z > index.flag_above)
    columns = Columns(
        **found,
        clenhei=_or_nan(children.sound["length"], children.values["length"]),
        cmeasure=np.array(["", "l", "h"])[children.posture],
        c9mo_flag=children.c9mo_flag,
        cbmi=_or_nan(children.sound["bmi"], children.values["bmi"]),
    )
    for row in np.flatnonzero(unsure).tolist():
        columns._put(row, score(children.reading(row)))
    return columns


class _Children:
    """Readings in columns, made plain as PlainReading does for one. NaN is "not measured"."""

    def __init__(
        self,
        sex: Column,
        age: Column,
        weight: Column,
        length: Column,
        measure: Column,
        oedema: Column,
        head_circ: Column,
        muac: Column,
    ) -> None:
        count = 0 if sex is None else len(sex)
        self.sex = _codes(sex, count, sex_of)
        self.oedema = _codes(oedema, count, has_oedema).astype(bool)
        self.age = _ages(age, count)
        self.given_length = _numbers(length, count)
        self.given_posture = _codes(measure, count, lambda word: _POSTURES[posture_of(word)])
        self.values = {
            "weight": _numbers(weight, count),
            "head_circ": _numbers(head_circ, count),
            "muac": _numbers(muac, count),
        }
        self._read_age_and_posture()
        self._convert_length()
        low, high = _MEASURES
        measures = (*self.values.values(), self.given_length)
        self.odd = np.any([(some > 0) & ~((low <= some) & (some <= high)) for some in measures], 0)
        self._add_bmi()
        self.sound = {name: some > 0 for name, some in self.values.items()}
        self.barred = (
            (self.sex == 0)
            | (self.values["weight"] <= 0)
            | (self.given_length <= 0)
            | ~(np.isnan(self.age) | (self.day >= 0))
            | (self.age / MONTH_DAYS >= AGE_LIMIT_MONTHS)
        )

    def _read_age_and_posture(self) -> None:
        whole = np.floor(self.age)
        with np.errstate(invalid="ignore"):  # inf − inf
            rounded = whole + (self.age - whole >= 0.5)
        self.day = np.where((self.age >= 0) & np.isfinite(self.age), rounded, np.nan)
        self.c9mo_flag = (self.given_posture == _STANDING) & (
            self.age / MONTH_DAYS < STANDS_FROM_MONTH
        )
        self.posture = np.where(self.c9mo_flag, _UNKNOWN, self.given_posture)

    def _convert_length(self) -> None:
        lying = self.day < HEIGHT_FROM_DAY
        length, some = self.given_length, self.given_length > 0
        longer = some & (self.posture == _STANDING) & lying
        shorter = some & (self.posture == _LYING) & (self.day >= HEIGHT_FROM_DAY)
        length = np.where(longer, length + POSTURE_CM, length)
        self.values["length"] = np.where(shorter, length - POSTURE_CM, length)
        by_posture = np.where(
            self.posture == _UNKNOWN, self.values["length"] < HEIGHT_FROM_CM, self.posture == _LYING
        )
        self.by_length = np.where(np.isnan(self.day), by_posture, lying)

    def _add_bmi(self) -> None:
        metres = self.values["length"] / 100
        with np.errstate(all="ignore"):  # what comes of 0 and of odd numbers is not used
            bmi = self.values["weight"] / (metres * metres)
        self.values["bmi"] = np.where(metres > 0, bmi, np.nan)

    def reading(self, row: int) -> Reading:
        """Give one child back, for the scalar path."""
        return Reading(
            sex=int(self.sex[row]),
            age_days=None if np.isnan(self.age[row]) else float(self.age[row]),
            weight_kg=float(self.values["weight"][row]),
            length_height_cm=float(self.given_length[row]),
            measure=(None, "l", "h")[self.given_posture[row]],
            oedema=bool(self.oedema[row]),
            head_circ=float(self.values["head_circ"][row]),
            muac=float(self.values["muac"][row]),
        )


def _unrounded(index: Index, children: _Children) -> Floats:
    """Give the z of one index, NaN where there is none."""
    z = np.full(len(children.sex), np.nan)
    able = ~children.barred & ~children.odd
    if index.empty_with_oedema:
        able = able & ~children.oedema
    for need in index.needs:
        able = able & children.sound[need]
    formula = _z_linear_beyond_3 if index.linear_beyond_3 else _z_of
    for rows, lms in _judged(index, children, able):
        z[rows] = formula(children.values[index.value][rows], *lms)
    return z


def _judged(
    index: Index, children: _Children, able: Flags
) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield children and the L, M, S (in three rows) that judge them."""
    if index.table:
        first, by_sex = _table(index.table)
        rows = np.flatnonzero(able & (children.day >= first))
        day = children.day[rows].astype(np.intp)
        yield rows, by_sex[children.sex[rows] - BOY, day - first].T
        return
    for name, of_these in (("wfl", children.by_length), ("wfh", ~children.by_length)):
        low, high = TABLE_RANGE_CM[name]
        cm = children.values["length"]
        rows = np.flatnonzero(able & of_these & (low <= cm) & (cm <= high))
        yield rows, _interpolated(name, children.sex[rows], cm[rows])


def _interpolated(name: str, sex: NDArray[np.int8], cm: Floats) -> Floats:
    """Interpolate L, M, S between the two 0.1 cm rows around cm."""
    first, by_sex = _table(name)
    at = np.trunc(cm * 10).astype(np.intp)
    part = np.maximum((cm - at / 10) / 0.1, 0)
    lower = by_sex[sex - BOY, at - first]
    upper = by_sex[sex - BOY, np.minimum(at - first + 1, by_sex.shape[1] - 1)]
    between: Floats = (lower + part[:, None] * (upper - lower)).T
    return between


@cache
def _table(name: str) -> tuple[int, Floats]:
    """Give the first x of a table and its L, M, S by sex (boys first) and x − first."""
    rows = table(name).rows
    return table(name).first, np.array([rows[BOY], rows[GIRL]])


def _z_of(value: Floats, l: Floats, m: Floats, s: Floats) -> Floats:  # noqa: E741
    return (np.power(value / m, l) - 1) / (s * l)


def _value_at(z: float, l: Floats, m: Floats, s: Floats) -> Floats:  # noqa: E741
    return m * np.power(1 + l * s * z, 1 / l)


def _z_linear_beyond_3(value: Floats, l: Floats, m: Floats, s: Floats) -> Floats:  # noqa: E741
    z = _z_of(value, l, m, s)
    for side, beyond in ((1, z > 3), (-1, z < -3)):
        rows = np.flatnonzero(beyond)
        lms = l[rows], m[rows], s[rows]
        third, second = _value_at(3 * side, *lms), _value_at(2 * side, *lms)
        z[rows] = side * (3 + (value[rows] - third) / (third - second))
    return z


def _near_tie(z: Floats) -> Flags:
    hundredths = z * 100
    return (np.abs(hundredths - np.floor(hundredths) - 0.5) < _TIE) | (np.abs(z) > _FAR_SD)


def _numbers(column: Column, count: int) -> Floats:
    if column is None:
        return np.full(count, np.nan)
    try:
        found = np.array(column, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        found = np.array([number_of(value) for value in column], dtype=np.float64)
    return _checked(found, count)


def _ages(column: Column, count: int) -> Floats:
    """Like _numbers, with an unreadable age as infinity: it bars every z, as a missing one not."""
    ages = _numbers(column, count)
    if column is not None and not _is_float_array(column):
        for row in np.flatnonzero(np.isnan(ages)).tolist():
            if column[row] is not None:
                ages[row] = np.inf
    return ages


def _codes(column: Column, count: int, meaning: Callable[[str], int]) -> NDArray[np.int8]:
    """Turn words into numbers, asking the meaning of each different word once."""
    if column is None:
        return np.zeros(count, np.int8)
    words = list(map(str, column.tolist() if isinstance(column, np.ndarray) else column))
    codes = {word: meaning(word) for word in set(words)}
    return _checked(np.fromiter(map(codes.__getitem__, words), np.int8, len(words)), count)


def _checked(column: NDArray[Any], count: int) -> NDArray[Any]:
    if column.shape != (count,):
        raise ValueError(f"a column of {column.shape} where {count} children are")
    return column


def _is_float_array(column: Column) -> bool:
    return isinstance(column, np.ndarray) and column.dtype.kind == "f"


def _or_nan(where: Flags, values: Floats) -> Floats:
    return np.where(where, values, np.nan)


def _plain(column: NDArray[Any]) -> list[Any]:
    """Give a column as a list, None for NaN and for an unknown posture, flags as 0 and 1."""
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]  # NaN is unequal
    if column.dtype.kind == "b":
        return [int(flag) for flag in column.tolist()]
    return [word or None for word in column.tolist()]
