"""A report's way to final: who may, in what order, and that final stays final."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from accounts.models import Event, Grant
from accounts.transitions import Refused
from reports import document, store, workflow
from reports.models import MonthlyReport
from reports.months import Month
from reports.todo import todo
from sop import workflow as sop
from sop.models import StepRecord
from tests.cast import person
from tests.pictures import text_of

Status = MonthlyReport.Status


@pytest.fixture
def month(cast: SimpleNamespace) -> Month:
    return Month.of(cast.programme.today()).back()


@pytest.fixture
def report(cast: SimpleNamespace, month: Month) -> MonthlyReport:
    """A draft of the last full month."""
    return workflow.compose(cast.tim, cast.programme, month)


@pytest.fixture
def submitted(cast: SimpleNamespace, report: MonthlyReport) -> MonthlyReport:
    workflow.submit(cast.tim, report)
    return report


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of one line, where the paper itself does not matter."""
    monkeypatch.setattr(
        document, "final_pdf", lambda report, seal: b"%PDF-1.7 " + report.code.encode()
    )


def files() -> set[str]:
    folder = Path(settings.REPORTS_DIR)
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def stored(report: MonthlyReport) -> MonthlyReport:
    return MonthlyReport.objects.select_related("programme__region").get(pk=report.pk)


# --- It works ----------------------------------------------------------------------------------


def test_from_draft_to_final(cast: SimpleNamespace, report: MonthlyReport) -> None:
    workflow.write(cast.tim, report, {"obstacles": "Alat ukur rusak.", "number": "440/9/2026"})
    workflow.submit(cast.tim, report)
    assert stored(report).status == Status.SUBMITTED and stored(report).figures
    workflow.finalise(cast.camat, report)
    final = stored(report)
    assert final.status == Status.FINAL
    assert (final.finalised_by, final.submitted_by) == (cast.camat, cast.tim)
    pdf = store.read(final)
    assert store.digest(pdf) == final.sha256
    words = text_of(pdf)
    assert "KONSEP" not in words and "Alat ukur rusak." in words and "440/9/2026" in words
    verbs = Event.objects.filter(object_code=report.code).values_list("verb", flat=True)
    assert list(verbs) == ["compose", "write", "submit", "finalise"]


def test_the_camat_returns_and_the_team_hands_in_again(
    cast: SimpleNamespace, submitted: MonthlyReport
) -> None:
    workflow.send_back(cast.camat, submitted, "Kendala belum ditulis.")
    assert stored(submitted).return_reason == "Kendala belum ditulis."
    workflow.write(cast.kasi, submitted, {"obstacles": "Hujan."})
    workflow.submit(cast.kasi, submitted)
    again = stored(submitted)
    assert (again.status, again.submitted_by, again.return_reason) == (
        Status.SUBMITTED, cast.kasi, "",
    )  # fmt: skip


def test_composing_twice_gives_one_report(cast: SimpleNamespace, report: MonthlyReport) -> None:
    assert workflow.compose(cast.kasi, cast.programme, Month(report.month)) == report
    assert MonthlyReport.objects.count() == 1


def test_the_number_follows_the_programmes_format(cast: SimpleNamespace) -> None:
    cast.programme.settings["report_number_format"] = "440/{sequence:03d}/{month}/{year}{x.y}"
    first = workflow.compose(cast.tim, cast.programme, Month(date(2025, 3, 1)))
    second = workflow.compose(cast.tim, cast.programme, Month(date(2025, 4, 1)))
    there = workflow.compose(cast.gasken.tim, cast.gasken.programme, Month(date(2025, 4, 1)))
    assert [first.number, second.number] == ["440/001/3/2025{x.y}", "440/002/4/2025{x.y}"]
    assert there.number == "440/001/GASKEN/2025"


def test_the_signatory_is_remembered(cast: SimpleNamespace, report: MonthlyReport) -> None:
    workflow.write(cast.tim, report, {"signatory_name": "Camat Contoh", "signatory_nip": "0" * 18})
    later = workflow.compose(cast.tim, cast.programme, Month(report.month).back(2))
    assert (later.signatory_name, later.signatory_nip) == ("Camat Contoh", "0" * 18)


def test_figures_live_until_submitted_then_stand_still(
    cast: SimpleNamespace, report: MonthlyReport
) -> None:
    from tests.cast import a_child

    a_child(cast)
    assert document.shown_figures(report)["total"]["balita"] == 1
    workflow.submit(cast.tim, report)
    a_child(cast)
    assert document.shown_figures(stored(report))["total"]["balita"] == 1
    workflow.send_back(cast.camat, report, "Tambah anak yang baru.")
    assert document.shown_figures(stored(report))["total"]["balita"] == 2


