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
from registry.models import Child, Household, Mother
from tests.cast import a_child

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
