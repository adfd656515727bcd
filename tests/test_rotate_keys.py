"""NIK and KK numbers are written anew with the newest key, and none is lost on the way."""

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from registry import identity
from registry.identity import index_of
from registry.merging.workflow import merge, undo_merge
from registry.models import Child, Household, Merge, Mother
from tests.cast import a_child
from tests.handed_in import a_list

NIK, OTHER, KK = "3302204101240001", "3302204205950001", "3302200101200002"


@pytest.fixture
def keys(settings: Any) -> Any:
    """NIK_KEYS as a list the test may change; the cipher is made anew each time."""

    def put(*chosen: str) -> None:
        settings.NIK_KEYS = list(chosen)
        identity._cipher.cache_clear()

    yield put
    identity._cipher.cache_clear()


def run(*args: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *args, stdout=out)
    return out.getvalue()


def a_family(cast: SimpleNamespace) -> Child:
    child = a_child(cast, nik=NIK, nik_index=index_of(NIK))
    Mother.objects.filter(pk=child.mother_id).update(nik=OTHER)
    Household.objects.filter(pk=child.household_id).update(kk=KK)
    return child


def tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nik FROM registry_child UNION ALL SELECT nik FROM registry_mother "
            "UNION ALL SELECT kk FROM registry_household"
        )
        return [token for (token,) in cursor.fetchall()]


def test_it_works(cast: SimpleNamespace, keys: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    child = a_family(cast)
    Child.objects.filter(pk=child.pk).update(merged_into=child)  # merged rows have numbers too
    keys(new, old)
    assert "child.nik: 1 of 1 under an older key" in run("--check")
    said = run()
    assert "mother.nik: 1 of 1 written anew" in said and "every number" in said
    keys(new)
    for token in tokens():
        assert Fernet(new).decrypt(token.encode())
    found = Child.everyone.select_related("mother", "household").get()
    assert (found.nik, found.mother.nik, found.household.kk) == (NIK, OTHER, KK)
    assert found.nik_index == index_of(NIK)
    assert "child.nik: 0 of 1" in run("--check")


def test_rows_of_lists_are_written_anew_too(cast: SimpleNamespace, keys: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    values = {"name": "Contoh Satu", "nik": identity.sealed(NIK), "cells": identity.sealed("[]")}
    row = a_list(cast).rows.create(number=2, outcome="baru", values=values)
    keys(new, old)
    assert "importrow.values: 1 of 1 written anew" in run()
    keys(new)
    row.refresh_from_db()
    assert identity.opened(row.values["nik"]) == NIK and row.values["name"] == "Contoh Satu"
    assert "importrow.values: 0 of 1" in run("--check")


def test_what_merges_keep_is_written_anew_too(cast: SimpleNamespace, keys: Any) -> None:
    """Else the page of a merge, and its undo, would break once the old key is taken out."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    kept, gone = a_child(cast), a_family(cast)
    done = merge(cast.petugas, kept, gone)
    keys(new, old)
    assert "merge.moved: 1 of 1 written anew" in run()
    keys(new)
    assert "merge.moved: 0 of 1" in run("--check")
    undo_merge(cast.petugas, Merge.objects.get(pk=done.pk))
    gone.refresh_from_db()
    assert gone.nik == NIK and gone.household.kk == KK


def test_running_it_twice_changes_nothing(cast: SimpleNamespace, keys: Any) -> None:
    keys(Fernet.generate_key().decode())
    a_family(cast)
    before = tokens()
    assert "child.nik: 0 of 1 written anew" in run()
    assert tokens() == before


def test_a_missing_key_is_told_and_nothing_is_emptied(cast: SimpleNamespace, keys: Any) -> None:
    keys(Fernet.generate_key().decode())
    a_family(cast)
    before = tokens()
    keys(Fernet.generate_key().decode())
    with pytest.raises(CommandError, match="no key that opens"):
        run()
    assert tokens() == before
