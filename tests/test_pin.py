"""The PIN: five tries an account, the alarm on guessing everywhere (case 28), old cookies (31)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import devices, pins, todo, workflow
from accounts.models import Device, Event, Grant
from tests.cast import PASSWORD, person, signed_in
from tests.servers import run_server
from tests.test_enrol_phone import OTHER, PIN, a_phone, enter
from tests.test_race import Phone

WRONG = "999111"


def said(response: Any) -> str:
    return str(response.content.decode())


def copied(browser: Client) -> Client:
    """Somebody who has the session cookie, and nothing else."""
    thief = Client()
    name = configured.SESSION_COOKIE_NAME
    thief.cookies[name] = browser.cookies[name].value
    return thief


def is_in(browser: Client) -> bool:
    return bool(browser.get("/anak/").status_code == 200)


# --- It works -----------------------------------------------------------------------------------


def test_the_right_pin_opens_and_forgives_the_wrong_ones(cast: SimpleNamespace) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    for left in (4, 3, 2, 1):
        assert f"Masih bisa {left} kali lagi" in said(enter(phone, WRONG))
    assert enter(phone).status_code == 302 and is_in(phone)
    device.refresh_from_db()
    assert device.wrong_pins == 0 and device.locked_until is None
    assert Event.objects.filter(verb="sign_in", user=cast.kader).count() == 1


def test_the_pin_is_changed_by_who_knows_it(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    assert phone.get("/hp/pin/").status_code == 200
    form = {"old_pin": PIN, "pin": OTHER, "pin_again": OTHER}
    assert phone.post("/hp/pin/", form).status_code == 302
    assert is_in(phone), "still signed in here"
    phone.post("/keluar/")
    assert enter(phone, PIN).status_code == 422
    assert enter(phone, OTHER).status_code == 302


def test_a_session_costs_one_query_more(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    plain = signed_in(cast.kader)
    with CaptureQueriesContext(connection) as asked:
        plain.get("/laporan-saya/")
        by_password = len(asked)
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    with django_assert_max_num_queries(by_password + 1):
        phone.get("/laporan-saya/")


# --- Guessing (case 28) -------------------------------------------------------------------------


def test_the_fifth_wrong_pin_locks_whatever_the_address(cast: SimpleNamespace) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    for n in range(5):
        answer = enter(phone, WRONG, REMOTE_ADDR=f"10.0.0.{n % 3}")
    assert pins.LOCKED in said(answer)
    device.refresh_from_db()
    assert device.locked_until is not None
    left = device.locked_until - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    right, wrong = enter(phone, PIN, REMOTE_ADDR="10.9.9.9"), enter(phone, WRONG)
    assert not is_in(phone), "the right PIN is refused while locked"
    strip = _without_token
    assert strip(said(right)) == strip(said(wrong)) and right.status_code == wrong.status_code


def _without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_while_locked_the_pin_is_worked_out_all_the_same(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    Device.objects.update(locked_until=timezone.now() + timedelta(minutes=1))
    seen: list[str] = []
    monkeypatch.setattr(pins, "check_password", lambda pin, kept: seen.append(pin) or True)  # type: ignore[func-returns-value]
    assert pins.LOCKED in said(enter(phone))
    assert seen == [PIN], "else the answer while locked would come sooner"


def test_the_count_is_the_accounts_not_the_phones(cast: SimpleNamespace) -> None:
    _, one = a_phone(cast.kader, cast.petugas)
    _, two = a_phone(cast.kader, cast.petugas, OTHER)
    for n in range(5):
        enter((one, two)[n % 2], WRONG)
    assert pins.LOCKED in said(enter(one)) and pins.LOCKED in said(enter(two, OTHER))


def test_another_kader_is_not_locked(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    _, other = a_phone(cast.kader_mawar, cast.petugas)
    for _ in range(5):
        enter(phone, WRONG)
    assert enter(other).status_code == 302


def test_after_fifteen_minutes_the_right_pin_opens(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    for _ in range(5):
        enter(phone, WRONG)
    Device.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert enter(phone).status_code == 302


def test_the_tenth_in_a_row_asks_for_the_desk(cast: SimpleNamespace) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    for _ in range(10):
        answer = enter(phone, WRONG)
        Device.objects.filter(wrong_pins=5).update(locked_until=None)
    assert "tidak terdaftar lagi" in said(answer)
    device.refresh_from_db()
    assert device.revoked_at is not None and device.revoked_by is None
    assert "tidak terdaftar lagi" in said(enter(phone)) and not is_in(phone)


def test_what_was_typed_is_kept_nowhere(cast: SimpleNamespace) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    html = said(enter(phone, WRONG))
    event = Event.objects.get(verb="pin_failed")
    assert event.object_code == device.code and event.user is None
    assert WRONG not in str(Event.objects.filter(pk=event.pk).values().get())
    assert WRONG not in html


def test_one_pin_on_many_accounts_raises_the_alarm(cast: SimpleNamespace) -> None:
    """50 accounts × 1 common PIN locks nobody: the admin is told at the 20th."""
    phones = [
        a_phone(person("kader", cast.programme, posyandu=cast.melati), cast.petugas)[1]
        for _ in range(50)
    ]
    for phone in phones[:19]:
        enter(phone, WRONG)
    assert not Event.objects.filter(verb="pin_spray").exists()
    assert "PIN ditebak" not in str(todo.todo(cast.admin))
    for phone in phones[19:]:
        enter(phone, WRONG)
    alarm = Event.objects.get(verb="pin_spray")
    assert alarm.programme == cast.programme and alarm.why == "20 akun", "once, not 31 times"
    assert "PIN ditebak" in str(todo.todo(cast.admin))
    assert "PIN ditebak" in signed_in(cast.admin).get("/").content.decode()
    assert enter(phones[0]).status_code == 302, "and nobody is locked out"


def test_old_mistakes_are_no_alarm(cast: SimpleNamespace) -> None:
    for _ in range(20):
        device, _phone = a_phone(
            person("kader", cast.programme, posyandu=cast.melati), cast.petugas
        )
        Event.objects.create(
            verb="pin_failed", object_kind="device", object_code=device.code,
            at=timezone.now() - timedelta(minutes=16),
        )  # fmt: skip
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone, WRONG)
    assert not Event.objects.filter(verb="pin_spray").exists()


@pytest.mark.live
def test_twelve_tries_at_once_are_five() -> None:
    """On two worker processes, from twelve browsers that carry the same phone's secret."""
    with run_server({"RATE_LIMITS": "off"}) as portal, ThreadPoolExecutor(12) as together:
        account = {a["username"]: a["password"] for a in portal.demo["accounts"]}
        desk = Phone(portal.url)
        desk.sign_in(portal.url, "petugas.kempling", account["petugas.kempling"])
        card = re.findall(r"/hp/kader/[a-z0-9]+/", desk.get(f"{portal.url}/hp/"))[0]
        token = desk.csrf(portal.url + card)
        page = desk.post(
            f"{portal.url}{card}daftarkan/", {"csrfmiddlewaretoken": token}, "text/html"
        )[1]
        path = re.findall(r"/hp/daftar/[a-z0-9]+/", page)[0]
        kader = Phone(portal.url)
        kader.post(
            portal.url + path,
            {"csrfmiddlewaretoken": kader.csrf(portal.url + path), "pin": PIN, "pin_again": PIN},
            "text/html",
        )
        secret = next(cookie for cookie in kader.jar if cookie.name == "hp")

        def attempt(pin: str) -> str:
            copy = Phone(portal.url)
            copy.jar.set_cookie(secret)
            at = f"{portal.url}/masuk/pin/"
            return str(copy.post(at, {"csrfmiddlewaretoken": copy.csrf(at), "pin": pin})[1])

        pages = list(together.map(attempt, [WRONG] * 12))
        assert sum("PIN tidak cocok" in page for page in pages) == 4, "the fifth says locked"
        assert sum(pins.LOCKED in page for page in pages) == 8
        assert pins.LOCKED in attempt(PIN), "and the right one"


