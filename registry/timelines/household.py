"""Everything that happened to one family: its house, and those of its people whom one may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry import standards
from registry.alerts import answers
from registry.children.cards import visit_item
from registry.families import life
from registry.families.cards import home_items
from registry.models import (
    AlertAnswer,
    Breastfeeding,
    Child,
    Consent,
    Document,
    HomeCheck,
    Household,
    LifeEvent,
    Measurement,
    Mother,
    Pregnancy,
    Submission,
)
from registry.mothers import cards
from registry.mothers.pregnancy import Limits
from registry.timeline import (
    Item,
    about,
    consent_items,
    event_items,
    made_item,
    paper_items,
    report_items,
)


@dataclass(frozen=True)
class FamilyRows:
    """The rows a family's timeline is made of; a query for each kind, however many people."""

    visits: list[Measurement]
    pregnancies: list[Pregnancy]  # examinations prefetched
    nursings: list[Breastfeeding]
    reports: list[Submission]
    consents: list[Consent]
    papers: list[Document]
    answers: list[AlertAnswer]
    lived: list[LifeEvent]
    looks: list[HomeCheck]


def read(
    user: Any, household: Household, mothers: Sequence[Mother], children: Sequence[Child]
) -> FamilyRows:
    """The rows; ``mothers`` and ``children`` are those of the family whom the user may see."""
    pregnancies = Pregnancy.objects.filter(mother__in=mothers).order_by("-hpht")
    known = list(pregnancies.prefetch_related("checks__created_by"))
    of_children = Measurement.objects.current().filter(child__in=children)
    nursings = Breastfeeding.objects.filter(mother__in=mothers).select_related("child")
    reports = Submission.objects.filter(child__in=children).prefetch_related("decisions__by")
    consents = Consent.objects.filter(child__in=children) | Consent.objects.filter(
        mother__in=mothers
    )
    papers = Document.objects.in_scope(user).filter(submission__child__in=children)
    replies = AlertAnswer.objects.filter(child__in=children) | AlertAnswer.objects.filter(
        pregnancy__in=known
    )
    events = LifeEvent.objects.filter(child__in=children) | LifeEvent.objects.filter(
        mother__in=mothers
    )
    return FamilyRows(
        visits=list(of_children.select_related("created_by")),
        pregnancies=known,
        nursings=list(nursings.order_by("-started_on")),
        reports=list(reports),
        consents=list(consents.select_related("recorded_by")),
        papers=list(papers.select_related("created_by")),
        answers=list(replies.select_related("created_by")),
        lived=list(events.select_related(*life.RELATED)),
        looks=list(household.home_checks.select_related("created_by")),
    )


def items(
    household: Household, mothers: Sequence[Mother], children: Sequence[Child], rows: FamilyRows
) -> list[Item]:
    """The registry's part of the timeline, in no order."""
    found = [
        made_item(household, "Keluarga terdaftar"),
        *home_items(rows.looks),
        *life.items(rows.lived, named=True),
        *report_items(rows.reports, named=True),
        *paper_items(rows.papers),
        *event_items(household),
    ]
    for child in children:
        found += about(_of_child(child, rows), child.name)
    limits = standards.pregnancy_limits(household.programme)
    for mother in mothers:
        found += about(_of_mother(mother, children, rows, limits), mother.name)
    return found


def _of_child(child: Child, rows: FamilyRows) -> list[Item]:
    return [
        *(visit_item(row) for row in rows.visits if row.child_id == child.pk),
        *consent_items(row for row in rows.consents if row.child_id == child.pk),
        *answers.items(row for row in rows.answers if row.child_id == child.pk),
    ]


def _of_mother(
    mother: Mother, children: Sequence[Child], rows: FamilyRows, limits: Limits
) -> list[Item]:
    pregnancies = [row for row in rows.pregnancies if row.mother_id == mother.pk]
    nursings = [row for row in rows.nursings if row.mother_id == mother.pk]
    mine = {row.pk for row in pregnancies}
    return [
        *cards.items(pregnancies, nursings, children, limits),
        *consent_items(row for row in rows.consents if row.mother_id == mother.pk),
        *answers.items(row for row in rows.answers if row.pregnancy_id in mine),
    ]
