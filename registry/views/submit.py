"""The kader's pages: the form behind the QR poster, its receipt, its correction."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from regions import links
from regions.codes import ungrouped
from regions.models import ReportLink
from registry import rate_limits, workflow
from registry.forms.report import ReportForm, initial_of
from registry.models import CorrectionLink, Submission

TOO_MANY = "Terlalu banyak laporan sekaligus. Tunggu sebentar, lalu kirim lagi."


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks; ``application/json; charset=utf-8``, as some write, is the same."""
    preferred = request.get_preferred_type(["text/html", "application/json"])
    json = any(kind.sub_type == "json" for kind in request.accepted_types)
    return preferred == "application/json" or (preferred is None and json)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """The report form of one poster. Unknown and revoked tokens are the same 404."""
    link = links.find(token)
    if link is None:
        raise Http404
    if request.method != "POST":
        fresh = {"client_id": uuid.uuid4(), "filled_on": link.programme.today()}
        return _form_page(request, link, ReportForm(link=link, initial=fresh))
    wait = rate_limits.wait(request, link)
    if wait:
        return _too_many(request, wait)
    form = ReportForm(request.POST, request.FILES, link=link)
    if not form.is_valid():
        return _refused(request, link, form)
    return _sent(request, link, form)


def _sent(request: HttpRequest, link: ReportLink, form: ReportForm) -> HttpResponse:
    """Store the report and hand out its receipt."""
    client_id = form.cleaned_data["client_id"] or str(uuid.uuid4())
    sent = workflow.submit(
        link,
        form.answers(),
        client_id=client_id,
        document=form.cleaned_data["document"],
        reporter=request.user,
        confirmed=bool(form.doubts),
    )
    receipt = sent.submission.receipt_text
    if wants_json(request):
        answer = {"receipt": receipt, "client_id": client_id}
        return JsonResponse(answer, status=201 if sent.is_new else 200)
    return _see_other("registry:status", receipt)


def _see_other(name: str, code: str) -> HttpResponse:
    response = redirect(name, code=code)
    response.status_code = 303
    return response


def _refused(request: HttpRequest, link: ReportLink, form: ReportForm) -> HttpResponse:
    """Say what to put right; what was typed stays."""
    if not wants_json(request):
        return _form_page(request, link, form, status=422)
    answer: dict[str, Any] = {"errors": {n: list(map(str, e)) for n, e in form.errors.items()}}
    if form.doubts:
        answer["confirm"] = sorted({name for name, _ in form.doubts})
    return JsonResponse(answer, status=422)


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    if wants_json(request):
        answer: HttpResponse = JsonResponse({"errors": {"__all__": [TOO_MANY]}}, status=429)
    else:
        answer = render(request, "429.html", {"sentence": TOO_MANY}, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def _form_page(
    request: HttpRequest, link: ReportLink, form: ReportForm, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {"form": form, "link": link, "programme": link.programme, **extra}
    return render(request, "registry/report_form.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a report: state and dates, never a name."""
    submission = (
        Submission.objects.filter(receipt=ungrouped(code) or "-")
        .select_related("programme__region", "link__programme")
        .first()
    )
    if submission is None:
        context = {"typed": code[:20]}
        return render(request, "registry/status_unknown.html", context, status=404)
    link = submission.link if submission.link and not submission.link.revoked_at else None
    context = {
        "submission": submission,
        "programme": submission.programme,
        "again": reverse("registry:report", args=[links.token_of(link)]) if link else "",
        "photos": submission.documents.count(),
    }
    return render(request, "registry/status.html", context)


@login_not_required
@require_safe
def status_search(request: HttpRequest) -> HttpResponse:
    """Type a receipt code to see its report."""
    code = ungrouped(request.GET.get("kode", ""))
    if code:
        return redirect("registry:status", code=Submission(receipt=code).receipt_text)
    return render(request, "registry/status_search.html", {"typed": request.GET.get("kode", "")})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, token: str) -> HttpResponse:
    """A returned report, opened by its private link with what was typed."""
    private = CorrectionLink.objects.open_for(token)
    if private is None:
        return render(request, "registry/correction_over.html", status=404)
    submission = private.submission
    link = submission.link or ReportLink(programme=submission.programme)
    reason = submission.decisions.filter(verb="send_back").last()
    extra = {"reason": reason, "correcting": submission}
    if request.method != "POST":
        form = ReportForm(link=link, initial=initial_of(submission))
        return _form_page(request, link, form, **extra)
    form = ReportForm(request.POST, request.FILES, link=link)
    if not form.is_valid():
        return _form_page(request, link, form, 422, **extra)
    return _corrected(request, private, form)


def _corrected(request: HttpRequest, private: CorrectionLink, form: ReportForm) -> HttpResponse:
    try:
        submission = workflow.correct(
            private,
            form.answers(),
            form.cleaned_data["document"],
            bool(form.doubts),
            by=request.user,
        )
    except Refused:
        return render(request, "registry/correction_over.html", status=409)
    return _see_other("registry:status", submission.receipt_text)


@allowed("see_own_reports")
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """A signed-in kader's own reports with what became of them."""
    reports = Submission.objects.sent_by(request.user).order_by("-received_at")[:100]
    record(request.user, "list_own_reports", why=f"n={len(reports)}", action="see_own_reports")
    return render(request, "registry/my_reports.html", {"submissions": reports})
