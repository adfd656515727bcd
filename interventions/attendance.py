"""Who came to an activity: the form's lines as people, and the figures of a finished list."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from interventions.models import Activity, Attendance
from interventions.workflow import Came
from registry.models import Breastfeeding, Child, Mother, Pregnancy
from registry.models.children import months_before

MOST_MOTHERS = 400


def mothers_of(user: Any, activity: Activity) -> QuerySet[Mother]:
    """Mothers of the activity's desa who are pregnant, nursing, or have a child under five."""
    day = activity.planned_start
    mine = {"mother": OuterRef("pk")}
    nursing = Breastfeeding.objects.filter(**mine).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    )
    rows = Mother.objects.in_scope(user, "run_interventions").in_desa(activity.desa).here(day)
    balita = Child.objects.here(day).filter(**mine, birth_date__gt=months_before(day, 60))
    return (
        rows.filter(
            Exists(Pregnancy.objects.ongoing(day).filter(**mine)) | Exists(nursing) | Exists(balita)
        )
        .select_related("posyandu")
        .order_by("posyandu__name", "name", "code")[:MOST_MOTHERS]
    )


def came(lines: list[tuple[Mother, Any]], guests: Any) -> list[Came]:
    """The people of two valid forms: ticked mothers first, then the names from the paper list."""
    people = [
        Came(mother.name, "P", mother, "Ibu", said["pre_score"], said["post_score"])
        for mother, said in ((mother, form.cleaned_data) for mother, form in lines)
        if said["came"]
    ]
    for said in (form.cleaned_data for form in guests):
        if said.get("name"):
            people.append(
                Came(said["name"], said["sex"], None, said["role"],
                     said["pre_score"], said["post_score"])
            )  # fmt: skip
    return people


@dataclass(frozen=True)
class Figures:
    """Who came, and the mean gain in points of those with both scores (None of nobody)."""

    men: int
    women: int
    scored: int
    gain: Decimal | None

    @property
    def total(self) -> int:
        return self.men + self.women


def figures(people: list[Attendance]) -> Figures:
    gains = [
        person.post_score - person.pre_score
        for person in people
        if person.pre_score is not None and person.post_score is not None
    ]
    women = sum(1 for person in people if person.sex == Attendance.Sex.P)
    gain = Decimal(sum(gains)) / len(gains) if gains else None
    return Figures(len(people) - women, women, len(gains), gain)
