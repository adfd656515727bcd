"""Reports that come in: the submission, its documents, its consent, and what was decided."""

import hashlib
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import reach
from growth.age import completed_months
from growth.classify import ALERT_LABELS, ALERT_RANK
from regions.codes import grouped, new_code, new_receipt
from regions.models import Programme, ReportLink
from registry.models.children import Child, Measurement
from registry.models.families import Mother
from registry.models.placed import Placed, PlacedQuerySet

OPEN_FOR = timedelta(minutes=15)  # how long who opened a report is taken to sit before it


class SubmissionQuerySet(PlacedQuerySet):
    action = "see_queue"

    def waiting(self) -> Self:
        """What a verifier must look at: newly received, or put right by the kader."""
        return self.filter(status__in=[Submission.Status.RECEIVED, Submission.Status.EDITED])

    def worst_first(self) -> Self:
        """Worst sign first, then the oldest; the code settles ties, so paging never skips."""
        return self.order_by("sign", "received_at", "code")

    def sent_by(self, user: Any) -> Self:
        """A kader's own reports, with the last sentence an officer wrote on each."""
        said = Decision.objects.filter(submission=OuterRef("pk"), verb__in=["send_back", "reject"])
        newest = said.order_by("-id").values("reason")[:1]
        return self.filter(reporter=user).annotate(last_reason=Subquery(newest))


class Submission(Placed):
    """One report as it was sent. Only ``registry/workflow.py`` writes its status."""

    class Status(models.TextChoices):
        RECEIVED = "received", "Terkirim"
        HAS_ISSUES = "has_issues", "Perlu perbaikan"
        EDITED = "edited", "Diperbaiki"
        APPROVED = "approved", "Terverifikasi"
        REJECTED = "rejected", "Ditolak"

    # What the kader types; also the fields whose text makes the digest and that a correction
    # may change. Names are the contract's.
    ANSWERS = (
        "reporter_name", "child_name", "sex", "birth_date", "age_months", "father_name",
        "mother_name", "parent_job", "address", "rt", "rw", "weight_kg", "length_height_cm",
        "measure", "measured_on", "filled_on", "reason", "consent_giver", "desa", "posyandu",
    )  # fmt: skip

    receipt = models.CharField(max_length=13, unique=True, default=new_receipt, editable=False)
    link = models.ForeignKey(ReportLink, on_delete=models.PROTECT, null=True, related_name="+")
    client_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, editable=False)
    retyped = models.BooleanField("dikirim ulang dengan isi lain", default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    sign = models.PositiveSmallIntegerField("tanda terburuk", default=4)

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="submissions"
    )
    reporter_name = models.CharField("nama kader", max_length=120)
    child_name = models.CharField("nama anak", max_length=120)
    sex = models.CharField("jenis kelamin", max_length=1, choices=Child.Sex)
    birth_date = models.DateField("tanggal lahir", null=True, blank=True)
    age_months = models.PositiveSmallIntegerField("umur (bulan)", null=True, blank=True)
    father_name = models.CharField("nama ayah", max_length=120, blank=True)
    mother_name = models.CharField("nama ibu", max_length=120, blank=True)
    parent_job = models.CharField("pekerjaan orang tua", max_length=120)
    address = models.CharField("alamat", max_length=200)
    rt = models.CharField("RT", max_length=5, blank=True)
    rw = models.CharField("RW", max_length=5, blank=True)
    weight_kg = models.DecimalField("berat (kg)", max_digits=5, decimal_places=2, null=True)
    length_height_cm = models.DecimalField(
        "panjang/tinggi (cm)", max_digits=5, decimal_places=2, null=True
    )
    measure = models.CharField("cara ukur", max_length=1, choices=Measurement.Posture, blank=True)
    measured_on = models.DateField("tanggal ukur", null=True)
    filled_on = models.DateField("tanggal diisi", null=True)
    reason = models.TextField("alasan melapor", max_length=500, blank=True)
    consent_giver = models.CharField(max_length=4)
    confirmed = models.BooleanField("angka janggal sudah dipastikan", default=False)
    photos_expected = models.PositiveSmallIntegerField("foto yang menyusul", default=0)
    form_version = models.CharField("versi formulir", max_length=8, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    # Who has it open at the desk, so that the second is warned; nothing is locked.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True)

    # What approving created (``made_*``) or linked, so that it can be undone.
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, null=True, related_name="submissions"
    )
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, related_name="submissions"
    )
    made_child = models.BooleanField(default=False)
    made_mother = models.BooleanField(default=False)
    made_household = models.BooleanField(default=False)
    made_measurement = models.BooleanField(default=False)
    filled = models.JSONField(
        "yang ikut diisikan", default=dict
    )  # in what was there: registry/unmaking.py
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "client_id", "digest"], name="report_stored_once"
            )
        ]
        indexes = [
            models.Index(fields=["programme", "status", "sign", "received_at"]),
            models.Index(fields=["programme", "client_id"]),
        ]

    def __str__(self) -> str:
        return f"Laporan {self.receipt_text}"

    @property
    def receipt_text(self) -> str:
        return grouped(self.receipt)

    @property
    def initial(self) -> str:
        """The child's initial, for lists that others can look over the shoulder at."""
        return f"{self.child_name[:1].upper()}."

    @property
    def tone(self) -> str:
        return STATUS_TONES[Submission.Status(self.status)]

    @property
    def is_open(self) -> bool:
        """Whether somebody opened it at the desk a moment ago."""
        return self.opened_at is not None and self.opened_at > timezone.now() - OPEN_FOR

    @property
    def is_decided(self) -> bool:
        """Verified or rejected: what may be taken back."""
        return self.status in (self.Status.APPROVED, self.Status.REJECTED)

    @property
    def sign_tone(self) -> str:
        return list(ALERT_RANK)[self.sign]

    @property
    def sign_label(self) -> str:
        return ALERT_LABELS[self.sign_tone] if self.is_measured else "Belum diukur"

    @property
    def age_shown(self) -> str:
        """The age on the day the report came, for lists."""
        if self.birth_date:
            return f"{completed_months(self.birth_date, self.received_at.date())} bulan"
        return f"≈ {self.age_months} bulan"

    @property
    def consent_giver_label(self) -> str:
        return Consent.Giver(self.consent_giver).label

    @property
    def is_measured(self) -> bool:
        return self.weight_kg is not None or self.length_height_cm is not None


