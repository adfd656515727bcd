"""Everything that happened to one mother, as far as this user may see it."""

from dataclasses import dataclass
from typing import Any

from registry import standards
from registry.alerts import answers
from registry.families import life
from registry.families.cards import home_items
from registry.models import (
    AlertAnswer,
    Breastfeeding,
    Child,
    Consent,
    Document,
    HomeCheck,
    LifeEvent,
    Mother,
    Pregnancy,
    Submission,
)
from registry.mothers import cards
from registry.timeline import (
    Item,
    consent_items,
    event_items,
    made_item,
    paper_items,
    report_items,
)


@dataclass(frozen=True)
class MotherRows:
    """The rows a mother's card and timeline are made of; a query for each kind."""

    pregnancies: list[Pregnancy]  # newest first, examinations prefetched
    nursings: list[Breastfeeding]
    children: list[Any]  # hers whom the user may see, ``with_latest``
    reports: list[Submission]
    consents: list[Consent]
    papers: list[Document]
    answers: list[AlertAnswer]
    lived: list[LifeEvent]
    looks: list[HomeCheck]


def read(user: Any, mother: Mother) -> MotherRows:
    """The rows; of her children those whom the user may see, documents for who may open them."""
    today = mother.programme.today()
    pregnancies = mother.pregnancies.prefetch_related("checks__created_by").order_by("-hpht")
    own = Child.objects.in_scope(user).filter(mother=mother)
    shown = own.with_latest(today).order_by("-birth_date")
    reports = Submission.objects.filter(child__in=own).prefetch_related("decisions__by")
    papers = Document.objects.in_scope(user).filter(submission__child__in=own)
    known = list(pregnancies)
    return MotherRows(
        pregnancies=known,
        nursings=list(mother.breastfeedings.select_related("child").order_by("-started_on")),
        children=list(shown.prefetch_related("exclusive_months")),
        reports=list(reports),
        consents=list(mother.consents.select_related("recorded_by")),
        papers=list(papers.select_related("created_by")),
        answers=answers.of_pregnancies(known),
        lived=list(mother.life_events.select_related(*life.RELATED)),
        looks=list(mother.household.home_checks.select_related("created_by")),
    )


def items(mother: Mother, rows: MotherRows) -> list[Item]:
    """The registry's part of the timeline, in no order."""
    limits = standards.pregnancy_limits(mother.programme)
    return [
        made_item(mother, "Ibu terdaftar"),
        *life.items(rows.lived),
        *cards.items(rows.pregnancies, rows.nursings, rows.children, limits),
        *report_items(rows.reports, named=True),
        *paper_items(rows.papers),
        *consent_items(rows.consents),
        *event_items(mother),
        *answers.items(rows.answers),
        *home_items(rows.looks),
    ]
