"""Reading exported files back, as an importer does: texts as they were, dates, numbers."""

import csv
import io
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from registry.exports.cells import plain

Rows = list[dict[str, Any]]


def body(answer: Any) -> bytes:
    """Everything a download sends."""
    return b"".join(answer.streaming_content)


def of_csv(content: bytes) -> Rows:
    """The rows of a CSV by their headings, all of them texts."""
    text = content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def of_openpyxl(content: bytes, sheet: str) -> Rows:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" for page in book for row in page for cell in row)
    return _rows([[cell.value for cell in row] for row in book[sheet]])


def of_calamine(content: bytes, sheet: str) -> Rows:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return _rows(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))


def cover(content: bytes) -> dict[str, Any]:
    """The first sheet: what the file says of itself; notes of one name are one text."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "Keterangan"
    found: dict[str, Any] = {}
    for name, value in book.worksheets[0].iter_rows(values_only=True):
        found[str(name)] = f"{found[str(name)]} {value}" if name in found else value
    return found


def _rows(table: list[list[Any]]) -> Rows:
    head, *rows = table
    return [{str(name): _value(cell) for name, cell in zip(head, row, strict=True)} for row in rows]


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, datetime) and not cell.time().hour:
        return cell.date()
    return "" if cell is None else cell


def through_libreoffice(content: bytes, folder: Path, program: str) -> bytes:
    """The file opened and saved anew by LibreOffice without a screen."""
    given = folder / "daftar.xlsx"
    given.write_bytes(content)
    out = folder / "disimpan"
    command = [program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/lo",
               "--convert-to", "xlsx", "--outdir", str(out), str(given)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (out / "daftar.xlsx").read_bytes()


def is_day(value: Any) -> bool:
    return isinstance(value, date)
