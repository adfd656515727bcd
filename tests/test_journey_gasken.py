"""GASKEN, as its guideline tells it (section G): from the QR poster to help, and what came of it.

One test, read from top to bottom.
"""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from interventions.models import PmtEpisode
from regions import links
from registry.models import Child, Submission
from reports.models import MonthlyReport
from tests.cast import answers, signed_in
from tests.test_submit import photo

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def gasken(cast: SimpleNamespace) -> SimpleNamespace:
    return cast.gasken


def test_a_stunted_child_of_sungailiat_is_reported_verified_and_helped(
    gasken: SimpleNamespace,
) -> None:
    today = gasken.programme.today()
    kader, petugas = Client(), signed_in(gasken.petugas)
    tim, camat = signed_in(gasken.tim), signed_in(gasken.camat)

    # 1. Memindai barcode layanan
    poster = signed_in(gasken.petugas).get(
        reverse("registry:poster-pdf", args=[gasken.link_melati.code])
    )
    assert poster["Content-Type"] == "application/pdf"
    address = links.url_of(gasken.link_melati)
    words = PdfReader(io.BytesIO(poster.content)).pages[0].extract_text()
    assert "GASKEN" in words and "Melati" in words

    # 2. Terhubung ke formulir pendataan
    scanned = "/" + address.split("/", 3)[3]
    form = kader.get(scanned)
    assert form.status_code == 200 and "Melati" in form.content.decode()

    # 3. Mengisi data balita stunting: with the photo of the KK
    # 4. Pengiriman data ke sistem kecamatan
    measured, born = today - timedelta(days=40), today - timedelta(days=591)
    told = answers(birth_date=str(born), measured_on=str(measured), confirmed="1")
    sent = kader.post(scanned, told | {"document": photo()})
    receipt = sent["Location"]
    assert "Terkirim" in kader.get(receipt).content.decode()

    # 5. Pendataan dan verifikasi oleh kecamatan
    queue = petugas.get(reverse("registry:queue")).content.decode()
    report = Submission.objects.get()
    assert report.receipt_text in queue
    petugas.get(reverse("registry:review", args=[report.code]))
    paper = report.documents.get()
    assert petugas.get(reverse("registry:document", args=[paper.code])).status_code == 200
    verified = petugas.post(reverse("registry:approve", args=[report.code]), {"child": "baru"})
    child = Child.objects.get()
    assert verified["Location"] == reverse("registry:child", args=[child.code])
    assert "Terverifikasi" in kader.get(receipt).content.decode()
    card = petugas.get(verified["Location"]).content.decode()
    assert "−2,34" in card and "endek" in card and "<svg" in card

    # 6. Pelaksanaan program penanganan stunting: PMT, paid by a partner
    planned = tim.post(
        reverse("interventions:plan-pmt-child", args=[child.code]),
        {"indication": "stunting", "planned_days": "56", "menu": "Telur dan bubur kacang hijau",
         "funding": "mitra", "partner": gasken.partner.code, "planned_start": str(today),
         "cost_planned": "Rp840.000"},
    )  # fmt: skip
    episode = PmtEpisode.objects.get()
    assert planned.status_code == 302, planned.content.decode()
    assert (episode.child, episode.partner, episode.cost_planned) == (
        child,
        gasken.partner,
        840_000,
    )
    tim.post(reverse("interventions:start-pmt", args=[episode.code]), {"on": str(today)})
    tim.post(
        reverse("interventions:record-day", args=[episode.code]),
        {"day": str(today), "given": "1", "eaten": "4"},
    )
    episode.refresh_from_db()
    assert episode.status == "running" and episode.days.get().eaten == 4

    # The mitra sees its help, and no name.
    mine = signed_in(gasken.mitra).get(reverse("interventions:own-help")).content.decode()
    assert "1" in mine and child.name not in mine

    # H. Monitoring: the child is measured again
    later = {"measured_on": str(today), "weight_kg": "8,9", "length_height_cm": "76,4",
             "measure": "l"}  # fmt: skip
    nakes = signed_in(gasken.nakes)
    again = nakes.post(reverse("registry:child-measure", args=[child.code]), later)
    assert again.status_code == 302
    assert child.measurements.count() == 2

    # Evaluasi: the monthly report, from the data, on the Camat's desk
    last_month = today.replace(day=1) - timedelta(days=1)
    tim.post(reverse("reports:compose"), {"month": f"{last_month:%Y-%m}"})
    monthly = MonthlyReport.objects.get()
    tim.post(reverse("reports:submit", args=[monthly.code]))
    camat.post(reverse("reports:finalise", args=[monthly.code]))
    monthly.refresh_from_db()
    assert monthly.status == "final" and len(monthly.sha256) == 64
    pdf = camat.get(reverse("reports:pdf", args=[monthly.code]))
    body = b"".join(pdf.streaming_content) if pdf.streaming else pdf.content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    assert "KECAMATAN SUNGAILIAT" in text
    assert child.name not in text and child.mother.name not in text
    check = Client().get(reverse("reports:check", args=[monthly.check_text]))
    assert monthly.sha256 in check.content.decode()
