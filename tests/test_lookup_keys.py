"""Search keys follow every act that changes what they are made of."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from registry import registering, visits, workflow
from registry.identity import index_of, tail_of
from registry.lookup import keys
from registry.lookup.among import among
from registry.models import Child, LookupKey, Mother
from registry.people import Approval
from tests.cast import a_child, a_mother, a_submission

NIK, OTHER = "3302204503230001", "3302204503230017"


def stored() -> dict[tuple[str, int], set[str]]:
    """Every person's keys as they stand."""
    found: dict[tuple[str, int], set[str]] = {}
    for key, child, mother in LookupKey.objects.values_list("key", "child", "mother"):
        found.setdefault(("child", child) if child else ("mother", mother), set()).add(key)
    return found


def assert_as_made_anew() -> None:
    children, mothers = Child.objects.all(), Mother.objects.all()
    anew = {("child", child.pk): keys.of_child(child, child.mother.name if child.mother else "")
            for child in children}  # fmt: skip
    anew |= {("mother", mother.pk): keys.of_mother(mother) for mother in mothers}
    assert stored() == anew
    for person in (*children, *mothers):
        assert person.nik_tail == tail_of(person.nik)


def born(cast: SimpleNamespace) -> date:
    return cast.programme.today() - timedelta(days=400)


def a_family(cast: SimpleNamespace) -> Child:
    """A child with a brother, registered as staff do it."""
    where = {"programme": cast.programme, "desa": cast.desa, "posyandu": cast.melati}
    home = {"address": "Jalan Contoh 1", "rt": "", "rw": "", "head_name": "Ayah Contoh"}
    family = {"mother_name": "Siti Nurkhasanah", "kk": "", "job": "", "home": home}
    made = [
        registering.register_child(
            cast.bidan, where, family=family, consent={"giver": "ibu", "method": "lisan"},
            child={"name": name, "sex": "L", "birth_date": born(cast) - timedelta(days=days)},
        )
        for name, days in (("Muhammad Rizki", 0), ("Moch. Fauzan Akbar", 700))
    ]  # fmt: skip
    return made[0]


def test_registering_makes_them(cast: SimpleNamespace) -> None:
    child = a_family(cast)
    assert {"wMKMT", "wRSK", "pMKMT+RSK"} <= stored()["child", child.pk]
    assert Mother.objects.count() == 1
    assert_as_made_anew()


