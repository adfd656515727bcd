"""Two duties of every request: which programme the person works in, and no private page kept."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

Handler = Callable[[HttpRequest], HttpResponse]
# What somebody without a second factor may still open, to set one up or to leave.
WITHOUT_SECOND_FACTOR = ("/masuk/", "/keluar/", "/akun/", "/static/", "/merek/", "/healthz")


class GrantMiddleware:
    """Give ``request.user`` the programme chosen in this session; ask for the second factor.

    Grants are read from the database on every request, so a change of area or a deactivation
    counts at once (security.md case 31).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            user.chosen_programme_id = request.session.get("programme_id")
            if settings.MFA_REQUIRED and not self._has_second_factor(request):
                return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _has_second_factor(self, request: HttpRequest) -> bool:
        from allauth.mfa.utils import is_mfa_enabled

        return request.path.startswith(WITHOUT_SECOND_FACTOR) or is_mfa_enabled(request.user)


class PrivatePagesMiddleware:
    """Pages of signed-in people are kept by no cache (security.md §1.12)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response
