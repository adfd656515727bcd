"""The figures of one month: pure reads that give plain numbers, ready to be frozen as JSON.

Two rules hold everywhere (design.md §7.4, domain.md §10 no. 25): an aggregate is Σ numerators /
Σ denominators, never a mean of percentages; and each balita counts once, by its latest counted
measurement in the month. Children whose index is implausible, missing or built on a birth date
known only to the month are in no share; how many they are is part of the figures.

A ``Row`` stands for one desa, one age group or the whole kecamatan:

    balita, baduta, hamil, menyusui   people, by date, on the day of reading
    measured                          balita with a counted measurement in the month (D of D/S)
    stunting, wasting, underweight    {n, severe, total, flagged, missing, approximate}:
                                      n below −2,00 SD and severe below −3,00 SD of ``total`` valid
    gain                              {n, total}: weight risen (N) among the measured with N or T,
                                      N/D′; O (not weighed the month before), B (first weighing)
                                      and doubtful weights are in neither. Reports frozen before
                                      N/T was computed have none
    received, approved                reports received in the month, and verified among them
"""

import json
import statistics
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from growth.age import AGE_GROUPS
from growth.zscore import RULE_VERSION
from interventions.summary import month_summary as help_given
from regions.models import Programme
from registry.models import Child, Decision, Measurement, Mother, Submission
from registry.models.children import months_before
from registry.models.visits import MeasurementQuerySet
from reports.months import Month
from sop.summary import month_summary as sop_done

SHAPE = 1
PEOPLE = ("balita", "baduta", "hamil", "menyusui", "measured", "received", "approved")
# TB/U, BB/TB or BB/PB, and BB/U: the only index each word is counted by (domain.md §1.2).
COLUMN = {"stunting": "haz", "wasting": "whz", "underweight": "waz"}
PARTS = ("n", "severe", "total", "flagged", "missing", "approximate")

# One index of a group of children, by PARTS. Every child measured stands in exactly one place:
# ``total``, ``flagged``, ``missing`` or ``approximate``.
Index = dict[str, int]
Row = dict[str, Any]
Figures = dict[str, Any]


def figures_of(programme: Programme, month: Month) -> Figures:
    """Everything the report prints, read now. The number of queries does not grow with the data."""
    from reports.indicators import indicators  # builds on this module

    on = month.read_on(programme)
    desa = by_desa(programme, month)
    figures: Figures = {
        "shape": SHAPE,
        "month": str(month),
        "on": on.isoformat(),
        "is_over": on == month.last,
        "taken_at": timezone.now().isoformat(timespec="seconds"),
        "rule_version": RULE_VERSION,
        "desa": desa,
        "total": summed(desa),
        "ages": by_age(programme, month),
        "submissions": submissions(programme, month),
        "sop": sop_done(programme, month.first),
        "help": help_given(programme, month.first, month.last),
    }
    figures["indicators"] = indicators(programme, month, figures)
    return as_frozen(figures)


def as_frozen(figures: Figures) -> Figures:
    """The figures as they come back from the database: live and frozen ones have one shape."""
    frozen: Figures = json.loads(json.dumps(figures, cls=DjangoJSONEncoder))
    return frozen


# --- Who there is ------------------------------------------------------------------------------


def balita(programme: Programme, on: date) -> QuerySet[Child]:
    """The balita who live in the kecamatan on the day: S of SKDN."""
    living: QuerySet[Child] = Child.objects.of(programme).balita(on).here(on)
    return living


def by_desa(programme: Programme, month: Month) -> list[Row]:
    """One row per desa or kelurahan, in the order of their codes; none is left out."""
    on = month.read_on(programme)
    rows = {desa.code: empty_row(desa.code, desa.title) for desa in programme.desa()}
    mothers = Mother.objects.of(programme).here(on)
    young = Count("pk", filter=Q(birth_date__gt=months_before(on, 24)))
    women = Count("pk", distinct=True)
    _fill(rows, _per_desa(balita(programme, on), balita=Count("pk"), baduta=young))
    _fill(rows, _per_desa(mothers.pregnant(on, programme), hamil=women))
    _fill(rows, _per_desa(mothers.breastfeeding(on), menyusui=women))
    verified = Count("pk", filter=Q(status=Submission.Status.APPROVED))
    sent = _received(programme, month)
    _fill(rows, _per_desa(sent, received=Count("pk"), approved=verified))
    _fill(rows, nutrition(programme, month, F("child__desa__code")))
    return list(rows.values())


def by_age(programme: Programme, month: Month) -> list[Row]:
    """Nutrition by age group on the day of reading."""
    rows = {label: empty_row(label, f"{label} bulan") for _, label in AGE_GROUPS}
    _fill(rows, nutrition(programme, month, _age_group(month.read_on(programme))))
    return list(rows.values())


# --- How they grow -----------------------------------------------------------------------------


def latest_in(programme: Programme, month: Month) -> QuerySet[Measurement]:
    """Each balita once: its last counted measurement in the month ("data bulan ini")."""
    latest: QuerySet[Measurement] = _visits_in(programme, month).last_of_child().order_by()
    return latest


def _visits_in(programme: Programme, month: Month) -> MeasurementQuerySet:
    visits = Measurement.objects.current().filter(measured_on__range=(month.first, month.last))
    here = balita(programme, month.read_on(programme))
    # The programme once more: a database that joins the children reads no others for it.
    return visits.filter(child__in=here, child__programme=programme)


