"""A NIK is masked everywhere; whoever asks to see it in full is written down."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from registry.identity import index_of
from registry.models import Household
from tests.cast import a_child, a_mother, signed_in

NIK, KK = "3302204101240001", "3302200101200002"


def give_numbers(person: Any) -> Any:
    person.nik, person.nik_index = NIK, index_of(NIK)
    person.save()
    Household.objects.filter(pk=person.household_id).update(kk_index=index_of(KK))
    person.household.kk, person.household.kk_index = KK, index_of(KK)
    person.household.save()
    return person


@pytest.mark.parametrize(("make", "name"), [(a_child, "child"), (a_mother, "mother")])
def test_it_works(cast: SimpleNamespace, make: Any, name: str) -> None:
    person = give_numbers(make(cast))
    client = signed_in(cast.bidan)
    card = client.get(reverse(f"registry:{name}", args=[person.code])).content.decode()
    assert NIK not in card and KK not in card and "3302********0001" in card
    assert not Event.objects.filter(verb="reveal_nik").exists()
    response = client.post(reverse(f"registry:{name}-nik", args=[person.code]))
    assert NIK in response.content.decode() and KK in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    event = Event.objects.get(verb="reveal_nik")
    assert (event.object_code, event.user, event.fields) == (person.code, cast.bidan, ["kk", "nik"])
    assert event.grant.role == "bidan"


def test_the_next_opening_is_masked_again_and_tells_of_it(cast: SimpleNamespace) -> None:
    child, client = give_numbers(a_child(cast)), signed_in(cast.bidan)
    client.post(reverse("registry:child-nik", args=[child.code]))
    card = client.get(reverse("registry:child", args=[child.code])).content.decode()
    assert NIK not in card and "NIK dan nomor KK ditampilkan" in card


@pytest.mark.parametrize(("make", "name"), [(a_child, "child"), (a_mother, "mother")])
def test_others_may_not(cast: SimpleNamespace, make: Any, name: str) -> None:
    person = give_numbers(make(cast))
    url = reverse(f"registry:{name}-nik", args=[person.code])
    for user in (cast.kader, cast.tim, cast.sekcam, cast.camat, cast.mitra):
        response = signed_in(user).post(url)
        assert response.status_code == 403 and NIK not in response.content.decode()
    for user in (cast.gasken.petugas, cast.gasken.bidan):
        assert signed_in(user).post(url).status_code == 404
    assert signed_in(cast.bidan).get(url).status_code == 405
    assert not Event.objects.filter(verb="reveal_nik").exists()


def test_a_bidan_reveals_in_her_desa_only(cast: SimpleNamespace) -> None:
    there = give_numbers(a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga))
    url = reverse("registry:child-nik", args=[there.code])
    assert signed_in(cast.bidan).post(url).status_code == 404
    assert signed_in(cast.nakes).post(url).status_code == 404
    assert signed_in(cast.petugas).post(url).status_code == 200


def test_there_is_no_button_without_the_right(cast: SimpleNamespace) -> None:
    child = give_numbers(a_child(cast))
    url, button = reverse("registry:child", args=[child.code]), "Tampilkan nomor lengkap"
    assert button in signed_in(cast.bidan).get(url).content.decode()
    assert button not in signed_in(cast.kader).get(url).content.decode()
    url = reverse("registry:child", args=[a_child(cast).code])  # nothing to show
    assert button not in signed_in(cast.bidan).get(url).content.decode()
