"""How far a run is and how long its steps took, for pages, the to-do list and the report.

Nothing here is stored: minutes and verdicts are read from the times of the step records. The
time from Mulai to Selesai is the step's own; the time before it, while the step lay ready and
nobody began, is shown apart as waiting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from regions.models import Programme
from sop import clock
from sop.clock import Verdict, WorkingHours
from sop.models import Run, StepRecord
from sop.steps import State, state_of


@dataclass(frozen=True)
class Progress:
    """One step of a run as it stands: minutes are working minutes, None when not known."""

    step: StepRecord
    state: State
    minutes: int | None
    waited: int | None
    working_days: int

    @property
    def standard(self) -> str:
        return clock.standard_text(self.step.standard_minutes, daily=self.step.is_daily)

    @property
    def verdict(self) -> Verdict | None:
        """A daily step has no verdict: its sheet names no minutes to compare with."""
        return (
            None if self.step.is_daily else clock.verdict(self.minutes, self.step.standard_minutes)
        )

    @property
    def is_late(self) -> bool:
        return self.verdict is Verdict.OVER

    @property
    def days_noted(self) -> int:
        return len({note.day for note in self.step.days.all()})

    @property
    def actual(self) -> str:
        """What the sheet's WAKTU became: minutes, or the days that were noted."""
        if self.step.is_daily:
            return f"{self.days_noted} hari tercatat" if self.state is not State.LOCKED else ""
        return "" if self.minutes is None else clock.minutes_text(self.minutes)

    @property
    def waiting(self) -> str:
        return clock.minutes_text(self.waited) if self.waited else ""

    @property
    def tone(self) -> str:
        if self.state is State.DONE:
            return "oranye" if self.is_late else "hijau"
        if self.state is State.LOCKED:
            return "netral"
        return "oranye" if self.is_late else "biru"


def hours_of(programme: Programme) -> WorkingHours:
    return WorkingHours.of(programme.settings, programme.tz)


def progress_of(run: Run, now: datetime) -> list[Progress]:
    """Every step of the run, in order; ``run`` comes from ``Run.objects.with_steps()``."""
    steps = list(run.steps.all())
    for step in steps:
        step.run = run  # one programme and one month for all, without a query each
    hours = hours_of(run.programme)
    days = clock.working_days(run.month, hours)
    return [_one(step, steps, hours, days, now) for step in steps]


def compliance(progress: Sequence[Progress]) -> tuple[int, int]:
    """(n, N): of the finished steps with a standard and a known time, how many kept it."""
    verdicts = [p.verdict for p in progress if p.state is State.DONE and p.verdict]
    return verdicts.count(Verdict.WITHIN), len(verdicts)


def compliance_text(progress: Sequence[Progress]) -> str:
    """``3 dari 4 langkah dalam waktu baku``, or why there is nothing to count."""
    n, total = compliance(progress)
    if total:
        return f"{n} dari {total} langkah dalam waktu baku"
    if any(p.step.standard_minutes for p in progress):
        return "belum ada langkah berwaktu baku yang selesai"
    return "waktu baku belum ditetapkan"


def ready_at(step: StepRecord, steps: Sequence[StepRecord]) -> datetime | None:
    """When the step could have begun: the last moment something before it was finished.

    Daily steps run side by side, so the daily ones right before do not count. None while one
    before is unfinished.
    """
    before = [one for one in steps if one.number < step.number]
    while step.is_daily and before and before[-1].is_daily:
        before.pop()
    if not before:
        return step.run.started_at
    ends = [one.finished_at for one in before]
    return None if None in ends else max(end for end in ends if end)


def _one(
    step: StepRecord,
    steps: Sequence[StepRecord],
    hours: WorkingHours,
    days: int,
    now: datetime,
) -> Progress:
    return Progress(
        step=step,
        state=state_of(step, steps),
        minutes=_minutes(step, hours, now),
        waited=_waited(step, steps, hours, now),
        working_days=days,
    )


def _minutes(step: StepRecord, hours: WorkingHours, now: datetime) -> int | None:
    """Working minutes from Mulai to Selesai, or until now while it runs."""
    if step.started_at is None or step.is_daily:
        return None
    return clock.elapsed_minutes(step.started_at, step.finished_at or now, hours)


def _waited(
    step: StepRecord, steps: Sequence[StepRecord], hours: WorkingHours, now: datetime
) -> int | None:
    """Working minutes the step lay ready before somebody began, or until now."""
    ready = ready_at(step, steps)
    if ready is None or (step.finished_at and not step.started_at):
        return None
    return clock.elapsed_minutes(ready, step.started_at or now, hours)
