"""The z-scores of many visits at once (growth/bulk.py); only the worker waits for NumPy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from growth.age import age_in_days
from growth.zscore import Scores
from registry.models import Child, Measurement

ByDay = dict[date, Scores]


def scored(visits: Iterable[tuple[Child, Measurement]]) -> dict[int, ByDay]:
    """The scores of each child's visits by day; the outer key is ``id(child)``."""
    from growth.bulk import score_columns

    pairs = list(visits)
    if not pairs:
        return {}
    columns = score_columns(
        [child.sex for child, _ in pairs],
        [age_in_days(child.birth_date, row.measured_on) for child, row in pairs],
        [row.weight_kg for _, row in pairs],
        [row.length_height_cm for _, row in pairs],
        [row.measure or None for _, row in pairs],
        muac=[row.lila_cm for _, row in pairs],
    ).lists()
    names = list(columns)
    found: dict[int, ByDay] = defaultdict(dict)
    for (child, row), values in zip(pairs, zip(*columns.values(), strict=True), strict=True):
        scores = Scores(**dict(zip(names, values, strict=True)))
        # Why a z is absent only the scalar path can say, and the alert asks for it.
        if None not in (scores.zlen, scores.zwei, scores.zwfl, scores.zbmi):
            found[id(child)][row.measured_on] = scores
    return found
