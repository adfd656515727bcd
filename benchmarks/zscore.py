"""How long z-scores take: one child, one after the other, in bulk, and as a CSV stream.

    .venv/bin/python benchmarks/zscore.py

Five rounds taken in turn, medians. Six indices a child. Only ratios within one run mean
anything; the budget is one child < 1 ms and bulk >= 5 x scalar.
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

from growth import csvtool  # noqa: E402 - run as a script, from anywhere
from growth.tables import NAMES, table  # noqa: E402
from growth.zscore import Reading, score, score_many  # noqa: E402

GOLDEN = ROOT / "tests" / "golden" / "who_anthro_650.csv"
CHILDREN = 6_500
ROUNDS = 5


def readings(text: str) -> list[Reading]:
    """Give the golden children ten times over."""
    return [
        Reading(
            sex=row["sex"] or None,
            age_days=float(row["age_days"]) if row["age_days"] else None,
            weight_kg=float(row["weight_kg"]) if row["weight_kg"] else None,
            length_height_cm=float(row["length_height_cm"]) if row["length_height_cm"] else None,
            measure=row["measure"],
            oedema=row["oedema"],
            head_circ=float(row["head_circ"]) if row["head_circ"] else None,
            muac=float(row["muac"]) if row["muac"] else None,
        )
        for row in csv.DictReader(io.StringIO(text))
    ] * 10


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> None:
    text = GOLDEN.read_text()
    head, body = text.split("\n", 1)
    sheet = f"{head}\n{body * 10}"
    children = readings(text)
    loading = seconds(lambda: [table(name) for name in NAMES])
    first = seconds(lambda: score(children[0]))
    ways: dict[str, Callable[[], object]] = {
        "scalar": lambda: [score(child) for child in children],
        "bulk": lambda: list(score_many(children)),
        "csv": lambda: csvtool.run(io.StringIO(sheet, newline=""), io.StringIO(), sys.stderr),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, work in ways.items():
            taken[name].append(seconds(work))
    typical = {name: median(times) for name, times in taken.items()}
    print(f"tables, once per process   {loading * 1e3:8.1f} ms")
    print(f"first child, tables loaded {first * 1e6:8.1f} µs")
    for name, time in typical.items():
        per_child, rate = time / CHILDREN * 1e6, CHILDREN / time
        print(f"{name:<8} {per_child:8.1f} µs a child  {rate:10,.0f} children/s")
    print(f"bulk is {typical['scalar'] / typical['bulk']:.2f} x scalar (budget 5 x)")


if __name__ == "__main__":
    main()
