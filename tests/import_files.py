"""Lists as they arrive, made by this script: every header, value format and container.

``.venv/bin/python -m tests.import_files FOLDER`` writes them all, and the hostile ones too, to be
looked at or tried in the portal. All people are synthetic. The same call gives the same content.
"""

import csv
import html
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from registry.imports import layouts, reader
from registry.imports.rows import body
from registry.imports.sheet import Sheet, TooLong
from registry.imports.values import Read, RowReader

Rows = list[list[Any]]


@dataclass(frozen=True)
class Person:
    """A synthetic child, and one visit."""

    name: str
    sex: str
    born: date
    nik: str
    kk: str
    father: str
    mother: str
    desa: str
    posyandu: str
    birth_kg: str
    birth_cm: str
    measured_on: date
    weight: str
    length: str
    posture: str


PEOPLE = (
    Person("Contoh Satu", "L", date(2024, 3, 5), "3302200503240001", "3302200101200001",
           "Ayah Satu", "Ibu Satu", "Kembaran", "Melati 1", "3.1", "49.5", date(2026, 6, 9),
           "10.6", "81.5", "Berdiri"),
    Person("Contoh Dua", "P", date(2025, 1, 31), "3302207101250002", "3302200101200002",
           "Ayah Dua", "Ibu Dua", "Ledug", "Mawar 2", "2.9", "48", date(2026, 6, 9), "8.25", "74",
           "Terlentang"),
    Person("Contoh Tiga", "P", date(2023, 12, 12), "3302205212230003", "3302200101200003",
           "Ayah Tiga", "Ibu Tiga", "Sambeng Kulon", "Anggrek", "3.4", "50", date(2026, 6, 10),
           "11.9", "85.3", "Berdiri"),
)  # fmt: skip

# --- How values are written ----------------------------------------------------------------------

_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
MONTHS = _MONTHS.split()
DATES: dict[str, Callable[[date], Any]] = {
    "iso": date.isoformat,
    "garis_miring": lambda day: f"{day:%d/%m/%Y}",
    "strip": lambda day: f"{day:%d-%m-%Y}",
    "titik": lambda day: f"{day:%d.%m.%Y}",
    "kata": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    "angka_excel": lambda day: (day - date(1899, 12, 30)).days,
    "sel_tanggal": lambda day: day,
}
NUMBERS: dict[str, Callable[[str], Any]] = {
    "titik": str,
    "koma": lambda number: number.replace(".", ","),
    "sel_angka": float,
    "spasi": lambda number: f"\u00a0{number} ",
}


