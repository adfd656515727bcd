"""A month of helps in plain numbers, for the monthly report: no name of anyone helped.

Everything is a count, a sum of whole rupiah, or Σ/Σ with both sums beside it; nothing is a mean
of percentages. States are read from dates, so a month composed later says the same.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from interventions import partners
from interventions.before_after import outcomes_of
from interventions.life import Funding, Status
from interventions.models import Activity, Attendance, Partner, PmtDay, PmtEpisode, SanitationWork
from interventions.querysets import HALF_EATEN
from regions.models import Programme
from registry.models import Child
from registry.models.children import months_before

GROUPS = ("Ibu hamil", "Baduta", "Balita")
Row = dict[str, Any]


def month_summary(programme: Programme, first: date, last: date) -> Row:
    """``{pmt, pmt_total, sanitation, sanitation_total, activities, activities_total, partners}``.

    ``first`` and ``last`` are the days of the period, both inside it.
    """
    pmt, works = _pmt(programme, first, last), _sanitation(programme, first, last)
    activities = _activities(programme, first, last)
    return {
        "first": first,
        "last": last,
        "pmt": pmt,
        "pmt_total": _total(pmt, _pmt_row("Jumlah")),
        "sanitation": works,
        "sanitation_total": _total(works, _work_row("Jumlah")),
        "activities": activities,
        "activities_total": _with_gain(_total(activities, _activity_row("Jumlah"))),
        "partners": _partners(programme, first, last),
    }


# --- PMT ---------------------------------------------------------------------------------------


def _pmt(programme: Programme, first: date, last: date) -> list[Row]:
    """By group: episodes started, running on the last day, completed, stopped; days; outcomes.

    ``given`` and ``eaten`` count days of the month (eaten: from half the portion on), of
    ``recorded``. For the episodes completed in the month: ``eaten_days`` of ``planned_days``
    over their whole length, ``recovered`` of ``evaluable``.
    """
    rows = {group: _pmt_row(group) for group in GROUPS}
    episodes = list(
        PmtEpisode.objects.of(programme).in_month(first, last).with_days().select_related("child")
    )
    for episode in episodes:
        _count_episode(rows[episode.group(last)], episode, first, last)
    _count_days(rows, episodes, first, last)
    done = [e for e in episodes if _ended(e, Status.COMPLETED, last)]
    for pk, outcome in outcomes_of(done, last).items():
        row = rows[next(e for e in done if e.pk == pk).group(last)]
        row["evaluable"] += outcome.reached is not None
        row["recovered"] += outcome.reached is True
    return list(rows.values())


def _pmt_row(group: str) -> Row:
    names = ("started", "running", "completed", "stopped", "recorded", "given", "eaten",
             "eaten_days", "planned_days", "recovered", "evaluable")  # fmt: skip
    return {"group": group, **dict.fromkeys(names, 0)}


def _count_episode(row: Row, episode: Any, first: date, last: date) -> None:
    ended = episode.ended_on is not None and episode.ended_on <= last
    row["started"] += first <= episode.started_on <= last
    row["running"] += not ended
    row["stopped"] += ended and episode.status == Status.STOPPED
    if _ended(episode, Status.COMPLETED, last):
        row["completed"] += 1
        row["eaten_days"] += episode.eaten
        row["planned_days"] += episode.planned_days


def _ended(episode: PmtEpisode, status: Status, last: date) -> bool:
    """Ended so by the last day; ``in_month`` saw to the first."""
    return episode.status == status and episode.ended_on is not None and episode.ended_on <= last


def _count_days(rows: dict[str, Row], episodes: list[PmtEpisode], first: date, last: date) -> None:
    groups = {episode.pk: episode.group(last) for episode in episodes}
    days = PmtDay.objects.filter(episode__in=groups, day__range=(first, last)).order_by()
    counts = days.values("episode").annotate(
        recorded=Count("pk"),
        given=Count("pk", filter=Q(given=True)),
        eaten=Count("pk", filter=Q(eaten__gte=HALF_EATEN)),
    )
    for found in counts:
        row = rows[groups[found["episode"]]]
        for name in ("recorded", "given", "eaten"):
            row[name] += found[name]


# --- Sanitation --------------------------------------------------------------------------------


def _sanitation(programme: Programme, first: date, last: date) -> list[Row]:
    """By kind: works planned or running on the last day, completed and stopped in the month.

    ``households`` and ``children`` (balita of those households) of the completed ones, and what
    these cost.
    """
    works = SanitationWork.objects.of(programme).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=first), planned_start__lte=last
    )
    rows: dict[str, Row] = {}
    helped: dict[str, set[int]] = {}
    for work in works:
        row = rows.setdefault(work.kind, _work_row(work.get_kind_display()))
        state = _state(work, last)
        row[state] += 1
        if state == Status.COMPLETED:
            row["cost"] += work.cost_real or 0
            helped.setdefault(work.kind, set()).add(work.household_id)
    balita = _balita_of({pk for some in helped.values() for pk in some}, last)
    for kind, some in helped.items():
        rows[kind]["households"] = len(some)
        rows[kind]["children"] = sum(balita[pk] for pk in some)
    return sorted(rows.values(), key=lambda row: row["kind"])


def _work_row(kind: str) -> Row:
    names = ("planned", "running", "completed", "stopped", "households", "children", "cost")
    return {"kind": kind, **dict.fromkeys(names, 0)}


def _state(work: SanitationWork, last: date) -> str:
    """How the work stood on the day, whatever became of it later."""
    if work.ended_on and work.ended_on <= last:
        return work.status
    return Status.RUNNING if work.started_on and work.started_on <= last else Status.PLANNED


def _balita_of(households: Iterable[int], on: date) -> Counter[int]:
    children = Child.objects.filter(
        household__in=list(households), birth_date__lte=on, birth_date__gt=months_before(on, 60)
    )
    return Counter(children.here(on).values_list("household", flat=True))


# --- Activities --------------------------------------------------------------------------------


def _activities(programme: Programme, first: date, last: date) -> list[Row]:
    """By kind: held, who came (L, P), and the gain of those with both scores."""
    held = Activity.objects.of(programme).held_in(first, last)
    rows: dict[str, Row] = {}
    for activity in held:
        row = rows.setdefault(activity.kind, _activity_row(activity.get_kind_display()))
        row["held"] += 1
        row["cost"] += activity.cost_real or 0
    for person in Attendance.objects.filter(activity__in=held).select_related("activity"):
        row = rows[person.activity.kind]
        row[person.sex] += 1
        row["attended"] += 1
        if person.pre_score is not None and person.post_score is not None:
            row["scored"] += 1
            row["gain_sum"] += person.post_score - person.pre_score
    return sorted((_with_gain(row) for row in rows.values()), key=lambda row: row["kind"])


def _activity_row(kind: str) -> Row:
    names = ("held", "L", "P", "attended", "scored", "gain_sum", "cost")
    return {"kind": kind, **dict.fromkeys(names, 0)}


def _with_gain(row: Row) -> Row:
    """Add the mean gain in points: Σ gains / Σ people with both scores; None of nobody."""
    scored = row.get("scored", 0)
    return row | {"gain": Decimal(row["gain_sum"]) / scored if scored else None}


# --- Partners ----------------------------------------------------------------------------------


def _partners(programme: Programme, first: date, last: date) -> list[Row]:
    """By partner: helps at work in the month by pillar, and rupiah spent on what ended in it.

    Only what the partner pays for itself counts as its rupiah.
    """
    helps = [
        (name, model.objects.of(programme).in_month(first, last)) for name, model in partners.MODELS
    ]
    given = partners.given_by(helps)
    spent = _spent(programme, first, last)
    rows = [
        {"partner": partner.name, "pmt": given[partner.pk].pmt, "works": given[partner.pk].works,
         "activities": given[partner.pk].activities, "rupiah": spent[partner.pk]}
        for partner in Partner.objects.filter(programme=programme, pk__in=list(given))
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row["partner"])


def _spent(programme: Programme, first: date, last: date) -> Counter[int]:
    spent: Counter[int] = Counter()
    for _, model in partners.MODELS:
        ended: QuerySet[Any] = model.objects.of(programme).ended_in(first, last)
        paid = ended.filter(funding=Funding.MITRA, partner__isnull=False).order_by()
        for row in paid.values("partner").annotate(sum=Sum("cost_real")):
            spent[row["partner"]] += row["sum"] or 0
    return spent


def _total(rows: list[Row], total: Row) -> Row:
    """Every column of numbers summed into the blank row ``total``."""
    for row in rows:
        for name, value in row.items():
            if isinstance(value, int):
                total[name] += value
    return total
