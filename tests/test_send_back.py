"""A report is sent back with a reason, put right by its private link, and verified."""

from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import workflow
from registry.models import CorrectionLink, Submission
from tests.cast import a_submission, answers, signed_in


def send_back(cast: SimpleNamespace, report: Submission, reason: str = "Foto KK buram.") -> str:
    """The page after sending back; the private address stands on it once."""
    url = reverse("registry:send-back", args=[report.code])
    return signed_in(cast.petugas).post(url, {"reason": reason}).content.decode()


def test_it_works(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    page = send_back(cast, report)
    token = page.split("/perbaikan/")[1].split("/")[0]
    assert "wa.me" in page and report.child_name not in page.split("wa.me")[1].split('"')[0]
    form = Client().get(f"/perbaikan/{token}/").content.decode()
    assert "Foto KK buram." in form and f'value="{report.child_name}"' in form
    sent = Client().post(f"/perbaikan/{token}/", answers(child_name="Nama Betul"))
    report.refresh_from_db()
    assert sent["Location"] == f"/status/{report.receipt_text}/"
    assert (report.status, report.child_name) == ("edited", "Nama Betul")
    assert report.versions.get().answers["child_name"].startswith("Anak Contoh")
    assert report in Submission.objects.in_scope(cast.petugas).waiting()


def test_the_form_is_filled_as_the_kader_wrote_it(cast: SimpleNamespace) -> None:
    """Numbers with a comma, and the consent that came with the report still ticked."""
    report = a_submission(cast, weight_kg="8.40", length_height_cm="74.50")
    token = workflow.send_back(cast.petugas, report, "Salah.")
    form = Client().get(f"/perbaikan/{token}/").content.decode()
    assert 'value="8,4"' in form and 'value="74,5"' in form
    box = form.split('name="consent"')[1].split(">")[0]
    assert "checked" in box


def test_the_link_is_dead_after_use_after_expiry_and_after_a_decision(
    cast: SimpleNamespace,
) -> None:
    used, late, decided = (a_submission(cast) for _ in range(3))
    tokens = [workflow.send_back(cast.petugas, r, "Salah.") for r in (used, late, decided)]
    Client().post(f"/perbaikan/{tokens[0]}/", answers())
    expired = timezone.now() - timedelta(seconds=1)
    CorrectionLink.objects.filter(submission=late).update(expires_at=expired)
    workflow.reject(cast.petugas, decided, "Bukan warga.")
    for token in (*tokens, "tidak-ada"):
        assert Client().get(f"/perbaikan/{token}/").status_code == 404
        assert Client().post(f"/perbaikan/{token}/", answers()).status_code == 404


def test_a_fresh_link_kills_the_old_one(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    old = workflow.send_back(cast.petugas, report, "Salah.")
    url = reverse("registry:renew-correction", args=[report.code])
    page = signed_in(cast.petugas).post(url).content.decode()
    fresh = page.split("/perbaikan/")[1].split("/")[0]
    assert Client().get(f"/perbaikan/{old}/").status_code == 404
    assert Client().get(f"/perbaikan/{fresh}/").status_code == 200


def test_a_reason_is_asked_for(cast: SimpleNamespace) -> None:
    report = a_submission(cast)
    page = send_back(cast, report, reason="  ")
    assert "Tulis alasannya dahulu" in page
    report.refresh_from_db()
    assert report.status == "received"


def test_the_kader_with_an_account_reads_the_reason(cast: SimpleNamespace) -> None:
    report = a_submission(cast, reporter=cast.kader)
    send_back(cast, report, "Tanggal lahir tidak cocok.")
    page = signed_in(cast.kader).get(reverse("registry:my-reports")).content.decode()
    assert "Tanggal lahir tidak cocok." in page and "Perlu perbaikan" in page
    other = signed_in(cast.kader_mawar).get(reverse("registry:my-reports")).content.decode()
    assert report.receipt_text not in other
