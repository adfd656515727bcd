"""Bars of the report: one row per desa, sorted by need, the same on the screen and on paper."""

import math
from typing import Any

from regions.words import MISSING, number
from reports.figures import Row
from reports.lists import ListLink

Z95 = 1.96  # two-sided 95 %


def stunting_bars(rows: list[Row], link: ListLink | None = None) -> list[dict[str, Any]]:
    """Rows for components/_bar_chart.html: the largest share first, desa without data last.

    The whisker is the 95 % interval of Wilson: of two children measured, one short says little.
    With ``link`` each bar opens the list of its stunted children.
    """
    top = axis_top(rows)
    bars = [_bar(row, top, link(row["key"], gizi="stunting") if link else "") for row in rows]
    return sorted(bars, key=lambda bar: (-bar["width"], -bar["total"], bar["label"]))


def axis_top(rows: list[Row]) -> float:
    """The share (0–1) at the right end of the axis: the largest bar, up to the next tenth."""
    shares = [row["stunting"]["n"] / row["stunting"]["total"] for row in rows if _counted(row)]
    return min(1.0, max(0.1, math.ceil(max(shares, default=0) * 1.5 * 10) / 10))


def wilson(n: int, total: int) -> tuple[float, float]:
    """The 95 % interval of the share n/total, both in 0–1; (0, 1) when nobody was counted."""
    if not total:
        return 0.0, 1.0
    share, square = n / total, Z95 * Z95
    middle = share + square / (2 * total)
    reach = Z95 * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    whole = 1 + square / total
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def _bar(row: Row, top: float, url: str) -> dict[str, Any]:
    n, total = row["stunting"]["n"], row["stunting"]["total"]
    bar: dict[str, Any] = {"label": row["label"], "n": n, "total": total, "url": url}
    if not total:
        return bar | {"value": MISSING, "width": 0, "tone": ""}
    low, high = (_width(limit, top) for limit in wilson(n, total))
    width = _width(n / total, top)
    return bar | {
        "value": f"{number(100 * n / total, 1)} %",
        "width": width,
        "low": low,
        "high": high,
        "tone": "oranye",
    }


def _counted(row: Row) -> bool:
    return bool(row["stunting"]["total"])


def _width(share: float, top: float) -> float:
    """Where a share stands on the axis, 0–100."""
    return round(min(100.0, 100 * share / top), 1)
