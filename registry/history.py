"""What happened to a report, newest first, in words."""

from typing import Any

from regions.words import date_and_clock
from registry.models import Submission

WORDS = {
    "approve": ("Diverifikasi", "hijau"),
    "send_back": ("Dikembalikan untuk diperbaiki", "oranye"),
    "reject": ("Ditolak", "merah"),
    "undo": ("Keputusan dibatalkan", "netral"),
}


def of(submission: Submission) -> list[dict[str, Any]]:
    """``[{at, title, text, who, tone}]`` for ``_timeline.html``; times on the programme's clock."""
    items: list[dict[str, Any]] = [
        {"at": submission.received_at, "title": "Laporan diterima",
         "who": submission.reporter_name, "text": "", "tone": "biru"}
    ]  # fmt: skip
    for decision in submission.decisions.select_related("by"):
        title, tone = WORDS[decision.verb]
        items.append(
            {"at": decision.at, "title": title, "text": decision.reason,
             "who": str(decision.by or ""), "tone": tone}
        )  # fmt: skip
    for version in submission.versions.all():
        items.append(
            {"at": version.replaced_at, "title": "Diperbaiki kader", "text": _before(version),
             "who": "", "tone": "biru"}
        )  # fmt: skip
    items.sort(key=lambda item: item["at"], reverse=True)
    for item in items:
        item["at"] = date_and_clock(item["at"], submission.programme)
    return items


def _before(version: Any) -> str:
    answers = version.answers
    return (
        f"Isi sebelumnya: {answers['child_name']}, lahir {answers['birth_date'] or '–'}, "
        f"berat {answers['weight_kg'] or '–'} kg, tinggi {answers['length_height_cm'] or '–'} cm"
    )
