"""Forms of a pregnancy: its dates and numbers, its examinations, and putting either right."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from growth.plausible import Doubt
from growth.words import long_date, number
from registry.fields import DecimalCommaField, NameField, ThreeBoxDateField, WholeNumberField
from registry.forms.homes import DIGITS
from registry.forms.visits import ONE_DECIMAL, AskOnce
from registry.models import Mother, Pregnancy, PregnancyCheck
from registry.mothers.pregnancy import FULL_TERM_WEEKS, gestation

HPHT_FUTURE = "HPHT belum terjadi. Isi hari pertama haid terakhir ibu."
NEEDS_HPHT = "Isi HPHT. Tanyakan hari pertama haid terakhir ibu."
IN_CM = "Tulis tinggi badan dalam sentimeter, misalnya 152,5."
IN_KG = "Tulis berat badan dalam kilogram, misalnya 48,5."
HPL_FAR = "HPL biasanya 40 minggu setelah HPHT. Periksa kedua tanggal ini."
FIRST_HAS_NONE = "Kehamilan pertama tidak punya kelahiran sebelumnya. Periksa kehamilan ke berapa."
BIRTH_LATE = "Kelahiran sebelumnya harus sebelum HPHT kehamilan ini. Periksa kedua tanggal ini."
CHECKED_THAT_DAY = (
    "Ibu ini sudah diperiksa pada tanggal itu. Perbaiki pemeriksaan itu, atau periksa tanggalnya."
)


def wrong_birth(born: date | None, today: date) -> date | None:
    """The mother's birth date as it is, or ValidationError when nobody of that age is pregnant."""
    if born and not 10 <= (today - born).days // 365.25 <= 60:
        raise forms.ValidationError("Umur ibu biasanya 10 sampai 60 tahun. Periksa tahunnya.")
    return born


