"""What does not fit the visits beside this one: asked back once, naming both and the difference.

Each rule looks at two neighbours, the earlier first, and says one sentence or nothing. A visit
is compared with the latest one that has the number, even a doubted one, so that a child measured
again with the same result is not asked a second time. Limits: domain.md §1.6, zscore.md §4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from growth.age import MONTH_DAYS, completed_months
from growth.plausible import Doubt
from growth.words import long_date, measured, number

SHRINKS_SILENTLY_CM = 0.7  # what lying or standing explains by itself
GROWS_CM_A_MONTH = (5, 3)  # under 6 months of age, and later
GAINS_A_MONTH = 0.20  # of the weight
LOSES_SILENTLY = 0.10  # of the weight, within a month or so
ABOUT_A_MONTH = 45  # days
THREE_MONTHS = 92  # days
HAZ_STEP = 1  # SD within three months
GROWTH_LINES = range(-3, 4)  # the SD lines of the chart
SAME_AGAIN_DAYS = 14  # who is measured again within a fortnight may well be the same
# Not the name of a number: a repetition is asked back but may be true, so it flags nothing.
REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit: kg, cm, posture (l, h, ""), and the z-scores it has."""

    on: date
    weight_kg: Any = None
    length_height_cm: Any = None
    measure: str = ""
    haz: Any = None
    waz: Any = None


def compared(this: Seen, others: Sequence[Seen], born: date) -> list[Doubt]:
    """What is unlikely about this visit beside the others: (field, sentence), one a field."""
    found: list[Doubt] = []
    for field, rules in _RULES.items():
        told = [one for one in [this, *others] if getattr(one, field) is not None]
        pairs = _pairs(this, told)
        said = (rule(*pair, born) for rule in rules for pair in pairs)
        found += [(field, sentence) for sentence in said if sentence][:1]
    repeated = _thrice(this, others) or _copied(this, others)
    return found + ([(REPEATED, repeated)] if repeated else [])


def _pairs(this: Seen, told: Sequence[Seen]) -> list[tuple[Seen, Seen]]:
    """This visit with the one before and the one after it, each pair in order of time."""
    if this not in told:
        return []
    before = max((v for v in told if v.on < this.on), key=lambda v: v.on, default=None)
    after = min((v for v in told if v.on > this.on), key=lambda v: v.on, default=None)
    return ([(before, this)] if before else []) + ([(this, after)] if after else [])


# --- Height ------------------------------------------------------------------------------------


def _shrank(first: Seen, then: Seen, born: date) -> str:
    less = _change(then.length_height_cm, first.length_height_cm)
    if less <= SHRINKS_SILENTLY_CM:
        return ""
    lay_then_stood = (first.measure, then.measure) == ("l", "h")
    hint = " Beda terlentang dan berdiri hanya sekitar 0,7 cm." if lay_then_stood else ""
    return f"Tinggi turun {measured(less)} cm: {_heights(first, then)}.{hint} Ukur ulang?"


def _shot_up(first: Seen, then: Seen, born: date) -> str:
    more = _change(first.length_height_cm, then.length_height_cm)
    young, later = GROWS_CM_A_MONTH
    a_month = young if completed_months(born, first.on) < 6 else later
    if more <= a_month * max(1.0, _days(first, then) / MONTH_DAYS):
        return ""
    return (
        f"Tinggi naik {measured(more)} cm dalam {_days(first, then)} hari: "
        f"{_heights(first, then)}. Ukur ulang?"
    )


def _haz_jumped(first: Seen, then: Seen, born: date) -> str:
    if first.haz is None or then.haz is None or _days(first, then) > THREE_MONTHS:
        return ""
    step = _change(first.haz, then.haz)
    if abs(step) <= HAZ_STEP:
        return ""
    way = "naik" if step > 0 else "turun"
    return (
        f"Tinggi menurut umur {way} {number(abs(step), 2)} SD dalam {_days(first, then)} hari: "
        f"{_heights(first, then)}. Ukur ulang?"
    )


