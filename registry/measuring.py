"""From a measurement's numbers to its stored z-scores and alert."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from growth.age import age_in_days, approximate_birth_date, completed_months
from growth.classify import ALERT_RANK, Alert, alert, implausible
from growth.zscore import RULE_VERSION, Reading, Scores, score
from registry.models import Child, Measurement, Submission

NOT_MEASURED_RANK = ALERT_RANK["kuning"]


@dataclass(frozen=True)
class Visit:
    """What one visit says: the scores, the alert, and what is asked back once."""

    scores: Scores
    alert: Alert
    doubts: list[tuple[str, str]]

    @property
    def reasons_text(self) -> str:
        """The reasons and the next step, as the alert box says them."""
        return f"{'. '.join(self.alert.reasons)}. {self.alert.next_step}"

    def columns(self) -> dict[str, Any]:
        """The derived columns of ``Measurement``."""
        s = self.scores
        return {
            **{n: _decimal(z) for n, z in
               (("haz", s.zlen), ("waz", s.zwei), ("whz", s.zwfl), ("baz", s.zbmi))},
            **{n: bool(f) for n, f in (("haz_flag", s.flen), ("waz_flag", s.fwei),
                                       ("whz_flag", s.fwfl), ("baz_flag", s.fbmi))},
            "alert": self.alert.level,
            "rule_version": RULE_VERSION,
        }  # fmt: skip


def look_at(
    *,
    sex: str,
    born: date,
    on: date,
    weight_kg: Decimal | None,
    length_height_cm: Decimal | None,
    measure: str = "",
    oedema: bool = False,
    lila_cm: Decimal | None = None,
    approximate: bool = False,
) -> Visit:
    """Score one visit by its day of age. ``approximate`` marks a birth date known by month."""
    scores = score(
        Reading(
            sex=sex,
            age_days=age_in_days(born, on),
            weight_kg=weight_kg,
            length_height_cm=length_height_cm,
            measure=measure or None,
            oedema=oedema,
            muac=lila_cm,
        )
    )
    months = completed_months(born, on)
    found = alert(scores, lila_cm, months, oedema, approximate=approximate)
    doubts = implausible(weight_kg, length_height_cm, scores, months, lila_cm)
    return Visit(scores, found, doubts)


def birth_date_of(submission: Submission) -> tuple[date, str]:
    """The birth date a report gives, with its precision.

    An age in months becomes an approximate date, reckoned from the day it was true: the
    measurement's, else the day the form was filled, never the day it arrived (design.md §4).
    """
    if submission.birth_date:
        return submission.birth_date, Child.Precision.DAY
    reference = submission.measured_on or submission.filled_on or submission.received_at.date()
    born = approximate_birth_date(reference, submission.age_months or 0)
    return born, Child.Precision.MONTH


def visit_of(measurement: Measurement) -> Visit:
    """The visit of a stored measurement, from its present child and numbers."""
    child = measurement.child
    return look_at(
        sex=child.sex,
        born=child.birth_date,
        on=measurement.measured_on,
        weight_kg=measurement.weight_kg,
        length_height_cm=measurement.length_height_cm,
        measure=measurement.measure,
        oedema=measurement.oedema,
        lila_cm=measurement.lila_cm,
        approximate=child.is_approximate,
    )


def visit_of_report(submission: Submission) -> Visit | None:
    """What the report's measurement says, None when nothing was measured."""
    if not submission.is_measured or submission.measured_on is None:
        return None
    born, precision = birth_date_of(submission)
    return look_at(
        sex=submission.sex,
        born=born,
        on=submission.measured_on,
        weight_kg=submission.weight_kg,
        length_height_cm=submission.length_height_cm,
        measure=submission.measure,
        approximate=precision == Child.Precision.MONTH,
    )


def _decimal(z: float | None) -> Decimal | None:
    # repr of a z rounded to two decimals is those two decimals: no float noise is stored.
    return None if z is None else Decimal(repr(z))
