"""Forms of the posyandu day: which day, one child's numbers, the same put right.

The rules are those of every visit (registry/forms/visits.py); here the day is known, the posture
is filled in by age, and what was measured last stands beside each box.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from growth.age import MONTH_DAYS, age_in_days
from growth.plausible import PLAUSIBLE, Doubt
from growth.reading import HEIGHT_FROM_DAY, STANDS_FROM_MONTH
from growth.words import measured, number, short_date
from regions.models import Posyandu
from regions.posters import posyandu_title
from registry.fields import ThreeBoxDateField
from registry.forms.visits import NUMBERS, CorrectMeasurementForm, MeasureForm, VisitFields
from registry.models import Child, Measurement
from registry.mothers import exclusive

LILA_FROM_MONTH = 6
NOT_YET = "Hari ini belum tiba. Pilih hari ini atau hari yang sudah lewat."
FIRST_YEAR = 2000  # an address takes no earlier day
TOO_LONG_AGO = "Tanggal ini terlalu lama berlalu. Periksa tahunnya."
PRINT_AHEAD = 62  # days: the list is printed before the posyandu day
TOO_FAR = "Daftar dapat dicetak paling jauh dua bulan sebelumnya."
MUST_LIE = "Anak di bawah 9 bulan selalu diukur terlentang."
YES_NO = (("ya", "Ya"), ("tidak", "Tidak"))
MEASURE_LABEL, WEIGHT_LABEL = "Cara mengukur", "Berat badan"
LENGTH_LABELS = {"l": "Panjang badan", "h": "Tinggi badan"}
REASONS = ("Salah ketik", "Salah baca alat", "Diukur ulang")


class DayForm(forms.Form):
    """Which posyandu, and which day: today, or a past one that is entered from paper."""

    hide_optional = True
    posyandu = forms.ChoiceField(label="Posyandu", error_messages={"required": "Pilih posyandu."})
    tanggal = ThreeBoxDateField(label="Tanggal")

    def __init__(self, data: Any = None, *, places: Iterable[Posyandu], today: date) -> None:
        super().__init__(data, initial={"tanggal": today})
        self.places = {place.code: place for place in places}
        self.today = today
        by_desa: dict[str, list[tuple[str, str]]] = {}
        for place in self.places.values():
            by_desa.setdefault(place.desa.title, []).append((place.code, posyandu_title(place)))
        self.fields["posyandu"].choices = list(by_desa.items())  # type: ignore[attr-defined]

    def clean_tanggal(self) -> date:
        on: date = self.cleaned_data["tanggal"]
        if on.year < FIRST_YEAR:
            raise forms.ValidationError(TOO_LONG_AGO)
        printing = "cetak" in self.data
        if on > self.today + timedelta(days=PRINT_AHEAD if printing else 0):
            raise forms.ValidationError(TOO_FAR if printing else NOT_YET)
        return on

    @property
    def leads_to(self) -> str:
        """The page that was asked for: the day, or its list to print beforehand."""
        return "registry:posyandu-paper" if "cetak" in self.data else "registry:posyandu-day"


def posture_for(child: Child, on: date) -> str:
    """How a child of this age is measured: lying below two years (day 731), else standing."""
    return "l" if age_in_days(child.birth_date, on) < HEIGHT_FROM_DAY else "h"


def must_lie(child: Child, on: date) -> bool:
    """Too young to stand: "berdiri" is then a mistake, not a posture."""
    return age_in_days(child.birth_date, on) < STANDS_FROM_MONTH * MONTH_DAYS


class _DayBoxes(MeasureForm):
    """What the two forms below share: the boxes as the kader of the day sees them."""

    def fit(self, on: date) -> None:
        """Fit the boxes to the child's age on the day, with the last values beside them."""
        child = self.child
        self.on = on
        if must_lie(child, on):
            self.fields["measure"].choices = Measurement.Posture.choices[:1]  # type: ignore[attr-defined]
            self.fields["measure"].error_messages["invalid_choice"] = MUST_LIE
            self.fields["measure"].help_text = MUST_LIE
        if child.months(on) < LILA_FROM_MONTH:
            del self.fields["lila_cm"]
        self.fields["measure"].label = MEASURE_LABEL
        self.fields["length_height_cm"].label = LENGTH_LABELS[posture_for(child, on)]
        self.fields["weight_kg"].label = WEIGHT_LABEL
        self.others = [visit for visit in self.others if visit.measured_on != on]
        for name in set(NUMBERS) & set(self.fields):
            self.fields[name].help_text = self._last(name)

    def _last(self, name: str) -> str:
        """``Terakhir 8,4 kg (10 Okt 26)``, of the last visit before the day that has it."""
        told = [v for v in self.others if v.measured_on < self.on and getattr(v, name) is not None]
        last = max(told, key=lambda visit: visit.measured_on, default=None)
        if last is None:
            return "Belum pernah diukur"
        unit = self.fields[name].unit  # type: ignore[attr-defined]
        said = measured(float(getattr(last, name)))
        day = short_date(last.measured_on).replace(" ", "\u00a0")
        return f"Terakhir {said} {unit} ({day})"

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["measured_on"] = self.on
        return super().clean()

    def numbers(self) -> dict[str, Any]:
        """As every visit's; a posture without a length says nothing and is not kept."""
        found = super().numbers()
        return found if found["length_height_cm"] is not None else found | {"measure": ""}

    def unlikely(self, sex: str, born: date, *, approximate: bool) -> list[Doubt]:
        # The day was chosen on purpose: an old one is not asked back for each child.
        found = super().unlikely(sex, born, approximate=approximate)
        return [doubt for doubt in found if doubt[0] != "measured_on"]


