"""Duplicates are found: counted on noisy second records, with few queries and no scan.

Tuned on seed 1 alone, reported on seeds 2 to 11 (script/test --slow runs and prints them all);
else one small world of seed 2. A record counts as found when the likeliest candidate is at least
SAME and is the child the record was made from; as wrong when it is anybody else.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.identity import index_of
from registry.lookup.candidates import (
    Asked,
    AskedMother,
    find,
    find_many,
    find_mothers,
)
from registry.lookup.score import SAME
from registry.models import Child, Mother
from tests import environment, noisy_people, noisy_rows
from tests.cast import a_child, a_household, a_mother

PRECISION, RECALL = 0.98, 0.95
SEEDS = range(2, 12) if environment.SLOW else (2,)
FAMILIES, ASKED = environment.rounds(300, 2000), environment.rounds(250, 1500)


@dataclass
class Tally:
    """What came of the records that came in."""

    second: int = 0  # records of a known child
    found: int = 0
    wrong: int = 0
    listed: int = 0  # the child is among the candidates shown

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / self.second


def count(place: SimpleNamespace, seed: int) -> tuple[Tally, noisy_people.World]:
    world = noisy_people.world(seed, FAMILIES, ASKED)
    pks = noisy_rows.store(place.programme, world.known)
    places = list(place.programme.desa())
    asked = [noisy_rows.asked(record, places) for record in world.asked]
    tally = Tally()
    for record, found in zip(world.asked, find_many(place.programme, asked), strict=True):
        truth = None if world.is_new(record) else pks[record.truth]
        top = found[0].child.pk if found and found[0].score >= SAME else None
        tally.second += truth is not None
        tally.found += top is not None and top == truth
        tally.wrong += top is not None and top != truth
        tally.listed += truth is not None and truth in {one.child.pk for one in found}
    return tally, world


@pytest.mark.parametrize("seed", SEEDS)
def test_second_records_are_found(cast: SimpleNamespace, seed: int, capsys: Any) -> None:
    tally, world = count(cast, seed)
    with capsys.disabled():
        sys.stdout.write(
            f"\nseed {seed}: {len(world.known)} known, {len(world.asked)} came in, "
            f"{tally.second} of them known, {tally.found} found, {tally.wrong} wrong: "
            f"precision {tally.precision:.4f}, recall {tally.recall:.4f}, "
            f"shown to a person {tally.listed / tally.second:.4f}"
        )
    assert tally.precision >= PRECISION and tally.recall >= RECALL
    assert tally.listed / tally.second >= 0.98


def test_every_kind_of_noise_is_met() -> None:
    """The figures mean something: no kind of mistake, and no kind of stranger, is left out."""
    world = noisy_people.world(3, 1500, 1500)
    met = {kind for record in world.asked for kind in record.noise}
    assert met >= {*noisy_people.NOISE, *noisy_people.OTHERS}
    again = noisy_people.world(3, 1500, 1500)
    assert again.asked == world.asked and again.known == world.known


# --- Queries and plans -------------------------------------------------------------------------


def a_crowd(place: SimpleNamespace, families: int, seed: int = 77) -> list[noisy_people.Record]:
    known = noisy_people.world(seed, families, 0).known
    if Child.objects.exists():  # their NIK are taken
        known = [replace(record, nik="") for record in known]
    noisy_rows.store(place.programme, known)
    return known


def an_asked(place: SimpleNamespace, record: noisy_people.Record) -> Asked:
    return noisy_rows.asked(record, list(place.programme.desa()))


def queries_of(work: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as made:
        work()
    return [query["sql"] for query in made]


@contextmanager
def no_way_but_an_index() -> Iterator[None]:
    """PostgreSQL reads a small table from one end to the other; forbidden, it shows whether
    there is another way."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = on")


def scans_in(sql: str) -> list[str]:
    """The lines of the plan that read a table of people or keys from one end to the other."""
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with no_way_but_an_index(), connection.cursor() as cursor:
        cursor.execute(explain + sql)
        lines = [str(row[-1]) for row in cursor.fetchall()]
    return [line for line in lines if "Seq Scan on registry" in line
            or line.lstrip().startswith(("SCAN registry", "SCAN U"))]  # fmt: skip


