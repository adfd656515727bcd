"""What was measured on one child, and the rules that make it plain before any formula.

Sex, age in whole days, posture and the 0.7 cm between lying and standing: zscore.md §1.
"""

import math
from dataclasses import dataclass
from typing import Any

from growth.age import MONTH_DAYS, round_half_up
from growth.tables import BOY, GIRL

SEXES = {"1": BOY, "m": BOY, "l": BOY, "2": GIRL, "f": GIRL, "p": GIRL}
OEDEMA_WORDS = {"true", "1", "y", "ya"}

HEIGHT_FROM_DAY = 731  # standing tables from here on; day 730 still lies
POSTURE_CM = 0.7  # a child is this much longer lying than standing
STANDS_FROM_MONTH = 9  # "standing" before this age is a mistake, not a posture
AGE_LIMIT_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured, in kg, cm and days; None is "not measured", NaN "unreadable".

    sex: 1, m, L boy; 2, f, P girl. measure: l terlentang, h berdiri, anything else unknown.
    Numbers may be int, float, Decimal or their text. A fraction of a day is rounded half up.
    """

    sex: int | str | None = None
    age_days: Any = None
    weight_kg: Any = None
    length_height_cm: Any = None
    measure: str | None = None
    oedema: bool | int | str | None = False
    head_circ: Any = None
    muac: Any = None


class PlainReading:
    """A reading the formulas can use.

    sex is BOY, GIRL or 0; day the whole day of age or None; posture "l", "h" or None; values
    holds what was given: weight, length (converted, cm), bmi (kg/m²), head_circ, muac. barred
    is the reason why no z-score at all may be given, or "".
    """

    __slots__ = ("barred", "c9mo_flag", "day", "oedema", "posture", "sex", "values")

    def __init__(self, reading: Reading) -> None:
        age, weight = number_of(reading.age_days), number_of(reading.weight_kg)
        length = number_of(reading.length_height_cm)
        self.sex = sex_of(reading.sex)
        self.oedema = has_oedema(reading.oedema)
        self.day = None if age is None or not 0 <= age < math.inf else round_half_up(age)
        self.posture, self.c9mo_flag = _posture(reading.measure, age)
        self.barred = _barred(self.sex, age, weight, length)
        length = _converted(length, self.day, self.posture)
        given = {
            "weight": weight,
            "length": length,
            "bmi": _bmi(weight, length),
            "head_circ": number_of(reading.head_circ),
            "muac": number_of(reading.muac),
        }
        self.values = {name: value for name, value in given.items() if value is not None}

    def sound(self, name: str) -> float | None:
        """Give a value that is a positive, finite number; otherwise None."""
        value = self.values.get(name, 0.0)
        return value if 0 < value < math.inf else None


def sex_of(word: Any) -> int:
    """Give BOY or GIRL, or 0 for a word that is neither."""
    return SEXES.get(str(word).strip().lower(), 0)


def has_oedema(word: Any) -> bool:
    """Say whether the word is a yes."""
    return str(word).strip().lower() in OEDEMA_WORDS


def posture_of(word: Any) -> str | None:
    """Give "l" or "h", or None for a word that is neither."""
    posture = str(word).strip().lower()
    return posture if posture in ("l", "h") else None


def converted_length(length_cm: Any, age_days: Any, measure: str | None) -> float | None:
    """Give the length the tables want: lying below day 731, standing from then on (cm)."""
    reading = Reading(age_days=age_days, length_height_cm=length_cm, measure=measure)
    return PlainReading(reading).sound("length")


def _barred(sex: int, age: float | None, weight: float | None, length: float | None) -> str:
    if not sex:
        return "no_sex"
    if (weight is not None and weight <= 0) or (length is not None and length <= 0):
        return "not_positive"  # anthro prints junk here; we refuse
    if age is None:
        return ""  # weight for length needs no age
    if not math.isfinite(age):
        return "unreadable"
    if age < 0:
        return "before_birth"
    return "too_old" if age / MONTH_DAYS >= AGE_LIMIT_MONTHS else ""


def _posture(measure: str | None, age: float | None) -> tuple[str | None, int]:
    """Give the posture to believe, and 1 if "standing" was written under 9 months."""
    posture = posture_of(measure)
    if posture == "h" and age is not None and age / MONTH_DAYS < STANDS_FROM_MONTH:
        return None, 1
    return posture, 0


def _converted(length: float | None, day: int | None, posture: str | None) -> float | None:
    if length is None or length <= 0 or day is None:
        return length
    if posture == "h" and day < HEIGHT_FROM_DAY:
        return length + POSTURE_CM
    if posture == "l" and day >= HEIGHT_FROM_DAY:
        return length - POSTURE_CM
    return length


def _bmi(weight: float | None, length: float | None) -> float | None:
    if weight is None or length is None:
        return None
    square = (length / 100) * (length / 100)
    return weight / square if length > 0 and square else math.nan


def number_of(value: Any) -> float | None:
    """Give None for None, NaN for what is no number or too long for one."""
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
