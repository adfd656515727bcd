"""Corrected age (umur koreksi) of a child born before 37 weeks: beside the age, never instead.

The corrected age counts from the day the pregnancy would have reached 40 weeks. Clinical custom
uses it until 24 months of age; e-PPGBM does not correct, so counts, alerts and stored z-scores
keep the real age. A child of 30 weeks is judged at 6 months like one of about 3½ months.

    beside = preterm.corrected(reading, child.birth_date, measured_on, child.gestation_weeks)
    if beside:  # None: not preterm, or too old for it
        beside.age_text, beside.scores.zlen                      # "6 bulan", at the real age
        beside.corrected_age_text, beside.corrected_scores.zlen  # "3 bulan 19 hari", corrected
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from growth.age import MONTH_DAYS, age_in_days, age_text
from growth.reading import Reading
from growth.zscore import Scores, score

TERM_WEEKS = 40
PRETERM_BELOW_WEEKS = 37
UNTIL_MONTHS = 24  # default of the programme setting "corrected_age_until"
BEFORE_TERM = "belum mencapai 40 minggu"


@dataclass(frozen=True, slots=True)
class Corrected:
    """One visit at both ages: days, words, and the scores. ``scores`` alone is counted.

    Before the day of term ``corrected_age_days`` is negative and ``corrected_scores`` are empty.
    """

    age_days: int
    age_text: str
    scores: Scores
    corrected_age_days: int
    corrected_age_text: str
    corrected_scores: Scores


def is_preterm(gestation_weeks: int | None) -> bool:
    """Born before 37 completed weeks; an unknown gestation is not called preterm."""
    return gestation_weeks is not None and 0 < gestation_weeks < PRETERM_BELOW_WEEKS


def corrected_age_days(
    age_days: int, gestation_weeks: int | None, until_months: float = UNTIL_MONTHS
) -> int | None:
    """Age in days counted from 40 weeks of gestation; negative before that day.

    None for a child that is not preterm, not yet born, or ``until_months`` (of 30.4375 days) old.
    """
    if gestation_weeks is None or not is_preterm(gestation_weeks):
        return None
    if age_days < 0 or age_days / MONTH_DAYS >= until_months:
        return None
    return age_days - (TERM_WEEKS - gestation_weeks) * 7


def corrected(
    reading: Reading,
    born: date,
    on: date,
    gestation_weeks: int | None,
    until_months: float = UNTIL_MONTHS,
) -> Corrected | None:
    """Score one visit at the real and at the corrected age; the reading's own age is not used.

    None where ``corrected_age_days`` gives none.
    """
    age = age_in_days(born, on)
    younger = corrected_age_days(age, gestation_weeks, until_months)
    if younger is None:
        return None
    return Corrected(
        age_days=age,
        age_text=age_text(born, on),
        scores=score(replace(reading, age_days=age)),
        corrected_age_days=younger,
        corrected_age_text=_words(on - timedelta(days=younger), on),
        corrected_scores=score(replace(reading, age_days=younger)),
    )


def _words(term: date, on: date) -> str:
    return age_text(term, on) if on >= term else BEFORE_TERM
