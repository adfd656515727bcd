"""Forms of the reports: the words the office adds, and the two ways to check a paper."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict

from regions.codes import ungrouped
from reports.models import MonthlyReport

_LONG = "Terlalu panjang. Ringkas sampai paling banyak %(limit_value)s huruf."


class WordsForm(forms.ModelForm):
    """Number, obstacles, follow-up and who signs. The figures are never typed."""

    class Meta:
        model = MonthlyReport
        fields = (
            "number",
            "obstacles",
            "follow_up",
            "signatory_name",
            "signatory_rank",
            "signatory_nip",
        )
        widgets = {
            "obstacles": forms.Textarea({"rows": 5}),
            "follow_up": forms.Textarea({"rows": 5}),
        }
        help_texts = {
            "number": "Terisi sendiri menurut format kecamatan; ganti bila agenda surat berbeda.",
            "obstacles": "Satu kendala satu baris. Jangan tulis nama anak atau NIK.",
            "follow_up": "Satu saran satu baris: siapa mengerjakan apa, kapan.",
            "signatory_name": "Nama pejabat lengkap dengan gelar.",
            "signatory_rank": "Misalnya: Pembina Tk. I.",
            "signatory_nip": "18 angka.",
        }

    def __init__(self, report: MonthlyReport, data: Any = None) -> None:
        # Not bound to the row: cleaning must not change it, only the workflow does.
        super().__init__(data, initial=model_to_dict(report, self._meta.fields))
        for field in self.fields.values():
            field.error_messages["max_length"] = _LONG
            for check in field.validators:
                if check.code == "max_length":  # type: ignore[attr-defined]
                    check.message = _LONG  # type: ignore[attr-defined]

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by name, for the workflow; a box that was not sent stays as it is."""
        return {name: str(self.cleaned_data[name]) for name in self.fields if name in self.data}


class CodeForm(forms.Form):
    """The short code printed in the foot of every page."""

    code = forms.CharField(
        label="Kode laporan",
        help_text="13 huruf dan angka di kaki laporan, misalnya AB12-CD34-EF567.",
        max_length=40,
        error_messages={"required": "Tulis kodenya dahulu."},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        code = ungrouped(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                "Kode ini belum lengkap. Tulis 13 huruf dan angka seperti di kaki laporan."
            )
        return code
