"""One child in two rows of a list, and two children who only look like one."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db.models import Count

from registry import registering
from registry.imports import workflow
from registry.models import Child
from registry.names import name_key
from tests.handed_in import analysed, outcomes, row, write, written

NIK = "3302200503240001"
JULY = {"Tanggal": "2026-07-09", "Berat": "10,9", "Tinggi": "82,3"}
AUGUST = {"Tanggal": "2026-08-09", "Berat": "11,1", "Tinggi": "83,0"}
OTHER = row(Nama="Bunga Lestari", JK="P", Tgl_Lahir="2023-01-12", Nama_Ibu="Ibu Lain",
            Nama_Ayah="", Alamat="Jalan Lain 9")  # fmt: skip
LIKE_HIM = {"Nama": "Achmad Fauzan", "Tgl_Lahir": "2024-03-04"}


def known(cast: SimpleNamespace) -> Child:
    written(cast, [row(NIK=NIK, Nama="Ahmad Fauzan")])
    return Child.objects.get()


def test_a_later_row_means_the_child_of_the_earlier_one(cast: SimpleNamespace) -> None:
    """Also where staff call it otherwise, and only the earlier row has its number."""
    child = known(cast)
    name = "Bintang Ramadhan"
    registering.correct_child(cast.petugas, child, {"name": name, "name_key": name_key(name)})
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan", **JULY), row(Nama="Ahmad Fauzan", **AUGUST)]
    source = written(cast, rows)
    assert outcomes(source) == ["berubah", "berubah"]
    days = child.measurements.order_by("measured_on").values_list("measured_on", flat=True)
    assert list(days) == [date(2026, 6, 9), date(2026, 7, 9), date(2026, 8, 9)]
    assert outcomes(analysed(cast, rows)) == ["sama", "sama"]


def test_a_twin_of_a_known_child_is_new(cast: SimpleNamespace) -> None:
    known(cast)
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan", **JULY), row(Nama="Ahmad Fikri", **JULY)]
    assert outcomes(analysed(cast, rows)) == ["berubah", "baru"]
    assert outcomes(analysed(cast, rows[1:])) == ["orang"], "alone it may be the known one"


def test_who_may_be_the_child_of_another_row_is_a_question(cast: SimpleNamespace) -> None:
    """The list has put its birth date right, and tells of it once more without the number."""
    known(cast)
    again = row(Nama="Ahmad Fauzan", Tgl_Lahir="2024-03-06", Tanggal="2026-08-09", Berat="11,1")
    rows = [again, row(NIK=NIK, Nama="Ahmad Fauzan", Tgl_Lahir="2024-03-06", **JULY)]
    assert outcomes(analysed(cast, rows)) == ["orang", "berubah"]
    assert outcomes(analysed(cast, rows[::-1])) == ["berubah", "berubah"]


def test_a_namesake_is_new(cast: SimpleNamespace) -> None:
    known(cast)
    other = row(Nama="Ahmad Fauzan", Tgl_Lahir="2025-08-19", Nama_Ibu="Ibu Satu", Nama_Ayah="")
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan", **JULY), other]
    assert outcomes(analysed(cast, rows)) == ["berubah", "baru"]


@pytest.mark.parametrize(
    ("decision", "visits"), [("", [1]), ("lewati", [1]), ("known", [3]), ("baru", [1, 2])]
)
def test_a_later_row_follows_the_one_that_is_a_question(
    cast: SimpleNamespace, decision: str, visits: list[int]
) -> None:
    """Whatever is decided of the first is decided of both, and what is not keeps both out."""
    child = known(cast)
    source = analysed(cast, [row(**LIKE_HIM, **JULY), row(**LIKE_HIM, **AUGUST), OTHER])
    assert outcomes(source) == ["orang", "berubah", "baru"]
    workflow.decide(cast.petugas, source, {2: child.code if decision == "known" else decision})
    source = write(cast, source)
    told = Child.objects.exclude(name="Bunga Lestari").annotate(n=Count("measurements"))
    assert sorted(told.values_list("n", flat=True)) == visits
    later = source.rows.get(number=3)
    stays_out = decision in ("", "lewati")
    assert (later.outcome == "orang") == stays_out
    assert ("baris 2, yang belum dimasukkan" in later.reason) == stays_out


def test_two_questions_that_are_new_make_one_child(cast: SimpleNamespace) -> None:
    known(cast)
    grams = AUGUST | {"Berat": "11100"}
    source = analysed(cast, [row(**LIKE_HIM, **JULY), row(**LIKE_HIM, **grams)])
    assert outcomes(source) == ["orang", "orang"]
    workflow.decide(cast.petugas, source, {2: "baru", 3: "baru"})
    write(cast, source)
    assert Child.objects.count() == 2
