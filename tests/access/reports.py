"""Access rows of reports."""

import itertools
from datetime import date
from types import SimpleNamespace
from typing import Any

from reports import store
from reports.figures import figures_of
from reports.models import MonthlyReport
from reports.months import Month
from tests.access.row import Row

_back = itertools.count(1)
_figures: dict[str, Any] = {}


def some_figures(place: SimpleNamespace) -> dict[str, Any]:
    """Figures of a programme without anybody: computed once, the same for every month."""
    code = place.programme.code
    if code not in _figures:
        _figures[code] = figures_of(place.programme, Month(date(2025, 12, 1)))
    return _figures[code]


def a_report(place: SimpleNamespace, status: str = "draft") -> dict[str, Any]:
    """A report of a month nobody used yet; a final one has a small file of its own."""
    month = Month(date(2026, 1, 1)).back(next(_back))
    values: dict[str, Any] = {}
    if status in {"submitted", "final"}:
        values = {"figures": some_figures(place), "submitted_by": place.tim}
    if status == "final":
        name, sha256 = store.keep(b"%PDF-1.7 contoh")
        values |= {"pdf_name": name, "sha256": sha256}
    report = MonthlyReport.objects.create(
        programme=place.programme, month=month.first, status=status, **values
    )
    return {"code": report.code}


def submitted(place: SimpleNamespace) -> dict[str, Any]:
    return a_report(place, "submitted")


def final(place: SimpleNamespace) -> dict[str, Any]:
    return a_report(place, "final")


def check_code(place: SimpleNamespace) -> dict[str, Any]:
    return {"code": MonthlyReport.objects.get(**final(place)).check_text}


ROWS: list[Row] = [
    Row("reports:months", "see_reports"),
    Row("reports:compose", "write_report", method="post", data={"month": "2025-06"}),
    Row("reports:month", "see_reports", a_report, scoped=True, whole=True),
    Row("reports:write", "write_report", a_report, "post", scoped=True, data={"obstacles": "x"}),
    Row("reports:submit", "write_report", a_report, "post", scoped=True),
    Row("reports:return", "finalise_report", submitted, "post", scoped=True, data={"reason": "x"}),
    Row("reports:finalise", "finalise_report", submitted, "post", scoped=True),
    Row("reports:revise", "write_report", final, "post", scoped=True, data={"reason": "x"}),
    Row("reports:pdf", "see_reports", final, scoped=True, whole=True),
    Row("reports:check-any", "public"),
    Row("reports:check", "public", check_code),
]
