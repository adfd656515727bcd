"""Who needs help and has none: the top of the board, worst first."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least

from accounts.paging import Order
from growth.classes import NORMAL_FROM
from growth.classify import ALERT_RANK
from interventions.models import PmtEpisode, SanitationWork
from regions.models import Region
from registry.models import Child, Household, Pregnancy, PregnancyCheck
from registry.models.children import LAST
from registry.mothers.pregnancy import LILA_KEK_CM

BAD_WATER = (Household.Water.TIDAK_LAYAK, Household.Water.TIDAK_ADA)
BAD_LATRINE = (Household.Latrine.BELUM_LAYAK, Household.Latrine.TERBUKA)
BAD_HOUSE = (Household.House.TIDAK_LAYAK,)
_NO_Z = Value(99.0)
CHILDREN = Order("sasaran anak", ("urgent", "worst", "code"))
PREGNANCIES = Order("sasaran ibu hamil", ("thin", "code"), counted=False)
HOUSEHOLDS = Order("keluarga", ("desa__code", "code"))


def children(user: Any, today: date, desa: Region | None = None) -> QuerySet[Child]:
    """The balita short, thin or light at their last visit for whom nothing is planned; a page of
    them is read by their keys, with all that is ``seen``.

    Flagged z-scores count for nothing. In the order of ``CHILDREN``: ``urgent`` (0 = rujuk hari
    ini), then ``worst`` (the lowest z).
    """
    helped = PmtEpisode.objects.open().filter(child=OuterRef("pk"))
    children = Child.objects.in_scope(user, "see_interventions").of(user.programme)
    children = children.in_desa(desa).balita(today).here(today).filter(~Exists(helped))
    low = _low("haz") | _low("whz") | _low("waz") | _known_low()
    worst = Least(_z("haz"), _z("whz"), _z("waz"), _z("known_haz"), _z("known_whz"))
    rows = children.of_visit(LAST, low | Q(alert="merah")).annotate(
        urgent=Case(When(rank=ALERT_RANK["merah"], then=0), default=1),
        worst=Subquery(LAST.annotate(worst=worst).values("worst")[:1]),
    )
    return CHILDREN.sorted(rows)


def seen(rows: Any) -> Any:
    """Children with their last visit as ``latest_*``, and their desa."""
    return rows.with_last().select_related("desa").defer("nik")


def pregnancies(user: Any, today: date, desa: Region | None = None) -> QuerySet[Pregnancy]:
    """Ongoing pregnancies whose last LiLA is below 23,5 cm and for which nothing is planned.

    In the order of ``PREGNANCIES``, by that LiLA (``lila``), measured on ``lila_on``.
    """
    checks = (
        PregnancyCheck.objects.current()
        .filter(pregnancy=OuterRef("pk"), lila_cm__isnull=False, checked_on__lte=today)
        .order_by("-checked_on")
    )
    helped = PmtEpisode.objects.open().filter(pregnancy=OuterRef("pk"))
    rows = Pregnancy.objects.in_scope(user, "see_interventions").in_desa(desa)
    rows = rows.ongoing(today).of_those_here(today)
    rows = rows.filter(~Exists(helped)).annotate(
        lila=Subquery(checks.values("lila_cm")[:1]),
        lila_on=Subquery(checks.values("checked_on")[:1]),
    )
    rows = rows.filter(lila__lt=LILA_KEK_CM)
    return PREGNANCIES.sorted(rows.annotate(thin=Cast("lila", FloatField())))


def households(user: Any, desa: Region | None = None) -> QuerySet[Household]:
    """Families whose water, latrine or house is not yet fit and for whom no work is planned."""
    helped = SanitationWork.objects.open().filter(household=OuterRef("pk"))
    rows = Household.objects.in_scope(user, "see_interventions").in_desa(desa)
    rows = rows.here(user.programme.today())
    return HOUSEHOLDS.sorted(rows.filter(unfit(), ~Exists(helped)))


def unfit() -> Q:
    return Q(water__in=BAD_WATER) | Q(latrine__in=BAD_LATRINE) | Q(house__in=BAD_HOUSE)


def _low(name: str) -> Q:
    return Q(**{f"{name}__lt": NORMAL_FROM, f"{name}_flag": False})


def _known_low() -> Q:
    """Short or thin when last measured, and only weighed since."""
    return Q(known_haz__lt=NORMAL_FROM) | Q(known_whz__lt=NORMAL_FROM)


def _z(name: str) -> Case:
    """The z as a float (SQLite compares decimals of an expression as text), 99 when unusable."""
    flagged = [] if name.startswith("known_") else [When(**{f"{name}_flag": True}, then=_NO_Z)]
    return Case(
        *flagged,
        default=Coalesce(Cast(F(name), FloatField()), _NO_Z),
        output_field=FloatField(),
    )
