"""Forms by which staff register a child, and put a child's own data right."""

from datetime import date
from typing import Any

from django import forms

from growth.age import approximate_birth_date
from growth.words import long_date
from registry.area import posyandu_in
from registry.fields import DecimalCommaField, NameField, ThreeBoxDateField, WholeNumberField
from registry.forms.homes import (
    ACTION,
    DIGITS,
    ConsentFields,
    HomeFields,
    MaybeKnown,
    buttons,
    number_box,
    text_box,
)
from registry.forms.report import (
    FUTURE_BIRTH,
    NEEDS_AGE,
    NEEDS_PARENT,
    OLDEST,
    OLDEST_MONTHS,
    TOO_OLD,
    UNKNOWN_PLACE,
)
from registry.forms.visits import ONE_DECIMAL, AskOnce, VisitFields
from registry.identity import clean_nik, clean_number, disagrees, index_of
from registry.lookup.candidates import Asked, Found, find
from registry.models import Child
from registry.names import name_key

BIRTH = ("birth_weight_g", "birth_length_cm", "gestation_weeks", "birth_order")
_GRAMS = dict.fromkeys(
    ("invalid", "min_value", "max_value"), "Tulis berat lahir dalam gram, antara 300 dan 7000."
)
_BIRTH_CM = ONE_DECIMAL | dict.fromkeys(
    ("min_value", "max_value"), "Tulis panjang lahir dalam sentimeter, antara 20 dan 65."
)
_WEEKS = dict.fromkeys(
    ("invalid", "min_value", "max_value"), "Tulis usia kehamilan dalam minggu, antara 20 dan 44."
)
NIK_DIFFERS = "Tanggal lahir atau jenis kelamin di NIK ini berbeda dari yang diisi. Apakah benar?"


