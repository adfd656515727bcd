"""Forms about a family: its own data put right, and what is seen at its house."""

from datetime import date
from typing import Any

from django import forms

from registry.area import posyandu_in
from registry.families import homes
from registry.families.ladders import PRIVATE_USE
from registry.fields import NameField, ThreeBoxDateField, WholeNumberField
from registry.forms.homes import ACTION, DIGITS, number_box, text_box
from registry.forms.report import UNKNOWN_PLACE
from registry.forms.residents import NO, YES, ResidentFields
from registry.identity import clean_number
from registry.models import HomeCheck, Household

PLAIN = ("head_name", "address", "rt", "rw", "dasawisma")
NEEDS_BOTH = "Isi luas lantai dan jumlah penghuni keduanya, atau kosongkan keduanya."
NEEDS_ONE = "Isi paling sedikit satu: air minum, jamban, atau rumah."
_AREA = dict.fromkeys(
    ("invalid", "min_value", "max_value"), "Tulis luas lantai dalam meter persegi, 4 sampai 1000."
)
_PEOPLE = dict.fromkeys(
    ("invalid", "min_value", "max_value"), "Tulis jumlah orang yang tinggal di rumah itu, 1–40."
)


class CorrectHouseholdForm(ResidentFields):
    """A family's own data put right; only what differs is changed."""

    head_name = NameField(label="Nama kepala keluarga", required=False)
    address = text_box("Alamat", "Isi alamat, misalnya nama jalan atau dusun.", max_length=200)
    rt = NameField(label="RT", max_length=5, required=False)
    rw = NameField(label="RW", max_length=5, required=False)
    dasawisma = NameField(label="Kelompok dasawisma", max_length=60, required=False)
    posyandu = forms.ChoiceField(
        label="Posyandu", required=False, error_messages={"invalid_choice": UNKNOWN_PLACE}
    )
    kk = number_box("Nomor KK")

    field_order = (*PLAIN, "posyandu", "kk", "resident", "resident_reason")

    def __init__(self, *args: Any, household: Household, user: Any, **kwargs: Any) -> None:
        initial = {name: getattr(household, name) for name in (*PLAIN, "resident_reason")}
        initial["posyandu"] = household.posyandu.code if household.posyandu else ""
        if household.resident is not None:
            initial["resident"] = YES if household.resident else NO
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.household = household
        self.ask_resident(household.programme)
        self.reachable = {p.code: p for p in posyandu_in(user, ACTION, household.desa)}
        if household.posyandu:  # a child's bidan may see a family of another posyandu
            self.reachable.setdefault(household.posyandu.code, household.posyandu)
        unknown = [] if household.posyandu else [("", "Belum diketahui")]
        self.fields["posyandu"].choices = unknown + [  # type: ignore[attr-defined]
            (code, posyandu.name) for code, posyandu in self.reachable.items()
        ]
        if household.kk:
            said = f"Tercatat {household.kk_masked}. Isi hanya kalau salah."
            self.fields["kk"].help_text = said

    def clean_kk(self) -> str:
        return clean_number(self.cleaned_data["kk"], "Nomor KK")

    def changes(self) -> dict[str, Any]:
        """The columns that become something else."""
        data, household = self.cleaned_data, self.household
        wanted: dict[str, Any] = {name: data[name] for name in PLAIN}
        wanted["posyandu"] = self.reachable.get(data["posyandu"], household.posyandu)
        return {name: v for name, v in wanted.items() if getattr(household, name) != v}


# --- Lihat rumah -------------------------------------------------------------------------------

YES_NO = [("ya", "Ya"), ("tidak", "Tidak")]


def _yes_no(label: str, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, required=False, widget=forms.RadioSelect, empty_value=None,
        coerce=lambda said: said == "ya", error_messages={"invalid_choice": UNKNOWN_PLACE},
        **kwargs,
    )  # fmt: skip


