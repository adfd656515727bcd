"""Warga kecamatan: asked of staff where the programme wants it; an exception needs its reason."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Event, User
from regions import links
from registry.families import residents
from registry.models import Household, Submission
from tests.cast import a_child, a_household, a_submission, signed_in
from tests.test_register_mother import typed as a_mother_typed

REASON = "Tinggal sementara di rumah orang tua"


def approve(user: User, report: Submission, **said: str) -> HttpResponse:
    url = reverse("registry:approve", args=[report.code])
    return signed_in(user).post(url, {"child": "baru"} | said)


def register(user: User, here: SimpleNamespace, **said: str) -> HttpResponse:
    return signed_in(user).post("/ibu/baru/", a_mother_typed(here, nik="", **said))


def test_it_works_when_registering(cast: SimpleNamespace) -> None:
    page = signed_in(cast.bidan).get("/ibu/baru/").content.decode()
    assert "Warga Kecamatan Kembaran" in page
    assert register(cast.bidan, cast, resident="ya").status_code == 302
    family = Household.objects.get()
    assert family.resident is True and residents.words(family) == "Ya"
    assert "<dt>Warga kecamatan</dt><dd>Ya" in _card(cast.bidan, family)


def test_it_works_when_verifying(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    desk = signed_in(cast.petugas).get(reverse("registry:review", args=[report.code]))
    assert "Warga Kecamatan Kembaran" in desk.content.decode()
    answer = approve(cast.petugas, report, resident="bukan", resident_reason=REASON)
    assert answer.status_code == 302
    family = Household.objects.get()
    assert (family.resident, family.resident_reason) == (False, REASON)
    assert f"Bukan: {REASON}" in _card(cast.petugas, family)


def test_who_is_not_asked_stays_unasked(cast: SimpleNamespace) -> None:
    assert approve(cast.petugas, a_submission(cast)).status_code == 302
    family = Household.objects.get()
    assert family.resident is None and "Belum ditanyakan" in _card(cast.bidan, family)


def _card(user: User, family: Household) -> str:
    return signed_in(user).get(family.get_absolute_url()).content.decode()


# --- An exception needs its reason -------------------------------------------------------------


def test_no_report_of_a_non_resident_without_a_reason(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    answer = approve(cast.petugas, report, resident="bukan")
    assert answer.status_code == 422 and "Tulis alasannya" in answer.content.decode()
    report.refresh_from_db()
    assert report.status == "received" and not Household.objects.exists()


def test_nor_of_one_known_as_such(cast: SimpleNamespace) -> None:
    """Past the form the act itself refuses: the family was noted without a reason."""
    known = a_child(cast, name="anak contoh")
    Household.objects.filter(pk=known.household_id).update(resident=False)
    report = a_submission(cast, child_name="Anak Contoh", birth_date=known.birth_date)
    answer = approve(cast.petugas, report, child=known.code)
    assert answer.status_code == 409 and "bukan warga kecamatan" in answer.content.decode()
    answer = approve(cast.petugas, report, child=known.code, resident="bukan",
                     resident_reason=REASON)  # fmt: skip
    assert answer.status_code == 302
    event = Event.objects.get(verb="correct_household")
    assert event.fields == ["resident_reason"] and event.grant.role == "petugas"


def test_registering_one_needs_it_too(cast: SimpleNamespace) -> None:
    answer = register(cast.bidan, cast, resident="bukan")
    assert answer.status_code == 422 and "Tulis alasannya" in answer.content.decode()
    answer = register(cast.bidan, cast, resident="bukan", resident_reason=REASON)
    assert answer.status_code == 302


def test_the_answer_is_put_right_on_the_familys_page(cast: SimpleNamespace) -> None:
    family = a_household(cast, resident=False, resident_reason=REASON)
    typed = {"address": family.address, "posyandu": cast.melati.code}
    url = reverse("registry:household-correct", args=[family.code])
    assert signed_in(cast.bidan).post(url, typed | {"resident": "bukan"}).status_code == 422
    signed_in(cast.bidan).post(url, typed | {"resident": "ya", "resident_reason": REASON})
    family.refresh_from_db()
    assert (family.resident, family.resident_reason) == (True, "")


# --- Where it is asked -------------------------------------------------------------------------


def test_gasken_does_not_ask(cast: SimpleNamespace) -> None:
    here = cast.gasken
    page = signed_in(here.bidan).get("/ibu/baru/").content.decode()
    assert "Warga Kecamatan" not in page
    report = a_submission(here)
    desk = signed_in(here.petugas).get(reverse("registry:review", args=[report.code]))
    assert "Warga Kecamatan" not in desk.content.decode()
    assert approve(here.petugas, report, resident="bukan").status_code == 302
    family = Household.objects.get(programme=here.programme)
    assert family.resident is None and "Warga kecamatan" not in _card(here.petugas, family)
    assert "warga" not in signed_in(here.petugas).get("/keluarga/").context["chosen"].labels


def test_the_office_decides(cast: SimpleNamespace) -> None:
    page = signed_in(cast.sekcam).get(reverse("programme-settings"))
    assert page.context["form"].initial["ask_resident"] is True
    assert "Syarat peserta" in page.content.decode()
    given: dict[str, Any] = {
        name: value for name, value in page.context["form"].initial.items()
        if value not in (None, True, False)
    }  # fmt: skip
    answer = signed_in(cast.sekcam).post(reverse("programme-settings"), given)
    assert answer.status_code == 302
    cast.programme.refresh_from_db()
    assert not residents.asks(cast.programme)
    assert Event.objects.get(verb="change_programme").fields == ["ask_resident"]


def test_a_kader_is_never_asked(cast: SimpleNamespace) -> None:
    page = Client().get(f"/l/{links.token_of(cast.link_melati)}/").content.decode()
    assert "Warga Kecamatan" not in page and "resident" not in page


@pytest.mark.parametrize(("asked", "found"), [("bukan", 1), ("belum", 1), ("", 3), ("x", 3)])
def test_the_list_knows_them(cast: SimpleNamespace, asked: str, found: int) -> None:
    for said in (True, False, None):
        a_household(cast, resident=said, resident_reason="" if said else REASON)
    rows = signed_in(cast.petugas).get(f"/keluarga/?warga={asked}").context["rows"]
    assert len(rows) == found
