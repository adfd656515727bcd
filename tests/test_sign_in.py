"""Signing in at /masuk/: the way in, the lock on guessing, the death of an old cookie."""

import http.cookiejar
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as configured
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.adapter import TOO_MANY
from accounts.address import client_address
from accounts.backends import GrantedBackend
from accounts.models import Event, Grant
from tests.cast import PASSWORD, signed_in
from tests.servers import run_server

WRONG = "Nama pengguna atau kata sandi tidak cocok."
LOCKED = TOO_MANY


def sign_in(
    client: Client, username: str, password: str = PASSWORD, address: str = "10.0.0.1"
) -> HttpResponse:
    return client.post("/masuk/", {"login": username, "password": password}, REMOTE_ADDR=address)  # type: ignore[return-value]


@pytest.fixture
def limits(settings: Any) -> None:
    """The limits of a portal that is not being tested."""
    settings.ACCOUNT_RATE_LIMITS = configured.SIGN_IN_LIMITS
    cache.clear()


# --- It works -----------------------------------------------------------------------------------


def test_a_person_signs_in_and_comes_home(cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/masuk/")
    token = page.cookies[configured.CSRF_COOKIE_NAME].value
    response = client.post(
        "/masuk/",
        {"login": cast.petugas.username, "password": PASSWORD, "csrfmiddlewaretoken": token},
    )
    assert response.status_code == 302 and response["Location"] == "/"
    assert str(cast.petugas) in client.get("/").content.decode()
    assert Event.objects.filter(verb="sign_in", user=cast.petugas).count() == 1


def test_who_one_is_and_what_one_may_is_one_question(
    cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    Grant.objects.create(user=cast.petugas, role="tim", programme=cast.programme)
    with django_assert_num_queries(1):
        user = GrantedBackend().get_user(cast.petugas.pk)
        assert user == cast.petugas and user.roles == {"petugas", "tim"}
        assert user.programme == cast.programme and user.programme.region.name
        assert all(grant.user is user for grant in user.all_grants)


def test_who_may_nothing_is_still_somebody(cast: SimpleNamespace) -> None:
    cast.petugas.grants.update(valid_until=date(2020, 1, 1))
    user = GrantedBackend().get_user(cast.petugas.pk)
    assert user == cast.petugas and user.all_grants == []
    assert GrantedBackend().get_user(0) is None


def test_the_page_works_without_a_script_and_asks_for_two_things(cast: SimpleNamespace) -> None:
    html = Client().get("/masuk/").content.decode()
    assert html.count("<script") == 1 and "keluar" in html  # it only forgets a kept list
    assert 'name="login"' in html and 'name="password"' in html
    assert 'autocapitalize="none"' in html, "a phone would write the user name with a capital"
    assert "Nama pengguna" in html and "Kata sandi" in html


def test_one_comes_back_to_the_page_one_wanted(cast: SimpleNamespace) -> None:
    client = Client()
    asked = client.get("/jejak/")
    assert asked["Location"] == "/masuk/?next=/jejak/"
    assert 'name="next" value="/jejak/"' in client.get(asked["Location"]).content.decode()
    response = client.post(
        "/masuk/", {"login": cast.camat.username, "password": PASSWORD, "next": "/jejak/"}
    )
    assert response["Location"] == "/jejak/"


def test_an_address_elsewhere_is_not_followed(cast: SimpleNamespace) -> None:
    response = Client().post(
        "/masuk/", {"login": cast.camat.username, "password": PASSWORD, "next": "https://x.test/"}
    )
    assert response["Location"] == "/"


def test_a_capital_written_by_the_phone_does_no_harm(cast: SimpleNamespace) -> None:
    assert sign_in(Client(), cast.kader.username.capitalize() + " ").status_code == 302


def test_signing_out_is_a_button(cast: SimpleNamespace) -> None:
    client = signed_in(cast.petugas)
    assert client.get("/keluar/").status_code == 200
    assert client.get("/").context["user"].is_authenticated
    left = client.post("/keluar/")
    assert left["Location"] == "/masuk/"
    assert left["Clear-Site-Data"] == '"cache"', "and never the storage: unsent reports wait there"
    assert client.get("/orang/").status_code == 302
    assert Event.objects.filter(verb="sign_out", user=cast.petugas).count() == 1


def test_whose_session_has_ended_may_still_press_sign_out(db: None) -> None:
    assert Client().post("/keluar/")["Location"] == "/masuk/"
    assert Client().get("/keluar/")["Location"] == "/masuk/"


def test_the_password_is_changed_by_its_owner(cast: SimpleNamespace) -> None:
    client, elsewhere = Client(), Client()
    for browser in (client, elsewhere):
        sign_in(browser, cast.petugas.username)
    fresh = "beras-merah-dan-telur"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    response = client.post(reverse("account_change_password"), form)
    assert response["Location"] == "/"
    assert client.get("/orang/").status_code == 403, "still signed in here"
    assert elsewhere.get("/orang/").status_code == 302, "signed out everywhere else"
    assert sign_in(Client(), cast.petugas.username, fresh).status_code == 302


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["petugas.kempling", "tidak.ada", "undangan-x"])
def test_the_same_sentence_whether_the_person_exists_or_not(
    username: str, cast: SimpleNamespace
) -> None:
    html = sign_in(Client(), username, "kata sandi yang salah").content.decode()
    assert WRONG in html
    assert f'value="{username}"' in html, "what was typed stays"
    assert "kata sandi yang salah" not in html


def test_a_deactivated_person_reads_the_same_sentence(cast: SimpleNamespace) -> None:
    cast.petugas.is_active = False
    cast.petugas.save()
    assert WRONG in sign_in(Client(), cast.petugas.username).content.decode()


def test_empty_boxes_are_named(cast: SimpleNamespace) -> None:
    html = sign_in(Client(), "", "").content.decode()
    assert html.count("Isi dahulu bagian ini.") >= 2


@pytest.mark.parametrize(
    "change",
    [
        {"oldpassword": "bukan yang sekarang"},
        {"password2": "lain sama sekali"},
        {"password1": "pendek", "password2": "pendek"},
    ],
)
def test_a_password_change_says_what_to_mend(change: dict[str, str], cast: SimpleNamespace) -> None:
    fresh = "beras-merah-dan-telur"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh} | change
    response = signed_in(cast.petugas).post(reverse("account_change_password"), form)
    assert response.status_code == 200
    assert response.context["form"].errors
    cast.petugas.refresh_from_db()
    assert cast.petugas.check_password(PASSWORD)


