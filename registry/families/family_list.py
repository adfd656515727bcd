"""The list of families: what the URL asks for, and its rows as plain data."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts.paging import Order, Page
from registry import standards
from registry.families import facts, residents, risk
from registry.lists import Asked
from registry.models import Child, Household, Mother
from registry.names import name_key

MOST_GROUPS = 300
ABOUT_RISK = {
    risk.AT_RISK: "Berisiko stunting",
    risk.WATER: "Berisiko: air minum tidak layak",
    risk.LATRINE: "Berisiko: jamban tidak layak",
    risk.FOUR_T: "Berisiko: 4 Terlalu (4T)",
    risk.UNKNOWN: "Belum dapat ditentukan",
    risk.NOT_AT_RISK: "Tidak berisiko",
}
HOUSES = {"belum": "Rumah belum dilihat", "tidak_layak": "Rumah tidak layak huni"}
RESIDENTS = {"bukan": "Bukan warga kecamatan", "belum": "Belum ditanyakan"}
_SAID = {"bukan": False, "belum": None}


class HouseholdList(Asked):
    """``/keluarga/?q=&desa=&risiko=&rumah=&dasawisma=&warga=``."""

    name = "registry:households"
    action = "see_children"
    order = Order("keluarga", ("head_name", "id"))
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "risiko": ("Risiko stunting", "Semua"),
        "rumah": ("Rumah", "Semua"),
        "dasawisma": ("Dasawisma", "Semua"),
    }

    def __init__(self, query: QueryDict, user: Any, action: str = "") -> None:
        self.limits = standards.pregnancy_limits(user.programme)
        self.verdicts: dict[int, risk.Verdict] = {}
        if residents.asks(user.programme):
            self.labels = self.labels | {"warga": ("Warga kecamatan", "Semua")}
        super().__init__(query, user, action)

    def choices(self) -> dict[str, dict[str, str]]:
        base = {"desa": {desa.code: desa.title for desa in self.desa_list}}
        asked = base | {"risiko": ABOUT_RISK, "rumah": HOUSES, "dasawisma": self.groups}
        return asked | ({"warga": RESIDENTS} if "warga" in self.labels else {})

    @cached_property
    def groups(self) -> dict[str, str]:
        """The dasawisma of the area, or of the desa asked for; one query."""
        rows = Household.objects.in_scope(self.user, self.action).exclude(dasawisma="")
        if asked := self.query.get("desa"):
            rows = rows.filter(desa__code=asked)
        names = rows.order_by("dasawisma").values_list("dasawisma", flat=True).distinct()
        return {name: name for name in names[:MOST_GROUPS]}

    def rows(self) -> QuerySet[Household]:
        """Families with somebody living here, by the name of their head."""
        rows = Household.objects.in_scope(self.user, self.action).in_desa(self.desa).here(self.on)
        if asked := self.values["risiko"]:
            rows = self._of_risk(rows, asked, self.on)
        if house := self.values["rumah"]:
            rows = rows.unseen() if house == "belum" else rows.filter(house=house)
        if group := self.values["dasawisma"]:
            rows = rows.filter(dasawisma=group)
        if said := self.values.get("warga"):
            rows = rows.residents(_SAID[said])
        if words := self.values["q"]:
            rows = rows.filter(_named(words))
        return rows

    def shown(self, rows: Any) -> Any:
        return rows.select_related("desa", "posyandu").defer("kk")

    def _of_risk(self, rows: Any, asked: str, on: date) -> Any:
        if asked in risk.CAUSES:
            return rows.at_risk(on, self.limits, asked)
        return rows.of_risk(asked, on, self.limits)

    def page(self) -> Page:
        """A page of families, with the risk of each at hand for its row."""
        found = super().page()
        self.verdicts = facts.verdicts(found.rows, self.on, self.limits)
        return found

    @property
    def noun(self) -> str:
        """``keluarga``, with the risk that was asked for."""
        asked = ABOUT_RISK.get(self.values["risiko"], "")
        return f"keluarga {asked[0].lower()}{asked[1:]}" if asked else "keluarga"

    def row(self, household: Household) -> dict[str, Any]:
        verdict = self.verdicts[household.pk]
        return {
            "name": household.head_name or "Kepala keluarga belum tercatat",
            "url": reverse("registry:household", args=[household.code]),
            "address": household.full_address,
            "posyandu": str(household.posyandu or ""),
            "dasawisma": household.dasawisma,
            "tone": verdict.tone,
            "label": verdict.label,
            "reasons": [reason.words for reason in verdict.reasons],
            "seen_on": household.surveyed_on,
        }


def _named(words: str) -> Q:
    """Whose head, address, mother or child carries the words."""
    mine = {"household": OuterRef("pk"), "name_key__contains": name_key(words)}
    found = Q(head_name__icontains=words) | Q(address__icontains=words)
    if not mine["name_key__contains"]:
        return found
    return found | Exists(Mother.objects.filter(**mine)) | Exists(Child.objects.filter(**mine))
