"""A kader sends a report: form → receipt, once."""

import io
import json
import time
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Event
from regions import links
from registry import rate_limits
from registry.models import Child, Consent, Document, Submission
from tests.cast import answers, signed_in


def photo(size: tuple[int, int] = (40, 30), kind: str = "JPEG", name: str = "kk.jpg") -> Any:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def url(place: SimpleNamespace, link: str = "link_melati") -> str:
    return reverse("registry:report", args=[links.token_of(getattr(place, link))])


def send(place: SimpleNamespace, link: str = "link_melati", **changes: Any) -> HttpResponse:
    return Client().post(url(place, link), answers(**changes))


def send_json(place: SimpleNamespace, link: str = "link_melati", **changes: Any) -> HttpResponse:
    headers = {"accept": "application/json"}
    return Client().post(url(place, link), answers(**changes), headers=headers)


def test_it_works(cast: SimpleNamespace) -> None:
    response = send(cast, document=photo())
    report = Submission.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/status/{report.receipt_text}/"
    assert (report.status, report.programme, report.posyandu) == (
        "received",
        cast.programme,
        cast.melati,
    )
    assert float(report.weight_kg) == 8.2
    assert report.sign == 1  # z −2,34: rujuk minggu ini
    assert report.documents.count() == 1
    assert Consent.objects.get(submission=report).giver == "ibu"
    assert Event.objects.filter(verb="submit", object_code=report.code).count() == 1


def test_the_form_says_where_it_is_and_keeps_to_itself(cast: SimpleNamespace) -> None:
    page = Client().get(url(cast))
    assert "no-store" in page["Cache-Control"]
    html = page.content.decode()
    assert "Melati" in html and cast.desa.title in html
    assert 'name="desa"' not in html and 'name="posyandu"' not in html


def test_the_status_page_shows_state_and_dates_never_a_name(cast: SimpleNamespace) -> None:
    where = send(cast, child_name="Namanya Rahasia", mother_name="Ibunya Rahasia")["Location"]
    html = Client().get(where).content.decode()
    assert "Terkirim" in html and "Rahasia" not in html


def test_a_receipt_is_found_as_it_is_read_out(cast: SimpleNamespace) -> None:
    send(cast)
    receipt = Submission.objects.get().receipt_text
    spoken = receipt.lower().replace("-", " ").replace("0", "o")
    page = Client().get(reverse("registry:status-search"), {"kode": spoken})
    assert page["Location"] == f"/status/{receipt}/"
    assert Client().get("/status/0000-0000-00000/").status_code == 404


