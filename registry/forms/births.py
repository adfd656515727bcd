"""Forms about a birth: how a pregnancy ended, and the children that were born."""

from typing import Any

from django import forms

from regions.words import long_date
from registry.families import births
from registry.forms.homes import ConsentFields, buttons, number_box, text_box
from registry.forms.mothers import EndForm
from registry.forms.people import NIK_DIFFERS, BirthFields
from registry.forms.visits import AskOnce
from registry.identity import clean_nik, disagrees
from registry.models import Child, Pregnancy

MOST = 4  # children of one birth


class EndPregnancyForm(EndForm):
    """The day a pregnancy ended, and how."""

    outcome = buttons(
        "Hasil kehamilan", Pregnancy.Outcome.choices, "Pilih bagaimana kehamilan ini berakhir."
    )
    field_order = ("outcome", "ended_on")


class BabyForm(BirthFields, AskOnce):
    """One child of a birth; mother, family, place and birth date are known."""

    name = text_box("Nama anak", "Isi nama anak. Kalau belum diberi nama, tulis Bayi dan nama ibu.")
    sex = buttons("Jenis kelamin", Child.Sex.choices, "Pilih laki-laki atau perempuan.")
    nik = number_box("NIK anak", help_text="Boleh menyusul.")

    field_order = ("confirmed", "name", "sex", "birth_weight_g", "birth_length_cm", "birth_order",
                   "nik")  # fmt: skip

    def __init__(self, *args: Any, pregnancy: Pregnancy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["gestation_weeks"]  # reckoned from HPHT
        self.born = pregnancy.ended_on

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        nik = data.get("nik")
        if not self.errors and nik and self.born and disagrees(nik, self.born, data["sex"]):
            self.ask_back([("nik", NIK_DIFFERS)])
        return data

    def child(self) -> dict[str, Any]:
        """As ``births.register_births`` takes it."""
        names = ("name", "sex", "birth_weight_g", "birth_length_cm", "birth_order", "nik")
        return {name: self.cleaned_data.get(name) for name in names}


class AboutBirthForm(ConsentFields):
    """What is said once, however many children were born."""

    nursing = forms.BooleanField(
        label="Ibu menyusui sejak anak lahir", required=False, initial=True,
        help_text="Hapus centangnya kalau anak tidak disusui ibunya.",
    )  # fmt: skip
    known = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)


class BirthForms:
    """All forms of one birth, sent together."""

    def __init__(self, data: Any, pregnancy: Pregnancy, count: int) -> None:
        known = pregnancy.children.count()
        self.about = AboutBirthForm(data, initial={"known": known})
        self.babies = [
            BabyForm(data, pregnancy=pregnancy, prefix=f"anak{n}", auto_id=f"anak{n}_%s",
                     initial=_proposed(pregnancy, n, count, known))
            for n in range(1, count + 1)
        ]  # fmt: skip

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in (*self.babies, self.about))

    def consent(self) -> dict[str, str]:
        return self.about.consent()


def _proposed(pregnancy: Pregnancy, number: int, count: int, known: int) -> dict[str, Any]:
    mother = pregnancy.mother
    name = f"Bayi {mother.name}" + (f" {number}" if count > 1 else "")
    order = mother.births + known + number - 1 if mother.births else None
    return {"name": name[:120], "birth_order": order}


def born_words(pregnancy: Pregnancy) -> str:
    """``lahir 3 November 2026, 39 minggu``."""
    weeks = births.weeks_at_birth(pregnancy)
    return f"lahir {long_date(pregnancy.ended_on)}" + (f", {weeks} minggu" if weeks else "")