def age_words(born: date, on: date) -> str:
    """``2 Tahun - 3 Bulan - 13 Hari``, as the national application writes it."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    since = date(year, month + 1, min(born.day, 28))
    return f"{months // 12} Tahun - {months % 12} Bulan - {min((on - since).days, 30)} Hari"


# --- The header variants of domain.md §6.1 -------------------------------------------------------

EPPGBM = (
    "NIK,Nama,JK,Tgl Lahir,BB Lahir,TB Lahir,Nama Ortu,Prov,Kab/Kota,Kec,Pukesmas,Desa/Kel,"
    "Posyandu,RT,RW,Alamat,Usia Saat Ukur,Tanggal Pengukuran,Bulan Pengukuran,Status Bulan,"
    "status tahun,Berat,Tinggi,Cara Ukur,LiLA,BB/U,ZS BB/U,TB/U,ZS TB/U,BB/TB,ZS BB/TB,"
    "Naik Berat Badan,PMT Diterima (kg),Jml Vit A,KPSP,KIA,Detail Status,status desa"
).split(",")
EPPGBM_2025 = (
    "No,NIK,Nama,JK,Tgl Lahir,BB Lahir,TB Lahir,Nama Ortu,Prov,Kab/Kota,Kec,Pukesmas,Desa/Kel,"
    "Posyandu,RT,RW,Alamat,Usia Saat Ukur,Tanggal Pengukuran,Berat,Tinggi,Cara Ukur,LiLA,BB/U,"
    "ZS BB/U,TB/U,ZS TB/U,BB/TB,ZS BB/TB,Naik Berat Badan,Jml Vit A,KPSP,KIA,Kelas Ibu Balita,"
    "MBG,Detail"
).split(",")
OPERASI_TIMBANG = (
    "Nama Anak;Jenis Kelamin;Tanggal Lahir;NIK;Nomor KK;Anak Ke;Nama Orang Tua (Ibu/Ayah);"
    "NIK Orang Tua;No HP Orang Tua;Alamat;RT;Kecamatan;Puskesmas;Kelurahan;Posyandu;"
    "Usia Kehamilan (minggu);Berat Lahir - Sasaran (kg);Panjang Lahir - Sasaran (cm);"
    "Lingkar Kepala Lahir (cm);IMD;Tanggal Pengukuran;Berat (kg);Tinggi (cm);Cara Ukur;LiLA (cm);"
    "ZS BB/U;ZS TB/U;ZS BB/TB;Naik Berat Badan;Jml Vit A;Kelas Ibu Balita;MBG"
).split(";")
GASKEN = (
    "Timestamp,Nama Kader,Kelurahan/Desa,Nama Anak,Umur Anak,Nama Orang Tua,Pekerjaan,Alamat,"
    "Link Foto KK/Akta"
).split(",")
DATA_DASAR = (
    "No. KK,NIK Anak,Nama Anak,Tanggal Lahir,Jenis Kelamin,Anak Ke,Berat Lahir (kg),"
    "Panjang Lahir (cm),NIK Ibu,NIK Ayah,Nama Ibu,Alamat,ID Posyandu,ID Puskesmas"
).split(",")
PEMANTAUAN = (
    "NIK Anak,Nama Anak,Bulan,Tanggal Penimbangan,Berat Badan (kg),Tinggi Badan (cm),"
    "Lingkar Kepala (cm),LILA (cm),Status BB/U,Status TB/U,Status BB/TB"
).split(",")
WIDE_PERSON = "NO,NIK,NAMA ANAK,JK,TGL LAHIR,NAMA ORTU,DESA,POSYANDU,ALAMAT".split(",")
WIDE_VISIT = "TGL UKUR,UMUR,BERAT,TINGGI,CARA UKUR".split(",")


def eppgbm(
    header: Sequence[str] = EPPGBM, day: Callable[[date], Any] = DATES["iso"],
    number: Callable[[str], Any] = NUMBERS["titik"],
) -> Rows:  # fmt: skip
    """A national export: a preamble of six rows, the header, the children, a total."""
    preamble = [
        ["LAPORAN STATUS GIZI BALITA"],
        ["Puskesmas: KEMBARAN I"],
        ["Kecamatan: KEMBARAN"],
        ["data tanggal: 2026-06-30"],
        [],
        ["Contoh, bukan data sebenarnya"],
    ]
    rows = [_by_header(header, _eppgbm_row(i, who, day, number)) for i, who in enumerate(PEOPLE, 1)]
    return [*preamble, list(header), *rows, [], ["Jumlah", len(rows)]]


def _eppgbm_row(i: int, who: Person, day: Any, number: Any) -> dict[str, Any]:
    return {
        "No": i, "NIK": f"'{who.nik}", "Nama": who.name, "Nama Anak": who.name, "JK": who.sex,
        "Jenis Kelamin": {"L": "Laki-laki", "P": "Perempuan"}[who.sex],
        "Tgl Lahir": day(who.born), "Tanggal Lahir": day(who.born), "Nomor KK": who.kk,
        "BB Lahir": number(who.birth_kg), "TB Lahir": number(who.birth_cm),
        "Berat Lahir - Sasaran (kg)": number(who.birth_kg),
        "Panjang Lahir - Sasaran (cm)": number(who.birth_cm), "Anak Ke": 2,
        "Nama Ortu": f"{who.father} / {who.mother}", "NIK Orang Tua": "330220**********",
        "Nama Orang Tua (Ibu/Ayah)": f"{who.mother}/{who.father}",
        "No HP Orang Tua": 81200000000 + i, "Usia Kehamilan (minggu)": 39,
        "Prov": "JAWA TENGAH", "Kab/Kota": "BANYUMAS",
        "Kec": "KEMBARAN", "Kecamatan": "KEMBARAN", "Pukesmas": "KEMBARAN I",
        "Puskesmas": "KEMBARAN I", "Desa/Kel": who.desa.upper(), "Kelurahan": who.desa.upper(),
        "Posyandu": who.posyandu, "RT": "003", "RW": "001", "Alamat": "Jalan Contoh 5",
        "Usia Saat Ukur": age_words(who.born, who.measured_on),
        "Tanggal Pengukuran": day(who.measured_on), "Bulan Pengukuran": "Juni",
        "Berat": number(who.weight), "Berat (kg)": number(who.weight),
        "Tinggi": number(who.length), "Tinggi (cm)": number(who.length), "Cara Ukur": who.posture,
        "LiLA": "-", "LiLA (cm)": "-", "BB/U": "Kurang", "ZS BB/U": number("-2.13"),
        "TB/U": "Pendek", "ZS TB/U": number("-2.34"), "BB/TB": "Gizi Baik",
        "ZS BB/TB": number("-1.04"), "Naik Berat Badan": "N", "Jml Vit A": "1",
    }  # fmt: skip


def operasi_timbang(**how: Any) -> Rows:
    return eppgbm(OPERASI_TIMBANG, **how)


def eppgbm_2025(**how: Any) -> Rows:
    return eppgbm(EPPGBM_2025, **how)


def gasken(
    day: Callable[[date], Any] = DATES["garis_miring"], number: Callable[[str], Any] = str
) -> Rows:
    """The sheet behind GASKEN's Google Form: ages in words, one parent, no birth date."""
    ages = ("1,5 th", "18 bln", "2 Tahun - 3 Bulan - 13 Hari")
    told = [
        [f"{day(date(2025, 11, 12))} 9:30:15", "Kader Contoh", who.desa, who.name, age, who.mother,
         "Nelayan", "Jalan Contoh RT 1", "https://contoh.invalid/foto?id=1"]
        for who, age in zip(PEOPLE, ages, strict=True)
    ]  # fmt: skip
    return [list(GASKEN), *told]


