"""Visits of children: what was measured, and who did not come."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import reach
from growth.age import MONTH_DAYS, age_in_days
from growth.reading import STANDS_FROM_MONTH
from regions.codes import new_code
from regions.models import Posyandu


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def in_scope(self, user: Any, action: str = "see_children") -> Self:
        return self.filter(reach(user, action, "child__"))

    def current(self) -> Self:
        """The highest revision of each visit: the one that counts."""
        return self.filter(superseded=False)

    def weighed(self) -> Self:
        return self.filter(weight_kg__isnull=False)

    def last_of_child(self) -> Self:
        """Of these visits only each child's last."""
        later = self.filter(child=OuterRef("child"), measured_on__gt=OuterRef("measured_on"))
        return self.filter(~Exists(later))

    def of_gain(self, *letters: str) -> Self:
        """With one of these letters and a sound weight: flagged and doubted ones are in no N/D′."""
        return self.filter(waz__isnull=False, waz_flag=False, weight_gain__in=letters)

    def countable_haz(self) -> Self:
        """With a valid, unflagged TB/U of a child whose birth date is known to the day."""
        return self.filter(haz__isnull=False, haz_flag=False, child__birth_precision="day")


class Measurement(models.Model):
    """One visit. Append-only: a correction adds revision + 1 with its reason, the highest counts.

    The z columns are derived data, rounded to two decimals as WHO's own software does, stored
    with the version of the rule that made them; flags True = implausible, in no count.
    ``doubted`` names the numbers somebody confirmed although they are unlikely: every z made with
    one of them is flagged.
    """

    class Gain(models.TextChoices):
        NAIK = "N", "Naik"
        TIDAK = "T", "Tidak naik"
        O = "O", "Tidak ditimbang bulan lalu"  # noqa: E741 - the letter of the KMS
        BARU = "B", "Baru pertama ditimbang"

    class Posture(models.TextChoices):
        LYING = "l", "Terlentang"
        STANDING = "h", "Berdiri"

    code = models.CharField(max_length=24, unique=True, default=new_code, editable=False)
    child = models.ForeignKey(
        "registry.Child", on_delete=models.PROTECT, related_name="measurements"
    )
    measured_on = models.DateField("tanggal ukur")
    revision = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)
    reason = models.CharField("alasan perbaikan", max_length=200, blank=True)
    weight_kg = models.DecimalField(
        "berat (kg)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    length_height_cm = models.DecimalField(
        "panjang/tinggi (cm)", max_digits=5, decimal_places=2, null=True, blank=True
    )
    measure = models.CharField("cara ukur", max_length=1, choices=Posture, blank=True)
    oedema = models.BooleanField("edema kedua kaki", default=False)
    lila_cm = models.DecimalField(
        "LiLA (cm)", max_digits=4, decimal_places=1, null=True, blank=True
    )
    confirmed = models.BooleanField("angka janggal sudah dipastikan", default=False)
    doubted = models.JSONField("angka yang diragukan", default=list, blank=True)

    haz = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    waz = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    whz = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    baz = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    haz_flag = models.BooleanField(default=False, editable=False)
    waz_flag = models.BooleanField(default=False, editable=False)
    whz_flag = models.BooleanField(default=False, editable=False)
    baz_flag = models.BooleanField(default=False, editable=False)
    # Where no height was taken: what the last sound one said, and when (registry/measuring.py).
    known_haz = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    known_haz_on = models.DateField(null=True, editable=False)
    known_whz = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    known_whz_on = models.DateField(null=True, editable=False)
    weight_gain = models.CharField(max_length=1, choices=Gain, blank=True, editable=False)
    t_run = models.PositiveSmallIntegerField(default=0, editable=False)  # 2 = 2T
    alert = models.CharField(max_length=8, blank=True, editable=False)
    rule_version = models.CharField(max_length=40, blank=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["-measured_on", "-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "measured_on", "revision"], name="one_revision_a_visit"
            ),
            models.UniqueConstraint(
                fields=["child", "measured_on"],
                condition=Q(superseded=False),
                name="one_current_revision",
            ),
        ]
        indexes = [models.Index(F("measured_on"), F("haz"), name="measured_haz")]

    def __str__(self) -> str:
        return f"{self.child} {self.measured_on}"

    @property
    def is_weight_doubtful(self) -> bool:
        """Flagged, confirmed in doubt, or taken with oedema: the base of no N/T."""
        return self.waz_flag or self.oedema or "weight_kg" in self.doubted

    def is_unsure(self, column: str) -> bool:
        """Whether this z rests on a length in a posture nobody wrote down, or that cannot be: it
        may alarm, but it never says that a child is well. The child must be at hand."""
        if column == "waz" or self.length_height_cm is None:
            return False
        age = age_in_days(self.child.birth_date, self.measured_on)
        stands_too_early = self.measure == "h" and age / MONTH_DAYS < STANDS_FROM_MONTH
        return not self.measure or stands_too_early


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def in_scope(self, user: Any, action: str = "see_children") -> Self:
        return self.filter(reach(user, action, "child__"))


class Absence(models.Model):
    """A child was expected at a posyandu day and did not come (tidak hadir).

    A measurement of that day outweighs it: who came late is measured, not un-noted.
    """

    child = models.ForeignKey("registry.Child", on_delete=models.PROTECT, related_name="absences")
    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("tanggal posyandu")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["child", "on"], name="one_absence_a_day")]

    def __str__(self) -> str:
        return f"{self.child} {self.on}"
