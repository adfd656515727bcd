"""A list is taken home as XLSX or CSV: exactly its rows, real dates and numbers, no formula."""

import io
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import openpyxl
import pytest
from django.db.utils import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from accounts.log_words import why_of
from accounts.models import Event
from registry import visits
from registry.exports.cells import plain, safe
from registry.exports.eppgbm import LAYOUT, SOURCES
from registry.identity import index_of
from registry.models import Child, Household, Mother
from tests import files
from tests.cast import a_child, a_household, a_mother, a_pregnancy, signed_in
from tests.files import body, cover, of_calamine, of_csv, of_openpyxl
from tests.helps import a_check, a_visit
from tests.pages import walk

NIK = "3302204101240001"
HOSTILE = ("=1+1", "==1+1", "+62 812", "-lima", "@siti", "＝cmd", "'=1", "''", "'Aisyah",
           "=HYPERLINK(\"http://x\")", "Siti \"Kecil\", Contoh", "Ibu; Contoh")  # fmt: skip
LISTS = {
    "/anak/": ("/anak/unduh", "Anak", "Nama anak"),
    "/ibu/": ("/ibu/unduh", "Ibu", "Nama ibu"),
    "/keluarga/": ("/keluarga/unduh", "Keluarga", "Kepala keluarga"),
    "/prioritas/": ("/prioritas/unduh", "Prioritas", "Nama"),
}


OF = {"/ibu/": (Mother, "name"), "/keluarga/": (Household, "head_name")}


def a_village(place: SimpleNamespace) -> None:
    """Children of every alert and none, of two desa; pregnant and nursing women."""
    for number in range(30):
        there = {"desa": place.other_desa, "posyandu": place.kenanga} if number % 3 else {}
        child = a_child(place, 6 + number % 30, name=f"Anak {number:02}", **there)
        child.nik, child.nik_index = f"{int(NIK) + number}", index_of(f"{int(NIK) + number}")
        child.save()
        if number % 5:
            level = ("merah", "oranye", "kuning", "biru", "hijau")[number % 5]
            a_visit(child, 10 + 31 * (number % 2), haz=f"-{number % 4}.20", alert=level,
                    lila_cm=Decimal("13.5"), oedema=number == 7, doubted=[])  # fmt: skip
    for number in range(5):
        pregnancy = a_pregnancy(place, 10 + 6 * number)
        a_check(pregnancy, 5, lila_cm=Decimal("22"), hb=Decimal("9.5"))


def shown(client: Any, url: str) -> list[str]:
    """The names on all pages of a list, in their order."""
    names = []
    for page in walk(client, url):
        for row in page.context["rows"]:
            names.append(row["name"] if isinstance(row, dict) else row.name)
    return names


# --- It works ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", LISTS)
def test_it_works(cast: SimpleNamespace, page: str) -> None:
    a_village(cast)
    address, sheet, name = LISTS[page]
    client = signed_in(cast.petugas)
    wanted = shown(client, page)
    as_csv, as_xlsx = (client.get(f"{address}.{kind}") for kind in ("csv", "xlsx"))
    content = body(as_xlsx)
    assert len(wanted) > 4
    for rows in (of_csv(body(as_csv)), of_openpyxl(content, sheet), of_calamine(content, sheet)):
        assert [row[name] for row in rows] == wanted
    assert cover(content)["Jumlah baris"] == len(wanted)
    for answer in (as_csv, as_xlsx):
        assert answer["Cache-Control"] == "no-store"
        assert "attachment" in answer["Content-Disposition"]
        assert "Anak 0" not in answer["Content-Disposition"]


FILTERS = (
    "/anak/?kelompok=semua", "/anak/?kelompok=baduta", "/anak/?gizi=stunting", "/anak/?gizi=severe",
    "/anak/?gizi=belum", "/anak/?gizi=diukur", "/anak/?gizi=tidak_ditimbang", "/anak/?gizi=wasting",
    "/anak/?tanda=merah", "/anak/?tanda=kuning", "/anak/?desa={desa}", "/anak/?q=anak 1",
    "/anak/?bulan={month}", "/anak/?bulan={month}&tanda=oranye", "/anak/?desa=x&gizi=y&bulan=z",
    "/ibu/?kelompok=semua", "/ibu/?kelompok=menyusui", "/ibu/?tanda=kek", "/ibu/?tanda=anemia",
    "/keluarga/?risiko=berisiko", "/keluarga/?risiko=belum", "/keluarga/?q=anak 1",
    "/prioritas/?siapa=ibu", "/prioritas/?siapa=anak&sebab=oranye", "/prioritas/?jawaban=belum",
)  # fmt: skip


