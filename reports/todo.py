"""What waits for this person among the monthly reports: cards of the home page."""

from typing import Any

from django.urls import reverse

from reports.models import MonthlyReport
from reports.months import Month


def todo(user: Any) -> list[dict[str, Any]]:
    """Cards ``{count, title, text, url, tone}``, the Camat's first; one query."""
    if user.programme is None or not (user.may("write_report") or user.may("finalise_report")):
        return []
    reports = list(MonthlyReport.objects.in_scope(user).filter(programme=user.programme))
    camat = _to_finalise(user, reports) if user.may("finalise_report") else []
    return camat + (_to_write(user, reports) if user.may("write_report") else [])


def _to_finalise(user: Any, reports: list[MonthlyReport]) -> list[dict[str, Any]]:
    waiting = [one for one in reports if one.status == MonthlyReport.Status.SUBMITTED]
    return [
        _card(
            f"Periksa {_name(one)} yang diajukan",
            "Sahkan, atau kembalikan dengan satu kalimat.",
            _url(one),
            "oranye",
        )
        for one in waiting
        if one.submitted_by_id != user.pk
    ]


def _to_write(user: Any, reports: list[MonthlyReport]) -> list[dict[str, Any]]:
    """What was returned, what is ready to be handed in, and the last full month without any."""
    today = user.programme.today()
    cards = []
    for one in reports:
        if one.status == MonthlyReport.Status.RETURNED:
            cards.append(_card(f"Perbaiki {_name(one)}", one.return_reason, _url(one), "merah"))
        elif one.is_editable and Month(one.month).last <= today:
            text = "Lengkapi kendala dan saran, lalu ajukan kepada Camat."
            cards.append(_card(f"Ajukan {_name(one)}", text, _url(one), "oranye"))
    last = Month.of(today).back()
    if not any(one.month == last.first for one in reports):
        text = "Angkanya dihitung sendiri dari data."
        cards.append(
            _card(f"Susun laporan {last.label}", text, reverse("reports:months"), "oranye")
        )
    return cards


def _name(report: MonthlyReport) -> str:
    return f"laporan {Month(report.month).label}"


def _url(report: MonthlyReport) -> str:
    return reverse("reports:month", args=[report.code])


def _card(title: str, text: str, url: str, tone: str) -> dict[str, Any]:
    return {"count": None, "title": title, "text": text, "url": url, "tone": tone}
