"""Numbers that cannot be (refused) and numbers that are unlikely (asked back once).

Both answer with (field, sentence) pairs; a sentence names the number as typed and, where a slip
of the comma or of the unit explains it, the number that was probably meant.
"""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from growth.age import MONTH_DAYS
from growth.reading import Reading
from growth.tables import BOY, GIRL
from growth.words import number
from growth.zscore import Scores, score

Doubt = tuple[str, str]

# Outside these no child under five stands or weighs: refused, both ends are still allowed.
PLAUSIBLE = {
    "weight_kg": (0.9, 40.0),
    "length_height_cm": (38.0, 130.0),
    "lila_cm": (6.0, 30.0),
}


class _Measure(NamedTuple):
    word: str
    unit: str
    unit_in_full: str
    reading: str  # its name in Reading
    z: str  # the z-score that judges it alone, and its flag
    flag: str


_MEASURES = {
    "weight_kg": _Measure("Berat", "kg", "kilogram", "weight_kg", "zwei", "fwei"),
    "length_height_cm": _Measure("Tinggi", "cm", "sentimeter", "length_height_cm", "zlen", "flen"),
    "lila_cm": _Measure("LiLA", "cm", "sentimeter", "muac", "zac", "fac"),
}

# How numbers slip: a lost or wandering comma, grams, metres, millimetres.
_SLIPS = (10, 100, 1000)
_UNIT_SLIPS = {
    ("weight_kg", 1000),
    ("length_height_cm", 0.01),
    ("length_height_cm", 10),
    ("lila_cm", 10),
}


def impossible(
    weight_kg: Any = None,
    length_cm: Any = None,
    age_months: int | None = None,
    lila_cm: Any = None,
) -> list[Doubt]:
    """Name what no child under five can be; an empty list means nothing to refuse."""
    weight, length = _plain(weight_kg), _plain(length_cm)
    if _swapped(weight, length):
        return [("weight_kg", _swapped_sentence(weight or 0.0, length or 0.0))]
    given = {"weight_kg": weight, "length_height_cm": length, "lila_cm": _plain(lila_cm)}
    return [
        (field, _refusal(field, value, age_months))
        for field, value in given.items()
        if value is not None and not _possible(field, value)
    ]


def meant(
    weight_kg: Any = None, length_cm: Any = None, age_months: int | None = None, lila_cm: Any = None
) -> dict[str, float]:
    """The numbers that were probably meant where ``impossible`` asks whether they were."""
    weight, length = _plain(weight_kg), _plain(length_cm)
    if _swapped(weight, length):
        return {"weight_kg": length or 0.0, "length_height_cm": weight or 0.0}
    given = {"weight_kg": weight, "length_height_cm": length, "lila_cm": _plain(lila_cm)}
    found = {
        field: _guess(field, value, value > PLAUSIBLE[field][1], age_months)
        for field, value in given.items()
        if value is not None and math.isfinite(value) and value > 0 and not _possible(field, value)
    }
    return {field: guess.value for field, guess in found.items() if guess}


def implausible(
    weight_kg: Any = None,
    length_cm: Any = None,
    scores: Scores | None = None,
    age_months: int | None = None,
    lila_cm: Any = None,
) -> list[Doubt]:
    """Name what is possible but so unlikely that it is asked back once.

    Judged by the flags of the scores; without a z (sex unknown) by the age alone, and then only
    what would be flagged for a boy and for a girl. Without both nothing can be said.
    """
    scores = scores or Scores()
    given = {"weight_kg": weight_kg, "length_height_cm": length_cm, "lila_cm": lila_cm}
    doubts = [
        (field, _question(field, float(value), side, age_months))
        for field, value in given.items()
        if value is not None and (side := _odd_side(field, float(value), scores, age_months))
    ]
    if not doubts and (scores.fwfl or scores.fbmi) and weight_kg and length_cm:
        doubts.append(("weight_kg", _mismatch(float(weight_kg), float(length_cm))))
    if scores.c9mo_flag:
        doubts.append(
            ("measure", "Anak di bawah 9 bulan diukur terlentang. Apakah benar tadi berdiri?")
        )
    return doubts


def doubted(doubts: Iterable[Doubt]) -> list[str]:
    """The numbers that doubts are about, as a visit stores them once they are confirmed.

    A doubt about the day, the posture or a repetition makes no number doubtful.
    """
    asked = {field for field, _ in doubts}
    return [name for name in PLAUSIBLE if name in asked]


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