def nutrition(programme: Programme, month: Month, key: Expression | F) -> dict[str, Row]:
    """``measured``, ``gain`` and the three indices of each value of ``key``, by two queries.

    Who came once more without being weighed keeps the letter of the last weighing.
    """
    counts = {"measured": Count("pk")}
    for word, column in COLUMN.items():
        counts |= {f"{word}_{part}": count for part, count in index_counts(column).items()}
    compared = _visits_in(programme, month).weighed().last_of_child().of_gain("N", "T")
    risen = {"n": Count("pk", filter=Q(weight_gain="N")), "total": Count("pk")}
    gain = _by(key, compared, risen)
    found = _by(key, latest_in(programme, month), counts)
    return {place: _nested(row, gain.get(place)) for place, row in found.items()}


def _by(key: Expression | F, visits: QuerySet[Measurement], counts: dict[str, Count]) -> Any:
    rows: Any = visits.order_by().annotate(key=key).values("key").annotate(**counts)
    return {row.pop("key"): row for row in rows}


def index_counts(column: str) -> dict[str, Count]:
    """How children fall on one index column (haz, whz, waz), by name of ``PARTS``.

    −2,00 exactly is not below −2,00 (domain.md §1.2). Oedema counts as severely wasted, whatever
    the weight (domain.md §1.2, last line).
    """
    approximate = Q(child__birth_precision=Child.Precision.MONTH)
    flagged, known = Q(**{f"{column}_flag": True}), Q(**{f"{column}__isnull": False})
    swollen = Q(oedema=True) if column == "whz" else Q(pk__in=[])
    valid = ~approximate & (swollen | (known & ~flagged))
    return {
        "total": Count("pk", filter=valid),
        "n": Count("pk", filter=valid & (swollen | Q(**{f"{column}__lt": -2}))),
        "severe": Count("pk", filter=valid & (swollen | Q(**{f"{column}__lt": -3}))),
        "flagged": Count("pk", filter=~approximate & ~swollen & flagged),
        "missing": Count("pk", filter=~approximate & ~swollen & ~flagged & ~known),
        "approximate": Count("pk", filter=approximate),
    }


def stunted_children(programme: Programme, month: Month) -> QuerySet[Child]:
    """The balita counted as stunted in the month: the list behind ``stunting.n``."""
    low = latest_in(programme, month).countable_haz().filter(haz__lt=-2)  # type: ignore[attr-defined]
    children: QuerySet[Child] = Child.objects.filter(pk__in=low.values("child"))
    return children


def stunting_of(programme: Programme, month: Month) -> Index:
    """Stunting of the whole kecamatan in one month, by one query."""
    counts: Index = latest_in(programme, month).aggregate(**index_counts("haz"))
    return counts


# --- Reports that came in ----------------------------------------------------------------------


def submissions(programme: Programme, month: Month) -> dict[str, Any]:
    """The reports received in the month and what became of them by now: n of N = ``received``.

    ``sent_back`` were returned to the kader at least once, whatever they are now.
    ``median_hours`` runs from receipt to verification, over the ``approved``; None without any.
    """
    state = Submission.Status
    sent = _received(programme, month)
    back = Decision.objects.filter(submission=OuterRef("pk"), verb="send_back")
    counts: dict[str, Any] = sent.aggregate(
        received=Count("pk"),
        approved=Count("pk", filter=Q(status=state.APPROVED)),
        rejected=Count("pk", filter=Q(status=state.REJECTED)),
        with_kader=Count("pk", filter=Q(status=state.HAS_ISSUES)),
        waiting=Count("pk", filter=Q(status__in=[state.RECEIVED, state.EDITED])),
        sent_back=Count("pk", filter=Exists(back)),
    )
    approved = sent.filter(status=state.APPROVED, decided_at__isnull=False)
    times = approved.values_list("received_at", "decided_at")
    hours = [max(0.0, (done - came).total_seconds() / 3600) for came, done in times if done]
    return counts | {"median_hours": round(statistics.median(hours), 1) if hours else None}


def _received(programme: Programme, month: Month) -> QuerySet[Submission]:
    begins, ends = month.clock(programme)
    sent: QuerySet[Submission] = Submission.objects.of(programme)
    return sent.filter(received_at__gte=begins, received_at__lt=ends)


# --- Adding up ---------------------------------------------------------------------------------


def empty_row(key: str, label: str) -> Row:
    """A row in which nobody is counted yet."""
    people = {"key": key, "label": label, **dict.fromkeys(PEOPLE, 0)}
    return people | {"gain": {"n": 0, "total": 0}} | {
        word: dict.fromkeys(PARTS, 0) for word in COLUMN
    }  # fmt: skip


def summed(rows: list[Row]) -> Row:
    """The kecamatan from its desa: Σ of every count, so that a share of it is Σ n / Σ N."""
    total = empty_row("", "Jumlah")
    for row in rows:
        for name in PEOPLE:
            total[name] += row[name]
        for word in ("gain", *COLUMN):
            for part in total[word]:
                total[word][part] += row[word][part]
    return total


def _per_desa(found: QuerySet[Any], **counts: Count) -> dict[str, Row]:
    rows = found.order_by().values("desa__code").annotate(**counts)
    return {row.pop("desa__code"): row for row in rows}


def _fill(rows: dict[str, Row], found: dict[str, Row]) -> None:
    for key, values in found.items():
        rows.setdefault(key, empty_row(key, key)).update(values)


def _nested(row: Mapping[str, Any], gain: Row | None) -> Row:
    return {"measured": row["measured"], "gain": gain or {"n": 0, "total": 0}} | {
        word: {part: row[f"{word}_{part}"] for part in PARTS} for word in COLUMN
    }


def _age_group(on: date) -> Case:
    return Case(
        *(
            When(child__birth_date__gt=months_before(on, months), then=Value(label))
            for months, label in AGE_GROUPS
        ),
        output_field=CharField(),
    )
