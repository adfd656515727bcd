"""The list of mothers: what the URL asks for, and its rows as plain data."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from registry.lists import Asked
from registry.models import Mother
from registry.names import name_key
from registry.pregnancy import Sign, gestation, is_overdue, naegele, signs, trimester

MOTHER_GROUPS = {"hamil": "Ibu hamil", "menyusui": "Ibu menyusui", "semua": "Semua ibu"}


class MotherList(Asked):
    """``/ibu/?kelompok=hamil|menyusui|semua&desa=&q=&bulan=``."""

    name = "registry:mothers"
    action = "see_mothers"
    defaults = {"kelompok": "hamil"}
    labels = {"desa": ("Desa/kelurahan", "Semua"), "bulan": ("Keadaan pada", "Sekarang")}

    def choices(self) -> dict[str, dict[str, str]]:
        return super().choices() | {"kelompok": MOTHER_GROUPS}

    def mothers(self) -> QuerySet[Mother]:
        """Pregnant women by the day they are due, the others by name."""
        rows = Mother.objects.in_scope(self.user).in_desa(self.desa)
        group = self.values["kelompok"]
        if group == "hamil":
            rows = rows.pregnant(self.on)
        elif group == "menyusui":
            rows = rows.breastfeeding(self.on)
        if key := name_key(self.values["q"]):
            rows = rows.filter(name_key__contains=key)
        order = ("hpht", "name_key", "id") if group == "hamil" else ("name_key", "id")
        rows = rows.with_state(self.on).order_by(*order)
        return rows.select_related("desa", "posyandu")

    @property
    def tabs(self) -> list[dict[str, Any]]:
        now = self.values["kelompok"]
        return [
            {"label": words, "url": self.url(kelompok=key), "active": key == now}
            for key, words in MOTHER_GROUPS.items()
        ]

    @property
    def noun(self) -> str:
        return {"hamil": "ibu hamil", "menyusui": "ibu menyusui"}.get(
            self.values["kelompok"], "ibu"
        )

    def row(self, mother: Any) -> dict[str, Any]:
        return {
            "name": mother.name,
            "url": reverse("registry:mother", args=[mother.code]),
            "desa": mother.desa.name,
            "posyandu": str(mother.posyandu or ""),
            "state": self._state(mother),
            "due": mother.hpl_set or (naegele(mother.hpht) if mother.hpht else None),
            "overdue": bool(mother.hpht) and is_overdue(mother.hpht, self.on),
            "signs": self._signs(mother) if mother.hpht else [],
            "checked_on": mother.checked_on,
        }

    def _signs(self, mother: Any) -> list[Sign]:
        """The risks of the last LiLA and Hb; only who was examined for both is called good."""
        third = trimester(mother.hpht, mother.hb_on) if mother.hb_on else None
        found = signs(mother.lila, mother.hb, third)
        if found:
            return found
        if mother.lila is not None and mother.hb is not None:
            return [Sign("hijau", "Baik", "")]
        return [Sign("netral", "Belum lengkap diperiksa", "")]

    def _state(self, mother: Any) -> str:
        said = []
        if mother.hpht:
            said.append(f"hamil {gestation(mother.hpht, self.on)[0]} minggu")
        if mother.nursing_since:
            said.append("menyusui")
        return ", ".join(said).capitalize()
