"""`manage.py zscore < in.csv > out.csv`: anthro's columns for every row, in constant memory.

Bad cells never stop the run: the z-scores they touch stay empty and a line on the error stream
names the row. Columns it does not know pass through unchanged, order kept.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TextIO

from growth.age import age_days_from_months, age_in_days
from growth.reading import OEDEMA_WORDS, SEXES, Reading
from growth.zscore import Scores, score

OUTPUT = (
    *("zlen", "flen", "zwei", "fwei", "zwfl", "fwfl", "zbmi", "fbmi", "zhc", "fhc", "zac", "fac"),
    *("clenhei", "cmeasure", "c9mo_flag", "cbmi"),
)

_EMPTY = {"", "NA", "-"}  # R and e-PPGBM write these for "nothing"
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
_ISO_DATE = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})")
_DAY_FIRST = re.compile(r"(?P<d>[0-9]{1,2})[/.-](?P<m>[0-9]{1,2})[/.-](?P<y>[0-9]{4})")
_POSTURES = {"l": "l", "h": "h", "terlentang": "l", "berdiri": "h"}
_NO_OEDEMA = {"n", "tidak", "2", "0", "false"}


def run(infile: TextIO, outfile: TextIO, errfile: TextIO) -> int:
    """Score a CSV of children row by row; give the number of rows written.

    Comma or semicolon between cells (as in the heading), decimal point or comma inside them.
    Open the files with newline="".
    """
    first = infile.readline().removeprefix("\ufeff")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = _rows(chain([first], infile), delimiter, errfile)
    _, heading = next(rows, (0, []))
    sheet = _Sheet(heading)
    if heading:
        writer = csv.writer(outfile, delimiter=delimiter, lineterminator="\n")
        writer.writerow(sheet.heading)
    for problem in sheet.problems:
        print(problem, file=errfile)
    written = 0
    for line, cells in rows:
        row = _Row(sheet, cells)
        writer.writerow(row.with_scores(score(row.reading())))
        for problem in row.problems:
            print(f"baris {line}{row.name()}: {problem}", file=errfile)
        written += 1
    return written


def _rows(lines: Iterable[str], delimiter: str, errfile: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells), passing over blank lines and lines that are no CSV."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            print(f"baris {reader.line_num}: bukan baris CSV, dilewati", file=errfile)
            continue
        if cells:
            yield reader.line_num, cells


class _Sheet:
    """The heading: where each column stands, and the result columns it lacks at the end."""

    def __init__(self, heading: list[str]) -> None:
        names = [name.strip().lower() for name in heading]
        self.width = len(heading)
        self.heading = heading + [name for name in OUTPUT if name not in names]
        everything = names + self.heading[self.width :]
        self.at = {name: everything.index(name) for name in everything}
        self.problems = list(self._lacking(set(names)))

    def _lacking(self, names: set[str]) -> Iterator[str]:
        if not names:
            yield "berkas kosong: baris judul kolom tidak ada"
            return
        for name in ("sex", "weight_kg", "length_height_cm", "measure"):
            if name not in names:
                yield f"kolom {name} tidak ada"
        if not names & {"age_days", "age_months"} and not names >= {"birth_date", "measured_on"}:
            yield "kolom umur tidak ada: age_days, age_months, atau birth_date dan measured_on"


class _Row:
    """One child: its cells as typed, and what was wrong with them."""

    def __init__(self, sheet: _Sheet, cells: list[str]) -> None:
        self.sheet = sheet
        self.problems: list[str] = []
        if len(cells) > sheet.width:
            self.problems.append("lebih banyak sel daripada kolom: kelebihannya dibuang")
        given = cells[: sheet.width]
        self.cells = given + [""] * (len(sheet.heading) - len(given))

    def name(self) -> str:
        return f" (id {self._cell('id')})" if self._cell("id") else ""

    def reading(self) -> Reading:
        """Parse the cells. What cannot be read becomes NaN or None, so that its z stays empty."""
        posture = self._posture()
        length = self._measure("length_height_cm")
        return Reading(
            sex=self._sex(),
            age_days=self._age_days(),
            weight_kg=self._measure("weight_kg"),
            length_height_cm=math.nan if posture is None and length else length,
            measure=posture,
            oedema=self._oedema(),
            head_circ=self._measure("head_circ"),
            muac=self._measure("muac"),
        )

    def with_scores(self, scores: Scores) -> list[str]:
        for name in OUTPUT:
            self.cells[self.sheet.at[name]] = _written(getattr(scores, name))
        return self.cells

    def _cell(self, column: str) -> str:
        at = self.sheet.at.get(column)
        text = "" if at is None else self.cells[at].strip()
        return "" if text in _EMPTY else text

    def _unread(self, column: str) -> None:
        shown = self._cell(column)[:20]
        self.problems.append(f"{column} {shown!r} tidak terbaca: nilai z terkait dikosongkan")

    def _number(self, column: str) -> float | None:
        text = self._cell(column)
        if not text:
            return None
        if _NUMBER.fullmatch(text) and math.isfinite(value := float(text.replace(",", "."))):
            return value
        self._unread(column)
        return math.nan

    def _measure(self, column: str) -> float | None:
        value = self._number(column)
        if value is not None and value <= 0:
            self.problems.append(f"{column} {value:g} tidak mungkin: nilai z dikosongkan")
        return value

    def _age_days(self) -> float | None:
        if self._cell("age_days"):
            age = self._number("age_days")
        elif self._cell("age_months"):
            age = age_days_from_months(self._number("age_months") or 0.0)
        else:
            age = self._age_from_dates()
        if age is not None and age < 0:
            self.problems.append("umur di bawah 0 (sebelum lahir): nilai z dikosongkan")
        return age

    def _age_from_dates(self) -> float | None:
        if not self._cell("birth_date") or not self._cell("measured_on"):
            return None
        born, on = self._date("birth_date"), self._date("measured_on")
        return age_in_days(born, on) if born and on else math.nan

    def _date(self, column: str) -> date | None:
        text = self._cell(column)
        if found := _ISO_DATE.fullmatch(text) or _DAY_FIRST.fullmatch(text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                pass  # 31 June
        self._unread(column)
        return None

    def _sex(self) -> str | None:
        text = self._cell("sex").removesuffix(".0").lower()
        if text and text not in SEXES:
            self._unread("sex")
        return text or None

    def _posture(self) -> str | None:
        """Give "l", "h", "" for unknown, or None for a word that is neither."""
        text = self._cell("measure").lower()
        if text and text not in _POSTURES:
            self._unread("measure")
        return _POSTURES.get(text) if text else ""

    def _oedema(self) -> bool:
        """Say yes also to an unknown word: it empties the z-scores of weight."""
        text = self._cell("oedema").lower()
        if not text or text in _NO_OEDEMA:
            return False
        if text not in OEDEMA_WORDS:
            self._unread("oedema")
        return True


def _written(value: float | str | None) -> str:
    """Write as R does: 15 significant digits, no trailing zeros, nothing for nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else format(value, ".15g")
