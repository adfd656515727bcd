"""The list behind a figure: addresses of the children list, filtered as the figure was counted."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reports.months import Month

# (code of a desa or "" for all, filters of the children list) -> address
ListLink = Callable[..., str]


def of_children(user: Any, month: Month) -> ListLink | None:
    """Addresses of that month's lists, for a person who may see children; else None."""
    if not user.may("see_children"):
        return None
    url = reverse("registry:children")

    def link(desa: str, **filters: str) -> str:
        chosen = {"desa": desa, **filters, "bulan": str(month)}
        return f"{url}?{urlencode({name: value for name, value in chosen.items() if value})}"

    return link


def links_of(desa: str, link: ListLink) -> dict[str, str]:
    """The lists behind one row of figures."""
    return {
        "balita": link(desa, kelompok="balita"),
        "baduta": link(desa, kelompok="baduta"),
        "measured": link(desa, gizi="diukur"),
        "stunting": link(desa, gizi="stunting"),
        "severe": link(desa, gizi="severe"),
        "wasting": link(desa, gizi="wasting"),
        "underweight": link(desa, gizi="underweight"),
        "gained": link(desa, gizi="naik"),
        "flagged": link(desa, gizi="flagged"),
        "unmeasured": link(desa, gizi="belum"),
    }
