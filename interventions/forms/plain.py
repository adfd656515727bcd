"""What all forms of helps share: days, photos, the plan, how a help starts, stops and ends."""

from datetime import timedelta
from typing import Any

from django import forms

from interventions.life import Funding
from interventions.models import Partner
from regions.models import Programme
from registry.documents import CleanFile, accept_picture
from registry.fields import NameField, RupiahField

FAR = timedelta(days=3 * 366)  # a plan further away than this is a slip of the pen


class DayField(forms.DateField):
    """A calendar day: the browser's date box, or typed ``22/06/2022``, ``22-06-2022``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
        super().__init__(input_formats=formats, localize=False, **kwargs)
        self.error_messages["invalid"] = "Tanggal ini tidak ada. Tulis seperti 22/06/2022."


class PictureField(forms.FileField):
    """A photo, checked and painted anew; ``cleaned_data`` holds the CleanFile or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, help_text="JPG, PNG, atau WEBP, paling besar 8 MB.", **kwargs
        )
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"
        self.error_messages["empty"] = "Berkas ini kosong. Ambil fotonya sekali lagi."

    def clean(self, data: Any, initial: Any = None) -> CleanFile | None:
        upload = super().clean(data, initial)
        return accept_picture(upload) if upload else None


class PlainForm(forms.Form):
    """Every form of this app: what is missing is asked for by its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            ask = "Pilih" if isinstance(field, forms.ChoiceField) else "Isi"
            field.error_messages["required"] = f"{ask} {str(field.label).lower()}."
            field.error_messages["invalid_choice"] = "Pilih salah satu dari daftar."


def chosen(label: str, choices: Any, *, empty: str = "Pilih", **kwargs: Any) -> forms.ChoiceField:
    """A list to choose from, with a first line that is no choice."""
    return forms.ChoiceField(label=label, choices=[("", empty), *choices], **kwargs)


class PlanForm(PlainForm):
    """What every plan says: who pays, when, how much."""

    funding = chosen("Sumber dana", Funding.choices)
    partner = forms.ModelChoiceField(
        label="Mitra", queryset=Partner.objects.none(), to_field_name="code", required=False,
        empty_label="Tanpa mitra", help_text="Wajib bila sumber dananya Mitra.",
    )  # fmt: skip
    planned_start = DayField(label="Rencana mulai")
    planned_end = DayField(label="Rencana selesai")
    cost_planned = RupiahField(
        label="Rencana biaya", required=False, help_text="Rupiah, misalnya 450.000."
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.fields["partner"].queryset = Partner.objects.choosable(programme)  # type: ignore[attr-defined]
        self.fields["partner"].error_messages["invalid_choice"] = (
            "Pilih mitra dari daftar program ini."
        )

    def clean(self) -> dict[str, Any]:
        plan = super().clean() or {}
        if plan.get("funding") == Funding.MITRA and not plan.get("partner"):
            self._ask("partner", "Pilih mitra yang membiayai.")
        begin, end = plan.get("planned_start"), plan.get("planned_end")
        if begin and end and end < begin:
            self._ask("planned_end", "Rencana selesai harus setelah rencana mulai.")
        for name in ("planned_start", "planned_end"):
            day = plan.get(name)
            if day and abs(day - self.programme.today()) > FAR:
                self._ask(name, "Periksa tahunnya. Tanggal ini terlalu jauh dari hari ini.")
        return plan

    def _ask(self, name: str, sentence: str) -> None:
        if name in self.fields and name not in self.errors:
            self.add_error(name, sentence)


class StartForm(PlainForm):
    on = DayField(label="Dimulai pada")


class StopForm(PlainForm):
    reason = NameField(label="Alasan", max_length=300)


class EndForm(PlainForm):
    """How a PMT or work ended."""

    ended_on = DayField(label="Tanggal selesai")
    cost_real = RupiahField(
        label="Biaya nyata", required=False, help_text="Rupiah, misalnya 450.000."
    )
