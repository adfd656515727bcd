"""The monthly report on the screen, its few acts, and the public page that checks a paper."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from regions.codes import ungrouped
from registry.names import clean_text
from reports import document, lists, overview, store, workflow
from reports.forms import CodeForm, WordsForm
from reports.models import MonthlyReport
from reports.months import Month
from reports.upload import HashOnly


@allowed("see_reports")
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """Every month with its state and what to do."""
    reports = list(MonthlyReport.objects.in_scope(request.user).select_related("programme"))
    frozen = next((report for report in reports if report.figures), None)
    rows = overview.rows(request.user, reports)
    context = {
        "rows": rows,
        "may_write": request.user.may("write_report"),
        "due": next((row.month for row in rows[:2] if row.is_due), None),
        "newest": frozen,
        "indicators": frozen.figures["indicators"] if frozen else [],  # type: ignore[index]
    }
    return render(request, "reports/months.html", context)


@allowed("write_report")
@require_POST
def compose(request: HttpRequest) -> HttpResponse:
    """Open the month's report as a draft, or the one there is."""
    chosen = Month.read(request.POST.get("month", ""))
    if chosen is None:
        messages.error(request, "Pilih bulannya dahulu dari daftar.")
        return redirect("reports:months")
    try:
        report = workflow.compose(request.user, request.user.programme, chosen)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("reports:months")
    return redirect("reports:month", report.code)


@allowed("see_reports")
@require_safe
def month(request: HttpRequest, code: str) -> HttpResponse:
    """One report: its figures, its words, and what this person may do with it."""
    return _page(request, _report(request, code))


@allowed("write_report")
@require_POST
def write(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the words typed below the figures."""
    report = _report(request, code)
    form = WordsForm(report, request.POST)
    if not form.is_valid():
        return _page(request, report, form, status=422)
    act = partial(workflow.write, request.user, report, form.texts)
    return _acted(request, report, act, "Tersimpan.")


@allowed("write_report")
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the report to the Camat, with the words typed on the same page if there are any."""
    report = _report(request, code)
    typed = WordsForm(report, request.POST) if "obstacles" in request.POST else None
    if typed and not typed.is_valid():
        return _page(request, report, typed, status=422)
    texts = typed.texts if typed else None
    act = partial(workflow.submit, request.user, report, texts)
    return _acted(
        request, report, act, "Laporan diajukan. Camat dapat memeriksa dan mengesahkannya."
    )


@allowed("finalise_report")
@require_POST
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return the report to its writers with one sentence."""
    report = _report(request, code)
    reason = clean_text(request.POST.get("reason", ""))
    act = partial(workflow.send_back, request.user, report, reason)
    return _acted(request, report, act, "Laporan dikembalikan kepada Tim Pelaksana.")


@allowed("finalise_report")
@require_POST
def finalise(request: HttpRequest, code: str) -> HttpResponse:
    """Make the report final; from then on nothing in it changes."""
    report = _report(request, code)
    act = partial(workflow.finalise, request.user, report)
    return _acted(request, report, act, f"{report} sudah disahkan dan dapat diunduh.")


@allowed("write_report")
@require_POST
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a new revision of a final report."""
    report = _report(request, code)
    try:
        reason = clean_text(request.POST.get("reason", ""))
        made = workflow.revise(request.user, report, reason)
    except Refused as refused:
        return _refused(request, report, refused)
    messages.success(request, f"Revisi {made.revision} dibuat. Lengkapi, lalu ajukan lagi.")
    return redirect("reports:month", made.code)


@allowed("see_reports")
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The stored file of a final report, byte for byte; of any other a copy marked KONSEP."""
    report = _report(request, code)
    try:
        made = document.copy_of(report)
    except store.Damaged as damaged:
        messages.error(request, str(damaged))
        return redirect("reports:month", report.code)
    record(request.user, "download_report", report, why=report.status, action="see_reports")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{report.file_name}"'
    response["Cache-Control"] = "no-store"
    return response


# --- The public page ---------------------------------------------------------------------------


@login_not_required
@csrf_exempt  # changes nothing; the file must meet our own handler before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_any(request: HttpRequest) -> HttpResponse:
    """Type the code of a paper, or hand in the file itself: which report is it?"""
    if request.method == "POST":
        sent = HashOnly.of(request)
        reports = MonthlyReport.objects.final().select_related("programme__region")
        found = reports.filter(sha256=sent.digest).first() if sent.digest else None
        if found:
            return _checked(request, found, sent)
        return render(request, "reports/check_any.html", {"form": CodeForm(), "sent": sent})
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("reports:check", form.cleaned_data["code"])
    return render(request, "reports/check_any.html", {"form": form})


@login_not_required
@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR of a report opens: is there such a report, and is this file it?"""
    reports = MonthlyReport.objects.select_related("programme__region")
    report = reports.filter(check_code=ungrouped(code) or "-").first()
    if report is None:
        return render(request, "reports/check_unknown.html", {"form": CodeForm()}, status=404)
    return _checked(request, report, HashOnly.of(request) if request.method == "POST" else None)


def _checked(request: HttpRequest, report: MonthlyReport, sent: HashOnly | None) -> HttpResponse:
    finals = MonthlyReport.objects.of_month(report.programme, report.month).final()
    context = {
        "report": report,
        "programme": report.programme,
        "month": Month(report.month),
        "newer": finals.filter(revision__gt=report.revision).order_by("-revision").first(),
        "sent": sent,
        "same": bool(sent and report.is_final and sent.digest == report.sha256),
    }
    return render(request, "reports/check.html", context)


# --- Parts -------------------------------------------------------------------------------------


def _report(request: HttpRequest, code: str) -> MonthlyReport:
    reports = MonthlyReport.objects.in_scope(request.user).select_related(
        "programme__region", "written_by", "submitted_by", "finalised_by"
    )
    return get_object_or_404(reports, code=code)


def _page(
    request: HttpRequest, report: MonthlyReport, form: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    verbs = workflow.verbs(request.user, report)
    of_month = MonthlyReport.objects.in_scope(request.user).of_month(report.programme, report.month)
    link = lists.of_children(request.user, Month(report.month))
    context = {
        **document.said(report, document.shown_figures(report), link),
        "verbs": verbs,
        "too_early": workflow.too_early(report),
        "is_own": report.submitted_by_id == request.user.pk,
        "form": form or (WordsForm(report) if "write" in verbs else None),
        "others": of_month.exclude(pk=report.pk).order_by("-revision"),
    }
    return render(request, "reports/month.html", context, status=status)


def _acted(
    request: HttpRequest, report: MonthlyReport, act: Callable[[], None], said: str
) -> HttpResponse:
    """Do it, say so, and go back to the report; a refusal is said there too."""
    try:
        act()
    except Refused as refused:
        return _refused(request, report, refused)
    messages.success(request, said)
    return redirect("reports:month", report.code)


def _refused(request: HttpRequest, report: MonthlyReport, refused: Refused) -> HttpResponse:
    if refused.stranger:
        raise PermissionDenied
    messages.error(request, refused.sentence)
    return redirect("reports:month", report.code)
