"""``manage.py monthly_report --programme kempling --month 2026-10 --out FILE.pdf``"""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regions.models import Programme
from reports import document, store
from reports.models import MonthlyReport
from reports.months import Month


class Command(BaseCommand):
    help = (
        "Write the month's report as a PDF: the stored file when final, else a copy marked KONSEP."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", required=True, help="code, for example kempling")
        parser.add_argument("--month", required=True, help="YYYY-MM, for example 2026-10")
        parser.add_argument("--out", required=True, help="the PDF to write")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = _programme(options["programme"])
        month = _month(options["month"], programme)
        out = _out(options["out"])
        reports = MonthlyReport.objects.of_month(programme, month.first)
        reports = reports.select_related("programme__region")
        report = reports.final().newest() or reports.newest()
        try:
            pdf = document.copy_of(report or MonthlyReport(programme=programme, month=month.first))
        except store.Damaged as damaged:
            raise CommandError(str(damaged)) from damaged
        _write(out, pdf)
        self.stdout.write(report.status if report else "belum ada")


def _programme(code: str) -> Programme:
    found = Programme.objects.select_related("region").filter(code=code).first()
    if found is None:
        known = ", ".join(Programme.objects.values_list("code", flat=True)) or "none is loaded"
        raise CommandError(f"There is no programme {code!r}. Known: {known}.")
    return found


def _month(text: str, programme: Programme) -> Month:
    month = Month.read(text)
    if month is None:
        raise CommandError(f"{text!r} is not a month. Write it as YYYY-MM, for example 2026-10.")
    if month.first > programme.today():
        raise CommandError(f"{month.label} has not begun: there is nothing to report yet.")
    return month


def _out(text: str) -> Path:
    out = Path(text)
    if out.is_dir():
        raise CommandError(f"{out} is a folder. Name the PDF file to write.")
    if not out.parent.is_dir():
        raise CommandError(f"The folder {out.parent} does not exist. Make it first.")
    if not os.access(out.parent, os.W_OK):
        raise CommandError(f"The folder {out.parent} cannot be written to.")
    return out


def _write(out: Path, pdf: bytes) -> None:
    """All of the file or nothing: a half-written report must not lie about."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".laporan-", delete=False) as file:
            file.write(pdf)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(out)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
