"""Paper forms typed in at the desk: the kader's form, close together, one after the other."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from regions.models import ReportLink
from registry import workflow
from registry.forms.report import ReportForm
from registry.models import Consent

KEPT = ("desa", "posyandu", "reporter_name", "measured_on")  # the same on a stack of papers
KEY = "walk_in"


@allowed("verify_report")
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest) -> HttpResponse:
    """A paper report, stored like any other; who typed it does not verify it."""
    link = ReportLink(programme=request.user.programme)
    if request.method != "POST":
        kept = request.session.get(KEY, {})
        fresh = {"client_id": uuid.uuid4(), "filled_on": link.programme.today()}
        form = ReportForm(link=link, initial=kept | fresh)
        form.fields["child_name" if kept else "desa"].widget.attrs["autofocus"] = True
        return _page(request, form)
    form = ReportForm(request.POST, request.FILES, link=link)
    if not form.is_valid():
        return _page(request, form, 422)
    sent = workflow.submit(
        link,
        form.answers(),
        client_id=form.cleaned_data["client_id"] or str(uuid.uuid4()),
        document=form.cleaned_data["document"],
        reporter=request.user,
        confirmed=bool(form.doubts),
        consent=Consent.Method.PAPER,
    )
    request.session[KEY] = {name: request.POST.get(name, "") for name in KEPT[:3]}
    request.session[KEY]["measured_on"] = str(form.cleaned_data["measured_on"] or "")
    said = "tersimpan" if sent.is_new else "sudah tersimpan tadi"
    messages.success(request, f"Laporan {sent.submission.receipt_text} {said}.")
    if "next" in request.POST:
        return redirect("registry:walk-in")
    return redirect("registry:review", code=sent.submission.code)


def _page(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "programme": request.user.programme}
    return render(request, "registry/walk_in.html", context, status=status)
