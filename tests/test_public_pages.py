"""What anyone may read: both programmes, how to report, the privacy notice; numbers, no names."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from kempling.public import contact_rows
from kempling.totals import blurred
from regions.models import Programme
from registry.models import Consent, Submission
from tests.cast import a_child, a_submission, signed_in

PUBLIC = ("/", "/program/kempling/", "/program/gasken/", "/privasi/", "/masuk/")


@pytest.fixture
def cast(cast: Any) -> Any:
    """The standing cast with the other programme already there."""
    assert cast.gasken.programme.is_active
    return cast


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode()


# --- It works -----------------------------------------------------------------------------------


def test_a_stranger_finds_both_programmes_and_the_ways_on(cast: SimpleNamespace) -> None:
    html = page("/")
    for words in ("KEMPLING", "GASKEN", "Masuk", "Cek laporan", "Periksa keaslian dokumen"):
        assert words in html
    for path in ("/program/kempling/", "/program/gasken/", "/masuk/", "/status/", "/cek/"):
        assert f'href="{path}"' in html
        assert Client().get(path).status_code == 200, path


def test_a_programmes_page_says_what_who_and_how(cast: SimpleNamespace) -> None:
    html = page("/program/kempling/")
    for words in (
        "Kembaran Peduli Stunting", "Ibu hamil", "Warga Kecamatan Kembaran", "Gratis",
        "1 hari, sesuai pelaksanaan kegiatan", "Kelas pengasuhan anak", "Peralatan posyandu",
        "Pindai kode QR", "Tim Penggerak PKK Kecamatan Kembaran", "011/INOVASI/2022",
        "https://wa.me/6285161725300", "tel:+622816843446",
        "mailto:pelayanankecamatankembaran1@gmail.com",
        "https://www.instagram.com/kecamatankembaran/",
    ):  # fmt: skip
        assert words in html, words
    assert "s.id/gaskensungailiat" in page("/program/gasken/")


def test_the_brand_is_the_programmes(cast: SimpleNamespace) -> None:
    assert "/merek/gasken.css" in page("/program/gasken/")
    assert "/merek/gasken.css" in signed_in(cast.camat).get("/program/gasken/").content.decode()


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "kurang dari 5"), (4, "kurang dari 5"), (5, "5"), (1234, "1.234")],
)
def test_a_small_number_is_not_told(count: int, words: str) -> None:
    assert blurred(count) == words


def test_the_numbers_are_counted_for_this_programme_alone(cast: SimpleNamespace) -> None:
    for _ in range(6):
        a_child(cast)
        a_submission(cast, status=Submission.Status.APPROVED)
        a_submission(cast)
    context = Client().get("/program/kempling/").context
    assert (context["children"], context["verified"]) == ("6", "6")
    context = Client().get("/program/gasken/").context
    assert (context["children"], context["verified"]) == ("kurang dari 5", "kurang dari 5")


def test_the_privacy_notice_is_the_one_consent_refers_to(cast: SimpleNamespace) -> None:
    html = page("/privasi/")
    assert Consent.TEXT_VERSION in html
    for words in ("Untuk apa", "Apa yang dicatat", "Berapa lama", "Hak Anda", "3 × 24 jam"):
        assert words in html
    assert len(html) < 6000, "one screen"


def test_an_office_that_gave_no_number_shows_no_empty_row() -> None:
    assert contact_rows(Programme(contacts={"phone": "", "email": "a@b.id"})) == [
        {"label": "E-mail", "value": "a@b.id", "url": "mailto:a@b.id"}
    ]


# --- Who may not --------------------------------------------------------------------------------


def test_no_name_stands_on_a_public_page(cast: SimpleNamespace) -> None:
    child, report = a_child(cast), a_submission(cast)
    for path in PUBLIC:
        html = page(path)
        assert child.name not in html and report.child_name not in html
        assert child.mother.name not in html and report.receipt_text not in html


# --- What is refused ----------------------------------------------------------------------------


def test_an_unknown_or_closed_programme_is_not_there(cast: SimpleNamespace) -> None:
    Programme.objects.filter(code="gasken").update(is_active=False)
    for code in ("tidak-ada", "gasken"):
        assert Client().get(f"/program/{code}/").status_code == 404
    assert "GASKEN" not in page("/")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"whatsapp": "javascript:alert(1)"}, "https://wa.me/1"),
        ({"email": "a@b.id?cc=x@y.id"}, ""),
        ({"instagram": "@a/../b"}, ""),
        ({"address": "javascript:alert(1)"}, ""),
    ],
)
def test_a_contact_becomes_a_link_of_its_own_kind_or_none(given: dict[str, str], url: str) -> None:
    assert contact_rows(Programme(contacts=given))[0]["url"] == url


def test_public_pages_may_be_found_and_run_no_script(cast: SimpleNamespace) -> None:
    for path in PUBLIC:
        response = Client().get(path)
        html = response.content.decode()
        # The sign-in alone carries one small file: it forgets the list a kader left on the phone.
        own = html.count('<script src="/static/js/keluar') if path == "/masuk/" else 0
        assert "noindex" not in html and "style=" not in html
        assert html.count("<script") == own
        assert "script-src 'unsafe" not in response["Content-Security-Policy"]


def test_a_page_that_is_not_there_says_so_in_words(cast: SimpleNamespace) -> None:
    response = Client().get("/program/tidak-ada/")
    assert "Halaman tidak ditemukan" in response.content.decode()
    refused = signed_in(cast.kader).get("/orang/")
    assert refused.status_code == 403 and "bukan untuk peran Anda" in refused.content.decode()


def test_a_form_kept_too_long_is_sent_back_with_words(cast: SimpleNamespace) -> None:
    response = Client(enforce_csrf_checks=True).post("/masuk/", {"login": "a", "password": "b"})
    assert response.status_code == 403 and "Muat ulang" in response.content.decode()
