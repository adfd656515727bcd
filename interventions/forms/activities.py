"""Forms of activities: the plan, and the attendance with its scores."""

from typing import Any, Self

from django import forms

from interventions.forms.plain import DayField, PictureField, PlainForm, PlanForm, chosen
from interventions.models import Activity
from regions.models import Region
from registry.fields import NameField, RupiahField, WholeNumberField


class ActivityPlanForm(PlanForm):
    """A class, sosialisasi, training or meeting on one day."""

    kind = chosen("Jenis kegiatan", Activity.Kind.choices)
    title = NameField(label="Judul", max_length=160)
    desa = forms.ModelChoiceField(
        label="Desa/kelurahan", queryset=Region.objects.none(), to_field_name="code",
        empty_label="Pilih",
    )  # fmt: skip
    place = NameField(label="Tempat", max_length=120, help_text="Misalnya balai desa.")
    speaker = NameField(label="Narasumber", max_length=160, required=False)
    material = NameField(label="Materi", max_length=300, required=False)

    field_order = (
        "kind", "title", "planned_start", "desa", "place", "speaker", "material", "funding",
        "partner", "cost_planned",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["planned_end"]
        self.fields["planned_start"].label = "Tanggal"
        self.fields["planned_start"].error_messages["required"] = "Isi tanggal."
        self.fields["desa"].queryset = self.programme.desa()  # type: ignore[attr-defined]
        self.fields["desa"].label_from_instance = lambda desa: desa.title  # type: ignore[attr-defined]


class HoldForm(PlainForm):
    """The activity as it took place; who came stands in the attendance list below it."""

    held_on = DayField(label="Tanggal pelaksanaan")
    cost_real = RupiahField(
        label="Biaya nyata", required=False, help_text="Rupiah, misalnya 450.000."
    )
    notes = forms.CharField(
        label="Notulen", max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    photo = PictureField(label="Foto kegiatan")


def _score(label: str) -> WholeNumberField:
    return WholeNumberField(label=label, required=False, min_value=0, max_value=100)


class LineForm(PlainForm):
    """A line of a list: no label stands beside its boxes, so each is named for screen readers."""

    def name_boxes(self, whose: str) -> Self:
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label} {whose}"
        return self


class MotherCameForm(LineForm):
    """One line of the attendance list: a mother of the registry."""

    came = forms.BooleanField(label="Hadir", required=False)
    pre_score = _score("Nilai awal")
    post_score = _score("Nilai akhir")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        scored = any(said.get(name) is not None for name in ("pre_score", "post_score"))
        if scored and not said.get("came"):
            self.add_error("came", "Ada nilai, tetapi belum dicentang hadir.")
        return said


class GuestForm(LineForm):
    """One line for somebody who is not in the registry."""

    # On a phone the table has no head: the box itself says what belongs in it.
    name = NameField(
        label="Nama", required=False, widget=forms.TextInput({"placeholder": "Nama"})
    )  # fmt: skip
    sex = forms.ChoiceField(
        label="L/P", choices=[("", "L/P"), ("L", "L"), ("P", "P")], required=False
    )
    role = NameField(label="Sebagai", max_length=60, required=False)
    pre_score = _score("Nilai awal")
    post_score = _score("Nilai akhir")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        told = [
            said.get("role"),
            said.get("pre_score") is not None,
            said.get("post_score") is not None,
        ]
        if said.get("name") and not said.get("sex") and "sex" not in self.errors:
            self.add_error("sex", "Pilih L atau P.")
        if any(told) and not said.get("name") and "name" not in self.errors:
            self.add_error("name", "Isi namanya.")
        return said
