"""The monthly report as people meet it: the pages, the paper, the command."""

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from interventions.models import Activity, Attendance, SanitationWork
from registry.models import Child, Measurement
from reports import document, store, workflow
from reports.models import MonthlyReport
from reports.months import Month
from tests.cast import a_child, a_pregnancy, a_submission, signed_in
from tests.pictures import text_of


@pytest.fixture
def month(cast: SimpleNamespace) -> Month:
    return Month.of(cast.programme.today()).back()


@pytest.fixture
def report(cast: SimpleNamespace, month: Month) -> MonthlyReport:
    return workflow.compose(cast.tim, cast.programme, month)


@pytest.fixture
def lived(cast: SimpleNamespace, month: Month) -> Child:
    """A month in which something happened; the child whose name must stand nowhere."""
    child = a_child(cast, name="Bunga Rahasia", father_name="Ayah Rahasia", nik="3302200101200001")
    for one, haz in ((child, "-3.20"), (a_child(cast), "-1.00")):
        Measurement.objects.create(
            child=one, measured_on=month.first, haz=Decimal(haz), waz=Decimal("-1"),
            whz=Decimal("-1"),
        )  # fmt: skip
    a_pregnancy(cast, weeks=20)
    a_submission(cast, received_at=month.clock(cast.programme)[0], child_name="Bunga Rahasia")
    common: dict[str, Any] = {
        "programme": cast.programme, "desa": cast.desa, "status": "completed", "funding": "mitra",
        "partner": cast.partner, "planned_start": month.first, "planned_end": month.last,
        "started_on": month.first, "ended_on": month.last, "cost_real": 4500000,
    }  # fmt: skip
    SanitationWork.objects.create(
        household=child.household, kind="jamban", condition_before="Belum ada", **common
    )
    held = Activity.objects.create(
        kind="parenting", title="Kelas", place="Balai", held_on=month.last, **common
    )
    Attendance.objects.create(activity=held, name="Ibu Rahasia", pre_score=40, post_score=60)
    return child


# --- The pages ---------------------------------------------------------------------------------


def test_the_team_composes_writes_and_hands_in_and_the_camat_finalises(
    cast: SimpleNamespace, lived: Child, month: Month
) -> None:
    tim, camat = signed_in(cast.tim), signed_in(cast.camat)
    assert month.label in tim.get("/laporan-bulanan/").content.decode()
    url = tim.post("/laporan-bulanan/susun/", {"month": str(month)})["Location"]
    shown = tim.get(url).content.decode()
    assert "50,0 %" in shown and "1/2" in shown and "ajukan ke Camat" in shown
    typed = {"number": "440/7/2026", "obstacles": "Hujan.", "signatory_name": "Camat Contoh"}
    answer = tim.post(f"{url}ajukan/", typed, follow=True).content.decode()
    assert "Laporan diajukan" in answer and "Hujan." in answer
    assert "Sahkan laporan" in camat.get(url).content.decode()
    answer = camat.post(f"{url}sahkan/", follow=True).content.decode()
    assert "sudah disahkan" in answer and f"Unduh laporan {month.label}" in answer
    report = MonthlyReport.objects.get()
    for reader in (tim, camat, signed_in(cast.nakes)):
        got = reader.get(f"{url}unduh/")
        assert got.content == store.read(report)
    assert got["Content-Disposition"] == (f'attachment; filename="laporan-kempling-{month}.pdf"')
    assert got["Cache-Control"] == "no-store" and got["Content-Type"] == "application/pdf"
    assert Event.objects.filter(verb="download_report", object_code=report.code).count() == 3


def test_every_figure_opens_the_list_behind_it(
    cast: SimpleNamespace, lived: Child, report: MonthlyReport, month: Month
) -> None:
    shown = signed_in(cast.tim).get(f"/laporan-bulanan/{report.code}/").content.decode()
    for filters in (f"gizi=stunting&amp;bulan={month}", "kelompok=baduta", "gizi=belum"):
        assert filters in shown
    assert f"desa={cast.desa.code}&amp;gizi=stunting" in shown
    total = document.shown_figures(report)["total"]
    measured = f"/anak/?gizi=diukur&bulan={month}"
    assert measured.replace("&", "&amp;") in shown
    listed = signed_in(cast.tim).get(measured).content.decode()
    assert f"{total['measured']} balita" in listed