ACTS: dict[str, Callable[[SimpleNamespace, Child], Any]] = {
    "name": lambda cast, child: registering.correct_child(
        cast.bidan, child, {"name": "Ahmad Zaki", "name_key": "ahmad zaki"}
    ),
    "birth date": lambda cast, child: visits.correct_child(
        cast.bidan,
        child,
        {"birth_date": born(cast) - timedelta(days=40), "birth_precision": "day"},  # fmt: skip
    ),
    "precision": lambda cast, child: visits.correct_child(
        cast.bidan, child, {"birth_precision": "month"}
    ),
    "NIK": lambda cast, child: registering.correct_child(
        cast.bidan, child, {"nik": NIK, "nik_index": index_of(NIK)}
    ),
    "desa": lambda cast, child: visits.correct_child(
        cast.petugas, child, {"desa": cast.other_desa, "posyandu": cast.kenanga}
    ),
    "mother": lambda cast, child: visits.correct_child(
        cast.petugas, child, {"mother": a_mother(cast, name="Sri Wahyuni")}
    ),
    "no mother": lambda cast, child: visits.correct_child(cast.petugas, child, {"mother": None}),
    "her name": lambda cast, child: registering.correct_mother(
        cast.bidan, child.mother, {"name": "Sri Handayani", "name_key": "sri handayani"}
    ),
    "her NIK": lambda cast, child: registering.correct_mother(
        cast.bidan, child.mother, {"nik": OTHER, "nik_index": index_of(OTHER)}
    ),
    "linked by a report with a NIK": lambda cast, child: workflow.approve(
        cast.petugas, a_submission(cast), Approval(child=child, nik=NIK)
    ),
    "made by a report": lambda cast, child: workflow.approve(
        cast.petugas, a_submission(cast, child_name="Djoko", mother_name="Ny. Aminah"), Approval()
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_they_follow_what_is_put_right(cast: SimpleNamespace, act: str) -> None:
    child = a_family(cast)
    before = stored()
    ACTS[act](cast, child)
    assert_as_made_anew()
    assert stored() != before or act in ("her NIK", "NIK", "linked by a report with a NIK")


def test_an_undone_report_takes_them_along(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    workflow.approve(cast.petugas, report, Approval())
    assert LookupKey.objects.exists()
    report.refresh_from_db()
    workflow.undo(cast.petugas, report, "Salah anak")
    assert not LookupKey.objects.exists()


def test_who_was_merged_into_another_is_found_no_more(cast: SimpleNamespace) -> None:
    kept, gone = a_child(cast), a_child(cast)
    Child.objects.filter(pk=gone.pk).update(merged_into=kept)
    gone = Child.everyone.get(pk=gone.pk)
    keys.refresh(gone)
    assert not gone.keys.exists() and kept.keys.exists()
    keys.refresh_many([gone, kept])
    assert not gone.keys.exists()
    gone.merged_into = None
    gone.save()
    keys.refresh(gone)
    assert_as_made_anew()


def test_many_at_once_are_as_one_by_one(cast: SimpleNamespace) -> None:
    for name in ("Siti Nur Azizah", "Bayi Ny. Aminah", "Øyvind", "Ж", "12", "M. Rizki, S.Pd"):
        mother = a_mother(cast, name=f"{name} Ibu", nik=f"33022045032300{len(name):02d}")
        a_child(cast, name=name, mother=mother, nik=f"33022005032300{len(name):02d}")
    one_by_one = stored()
    assert_as_made_anew()
    LookupKey.objects.all().delete()
    Child.objects.update(nik_tail="")
    children = list(Child.objects.all())
    keys.refresh_many(children, Mother.objects.all())
    assert stored() == one_by_one
    assert_as_made_anew()


def test_a_strange_name_has_keys_too(cast: SimpleNamespace) -> None:
    """Nobody is without: who has none would be made anew at every start."""
    a_child(cast, name="…", mother=a_mother(cast, name="—"))
    assert {who for who, _ in stored()} == {"child", "mother"}


def reindex(*arguments: str) -> str:
    said = StringIO()
    call_command("reindex", *arguments, stdout=said)
    return said.getvalue()


def test_reindex_makes_what_is_missing(cast: SimpleNamespace) -> None:
    one, two = a_child(cast), a_child(cast, nik=NIK)
    whole = stored()
    two.keys.all().delete()
    Child.objects.filter(pk=two.pk).update(nik_tail="")
    one.keys.first().delete()
    assert reindex("--missing") == "search keys of 1 children\n"
    assert stored()["child", two.pk] == whole["child", two.pk] and stored() != whole
    assert Child.objects.get(pk=two.pk).nik_tail
    assert reindex("--missing") == ""
    assert "2 children" in reindex() and stored() == whole


def test_among_finds_what_in_finds(cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    one, other = a_child(cast, name="Contoh Satu"), a_child(cast, name="Contoh 'Dua'")
    names = ["Contoh Satu", "Contoh 'Dua'", *map(str, range(5000))]
    for column, values, found in (
        ("name", names, {one, other}), ("pk", [other.pk, 0], {other}),
        ("household__desa__name", {cast.desa.name}, {one, other}), ("name", ["Contoh"], set()),
    ):  # fmt: skip
        assert set(Child.objects.filter(among(column, values))) == found
    with django_assert_num_queries(0):  # as of none, nothing is asked
        assert not Child.objects.filter(among("name", ()))
