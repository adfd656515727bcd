"""What may be asked for in an address, and the refusals: a code for machines and a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from regions.models import Programme
from reports.api.fields import DAY, MONTH, TEXT, Field, Schema, shape
from reports.months import CENTURY, Month

MOST = 200
# code -> (status, sentence)
REFUSALS = {
    "kunci": (401, "Kunci baca tidak berlaku. Kirim kunci yang berlaku pada kepala Authorization."),
    "cakupan": (403, "Kunci ini tidak boleh membaca data ini."),
    "alamat": (404, "Alamat ini tidak ada. Daftar alamat ada di /api/v1/openapi.json."),
    "cara": (405, "Alamat ini hanya dapat dibaca (GET)."),
    "batas": (429, "Terlalu banyak permintaan. Coba lagi setelah beberapa saat."),
}
UNKNOWN = "Isian {} tidak dikenal di alamat ini."
BODY = (
    Field("kode", TEXT, lambda refusal: refusal.code),
    Field("pesan", TEXT, lambda refusal: refusal.sentence),
)
REFUSED = shape(BODY)
_DIGITS = re.compile(r"\d{1,4}", re.ASCII)


class NotAnswered(Exception):
    """Why an address is not answered: ``code`` of REFUSALS, or "isian" for what was asked."""

    def __init__(self, code: str, sentence: str = "", *, wait: int = 0) -> None:
        super().__init__(code)
        self.code, self.wait = code, wait
        self.status, self.sentence = REFUSALS.get(code, (400, sentence))


@dataclass(frozen=True)
class Parameter:
    """One question of an address. ``read`` gives its value, or raises ValueError."""

    name: str
    schema: Schema
    says: str
    read: Callable[[str, Programme], Any]
    default: Any = None
    filters: bool = True  # named in the event log


def asked(parameters: tuple[Parameter, ...], given: Mapping[str, str], on: Programme) -> Any:
    """Every value by its name, defaults included. Raises NotAnswered for the rest."""
    for name in set(given) - {parameter.name for parameter in parameters}:
        raise NotAnswered("isian", UNKNOWN.format(name[:40]))
    return {p.name: _read(p, given, on) for p in parameters}


def _read(parameter: Parameter, given: Mapping[str, str], on: Programme) -> Any:
    if parameter.name not in given:
        return parameter.default
    try:
        return parameter.read(given[parameter.name], on)
    except ValueError as error:
        sentence = f"Isian {parameter.name} tidak dapat dibaca. {parameter.says}"
        raise NotAnswered("isian", sentence) from error


# --- The questions -------------------------------------------------------------------------------


def _month(text: str, on: Programme) -> Month:
    month = Month.read(text)
    if month is None or month.first > on.today():
        raise ValueError(text)
    return month


def _moment(text: str, on: Programme) -> datetime:
    """A day begins at midnight in the kecamatan, and a time without a zone is on its clock."""
    day = parse_date(text)
    moment = datetime.combine(day, time.min) if day else parse_datetime(text)
    if moment is None or moment.year not in CENTURY or not text.isascii():
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=on.tz)


def _size(least: int) -> Callable[[str, Programme], int]:
    def read(text: str, on: Programme) -> int:
        if not _DIGITS.fullmatch(text) or not least <= int(text) <= MOST:
            raise ValueError(text)
        return int(text)

    return read


def size(name: str, least: int = 1) -> Parameter:
    schema = {"type": "integer", "minimum": least, "maximum": MOST, "default": 100}
    says = f"Banyaknya baris satu halaman, {least} sampai {MOST}."
    return Parameter(name, schema, says, _size(least), default=100, filters=False)


BULAN = Parameter("bulan", MONTH, "Tulis tahun dan bulan, misalnya 2026-10.", _month)
SEJAK = Parameter(
    "sejak", {"anyOf": [DAY, {"type": "string", "format": "date-time"}]},
    "Hanya yang dicatat atau diperbaiki sejak saat ini, misalnya 2026-10-01.", _moment,
)  # fmt: skip
HAL = Parameter(
    "hal", TEXT, "Letak halaman: ikuti saja tautan halaman berikutnya.", lambda text, on: text,
    default="", filters=False,
)  # fmt: skip
