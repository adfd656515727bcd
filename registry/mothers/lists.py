"""The list of mothers: what the URL asks for, and its rows as plain data."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.paging import Order
from registry import standards
from registry.families.life import away_words
from registry.lists import Asked
from registry.lookup import search
from registry.models import Mother
from registry.mothers.alert import NOT_EXAMINED, OVERDUE, MotherAlert, carried_by, mother_alert
from registry.mothers.pregnancy import ANAEMIA, HIGH_RISK, KEK, Sign, gestation

MOTHER_GROUPS = {
    "hamil": "Ibu hamil",
    "menyusui": "Ibu menyusui",
    "lewat": "Lewat 45 minggu",
    "semua": "Semua ibu",
}
RISKS = {
    KEK: "KEK atau risiko KEK",
    ANAEMIA: "Anemia",
    HIGH_RISK: "Risiko tinggi (4T, ibu pendek)",
    NOT_EXAMINED: "Belum lengkap diperiksa",
}
_NOUNS = {
    "hamil": "ibu hamil",
    "menyusui": "ibu menyusui",
    "lewat": "kehamilan lewat 45 minggu",
}
BY_DUE = Order("ibu hamil", ("carried_hpht", "name_key", "id"))
BY_NAME = Order("ibu", ("name_key", "id"))


class MotherList(Asked):
    """``/ibu/?kelompok=hamil|menyusui|lewat|semua&desa=&tanda=&q=&bulan=&pada=``."""

    name = "registry:mothers"
    by_day = True
    action = "see_mothers"
    defaults = {"kelompok": "hamil"}
    search_label, search_hint = "Cari nama atau NIK", "nama, 4 angka akhir NIK"
    whole = False  # also what only a file shows: address and NIK
    labels = {
        "desa": ("Desa/kelurahan", "Semua"),
        "tanda": ("Tanda", "Semua"),
        "bulan": ("Keadaan pada", "Sekarang"),
    }

    def __init__(self, query: Any, user: Any, action: str = "") -> None:
        super().__init__(query, user, action)
        self.limits = standards.pregnancy_limits(user.programme)

    def choices(self) -> dict[str, dict[str, str]]:
        return super().choices() | {"kelompok": MOTHER_GROUPS, "tanda": RISKS}

    @property
    def order(self) -> Order:  # type: ignore[override]
        """Pregnant women by the day they are due, the others by name; who was searched for, the
        likeliest first."""
        return search.ordered(BY_DUE if self._by_due else BY_NAME, self.values["q"])

    @property
    def _by_due(self) -> bool:
        return self.values["kelompok"] in ("hamil", "lewat")

    def rows(self) -> Sequence[Any] | QuerySet[Mother]:
        """The mothers asked for, as they stand on the day.

        The risk is asked of the same function as on the card, so with ``tanda`` every row is read.
        """
        group = self.values["kelompok"]
        rows = self._seen() if group == "semua" else self._of_group(self._here(), group)
        if q := self.values["q"]:
            rows = search.mothers(rows, q, self.user.programme)
        if self.values["tanda"]:
            found = self.shown(rows)
            return [row for row in found if self.values["tanda"] in self._kinds(row)]
        return rows.with_state(self.on) if self._by_due else rows

    def shown(self, rows: Any) -> Any:
        rows = rows.with_state(self.on).select_related("desa", "posyandu")
        return rows.select_related("household") if self.whole else rows.defer("nik")

    def forgotten(self) -> int:
        """How many pregnancies are past 45 weeks without an end written down."""
        return self._here().overdue(self.on, self.user.programme).count()

    def _seen(self) -> Any:
        return Mother.objects.in_scope(self.user, self.action).in_desa(self.desa)

    def _here(self) -> Any:
        return self._seen().here(self.on)

    def _of_group(self, rows: Any, group: str) -> Any:
        if group == "hamil":
            return rows.pregnant(self.on, self.user.programme)
        if group == "lewat":
            return rows.overdue(self.on, self.user.programme)
        return rows.breastfeeding(self.on)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        now = self.values["kelompok"]
        return [
            {"label": words, "url": self.url(kelompok=key), "active": key == now}
            for key, words in MOTHER_GROUPS.items()
        ]

    @property
    def noun(self) -> str:
        risk = self.values["tanda"]
        said = f" dengan tanda {RISKS[risk]}" if risk else ""
        return _NOUNS.get(self.values["kelompok"], "ibu") + said

    def row(self, mother: Any) -> dict[str, Any]:
        alert = self._alert(mother)
        return {
            "name": mother.name,
            "url": reverse("registry:mother", args=[mother.code]),
            "desa": mother.desa.name,
            "posyandu": str(mother.posyandu or ""),
            "state": self._state(mother, alert),
            "due": carried_by(mother).hpl if alert else None,
            "signs": _shown(alert) if alert else [],
            "checked_on": mother.checked_on,
            "gone": away_words(mother, self.on),
        }

    def _alert(self, mother: Any) -> MotherAlert | None:
        if mother.carried_hpht is None:
            return None
        return mother_alert(carried_by(mother), self.on, self.limits)

    def _kinds(self, mother: Any) -> frozenset[str]:
        alert = self._alert(mother)
        return alert.kinds if alert else frozenset()

    def _state(self, mother: Any, alert: MotherAlert | None) -> str:
        said = []
        if alert and OVERDUE not in alert.kinds:
            age = gestation(carried_by(mother).begun, self.on)
            said.append(f"hamil {age[0]} minggu" if age else "hamil")
        if mother.nursing_since:
            said.append("menyusui")
        return ", ".join(said).capitalize()


def _shown(alert: MotherAlert) -> list[Sign]:
    """The signs of a row, worst first; what is not known yet stands beside what is."""
    level = Sign(alert.level, alert.label, "")
    if not alert.signs:
        return [level]
    unknown = [Sign("netral", "Belum lengkap diperiksa", "")] if NOT_EXAMINED in alert.kinds else []
    return [*alert.signs, *unknown]
