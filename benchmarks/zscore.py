"""How long z-scores take: one child, one after the other, in bulk, and as a CSV stream.

    .venv/bin/python benchmarks/zscore.py

Five rounds taken in turn, medians. Six indices a child. Only ratios within one run mean
anything; the budget is one child < 1 ms and bulk >= 5 x scalar, else it ends with 1.
"""

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - run as a script, from anywhere

from growth import csvtool  # noqa: E402
from growth.bulk import score_columns  # noqa: E402
from growth.tables import NAMES, table  # noqa: E402
from growth.zscore import Reading, score  # noqa: E402

GOLDEN = ROOT / "tests" / "golden" / "who_anthro_650.csv"
TIMES = 10  # the 650 golden children so many times over
ROUNDS = 5
ONE_CHILD_MS = 1.0
BULK_TIMES_SCALAR = 5.0

NUMBERS = ("age_days", "weight_kg", "length_height_cm", "head_circ", "muac")
COLUMNS = ("sex", "age_days", "weight_kg", "length_height_cm", "measure", "oedema", *NUMBERS[3:])


def columns(text: str) -> list[list[object]]:
    """Give the golden children as plain lists, one a column, None for what is not known."""
    rows = list(csv.DictReader(io.StringIO(text))) * TIMES
    return [
        [
            (float(row[name]) if name in NUMBERS else row[name]) if row[name] else None
            for row in rows
        ]
        for name in COLUMNS
    ]


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> int:
    text = GOLDEN.read_text()
    head, body = text.split("\n", 1)
    sheet = f"{head}\n{body * TIMES}"
    lists = columns(text)
    children = [Reading(*row) for row in zip(*lists, strict=True)]
    arrays = [
        np.array(column, float if name in NUMBERS else str)
        for name, column in zip(COLUMNS, lists, strict=True)
    ]
    loading = seconds(lambda: [table(name) for name in NAMES])
    first = seconds(lambda: score(children[0]))
    ways: dict[str, Callable[[], object]] = {
        "scalar": lambda: [score(child) for child in children],
        "bulk, from lists": lambda: score_columns(*lists),
        "bulk, arrays ready": lambda: score_columns(*arrays),
        "csv": lambda: csvtool.run(io.StringIO(sheet, newline=""), io.StringIO(), sys.stderr),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            taken[name].append(seconds(work))
    typical = {name: median(times) for name, times in taken.items()}
    print(f"{'tables, once per process':<26} {loading * 1e3:8.1f} ms")
    print(f"{'first child, tables loaded':<26} {first * 1e6:8.1f} µs")
    for name, time in typical.items():
        per_child, rate = time / len(children) * 1e6, len(children) / time
        print(f"{name:<26} {per_child:8.2f} µs a child  {rate:10,.0f} children/s")
    return verdict(typical, len(children))


def verdict(typical: dict[str, float], children: int) -> int:
    """Print both budgets and whether they are met; 1 when one is not."""
    one_ms = typical["scalar"] / children * 1e3
    ratio = typical["scalar"] / typical["bulk, from lists"]
    ready = typical["scalar"] / typical["bulk, arrays ready"]
    print(f"one child {one_ms:.4f} ms (budget < {ONE_CHILD_MS:g} ms)")
    print(
        f"bulk {ratio:.1f} x scalar, making the arrays from Python lists included"
        f" (budget >= {BULK_TIMES_SCALAR:g} x); {ready:.1f} x with the arrays ready"
    )
    met = one_ms < ONE_CHILD_MS and ratio >= BULK_TIMES_SCALAR
    print("budget met" if met else "BUDGET NOT MET")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