def _possible(field: str, value: float) -> bool:
    low, high = PLAUSIBLE[field]
    return low <= value <= high


def _swapped(weight: float | None, length: float | None) -> bool:
    """Each number is impossible in its box, or heavier than tall, and right in the other's."""
    if weight is None or length is None or weight <= length:
        return False
    return _possible("weight_kg", length) and _possible("length_height_cm", weight)


def _swapped_sentence(weight: float, length: float) -> str:
    return (
        f"Berat {number(weight)} dan tinggi {number(length)} tampaknya tertukar. "
        f"Apakah maksudnya berat {number(length)} kg dan tinggi {number(weight)} cm?"
    )


def _refusal(field: str, value: float, age_months: int | None) -> str:
    measure = _MEASURES[field]
    if not math.isfinite(value):
        return f"{measure.word}: tulis angka saja."
    if value <= 0:
        return f"{measure.word} harus lebih dari 0. Kosongkan bila belum diukur."
    too_big = value > PLAUSIBLE[field][1]
    meant, hint = _meant(field, value, too_big, age_months)
    typed = number(value) if hint else f"{number(value)} {measure.unit}"
    opening = f"{measure.word} {typed} terlalu {_size(too_big)}{_for_age(age_months)}."
    return f"{opening} {meant or f'Periksa lagi, lalu tulis dalam {measure.unit_in_full}.'}{hint}"


def _question(field: str, value: float, side: int, age_months: int | None) -> str:
    measure = _MEASURES[field]
    meant, _ = _meant(field, value, side > 0, age_months)
    opening = f"{measure.word} {number(value)} {measure.unit} terlalu {_size(side > 0)}"
    return f"{opening}{_for_age(age_months)}. {meant or 'Apakah angka ini benar?'}"


def _mismatch(weight: float, length: float) -> str:
    return (
        f"Berat {number(weight)} kg dan tinggi {number(length)} cm tidak cocok satu sama lain. "
        "Apakah kedua angka ini benar?"
    )


class _Guess(NamedTuple):
    value: float
    is_unit: bool  # grams, metres or millimetres, not a comma


def _guess(field: str, value: float, too_big: bool, age_months: int | None) -> _Guess | None:
    """The number that one slip of comma or unit makes of a believable one."""
    for slip in _SLIPS:
        guess = value / slip if too_big else value * slip
        fits = age_months is None or not _odd_for_age(field, guess, age_months)
        if _possible(field, guess) and fits:
            return _Guess(guess, (field, slip if too_big else 1 / slip) in _UNIT_SLIPS)
    return None


def _meant(field: str, value: float, too_big: bool, age_months: int | None) -> tuple[str, str]:
    """Ask for the slip: ("Apakah maksudnya 8,4 kg?", " Tulis dalam kilogram.") or ("", "")."""
    measure, guess = _MEASURES[field], _guess(field, value, too_big, age_months)
    if guess is None:
        return "", ""
    hint = f" Tulis dalam {measure.unit_in_full}." if guess.is_unit else ""
    return f"Apakah maksudnya {number(guess.value)} {measure.unit}?", hint


def _odd_side(field: str, value: float, scores: Scores, age_months: int | None) -> int:
    """Say +1 for far too big, −1 for far too small, 0 for believable."""
    measure = _MEASURES[field]
    z = getattr(scores, measure.z)
    if z is not None:
        return int(math.copysign(getattr(scores, measure.flag), z))
    return 0 if age_months is None else _odd_for_age(field, value, age_months)


def _odd_for_age(field: str, value: float, age_months: int) -> int:
    """Like _odd_side for a child of unknown sex, in the middle of that month."""
    measure, days = _MEASURES[field], (age_months + 0.5) * MONTH_DAYS
    sides = set()
    for sex in (BOY, GIRL):
        given: dict[str, Any] = {measure.reading: value}
        scores = score(Reading(sex=sex, age_days=days, **given))
        z = getattr(scores, measure.z)
        sides.add(0 if z is None else int(math.copysign(getattr(scores, measure.flag), z)))
    return sides.pop() if len(sides) == 1 else 0


def _size(too_big: bool) -> str:
    return "besar" if too_big else "kecil"


def _for_age(age_months: int | None) -> str:
    return "" if age_months is None else f" untuk anak {age_months} bulan"
