"""Lists are read whatever their header, container and value format (domain.md §6, fact 24)."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registry.imports import layouts, sheet
from registry.imports.labels import KEYS, field_of, is_key
from registry.imports.rows import body
from registry.imports.sheet import Sheet, TooLong, Unreadable, open_sheet
from registry.imports.values import NO_BIRTH, Read, read_row
from tests import hostile_files as hostile
from tests import import_files as lists
from tests.import_files import PEOPLE, opened, read_all
from tests.test_structure import _modules

PLAIN = [["Nama", "Tgl Lahir", "JK"], ["Contoh Satu", "2024-03-05", "L"]]


def a_sheet(rows: list[list[Any]]) -> Sheet:
    return Sheet(rows, "csv")


def labelled(*labels: str) -> dict[str, str]:
    """Label → our column, as it would be suggested."""
    return {labels[index]: name for index, name in layouts.suggest(labels).items()}


# --- Every header in every container ------------------------------------------------------------


@pytest.mark.parametrize("container", lists.CONTAINERS)
@pytest.mark.parametrize("variant", lists.VARIANTS)
def test_every_header_is_read_in_every_container(
    tmp_path: Path, variant: str, container: str
) -> None:
    found = opened(lists.write(tmp_path, variant, container, lists.VARIANTS[variant]()))
    assert layouts.layout_of(layouts.find_header(found).labels) == variant
    children = read_all(found)
    assert [child.values["child_name"] for child in children] == [who.name for who in PEOPLE]
    missing = [NO_BIRTH] if variant == "pemantauan" else []  # it goes by the NIK
    assert [child.problems + child.asks for child in children] == [missing] * 3
    check = {"gasken": check_gasken, "tahunan": check_wide}.get(variant, check_national)
    for child, who in zip(children, PEOPLE, strict=True):
        check(child, who)


def check_national(child: Read, who: lists.Person) -> None:
    values = child.values
    assert values["nik"] == who.nik
    if "birth_date" in values:
        assert (values["birth_date"], values["sex"]) == (who.born, who.sex)
        assert values["birth_weight_g"] == int(float(who.birth_kg) * 1000)
        assert values["birth_length_cm"] == Decimal(who.birth_cm)
        assert values["mother_name"] == who.mother
    if "desa" in values:
        assert (values["desa"], values["posyandu"]) == (who.desa.upper(), who.posyandu)
        assert (values["father_name"], values["rt"]) == (who.father, "003")
    for visit in child.visits:
        assert (visit["measured_on"], visit["lila_cm"]) == (who.measured_on, None)
        assert visit["weight_kg"] == Decimal(who.weight)
        assert visit["length_height_cm"] == Decimal(who.length)
        assert visit["measure"] in ("", {"Berdiri": "h", "Terlentang": "l"}[who.posture])


def check_gasken(child: Read, who: lists.Person) -> None:
    values = child.values
    assert values["age_months"] == (27 if who is PEOPLE[2] else 18)
    assert values["reported_at"] == date(2025, 11, 12)
    assert (values["desa"], values["mother_name"]) == (who.desa, who.mother)
    assert (values["reporter_name"], values["parent_job"]) == ("Kader Contoh", "Nelayan")
    assert values["document_url"].startswith("https://contoh.invalid/")
    assert child.visits == [] and "birth_date" not in values


def check_wide(child: Read, who: lists.Person) -> None:
    days = [visit["measured_on"] for visit in child.visits]
    assert days == [date(2026, month, 9) for month in range(1, 4 if who is PEOPLE[1] else 13)]
    assert child.visits[2]["weight_kg"] == Decimal(who.weight) + Decimal("0.3")
    assert child.visits[0]["told"]["age_months"] < child.visits[-1]["told"]["age_months"]
    assert (child.values["father_name"], child.values["mother_name"]) == (who.father, who.mother)


@pytest.mark.parametrize("name", lists.DATES)
@pytest.mark.parametrize("container", ["xlsx", "xls"])
def test_every_date_format_is_read(tmp_path: Path, name: str, container: str) -> None:
    path = lists.write(tmp_path, name, container, lists.eppgbm(day=lists.DATES[name]))
    for child, who in zip(read_all(opened(path)), PEOPLE, strict=True):
        assert child.values["birth_date"] == who.born
        assert child.visits[0]["measured_on"] == who.measured_on


@pytest.mark.parametrize("name", lists.NUMBERS)
@pytest.mark.parametrize("container", ["xlsx", "xls", "csv_titik_koma", "html"])
def test_every_number_format_is_read(tmp_path: Path, name: str, container: str) -> None:
    path = lists.write(tmp_path, name, container, lists.eppgbm(number=lists.NUMBERS[name]))
    for child, who in zip(read_all(opened(path)), PEOPLE, strict=True):
        check_national(child, who)
        assert child.told["haz"] == Decimal("-2.34") and child.told["tb_u"] == "pendek"


def test_the_same_call_makes_the_same_bytes(tmp_path: Path) -> None:
    """Hostile files are made by changing bytes of these: they must not depend on the hour."""
    for container in lists.CONTAINERS:
        path = lists.write(tmp_path, "a", container, lists.eppgbm())
        first = path.read_bytes()
        assert lists.write(tmp_path, "a", container, lists.eppgbm()).read_bytes() == first
    made = lists.parts_of(lists.write(tmp_path, "a", "xlsx", lists.eppgbm()))
    assert b"2026-06-30T00:00:00Z" in made["docProps/core.xml"]


def test_months_may_be_merged_over_their_columns(tmp_path: Path) -> None:
    found = opened(lists.write_merged(tmp_path / "tahunan.xlsx", lists.wide()))
    header = layouts.find_header(found)
    assert header.row_number == 2 and header.labels[9] == "JANUARI · TGL UKUR"
    assert header.labels[-1] == "DESEMBER · CARA UKUR"
    assert [len(child.visits) for child in read_all(found)] == [12, 3, 12]


def test_the_person_may_stand_beside_the_months(tmp_path: Path) -> None:
    """Identity columns merged over both rows, so that only the upper one holds their labels."""
    top, lower, *rest = lists.wide()
    upper = lists.WIDE_PERSON + top[len(lists.WIDE_PERSON) :]
    lower = [""] * len(lists.WIDE_PERSON) + lower[len(lists.WIDE_PERSON) :]
    found = opened(lists.write_xlsx(tmp_path / "tahunan.xlsx", [upper, lower, *rest]))
    assert layouts.find_header(found).row_number == 2
    assert [len(child.visits) for child in read_all(found)] == [12, 3, 12]


# --- Fact 24, the reading half ------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-06-09", "09/06/2026"])
def test_fact_24(tmp_path: Path, day: str) -> None:
    rows = lists.eppgbm(number=lists.NUMBERS["koma"])[:8]
    child = dict(zip(rows[6], rows[7], strict=True))
    child |= {"NIK": "33022***********", "LiLA": "-", "Berat": "10,6", "Tanggal Pengukuran": day}
    strange = child | {"Berat": "83..9"}
    rows[7:] = [[row[label] for label in rows[6]] for row in (child, strange)]
    found = opened(lists.write_html(tmp_path / "eppgbm.xls", rows))
    assert (found.kind, layouts.find_header(found).row_number) == ("html", 7)
    good, bad = read_all(found)
    visit = good.visits[0]
    assert (visit["weight_kg"], visit["lila_cm"]) == (Decimal("10.6"), None)
    assert visit["measured_on"] == date(2026, 6, 9)
    assert good.values["nik"] == "" and good.problems == []
    assert good.notes == ["NIK anak: tertutup (bertanda bintang). Tidak dipakai."]
    assert bad.problems == ["Berat: “83..9” bukan angka. Tulis misalnya 8,4."]


# --- What a file is, is told by its content -----------------------------------------------------


@pytest.mark.parametrize("container", ["xlsx", "xls", "html", "csv_koma"])
def test_the_reading_process_gives_the_same(tmp_path: Path, container: str) -> None:
    path = lists.write(tmp_path, "daftar", container, lists.eppgbm(day=lists.DATES["sel_tanggal"]))
    far = open_sheet(path, path.name)
    assert (far.rows, far.kind) == (opened(path).rows, opened(path).kind)
    assert [child.values["child_name"] for child in read_all(far)] == [who.name for who in PEOPLE]


def test_a_page_reads_no_more_rows_than_it_needs(tmp_path: Path) -> None:
    """Blank rows are not counted; what stands below is looked at all the same."""
    born = "2024-03-05"
    rows = [["Nama", "Tgl Lahir"], [], ["Contoh Satu", born], ["Contoh Dua", born]]
    path = lists.write_csv(tmp_path / "a.csv", [*rows, ["x" * 500, ""]])
    assert open_sheet(path, "a.csv", first=2).rows == open_sheet(path, "a.csv").rows[:3]
    far = lists.write_csv(tmp_path / "b.csv", [*rows, *[["x", "y"]] * sheet.MAX_ROWS])
    with pytest.raises(sheet.Unreadable, match=r"lebih dari 50\.000 baris"):
        open_sheet(far, "b.csv", first=2)


@pytest.mark.parametrize(("container", "kind"), [("xlsx", "Excel (.xlsx)"), ("html", "tabel HTML")])
def test_a_wrong_name_is_no_obstacle(tmp_path: Path, container: str, kind: str) -> None:
    path = lists.write(tmp_path, "daftar", container, PLAIN)
    assert open_sheet(path, "daftar.csv").notes == [
        f"Isi berkas ini {kind}, bukan .csv; tetap dapat dibaca."
    ]
    assert open_sheet(path.rename(path.with_suffix(".bin")), "daftar").notes == []


def test_reading_knows_no_database() -> None:
    rooms = sheet.ROOT / "registry" / "imports"
    names = "ages cells columns csv_file dates html_table labels layouts numbers people reader rows"
    for name in f"{names} sheet tables told values workbook zip_check".split():
        ours = {m for m in _modules(rooms / f"{name}.py") if m.startswith(("registry", "accounts"))}
        allowed = ("registry.imports", "registry.names", "registry.identity")
        assert all(module.startswith(allowed) for module in ours), (name, ours)


def test_the_reading_process_knows_no_django() -> None:
    code = "import registry.imports.reader, sys; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=sheet.ROOT, check=False).returncode == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_in_every_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [["Nama", "Alamat", "Tgl Lahir"], ["Renée Contoh", "Jalan, Gang; 1", "2024-03-05"]]
    found = opened(lists.write_csv(tmp_path / "a.csv", rows, encoding, separator))
    assert found.rows == rows
    assert bool(found.notes) == (encoding == "cp1252")


def test_the_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nNama;Tgl Lahir\nContoh, Satu;2024-03-05\n")
    assert opened(path).rows == [["Nama", "Tgl Lahir"], ["Contoh, Satu", "2024-03-05"]]


def test_html_cells_are_read_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        "<html><head><script>tulis('KENARI')</script></head><body><table>"
        "<tr><th rowspan=2>Nama<th colspan=2>Lahir<th rowspan='2'>JK</tr>"
        "<tr><th>Tgl Lahir<th>Tempat</tr>"
        "<tr><td>Contoh&nbsp;<b>Satu</b> &amp; <script>KENARI</script><td>2024-03-05<td>A<br>B"
        "<td>L<table><tr><td>KENARI</table></tr>"
        "<!-- KENARI --></table>"
    )
    assert opened(path).rows == [
        ["Nama", "Lahir", "", "JK"],
        ["", "Tgl Lahir", "Tempat", ""],
        ["Contoh\xa0Satu &", "2024-03-05", "A B", "L"],
    ]
    assert read_all(opened(path))[0].values["child_name"] == "Contoh Satu &"


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-8-sig", "iso-8859-1"])
def test_html_in_other_letters(tmp_path: Path, encoding: str) -> None:
    rows = [PLAIN[0], ["Renée Contoh", "2024-03-05", "P"]]
    assert opened(lists.write_html(tmp_path / "a.xls", rows, encoding)).rows == rows


def test_a_formula_is_never_worked_out(tmp_path: Path) -> None:
    """What Excel last saw in the cell is read; without that there is nothing."""
    parts = lists.parts_of(lists.write_xlsx(tmp_path / "a.xlsx", PLAIN))
    cells = parts[hostile.SHEET].decode()
    old = "<is><t>Contoh Satu</t></is>"
    assert old in cells
    for kept, read in (("<v>Contoh Dua</v>", "Contoh Dua"), ("", "")):
        new = f'<f>WEBSERVICE("http://127.0.0.1/")</f>{kept}'
        changed = cells.replace(f't="inlineStr">{old}', f't="str">{new}')
        path = lists.pack(tmp_path / "b.xlsx", parts | {hostile.SHEET: changed.encode()})
        assert opened(path).rows[1][0] == read


# --- Which sheet --------------------------------------------------------------------------------


def test_the_sheet_with_a_header_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = lists.write_xlsx(
        tmp_path / "a.xlsx", PLAIN, ("Petunjuk", [["Isi lembar berikut"]]), ("Kosong", [])
    )
    found = opened(path)
    assert (found.name, found.others, found.rows[0]) == ("Data", ["Petunjuk", "Kosong"], PLAIN[0])


def test_without_a_header_the_sheet_is_asked_for(tmp_path: Path) -> None:
    rows = [["Nm Balita", "Lahir pada"], ["Contoh Satu", "2024-03-05"]]
    path = lists.write_xlsx(tmp_path / "a.xlsx", rows, ("Petunjuk", [["Isi lembar berikut"]]))
    with pytest.raises(Unreadable, match="Lembar mana") as refusal:
        open_sheet(path, "a.xlsx")
    assert refusal.value.sheets == ["Petunjuk", "Data"]
    assert open_sheet(path, "a.xlsx", "Data").rows == rows
    with pytest.raises(Unreadable, match="Lembar mana"):
        open_sheet(path, "a.xlsx", "Lembar lain")


def test_a_sheet_is_found_by_the_name_that_was_shown(tmp_path: Path) -> None:
    first = ("Lembar\u200b  A", [["Nama", "Tgl Lahir"], ["Contoh Dua", "2024-01-31"]])
    path = lists.write_xlsx(tmp_path / "a.xlsx", PLAIN, first, name="Lembar  B")
    assert opened(path).name == "Lembar A" and opened(path).others == ["Lembar B"]
    assert opened(path, "Lembar B").rows == PLAIN


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    import openpyxl

    path = lists.write_xlsx(tmp_path / "a.xlsx", PLAIN, ("Rujukan", [*PLAIN, ["Rahasia"]]))
    book = openpyxl.load_workbook(path)
    book["Rujukan"].sheet_state = "hidden"
    lists.save(book, path)
    assert (opened(path).name, opened(path).others) == ("Data", [])


# --- Header, preamble, totals -------------------------------------------------------------------


def test_the_day_of_the_data_is_found_above_the_header() -> None:
    header = layouts.find_header(a_sheet([["Data Tanggal : 30/06/2026"], *PLAIN]))
    assert (header.row_number, header.data_date) == (2, date(2026, 6, 30))
    assert layouts.find_header(a_sheet(PLAIN)).data_date is None


def test_rows_that_are_no_children_are_passed_over_and_told() -> None:
    rows = [
        *PLAIN[:1],
        ["(1)", "(2)", "(3)"],
        PLAIN[1],
        [],
        PLAIN[0],
        ["Contoh Dua", "2024-01-31", "P"],
        ["Jumlah", "", 2.0],
        ["Total: 2 anak"],
        ["", "", "Mengetahui, Kepala Puskesmas"],
        [" ", "-", ""],
    ]
    found = a_sheet(rows)
    header = layouts.find_header(found)
    kept = body(found, header, layouts.suggest(header.labels))
    assert [number for number, _ in kept.rows] == [3, 6]
    assert kept.notes == [
        "Baris kosong dilewati: 4.",
        "Baris jumlah atau keterangan dilewati: 7, 8, 9.",
        "Judul kolom yang terulang dilewati: baris 5.",
        "Nomor kolom di bawah judul dilewati: baris 2.",
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["Jumlah Contoh", "2024-03-05", "L"],  # a child may be called anything
        ["Total", "2024-03-05", ""],
        ["", "2024-03-05", "L"],  # the name is missing: refused with a reason, not passed over
        ["123", "2024-03-05", "L"],
        ["Contoh", "", "L"],
    ],
)
def test_a_row_of_a_child_is_never_passed_over(row: list[Any]) -> None:
    found = a_sheet([PLAIN[0], row])
    header = layouts.find_header(found)
    assert len(body(found, header, layouts.suggest(header.labels)).rows) == 1


def test_a_header_below_a_group_of_columns() -> None:
    rows = [
        ["No", "Nama Anak", "Tgl Lahir", "Nama Orang Tua", "", "Berat"],
        ["", "", "", "Ayah", "Ibu", ""],
        [1.0, "Contoh Satu", "2024-03-05", "Ayah Satu", "Ibu Satu", ""],
    ]
    header = layouts.find_header(a_sheet(rows))
    assert header.labels[3:5] == ["Nama Orang Tua · Ayah", "Nama Orang Tua · Ibu"]
    assert read_all(a_sheet(rows))[0].values["mother_name"] == "Ibu Satu"


def test_no_header_and_no_children_are_told_apart() -> None:
    with pytest.raises(Unreadable, match="Baris judul kolom tidak ditemukan"):
        layouts.find_header(a_sheet([["Nm Balita", "Lahir pada"], ["Contoh", "2024-03-05"]]))
    with pytest.raises(Unreadable, match="hanya berisi judul"):
        layouts.find_header(a_sheet([["Judul"], PLAIN[0], ["", "  "]]))
    assert layouts.find_header(a_sheet(PLAIN)).labels == PLAIN[0]


def test_a_person_may_point_at_the_header() -> None:
    rows = [["Judul"], ["Nm Balita", "Lahir pada"], ["Contoh Satu", "2024-03-05"]]
    header = layouts.find_header(a_sheet(rows), row_number=2)
    assert (header.row_number, header.labels) == (2, rows[1])
    with pytest.raises(Unreadable):
        layouts.find_header(a_sheet(rows), row_number=99)


# --- Columns ------------------------------------------------------------------------------------


def test_labels_are_known_however_they_are_written() -> None:
    said = labelled("NAMA  ANAK *", "tgl. lahir", "Jenis Kelamin (L/P)", "BB (kg)", "PB/TB (cm)",
                    "TANGGAL UKUR", "Z-Score TB/U", "N/T", "Foto KK")  # fmt: skip
    assert list(said.values()) == [
        "child_name", "birth_date", "sex", "weight_kg", "length_height_cm", "measured_on",
        "told_haz", "gain", "document_url",
    ]  # fmt: skip


def test_an_age_is_trusted_only_without_a_birth_date() -> None:
    assert labelled("Nama", "Umur")["Umur"] == "age_months"
    assert labelled("Nama", "Umur (bulan)")["Umur (bulan)"] == "age_in_months"
    assert labelled("Nama", "Tgl Lahir", "Umur")["Umur"] == "told_age"


def test_a_second_column_of_a_kind_is_left_to_a_person() -> None:
    said = labelled("Nama", "Nama Anak", "Tgl Ukur", "Berat", "Berat Badan", "Cara Ukur")
    assert list(said) == ["Nama", "Tgl Ukur", "Berat", "Cara Ukur"]


def test_every_suggested_column_can_be_read() -> None:
    from registry.imports.columns import CHILD, TOLD, VISIT

    assert set(CHILD | VISIT | TOLD) == set(layouts.FIELDS)


@pytest.mark.parametrize("key", ["id", "ID", "client_id", "client_uuid", "Kode", "kode anak"])
def test_keys_are_never_read(key: str) -> None:
    labels = [key, "Nama", "Tgl Lahir"]
    assert 0 not in layouts.suggest(labels)
    assert layouts.refused(labels) == [
        f"Kolom “{key}” tidak dibaca: anak dikenali dari NIK, atau dari nama, tanggal lahir, "
        "dan desanya."
    ]
    assert layouts.refused(["Nama", "NIK", "ID Posyandu"]) == []


def test_no_key_has_a_meaning() -> None:
    assert {label for label in KEYS if field_of(label)} == set()
    assert is_key("Kode (jangan diubah)") and is_key("Anak · kode") and not is_key("Kode pos")


def test_a_header_is_known_again_by_its_labels() -> None:
    mark = layouts.fingerprint(["Nama", "Tgl Lahir"])
    assert mark == layouts.fingerprint(["NAMA ", "tgl. lahir"]) and len(mark) == 64
    assert mark != layouts.fingerprint(["Tgl Lahir", "Nama"])
    assert mark != layouts.fingerprint(["Nama", "Tgl Lahir", "JK"])


# --- Long cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize("container", ["xlsx", "csv_koma", "html"])
def test_a_cell_too_long_is_reported_not_cut(tmp_path: Path, container: str) -> None:
    rows = [[*PLAIN[0], "Alamat", "Catatan"]]
    rows += [["Contoh Satu", "2024-03-05", "L", "x" * 201, "y" * 5000]]
    rows += [["Contoh Dua", "2024-03-05", "L", "x" * 200, ""]]
    found = open_sheet(lists.write(tmp_path, "panjang", container, rows), "panjang.csv")
    assert (found.rows[1][3], found.rows[1][4]) == (TooLong(201), TooLong(5000))
    long, fits = read_all(found)
    assert long.problems == ["Alamat: isinya 201 huruf. Tulis paling banyak 200 huruf."]
    assert fits.problems == [] and len(fits.values["address"]) == 200


def test_a_long_list_arrives_whole(tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "a.csv", lists.children(1205))
    found = open_sheet(path, "a.csv")
    children = read_all(found)
    assert len(children) == 1205 and not any(child.problems for child in children)
    assert children[-1].values["child_name"] == "Anak Contoh 1204"


def test_read_row_is_the_same_row_by_row() -> None:
    columns = layouts.suggest(PLAIN[0])
    assert read_row(PLAIN[1], columns) == read_all(a_sheet(PLAIN))[0]
    assert read_row(PLAIN[1][:1], columns).problems == ["Tanggal lahir kosong."]
