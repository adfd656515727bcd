"""One child in two rows of a list, and two children who only look like one."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db.models import Count

from registry import registering
from registry.identity import index_of
from registry.imports import analyse, workflow
from registry.models import Child, Household, Import, Measurement
from registry.names import name_key
from tests.cast import a_child
from tests.handed_in import HEADER, analysed, content, handed_in, outcomes, row, write, written
from tests.handed_in import analyse as analyse_list

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
    assert outcomes(write(cast, source)) == ["baru", "berubah"]
    assert Child.objects.count() == 2 and Measurement.objects.count() == 3


# --- What is decided holds for the rows behind ----------------------------------------------------


def decided(cast: SimpleNamespace, rows: list[dict[str, str]], answers: dict[int, str]) -> Import:
    source = analysed(cast, rows)
    workflow.decide(cast.petugas, source, answers)
    return write(cast, source)


def test_a_row_behind_one_that_is_asked_again_makes_no_second_child(cast: SimpleNamespace) -> None:
    child = known(cast)
    clash = JULY | {"Berat": "11,4"}
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan", **JULY), row(**LIKE_HIM, **clash),
            row(**LIKE_HIM, **AUGUST)]  # fmt: skip
    source = decided(cast, rows, {3: child.code})
    assert outcomes(source) == ["berubah", "orang", "berubah"] and Child.objects.count() == 1
    assert child.measurements.count() == 3


def test_who_is_new_by_decision_does_not_wait(cast: SimpleNamespace) -> None:
    known(cast)
    other = {"Nama": "Ahmad Fauzan", "Nama_Ibu": "Ratna Dewi", "Nama_Ayah": ""}
    rows = [row(**other, **JULY), row(**other, **AUGUST)]
    assert outcomes(decided(cast, rows, {2: "lewati", 3: "baru"})) == ["orang", "baru"]


def test_who_is_new_by_decision_is_not_the_child_of_another_row(cast: SimpleNamespace) -> None:
    child = known(cast)
    rows = [row(**LIKE_HIM, **JULY), row(**(LIKE_HIM | {"Nama_Ibu": ""}), **AUGUST, NIK="")]
    rows[1] |= {"Nama Ayah": "", "Berat": "11100", "Nama Ibu": "Ibu Satu"}
    source = decided(cast, rows, {2: child.code, 3: "baru"})
    assert outcomes(source) == ["berubah", "baru"]
    assert child.measurements.count() == 2 and Child.objects.count() == 2


def test_a_later_row_with_another_number_is_asked(cast: SimpleNamespace) -> None:
    child = known(cast)
    other = "3302200503240009"
    rows = [row(**LIKE_HIM, **JULY), row(**LIKE_HIM, **AUGUST, NIK=other)]
    source = decided(cast, rows, {2: child.code})
    later = source.rows.get(number=3)
    assert later.outcome == "orang" and "NIK-nya lain" in later.reason
    assert child.measurements.count() == 2


def test_a_question_of_numbers_hides_no_later_visit(cast: SimpleNamespace) -> None:
    child = known(cast)
    grams = AUGUST | {"Berat": "11100"}
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan", **JULY), row(Nama="Ahmad Fauzan", **grams),
            row(Nama="Ahmad Fauzan", **AUGUST)]  # fmt: skip
    assert outcomes(written(cast, rows)) == ["berubah", "orang", "berubah"]
    assert child.measurements.count() == 3


def test_what_is_decided_of_the_place_holds_for_both(cast: SimpleNamespace) -> None:
    child = known(cast)
    there = LIKE_HIM | {"Desa": cast.other_desa.name}
    source = decided(cast, [row(**there, **JULY), row(**there, **AUGUST)], {2: child.code})
    assert outcomes(source) == ["berubah", "berubah"] and child.measurements.count() == 3


def test_what_one_chunk_knows_the_next_knows(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyse, "CHUNK", 1)
    child = known(cast)
    name = "Bintang Ramadhan"
    registering.correct_child(cast.petugas, child, {"name": name, "name_key": name_key(name)})
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan", **JULY), row(Nama="Ahmad Fauzan", **AUGUST),
            row(Nama="Ahmad Fauzan", Tanggal="2026-09-09", Berat="11,5")]  # fmt: skip
    for expected in ("berubah", "sama"):
        source = analysed(cast, rows)
        assert outcomes(source) == [expected] * 3
        if expected == "berubah":
            write(cast, source)
    assert child.measurements.count() == 4


# --- A number that two rows bring ---------------------------------------------------------------


def test_two_rows_of_one_number_are_no_two_children(cast: SimpleNamespace) -> None:
    rows = [row(NIK=NIK, Nama="Ahmad Fauzan"),
            row(NIK=NIK, Nama="Rama Lestari", Tgl_Lahir="2023-01-12", **JULY)]  # fmt: skip
    source = analysed(cast, rows)
    assert outcomes(source) == ["baru", "orang"]
    assert source.rows.get(number=3).choices == ["lewati"]


def test_a_number_somebody_registered_meanwhile_is_asked(cast: SimpleNamespace) -> None:
    known(cast)
    source = analysed(cast, [row(**LIKE_HIM, **JULY, NIK="3302200403240007"), OTHER])
    workflow.decide(cast.petugas, source, {2: "baru"})
    a_child(cast, nik="3302200403240007", nik_index=index_of("3302200403240007"))
    assert outcomes(write(cast, source)) == ["orang", "baru"]


@pytest.mark.parametrize("first", ["known", "new"])
def test_the_first_row_has_the_number(cast: SimpleNamespace, first: str) -> None:
    """Two children without a number, and one number in both rows."""
    written(cast, [row(Nama="Ahmad Fauzan", **JULY), OTHER])
    one = row(Nama="Ahmad Fauzan", **AUGUST, NIK=NIK)
    other = OTHER | {"NIK": NIK}
    if first == "new":
        one |= {"Nama": "Citra Maharani", "Tgl Lahir": "2025-02-01", "Nama Ibu": "Ibu Tiga",
                "Alamat": "Jalan Lain 3"}  # fmt: skip
    source = written(cast, [one, other])
    assert "ditolak" not in outcomes(source)
    assert Child.objects.filter(nik_index=index_of(NIK)).count() == 1


@pytest.mark.parametrize("case", ["siblings", "first without", "two mothers", "known child"])
def test_a_family_has_its_card_number_once(cast: SimpleNamespace, case: str) -> None:
    kk = "3302201503200007"
    header = (*HEADER, "No KK")
    young = row(Nama="Ahmad Fauzan") | {"No KK": kk}
    middle = row(Nama="Bunga Lestari", JK="P", Tgl_Lahir="2022-08-19") | {"No KK": kk}
    rows = [young, middle]
    if case == "siblings":
        written(cast, [row(Nama="Rama Contoh", Tgl_Lahir="2021-12-30")])
    elif case == "first without":
        rows = [row(Nama="Rama Contoh", Tgl_Lahir="2021-12-30"), *rows]
    else:
        if case == "known child":
            written(cast, [row(Nama="Ahmad Fauzan", **JULY)])
        rows[1] |= {"Nama Ibu": "Ibu Lain"}
    source = write(cast, analyse_list(cast, handed_in(cast, content(rows, header))))
    assert set(outcomes(source)) <= {"baru", "berubah"}
    assert Household.objects.filter(kk_index=index_of(kk)).count() == 1
    assert Household.objects.count() == 1


def test_two_new_rows_that_differ_in_the_birth_date_are_asked(cast: SimpleNamespace) -> None:
    rows = [row(Nama="Ahmad Fauzan", **JULY),
            row(Nama="Ahmad Fauzan", **AUGUST, Tgl_Lahir="2024-03-06")]  # fmt: skip
    source = analysed(cast, rows)
    assert outcomes(source) == ["baru", "orang"]
    assert source.rows.get(number=3).reason.startswith("Baris 2 memuat anak bernama sama")
    workflow.decide(cast.petugas, source, {3: "baru"})
    write(cast, source)
    assert Child.objects.count() == 2
