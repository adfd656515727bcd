"""The list of families: what the URL asks for, and its rows as plain data."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts.paging import Order
from registry import standards
from registry.families import facts, residents, risk
from registry.identity import clean_number, index_of
from registry.lists import Asked
from registry.lookup import search
from registry.models import Child, Household, Mother

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
    order = Order("keluarga", ("head_name", "id"))
    action = "see_children"
    whole = False  # also what only a file shows: the KK number
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "risiko": ("Risiko stunting", "Semua"),
        "rumah": ("Rumah", "Semua"),
    }

    def __init__(self, query: QueryDict, user: Any, action: str = "") -> None:
        self.limits = standards.pregnancy_limits(user.programme)
        if residents.asks(user.programme):
            self.labels = self.labels | {"warga": ("Warga kecamatan", "Semua")}
        super().__init__(query, user, action)
        if self.groups:
            self.labels = self.labels | {"dasawisma": ("Dasawisma", "Semua")}

    def choices(self) -> dict[str, dict[str, str]]:
        base = {"desa": {desa.code: desa.title for desa in self.desa_list}}
        asked = base | {"risiko": ABOUT_RISK, "rumah": HOUSES, "dasawisma": self.groups}
        return asked | ({"warga": RESIDENTS} if "warga" in self.labels else {})

    @cached_property
    def groups(self) -> dict[str, str]:
        """The dasawisma of the desa asked for, or of the only one: their names repeat elsewhere."""
        asked, several = self.query.get("desa", ""), len(self.desa_list) > 1
        desa = next((d for d in self.desa_list if d.code == asked or not several), None)
        if desa is None:
            return {}
        rows = Household.objects.in_scope(self.user, self.action).in_desa(desa)
        rows = rows.exclude(dasawisma="")
        names = rows.order_by("dasawisma").values_list("dasawisma", flat=True).distinct()
        return {name: name for name in names[:MOST_GROUPS]}

    def rows(self) -> QuerySet[Household]:
        """Families with somebody living here."""
        rows = Household.objects.in_scope(self.user, self.action).in_desa(self.desa)
        rows = rows.here(self.today)
        if asked := self.values["risiko"]:
            rows = self._of_risk(rows, asked, self.today)
        if house := self.values["rumah"]:
            rows = rows.unseen() if house == "belum" else rows.filter(house=house)
        if group := self.values["dasawisma"]:
            rows = rows.filter(dasawisma=group)
        if said := self.values.get("warga"):
            rows = rows.residents(_SAID[said])
        return rows.filter(self._named(self.values["q"])) if self.values["q"] else rows

    def _named(self, text: str) -> Q:
        """Whose head or address carries the words, or whose people are found by them; a NIK, a KK
        number or a code finds its own."""
        programme = self.user.programme
        children, mothers = (kind.objects.in_scope(self.user) for kind in (Child, Mother))
        found = search.households(children, mothers, text, programme)
        if self.searched_by == "nik":
            return found | Q(kk_index=index_of(clean_number(text)))
        if search.CODE.fullmatch(text):
            return found | Q(code=text)
        return found | Q(head_name__icontains=text) | Q(address__icontains=text)

    def _of_risk(self, rows: Any, asked: str, on: date) -> Any:
        if asked in risk.CAUSES:
            return rows.at_risk(on, self.limits, asked)
        return rows.of_risk(asked, on, self.limits)

    def shown(self, rows: Any) -> Any:
        rows = rows.with_risk(self.today, self.limits).select_related("desa", "posyandu")
        return rows if self.whole else rows.defer("kk")

    @property
    def noun(self) -> str:
        """``keluarga``, with the risk that was asked for."""
        asked = ABOUT_RISK.get(self.values["risiko"], "")
        return f"keluarga {asked[0].lower()}{asked[1:]}" if asked else "keluarga"

    def row(self, household: Any) -> dict[str, Any]:
        verdict = _verdict(household)
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


def _verdict(home: Any) -> risk.Verdict:
    """The risk as SQL knows it (``with_risk``); which of 4T hold is said on the family's card."""
    target = True if home.is_target else None if home.may_be_target else False
    reasons, _ = risk.of_home(facts.home_of(home))
    reasons += [risk.Reason(risk.FOUR_T, risk.CAUSES[risk.FOUR_T])] if home.risk_4t else []
    state = risk.state_of(target, at_risk=bool(reasons), unknown=home.risk_unknown)
    return risk.Verdict(state, tuple(reasons) if state == risk.AT_RISK else ())
