"""Households, mothers, pregnancies, breastfeeding."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery
from django.urls import reverse

from regions.models import Programme
from registry.identity import EncryptedField, masked
from registry.models.homes import Home
from registry.models.household_words import HouseholdQuerySet
from registry.models.placed import (
    Known,
    PeopleQuerySet,
    Placed,
    PlacedQuerySet,
    UnmergedManager,
    some,
)
from registry.mothers.pregnancy import COUNTED_PAST_HPL, FULL_TERM_WEEKS, begun, gestation, naegele


class HouseholdManager(UnmergedManager.from_queryset(HouseholdQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class Household(Home, Known):
    """A family (KK). Found by KK number when that is known, else made per mother and address."""

    kk = EncryptedField("nomor KK")
    kk_index = models.CharField(max_length=64, null=True, editable=False)
    head_name = models.CharField("nama kepala keluarga", max_length=120, blank=True)
    address = models.CharField("alamat", max_length=200)
    rt = models.CharField("RT", max_length=5, blank=True)
    rw = models.CharField("RW", max_length=5, blank=True)
    dasawisma = models.CharField("kelompok dasawisma", max_length=60, blank=True)
    surveyed_on = models.DateField("rumah dilihat pada", null=True, blank=True)
    resident = models.BooleanField("warga kecamatan ini", null=True)
    resident_reason = models.CharField("alasan pengecualian", max_length=200, blank=True)

    objects = HouseholdManager()
    everyone = HouseholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kk_index"], name="household_kk_once")
        ]
        indexes = [
            models.Index(fields=["programme", "head_name", "id"], name="household_by_head"),
            models.Index(fields=["desa", "head_name", "id"], name="household_by_head_in_desa"),
        ]

    def __str__(self) -> str:
        return f"Keluarga {self.head_name or self.address}"

    def get_absolute_url(self) -> str:
        return reverse("registry:household", args=[self.code])

    @property
    def kk_masked(self) -> str:
        return masked(self.kk)

    @property
    def full_address(self) -> str:
        rt_rw = f"RT {self.rt or '–'}/RW {self.rw or '–'}" if self.rt or self.rw else ""
        return ", ".join(part for part in (self.address, rt_rw, self.desa.title) if part)


class MotherQuerySet(PeopleQuerySet):
    action = "see_mothers"
    person = "mother"

    def pregnant(self, on: date, programme: Programme | None = None) -> Self:
        """Ibu hamil on the day: begun, not ended by then, and not yet overdue. Of one programme
        only its own pregnancies are read."""
        return self._carrying(Pregnancy.objects.ongoing(on), programme)

    def overdue(self, on: date, programme: Programme | None = None) -> Self:
        """Whose pregnancy should have ended by the day, and nobody wrote down that it did."""
        return self._carrying(Pregnancy.objects.overdue(on), programme)

    def _carrying(self, rows: "PregnancyQuerySet", programme: Programme | None) -> Self:
        rows = rows.of(programme) if programme else rows
        return self.filter(pk__in=rows.values("mother"))

    def breastfeeding(self, on: date) -> Self:
        """Ibu menyusui on the day."""
        nursing = Breastfeeding.objects.ongoing(on).filter(mother=OuterRef("pk"))
        return self.filter(some(nursing))

    def with_state(self, on: date) -> Self:
        """Add how each mother stands on the day.

        ``carried_*``: the columns of the pregnancy that has not ended (``CARRIED``, an overdue one
        too); of its examinations the last ``lila``, the last ``hb`` with its ``hb_on``, the last
        day ``checked_on`` and the last ``doctor_on``; and ``nursing_since``.
        """
        begun_ones = Pregnancy.objects.unended(on).filter(mother=OuterRef("pk"))
        newest = Subquery(begun_ones.order_by("-hpht").values("pk")[:1])
        checks = PregnancyCheck.objects.current().filter(
            pregnancy=OuterRef("carried__pk"), checked_on__lte=on
        ).order_by("-checked_on")  # fmt: skip
        with_hb = checks.filter(hb__isnull=False)
        nursing = Breastfeeding.objects.ongoing(on).filter(mother=OuterRef("pk"))
        carried = FilteredRelation("pregnancies", condition=Q(pregnancies__pk=newest))
        return self.annotate(carried=carried).annotate(
            **{f"carried_{name}": F(f"carried__{name}") for name in CARRIED},
            lila=_first(checks.filter(lila_cm__isnull=False), "lila_cm"),
            hb=_first(with_hb, "hb"),
            hb_on=_first(with_hb, "checked_on"),
            checked_on=_first(checks, "checked_on"),
            doctor_on=_first(checks.filter(by=PregnancyCheck.By.DOKTER), "checked_on"),
            nursing_since=_first(nursing, "started_on"),
        )


# The columns of a pregnancy that a list of mothers reads.
CARRIED = (
    "code", "hpht", "hpl_override", "gravida", "height_cm", "pre_weight_kg", "last_birth_on",
)  # fmt: skip


def _first(rows: models.QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1])


class MotherManager(UnmergedManager.from_queryset(MotherQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class Mother(Known):
    class Education(models.TextChoices):
        NONE = "tidak", "Tidak sekolah atau tidak tamat SD"
        SD = "sd", "SD atau sederajat"
        SMP = "smp", "SMP atau sederajat"
        SMA = "sma", "SMA atau sederajat"
        DIPLOMA = "diploma", "Diploma"
        SARJANA = "sarjana", "Sarjana atau lebih"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="mothers")
    name = models.CharField("nama ibu", max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    nik = EncryptedField("NIK")
    nik_index = models.CharField(max_length=64, null=True, editable=False)
    birth_date = models.DateField("tanggal lahir", null=True, blank=True)
    phone = models.CharField("nomor HP", max_length=20, blank=True)
    job = models.CharField("pekerjaan", max_length=80, blank=True)
    nik_tail = models.CharField(max_length=32, blank=True, editable=False)  # of the last 4 digits
    education = models.CharField("pendidikan", max_length=8, choices=Education, blank=True)
    births = models.PositiveSmallIntegerField("pernah melahirkan (kali)", null=True, blank=True)
    left_on = models.DateField("keluar pada", null=True, blank=True)
    left_reason = models.CharField("alasan keluar", max_length=60, blank=True)

    objects = MotherManager()
    everyone = MotherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "nik_index"], name="mother_nik_once")
        ]
        indexes = [
            models.Index(fields=["programme", "nik_tail"], name="mother_nik_tail"),
            models.Index(fields=["programme", "name_key", "id"], name="mother_by_name"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def nik_masked(self) -> str:
        return masked(self.nik)


class PregnancyQuerySet(PlacedQuerySet):
    action = "see_mothers"

    def of_those_here(self, on: date) -> Self:
        """Of mothers who live in the kecamatan on the day."""
        living = Mother.objects.here(on).filter(pk=OuterRef("mother"))
        return self.filter(some(living))

    def unended(self, on: date) -> Self:
        """Begun by the day and not ended by then, however long ago it began."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), hpht__lte=on)

    def ongoing(self, on: date) -> Self:
        """The pregnancies that count on the day (keputusan 22)."""
        return self.unended(on).exclude(_past(on))

    def overdue(self, on: date) -> Self:
        """Past the longest a pregnancy is counted: somebody must write down how it ended."""
        return self.unended(on).filter(_past(on))