def test_the_paper_says_n_and_d_of_every_desa(
    cast: SimpleNamespace, lived: Child, report: MonthlyReport
) -> None:
    page = signed_in(cast.tim).get(f"/laporan-bulanan/{report.code}/unduh/")
    said = text_of(b"".join(page.streaming_content) if page.streaming else page.content)
    assert "N/D′" in said and "D/S" in said


def test_a_month_frozen_before_n_and_t_still_opens(
    cast: SimpleNamespace, lived: Child, report: MonthlyReport
) -> None:
    figures = document.shown_figures(report)
    for row in (figures["total"], *figures["desa"], *figures["ages"]):
        del row["gain"]
    MonthlyReport.objects.filter(pk=report.pk).update(status="submitted", figures=figures)
    report.refresh_from_db()
    page = signed_in(cast.tim).get(f"/laporan-bulanan/{report.code}/").content.decode()
    assert "Berat naik (N/D′)" not in page and "50,0 %" in page
    assert document.copy_of(report).startswith(b"%PDF")


def test_what_was_typed_is_kept_when_it_is_too_long(
    cast: SimpleNamespace, report: MonthlyReport
) -> None:
    client = signed_in(cast.tim)
    for verb in ("tulis", "ajukan"):
        typed = {"obstacles": "k" * 4001, "number": "440/7"}
        answer = client.post(f"/laporan-bulanan/{report.code}/{verb}/", typed)
        assert answer.status_code == 422
        assert "k" * 4001 in answer.content.decode() and "Ringkas" in answer.content.decode()
    report.refresh_from_db()
    assert (report.obstacles, report.status) == ("", "draft")


def test_a_box_that_was_not_sent_stays_as_it_is(
    cast: SimpleNamespace, report: MonthlyReport
) -> None:
    number = report.number
    signed_in(cast.tim).post(f"/laporan-bulanan/{report.code}/tulis/", {"obstacles": "Hujan."})
    report.refresh_from_db()
    assert (report.number, report.obstacles) == (number, "Hujan.")
    event = Event.objects.get(verb="write", object_code=report.code)
    assert event.fields == ["obstacles"], "names of what changed, never the words"


def test_a_returned_report_says_why(cast: SimpleNamespace, report: MonthlyReport) -> None:
    workflow.submit(cast.tim, report)
    url = f"/laporan-bulanan/{report.code}/"
    signed_in(cast.camat).post(f"{url}kembalikan/", {"reason": "Kendala belum ditulis."})
    shown = signed_in(cast.tim).get(url).content.decode()
    assert "Camat mengembalikan laporan ini" in shown and "Kendala belum ditulis." in shown


def test_the_second_camat_is_told(cast: SimpleNamespace, report: MonthlyReport) -> None:
    workflow.submit(cast.tim, report)
    workflow.send_back(cast.camat, report, "Perbaiki.")
    answer = signed_in(cast.camat).post(f"/laporan-bulanan/{report.code}/sahkan/", follow=True)
    assert "sudah diproses orang lain" in answer.content.decode()


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "0000-01", "besok", "2999-01"])
def test_a_month_that_is_none_is_asked_again(cast: SimpleNamespace, text: str) -> None:
    answer = signed_in(cast.tim).post("/laporan-bulanan/susun/", {"month": text}, follow=True)
    assert answer.status_code == 200 and not MonthlyReport.objects.exists()
    assert "messages" in answer.context and list(answer.context["messages"])


def test_the_buttons_are_those_of_the_person(cast: SimpleNamespace, report: MonthlyReport) -> None:
    url = f"/laporan-bulanan/{report.code}/"

    def shown(user: Any) -> set[str]:
        page = signed_in(user).get(url).content.decode()
        words = ("Simpan dan ajukan", "Sahkan laporan", "Kembalikan", "Buat revisi")
        return {word for word in words if word in page}

    assert shown(cast.tim) == {"Simpan dan ajukan"}
    assert shown(cast.camat) == shown(cast.sekcam) == set()
    workflow.submit(cast.tim, report)
    assert shown(cast.camat) == {"Sahkan laporan", "Kembalikan"}
    assert shown(cast.tim) == shown(cast.petugas) == set()


