"""Forms by which staff put a child, a mother, a pregnancy or breastfeeding into the registry."""

from datetime import date, timedelta
from typing import Any

from django import forms

from growth.age import approximate_birth_date
from growth.words import long_date
from registry import people
from registry.area import Place, place_choices, place_of, posyandu_in
from registry.fields import DecimalCommaField, NameField, ThreeBoxDateField, WholeNumberField
from registry.forms.report import (
    FUTURE_BIRTH,
    NEEDS_AGE,
    NEEDS_PARENT,
    OLDEST_MONTHS,
    TOO_OLD,
    UNKNOWN_PLACE,
)
from registry.forms.visits import ONE_DECIMAL, AskOnce, VisitFields
from registry.identity import clean_nik, clean_number, disagrees, index_of
from registry.models import Child, Consent, Mother, Submission
from registry.names import name_key
from registry.pregnancy import FULL_TERM_WEEKS, gestation

ACTION = "register_person"
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
NIK_DIFFERS = "Tanggal lahir atau jenis kelamin di NIK ini berbeda dari yang diisi. Apakah benar?"
NOT_THE_SAME = "Periksa dahulu daftar di atas. Kalau memang orang lain, centang kotak ini."
HPHT_FUTURE = "HPHT belum terjadi. Isi hari pertama haid terakhir ibu."
IN_CM = "Tulis tinggi badan dalam sentimeter, misalnya 152,5."
HPL_FAR = "HPL biasanya 40 minggu setelah HPHT. Periksa kedua tanggal ini."
NURSING_FUTURE = "Tanggal ini belum terjadi. Isi hari ibu mulai menyusui."
STAFF_METHODS = [
    (Consent.Method.PAPER.value, Consent.Method.PAPER.label),
    (Consent.Method.SPOKEN.value, Consent.Method.SPOKEN.label),
]


def _text(label: str, asked: str, **kwargs: Any) -> NameField:
    return NameField(label=label, error_messages={"required": asked}, **kwargs)


def _number_box(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=30, required=False, widget=forms.TextInput(DIGITS), **kwargs
    )


def _buttons(label: str, choices: Any, asked: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect,
        error_messages={"required": asked, "invalid_choice": UNKNOWN_PLACE},
    )  # fmt: skip


# --- What several of them share ----------------------------------------------------------------


