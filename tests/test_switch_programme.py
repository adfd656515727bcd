"""A person with grants in two programmes works in one at a time and never sees both."""

from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.models import Event, Grant, User
from registry.models import Child
from tests.cast import a_child, signed_in


@pytest.fixture
def both(cast: SimpleNamespace) -> Client:
    """The petugas of KEMPLING is also the Camat of GASKEN."""
    Grant.objects.create(user=cast.petugas, role="camat", programme=cast.gasken.programme)
    return signed_in(cast.petugas)


def test_switching_changes_programme_and_role(both: Client, cast: SimpleNamespace) -> None:
    assert both.get("/").context["programme"] == cast.programme
    response = both.post("/pindah-program/", {"code": "gasken"})
    assert response["Location"] == "/"
    page = both.get("/")
    assert page.context["programme"] == cast.gasken.programme
    assert page.context["role_label"] == "Camat"
    event = Event.objects.get(verb="switch_programme")
    assert (event.user, event.programme) == (cast.petugas, cast.gasken.programme)


def test_one_programme_at_a_time(both: Client, cast: SimpleNamespace) -> None:
    here, there = a_child(cast), a_child(cast.gasken)
    user = User.objects.get(pk=cast.petugas.pk)
    assert list(Child.objects.in_scope(user)) == [here]
    user = User.objects.get(pk=cast.petugas.pk)
    user.chosen_programme_id = cast.gasken.programme.pk
    assert list(Child.objects.in_scope(user)) == [there]
    assert not user.may("verify_report"), "a right of the one does not reach into the other"


def test_the_choice_is_offered_only_where_there_is_one(both: Client, cast: SimpleNamespace) -> None:
    assert "Pindah ke GASKEN" in both.get("/").content.decode()
    assert "Pindah ke" not in signed_in(cast.kasi).get("/").content.decode()


@pytest.mark.parametrize("code", ["gasken", "tidak-ada", ""])
def test_a_programme_without_a_grant_does_not_exist(code: str, cast: SimpleNamespace) -> None:
    assert cast.gasken.programme.is_active
    client = signed_in(cast.kasi)
    assert client.post("/pindah-program/", {"code": code}).status_code == 404
    assert client.get("/").context["programme"] == cast.programme
    assert not Event.objects.filter(verb="switch_programme").exists()


def test_a_choice_whose_grant_ended_falls_back(both: Client, cast: SimpleNamespace) -> None:
    both.post("/pindah-program/", {"code": "gasken"})
    Grant.objects.filter(user=cast.petugas, role="camat").delete()
    assert both.get("/").context["programme"] == cast.programme


def test_a_tampered_session_value_opens_nothing(cast: SimpleNamespace) -> None:
    user = User.objects.get(pk=cast.kasi.pk)
    user.chosen_programme_id = cast.gasken.programme.pk
    assert user.programme == cast.programme


def test_it_is_a_button(both: Client) -> None:
    response = both.get("/pindah-program/")
    assert response.status_code == 405 and "POST" in response["Allow"]
    assert "lewat tombol" in response.content.decode(), "a page in words, not an empty window"
