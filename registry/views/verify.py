"""The verifier's desk: the queue, one report with its document, and the decisions."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed
from accounts.models import record
from accounts.transitions import Refused
from registry import documents, history, measuring, people, receipts, report_parts, workflow
from registry.desk import numbers, opened
from registry.forms.verify import ApproveForm, ReasonForm, SendBackForm
from registry.models import Document, Submission
from registry.queue import ReportList

AFTER = "sesudah"  # names the report decided just before, in the address of the next one


@allowed("see_queue")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Reports of the kecamatan, worst sign first, then oldest."""
    user, chosen = request.user, ReportList(request.GET, request.user)
    page = chosen.page()
    why = f"n={len(page.rows)} of {page.count}"
    record(user, "list_reports", fields=chosen.used, why=why, action="see_queue")
    context = {
        "rows": page.rows,
        "count": page.count,
        "pager": chosen.pager(page),
        "chosen": chosen,
        "form": chosen.form(),
        "marked": chosen.marked(page.rows),
        "held": chosen.held,
        "may_verify": user.may("verify_report"),
    }
    return render(request, "registry/queue.html", context)


@allowed("see_queue")
@require_safe
def review(request: HttpRequest, code: str) -> HttpResponse:
    """One report with its document beside the fields."""
    submission = _submission(request, code)
    record(request.user, "view_report", submission, action="see_queue")
    opened.note(request.user, submission)
    return _desk(request, submission)


def _submission(request: HttpRequest, code: str) -> Submission:
    rows = Submission.objects.in_scope(request.user).select_related(
        "programme__region", "desa", "posyandu", "child", "reporter", "decided_by", "opened_by"
    )
    return get_object_or_404(rows, code=code)