def test_json_gets_201_then_the_same_receipt(cast: SimpleNamespace) -> None:
    body = answers()
    headers = {"accept": "application/json"}
    first = Client().post(url(cast), body, headers=headers)
    again = Client().post(url(cast), body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["client_id"] == body["client_id"]
    assert Submission.objects.count() == 1


def test_a_new_photo_is_attached_to_the_first_report(cast: SimpleNamespace) -> None:
    body = answers()
    Client().post(url(cast), body)
    for _ in range(2):
        Client().post(url(cast), body | {"document": photo((50, 50))})
    assert Submission.objects.count() == 1
    assert Document.objects.count() == 1


def test_back_and_retype_makes_a_second_report(cast: SimpleNamespace) -> None:
    body = answers(child_name="Anak Satu")
    Client().post(url(cast), body)
    Client().post(url(cast), body | {"child_name": "Anak Dua"})
    first, second = Submission.objects.order_by("id")
    assert first.receipt != second.receipt
    assert (first.retyped, second.retyped) == (False, True)


@pytest.mark.parametrize("filled", ["", str(date.today())])
def test_a_repetition_on_the_next_day_is_the_same_report(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, filled: str
) -> None:
    body = answers(measured_on="", filled_on=filled)
    Client().post(url(cast), body)
    tomorrow = cast.programme.today() + timedelta(days=1)
    monkeypatch.setattr(type(cast.programme), "today", lambda self: tomorrow)
    Client().post(url(cast), body)
    assert Submission.objects.count() == 1
    Client().post(url(cast), body | {"measured_on": str(tomorrow - timedelta(days=9))})
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("typed", ["8,4", "8.4", " 8,40 "])
def test_a_comma_is_as_good_as_a_point(cast: SimpleNamespace, typed: str) -> None:
    send(cast, weight_kg=typed)
    assert float(Submission.objects.get().weight_kg) == 8.4


def test_an_age_in_months_becomes_an_approximate_birth_date(cast: SimpleNamespace) -> None:
    send(cast, birth_date="", age_months="18")
    report = Submission.objects.get()
    assert (report.birth_date, report.age_months) == (None, 18)


def test_three_boxes_are_a_date(cast: SimpleNamespace) -> None:
    body = answers()
    year, month, day = body.pop("birth_date").split("-")
    boxes = {"birth_date_0": day, "birth_date_1": month, "birth_date_2": year}
    assert Client().post(url(cast), body | boxes).status_code == 303
    assert Submission.objects.get().birth_date == date(int(year), int(month), int(day))


def test_the_programme_link_asks_for_the_place(cast: SimpleNamespace) -> None:
    refused = send_json(cast, "link")
    assert list(refused.json()["errors"]) == ["desa"]
    taken = send_json(cast, "link", desa=cast.desa.code, posyandu=cast.mawar.code)
    assert taken.status_code == 201
    assert Submission.objects.get().posyandu == cast.mawar


def test_another_posyandu_in_the_body_is_ignored(cast: SimpleNamespace) -> None:
    send(cast, posyandu=cast.kenanga.code, desa=cast.other_desa.code)
    assert Submission.objects.get().posyandu == cast.melati


def test_another_programmes_posyandu_is_not_on_the_list(cast: SimpleNamespace) -> None:
    response = send_json(cast, "link", desa=cast.desa.code, posyandu=cast.gasken.melati.code)
    assert "posyandu" in response.json()["errors"]


def test_extra_keys_change_nothing(cast: SimpleNamespace) -> None:
    """Mass assignment: every model field as an extra key (security.md case 24)."""
    fields = {f.name: "1" for f in Submission._meta.concrete_fields} | {
        "status": "approved", "programme": cast.gasken.programme.pk, "decided_by": cast.kasi.pk,
    }  # fmt: skip
    Client().post(url(cast), fields | answers())
    report = Submission.objects.get()
    assert (report.status, report.programme, report.decided_by) == (
        "received",
        cast.programme,
        None,
    )
    assert report.child is None and report.sign == 1


def test_a_signed_in_kader_is_known_as_the_reporter(cast: SimpleNamespace) -> None:
    signed_in(cast.kader).post(url(cast), answers())
    assert Submission.objects.get().reporter == cast.kader


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reporter_name": ""}, "reporter_name"),
        ({"child_name": " \u200b "}, "child_name"),
        ({"sex": "X"}, "sex"),
        ({"birth_date": "", "age_months": ""}, "birth_date"),
        ({"birth_date": str(date.today() + timedelta(days=2))}, "birth_date"),
        ({"birth_date": "2024-02-30"}, "birth_date"),
        ({"birth_date": "kemarin"}, "birth_date"),
        ({"birth_date": "", "age_months": "dua"}, "age_months"),
        ({"birth_date": "", "age_months": "١٨"}, "age_months"),
        ({"mother_name": "", "father_name": ""}, "mother_name"),
        ({"parent_job": ""}, "parent_job"),
        ({"address": ""}, "address"),
        ({"consent": ""}, "consent"),
        ({"consent_giver": "kader"}, "consent_giver"),
        ({"weight_kg": "8400"}, "weight_kg"),
        ({"weight_kg": "delapan"}, "weight_kg"),
        ({"weight_kg": "1e5"}, "weight_kg"),
        ({"weight_kg": "٨"}, "weight_kg"),
        ({"length_height_cm": "0,74"}, "length_height_cm"),
        ({"measured_on": str(date.today() + timedelta(days=2))}, "measured_on"),
        ({"measured_on": str(date.today() - timedelta(days=900))}, "measured_on"),
        ({"child_name": "a" * 121}, "child_name"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    cast: SimpleNamespace, changes: dict[str, str], field: str
) -> None:
    response = send_json(cast, **changes)
    assert response.status_code == 422
    assert field in response.json()["errors"]
    assert "confirm" not in response.json()
    assert Submission.objects.count() == 0


def test_what_was_typed_is_kept(cast: SimpleNamespace) -> None:
    response = send(cast, weight_kg="8400", child_name="Contoh Ketikan")
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="8400"' in html and 'value="Contoh Ketikan"' in html
    assert "8,4 kg" in html


def test_a_photo_that_came_with_a_mistake_is_asked_for_again(cast: SimpleNamespace) -> None:
    """A browser cannot keep a file in its box: without a word it would be lost."""
    asked = "Pilih fotonya sekali lagi"
    assert asked in send(cast, child_name="", document=photo()).content.decode()
    assert asked not in send(cast, child_name="").content.decode()


def test_the_implausible_is_asked_once_and_stored_flagged(cast: SimpleNamespace) -> None:
    """A 25 kg two-year-old."""
    body = {"birth_date": str(date.today() - timedelta(days=740)), "weight_kg": "25",
            "length_height_cm": "86", "measure": "h", "client_id": "uji-25kg"}  # fmt: skip
    asked = send_json(cast, **body)
    assert asked.status_code == 422 and asked.json()["confirm"] == ["weight_kg"]
    assert "centang kotak ini" in send(cast, **body).content.decode()
    assert Submission.objects.count() == 0
    assert send_json(cast, **body, confirmed="1").status_code == 201
    assert Submission.objects.get().confirmed


def test_unknown_and_revoked_tokens_are_the_same_404(cast: SimpleNamespace) -> None:
    known = url(cast)
    links.revoke(cast.link_melati)
    revoked, unknown = Client().get(known), Client().get("/l/0123456789abcdef/")
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.content == unknown.content
    assert Client().post(known, answers()).status_code == 404


def test_a_rotated_poster_still_works_while_the_overlap_lasts(cast: SimpleNamespace) -> None:
    old = url(cast)
    links.rotate(cast.link_melati)
    assert old != url(cast)
    assert Client().post(old, answers()).status_code == 303
    assert Client().post(url(cast), answers()).status_code == 303


def test_csrf_applies(cast: SimpleNamespace) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url(cast), answers()).status_code == 403
    token = strict.get(url(cast)).cookies["csrftoken"].value
    assert strict.post(url(cast), answers(csrfmiddlewaretoken=token)).status_code == 303


def test_too_many_reports_are_told_to_wait(
    cast: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30 a minute from one address; another address is still served (security.md case 1)."""
    settings.RATE_LIMITS = True
    now = time.time()  # no minute turns meanwhile, however busy the machine
    monkeypatch.setattr(rate_limits, "time", SimpleNamespace(time=lambda: now))
    assert [send(cast).status_code for _ in range(32)].count(303) == 30
    late = send_json(cast)
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0 and "Tunggu" in json.dumps(late.json())
    other = Client(REMOTE_ADDR="127.0.0.9").post(url(cast), answers())
    assert other.status_code == 303


def test_nobody_is_revealed(cast: SimpleNamespace) -> None:
    """The public answer for a child who exists equals that for one who does not."""
    send(cast, child_name="Sudah Ada", mother_name="Ibu Sudah")
    assert Child.objects.count() == 0
    known, other = (
        send_json(cast, child_name=name, client_id="") for name in ("Sudah Ada", "Belum Ada")
    )
    assert set(known.json()) == set(other.json()) == {"receipt", "client_id"}
