"""A mother's own data are put right, and an end of pregnancy written down by mistake taken back."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Event, User
from registry.identity import index_of
from registry.models import Mother, Pregnancy
from tests.cast import a_mother, a_pregnancy, signed_in

NIK = "3302204205950001"


def correct(user: User, mother: Mother, **changes: str) -> HttpResponse:
    typed = {"name": mother.name, "phone": mother.phone, "job": mother.job, **changes}
    return signed_in(user).post(reverse("registry:mother-correct", args=[mother.code]), typed)


def reopen(user: User, mother: Mother) -> HttpResponse:
    return signed_in(user).post(reverse("registry:pregnancy-reopen", args=[mother.code]))


def an_ended_pregnancy(cast: SimpleNamespace, **more: Any) -> Pregnancy:
    pregnancy = a_pregnancy(cast, **more)
    pregnancy.ended_on = cast.programme.today()
    pregnancy.save()
    return pregnancy


# --- Her data ----------------------------------------------------------------------------------


def test_it_works(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    response = correct(cast.bidan, mother, name="Ibu Mawar Contoh", phone="081200000000",
                       birth_date="1995-05-02", nik=NIK)  # fmt: skip
    assert response["Location"] == reverse("registry:mother", args=[mother.code])
    mother.refresh_from_db()
    assert (mother.name, mother.name_key) == ("Ibu Mawar Contoh", "mawar contoh")
    assert (mother.phone, str(mother.birth_date)) == ("081200000000", "1995-05-02")
    assert (mother.nik, mother.nik_index) == (NIK, index_of(NIK))
    event = Event.objects.get(verb="correct_mother")
    assert event.fields == ["birth_date", "name", "name_key", "nik", "nik_index", "phone"]
    card = signed_in(cast.bidan).get(response["Location"]).content.decode()
    assert "Data ibu diperbaiki" in card and "nama, " in card.split("Yang diubah: ")[1][:60]


def test_an_empty_box_keeps_birth_date_and_nik(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, nik=NIK, nik_index=index_of(NIK))
    born = mother.birth_date
    correct(cast.bidan, mother)
    mother.refresh_from_db()
    assert (mother.birth_date, mother.nik) == (born, NIK)
    assert not Event.objects.filter(verb="correct_mother").exists()


def test_the_form_never_shows_the_whole_nik(cast: SimpleNamespace) -> None:
    mother = a_mother(cast, nik=NIK, nik_index=index_of(NIK))
    page = signed_in(cast.bidan).get(reverse("registry:mother-correct", args=[mother.code]))
    assert NIK not in page.content.decode() and mother.nik_masked in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Isi nama ibu."),
        ({"nik": "123"}, "16"),
        ({"birth_date": "2024-01-01"}, "tahun"),
    ],
)
def test_what_cannot_be_is_refused(
    changes: dict[str, str], said: str, cast: SimpleNamespace
) -> None:
    mother = a_mother(cast)
    response = correct(cast.bidan, mother, **changes)
    assert response.status_code == 422 and said in response.content.decode()


def test_a_nik_belongs_to_one_mother(cast: SimpleNamespace) -> None:
    a_mother(cast, nik=NIK, nik_index=index_of(NIK))
    mother = a_mother(cast)
    response = correct(cast.bidan, mother, nik=NIK)
    assert response.status_code == 409 and "NIK" in response.content.decode()
    mother.refresh_from_db()
    assert not mother.nik


# --- The end of her pregnancy ------------------------------------------------------------------


def test_an_end_is_taken_back(cast: SimpleNamespace) -> None:
    pregnancy = an_ended_pregnancy(cast)
    url = reverse("registry:mother", args=[pregnancy.mother.code])
    assert "Batalkan akhir kehamilan" in signed_in(cast.bidan).get(url).content.decode()
    assert "Batalkan akhir kehamilan" not in signed_in(cast.kader).get(url).content.decode()
    assert reopen(cast.bidan, pregnancy.mother)["Location"] == url
    pregnancy.refresh_from_db()
    assert pregnancy.ended_on is None
    assert Event.objects.get(verb="reopen_pregnancy").fields == ["ended_on"]
    card = signed_in(cast.bidan).get(url).content.decode()
    assert "Akhir kehamilan dibatalkan" in card and "Catat akhir kehamilan" in card


def test_the_second_press_and_a_running_pregnancy_are_told(cast: SimpleNamespace) -> None:
    pregnancy = an_ended_pregnancy(cast)
    reopen(cast.bidan, pregnancy.mother)
    reopen(cast.bidan, pregnancy.mother)
    assert Event.objects.filter(verb="reopen_pregnancy").count() == 1
    url = reverse("registry:mother", args=[pregnancy.mother.code])
    assert "Batalkan akhir" not in signed_in(cast.bidan).get(url).content.decode()


def test_whoever_was_never_pregnant_cannot_be(cast: SimpleNamespace) -> None:
    mother = a_mother(cast)
    assert reopen(cast.bidan, mother).status_code == 302
    assert not Pregnancy.objects.exists()
