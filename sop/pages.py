"""What the SOP's pages show, gathered before the template: no query is left for it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.transitions import Refused
from regions.words import date_and_clock, long_date, month_name
from sop.clock import last_day, standard_text
from sop.forms import ACTORS, RECEIVERS, DayNoteForm, OutputForm
from sop.models import Disposisi, Run, SopStep
from sop.progress import Progress, compliance, compliance_text, progress_of
from sop.steps import State, verbs

# The heads of the sheet's columns, as short as the guideline prints them.
COLUMNS: dict[str, str] = {
    Role.SEKCAM: "Sekcam",
    Role.KASI: "Kasi",
    Role.TIM: "Tim",
    Role.PETUGAS: "Petugas",
}
# A step, the form somebody filled for it, and why it was refused.
Answered = tuple[int, Any, Refused | None]


def chosen(text: str | None, years: list[int]) -> int:
    """The year asked for, or the newest there is."""
    newest = years[0] if years else 0
    return int(text) if text in {str(year) for year in years} else newest


def run_rows(runs: Iterable[Run], now: datetime) -> list[dict[str, Any]]:
    """One dict per run for the list of months."""
    return [_run_row(run, progress_of(run, now)) for run in runs]


def run_page(user: Any, found: Run, answered: Answered | None = None) -> dict[str, Any]:
    """Everything of one run: its steps with times, notes, readings and this person's buttons."""
    run = Run.objects.with_details().get(pk=found.pk)
    now = timezone.now()
    today = run.programme.local(now).date()
    progress = progress_of(run, now)
    steps = [_step(user, one, progress, today, answered) for one in progress]
    mine = [item for item in steps if set(item["verbs"]) - {"read"}]
    for item in mine[:1]:
        item["is_first"] = True  # the one whose form stands open
    return {
        "run": run,
        "disposisi": run.disposisi,
        "is_for_me": run.disposisi.is_for(user),
        "row": _run_row(run, progress),
        "steps": steps,
        "mine": [item["step"] for item in mine],
        "refused": answered[2] if answered else None,
        "to_mend": answered[0] if answered and answered[2] is None else None,
        "typed": _typed(answered),
    }


def disposisi_page(user: Any, sheet: Disposisi) -> dict[str, Any]:
    """The lembar disposisi on the screen, with the months it set going."""
    return {
        "disposisi": sheet,
        "runs": list(sheet.runs.order_by("month")),
        "may_stop": sheet.repeats_monthly and user.may("issue_disposisi"),
    }


def disposisi_paper(sheet: Disposisi) -> dict[str, Any]:
    """The lembar disposisi on paper: ticks for who it goes to, and who has read in its month."""
    title = sheet.issued_as.removesuffix(Role.CAMAT.label)
    return {
        "disposisi": sheet,
        "made": sheet.issued_at,
        "office": title + sheet.programme.letterhead.get("signatory", Role.CAMAT.label),
        "receivers": [(label, value in sheet.forwarded_to) for value, label in RECEIVERS],
        "requests": [(label, value in sheet.requests) for value, label in sheet.Request.choices],
        "read_by": _read_by(sheet),
    }


def _read_by(sheet: Disposisi) -> list[tuple[str, str]]:
    """(office, when it first confirmed reading or finished a step) for every receiver."""
    run = sheet.runs.with_details().filter(month=sheet.month).first()
    acts = []
    for step in run.steps.all() if run else ():
        acts += [(reading.at, reading.role) for reading in step.readings.all()]
        acts += [(step.finished_at, step.responsible)] if step.finished_at else []
    first = {role: at for at, role in sorted(acts, reverse=True)}
    return [
        (Role(role).label, date_and_clock(first[role], sheet.programme) if role in first else "")
        for role in sheet.forwarded_to
    ]


def sheet_page(rows: list[SopStep]) -> dict[str, Any]:
    """The sheet as a table: per row a tick for each office, the responsible one marked."""
    named = {role for row in rows for role in row.actors}
    offices = [(value, COLUMNS.get(value, label)) for value, label in ACTORS if value in named]
    table = [
        {
            "row": row,
            "standard": standard_text(row.standard_minutes, daily=row.is_daily),
            "ticks": [(label, _tick(value, row)) for value, label in offices],
        }
        for row in rows
    ]
    return {
        "rows": table,
        "offices": [label for _, label in offices],
        "derived": any(row.is_derived for row in rows),
    }


def _tick(role: str, row: SopStep) -> str:
    if role not in row.actors:
        return ""
    return "●" if role == row.responsible else "✓"


def _run_row(run: Run, progress: list[Progress]) -> dict[str, Any]:
    """How the run stands, in words: for the list and for the head of its page."""
    done = [one for one in progress if one.state is State.DONE]
    current = next((one for one in progress if one.state is not State.DONE), None)
    return {
        "run": run,
        "month": month_name(run.month),
        "number": run.disposisi.number,
        "url": reverse("sop:run", args=[run.code]),
        "done": len(done),
        "total": len(progress),
        "current": current,
        "tone": current.tone if current else "hijau",
        "state": _state_words(current),
        "compliance": compliance_text(progress),
        "kept": _kept(progress),
    }


def _kept(progress: list[Progress]) -> str:
    """``3 dari 4``; "–" where the sheet has nothing to keep yet."""
    n, total = compliance(progress)
    return f"{n} dari {total}" if total else "–"


def _state_words(current: Progress | None) -> str:
    if current is None:
        return "Selesai"
    return "Lewat waktu" if current.is_late else "Berjalan"


def _step(
    user: Any,
    one: Progress,
    progress: list[Progress],
    today: date,
    answered: Answered | None,
) -> dict[str, Any]:
    step = one.step
    mine = verbs(user, step, [other.step for other in progress], today)
    typed = answered[1] if answered and answered[0] == step.number else None
    output = typed if isinstance(typed, OutputForm) else OutputForm(step.output_name, prefix=None)
    day = typed if isinstance(typed, DayNoteForm) else DayNoteForm(initial=_day(step.run, today))
    for number, form in ((step.number, output), (step.number, day)):
        form.auto_id = f"langkah-{number}-%s"
    return {
        "progress": one,
        "step": step,
        "verbs": mine,
        "output_form": output,
        "day_form": day,
        "state": _step_words(one),
        "finished_at": date_and_clock(step.finished_at, step.run.programme),
        "closes": _closes(one, today),
        "notes": list(step.days.all()),
        "readings": list(step.readings.all()),
    }


def _day(run: Run, today: date) -> dict[str, date]:
    """The day a note is most likely for: today, or the last day of a month gone by."""
    return {"day": max(run.month, min(today, last_day(run.month)))}


def _step_words(one: Progress) -> str:
    if one.state is State.LOCKED:
        return "Belum giliran"
    if one.is_late:
        return "Lewat waktu"
    return "Dikerjakan" if one.state is State.RUNNING else one.state.label


def _closes(one: Progress, today: date) -> str:
    """From when an open daily step can be closed; "" when it can be now."""
    last = last_day(one.step.run.month)
    is_open = one.step.is_daily and one.state in (State.READY, State.RUNNING)
    return long_date(last) if is_open and today < last else ""


def _typed(answered: Answered | None) -> str:
    """The words somebody wrote for a step that was closed meanwhile; they are not thrown away."""
    if answered is None or answered[1] is None or answered[2] is None:
        return ""
    data = getattr(answered[1], "cleaned_data", {})
    return data.get("output") or data.get("note") or ""