# --- Guessing (case 28) -------------------------------------------------------------------------


def test_the_fifth_wrong_password_locks_the_account_whatever_the_address(
    cast: SimpleNamespace, limits: None
) -> None:
    name = cast.petugas.username
    for n in range(5):
        assert WRONG in sign_in(Client(), name, "salah", f"10.0.0.{n}").content.decode()
    right = sign_in(Client(), name, PASSWORD, "10.9.9.9")
    wrong = sign_in(Client(), name, "salah", "10.9.9.8")
    assert LOCKED in right.content.decode(), "the right password too"
    assert LOCKED in wrong.content.decode()
    other = sign_in(Client(), cast.camat.username)
    assert other.status_code == 302, "another account is not locked"


def test_an_alias_of_the_host_gives_no_new_tries(cast: SimpleNamespace, limits: None) -> None:
    form = {"login": cast.petugas.username.upper(), "password": "salah"}
    for _ in range(5):
        Client().post("/masuk/", form, headers={"host": "localhost"})
    again = Client().post("/masuk/", form, headers={"host": "127.0.0.1"})
    assert LOCKED in again.content.decode()


def test_the_lock_ends_after_fifteen_minutes(
    cast: SimpleNamespace, limits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    for _ in range(5):
        sign_in(Client(), cast.petugas.username, "salah")
    now = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 14 * 60)
    assert LOCKED in sign_in(Client(), cast.petugas.username).content.decode()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 15 * 60 + 1)
    assert sign_in(Client(), cast.petugas.username).status_code == 302


def test_a_stranger_is_locked_like_a_person_who_exists(cast: SimpleNamespace, limits: None) -> None:
    for _ in range(5):
        assert WRONG in sign_in(Client(), "tidak.ada", "salah").content.decode()
    assert LOCKED in sign_in(Client(), "tidak.ada", "salah").content.decode()


def test_signing_in_well_uses_up_no_try(cast: SimpleNamespace, limits: None) -> None:
    for _ in range(8):
        assert sign_in(Client(), cast.petugas.username).status_code == 302


def test_a_flood_from_one_address_is_told_to_wait(cast: SimpleNamespace, limits: None) -> None:
    answers = [sign_in(Client(), f"orang.{n}", "salah") for n in range(121)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]
    assert sign_in(Client(), cast.petugas.username, address="10.0.0.2").status_code == 302


@pytest.mark.live
def test_tries_are_counted_once_across_processes() -> None:
    """Twelve wrong tries at once, on two worker processes, from a browser each."""

    def attempt(n: int, password: str = "salah") -> str:  # noqa: S107
        browser = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        page = browser.open(f"{portal.url}/masuk/").read().decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {"csrfmiddlewaretoken": token, "login": "camat.kempling", "password": password}
        answer = browser.open(f"{portal.url}/masuk/", urllib.parse.urlencode(form).encode())
        return answer.read().decode()

    with run_server({"RATE_LIMITS": "on"}) as portal, ThreadPoolExecutor(12) as together:
        pages = list(together.map(attempt, range(12)))
        assert 1 <= sum(WRONG in page for page in pages) <= 5
        assert all(WRONG in page or LOCKED in page for page in pages)
        password = next(
            a["password"] for a in portal.demo["accounts"] if a["username"] == "camat.kempling"
        )
        while WRONG in attempt(0):
            pass
        assert LOCKED in attempt(0, password)


