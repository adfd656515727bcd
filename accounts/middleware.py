"""Two duties of every request: which programme the person works in, and no private page kept."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User

Handler = Callable[[HttpRequest], HttpResponse]
# What somebody without a second factor may still open, to set one up or to leave.
WITHOUT_SECOND_FACTOR = ("/masuk/", "/keluar/", "/akun/", "/merek/", "/healthz")


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


class PrivatePagesMiddleware:
    """Pages of signed-in people are kept by no cache (security.md §1.12)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response