def data_dasar(
    day: Callable[[date], Any] = DATES["iso"], number: Callable[[str], Any] = NUMBERS["titik"]
) -> Rows:
    return [
        list(DATA_DASAR),
        *(
            [who.kk, who.nik, who.name, day(who.born), who.sex, 1, number(who.birth_kg),
             number(who.birth_cm), "", "", who.mother, "Jalan Contoh 5", "P-01", "K-01"]
            for who in PEOPLE
        ),
    ]  # fmt: skip


def pemantauan(
    day: Callable[[date], Any] = DATES["iso"], number: Callable[[str], Any] = NUMBERS["titik"]
) -> Rows:
    return [
        list(PEMANTAUAN),
        *(
            [who.nik, who.name, "Juni", day(who.measured_on), number(who.weight),
             number(who.length), "-", "-", "Berat Badan Kurang", "Pendek", "Gizi Baik"]
            for who in PEOPLE
        ),
    ]  # fmt: skip


def wide(
    day: Callable[[date], Any] = DATES["iso"], number: Callable[[str], Any] = NUMBERS["titik"],
    months: int = 12,
) -> Rows:  # fmt: skip
    """The 12-month template: months over their columns on row 1, children from row 3."""
    top = [""] * len(WIDE_PERSON)
    for name in MONTHS[:months]:
        top += [name.upper(), "", "", "", ""]
    rows = []
    for i, who in enumerate(PEOPLE, 1):
        row: list[Any] = [
            i,
            f"'{who.nik}",
            who.name,
            who.sex,
            day(who.born),
            f"{who.father} & {who.mother}",
            who.desa,
            who.posyandu,
            "Jalan Contoh",
        ]
        for month in range(1, months + 1):
            # The second child came only in the first three months of the year.
            row += (
                _wide_visit(who, date(2026, month, 9), day, number)
                if month < 4 or i != 2
                else (["", "-", "", "", ""])
            )
        rows.append(row)
    return [top, [*WIDE_PERSON, *WIDE_VISIT * months], *rows]


def _wide_visit(who: Person, on: date, day: Any, number: Any) -> list[Any]:
    weight = f"{float(who.weight) + on.month / 10:.2f}"
    return [day(on), age_words(who.born, on), number(weight), number(who.length), who.posture]


def _by_header(header: Sequence[str], values: dict[str, Any]) -> list[Any]:
    return [values.get(label, "-") for label in header]


VARIANTS: dict[str, Callable[..., Rows]] = {
    "eppgbm": eppgbm,
    "eppgbm_2025": eppgbm_2025,
    "operasi_timbang": operasi_timbang,
    "gasken": gasken,
    "data_dasar": data_dasar,
    "pemantauan": pemantauan,
    "tahunan": wide,
}

# --- Containers ----------------------------------------------------------------------------------


def write_xlsx(path: Path, rows: Rows, *more: tuple[str, Rows], name: str = "Data") -> Path:
    """A workbook; ``more`` sheets stand before the one with ``rows``."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, its_rows in (*more, (name, rows)):
        sheet = book.create_sheet(title)
        for number, row in enumerate(its_rows, 1):
            for column, cell in enumerate(row, 1):
                sheet.cell(number, column).value = None if cell == "" else cell
    return save(book, path)


def write_merged(path: Path, rows: Rows) -> Path:
    """The wide template, its months merged over their five columns."""
    book = openpyxl.load_workbook(write_xlsx(path, rows))
    for at, text in enumerate(rows[0], 1):
        if text:
            book.active.merge_cells(start_row=1, end_row=1, start_column=at, end_column=at + 4)
    return save(book, path)


def save(book: openpyxl.Workbook, path: Path) -> Path:
    """The workbook without the hour of its making: the same rows are the same bytes."""
    book.save(path)
    parts = parts_of(path)
    for name, content in parts.items():
        parts[name] = re.sub(rb"20\d\d-\d\d-\d\dT[\d:]+Z", b"2026-06-30T00:00:00Z", content)
    return pack(path, parts)


def parts_of(path: Path) -> dict[str, bytes]:
    """The members of a zip by name."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def pack(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of these members, dated 1980."""
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), content, method)
    return path


