"""Lists as files: the same rows in the same order, as XLSX or CSV (docs/keputusan.md).

``cells`` says what may stand in a cell, ``sheets`` writes, ``about`` is the first sheet; the other
modules name the columns of one list each. An app above the registry hangs its own file on a list.
"""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse


class Offer(NamedTuple):
    """A file that a list can be taken home as."""

    label: str
    name: str  # of the URL
    kind: str = ""  # xlsx or csv, where the URL asks for it


EXCEL, CSV = "Excel (XLSX)", "CSV untuk aplikasi lain"
# Of children, what other apps make of the list; filled when the portal starts (kempling/cards.py).
more_of_children: list[Offer] = []


def offers(chosen: Any, *found: Offer, **at: Any) -> list[tuple[str, str]]:
    """``[(label, url)]`` under a list, its filters kept; [] for who may not take it home."""
    if not chosen.user.may("export_lists"):
        return []
    query = urlencode(chosen.used)
    return [(one.label, _url(one, at) + (f"?{query}" if query else "")) for one in found]


def _url(offer: Offer, at: dict[str, Any]) -> str:
    return reverse(offer.name, kwargs=at | ({"kind": offer.kind} if offer.kind else {}))
