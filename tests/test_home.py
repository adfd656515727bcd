"""The home page answers "apa yang harus saya kerjakan sekarang?", each role its own way."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import workflow
from accounts.models import Grant
from kempling import desk
from regions import links
from registry import visits
from registry.models import Submission
from tests.cast import a_child, a_pregnancy, a_submission, person, signed_in

QUESTION = "Apa yang harus saya kerjakan sekarang?"


def home(user: Any) -> Any:
    return signed_in(user).get("/")


def figures(user: Any) -> dict[str, str]:
    return {f["label"]: f["value"] for f in home(user).context["figures"]}


# --- It works -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role",
    ["kader", "bidan", "nakes", "petugas", "tim", "kasi", "sekcam", "camat", "mitra", "admin",
     "kabupaten"],
)  # fmt: skip
def test_every_role_is_greeted_and_asked(role: str, cast: SimpleNamespace) -> None:
    user = getattr(cast, role)
    html = home(user).content.decode()
    assert QUESTION in html and user.full_name in html and user.title in html


def test_a_deputy_reads_the_deputys_title(cast: SimpleNamespace) -> None:
    Grant.objects.filter(user=cast.camat).update(acting="Plt")
    assert home(cast.camat).context["role_label"] == "Plt. Camat"


def test_a_verifier_sees_what_waits(cast: SimpleNamespace) -> None:
    a_submission(cast, sign=0)
    a_submission(cast, sign=3)
    a_submission(cast, status=Submission.Status.APPROVED)
    page = home(cast.petugas)
    first = page.context["todo"][0]
    assert first["count"] == 2 and first["tone"] == "merah"
    assert f'href="{first["url"]}"' in page.content.decode()


def test_an_idle_desk_says_so(cast: SimpleNamespace) -> None:
    assert "Tidak ada yang menunggu Anda sekarang." in home(cast.admin).content.decode()


def test_the_most_pressing_stands_first(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def app(*tones: str) -> Any:
        items = [{"title": t, "text": "", "url": "/", "count": 1, "tone": t} for t in tones]
        return SimpleNamespace(todo=lambda user: items)

    monkeypatch.setattr(desk, "APPS", (app("biru", "kuning"), app("merah", ""), app("oranye")))
    tones = [item["tone"] for item in desk.waiting_for(cast.camat)]
    assert tones == ["merah", "oranye", "kuning", "biru", ""]


def test_an_admin_is_reminded_of_unopened_invitations(cast: SimpleNamespace) -> None:
    assert home(cast.admin).context["todo"] == []
    workflow.invite(cast.admin, "tim", cast.programme, "Orang Contoh")
    workflow.invite(cast.gasken.admin, "tim", cast.gasken.programme, "Orang Contoh")
    assert [item["count"] for item in home(cast.admin).context["todo"]] == [1]


def test_the_office_sees_its_numbers_with_the_list_behind(cast: SimpleNamespace) -> None:
    a_child(cast)
    a_child(cast, months=70)
    a_child(cast, left_on=cast.programme.today())
    a_pregnancy(cast)
    a_submission(cast)
    assert figures(cast.camat) == {
        "Balita terdaftar": "1", "Ibu hamil": "1", "Laporan menunggu": "1",
    }  # fmt: skip
    urls = [f["url"] for f in home(cast.camat).context["figures"]]
    assert urls[2] == reverse("registry:queue")


def test_a_kader_finds_her_form_and_her_reports(cast: SimpleNamespace) -> None:
    mine = a_submission(cast, reporter=cast.kader)
    other = a_submission(cast, reporter=cast.kader_mawar)
    page = home(cast.kader)
    html = page.content.decode()
    [(posyandu, form)] = page.context["kader"]["forms"]
    assert posyandu == cast.melati
    assert form == f"/l/{links.token_of(cast.link_melati)}/"
    assert Client().get(form).status_code == 200
    assert mine.child_name in html and mine.receipt_text in html
    assert other.receipt_text not in html


def test_what_waits_stands_before_a_kaders_old_reports(cast: SimpleNamespace) -> None:
    swollen = {"measured_on": cast.programme.today(), "weight_kg": Decimal(9), "oedema": True}
    visits.add_measurement(None, a_child(cast, 20), swollen)
    text = home(cast.kader).content.decode()
    marks = ("Buka hari posyandu hari ini", 'aria-label="Yang menunggu', "Laporan saya</h2>")
    day, waits, reports = (text.index(mark) for mark in marks)
    assert day < waits < reports


def test_without_a_link_of_its_own_a_posyandu_uses_the_programmes(cast: SimpleNamespace) -> None:
    links.revoke(cast.link_melati)
    [(_, form)] = home(cast.kader).context["kader"]["forms"]
    assert form == f"/l/{links.token_of(cast.link)}/"
    links.revoke(cast.link)
    page = home(cast.kader)
    assert page.context["kader"]["forms"][0][1] == ""
    assert "sedang ditutup" in page.content.decode(), "a revoked link is not made anew by looking"


def test_a_kabupaten_sees_totals_under_its_prefix(cast: SimpleNamespace) -> None:
    child = a_child(cast)
    a_submission(cast, status=Submission.Status.APPROVED)
    a_submission(cast)
    page = home(cast.kabupaten)
    [row] = page.context["kabupaten"]
    assert (row.programme, row.children, row.verified, row.waiting) == (cast.programme, 1, 1, 1)
    assert child.name not in page.content.decode()
    province = person("kabupaten", None, region_prefix="33", username="provinsi.contoh")
    nowhere = person("kabupaten", None, region_prefix="33.0", username="kab.salah")
    assert len(home(province).context["kabupaten"]) == 1
    assert home(nowhere).context["kabupaten"] == [], "a prefix ends where a code part ends"


# --- Who may not --------------------------------------------------------------------------------


def test_numbers_are_those_of_the_own_area(cast: SimpleNamespace) -> None:
    a_child(cast)
    a_child(cast, posyandu=cast.mawar)
    a_child(cast, desa=cast.other_desa, posyandu=cast.kenanga)
    a_child(cast.gasken)
    assert figures(cast.camat)["Balita terdaftar"] == "3"
    assert figures(cast.bidan)["Balita terdaftar"] == "2"
    assert figures(cast.kader)["Balita terdaftar"] == "1"
    assert figures(cast.gasken.camat)["Balita terdaftar"] == "1"
    assert figures(cast.mitra) == figures(cast.admin) == {}


def test_the_menu_holds_what_the_role_may_open(cast: SimpleNamespace) -> None:
    def labels(user: Any) -> set[str]:
        return {item["label"] for item in home(user).context["menu"]}

    assert "Akun" in labels(cast.admin) and "Anak" not in labels(cast.admin)
    assert {"Laporan masuk", "Anak", "SOP", "Jejak"} <= labels(cast.camat)
    assert "Akun" not in labels(cast.camat)
    assert labels(cast.kabupaten) == {"Beranda"}
    assert "Laporan saya" in labels(cast.kader) and "Bantuan saya" in labels(cast.mitra)


def test_somebody_without_a_role_sees_an_empty_desk(cast: SimpleNamespace) -> None:
    Grant.objects.filter(user=cast.tim).delete()
    page = home(cast.tim)
    assert page.status_code == 200 and page.context["todo"] == []
    assert [item["label"] for item in page.context["menu"]] == ["Beranda"]


def test_the_number_of_queries_does_not_grow(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        a_child(cast)
        a_submission(cast, reporter=cast.kader)
    for user in (cast.camat, cast.petugas, cast.kader, cast.kabupaten):
        client = signed_in(user)
        client.get("/")
        with django_assert_max_num_queries(40):
            client.get("/")
