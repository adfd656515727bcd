"""The public page a report's QR opens: it confirms the paper and shows nobody's data."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reports import document, store, workflow
from reports.models import MonthlyReport
from reports.months import Month
from reports.upload import FORM_BYTES, MAX_BYTES
from tests.cast import a_child

PDF = b"%PDF-1.7 laporan contoh"


@pytest.fixture
def final(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> MonthlyReport:
    monkeypatch.setattr(document, "final_pdf", lambda report, seal: PDF + report.code.encode())
    month = Month.of(cast.programme.today()).back()
    report = workflow.compose(cast.tim, cast.programme, month)
    return finalised(cast, report)


def finalised(cast: SimpleNamespace, report: MonthlyReport) -> MonthlyReport:
    workflow.submit(cast.tim, report)
    workflow.finalise(cast.camat, report)
    return MonthlyReport.objects.select_related("programme").get(pk=report.pk)


def sent(report: MonthlyReport | None, content: bytes) -> dict[str, Any]:
    name = "laporan-rahasia.pdf"
    return {"file": SimpleUploadedFile(name, content, content_type="application/pdf")}


def page(url: str, data: Any = None, status: int = 200) -> str:
    """The page as anybody sees it."""
    client = Client(enforce_csrf_checks=True)
    response = client.post(url, data) if data is not None else client.get(url)
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_it_confirms_programme_month_number_and_hash(final: MonthlyReport) -> None:
    found = page(f"/cek/{final.check_text}/")
    for expected in ("Laporan ini asli dan berlaku", final.programme.name, Month(final.month).label,
                     final.number, final.sha256, final.check_text):  # fmt: skip
        assert expected in found


@pytest.mark.parametrize("written", [str.lower, lambda text: text.replace("-", ""), str.upper])
def test_a_code_is_found_however_it_is_typed(final: MonthlyReport, written: Any) -> None:
    answer = Client().get("/cek/", {"code": f" {written(final.check_text)} "})
    assert answer.status_code == 302
    assert "asli dan berlaku" in page(answer["Location"])
    assert "asli dan berlaku" in page(f"/cek/{written(final.check_text)}/")


def test_no_personal_datum_is_shown(cast: SimpleNamespace, final: MonthlyReport) -> None:
    child = a_child(cast)
    found = page(f"/cek/{final.check_text}/")
    for hidden in (child.name, cast.tim.full_name, cast.camat.full_name, cast.tim.username,
                   final.code, final.pdf_name):  # fmt: skip
        assert hidden not in found


def test_a_newer_revision_is_pointed_to(cast: SimpleNamespace, final: MonthlyReport) -> None:
    draft = workflow.revise(cast.tim, final, "Salah desa.")
    assert "asli dan berlaku" in page(f"/cek/{final.check_text}/"), "until the revision is final"
    newer = finalised(cast, draft)
    old = page(f"/cek/{final.check_text}/")
    assert "revisi yang lebih baru" in old and newer.check_text in old
    assert "asli dan berlaku" in page(f"/cek/{newer.check_text}/")
    assert "Salah desa." not in old, "what the office typed is not for the public"


def test_a_report_that_is_not_final_is_not_confirmed(cast: SimpleNamespace) -> None:
    draft = workflow.compose(cast.tim, cast.programme, Month.of(cast.programme.today()).back())
    found = page(f"/cek/{draft.check_text}/")
    assert "Belum disahkan" in found and "Laporan ini asli" not in found


@pytest.mark.parametrize("code", ["0000-0000-00000", "abc", "x" * 400])
def test_an_unknown_code_gets_a_clear_page(db: None, code: str) -> None:
    found = page(f"/cek/{code}/", status=404)
    assert "Kode tidak dikenal" in found


@pytest.mark.parametrize("typed", ["", "abc", "!!!!", "0" * 41])
def test_a_code_that_cannot_be_one_is_asked_again(db: None, typed: str) -> None:
    answer = Client().get("/cek/", {"code": typed})
    assert answer.status_code == 200 and "Kode laporan" in answer.content.decode()


def test_the_same_file_is_told_from_another(final: MonthlyReport) -> None:
    url = f"/cek/{final.check_text}/"
    pdf = store.read(final)
    assert "sama persis" in page(url, sent(final, pdf))
    assert "Berkas ini berbeda" in page(url, sent(final, pdf + b" "))
    assert "Pilih berkas PDF dahulu" in page(url, {})
    assert "Pilih berkas PDF dahulu" in page(url, sent(final, b""))


def test_a_file_alone_finds_its_report(final: MonthlyReport) -> None:
    found = page("/cek/", sent(None, store.read(final)))
    assert "sama persis" in found and Month(final.month).label in found
    assert "tidak dikenal" in page("/cek/", sent(None, b"%PDF-1.7 lain"))


def test_a_large_file_is_refused_and_nothing_is_kept(
    final: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_file(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("an upload was written to disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", no_file)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", no_file)
    for size in (MAX_BYTES + 1, MAX_BYTES + 2 * FORM_BYTES):
        found = page(f"/cek/{final.check_text}/", sent(final, b"x" * size))
        assert "Berkas terlalu besar" in found


def test_a_torn_upload_is_no_accident(final: MonthlyReport) -> None:
    torn = "multipart/form-data; boundary=x"
    client = Client()
    for body in (b"--x\r\nContent-Disposition: form-data; name=", b"", b"\x00" * 50):
        answer = client.post(f"/cek/{final.check_text}/", data=body, content_type=torn)
        assert answer.status_code == 200
    answer = client.post(f"/cek/{final.check_text}/", data=b"{}", content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(final: MonthlyReport, method: str) -> None:
    assert getattr(Client(), method)(f"/cek/{final.check_text}/").status_code == 405
