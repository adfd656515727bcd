"""Perintah: the SOP sheet as data, dispositions, their runs and the steps done.

The sheet of KEMPLING is rows 1–6 of its guideline; GASKEN has none, its six usage steps
(guideline G) stand in for it, marked as derived and without standards.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import reach_programme
from accounts.roles import Role
from regions.codes import new_code
from regions.models import Programme


class SopStepQuerySet(models.QuerySet["SopStep"]):
    def in_scope(self, user: Any, action: str = "see_sop") -> Self:
        return self.filter(reach_programme(user, action))

    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme)


class Acted(models.Model):
    """The actors of a row: the first named is responsible, the others confirm reading."""

    actors = models.JSONField("pelaksana", default=list)  # Role values

    class Meta:
        abstract = True

    @property
    def responsible(self) -> str:
        """The role that finishes the step."""
        return self.actors[0]

    @property
    def responsible_label(self) -> str:
        return Role(self.responsible).label

    @property
    def other_labels(self) -> list[str]:
        return [Role(role).label for role in self.actors[1:]]


class SopStep(Acted):
    """One row of a programme's SOP sheet, as staff see and may change it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sop_steps")
    number = models.PositiveSmallIntegerField("nomor")
    activity = models.CharField("aktivitas", max_length=200)
    completeness = models.CharField("kelengkapan", max_length=200, blank=True)
    standard_minutes = models.PositiveIntegerField("waktu baku (menit)", null=True, blank=True)
    is_daily = models.BooleanField("setiap hari", default=False)
    output = models.CharField("output", max_length=200)
    is_derived = models.BooleanField("diturunkan dari pedoman", default=False)

    objects = SopStepQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="sop_row_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.activity}"

    @property
    def code(self) -> str:
        """What the event log calls this row."""
        return f"{self.programme.code}/{self.number}"


class DisposisiQuerySet(models.QuerySet["Disposisi"]):
    def in_scope(self, user: Any, action: str = "see_sop") -> Self:
        return self.filter(reach_programme(user, action))

    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme)

    def repeating(self) -> Self:
        """The standing instructions, the newest month first."""
        return self.filter(repeats_monthly=True).order_by("-month", "-issued_at")


class Disposisi(models.Model):
    """The Camat's lembar disposisi, by which a run of the SOP begins."""

    class Sifat(models.TextChoices):
        BIASA = "biasa", "Biasa"
        SEGERA = "segera", "Segera"
        SANGAT = "sangat", "Sangat segera"
        RAHASIA = "rahasia", "Rahasia"

    class Request(models.TextChoices):
        """ "Dengan hormat harap" on the lembar disposisi."""

        TANGGAPAN = "tanggapan", "Tanggapan dan saran"
        PROSES = "proses", "Proses lebih lanjut"
        KOORDINASI = "koordinasi", "Koordinasi dan konfirmasi"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    agenda_number = models.PositiveIntegerField("nomor agenda")
    month = models.DateField("bulan pelaksanaan")  # first day of the month
    sifat = models.CharField("sifat", max_length=8, choices=Sifat, default=Sifat.BIASA)
    basis = models.CharField("dasar", max_length=200, blank=True)
    perihal = models.CharField("perihal", max_length=200)
    instruction = models.TextField("isi disposisi", max_length=1000)
    requests = models.JSONField("dengan hormat harap", default=list, blank=True)  # Request values
    forwarded_to = models.JSONField("diteruskan kepada", default=list)  # Role values
    due_on = models.DateField("batas waktu", null=True, blank=True)
    repeats_monthly = models.BooleanField("ulangi setiap bulan", default=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    issued_as = models.CharField("selaku", max_length=40, blank=True)  # "Camat", "Plt. Camat"
    issued_at = models.DateTimeField(default=timezone.now)
    # One opened form issues one disposisi: a second tap answers with the first.
    form_id = models.CharField(max_length=24, default=new_code, editable=False)

    objects = DisposisiQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "agenda_number"], name="agenda_number_once"
            ),
            models.UniqueConstraint(fields=["programme", "form_id"], name="disposisi_once_a_form"),
        ]

    def __str__(self) -> str:
        return f"Disposisi {self.number}"

    @property
    def number(self) -> str:
        return f"{self.agenda_number:03d}/{self.programme.short_name}/{self.year}"

    @property
    def forwarded_labels(self) -> list[str]:
        return [Role(role).label for role in self.forwarded_to]

    @property
    def request_labels(self) -> list[str]:
        return [self.Request(request).label for request in self.requests]

    def is_for(self, user: Any) -> bool:
        """Whether the person may read its words: of a secret one, the Camat and who it goes to."""
        if self.sifat != self.Sifat.RAHASIA:
            return True
        return bool(user.roles & {Role.CAMAT, *self.forwarded_to}) or self.issued_by_id == user.pk