def test_a_scan_would_be_seen(cast: SimpleNamespace) -> None:
    assert scans_in("SELECT id FROM registry_child WHERE father_name = 'Contoh'")
    assert not scans_in("SELECT id FROM registry_child WHERE id = 1")


def test_a_check_costs_the_same_however_many_there_are(cast: SimpleNamespace) -> None:
    record = a_crowd(cast, 20)[0]
    asked = an_asked(cast, record)
    few = queries_of(lambda: find(cast.programme, asked))
    a_crowd(cast, 400, seed=78)
    many = queries_of(lambda: find(cast.programme, asked))
    assert len(few) == len(many) <= 4
    assert not [line for sql in many for line in scans_in(sql)]


def test_a_hundred_checks_cost_as_many_queries_as_one(cast: SimpleNamespace) -> None:
    known = a_crowd(cast, 100)
    rows = [an_asked(cast, record) for record in known[:100]]
    made = queries_of(lambda: find_many(cast.programme, rows))
    assert len(made) <= 4  # one more: NIK are among them
    assert not [line for sql in made for line in scans_in(sql)]
    one_by_one = [find(cast.programme, asked) for asked in rows[:30]]
    assert one_by_one == find_many(cast.programme, rows[:30])


def test_numbers_are_looked_up_along_an_index(cast: SimpleNamespace) -> None:
    a_crowd(cast, 50)
    asked = Asked("Nama Lain", nik=NIK, mother_nik=HERS, kk=KK)
    made = queries_of(lambda: find(cast.programme, asked))
    assert len(made) <= 6
    assert not [line for sql in made for line in scans_in(sql)]


def test_a_mother_too(cast: SimpleNamespace) -> None:
    a_crowd(cast, 50)
    mother = Mother.objects.first()
    asked = AskedMother(mother.name, desa=mother.desa)
    made = queries_of(lambda: find_mothers(cast.programme, asked))
    assert len(made) == 3 and not [line for sql in made for line in scans_in(sql)]


# --- Who is found, and who is not --------------------------------------------------------------

NIK, HERS, KK = "3302204503240001", "3302204107950001", "3302200101200002"


def test_it_works(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, name="Aminah Lestari")
    child = a_child(cast, name="Siti Nurkhasanah", mother=mother)
    asked = Asked("sti nurhasanah", child.birth_date, sex="P", desa=cast.desa,
                  mother_name="Aminnah")  # fmt: skip
    (found,) = find(cast.programme, asked)
    assert found.child == child and found.is_likely and "nama mirip" in found.reasons
    assert ("k", True) in found.name_pieces


def test_an_empty_registry_finds_nobody(cast: SimpleNamespace) -> None:
    assert find(cast.programme, Asked("Siti", cast.programme.today())) == []
    assert find(cast.programme, Asked("")) == [] and find_many(cast.programme, []) == []


def test_the_other_programme_is_another_world(cast: SimpleNamespace) -> None:
    child = a_child(cast.gasken, name="Siti Nurkhasanah", nik=NIK)
    asked = Asked(child.name, child.birth_date, nik=NIK)
    assert find(cast.programme, asked) == [] and find(cast.gasken.programme, asked)


def test_a_person_sees_her_own_area_only(cast: SimpleNamespace) -> None:
    here = a_child(cast, name="Siti Nurkhasanah")
    there = a_child(cast, name="Siti Nurkhasanah", desa=cast.other_desa, posyandu=cast.kenanga)
    asked = Asked(here.name, here.birth_date)
    everybody = [found.child for found in find(cast.programme, asked)]
    assert set(everybody) == {here, there}
    seen = Child.objects.in_scope(cast.bidan)
    assert [found.child for found in find(cast.programme, asked, seen=seen)] == [here]


def test_the_numbers_of_the_family_lead_to_the_child(cast: SimpleNamespace) -> None:
    """A newborn has no NIK: its mother's and the birth date tell it (domain.md §7.2)."""
    home = a_household(cast, kk=KK, kk_index=index_of(KK))
    mother = a_mother(cast, name="Aminah", nik=HERS, nik_index=index_of(HERS), household=home)
    child = a_child(cast, name="Bayi Ny. Aminah", mother=mother)
    for number in ({"mother_nik": HERS}, {"kk": KK}):
        asked = Asked("Kirana", child.birth_date, sex="P", desa=cast.other_desa, **number)
        assert [found.child for found in find(cast.programme, asked)] == [child], number
