"""The demo's paper: three runs of the SOP and two monthly reports."""

from datetime import date, datetime, time, timedelta

from accounts.models import User
from kempling.demo.families import full_months
from regions.models import Programme
from regions.words import month_name
from reports import workflow as reports
from reports.months import Month
from sop import workflow as sop
from sop.clock import last_day
from sop.models import Run, StepRecord

OUTPUTS = ("Sudah dipelajari bersama.", "Rencana aksi bulan ini disepakati dalam rapat.")


def run_sop(programme: Programme, cast: dict[str, User]) -> None:
    """The month before last and last month done but for the report; this month under way."""
    before, last = full_months(programme.today())[-2:]
    for month in (before, last):
        _run(programme, cast, month)
    _run(programme, cast, programme.today().replace(day=1))


def _run(programme: Programme, cast: dict[str, User], month: date) -> None:
    at = _clock(programme, _workday(month), 8, 0)
    if at > _now(programme):
        return
    data = {
        "month": month,
        "perihal": f"Pelaksanaan {programme.short_name} {month_name(month)}",
        "instruction": "Laksanakan sesuai pedoman dan laporkan hasilnya pada akhir bulan.",
        "basis": "SK Tim Pelaksana (contoh)",
        "forwarded_to": ["sekcam", "kasi", "tim"],
    }
    issued = sop.issue(
        cast["camat"],
        programme,
        data,
        opened_at=at,
        at=min(at + timedelta(minutes=4), _now(programme)),
    )
    run = Run.objects.get(disposisi=issued)
    for step in run.steps.exclude(finished_at__isnull=False).order_by("number"):
        if not step.is_daily and step.number < 6:
            at = _prompt(programme, cast, step, at)
        elif step.is_daily:
            _daily(programme, cast, step, month)


def _prompt(
    programme: Programme, cast: dict[str, User], step: StepRecord, after: datetime
) -> datetime:
    """A step of minutes: begun an hour later, finished near its standard."""
    begun = after + timedelta(hours=1)
    done = begun + timedelta(minutes=(step.standard_minutes or 20) - 2 + step.number)
    if done > _now(programme):
        return after
    who = cast[step.responsible]
    sop.start(who, step, at=begun)
    sop.finish(who, step, OUTPUTS[step.number % 2], at=done)
    return done


def _daily(programme: Programme, cast: dict[str, User], step: StepRecord, month: date) -> None:
    """A note on every third day; closed on the month's last day when it is over."""
    who, today = cast[step.responsible], programme.today()
    for number in range(3, last_day(month).day, 3):
        day = month + timedelta(days=number)
        at = _clock(programme, day, 15, 0)
        if day < today and StepRecord.objects.get(pk=step.pk).finished_at is None:
            sop.note_day(who, step, day, "Kegiatan berjalan sesuai rencana aksi.", at=at)
    if last_day(month) < today:
        closing = _clock(programme, last_day(month), 15, 30)
        sop.finish(who, step, "Kegiatan sebulan terlaksana.", at=closing)


def report(programme: Programme, cast: dict[str, User]) -> None:
    """Final for the month before last, a draft for the last one."""
    before, last = (Month(first) for first in full_months(programme.today())[-2:])
    final = reports.compose(cast["tim"], programme, before)
    if final.status == "draft":
        reports.write(cast["tim"], final, _texts())
        reports.submit(cast["tim"], final)
        reports.finalise(cast["camat"], final)
    draft = reports.compose(cast["tim"], programme, last)
    if draft.status == "draft" and not draft.obstacles:
        reports.write(cast["tim"], draft, _texts())


def _texts() -> dict[str, str]:
    return {
        "obstacles": "Dua posyandu belum memiliki alat ukur panjang badan. (contoh)",
        "follow_up": "Mengusulkan alat ukur dalam rembuk desa bulan depan. (contoh)",
        "signatory_name": "Camat Contoh",
        "signatory_rank": "Pangkat Contoh",
        "signatory_nip": "00000000 000000 0 000",
    }


def _workday(month: date) -> date:
    first = month + timedelta(days=1)
    return first + timedelta(days=(7 - first.weekday()) % 7 if first.weekday() > 4 else 0)


def _clock(programme: Programme, day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), programme.tz)


def _now(programme: Programme) -> datetime:
    return datetime.now(programme.tz)