def _desk(
    request: HttpRequest,
    submission: Submission,
    form: ApproveForm | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    verbs = workflow.TABLE.verbs(request.user, submission)
    chosen = ReportList(request.GET, request.user)
    context = {
        "submission": submission,
        "programme": submission.programme,
        "visit": measuring.visit_of_report(submission),
        "born": measuring.birth_date_of(submission)[0],
        "answers": report_parts.rows(submission),
        "changes": report_parts.changes(submission),
        "documents": list(submission.documents.all()),
        "photos_waiting": receipts.of_report(submission).waiting,
        "history": history.of(submission),
        "may_open": request.user.may("open_document"),
        "candidates": people.candidates(submission) if "approve" in verbs else [],
        "form": form or (_approve_form(request.user, submission) if "approve" in verbs else None),
        "verbs": verbs,
        "queue": chosen.beside(submission),
        "next": chosen.next_to(submission),
        "kept": chosen.kept,
        "decided": _just_decided(request),
        "also_open": opened.by_another(request.user, submission),
        "undo_open": "batalkan" in request.GET,
        **extra,
    }
    return render(request, "registry/review.html", context, status=status)


def _approve_form(user: Any, submission: Submission, data: Any = None) -> ApproveForm:
    nik = "".join(ch for ch in (data or {}).get("nik", "") if ch in "0123456789")
    limit = min(filter(None, [submission.measured_on, submission.programme.today()]))
    return ApproveForm(
        data,
        candidates=people.candidates(submission, nik),
        born_limit=limit,
        programme=submission.programme,
        holders=numbers.holders(user, nik),
    )


@allowed("verify_report")
@require_POST
def nik_holders(request: HttpRequest, code: str) -> HttpResponse:
    """Whose NIK is typed, before anything is saved: a part of the page, or the page anew."""
    submission = _submission(request, code)
    form = _approve_form(request.user, submission, request.POST)
    form.is_valid()
    if form.holders:
        why = f"alike n={len(form.holders)}"
        record(request.user, "list_children", why=why, action="verify_report")
    if "halaman" in request.POST and "approve" in workflow.TABLE.verbs(request.user, submission):
        return _desk(request, submission, form, asked_nik=True)
    response = render(request, "registry/_nik_holders.html", {"form": form, "asked_nik": True})
    response["Cache-Control"] = "no-store"
    return response


@allowed("verify_report")
@require_POST
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Verify: tautkan or baru."""
    submission = _submission(request, code)
    form = _approve_form(request.user, submission, request.POST)
    if not form.is_valid():
        return _desk(request, submission, form, 422)
    try:
        child = workflow.approve(
            request.user, submission, form.approval(), seen=form.cleaned_data["seen"]
        )
    except Refused as refused:
        return _told(request, code, refused, form)
    if onward := _onward(request, submission):
        return onward
    messages.success(request, f"Laporan terverifikasi. Kartu {child.name} sudah ada.")
    return redirect("registry:child", code=child.code)


def _onward(request: HttpRequest, decided: Submission) -> HttpResponse | None:
    """To the next waiting report as filtered, which says above what was just decided."""
    chosen = ReportList(request.GET, request.user)
    following = chosen.next_to(decided)
    if following is None:
        return None
    query = QueryDict(chosen.kept.removeprefix("?"), mutable=True)
    query[AFTER] = decided.code
    url = reverse("registry:review", args=[following.code])
    return HttpResponseRedirect(f"{url}?{query.urlencode()}")


def _just_decided(request: HttpRequest) -> Submission | None:
    """The report decided before this one was opened, for its card and its undo."""
    rows = Submission.objects.in_scope(request.user).select_related("child")
    found = rows.filter(code=request.GET.get(AFTER, "-")).first()
    return found if found and found.is_decided else None


@allowed("verify_report")
@require_POST
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return the report; the private link for the kader is shown once."""
    submission, form = _submission(request, code), SendBackForm(request.POST)
    if not form.is_valid():
        said = _said("send_back", form)
        return _desk(request, submission, status=422, ticked=form.ticked, **said)
    reason = form.cleaned_data["reason"]
    try:
        token = workflow.send_back(request.user, submission, reason, form.ticked)
    except Refused as refused:
        return _told(request, code, refused)
    return _desk(request, submission, correction=_message(submission, token))


@allowed("verify_report")
@require_POST
def renew_correction(request: HttpRequest, code: str) -> HttpResponse:
    """A fresh private link, when the first was lost."""
    submission = _submission(request, code)
    try:
        token = workflow.renew_correction(request.user, submission)
    except Refused as refused:
        return _told(request, code, refused)
    return _desk(request, submission, correction=_message(submission, token))


def _message(submission: Submission, token: str) -> dict[str, str]:
    """The private link and a WhatsApp text around it: labels of what is wrong, no name, and not
    the verifier's sentence, which may hold one."""
    url = f"{settings.SITE_URL}/perbaikan/{token}/"
    last = submission.corrections.order_by("-id").first()
    wrong = report_parts.named(last.fields if last else [])
    what = f"perlu diperbaiki: {wrong}." if wrong else "perlu diperbaiki."
    text = f"Laporan {submission.receipt_text} {what} Buka: {url}"
    return {"url": url, "text": text, "whatsapp": f"https://wa.me/?text={quote(text)}"}


@allowed("verify_report")
@require_POST
def reject(request: HttpRequest, code: str) -> HttpResponse:
    done = "Laporan ditolak. Alasannya tersimpan."
    return _with_reason(request, code, "reject", done, onward=True)


@allowed("verify_report")
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    return _with_reason(request, code, "undo", "Keputusan dibatalkan. Laporan menunggu lagi.")


def _with_reason(
    request: HttpRequest, code: str, verb: str, done: str, *, onward: bool = False
) -> HttpResponse:
    submission, form = _submission(request, code), ReasonForm(request.POST)
    if not form.is_valid():
        return _desk(request, submission, status=422, **_said(verb, form))
    try:
        getattr(workflow, verb)(request.user, submission, form.cleaned_data["reason"])
    except Refused as refused:
        return _told(request, code, refused)
    following = _onward(request, submission) if onward else None
    if following:
        return following
    messages.success(request, done)
    return redirect("registry:review", code=code)


def _said(verb: str, form: ReasonForm) -> dict[str, str]:
    """The sentence beside the box of the verb that lacks its reason."""
    return {f"{verb}_error": str(form.errors["reason"][0])}


def _told(
    request: HttpRequest, code: str, refused: Refused, form: ApproveForm | None = None
) -> HttpResponse:
    """Show the report as it is now, with the sentence why the act was refused."""
    if refused.stranger:
        raise PermissionDenied(refused.sentence)
    messages.error(request, refused.sentence)
    submission = _submission(request, code)
    keeps = form if submission.status in workflow.WAITING else None
    return _desk(request, submission, keeps, 409)


def _document(user: Any, code: str) -> Document:
    """The document in the user's area. A colleague who may not open its kind gets 403."""
    if not any(user.may(action) for action in Document.ACTIONS.values()):
        raise PermissionDenied
    found = get_object_or_404(Document.objects.of(user.programme), code=code)
    if not user.may(found.action):
        raise PermissionDenied
    return get_object_or_404(Document.objects.in_scope(user), code=code)


@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The only way to a stored file: permission checked, never cached, written down."""
    found = _document(request.user, code)
    path = documents.path_of(found)
    if not path.is_file():
        raise Http404
    record(request.user, "open_document", found, action=found.action)
    # Pictures may stand beside the fields; a PDF is never rendered inline.
    inline = found.is_picture and "lihat" in request.GET
    response = HttpResponse(path.read_bytes(), content_type=found.media_type)
    name = f"dokumen-{found.code}{path.suffix}"
    response["Content-Disposition"] = content_disposition_header(not inline, name) or ""
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
