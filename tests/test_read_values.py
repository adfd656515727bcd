"""What one cell and one row say: read, refused, or asked back; never changed without a word."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.imports import ages, cells, dates, numbers, people, told
from registry.imports.cells import Said
from registry.imports.labels import FIELDS, month_of
from registry.imports.sheet import TooLong
from registry.imports.values import NO_BIRTH, Read, RowReader, month_first_columns, read_row

COLUMNS = dict(enumerate(("child_name", "birth_date", "sex", "measured_on", "weight_kg",
                          "length_height_cm", "lila_cm", "measure")))  # fmt: skip
NIK = "3302200503240001"


def a_row(*visit: Any, name: Any = "Contoh Satu", born: Any = "2024-03-05") -> Read:
    return read_row([name, born, "L", *visit], COLUMNS)


def plain(said: Said) -> Any:
    assert not said.problem and not said.ask
    return said.value


# --- Dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["2026-06-09", "2026/06/09", "09/06/2026", "9/6/2026", "09-06-2026", "09.06.2026",
     "9 Juni 2026", "09-Jun-2026", "9 JUNI 2026", "Selasa, 9 Juni 2026", "2026-06-09 10:22:33",
     "09/06/2026 10.22", "2026-06-09T00:00:00", "\u00a009/06/2026 ", 46182.0, 46182.43, "46182"],
)  # fmt: skip
def test_dates_are_read(written: Any) -> None:
    assert plain(dates.read_date(written)) == date(2026, 6, 9)


@pytest.mark.parametrize(
    ("written", "month"),
    [("5 Pebruari 2024", 2), ("5 Mei 2024", 5), ("5 Agt 2024", 8), ("5 Ags. 2024", 8),
     ("5 Nopember 2024", 11), ("5 Okt 2024", 10), ("5 Des 2024", 12), ("5 Dec 2024", 12)],
)  # fmt: skip
def test_months_have_many_names(written: str, month: int) -> None:
    assert plain(dates.read_date(written)) == date(2024, month, 5)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("31/02/2024", "tidak ada di kalender"),
        ("29-02-2023", "tidak ada di kalender"),
        ("11/25/2024", "tidak ada bulan 25"),
        ("2024-13-01", "tidak ada bulan 13"),
        ("Juni 2026", "bukan tanggal"),
        ("83..9", "bukan tanggal"),
        ("9/6/202", "bukan tanggal"),
        ("09/06/0026", "bukan tanggal"),
        ("٠٩/٠٦/٢٠٢٦", "bukan tanggal"),
        (8.4, "bukan tanggal"),
        (20260609.0, "bukan tanggal"),
        ("00:00:00", "bukan tanggal"),
    ],
)
def test_impossible_dates_are_refused(written: Any, why: str) -> None:
    assert why in dates.read_date(written).problem
    assert dates.read_date(written).value is None


@pytest.mark.parametrize("written", ["9/6/24", "09-06-24", "9 Juni 24"])
def test_a_year_of_two_digits_is_asked_back(written: str) -> None:
    said = dates.read_date(written)
    assert "Apakah maksudnya 9 Juni 2024?" in said.ask and said.value is None


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1990, 2060), st.sampled_from("/-."))
def test_the_month_never_comes_first(day: int, month: int, year: int, mark: str) -> None:
    for written in (
        f"{day}{mark}{month}{mark}{year}",
        f"{day:02d}{mark}{month:02d}{mark}{year} 9:30",
    ):
        said = dates.read_date(written)
        try:
            assert said.value == date(year, month, day)
        except ValueError:
            assert said.value is None and "kalender" in said.problem


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_a_date_with_the_month_first_is_never_read_as_meant(day: date) -> None:
    said = dates.read_date(f"{day:%m/%d/%Y}")
    if day.day > 12:
        assert said.value is None and "tidak ada bulan" in said.problem
    else:
        assert said.value == date(day.year, day.day, day.month)


@given(st.dates(date(1940, 1, 1), date(2099, 12, 31)))
def test_numbers_of_excel_are_days(day: date) -> None:
    number = (day - date(1899, 12, 30)).days
    assert plain(dates.read_date(float(number))) == day == plain(dates.read_date(str(number)))


def test_a_column_with_months_first_is_asked_back() -> None:
    columns = {0: "child_name", 1: "birth_date", 2: "reported_at"}
    rows = [["Contoh Satu", "11/12/2024", "2024-12-11"], ["Contoh Dua", "11/25/2024", "1/2/2025"]]
    doubtful = month_first_columns(rows, columns)
    assert doubtful == {1}
    reader = RowReader(columns, doubtful)
    first = reader.read(rows[0])
    assert "bisa 11 Desember 2024 atau 12 November 2024" in first.asks[0]
    assert "birth_date" not in first.values
    assert plain(dates.read_date_in_doubt("25/11/2024")) == date(2024, 11, 25)
    assert plain(dates.read_date_in_doubt("2024-12-11")) == date(2024, 12, 11)
    assert plain(dates.read_date_in_doubt("12/12/2024")) == date(2024, 12, 12)
    assert RowReader(columns).read(rows[0]).values["birth_date"] == date(2024, 12, 11)


def test_a_label_may_be_a_month() -> None:
    months = ["JANUARI", "Feb 2026", "Mar.", "Pebruari", "Bulan", "Desa"]
    assert [month_of(label) for label in months] == [1, 2, 3, 2, 0, 0]


# --- Ages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "months"),
    [("1,5 th", 18), ("18 bln", 18), ("2 Tahun - 3 Bulan - 13 Hari", 27),
     ("0 Tahun - 5 Bulan - 27 Hari", 5), ("0 Tahun - 0 Bulan - 30 Hari", 0),
     ("1 tahun 6 bulan", 18), ("1th6bln", 18), ("30 bulan", 30), ("dua tahun", 24),
     ("setahun setengah", 18), ("1 1/2 thn", 18), ("setengah tahun", 6), ("18,5 bulan", 18),
     ("tiga belas bulan", 13), ("dua puluh tiga bln", 23), ("3 minggu", 0), ("9 mgg", 2),
     ("± 14 bln.", 14), ("umur 14 bulan", 14), ("2 TAHUN LEBIH", 24)],
)  # fmt: skip
def test_ages_are_read_in_completed_months(written: str, months: int) -> None:
    assert plain(ages.read_age(written)) == months


@pytest.mark.parametrize("written", ["14", 14.0, "2", "59", 1.5])
def test_an_age_without_a_unit_is_asked_back(written: Any) -> None:
    said = ages.read_age(written)
    assert "tanpa satuan" in said.ask and said.value is None
    assert ("maksudnya" in said.ask) == (cells.text_of(written) in ("14", "59"))


def test_an_age_in_a_column_of_months_needs_no_unit() -> None:
    row = read_row(["Contoh Satu", 14.0], {0: "child_name", 1: "age_in_months"})
    assert row.values["age_months"] == 14 and row.asks == []
    assert ages.read_age_in_months("2 th").value == {"age_months": 24}


@pytest.mark.parametrize(
    "written", ["balita", "-2 th", "99 tahun", "2 th 3 th", "2 th kurang", "½"]
)
def test_strange_ages_are_refused(written: str) -> None:
    assert ages.read_age(written).problem


@given(st.integers(0, 4), st.integers(0, 11), st.integers(0, 30))
def test_ages_of_the_national_list_are_read(years: int, months: int, days: int) -> None:
    said = ages.read_age(f"{years} Tahun - {months} Bulan - {days} Hari")
    assert plain(said) == years * 12 + months


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [("10,6", "10.6"), ("10.6", "10.6"), (10.6, "10.6"), (10.600000000000001, "10.6"),
     ("\u00a010,6 ", "10.6"), ("8,25 kg", "8.25"), ("74 cm", "74"), (74.0, "74"), ("8.400", "8.4"),
     ("010,5", "10.5")],
)  # fmt: skip
def test_numbers_are_read(written: Any, value: str) -> None:
    assert plain(numbers.read_measured(written)) == Decimal(value)


@pytest.mark.parametrize("written", ["", "-", "–", " - ", "\u00a0", "tidak ada", "#N/A", "N/A"])
def test_nothing_is_nothing(written: str) -> None:
    for read in (numbers.read_measured, dates.read_date, ages.read_age, people.read_nik,
                 cells.read_name, cells.read_sex, people.read_parents, told.read_z):  # fmt: skip
        assert read(written) in (cells.NOTHING, Said(None))


@pytest.mark.parametrize(
    "written", ["83..9", "10.7 it", "8,4,5", "1.250,5", "delapan", "8 4", "٨", float("nan"),
                float("inf"), "1e3", "=8+1"],
)  # fmt: skip
def test_strange_numbers_are_refused_with_their_column(written: Any) -> None:
    row = a_row("2026-06-09", written, "81,5")
    assert len(row.problems) == 1 and row.problems[0].startswith("Berat: ")
    assert "bukan angka" in row.problems[0] and row.visits[0]["weight_kg"] is None


def test_too_many_decimals_are_asked_back() -> None:
    said = numbers.read_measured("10,678")
    assert said.ask == "10,678 terlalu teliti. Apakah maksudnya 10,68?" and said.value is None
    assert "13,3" in numbers.read_lila(13.25).ask


@pytest.mark.parametrize(
    ("weight", "length", "meant"),
    [("8400", "74", "8,4 kg?"), ("8.4", "740", "74 cm?"), ("8,4", "0,74", "74 cm?"),
     (84.0, "74", "8,4 kg?"), ("81,5", "10,6", "berat 10,6 kg dan tinggi 81,5 cm?")],
)  # fmt: skip
def test_other_units_and_swapped_values_are_asked_back(
    weight: Any, length: str, meant: str
) -> None:
    row = a_row("2026-06-09", weight, length)
    assert row.problems == [] and len(row.asks) == 1 and meant in row.asks[0]
    assert row.visits == []


def test_what_no_unit_explains_is_refused() -> None:
    assert "terlalu besar" in a_row("2026-06-09", "99999", "74").problems[0]
    assert "lebih dari 0" in a_row("2026-06-09", "-8,4", "74").problems[0]


def test_zero_is_not_measured() -> None:
    row = a_row("2026-06-09", "10,6", "81,5", 0.0)
    assert row.visits[0]["lila_cm"] is None and row.problems == []
    assert row.notes == ["LiLA: 0 dibaca sebagai belum diukur."]
    assert a_row("2026-06-09", "0", "-").visits == []


@pytest.mark.parametrize(("written", "grams"), [("3,1", 3100), ("2.95", 2950), (0.9, 900),
                                                ("3.1 kg", 3100)])  # fmt: skip
def test_a_birth_weight_is_read_in_kilograms(written: Any, grams: int) -> None:
    assert numbers.read_birth_weight(written) == Said(grams)


@pytest.mark.parametrize("written", [3100.0, "3100", "3100 gr"])
def test_a_birth_weight_from_500_on_is_in_grams_and_says_so(written: Any) -> None:
    assert numbers.read_birth_weight(written) == Said(3100, note="3100 dibaca sebagai gram.")


def test_strange_births_are_asked_back_or_refused() -> None:
    assert "maksudnya 3,1 kg?" in numbers.read_birth_weight("31").ask
    assert "maksudnya 3,1 kg?" in numbers.read_birth_weight("310").ask
    assert numbers.read_birth_weight("99999").problem
    assert "maksudnya 49 cm?" in numbers.read_birth_length("0,49").ask
    assert "maksudnya 49 cm?" in numbers.read_birth_length("490").ask
    assert numbers.read_birth_length("12").problem
    assert plain(numbers.read_birth_length("48,5")) == Decimal("48.5")


def test_numbers_beside_the_point_never_refuse_a_row() -> None:
    assert numbers.read_weeks("39 minggu").value == 39
    assert numbers.read_birth_order("ke-2").value == 2
    assert numbers.read_weeks(99.0) == Said(note="“99” dilewati.")


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sex", "written"),
    [("L", ["L", "l", "Lk", "LK.", "Laki-laki", "laki laki", "LAKI - LAKI", "Pria", "M", "Male"]),
     ("P", ["P", "p", "Pr", "Perempuan", "PEREMPUAN", "Wanita", "F", "female"])],
)  # fmt: skip
def test_sexes_are_read(sex: str, written: list[str]) -> None:
    assert {plain(cells.read_sex(word)) for word in written} == {sex}
    assert "Tulis L atau P" in cells.read_sex("X1").problem


def test_postures_and_gains_are_read() -> None:
    lying = ["Terlentang", "TELENTANG", "berbaring"]
    assert {plain(cells.read_measure(word)) for word in lying} == {"l"}
    assert plain(cells.read_measure("Berdiri")) == "h"
    assert "terlentang atau berdiri" in cells.read_measure("duduk").problem
    assert [plain(cells.read_gain(word)) for word in ("N", "t", "Tidak Naik", "O", "B")] == [
        "N", "T", "T", "O", "B",
    ]  # fmt: skip
    assert cells.read_gain("2T").value is None and cells.read_gain("2T").problem == ""


@pytest.mark.parametrize(
    ("index", "written", "code"),
    [("bb_u", "Sangat Kurang", "bb_sangat_kurang"), ("bb_u", "Kurang", "bb_kurang"),
     ("bb_u", "Berat Badan Normal", "bb_normal"), ("bb_u", "Risiko Lebih", "risiko_bb_lebih"),
     ("bb_u", "Resiko BB Lebih", "risiko_bb_lebih"), ("tb_u", "SANGAT PENDEK", "sangat_pendek"),
     ("tb_u", "Tinggi", "tinggi"), ("bb_tb", "Gizi Buruk", "gizi_buruk"),
     ("bb_tb", "Risiko Gizi Lebih", "berisiko_gizi_lebih"), ("bb_tb", "Obesitas", "obesitas"),
     ("bb_tb", "Outlier", "Outlier")],
)  # fmt: skip
def test_classes_of_the_list_become_ours(index: str, written: str, code: str) -> None:
    assert plain(told.read_class(index, written)) == code


def test_names_are_cleaned_and_numbers_are_none() -> None:
    assert plain(cells.read_name("  Siti\u00a0 Contoh\u200b ")) == "Siti Contoh"
    assert "bukan nama" in cells.read_name(123.0).problem
    assert "terlalu panjang" in cells.read_name("a" * 121).problem


@pytest.mark.parametrize("name", ["=1+1", "+62", "-contoh", "@contoh", "＝SUM(A1)"])
def test_our_own_guard_against_formulas_is_taken_off_again(name: str) -> None:
    assert cells.text_of(f"'{name}") == name == cells.text_of(name)
    assert cells.text_of("'Aisyah") == "'Aisyah"


def test_rt_and_rw() -> None:
    assert [plain(cells.read_part(part)) for part in ("003", 3.0, "RT 03", "rw.02")] == [
        "003", "3", "03", "02",
    ]  # fmt: skip
    columns = {0: "child_name", 1: "rt_rw", 2: "nik"}
    for written in ("003/002", "RT 003 RW 002", "RT.003/RW.002"):
        values = read_row(["Contoh", written, NIK], columns).values
        assert (values["rt"], values["rw"]) == ("003", "002")
    assert read_row(["Contoh", "3", NIK], columns).notes


def test_links_and_phones() -> None:
    link = "https://contoh.invalid/a?id=1"
    assert plain(cells.read_address_of_document(f"{link}, {link}2")) == link
    for strange in ("javascript:alert(1)", "file:///etc/passwd", "ada"):
        said = cells.read_address_of_document(strange)
        assert said.value is None and said.note
    assert [plain(people.read_phone(told)) for told in ("0812-000-0001", 81200000001.0)] == [
        "0812-000-0001", "081200000001",
    ]  # fmt: skip
    assert people.read_phone("tidak punya HP").note


# --- Identity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", [NIK, f"'{NIK}", f"`{NIK}", f'="{NIK}"', "3302 2005 0324 0001", f" {NIK}\u00a0"]
)
def test_a_nik_is_read(written: str) -> None:
    assert people.read_nik(written) == Said(NIK)


@pytest.mark.parametrize(
    ("written", "note"),
    [("33022***********", "bertanda bintang"), ("3302********0001", "bertanda bintang"),
     ("3302xxxxxxxx0001", "bertanda bintang"), ("3302••••••••0001", "bertanda bintang"),
     (3302200503240001.0, "sel angka"), ("3.30222E+15", "sel angka"), ("3,3022E15", "sel angka")],
)  # fmt: skip
def test_half_a_nik_is_none(written: Any, note: str) -> None:
    said = people.read_nik(written)
    assert said.value is None and note in said.note and not said.problem
    row = read_row(["Contoh Satu", "2024-03-05", written],
                   {0: "child_name", 1: "birth_date", 2: "nik"})  # fmt: skip
    assert row.values["nik"] == "" and row.problems == [] and note in row.notes[0]
    assert NIK[-6:] not in " ".join(row.notes)


@pytest.mark.parametrize("written", ["330220050324001", "3302207203240001", "3302200513240001",
                                     "33022005032400011", "abcdefghijklmnop"])  # fmt: skip
def test_a_wrong_nik_is_refused(written: str) -> None:
    assert "NIK" in people.read_nik(written).problem


@pytest.mark.parametrize("written", ["0", "0000000000000000", "'", "-", "belum ada"])
def test_a_placeholder_is_no_nik(written: str) -> None:
    assert people.read_nik(written) == cells.NOTHING


def test_another_kecamatan_and_a_kk_are_accepted() -> None:
    assert plain(people.read_nik("1901014503230002")) == "1901014503230002"
    assert plain(people.read_kk("3302209999990001")) == "3302209999990001"
    assert "Nomor KK terdiri dari 16 angka" in people.read_kk("123").problem


# --- Parents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["Budi Contoh / Siti Contoh", "Budi Contoh/Siti Contoh", "Budi Contoh & Siti Contoh",
     "Budi Contoh, Siti Contoh", "Budi Contoh dan Siti Contoh", "Budi Contoh DAN Siti Contoh",
     "Budi Contoh - Siti Contoh", "Siti Contoh (ibu) / Budi Contoh (ayah)",
     "Ibu: Siti Contoh / Ayah: Budi Contoh"],
)  # fmt: skip
def test_both_parents_in_one_cell(written: str) -> None:
    said = people.read_parents(written)
    assert said == Said({"father_name": "Budi Contoh", "mother_name": "Siti Contoh"}) or (
        said.value == {"mother_name": "Siti Contoh", "father_name": "Budi Contoh"}
    )


def test_titles_tell_who_is_who() -> None:
    assert people.read_parents("Ny. Siti / Tn. Budi").value == {
        "mother_name": "Ny. Siti", "father_name": "Tn. Budi",
    }  # fmt: skip
    assert people.read_parents("Ibu Siti").value == {"mother_name": "Ibu Siti"}
    assert people.read_parents_mother_first("Siti / Budi").value == {
        "mother_name": "Siti", "father_name": "Budi",
    }  # fmt: skip
    assert people.read_parents("H. Budi, S.Pd / Siti, S.E., M.M.").value == {
        "father_name": "H. Budi, S.Pd", "mother_name": "Siti, S.E., M.M.",
    }  # fmt: skip
    assert people.read_parents("- / Siti").value == {"mother_name": "Siti"}


@pytest.mark.parametrize("written", ["Siti Contoh", "Siti-Contoh", "Siti Contoh, S.Pd",
                                     "Budi / Siti / Wati"])  # fmt: skip
def test_an_unclear_name_is_nobodys_until_asked(written: str) -> None:
    said = people.read_parents(written)
    assert said.value == {"parent_name": written} and "belum jelas siapa ayah" in said.note


def test_a_column_of_her_own_goes_before_the_shared_cell() -> None:
    for order in ("parents", "mother_name"), ("mother_name", "parents"):
        cells_of = {"parents": "Budi / Siti", "mother_name": "Siti Contoh", "nik": NIK}
        columns = {0: "child_name", **dict(enumerate((*order, "nik"), 1))}
        row = read_row(["Contoh", *(cells_of[name] for name in (*order, "nik"))], columns)
        assert row.values["mother_name"] == "Siti Contoh" and row.values["father_name"] == "Budi"


# --- Rows ---------------------------------------------------------------------------------------


def test_a_whole_row_is_read() -> None:
    row = a_row("09/06/2026", "10,6", "81,5", "-", "Berdiri")
    assert row.values == {
        "nik": "", "child_name": "Contoh Satu", "birth_date": date(2024, 3, 5), "sex": "L",
    }  # fmt: skip
    assert row.visits == [
        {"measured_on": date(2026, 6, 9), "weight_kg": Decimal("10.6"),
         "length_height_cm": Decimal("81.5"), "lila_cm": None, "measure": "h", "gain": "",
         "told": {}},
    ]  # fmt: skip
    assert (row.problems, row.asks, row.notes, row.told) == ([], [], [], {})


def test_what_a_child_needs_is_missed() -> None:
    assert a_row(name="", born="-").problems == ["Nama anak kosong.", "Tanggal lahir kosong."]
    assert a_row(name="123", born="31/02/2024").problems == [
        "Nama anak: “123” bukan nama.",
        "Tanggal lahir: “31/02/2024” tidak ada di kalender.",
    ]
    assert a_row(born="9/6/24").problems == []  # asked already
    known = read_row(["Contoh Satu", NIK], {0: "child_name", 1: "nik"})
    assert known.problems == [NO_BIRTH]  # all that is missing: the NIK may do instead


def test_numbers_need_their_day() -> None:
    assert a_row("", "10,6").problems == ["Tanggal ukur kosong."]
    assert a_row("9/6/26", "10,6").problems == []  # asked
    assert a_row("2026-06-09").visits == []
    undated = {index: name for index, name in COLUMNS.items() if name != "measured_on"}
    assert read_row(["Contoh", "2024-03-05", "L", "", "10,6"], undated).visits == []


def test_days_must_follow_each_other() -> None:
    assert "sebelum tanggal lahir" in a_row("2024-03-04", "10,6").problems[0]
    assert a_row("2024-03-05", "3,1").problems == []
    today = date(2026, 6, 9)
    row = ["Contoh", "2026-06-10", "L", "2026-06-10", "3,1"]
    late = read_row(row, COLUMNS, today=today)
    assert [problem.split(" 10 ")[0] for problem in late.problems] == [
        "Tanggal lahir", "Tanggal ukur",
    ]  # fmt: skip
    assert read_row(row, COLUMNS, today=today + timedelta(days=1)).problems == []


def test_visits_of_a_wide_row_are_told_apart() -> None:
    columns = {0: "child_name", 1: "birth_date"} | dict(
        enumerate(("measured_on", "weight_kg", "told_haz") * 3, 2)
    )
    row = read_row(
        [
            "Contoh Satu",
            "2024-03-05",
            "2026-01-09",
            "10",
            "-2,1",
            "",
            "",
            "",
            "2026-03-09",
            "8..3",
            "-2,3",
        ],
        columns,
    )
    assert [visit["measured_on"].month for visit in row.visits] == [1]
    assert row.problems == ["Berat ke-3: “8..3” bukan angka. Tulis misalnya 8,4."]
    assert row.visits[0]["told"] == {"haz": Decimal("-2.1")} and row.told["haz"] == Decimal("-2.3")


def test_a_cell_too_long_is_a_problem_where_it_is_needed() -> None:
    columns = {0: "child_name", 1: "birth_date", 2: "document_url", 3: "told_age", 4: "measured_on"}
    long = TooLong(5000)
    row = read_row([long, "2024-03-05", long, long], columns)
    assert row.problems == ["Nama anak: isinya 5000 huruf. Tulis paling banyak 200 huruf."]
    assert len(row.notes) == 2


CELLS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,/-' ThnBulJmari=*xeE+RT&", max_size=20),
    st.floats(),
    st.builds(TooLong, st.integers(201, 10**6)),
    st.sampled_from([NIK, "2026-06-09", "31/12/99", "10,6", "2 Tahun - 3 Bulan", "Budi / Siti"]),
)


@given(
    st.dictionaries(st.integers(0, 12), st.sampled_from(sorted(FIELDS)), max_size=12),
    st.lists(CELLS, max_size=13),
)
def test_no_row_raises(columns: dict[int, str], row: list[Any]) -> None:
    reader = RowReader(columns)
    read = reader.read(row, date(2026, 6, 9))
    assert read == reader.read(row, date(2026, 6, 9))
    for name, value in read.values.items():
        assert value is not None and (not isinstance(value, str) or len(value) <= 200), name
    for sentence in (*read.problems, *read.asks, *read.notes):
        assert sentence.endswith((".", "?")) and len(sentence) <= 250
    assert all(visit["measured_on"] for visit in read.visits)
