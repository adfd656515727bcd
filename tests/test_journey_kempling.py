"""KEMPLING, as its guideline tells it: register, help in three ways, and the whole SOP.

The SOP sheet's six rows are walked for last month by the people they belong to, with a pregnant
woman and a child among those who are helped. One test, read from top to bottom.
"""

import io
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from interventions.models import Activity, PmtEpisode, SanitationWork
from registry.models import Mother
from reports.models import MonthlyReport
from sop.models import Disposisi, Run
from tests.cast import a_child, signed_in


def post(person: Client, page: str, /, *args: Any, **data: Any) -> HttpResponse:
    """Send a form and expect that it was taken."""
    response = person.post(reverse(page, args=args), data)
    assert response.status_code == 302, response.content.decode()
    return response


def read_pdf(response: HttpResponse) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def finish(person: Client, run: Run, number: int, output: str) -> None:
    """Start a step and finish it with its output, as its page does."""
    post(person, "sop:start", run.code, number)
    post(person, "sop:finish", run.code, number, output=output)


def test_the_three_pillars_and_the_whole_sop(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    last_day = today.replace(day=1) - timedelta(days=1)
    month = last_day.replace(day=1)
    camat, sekcam, kasi = (signed_in(u) for u in (cast.camat, cast.sekcam, cast.kasi))
    tim, bidan = signed_in(cast.tim), signed_in(cast.bidan)

    # SOP 1. Camat menginstruksikan pelaksanaan: Disposisi (5 menit)
    page = camat.get(reverse("sop:disposisi-new"))
    opened = page.context["form"]["opened"].value()
    post(
        camat, "sop:disposisi-new", month=month.isoformat(), perihal="Pelaksanaan KEMPLING",
        instruction="Laksanakan sesuai pedoman.", sifat="segera", opened=opened,
        forwarded_to=["sekcam", "kasi", "tim"],
    )  # fmt: skip
    order, run = Disposisi.objects.get(), Run.objects.get()
    assert order.number.startswith("001/KEMPLING/")
    assert run.steps.get(number=1).output == f"Disposisi {order.number}"

    # SOP 2. Mempelajari tugas: Pedoman Teknis (10 menit); Kasi and Tim confirm reading
    assert kasi.post(reverse("sop:finish", args=[run.code, 2]), {"output": "x"}).status_code == 403
    finish(sekcam, run, 2, "Pedoman Teknis 011/INOVASI/2022")
    for reader in (kasi, tim):
        post(reader, "sop:read", run.code, 2)

    # SOP 3. Koordinasi: Rencana Aksi (1 jam)
    finish(kasi, run, 3, "Rencana aksi: PMT, sanitasi, kelas pengasuhan")

    # SOP 4. Melaksanakan Inovasi, setiap hari: first, pendataan ibu hamil
    post(
        bidan, "registry:mother-new", name="Ibu Hamil Contoh", state="hamil",
        hpht=str(today - timedelta(weeks=20)), gravida="2", height_cm="152",
        place=cast.melati.code, address="Jalan Contoh 3", rt="01", rw="02",
        consent_method="lisan",
    )  # fmt: skip
    mother = Mother.objects.get(name="Ibu Hamil Contoh")
    pregnancy = mother.pregnancies.get()
    post(
        bidan, "registry:pregnancy-check", mother.code, checked_on=str(today), weight_kg="46,5",
        lila_cm="22,8", hb="10,2", ttd="60",
    )  # fmt: skip
    card = bidan.get(reverse("registry:mother", args=[mother.code])).content.decode()
    assert "risiko KEK" in card or "Risiko KEK" in card

    # Pillar 1. Pemberian makanan tambahan: for the pregnant woman, from the desa's own funds
    post(
        tim, "interventions:plan-pmt-pregnancy", pregnancy.code, indication="kek",
        menu="Nasi, telur, sayur, susu ibu hamil", funding="apbdes", planned_start=str(today),
        cost_planned="2.400.000",
    )  # fmt: skip
    episode = PmtEpisode.objects.get()
    assert (episode.person, episode.planned_days) == (mother, 120)
    post(tim, "interventions:start-pmt", episode.code, on=str(today))
    post(tim, "interventions:record-day", episode.code, day=str(today), given="1", eaten="4")
    assert episode.days.get().eaten == 4

    # Pillar 2. Perbaikan air bersih dan sanitasi: a latrine for a child's household
    child = a_child(cast)
    post(
        tim, "interventions:plan-work", child.household.code, kind="jamban", volume="1 unit",
        condition_before="Belum ada jamban", funding="apbdes", planned_start=str(today),
        planned_end=str(today + timedelta(days=30)), cost_planned="4500000",
    )  # fmt: skip
    work = SanitationWork.objects.get()
    post(tim, "interventions:start-work", work.code, on=str(today))
    post(
        tim, "interventions:complete-work", work.code, ended_on=str(today),
        condition_after="Jamban leher angsa", cost_real="4.350.000", bast_number="BAST/01",
        latrine="layak",
    )  # fmt: skip
    child.household.refresh_from_db()
    assert child.household.latrine == "layak"

    # Pillar 3. Parenting: a class with attendance
    post(
        tim, "interventions:plan-activity", kind="parenting", title="Kelas pengasuhan Ledug",
        desa=cast.desa.code, place="Balai desa", planned_start=str(last_day), funding="apbdes",
    )  # fmt: skip
    activity = Activity.objects.get()
    lines = {"tamu-TOTAL_FORMS": "1", "tamu-INITIAL_FORMS": "0", "tamu-0-name": "Bapak Contoh",
             "tamu-0-sex": "L", f"{mother.code}-came": "on", f"{mother.code}-pre_score": "50",
             f"{mother.code}-post_score": "80"}  # fmt: skip
    post(tim, "interventions:hold-activity", activity.code, held_on=str(last_day), **lines)
    assert activity.attendance.count() == 2

    # SOP 4 and 5 run side by side, setiap hari; they close with the month
    post(tim, "sop:note", run.code, 4, day=str(last_day), note="Kelas pengasuhan di Ledug")
    post(kasi, "sop:note", run.code, 5, day=str(last_day), note="Memantau kelas pengasuhan")
    post(tim, "sop:finish", run.code, 4, output="PMT, jamban, kelas pengasuhan terlaksana")
    post(kasi, "sop:finish", run.code, 5, output="Pemantauan PMT, parenting dan pelatihan")

    # SOP 6. Laporan Kegiatan kepada Camat (15 menit): handing it in finishes the row
    post(tim, "reports:compose", month=f"{month:%Y-%m}")
    report = MonthlyReport.objects.get()
    post(
        tim, "reports:write", report.code, obstacles="Alat ukur kurang.",
        follow_up="Usul alat ukur.", signatory_name="Camat Contoh", number=report.number,
    )  # fmt: skip
    post(tim, "reports:submit", report.code)
    assert run.steps.get(number=6).finished_by == cast.tim

    # The Camat returns it once, then makes it final; final is frozen
    post(camat, "reports:return", report.code, reason="Tambahkan kendala posyandu.")
    post(tim, "reports:submit", report.code)
    assert tim.post(reverse("reports:finalise", args=[report.code])).status_code == 403
    post(camat, "reports:finalise", report.code)
    report.refresh_from_db()
    assert report.status == "final"

    # What he downloads is the report: kop, numbers, no child's name; anyone may check it
    text = read_pdf(camat.get(reverse("reports:pdf", args=[report.code])))
    assert "KECAMATAN KEMBARAN" in text and "LAPORAN BULANAN" in text
    assert "Mempelajari tugas" in text and "Rp" in text
    for name in (child.name, mother.name):
        assert name not in text
    check = Client().get(reverse("reports:check", args=[report.check_text])).content.decode()
    assert report.sha256 in check
    assert isinstance(report.month, date)
