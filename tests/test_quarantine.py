"""What waited on a lost phone comes to the kantor once, then the phone keeps nothing."""

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import devices
from accounts.models import Device, Event
from regions import links
from registry import quarantine
from registry.models import Document, HeldReport, Measurement, PracticeReport, Submission
from tests.cast import a_child, answers, signed_in
from tests.test_enrol_phone import a_phone


def photo(colour: str = "red", raw: bytes = b"") -> SimpleUploadedFile:
    if not raw:
        file = io.BytesIO()
        Image.new("RGB", (60, 40), colour).save(file, "JPEG")
        raw = file.getvalue()
    return SimpleUploadedFile("foto.jpg", raw, "image/jpeg")


@pytest.fixture
def lost(cast: SimpleNamespace) -> tuple[Device, Client]:
    device, phone = a_phone(cast.kader, cast.petugas)
    devices.revoke(cast.petugas, device)
    return device, phone


def hand_over(phone: Client, url: str, fields: dict[str, Any], **more: Any) -> Any:
    data = {"client_id": "hp-1", "kind": "laporan", "url": url, "fields": json.dumps(fields)}
    return phone.post("/hp/titip/", data | more)


def form_of(cast: SimpleNamespace) -> str:
    return f"/l/{links.token_of(cast.link_melati)}/"


# --- It works -----------------------------------------------------------------------------------


