"""The card of a family on one page of paper: people, home, risk, and what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from registry import paper_timeline
from registry.families import residents
from registry.families.cards import HomeLine, Member
from registry.families.risk import Verdict
from registry.models import Household
from registry.paper_timeline import shortened

MOST_MEMBERS = 14
_NAME, _ADDRESS = 60, 120  # letters that stand on the card


def card_pdf(
    household: Household,
    members: Sequence[Member],
    home: Sequence[HomeLine],
    verdict: Verdict,
    items: Sequence[dict[str, Any]],
    who: str,
    now: datetime,
) -> bytes:
    """The card as a PDF of one page; the lists as ``registry.families.cards`` makes them."""
    words = {
        "title": f"Kartu keluarga sasaran {shortened(household.head_name or '–', _NAME)}",
        "household": household,
        "head": shortened(household.head_name or "–", _NAME),
        "address": shortened(household.full_address, _ADDRESS),
        "resident": residents.words(household) if residents.asks(household.programme) else "",
        "members": members[:MOST_MEMBERS],
        "more": len(members) - MOST_MEMBERS,
        "home": home,
        "verdict": verdict,
        "who": who,
        "now": now,
        "made": now,
    }
    template = "registry/families/card_paper.html"
    return paper_timeline.one_page(template, household.programme, words, items)
