"""Lists from elsewhere: the file, what each of its rows would do, and what it did."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Job, reach_programme
from regions.codes import new_code
from regions.models import Programme
from registry.models.children import Child

KEEPS = timedelta(days=30)  # file and rows: what came of them stays
NEW, SKIP = "baru", "lewati"  # what a person may decide of a row, beside a child's code


class ImportQuerySet(models.QuerySet["Import"]):
    def in_scope(self, user: Any, action: str = "import_lists") -> Self:
        return self.filter(reach_programme(user, action))

    def over(self) -> Self:
        """Those whose file and rows have been kept long enough."""
        before = timezone.now() - KEEPS
        kept = Exists(ImportRow.objects.filter(source=OuterRef("pk")))
        written = Q(written_at__isnull=True, created_at__lt=before) | Q(written_at__lt=before)
        return self.filter(written).filter(~Q(stored_name="") | kept)


class Import(models.Model):
    """One list that was handed in: analysed first, then written as a whole or not at all.

    Only ``registry/workflow.py`` and its room's ``workflow.py`` write its state.
    """

    class Purpose(models.TextChoices):
        IMPORT = "impor", "Masukkan ke portal"
        COMPARE = "cocokkan", "Bandingkan saja"

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Menunggu pemetaan kolom"
        ANALYSED = "analysed", "Sudah dianalisis"
        WRITTEN = "written", "Sudah dimasukkan"
        UNDONE = "undone", "Dibatalkan"
        DROPPED = "dropped", "Dibuang"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField("tujuan", max_length=8, choices=Purpose, default=Purpose.IMPORT)
    state = models.CharField("keadaan", max_length=8, choices=State, default=State.UPLOADED)
    file_name = models.CharField("nama berkas", max_length=120)
    stored_name = models.CharField(max_length=60, blank=True)  # "" once the file is forgotten
    sha256 = models.CharField(max_length=64)
    layout = models.CharField("bentuk daftar", max_length=20, blank=True)
    header_row = models.PositiveIntegerField(null=True)
    columns = models.JSONField("pemetaan kolom", default=dict)
    decree = models.CharField("nomor surat keputusan", max_length=80, blank=True)
    counts = models.JSONField("jumlah per hasil", default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["programme", "-id"], name="import_of_programme")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def outcome_words(self) -> list[tuple[str, int]]:
        """(``baru``, 12), in the order of the outcomes; what there is none of is left out."""
        words = [(str(one.label).lower(), self.counts.get(one.value, 0))
                 for one in ImportRow.Outcome]  # fmt: skip
        return [(word, count) for word, count in words if count]

    @property
    def is_compared(self) -> bool:
        """Only compared: nothing of it is ever written."""
        return self.purpose == self.Purpose.COMPARE

    @property
    def can_be_undone(self) -> bool:
        """Its rows, which say what it made, are kept so long."""
        written = self.state == self.State.WRITTEN and self.written_at
        return bool(written and timezone.now() < written + KEEPS)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def accepted(self) -> Self:
        """What writing would store: new, changed, and what a person decided."""
        decided = Q(outcome=ImportRow.Outcome.ASK) & ~Q(decision__in=("", SKIP))
        return self.filter(
            Q(outcome__in=(ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED)) | decided
        )

    def readable(self) -> Self:
        """All but the refused."""
        return self.exclude(outcome=ImportRow.Outcome.REFUSED)

    def left_out(self) -> Self:
        """What stays outside: refused, skipped, or not decided."""
        undecided = Q(outcome=ImportRow.Outcome.ASK, decision__in=("", SKIP))
        return self.filter(Q(outcome=ImportRow.Outcome.REFUSED) | undecided)


class ImportRow(models.Model):
    """One row of the list: what was read, what becomes of it, and what it made."""

    class Outcome(models.TextChoices):
        NEW = "baru", "Baru"
        CHANGED = "berubah", "Berubah"
        SAME = "sama", "Tidak berubah"
        ASK = "orang", "Perlu diputuskan orang"
        REFUSED = "ditolak", "Ditolak"
        # of a list that is only compared, beside SAME, ASK and REFUSED
        THERE = "sana", "Tidak ada di sini"
        HERE = "sini", "Tidak ada di daftar"
        NUMBERS = "angka", "Angka lain"
        CLASS = "kelas", "Kelas lain"

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    # As the sheet counts, the first is 1; who is not in the list (HERE) stands behind its last.
    number = models.PositiveIntegerField("baris")
    outcome = models.CharField("hasil", max_length=7, choices=Outcome)
    reason = models.CharField("sebab", max_length=300, blank=True)
    values = models.JSONField(default=dict)  # what was read; a NIK only encrypted
    changes = models.JSONField(default=dict)  # column -> [before, after]
    candidates = models.JSONField(default=list)  # codes of children who may be meant
    decision = models.CharField(max_length=24, blank=True)  # a code, "baru" or "lewati"
    child = models.ForeignKey(Child, on_delete=models.SET_NULL, null=True, related_name="+")
    made = models.JSONField(default=dict)  # kind -> codes of what this row made

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["source", "outcome", "number"], name="import_outcome")]

    @property
    def choices(self) -> list[str]:
        """What a person may decide of this row."""
        return [*self.candidates, *([NEW] if self.values.get("may_be_new") else []), SKIP]


class CalledBefore(models.Model):
    """What a list calls a child that a person recognised: the next list need not ask again.

    ``words``: a keyed hash of name, birth date, desa and parents as the list writes them.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=64)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "words"], name="called_before_once")
        ]


class ImportLayout(models.Model):
    """How the columns of a list were mapped the last time, known again by its header."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    header_hash = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "header_hash"], name="layout_once")
        ]
