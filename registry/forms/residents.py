"""Whether a family is of the kecamatan: asked of staff, where the programme wants it."""

from typing import Any

from django import forms

from regions.models import Programme
from registry.families import residents
from registry.fields import NameField

YES, NO = "ya", "bukan"
NEEDS_REASON = "Tulis alasannya, misalnya tinggal sementara di rumah orang tua."


class ResidentFields(forms.Form):
    """Two boxes; gone where the programme does not ask. An unanswered question changes nothing."""

    resident = forms.ChoiceField(
        label="Warga kecamatan ini", required=False, widget=forms.RadioSelect,
        choices=[(YES, "Ya"), (NO, "Bukan")],
        error_messages={"invalid_choice": "Pilih ya atau bukan."},
    )  # fmt: skip
    resident_reason = NameField(
        label="Alasan pengecualian", max_length=200, required=False,
        help_text="Hanya kalau bukan warga: mengapa keluarga ini tetap ditolong.",
    )  # fmt: skip

    def ask_resident(self, programme: Programme) -> None:
        """Call it when the form is made."""
        if not residents.asks(programme):
            for name in residents.COLUMNS:
                del self.fields[name]
            return
        self.fields["resident"].label = f"Warga Kecamatan {programme.kecamatan_name}"
        self.fields["resident_reason"].optional_note = "kalau bukan warga"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("resident") == NO and not data.get("resident_reason"):
            self.add_error("resident_reason", NEEDS_REASON)
        return data

    def resident_answer(self) -> dict[str, Any]:
        """The columns of ``Household``; {} when it was not said."""
        said = self.cleaned_data.get("resident")
        if not said:
            return {}
        reason = self.cleaned_data["resident_reason"] if said == NO else ""
        return {"resident": said == YES, "resident_reason": reason}
