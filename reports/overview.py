"""The months at a glance: how each report stands and whose turn it is."""

from dataclasses import dataclass
from typing import Any

from regions.models import Programme
from regions.words import percent
from reports.models import MonthlyReport
from reports.months import Month

MONTHS_BACK = 12
Status = MonthlyReport.Status
# tone of components/_status.html, and what to do next by the role whose turn it is
TONES = {
    Status.DRAFT: "biru",
    Status.SUBMITTED: "oranye",
    Status.RETURNED: "merah",
    Status.FINAL: "hijau",
}
NEXT = {
    Status.DRAFT: "Tim Pelaksana melengkapi, lalu mengajukan.",
    Status.SUBMITTED: "Menunggu pemeriksaan Camat.",
    Status.RETURNED: "Tim Pelaksana memperbaiki, lalu mengajukan lagi.",
    Status.FINAL: "Selesai. Dapat diunduh.",
}


@dataclass(frozen=True)
class MonthRow:
    """One month of the list; ``report`` is its newest revision, ``final`` the one in force."""

    month: Month
    report: MonthlyReport | None
    final: MonthlyReport | None
    is_over: bool

    @property
    def is_due(self) -> bool:
        return self.is_over and self.report is None

    @property
    def tone(self) -> str:
        return TONES[Status(self.report.status)] if self.report else "netral"

    @property
    def state(self) -> str:
        return self.report.get_status_display() if self.report else "Belum disusun"

    @property
    def next(self) -> str:
        if self.report:
            return NEXT[Status(self.report.status)]
        return "Tim Pelaksana menyusun laporan." if self.is_over else "Bulan ini masih berjalan."

    @property
    def stunting(self) -> str:
        """The frozen share of stunted children, "" before the report is submitted."""
        return self._share("stunting")

    @property
    def coverage(self) -> str:
        return self._share("")

    def _share(self, word: str) -> str:
        shown = self.report if self.report and self.report.figures else self.final
        if shown is None or not shown.figures:
            return ""
        total = shown.figures["total"]
        if word:
            return percent(total[word]["n"], total[word]["total"])
        return percent(total["measured"], total["balita"])


def rows(user: Any, reports: list[MonthlyReport]) -> list[MonthRow]:
    """The running month, the twelve before it, and every older one that has a report."""
    if user.programme is None:
        return []
    this = Month.of(user.programme.today())
    known = {Month(report.month) for report in reports}
    wanted = known | {this.back(back) for back in range(MONTHS_BACK + 1)}
    return [_row(user.programme, month, reports) for month in sorted(wanted, reverse=True)]


def _row(programme: Programme, month: Month, reports: list[MonthlyReport]) -> MonthRow:
    mine = [report for report in reports if report.month == month.first]  # newest revision first
    return MonthRow(
        month=month,
        report=next(iter(mine), None),
        final=next((report for report in mine if report.is_final), None),
        is_over=programme.today() >= month.last,
    )
