"""Reads what ``risk`` judges a family by: its people and its home, many families at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from registry.families.risk import Carrying, Family, Verdict, Woman, risk_of
from registry.models import Child, Household, Mother, Pregnancy
from registry.mothers.pregnancy import Limits


def verdicts(
    households: Iterable[Household], on: date, limits: Limits, *, named: bool = True
) -> dict[int, Verdict]:
    """How each family stands on the day, by its pk; four queries whatever their number.

    ``named``: the reasons say which woman they are about.
    """
    families = read(households, on, named=named)
    return {pk: risk_of(family, on, limits) for pk, family in families.items()}


def read(households: Iterable[Household], on: date, *, named: bool = True) -> dict[int, Family]:
    """What is known of each family on the day, by its pk."""
    rows = list(households)
    pks = [row.pk for row in rows]
    mothers = Mother.objects.filter(household__in=pks)
    here = list(mothers.here(on).order_by("name_key", "id").defer("nik"))
    women = _women(here, on, named=named)
    known = set(mothers.order_by().values_list("household", flat=True))
    balita = Child.objects.filter(household__in=pks).balita(on).here(on)
    young = set(balita.order_by().values_list("household", flat=True))
    return {
        row.pk: Family(
            water_source=row.water_source, water=row.water, latrine_use=row.latrine_use,
            latrine_drain=row.latrine_drain, latrine=row.latrine, has_balita=row.pk in young,
            mother_known=row.pk in known, women=tuple(women[row.pk]),
        )
        for row in rows
    }  # fmt: skip


def _women(mothers: list[Mother], on: date, *, named: bool) -> dict[int, list[Woman]]:
    """The women of each household, with the pregnancies they carry and their children's births."""
    carried = {
        row.mother_id: Carrying(row.hpht, row.hpl, row.gravida, row.last_birth_on)
        for row in Pregnancy.objects.ongoing(on).filter(mother__in=mothers)
    }
    births = defaultdict(list)
    exact = Child.objects.filter(
        mother__in=mothers, birth_precision=Child.Precision.DAY, birth_date__lte=on
    )
    for mother, born in exact.order_by("birth_date").values_list("mother", "birth_date"):
        births[mother].append(born)
    found: dict[int, list[Woman]] = defaultdict(list)
    for mother in mothers:
        found[mother.household_id].append(
            Woman(mother.name if named else "", mother.birth_date, mother.births,
                  carried.get(mother.pk), tuple(births[mother.pk]))
        )  # fmt: skip
    return found