def test_the_months_page_asks_few_questions(cast: SimpleNamespace, month: Month) -> None:
    client = signed_in(cast.tim)
    for back in range(3):
        workflow.submit(cast.tim, workflow.compose(cast.tim, cast.programme, month.back(back)))
    client.get("/laporan-bulanan/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/laporan-bulanan/")
    assert len(asked) <= 8, [query["sql"] for query in asked]


def test_a_damaged_file_is_said_and_not_handed_out(
    cast: SimpleNamespace, report: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "final_pdf", lambda report, seal: b"%PDF-1.7 contoh")
    workflow.submit(cast.tim, report)
    workflow.finalise(cast.camat, report)
    from django.conf import settings

    (Path(settings.REPORTS_DIR) / report.pdf_name).write_bytes(b"%PDF-1.7 palsu")
    url = f"/laporan-bulanan/{report.code}/unduh/"
    answer = signed_in(cast.tim).get(url, follow=True)
    assert "sudah berubah sejak disahkan" in answer.content.decode()


# --- The command -------------------------------------------------------------------------------


def command(out: Path, month: object, programme: str = "kempling") -> str:
    said = io.StringIO()
    call_command("monthly_report", programme=programme, month=str(month), out=str(out), stdout=said)
    return said.getvalue().strip()


def test_the_command_writes_the_stored_bytes_of_a_final_report(
    cast: SimpleNamespace, report: MonthlyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "final_pdf", lambda report, seal: b"%PDF-1.7 contoh")
    workflow.submit(cast.tim, report)
    workflow.finalise(cast.camat, report)
    out = tmp_path / "laporan.pdf"
    assert command(out, Month(report.month)) == "final"
    assert out.read_bytes() == store.read(report)
    workflow.revise(cast.tim, report, "alasan")
    assert command(out, Month(report.month)) == "final", "in force until the revision is final"
    assert [file.name for file in tmp_path.iterdir()] == ["laporan.pdf"]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_the_command_marks_anything_else_konsep(
    cast: SimpleNamespace, report: MonthlyReport, tmp_path: Path, state: str
) -> None:
    if state != "draft":
        workflow.submit(cast.tim, report)
    if state == "returned":
        workflow.send_back(cast.camat, report, "alasan")
    out = tmp_path / "laporan.pdf"
    assert command(out, Month(report.month)) == state
    assert "KONSEP" in text_of(out.read_bytes())


def test_the_command_makes_no_row(cast: SimpleNamespace, month: Month, tmp_path: Path) -> None:
    out = tmp_path / "laporan.pdf"
    assert command(out, month) == "belum ada"
    assert "KONSEP" in text_of(out.read_bytes())
    assert not MonthlyReport.objects.exists() and not Event.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"month": "2026-13"}, "is not a month"),
        ({"month": "oktober"}, "is not a month"),
        ({"month": "2098-01"}, "has not begun"),
        ({"programme": "lain"}, "Known: .*kempling"),
        ({"out": "tidak-ada/laporan.pdf"}, "does not exist"),
        ({"out": "."}, "is a folder"),
    ],
)
def test_the_command_says_what_is_wrong(
    cast: SimpleNamespace, month: Month, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    given = {"programme": "kempling", "month": str(month), "out": "laporan.pdf"} | changes
    given["out"] = str(tmp_path / given["out"])
    with pytest.raises(CommandError, match=said):
        call_command("monthly_report", **given)
    assert list(tmp_path.iterdir()) == []


# --- Months ------------------------------------------------------------------------------------


def test_a_month_knows_its_days_and_neighbours() -> None:
    february = Month.read("2024-02")
    assert february is not None
    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert [str(february.back(n)) for n in (1, 2, 12)] == ["2024-01", "2023-12", "2023-02"]
    assert february.label == "Februari 2024"
    assert Month.of(february.last + timedelta(days=1)) == Month.read("2024-03")
