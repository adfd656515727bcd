"""A list from e-PPGBM beside the registry: the page to read, the file to work through."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import allowed
from accounts.models import record
from registry.imports import workflow
from registry.imports.workflow import ACTION
from registry.models import Import
from registry.reconcile import pages, sheet
from registry.views.exports import sent
from registry.views.imports import drawn, fetched


def compared(request: HttpRequest, code: str) -> Import:
    """The list in scope; 404 for one that is to be imported."""
    source = fetched(request, code)
    if not source.is_compared:
        raise Http404
    return source


@allowed(ACTION)
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """How many there are of each kind, and the lines of one of them."""
    return shown(request, compared(request, code))


def shown(request: HttpRequest, source: Import, status: int = 200) -> HttpResponse:
    """The page of a comparison, also below a refusal."""
    seen = pages.ReconciledPage(source, request.GET)
    if not seen.running:
        why = f"n={len(seen.lines)} kind={seen.outcome}"
        record(request.user, "view_reconciled", source, why=why, action=ACTION)
    verbs = workflow.TABLE.verbs(request.user, source)
    context = {"source": source, "seen": seen, "verbs": verbs}
    return drawn(request, "registry/imports/reconciled.html", context, status)


@allowed(ACTION)
@require_safe
def download(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same lines as a file."""
    source = compared(request, code)
    export = sheet.export(request.user, source)
    return sent(request, export, "xlsx", "export_reconciled", action=ACTION, thing=source)