STATUS_TONES = {
    Submission.Status.RECEIVED: "biru",
    Submission.Status.HAS_ISSUES: "oranye",
    Submission.Status.EDITED: "biru",
    Submission.Status.APPROVED: "hijau",
    Submission.Status.REJECTED: "merah",
}


class SubmissionVersion(models.Model):
    """The answers as they stood before a correction: both versions stay."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="version_once")
        ]


class Decision(models.Model):
    """What a verifier decided, with the sentence typed. Append-only; erasable with the report."""

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=20)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]


class CorrectionLinkQuerySet(models.QuerySet["CorrectionLink"]):
    def open_for(self, token: str) -> "CorrectionLink | None":
        """The unspent correction link of this token whose report still waits for it."""
        return (
            self.filter(
                token_hash=hashlib.sha256(token.encode(errors="replace")).hexdigest(),
                expires_at__gt=timezone.now(),
                submission__status=Submission.Status.HAS_ISSUES,
                used_at__isnull=True,
            )
            .select_related(
                "submission__programme", "submission__desa", "submission__link__programme"
            )
            .first()
        )

    def spent_by(self, token: str, digest: str) -> "CorrectionLink | None":
        """The used link of this token, when exactly this was sent by it."""
        token_hash = hashlib.sha256(token.encode(errors="replace")).hexdigest()
        used = self.filter(token_hash=token_hash, used_at__isnull=False).exclude(spent_digest="")
        return used.filter(spent_digest=digest).select_related("submission").first()


class CorrectionLink(models.Model):
    """A private, expiring address that opens one returned report for correction."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="corrections")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    fields = models.JSONField("isian yang harus diperbaiki", default=list, blank=True)
    spent_digest = models.CharField(max_length=64, blank=True)

    objects = CorrectionLinkQuerySet.as_manager()


class Consent(models.Model):
    """Proof of the parent's consent (UU 27/2022 art. 22, 24, 25), or the lawful basis instead."""

    class Giver(models.TextChoices):
        IBU = "ibu", "Ibu"
        AYAH = "ayah", "Ayah"
        WALI = "wali", "Wali"

    class Method(models.TextChoices):
        TICK = "centang", "Dicentang pada formulir"
        PAPER = "kertas", "Tanda tangan di kertas"
        SPOKEN = "lisan", "Lisan di depan petugas"
        DECREE = "dasar", "Kepentingan umum (dasar hukum)"

    TEXT_VERSION = "2026-11"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="consents"
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="consents")
    mother = models.ForeignKey(Mother, on_delete=models.PROTECT, null=True, related_name="consents")
    giver = models.CharField("yang menyetujui", max_length=8, choices=Giver, blank=True)
    method = models.CharField("cara", max_length=8, choices=Method, default=Method.TICK)
    decree = models.CharField("nomor surat keputusan", max_length=80, blank=True)
    text_version = models.CharField(max_length=20, default=TEXT_VERSION)
    given_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


class DocumentQuerySet(PlacedQuerySet):
    action = "open_document"

    def in_scope(self, user: Any, action: str = "") -> Self:
        """Identity papers for those who verify; photos of works for those who see the help."""
        if action:
            return super().in_scope(user, action)
        papers = reach(user, Document.ACTIONS["papers"]) & Q(kind__in=Document.PAPERS)
        photos = reach(user, Document.ACTIONS["photos"]) & ~Q(kind__in=Document.PAPERS)
        return self.filter(papers | photos)


class Document(Placed):
    """A stored photo or PDF. It is only ever served by the view that checks permission."""

    class Kind(models.TextChoices):
        PAPER = "kk_akta", "KK atau akta kelahiran"
        BEFORE = "sebelum", "Foto sebelum"
        AFTER = "sesudah", "Foto sesudah"
        ACTIVITY = "kegiatan", "Foto kegiatan"

    PAPERS = ("kk_akta",)
    ACTIONS = {"papers": "open_document", "photos": "see_interventions"}

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PAPER)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    part = models.CharField("nomor foto di HP", max_length=64, blank=True)
    file_name = models.CharField(max_length=60, unique=True)
    media_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    forgotten_at = models.DateTimeField("berkas dihapus", null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "sha256"], name="document_once_a_report"),
            models.UniqueConstraint(
                fields=["submission", "part"], condition=~Q(part=""), name="part_once_a_report"
            ),
        ]

    @property
    def action(self) -> str:
        """The permission that opens it."""
        return self.ACTIONS["papers" if self.kind in self.PAPERS else "photos"]

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    def __str__(self) -> str:
        return self.get_kind_display()
