"""Children are proposed for the audit of stunting cases: who, why, and what the team must know."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from interventions import workflow
from registry.alerts.answers import answer
from tests.cast import a_child, a_household, a_mother, signed_in
from tests.files import body, cover, of_calamine, of_openpyxl
from tests.helps import a_pmt, a_visit, a_work, days_ago

URL = "/anak/usulan-aks.xlsx"


def proposed(user: Any, query: str = "") -> list[dict[str, Any]]:
    return of_openpyxl(body(signed_in(user).get(URL + query)), "Usulan AKS")


def failed(place: SimpleNamespace, name: str, after: str = "-2.60") -> Any:
    """A child whose PMT ended ten days ago, measured before and after it."""
    child = a_child(place, 20, name=name)
    a_visit(child, 60, haz="-2.70", doubted=[])
    episode = a_pmt(place, child=child, begun=50)
    workflow.stop(place.tim, episode, "Menolak", days_ago(place, 10))
    a_visit(child, 5, haz=after, doubted=[])
    return child


def test_it_works(cast: SimpleNamespace) -> None:
    home = a_household(cast, water="tidak_layak", latrine="terbuka")
    short = a_child(cast, 20, name="Sangat Pendek", birth_weight_g=2400, birth_order=3,
                    mother=a_mother(cast, household=home))  # fmt: skip
    for ago, haz in ((70, "-2.90"), (40, "-3.00"), (10, "-3.20")):
        a_visit(short, ago, haz=haz, doubted=[])
    answer(cast.bidan, short, "dirujuk", cast.programme.today())
    a_work(cast, household=home, begun=3)
    a_visit(a_child(cast, 20, name="Gizi Buruk"), whz="-3.10", alert="merah", doubted=[])
    a_visit(a_child(cast, 20, name="Bengkak"), oedema=True, alert="merah", doubted=[])
    a_visit(a_child(cast, 20, name="Pendek saja"), haz="-2.40", doubted=[])
    a_visit(a_child(cast, 20, name="Janggal"), haz="-8.00", haz_flag=True, doubted=[])
    failed(cast, "Belum Pulih")
    failed(cast, "Sudah Pulih", after="-1.90")
    found = {row["Nama anak"]: row for row in proposed(cast.petugas)}
    assert set(found) == {"Sangat Pendek", "Gizi Buruk", "Bengkak", "Belum Pulih"}
    assert found["Sangat Pendek"]["Alasan diusulkan"] == "Sangat pendek (TB/U −3,20 SD)"
    assert found["Gizi Buruk"]["Alasan diusulkan"] == "Gizi buruk (BB/TB −3,10 SD)"
    assert found["Bengkak"]["Alasan diusulkan"] == "Gizi buruk (edema)"
    assert "belum pulih (TB/U −2,70 menjadi −2,60)" in found["Belum Pulih"]["Alasan diusulkan"]
    row = found["Sangat Pendek"]
    assert [row[f"Z TB/U ({n})"] for n in (1, 2, 3)] == [-3.2, -3, -2.9]
    assert [row[f"Status TB/U ({n})"] for n in (1, 2, 3)] == ["Sangat pendek", "Pendek", "Pendek"]
    assert (row["Air minum"], row["Jamban"]) == ("Tidak layak", "BABS terbuka")
    assert (row["Berat lahir (gram)"], row["Anak ke"]) == (2400, 3)
    assert "Berjalan" in row["Bantuan diterima"] and "Dirujuk" in row["Tindak lanjut"]
    assert "PMT" in found["Belum Pulih"]["Bantuan diterima"]


def test_it_is_made_of_the_list_it_was_started_from(cast: SimpleNamespace) -> None:
    for name, there in (("Sini", {}), ("Sana", {"desa": cast.other_desa,
                                               "posyandu": cast.kenanga})):  # fmt: skip
        a_visit(a_child(cast, 20, name=name, **there), haz="-3.50", doubted=[])
    assert [row["Nama anak"] for row in proposed(cast.tim)] == ["Sana", "Sini"]
    here = proposed(cast.tim, f"?desa={cast.other_desa.code}")
    assert (
        [row["Nama anak"] for row in here]
        == ["Sana"]
        == [row["Nama anak"] for row in proposed(cast.bidan_lain)]
    )
    assert proposed(cast.gasken.tim) == []


def test_it_says_what_it_is_and_is_one_event(cast: SimpleNamespace) -> None:
    child = a_child(cast, 20, nik="3302204101240001")
    a_visit(child, haz="-3.50", doubted=[])
    content = body(signed_in(cast.camat).get(URL))
    said = cover(content)
    assert said["Isi"] == "Usulan audit kasus stunting dari daftar balita"
    assert said["Jumlah baris"] == 1 and "Tim audit yang memutuskan" in said["Catatan"]
    [row] = of_calamine(content, "Usulan AKS")
    assert row["NIK (disamarkan)"] == "3302********0001" and Decimal(str(row["Z TB/U (1)"])) < -3
    event = Event.objects.get(verb="propose_audit")
    assert (event.user, event.why) == (cast.camat, "xlsx n=1")


def test_the_button_stands_under_the_list(cast: SimpleNamespace) -> None:
    a_child(cast)
    assert URL in signed_in(cast.petugas).get("/anak/").content.decode()
    assert URL not in signed_in(cast.kader).get("/anak/").content.decode()


@pytest.mark.parametrize("who", ["kader", "mitra", "kabupaten", "admin"])
def test_others_may_not(cast: SimpleNamespace, who: str) -> None:
    assert signed_in(getattr(cast, who)).get(URL).status_code == 403


def test_it_costs_the_same_for_one_and_for_twenty(cast: SimpleNamespace) -> None:
    counts: list[int] = []
    for _ in range(2):
        for number in range(1 if not counts else 19):
            failed(cast, f"Anak {number}")
        with CaptureQueriesContext(connection) as asked:
            proposed(cast.petugas)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
