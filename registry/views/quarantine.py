"""Where a revoked phone hands over what waits in its outbox, and says that it is empty."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import devices, phone_sessions
from accounts.models import Device
from accounts.transitions import Refused
from registry import documents, quarantine
from registry.documents import CleanFile

NOT_REVOKED = "HP ini tidak dicabut. Kirim laporannya seperti biasa."
EMPTY = "Laporan ini kosong."
LONGEST_ID, LONGEST_URL = 64, 300


@login_not_required
@never_cache
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """One waiting item; or ``wiped=1``. The revoked phone's cookie is the key.

    201 or 200 ``{"receipt", "client_id"}``; any other browser reads that nothing is here.
    """
    device = phone_sessions.carried(request)
    if device is None or device.revoked_at is None:
        return _no(NOT_REVOKED, 404 if device is None else 409)
    if request.POST.get("wiped"):
        return _emptied(device)
    client_id = request.POST.get("client_id", "").replace("\0", "").strip()
    fields = _fields(request.POST.get("fields", ""))
    if not (0 < len(client_id) <= LONGEST_ID) or fields is None:
        return _no(EMPTY, 422)
    try:
        receipt, is_new = quarantine.take(
            device, fields, client_id=client_id,
            url=request.POST.get("url", "").replace("\0", "")[:LONGEST_URL],
            receipt=request.POST.get("receipt", ""), papers=_papers(request),
        )  # fmt: skip
    except Refused as refused:
        return _no(refused.sentence, 409)
    answer = {"receipt": receipt, "client_id": client_id}
    return JsonResponse(answer, status=201 if is_new else 200)


def _emptied(device: Device) -> HttpResponse:
    """The last word: the browser clears what is left, and the phone is nobody's any more."""
    devices.wiped(device)
    answer = JsonResponse({"state": "wiped"})
    answer["Clear-Site-Data"] = '"cache", "storage"'
    phone_sessions.take_cookie(answer)
    return answer


def _fields(text: str) -> dict[str, Any] | None:
    """The boxes as they were typed; of several values under one name the last."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    return {name: _last(value) for name, value in given.items()}


def _last(value: Any) -> str:
    last = value[-1] if isinstance(value, list) and value else value
    # Half of a letter pair, as a broken keyboard may leave it, is stored nowhere.
    return "" if last is None else str(last).encode(errors="replace").decode().replace("\0", "")


def _papers(request: HttpRequest) -> list[CleanFile]:
    """Its photos; one that cannot be read is left out: the report must not wait for it."""
    kept = []
    for upload in request.FILES.getlist("document")[: documents.MAX_FILES]:
        try:
            kept.append(documents.accept(upload))
        except ValidationError:
            continue
    return kept


def _no(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"errors": {"__all__": [sentence]}}, status=status)