def test_a_file_has_exactly_the_rows_of_its_list(cast: SimpleNamespace) -> None:
    """Whatever is filtered by, for everybody who may: the same people in the same order."""
    a_village(cast)
    month = f"{cast.programme.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    for user in (cast.petugas, cast.bidan, cast.nakes):
        client = signed_in(user)
        for page in FILTERS:
            url = page.format(desa=cast.other_desa.code, month=month)
            path, _, query = url.partition("?")
            address, _, name = LISTS[path]
            rows = of_csv(body(client.get(f"{address}.csv?{query}")))
            assert [row[name] for row in rows] == shown(client, url), (user, url)


def test_it_comes_back_as_the_database_has_it(cast: SimpleNamespace) -> None:
    child = a_child(cast, 20, name="Bintang Contoh", birth_length_cm=Decimal("48.5"),
                    birth_weight_g=2950)  # fmt: skip
    numbers = {"measured_on": cast.programme.today(), "weight_kg": Decimal("8.25"),
               "length_height_cm": Decimal("74.5"), "measure": "l",
               "lila_cm": Decimal("13.4")}  # fmt: skip
    visit = visits.add_measurement(None, child, numbers)
    content = body(signed_in(cast.bidan).get("/anak/unduh.xlsx"))
    for [row] in (of_openpyxl(content, "Anak"), of_calamine(content, "Anak")):
        assert (row["Nama anak"], row["Nama ibu"]) == (child.name, child.mother.name)
        assert row["Tanggal lahir"] == child.birth_date and row["Tanggal ukur"] == visit.measured_on
        for heading, value in (
            ("Berat (kg)", visit.weight_kg), ("Panjang/tinggi (cm)", visit.length_height_cm),
            ("LiLA (cm)", visit.lila_cm), ("Z TB/U", visit.haz), ("Z BB/U", visit.waz),
            ("Z BB/TB", visit.whz), ("Panjang lahir (cm)", child.birth_length_cm),
            ("Berat lahir (gram)", Decimal(2950)), ("Umur (bulan)", Decimal(child.months(
                cast.programme.today()))),
        ):  # fmt: skip
            assert Decimal(str(row[heading])) == value, heading
        assert row["Cara ukur"] == "Terlentang" and row["Status TB/U"] == "Pendek"
    [row] = of_csv(body(signed_in(cast.bidan).get("/anak/unduh.csv")))
    assert date.fromisoformat(row["Tanggal lahir"]) == child.birth_date
    assert Decimal(row["Z TB/U"]) == visit.haz and Decimal(row["Berat (kg)"]) == visit.weight_kg


def test_what_is_not_known_is_never_called_normal(cast: SimpleNamespace) -> None:
    cases: dict[str, dict[str, Any]] = {
        "Tanpa cara ukur": {"measure": "", "haz": "-1.00"},
        "Janggal": {"haz": "-8.00", "haz_flag": True},
        "Diragukan": {"haz": "-1.00", "haz_flag": True, "doubted": ["length_height_cm"]},
        "Bengkak": {"haz": "-1.00", "oedema": True},
    }
    for name, values in cases.items():
        a_visit(a_child(cast, 20, name=name), **{"doubted": [], **values})
    a_child(cast, 20, name="Belum")
    rows = of_csv(body(signed_in(cast.bidan).get("/anak/unduh.csv")))
    said = {row["Nama anak"]: (row["Status TB/U"], row["Status BB/TB"]) for row in rows}
    assert said["Tanpa cara ukur"] == ("Belum pasti (cara ukur)",) * 2
    assert said["Janggal"][0] == "Ukur ulang (di luar batas wajar)"
    assert said["Diragukan"][0] == "Ukur ulang (angka diragukan)"
    assert said["Bengkak"] == ("Normal", "Gizi buruk (edema)") and said["Belum"] == ("", "")


# --- What a spreadsheet must not do ------------------------------------------------------------


@given(st.text(max_size=40))
def test_a_text_comes_back_whatever_it_was(text: str) -> None:
    assert plain(safe(text)) == text
    assert safe(text)[:1] not in {*"=+-@\t\r\n＝＋－＠"} - {""} or not text


