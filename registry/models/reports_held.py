"""Reports that came in but cannot stand as a submission yet, and those sent for practice."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Device, reach
from regions.codes import grouped, new_code, new_receipt
from regions.models import Posyandu, Programme, Region, ReportLink
from registry.models.reports_in import Submission


class HeldReportQuerySet(models.QuerySet["HeldReport"]):
    def in_scope(self, user: Any, action: str = "verify_report") -> Self:
        return self.filter(reach(user, action))

    def open(self) -> Self:
        """What a person must still look at."""
        return self.filter(settled_at__isnull=True)


class HeldReport(models.Model):
    """A report kept as it was typed, for staff to put right: nothing sent is ever dropped.

    It has a receipt like any other, so that it leaves the phone's outbox. Staff open it in the
    form of the walk-in entry, mend it, and it becomes a submission; or they drop it with a reason.
    """

    class Why(models.TextChoices):
        OLD_FORM = "old_form", "Dikirim dari versi formulir lama"
        REVOKED_LINK = "revoked_link", "Posternya sudah dicabut"
        LOST_PHONE = "lost_phone", "Menunggu di HP yang dilaporkan hilang"
        SUSPICIOUS = "suspicious", "Tampak diisi oleh program, bukan orang"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    receipt = models.CharField(max_length=13, unique=True, default=new_receipt, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    desa = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(ReportLink, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=12, choices=Why)
    client_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, editable=False)
    form_version = models.CharField(max_length=8, blank=True)
    answers = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="held"
    )
    reason = models.CharField("alasan", max_length=200, blank=True)

    objects = HeldReportQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "client_id", "digest"], name="held_once")
        ]

    def __str__(self) -> str:
        return f"Laporan tertahan {self.receipt_text}"

    @property
    def receipt_text(self) -> str:
        return grouped(self.receipt)

    @property
    def lacks_consent(self) -> bool:
        """Whether nobody said that the parents agree: without it, it can be no report."""
        return not (self.answers.get("consent") and self.answers.get("consent_giver"))


class PracticeReport(models.Model):
    """A report sent by a practice QR: only that it came, never what it said. Gone after a day.

    A table of its own, so that practice can stand in no count by construction.
    """

    receipt = models.CharField(max_length=13, unique=True, default=new_receipt, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(ReportLink, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, editable=False)
    photos = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "client_id", "digest"], name="practice_once"
            )
        ]

    def __str__(self) -> str:
        return f"Latihan {self.receipt_text}"

    @property
    def receipt_text(self) -> str:
        return grouped(self.receipt)
