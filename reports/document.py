"""What a report says, for the page and for paper, and the PDF made from it.

The same words and rows serve both; only the frame differs. The PDF is rendered here, outside any
transaction, and carries no child's name, NIK or face: it is made from counts alone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from regions import paper
from regions.words import long_date, number, percent
from reports import store
from reports.charts import stunting_bars
from reports.figures import PARTS, Figures, Row, figures_of
from reports.lists import ListLink, links_of
from reports.models import MonthlyReport
from reports.months import Month

INDEX_WORDS = (
    ("stunting", "Pendek dan sangat pendek (TB/U)"),
    ("wasting", "Gizi kurang dan gizi buruk (BB/TB)"),
    ("underweight", "Berat badan kurang (BB/U)"),
)


@dataclass(frozen=True)
class Seal:
    """How the Camat signs: when, and as Plt. or Plh. when acting for the office."""

    at: datetime
    acting: str = ""


def shown_figures(report: MonthlyReport) -> Figures:
    """Live while the report is being written, the frozen copy from the day it is submitted."""
    if report.is_editable or report.figures is None:
        return figures_of(report.programme, Month(report.month))
    frozen: Figures = report.figures
    return frozen


def copy_of(report: MonthlyReport) -> bytes:
    """The stored bytes of a final report, else a copy marked KONSEP. Raises store.Damaged."""
    return store.read(report) if report.is_final else draft_pdf(report, shown_figures(report))


def said(report: MonthlyReport, figures: Figures, link: ListLink | None = None) -> dict[str, Any]:
    """The words and rows of one report, the same for page and paper.

    ``link`` gives the address of the list behind a figure (reports/lists.py).
    """
    month = Month(report.month)
    on = date.fromisoformat(figures["on"])
    return {
        "report": report,
        "programme": report.programme,
        "month": month,
        "on": on,
        "taken_at": datetime.fromisoformat(figures["taken_at"]),
        "figures": figures,
        "total": with_shares(figures["total"], link),
        "rows": [with_shares(row, link) for row in figures["desa"]],
        "ages": [with_shares(row) for row in figures["ages"]],
        "quality": quality(figures["total"]),
        "bars": stunting_bars(figures["desa"], link),
        "partners_total": partners_total(figures),
        "chart_note": f"Data {long_date(on)}. n/N: balita pendek dari yang dapat dihitung. "
        "Garis tipis: rentang kepercayaan 95 %.",
        "conclusions": conclusions(figures),
        "dispositions": list(dict.fromkeys(step["disposisi"] for step in figures["sop"])),
        "area": area(report),
    }


def final_pdf(report: MonthlyReport, seal: Seal) -> bytes:
    """The PDF of the report as it will stand once it is final, from its frozen figures."""
    figures: Figures = report.figures  # type: ignore[assignment]
    return _print(report, figures, seal=seal)


def draft_pdf(report: MonthlyReport, figures: Figures) -> bytes:
    """A copy of a report that is not final: KONSEP across every page."""
    return _print(report, figures, seal=None)


def _print(report: MonthlyReport, figures: Figures, seal: Seal | None) -> bytes:
    check_url = settings.SITE_URL + reverse("reports:check", args=[report.check_text])
    words = said(report, figures)
    signatory = report.programme.letterhead.get("signatory", "CAMAT")
    acting = f"{seal.acting}. " if seal and seal.acting else ""
    return paper.print_paper(
        "reports/paper.html",
        report.programme,
        words
        | {
            "title": f"Laporan bulanan {report.programme.short_name} {words['month'].label}",
            "is_draft": seal is None,
            "made": seal.at if seal else words["taken_at"],
            "signed_on": report.programme.local(seal.at).date() if seal else None,
            "office": acting + signatory,
            "check_code": report.check_text,
        },
        check_url=check_url,
    )


# --- Rows and sentences ------------------------------------------------------------------------


def with_shares(row: Row, link: ListLink | None = None) -> Row:
    """The row with its shares as text beside their n and N; "–" where nobody was counted.

    With ``link`` also ``links``: for each figure the address of the list behind it.
    """
    shares = {
        word: {**row[word], "share": _share(row[word]["n"], row[word]["total"])}
        for word, _ in INDEX_WORDS
    }
    more: Row = {"coverage": _share(row["measured"], row["balita"])}
    if gain := row.get("gain"):  # reports frozen earlier have none
        more["gain"] = {**gain, "share": _share(gain["n"], gain["total"])}
    return {**row, **shares, **more, "links": links_of(row["key"], link) if link else {}}


def quality(total: Row) -> list[dict[str, Any]]:
    """Per index: how many were counted, and how many were left out and why."""
    return [
        {"label": label, **{part: total[word][part] for part in PARTS}}
        for word, label in INDEX_WORDS
    ]


def conclusions(figures: Figures) -> list[str]:
    """What the figures say, in sentences; each share with its n and N."""
    total, sent = figures["total"], figures["submissions"]
    short = total["stunting"]
    found = [
        f"Balita yang ditimbang atau diukur: {percent(total['measured'], total['balita'])} "
        "dari yang terdaftar."
    ]
    if gain := total.get("gain", {}).get("total"):
        found.append(
            f"Balita yang naik berat badannya (N/D′): {percent(total['gain']['n'], gain)} dari "
            "yang ditimbang dua bulan berturut-turut."
        )
    if short["total"]:
        found.append(
            f"Balita pendek (stunting): {percent(short['n'], short['total'])} dari yang dapat "
            f"dihitung, {number(short['severe'])} di antaranya sangat pendek."
        )
        found += _most_in_need(figures["desa"])
    else:
        found.append("Belum ada ukuran tinggi badan bulan ini yang dapat dihitung.")
    if sent["received"]:
        found.append(
            f"Laporan kader yang terverifikasi: {percent(sent['approved'], sent['received'])}."
        )
    return found


def partners_total(figures: Figures) -> dict[str, int]:
    """The columns of the partners' table summed."""
    columns = ("pmt", "works", "activities", "rupiah")
    rows = figures["help"]["partners"]
    return {column: sum(row[column] for row in rows) for column in columns}


def area(report: MonthlyReport) -> str:
    """``16 desa``, ``12 kelurahan dan 1 desa``: what the report covers."""
    kinds = [desa.is_kelurahan for desa in report.programme.desa()]
    words = [(sum(kinds), "kelurahan"), (len(kinds) - sum(kinds), "desa")]
    return " dan ".join(f"{count} {word}" for count, word in words if count)


def _most_in_need(rows: list[Row]) -> list[str]:
    worst = sorted(rows, key=lambda row: -row["stunting"]["n"])[:3]
    named = [
        f"{row['label']} ({row['stunting']['n']} anak)" for row in worst if row["stunting"]["n"]
    ]
    return [f"Jumlah balita pendek terbanyak: {', '.join(named)}."] if named else []


def _share(n: int, total: int) -> str:
    return f"{number(100 * n / total, 1)} %" if total else "–"
