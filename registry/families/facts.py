"""Reads what ``risk`` judges a family by: its people and its home, many families at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from registry.families.risk import BALITA_MONTHS, Carrying, Family, Verdict, Woman, risk_of
from registry.models import Child, Household, Mother, Pregnancy
from registry.models.children import months_before
from registry.mothers.pregnancy import Limits


def verdicts(
    households: Iterable[Household], on: date, limits: Limits, named: Collection[int] = ()
) -> dict[int, Verdict]:
    """How each family stands on the day, by its pk; three queries whatever their number.

    ``named``: the mothers whose names may stand in the reasons.
    """
    families = read(households, on, named)
    return {pk: risk_of(family, on, limits) for pk, family in families.items()}


def read(
    households: Iterable[Household], on: date, named: Collection[int] = ()
) -> dict[int, Family]:
    """What is known of each family on the day, by its pk."""
    rows = list(households)
    mothers = list(_with_here(Mother.objects.filter(household__in=rows), on).defer("nik"))
    children = list(_children(rows, mothers, on))
    women = _women([m for m in mothers if m.is_here], children, on, named)
    young = {c.household_id for c in children if c.is_here and _is_balita(c, on)}
    known = {mother.household_id for mother in mothers}
    return {
        row.pk: replace(
            home_of(row), has_balita=row.pk in young, mother_known=row.pk in known,
            women=tuple(women[row.pk]),
        )
        for row in rows
    }  # fmt: skip


def home_of(row: Household) -> Family:
    """What the family's own row tells of its home; of its people nothing."""
    names = ("water_source", "water", "latrine_use", "latrine_drain", "latrine")
    return Family(**{name: getattr(row, name) for name in names})


def _with_here(people: Any, on: date) -> Any:
    """Add ``is_here``: living in the kecamatan on the day."""
    living = people.model.objects.here(on).filter(pk=OuterRef("pk"))
    return people.annotate(is_here=Exists(living)).order_by("name_key", "id")


def _children(households: list[Household], mothers: list[Mother], on: date) -> Any:
    """The children of these households and of these mothers."""
    theirs = Q(household__in=households) | Q(mother__in=mothers)
    rows = _with_here(Child.objects.filter(theirs), on)
    return rows.only("household", "mother", "birth_date", "birth_precision")


def _is_balita(child: Child, on: date) -> bool:
    return months_before(on, BALITA_MONTHS) < child.birth_date <= on


def _women(
    mothers: list[Mother], children: list[Child], on: date, named: Collection[int]
) -> dict[int, list[Woman]]:
    """The women of each household, with the pregnancies they carry and their children's births."""
    carried = {
        row.mother_id: Carrying(row.hpht, row.hpl, row.gravida, row.last_birth_on)
        for row in Pregnancy.objects.ongoing(on).filter(mother__in=mothers)
    }
    births = defaultdict(list)
    for child in children:
        if child.birth_date <= on and not child.is_approximate:
            births[child.mother_id].append(child.birth_date)
    found: dict[int, list[Woman]] = defaultdict(list)
    for mother in mothers:
        name = mother.name if mother.pk in named else ""
        found[mother.household_id].append(
            Woman(name, mother.birth_date, mother.births, carried.get(mother.pk),
                  tuple(births[mother.pk]))
        )  # fmt: skip
    return found