# --- Old cookies (case 31) ----------------------------------------------------------------------


def test_the_pin_gives_a_new_session(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    session = phone.session
    session["seen"] = "before"
    session.save()
    before = str(session.session_key)
    phone.cookies[configured.SESSION_COOKIE_NAME] = before
    enter(phone)
    assert phone.cookies[configured.SESSION_COOKIE_NAME].value != before
    old = Client()
    old.cookies[configured.SESSION_COOKIE_NAME] = before
    assert not is_in(old) and is_in(phone)


def test_a_copied_session_dies_with_sign_out(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    thief = copied(phone)
    assert is_in(thief)
    phone.post("/keluar/")
    assert not is_in(thief)
    assert Device.objects.get().session_key == ""


def test_a_copied_session_dies_with_the_next_pin(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    thief = copied(phone)
    del phone.cookies[configured.SESSION_COOKIE_NAME]
    enter(phone)
    assert is_in(phone) and not is_in(thief), "one session a phone"


def test_a_copied_session_dies_with_a_change_of_pin(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    thief = copied(phone)
    phone.post("/hp/pin/", {"old_pin": PIN, "pin": OTHER, "pin_again": OTHER})
    assert is_in(phone) and not is_in(thief)


@pytest.mark.parametrize("act", [workflow.deactivate, workflow.reset])
def test_a_session_dies_with_the_account(act: Any, cast: SimpleNamespace) -> None:
    device, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    token = devices.make_enrolment(cast.petugas, cast.kader)
    act(cast.admin, cast.kader)
    assert not is_in(phone)
    device.refresh_from_db()
    assert device.revoked_at is not None and device.revoked_by == cast.admin
    assert "tidak terdaftar lagi" in said(enter(phone))
    assert Client().get(f"/hp/daftar/{token}/").status_code == 404


def test_a_change_of_area_counts_at_once(cast: SimpleNamespace) -> None:
    from tests.cast import a_child

    child = a_child(cast)
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    assert phone.get(f"/anak/{child.code}/").status_code == 200
    Grant.objects.filter(user=cast.kader).update(posyandu=cast.mawar)
    assert phone.get(f"/anak/{child.code}/").status_code == 404


def test_a_kader_by_password_on_her_phone_is_there_with_her_phone(cast: SimpleNamespace) -> None:
    """So that revoking the phone signs her out too, however she came in."""
    device, phone = a_phone(cast.kader, cast.petugas)
    phone.post("/masuk/", {"login": cast.kader.username, "password": PASSWORD})
    assert is_in(phone)
    device.refresh_from_db()
    devices.revoke(cast.petugas, device)
    assert not is_in(phone)


def test_the_session_lasts_twelve_hours(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(phone)
    assert "Masuk dengan PIN" in said(phone.get("/masuk/", follow=True))


# --- What is refused ----------------------------------------------------------------------------


def test_a_pin_without_the_phone_opens_nothing(cast: SimpleNamespace) -> None:
    a_phone(cast.kader, cast.petugas)
    stranger = Client()
    stranger.cookies[configured.DEVICE_COOKIE_NAME] = "ditebak"
    answer = enter(stranger)
    assert answer["Location"] == "/masuk/?sandi=1" and not is_in(stranger)


@pytest.mark.parametrize("pin", ["", "12", "bukan-pin", "x" * 300, "\ud800"])
def test_what_is_no_pin_opens_nothing(pin: str, cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    assert enter(phone, pin.encode(errors="replace").decode()).status_code == 422


def test_an_address_elsewhere_is_not_followed(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    answer = phone.post("/masuk/pin/", {"pin": PIN, "next": "https://x.test/"})
    assert answer["Location"] == "/"


def test_a_change_of_pin_asks_for_the_old_one_and_counts(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    enter(phone)
    form = {"old_pin": WRONG, "pin": OTHER, "pin_again": OTHER}
    for _ in range(5):
        answer = phone.post("/hp/pin/", form)
    assert answer.status_code == 422 and pins.LOCKED in said(answer)
    assert pins.LOCKED in said(phone.post("/hp/pin/", form | {"old_pin": PIN}))


def test_the_page_of_the_pin_is_only_for_that_phones_session(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    assert signed_in(cast.kader).get("/hp/pin/").status_code == 404
    phone.post("/masuk/", {"login": cast.bidan.username, "password": PASSWORD})
    assert phone.get("/hp/pin/").status_code == 404
