"""Old addresses of a card that was merged: they lead to the kept card, for who may see it.

Only an answer 404 is looked at, so that no other page pays for it. A page is asked for anew at the
kept card's address; what somebody sends (a form opened before the merge, a measurement that waited
on a phone) is handed to the same view at once, so that nothing typed is lost.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse

from registry.models import Child, Household, Mother
from registry.models.placed import Known

Handler = Callable[[HttpRequest], HttpResponse]
READS = ("GET", "HEAD")


class MergedAddressMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or not request.user.is_authenticated:
            return response
        match = request.resolver_match
        kwargs = _kept(request.user, match) if match else None
        if match is None or kwargs is None:
            return response
        if request.method in READS:
            return HttpResponseRedirect(_url(request, match, kwargs))
        return match.func(request, *match.args, **kwargs)


def _kept(user: Any, match: ResolverMatch) -> dict[str, Any] | None:
    """The arguments with the codes of kept cards in place of merged ones; None without any."""
    codes = {value for value in match.kwargs.values() if isinstance(value, str)}
    found: dict[str, str] = {}
    for model in (Child, Mother, Household) if codes else ():
        found |= kept_codes(user, model, codes)
    if not found:
        return None
    return {
        name: found.get(value, value) if isinstance(value, str) else value
        for name, value in match.kwargs.items()
    }


def kept_codes(user: Any, model: type[Known], codes: set[str]) -> dict[str, str]:
    """Old code → code of the card it was merged into, where this person may see that card."""
    rows: Any = model
    seen = rows.objects.in_scope(user)
    merged = rows.everyone.filter(code__in=codes, merged_into__in=seen)
    return dict(merged.values_list("code", "merged_into__code"))


def _url(request: HttpRequest, match: ResolverMatch, kwargs: dict[str, Any]) -> str:
    """302, not 301: a merge can be taken back, and a browser keeps a 301 for good."""
    query = request.META.get("QUERY_STRING", "")
    return reverse(match.view_name, kwargs=kwargs) + (f"?{query}" if query else "")
