"""The stored alerts that stand on "rujuk setelah T": what they become when that limit changes.

Only a first T (``t_run`` 1) is judged otherwise: two T's in a row are referred under both. Other
limits and the KBM table change no stored alert: they are read when a page is shown, and a table
begins tomorrow at the earliest.
"""

from collections import defaultdict
from copy import copy

from growth.classify import ALERT_RANK
from regions.models import Programme
from registry import measuring
from registry.models import Child, Measurement
from registry.standards import limit

KEY = "refer_after_t"
CHUNK = 500


def alerts_with(programme: Programme, times: float) -> dict[str, list[int]]:
    """{new level: keys of the visits whose alert it becomes}; reads only, {} when nothing moves.

    Takes about 3 s for 40,000 first T's, so it is asked before the transaction that writes.
    """
    if times == limit(programme, KEY):
        return {}
    after = copy(programme)
    after.settings = {**programme.settings, KEY: times}
    rows = Measurement.objects.current().filter(
        child__programme=programme, weight_gain=Measurement.Gain.TIDAK, t_run=1
    )
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows.select_related("child").iterator(2000):
        row.child.programme = after
        level = measuring.visit_of(row).alert.level
        if level != row.alert:
            found[level].append(row.pk)
    return dict(found)


def write(alerts: dict[str, list[int]]) -> None:
    """Store what ``alerts_with`` told, inside the caller's transaction."""
    for level, keys in alerts.items():
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            Measurement.objects.filter(pk__in=chunk).update(alert=level)
            Child.everyone.filter(last_visit__in=chunk).update(rank=ALERT_RANK[level])