def _past(on: date) -> Q:
    """``registry.mothers.pregnancy.is_overdue`` in SQL."""
    by_hpht = Q(hpl_override__isnull=True, hpht__lt=on - timedelta(weeks=FULL_TERM_WEEKS))
    by_hpl = Q(hpl_override__isnull=False, hpl_override__lt=on - COUNTED_PAST_HPL)
    return by_hpht | by_hpl


class Pregnancy(Placed):
    """One pregnancy; HPL follows HPHT by Naegele unless bidan or USG set another day."""

    class Outcome(models.TextChoices):
        BORN = "lahir", "Lahir hidup"
        STILLBORN = "lahir_mati", "Lahir mati"
        LOST = "keguguran", "Keguguran"

    mother = models.ForeignKey(Mother, on_delete=models.PROTECT, related_name="pregnancies")
    hpht = models.DateField("HPHT (hari pertama haid terakhir)")
    hpl_override = models.DateField("HPL menurut bidan/USG", null=True, blank=True)
    gravida = models.PositiveSmallIntegerField("hamil ke", null=True, blank=True)
    height_cm = models.DecimalField(
        "tinggi badan (cm)", max_digits=4, decimal_places=1, null=True, blank=True
    )
    pre_weight_kg = models.DecimalField(
        "berat sebelum hamil (kg)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    last_birth_on = models.DateField("kelahiran sebelumnya", null=True, blank=True)
    ended_on = models.DateField("berakhir pada", null=True, blank=True)
    outcome = models.CharField("hasil kehamilan", max_length=10, choices=Outcome, blank=True)

    objects = PregnancyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mother"],
                condition=Q(ended_on__isnull=True),
                name="one_pregnancy_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Kehamilan {self.mother}"

    @property
    def hpl(self) -> date:
        return self.hpl_override or naegele(self.hpht)

    def weeks_text(self, on: date) -> str:
        """``12 minggu 0 hari``; "" on a day before the pregnancy began."""
        age = gestation(self.begun, on)
        return f"{age[0]} minggu {age[1]} hari" if age else ""

    @property
    def begun(self) -> date:
        """The day gestation is counted from: HPHT, moved by what bidan or USG say of the HPL."""
        return begun(self.hpht, self.hpl_override)


class PregnancyCheckQuerySet(models.QuerySet["PregnancyCheck"]):
    def current(self) -> Self:
        """The highest revision of each examination: the one that counts."""
        return self.filter(superseded=False)


class PregnancyCheck(models.Model):
    """One examination of a pregnant woman.

    Append-only: a correction adds revision + 1 with its reason, the highest counts.
    """

    class By(models.TextChoices):
        BIDAN = "bidan", "Bidan atau perawat"
        DOKTER = "dokter", "Dokter"
        POSYANDU = "posyandu", "Kader di posyandu"  # measured, but no ANC visit

    pregnancy = models.ForeignKey(Pregnancy, on_delete=models.PROTECT, related_name="checks")
    checked_on = models.DateField("tanggal periksa")
    revision = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)
    reason = models.CharField("alasan perbaikan", max_length=200, blank=True)
    weight_kg = models.DecimalField(
        "berat badan (kg)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    lila_cm = models.DecimalField(
        "LiLA (cm)", max_digits=4, decimal_places=1, null=True, blank=True
    )
    hb = models.DecimalField("Hb (g/dL)", max_digits=4, decimal_places=1, null=True, blank=True)
    ttd = models.PositiveSmallIntegerField("TTD diminum (butir)", null=True, blank=True)
    by = models.CharField("diperiksa oleh", max_length=8, choices=By, default=By.BIDAN)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PregnancyCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-checked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pregnancy", "checked_on"],
                condition=Q(superseded=False),
                name="one_check_a_day",
            ),
            models.UniqueConstraint(
                fields=["pregnancy", "checked_on", "revision"], name="one_revision_a_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pregnancy} {self.checked_on}"


class BreastfeedingQuerySet(models.QuerySet["Breastfeeding"]):
    def ongoing(self, on: date) -> Self:
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), started_on__lte=on)


