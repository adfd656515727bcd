"""What the forms about children and mothers share: the home, the consent, who may be known."""

from typing import Any

from django import forms

from registry.area import Place, place_choices, place_of
from registry.fields import NameField
from registry.forms.report import UNKNOWN_PLACE
from registry.forms.residents import ResidentFields
from registry.identity import clean_number
from registry.lookup.candidates import Found
from registry.models import Consent

ACTION = "register_person"
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
NEEDS_PLACE = "Pilih posyandu atau desanya."
NOT_THE_SAME = (
    "{0} ini mungkin sudah tercatat. Periksa daftar di bawah. Kalau memang {1} lain, "
    "tekan “{0} lain, daftarkan baru”."
)
STAFF_METHODS = [
    (Consent.Method.PAPER.value, Consent.Method.PAPER.label),
    (Consent.Method.SPOKEN.value, Consent.Method.SPOKEN.label),
]


def text_box(label: str, asked: str, **kwargs: Any) -> NameField:
    return NameField(label=label, error_messages={"required": asked}, **kwargs)


def number_box(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=30, required=False, widget=forms.TextInput(DIGITS), **kwargs
    )


def buttons(label: str, choices: Any, asked: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect,
        error_messages={"required": asked, "invalid_choice": UNKNOWN_PLACE},
    )  # fmt: skip


class HomeFields(ResidentFields):
    """Where a family lives, limited to the places the user's grants reach."""

    place = forms.ChoiceField(
        label="Posyandu",
        error_messages={"required": NEEDS_PLACE, "invalid_choice": UNKNOWN_PLACE},
    )
    kk = number_box(
        "Nomor KK", help_text="Kalau KK ini sudah tercatat, anak atau ibu masuk ke keluarga itu."
    )
    address = text_box(
        "Alamat", "Isi alamat, misalnya nama jalan atau dusun.", max_length=200,
        help_text="Nama jalan, dusun, atau gang.",
    )  # fmt: skip
    rt = NameField(label="RT", max_length=5, required=False)
    rw = NameField(label="RW", max_length=5, required=False)
    parent_job = NameField(label="Pekerjaan orang tua", max_length=80, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        groups = place_choices(user, ACTION)
        only = sum(len(options) for _, options in groups) == 1
        self.ask_resident(user.programme)
        first = [] if only else [("", "Pilih posyandu")]
        self.fields["place"].choices = [*first, *groups]  # type: ignore[attr-defined]

    def clean_kk(self) -> str:
        return clean_number(self.cleaned_data["kk"], "Nomor KK")

    def clean_place(self) -> Place:
        found = place_of(self.user, self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(UNKNOWN_PLACE)
        return found

    def where(self) -> dict[str, Any]:
        desa, posyandu = self.cleaned_data["place"]
        return {"programme": self.user.programme, "desa": desa, "posyandu": posyandu}

    def home(self, head_name: str) -> dict[str, Any]:
        parts = {name: self.cleaned_data[name] for name in ("address", "rt", "rw")}
        return parts | {"head_name": head_name} | self.resident_answer()


class ConsentFields(forms.Form):
    """Who agreed, and how it can be shown (UU 27/2022 art. 24)."""

    consent_giver = buttons(
        "Siapa yang menyetujui", Consent.Giver.choices,
        "Minta persetujuan dahulu, lalu pilih siapa yang menyetujui.",
    )  # fmt: skip
    consent_method = buttons(
        "Bagaimana persetujuannya", STAFF_METHODS, "Pilih tanda tangan di kertas atau lisan."
    )

    def consent(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"giver": data["consent_giver"], "method": data["consent_method"]}


class MaybeKnown(forms.Form):
    """A form for somebody who may already be there: the likely ones are shown before saving."""

    who = "Anak"
    not_same = forms.BooleanField(
        label="Mungkin sudah tercatat", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates: list[Found] = []

    def alike(self) -> list[Found]:
        """Who may be the one typed so far, as far as this person may see."""
        raise NotImplementedError

    def compare(self) -> None:
        """Once it is complete: show them, unless they were looked at and told apart."""
        self.candidates = self.alike()
        if self.candidates and not self.told_apart:
            self.add_error("not_same", NOT_THE_SAME.format(self.who, self.who.lower()))

    @property
    def told_apart(self) -> bool:
        return self.is_bound and bool(self.data.get("not_same"))
