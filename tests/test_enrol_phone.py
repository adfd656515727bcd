"""A kader's phone is bound by a one-time address from the kecamatan, and opened by her PIN."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from accounts import devices, phone_sessions, pins
from accounts.models import Device, Enrolment, Event, Grant
from accounts.transitions import Refused
from tests.cast import PASSWORD, person, signed_in

PIN = "573091"
OTHER = "806427"
ANDROID = "Mozilla/5.0 (Linux; Android 10; SM-A107F) AppleWebKit/537.36 Chrome/96.0 Mobile"


def a_phone(user: Any, admin: Any, pin: str = PIN) -> tuple[Device, Client]:
    """A bound phone and its browser, signed out."""
    device, secret = devices.enrol(devices.make_enrolment(admin, user), "HP Contoh", pin)
    browser = Client()
    browser.cookies[configured.DEVICE_COOKIE_NAME] = secret
    return device, browser


def enter(browser: Client, pin: str = PIN, **extra: Any) -> Any:
    return browser.post("/masuk/pin/", {"pin": pin}, **extra)


def twice(pin: str) -> dict[str, str]:
    return {"pin": pin, "pin_again": pin}


# --- It works -----------------------------------------------------------------------------------


def test_from_the_desk_to_the_kaders_home(cast: SimpleNamespace) -> None:
    desk = signed_in(cast.petugas)
    made = desk.post(f"/hp/kader/{cast.kader.code}/daftarkan/", follow=True)
    html = made.content.decode()
    address = made.context["address"]
    assert address in html and "<svg" in html, "the link and its QR"
    again = desk.get(f"/hp/kader/{cast.kader.code}/").content.decode()
    assert "/hp/daftar/" not in again, "shown once"

    phone = Client(headers={"user-agent": ANDROID})
    path = address.removeprefix(configured.SITE_URL)
    assert str(cast.kader) in phone.get(path).content.decode()
    bound = phone.post(path, twice(PIN))
    assert bound.status_code == 302 and bound["Location"] == "/"
    assert phone.get("/").context["user"] == cast.kader
    device = Device.objects.get(user=cast.kader)
    assert device.name == "SM-A107F, Android 10" and device.enrolled_by == cast.petugas
    assert Event.objects.filter(verb="enrol_phone", object_code=device.code).count() == 1


def test_the_cookie_is_out_of_reach_of_scripts_and_kept_hashed(cast: SimpleNamespace) -> None:
    phone = Client()
    token = devices.make_enrolment(cast.petugas, cast.kader)
    phone.post(f"/hp/daftar/{token}/", twice(PIN))
    cookie = phone.cookies[configured.DEVICE_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    device = Device.objects.get()
    assert len(cookie.value) >= 43, "256 bits"
    assert cookie.value not in device.token_hash and PIN not in device.pin
    assert token not in Enrolment.objects.get().token_hash


def test_afterwards_the_sign_in_page_is_the_pin(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    asked = phone.get("/anak/")
    assert asked["Location"] == "/masuk/?next=/anak/"
    page = phone.get(asked["Location"], follow=True)
    html = page.content.decode()
    assert page.redirect_chain == [("/masuk/pin/?next=/anak/", 302)]
    assert str(cast.kader) in html and 'inputmode="numeric"' in html
    assert 'autocomplete="off"' in html and 'type="password"' not in html
    opened = phone.post("/masuk/pin/", {"pin": PIN, "next": "/anak/"})
    assert opened["Location"] == "/anak/"
    assert phone.get("/anak/").status_code == 200


def test_she_sees_her_posyandu_only(cast: SimpleNamespace) -> None:
    from tests.cast import a_child

    own, other = a_child(cast), a_child(cast, desa=cast.desa, posyandu=cast.mawar)
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    assert phone.get(f"/anak/{own.code}/").status_code == 200
    assert phone.get(f"/anak/{other.code}/").status_code == 404


def test_somebody_else_signs_in_with_a_password_on_it(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    page = phone.get("/masuk/?sandi=1")
    assert 'name="password"' in page.content.decode()
    phone.post("/masuk/", {"login": cast.bidan.username, "password": PASSWORD})
    assert phone.get("/").context["user"] == cast.bidan


def test_a_forgotten_pin_is_mended_by_a_new_address_on_the_same_phone(
    cast: SimpleNamespace,
) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    token = devices.make_enrolment(cast.petugas, cast.kader)
    assert phone.post(f"/hp/daftar/{token}/", twice(OTHER)).status_code == 302
    assert Device.objects.get().pk == device.pk, "the same phone, not a second one"
    phone.post("/keluar/")
    assert enter(phone, PIN).status_code == 422
    assert enter(phone, OTHER).status_code == 302


def test_a_kader_who_never_had_a_password_gets_along(cast: SimpleNamespace) -> None:
    cast.kader.set_unusable_password()
    cast.kader.save()
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    assert phone.get("/").status_code == 200
    for path in ("/akun/kata-sandi/", "/akun/pengaman/", "/akun/pengaman/pasang/",
                 "/akun/pastikan/", "/akun/pengaman/cadangan/"):  # fmt: skip
        assert phone.get(path).status_code < 500, path


def test_the_list_shows_every_kader_with_her_phones(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    for _ in range(5):
        a_phone(person("kader", cast.programme, posyandu=cast.melati), cast.petugas)
    desk = signed_in(cast.petugas)
    with django_assert_max_num_queries(12):
        html = desk.get("/hp/").content.decode()
    assert "HP Contoh" in html and "terakhir" in html and "belum terdaftar" in html
    found = desk.get("/hp/?cari=tidak-ada").content.decode()
    assert "Tidak ada kader yang cocok" in found
    card = desk.get(f"/hp/kader/{cast.kader.code}/").content.decode()
    assert "Sedang masuk" in card


def test_the_list_is_paged_without_a_gap(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.devices.PAGE", 2)
    desk, seen, query = signed_in(cast.petugas), [], "?"
    while query:
        page = desk.get("/hp/" + query)
        seen += [row.pk for row in page.context["rows"]]
        query = page.context["next_url"]
    assert len(seen) == len(set(seen)) == 3


def test_a_phone_is_named_by_what_it_is() -> None:
    named = phone_sessions.phone_name
    assert named(ANDROID) == "SM-A107F, Android 10"
    assert named("Mozilla/5.0 (Linux; Android 13; K) Chrome/120") == "HP, Android 13"
    assert named("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0)") == "iPhone"
    assert named("") == "HP" and len(named("Android 9; " + "x" * 500)) <= 60


# --- Who may not --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["petugas_dua", "camat", "bidan", "mitra", "admin"])
def test_only_a_kader_is_given_a_pin(role: str, cast: SimpleNamespace) -> None:
    """Else a petugas could bind a phone to the Camat and sign in as him."""
    with pytest.raises(Refused):
        devices.make_enrolment(cast.kasi, getattr(cast, role))
    signed_in(cast.kasi).post(f"/hp/kader/{getattr(cast, role).code}/daftarkan/")
    assert not Enrolment.objects.exists()


def test_nor_a_kader_who_holds_another_role_now_or_later(cast: SimpleNamespace) -> None:
    tomorrow = date.today() + timedelta(days=1)
    Grant.objects.create(
        user=cast.kader, role="kasi", programme=cast.programme, valid_from=tomorrow
    )
    with pytest.raises(Refused, match="peran lain"):
        devices.make_enrolment(cast.petugas, cast.kader)


def test_a_role_given_meanwhile_ends_the_pin(cast: SimpleNamespace) -> None:
    token = devices.make_enrolment(cast.petugas, cast.kader)
    _, phone = a_phone(cast.kader_mawar, cast.petugas)
    enter(phone)
    for user in (cast.kader, cast.kader_mawar):
        Grant.objects.create(user=user, role="kasi", programme=cast.programme)
    with pytest.raises(Refused):
        devices.enrol(token, "HP", PIN)
    assert phone.get("/anak/").status_code == 302, "signed out"
    assert devices.ENDED in enter(phone).content.decode()


def test_the_other_programme_does_not_bind_this_kader(cast: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refused:
        devices.make_enrolment(cast.gasken.petugas, cast.kader)
    assert refused.value.stranger


# --- What is refused ----------------------------------------------------------------------------


def test_an_address_is_good_once(cast: SimpleNamespace) -> None:
    token = devices.make_enrolment(cast.petugas, cast.kader)
    assert Client().get(f"/hp/daftar/{token}/").status_code == 200, "a look uses nothing up"
    Client().post(f"/hp/daftar/{token}/", twice(PIN))
    gone = Client().post(f"/hp/daftar/{token}/", twice(OTHER))
    assert gone.status_code == 404 and "tidak berlaku lagi" in gone.content.decode()
    assert Device.objects.count() == 1
    assert Client().get("/hp/daftar/tidak-ada/").status_code == 404


def test_an_address_is_good_for_a_day(cast: SimpleNamespace) -> None:
    token = devices.make_enrolment(cast.petugas, cast.kader)
    left = Enrolment.objects.get().expires_at - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(hours=24)
    Enrolment.objects.update(expires_at=timezone.now())
    assert Client().get(f"/hp/daftar/{token}/").status_code == 404


def test_a_new_address_kills_the_one_before(cast: SimpleNamespace) -> None:
    first = devices.make_enrolment(cast.petugas, cast.kader)
    second = devices.make_enrolment(cast.petugas, cast.kader)
    assert Client().get(f"/hp/daftar/{first}/").status_code == 404
    assert Client().get(f"/hp/daftar/{second}/").status_code == 200


def test_a_phone_of_another_kader_must_be_revoked_first(cast: SimpleNamespace) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    token = devices.make_enrolment(cast.petugas, cast.kader_mawar)
    refused = phone.post(f"/hp/daftar/{token}/", twice(OTHER))
    assert refused.status_code == 422 and "atas nama kader lain" in refused.content.decode()
    devices.revoke(cast.petugas, device)
    assert phone.post(f"/hp/daftar/{token}/", twice(OTHER)).status_code == 302


@pytest.mark.parametrize(
    "pin",
    ["000000", "999999", "123456", "654321", "345678", "121212", "123123", "112233", "170845"],
)
def test_an_easy_pin_is_refused(pin: str, cast: SimpleNamespace) -> None:
    assert pins.why_refused(pin) == pins.EASY
    token = devices.make_enrolment(cast.petugas, cast.kader)
    page = Client().post(f"/hp/daftar/{token}/", twice(pin))
    assert page.status_code == 422 and pins.EASY in page.content.decode()
    assert pin not in page.content.decode()
    assert not Device.objects.exists()


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "12 456", "١٢٣٤٥٦", "573091\n"])
def test_a_pin_is_six_figures(pin: str) -> None:
    assert pins.why_refused(pin) == pins.NOT_SIX


@pytest.mark.parametrize("pin", [PIN, OTHER, "902746", "418053"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    assert pins.why_refused(pin) == ""


def test_two_different_pins_are_told(cast: SimpleNamespace) -> None:
    token = devices.make_enrolment(cast.petugas, cast.kader)
    page = Client().post(f"/hp/daftar/{token}/", {"pin": PIN, "pin_again": OTHER})
    assert page.status_code == 422 and "tidak sama" in page.content.decode()


def test_the_qr_and_the_link_say_the_same(cast: SimpleNamespace) -> None:
    made = signed_in(cast.petugas).post(f"/hp/kader/{cast.kader.code}/daftarkan/", follow=True)
    assert re.fullmatch(r".*/hp/daftar/[0-9a-z]{32}/", made.context["address"])
    assert made.context["address"] not in str(Enrolment.objects.values().get())
