"""What cannot stand as a report yet is held with a receipt, mended by staff, or dropped."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from accounts.transitions import Refused
from regions import links
from regions.models import ReportLink
from registry import guards, held, workflow
from registry.forms.report import ReportForm
from registry.models import Document, HeldReport, Submission
from registry.people import Approval
from tests.cast import answers, signed_in
from tests.test_submit import photo, url

JSON = {"accept": "application/json"}


def older(**changes: Any) -> dict[str, Any]:
    """An outbox item of form version N−1."""
    return answers(form_version=guards.FORM_VERSION - 1, **changes)


def old_form(**changes: Any) -> dict[str, Any]:
    """One that had no box for the parents' job."""
    return {name: text for name, text in older(**changes).items() if name != "parent_job"}


def yesterday(cast: SimpleNamespace) -> str:
    return str(cast.programme.today() - timedelta(days=1))


def send(cast: SimpleNamespace, body: dict[str, Any], address: str = "") -> Any:
    return Client().post(address or url(cast), body, headers=JSON)


def page_of(report: HeldReport) -> str:
    return reverse("registry:held-report", args=[report.code])


def test_it_works(cast: SimpleNamespace) -> None:
    """An old form: received, completed at the desk, verified by a colleague."""
    answer = send(cast, old_form(child_name="Anak Lama"))
    report = HeldReport.objects.get()
    assert answer.status_code == 201 and answer.json()["receipt"] == report.receipt_text
    assert (report.why, report.posyandu, Submission.objects.count()) == (
        "old_form", cast.melati, 0,
    )  # fmt: skip
    assert Client().get(f"/status/{report.receipt_text}/").status_code == 200
    desk = signed_in(cast.petugas)
    shown = desk.get(page_of(report)).content.decode()
    assert 'value="Anak Lama"' in shown and "Isi pekerjaan orang tua" in shown
    saved = desk.post(page_of(report), answers(child_name="Anak Lama"))
    made = Submission.objects.get()
    assert saved["Location"] == reverse("registry:review", args=[made.code])
    assert (made.receipt, made.status, made.received_at) == (
        report.receipt, "received", report.received_at,
    )  # fmt: skip
    with pytest.raises(Refused):
        workflow.approve(cast.petugas, made, Approval())
    workflow.approve(cast.petugas_dua, made, Approval())


