"""Children, and the words by which they are looked up."""

import functools
import operator
from calendar import monthrange
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from growth.age import age_text, completed_months
from growth.classify import ALERT_RANK
from registry.identity import EncryptedField, masked
from registry.models.families import Household, Mother, Pregnancy
from registry.models.placed import Known, PeopleQuerySet, UnmergedManager
from registry.models.visits import Measurement, MeasurementQuerySet


def months_before(day: date, months: int) -> date:
    """The latest birth date of a child who has completed ``months`` months on the day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class ChildQuerySet(PeopleQuerySet):
    person = "child"

    def balita(self, on: date) -> Self:
        """Born by the day, and 60 months not yet completed. By date, never by a stored flag."""
        return self.filter(birth_date__lte=on, birth_date__gt=months_before(on, 60))

    def baduta(self, on: date) -> Self:
        """Born by the day, and 24 months not yet completed."""
        return self.filter(birth_date__lte=on, birth_date__gt=months_before(on, 24))

    def without_nik(self) -> Self:
        return self.filter(nik_index__isnull=True)

    def with_latest(self, on: date, since: date | None = None) -> Self:
        """Join the last counted visit up to the day (and not before ``since``) as ``latest_*``.

        One join on the visit's own columns, so that z-scores stay decimals on SQLite. For a few
        rows: of a whole programme ``of_visit`` asks without a join.
        """
        newest = Subquery(visits_until(on, since).values("pk")[:1])
        visit = FilteredRelation("measurements", condition=Q(measurements__pk=newest))
        return self.annotate(visit=visit, **{f"latest_{n}": F(f"visit__{n}") for n in LATEST})

    def with_last(self) -> Self:
        """As ``with_latest`` of this day, by what each child stands by: no visit is looked for."""
        visit = FilteredRelation("last_visit")
        return self.annotate(visit=visit, **{f"latest_{n}": F(f"visit__{n}") for n in LATEST})

    # Below, ``visits`` says which visit counts: LAST, or ``visits_until`` a day.

    def of_visit(self, visits: MeasurementQuerySet, told: Q) -> Self:
        """Whose visit fulfils it."""
        return self.filter(told_by(visits, told))

    def measured(self, visits: MeasurementQuerySet) -> Self:
        return self.filter(IsNull(Subquery(visits.values("pk")[:1]), False))

    def unmeasured(self, visits: MeasurementQuerySet) -> Self:
        return self.filter(IsNull(Subquery(visits.values("pk")[:1]), True))

    def counted_as(self, visits: MeasurementQuerySet, word: str, part: str = "n") -> Self:
        """Who makes a figure of the monthly report: ``word`` of ``COUNTED_BY``, ``part`` n
        (below −2,00), severe (below −3,00), total, flagged, missing or approximate."""
        if part == "approximate":
            return self.filter(birth_precision=Child.Precision.MONTH).measured(visits)
        exact = self.filter(birth_precision=Child.Precision.DAY)
        return exact.of_visit(visits, counted(COUNTED_BY[word], part))

    def stunted(self, visits: MeasurementQuerySet) -> Self:
        """TB/U below −2,00, counted: unflagged, and the birth date known to the day."""
        return self.counted_as(visits, "stunting")

    def flagged(self, visits: MeasurementQuerySet) -> Self:
        """With an index outside the plausible: in no count, to be measured again."""
        rows = (counted(column, "flagged") for column in COUNTED_BY.values())
        exact = self.filter(birth_precision=Child.Precision.DAY)
        return exact.of_visit(visits, functools.reduce(operator.or_, rows))

    def approximate(self, visits: MeasurementQuerySet) -> Self:
        """Measured, but in no count until the birth date is known to the day."""
        return self.counted_as(visits, "stunting", "approximate")

    def of_gain(self, letter: str, on: date, since: date | None = None) -> Self:
        """Whose last weighing up to the day (and not before ``since``) has this letter, with a
        sound weight: N and T are n and the rest of D′ in the monthly report."""
        sound = Q(waz__isnull=False, waz_flag=False, weight_gain=letter)
        return self.of_visit(visits_until(on, since).weighed(), sound)

    def unweighed(self, on: date, months: int) -> Self:
        """Old enough, and not weighed in the last months up to the day (SKDN: two)."""
        return self.filter(unweighed(on, months))

    def with_worst(self, visits: MeasurementQuerySet) -> Self:
        """Add ``worst``, the rank of the visit's alert; who was not measured stands with "ukur
        ulang"."""
        levels = [When(alert=level, then=Value(rank)) for level, rank in ALERT_RANK.items()]
        ranked = visits.annotate(worst=Case(*levels, default=Value(ALERT_RANK["kuning"])))
        worst = Coalesce(Subquery(ranked.values("worst")[:1]), Value(ALERT_RANK["kuning"]))
        return self.annotate(worst=worst)


# The columns of a visit that a list of children reads.
LATEST = (
    "measured_on", "haz", "waz", "whz", "haz_flag", "waz_flag", "whz_flag", "oedema", "alert",
    "measure", "known_haz", "known_haz_on", "known_whz", "known_whz_on",
)  # fmt: skip
# TB/U, BB/TB or BB/PB, and BB/U: the only index each word is counted by (domain.md §1.2).
COUNTED_BY = {"stunting": "haz", "wasting": "whz", "underweight": "waz"}
# The visit a child stands by, as a subquery.
LAST: MeasurementQuerySet = Measurement.objects.filter(pk=OuterRef("last_visit")).order_by()


