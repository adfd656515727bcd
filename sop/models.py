"""Perintah: the SOP sheet as data, dispositions, their runs and the steps done.

The sheet of KEMPLING is rows 1–6 of its guideline; GASKEN has none, its six usage steps
(guideline G) stand in for it, marked as derived and without standards.
"""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import reach_programme
from accounts.roles import Role
from regions.codes import new_code
from regions.models import Programme


class SopStep(models.Model):
    """One row of a programme's SOP sheet, as staff see and may change it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sop_steps")
    number = models.PositiveSmallIntegerField("nomor")
    activity = models.CharField("aktivitas", max_length=200)
    completeness = models.CharField("kelengkapan", max_length=200, blank=True)
    standard_minutes = models.PositiveIntegerField("waktu baku (menit)", null=True, blank=True)
    is_daily = models.BooleanField("setiap hari", default=False)
    output = models.CharField("output", max_length=200)
    actors = models.JSONField("pelaksana", default=list)  # Role values; the first is responsible
    is_derived = models.BooleanField("diturunkan dari pedoman", default=False)

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="sop_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.activity}"


class DisposisiQuerySet(models.QuerySet["Disposisi"]):
    def in_scope(self, user: Any, action: str = "see_sop") -> Self:
        return self.filter(reach_programme(user, action))


class Disposisi(models.Model):
    """The Camat's lembar disposisi, by which a run of the SOP begins."""

    class Sifat(models.TextChoices):
        BIASA = "biasa", "Biasa"
        SEGERA = "segera", "Segera"
        SANGAT = "sangat", "Sangat segera"
        RAHASIA = "rahasia", "Rahasia"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    agenda_number = models.PositiveIntegerField("nomor agenda")
    month = models.DateField("bulan pelaksanaan")  # first day of the month
    sifat = models.CharField("sifat", max_length=8, choices=Sifat, default=Sifat.BIASA)
    basis = models.CharField("dasar", max_length=200, blank=True)
    perihal = models.CharField("perihal", max_length=200)
    instruction = models.TextField("isi disposisi", max_length=1000)
    forwarded_to = models.JSONField("diteruskan kepada", default=list)  # Role values
    due_on = models.DateField("batas waktu", null=True, blank=True)
    repeats_monthly = models.BooleanField("ulangi setiap bulan", default=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    issued_at = models.DateTimeField(default=timezone.now)

    objects = DisposisiQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "agenda_number"], name="agenda_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"Disposisi {self.number}"

    @property
    def number(self) -> str:
        return f"{self.agenda_number:03d}/{self.programme.short_name}/{self.year}"


class RunQuerySet(models.QuerySet["Run"]):
    def in_scope(self, user: Any, action: str = "see_sop") -> Self:
        return self.filter(reach_programme(user, action))

    def of_month(self, programme: Programme, month: date) -> Self:
        return self.filter(programme=programme, month=month.replace(day=1))


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


class StepRecord(models.Model):
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
    actors = models.JSONField(default=list)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    output = models.TextField("hasil", max_length=2000, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="step_once_a_run")]

    @property
    def responsible(self) -> str:
        """The role that finishes this step: the first named."""
        return self.actors[0]

    @property
    def responsible_label(self) -> str:
        return Role(self.responsible).label


class DayNote(models.Model):
    """One day's entry in a daily step (rows 4 and 5). Append-only, one a day and step."""

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
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "by"], name="read_once")]
