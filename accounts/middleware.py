"""Duties of every request: the phone still counts, which programme, no private page kept."""

from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import phone_sessions
from accounts.models import User

Handler = Callable[[HttpRequest], HttpResponse]
# What somebody without a second factor may still open, to set one up or to leave.
WITHOUT_SECOND_FACTOR = ("/masuk/", "/keluar/", "/akun/", "/merek/", "/healthz")


class PhoneMiddleware:
    """Sign out whose phone was revoked, or whose session was ended on it, with the next request.

    Only sessions that a phone opened are asked, by one query (docs/keputusan.md 47).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and not phone_sessions.still_counts(request, user):
            logout(request)
            response = self.get_response(request)
            response.delete_cookie(LIST_COOKIE)
            return response
        return self.get_response(request)


class GrantMiddleware:
    """Give ``request.user`` the programme chosen in this session; ask for the second factor.

    Grants are read from the database on every request, so a change of area or a deactivation
    counts at once (security.md case 31).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            user.chosen_programme_id = request.session.get("programme_id")
            if settings.MFA_REQUIRED and lacks_second_factor(user, request.path):
                return redirect("mfa_activate_totp")
        return self.get_response(request)


def lacks_second_factor(user: User, path: str) -> bool:
    """Whether this person must set up the second factor before opening this page."""
    if path.startswith(WITHOUT_SECOND_FACTOR) or not user.owes_second_factor:
        return False
    return not is_mfa_enabled(user)


# Whose posyandu list this phone keeps for when there is no signal: a person's code, no more.
LIST_COOKIE = "hari"


def give_list_cookie(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """With a page, never with what a script fetches: an answer that comes late, after the person
    has signed out, must not bring it back. It outlives the list, which ends by itself."""
    response.set_cookie(
        LIST_COOKIE, user.code, max_age=timedelta(days=4), secure=request.is_secure(),
        samesite="Lax",
    )  # fmt: skip


class PrivatePagesMiddleware:
    """Pages of signed-in people are kept by no cache (security.md §1.12).

    Who signs in after another on the same phone takes that one's list off it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if _keeps_another_list(request) and LIST_COOKIE not in response.cookies:
            response.delete_cookie(LIST_COOKIE)
        return response


def _keeps_another_list(request: HttpRequest) -> bool:
    owner = request.COOKIES.get(LIST_COOKIE)
    return bool(owner and isinstance(request.user, User) and owner != request.user.code)
