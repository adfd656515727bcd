"""The posyandu day on paper: the list printed before it, typed in afterwards as one table."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from regions.models import Posyandu
from registry.forms.posyandu_day import PRINT_AHEAD
from registry.posyandu import day as days_of
from registry.posyandu import paper
from registry.posyandu import table as sheets
from registry.views.posyandu_day import ACTION, at_posyandu, day_context, list_seen


@allowed(ACTION)
@require_safe
@at_posyandu(ahead=PRINT_AHEAD)
def printed(request: HttpRequest, place: Posyandu, on: date) -> HttpResponse:
    """The list with the last values and room to write."""
    found = days_of.read(request.user, place, on)
    made = paper.printed(found)
    list_seen(request, found, "print_posyandu_day")
    name = f"hari-posyandu-{place.code}-{on}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@allowed(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@at_posyandu()
def table(request: HttpRequest, place: Posyandu, on: date) -> HttpResponse:
    """All children still to be entered in one table; good rows are stored, bad ones stay."""
    found = days_of.read(request.user, place, on)
    sheet = sheets.Sheet()
    if request.method == "POST":
        sheet = sheets.store(request.user, found, request.POST)
        found = days_of.read(request.user, place, on)
        for note in sheet.notes:
            messages.warning(request, note)
        if not sheet.bad:
            return _table_done(request, place, on, found, sheet)
    list_seen(request, found)
    lines = sheets.lines(found, sheet)
    context = day_context(place, on, day=found, sheet=sheet, lines=lines)
    status = 422 if sheet.bad else 200
    return render(request, "registry/posyandu/table.html", context, status=status)


def _table_done(
    request: HttpRequest, place: Posyandu, on: date, found: days_of.Day, sheet: sheets.Sheet
) -> HttpResponse:
    if sheet.words:
        messages.success(request, sheet.words)
    else:
        messages.warning(request, "Belum ada angka yang diisi.")
    name = "registry:posyandu-table" if found.waiting else "registry:posyandu-day"
    return redirect(name, place.code, on)