@pytest.mark.parametrize("page", LISTS)
def test_no_name_becomes_a_formula_and_every_name_comes_back(
    cast: SimpleNamespace, page: str
) -> None:
    for name in HOSTILE:
        home = a_household(cast, head_name=name)
        mother, other = (a_mother(cast, name=name, household=home) for _ in range(2))
        a_child(cast, name=name, mother=mother)
        a_pregnancy(cast, mother=other)
    address, sheet, heading = LISTS[page]
    client = signed_in(cast.petugas)
    of, column = OF.get(page, (Child, "name"))
    raw, content = body(client.get(f"{address}.csv")), body(client.get(f"{address}.xlsx"))
    for rows in (of_csv(raw), of_openpyxl(content, sheet), of_calamine(content, sheet)):
        assert {row[heading] for row in rows} == set(HOSTILE) & set(
            of.objects.values_list(column, flat=True)
        ), "the reader takes the mark off again"
    cells = [cell for row in raw.decode("utf-8-sig").splitlines() for cell in row.split(",")]
    assert not [cell for cell in cells if cell.strip('"')[:1] in {"=", "@", "＝"}]


def test_no_nik_stands_in_any_file(cast: SimpleNamespace) -> None:
    a_village(cast)
    for home in Household.objects.all():
        home.kk = NIK
        home.save()
    client = signed_in(cast.petugas)
    for address in (
        "/anak/unduh.csv",
        "/ibu/unduh.csv",
        "/keluarga/unduh.csv",
        "/prioritas/unduh.csv",
    ):
        assert NIK[4:12] not in body(client.get(address)).decode()
    for sheet in ("Data Dasar", "Pemantauan"):
        rows = of_openpyxl(body(client.get("/anak/eppgbm.xlsx")), sheet)
        assert {row["NIK Anak"][4:12] for row in rows} == {"*" * 8}


# --- What the file says of itself --------------------------------------------------------------


def test_the_first_sheet_says_what_it_is(cast: SimpleNamespace) -> None:
    a_village(cast)
    url = f"/anak/unduh.xlsx?desa={cast.other_desa.code}&gizi=diukur&q=Anak"
    said = cover(body(signed_in(cast.petugas).get(url)))
    assert said["Isi"] == "Daftar balita"
    assert said["Saringan: Desa/kelurahan"] == cast.other_desa.title
    assert said["Saringan: Status gizi"] == "Sudah diukur"
    assert said["Saringan: Nama yang dicari"] == "Anak"
    assert "KEMPLING" in said["Program"] and str(cast.petugas) in said["Diunduh oleh"]
    assert said["Waktu unduh"].endswith("WIB") and "bukan diagnosis" in said["Penapisan"]
    assert said["Jumlah baris"] > 1 and "disamarkan" in said["NIK dan KK"]


def test_the_sheet_is_ready_to_work_in(cast: SimpleNamespace) -> None:
    a_village(cast)
    book = openpyxl.load_workbook(io.BytesIO(body(signed_in(cast.tim).get("/anak/unduh.xlsx"))))
    sheet = book["Anak"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row)) and sheet.max_row == 31
    assert sheet.column_dimensions["B"].width > 20 and sheet.print_title_rows == "$1:$1"


def test_taking_a_list_home_is_one_event(cast: SimpleNamespace) -> None:
    a_village(cast)
    client = signed_in(cast.petugas)
    for kind in ("csv", "xlsx"):
        count = len(of_csv(body(client.get("/anak/unduh.csv?tanda=oranye"))))
        before = Event.objects.count()
        body(client.get(f"/anak/unduh.{kind}?tanda=oranye"))
        event = Event.objects.latest("pk")
        assert Event.objects.count() == before + 1
        assert (event.verb, event.fields) == ("export_children", ["tanda"])
        assert event.why == f"{kind} n={count}" and event.grant.role == "petugas"
    assert why_of("xlsx n=12") == "xlsx, 12 baris"


# --- The columns of e-PPGBM ---------------------------------------------------------------------


def test_the_columns_of_eppgbm(cast: SimpleNamespace) -> None:
    child = a_child(cast, 20, name="Bintang", birth_weight_g=3150, birth_order=2)
    a_visit(child, haz="-3.10", waz="-2.50", whz="1.50", measure="h", doubted=[])
    a_child(cast, 20, name="Belum diukur")
    content = body(signed_in(cast.nakes).get("/anak/eppgbm.xlsx"))
    basic, watched = (of_openpyxl(content, sheet["title"]) for sheet in LAYOUT["sheet"])
    assert [row["Nama Anak"] for row in basic] == ["Belum diukur", "Bintang"][::-1]
    assert (basic[0]["Berat Lahir (kg)"], basic[0]["Anak Ke"]) == (3.15, 2)
    [row] = watched
    assert (row["Status BB/U"], row["Status TB/U"], row["Status BB/TB"]) == (
        "Kurang", "Sangat Pendek", "Risiko Gizi Lebih",
    )  # fmt: skip
    assert row["Cara Ukur"] == "Berdiri" and files.is_day(row["Tanggal Penimbangan"])
    assert cover(content)["Jumlah baris"] == 2


