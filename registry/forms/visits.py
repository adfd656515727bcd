"""Forms of visits: a child is measured, a measurement is put right.

Impossible numbers are refused; unlikely ones are asked back once and stored when confirmed
(zscore.md §4). ``doubts`` holds what was asked; what was in doubt about a visit goes with its
numbers (``doubted``), so that every z made with them is flagged.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from growth.age import completed_months
from growth.plausible import Doubt, doubted, impossible
from growth.words import number
from registry import measuring
from registry.fields import DecimalCommaField, NameField, ThreeBoxDateField
from registry.forms.report import BEFORE_BIRTH, FUTURE_VISIT, OLD_VISIT
from registry.models import Child, Measurement

NUMBERS = ("weight_kg", "length_height_cm", "lila_cm")
NOTHING_MEASURED = "Isi berat, panjang atau tinggi, atau LiLA. Satu saja sudah boleh."
NEEDS_POSTURE = "Pilih terlentang atau berdiri, sesuai cara anak ini diukur."
MEASURED_THAT_DAY = (
    "Anak ini sudah diukur pada tanggal itu. Perbaiki pengukuran itu, atau periksa tanggalnya."
)
ONE_DECIMAL = {
    "max_decimal_places": "Tulis paling banyak 1 angka di belakang koma.",
    "invalid": "Tulis dengan angka saja, misalnya 12,5.",
}
OLD_DAYS = 31


class AskOnce(forms.Form):
    """A form that asks back what is unlikely; with ``confirmed`` it is taken as it is."""

    confirmed = forms.BooleanField(label="Ya, sudah saya periksa dan memang benar", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts: list[Doubt] = []

    def ask_back(self, doubts: Iterable[Doubt]) -> None:
        """Keep the doubts; without the tick they stand beside their boxes."""
        self.doubts = list(doubts)
        if not self.doubts or self.cleaned_data.get("confirmed"):
            return
        grouped: dict[str | None, list[str]] = defaultdict(list)
        for name, sentence in self.doubts:
            grouped[name if name in self.fields else None].append(sentence)
        for field, sentences in grouped.items():
            self.add_error(field, ValidationError(sentences))


class VisitFields(AskOnce):
    """The boxes of one visit of a child, and the rules between them."""

    measured_on = ThreeBoxDateField(label="Tanggal ukur", required=False)
    weight_kg = DecimalCommaField(label="Berat", required=False, help_text="Misalnya 8,4.")
    length_height_cm = DecimalCommaField(
        label="Panjang atau tinggi", required=False, help_text="Misalnya 74,5."
    )
    measure = forms.ChoiceField(
        label="Cara mengukur panjang atau tinggi", required=False, widget=forms.RadioSelect,
        choices=Measurement.Posture.choices,
        error_messages={"invalid_choice": NEEDS_POSTURE},
    )  # fmt: skip
    lila_cm = DecimalCommaField(
        label="Lingkar lengan atas (LiLA)", required=False, decimal_places=1,
        help_text="Untuk umur 6–59 bulan, misalnya 13,5.", error_messages=ONE_DECIMAL,
    )  # fmt: skip
    oedema = forms.BooleanField(
        label="Kedua punggung kaki bengkak (edema)", required=False,
        help_text="Tekan tiga detik: kalau tetap berlekuk di kedua kaki, centang.",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.visit_doubts: list[Doubt] = []
        units = {"weight_kg": "kg", "length_height_cm": "cm", "lila_cm": "cm"}
        for name, unit in units.items():
            self.fields[name].unit = unit  # type: ignore[attr-defined]
        self.fields["measure"].optional_note = "isi kalau diukur"  # type: ignore[attr-defined]

    @property
    def is_measured(self) -> bool:
        """Whether anything of a visit was filled in."""
        data = self.cleaned_data
        return any(data.get(name) is not None for name in NUMBERS) or bool(data.get("oedema"))

    def numbers(self) -> dict[str, Any]:
        """The cleaned visit, as ``visits.add_measurement`` takes it."""
        data = self.cleaned_data
        return {
            "measured_on": data["measured_on"],
            **{name: data.get(name) for name in NUMBERS},
            "measure": data.get("measure") or "",
            "oedema": bool(data.get("oedema")),
            "confirmed": any(name != "measured_on" for name, _ in self.visit_doubts),
            "doubted": doubted(self.visit_doubts),
        }

    def date_visit(self) -> None:
        """A visit without a day was today."""
        if self.cleaned_data.get("measured_on") is None and "measured_on" not in self.errors:
            self.cleaned_data["measured_on"] = self.today

    def refuse_impossible(self, born: date | None) -> None:
        """Say what cannot be: dates, numbers, a length without its posture."""
        data = self.cleaned_data
        on = data.get("measured_on")
        if on and on > self.today:
            self.add_error("measured_on", FUTURE_VISIT)
        elif on and born and on < born:
            self.add_error("measured_on", BEFORE_BIRTH)
        months = completed_months(born, on) if born and on and on >= born else None
        given = {name: data.get(name) for name in NUMBERS}
        for name, sentence in impossible(
            given["weight_kg"], given["length_height_cm"], months, given["lila_cm"]
        ):
            self.add_error(name, sentence)
        length_told = given["length_height_cm"] is not None
        if length_told and not data.get("measure") and "measure" not in self.errors:
            self.add_error("measure", NEEDS_POSTURE)

    def unlikely(self, sex: str, born: date, *, approximate: bool) -> list[Doubt]:
        """What the numbers of this visit leave in doubt; call it when nothing is refused."""
        data = self.numbers()
        on, posture, oedema = data["measured_on"], data["measure"], data["oedema"]
        visit = measuring.look_at(
            sex=sex, born=born, on=on, measure=posture, oedema=oedema, approximate=approximate,
            **{name: data[name] for name in NUMBERS},
        )  # fmt: skip
        found = list(visit.doubts)
        if (self.today - on).days > OLD_DAYS:
            found.append(("measured_on", OLD_VISIT))
        return found


class MeasureForm(VisitFields):
    """A later visit of a known child, compared with the visits before and after it."""

    hide_optional = True

    def __init__(self, *args: Any, child: Child, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"measured_on": today} | kwargs.get("initial", {})
        super().__init__(*args, today=today, **kwargs)
        self.child = child
        self.others = list(child.measurements.current())
        self.same_day: Measurement | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.date_visit()
        self.refuse_impossible(self.child.birth_date)
        self._one_a_day(data.get("measured_on"))
        if not self.is_measured and not self.errors:
            self.add_error("weight_kg", NOTHING_MEASURED)
        if not self.errors:
            child = self.child
            asked = self.unlikely(child.sex, child.birth_date, approximate=child.is_approximate)
            draft = Measurement(**self.numbers())
            self.visit_doubts = asked + measuring.beside(child, draft, self.others)
            self.ask_back(self.visit_doubts)
        return data

    def _one_a_day(self, on: date | None) -> None:
        self.same_day = next((v for v in self.others if v.measured_on == on), None)
        if self.same_day:
            self.add_error("measured_on", MEASURED_THAT_DAY)


class CorrectMeasurementForm(MeasureForm):
    """The same visit once more with the right numbers, and why; its day stays."""

    reason = NameField(
        label="Alasan perbaikan", max_length=200, help_text="Misalnya: angka berat salah baca.",
        error_messages={"required": "Tulis alasan perbaikannya, satu kalimat sudah cukup."},
    )  # fmt: skip

    def __init__(self, *args: Any, measurement: Measurement, **kwargs: Any) -> None:
        told = {name: getattr(measurement, name) for name in NUMBERS}
        kwargs["initial"] = {
            "measure": measurement.measure,
            "oedema": measurement.oedema,
            **{name: number(float(n)) for name, n in told.items() if n is not None},
        }
        super().__init__(*args, child=measurement.child, **kwargs)
        del self.fields["measured_on"]
        self.measurement = measurement
        self.others = [visit for visit in self.others if visit.pk != measurement.pk]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["measured_on"] = self.measurement.measured_on
        return super().clean()

    def unlikely(self, sex: str, born: date, *, approximate: bool) -> list[Doubt]:
        found = super().unlikely(sex, born, approximate=approximate)
        return [doubt for doubt in found if doubt[0] != "measured_on"]
