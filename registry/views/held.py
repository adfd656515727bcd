"""Held reports: what nobody may lose, mended by staff or put away with a reason."""

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
from regions.models import ReportLink
from registry import held as keeping
from registry.forms.report import ReportForm
from registry.forms.verify import ReasonForm
from registry.models import HeldReport

PER_PAGE = 50
OLDEST_FIRST = Order("laporan tertahan", ("received_at", "id"))


@allowed("verify_report")
@require_safe
def held_list(request: HttpRequest) -> HttpResponse:
    """What is held in the kecamatan, the oldest first."""
    found = HeldReport.objects.in_scope(request.user).open()
    rows = found.select_related("desa", "posyandu", "programme")
    page = OLDEST_FIRST.page(rows, request.GET.get(PARAMETER, ""), PER_PAGE)
    why = f"n={len(page.rows)} of {page.count}"
    record(request.user, "list_held", why=why, action="verify_report")
    context = {"rows": page.rows, "count": page.count, "pager": page.pager(request.GET)}
    return render(request, "registry/held_list.html", context)


@allowed("verify_report")
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: HttpRequest, code: str) -> HttpResponse:
    """One held report in the form, with what is missing marked; saving makes a submission."""
    report = _report(request, code)
    if request.method != "POST":
        record(request.user, "view_held", report, action="verify_report")
        return _page(request, report, ReportForm(report.answers, link=_link(report)))
    form = ReportForm(request.POST, request.FILES, link=_link(report))
    if not form.is_valid():
        return _page(request, report, form, 422)
    try:
        made = keeping.settle(
            request.user,
            report,
            form.answers(),
            document=form.cleaned_data["document"],
            confirmed=bool(form.doubts),
        )
    except Refused as refused:
        return _told(request, report, refused)
    messages.success(request, "Laporan tersimpan. Petugas lain yang memverifikasinya.")
    return redirect("registry:review", code=made.code)


@allowed("verify_report")
@require_POST
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """Put one away, with a reason."""
    report, form = _report(request, code), ReasonForm(request.POST)
    if not form.is_valid():
        asked = ReportForm(report.answers, link=_link(report))
        return _page(request, report, asked, 422, drop_error=str(form.errors["reason"][0]))
    try:
        keeping.drop(request.user, report, form.cleaned_data["reason"])
    except Refused as refused:
        return _told(request, report, refused)
    messages.success(request, "Laporan tertahan dibuang. Alasannya tersimpan.")
    return redirect("registry:held-reports")


def _report(request: HttpRequest, code: str) -> HeldReport:
    rows = HeldReport.objects.in_scope(request.user).select_related(
        "programme__region", "link__programme", "link__desa", "link__posyandu__desa", "desa",
        "posyandu", "device__user", "settled_by", "submission",
    )  # fmt: skip
    return get_object_or_404(rows, code=code)


def _link(report: HeldReport) -> ReportLink:
    """The poster it came by knows its place; without one the place is asked."""
    return report.link or ReportLink(
        programme=report.programme, desa=report.desa, posyandu=report.posyandu
    )


def _told(request: HttpRequest, report: HeldReport, refused: Refused) -> HttpResponse:
    if refused.stranger:
        raise PermissionDenied(refused.sentence)
    messages.error(request, refused.sentence)
    report.refresh_from_db()
    return _page(request, report, ReportForm(report.answers, link=_link(report)), 409)


def _page(
    request: HttpRequest, report: HeldReport, form: ReportForm, status: int = 200, **extra: Any
) -> HttpResponse:
    unknown = [
        (name.replace("_", " "), text)
        for name, text in report.answers.items()
        if text and name[0] != "_" and name.rsplit("_", 1)[0] not in form.fields
        and name not in form.fields
    ]  # fmt: skip
    context = {
        "report": report,
        "programme": report.programme,
        "form": None if report.settled_at else form,
        "unknown": unknown,
        "documents": list(keeping.papers_of(report)),
        "may_open": True,
        **extra,
    }
    return render(request, "registry/held.html", context, status=status)
