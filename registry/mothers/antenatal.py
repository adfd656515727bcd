"""Care in pregnancy as numbers: ANC visits, iron tablets, weight gain (pure; domain.md §2.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import NamedTuple

from registry.mothers.pregnancy import THIN_BMI, Limits, trimester

# ANC by trimester, and the trimesters with an examination by a doctor (Permenkes 21/2021).
ANC_SPLIT = {1: 1, 2: 2, 3: 3}
DOCTOR_IN = (1, 3)
ROMAN = {1: "I", 2: "II", 3: "III"}

# Recommended gain over the whole pregnancy by IMT before it, kg (IOM 2009).
GAIN_KG = ((THIN_BMI, 12.5, 18.0), (25.0, 11.5, 16.0), (30.0, 7.0, 11.5), (float("inf"), 5.0, 9.0))
# IOM 2009 reckons with 0.5–2 kg in the first trimester; from its end the recommended gain is
# drawn as straight lines to the totals at 40 weeks.
FIRST_TRIMESTER_KG = (0.5, 2.0)
FIRST_TRIMESTER_WEEKS = 13
TERM_WEEKS = 40
PMT_KG_A_WEEK = 0.5  # thin women in trimester 2 and 3 (PMT analysis)
DAYS_A_WEEK = 7


class Visit(NamedTuple):
    """One examination: the day, and by whom (bidan, dokter, posyandu)."""

    on: date
    by: str


class Anc(NamedTuple):
    """Visits so far: all, by trimester as (done, wanted), where a doctor examined, what lacks."""

    total: int
    wanted: int
    by_trimester: dict[int, tuple[int, int]]
    doctor: dict[int, bool]
    lacking: tuple[str, ...]


def anc(visits: Sequence[Visit], first: date, on: date, limits: Limits) -> Anc:
    """Count the ANC visits up to the day: by bidan or dokter; a kader's weighing is none.

    ``lacking`` names what the trimesters that are over did not bring.
    """
    now = trimester(first, on, limits)
    counted = [v for v in visits if v.by in ("bidan", "dokter") and v.on <= on]
    placed = [(trimester(first, v.on, limits), v.by) for v in counted]
    done = {no: sum(at == no for at, _ in placed) for no in ANC_SPLIT}
    doctor = {no: (no, "dokter") in placed for no in DOCTOR_IN}
    lacking = [
        f"trimester {ROMAN[no]} hanya {done[no]} dari {wanted} kali"
        for no, wanted in ANC_SPLIT.items()
        if no < now and done[no] < wanted
    ]
    lacking += [
        f"belum diperiksa dokter pada trimester {ROMAN[no]}"
        for no in DOCTOR_IN
        if no <= now and not doctor[no]
    ]
    split = {no: (done[no], wanted) for no, wanted in ANC_SPLIT.items()}
    return Anc(len(placed), int(limits.anc_visits), split, doctor, tuple(lacking))


# --- Weight ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gain:
    """Gain since before the pregnancy, kg, and the recommended range: by now, and in all.

    ``verdict``: "kurang", "sesuai" or "lebih"; "" in the first trimester, which is not judged.
    """

    kg: float
    weeks: int
    now: tuple[float, float]
    total: tuple[float, float]
    verdict: str


def gain_range(imt: float) -> tuple[float, float]:
    """The recommended gain of a whole pregnancy (kg) for an IMT before it."""
    return next((low, high) for below, low, high in GAIN_KG if imt < below)


def gain_by_week(imt: float, weeks: float) -> tuple[float, float]:
    """The recommended gain (kg) up to a week: straight lines by way of 13 weeks to 40 weeks."""
    low, high = gain_range(imt)
    if weeks <= FIRST_TRIMESTER_WEEKS:
        share = max(weeks, 0) / FIRST_TRIMESTER_WEEKS
        return FIRST_TRIMESTER_KG[0] * share, FIRST_TRIMESTER_KG[1] * share
    share = (weeks - FIRST_TRIMESTER_WEEKS) / (TERM_WEEKS - FIRST_TRIMESTER_WEEKS)
    share = min(share, 1)
    first_low, first_high = FIRST_TRIMESTER_KG
    return first_low + (low - first_low) * share, first_high + (high - first_high) * share


def gain(pre_weight_kg: float, imt: float, weight_kg: float, weeks: int) -> Gain:
    """How a weight at a completed week of gestation stands to the weight before pregnancy.

    Judged as it is printed, on one decimal.
    """
    kg = tenths(weight_kg - pre_weight_kg)
    low, high = (tenths(limit) for limit in gain_by_week(imt, weeks))
    verdict = "kurang" if kg < low else "lebih" if kg > high else "sesuai"
    judged = verdict if weeks > FIRST_TRIMESTER_WEEKS else ""
    return Gain(kg, weeks, (low, high), gain_range(imt), judged)


def a_week(first: tuple[date, float], then: tuple[date, float]) -> float | None:
    """Gain between two weighings, kg a week; None when they lie less than a week apart."""
    days = (then[0] - first[0]).days
    return (then[1] - first[1]) / days * DAYS_A_WEEK if days >= DAYS_A_WEEK else None


def tenths(kg: float) -> float:
    """One decimal, half up as people round by hand; the tiny summand takes float noise away."""
    return floor(kg * 10 + 0.5 + 1e-9) / 10
