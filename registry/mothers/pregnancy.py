"""Dates and risks of pregnancy, as pure functions (domain.md §2.1).

The limits that sources dispute come in as ``Limits``: the programme's own numbers
(registry/standards.py). Nothing here calls good what is not known.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from growth.age import completed_months
from growth.words import number

LILA_KEK_CM = 23.5  # below it: risiko KEK
THIN_BMI = 18.5  # IMT before the pregnancy below it: KEK
HB_ANAEMIA = 11.0  # g/dL, in trimester 1 and 3
FULL_TERM_WEEKS = 45  # no pregnancy is counted longer than this
HPL_WEEKS = 40
COUNTED_PAST_HPL = timedelta(weeks=FULL_TERM_WEEKS - HPL_WEEKS)

KEK, ANAEMIA, HIGH_RISK = "kek", "anemia", "risiko"


@dataclass(frozen=True)
class Limits:
    """What this programme goes by: weeks, g/dL, cm, years, months, counts."""

    trimester_1_ends: float
    trimester_2_ends: float
    hb_trimester_2: float
    hb_severe: float
    short_mother_cm: float
    ttd_tablets: float
    anc_visits: float
    too_young: float
    too_old: float
    too_close_months: float
    too_many: float


class Sign(NamedTuple):
    """One risk, with its tone and kind; a screening word, not a verdict."""

    tone: str
    label: str
    text: str
    kind: str = ""


# --- Dates -------------------------------------------------------------------------------------


def naegele(hpht: date) -> date:
    """HPL by Naegele: seven days on, three months back, a year on.

    The seven days come first, so 22 February 2025 gives 1 December 2025. When the month three
    months back is shorter, its last day is taken.
    """
    later = hpht + timedelta(days=7)
    month, year = (
        (later.month - 3, later.year + 1) if later.month > 3 else (later.month + 9, later.year)
    )
    return date(year, month, min(later.day, calendar.monthrange(year, month)[1]))


def begun(hpht: date, hpl_override: date | None = None) -> date:
    """The day gestation is counted from.

    HPHT, unless bidan or USG set another HPL: then HPHT moved by as many days as that HPL lies
    from Naegele's, so that both dates tell the same age.
    """
    return hpht + (hpl_override - naegele(hpht)) if hpl_override else hpht


def gestation(first: date, on: date) -> tuple[int, int] | None:
    """Completed weeks and days of gestation on a day; None before it began."""
    days = (on - first).days
    return divmod(days, 7) if days >= 0 else None


def trimester(first: date, on: date, limits: Limits) -> int:
    """1, 2 or 3; the limits name the last completed week of 1 and of 2."""
    weeks = (gestation(first, on) or (0, 0))[0]
    return 1 if weeks <= limits.trimester_1_ends else 2 if weeks <= limits.trimester_2_ends else 3


def is_overdue(hpht: date, on: date, hpl_override: date | None = None) -> bool:
    """Past the longest a pregnancy is counted: its end was not written down.

    45 weeks from HPHT; with an HPL by bidan or USG five weeks from that day.
    """
    if hpl_override:
        return on - hpl_override > COUNTED_PAST_HPL
    return on - hpht > timedelta(weeks=FULL_TERM_WEEKS)


# --- Food and blood ----------------------------------------------------------------------------


def is_kek_risk(lila_cm: float | None) -> bool | None:
    """LiLA < 23.5 cm: risiko KEK, not KEK itself; None when it was not measured."""
    return None if lila_cm is None else lila_cm < LILA_KEK_CM


def bmi(weight_kg: Any, height_cm: Any) -> float | None:
    """IMT in kg/m² rounded to one decimal, as it is printed; None when one number is missing."""
    if weight_kg is None or not height_cm:
        return None
    # Half up, as people round by hand; the tiny summand takes the float noise away.
    return int(float(weight_kg) / (float(height_cm) / 100) ** 2 * 10 + 0.5 + 1e-9) / 10


def is_kek(imt: float | None) -> bool | None:
    """IMT before the pregnancy < 18.5: KEK; None when it is not known."""
    return None if imt is None else imt < THIN_BMI


def hb_limit(trimester_no: int, limits: Limits) -> float:
    """Below it is anaemia, g/dL: 11.0 in trimester 1 and 3, the programme's number in 2."""
    return limits.hb_trimester_2 if trimester_no == 2 else HB_ANAEMIA


