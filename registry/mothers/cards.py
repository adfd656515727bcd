"""What a mother's card shows beside the pregnancy, as plain data: children, breastfeeding, life."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from growth.classify import ALERT_LABELS
from regions.words import long_date
from registry.models import Breastfeeding, Pregnancy, PregnancyCheck
from registry.mothers import exclusive
from registry.mothers.pregnancy import Limits
from registry.mothers.pregnancy_cards import check_row, check_words

EXCLUSIVE_SHOWN = 12  # completed months up to which a child's six boxes stand on the card


def child_rows(children: Sequence[Any], on: date) -> list[dict[str, Any]]:
    """The mother's children with the sign of their latest visit (``with_latest``)."""
    return [
        {
            "name": child.name,
            "url": reverse("registry:child", args=[child.code]),
            "age": child.age_text(on),
            "tone": child.latest_alert or "netral",
            "label": ALERT_LABELS.get(child.latest_alert, "Belum diukur"),
        }
        for child in children
    ]


def nurslings(children: Sequence[Any], on: date) -> list[dict[str, Any]]:
    """The children in their first year with their six boxes; ``exclusive_months`` prefetched."""
    return [
        {"child": child, "exclusive": exclusive.read(child, child.exclusive_months.all(), on)}
        for child in children
        if child.left_on is None and 0 <= child.months(on) < EXCLUSIVE_SHOWN
    ]


# --- Timeline ----------------------------------------------------------------------------------


def items(
    pregnancies: Sequence[Pregnancy],
    nursings: Sequence[Breastfeeding],
    children: Sequence[Any],
    limits: Limits,
) -> list[dict[str, Any]]:
    """The mother's own part of the timeline; checks come with their pregnancies,
    prefetched; ``children`` are those of hers whom the reader may see."""
    found = []
    for pregnancy in pregnancies:
        rows = list(pregnancy.checks.all())
        found += [_check_item(pregnancy, row, rows, limits) for row in rows if not row.superseded]
        if pregnancy.ended_on:
            found.append(_end_item(pregnancy, children))
    for nursing in nursings:
        name = f" {nursing.child.name}" if nursing.child else ""
        found.append(_lived(nursing.started_on, f"Mulai menyusui{name}"))
        if nursing.ended_on:
            found.append(_lived(nursing.ended_on, f"Berhenti menyusui{name}"))
    return found


def _lived(when: date, title: str) -> dict[str, Any]:
    return {"when": when, "title": title, "kinds": ("kejadian",)}


def _end_item(pregnancy: Pregnancy, children: Sequence[Any]) -> dict[str, Any]:
    how = pregnancy.get_outcome_display().lower()
    title = f"Kehamilan berakhir: {how}" if how else "Kehamilan berakhir"
    text = _born_of(pregnancy, children)
    return {"when": pregnancy.ended_on, "title": title, "text": text, "kinds": ("kejadian",)}


def _born_of(pregnancy: Pregnancy, children: Sequence[Any]) -> str:
    """The names of those of these children who were born of the pregnancy."""
    return ", ".join(child.name for child in children if child.pregnancy_id == pregnancy.pk)


def _check_item(
    pregnancy: Pregnancy, check: PregnancyCheck, rows: Sequence[PregnancyCheck], limits: Limits
) -> dict[str, Any]:
    row = check_row(pregnancy, check, rows, limits)
    said = [f"{sign.label} ({sign.text})" for sign in row.signs]
    return {
        "when": check.checked_on,
        "title": f"Diperiksa: {check_words(check)}",
        "text": ". ".join([*said, *row.notes]),
        "who": row.who,
        # One examination says only what it shows: without a sign it is no verdict.
        "tone": row.signs[0].tone if row.signs else "netral",
        "kinds": ("ukur", "tanda") if row.signs else ("ukur",),
    }


def ended_words(pregnancy: Pregnancy, children: Sequence[Any]) -> str:
    how = pregnancy.get_outcome_display().lower() or "berakhir"
    names = _born_of(pregnancy, children)
    said = f"HPHT {long_date(pregnancy.hpht)}, {how} {long_date(pregnancy.ended_on)}"
    return f"{said} ({names})" if names else said
