"""A list as it comes out of a file: rows of plain cells, whatever the file is called.

The file itself is opened by ``reader.py`` in a process of its own, where memory and time have an
end; here its rows arrive. Knows neither Django nor what the columns mean.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 150
MAX_CELL = 200  # letters
SECONDS = 120  # of the clock; reader.py has its own limit of computing time

ROOT = Path(__file__).resolve().parents[2]

SAVE_AGAIN = (
    "Buka dengan Excel atau Google Sheets, simpan ulang sebagai .xlsx, lalu unggah hasilnya."
)
SPLIT = "Bagi menjadi beberapa berkas, misalnya satu untuk tiap desa."
EMPTY = "Berkas ini kosong. Pilih berkas yang berisi daftar anak."
LOCKED = "Berkas ini terkunci kata sandi. Simpan ulang tanpa kata sandi, lalu unggah lagi."
BROKEN = "Berkas ini rusak atau tidak lengkap. Unduh atau salin sekali lagi, lalu unggah lagi."
UNUSUAL = f"Susunan berkas ini tidak lazim, jadi tidak dibuka. {SAVE_AGAIN}"
MACROS = f"Berkas ini membawa makro. {SAVE_AGAIN}"
OTHER_PROGRAM = f"Jenis berkas ini belum dapat dibaca. {SAVE_AGAIN}"
WRONG_KIND = "Berkas ini bukan daftar. Unggah daftar dari Excel (.xlsx, .xls) atau CSV."
TOO_BIG = f"Isi berkas ini lebih dari {MAX_BYTES // 1024**2} MB. {SPLIT}"
TOO_LARGE = (
    "Isi berkas ini terlalu banyak untuk dibaca sekaligus. Hapus baris dan kolom kosong di "
    "luar daftar, atau bagi menjadi beberapa berkas, misalnya satu untuk tiap desa."
)
TOO_MANY_ROWS = (
    f"Daftar ini lebih dari {MAX_ROWS // 1000}.000 baris. Hapus baris kosong di bawahnya, atau "
    "bagi menjadi beberapa berkas, misalnya satu untuk tiap desa."
)
TOO_WIDE = (
    f"Daftar ini lebih dari {MAX_COLUMNS} kolom. Hapus kolom di luar daftar, lalu unggah lagi."
)
NO_TABLE = "Berkas ini tidak berisi tabel. Unduh daftarnya sekali lagi, lalu unggah lagi."
WHICH_SHEET = (
    "Lembar mana yang berisi daftar anak? Berkas ini punya beberapa lembar ({}), dan tidak satu "
    "pun berjudul kolom Nama dan Tanggal Lahir. Pilih satu, atau sisakan satu lalu unggah lagi."
)


class Unreadable(Exception):
    """Why a file cannot be read, as the sentence to show. ``sheets``: names to choose from."""

    def __init__(self, sentence: str, sheets: list[str] | None = None) -> None:
        super().__init__(sentence)
        self.sheets = sheets or []


@dataclass(frozen=True, slots=True)
class TooLong:
    """A cell of more than ``MAX_CELL`` letters: what it holds is not read, only counted."""

    letters: int


# Text, or a number where the file has a number cell. A date cell is ISO text; empty is "".
Cell = str | float | TooLong
Row = list[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, its first row first. ``others`` are the sheets of the file that were not read."""

    rows: list[Row]
    kind: str  # xlsx, xls, csv or html
    name: str = ""
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def open_sheet(
    path: str | os.PathLike[str], file_name: str, sheet_name: str = "", first: int | None = None
) -> Sheet:
    """Read a list by what the file holds, whatever it is called.

    Of several sheets the first with a header is read, or ``sheet_name``. ``first``: no more rows
    than it takes to have so many with something in them; all are looked at all the same. Raises
    Unreadable with the sentence to show.
    """
    size = Path(path).stat().st_size
    if not size:
        raise Unreadable(EMPTY)
    if size > MAX_BYTES:
        raise Unreadable(TOO_BIG)
    rows, told = _arriving(Path(path), sheet_name, first)
    for row, column, letters in told["long"]:
        if row < len(rows):
            rows[row][column] = TooLong(letters)
    notes = [*told["notes"], *_about_the_name(file_name, told["kind"])]
    return Sheet(rows, told["kind"], told["name"], told["others"], notes)


def _arriving(path: Path, sheet_name: str, first: int | None) -> tuple[list[Row], dict[str, Any]]:
    """The rows as the reading process sends them, and what it tells at the end."""
    command = [
        *(sys.executable, "-s", "-m", "registry.imports.reader"),
        *(str(path.absolute()), sheet_name, str(first or "")),
    ]
    rows: list[Row] = []
    told: dict[str, Any] | None = None
    child = subprocess.Popen(  # noqa: S603  our own module, and a path we chose
        command, cwd=ROOT, env={}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    clock = threading.Timer(SECONDS, child.kill)
    clock.start()
    try:
        for part in _parts(child.stdout):
            if isinstance(part, dict):
                told = part
            else:
                rows += part
    finally:
        clock.cancel()
        child.kill()
        child.communicate()
    if told is None:  # it met one of its limits, and ended without a word
        raise Unreadable(TOO_LARGE)
    if "refused" in told:
        raise Unreadable(told["refused"], told["sheets"])
    return rows, told


def _parts(stream: Any) -> Iterator[list[Row] | dict[str, Any]]:
    """Rows by the hundred; equal texts become one text, which a list of thousands has many of."""
    known: dict[Cell, Cell] = {}
    same = known.setdefault
    for line in stream:
        part = json.loads(line)
        if isinstance(part, list):
            part = [[same(cell, cell) for cell in row] for row in part]
        yield part


_ENDINGS = {"xlsx": {"xlsx"}, "xls": {"xls"}, "csv": {"csv", "txt", "tsv"}, "html": {"html", "htm"}}
_KINDS = {"xlsx": "Excel (.xlsx)", "xls": "Excel lama (.xls)", "csv": "CSV", "html": "tabel HTML"}


def _about_the_name(file_name: str, kind: str) -> list[str]:
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    if not ending or ending in _ENDINGS[kind]:
        return []
    return [f"Isi berkas ini {_KINDS[kind]}, bukan .{ending[:8]}; tetap dapat dibaca."]
