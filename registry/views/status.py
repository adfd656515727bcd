"""A report after it was sent: its photos one by one, its state by receipt, the phone's own list."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.transitions import Refused
from regions import links
from regions.codes import grouped, ungrouped
from registry import documents, held, practice, rate_limits, receipts, workflow
from registry.models import HeldReport, PracticeReport, Submission
from registry.receipts import Receipt
from registry.views.submit import TOO_MANY, wants_json

UNKNOWN = "Laporan untuk foto ini tidak ditemukan. Sebutkan kode laporan ke kantor kecamatan."
NO_FILE = "Foto ini kosong. Ambil fotonya sekali lagi."
DECIDED = "Laporan ini sudah diputuskan petugas, jadi fotonya tidak diperlukan lagi."
DROPPED = "Laporan ini tidak dilanjutkan, jadi fotonya tidak diperlukan lagi."


# --- Photos ------------------------------------------------------------------------------------


@csrf_exempt  # knows nobody by a cookie: client id and receipt are the key (docs/keputusan.md)
@login_not_required
@never_cache
@require_POST
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """One photo of a report that was sent, stored once however often it comes.

    The token is not asked again: a poster may be taken down while a photo waits for a signal.
    """
    report = receipts.of_sender(*(request.POST.get(n, "") for n in ("receipt", "client_id")))
    if report is None:
        return _no(UNKNOWN, 404)
    wait = rate_limits.wait(request, report.link, "photo") if report.link else 0
    if wait:
        return _no(TOO_MANY, 429, wait)
    part = request.POST.get("part", "")
    if not documents.PART.fullmatch(part):
        return _no(NO_FILE, 422)
    if isinstance(report, PracticeReport):
        return _counted(part, practice.note_photo(report), 0)
    try:
        keep = _keep_held if isinstance(report, HeldReport) else _keep
        return keep(report, request.FILES.get("file"), part)
    except ValidationError as refused:
        return _no(refused.messages[0], 422)
    except Refused as refused:  # enough photos, or settled under our hands: the phone keeps it
        return _no(refused.sentence, 413)


def _keep(report: Submission, upload: UploadedFile | None, part: str) -> HttpResponse:
    if not workflow.has_part(report, part):
        if report.status not in workflow.TAKES_PHOTOS:
            return _no(DECIDED, 409)
        if upload is None:
            return _no(NO_FILE, 422)
        workflow.attach_part(report, documents.accept(upload), part)
    report.refresh_from_db(fields=["photos_expected"])
    return _counted(part, report.documents.count(), report.photos_expected)


def _keep_held(report: HeldReport, upload: UploadedFile | None, part: str) -> HttpResponse:
    if report.settled_at:
        return _no(DROPPED, 409)
    if upload is None:
        return _no(NO_FILE, 422)
    held.attach(report, documents.accept(upload))
    report.refresh_from_db(fields=["answers"])
    return _counted(part, held.papers_of(report).count(), held.promised(report))


def _counted(part: str, stored: int, expected: int) -> HttpResponse:
    return JsonResponse({"part": part, "stored": stored, "expected": max(stored, expected)})


def _no(sentence: str, status: int, wait: int = 0) -> HttpResponse:
    answer = JsonResponse({"errors": {"__all__": [sentence]}}, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


# --- Status ------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a report: state and dates, never a name."""
    found = receipts.find(code)
    if found is None and wants_json(request):
        return _no("Kode ini tidak dikenal.", 404)
    if found is None:
        return render(request, "registry/status_unknown.html", {"typed": code[:20]}, status=404)
    if wants_json(request):
        return JsonResponse(found.as_json())
    if found.practised:
        return _practice_status(request, found, found.practised)
    context = {"receipt": found, "programme": found.programme, "again": _again(found)}
    return render(request, "registry/status.html", context)


def _again(found: Receipt) -> str:
    """The address of the form the report came from, while its poster lives."""
    return reverse("registry:report", args=[links.token_of(found.link)]) if found.link else ""


def _practice_status(
    request: HttpRequest, found: Receipt, practised: PracticeReport
) -> HttpResponse:
    context: dict[str, Any] = {
        "report": practised,
        "programme": found.programme,
        "practice": True,
        "again": _again(found),
        "gone": practised.received_at + practice.KEPT,
    }
    return render(request, "registry/status_practice.html", context)


@login_not_required
@require_safe
def status_search(request: HttpRequest) -> HttpResponse:
    """Type a receipt code to see its report."""
    code = ungrouped(request.GET.get("kode", ""))
    if code:
        return redirect("registry:status", code=grouped(code))
    return render(request, "registry/status_search.html", {"typed": request.GET.get("kode", "")})


@login_not_required
@require_safe
def phone_reports(request: HttpRequest) -> HttpResponse:
    """An empty page: the phone itself knows which codes it sent, and asks for their states."""
    return render(request, "registry/phone_reports.html")