def test_submitting_finishes_the_sops_report_step(cast: SimpleNamespace, month: Month) -> None:
    """KEMPLING row 6: Membuat Laporan kepada Camat."""
    words = {"month": month.first, "perihal": "SOP", "instruction": "Laksanakan."}
    sop.issue(cast.camat, cast.programme, words)
    steps = StepRecord.objects.filter(run__month=month.first, run__programme=cast.programme)
    started = cast.programme.local(month.clock(cast.programme)[0])
    steps.exclude(number=6).update(started_at=started, finished_at=started)
    report = workflow.compose(cast.tim, cast.programme, month)
    workflow.submit(cast.tim, report)
    last = steps.get(number=6)
    assert last.finished_by == cast.tim and Month(report.month).label in last.output
    assert stored(report).figures["sop"][-1]["state"] == "Selesai"  # type: ignore[index]


def test_the_acting_camat_signs_as_acting(cast: SimpleNamespace, submitted: MonthlyReport) -> None:
    deputy = person("camat", cast.programme)
    Grant.objects.filter(user=deputy).update(acting="Plt")
    workflow.finalise(deputy, submitted)
    assert "PLT. CAMAT KEMBARAN" in text_of(store.read(stored(submitted)))


# --- Who may not -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["petugas", "tim", "kasi", "sekcam", "nakes", "admin", "kader"])
def test_only_the_camat_decides(cast: SimpleNamespace, submitted: MonthlyReport, role: str) -> None:
    before = files()
    for act in (workflow.finalise, lambda u, r: workflow.send_back(u, r, "alasan")):
        with pytest.raises(Refused) as refused:
            act(getattr(cast, role), submitted)
        assert refused.value.stranger
    assert stored(submitted).status == Status.SUBMITTED and files() == before


@pytest.mark.parametrize("role", ["petugas", "sekcam", "camat", "nakes", "admin", "kader"])
def test_only_tim_and_kasi_write(cast: SimpleNamespace, report: MonthlyReport, role: str) -> None:
    user, month = getattr(cast, role), Month(report.month)
    acts: list[Callable[[], Any]] = [
        lambda: workflow.write(user, report, {"obstacles": "x"}),
        lambda: workflow.submit(user, report),
        lambda: workflow.compose(user, cast.programme, month.back()),
    ]
    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.stranger


def test_nobody_finalises_what_they_submitted(cast: SimpleNamespace, month: Month) -> None:
    """Persons are compared, not roles (design.md §4)."""
    both = person("camat", cast.programme)
    Grant.objects.create(user=both, role="tim", programme=cast.programme)
    report = workflow.compose(both, cast.programme, month)
    workflow.submit(both, report)
    assert "finalise" not in workflow.verbs(both, report)
    assert todo(both) == []
    with pytest.raises(Refused, match="orang lain"):
        workflow.finalise(both, report)
    assert stored(report).status == Status.SUBMITTED


# --- What is refused ---------------------------------------------------------------------------

DRAWN = {
    (Status.DRAFT, "write"), (Status.DRAFT, "submit"),
    (Status.RETURNED, "write"), (Status.RETURNED, "submit"),
    (Status.SUBMITTED, "return"), (Status.SUBMITTED, "finalise"),
    (Status.FINAL, "revise"),
}  # fmt: skip
UNDRAWN = [
    (status, verb) for status in Status for verb in workflow.TABLE.steps
    if (status, verb) not in DRAWN
]  # fmt: skip


@pytest.mark.parametrize(("status", "verb"), UNDRAWN)
@pytest.mark.usefixtures("quick")
def test_what_is_not_drawn_is_refused(
    cast: SimpleNamespace, report: MonthlyReport, status: str, verb: str
) -> None:
    _bring(cast, report, status)
    events = Event.objects.count()
    acts: dict[str, Callable[[], Any]] = {
        "write": lambda: workflow.write(cast.tim, report, {"obstacles": "x"}),
        "submit": lambda: workflow.submit(cast.tim, report),
        "return": lambda: workflow.send_back(cast.camat, report, "alasan"),
        "finalise": lambda: workflow.finalise(cast.camat, report),
        "revise": lambda: workflow.revise(cast.tim, report, "alasan"),
    }
    with pytest.raises(Refused) as refused:
        acts[verb]()
    assert not refused.value.stranger
    assert stored(report).status == status and Event.objects.count() == events


