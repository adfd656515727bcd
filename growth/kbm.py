"""KBM, kenaikan berat minimal: the least weight a child gains in one month, per sex and age.

The table is data with its source and date: a programme may enter versions of its own, each in
force from a day on; an old visit keeps the table of its day. KBM is for about one month and is
never scaled to a longer gap (domain.md §1.7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

MONTHS = 60  # a table has one number for each age reached, 1 to 60 completed months
LEAST_G, MOST_G = 50, 2000  # what a monthly minimum in grams can be


@dataclass(frozen=True, slots=True)
class Table:
    """Grams by age reached, months 1–60, boys and girls; ``since``: the day it holds from.

    The default's ``since`` is the date of its source; it also holds for every earlier day.
    """

    since: date
    source: str
    boys: tuple[int, ...]
    girls: tuple[int, ...]

    def grams(self, sex: str, months: int) -> int | None:
        """The KBM (g) for L or P at this age in completed months.

        Before the first completed month it is the first month's; None from 60 months on.
        """
        if not 0 <= months < MONTHS:
            return None
        return (self.boys if sex == "L" else self.girls)[max(months, 1) - 1]


# Domain.md §1.7. Boys and girls differ in months 7 and 11 only.
_BOYS = (800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300)
_GIRLS = (800, 900, 800, 600, 500, 400, 300, 300, 300, 300, 200)
DEFAULT = Table(
    since=date(2023, 5, 6),
    source="Buku KIA 2023 hlm. 54; angka per jenis kelamin menurut tabel KMS",
    boys=_BOYS + (200,) * (MONTHS - len(_BOYS)),
    girls=_GIRLS + (200,) * (MONTHS - len(_GIRLS)),
)


def in_force(versions: Iterable[Mapping[str, Any]] | None, on: date) -> Table:
    """The table that holds on a day: the newest sound version begun by then, else the default.

    A version is ``{"from": "YYYY-MM-DD", "source": str, "L": [60 grams], "P": [60 grams]}``.
    """
    begun = [table for table in tables(versions) if table.since <= on]
    return max(begun, key=lambda table: table.since, default=DEFAULT)


def tables(versions: Iterable[Mapping[str, Any]] | None) -> list[Table]:
    """The sound versions as tables, oldest first; what has problems is left out."""
    found = [_table(version) for version in versions or () if not problems(version)]
    return sorted(found, key=lambda table: table.since)


def problems(version: Any) -> list[str]:
    """What stands against a version, in sentences for the person who typed it; [] = sound."""
    if not isinstance(version, Mapping):
        return ["Tabel KBM tidak terbaca."]
    found = []
    if _day(version.get("from")) is None:
        found.append("Tulis tanggal mulai berlakunya tabel ini.")
    if not str(version.get("source") or "").strip():
        found.append("Tulis sumber tabel ini, misalnya judul buku dan halamannya.")
    for sex, words in (("L", "laki-laki"), ("P", "perempuan")):
        found += _column_problems(version.get(sex), words)
    return found


def _column_problems(column: Any, words: str) -> list[str]:
    if not isinstance(column, list | tuple) or len(column) != MONTHS:
        return [f"Isi KBM {words} untuk umur 1 sampai {MONTHS} bulan, satu angka tiap bulan."]
    wrong = [str(month) for month, grams in enumerate(column, 1) if not _possible(grams)]
    if not wrong:
        return []
    return [
        f"KBM {words} umur {', '.join(wrong)} bulan: tulis dalam gram, "
        f"bilangan bulat antara {LEAST_G} dan {MOST_G}."
    ]


def _possible(grams: Any) -> bool:
    whole = isinstance(grams, int) and not isinstance(grams, bool)
    return whole and LEAST_G <= grams <= MOST_G


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _table(version: Mapping[str, Any]) -> Table:
    since = _day(version["from"]) or date.max
    return Table(since, str(version["source"]), tuple(version["L"]), tuple(version["P"]))
