"""The form under an alert: what was done about it, and when."""

from datetime import date
from typing import Any

from django import forms

from registry.fields import NameField, ThreeBoxDateField
from registry.models import AlertAnswer


class AnswerForm(forms.Form):
    """Dirujuk, diukur ulang or dikunjungi; a day, today unless said otherwise; a note."""

    hide_optional = True
    kind = forms.ChoiceField(
        label="Yang sudah dilakukan", choices=AlertAnswer.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih apa yang sudah dilakukan.",
                        "invalid_choice": "Pilih salah satu: dirujuk, diukur ulang, dikunjungi."},
    )  # fmt: skip
    done_on = ThreeBoxDateField(label="Tanggal dilakukan")
    note = NameField(
        label="Catatan (boleh kosong)", max_length=200, required=False,
        help_text="Misalnya: dirujuk ke Puskesmas, diterima bidan jaga.",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"done_on": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
