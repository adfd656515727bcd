"""The proposal for the audit of stunting cases, out of a list of children."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import allowed
from interventions import audit
from registry.lists import ChildList
from registry.views.exports import ACTION, sent


@allowed(ACTION)
@require_safe
def proposal(request: HttpRequest) -> HttpResponseBase:
    """The children of the list whose cases the audit team should look at, and why."""
    chosen = ChildList(request.GET, request.user, ACTION)
    return sent(request, audit.export(chosen), "xlsx", "propose_audit", chosen.used)
