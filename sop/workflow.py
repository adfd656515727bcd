"""What is done with the SOP: issue a disposisi, start and finish a step, note a day, read.

Only this module writes the times of a step. Every act is guard, change, event in one
transaction, and the change is a conditional UPDATE on what the guard saw: of two people who
finish the same step the second is told who was first.

Every function takes ``at``, the moment of the act; pages leave it out, and it is now.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User, record
from accounts.roles import Role
from accounts.transitions import Refused
from regions.codes import new_code
from regions.models import Programme
from regions.words import month_name
from sop.clock import last_day
from sop.models import DayNote, Disposisi, Reading, Run, SopStep, StepRecord
from sop.progress import ready_at
from sop.steps import guard, open_steps, roles_in, title_as

# Colleagues who may take an agenda number in the same instant before one of them is turned away.
TRIES = 40


def issue(
    user: User,
    programme: Programme,
    data: Mapping[str, Any],
    *,
    opened_at: datetime | None = None,
    form_id: str = "",
    at: datetime | None = None,
) -> Disposisi:
    """Issue a disposisi under the next agenda number of the year, and begin its run.

    ``data``: month, perihal, instruction; sifat, basis, forwarded_to, requests, due_on and
    repeats_monthly where given. ``opened_at`` is when the Camat opened the form: with it row 1
    of the sheet is started, with the disposisi it is finished. The same ``form_id`` answers with
    the first disposisi. Raises Refused.
    """
    if not user.may("issue_disposisi") or Role.CAMAT not in roles_in(user, programme):
        raise Refused("Disposisi diterbitkan oleh Camat.", stranger=True)
    at = at or timezone.now()
    values = dict(data) | {"month": data["month"].replace(day=1), "form_id": form_id or new_code()}
    return _until_numbered(lambda: _issue(user, programme, values, opened_at, at))


def start(user: User, step: StepRecord, *, at: datetime | None = None) -> StepRecord:
    """Begin a step: from now its minutes count. Raises Refused."""
    at = at or timezone.now()
    with transaction.atomic():
        step, _ = _guarded(user, step, "start", at)
        _write(step, {"started_at": at}, started_at=None)
        record(user, "start_step", step, action="work_sop")
    return step


def finish(user: User, step: StepRecord, output: str, *, at: datetime | None = None) -> StepRecord:
    """Finish a step with its output; a daily one on the month's last day or later.

    Raises Refused.
    """
    at = at or timezone.now()
    with transaction.atomic():
        step, _ = _guarded(user, step, "finish", at)
        _finish(user, step, output, at)
        record(user, "finish_step", step, fields=["output"], action="work_sop")
    return step


def note_day(
    user: User, step: StepRecord, day: date, note: str, *, at: datetime | None = None
) -> DayNote:
    """Note what was done on one day of a daily step; the first note starts the step.

    Raises Refused: also for a day outside the month, or still to come, or noted before by the
    same person.
    """
    at = at or timezone.now()
    with transaction.atomic():
        step, _ = _guarded(user, step, "note", at)
        _check_note(step, day, note, step.programme.local(at).date())
        made, fresh = DayNote.objects.get_or_create(
            step=step, day=day, by=user, defaults={"note": note.strip(), "at": at}
        )
        if not fresh:
            raise Refused("Anda sudah mencatat hari itu.")
        StepRecord.objects.filter(pk=step.pk, started_at=None).update(started_at=at)
        record(user, "note_day", step, fields=["note"], action="work_sop")
    return made


def read(user: User, step: StepRecord, *, at: datetime | None = None) -> Reading:
    """Confirm having read a step one does not finish oneself. Raises Refused."""
    at = at or timezone.now()
    with transaction.atomic():
        step, _ = _guarded(user, step, "read", at)
        mine = roles_in(user, step.programme)
        role = next(role for role in step.actors if role in mine)
        reading, fresh = Reading.objects.get_or_create(
            step=step, by=user, defaults={"at": at, "role": role}
        )
        if fresh:
            record(user, "read_step", step, action="work_sop")
    return reading


def check(user: User, step: StepRecord, verb: str, *, at: datetime | None = None) -> None:
    """Raise Refused unless the person may do this with the step as it stands now."""
    _guarded(user, step, verb, at or timezone.now())


def open_month(programme: Programme, month: date, *, at: datetime | None = None) -> Run | None:
    """Begin the month's run of the standing disposisi, the newest that repeats.

    None when the month has its run already, when nothing repeats, or when the month has not
    begun. May be called as often as one likes.
    """
    month, at = month.replace(day=1), at or timezone.now()
    if month > programme.local(at).date() or Run.objects.of_month(programme, month).exists():
        return None
    standing = Disposisi.objects.of(programme).repeating().filter(month__lt=month).first()
    if standing is None:
        return None
    begins = max(datetime.combine(month, time.min, programme.tz), standing.issued_at)
    with suppress(IntegrityError), transaction.atomic():
        run = _begin(standing, month, begins, carried_over=True)
        record(None, "open_month", run)
        return run
    return None


def open_this_month(*, at: datetime | None = None) -> list[Run]:
    """Begin this month's run in every programme where one is due; for the daily job."""
    at = at or timezone.now()
    programmes = Programme.objects.visible()
    runs = [open_month(one, one.local(at).date(), at=at) for one in programmes]
    return [run for run in runs if run]