def _exclusive_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Bulan ini hanya ASI?", choices=YES_NO, required=False, widget=forms.RadioSelect,
        help_text="Tanpa air, susu formula, atau makanan lain.",
        error_messages={"invalid_choice": "Pilih Ya atau Tidak."},
    )  # fmt: skip


class OfflineForm(VisitFields):
    """The boxes of a child that only the phone knows: the script fits them to its age."""

    hide_optional = True
    exclusive = _exclusive_field()

    def __init__(self) -> None:
        super().__init__(today=date.min)
        self.fields["measure"].label = MEASURE_LABEL
        self.fields["weight_kg"].label = WEIGHT_LABEL
        self.fields["length_height_cm"].label = LENGTH_LABELS["h"]
        for name in NUMBERS:
            low, high = PLAUSIBLE[name]
            self.fields[name].widget.attrs |= {"data-min": low, "data-max": high}
            self.fields[name].help_text = " "  # the script writes what was measured last


class EntryForm(_DayBoxes):
    """One child's numbers on the day."""

    exclusive = _exclusive_field()

    def __init__(self, *args: Any, child: Child, on: date, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"measure": posture_for(child, on)} | kwargs.get("initial", {})
        super().__init__(*args, child=child, today=today, **kwargs)
        del self.fields["measured_on"]
        self.fit(on)
        month = exclusive.asked_month(child.birth_date, on)
        if month is None or child.exclusive_months.filter(month=month).exists():
            del self.fields["exclusive"]

    @property
    def told_exclusive(self) -> bool | None:
        """The answer to "hanya ASI?"; None when it was not asked or not answered."""
        return {"ya": True, "tidak": False}.get(self.cleaned_data.get("exclusive", ""))


class FixForm(_DayBoxes, CorrectMeasurementForm):
    """The day's visit put right; why is chosen, not typed."""

    reason = forms.ChoiceField(  # type: ignore[assignment]
        label="Mengapa diperbaiki", choices=[(r, r) for r in REASONS], initial=REASONS[0],
        widget=forms.RadioSelect, error_messages={"required": "Pilih alasannya."},
    )  # fmt: skip

    def __init__(
        self, *args: Any, measurement: Measurement, typed: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, measurement=measurement, **kwargs)
        self.fit(measurement.measured_on)
        self.initial.setdefault("reason", REASONS[0])
        if not self.initial.get("measure"):
            self.initial["measure"] = posture_for(measurement.child, measurement.measured_on)
        if typed:
            self.initial = {**self.initial, **_as_typed(typed)}


def _as_typed(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as they stand in their boxes: what a second kader typed is not lost."""
    said = {name: number(float(n)) for name in NUMBERS if (n := numbers.get(name)) is not None}
    return {**said, "oedema": numbers.get("oedema", False)} | (
        {"measure": numbers["measure"]} if numbers.get("measure") else {}
    )
