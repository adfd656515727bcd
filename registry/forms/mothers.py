"""Forms about mothers: registering, breastfeeding, and the day something ended."""

from datetime import date, timedelta
from typing import Any

from django import forms

from growth.plausible import Doubt
from registry.fields import NameField, ThreeBoxDateField, WholeNumberField
from registry.forms.homes import (
    DIGITS,
    ConsentFields,
    HomeFields,
    MaybeKnown,
    buttons,
    number_box,
    text_box,
)
from registry.forms.people import NIK_DIFFERS
from registry.forms.pregnancies import NEEDS_HPHT, PregnancyFields, wrong_birth
from registry.forms.report import UNKNOWN_PLACE
from registry.forms.visits import AskOnce
from registry.identity import clean_nik, disagrees, index_of
from registry.lookup.candidates import AskedMother, Found, find_mothers
from registry.models import Child, Consent, Mother
from registry.names import name_key

NEEDS_NURSING = "Isi sejak kapan ibu menyusui, biasanya hari anak lahir."
NURSING_FUTURE = "Tanggal ini belum terjadi. Isi hari ibu mulai menyusui."
NURSING_LONG = "Menurut tanggal ini ibu sudah lebih dari 4 tahun menyusui. Periksa tahunnya."
NURSING_LONGEST = timedelta(days=4 * 366)
NIK_OF_A_MAN = "NIK ini tertulis milik laki-laki. Apakah benar NIK ibu?"
BIRTHS_MANY = "Kehamilan ke-{carried} berarti paling banyak {most} kali melahirkan sebelumnya."


def _education() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Pendidikan terakhir ibu", required=False,
        choices=[("", "Belum diketahui"), *Mother.Education.choices],
        error_messages={"invalid_choice": UNKNOWN_PLACE},
    )  # fmt: skip