def visits_until(on: date, since: date | None = None) -> MeasurementQuerySet:
    """A child's counted visits up to the day (and not before ``since``), the last one first."""
    rows = Measurement.objects.current().filter(child=OuterRef("pk"), measured_on__lte=on)
    rows = rows.filter(measured_on__gte=since) if since else rows
    return rows.order_by("-measured_on")


def told_by(rows: QuerySet[Any], told: Q) -> Subquery:
    """Whether the first of these rows fulfils it; NULL when there is none.

    One look by a key for each child, however many visits there are: a database may turn a join or
    an EXISTS into reading all of them, a value it may not.
    """
    holds = Case(When(told, then=Value(True)), default=Value(False), output_field=BooleanField())
    first = rows.annotate(holds=holds).values("holds")[:1]
    return Subquery(first, output_field=BooleanField())


def unweighed(on: date, months: int) -> Q:
    """Born by the same day so many months ago, and no weight taken since."""
    since = months_before(on, months)
    weighed = visits_until(on).weighed().filter(measured_on__gt=since)
    return Q(birth_date__lte=since) & Q(IsNull(Subquery(weighed.values("pk")[:1]), True))


def counted(column: str, part: str) -> Q:
    """The visits that stand in one part of an index, as ``reports/figures.py`` counts them, of
    children born on a known day.

    Oedema counts as severely wasted, whatever the weight (domain.md §1.2, last line).
    """
    swollen = Q(oedema=True) if column == "whz" else Q(pk__in=[])
    plain = Q(oedema=False) if column == "whz" else Q()
    sound = plain & Q(**{f"{column}__isnull": False, f"{column}_flag": False})
    parts = {
        "total": swollen | sound,
        "n": swollen | (sound & Q(**{f"{column}__lt": -2})),
        "severe": swollen | (sound & Q(**{f"{column}__lt": -3})),
        "flagged": plain & Q(**{f"{column}_flag": True}),
        "missing": plain & Q(**{f"{column}__isnull": True, f"{column}_flag": False}),
    }
    return parts[part]


class ChildManager(UnmergedManager.from_queryset(ChildQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class Child(Known):
    """A child of the programme. Baduta and balita are questions of date, not of a stored flag."""

    class Sex(models.TextChoices):
        L = "L", "Laki-laki"
        P = "P", "Perempuan"

    class Precision(models.TextChoices):
        DAY = "day", "Tanggal pasti"
        MONTH = "month", "Perkiraan dari umur dalam bulan"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="children")
    mother = models.ForeignKey(
        Mother, on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    name = models.CharField("nama anak", max_length=120)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)
    sex = models.CharField("jenis kelamin", max_length=1, choices=Sex)
    birth_date = models.DateField("tanggal lahir")
    birth_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    father_name = models.CharField("nama ayah", max_length=120, blank=True)
    nik = EncryptedField("NIK")
    nik_index = models.CharField(max_length=64, null=True, editable=False)
    gestation_weeks = models.PositiveSmallIntegerField(
        "usia kehamilan saat lahir (minggu)", null=True, blank=True
    )
    birth_weight_g = models.PositiveSmallIntegerField("berat lahir (gram)", null=True, blank=True)
    birth_length_cm = models.DecimalField(
        "panjang lahir (cm)", max_digits=4, decimal_places=1, null=True, blank=True
    )
    left_on = models.DateField("keluar pada", null=True, blank=True)
    left_reason = models.CharField("alasan keluar", max_length=60, blank=True)
    nik_tail = models.CharField(max_length=32, blank=True, editable=False)  # of the last 4 digits
    birth_order = models.PositiveSmallIntegerField("anak ke", null=True, blank=True)
    pregnancy = models.ForeignKey(
        Pregnancy, on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # Derived from the visits when one of them changes, so that lists of any length are read along
    # an index: the last counted visit, and the rank of its alert (0 = merah).
    last_visit = models.ForeignKey(
        Measurement, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    rank = models.PositiveSmallIntegerField(default=ALERT_RANK["kuning"], editable=False)

    objects = ChildManager()
    everyone = ChildQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "nik_index"], name="child_nik_once")
        ]
        indexes = [
            models.Index(fields=["desa", "name_key"]),
            models.Index(fields=["programme", "nik_tail"], name="child_nik_tail"),
            models.Index(fields=["programme", "name_key", "merged_into"], name="child_by_name"),
            # Its last columns are read within it: a list is counted without opening a row.
            models.Index(
                fields=[
                    "programme",
                    "rank",
                    "name_key",
                    "id",
                    "birth_date",
                    "left_on",
                    "merged_into",
                ],
                name="child_worst",
            ),
            models.Index(fields=["desa", "rank", "name_key", "id"], name="child_worst_in_desa"),
            models.Index(fields=["posyandu", "rank", "name_key", "id"], name="child_worst_here"),
        ]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def nik_masked(self) -> str:
        return masked(self.nik)

    @property
    def is_approximate(self) -> bool:
        return self.birth_precision == self.Precision.MONTH

    def age_text(self, on: date) -> str:
        """``1 tahun 6 bulan 5 hari``, with ≈ before it when the birth date is approximate."""
        return ("≈ " if self.is_approximate else "") + age_text(self.birth_date, on)

    def months(self, on: date) -> int:
        return completed_months(self.birth_date, on)

    @property
    def parents(self) -> str:
        names = [self.mother.name if self.mother else "", self.father_name]
        return " / ".join(name for name in names if name)
