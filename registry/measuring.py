"""From a measurement's numbers to its stored z-scores and alert."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from growth import kbm
from growth.age import age_in_days, approximate_birth_date, completed_months
from growth.classify import ALERT_RANK, Alert, Known, alert, implausible
from growth.gain import Gain, Weighing, gains
from growth.neighbours import Seen, compared
from growth.plausible import Doubt, doubted
from growth.reading import HEIGHT_FROM_DAY
from growth.zscore import RULE_VERSION, Reading, Scores, score
from registry.models import Child, Measurement, Submission
from registry.standards import limit

NOT_MEASURED_RANK = ALERT_RANK["kuning"]
NO_GAIN = Gain("", 0)


# The columns of a measurement that its numbers, its child and the visits beside it make
# (doubts are typed, but may be lifted).
DERIVED = (
    "haz", "waz", "whz", "baz", "haz_flag", "waz_flag", "whz_flag", "baz_flag", "weight_gain",
    "t_run", "alert", "rule_version", "doubted", "known_haz", "known_haz_on", "known_whz",
    "known_whz_on",
)  # fmt: skip
# How long a height speaks for the visits after it at which none was taken: many posyandu measure
# heights twice a year, in February and August, with a month to spare.
KNOWN_FOR = timedelta(days=214)
# The indices that need a height, with the column each stands in.
KNOWN = {"tb_u": "haz", "bb_tb": "whz"}
# The columns of a child by which lists are read: its last counted visit, and how heavy that is.
STANDS = ("last_visit", "rank")
# Which number each z is made with: a doubted one flags them all.
MADE_WITH = {
    "haz": {"length_height_cm"},
    "waz": {"weight_kg"},
    "whz": {"weight_kg", "length_height_cm"},
    "baz": {"weight_kg", "length_height_cm"},
}


@dataclass(frozen=True)
class Visit:
    """What one visit says: the scores, the alert, and what is asked back once."""

    scores: Scores
    alert: Alert
    doubts: list[Doubt]
    doubted: Collection[str] = ()

    @property
    def reasons_text(self) -> str:
        """The reasons and the next step, as the alert box says them."""
        return f"{'. '.join(self.alert.reasons)}. {self.alert.next_step}"

    def columns(self) -> dict[str, Any]:
        """The derived columns of ``Measurement`` that need no other visit.

        A z is flagged by the WHO's limits, or because it is made with a doubted number.
        """
        s = self.scores
        z = {"haz": s.zlen, "waz": s.zwei, "whz": s.zwfl, "baz": s.zbmi}
        who = {"haz": s.flen, "waz": s.fwei, "whz": s.fwfl, "baz": s.fbmi}
        return {
            **{name: _decimal(value) for name, value in z.items()},
            **{f"{name}_flag": z[name] is not None and (bool(who[name]) or self._doubts(name))
               for name in z},
            "alert": self.alert.level,
            "rule_version": RULE_VERSION,
        }  # fmt: skip

    def _doubts(self, name: str) -> bool:
        return not MADE_WITH[name].isdisjoint(self.doubted)


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
    doubted: Collection[str] = (),
    gain: Gain = NO_GAIN,
    refer_after_t: float = 1,
    known: Mapping[str, Known] | None = None,
    scores: Scores | None = None,
) -> Visit:
    """Score one visit by its day of age. ``approximate`` marks a birth date known by month.

    ``doubted``: numbers confirmed although unlikely; ``gain``: N/T/O/B and the T's in a row;
    ``known``: what the last height said, where none was taken; ``scores``: what scoring gave
    already, where many visits were scored at once.
    """
    scores = scores or score(
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
    found = alert(
        scores, lila_cm, months, oedema, weight_gain=gain.letter, t_run=gain.t_run,
        refer_after_t=refer_after_t, doubted=doubted, approximate=approximate,
        lying=age_in_days(born, on) < HEIGHT_FROM_DAY, known=known or {},
    )  # fmt: skip
    doubts = implausible(weight_kg, length_height_cm, scores, months, lila_cm)
    return Visit(scores, found, doubts, doubted)


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


def visit_of(measurement: Measurement, scores: Scores | None = None) -> Visit:
    """The visit of a stored measurement, from its present child and numbers.

    The only place where a stored visit is read, so that the stored alert and the reasons shown
    are of one mind. N/T stand in the row: nothing is fetched when the child is at hand with its
    programme.
    """
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
        doubted=measurement.doubted,
        gain=Gain(measurement.weight_gain, measurement.t_run),
        refer_after_t=limit(child.programme, "refer_after_t"),
        known=_known(measurement),
        scores=scores,
    )


def _known(measurement: Measurement) -> dict[str, Known]:
    """What the last height said, as it stands in the row."""
    found = {}
    for index, column in KNOWN.items():
        z = getattr(measurement, f"known_{column}")
        if z is not None:
            found[index] = Known(float(z), getattr(measurement, f"known_{column}_on"))
    return found


def derive(child: Child, rows: Iterable[Measurement], *, lift: bool = False) -> list[Measurement]:
    """Work out every derived column of all the child's visits; returns the rows that changed.

    ``rows``: every measurement of the child, with its replaced revisions, which take no part in
    N/T. ``lift``: let go of the doubts that nothing speaks for any more. Nothing is written; what
    the child stands by (``STANDS``) is set on it, to be written after its visits.
    """
    in_order = sorted(rows, key=lambda row: (row.measured_on, row.revision))
    before = [_derived(row) for row in in_order]
    _work_out(child, in_order)
    if lift and _lift(child, in_order):
        _work_out(child, in_order)
    stand(child, in_order)
    return [row for row, was in zip(in_order, before, strict=True) if _derived(row) != was]


def stand(child: Child, in_order: Sequence[Measurement]) -> None:
    """Set ``last_visit`` and ``rank`` of a child from all its visits, oldest first."""
    counted = [row for row in in_order if not row.superseded]
    last = counted[-1] if counted else None
    child.last_visit = last
    child.rank = ALERT_RANK.get(last.alert if last else "", NOT_MEASURED_RANK)


def _lift(child: Child, rows: Iterable[Measurement]) -> bool:
    """Doubts that a wrong birth date, sex or other visit had raised fall once that is put right."""
    counted = [row for row in rows if not row.superseded]
    still = {
        row: doubted(unlikely(child, row, [other for other in counted if other is not row]))
        for row in counted
        if row.doubted
    }
    lifted = False
    for row, names in still.items():
        kept = [name for name in row.doubted if name in names]
        lifted = lifted or kept != row.doubted
        row.doubted = kept
    return lifted


def _work_out(child: Child, in_order: Sequence[Measurement]) -> None:
    last: dict[str, Measurement] = {}  # column -> the latest visit that has it, soundly
    for row in in_order:
        row.child = child
        row.weight_gain, row.t_run = NO_GAIN
        _set(row, _carried(row, last))
        _set(row, visit_of(row).columns())
        if not row.superseded:
            last |= {name: row for name in KNOWN.values() if _is_sound(row, name)}
    _tell_gains(child, in_order)


def _tell_gains(child: Child, in_order: Sequence[Measurement]) -> None:
    weighed = [row for row in in_order if not row.superseded and row.weight_kg is not None]
    for row, gain in zip(weighed, _gains(child, weighed), strict=True):
        row.weight_gain, row.t_run = gain
        if gain.letter == "T":  # the only letter that says something in the alert
            row.alert = visit_of(row).alert.level


def _carried(row: Measurement, last: Mapping[str, Measurement]) -> dict[str, Any]:
    """The ``known_*`` columns of a visit: empty where a height was taken, or the last is old."""
    columns: dict[str, Any] = {}
    for name in KNOWN.values():
        before = last.get(name) if row.length_height_cm is None else None
        if before and row.measured_on - before.measured_on > KNOWN_FOR:
            before = None
        columns[f"known_{name}"] = getattr(before, name) if before else None
        columns[f"known_{name}_on"] = before.measured_on if before else None
    return columns


def _is_sound(row: Measurement, name: str) -> bool:
    return getattr(row, name) is not None and not getattr(row, f"{name}_flag")


def take_in(
    child: Child,
    fresh: Iterable[Measurement],
    standing: Sequence[Measurement] = (),
    scores: Mapping[date, Scores] | None = None,
) -> list[Measurement]:
    """Work out visits of a list, of which nobody can be asked back: the unlikely are in doubt.

    Each is judged beside those before it in the row, as if they came in one after the other.
    ``standing``: every measurement of the child that is stored; those that become different are
    returned. ``scores``: by day, where many visits were scored at once. Nothing is written; what
    the child stands by is set on it, as in ``derive``.
    """
    counted = [row for row in standing if not row.superseded]
    in_order = sorted(fresh, key=lambda row: row.measured_on)
    for row in in_order:
        _judge_alone(child, row, counted, (scores or {}).get(row.measured_on))
        counted.append(row)
    if len(in_order) == 1 and not standing:  # most new children: nothing to be compared with
        _tell_gains(child, in_order)
        stand(child, in_order)
        return []
    changed = derive(child, [*standing, *in_order])
    return [row for row in changed if row in standing]


def _judge_alone(
    child: Child, row: Measurement, others: Sequence[Measurement], scores: Scores | None
) -> None:
    row.child = child
    row.weight_gain, row.t_run = NO_GAIN
    visit = visit_of(row, scores)
    _set(row, visit.columns())
    beside_others = compared(seen(row), list(map(seen, others)), child.birth_date) if others else []
    row.doubted = doubted(visit.doubts + beside_others)
    if row.doubted:
        _set(row, visit_of(row, scores).columns())


def seen(row: Measurement) -> Seen:
    """A stored visit as ``growth.neighbours`` reads it."""
    return Seen(
        on=row.measured_on,
        weight_kg=row.weight_kg,
        length_height_cm=row.length_height_cm,
        measure=row.measure,
        haz=row.haz,
        waz=row.waz,
    )


def unlikely(child: Child, draft: Measurement, others: Iterable[Measurement]) -> list[Doubt]:
    """What is in doubt about a visit that is not stored yet: alone, and beside the others."""
    draft.child = child
    return visit_of(draft).doubts + beside(child, draft, others)


def beside(child: Child, draft: Measurement, others: Iterable[Measurement]) -> list[Doubt]:
    """What does not fit between a visit that is not stored yet and the counted others."""
    draft.child = child
    _set(draft, visit_of(draft).columns())
    return compared(seen(draft), [seen(other) for other in others], child.birth_date)


def _gains(child: Child, weighed: Sequence[Measurement]) -> list[Gain]:
    versions = child.programme.settings.get("kbm")
    return gains(
        [_weighing(row) for row in weighed],
        sex=child.sex,
        born=child.birth_date,
        table_on=lambda on: kbm.in_force(versions, on),
    )


def _weighing(row: Measurement) -> Weighing:
    return Weighing(row.measured_on, row.weight_kg, row.waz, sound=not row.is_weight_doubtful)


def _derived(row: Measurement) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in DERIVED)


def _set(row: Measurement, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


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