def stop_repeating(user: User, disposisi: Disposisi) -> None:
    """From next month on the disposisi no longer begins a run. Raises Refused."""
    if not user.may("issue_disposisi") or Role.CAMAT not in roles_in(user, disposisi.programme):
        raise Refused("Pengulangan dihentikan oleh Camat.", stranger=True)
    with transaction.atomic():
        repeating = Disposisi.objects.filter(pk=disposisi.pk, repeats_monthly=True)
        if not repeating.update(repeats_monthly=False):
            raise Refused("Disposisi ini sudah tidak berulang.")
        record(
            user, "stop_repeating", disposisi, fields=["repeats_monthly"], action="issue_disposisi"
        )


def arrange(user: User, row: SopStep, values: Mapping[str, Any]) -> list[str]:
    """Change actors or standard of a row of the sheet, for disposisi to come.

    Returns the names of what changed; nothing changed is no event. Raises Refused.
    """
    if not user.may("arrange_sop") or not roles_in(user, row.programme):
        raise Refused("Lembar SOP diatur oleh Camat atau Sekretaris Camat.", stranger=True)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        with transaction.atomic():
            for name in changed:
                setattr(row, name, values[name])
            row.save(update_fields=changed)
            record(user, "arrange_sop", row, fields=changed, action="arrange_sop")
    return changed


def finish_report_step(
    user: User,
    programme: Programme,
    month: date,
    output: str,
    *,
    began: datetime | None = None,
    at: datetime | None = None,
) -> StepRecord | None:
    """Let the submitted monthly report finish the last step of the month's run, when it is open.

    ``began``: when the report was begun, if the person did not press Mulai. Returns None, and
    never raises, when there is no such step, when it is not this person's, or when the last row
    of the sheet is a daily one, which closes with the month and not with a report.
    """
    at = at or timezone.now()
    for run in Run.objects.of_month(programme, month).with_steps().order_by("id"):
        steps = list(run.steps.all())
        left = open_steps(steps)
        if left == steps[-1:] and not left[0].is_daily:
            with suppress(Refused):
                return _finish_last(user, left[0], output, began, at)
    return None


def _issue(
    user: User,
    programme: Programme,
    values: dict[str, Any],
    opened_at: datetime | None,
    at: datetime,
) -> Disposisi:
    known = Disposisi.objects.of(programme).filter(form_id=values["form_id"]).first()
    if known:
        return known
    year = programme.local(at).year
    taken = Disposisi.objects.of(programme).filter(year=year)
    last = taken.order_by("-agenda_number").values_list("agenda_number", flat=True).first()
    disposisi = Disposisi.objects.create(
        **values,
        programme=programme,
        year=year,
        agenda_number=(last or 0) + 1,
        issued_by=user,
        issued_as=title_as(user, programme, Role.CAMAT),
        issued_at=at,
    )
    _begin(disposisi, disposisi.month, at, opened_at=opened_at)
    record(user, "issue_disposisi", disposisi, fields=values, action="issue_disposisi")
    return disposisi