def _one_of(label: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """A list; the first line says that it is not known."""
    return forms.ChoiceField(
        label=label, choices=[("", "Belum diketahui"), *choices], required=False,
        error_messages={"invalid_choice": UNKNOWN_PLACE}, **kwargs,
    )  # fmt: skip


class HomeForm(forms.Form):
    """What somebody sees at a house. What was known comes filled in; empty = not known."""

    hide_optional = True

    seen_on = ThreeBoxDateField(label="Tanggal dilihat", required=False)
    water_source = _one_of("Sumber air minum utama", Household.Source.choices)
    water_reach = _one_of("Mengambil air minum", HomeCheck.Reach.choices)
    water_safe = _yes_no("Airnya sudah diuji aman dan selalu ada")
    latrine_use = _one_of("Jamban yang dipakai", Household.LatrineUse.choices)
    latrine_bowl = _one_of("Bentuk kloset", Household.LatrineBowl.choices)
    latrine_drain = _one_of("Tempat akhir tinja", Household.LatrineDrain.choices)
    septic_emptied = _yes_no("Tangki septik disedot dalam 5 tahun terakhir")
    building_sound = _yes_no("Atap, lantai, dan dindingnya kokoh")
    floor_area_m2 = WholeNumberField(
        label="Luas lantai", required=False, min_value=4, max_value=1000, error_messages=_AREA,
        help_text="Panjang kali lebar, misalnya 6 × 9 meter = 54.", widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    residents = WholeNumberField(
        label="Jumlah penghuni", required=False, min_value=1, max_value=40, error_messages=_PEOPLE,
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip

    SECTIONS = (
        ("Air minum", ("water_source", "water_reach", "water_safe")),
        ("Jamban", ("latrine_use", "latrine_bowl", "latrine_drain", "septic_emptied")),
        ("Rumah", ("building_sound", "floor_area_m2", "residents")),
    )

    def __init__(
        self, *args: Any, household: Household, last: dict[str, HomeCheck], **kwargs: Any
    ) -> None:
        """``last``: the observation that counts for each part (``homes.newest``)."""
        kwargs["initial"] = _known(household, last) | {"seen_on": household.programme.today()}
        super().__init__(*args, **kwargs)
        self.today: date = household.programme.today()
        self.fields["floor_area_m2"].unit = "m²"  # type: ignore[attr-defined]
        self.fields["residents"].unit = "orang"  # type: ignore[attr-defined]

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    def clean_seen_on(self) -> date:
        return self.cleaned_data["seen_on"] or self.today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("latrine_use") not in PRIVATE_USE:  # nobody knows another family's tank
            data |= {"latrine_bowl": "", "latrine_drain": "", "septic_emptied": None}
        if data.get("latrine_drain") != Household.LatrineDrain.SEPTIC:
            data["septic_emptied"] = None
        area, people = data.get("floor_area_m2"), data.get("residents")
        if (area is None) != (people is None) and not {"floor_area_m2", "residents"} & set(
            self.errors
        ):
            self.add_error("residents" if people is None else "floor_area_m2", NEEDS_BOTH)
        if not self.errors and not any(v not in ("", None) for v in self.answers().values()):
            self.add_error("water_source", NEEDS_ONE)
        return data

    def answers(self) -> dict[str, Any]:
        """As ``homes.note`` takes them."""
        return {name: self.cleaned_data.get(name) for name in homes.ANSWERS}


def _known(household: Household, last: dict[str, HomeCheck]) -> dict[str, Any]:
    """What the boxes begin with: the answers that stand."""
    known = {name: getattr(household, name) for name in homes.ANSWERS if hasattr(household, name)}
    if water := last.get("water"):
        known |= {"water_reach": water.water_reach, "water_safe": water.water_safe}
    said = {True: "ya", False: "tidak"}
    return {name: said[v] if isinstance(v, bool) else v for name, v in known.items()}