def test_the_same_again_gets_the_same_receipt(cast: SimpleNamespace) -> None:
    body = old_form()
    first, again = send(cast, body), send(cast, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    report = HeldReport.objects.get()
    signed_in(cast.petugas).post(page_of(report), answers())
    late = send(cast, body)
    assert late.json()["receipt"] == first.json()["receipt"]
    assert (HeldReport.objects.count(), Submission.objects.count()) == (1, 1)


def test_an_old_form_that_still_fits_is_an_ordinary_report(cast: SimpleNamespace) -> None:
    assert send(cast, answers(form_version=1)).status_code == 201
    assert (HeldReport.objects.count(), Submission.objects.get().form_version) == (0, "1")


# What a later form asks and an earlier one did not: a browser never sends an open radio or tick.
NEVER_ASKED = ["sex", "consent_giver", "consent", "parent_job", "birth_date", "mother_name"]


@pytest.mark.parametrize("box", NEVER_ASKED)
def test_an_older_form_without_a_box_is_held(cast: SimpleNamespace, box: str) -> None:
    body = {name: text for name, text in older().items() if name != box}
    first, again = send(cast, body), send(cast, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert HeldReport.objects.get().receipt_text == again.json()["receipt"]
    now = send(cast, body | {"form_version": guards.FORM_VERSION})
    assert now.status_code == 422 and box in now.json()["errors"]


@pytest.mark.parametrize(
    "changes", [{"weight_kg": "delapan"}, {"weight_kg": "8400"}, {"child_name": ""}, {"sex": "X"}]
)
def test_whatever_else_the_rules_refuse_in_an_older_form_is_held(
    cast: SimpleNamespace, changes: dict[str, str]
) -> None:
    """A rule may be newer than the form, and true numbers cannot be mended."""
    assert send(cast, older(**changes)).status_code == 201
    assert HeldReport.objects.get().answers.items() >= changes.items()
    assert send(cast, answers(**changes)).status_code == 422


def test_numbers_in_doubt_are_asked_back_once_whatever_the_form(cast: SimpleNamespace) -> None:
    doubted = older(weight_kg="5")
    asked = send(cast, doubted)
    assert asked.status_code == 422 and asked.json()["confirm"] == ["weight_kg"]
    assert send(cast, doubted | {"confirmed": "1"}).status_code == 201
    assert (HeldReport.objects.count(), Submission.objects.count()) == (0, 1)


def test_an_unreadable_photo_of_an_older_form_is_asked_for_again(cast: SimpleNamespace) -> None:
    """It could not be kept: a receipt would say that it was."""
    body = old_form() | {"document": SimpleUploadedFile("kk.jpg", b"bukan foto")}
    assert "document" in send(cast, body).json()["errors"]
    assert not HeldReport.objects.exists()


def test_whoever_asks_more_raises_the_version_of_the_form(cast: SimpleNamespace) -> None:
    """Changed this list? Raise FORM_VERSION, or reports that wait on phones are refused."""
    form = ReportForm(link=cast.link)
    needed = {name for name, field in form.fields.items() if field.required}
    assert (guards.FORM_VERSION, needed) == (
        4,
        {"reporter_name", "desa", "child_name", "sex", "parent_job", "address", "consent_giver",
         "consent"},
    )  # fmt: skip


def test_a_present_form_is_never_held(cast: SimpleNamespace) -> None:
    for version in ("", guards.FORM_VERSION, guards.FORM_VERSION + 1, "dua", "١"):
        assert send(cast, old_form() | {"form_version": version}).status_code == 422
    assert not HeldReport.objects.exists()


def test_a_choice_that_is_gone_is_held(cast: SimpleNamespace) -> None:
    body = answers(form_version=guards.FORM_VERSION - 1, consent_giver="kakek")
    assert send(cast, body).status_code == 201
    assert HeldReport.objects.get().answers["consent_giver"] == "kakek"


# --- Without the parents' consent --------------------------------------------------------------


def test_without_consent_it_is_kept_and_says_what_is_missing(cast: SimpleNamespace) -> None:
    """Nothing is lost, and nothing stands as a report before the parents were asked."""
    body = {name: text for name, text in older().items() if not name.startswith("consent")}
    receipt = send(cast, body).json()["receipt"]
    report = HeldReport.objects.get()
    desk, told = signed_in(cast.petugas), "Persetujuan orang tua belum ada"
    for page in (page_of(report), reverse("registry:held-reports")):
        assert told in desk.get(page).content.decode()
    assert "persetujuan orang tua belum ada" in Client().get(f"/status/{receipt}/").content.decode()
    refused = desk.post(page_of(report), body)
    assert refused.status_code == 422 and not Submission.objects.exists()
    assert desk.post(page_of(report), answers()).status_code == 302
    given = Submission.objects.get().consents.get()
    assert (given.method, given.recorded_by, given.giver) == ("lisan", cast.petugas, "ibu")


def test_a_consent_that_came_with_it_stays_the_kaders(cast: SimpleNamespace) -> None:
    send(cast, old_form())
    report, desk = HeldReport.objects.get(), signed_in(cast.petugas)
    assert "Persetujuan orang tua belum ada" not in desk.get(page_of(report)).content.decode()
    desk.post(page_of(report), answers())
    given = Submission.objects.get().consents.get()
    assert (given.method, given.recorded_by) == ("centang", None)


# --- A poster that was revoked -----------------------------------------------------------------


def test_a_report_begun_before_the_poster_was_revoked_is_held(cast: SimpleNamespace) -> None:
    address, stamp = url(cast), guards.page({})["stamp"]
    links.revoke(cast.link_melati)
    body = answers(stamp=stamp)
    assert send(cast, body, address).status_code == 201
    assert send(cast, body, address).status_code == 200
    assert send(cast, answers(filled_on=yesterday(cast)), address).status_code == 201
    assert {r.why for r in HeldReport.objects.all()} == {"revoked_link"}
    assert Client().get(address).status_code == 404


def test_begun_after_or_by_an_unknown_token_is_the_same_404(cast: SimpleNamespace) -> None:
    address = url(cast)
    links.revoke(cast.link_melati)
    body = answers(filled_on=yesterday(cast))
    after = answers(stamp=guards.page({})["stamp"], filled_on=yesterday(cast))
    ReportLink.objects.filter(pk=cast.link_melati.pk).update(
        revoked_at=timezone.now() - timedelta(days=2)
    )
    unknown = send(cast, body, "/l/0123456789abcdef/")
    late = send(cast, after, address)  # its page was made after the end, whatever it claims
    assert (unknown.status_code, late.status_code) == (404, 404)
    assert unknown.content == late.content
    ReportLink.objects.filter(pk=cast.link_melati.pk).update(
        revoked_at=timezone.now() - timedelta(days=31)
    )
    assert send(cast, answers(filled_on="2020-01-01"), address).status_code == 404
    assert not HeldReport.objects.exists()


def test_a_rotated_token_past_its_overlap_is_held(cast: SimpleNamespace) -> None:
    address = url(cast)
    links.rotate(cast.link_melati)
    ReportLink.objects.filter(pk=cast.link_melati.pk).update(
        overlap_until=timezone.now() - timedelta(hours=1)
    )
    assert send(cast, answers(filled_on=yesterday(cast)), address).status_code == 201
    assert send(cast, answers(), url(cast)).status_code == 201
    assert (HeldReport.objects.count(), Submission.objects.count()) == (1, 1)


def test_a_report_stored_before_the_end_answers_with_its_receipt(cast: SimpleNamespace) -> None:
    """The acknowledgement was lost, then the poster was revoked."""
    address, body = url(cast), answers(stamp=guards.page({})["stamp"])
    first = send(cast, body)
    links.revoke(cast.link_melati)
    again = send(cast, body, address)
    assert again.status_code == 200 and again.json() == first.json()
    assert not HeldReport.objects.exists()


def test_whatever_was_typed_is_kept(cast: SimpleNamespace) -> None:
    """On a dead poster nothing can be asked back; a box of before is shown to staff."""
    address = url(cast)
    links.revoke(cast.link_melati)
    body = answers(filled_on=yesterday(cast), weight_kg="delapan", suku="Jawa")
    assert send(cast, body, address).status_code == 201
    report = HeldReport.objects.get()
    assert report.answers["weight_kg"] == "delapan"
    page = signed_in(cast.petugas).get(page_of(report)).content.decode()
    assert 'value="delapan"' in page and "Jawa" in page


def test_a_photo_comes_along(cast: SimpleNamespace) -> None:
    address = url(cast)
    links.revoke(cast.link_melati)
    body = answers(filled_on=yesterday(cast))
    for _ in range(2):
        Client().post(address, body | {"document": photo()}, headers=JSON)
    report = HeldReport.objects.get()
    assert held.papers_of(report).count() == 1
    assert "/dokumen/" in signed_in(cast.petugas).get(page_of(report)).content.decode()
    signed_in(cast.petugas).post(page_of(report), answers())
    assert Submission.objects.get().documents.count() == 1


# --- At the desk -------------------------------------------------------------------------------


def a_held(cast: SimpleNamespace, **changes: Any) -> HeldReport:
    body = answers(**changes)
    return held.hold(
        cast.programme, "old_form", body, client_id=body["client_id"], link=cast.link_melati
    )[0]


def test_the_list_shows_why_and_no_name(cast: SimpleNamespace) -> None:
    report = a_held(cast, child_name="Nama Rahasia")
    desk = signed_in(cast.petugas)
    page = desk.get(reverse("registry:held-reports")).content.decode()
    assert report.receipt_text in page and "versi formulir lama" in page and "Rahasia" not in page
    assert "Laporan tertahan (1)" in desk.get(reverse("registry:queue")).content.decode()
    assert "Laporan tertahan" in desk.get("/").content.decode()


def test_dropping_needs_a_reason_and_keeps_it(cast: SimpleNamespace) -> None:
    report = a_held(cast)
    desk, url_ = signed_in(cast.petugas), reverse("registry:drop-held", args=[report.code])
    assert desk.post(url_, {"reason": " "}).status_code == 422
    assert desk.post(url_, {"reason": "Bukan anak di sini."}).status_code == 302
    report.refresh_from_db()
    assert (report.reason, report.settled_by) == ("Bukan anak di sini.", cast.petugas)
    assert Event.objects.filter(verb="drop_held", object_code=report.code).count() == 1
    assert not HeldReport.objects.in_scope(cast.petugas).open().exists()
    assert "Bukan anak di sini." in desk.get(page_of(report)).content.decode()


def test_dropping_takes_its_photo_away(cast: SimpleNamespace) -> None:
    address = url(cast)
    links.revoke(cast.link_melati)
    Client().post(address, answers(filled_on=yesterday(cast), document=photo()))
    held.drop(cast.petugas, HeldReport.objects.get(), "Bukan anak di sini.")
    assert Document.objects.get().forgotten_at


def test_the_second_person_is_told(cast: SimpleNamespace) -> None:
    report = a_held(cast)
    first, second = HeldReport.objects.get(), HeldReport.objects.get()
    held.drop(cast.petugas, first, "Ganda.")
    with pytest.raises(Refused):
        held.settle(cast.kasi, second, {})
    told = signed_in(cast.kasi).post(page_of(report), answers())
    assert told.status_code == 409 and "petugas lain" in told.content.decode()
    assert not Submission.objects.exists()


def test_the_other_programme_sees_nothing(cast: SimpleNamespace) -> None:
    report = a_held(cast)
    assert signed_in(cast.gasken.petugas).get(page_of(report)).status_code == 404
    page = signed_in(cast.gasken.petugas).get(reverse("registry:held-reports")).content.decode()
    assert report.receipt_text not in page
