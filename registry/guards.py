"""What tells a script, an old form or a dead poster from a kader (security.md T1).

None of it ever loses a report: too fast is asked to send again, a filled trap and an old form are
held for staff. Pages carry ``stamp`` (signed: when the page was made), ``form_version`` and the
trap; a sending without them is as good as before (README, the form's contract).
"""

import math
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from regions.models import Programme
from registry.models import HeldReport

# Raise it when the report form asks more than before: a field added, renamed or made required, a
# choice taken away, a rule made stricter (tests/test_held_reports.py).
FORM_VERSION = 4
LEAST_SECONDS = 3
TRAP = "website"
TOO_FAST = "Laporan dikirim terlalu cepat. Periksa isinya sebentar, lalu kirim sekali lagi."
Why = HeldReport.Why

_signer = Signer(salt="report-page")


def page(posted: Mapping[str, Any]) -> dict[str, Any]:
    """What every page with the report form carries, for ``registry/_guard.html``.

    A page that asks something back keeps the stamp it was ``posted`` with.
    """
    kept = posted.get("stamp") if page_made_at(posted) else None
    stamp = kept or _signer.sign(str(int(time.time())))
    return {"stamp": stamp, "form_version": FORM_VERSION}


def page_made_at(posted: Mapping[str, Any]) -> datetime | None:
    """When the page of this sending was made; None without a stamp of ours."""
    try:
        return datetime.fromtimestamp(int(_signer.unsign(str(posted.get("stamp", "")))), tz=UTC)
    except (BadSignature, ValueError):
        return None


def seconds_to_wait(posted: Mapping[str, Any]) -> int:
    """How long a sending that came faster than a person types must wait; 0 when it may go on.

    What waited in an outbox, and a clock put back meanwhile, are never too fast.
    """
    made = page_made_at(posted)
    if made is None or not settings.RATE_LIMITS:
        return 0
    passed = (timezone.now() - made).total_seconds()
    return math.ceil(LEAST_SECONDS - passed) if 0 <= passed < LEAST_SECONDS else 0


def hold_for(posted: Mapping[str, Any], form: Any) -> str:
    """The reason to hold this sending instead of storing or refusing it; "" for none.

    Of an older form whatever the rules refuse is held, a missing consent too: the page it was
    typed on may have no such box, and nobody may be near the phone when it is sent.
    """
    if form.is_valid():
        return Why.SUSPICIOUS if str(posted.get(TRAP, "")).strip() else ""
    return Why.OLD_FORM if _is_older(posted) and not _is_hers_to_answer(form) else ""


def _is_older(posted: Mapping[str, Any]) -> bool:
    version = str(posted.get("form_version", ""))
    return version.isascii() and version.isdigit() and int(version[:8]) < FORM_VERSION


def _is_hers_to_answer(form: Any) -> bool:
    """Numbers in doubt want her yes, no rule refuses them; an unreadable photo cannot be kept."""
    return bool(form.doubts) or "document" in form.errors


def began_before(posted: Mapping[str, Any], ended: datetime, programme: Programme) -> bool:
    """Whether the report was begun while its link still lived.

    Told by the page's stamp; without one by the phone's day of filling, which must be earlier.
    """
    made = page_made_at(posted)
    if made is not None:
        return made <= ended
    filled = str(posted.get("filled_on", ""))
    try:
        return date.fromisoformat(filled) < programme.local(ended).date()
    except ValueError:
        return False