class RunQuerySet(models.QuerySet["Run"]):
    def in_scope(self, user: Any, action: str = "see_sop") -> Self:
        return self.filter(reach_programme(user, action))

    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme)

    def of_month(self, programme: Programme, month: date) -> Self:
        return self.of(programme).filter(month=month.replace(day=1))

    def of_year(self, year: int) -> Self:
        return self.filter(month__year=year)

    def unfinished(self) -> Self:
        return self.filter(Exists(StepRecord.objects.unfinished().filter(run=OuterRef("pk"))))

    def with_steps(self) -> Self:
        """With what a list or a page shows of each run; three queries, however many runs."""
        heads = self.select_related(
            "programme__region", "disposisi__programme", "disposisi__issued_by"
        )
        return heads.prefetch_related(
            models.Prefetch("steps", StepRecord.objects.select_related("finished_by"))
        )

    def with_details(self) -> Self:
        """With the days noted and the readings too."""
        return self.with_steps().prefetch_related("steps__days__by", "steps__readings__by")


class Run(models.Model):
    """One run of the SOP: one disposition, one month. Its rows are copied when it begins."""

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    disposisi = models.ForeignKey(Disposisi, on_delete=models.PROTECT, related_name="runs")
    month = models.DateField()
    started_at = models.DateTimeField(default=timezone.now)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["disposisi", "month"], name="one_run_a_month")
        ]

    def __str__(self) -> str:
        return f"SOP {self.month:%Y-%m}"


class StepRecordQuerySet(models.QuerySet["StepRecord"]):
    def in_scope(self, user: Any, action: str = "see_sop") -> Self:
        return self.filter(run__in=Run.objects.in_scope(user, action))

    def unfinished(self) -> Self:
        return self.filter(finished_at__isnull=True)

    def open(self) -> Self:
        """The steps that can be worked on now; the same rule as ``steps.open_steps``.

        Nothing unfinished lies before them, save for a daily step beside other daily ones.
        """
        before = StepRecord.objects.unfinished().filter(
            run=OuterRef("run"), number__lt=OuterRef("number")
        )
        beside_daily = Q(is_daily=True) & ~Exists(before.filter(is_daily=False))
        return self.unfinished().filter(~Exists(before) | beside_daily)

    def open_for(self, user: Any) -> Self:
        """The open steps that wait for this person's role."""
        mine = self.in_scope(user, "work_sop").open()
        return mine.filter(actors__0__in=sorted(user.roles)).select_related(
            "run__programme", "run__disposisi"
        )


class StepRecord(Acted):
    """A row of the sheet in one run: who finished it, when, with what output.

    ``started_at`` and ``finished_at`` are written once, by ``sop/workflow.py`` alone; the state
    of the run is derived from them.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    activity = models.CharField(max_length=200)
    completeness = models.CharField(max_length=200, blank=True)
    standard_minutes = models.PositiveIntegerField(null=True)
    is_daily = models.BooleanField(default=False)
    output_name = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    finished_as = models.CharField("selaku", max_length=40, blank=True)  # "Plt. Camat"
    output = models.TextField("hasil", max_length=2000, blank=True)

    objects = StepRecordQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="step_once_a_run")]

    def __str__(self) -> str:
        return f"{self.number}. {self.activity}"

    @property
    def code(self) -> str:
        """What the event log calls this step."""
        return f"{self.run.code}/{self.number}"

    @property
    def programme(self) -> Programme:
        return self.run.programme


class DayNote(models.Model):
    """One day's entry in a daily step (rows 4 and 5). Append-only, one a day and person."""

    step = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="days")
    day = models.DateField("tanggal")
    note = models.CharField("yang dilakukan", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["step", "day", "by"], name="day_note_once")]


class Reading(models.Model):
    """A named actor confirms having read the step he does not have to finish himself."""

    step = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("selaku", max_length=12, choices=Role)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["step", "by"], name="read_once")]