def _bring(cast: SimpleNamespace, report: MonthlyReport, status: str) -> None:
    if status != Status.DRAFT:
        workflow.submit(cast.tim, report)
    if status == Status.RETURNED:
        workflow.send_back(cast.camat, report, "alasan")
    if status == Status.FINAL:
        workflow.finalise(cast.camat, report)


def test_a_running_month_can_be_drafted_but_not_handed_in(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 10, 30)
    monkeypatch.setattr(type(cast.programme), "today", lambda self: day)
    report = workflow.compose(cast.tim, cast.programme, Month(date(2026, 10, 1)))
    assert "submit" not in workflow.verbs(cast.tim, report)
    with pytest.raises(Refused, match="31 Oktober 2026"):
        workflow.submit(cast.tim, report, {"obstacles": "Sudah ditulis"})
    assert stored(report).obstacles == "Sudah ditulis", "what was typed is kept"
    day = date(2026, 10, 31)
    workflow.submit(cast.tim, report)
    assert stored(report).status == Status.SUBMITTED


def test_a_month_to_come_has_no_report(cast: SimpleNamespace) -> None:
    ahead = Month.of(Month.of(cast.programme.today()).last + timedelta(days=1))
    with pytest.raises(Refused, match="belum mulai"):
        workflow.compose(cast.tim, cast.programme, ahead)


@pytest.mark.parametrize("reason", ["", "   \n"])
@pytest.mark.usefixtures("quick")
def test_returning_and_revising_ask_for_a_reason(
    cast: SimpleNamespace, submitted: MonthlyReport, reason: str
) -> None:
    with pytest.raises(Refused, match="alasan"):
        workflow.send_back(cast.camat, submitted, reason)
    workflow.finalise(cast.camat, submitted)
    with pytest.raises(Refused, match="alasan"):
        workflow.revise(cast.tim, submitted, reason)


# --- Two at once, and what breaks in between ---------------------------------------------------


@pytest.mark.usefixtures("quick")
def test_of_two_camats_one_wins_and_the_other_is_told(
    cast: SimpleNamespace, submitted: MonthlyReport
) -> None:
    other, before = person("camat", cast.programme), files()
    mine, theirs = stored(submitted), stored(submitted)
    workflow.finalise(cast.camat, mine)
    with pytest.raises(Refused):
        workflow.finalise(other, theirs)
    final = stored(submitted)
    assert final.finalised_by == cast.camat
    assert files() - before == {final.pdf_name}, "the loser's file is gone, the winner's is there"
    assert Event.objects.filter(verb="finalise").count() == 1


