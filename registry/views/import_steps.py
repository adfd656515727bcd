"""One list on its way: what each row would do, decided, written, stopped, undone, put away."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from registry.forms.imports import DecreeForm
from registry.imports import leaving_out, mapping, pages, workflow
from registry.imports.workflow import ACTION
from registry.models import Import
from registry.views import reconcile
from registry.views.imports import drawn, fetched

OF_ROW = "baris-"  # before its number: the name of what was decided of a row
DECISION = re.compile(rf"{OF_ROW}(\d{{1,6}})", re.ASCII)


@allowed(ACTION)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """How far the list is, and its rows by outcome."""
    source = fetched(request, code)
    if source.is_compared:
        return redirect("registry:reconciled", code=code)
    seen = pages.ImportPage(source, request.GET)
    if not seen.running:  # while it runs the page asks for itself every few seconds
        record(request.user, "view_import", source, why=f"n={len(seen.rows)}", action=ACTION)
    return _page(request, seen)


def _page(
    request: HttpRequest, seen: pages.ImportPage, form: DecreeForm | None = None, status: int = 200
) -> HttpResponse:
    source = seen.source
    context = {
        "source": source,
        "seen": seen,
        "form": form or DecreeForm(initial={"decree": source.decree or seen.last_decree}),
        "verbs": workflow.TABLE.verbs(request.user, source),
        "of_row": OF_ROW,
    }
    return drawn(request, "registry/imports/import.html", context, status)


@allowed(ACTION)
@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what was decided of the rows of one page."""
    said = {int(found[1]): value for name, value in request.POST.items()
            if (found := DECISION.fullmatch(name))}  # fmt: skip

    def act(source: Import) -> str:
        count = workflow.decide(request.user, source, said)
        return f"{count} keputusan disimpan. Belum ada yang masuk ke portal."

    return _done(request, code, act, back=f"?{request.GET.urlencode()}")


@allowed(ACTION)
@require_POST
def write(request: HttpRequest, code: str) -> HttpResponse:
    """Write the accepted rows, all or none, in the background."""
    source = fetched(request, code)
    form = DecreeForm(request.POST)
    if source.layout != mapping.REPORTS and not form.is_valid():
        return _page(request, pages.ImportPage(source, request.GET), form, 422)
    decree = form.cleaned_data["decree"] if form.is_valid() else ""
    return _done(request, code, lambda one: workflow.begin_write(request.user, one, decree))


@allowed(ACTION)
@require_POST
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Stop what is running: nothing of it stays."""
    return _done(request, code, lambda source: workflow.stop(request.user, source))


@allowed(ACTION)
@require_POST
def begin_again(request: HttpRequest, code: str) -> HttpResponse:
    """Put in line again what gives no sign any more."""
    return _done(request, code, lambda source: workflow.begin_again(request.user, source))


@allowed(ACTION)
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take the whole import back, in the background."""
    return _done(request, code, lambda source: workflow.begin_undo(request.user, source))


@allowed(ACTION)
@require_POST
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Put a list away that was not written."""

    def act(source: Import) -> str:
        workflow.drop(request.user, source)
        return "Daftar dibuang. Berkas dan isinya sudah dihapus dari portal."

    return _done(request, code, act)


@allowed(ACTION)
@require_safe
def left_out(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """The rows that stay outside, with their numbers and reasons, as a list to put right."""
    source = fetched(request, code)
    count = source.rows.left_out().count()
    record(request.user, "download_left_out", source, why=f"n={count}", action=ACTION)
    return StreamingHttpResponse(
        leaving_out.lines(source), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tidak-masuk-{code}.csv"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip


def _done(
    request: HttpRequest, code: str, act: Callable[[Import], str | None], back: str = ""
) -> HttpResponse:
    """Do one act on the list and go back to its page; a refusal stands above it."""
    source = fetched(request, code)
    try:
        said: Any = act(source)
    except Refused as refused:
        if refused.stranger:
            raise PermissionDenied(refused.sentence) from refused
        messages.error(request, refused.sentence)
        if source.is_compared:
            return reconcile.shown(request, fetched(request, code), 409)
        return _page(request, pages.ImportPage(fetched(request, code), request.GET), status=409)
    if said:
        messages.success(request, said)
    return redirect(reverse("registry:import", kwargs={"code": code}) + back)
