"""A lost phone is revoked in one click: its session ends at once, and it asks for no PIN again."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import devices
from accounts.models import Device, Event
from accounts.transitions import Refused
from tests.cast import signed_in
from tests.test_enrol_phone import PIN, a_phone, enter
from tests.test_pin import is_in, said


@pytest.fixture
def lost(cast: SimpleNamespace) -> tuple[Device, Client]:
    """The kader's phone with an open session, and its browser."""
    device, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    return device, phone


def press(user: Any, device: Device, verb: str) -> Any:
    return signed_in(user).post(f"/hp/{device.code}/{verb}/", follow=True)


# --- It works -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["petugas", "kasi", "admin"])
def test_the_superior_revokes_and_the_phone_is_out(
    role: str, cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    device, phone = lost
    assert is_in(phone)
    page = press(getattr(cast, role), device, "cabut")
    assert "belum tersambung lagi" in said(page)
    assert not is_in(phone), "with the next request"
    gone = said(enter(phone, PIN))
    assert "tidak terdaftar lagi" in gone and "js/hp.js" in gone and 'name="pin"' not in gone
    event = Event.objects.get(verb="revoke_phone")
    assert event.object_code == device.code and event.user == getattr(cast, role)


def test_revoking_is_asked_first(cast: SimpleNamespace, lost: tuple[Device, Client]) -> None:
    html = said(signed_in(cast.petugas).get(f"/hp/kader/{cast.kader.code}/"))
    assert "Cabut HP ini?" in html and "Akhiri sesi" in html


def test_ending_a_session_asks_for_the_pin_again(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    device, phone = lost
    assert "diakhiri" in said(press(cast.petugas, device, "akhiri-sesi"))
    assert not is_in(phone)
    assert enter(phone).status_code == 302 and is_in(phone)


def test_the_phone_is_told_what_became_of_it(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    device, phone = lost

    def state(browser: Client) -> str:
        return str(browser.get("/hp/keadaan/").json()["state"])

    assert state(phone) == "bound" and state(Client()) == "none"
    devices.revoke(cast.petugas, device)
    assert state(phone) == "revoked"
    assert phone.get("/kotak-kirim/tanda/").json()["revoked"], "its outbox sends nothing any more"
    devices.wiped(device)
    assert state(phone) == "wiped"
    assert "revoked" not in phone.get("/kotak-kirim/tanda/").json()


def test_the_admin_sees_the_phones_on_the_persons_page(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    html = said(signed_in(cast.admin).get(f"/orang/{cast.kader.code}/"))
    assert "HP Contoh" in html and f"/hp/{lost[0].code}/cabut/" in html
    assert "Daftarkan HP" not in said(signed_in(cast.admin).get(f"/orang/{cast.camat.code}/"))


def test_an_address_not_opened_yet_dies_with_the_phone(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    """It may lie in a chat on that very phone."""
    token = devices.make_enrolment(cast.petugas, cast.kader)
    devices.revoke(cast.petugas, lost[0])
    assert Client().get(f"/hp/daftar/{token}/").status_code == 404


def test_her_other_phone_stays(cast: SimpleNamespace, lost: tuple[Device, Client]) -> None:
    _, other = a_phone(cast.kader, cast.petugas)
    enter(other)
    devices.revoke(cast.petugas, lost[0])
    assert is_in(other) and not is_in(lost[1])


def test_what_the_phone_may_show_goes_with_the_session(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    from accounts.middleware import LIST_COOKIE

    device, phone = lost
    phone.cookies[LIST_COOKIE] = cast.kader.code
    devices.revoke(cast.petugas, device)
    answer = phone.get("/anak/")
    assert answer.cookies[LIST_COOKIE].value == "" and answer.cookies[LIST_COOKIE]["max-age"] == 0


# --- Who may not --------------------------------------------------------------------------------


def test_the_other_programme_does_not_reach_it(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    device, phone = lost
    for act in (devices.revoke, devices.end_session):
        with pytest.raises(Refused) as refused:
            act(cast.gasken.admin, device)
        assert refused.value.stranger
    assert is_in(phone)


def test_the_kader_does_not_revoke(cast: SimpleNamespace, lost: tuple[Device, Client]) -> None:
    assert lost[1].post(f"/hp/{lost[0].code}/cabut/").status_code == 403
    assert is_in(lost[1])


# --- What is refused ----------------------------------------------------------------------------


def test_twice_is_told(cast: SimpleNamespace, lost: tuple[Device, Client]) -> None:
    press(cast.petugas, lost[0], "cabut")
    assert devices.ALREADY in said(press(cast.petugas, lost[0], "cabut"))
    assert Event.objects.filter(verb="revoke_phone").count() == 1


def test_a_bound_phone_cannot_be_called_wiped(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    devices.wiped(lost[0])
    lost[0].refresh_from_db()
    assert lost[0].wiped_at is None