def _births() -> WholeNumberField:
    return WholeNumberField(
        label="Pernah melahirkan", required=False, min_value=0, max_value=20,
        help_text="Berapa kali, tanpa keguguran; kembar dihitung satu kali.",
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip


def wrong_start(since: date, today: date) -> str:
    """Why nobody breastfeeds since this day, "" when somebody may."""
    if since > today:
        return NURSING_FUTURE
    return NURSING_LONG if today - since > NURSING_LONGEST else ""


def doubts_of_nik(nik: str, born: date | None) -> list[Doubt]:
    """What the NIK of a mother says otherwise; wrong ones exist, so it is only asked."""
    if not nik:
        return []
    if born and disagrees(nik, born, "P"):
        return [("nik", NIK_DIFFERS)]
    return [("nik", NIK_OF_A_MAN)] if int(nik[6:8]) <= 31 else []


class MotherForm(MaybeKnown, AskOnce, HomeFields, PregnancyFields, ConsentFields):
    """A pregnant or breastfeeding mother with her household and her consent."""

    who = "Ibu"
    PREGNANT, NURSING = "hamil", "menyusui"

    name = text_box("Nama ibu", "Isi nama ibu.")
    nik = number_box("NIK ibu")
    birth_date = ThreeBoxDateField(label="Tanggal lahir ibu", required=False)
    phone = NameField(label="Nomor HP", max_length=20, required=False)
    education = _education()
    births = _births()
    husband = NameField(label="Nama suami", required=False)
    state = buttons(
        "Keadaan ibu", [(PREGNANT, "Hamil"), (NURSING, "Menyusui")], "Pilih hamil atau menyusui."
    )
    nursing_since = ThreeBoxDateField(label="Mulai menyusui", required=False)

    field_order = (
        "not_same", "confirmed", "state", "hpht", "hpl_override", "gravida", "last_birth_on",
        "height_cm", "pre_weight_kg", "nursing_since",
        "name", "nik", "birth_date", "phone", "education", "births", "husband", "parent_job",
        "place", "address", "rt", "rw", "kk",
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
        return wrong_birth(self.cleaned_data["birth_date"], self.today)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == self.PREGNANT:
            if data.get("hpht") is None and "hpht" not in self.errors:
                self.add_error("hpht", NEEDS_HPHT)
            self.refuse_impossible(self.today)
        elif data.get("state") == self.NURSING:
            self._clean_nursing(data)
        self._clean_births(data)
        if not self.errors:
            self.compare()
            self.ask_back(doubts_of_nik(data["nik"], data["birth_date"]))
        return data

    def _clean_births(self, data: dict[str, Any]) -> None:
        """Who carries her second has given birth once at most."""
        carried = data.get("gravida") if data.get("state") == self.PREGNANT else None
        if carried and data.get("births") is not None and data["births"] >= carried:
            self.add_error("births", BIRTHS_MANY.format(carried=carried, most=carried - 1))

    def _clean_nursing(self, data: dict[str, Any]) -> None:
        since = data.get("nursing_since")
        if since is None and "nursing_since" not in self.errors:
            self.add_error("nursing_since", NEEDS_NURSING)
        elif since and (told := wrong_start(since, self.today)):
            self.add_error("nursing_since", told)

    def alike(self) -> list[Found]:
        data = self.cleaned_data
        if not data.get("name"):
            return []
        desa = data["place"][0] if data.get("place") else None
        asked = AskedMother(
            data["name"], data.get("birth_date"), desa, data.get("husband") or "",
            data.get("nik") or "",
        )  # fmt: skip
        seen = Mother.objects.in_scope(self.user)
        return find_mothers(self.user.programme, asked, seen=seen)

    @property
    def is_pregnant(self) -> bool:
        return self.cleaned_data["state"] == self.PREGNANT

    def consent(self) -> dict[str, str]:
        return {"giver": Consent.Giver.IBU, "method": self.cleaned_data["consent_method"]}

    def family(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = ("nik", "birth_date", "phone", "education", "births")
        details = {name: data[name] for name in told}
        return {
            "mother_name": data["name"], "kk": data["kk"], "job": data["parent_job"],
            "home": self.home(data["husband"]), "mother_details": details,
        }  # fmt: skip


class CorrectMotherForm(AskOnce):
    """A mother's own data put right; only what differs is changed."""

    hide_optional = True
    name = text_box("Nama ibu", "Isi nama ibu.")
    birth_date = ThreeBoxDateField(label="Tanggal lahir ibu", required=False)
    phone = NameField(label="Nomor HP", max_length=20, required=False)
    education = _education()
    job = NameField(label="Pekerjaan ibu", max_length=80, required=False)
    births = _births()
    nik = number_box("NIK ibu")

    def __init__(self, data: Any = None, *, mother: Mother) -> None:
        shown = ("name", "birth_date", "phone", "education", "job", "births")
        super().__init__(data, initial={name: getattr(mother, name) for name in shown})
        self.mother = mother
        self.fields["phone"].widget.attrs |= {"inputmode": "tel"}
        if mother.nik:
            said = f"Tercatat {mother.nik_masked}. Isi hanya kalau salah."
            self.fields["nik"].help_text = said

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"])

    def clean_birth_date(self) -> date | None:
        return wrong_birth(self.cleaned_data["birth_date"], self.mother.programme.today())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and (data["nik"] or data["birth_date"] != self.mother.birth_date):
            nik = data["nik"] or self.mother.nik
            self.ask_back(doubts_of_nik(nik, data["birth_date"] or self.mother.birth_date))
        return data

    def changes(self) -> dict[str, Any]:
        """The columns that become something else; an empty birth date or NIK changes nothing."""
        data, mother = self.cleaned_data, self.mother
        wanted = {name: data[name] for name in ("name", "phone", "education", "job", "births")}
        if data["name"] != mother.name:
            wanted["name_key"] = name_key(data["name"])
        if data["birth_date"]:
            wanted["birth_date"] = data["birth_date"]
        if data["nik"]:
            wanted |= {"nik": data["nik"], "nik_index": index_of(data["nik"])}
        return {name: value for name, value in wanted.items() if getattr(mother, name) != value}


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


class EndForm(forms.Form):
    """The day a pregnancy or the breastfeeding ended."""

    ended_on = ThreeBoxDateField(label="Tanggal")
