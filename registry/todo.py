"""What waits for this person in the registry: the home page's list."""

from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from registry.models import Submission


def todo(user: Any) -> list[dict[str, Any]]:
    """``[{title, text, url, count, tone}]``, most pressing first; one query."""
    if not user.may("verify_report"):
        return []
    waits = Q(status__in=[Submission.Status.RECEIVED, Submission.Status.EDITED])
    found = Submission.objects.in_scope(user, "verify_report").aggregate(
        waiting=Count("id", filter=waits),
        urgent=Count("id", filter=waits & Q(sign=0)),
        oldest=Min("received_at", filter=waits),
        returned=Count("id", filter=Q(status=Submission.Status.HAS_ISSUES)),
    )
    items = []
    if found["waiting"]:
        urgent = f"{found['urgent']} bertanda rujuk hari ini" if found["urgent"] else ""
        items.append(
            {"count": found["waiting"], "title": "Verifikasi laporan kader",
             "text": urgent, "url": reverse("registry:queue"),
             "tone": "merah" if found["urgent"] else "oranye"}
        )  # fmt: skip
    if found["returned"]:
        items.append(
            {"count": found["returned"], "title": "Laporan menunggu perbaikan kader",
             "text": "", "url": reverse("registry:queue") + "?tab=perbaikan", "tone": "kuning"}
        )  # fmt: skip
    return items
