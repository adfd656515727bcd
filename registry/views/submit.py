"""The kader's pages: the form behind the QR poster, and what she sent."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.paging import PARAMETER, Order
from regions import links
from regions.models import ReportLink
from registry import guards, held, practice, rate_limits, scans, workflow
from registry.forms.report import ReportForm
from registry.models import HeldReport, Submission

NEWEST_FIRST = Order("laporan saya", ("received_at", "id"), descending=True)

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
        return _late(request, token)
    if request.method != "POST":
        fresh = {"client_id": uuid.uuid4(), "filled_on": link.programme.today()}
        page = _form_page(request, link, ReportForm(link=link, initial=fresh))
        scans.count(request, page, link)
        return page
    wait = rate_limits.wait(request, link)
    if wait:
        return _too_many(request, wait)
    form = ReportForm(request.POST, request.FILES, link=link)
    why = "" if link.is_practice else guards.hold_for(request.POST, form)
    if why:
        return _held(request, link, form, why)
    if not form.is_valid():
        return _refused(request, link, form)
    wait = guards.seconds_to_wait(request.POST)
    return _too_fast(request, link, form, wait) if wait else _sent(request, link, form)


def _late(request: HttpRequest, token: str) -> HttpResponse:
    """A report begun on a poster that was revoked since: held; everything else is the same 404."""
    found = links.closed(token) if request.method == "POST" else None
    if found is None or found[0].is_practice:
        raise Http404
    link, ended = found
    if not guards.began_before(request.POST, ended, link.programme):
        raise Http404
    wait = rate_limits.wait(request, link)
    if wait:
        return _too_many(request, wait)
    form = ReportForm(request.POST, request.FILES, link=link)
    return _held(request, link, form, HeldReport.Why.REVOKED_LINK)


def _held(request: HttpRequest, link: ReportLink, form: ReportForm, why: str) -> HttpResponse:
    """Keep the report as typed, for staff; the answer is that of any other report."""
    client_id = request.POST.get("client_id", "").strip()[:64]
    if form.is_valid() and workflow.is_stored(link, client_id, form.answers()):
        return _sent(request, link, form)  # it came in before: its first receipt
    client_id = client_id or str(uuid.uuid4())
    kept, is_new = held.hold(
        link.programme,
        why,
        request.POST,
        client_id=client_id,
        link=link,
        document=form.cleaned_data.get("document"),
    )
    return _receipt(request, kept.receipt_text, client_id, is_new)


def _sent(request: HttpRequest, link: ReportLink, form: ReportForm) -> HttpResponse:
    """Store the report and hand out its receipt."""
    client_id = form.cleaned_data["client_id"] or str(uuid.uuid4())
    if link.is_practice:
        return _practised(request, link, form, client_id)
    sent = workflow.submit(
        link,
        form.answers(),
        client_id=client_id,
        document=form.cleaned_data["document"],
        reporter=request.user,
        confirmed=bool(form.doubts),
        photos_expected=form.cleaned_data["photos_expected"],
        form_version=request.POST.get("form_version", "")[:8],
    )
    return _receipt(request, sent.submission.receipt_text, client_id, sent.is_new)


def _receipt(request: HttpRequest, receipt: str, client_id: str, is_new: bool) -> HttpResponse:
    if wants_json(request):
        answer = {"receipt": receipt, "client_id": client_id}
        return JsonResponse(answer, status=201 if is_new else 200)
    return _see_other("registry:status", receipt)


def _practised(
    request: HttpRequest, link: ReportLink, form: ReportForm, client_id: str
) -> HttpResponse:
    """The receipt of a practice. What was typed and photographed is dropped here."""
    photos = 1 if form.cleaned_data["document"] else 0
    kept, is_new = practice.send(link, form.answers(), client_id, photos)
    if wants_json(request):
        answer = {"receipt": kept.receipt_text, "client_id": client_id, "practice": True}
        return JsonResponse(answer, status=201 if is_new else 200)
    return _see_other("registry:status", kept.receipt_text)


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


def _too_fast(request: HttpRequest, link: ReportLink, form: ReportForm, wait: int) -> HttpResponse:
    """A person asked again at once would be told nothing new: the page keeps what was typed."""
    if wants_json(request):
        answer: HttpResponse = JsonResponse({"errors": {"__all__": [guards.TOO_FAST]}}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    form.add_error(None, guards.TOO_FAST)
    return _form_page(request, link, form, status=422)


def _form_page(
    request: HttpRequest, link: ReportLink, form: ReportForm, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {"form": form, "link": link, "programme": link.programme,
               "practice": link.is_practice, **guards.page(request.POST), **extra}  # fmt: skip
    return render(request, "registry/report_form.html", context, status=status)


@allowed("see_own_reports")
@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """A signed-in kader's own reports with what became of them."""
    reports = Submission.objects.sent_by(request.user)
    page = NEWEST_FIRST.page(reports, request.GET.get(PARAMETER, ""), 50)
    why = f"n={len(page.rows)} of {page.count}"
    record(request.user, "list_own_reports", why=why, action="see_own_reports")
    context = {"submissions": page.rows, "pager": page.pager(request.GET)}
    return render(request, "registry/my_reports.html", context)
