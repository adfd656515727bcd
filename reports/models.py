"""Laporan: the frozen month."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import reach_programme
from regions.codes import grouped, new_code, new_receipt
from regions.models import Programme
from regions.words import month_name


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    def in_scope(self, user: Any, action: str = "see_reports") -> Self:
        return self.filter(reach_programme(user, action))

    def of_month(self, programme: Programme, month: date) -> Self:
        return self.filter(programme=programme, month=month.replace(day=1))

    def final(self) -> Self:
        return self.filter(status=MonthlyReport.Status.FINAL)

    def newest(self) -> "MonthlyReport | None":
        return self.order_by("-revision").first()


class MonthlyReport(models.Model):
    """One month's report of one programme. Final is frozen: figures copied, PDF and hash kept.

    A correction of a final report is a new revision. ``figures`` holds counts and sentences
    only: no child's name, NIK or face. A trigger in the database (migration 0002) refuses any
    change of a final row, whoever asks.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Konsep"
        SUBMITTED = "submitted", "Diajukan"
        RETURNED = "returned", "Dikembalikan"
        FINAL = "final", "Final"

    EDITABLE = (Status.DRAFT, Status.RETURNED)

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    check_code = models.CharField(max_length=13, unique=True, default=new_receipt, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    month = models.DateField("bulan")  # first day of the month
    revision = models.PositiveSmallIntegerField("revisi", default=1)
    revision_reason = models.CharField("alasan perbaikan", max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    number = models.CharField("nomor laporan", max_length=60, blank=True)
    obstacles = models.TextField("kendala", max_length=4000, blank=True)
    follow_up = models.TextField("saran dan tindak lanjut", max_length=4000, blank=True)
    signatory_name = models.CharField("nama penanda tangan", max_length=120, blank=True)
    signatory_rank = models.CharField("pangkat", max_length=60, blank=True)
    signatory_nip = models.CharField("NIP", max_length=30, blank=True)
    figures = models.JSONField(null=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    return_reason = models.CharField("alasan dikembalikan", max_length=300, blank=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    finalised_at = models.DateTimeField(null=True)
    pdf_name = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "month", "revision"], name="one_revision_a_month"
            ),
            models.UniqueConstraint(
                fields=["programme", "month"],
                condition=~Q(status="final"),
                name="one_open_report_a_month",
            ),
            models.CheckConstraint(
                condition=~Q(status="final")
                | (~Q(pdf_name="") & ~Q(sha256="") & Q(figures__isnull=False)),
                name="final_report_is_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"Laporan {month_name(self.month)}"

    @property
    def is_final(self) -> bool:
        return self.status == self.Status.FINAL

    @property
    def is_editable(self) -> bool:
        return self.status in self.EDITABLE

    @property
    def check_text(self) -> str:
        return grouped(self.check_code)

    @property
    def file_name(self) -> str:
        """The name of the downloaded file: programme and month, and which revision or konsep."""
        parts = ["laporan", self.programme.code, f"{self.month:%Y-%m}"]
        if self.revision > 1:
            parts.append(f"revisi-{self.revision}")
        if not self.is_final:
            parts.append("konsep")
        return "-".join(parts) + ".pdf"
