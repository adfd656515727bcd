"""Forms of clean-water and sanitation works, and the search for the family."""

from typing import Any

from django import forms

from interventions.forms.plain import EndForm, PictureField, PlanForm, chosen
from interventions.models import SanitationWork
from regions.models import Programme, Region
from registry.documents import CleanFile
from registry.fields import NameField
from registry.models import Child, Household


class WorkPlanForm(PlanForm):
    """A clean-water or sanitation work for a household."""

    kind = chosen("Jenis pekerjaan", SanitationWork.Kind.choices)
    volume = NameField(
        label="Volume", max_length=60, required=False, help_text="Misalnya 1 unit atau 12 meter."
    )
    condition_before = NameField(
        label="Kondisi sebelum", max_length=300, help_text="Misalnya buang air di kebun."
    )
    child = forms.ModelChoiceField(
        label="Anak yang dibantu", queryset=Child.objects.none(), to_field_name="code",
        required=False, empty_label="Seluruh keluarga",
    )  # fmt: skip
    builder = NameField(label="Pelaksana pekerjaan", max_length=120, required=False)
    photo = PictureField(label="Foto sebelum")

    field_order = (
        "kind", "condition_before", "photo", "volume", "child", "planned_start", "planned_end",
        "builder", "funding", "partner", "cost_planned",
    )  # fmt: skip

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = household.children.all()  # type: ignore[attr-defined]


def _now(label: str, choices: Any) -> forms.ChoiceField:
    return chosen(label, choices, empty="Tidak berubah", required=False)


class WorkEndForm(EndForm):
    condition_after = NameField(label="Kondisi sesudah", max_length=300)
    bast_number = NameField(label="Nomor BAST", max_length=60, required=False)
    photo_before = PictureField(label="Foto sebelum")
    photo_after = PictureField(label="Foto sesudah")
    water = _now("Air minum sekarang", Household.Water.choices)
    latrine = _now("Jamban sekarang", Household.Latrine.choices)
    house = _now("Rumah sekarang", Household.House.choices)

    field_order = (
        "ended_on", "condition_after", "photo_before", "photo_after", "cost_real", "bast_number",
        "water", "latrine", "house",
    )  # fmt: skip

    def __init__(self, *args: Any, work: SanitationWork, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if work.photo_before_id:
            del self.fields["photo_before"]

    def photos(self) -> dict[str, CleanFile]:
        found = {name: self.cleaned_data.get(name) for name in ("photo_before", "photo_after")}
        return {name: clean for name, clean in found.items() if clean}

    def household(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("water", "latrine", "house")}


class HouseholdSearchForm(forms.Form):
    """The filter above the list of families."""

    hide_optional = True
    q = NameField(label="Cari nama atau alamat", required=False)
    desa = forms.ModelChoiceField(
        label="Desa/kelurahan", queryset=Region.objects.none(), to_field_name="code",
        required=False, empty_label="Semua",
    )  # fmt: skip

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desa"].queryset = programme.desa()  # type: ignore[attr-defined]
