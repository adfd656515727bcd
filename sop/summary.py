"""A month's SOP as plain data, for the monthly report: no models, ready to be frozen as JSON."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from regions.models import Programme
from regions.words import date_and_clock
from sop.models import Run
from sop.progress import Progress, compliance, progress_of
from sop.steps import State


def month_summary(
    programme: Programme, month: date, *, now: datetime | None = None
) -> list[dict[str, Any]]:
    """One dict per step of the month's run, in order; [] when no disposisi was issued.

    Keys: disposisi (its number), number, activity, actor, completeness, standard,
    standard_minutes, is_daily, state, minutes (working minutes or None), actual, verdict
    ("dalam waktu baku", "melewati waktu baku" or ""), waiting, output_name, output, days_noted,
    working_days, finished_by, finished_at. Texts are Bahasa, "" when there is nothing to say.
    Two disposisi for one month give the rows of both, the first issued first.
    """
    now = now or timezone.now()
    runs = Run.objects.of_month(programme, month).with_details().order_by("id")
    return [_row(run, one) for run in runs for one in progress_of(run, now)]


def month_compliance(
    programme: Programme, month: date, *, now: datetime | None = None
) -> tuple[int, int]:
    """(n, N): the month's finished steps that kept their standard, of those that have one."""
    now = now or timezone.now()
    runs = Run.objects.of_month(programme, month).with_steps()
    pairs = [compliance(progress_of(run, now)) for run in runs]
    return sum(n for n, _ in pairs), sum(total for _, total in pairs)


def _row(run: Run, one: Progress) -> dict[str, Any]:
    step = one.step
    done = one.state is State.DONE
    return {
        "disposisi": run.disposisi.number,
        "number": step.number,
        "activity": step.activity,
        "actor": step.responsible_label,
        "completeness": step.completeness,
        "standard": one.standard,
        "standard_minutes": step.standard_minutes,
        "is_daily": step.is_daily,
        "state": one.state.label,
        "minutes": one.minutes if done else None,
        "actual": one.actual if done or step.is_daily else "",
        "verdict": str(one.verdict) if done and one.verdict else "",
        "waiting": one.waiting if done else "",
        "output_name": step.output_name,
        "output": step.output,
        "days_noted": one.days_noted if step.is_daily else None,
        "working_days": one.working_days if step.is_daily else None,
        "finished_by": step.finished_as,
        "finished_at": date_and_clock(step.finished_at, run.programme) if done else "",
    }
