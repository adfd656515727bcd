"""What may be told to people who may see no name: numbers per programme."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils import timezone

from regions.models import Programme
from regions.words import number
from registry.models import Child, Submission

SMALL = 5  # under this a number could point at a family


class Totals(NamedTuple):
    programme: Programme
    children: int
    verified: int
    waiting: int


def totals(programmes: Iterable[Programme]) -> list[Totals]:
    """Children registered now and reports received so far, per programme; three queries."""
    programmes = list(programmes)
    children = _per_programme(Child.objects.here(timezone.localdate()))
    verified = _per_programme(Submission.objects.filter(status=Submission.Status.APPROVED))
    waiting = _per_programme(Submission.objects.waiting())
    return [
        Totals(p, children.get(p.pk, 0), verified.get(p.pk, 0), waiting.get(p.pk, 0))
        for p in programmes
    ]


def blurred(count: int) -> str:
    """The number for the public: a small one is not told exactly."""
    return f"kurang dari {SMALL}" if count < SMALL else number(count)


def _per_programme(rows: Any) -> dict[int, int]:
    counted = rows.order_by().values("programme").annotate(n=Count("pk"))
    return dict(counted.values_list("programme", "n"))