# --- Weight ------------------------------------------------------------------------------------


def _thinned(first: Seen, then: Seen, born: date) -> str:
    lost = _change(then.weight_kg, first.weight_kg)
    if _days(first, then) > ABOUT_A_MONTH or lost <= float(first.weight_kg) * LOSES_SILENTLY:
        return ""
    return f"Berat turun {measured(lost)} kg: {_weights(first, then)}. Timbang ulang?"


def _fell_through(first: Seen, then: Seen, born: date) -> str:
    """Down across two lines of the growth chart within a month or so."""
    if first.waz is None or then.waz is None or _days(first, then) > ABOUT_A_MONTH:
        return ""
    if sum(then.waz < line <= first.waz for line in GROWTH_LINES) < 2:
        return ""
    return f"Berat turun melewati dua garis pertumbuhan: {_weights(first, then)}. Timbang ulang?"


def _fattened(first: Seen, then: Seen, born: date) -> str:
    """A healthy baby gains a third in its first month: there the growth line must jump too."""
    gained = _change(first.weight_kg, then.weight_kg)
    days = _days(first, then)
    if days > THREE_MONTHS:
        return ""
    if gained <= float(first.weight_kg) * GAINS_A_MONTH * max(1.0, days / MONTH_DAYS):
        return ""
    baby = completed_months(born, first.on) < 6 and None not in (first.waz, then.waz)
    if baby and _change(first.waz, then.waz) <= 1:
        return ""
    return (
        f"Berat naik {measured(gained)} kg dalam {days} hari: {_weights(first, then)}. "
        "Timbang ulang?"
    )


# --- Repetitions -------------------------------------------------------------------------------


def _thrice(this: Seen, others: Sequence[Seen]) -> str:
    """The same height three visits running."""
    told = sorted((v for v in others if v.length_height_cm is not None), key=lambda v: v.on)
    last = [v for v in told if v.on < this.on][-2:]
    same = [v for v in last if v.length_height_cm == this.length_height_cm]
    if len(same) < 2:
        return ""
    days = " dan ".join(long_date(v.on) for v in same)
    return (
        f"Tinggi {_cm(this)} sama persis dengan {days}. Anak bertambah tinggi: "
        "apakah tadi benar diukur?"
    )


def _copied(this: Seen, others: Sequence[Seen]) -> str:
    """Weight and height both as the last time."""
    last = max((v for v in others if v.on < this.on), key=lambda v: v.on, default=None)
    if last is None or _days(last, this) < SAME_AGAIN_DAYS:
        return ""
    numbers = (this.weight_kg, this.length_height_cm)
    if None in numbers or numbers != (last.weight_kg, last.length_height_cm):
        return ""
    return (
        f"Berat {_kg(this)} dan tinggi {_cm(this)} sama persis dengan {long_date(last.on)}. "
        "Apakah tadi benar diukur?"
    )


# --- Words -------------------------------------------------------------------------------------


def _change(before: Any, now: Any) -> float:
    return round(float(now) - float(before), 4)  # 74.0 − 73.3 is 0.7, not 0.7000000000000028


def _days(first: Seen, then: Seen) -> int:
    return (then.on - first.on).days


def _cm(visit: Seen) -> str:
    return f"{measured(float(visit.length_height_cm))} cm"


def _kg(visit: Seen) -> str:
    return f"{measured(float(visit.weight_kg))} kg"


def _heights(first: Seen, then: Seen) -> str:
    return _both(_cm(first), first, _cm(then), then)


def _weights(first: Seen, then: Seen) -> str:
    return _both(_kg(first), first, _kg(then), then)


def _both(was: str, first: Seen, now: str, then: Seen) -> str:
    return f"{was} pada {long_date(first.on)}, {now} pada {long_date(then.on)}"


_Rule = Callable[[Seen, Seen, date], str]
_RULES: dict[str, tuple[_Rule, ...]] = {
    "length_height_cm": (_shrank, _shot_up, _haz_jumped),
    "weight_kg": (_thinned, _fell_through, _fattened),
}
