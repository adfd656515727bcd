"""What partners give: counts and rupiah, without a name of anyone helped."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Window

from interventions.life import Funding, Status
from interventions.models import Activity, PmtEpisode, SanitationWork

MODELS: tuple[tuple[str, Any], ...] = (
    ("pmt", PmtEpisode), ("works", SanitationWork), ("activities", Activity),
)  # fmt: skip


@dataclass
class Given:
    """What one partner gives: numbers of helps, and rupiah of those it pays for itself."""

    pmt: int = 0
    works: int = 0
    activities: int = 0
    running: int = 0
    completed: int = 0
    planned_cost: int = 0
    real_cost: int = 0

    @property
    def total(self) -> int:
        return self.pmt + self.works + self.activities


_PAID = Q(funding=Funding.MITRA)
# What is added up of the helps of one pillar.
SUMS = {
    "n": Count("pk"),
    "running": Count("pk", filter=Q(status=Status.RUNNING)),
    "completed": Count("pk", filter=Q(status=Status.COMPLETED)),
    "planned_cost": Sum("cost_planned", filter=_PAID & ~Q(status=Status.STOPPED)),
    "real_cost": Sum("cost_real", filter=_PAID),
}


def with_sums(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each help with the sums of all these helps beside it, as ``all_…``."""
    return rows.annotate(**{f"all_{name}": Window(one) for name, one in SUMS.items()})


def given_by(helps: Iterable[tuple[str, QuerySet[Any]]]) -> dict[int, Given]:
    """By partner's pk; one query per pillar. ``helps`` from ``visible`` or ``own``."""
    found: dict[int, Given] = defaultdict(Given)
    for name, rows in helps:
        known = rows.filter(partner__isnull=False).order_by()
        for row in known.values("partner").annotate(**SUMS):
            given = found[row["partner"]]
            setattr(given, name, row["n"])
            for key in ("running", "completed", "planned_cost", "real_cost"):
                setattr(given, key, getattr(given, key) + (row[key] or 0))
    return found


def visible(user: Any) -> list[tuple[str, QuerySet[Any]]]:
    """The helps staff may see, by pillar."""
    return [(name, model.objects.in_scope(user)) for name, model in MODELS]


def of_partners(partners: Iterable[Any]) -> list[tuple[str, QuerySet[Any]]]:
    """The helps these partners give, by pillar: what a mitra may see, without names."""
    partners = list(partners)
    return [(name, model.objects.of_partners(partners)) for name, model in MODELS]