class BirthFields(forms.Form):
    """How the child came into the world, as the KIA book has it; all may stay empty.

    A wrong weeks of gestation recomputes nothing: stored z-scores use the real age.
    """

    birth_weight_g = WholeNumberField(
        label="Berat lahir", required=False, min_value=300, max_value=7000,
        help_text="Dalam gram, misalnya 2900.", error_messages=_GRAMS,
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    birth_length_cm = DecimalCommaField(
        label="Panjang lahir", required=False, decimal_places=1, min_value=20, max_value=65,
        help_text="Misalnya 48,5.", error_messages=_BIRTH_CM,
    )  # fmt: skip
    gestation_weeks = WholeNumberField(
        label="Usia kehamilan saat lahir", required=False, min_value=20, max_value=44,
        help_text="Cukup bulan 37–42 minggu.", error_messages=_WEEKS,
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    birth_order = WholeNumberField(
        label="Anak ke", required=False, min_value=1, max_value=20,
        help_text="Urutan lahir dari ibu ini.", widget=forms.TextInput(DIGITS),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {"birth_weight_g": "gram", "birth_length_cm": "cm", "gestation_weeks": "minggu"}
        for name, unit in units.items():
            self.fields[name].unit = unit  # type: ignore[attr-defined]

    def birth(self) -> dict[str, Any]:
        """The columns of ``Child``, None where nothing was filled in."""
        return {name: self.cleaned_data.get(name) for name in BIRTH}


class ChildForm(BirthFields, MaybeKnown, VisitFields, HomeFields, ConsentFields):
    """A child with its family, the consent, and the first visit where there was one."""

    name = text_box("Nama anak", "Isi nama anak.")
    sex = buttons("Jenis kelamin", Child.Sex.choices, "Pilih laki-laki atau perempuan.")
    birth_date = ThreeBoxDateField(label="Tanggal lahir", required=False)
    age_months = WholeNumberField(
        label="Umur (bulan)", required=False, min_value=0, max_value=OLDEST_MONTHS,
        help_text="Isi ini hanya kalau tanggal lahirnya tidak diketahui.",
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    nik = number_box("NIK anak")
    mother_name = NameField(label="Nama ibu", required=False)
    father_name = NameField(label="Nama ayah", required=False)

    field_order = (
        "not_same", "confirmed", "name", "sex", "birth_date", "age_months", "nik", *BIRTH,
        "mother_name", "father_name", "parent_job", "place", "address", "rt", "rw", "kk",
        "weight_kg", "length_height_cm", "measure", "lila_cm", "oedema", "measured_on",
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, today=user.programme.today(), **kwargs)
        for name in ("birth_date", "age_months"):
            self.fields[name].optional_note = "isi salah satu"  # type: ignore[attr-defined]
        for name in ("mother_name", "father_name"):
            self.fields[name].optional_note = "isi salah satu"  # type: ignore[attr-defined]

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.date_visit()
        self._clean_birth(data)
        self.refuse_impossible(data.get("birth_date"))
        if not (data.get("mother_name") or data.get("father_name")):
            self.add_error("mother_name", NEEDS_PARENT)
        if not self.errors:
            self._ask(data)
        return data

    def _clean_birth(self, data: dict[str, Any]) -> None:
        born, months = data.get("birth_date"), data.get("age_months")
        if born is None and months is None and not {"birth_date", "age_months"} & set(self.errors):
            self.add_error("birth_date", NEEDS_AGE)
        elif born:
            self._refuse_birth(born)

    def _refuse_birth(self, born: date) -> None:
        if born > self.today:
            self.add_error("birth_date", FUTURE_BIRTH)
        elif born < self.today - OLDEST:
            self.add_error("birth_date", TOO_OLD)

    def _ask(self, data: dict[str, Any]) -> None:
        """Show who may be the same child, and ask back what is unlikely."""
        born, precision = self.born()
        doubts = []
        exact = precision == Child.Precision.DAY
        if data["nik"] and exact and disagrees(data["nik"], born, data["sex"]):
            doubts.append(("nik", NIK_DIFFERS))
        if self.is_measured:
            self.visit_doubts = self.unlikely(data["sex"], born, approximate=not exact)
        self.compare()
        self.ask_back(doubts + self.visit_doubts)

    def born(self) -> tuple[date, str]:
        """The birth date with its precision: an age is reckoned from the visit, else today."""
        data = self.cleaned_data
        if data["birth_date"]:
            return data["birth_date"], Child.Precision.DAY
        reference = data["measured_on"] if self.is_measured else self.today
        return approximate_birth_date(reference, data["age_months"]), Child.Precision.MONTH

    def alike(self) -> list[Found]:
        asked = self._asked()
        seen = Child.objects.in_scope(self.user)
        return find(self.user.programme, asked, seen=seen) if asked else []

    def _asked(self) -> Asked | None:
        """The child as far as it is typed; None without a name and a date or age."""
        data = self.cleaned_data
        if not data.get("name") or (data.get("birth_date"), data.get("age_months")) == (None, None):
            return None
        if data.get("birth_date"):
            born, precision = data["birth_date"], Child.Precision.DAY
        else:
            on = data.get("measured_on") or self.today
            born = approximate_birth_date(on, data["age_months"])
            precision = Child.Precision.MONTH
        desa = data["place"][0] if data.get("place") else None
        said = {key: data.get(key) or "" for key in ("sex", "mother_name", "father_name", "nik")}
        return Asked(data["name"], born, precision, desa=desa, kk=data.get("kk") or "", **said)

    def family(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "mother_name": data["mother_name"], "kk": data["kk"], "job": data["parent_job"],
            "home": self.home(data["father_name"]),
        }  # fmt: skip

    def child(self) -> dict[str, Any]:
        born, precision = self.born()
        plain = {name: self.cleaned_data[name] for name in ("name", "sex", "father_name")}
        return plain | {"birth_date": born, "birth_precision": precision} | self.birth()


class CorrectChildForm(BirthFields, AskOnce):
    """A child's own data put right; only what differs is changed."""

    name = text_box("Nama anak", "Isi nama anak.")
    sex = buttons("Jenis kelamin", Child.Sex.choices, "Pilih laki-laki atau perempuan.")
    birth_date = ThreeBoxDateField(label="Tanggal lahir")
    father_name = NameField(label="Nama ayah", required=False)
    posyandu = forms.ChoiceField(
        label="Posyandu", required=False, error_messages={"invalid_choice": UNKNOWN_PLACE}
    )
    nik = number_box("NIK anak")
    kk = number_box("Nomor KK")

    field_order = (
        "confirmed", "name", "sex", "birth_date", *BIRTH, "father_name", "posyandu", "nik", "kk",
    )  # fmt: skip

    def __init__(self, *args: Any, child: Child, user: Any, **kwargs: Any) -> None:
        plain = ("name", "sex", "father_name", *BIRTH)
        initial = {name: getattr(child, name) for name in plain}
        initial["posyandu"] = child.posyandu.code if child.posyandu else ""
        if not child.is_approximate:
            initial["birth_date"] = child.birth_date
        super().__init__(*args, initial=initial, **kwargs)
        self.child = child
        self.first_visit = child.measurements.current().order_by("measured_on").first()
        self.today = child.programme.today()
        self._describe(child)
        self.reachable = {p.code: p for p in posyandu_in(user, ACTION, child.desa)}
        unknown = [] if child.posyandu else [("", "Belum diketahui")]
        self.fields["posyandu"].choices = unknown + [  # type: ignore[attr-defined]
            (code, posyandu.name) for code, posyandu in self.reachable.items()
        ]

    def _describe(self, child: Child) -> None:
        """Say what stands there now, where the box itself does not show it."""
        if child.is_approximate:
            self.fields["birth_date"].required = False
            self.fields["birth_date"].help_text = (
                f"Sekarang perkiraan: ≈ {long_date(child.birth_date)}. "
                "Isi setelah melihat KK atau akta."
            )
        for name, masked in (("nik", child.nik_masked), ("kk", child.household.kk_masked)):
            if masked:
                self.fields[name].help_text = f"Tercatat {masked}. Isi hanya kalau salah."

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"])

    def clean_kk(self) -> str:
        return clean_number(self.cleaned_data["kk"], "Nomor KK")

    def clean_birth_date(self) -> date | None:
        born = self.cleaned_data["birth_date"]
        if born and born > self.today:
            raise forms.ValidationError(FUTURE_BIRTH)
        if born and self.first_visit and born > self.first_visit.measured_on:
            day = long_date(self.first_visit.measured_on)
            raise forms.ValidationError(
                f"Anak ini sudah diukur pada {day}, jadi tidak mungkin lahir sesudahnya."
            )
        first = self.first_visit
        known_on = first.measured_on if first else self.child.created_at.date()
        if born and born < known_on - OLDEST:
            raise forms.ValidationError(TOO_OLD)
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            known = None if self.child.is_approximate else self.child.birth_date
            born = data["birth_date"] or known
            nik = data["nik"] or self.child.nik
            touched = data["nik"] or {"birth_date", "sex"} & set(self.changes())
            if nik and born and touched and disagrees(nik, born, data["sex"]):
                self.ask_back([("nik", NIK_DIFFERS)])
        return data

    def changes(self) -> dict[str, Any]:
        """The columns that become something else."""
        data, child = self.cleaned_data, self.child
        wanted = {name: data[name] for name in ("name", "sex", "father_name", *BIRTH)}
        wanted["name_key"] = name_key(data["name"])
        wanted["posyandu"] = self.reachable.get(data["posyandu"], child.posyandu)
        if data["birth_date"]:
            wanted |= {"birth_date": data["birth_date"], "birth_precision": Child.Precision.DAY}
        if data["nik"]:
            wanted |= {"nik": data["nik"], "nik_index": index_of(data["nik"])}
        return {name: value for name, value in wanted.items() if getattr(child, name) != value}
