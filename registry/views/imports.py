"""Lists from elsewhere: those handed in, a new one, what its columns are."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.paging import PARAMETER, Order
from accounts.transitions import Refused
from registry.forms.imports import HandInForm, MappingForm, ReadAgainForm
from registry.imports import handing_in, workflow
from registry.imports.sheet import Unreadable
from registry.imports.workflow import ACTION
from registry.models import Import
from registry.views.people import asked, told

PER_PAGE = 25
NEWEST_FIRST = Order("impor", ("id",), descending=True)
SECONDS = 3


def fetched(request: HttpRequest, code: str) -> Import:
    """The list in scope, with all that its pages say of it."""
    rows = Import.objects.in_scope(request.user, ACTION)
    related = ("programme__region", "job", "created_by", "written_by")
    return get_object_or_404(rows.select_related(*related), code=code)


def drawn(
    request: HttpRequest, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    """The page of a list; while its task runs it asks for itself again, without a script."""
    answer = render(request, template, context, status=status)
    if context["seen"].running and request.method == "GET":
        answer["Refresh"] = str(SECONDS)
    return answer


@allowed(ACTION)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The lists that were handed in, the newest first."""
    found = Import.objects.in_scope(request.user, ACTION).select_related("created_by", "job")
    page = NEWEST_FIRST.page(found, request.GET.get(PARAMETER, ""), PER_PAGE)
    why = f"n={len(page.rows)} of {page.count}"
    record(request.user, "list_imports", why=why, action=ACTION)
    context = {"rows": page.rows, "count": page.count, "pager": page.pager(request.GET)}
    return render(request, "registry/imports/imports.html", context)


@allowed(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take a list in; nothing of it is stored before its columns were looked at."""
    wanted = request.GET.get("tujuan") or Import.Purpose.IMPORT
    form = HandInForm(asked(request), request.FILES or None, initial={"purpose": wanted})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                said = form.cleaned_data
                source = handing_in.take_in(request.user, said["file"], said["purpose"])
            except Unreadable as unreadable:
                form.add_error("file", str(unreadable))
            else:
                return redirect("registry:map-list", code=source.code)
    return render(request, "registry/imports/hand_in.html", {"form": form}, status=status)


@allowed(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def map_columns(request: HttpRequest, code: str) -> HttpResponse:
    """Which column is which of ours; sent, the analysis begins."""
    source = fetched(request, code)
    if request.method != "POST":
        return _map_page(request, source, MappingForm(source=source))
    form, status = MappingForm(request.POST, source=source), 422
    if form.is_valid():
        try:
            workflow.map_columns(request.user, source, form.mapped(), form.layout())
        except Refused as refused:
            status = told(form, refused)
        else:
            return redirect("registry:import", code=code)
    return _map_page(request, source, form, status=status)


@allowed(ACTION)
@require_POST
def read_again(request: HttpRequest, code: str) -> HttpResponse:
    """Another sheet, or another row as the one of the labels."""
    source = fetched(request, code)
    form = ReadAgainForm(request.POST, source=source)
    if form.is_valid():
        sheet = form.cleaned_data.get("sheet", "")
        try:
            handing_in.read_again(request.user, source, sheet, form.cleaned_data["header_row"])
        except Unreadable as unreadable:
            form.add_error(None, str(unreadable))
        except Refused as refused:
            if refused.stranger:
                raise PermissionDenied(refused.sentence) from refused
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Daftar dibaca ulang. Periksa kolomnya.")
            return redirect("registry:map-list", code=code)
    return _map_page(request, source, MappingForm(source=source), form, 422)


def _map_page(
    request: HttpRequest,
    source: Import,
    form: MappingForm,
    again: ReadAgainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "source": source,
        "form": form,
        "columns": list(form.columns()),
        "again": again or ReadAgainForm(source=source),
        "may_map": "map_list" in workflow.TABLE.verbs(request.user, source),
    }
    return render(request, "registry/imports/map.html", context, status=status)
