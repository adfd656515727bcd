"""What waits for this person in the SOP, for "apa yang harus saya kerjakan sekarang?"."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from regions.words import long_date, month_name
from sop import workflow
from sop.clock import last_day, standard_text
from sop.models import DayNote, Run, StepRecord
from sop.steps import verbs


def todo(user: Any, *, at: datetime | None = None) -> list[dict[str, Any]]:
    """Cards ``{count, title, text, url, tone}`` for components/_todo.html, the nearest first."""
    programme = user.programme
    if programme is None or not user.may("work_sop"):
        return []
    at = at or timezone.now()
    today = programme.local(at).date()
    workflow.open_month(programme, today, at=at)
    steps = list(StepRecord.objects.open_for(user).order_by("run__month", "number"))
    noted = _noted_today(user, today)
    mine = [_step_card(step, today) for step in steps if not _rests(step, today, noted)]
    return [*_issue_card(user, today), *mine, *_reading_card(user, today)]


def _issue_card(user: Any, today: date) -> list[dict[str, Any]]:
    """The Camat's first duty, in a month without a disposisi."""
    if not user.may("issue_disposisi") or Run.objects.of_month(user.programme, today).exists():
        return []
    title = f"Terbitkan disposisi {month_name(today)}"
    text = "SOP bulan ini dimulai dari disposisi Anda."
    return [_card(None, title, text, reverse("sop:disposisi-new"), "oranye")]


def _step_card(step: StepRecord, today: date) -> dict[str, Any]:
    url = f"{reverse('sop:run', args=[step.run.code])}#langkah-{step.number}"
    text = f"Langkah {step.number}, SOP {month_name(step.run.month)}"
    if step.is_daily and today >= last_day(step.run.month):
        return _card(None, f"Tutup bulan: {step.activity}", text, url, "oranye")
    if step.is_daily:
        return _card(None, f"Catat hari ini: {step.activity}", text, url, "biru")
    if step.standard_minutes:
        text += f" · waktu baku {standard_text(step.standard_minutes)}"
    verb = "Selesaikan" if step.started_at else "Kerjakan"
    return _card(None, f"{verb}: {step.activity}", text, url, "biru")


def _rests(step: StepRecord, today: date, noted: set[int]) -> bool:
    """Nothing is due: a daily step noted today, or of a month still to come."""
    if not step.is_daily or today >= last_day(step.run.month):
        return False
    return today < step.run.month or step.pk in noted


def _noted_today(user: Any, today: date) -> set[int]:
    notes = DayNote.objects.filter(day=today, step__run__programme=user.programme)
    return set(notes.values_list("step_id", flat=True))


def _reading_card(user: Any, today: date) -> list[dict[str, Any]]:
    """Steps of runs still going whose reading the person has not confirmed."""
    runs = Run.objects.in_scope(user, "work_sop").unfinished().with_details().order_by("month")
    unread = []
    for run in runs:
        steps = list(run.steps.all())
        for step in steps:
            step.run = run
        unread += [step for step in steps if "read" in verbs(user, step, steps, today)]
    if not unread:
        return []
    first = unread[0]
    url = f"{reverse('sop:run', args=[first.run.code])}#langkah-{first.number}"
    title = "Baca dan nyatakan sudah membaca"
    due = first.run.disposisi.due_on
    text = f"Langkah {first.number}: {first.activity}"
    text += f" · batas waktu {long_date(due)}" if due else ""
    return [_card(len(unread), title, text, url, "kuning")]


def _card(count: int | None, title: str, text: str, url: str, tone: str) -> dict[str, Any]:
    return {"count": count, "title": title, "text": text, "url": url, "tone": tone}
