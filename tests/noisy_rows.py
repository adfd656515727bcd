"""The records of tests/noisy_people.py as rows of the registry, made in bulk."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from regions.models import Programme
from registry.identity import index_of
from registry.lookup import keys
from registry.lookup.candidates import Asked
from registry.models import Child, Household, Mother
from registry.names import name_key
from tests.noisy_people import Record


def asked(record: Record, places: Sequence[Any]) -> Asked:
    """A record that comes in, as the registry is asked about it."""
    return Asked(
        record.name, record.birth_date, record.precision, record.sex, places[record.desa],
        record.mother_name, record.father_name, record.nik, birth_order=record.birth_order,
    )  # fmt: skip


def store(programme: Programme, records: Iterable[Record], size: int = 5000) -> list[int]:
    """Make child, mother and household of each record with their search keys; the children's
    primary keys, in order. Brothers and sisters stand one after the other."""
    places, rest, made = list(programme.desa()), iter(records), []
    while chunk := list(islice(rest, size)):
        made += _store(programme, places, chunk)
    return made


def _store(programme: Programme, places: Sequence[Any], records: list[Record]) -> list[int]:
    families = {record.family: record for record in records}
    wheres = {key: {"programme": programme, "desa": places[record.desa]}
              for key, record in families.items()}  # fmt: skip
    homes = Household.objects.bulk_create(
        Household(**wheres[key], address="Jalan Contoh 1", head_name=record.father_name)
        for key, record in families.items()
    )
    home_of = dict(zip(families, homes, strict=True))
    mothers = Mother.objects.bulk_create(
        Mother(**wheres[key], household=home_of[key], name=record.mother_name,
               name_key=name_key(record.mother_name))
        for key, record in families.items()
    )  # fmt: skip
    mother_of = dict(zip(families, mothers, strict=True))
    children = Child.objects.bulk_create(
        _child(record, wheres[record.family], home_of, mother_of) for record in records
    )
    keys.refresh_many(children, mothers)
    return [child.pk for child in children]


def _child(
    record: Record, where: dict[str, Any], homes: dict[int, Any], mothers: dict[int, Any]
) -> Child:
    return Child(
        **where, household=homes[record.family], mother=mothers[record.family], name=record.name,
        name_key=name_key(record.name), sex=record.sex, birth_date=record.birth_date,
        birth_precision=record.precision, father_name=record.father_name, nik=record.nik,
        nik_index=index_of(record.nik), birth_order=record.birth_order,
    )  # fmt: skip