def test_a_wrong_try_is_kept_without_what_was_typed(cast: SimpleNamespace) -> None:
    sign_in(Client(), cast.petugas.username, "rahasia-saya")
    sign_in(Client(), "rahasia-saya", "x")
    known, nobody = Event.objects.filter(verb="sign_in_failed").order_by("id")
    assert known.object_code == cast.petugas.code and known.user is None
    # Written too, and of nobody: the time of writing must not tell who has an account.
    assert (nobody.object_code, nobody.object_kind, nobody.programme) == ("", "", None)


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "6.6.6.6", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_an_address_is_believed_only_behind_our_proxies(
    proxies: int, header: str, found: str, rf: Any, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": header}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == found


# --- Old cookies (case 31) ----------------------------------------------------------------------


def test_signing_in_gives_a_new_session(cast: SimpleNamespace) -> None:
    client = Client()
    session = client.session
    session["seen"] = "before"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = before = str(session.session_key)
    sign_in(client, cast.petugas.username)
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != before
    old = Client()
    old.cookies[configured.SESSION_COOKIE_NAME] = before
    assert old.get("/orang/").status_code == 302


def _copy(client: Client) -> Client:
    thief = Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = client.cookies[
        configured.SESSION_COOKIE_NAME
    ].value
    return thief


def test_a_cookie_is_dead_after_signing_out(cast: SimpleNamespace) -> None:
    client = signed_in(cast.admin)
    thief = _copy(client)
    assert thief.get("/orang/").status_code == 200
    client.post("/keluar/")
    assert thief.get("/orang/").status_code == 302


def test_a_cookie_is_dead_after_deactivation(cast: SimpleNamespace) -> None:
    client = signed_in(cast.admin)
    cast.admin.is_active = False
    cast.admin.save()
    assert client.get("/orang/").status_code == 302


def test_a_grant_that_ends_counts_on_the_next_request(cast: SimpleNamespace) -> None:
    client = signed_in(cast.admin)
    assert client.get("/orang/").status_code == 200
    Grant.objects.filter(user=cast.admin).update(valid_until=date.today() - timedelta(days=1))
    assert client.get("/orang/").status_code == 403


def test_a_page_of_somebody_signed_in_is_kept_by_no_cache(cast: SimpleNamespace) -> None:
    assert "no-store" in signed_in(cast.admin).get("/orang/")["Cache-Control"]


# --- The second factor --------------------------------------------------------------------------


def with_second_factor(user: Any) -> str:
    """Set one up for the person; its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_now(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def test_the_demo_asks_for_no_second_factor(cast: SimpleNamespace, settings: Any) -> None:
    assert settings.MFA_REQUIRED is False
    assert signed_in(cast.camat).get("/").status_code == 200


def test_where_it_is_a_duty_staff_set_it_up_first(cast: SimpleNamespace, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = Client()
    assert sign_in(client, cast.petugas.username).status_code == 302
    assert client.get("/")["Location"] == reverse("mfa_activate_totp")
    asked = client.get("/", follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    page = client.post(
        reverse("account_reauthenticate"),
        {"password": PASSWORD, "next": reverse("mfa_activate_totp")},
        follow=True,
    )
    html = page.content.decode()
    assert '<path d="M' in html, "the QR stands on the page"
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}, follow=True)
    assert done.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert client.get("/").status_code == 200
    kept = Authenticator.objects.get(user=cast.petugas, type="totp")
    assert secret not in str(kept.data), "the secret is encrypted where it is kept"


def test_kader_and_mitra_are_not_asked(cast: SimpleNamespace, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    for user in (cast.kader, cast.mitra):
        assert signed_in(user).get("/").status_code == 200
    assert signed_in(cast.camat).get("/").status_code == 302


def test_who_has_one_signs_in_in_two_steps(cast: SimpleNamespace) -> None:
    secret = with_second_factor(cast.petugas)
    client = Client()
    assert sign_in(client, cast.petugas.username)["Location"] == reverse("mfa_authenticate")
    assert client.get("/orang/").status_code == 302, "not in yet"
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Kode 6 angka" in page
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Kodenya tidak cocok." in wrong.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})["Location"] == "/"
    assert client.get("/orang/").status_code == 403


def test_five_wrong_codes_lock_the_second_step(cast: SimpleNamespace, limits: None) -> None:
    secret = with_second_factor(cast.petugas)
    client = Client()
    sign_in(client, cast.petugas.username)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    locked = client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert LOCKED in locked.content.decode()


def test_every_page_about_the_own_account_opens(cast: SimpleNamespace) -> None:
    secret = with_second_factor(cast.petugas)
    client = Client()
    sign_in(client, cast.petugas.username)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_generate_recovery_codes"))
    for name in (
        "account_change_password", "account_reauthenticate", "mfa_reauthenticate", "mfa_index",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    ):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
    codes = client.get(reverse("mfa_download_recovery_codes")).content.decode().split()
    assert len(codes) == 10
    client.post("/keluar/")
    sign_in(client, cast.petugas.username)
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get("/orang/").status_code == 403, "a recovery code opens once"
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()