def _until_numbered(act: Callable[[], Disposisi]) -> Disposisi:
    """Repeat the act while somebody else takes the number it counted on."""
    for _ in range(TRIES):
        with suppress(IntegrityError), transaction.atomic():
            return act()
    with transaction.atomic():
        return act()


def _begin(
    disposisi: Disposisi,
    month: date,
    at: datetime,
    *,
    opened_at: datetime | None = None,
    carried_over: bool = False,
) -> Run:
    """Make the run and copy the sheet's rows into it.

    Where row 1 is the Camat's (KEMPLING: "Menginstruksikan …", output "Disposisi") the disposisi
    finishes it. In a repeated month nobody opened a form, so its minutes stay unknown.
    """
    rows = list(SopStep.objects.of(disposisi.programme))
    if not rows:
        raise Refused("Lembar SOP program ini masih kosong. Hubungi admin portal.")
    run = Run.objects.create(
        programme=disposisi.programme, disposisi=disposisi, month=month, started_at=at
    )
    steps = [_copy(run, row) for row in rows]
    first = steps[0]
    if first.responsible == Role.CAMAT and not first.is_daily:
        first.started_at = None if carried_over else min(opened_at, at) if opened_at else None
        first.finished_at, first.finished_by = at, disposisi.issued_by
        first.finished_as = disposisi.issued_as
        first.output = f"Disposisi {disposisi.number}"
        if carried_over:
            first.output += f", berulang dari {month_name(disposisi.month)}"
    StepRecord.objects.bulk_create(steps)
    return run


def _copy(run: Run, row: SopStep) -> StepRecord:
    return StepRecord(
        run=run,
        number=row.number,
        activity=row.activity,
        completeness=row.completeness,
        standard_minutes=row.standard_minutes,
        is_daily=row.is_daily,
        output_name=row.output,
        actors=row.actors,
    )


def _guarded(
    user: User, step: StepRecord, verb: str, at: datetime
) -> tuple[StepRecord, list[StepRecord]]:
    """The step as it stands now, with its run, once the guard let the person through."""
    steps = list(
        StepRecord.objects.filter(run=step.run_id)
        .select_related("run__programme", "finished_by")
        .prefetch_related("readings")
    )
    now = next(one for one in steps if one.pk == step.pk)
    guard(user, now, steps, verb, now.programme.local(at).date())
    return now, steps


def _write(step: StepRecord, values: Mapping[str, Any], **seen: Any) -> None:
    """The one conditional UPDATE: only while the step is as it was seen, and not finished."""
    same = StepRecord.objects.filter(pk=step.pk, finished_at=None, **seen)
    if not same.update(**values):
        raise Refused("Langkah ini baru saja diubah rekan Anda. Muat ulang halaman ini.")
    for name, value in values.items():
        setattr(step, name, value)


def _finish(user: User, step: StepRecord, output: str, at: datetime, **more: Any) -> None:
    if not output.strip():
        raise Refused(f"Tulis dahulu hasilnya: {step.output_name}.")
    done = {"finished_at": at, "finished_by": user, "output": output.strip()[:2000]}
    as_whom = {"finished_as": title_as(user, step.programme, step.responsible)}
    _write(step, done | as_whom | more)


def _finish_last(
    user: User, step: StepRecord, output: str, began: datetime | None, at: datetime
) -> StepRecord:
    """Finish the report's step; one nobody started began with the report, not before its turn."""
    with transaction.atomic():
        verb = "finish" if step.started_at else "start"
        step, steps = _guarded(user, step, verb, at)
        more: dict[str, Any] = {}
        if step.started_at is None and began is not None:
            ready = ready_at(step, steps)
            more["started_at"] = min(at, max(began, ready)) if ready else began
        _finish(user, step, output, at, **more)
        record(user, "finish_step", step, fields=["output"], action="work_sop")
    return step


def _check_note(step: StepRecord, day: date, note: str, today: date) -> None:
    month = step.run.month
    if not month <= day <= min(last_day(month), today):
        raise Refused(f"Pilih tanggal di bulan {month_name(month)}, paling lambat hari ini.")
    if not note.strip():
        raise Refused("Tulis dahulu apa yang dikerjakan hari itu.")
