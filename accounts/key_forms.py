"""The boxes of a new read key: who uses it, what it may read, until when."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import ApiToken
from accounts.tokens import LONGEST
from regions.words import long_date

MISSING = "Isi dahulu bagian ini."


class KeyForm(forms.Form):
    name = forms.CharField(
        label="Dipakai oleh", max_length=80, error_messages={"required": MISSING},
        help_text="Nama kantor dan sistemnya, misalnya Dinas Kesehatan: papan pantau.",
    )  # fmt: skip
    scope = forms.ChoiceField(
        label="Boleh membaca", choices=ApiToken.Scope.choices, widget=forms.RadioSelect,
        error_messages={"required": MISSING},
    )  # fmt: skip
    expires_on = forms.DateField(
        label="Berlaku sampai", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": MISSING, "invalid": "Pilih tanggal, misalnya 31/12/2026."},
        help_text="Paling lama satu tahun.",
    )  # fmt: skip

    def __init__(self, today: date, data: Any = None) -> None:
        super().__init__(data)
        self.today = today

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if not self.today <= day <= self.today + LONGEST:
            latest = long_date(self.today + LONGEST)
            raise ValidationError(f"Pilih tanggal dari hari ini sampai {latest}.")
        return day
