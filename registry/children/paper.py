"""The child's card on one page of paper: identity, alert, status, two charts, the last visits.

One page always: a page that runs over is printed again with fewer visits. Call it outside a
transaction (regions/paper.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from growth.classify import SCREENING
from growth.words import measured, number, short_date
from growth.zscore import RULE_VERSION
from regions.paper import print_paper
from registry import measuring
from registry.children import cards
from registry.children.changes import birth_words, corrected_age
from registry.children.weights import card_of, gain_line, gain_mark
from registry.models import Child, Measurement
from registry.paper_timeline import page_count, shortened

VISITS = (10, 6, 3, 0)  # how many visits the table shows, until it is one page
HEIGHTS = (290, 318)  # of the two charts, side by side: their axes end on one line
_NAME, _ADDRESS = 48, 96  # letters that stand on the card


@dataclass(frozen=True)
class PaperVisit:
    """One line of the table; empty words where nothing was measured."""

    on: str
    age: str
    weight: str
    length: str
    posture: str
    lila: str
    gain: str
    z: tuple[str, str, str]
    tone: str
    label: str


def card_pdf(child: Child, rows: Sequence[Measurement], who: str, now: datetime) -> bytes:
    """The card as a PDF of one page; ``rows`` are all measurements, newest first."""
    counted = [row for row in rows if not row.superseded]
    words = _words(child, counted, who, now)
    visits = [_visit(child, row) for row in counted[: VISITS[0]]]
    tries = [len(visits), *(n for n in VISITS if n < len(visits))]
    made = b""
    for shown in tries:
        table = {"visits": visits[:shown], "earlier": len(counted) - shown}
        made = print_paper("registry/growth/card_paper.html", child.programme, words | table)
        if page_count(made) == 1:
            break
    return made


def _words(child: Child, counted: Sequence[Measurement], who: str, now: datetime) -> dict[str, Any]:
    latest = counted[0] if counted else None
    today = child.programme.local(now).date()
    return {
        "title": f"Kartu pertumbuhan {child.name}",
        "child": child,
        "age": child.age_text(today),
        "birth": birth_words(child),
        "parents": " / ".join(shortened(name, _NAME) for name in _parents(child)),
        "address": shortened(child.household.full_address, _ADDRESS),
        "latest": latest,
        "latest_age": cards.age_words(child, latest.measured_on) if latest else "",
        "sizes": ", ".join(cards.sizes(latest)) if latest else "",
        "alert": measuring.visit_of(latest).alert if latest else cards.NOT_MEASURED,
        "lines": cards.lines(child, latest) if latest else [],
        "gain": gain_line(latest) if latest else None,
        "corrected": corrected_age(child, latest) if latest else None,
        "height_chart": cards.chart(child, counted, "tb_u", height=HEIGHTS[0]),
        "kms": card_of(child, counted, height=HEIGHTS[1]),
        "screening": SCREENING,
        "rule": RULE_VERSION,
        "who": who,
        "now": now,
        "made": now,
    }


def _visit(child: Child, row: Measurement) -> PaperVisit:
    return PaperVisit(
        on=short_date(row.measured_on),
        age=f"{'≈ ' if child.is_approximate else ''}{child.months(row.measured_on)} bln",
        weight=_cell(row.weight_kg),
        length=_cell(row.length_height_cm),
        posture={"l": "T", "h": "B"}.get(row.measure, ""),
        lila=_cell(row.lila_cm),
        gain=gain_mark(row),
        z=(_z(row, "haz"), _z(row, "waz"), _z(row, "whz")),
        tone=row.alert or "netral",
        label="Edema" if row.oedema else cards.ALERT_LABELS.get(row.alert, "–"),
    )


def _z(row: Measurement, column: str) -> str:
    z = getattr(row, column)
    if z is None:
        return "–"
    said = f"{'+' if z > 0 else ''}{number(float(z), 2)}"
    return f"({said})" if getattr(row, f"{column}_flag") else said


def _cell(value: Any) -> str:
    return "–" if value is None else measured(float(value))


def _parents(child: Child) -> list[str]:
    names = [child.mother.name if child.mother else "", child.father_name]
    return [name for name in names if name]
