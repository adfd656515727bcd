"""The six indicators of success (GASKEN guideline, section I), which KEMPLING's outputs fit too.

Each is computed from the rows of the month and says its n, its N and where it comes from; what
has no data yet says so instead of showing 0. An indicator is a dict, ready to be frozen as JSON:
``number, title, value`` (text, "–" when unknown)``, unit, n, total`` (None when there is no
share)``, note, source``.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from interventions.models import Activity, Partner, PmtEpisode, SanitationWork
from regions.models import Programme
from regions.words import MISSING, number, percent
from reports import figures
from reports.figures import Figures
from reports.months import Month

Indicator = dict[str, Any]


def indicators(programme: Programme, month: Month, found: Figures) -> list[Indicator]:
    """The six, in the order of the guideline. ``found`` holds the month's figures so far."""
    return [
        recorded(month, found),
        helped(programme, month),
        taking_part(programme, month, found),
        stunting(programme, month, found),
        speed(found),
        awareness(found),
    ]


def recorded(month: Month, found: Figures) -> Indicator:
    """1. Meningkatnya jumlah balita stunting yang terdata secara akurat."""
    sent = found["submissions"]
    return _indicator(
        1,
        "Balita terdata secara akurat",
        number(sent["approved"]),
        "laporan terverifikasi",
        sent["approved"],
        sent["received"],
        source=f"Laporan kader yang diterima {month.label}, diperiksa petugas kecamatan.",
    )


def helped(programme: Programme, month: Month) -> Indicator:
    """2. Meningkatnya cakupan pendampingan dan intervensi gizi."""
    pmt = PmtEpisode.objects.in_month(month.first, month.last)
    works = SanitationWork.objects.in_month(month.first, month.last)
    helped_by = Exists(pmt.filter(child=OuterRef("pk"))) | Exists(
        works.filter(household=OuterRef("household"))
    )
    counts = figures.stunted_children(programme, month).aggregate(
        total=Count("pk"), n=Count("pk", filter=helped_by)
    )
    return _share(
        2,
        "Balita pendek yang menerima bantuan",
        counts["n"],
        counts["total"],
        source="PMT atau perbaikan air bersih dan sanitasi yang berjalan di bulan ini, "
        "di antara balita pendek menurut ukuran bulan ini.",
    )


def taking_part(programme: Programme, month: Month, found: Figures) -> Indicator:
    """3. Meningkatnya partisipasi masyarakat dan mitra kerja."""
    works = Q()
    for helps in (PmtEpisode, SanitationWork, Activity):
        in_month = helps.objects.in_month(month.first, month.last)
        works |= Q(Exists(in_month.filter(partner=OuterRef("pk"))))
    partners = Partner.objects.filter(programme=programme, is_active=True).aggregate(
        total=Count("pk"), n=Count("pk", filter=works)
    )
    came = found["help"]["activities_total"]["attended"]
    return _indicator(
        3,
        "Mitra yang ikut bekerja",
        number(partners["n"]),
        "mitra",
        partners["n"],
        partners["total"],
        note=f"{number(came)} orang hadir pada kegiatan bulan ini.",
        source="Mitra yang tercatat pada PMT, sanitasi, atau kegiatan bulan ini; daftar hadir.",
    )


def stunting(programme: Programme, month: Month, found: Figures) -> Indicator:
    """4. Menurunnya jumlah balita stunting, beside a year ago and the start of the programme."""
    now, year_ago = found["total"]["stunting"], figures.stunting_of(programme, month.back(12))
    note = f"{month.back(12).label}: {_share_text(year_ago['n'], year_ago['total'])}."
    start = programme.setting("baseline_stunted")
    if start:
        note += f" Awal program: {number(start)} kasus."
    return _share(
        4,
        "Balita pendek (stunting)",
        now["n"],
        now["total"],
        note=note,
        source="Ukuran terakhir tiap balita di bulan ini, TB/U di bawah −2 SD menurut WHO 2006. "
        "Data rutin posyandu, bukan hasil survei.",
    )


def speed(found: Figures) -> Indicator:
    """5. Terwujudnya sistem pendataan yang cepat, akurat, dan terintegrasi."""
    sent = found["submissions"]
    return _indicator(
        5,
        "Lama dari laporan sampai terverifikasi",
        number(sent["median_hours"], 1),
        "jam (nilai tengah)" if sent["median_hours"] is not None else "",
        sent["approved"],
        sent["received"],
        note="" if sent["approved"] else "Belum ada laporan yang diverifikasi.",
        source="Waktu terima dan waktu verifikasi laporan yang diterima bulan ini.",
    )


def awareness(found: Figures) -> Indicator:
    """6. Meningkatnya kesadaran masyarakat: activities held, and what the scores gained."""
    held = found["help"]["activities_total"]
    return _indicator(
        6,
        "Kegiatan penyuluhan dan pengasuhan",
        number(held["held"]),
        "kegiatan",
        held["scored"],
        held["attended"],
        note="Belum ada nilai awal dan akhir peserta."
        if held["gain"] is None
        else f"Nilai peserta berubah rata-rata {_signed(held['gain'])} dari 100.",
        source="Kegiatan yang selesai di bulan ini; n = peserta dengan nilai awal dan akhir.",
    )


def _share(place: int, title: str, n: int, total: int, **more: str) -> Indicator:
    value = f"{number(100 * n / total, 1)} %" if total else MISSING
    if not total:
        more["note"] = f"Belum ada yang dapat dihitung. {more.get('note', '')}".strip()
    return _indicator(place, title, value, "", n, total, **more)


def _indicator(
    place: int, title: str, value: str, unit: str, n: int | None, total: int | None, *,
    note: str = "", source: str,
) -> Indicator:  # fmt: skip
    return {
        "number": place, "title": title, "value": value, "unit": unit, "n": n, "total": total,
        "note": note, "source": source,
    }  # fmt: skip


def _share_text(n: int, total: int) -> str:
    return percent(n, total) if total else "belum ada data"


def _signed(value: Decimal) -> str:
    return ("+" if value > 0 else "") + number(value, 1)