class HomeFields(forms.Form):
    """Where a family lives, limited to the places the user's grants reach."""

    place = forms.ChoiceField(
        label="Posyandu",
        error_messages={"required": "Pilih posyandu atau desanya.", "invalid_choice": UNKNOWN_PLACE},
    )
    kk = _number_box(
        "Nomor KK", help_text="Kalau KK ini sudah tercatat, anak atau ibu masuk ke keluarga itu."
    )
    address = _text(
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

    def home(self, head_name: str) -> dict[str, str]:
        parts = {name: self.cleaned_data[name] for name in ("address", "rt", "rw")}
        return parts | {"head_name": head_name}


class ConsentFields(forms.Form):
    """Who agreed, and how it can be shown (UU 27/2022 art. 24)."""

    consent_giver = _buttons(
        "Siapa yang menyetujui", Consent.Giver.choices,
        "Minta persetujuan dahulu, lalu pilih siapa yang menyetujui.",
    )  # fmt: skip
    consent_method = _buttons(
        "Bagaimana persetujuannya", STAFF_METHODS, "Pilih tanda tangan di kertas atau lisan."
    )

    def consent(self) -> dict[str, str]:
        data = self.cleaned_data
        return {"giver": data["consent_giver"], "method": data["consent_method"]}


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


class MaybeKnown(forms.Form):
    """A form for somebody who may already be there: the likely ones are shown once."""

    not_same = forms.BooleanField(label="Bukan orang yang sama, daftarkan baru", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates: list[Any] = []

    def compare_with(self, candidates: list[Any]) -> None:
        self.candidates = candidates
        if candidates and not self.cleaned_data.get("not_same"):
            self.add_error("not_same", NOT_THE_SAME)


# --- Children ----------------------------------------------------------------------------------


class ChildForm(MaybeKnown, VisitFields, HomeFields, ConsentFields):
    """A child with its family, the consent, and the first visit where there was one."""

    name = _text("Nama anak", "Isi nama anak.")
    sex = _buttons("Jenis kelamin", Child.Sex.choices, "Pilih laki-laki atau perempuan.")
    birth_date = ThreeBoxDateField(label="Tanggal lahir", required=False)
    age_months = WholeNumberField(
        label="Umur (bulan)", required=False, min_value=0, max_value=OLDEST_MONTHS,
        help_text="Isi ini hanya kalau tanggal lahirnya tidak diketahui.",
        widget=forms.TextInput(DIGITS),
    )  # fmt: skip
    nik = _number_box("NIK anak")
    mother_name = NameField(label="Nama ibu", required=False)
    father_name = NameField(label="Nama ayah", required=False)

    field_order = (
        "not_same", "confirmed", "name", "sex", "birth_date", "age_months", "nik", "mother_name",
        "father_name", "parent_job", "place", "address", "rt", "rw", "kk", "weight_kg",
        "length_height_cm", "measure", "lila_cm", "oedema", "measured_on",
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
        if self.is_measured and data.get("measured_on") is None and "measured_on" not in self.errors:
            data["measured_on"] = self.today
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
        elif born < self.today - timedelta(days=round(OLDEST_MONTHS * 30.4375)):
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
        self.compare_with(self._alike(born))
        self.ask_back(doubts + self.visit_doubts)

    def born(self) -> tuple[date, str]:
        """The birth date with its precision: an age is reckoned from the visit, else today."""
        data = self.cleaned_data
        if data["birth_date"]:
            return data["birth_date"], Child.Precision.DAY
        reference = data["measured_on"] if self.is_measured else self.today
        return approximate_birth_date(reference, data["age_months"]), Child.Precision.MONTH

    def _alike(self, born: date) -> list[Child]:
        """The likely same children that this person may see."""
        where = self.where()
        draft = Submission(**where, child_name=self.cleaned_data["name"], birth_date=born)
        found = people.candidates(draft, self.cleaned_data["nik"])
        seen = Child.objects.in_scope(self.user).filter(pk__in=[child.pk for child in found])
        keys = set(seen.values_list("pk", flat=True))
        return [child for child in found if child.pk in keys]

    def family(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "mother_name": data["mother_name"], "kk": data["kk"], "job": data["parent_job"],
            "home": self.home(data["father_name"]),
        }  # fmt: skip

    def child(self) -> dict[str, Any]:
        born, precision = self.born()
        plain = {name: self.cleaned_data[name] for name in ("name", "sex", "father_name")}
        return plain | {"birth_date": born, "birth_precision": precision}


class CorrectChildForm(AskOnce):
    """A child's own data put right; only what differs is changed."""

    name = _text("Nama anak", "Isi nama anak.")
    sex = _buttons("Jenis kelamin", Child.Sex.choices, "Pilih laki-laki atau perempuan.")
    birth_date = ThreeBoxDateField(label="Tanggal lahir")
    father_name = NameField(label="Nama ayah", required=False)
    posyandu = forms.ChoiceField(
        label="Posyandu", required=False, error_messages={"invalid_choice": UNKNOWN_PLACE}
    )
    nik = _number_box("NIK anak")
    kk = _number_box("Nomor KK")

    def __init__(self, *args: Any, child: Child, user: Any, **kwargs: Any) -> None:
        initial = {name: getattr(child, name) for name in ("name", "sex", "father_name")}
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
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            born = data["birth_date"] or (None if self.child.is_approximate else self.child.birth_date)
            nik = data["nik"] or self.child.nik
            touched = data["nik"] or {"birth_date", "sex"} & set(self.changes())
            if nik and born and touched and disagrees(nik, born, data["sex"]):
                self.ask_back([("nik", NIK_DIFFERS)])
        return data

    def changes(self) -> dict[str, Any]:
        """The columns that become something else."""
        data, child = self.cleaned_data, self.child
        wanted = {name: data[name] for name in ("name", "sex", "father_name")}
        wanted["name_key"] = name_key(data["name"])
        wanted["posyandu"] = self.reachable.get(data["posyandu"], child.posyandu)
        if data["birth_date"]:
            wanted |= {"birth_date": data["birth_date"], "birth_precision": Child.Precision.DAY}
        if data["nik"]:
            wanted |= {"nik": data["nik"], "nik_index": index_of(data["nik"])}
        return {name: value for name, value in wanted.items() if getattr(child, name) != value}


# --- Mothers -----------------------------------------------------------------------------------


class MotherForm(MaybeKnown, HomeFields, PregnancyFields, ConsentFields):
    """A pregnant or breastfeeding mother with her household and her consent."""

    PREGNANT, NURSING = "hamil", "menyusui"

    name = _text("Nama ibu", "Isi nama ibu.")
    nik = _number_box("NIK ibu")
    birth_date = ThreeBoxDateField(label="Tanggal lahir ibu", required=False)
    phone = NameField(label="Nomor HP", max_length=20, required=False)
    husband = NameField(label="Nama suami", required=False)
    state = _buttons(
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
                self.add_error("hpht", "Isi HPHT. Tanyakan hari pertama haid terakhir ibu.")
            self.refuse_impossible(self.today)
        elif data.get("state") == self.NURSING:
            self._clean_nursing(data)
        if not self.errors:
            self.compare_with(self._alike())
        return data

    def _clean_nursing(self, data: dict[str, Any]) -> None:
        since = data.get("nursing_since")
        if since is None and "nursing_since" not in self.errors:
            self.add_error("nursing_since", "Isi sejak kapan ibu menyusui, biasanya hari anak lahir.")
        elif since and since > self.today:
            self.add_error("nursing_since", NURSING_FUTURE)

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
        if since > self.today:
            raise forms.ValidationError(NURSING_FUTURE)
        return since

    def clean_child(self) -> Child | None:
        return self.children.get(self.cleaned_data["child"])