def is_anaemic(hb: float | None, trimester_no: int, limits: Limits) -> bool | None:
    """Whether Hb (g/dL) lies below the limit of the trimester; None when not measured."""
    return None if hb is None else hb < hb_limit(trimester_no, limits)


def signs(lila_cm: Any, hb: Any, trimester_no: int, limits: Limits) -> list[Sign]:
    """The risks that LiLA (cm) and Hb (g/dL) show, worst first; empty when they show none.

    ``trimester_no``: the one in which Hb was taken.
    """
    found = []
    if is_anaemic(_plain(hb), trimester_no, limits) or _severe(hb, limits):
        label, tone = ("Anemia berat", "merah") if _severe(hb, limits) else ("Anemia", "oranye")
        found.append(Sign(tone, label, f"Hb {number(float(hb), 1)} g/dL", ANAEMIA))
    if is_kek_risk(_plain(lila_cm)):
        found.append(Sign("oranye", "Risiko KEK", f"LiLA {number(float(lila_cm), 1)} cm", KEK))
    return found


def thin(pre_weight_kg: Any, height_cm: Any) -> list[Sign]:
    """KEK by IMT before the pregnancy, told beside the risiko KEK of LiLA."""
    imt = bmi(pre_weight_kg, height_cm)
    if imt is None or not is_kek(imt):
        return []
    return [Sign("oranye", "KEK", f"IMT sebelum hamil {number(imt, 1)}", KEK)]


def _severe(hb: Any, limits: Limits) -> bool:
    return hb is not None and float(hb) < limits.hb_severe


# --- 4T: terlalu muda, tua, dekat, banyak ------------------------------------------------------


def four_t(
    *,
    hpht: date,
    hpl: date,
    born: date | None,
    gravida: int | None,
    last_birth_on: date | None,
    limits: Limits,
) -> list[tuple[str, str]]:
    """Which of the four hold, as (label, reason): ("Terlalu muda", "18 tahun saat mulai hamil").

    The age is the one at HPHT, so that a sign does not come and go during one pregnancy; the
    distance is from birth to birth (jarak kelahiran), the coming one expected on the HPL.
    """
    found = []
    years = completed_months(born, hpht) // 12 if born else None
    if years is not None and years < limits.too_young:
        found.append(("Terlalu muda", f"{years} tahun saat mulai hamil"))
    if years is not None and years > limits.too_old:
        found.append(("Terlalu tua", f"{years} tahun saat mulai hamil"))
    months = completed_months(last_birth_on, hpl) if last_birth_on else None
    if months is not None and months < limits.too_close_months:
        found.append(("Terlalu dekat", f"jarak kelahiran {months} bulan"))
    if gravida is not None and gravida >= limits.too_many:
        found.append(("Terlalu banyak", f"kehamilan ke-{gravida}"))
    return found


def unknown_of_four_t(
    born: date | None, gravida: int | None, last_birth_on: date | None
) -> list[str]:
    """What is missing to say that none of the four holds; a first pregnancy has no birth before."""
    missing = [] if born else ["tanggal lahir ibu"]
    if gravida is None:
        missing.append("kehamilan ke berapa")
    if gravida != 1 and last_birth_on is None:
        missing.append("tanggal kelahiran sebelumnya")
    return missing


def short_mother(height_cm: Any, limits: Limits) -> list[tuple[str, str]]:
    """Ibu pendek as (label, reason); empty when she is not, or was not measured."""
    if height_cm is None or float(height_cm) >= limits.short_mother_cm:
        return []
    return [("Ibu pendek", f"tinggi {number(float(height_cm), 1)} cm")]


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)
