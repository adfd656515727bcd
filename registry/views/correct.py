"""A returned report, put right by its private link: no password, exactly what was ticked."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.transitions import Refused
from regions.models import ReportLink
from registry import report_parts, workflow
from registry.forms.correct import CorrectForm, digest_of_sending
from registry.forms.report import ReportForm, initial_of
from registry.models import CorrectionLink, Submission
from registry.views.submit import wants_json


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, token: str) -> HttpResponse:
    """A returned report, opened by its private link with what was typed."""
    private = CorrectionLink.objects.open_for(token)
    if private is None:
        return _repeated(request, token) or render(
            request, "registry/correction_over.html", status=404
        )
    form = _form(request, private)
    if request.method != "POST":
        return _page(request, private, form)
    if not form.is_valid():
        return _refused(request, private, form)
    try:
        submission = workflow.correct(
            private,
            form.answers(),
            form.cleaned_data.get("document"),
            bool(form.doubts),
            by=request.user,
            spent_digest=digest_of_sending(request.POST),
        )
    except Refused:
        return _repeated(request, token) or render(
            request, "registry/correction_over.html", status=409
        )
    return _receipt(request, submission)


def _form(request: HttpRequest, private: CorrectionLink) -> ReportForm:
    """The ticked parts; all of them for a link of before, or one without a tick."""
    submission = private.submission
    link = submission.link or ReportLink(programme=submission.programme)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    parts = report_parts.chosen(private.fields)
    if parts:
        return CorrectForm(*sent, link=link, submission=submission, parts=parts)
    return ReportForm(*sent, link=link, initial=initial_of(submission))


def _page(
    request: HttpRequest, private: CorrectionLink, form: ReportForm, status: int = 200
) -> HttpResponse:
    submission = private.submission
    opened = {part.key for part in getattr(form, "parts", ())}
    context: dict[str, Any] = {
        "form": form,
        "link": form.link,
        "programme": submission.programme,
        "reason": submission.decisions.filter(verb="send_back").last(),
        "correcting": submission,
        "others": [r for r in report_parts.rows(submission) if r["part"].key not in opened],
    }
    name = "registry/correct.html" if opened else "registry/report_form.html"
    return render(request, name, context, status=status)


def _refused(request: HttpRequest, private: CorrectionLink, form: ReportForm) -> HttpResponse:
    if not wants_json(request):
        return _page(request, private, form, 422)
    answer: dict[str, Any] = {"errors": {n: list(map(str, e)) for n, e in form.errors.items()}}
    if form.doubts:
        answer["confirm"] = sorted({name for name, _ in form.doubts})
    return JsonResponse(answer, status=422)


def _receipt(request: HttpRequest, submission: Submission) -> HttpResponse:
    if wants_json(request):
        client_id = request.POST.get("client_id", "")
        return JsonResponse({"receipt": submission.receipt_text, "client_id": client_id})
    response = redirect("registry:status", code=submission.receipt_text)
    response.status_code = 303
    return response


def _repeated(request: HttpRequest, token: str) -> HttpResponse | None:
    """The receipt once more, for the same words by the link they were first sent by."""
    if request.method != "POST":
        return None
    spent = CorrectionLink.objects.spent_by(token, digest_of_sending(request.POST))
    return _receipt(request, spent.submission) if spent else None