def write_xls(path: Path, rows: Rows) -> Path:
    """A real BIFF file."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    dated = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, column, cell, dated)
            elif cell != "":
                sheet.write(number, column, cell)
    book.save(str(path))
    return path


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def write_html(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    """An HTML table, as the national application downloads it under the name ``.xls``."""
    lines = [
        "<html><head><meta charset='" + encoding + "'><style>td{mso-number-format:'\\@'}</style>"
    ]
    lines += ["</head><body><table border=1><tr><td>Judul di tabel lain</td></tr></table>"]
    lines += ["<table border='1'>"]
    for row in rows:
        cells = "".join(f"<td x:str>{html.escape(str(cell))}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    path.write_text("\n".join([*lines, "</table></body></html>"]), encoding=encoding)
    return path


CONTAINERS: dict[str, tuple[str, Callable[[Path, Rows], Path]]] = {
    "xlsx": (".xlsx", write_xlsx),
    "xls": (".xls", write_xls),
    "html": (".xls", write_html),
    "csv_koma": (".csv", write_csv),
    "csv_titik_koma": (".csv", lambda path, rows: write_csv(path, rows, separator=";")),
    "csv_tab": (".txt", lambda path, rows: write_csv(path, rows, separator="\t")),
    "csv_bom": (".csv", lambda path, rows: write_csv(path, rows, "utf-8-sig", ";")),
    "csv_cp1252": (".csv", lambda path, rows: write_csv(path, rows, "cp1252", ";")),
    "csv_utf16": (".csv", lambda path, rows: write_csv(path, rows, "utf-16", "\t")),
}


def write(folder: Path, name: str, container: str, rows: Rows) -> Path:
    """One list in one container."""
    ending, writer = CONTAINERS[container]
    return writer(folder / f"{name}-{container}{ending}", rows)


def opened(path: Path, sheet_name: str = "") -> Sheet:
    """As ``open_sheet``, in this process: quicker, for files that do no harm."""
    parts: list[Any] = list(reader.told(path, sheet_name))
    told = parts.pop()
    lines = [row for part in parts for row in part]
    for at, column, letters in told["long"]:
        lines[at][column] = TooLong(letters)
    return Sheet(lines, told["kind"], told["name"], told["others"], told["notes"])


def read_all(sheet: Sheet) -> list[Read]:
    """Every child of a list, by the mapping that is suggested for it."""
    header = layouts.find_header(sheet)
    columns = layouts.suggest(header.labels)
    found = RowReader(columns)
    return [found.read(row) for _, row in body(sheet, header, columns).rows]


def children(count: int) -> Rows:
    """A national export of so many synthetic children."""
    rows = []
    for i in range(count):
        born = date(2022, 1, 1) + timedelta(days=i * 7919 % 1500)
        day = born.day + 40 * (i % 2)
        rows.append([
            i + 1, f"330220{day:02d}{born:%m%y}{i % 9999 + 1:04d}", f"Anak Contoh {i}", "LP"[i % 2],
            born.isoformat(), f"{2 + i % 20 / 10:.1f}", "49", f"Ayah Contoh {i} / Ibu Contoh {i}",
            "JAWA TENGAH", "BANYUMAS", "KEMBARAN", "KEMBARAN I", f"DESA {i % 16}",
            f"MELATI {i % 40}", "001", "002", "Jalan Contoh", "2 Tahun - 3 Bulan - 13 Hari",
            "2026-06-09", f"{6 + i % 90 / 10:.1f}", f"{60 + i % 400 / 10:.1f}", "Berdiri", "-",
            "Normal", "-1.73", "Pendek", "-2.34", "Gizi Baik", "-0.5", "N", "1", "-", "-", "-", "-",
            "-",
        ])  # fmt: skip
    return [list(EPPGBM_2025), *rows]


def main(folder: Path) -> None:
    from tests import hostile_files

    folder.mkdir(parents=True, exist_ok=True)
    for variant, rows in VARIANTS.items():
        for container in CONTAINERS:
            write(folder, variant, container, rows())
    for name, day in DATES.items():
        write_xlsx(folder / f"tanggal-{name}.xlsx", eppgbm(day=day))
    for name, number in NUMBERS.items():
        write_xlsx(folder / f"bilangan-{name}.xlsx", eppgbm(number=number))
    write_merged(folder / "tahunan-gabung.xlsx", wide())
    hostile_files.write_all(folder / "berbahaya")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