def test_returned_and_handed_in_anew_while_the_pdf_was_made(
    cast: SimpleNamespace, submitted: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Camat would sign figures nobody showed him: refused."""

    def slow(report: MonthlyReport, seal: document.Seal) -> bytes:
        again = stored(submitted)
        workflow.send_back(cast.camat, again, "Perbaiki.")
        workflow.submit(cast.tim, again)
        return b"%PDF-1.7 lama"

    before = files()
    monkeypatch.setattr(document, "final_pdf", slow)
    with pytest.raises(Refused):
        workflow.finalise(cast.camat, submitted)
    assert stored(submitted).status == Status.SUBMITTED and files() == before


def test_a_crash_between_file_and_row_leaves_it_submitted(
    cast: SimpleNamespace, submitted: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(document, "final_pdf", lambda report, seal: b"%PDF-1.7 contoh")
        broken.setattr(workflow.TABLE, "move", crash)
        with pytest.raises(OSError, match="disk full"):
            workflow.finalise(cast.camat, stored(submitted))
    assert stored(submitted).status == Status.SUBMITTED
    workflow.finalise(cast.camat, stored(submitted))
    assert store.read(stored(submitted))


def test_a_crash_while_writing_the_file_leaves_it_submitted(
    cast: SimpleNamespace, submitted: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(pdf: bytes) -> tuple[str, str]:
        raise OSError("disk full")

    monkeypatch.setattr(document, "final_pdf", lambda report, seal: b"%PDF-1.7 contoh")
    monkeypatch.setattr(store, "keep", full)
    with pytest.raises(OSError, match="disk full"):
        workflow.finalise(cast.camat, submitted)
    assert stored(submitted).status == Status.SUBMITTED


def test_nothing_is_rendered_inside_a_transaction(
    cast: SimpleNamespace, submitted: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(transaction.get_connection().savepoint_ids)

    def look(report: MonthlyReport, seal: document.Seal) -> bytes:
        assert len(transaction.get_connection().savepoint_ids) == depth
        return b"%PDF-1.7 contoh"

    monkeypatch.setattr(document, "final_pdf", look)
    workflow.finalise(cast.camat, submitted)


# --- Final is frozen ---------------------------------------------------------------------------


@pytest.fixture
def final(cast: SimpleNamespace, submitted: MonthlyReport, quick: None) -> MonthlyReport:
    workflow.finalise(cast.camat, submitted)
    return submitted


@pytest.mark.parametrize(
    "change", [{"figures": {}}, {"status": "draft"}, {"sha256": "0" * 64}, {"obstacles": "lain"}]
)
def test_the_database_refuses_to_change_a_final_report(
    final: MonthlyReport, change: dict[str, Any]
) -> None:
    rows = MonthlyReport.objects.filter(pk=final.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        stored(final).delete()
    assert stored(final).sha256 == final.sha256


def test_the_database_refuses_final_without_a_file(report: MonthlyReport) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthlyReport.objects.filter(pk=report.pk).update(status=Status.FINAL)


def test_a_correction_is_a_new_revision(cast: SimpleNamespace, final: MonthlyReport) -> None:
    made = workflow.revise(cast.tim, final, "Dua balita terhitung di desa lain.")
    assert (made.revision, made.status, made.number) == (2, Status.DRAFT, final.number)
    assert made.check_code != final.check_code
    assert stored(final).status == Status.FINAL, "it stays in force until the revision is final"
    with pytest.raises(Refused, match="sudah ada"):
        workflow.revise(cast.kasi, final, "lagi")
    workflow.submit(cast.tim, made)
    workflow.finalise(cast.camat, made)
    assert stored(made).is_final and stored(final).is_final
    assert "revise" not in workflow.verbs(cast.tim, stored(final))
    assert "revise" in workflow.verbs(cast.tim, stored(made))


def test_one_open_report_a_month(cast: SimpleNamespace, final: MonthlyReport) -> None:
    workflow.revise(cast.tim, final, "alasan")
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthlyReport.objects.create(programme=cast.programme, month=final.month, revision=3)


def test_a_file_that_changed_is_not_handed_out(final: MonthlyReport) -> None:
    file = Path(settings.REPORTS_DIR) / final.pdf_name
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(store.Damaged, match="berubah"):
        store.read(stored(final))
    file.unlink()
    with pytest.raises(store.Damaged, match="tidak ditemukan"):
        store.read(stored(final))


def test_the_file_is_for_the_portal_only_and_its_name_says_nothing(final: MonthlyReport) -> None:
    file = Path(settings.REPORTS_DIR) / final.pdf_name
    assert file.stat().st_mode & 0o777 == 0o600
    assert "kempling" not in file.name and str(final.month.year) not in file.name


def test_the_pdf_is_dated_by_the_act(cast: SimpleNamespace, submitted: MonthlyReport) -> None:
    workflow.finalise(cast.camat, submitted)
    made = PdfReader(io.BytesIO(store.read(stored(submitted)))).metadata
    assert made is not None and made.creation_date is not None
    signed = stored(submitted).finalised_at
    assert signed is not None and abs(made.creation_date - signed) < timedelta(seconds=1)


# --- The home page -----------------------------------------------------------------------------


def test_each_is_told_what_to_do_now(cast: SimpleNamespace, month: Month) -> None:
    def titles(user: Any) -> list[str]:
        return [card["title"] for card in todo(user)]

    assert titles(cast.tim) == [f"Susun laporan {month.label}"]
    assert titles(cast.camat) == titles(cast.petugas) == titles(cast.kader) == []
    report = workflow.compose(cast.tim, cast.programme, month)
    assert titles(cast.tim) == [f"Ajukan laporan {month.label}"]
    workflow.submit(cast.tim, report)
    assert titles(cast.camat) == [f"Periksa laporan {month.label} yang diajukan"]
    assert titles(cast.tim) == titles(cast.gasken.camat) == []
    workflow.send_back(cast.camat, report, "Kendala belum ditulis.")
    assert titles(cast.tim) == [f"Perbaiki laporan {month.label}"]
    assert todo(cast.tim)[0]["text"] == "Kendala belum ditulis."
