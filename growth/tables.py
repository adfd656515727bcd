"""WHO 2006 growth standards as L, M, S rows, converted once per process and kept.

The numbers come from `pygrowup.tables.by_day` (tables only: its calculator breaks most of
the case rules in zscore.py). tests/test_zscore.py pins every table by its digest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib import import_module

BOY, GIRL = 1, 2

# Length for age, weight, BMI, head and arm circumference for age (x in days); weight for
# length and weight for height (x in tenths of a centimetre, so that no key is a float).
BY_DAY = ("lfa", "wfa", "bmifa", "hcfa", "acfa")
BY_LENGTH = ("wfl", "wfh")
NAMES = BY_DAY + BY_LENGTH

Row = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows (L, M, S) by sex (1 boy, 2 girl); `rows[sex][x - first]` is the row of x."""

    name: str
    first: int
    last: int
    rows: dict[int, tuple[Row, ...]]

    def row(self, sex: int, x: int) -> Row | None:
        """Give L, M, S at day x (or tenth of a centimetre x); None outside the table."""
        return self.rows[sex][x - self.first] if self.first <= x <= self.last else None


@cache
def table(name: str) -> Table:
    """Give the table of that name. KeyError for a name that is none of NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    data = import_module(f"pygrowup.tables.by_day.{name}").DATA
    scale = 10 if name in BY_LENGTH else 1
    xs = sorted(int(x * scale) for x in data["male"])
    rows = {sex: _rows(data[word], scale) for sex, word in ((BOY, "male"), (GIRL, "female"))}
    return Table(name, xs[0], xs[-1], rows)


def digest(name: str) -> str:
    """Give the SHA-256 of a table's canonical text, made from the converted numbers."""
    text = "".join(f"{line}\n" for line in _canonical_lines(table(name)))
    return sha256(text.encode()).hexdigest()


def _rows(data: dict[Decimal, dict[str, Decimal]], scale: int) -> tuple[Row, ...]:
    return tuple(
        (float(row["l"]), float(row["m"]), float(row["s"]))
        for _, row in sorted(data.items(), key=lambda item: int(item[0] * scale))
    )


def _canonical_lines(of: Table) -> Iterator[str]:
    """Yield `sex,x,l,m,s`: boys then girls, x ascending, shortest plain decimals."""
    for sex in (BOY, GIRL):
        for x, row in enumerate(of.rows[sex], start=of.first):
            at = x / 10 if of.name in BY_LENGTH else x
            yield ",".join([str(sex), *(_plain(number) for number in (at, *row))])


def _plain(number: float) -> str:
    return format(Decimal(repr(number)).normalize(), "f")
