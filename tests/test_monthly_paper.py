"""What stands on the paper of the monthly report, and what must not.

Papers are the same on every database, and dear: that the figures behind them hold on each is asked
by ``tests/test_figures.py`` and ``tests/test_monthly_report.py``.
"""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from registry.models import Child
from reports import document, store, workflow
from reports.models import MonthlyReport
from reports.months import Month
from tests.cast import signed_in
from tests.pictures import codes_of, everything_in, text_of, unembedded_fonts
from tests.test_monthly_report import lived, month, report

pytestmark = pytest.mark.once
__all__ = ["lived", "month", "report"]


def test_the_paper_says_everything_in_its_place(
    cast: SimpleNamespace, lived: Child, report: MonthlyReport, month: Month
) -> None:
    workflow.write(cast.tim, report, {"obstacles": "Alat ukur rusak.", "follow_up": "Pinjam alat.",
                                      "signatory_name": "Camat Contoh, S.IP",
                                      "signatory_nip": "000000000000000000"})  # fmt: skip
    workflow.submit(cast.tim, report)
    workflow.finalise(cast.camat, report)
    pdf = store.read(report)
    words = text_of(pdf)
    in_order = (
        "PEMERINTAH KABUPATEN BANYUMAS", "Nomor: 440/001/KEMPLING/", "LAPORAN BULANAN",
        "KEMBARAN PEDULI STUNTING (KEMPLING)", f"BULAN {month.label.upper()}", "A. Pendahuluan",
        "Nomor: 011/INOVASI/2022", "B. Kegiatan yang dilaksanakan", "Rp4.500.000", "Mitra Contoh",
        "C. Hasil yang dicapai", "50,0 %", "Desa Ledug", "WHO2006-anthro1.1/1", "Awal program: 236",
        "D. Kendala, simpulan dan saran", "Alat ukur rusak.", "Pinjam alat.", "E. Penutup",
        "CAMAT KEMBARAN", "Camat Contoh, S.IP", "NIP. 000000000000000000",
    )  # fmt: skip
    places = [words.find(expected) for expected in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)
    assert "1/2" in words and "KONSEP" not in words
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    assert f"Halaman 1 dari {pages}" in words and f"Halaman {pages} dari {pages}" in words


def test_every_page_carries_the_code_that_opens_the_check_page(
    cast: SimpleNamespace, report: MonthlyReport, settings: Any
) -> None:
    settings.SITE_URL = "https://kempling.example"
    pdf = document.copy_of(report)
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    address = f"https://kempling.example/cek/{report.check_text}/"
    assert codes_of(pdf, dpi=150) == [address] * pages
    assert report.check_text in text_of(pdf)
    assert signed_in(cast.tim).get(f"/cek/{report.check_text}/").status_code == 200


def test_no_childs_name_nik_or_face_is_on_paper(
    cast: SimpleNamespace, lived: Child, report: MonthlyReport
) -> None:
    pdf = document.copy_of(report)
    inside = everything_in(pdf) + text_of(pdf).encode()
    for hidden in ("Rahasia", lived.nik, lived.household.address, lived.mother.name):
        assert hidden.encode() not in inside


def test_paper_size_and_fonts(cast: SimpleNamespace, report: MonthlyReport) -> None:
    pdf = document.copy_of(report)
    assert unembedded_fonts(pdf) == []
    size = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert [round(float(side) / 72 * 25.4) for side in (size.width, size.height)] == [215, 330]


def test_gasken_has_its_own_paper(cast: SimpleNamespace, month: Month) -> None:
    there = cast.gasken
    report = workflow.compose(there.tim, there.programme, month)
    words = text_of(document.copy_of(report))
    for expected in ("KECAMATAN SUNGAILIAT", "12 kelurahan dan 1 desa", "CAMAT SUNGAILIAT",
                     "Pedoman Teknis Inovasi GASKEN;", "GASKEN)"):  # fmt: skip
        assert expected in words
    assert "KEMPLING" not in words and "236" not in words


def test_a_copy_of_a_draft_is_marked_konsep_on_every_page(
    cast: SimpleNamespace, report: MonthlyReport
) -> None:
    got = signed_in(cast.tim).get(f"/laporan-bulanan/{report.code}/unduh/")
    assert got["Content-Disposition"].endswith('-konsep.pdf"')
    for page in PdfReader(io.BytesIO(got.content)).pages:
        assert "KONSEP" in page.extract_text()


def test_html_in_what_was_typed_is_printed_and_fetches_nothing(
    cast: SimpleNamespace, report: MonthlyReport, tmp_path: Path
) -> None:
    """security.md case 61."""
    canary = tmp_path / "rahasia.txt"
    canary.write_text("KENARI-4471")
    typed = f"<img src='{canary.as_uri()}'><link rel=attachment href='{canary.as_uri()}'>"
    workflow.write(cast.tim, report, dict.fromkeys(workflow.TEXTS, typed[:30]))
    workflow.write(cast.tim, report, {"obstacles": typed, "follow_up": typed})
    pdf = document.copy_of(report)
    assert b"KENARI-4471" not in everything_in(pdf)
    assert "<img src=" in text_of(pdf)


def test_the_same_figures_give_the_same_bytes(
    cast: SimpleNamespace, lived: Child, report: MonthlyReport
) -> None:
    figures = document.shown_figures(report)
    assert document.draft_pdf(report, figures) == document.draft_pdf(report, figures)
