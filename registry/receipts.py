"""What a receipt code tells: a report's state in words, its photos and dates, never a name.

Three tables hand out receipts: reports, reports held back, and practice. All open one page.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from regions.codes import ungrouped
from regions.models import Programme, ReportLink
from registry import practice
from registry.held import papers_of, promised
from registry.models import HeldReport, PracticeReport, Submission
from registry.workflow import TAKES_PHOTOS

Status = Submission.Status
HELD, NO_CONSENT, PRACTICE = "held", "no_consent", "practice"
# What happens next, in words for the kader.
NEXT = {
    Status.RECEIVED: "Petugas kecamatan memeriksa laporan ini, biasanya dalam 2 hari kerja.",
    Status.HAS_ISSUES: (
        "Petugas mengirim tautan perbaikan kepada Ibu/Kader. Buka tautan itu, perbaiki, lalu kirim "
        "lagi. Belum menerima tautannya? Hubungi kantor kecamatan dan sebutkan kode di atas."
    ),
    Status.EDITED: "Terima kasih. Petugas memeriksa lagi laporan yang sudah diperbaiki.",
    Status.APPROVED: ("Data anak sudah masuk daftar. Puskesmas dan Tim Pelaksana menindaklanjuti."),
    Status.REJECTED: (
        "Laporan ini tidak dilanjutkan. Hubungi kantor kecamatan dan sebutkan kode di atas untuk "
        "menanyakan alasannya."
    ),
    HELD: "Petugas akan memeriksanya. Laporan sudah tersimpan, jadi tidak perlu dikirim ulang.",
    NO_CONSENT: (
        "Laporan sudah tersimpan, tetapi persetujuan orang tua belum ada. Mintalah kepada orang "
        "tuanya; petugas menanyakannya kepada Ibu/Kader. Tidak perlu dikirim ulang."
    ),
    PRACTICE: "Isian latihan tidak disimpan, dan petugas tidak melihatnya.",
}


@dataclass(frozen=True)
class Receipt:
    """One receipt as its page and its JSON show it; times are aware, counts are photos."""

    code: str
    status: str
    label: str
    tone: str
    programme: Programme
    received_at: datetime
    decided_at: datetime | None = None
    stored: int = 0
    promised: int = 0
    link: ReportLink | None = None
    practised: PracticeReport | None = None
    next: str = ""  # what happens next, where the state alone does not tell

    @property
    def expected(self) -> int:
        """Photos this report has or will have; a photo sent inside the form was not announced."""
        return max(self.promised, self.stored)

    @property
    def waiting(self) -> int:
        """Photos still on the phone; none is asked for once the report is decided."""
        return self.expected - self.stored if self.status in {*TAKES_PHOTOS, HELD} else 0

    @property
    def next_step(self) -> str:
        return NEXT[self.next or self.status]

    @property
    def decided_word(self) -> str:
        """What was decided last: a report that came back was not decided for good."""
        returned = self.status in (Status.HAS_ISSUES, Status.EDITED)
        return "Dikembalikan" if returned else "Diputuskan"

    @property
    def heading(self) -> str:
        if self.status not in (Status.RECEIVED, HELD):
            return "Laporan Anda"
        return "Laporan diterima" + (f", {self.waiting} foto menunggu" if self.waiting else "")

    def as_json(self) -> dict[str, Any]:
        """What a phone may know of a report it sent."""
        photos = {"stored": self.stored, "expected": self.expected}
        return {"receipt": self.code, "status": self.status, "label": self.label, "photos": photos}


def find(typed: str) -> Receipt | None:
    """The receipt of this code, however it was typed."""
    code = ungrouped(typed)
    if not code:
        return None
    report = _reports().filter(receipt=code).first()
    if report:
        return of_report(report)
    held = _held().filter(receipt=code).first()
    if held:
        return _of_held(held)
    practised = practice.find(code)
    return _of_practice(practised) if practised else None


def _reports() -> Any:
    return Submission.objects.select_related("programme__region", "link__programme")


def _held() -> Any:
    return HeldReport.objects.select_related(
        "programme__region", "submission__programme__region", "submission__link__programme"
    )


def of_report(report: Submission, code: str = "") -> Receipt:
    """The report's receipt; ``code`` where it came under another one."""
    return Receipt(
        code=code or report.receipt_text,
        status=report.status,
        label=report.get_status_display(),
        tone=report.tone,
        programme=report.programme,
        received_at=report.received_at,
        decided_at=report.decided_at,
        stored=report.documents.count(),
        promised=report.photos_expected,
        link=report.link if report.link and not report.link.revoked_at else None,
    )


def _of_held(held: HeldReport) -> Receipt:
    """A held report's own state until it became a report; then that report's, under this code."""
    if held.submission:
        return of_report(held.submission, held.receipt_text)
    dropped = held.settled_at is not None
    return Receipt(
        code=held.receipt_text,
        status=Status.REJECTED if dropped else HELD,
        label=Status.REJECTED.label if dropped else "Ditahan",
        tone="merah" if dropped else "kuning",
        programme=held.programme,
        received_at=held.received_at,
        decided_at=held.settled_at,
        stored=papers_of(held).count(),
        promised=promised(held),
        next=NO_CONSENT if held.lacks_consent and not dropped else "",
    )


def _of_practice(report: PracticeReport) -> Receipt:
    return Receipt(
        code=report.receipt_text,
        status=PRACTICE,
        label="Latihan",
        tone="kuning",
        programme=report.programme,
        received_at=report.received_at,
        stored=report.photos,
        link=report.link if not report.link.revoked_at else None,
        practised=report,
    )


def of_sender(receipt: str, client_id: str) -> Submission | HeldReport | PracticeReport | None:
    """The report whose receipt AND client id these are: what only its sender's phone knows.

    A held report that has become a submission is that submission.
    """
    code = ungrouped(receipt)
    if not (code and client_id) or "\0" in client_id:
        return None
    mine = {"receipt": code, "client_id": client_id}
    report = _reports().filter(**mine).first()
    held = None if report else _held().filter(**mine).first()
    if held and held.submission:
        return held.submission
    return report or held or PracticeReport.objects.filter(**mine).select_related("link").first()
