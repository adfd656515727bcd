"""People the demo holds twice, as registers do: a whole family, a child, and two who are twins."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from regions.models import Programme
from registry import visits
from registry.models import Child, Household, Measurement, Mother
from registry.names import name_key

HEAVIER = Decimal("0.3")


def load(programme: Programme, cast: dict[str, User]) -> None:
    """Three pairs to look at: the first two to merge, the third to tell apart."""
    known = Child.objects.of(programme).balita(programme.today()).order_by("-pk")
    measured = known.filter(measurements__isnull=False).distinct()
    family, child, twin = measured.select_related("mother", "household", "programme")[:3]
    _again(family, cast["petugas"], whole=True)
    _again(child, cast["petugas"])
    _twin_of(twin, cast["petugas"])


def _again(child: Child, user: User, *, whole: bool = False) -> None:
    """The same child typed in once more, a little otherwise; with ``whole`` its family too."""
    family = _family_again(child, user) if whole else (child.household, child.mother)
    again = _card(
        child, user, *family, child.name.upper(),
        birth_date=child.birth_date - timedelta(days=2), father_name=f"Bapak {child.father_name}",
    )  # fmt: skip
    last = child.measurements.current().order_by("-measured_on").first()
    if last:
        _weighed(again, user, last, timedelta(0))
        _weighed(again, user, last, timedelta(days=3))


def _family_again(child: Child, user: User) -> tuple[Household, Mother]:
    home, mother = child.household, child.mother
    where = {name: getattr(child, name) for name in ("programme", "desa", "posyandu")}
    twice = Household.objects.create(
        **where, head_name=home.head_name, address=home.address, rt=home.rt, rw=home.rw,
        created_by=user,
    )  # fmt: skip
    name = f"Ny. {mother.name}" if mother else "Ibu Contoh"
    return twice, Mother.objects.create(
        **where, household=twice, name=name, name_key=name_key(name), phone="081200000000",
        created_by=user,
    )  # fmt: skip


def _twin_of(child: Child, user: User) -> None:
    _card(child, user, child.household, child.mother, f"Saudara {child.name}")


def _card(
    child: Child, user: User, home: Household, mother: Mother | None, name: str, **changes: Any
) -> Child:
    values = {"birth_date": child.birth_date, "father_name": child.father_name} | changes
    return Child.objects.create(
        programme=child.programme, desa=child.desa, posyandu=child.posyandu, household=home,
        mother=mother, name=name, name_key=name_key(name), sex=child.sex, created_by=user,
        **values,
    )  # fmt: skip


def _weighed(child: Child, user: User, like: Measurement, after: timedelta) -> None:
    numbers = {
        "measured_on": like.measured_on + after, "measure": like.measure,
        "weight_kg": like.weight_kg + HEAVIER if like.weight_kg else None,
        "length_height_cm": like.length_height_cm,
    }  # fmt: skip
    visits.add_measurement(user, child, numbers)
