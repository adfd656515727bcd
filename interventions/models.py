"""Tindakan: PMT, sanitation works, activities with attendance, and the partners who help.

The pillars are separate tables on one abstract base: their records differ, their life
(direncanakan → berjalan → selesai | dihentikan) does not. Only ``workflow.py`` writes a status.
"""

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from interventions.life import OPEN, TONES, Funding, Status
from interventions.querysets import (
    ActivityQuerySet,
    InterventionQuerySet,
    PartnerQuerySet,
    PmtQuerySet,
)
from regions.codes import new_code
from regions.models import Programme
from registry.models import Child, Document, Household, Measurement, Mother, Pregnancy
from registry.models.placed import Placed


class Partner(models.Model):
    class Kind(models.TextChoices):
        COMPANY = "perusahaan", "Perusahaan"
        HEALTH = "kesehatan", "Layanan kesehatan"
        COMMUNITY = "masyarakat", "Organisasi masyarakat"
        GOVERNMENT = "pemerintah", "Pemerintah"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="partners")
    name = models.CharField("nama mitra", max_length=120)
    kind = models.CharField("jenis", max_length=12, choices=Kind, default=Kind.COMMUNITY)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="partners")
    is_active = models.BooleanField("aktif", default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="partner_once")]

    def __str__(self) -> str:
        return self.name


class Intervention(Placed):
    """The shared life: plan, funding, dates, cost in whole rupiah, and how it ended."""

    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    funding = models.CharField("sumber dana", max_length=8, choices=Funding)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    planned_start = models.DateField("rencana mulai")
    planned_end = models.DateField("rencana selesai")
    started_on = models.DateField("mulai", null=True, blank=True)
    ended_on = models.DateField("selesai", null=True, blank=True)
    cost_planned = models.PositiveBigIntegerField("rencana biaya (Rp)", null=True, blank=True)
    cost_real = models.PositiveBigIntegerField("biaya nyata (Rp)", null=True, blank=True)
    stop_reason = models.CharField("alasan berhenti", max_length=300, blank=True)

    objects = InterventionQuerySet.as_manager()
    url_name = ""

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["programme", "status"])]

    def get_absolute_url(self) -> str:
        return reverse(f"interventions:{self.url_name}", kwargs={"code": self.code})

    @property
    def tone(self) -> str:
        return TONES[Status(self.status)]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_running(self) -> bool:
        return self.status == Status.RUNNING

    @property
    def cost(self) -> int | None:
        """What it cost, in rupiah; the plan while that is not known."""
        return self.cost_planned if self.cost_real is None else self.cost_real


class PmtEpisode(Intervention):
    """PMT pemulihan for one child or one pregnant woman."""

    class Indication(models.TextChoices):
        STUNTING = "stunting", "Pendek/sangat pendek"
        GIZI_KURANG = "gizi_kurang", "Gizi kurang"
        BB_KURANG = "bb_kurang", "Berat badan kurang"
        TIDAK_NAIK = "tidak_naik", "Berat tidak naik"
        KEK = "kek", "Ibu hamil risiko KEK"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="pmt_episodes")
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, null=True, blank=True, related_name="pmt_episodes"
    )
    pregnancy = models.ForeignKey(
        Pregnancy, on_delete=models.PROTECT, null=True, blank=True, related_name="pmt_episodes"
    )
    indication = models.CharField("alasan pemberian", max_length=12, choices=Indication)
    planned_days = models.PositiveSmallIntegerField("rencana hari makan")
    menu = models.CharField("menu", max_length=200)
    baseline = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PmtQuerySet.as_manager()  # type: ignore[misc]
    url_name = "pmt"

    class Meta(Intervention.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=False, pregnancy__isnull=True)
                | Q(child__isnull=True, pregnancy__isnull=False),
                name="pmt_for_one_person",
            ),
            models.UniqueConstraint(
                fields=["child"], condition=Q(status__in=OPEN), name="one_open_pmt_a_child"
            ),
            models.UniqueConstraint(
                fields=["pregnancy"], condition=Q(status__in=OPEN), name="one_open_pmt_a_pregnancy"
            ),
        ]

    def __str__(self) -> str:
        return f"PMT {self.person}"

    @property
    def person(self) -> Child | Mother:
        return self.child or self.pregnancy.mother  # type: ignore[union-attr]

    @property
    def last_feeding_day(self) -> date:
        """The last day that may be recorded: a late beginning moves the end along."""
        begun = self.started_on or self.planned_start
        end = max(self.planned_end, begun + timedelta(days=self.planned_days - 1))
        return min(end, self.ended_on) if self.ended_on else end

    def holds(self, day: date) -> bool:
        """Whether the day lies in the feeding time."""
        return bool(self.started_on and self.started_on <= day <= self.last_feeding_day)

    def group(self, on: date) -> str:
        """Bumil, baduta or balita, by date."""
        if self.child is None:
            return "Ibu hamil"
        return "Baduta" if self.child.months(on) < 24 else "Balita"


