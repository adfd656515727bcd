"""Forms about mothers: registering, a pregnancy and its examinations, breastfeeding."""

from datetime import date, timedelta
from typing import Any

from django import forms

from growth.words import number
from registry.fields import DecimalCommaField, NameField, ThreeBoxDateField, WholeNumberField
from registry.forms.homes import (
    DIGITS,
    ConsentFields,
    HomeFields,
    MaybeKnown,
    buttons,
    number_box,
    text_box,
)
from registry.forms.visits import ONE_DECIMAL
from registry.identity import clean_nik, index_of
from registry.models import Child, Consent, Mother, Pregnancy
from registry.names import name_key
from registry.pregnancy import FULL_TERM_WEEKS, gestation

HPHT_FUTURE = "HPHT belum terjadi. Isi hari pertama haid terakhir ibu."
NEEDS_HPHT = "Isi HPHT. Tanyakan hari pertama haid terakhir ibu."
IN_CM = "Tulis tinggi badan dalam sentimeter, misalnya 152,5."
HPL_FAR = "HPL biasanya 40 minggu setelah HPHT. Periksa kedua tanggal ini."
NEEDS_NURSING = "Isi sejak kapan ibu menyusui, biasanya hari anak lahir."
NURSING_FUTURE = "Tanggal ini belum terjadi. Isi hari ibu mulai menyusui."
NURSING_LONG = "Menurut tanggal ini ibu sudah lebih dari 4 tahun menyusui. Periksa tahunnya."
NURSING_LONGEST = timedelta(days=4 * 366)


def wrong_start(since: date, today: date) -> str:
    """Why nobody breastfeeds since this day, "" when somebody may."""
    if since > today:
        return NURSING_FUTURE
    return NURSING_LONG if today - since > NURSING_LONGEST else ""