def test_a_waiting_report_is_kept_for_staff_with_a_receipt(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    device, phone = lost
    came = hand_over(phone, form_of(cast), answers(child_name="Anak Contoh Titipan"))
    assert came.status_code == 201 and came.json()["client_id"] == "hp-1"
    held = HeldReport.objects.in_scope(cast.petugas).get()
    assert held.why == "lost_phone" and held.device == device and held.posyandu == cast.melati
    assert held.receipt_text == came.json()["receipt"]
    assert held.answers["child_name"] == "Anak Contoh Titipan"
    assert not Submission.objects.exists(), "staff look first"
    assert Event.objects.filter(verb="quarantine_reports", object_code=device.code).count() == 1
    page = Client().get(f"/status/{came.json()['receipt']}/")
    assert page.status_code == 200


def test_the_same_item_again_gets_the_same_receipt(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    fields = answers()
    first, again = (hand_over(lost[1], form_of(cast), fields) for _ in range(2))
    assert again.status_code == 200 and first.json() == again.json()
    assert HeldReport.objects.count() == 1


def test_its_photos_come_along(cast: SimpleNamespace, lost: tuple[Device, Client]) -> None:
    photos = [photo("red"), photo("blue")]
    came = hand_over(lost[1], form_of(cast), answers(), document=photos)
    assert came.status_code == 201
    assert Document.objects.filter(submission=None).count() == 2


def test_a_bad_photo_does_not_hold_the_report_back(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    bad = photo(raw=b"bukan gambar")
    assert hand_over(lost[1], form_of(cast), answers(), document=bad).status_code == 201
    assert HeldReport.objects.count() == 1 and not Document.objects.exists()


def test_a_report_that_had_arrived_keeps_its_first_receipt(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    """Sent by the phone, stored, only the answer was lost: not a second time for staff."""
    fields = answers(client_id="hp-1")
    sent = Client().post(form_of(cast), fields, headers={"accept": "application/json"})
    assert sent.status_code == 201
    again = hand_over(lost[1], form_of(cast), fields)
    assert again.status_code == 200 and again.json()["receipt"] == sent.json()["receipt"]
    assert not HeldReport.objects.exists()
    other = hand_over(lost[1], form_of(cast), fields | {"child_name": "Anak Lain Contoh"})
    assert other.status_code == 201 and HeldReport.objects.count() == 1, "other words are kept"


def test_photos_left_over_go_to_their_report(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    fields = answers(client_id="hp-1")
    sent = Client().post(form_of(cast), fields, headers={"accept": "application/json"}).json()
    came = hand_over(lost[1], form_of(cast), {}, receipt=sent["receipt"], document=photo())
    assert came.json()["receipt"] == sent["receipt"]
    assert Submission.objects.get().documents.count() == 1


def test_an_entry_of_the_posyandu_day_says_whose_it_is(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    child = a_child(cast, name="Anak Contoh Timbang")
    url = reverse("registry:posyandu-child", args=[cast.melati.code, "2026-11-20", child.code])
    came = hand_over(lost[1], url, {"weight_kg": "8,4"}, kind="ukur")
    assert came.status_code == 201
    held = HeldReport.objects.get()
    assert held.answers["child_name"] == child.name and held.answers["weight_kg"] == "8,4"
    assert held.answers["measured_on"] == "2026-11-20" and held.posyandu == cast.melati
    assert not Measurement.objects.exists(), "nothing is written by a lost phone"


def test_what_nobody_knows_is_kept_all_the_same(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    for n, url in enumerate(["", "/l/poster-lama-sekali/", "https://x.test/", "/tidak/ada/"]):
        came = hand_over(lost[1], url, {"kata": f"isi {n}", "sex": ["P", "L"]}, client_id=f"hp{n}")
        assert came.status_code == 201
    assert HeldReport.objects.filter(programme=cast.programme).count() == 4


def test_practice_stays_practice(cast: SimpleNamespace, lost: tuple[Device, Client]) -> None:
    link = links.make_practice(cast.programme)
    came = hand_over(lost[1], f"/l/{links.token_of(link)}/", answers())
    assert came.status_code == 201
    assert PracticeReport.objects.count() == 1 and not HeldReport.objects.exists()


def test_then_the_phone_is_empty_and_the_superior_reads_it(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    device, phone = lost
    done = phone.post("/hp/titip/", {"wiped": "1"})
    assert done.json() == {"state": "wiped"}
    assert done["Clear-Site-Data"] == '"cache", "storage"'
    assert done.cookies["hp"].value == "", "the phone is nobody's any more"
    device.refresh_from_db()
    assert device.wiped_at is not None
    html = signed_in(cast.petugas).get(f"/hp/kader/{cast.kader.code}/").content.decode()
    assert "dikosongkan" in html and "WIB" in html
    again = Client()
    again.cookies["hp"] = lost[1].cookies["hp"].value or "x"
    assert again.get("/masuk/").status_code == 200, "the ordinary sign-in page"
    assert Event.objects.filter(verb="wipe_phone").count() == 1


# --- Who may not --------------------------------------------------------------------------------


def test_a_bound_phone_sends_as_usual(cast: SimpleNamespace) -> None:
    _, phone = a_phone(cast.kader, cast.petugas)
    assert hand_over(phone, form_of(cast), answers()).status_code == 409
    assert phone.post("/hp/titip/", {"wiped": "1"}).status_code == 409
    assert not HeldReport.objects.exists()


def test_nobody_else_hands_anything_over(cast: SimpleNamespace) -> None:
    for browser in (Client(), signed_in(cast.petugas), signed_in(cast.kader)):
        assert hand_over(browser, form_of(cast), answers()).status_code == 404
    assert not HeldReport.objects.exists()


def test_it_needs_the_token_of_our_own_page(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["hp"] = lost[1].cookies["hp"].value
    assert hand_over(strict, form_of(cast), answers()).status_code == 403
    token = strict.get("/hp/keadaan/").json()["csrf"]
    more = {"csrfmiddlewaretoken": token}
    assert hand_over(strict, form_of(cast), answers(), **more).status_code == 201


def test_a_poster_of_another_programme_opens_nothing_there(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    url = f"/l/{links.token_of(cast.gasken.link_melati)}/"
    assert hand_over(lost[1], url, answers()).status_code == 201
    held = HeldReport.objects.get()
    assert held.programme == cast.programme and held.link is None


def test_a_child_of_another_programme_is_not_named(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    child = a_child(cast.gasken)
    url = reverse(
        "registry:posyandu-child", args=[cast.gasken.melati.code, "2026-11-20", child.code]
    )
    hand_over(lost[1], url, {"weight_kg": "8,4"}, kind="ukur")
    assert "child_name" not in HeldReport.objects.get().answers


def test_photos_of_what_staff_put_away_are_no_second_report(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    """Also months later, when the text is gone and nothing can be compared with it."""
    came = hand_over(lost[1], form_of(cast), answers())
    kept = HeldReport.objects.get()
    HeldReport.objects.update(settled_at=timezone.now(), answers={})
    more = {"receipt": came.json()["receipt"], "document": photo()}
    again = hand_over(lost[1], form_of(cast), {}, **more)
    assert again.json()["receipt"] == kept.receipt_text
    assert (HeldReport.objects.count(), Document.objects.count()) == (1, 0)


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more", [{"client_id": ""}, {"client_id": "x" * 65}, {"fields": "bukan json"}, {"fields": "[]"}]
)
def test_what_is_no_item_is_refused_in_words(
    more: dict[str, str], cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    data = {"client_id": "hp-1", "url": form_of(cast), "fields": json.dumps(answers())}
    came = lost[1].post("/hp/titip/", data | more)
    assert came.status_code == 422 and came.json()["errors"]
    assert not HeldReport.objects.exists()


def test_letters_no_database_keeps_do_no_harm(
    cast: SimpleNamespace, lost: tuple[Device, Client]
) -> None:
    fields = answers(child_name="Anak \ud800 Contoh\0")
    assert hand_over(lost[1], form_of(cast), fields).status_code == 201


def test_a_finder_cannot_fill_the_list_for_ever(
    cast: SimpleNamespace, lost: tuple[Device, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "MOST", 2)
    codes = [
        hand_over(lost[1], form_of(cast), answers(), client_id=f"hp{n}").status_code
        for n in range(3)
    ]
    assert codes == [201, 201, 409]
