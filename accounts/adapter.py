"""allauth, told our rules: accounts by invitation only, our sentences, our lock, our log."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import phone_sessions
from accounts.address import client_address
from accounts.models import User, record

TOO_MANY = "Terlalu banyak percobaan. Demi keamanan akun ini dikunci 15 menit. Coba lagi nanti."
WRONG_CODE = "Kodenya tidak cocok. Ketik kode 6 angka yang tampil sekarang di aplikasi."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # The same words whether the user name exists or not, is active or not.
        "username_password_mismatch": "Nama pengguna atau kata sandi tidak cocok. Periksa lagi; "
        "huruf besar dan kecil pada kata sandi dibedakan.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": "Kata sandinya tidak cocok. Ketik sekali lagi.",
        "enter_current_password": "Kata sandi yang sekarang tidak cocok. Ketik sekali lagi.",
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Signing in is a page for people: there is no second, JSON-speaking way in."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone: allauth adds the host called, which would give one count per alias."""
        return str(credentials.get("username", "")).lower()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Deactivated between password and code: nothing to say that a stranger may not read."""
        messages.error(request, self.error_messages["username_password_mismatch"])
        return redirect("account_login")

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        phone_sessions.bind_if_own(request, user)
        record(user, "sign_in", user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record(request.user, "sign_out", request.user)
            phone_sessions.end(request)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep who was tried, not what was typed: a password may stand in the wrong box.

        A name nobody has is an event of nobody: writing one takes time, by which a stranger would
        learn who has an account (security.md case 5, benchmarks/scraping.py).
        """
        person = User.objects.filter(username=credentials.get("username", "")).first()
        record(None, "sign_in_failed", person, programme=person.programme if person else None)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """The keys that also guard NIK: the newest seals, all of them open."""
    return MultiFernet([Fernet(key) for key in settings.NIK_KEYS])