def test_every_column_of_the_layout_is_filled_from_somewhere() -> None:
    words = [column["from"] for sheet in LAYOUT["sheet"] for column in sheet["columns"]]
    assert set(words) == set(SOURCES)


# --- The posyandu day --------------------------------------------------------------------------


def test_the_list_of_a_posyandu_day(cast: SimpleNamespace) -> None:
    today = cast.programme.today()
    came = a_child(cast, 20, name="Datang")
    visits.add_measurement(None, came, {"measured_on": today, "weight_kg": Decimal("9.1")})
    a_child(cast, 20, name="Tunggu")
    url = f"/hari-posyandu/{cast.melati.code}/{today}/daftar"
    client = signed_in(cast.bidan)
    rows = of_csv(body(client.get(f"{url}.csv")))
    assert [(row["Nama anak"], row["Keadaan"]) for row in rows] == [
        ("Datang", "Sudah diukur"), ("Tunggu", "Belum diukur"),
    ]  # fmt: skip
    assert cover(body(client.get(f"{url}.xlsx")))["Jumlah baris"] == 2


# --- Who may not, and what breaks --------------------------------------------------------------


@pytest.mark.parametrize("who", ["kader", "mitra", "kabupaten", "admin"])
def test_others_take_nothing_home(cast: SimpleNamespace, who: str) -> None:
    client = signed_in(getattr(cast, who))
    for address, _, _ in LISTS.values():
        assert client.get(f"{address}.csv").status_code == 403
    assert client.get("/anak/eppgbm.xlsx").status_code == 403


def test_nobody_takes_home_more_than_the_own_area(cast: SimpleNamespace) -> None:
    a_child(cast, name="Di sini")
    a_child(cast, name="Desa lain", desa=cast.other_desa, posyandu=cast.kenanga)
    a_child(cast.gasken, name="Program lain")
    rows = of_csv(body(signed_in(cast.bidan).get("/anak/unduh.csv?kelompok=semua")))
    assert [row["Nama anak"] for row in rows] == ["Di sini"]
    there = f"/hari-posyandu/{cast.kenanga.code}/{cast.programme.today()}/daftar.csv"
    assert signed_in(cast.bidan).get(there).status_code == 404


def test_an_error_on_the_way_sends_no_half_file(cast: SimpleNamespace) -> None:
    a_child(cast)
    client, broken = signed_in(cast.bidan), OperationalError("gone")
    with mock.patch("registry.exports.children.completed_months", side_effect=broken):
        with pytest.raises(OperationalError):
            client.get("/anak/unduh.xlsx")
        answer = client.get("/anak/unduh.csv")
        with pytest.raises(OperationalError):
            body(answer)
    assert not Event.objects.filter(verb="export_children", why__startswith="xlsx").exists()


def test_an_empty_list_is_a_file_too(cast: SimpleNamespace) -> None:
    content = body(signed_in(cast.camat).get("/anak/unduh.xlsx"))
    assert of_openpyxl(content, "Anak") == [] and cover(content)["Jumlah baris"] == 0


def test_the_button_stands_under_the_list_for_who_may(cast: SimpleNamespace) -> None:
    a_child(cast)
    link = "/anak/unduh.xlsx?gizi=belum"
    assert link in signed_in(cast.petugas).get("/anak/?gizi=belum").content.decode()
    assert "/anak/unduh" not in signed_in(cast.kader).get("/anak/").content.decode()


LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(not LIBREOFFICE, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_saves_the_same(cast: SimpleNamespace, tmp_path: Path) -> None:
    a_village(cast)
    for name in HOSTILE:
        a_child(cast, name=name)
    content = body(signed_in(cast.petugas).get("/anak/unduh.xlsx"))
    saved = files.through_libreoffice(content, tmp_path, LIBREOFFICE or "")
    assert of_openpyxl(saved, "Anak") == of_openpyxl(content, "Anak")
