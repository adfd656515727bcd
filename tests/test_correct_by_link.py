"""The verifier ticks what is wrong; the private link opens exactly that, once."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import workflow
from registry.models import Child, CorrectionLink, Submission
from registry.people import Approval
from tests.cast import a_submission, answers, signed_in
from tests.test_submit import photo

JSON = {"accept": "application/json"}


def token_for(cast: SimpleNamespace, report: Submission, *fields: str) -> str:
    return workflow.send_back(cast.petugas, report, "Timbang lagi.", fields)


def put(token: str, body: dict[str, Any], **headers: Any) -> Any:
    return Client().post(f"/perbaikan/{token}/", body, **headers)


def sent_back(cast: SimpleNamespace, report: Submission, *fields: str, reason: str = "") -> str:
    url = reverse("registry:send-back", args=[report.code])
    data = {"reason": reason or "Timbang lagi.", "fields": fields}
    return signed_in(cast.petugas).post(url, data).content.decode()


def test_it_works(cast: SimpleNamespace) -> None:
    """Ticked at the desk, opened by the link, put right, seen side by side, verified."""
    report = a_submission(cast, child_name="Nama Rahasia", weight_kg="28.20")
    page = sent_back(cast, report, "weight_kg", "birth_date")
    text = unquote(page.split("https://wa.me/?text=")[1].split('"')[0])
    token = text.split("/perbaikan/")[1].strip("/")
    expected = f"Laporan {report.receipt_text} perlu diperbaiki: tanggal lahir, berat. Buka: "
    assert text.startswith(expected) and "Rahasia" not in text and "Timbang" not in text
    form = Client().get(f"/perbaikan/{token}/").content.decode()
    assert 'name="weight_kg" value="28,2"' in form and 'name="age_months"' in form
    assert 'name="child_name"' not in form and "Nama Rahasia" in form
    sent = put(token, {"weight_kg": "8,2", "birth_date": str(report.birth_date)})
    assert sent["Location"] == f"/status/{report.receipt_text}/"
    report.refresh_from_db()
    assert (report.status, float(report.weight_kg)) == ("edited", 8.2)
    assert report.versions.get().answers["weight_kg"] == "28.2"
    desk = signed_in(cast.petugas_dua).get(reverse("registry:review", args=[report.code]))
    assert "<del>28,2 kg</del>" in desk.content.decode()
    assert "<strong>8,2 kg</strong>" in desk.content.decode()
    workflow.approve(cast.petugas_dua, report, Approval())


def test_a_page_opened_before_the_correction_verifies_nothing(cast: SimpleNamespace) -> None:
    """Nobody vouches for numbers that were not on the page."""
    report = a_submission(cast, weight_kg="28.20")
    desk, url = signed_in(cast.petugas_dua), reverse("registry:approve", args=[report.code])
    opened = desk.get(reverse("registry:review", args=[report.code])).content.decode()
    assert '<input type="hidden" name="seen" value="0">' in opened
    put(token_for(cast, report, "weight_kg"), {"weight_kg": "8,2"})
    answer = desk.post(url, {"child": "baru", "seen": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "diperbaiki kader setelah Anda membukanya" in page
    assert '<input type="hidden" name="seen" value="1">' in page and not Child.objects.exists()
    assert desk.post(url, {"child": "baru", "seen": "1"}).status_code == 302
    assert Child.objects.count() == 1


def test_each_answer_shown_has_its_tick(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    url = reverse("registry:review", args=[report.code])
    page = signed_in(cast.petugas).get(url).content.decode()
    for key in ("child_name", "birth_date", "weight_kg", "address", "document"):
        assert f'name="fields" value="{key}" form="kembalikan"' in page
    assert 'name="fields"' not in signed_in(cast.camat).get(url).content.decode()


def test_ticks_stay_when_the_sentence_is_missing(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    page = sent_back(cast, report, "weight_kg", reason=" ")
    assert 'value="weight_kg" form="kembalikan" checked' in page
    assert not CorrectionLink.objects.exists()


def test_other_fields_of_the_body_change_nothing(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    before = workflow.plain_answers(report)
    token = token_for(cast, report, "weight_kg")
    put(token, answers(child_name="Anak Lain", weight_kg="8,4", consent_giver="wali"))
    report.refresh_from_db()
    after = workflow.plain_answers(report)
    assert after == before | {"weight_kg": "8.4"}


def test_an_unknown_tick_opens_nothing_it_should_not(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    sent_back(cast, report, "weight_kg", "status", "reporter")
    assert report.corrections.get().fields == ["weight_kg"]


def test_without_a_tick_the_whole_form_opens(cast: SimpleNamespace) -> None:
    token = token_for(cast, a_submission(cast))
    form = Client().get(f"/perbaikan/{token}/").content.decode()
    assert 'name="child_name"' in form and 'name="weight_kg"' in form


def test_the_same_send_again_gets_the_same_receipt(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    token = token_for(cast, report, "weight_kg")
    body = {"weight_kg": "8,4", "client_id": "hp-1"}
    first, again = put(token, body), put(token, body)
    assert first["Location"] == again["Location"] == f"/status/{report.receipt_text}/"
    assert put(token, body, headers=JSON).json() == {
        "receipt": report.receipt_text, "client_id": "hp-1",
    }  # fmt: skip
    assert report.versions.count() == 1
    assert put(token, body | {"weight_kg": "8,5"}).status_code == 404
    assert Client().get(f"/perbaikan/{token}/").status_code == 404


def test_the_link_dies_after_its_time_and_after_the_decision(cast: SimpleNamespace) -> None:
    late, decided = a_submission(cast), a_submission(cast)
    tokens = [token_for(cast, report, "weight_kg") for report in (late, decided)]
    past = timezone.now() - timedelta(seconds=1)
    CorrectionLink.objects.filter(submission=late).update(expires_at=past)
    workflow.reject(cast.kasi, decided, "Bukan warga.")
    for token in tokens:
        assert Client().get(f"/perbaikan/{token}/").status_code == 404
        assert put(token, {"weight_kg": "8,4"}).status_code == 404


def test_a_fresh_link_opens_the_same_fields(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    token_for(cast, report, "weight_kg")
    token = workflow.renew_correction(cast.petugas, report)
    form = Client().get(f"/perbaikan/{token}/").content.decode()
    assert 'name="weight_kg"' in form and 'name="child_name"' not in form


@pytest.mark.parametrize("born", [date.today() + timedelta(days=3), date.today()])
def test_the_rules_of_the_whole_report_still_hold(cast: SimpleNamespace, born: date) -> None:
    """A birth date after the stored visit: told above the form, nothing stored."""
    on = date.today() - timedelta(days=2)
    report = a_submission(cast, measured_on=on)
    token = token_for(cast, report, "birth_date")
    asked = put(token, {"birth_date": str(born)})
    assert asked.status_code == 422
    report.refresh_from_db()
    assert report.status == "has_issues"


def test_a_ticked_photo_is_asked_for(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    token = token_for(cast, report, "document")
    assert "Ambil fotonya" in put(token, {}).content.decode()
    assert put(token, {"document": photo()}).status_code == 303
    report.refresh_from_db()
    assert (report.status, report.documents.count()) == ("edited", 1)


def test_what_was_confirmed_before_is_not_asked_again(cast: SimpleNamespace) -> None:
    """A heavy child whose weight the kader confirmed, sent back for its address."""
    report = a_submission(cast, weight_kg="25", confirmed=True)
    token = token_for(cast, report, "address")
    assert put(token, {"address": "Jalan Betul 3", "rt": "02", "rw": ""}).status_code == 303
    report.refresh_from_db()
    assert (report.address, report.rt, report.confirmed) == ("Jalan Betul 3", "02", True)


def test_the_implausible_is_asked_back_once(cast: SimpleNamespace) -> None:
    token = token_for(cast, a_submission(cast), "weight_kg")
    asked = put(token, {"weight_kg": "25"}, headers=JSON)
    assert asked.status_code == 422 and asked.json()["confirm"] == ["weight_kg"]
    assert put(token, {"weight_kg": "25", "confirmed": "1"}).status_code == 303