class PregnancyFields(forms.Form):
    """HPHT and what goes with it."""

    hpht = ThreeBoxDateField(label="HPHT (hari pertama haid terakhir)")
    hpl_override = ThreeBoxDateField(
        label="HPL menurut bidan atau USG", required=False,
        help_text="Kosongkan kalau mengikuti HPHT.",
    )  # fmt: skip
    gravida = WholeNumberField(
        label="Kehamilan ke", required=False, min_value=1, max_value=20,
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    height_cm = DecimalCommaField(
        label="Tinggi badan ibu", required=False, decimal_places=1,
        error_messages=ONE_DECIMAL | {"max_decimal_places": IN_CM},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["height_cm"].unit = "cm"  # type: ignore[attr-defined]

    def clean_height_cm(self) -> Any:
        height = self.cleaned_data["height_cm"]
        if height is not None and not 100 <= height <= 200:
            raise forms.ValidationError(IN_CM)
        return height

    def refuse_impossible(self, today: date) -> None:
        hpht, hpl = self.cleaned_data.get("hpht"), self.cleaned_data.get("hpl_override")
        if hpht is None:
            return
        weeks = gestation(hpht, today)[0]
        if hpht > today:
            self.add_error("hpht", HPHT_FUTURE)
        elif today - hpht > timedelta(weeks=FULL_TERM_WEEKS):
            self.add_error(
                "hpht",
                f"Menurut HPHT ini kehamilan sudah {weeks} minggu, lebih dari {FULL_TERM_WEEKS} "
                "minggu. Periksa tanggalnya, atau catat sebagai ibu menyusui.",
            )
        elif hpl and not timedelta(weeks=30) <= hpl - hpht <= timedelta(weeks=FULL_TERM_WEEKS):
            self.add_error("hpl_override", HPL_FAR)

    def pregnancy(self) -> dict[str, Any]:
        names = ("hpht", "hpl_override", "gravida", "height_cm")
        return {name: self.cleaned_data[name] for name in names}


class MotherForm(MaybeKnown, HomeFields, PregnancyFields, ConsentFields):
    """A pregnant or breastfeeding mother with her household and her consent."""

    PREGNANT, NURSING = "hamil", "menyusui"

    name = text_box("Nama ibu", "Isi nama ibu.")
    nik = number_box("NIK ibu")
    birth_date = ThreeBoxDateField(label="Tanggal lahir ibu", required=False)
    phone = NameField(label="Nomor HP", max_length=20, required=False)
    husband = NameField(label="Nama suami", required=False)
    state = buttons(
        "Keadaan ibu", [(PREGNANT, "Hamil"), (NURSING, "Menyusui")], "Pilih hamil atau menyusui."
    )
    nursing_since = ThreeBoxDateField(label="Mulai menyusui", required=False)

    field_order = (
        "not_same", "state", "hpht", "hpl_override", "gravida", "height_cm", "nursing_since",
        "name", "nik", "birth_date", "phone", "husband", "parent_job", "place", "address", "rt",
        "rw", "kk",
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.today = user.programme.today()
        self.fields["parent_job"].label = "Pekerjaan ibu"
        self.fields["hpht"].required = False
        self.fields["hpht"].optional_note = "kalau hamil"  # type: ignore[attr-defined]
        self.fields["nursing_since"].optional_note = "kalau menyusui"  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs |= {"inputmode": "tel"}
        del self.fields["consent_giver"]

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"])

    def clean_birth_date(self) -> date | None:
        born = self.cleaned_data["birth_date"]
        if born and not 10 <= (self.today - born).days // 365.25 <= 60:
            raise forms.ValidationError("Umur ibu biasanya 10 sampai 60 tahun. Periksa tahunnya.")
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == self.PREGNANT:
            if data.get("hpht") is None and "hpht" not in self.errors:
                self.add_error("hpht", NEEDS_HPHT)
            self.refuse_impossible(self.today)
        elif data.get("state") == self.NURSING:
            self._clean_nursing(data)
        if not self.errors:
            self.compare_with(self._alike())
        return data

    def _clean_nursing(self, data: dict[str, Any]) -> None:
        since = data.get("nursing_since")
        if since is None and "nursing_since" not in self.errors:
            self.add_error("nursing_since", NEEDS_NURSING)
        elif since and (told := wrong_start(since, self.today)):
            self.add_error("nursing_since", told)

    def _alike(self) -> list[Mother]:
        """Mothers of the desa with this name, or with this NIK, that this person may see."""
        data, where = self.cleaned_data, self.where()
        seen = Mother.objects.in_scope(self.user).select_related("household__desa", "desa")
        alike = seen.filter(desa=where["desa"], name_key=name_key(data["name"]))
        if data["nik"]:
            alike |= seen.filter(nik_index=index_of(data["nik"]))
        return list(alike[:10])

    @property
    def is_pregnant(self) -> bool:
        return self.cleaned_data["state"] == self.PREGNANT

    def consent(self) -> dict[str, str]:
        return {"giver": Consent.Giver.IBU, "method": self.cleaned_data["consent_method"]}

    def family(self) -> dict[str, Any]:
        data = self.cleaned_data
        details = {name: data[name] for name in ("nik", "birth_date", "phone")}
        return {
            "mother_name": data["name"], "kk": data["kk"], "job": data["parent_job"],
            "home": self.home(data["husband"]), "mother_details": details,
        }  # fmt: skip


class PregnancyForm(PregnancyFields):
    """A pregnancy of a known mother."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.refuse_impossible(self.today)
        return data


class NursingForm(forms.Form):
    """A known mother breastfeeds, since when and which child."""

    started_on = ThreeBoxDateField(label="Mulai menyusui")
    child = forms.ChoiceField(label="Anak yang disusui", required=False)

    def __init__(self, *args: Any, mother: Mother, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.children = {child.code: child for child in mother.children.order_by("-birth_date")}
        self.fields["child"].choices = [  # type: ignore[attr-defined]
            ("", "Belum didaftarkan"),
            *((code, child.name) for code, child in self.children.items()),
        ]

    def clean_started_on(self) -> date:
        since = self.cleaned_data["started_on"]
        if told := wrong_start(since, self.today):
            raise forms.ValidationError(told)
        return since

    def clean_child(self) -> Child | None:
        return self.children.get(self.cleaned_data["child"])


# --- Examining ---------------------------------------------------------------------------------

# Outside these no pregnant woman measures: (low, high, word, unit, example).
_LIMITS = {
    "weight_kg": (25, 200, "Berat badan", "kg", "52,5"),
    "lila_cm": (12, 60, "LiLA", "cm", "23,5"),
    "hb": (2, 20, "Hb", "g/dL", "11,2"),
    "ttd": (0, 400, "TTD", "butir", "30"),
}


class CheckForm(forms.Form):
    """One examination of a pregnant woman; nothing in it is a duty but one number."""

    hide_optional = True

    checked_on = ThreeBoxDateField(label="Tanggal periksa", required=False)
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
        super().__init__(*args, **{"initial": {"checked_on": today}, **kwargs})
        self.pregnancy, self.today = pregnancy, today
        for name, limits in _LIMITS.items():
            self.fields[name].unit = limits[3]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        on = data.get("checked_on")
        if on is None and "checked_on" not in self.errors:
            data["checked_on"] = on = self.today
        if on and on > self.today:
            self.add_error("checked_on", "Tanggal periksa belum terjadi. Isi hari pemeriksaannya.")
        elif on and on < self.pregnancy.hpht:
            self.add_error("checked_on", "Tanggal periksa sebelum HPHT. Periksa tanggalnya.")
        for name in _LIMITS:
            self._within(name, data.get(name))
        if not self.errors and all(data.get(name) is None for name in _LIMITS):
            self.add_error("weight_kg", "Isi paling sedikit satu hasil pemeriksaan.")
        return data

    def _within(self, name: str, value: Any) -> None:
        low, high, word, unit, example = _LIMITS[name]
        if value is None or low <= value <= high:
            return
        size = "besar" if value > high else "kecil"
        self.add_error(
            name, f"{word} {number(float(value))} {unit} terlalu {size}. Tulis misalnya {example}."
        )


class EndForm(forms.Form):
    """The day a pregnancy or the breastfeeding ended."""

    ended_on = ThreeBoxDateField(label="Tanggal")
