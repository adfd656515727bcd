"""What a receipt tells: the state in words, what photos are missing, dates in WIB, never a name."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from regions import links
from registry import practice, workflow
from registry.documents import CleanFile
from registry.models import HeldReport, PracticeReport, Submission
from registry.receipts import NEXT
from tests.cast import a_submission

JSON = {"accept": "application/json"}
RECEIVED_AT = datetime(2026, 11, 22, 9, 5, tzinfo=ZoneInfo("Asia/Jakarta"))


def look(code: str, **headers: str) -> HttpResponse:
    return Client().get(reverse("registry:status", args=[code]), headers=headers)


def asked(code: str) -> dict[str, object]:
    return look(code, **JSON).json()


def photo(n: int = 0) -> CleanFile:
    return CleanFile(b"gambar %d" % n, "image/jpeg", "jpg")


def held(place: SimpleNamespace, **changes: object) -> HeldReport:
    values = {
        "programme": place.programme,
        "why": "revoked_link",
        "client_id": "hp",
        "answers": {"child_name": "Namanya Rahasia", "consent": "1", "consent_giver": "ibu"},
    }
    return HeldReport.objects.create(**(values | changes))


@pytest.mark.parametrize(("status", "label"), Submission.Status.choices)
def test_every_state_has_its_word_and_its_next_step(
    cast: SimpleNamespace, status: str, label: str
) -> None:
    decided = None if status == "received" else RECEIVED_AT
    report = a_submission(
        cast, status=status, received_at=RECEIVED_AT, child_name="Namanya Rahasia",
        decided_at=decided,
        mother_name="Ibunya Rahasia", reporter_name="Kader Rahasia", address="Jalan Rahasia",
    )  # fmt: skip
    html = look(report.receipt_text).content.decode()
    assert f'<p class="alert-title">{label}</p>' in html
    assert escape(NEXT[Submission.Status(status)]) in html
    assert "22 November 2026 pukul 09.05 WIB" in html
    assert ("Dikembalikan" in html) == (status in ("has_issues", "edited"))
    assert ("Diputuskan" in html) == (status in ("approved", "rejected"))
    assert "Rahasia" not in html


def test_the_state_for_a_script_carries_no_name(cast: SimpleNamespace) -> None:
    report = a_submission(cast, child_name="Namanya Rahasia", photos_expected=2)
    workflow.attach_part(report, photo(), "a")
    assert asked(report.receipt_text) == {
        "receipt": report.receipt_text,
        "status": "received",
        "label": "Terkirim",
        "photos": {"stored": 1, "expected": 2},
    }
    assert "no-store" in look(report.receipt_text, **JSON)["Cache-Control"]


def test_it_says_how_many_photos_wait_until_all_are_stored(cast: SimpleNamespace) -> None:
    report = a_submission(cast, photos_expected=2)
    assert "<h1>Laporan diterima, 2 foto menunggu</h1>" in look(report.receipt).content.decode()
    workflow.attach_part(report, photo(1), "a")
    html = look(report.receipt).content.decode()
    assert "<h1>Laporan diterima, 1 foto menunggu</h1>" in html
    assert "1 dari 2 tersimpan" in html
    workflow.attach_part(report, photo(2), "b")
    html = look(report.receipt).content.decode()
    assert "<h1>Laporan diterima</h1>" in html and "menunggu" not in html


@pytest.mark.parametrize("status", ["approved", "rejected"])
def test_a_decided_report_waits_for_no_photo(cast: SimpleNamespace, status: str) -> None:
    report = a_submission(cast, status=status, photos_expected=2, decided_at=RECEIVED_AT)
    html = look(report.receipt).content.decode()
    assert "menunggu" not in html and "masih di HP" not in html
    assert "Diputuskan" in html


def test_a_photo_sent_inside_the_form_is_no_surplus(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    workflow._attach(report, photo())
    assert asked(report.receipt)["photos"] == {"stored": 1, "expected": 1}


def test_the_way_back_to_the_form_ends_with_its_poster(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    form = reverse("registry:report", args=[links.token_of(cast.link_melati)])
    assert form in look(report.receipt).content.decode()
    links.revoke(cast.link_melati)
    assert form not in look(report.receipt).content.decode()


def test_a_held_report_says_that_it_is_kept(cast: SimpleNamespace) -> None:
    report = held(cast)
    html = look(report.receipt_text).content.decode()
    assert "Ditahan" in html and "Petugas akan memeriksanya" in html and "Rahasia" not in html
    unasked = held(cast, client_id="hp-2", answers={"child_name": "Namanya Rahasia"})
    html = look(unasked.receipt_text).content.decode()
    assert "persetujuan orang tua belum ada" in html and "Rahasia" not in html
    assert asked(report.receipt_text)["status"] == "held"


def test_a_held_report_that_became_one_tells_of_that_one(cast: SimpleNamespace) -> None:
    report = a_submission(cast, status="edited")
    kept = held(cast, submission=report, settled_at=timezone.now())
    assert asked(kept.receipt_text) | {"photos": None} == {
        "receipt": kept.receipt_text, "status": "edited", "label": "Diperbaiki", "photos": None,
    }  # fmt: skip
    assert report.receipt_text not in look(kept.receipt_text).content.decode()


def test_a_held_report_that_was_dropped_is_rejected(cast: SimpleNamespace) -> None:
    kept = held(cast, settled_at=RECEIVED_AT, reason="Iseng Rahasia")
    html = look(kept.receipt_text).content.decode()
    assert "Ditolak" in html and "Rahasia" not in html


def test_a_practice_says_that_nobody_reads_it_and_ends_after_a_day(cast: SimpleNamespace) -> None:
    kept, _ = practice.send(links.make_practice(cast.programme), {"child_name": "X"}, "hp", 1)
    html = look(kept.receipt_text).content.decode()
    assert "Latihan" in html and "petugas tidak melihatnya" in html.lower()
    assert asked(kept.receipt_text)["status"] == "practice"
    PracticeReport.objects.update(received_at=timezone.now() - timedelta(hours=25))
    assert look(kept.receipt_text).status_code == 404


@pytest.mark.parametrize("code", ["0000-0000-00000", "x", "' OR 1=1", "٣" * 13])
def test_an_unknown_code_is_told_so_to_people_and_scripts(cast: SimpleNamespace, code: str) -> None:
    assert "Kode ini tidak dikenal" in look(code).content.decode()
    unknown = look(code, **JSON)
    assert (unknown.status_code, list(unknown.json())) == (404, ["errors"])


def test_the_list_of_the_phone_knows_nothing_by_itself(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    html = Client().get(reverse("registry:phone-reports")).content.decode()
    assert "Laporan saya di HP ini" in html and report.receipt_text not in html