class PmtDay(models.Model):
    """One day of feeding: given or not, and how much was eaten. Append-only."""

    class Eaten(models.IntegerChoices):
        NONE = 0, "Tidak dimakan"
        QUARTER = 1, "Seperempat"
        HALF = 2, "Setengah"
        MOST = 3, "Tiga perempat"
        ALL = 4, "Habis"

    episode = models.ForeignKey(PmtEpisode, on_delete=models.PROTECT, related_name="days")
    day = models.DateField("tanggal")
    given = models.BooleanField("diberikan", default=True)
    eaten = models.PositiveSmallIntegerField("dimakan", choices=Eaten, null=True, blank=True)
    note = models.CharField("catatan", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["episode", "day"], name="one_pmt_a_day")]


class SanitationWork(Intervention):
    """A clean-water or sanitation work for one household, with its before and after."""

    class Kind(models.TextChoices):
        JAMBAN = "jamban", "Jamban baru"
        SEPTIK = "septik", "Tangki septik"
        PAM = "pam", "Sambungan air PAM"
        SUMUR = "sumur", "Sumur bor"
        PIPA = "pipa", "Perpipaan air bersih"
        SPAL = "spal", "Saluran air limbah"
        RUMAH = "rumah", "Rehab rumah"
        FILTER = "filter", "Penyaring air"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="works")
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, null=True, blank=True, related_name="works"
    )
    kind = models.CharField("jenis pekerjaan", max_length=8, choices=Kind)
    volume = models.CharField("volume", max_length=60, blank=True)
    condition_before = models.CharField("kondisi sebelum", max_length=300)
    condition_after = models.CharField("kondisi sesudah", max_length=300, blank=True)
    photo_before = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    photo_after = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    builder = models.CharField("pelaksana pekerjaan", max_length=120, blank=True)
    bast_number = models.CharField("nomor BAST", max_length=60, blank=True)

    url_name = "work"

    class Meta(Intervention.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.get_kind_display()


class Activity(Intervention):
    """A class, sosialisasi, training or meeting, with its attendance.

    ``desa`` is where it is held; ``planned_start`` is the day it was planned for.
    """

    class Kind(models.TextChoices):
        PARENTING = "parenting", "Kelas pengasuhan (parenting)"
        SOSIALISASI = "sosialisasi", "Sosialisasi"
        PELATIHAN_PMT = "pelatihan_pmt", "Pelatihan pembuatan PMT"
        PENYULUHAN = "penyuluhan", "Penyuluhan kesehatan"
        PENGGERAKAN = "penggerakan", "Penggerakan pemerintah desa/PKK"
        RAPAT = "rapat", "Rapat koordinasi"

    kind = models.CharField("jenis kegiatan", max_length=14, choices=Kind)
    title = models.CharField("judul", max_length=160)
    held_on = models.DateField("tanggal pelaksanaan", null=True, blank=True)
    place = models.CharField("tempat", max_length=120)
    speaker = models.CharField("narasumber", max_length=160, blank=True)
    material = models.CharField("materi", max_length=300, blank=True)
    notes = models.TextField("notulen", max_length=2000, blank=True)
    photo = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ActivityQuerySet.as_manager()  # type: ignore[misc]
    url_name = "activity"

    class Meta(Intervention.Meta):
        abstract = False
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One who came: a mother of the registry, or a name written on the list."""

    class Sex(models.TextChoices):
        L = "L", "Laki-laki"
        P = "P", "Perempuan"

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attendance")
    mother = models.ForeignKey(
        Mother, on_delete=models.PROTECT, null=True, blank=True, related_name="attendance"
    )
    name = models.CharField("nama", max_length=120)
    sex = models.CharField("L/P", max_length=1, choices=Sex, default=Sex.P)
    role = models.CharField("sebagai", max_length=60, blank=True)
    pre_score = models.PositiveSmallIntegerField(
        "nilai awal", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    post_score = models.PositiveSmallIntegerField(
        "nilai akhir", null=True, blank=True, validators=[MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "mother"],
                condition=Q(mother__isnull=False),
                name="mother_attends_once",
            )
        ]
