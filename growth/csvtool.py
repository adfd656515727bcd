"""`manage.py zscore < in.csv > out.csv`: anthro's columns for every row, in constant memory.

Rows are read, scored (growth/bulk.py) and written in batches: a long file is never held whole.

Bad cells never stop the run: the z-scores they touch stay empty and a line on the error stream
names the row. Columns it does not know pass through unchanged, order kept.
"""

import csv
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import Any, TextIO

from growth.age import age_days_from_months, age_in_days
from growth.bulk import score_columns
from growth.reading import OEDEMA_WORDS, SEXES

OUTPUT = (
    *("zlen", "flen", "zwei", "fwei", "zwfl", "fwfl", "zbmi", "fbmi", "zhc", "fhc", "zac", "fac"),
    *("clenhei", "cmeasure", "c9mo_flag", "cbmi"),
)

BATCH = 1_000  # rows read before they are scored and written

_EMPTY = {"", "NA", "-"}  # R and e-PPGBM write these for "nothing"
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
_ISO_DATE = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})")
_DAY_FIRST = re.compile(r"(?P<d>[0-9]{1,2})[/.-](?P<m>[0-9]{1,2})[/.-](?P<y>[0-9]{4})")
_POSTURES = {"l": "l", "h": "h", "terlentang": "l", "berdiri": "h"}
_NO_OEDEMA = {"n", "tidak", "2", "0", "false"}


def run(infile: TextIO, outfile: TextIO, errfile: TextIO) -> int:
    """Score a CSV of children; give the number of rows written.

    Comma or semicolon between cells (as in the heading), decimal point or comma inside them.
    Open the files with newline="".
    """
    first = infile.readline().removeprefix("\ufeff")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = _rows(chain([first], infile), delimiter)
    heading = next((cells for _, cells in rows if cells), [])
    sheet = _Sheet(heading)
    writer = csv.writer(outfile, delimiter=delimiter, lineterminator="\n")
    if heading:
        writer.writerow(sheet.heading)
    for problem in sheet.problems:
        print(problem, file=errfile)
    written = 0
    while batch := [_Row(sheet, line, cells) for line, cells in islice(rows, BATCH)]:
        children = [row for row in batch if not row.broken]
        writer.writerows(_scored(children))
        written += len(children)
        for row in batch:
            for problem in row.problems:
                print(f"baris {row.line}{row.name()}: {problem}", file=errfile)
    return written


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield (line number, cells), passing over blank lines; None for a line that is no CSV."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None
            continue
        if cells:
            yield reader.line_num, cells


def _scored(children: list["_Row"]) -> Iterator[list[str]]:
    """Score a batch and yield its rows with the answers in their cells."""
    if not children:
        return
    found = score_columns(*zip(*(child.measured() for child in children), strict=True)).lists()
    answers = zip(*(map(_written, found[name]) for name in OUTPUT), strict=True)
    for child, texts in zip(children, answers, strict=True):
        yield child.with_answers(texts)


class _Sheet:
    """The heading: where each column stands, and the result columns it lacks at the end."""

    def __init__(self, heading: list[str]) -> None:
        names = [name.strip().lower() for name in heading]
        self.width = len(heading)
        self.heading = heading + [name for name in OUTPUT if name not in names]
        everything = names + self.heading[self.width :]
        self.at = {name: everything.index(name) for name in everything}
        self.answers_at = [self.at[name] for name in OUTPUT]
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
    """One child: its cells as typed, and what was wrong with them; `broken` if no CSV."""

    def __init__(self, sheet: _Sheet, line: int, cells: list[str] | None) -> None:
        self.sheet, self.line, self.broken = sheet, line, cells is None
        self.problems: list[str] = []
        if cells is None:
            self.problems.append("bukan baris CSV, dilewati")
        elif len(cells) > sheet.width:
            self.problems.append("lebih banyak sel daripada kolom: kelebihannya dibuang")
        given = (cells or [])[: sheet.width]
        self.cells = given + [""] * (len(sheet.heading) - len(given))

    def name(self) -> str:
        return f" (id {self._cell('id')})" if self._cell("id") else ""

    def measured(self) -> tuple[Any, ...]:
        """Parse the cells into the columns of a Reading.

        What cannot be read becomes NaN or None, so that its z stays empty.
        """
        posture = self._posture()
        length = self._measure("length_height_cm")
        return (
            self._sex(),
            self._age_days(),
            self._measure("weight_kg"),
            math.nan if posture is None and length else length,
            posture,
            self._oedema(),
            self._measure("head_circ"),
            self._measure("muac"),
        )

    def with_answers(self, answers: Iterable[str]) -> list[str]:
        for at, answer in zip(self.sheet.answers_at, answers, strict=True):
            self.cells[at] = answer
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
