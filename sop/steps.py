"""The SOP as data: which steps of a run are open, and which verb is whose in which state.

A run walks the rows of its sheet in order; the current step is the first that is not finished.
Rows done every day (4 and 5 of KEMPLING) run side by side and end when the month closes. The
table ``VERBS`` drives the guard *and* the buttons: what is not drawn there is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import takewhile
from typing import Any

from django.db import models

from accounts.models import Grant
from accounts.roles import Role
from accounts.transitions import Refused
from regions.models import Programme
from regions.words import date_and_clock, long_date
from sop.clock import last_day
from sop.models import StepRecord


class State(models.TextChoices):
    """Where a step stands; derived from the times of its run, never stored."""

    LOCKED = "locked", "Menunggu langkah sebelumnya"
    READY = "ready", "Siap dimulai"
    RUNNING = "running", "Sedang dikerjakan"
    DONE = "done", "Selesai"


class Whose(Enum):
    """Of the actors a row names: the first finishes it, the others confirm reading."""

    RESPONSIBLE = "responsible"
    ACTORS = "actors"
    OTHERS = "others"


@dataclass(frozen=True)
class Verb:
    """One row of the table. ``daily`` is None for a verb of both kinds of steps."""

    label: str
    whose: Whose
    sources: frozenset[State]
    daily: bool | None = None


VERBS = {
    "start": Verb("Mulai", Whose.RESPONSIBLE, frozenset({State.READY}), daily=False),
    "note": Verb("Catat", Whose.ACTORS, frozenset({State.READY, State.RUNNING}), daily=True),
    "finish": Verb("Selesai", Whose.RESPONSIBLE, frozenset({State.RUNNING})),
    "read": Verb("Sudah saya baca", Whose.OTHERS, frozenset(State) - {State.LOCKED}),
}


def open_steps(steps: Sequence[StepRecord]) -> list[StepRecord]:
    """The steps that can be worked on now: the current one, and the daily ones beside it."""
    left = [step for step in steps if step.finished_at is None]
    if left and left[0].is_daily:
        return list(takewhile(lambda step: step.is_daily, left))
    return left[:1]


def state_of(step: StepRecord, steps: Sequence[StepRecord]) -> State:
    """Where the step stands among the steps of its run, given in their order."""
    if step.finished_at is not None:
        return State.DONE
    if step.number not in {one.number for one in open_steps(steps)}:
        return State.LOCKED
    return State.READY if step.started_at is None else State.RUNNING


def roles_in(user: Any, programme: Programme) -> set[str]:
    """The roles this person has in the programme now; a Plt. or Plh. counts as the office."""
    return {grant.role for grant in _grants(user, programme)}


def title_as(user: Any, programme: Programme, role: str) -> str:
    """The title the person acts under, as paper prints it: ``Camat`` or ``Plt. Camat``."""
    grants = [grant for grant in _grants(user, programme) if grant.role == role]
    return str(min(grants, key=lambda grant: grant.acting)) if grants else Role(role).label


def verbs(user: Any, step: StepRecord, steps: Sequence[StepRecord], today: date) -> dict[str, Verb]:
    """What this person may do with the step today: the buttons."""
    return {
        name: verb
        for name, verb in VERBS.items()
        if refusal(user, step, steps, name, today) is None
    }


def guard(user: Any, step: StepRecord, steps: Sequence[StepRecord], verb: str, today: date) -> None:
    """Raise Refused, with the sentence to show, unless the verb is drawn for this person now."""
    refused = refusal(user, step, steps, verb, today)
    if refused is not None:
        raise refused


def refusal(
    user: Any, step: StepRecord, steps: Sequence[StepRecord], name: str, today: date
) -> Refused | None:
    """Why this person may not do this with the step now, or None when they may."""
    verb, state = VERBS[name], state_of(step, steps)
    if not _is_theirs(user, step, verb.whose):
        return Refused(_not_yours(step, verb.whose), stranger=True)
    if verb.daily is not None and verb.daily != step.is_daily:
        return Refused(_other_kind(step))
    if state not in verb.sources:
        return Refused(_moved(step, steps, state))
    if name == "finish" and step.is_daily and today < last_day(step.run.month):
        return Refused(f"Langkah harian ditutup mulai {long_date(last_day(step.run.month))}.")
    if name == "read" and any(reading.by_id == user.pk for reading in step.readings.all()):
        return Refused("Anda sudah menyatakan membaca langkah ini.")
    return None


def _grants(user: Any, programme: Programme) -> list[Grant]:
    grants = getattr(user, "active_grants", [])
    return [grant for grant in grants if grant.programme_id == programme.pk]


def _is_theirs(user: Any, step: StepRecord, whose: Whose) -> bool:
    roles = roles_in(user, step.run.programme)
    if whose is Whose.RESPONSIBLE:
        return step.responsible in roles
    if whose is Whose.OTHERS:
        return step.responsible not in roles and bool(roles & set(step.actors))
    return bool(roles & set(step.actors))


def _not_yours(step: StepRecord, whose: Whose) -> str:
    if whose is Whose.RESPONSIBLE:
        return f"Langkah ini diselesaikan oleh {step.responsible_label}."
    return "Langkah ini bukan tugas Anda."


def _other_kind(step: StepRecord) -> str:
    if step.is_daily:
        return "Langkah ini dikerjakan setiap hari: catat apa yang dikerjakan hari itu."
    return "Langkah ini tidak dicatat per hari. Tekan Mulai, lalu tulis hasilnya."


def _moved(step: StepRecord, steps: Sequence[StepRecord], state: State) -> str:
    if state is State.DONE:
        when = date_and_clock(step.finished_at, step.run.programme)
        return f"Langkah ini sudah diselesaikan {step.finished_by} pada {when}."
    if state is State.LOCKED:
        return f"Langkah ini menunggu langkah {open_steps(steps)[0].number} selesai."
    if state is State.RUNNING:
        return "Langkah ini sudah dimulai. Tulis hasilnya, lalu tekan Selesai."
    if step.is_daily:
        return "Catat dahulu apa yang dikerjakan, paling sedikit satu hari."
    return "Tekan Mulai dahulu, supaya waktunya terhitung."
