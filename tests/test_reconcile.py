"""Bandingkan dengan e-PPGBM: who is missing where, what differs, which class is another and why."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from accounts.transitions import Refused
from growth.differ import Measured, why
from registry import visits
from registry.imports import workflow
from registry.imports.pages import PER_PAGE
from registry.models import Child, Import, ImportRow, Measurement
from registry.names import name_key
from registry.reconcile.pages import ReconciledPage
from tests import import_files
from tests.cast import a_child, a_mother, signed_in
from tests.handed_in import HEADER, analyse, carried, content, handed_in, row

NIK = "3302200503240001"
DAY = date(2026, 6, 9)
BORN = date(2025, 11, 10)

# --- Why two classes differ ----------------------------------------------------------------------

# As fact 6 of domain.md §10: a boy of 63.5 cm and 211 days is −2,56 SD by day, −1,94 by month.
BOY = Measured("L", date(2026, 1, 1), date(2026, 7, 31), Decimal("7.0"), Decimal("63.5"), "l")
ON_THE_LINE = replace(BOY, length_cm=Decimal("64.72"))  # −2,00: normal, by a hair
# 23 months: 0.7 cm decides.
TALL = Measured("P", date(2024, 7, 20), date(2026, 6, 20), Decimal("9.8"), Decimal("79.0"), "h")


@pytest.mark.parametrize(
    ("index", "here", "there", "code", "z", "causes"),
    [
        ("tb_u", BOY, BOY, "pendek", -2.56, ()),
        ("tb_u", BOY, BOY, "normal", -1.94, ("bulan",)),
        ("tb_u", BOY, BOY, "normal", None, ("bulan",)),
        ("tb_u", BOY, replace(BOY, length_cm=Decimal("65.5")), "normal", None, ("tinggi",)),
        ("bb_u", BOY, replace(BOY, weight_kg=Decimal("6.0")), "bb_kurang", None, ("berat",)),
        ("tb_u", BOY, replace(BOY, on=date(2026, 7, 1)), "normal", None, ("tanggal_ukur",)),
        ("tb_u", BOY, replace(BOY, born=date(2026, 2, 1)), "normal", None, ("tanggal_lahir",)),
        ("tb_u", TALL, replace(TALL, measure="l"), "pendek", None, ("cara_ukur",)),
        ("tb_u", TALL, TALL, "pendek", None, ("tanpa_koreksi",)),
        ("tb_u", ON_THE_LINE, ON_THE_LINE, "pendek", -2.0, ("batas",)),
        ("tb_u", BOY, BOY, "tinggi", None, ("tidak_cocok",)),
        ("tb_u", BOY, BOY, "normal", 0.4, ("tidak_cocok",)),
        ("bb_u", BOY, replace(BOY, length_cm=None, weight_kg=None), "bb_kurang", None,
         ("tidak_cocok",)),
    ],
)  # fmt: skip
def test_the_cause_is_named(
    index: str, here: Measured, there: Measured, code: str, z: float | None,
    causes: tuple[str, ...],
) -> None:  # fmt: skip
    assert why(index, here, there, code, z) == causes


def test_two_numbers_together_are_both_named() -> None:
    """Neither the taller child nor the earlier day alone makes it normal."""
    other = replace(BOY, length_cm=Decimal("64.1"), on=date(2026, 7, 15))
    assert why("tb_u", BOY, other, "normal") == ("tinggi", "tanggal_ukur")


# --- A list beside the registry ------------------------------------------------------------------

TOLD = ("BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB")


def compared(place: SimpleNamespace, *rows: dict[str, Any]) -> Import:
    source = handed_in(place, content(rows, (*HEADER, *TOLD)), purpose=Import.Purpose.COMPARE)
    return analyse(place, source)


def known(place: SimpleNamespace, name: str, **visit: Any) -> Child:
    """A boy of 211 days on 9 June 2026, measured that day: TB/U −2,56 by day."""
    mother = a_mother(place, desa=place.desa, posyandu=None, name="Ibu Contoh")
    child = a_child(place, mother=mother, name=name, name_key=name_key(name), sex="L",
                    birth_date=BORN)  # fmt: skip
    numbers = {"measured_on": DAY, "weight_kg": Decimal("7.0"), "measure": "l",
               "length_height_cm": Decimal("63.5")}  # fmt: skip
    if visit.get("measured_on", DAY):
        visits.add_measurement(None, child, numbers | visit)
    return child


def told(place: SimpleNamespace, name: str, **changes: Any) -> dict[str, Any]:
    """The same boy as the list has him, with the same numbers."""
    values = {"Nama": name, "JK": "L", "Tgl Lahir": str(BORN), "Nama Ibu": "Ibu Contoh",
              "Desa/Kel": place.desa.name, "Tanggal Pengukuran": str(DAY), "Berat": "7,0",
              "Tinggi": "63,5", "Cara Ukur": "Terlentang"}  # fmt: skip
    return row() | values | changes


def kinds(source: Import) -> dict[int, str]:
    return dict(source.rows.values_list("number", "outcome"))


def page(place: SimpleNamespace, source: Import, query: str = "") -> str:
    url = reverse("registry:reconciled", kwargs={"code": source.code})
    answer = signed_in(place.petugas).get(url + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def beside(cast: SimpleNamespace) -> Import:
    """One row of each kind, and one child whom the list does not hold."""
    for name in ("Sama Contoh", "Berat Contoh", "Bulan Contoh", "Hilang Contoh"):
        known(cast, name)
    known(cast, "Kosong Contoh", measured_on=None)
    known(cast, "Geser Contoh", measured_on=date(2026, 6, 2))
    return compared(
        cast,
        told(cast, "Sama Contoh", **{"TB/U": "Pendek", "ZS TB/U": "-2,56"}),
        told(cast, "Berat Contoh", Berat="7,4", **{"Cara Ukur": "Berdiri"}),
        told(cast, "Bulan Contoh", **{"TB/U": "Normal", "ZS TB/U": "-1,94"}),
        told(cast, "Zulkarnain Purwadi", **{"Nama Ibu": "Sulastri", "NIK": NIK}),
        told(cast, "Kosong Contoh"),
        told(cast, "Geser Contoh"),
        told(cast, "Sama Contoh", Berat="7000"),
        told(cast, "Rusak Contoh", **{"Tgl Lahir": "kapan-kapan"}),
    )


def test_it_works(cast: SimpleNamespace, beside: Import) -> None:
    assert kinds(beside) == {2: "sama", 3: "angka", 4: "kelas", 5: "sana", 6: "angka", 7: "angka",
                             8: "orang", 9: "ditolak", 10: "sini"}  # fmt: skip
    first = page(cast, beside)
    assert "1 dari 8 baris" in first and "1 dari 6 balita" in first
    assert f"desa/kelurahan {cast.desa.name}" in first and "9 Juni 2026" in first
    assert "umur dalam bulan penuh" in first and "Pendek (−2,56 SD)" in first
    other = page(cast, beside, "?hasil=angka")
    assert "<b>7,4 kg</b>" in other and "<b>7,0 kg</b>" in other and "<b>berdiri</b>" in other
    assert "<b>2 Juni 2026</b>" in other and "tidak ada pengukuran pada bulan itu" in other
    assert "Yang lain: berat, cara ukur." in other and "Sama Contoh" not in other
    assert "Hilang Contoh" in page(cast, beside, "?hasil=sini")
    there = page(cast, beside, "?hasil=sana")
    assert "Zulkarnain Purwadi" in there and NIK not in there
    assert "Apakah maksudnya 7" in page(cast, beside, "?hasil=orang")


def test_nothing_is_written(cast: SimpleNamespace, beside: Import) -> None:
    before = Child.objects.count(), Measurement.objects.count()
    with pytest.raises(Refused, match="hanya dibandingkan"):
        workflow.begin_write(cast.petugas, beside, "400/1")
    with pytest.raises(Refused, match="hanya dibandingkan"):
        workflow.decide(cast.petugas, beside, {8: "baru"})
    desk = signed_in(cast.petugas)
    url = reverse("registry:write-import", kwargs={"code": beside.code})
    answer = desk.post(url, {"decree": "400/1"})
    assert answer.status_code == 409 and "Beda dengan e-PPGBM" in answer.content.decode()
    assert (Child.objects.count(), Measurement.objects.count()) == before


def test_the_file_holds_the_same_rows_to_work_through(
    cast: SimpleNamespace, beside: Import
) -> None:
    url = reverse("registry:reconciled-file", kwargs={"code": beside.code})
    raw = b"".join(signed_in(cast.petugas).get(url).streaming_content)  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["Keterangan", "Perbedaan"]
    head, *rows = book["Perbedaan"].iter_rows(values_only=True)
    lines = [dict(zip(head, cells, strict=True)) for cells in rows]
    assert sorted(line["Baris di daftar"] or 0 for line in lines) == [0, 3, 4, 5, 6, 7, 8, 9]
    other = next(line for line in lines if line["Nama anak"] == "Berat Contoh")
    assert other["Berat e-PPGBM (kg)"] == 7.4 and other["Berat portal (kg)"] == 7
    assert other["Tanggal ukur portal"] == datetime(2026, 6, 9)  # noqa: DTZ001 - a cell
    assert head[-1] == "Tindak lanjut" and other["Tindak lanjut"] is None
    assert NIK.encode() not in raw and "**" in str(lines)
    event = Event.objects.get(verb="export_reconciled")
    assert event.why == "xlsx n=8" and event.object_code == beside.code


def test_a_list_is_handed_in_to_be_compared(cast: SimpleNamespace) -> None:
    desk = signed_in(cast.petugas)
    raw = content([told(cast, "Baru Contoh")])
    file = SimpleUploadedFile("daftar.csv", raw)
    url = reverse("registry:hand-in-list")
    assert desk.post(url, {"file": file, "purpose": "hapus"}).status_code == 422
    file.seek(0)
    desk.post(url, {"file": file, "purpose": "cocokkan"})
    source = Import.objects.get()
    mapped = {f"kolom-{at}": name for at, name in source.columns["map"].items()}
    desk.post(reverse("registry:map-list", kwargs={"code": source.code}), mapped)
    carried()
    to = reverse("registry:import", kwargs={"code": source.code})
    answer = desk.get(to, follow=True)
    assert "Unduh untuk dikerjakan" in answer.content.decode()
    assert not Child.objects.exists()


def test_who_is_looked_for_lives_in_the_places_of_the_list(cast: SimpleNamespace) -> None:
    """Not who was born later, has left, or lives in another desa."""
    for name, changes in (
        ("Lulus Contoh", {"birth_date": date(2021, 6, 9)}),
        ("Lahir Contoh", {"birth_date": date(2026, 6, 10)}),
        ("Pergi Contoh", {"left_on": date(2026, 6, 9)}),
        ("Lain Contoh", {"desa": cast.other_desa}),
        ("Cari Contoh", {}),
    ):
        child = known(cast, name, measured_on=None)
        Child.objects.filter(pk=child.pk).update(**changes)
    source = compared(cast, told(cast, "Sulastri Purwadi"))
    missing = source.rows.filter(outcome=ImportRow.Outcome.HERE)
    assert [one.child.name for one in missing if one.child] == ["Cari Contoh"]


def test_the_page_asks_few_questions(
    cast: SimpleNamespace, beside: Import, django_assert_max_num_queries: Any
) -> None:
    desk = signed_in(cast.petugas)
    url = reverse("registry:reconciled", kwargs={"code": beside.code})
    for kind in ("kelas", "sini", "orang"):
        with django_assert_max_num_queries(8):
            desk.get(f"{url}?hasil={kind}")


def test_a_long_comparison_is_turned_page_by_page(
    cast: SimpleNamespace, beside: Import, django_assert_max_num_queries: Any
) -> None:
    """Every line once and in the order of the list, the last page with as few questions."""
    one = beside.rows.filter(outcome=ImportRow.Outcome.CLASS)[0]
    copies = [replaced(one, number) for number in range(1001, 1001 + 2 * PER_PAGE)]
    ImportRow.objects.bulk_create(copies)
    kind = beside.rows.filter(outcome=ImportRow.Outcome.CLASS).order_by("number")
    wanted = list(kind.values_list("number", flat=True))
    way, found = "?hasil=kelas", []
    with django_assert_max_num_queries(3 * 3):
        while way:
            shown = ReconciledPage(beside, QueryDict(way[1:]))
            found += [line.number for line in shown.lines]
            way = shown.pager["next_url"]
    assert found == wanted and len(found) > 2 * PER_PAGE


def replaced(row: ImportRow, number: int) -> ImportRow:
    """The same row further down the list."""
    columns = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return ImportRow(**columns | {"id": None, "number": number})


def test_it_is_forgotten_as_an_import_is(cast: SimpleNamespace, beside: Import) -> None:
    Import.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert workflow.forget_old() == 1
    beside.refresh_from_db()
    assert beside.stored_name == "" and not beside.rows.exists()
    text = page(cast, beside)
    assert "disimpan 30 hari saja" in text and "Unduh untuk dikerjakan" not in text


def test_an_export_of_e_ppgbm_is_read_as_it_comes(cast: SimpleNamespace, tmp_path: Path) -> None:
    """Preamble, 38 columns, total row: its own z do not follow from its numbers."""
    who = import_files.PEOPLE[1]  # of Ledug; the other two live in no desa of this cast
    mother = a_mother(cast, posyandu=None, name=who.mother)
    child = a_child(cast, mother=mother, name=who.name, name_key=name_key(who.name), sex=who.sex,
                    birth_date=who.born)  # fmt: skip
    numbers = {"measured_on": who.measured_on, "weight_kg": Decimal(who.weight), "measure": "l",
               "length_height_cm": Decimal(who.length)}  # fmt: skip
    visits.add_measurement(None, child, numbers)
    rows = [["Mawar" if cell == who.posyandu else cell for cell in one]
            for one in import_files.eppgbm()]  # fmt: skip
    raw = import_files.write_xlsx(tmp_path / "a.xlsx", rows).read_bytes()
    source = analyse(cast, handed_in(cast, raw, "a.xlsx", Import.Purpose.COMPARE))
    found = source.rows.get(child=child)
    assert found.outcome == ImportRow.Outcome.CLASS, found.reason
    causes = {one["index"]: one["why"] for one in found.changes["visits"][0]["classes"]}
    assert causes and set(map(tuple, causes.values())) == {("tidak_cocok",)}
    assert "Angka e-PPGBM sendiri tidak cocok" in page(cast, source)
