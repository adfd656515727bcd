"""Everything that happened to one child, as far as this user may see it."""

from dataclasses import dataclass
from typing import Any

from registry.alerts import answers
from registry.children import cards
from registry.families import life
from registry.families.cards import home_items
from registry.models import (
    AlertAnswer,
    Child,
    Consent,
    Document,
    HomeCheck,
    LifeEvent,
    Measurement,
    Submission,
)
from registry.timeline import (
    Item,
    consent_items,
    event_items,
    made_item,
    paper_items,
    report_items,
)


@dataclass(frozen=True)
class ChildRows:
    """The rows a child's card and timeline are made of; a query for each kind."""

    visits: list[Measurement]  # newest first, every revision
    reports: list[Submission]
    consents: list[Consent]
    papers: list[Document]
    answers: list[AlertAnswer]
    lived: list[LifeEvent]
    looks: list[HomeCheck]


def read(user: Any, child: Child) -> ChildRows:
    """The rows; documents only for who may open them."""
    papers = Document.objects.in_scope(user).filter(submission__child=child)
    return ChildRows(
        visits=list(child.measurements.select_related("created_by")),
        reports=list(child.submissions.prefetch_related("decisions__by")),
        consents=list(child.consents.select_related("recorded_by").order_by("-given_at")),
        papers=list(papers.select_related("created_by")),
        answers=answers.of_child(child),
        lived=list(child.life_events.select_related(*life.RELATED)),
        looks=list(child.household.home_checks.select_related("created_by")),
    )


def items(child: Child, rows: ChildRows) -> list[Item]:
    """The registry's part of the timeline, in no order."""
    return [
        made_item(child, "Anak terdaftar"),
        *life.items(rows.lived),
        *(cards.visit_item(row) for row in rows.visits if not row.superseded),
        *report_items(rows.reports),
        *paper_items(rows.papers),
        *consent_items(rows.consents),
        *event_items(child),
        *answers.items(rows.answers),
        *home_items(rows.looks),
    ]
