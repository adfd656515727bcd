"""Reports that wait in the demo's queue, with a picture that is plainly no real document."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from regions.models import Posyandu, Programme, ReportLink
from registry import workflow
from registry.documents import CleanFile
from registry.models import Child, Submission

# days old, sex, weight kg, length cm, posture: from gizi buruk to a healthy child
REPORTS: tuple[tuple[Any, ...], ...] = (
    (366, "L", "7.0", "72.5", "l"),
    (551, "P", "8.2", "74.0", "l"),
    (1096, "P", "10.2", "84.0", "h"),
    (731, "L", "9.8", "81.0", "h"),
    (420, "P", "", "", ""),
    (800, "L", "12.1", "87.5", "h"),
)
NAMES = ("Rembulan", "Cemara", "Delima", "Kenari", "Merpati", "Kelapa")


def load(programme: Programme) -> None:
    """Six reports sent in the last days, and one that seems to tell of a child already known."""
    places = list(Posyandu.objects.of(programme).select_related("desa"))
    for number, (row, name) in enumerate(zip(REPORTS, NAMES, strict=True)):
        posyandu = places[number % len(places)]
        _send(programme, posyandu, number, _answers(programme, posyandu, row, f"{name} Contoh"))
    known = Child.objects.of(programme).select_related("posyandu__desa", "mother").first()
    if known and known.posyandu:
        row = ((programme.today() - known.birth_date).days, known.sex, "", "", "")
        answers = _answers(programme, known.posyandu, row, known.name.upper())
        _send(programme, known.posyandu, len(REPORTS), answers)


def _answers(
    programme: Programme, posyandu: Posyandu, row: tuple[Any, ...], name: str
) -> dict[str, Any]:
    days, sex, weight, length, posture = row
    today = programme.today()
    on = today - timedelta(days=1)
    return {
        "reporter_name": "Kader Contoh", "child_name": name, "sex": sex,
        "birth_date": on - timedelta(days=days), "age_months": None, "father_name": f"Ayah {name}",
        "mother_name": f"Ibu {name}", "parent_job": "Buruh harian", "address": "Jalan Contoh 7",
        "rt": "02", "rw": "01", "weight_kg": _decimal(weight),
        "length_height_cm": _decimal(length), "measure": posture,
        "measured_on": on if weight else None, "filled_on": today,
        "reason": "Tampak lebih pendek dari teman sebayanya", "consent_giver": "ibu",
        "desa": posyandu.desa, "posyandu": posyandu,
    }  # fmt: skip


def _decimal(text: str) -> Any:
    return Decimal(text) if text else None


def _send(programme: Programme, posyandu: Posyandu, number: int, answers: dict[str, Any]) -> None:
    link = ReportLink.objects.of(programme).get(posyandu=posyandu)
    sent = workflow.submit(
        link, answers, client_id=f"contoh-{number}", document=_picture(answers["child_name"])
    )
    came = timezone.now() - timedelta(hours=2 + 5 * number)
    Submission.objects.filter(pk=sent.submission.pk).update(received_at=came)


def _picture(name: str) -> CleanFile:
    """A drawn card that says what it is: no real KK stands in the demo."""
    from PIL import Image, ImageDraw

    card = Image.new("RGB", (900, 600), "#fbfaf4")
    pen = ImageDraw.Draw(card)
    pen.rectangle((20, 20, 880, 580), outline="#55635c", width=3)
    lines = ("KARTU KELUARGA (CONTOH)", "Bukan dokumen asli", "", f"Nama anak: {name}")
    for place, line in enumerate(lines):
        pen.text((60, 70 + 70 * place), line, fill="#17211d", font_size=36)
    out = io.BytesIO()
    card.save(out, "JPEG", quality=80)
    return CleanFile(out.getvalue(), "image/jpeg", "jpg")
