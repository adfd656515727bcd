"""The posyandu days that were: when children of a posyandu were measured, and how many (D/S)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from regions.models import Posyandu
from regions.words import percent
from registry.models import Child, Measurement
from registry.models.children import months_before

DAYS_SHOWN = 12
RECENT = timedelta(days=92)


@dataclass(frozen=True)
class PastDay:
    """A day on which children of a posyandu were measured."""

    posyandu: Posyandu
    on: date
    weighed: int
    registered: int

    @property
    def share(self) -> str:
        return percent(self.weighed, self.registered)


def past_days(places: Sequence[Posyandu], today: date) -> list[PastDay]:
    """The last days with measurements in these posyandu, newest first."""
    by_id = {place.pk: place for place in places}
    found = (
        Measurement.objects.current()
        .filter(child__posyandu__in=by_id, measured_on__gt=today - RECENT, measured_on__lte=today)
        .values("child__posyandu", "measured_on")
        .annotate(weighed=Count("child", filter=Q(weight_kg__isnull=False)))
        .order_by("-measured_on", "child__posyandu")
    )
    rows = list(found[:DAYS_SHOWN])
    counts = _registered(rows)
    return [
        PastDay(by_id[row["child__posyandu"]], row["measured_on"], row["weighed"], counts[at])
        for at, row in enumerate(rows)
    ]


def _registered(rows: Sequence[Any]) -> list[int]:
    """S of each of these days: the balita registered at the posyandu on that date."""
    wanted = {row["child__posyandu"] for row in rows}
    children = list(
        Child.objects.filter(posyandu__in=wanted).values_list("posyandu", "birth_date", "left_on")
    )
    return [
        sum(
            place == row["child__posyandu"]
            and months_before(row["measured_on"], 60) < born <= row["measured_on"]
            and (left is None or left > row["measured_on"])
            for place, born, left in children
        )
        for row in rows
    ]
