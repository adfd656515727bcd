"""The question of the page "Mengapa berbeda?": which visit, and what the other screen shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from growth.classes import CLASSES
from growth.words import long_date
from registry.fields import DecimalCommaField
from registry.models import Measurement


@dataclass(frozen=True)
class Asked:
    """What to compare: the visit (None: never measured), the index, and the other result."""

    visit: Measurement | None
    index: str
    z: Decimal | None
    code: str


class ZField(DecimalCommaField):
    """A z-score as a screen shows it: ``-1,94``, ``−1.94``."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(str(value or "").replace("\u2212", "-"))


class CompareForm(forms.Form):
    """A GET form: every box may stay empty, and a strange address is read as an empty one."""

    hide_optional = True

    kunjungan = forms.ChoiceField(label="Pengukuran", required=False)
    kelas = forms.ChoiceField(label="Status gizi di e-PPGBM", required=False)
    nilai = ZField(
        label="atau nilai z di e-PPGBM", required=False, max_value=99, min_value=-99,
        help_text="Misalnya -1,94.",
        error_messages=dict.fromkeys(
            ("invalid", "max_value", "min_value"), "Tulis nilai z dengan angka, misalnya -1,94."
        ),
    )  # fmt: skip

    def __init__(self, data: Any, *, visits: Sequence[Measurement]) -> None:
        self.visits = {visit.code: visit for visit in visits}
        wanted = (data or {}).get("indeks", "")
        self.index = wanted if wanted in CLASSES else "tb_u"
        super().__init__(data)
        shown = [(code, long_date(visit.measured_on)) for code, visit in self.visits.items()]
        classes = [(found.code, found.label) for found in CLASSES[self.index]]
        self.fields["kunjungan"].choices = shown  # type: ignore[attr-defined]
        self.fields["kelas"].choices = [("", "Belum dipilih"), *classes]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What was asked; the latest visit where none or an unknown one is named."""
        self.is_valid()  # a box that cannot be read stays empty; its sentence stands beside it
        data = getattr(self, "cleaned_data", {})
        latest = next(iter(self.visits.values()), None)
        visit = self.visits.get(data.get("kunjungan", ""), latest)
        return Asked(visit, self.index, data.get("nilai"), data.get("kelas", ""))