class Breastfeeding(models.Model):
    """A mother breastfeeds from a day on, until ``ended_on``."""

    mother = models.ForeignKey(Mother, on_delete=models.PROTECT, related_name="breastfeedings")
    child = models.ForeignKey(
        "registry.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_on = models.DateField("mulai menyusui")
    ended_on = models.DateField("berhenti menyusui", null=True, blank=True)

    objects = BreastfeedingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mother"], condition=Q(ended_on__isnull=True), name="one_nursing_at_a_time"
            )
        ]


class ExclusiveMonth(models.Model):
    """Whether a child had nothing but breast milk in one of its first six months (ASI eksklusif).

    ``month``: completed months of age at its begin, 0–5. Asked once a month; the answer asked
    later replaces none, it is refused.
    """

    child = models.ForeignKey(
        "registry.Child", on_delete=models.PROTECT, related_name="exclusive_months"
    )
    month = models.PositiveSmallIntegerField("bulan ke")
    exclusive = models.BooleanField("hanya ASI")
    asked_on = models.DateField("ditanyakan pada")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["child", "month"], name="one_answer_a_month"),
            models.CheckConstraint(condition=Q(month__lte=5), name="first_six_months"),
        ]

    def __str__(self) -> str:
        return f"{self.child} E{self.month + 1}"