class PregnancyFields(forms.Form):
    """HPHT and what goes with it."""

    hpht = ThreeBoxDateField(label="HPHT (hari pertama haid terakhir)")
    hpl_override = ThreeBoxDateField(
        label="HPL menurut bidan atau USG", required=False,
        help_text="Kosongkan kalau mengikuti HPHT.",
    )  # fmt: skip
    gravida = WholeNumberField(
        label="Kehamilan ke", required=False, min_value=1, max_value=20,
        help_text="Semua kehamilan dihitung, juga yang keguguran.",
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    last_birth_on = ThreeBoxDateField(
        label="Kelahiran sebelumnya", required=False,
        help_text="Tanggal lahir anak terakhir, untuk menghitung jarak kelahiran.",
    )  # fmt: skip
    height_cm = DecimalCommaField(
        label="Tinggi badan ibu", required=False, decimal_places=1,
        error_messages=ONE_DECIMAL | {"max_decimal_places": IN_CM},
    )  # fmt: skip
    pre_weight_kg = DecimalCommaField(
        label="Berat badan sebelum hamil",
        required=False,
        help_text="Untuk IMT dan anjuran kenaikan berat. Kosongkan kalau ibu tidak ingat.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["height_cm"].unit = "cm"  # type: ignore[attr-defined]
        self.fields["pre_weight_kg"].unit = "kg"  # type: ignore[attr-defined]

    def clean_height_cm(self) -> Any:
        height = self.cleaned_data["height_cm"]
        if height is not None and not 100 <= height <= 200:
            raise forms.ValidationError(IN_CM)
        return height

    def clean_pre_weight_kg(self) -> Any:
        weight = self.cleaned_data["pre_weight_kg"]
        if weight is not None and not 25 <= weight <= 200:
            raise forms.ValidationError(IN_KG)
        return weight

    def refuse_impossible(self, today: date) -> None:
        hpht, hpl = self.cleaned_data.get("hpht"), self.cleaned_data.get("hpl_override")
        if hpht is None:
            return
        if hpht > today:
            self.add_error("hpht", HPHT_FUTURE)
        elif today - hpht > timedelta(weeks=FULL_TERM_WEEKS):
            weeks = (gestation(hpht, today) or (0, 0))[0]
            self.add_error(
                "hpht",
                f"Menurut HPHT ini kehamilan sudah {weeks} minggu, lebih dari {FULL_TERM_WEEKS} "
                "minggu. Periksa tanggalnya, atau catat sebagai ibu menyusui.",
            )
        elif hpl and not timedelta(weeks=30) <= hpl - hpht <= timedelta(weeks=FULL_TERM_WEEKS):
            self.add_error("hpl_override", HPL_FAR)
        self._refuse_birth(hpht)

    def _refuse_birth(self, hpht: date) -> None:
        """The birth before this pregnancy lies before it, and a first pregnancy has none."""
        last = self.cleaned_data.get("last_birth_on")
        if last and self.cleaned_data.get("gravida") == 1:
            self.add_error("last_birth_on", FIRST_HAS_NONE)
        elif last and last >= hpht:
            self.add_error("last_birth_on", BIRTH_LATE)

    def pregnancy(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PREGNANCY_COLUMNS}


PREGNANCY_COLUMNS = (
    "hpht", "hpl_override", "gravida", "last_birth_on", "height_cm", "pre_weight_kg",
)  # fmt: skip


class PregnancyForm(PregnancyFields):
    """A pregnancy of a known mother; her birth date is asked because the age is one of the 4T."""

    birth_date = ThreeBoxDateField(label="Tanggal lahir ibu", required=False)

    def __init__(self, *args: Any, mother: Mother, today: date, **kwargs: Any) -> None:
        initial = {"birth_date": mother.birth_date, "last_birth_on": _youngest(mother, today)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.mother, self.today = mother, today

    def clean_birth_date(self) -> date | None:
        return wrong_birth(self.cleaned_data["birth_date"], self.today)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.refuse_impossible(self.today)
        return data

    def born(self) -> date | None:
        """The mother's birth date where it was told anew; an emptied box takes none away."""
        told: date | None = self.cleaned_data["birth_date"]
        return told if told != self.mother.birth_date else None


class CorrectPregnancyForm(PregnancyForm):
    """The same pregnancy with its dates and numbers put right."""

    def __init__(self, *args: Any, pregnancy: Pregnancy, today: date, **kwargs: Any) -> None:
        initial = {name: getattr(pregnancy, name) for name in PREGNANCY_COLUMNS}
        initial["birth_date"] = pregnancy.mother.birth_date
        super().__init__(*args, mother=pregnancy.mother, today=today, initial=initial, **kwargs)
        self.before = initial

    def changes(self) -> dict[str, Any]:
        """Only what differs from what stands."""
        return {k: v for k, v in self.pregnancy().items() if v != self.before[k]}


def _youngest(mother: Mother, today: date) -> date | None:
    """The birth date of her last registered child, proposed as the birth before."""
    born = mother.children.filter(birth_date__lte=today, birth_precision="day")
    return born.order_by("-birth_date").values_list("birth_date", flat=True).first()


# --- Examining ---------------------------------------------------------------------------------

# Outside these no pregnant woman measures: (low, high, word, unit, example).
_LIMITS = {
    "weight_kg": (25, 200, "Berat badan", "kg", "52,5"),
    "lila_cm": (12, 60, "LiLA", "cm", "23,5"),
    "hb": (2, 20, "Hb", "g/dL", "11,2"),
    "ttd": (0, 400, "TTD", "butir", "30"),
}
ABOUT_A_MONTH = timedelta(days=45)
# Beyond these differences from the examination beside it a number is asked back once.
_JUMPS = {"weight_kg": Decimal(5), "lila_cm": Decimal(5), "hb": Decimal(3)}


class CheckForm(AskOnce):
    """One examination of a pregnant woman; nothing in it is a duty but one number."""

    hide_optional = True

    checked_on = ThreeBoxDateField(label="Tanggal periksa", required=False)
    by = forms.ChoiceField(
        label="Diperiksa oleh", required=False, choices=PregnancyCheck.By.choices,
        widget=forms.RadioSelect, initial=PregnancyCheck.By.BIDAN,
        help_text="Kunjungan ke bidan, perawat, atau dokter dihitung sebagai ANC.",
        error_messages={"invalid_choice": "Pilih bidan, dokter, atau kader."},
    )  # fmt: skip
    weight_kg = DecimalCommaField(label="Berat badan", required=False)
    lila_cm = DecimalCommaField(
        label="Lingkar lengan atas (LiLA)", required=False, decimal_places=1,
        help_text="Di bawah 23,5 cm berarti risiko KEK.", error_messages=ONE_DECIMAL,
    )  # fmt: skip
    hb = DecimalCommaField(label="Hb", required=False, decimal_places=1, error_messages=ONE_DECIMAL)
    ttd = WholeNumberField(
        label="Tablet tambah darah (TTD) yang diminum sejak pemeriksaan lalu", required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, *args: Any, pregnancy: Pregnancy, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"checked_on": today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.pregnancy, self.today = pregnancy, today
        self.others = list(pregnancy.checks.current())
        self.same_day: PregnancyCheck | None = None
        for name, limits in _LIMITS.items():
            self.fields[name].unit = limits[3]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["by"] = data.get("by") or PregnancyCheck.By.BIDAN
        self._clean_day(data)
        for name in _LIMITS:
            self._within(name, data.get(name))
        if not self.errors and all(data.get(name) is None for name in _LIMITS):
            self.add_error("weight_kg", "Isi paling sedikit satu hasil pemeriksaan.")
        if not self.errors:
            self.ask_back(jumps(self.values(), self.others))
        return data

    def values(self) -> dict[str, Any]:
        """The cleaned examination, as ``registering.check_pregnancy`` takes it."""
        return {name: self.cleaned_data[name] for name in ("checked_on", "by", *_LIMITS)}

    def _clean_day(self, data: dict[str, Any]) -> None:
        on = data.get("checked_on")
        if on is None and "checked_on" not in self.errors:
            data["checked_on"] = on = self.today
        self.same_day = next((c for c in self.others if c.checked_on == on), None)
        if on and on > self.today:
            self.add_error("checked_on", "Tanggal periksa belum terjadi. Isi hari pemeriksaannya.")
        elif on and on < self.pregnancy.hpht:
            self.add_error("checked_on", "Tanggal periksa sebelum HPHT. Periksa tanggalnya.")
        elif self.same_day:
            self.add_error("checked_on", CHECKED_THAT_DAY)

    def _within(self, name: str, value: Any) -> None:
        low, high, word, unit, example = _LIMITS[name]
        if value is None or low <= value <= high:
            return
        size = "besar" if value > high else "kecil"
        self.add_error(
            name, f"{word} {number(float(value))} {unit} terlalu {size}. Tulis misalnya {example}."
        )


class CorrectCheckForm(CheckForm):
    """The same examination once more with the right numbers, and why; its day stays."""

    reason = NameField(
        label="Alasan perbaikan", max_length=200, help_text="Misalnya: angka Hb salah baca.",
        error_messages={"required": "Tulis alasan perbaikannya, satu kalimat sudah cukup."},
    )  # fmt: skip

    def __init__(self, *args: Any, check: PregnancyCheck, **kwargs: Any) -> None:
        initial = {name: getattr(check, name) for name in ("by", *_LIMITS)}
        super().__init__(*args, pregnancy=check.pregnancy, initial=initial, **kwargs)
        del self.fields["checked_on"]
        self.check_on = check.checked_on
        self.others = [other for other in self.others if other.pk != check.pk]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["checked_on"] = self.check_on
        return super().clean()


def jumps(values: dict[str, Any], others: Sequence[PregnancyCheck]) -> list[Doubt]:
    """What leaps from the examination before or after: weight and Hb within about a month, LiLA
    at any time."""
    found = []
    for name, most in _JUMPS.items():
        for other in _beside(values, others, name):
            apart = abs(values[name] - getattr(other, name))
            soon = abs(values["checked_on"] - other.checked_on) <= ABOUT_A_MONTH
            if apart > most and (soon or name == "lila_cm"):
                found.append((name, _leap(name, values[name], other, apart)))
                break
    return found


def _beside(
    values: dict[str, Any], others: Sequence[PregnancyCheck], name: str
) -> list[PregnancyCheck]:
    """The nearest examinations with this number, before and after the day."""
    if values[name] is None:
        return []
    told = sorted(
        (other for other in others if getattr(other, name) is not None), key=lambda o: o.checked_on
    )
    before = [other for other in told if other.checked_on < values["checked_on"]]
    after = [other for other in told if other.checked_on > values["checked_on"]]
    return before[-1:] + after[:1]


def _leap(name: str, value: Decimal, other: PregnancyCheck, apart: Decimal) -> str:
    _, _, word, unit, _ = _LIMITS[name]
    return (
        f"{word} {number(float(value))} {unit} berbeda {number(float(apart))} {unit} dari "
        f"{number(float(getattr(other, name)))} {unit} pada {long_date(other.checked_on)}. "
        "Apakah angka ini benar?"
    )
