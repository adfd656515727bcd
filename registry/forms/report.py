"""The kader's report form. Field names are the public contract; see README."""

import re
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from growth.age import completed_months
from growth.plausible import impossible
from regions.models import Posyandu, Programme, ReportLink
from registry import documents, measuring, workflow
from registry.fields import (
    DecimalCommaField,
    NameField,
    ThreeBoxDateField,
    TickBox,
    WholeNumberField,
)
from registry.models import Child, Consent, Measurement, Submission

OLDEST_MONTHS = 72  # a child a little past five is still told apart from a slip of the pen
OLDEST = timedelta(days=round(OLDEST_MONTHS * 30.4375))
FUTURE_BIRTH = "Tanggal lahir belum terjadi. Periksa tanggal, bulan, dan tahunnya."
FUTURE_VISIT = "Tanggal ukur belum terjadi. Isi tanggal saat anak ditimbang atau diukur."
BEFORE_BIRTH = "Tanggal ukur sebelum tanggal lahir. Periksa kedua tanggal ini."
TOO_OLD = "Menurut tanggal ini anak sudah lebih dari 6 tahun. Periksa tahun lahirnya."
NEEDS_AGE = "Isi tanggal lahir. Kalau tidak tahu, isi umurnya dalam bulan."
NEEDS_PARENT = "Isi nama ibu atau nama ayah, salah satu sudah cukup."
NEEDS_CONSENT = "Minta persetujuan orang tua dahulu, lalu centang kotak ini."
UNKNOWN_PLACE = "Pilih dari daftar."
OLD_VISIT = "Pengukuran ini sudah lebih dari 31 hari. Apakah tanggalnya benar?"

REQUIRED = {
    "reporter_name": "Isi nama Ibu/Kader yang melapor.",
    "child_name": "Isi nama anak.",
    "sex": "Pilih laki-laki atau perempuan.",
    "parent_job": "Isi pekerjaan orang tua, misalnya petani.",
    "address": "Isi alamat, misalnya nama jalan atau dusun.",
    "consent_giver": "Pilih siapa yang menyetujui: ibu, ayah, atau wali.",
    "desa": "Pilih desa atau kelurahan.",
}


# What stands behind the label of a field that may stay empty.
NOTES = {
    "mother_name": "isi ibu, ayah, atau keduanya",
    "father_name": "isi ibu, ayah, atau keduanya",
    "birth_date": "atau isi umurnya",
    "age_months": "kalau tanggal lahir tidak diketahui",
}


def _choice(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=choices, error_messages={"invalid_choice": UNKNOWN_PLACE}, **kwargs
    )


class ReportForm(forms.Form):
    """One child, one report. ``link`` decides which places are asked; what it knows is not read
    from the body. Doubts (implausible numbers) are asked once: see ``doubts``."""

    client_id = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False, strip=True)
    filled_on = forms.DateField(widget=forms.HiddenInput, required=False)
    photos_expected = forms.CharField(widget=forms.HiddenInput, required=False)
    reporter_name = NameField(label="Nama kader")
    desa = _choice([], label="Desa/kelurahan")
    posyandu = _choice([], label="Posyandu", required=False)

    child_name = NameField(label="Nama anak")
    sex = _choice(Child.Sex.choices, label="Jenis kelamin", widget=forms.RadioSelect)
    birth_date = ThreeBoxDateField(label="Tanggal lahir", required=False)
    age_months = WholeNumberField(
        label="Umur (bulan)", required=False, min_value=0, max_value=OLDEST_MONTHS,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )  # fmt: skip

    mother_name = NameField(label="Nama ibu", required=False)
    father_name = NameField(label="Nama ayah", required=False)
    parent_job = NameField(label="Pekerjaan orang tua")
    address = NameField(label="Alamat", max_length=200, help_text="Nama jalan, dusun, atau gang.")
    rt = NameField(label="RT", max_length=5, required=False)
    rw = NameField(label="RW", max_length=5, required=False)

    weight_kg = DecimalCommaField(
        label="Berat", required=False, help_text="Boleh pakai koma, misalnya 8,4."
    )
    length_height_cm = DecimalCommaField(
        label="Panjang atau tinggi", required=False, help_text="Misalnya 74,5."
    )
    measure = _choice(
        Measurement.Posture.choices, label="Cara mengukur", required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    measured_on = ThreeBoxDateField(label="Tanggal ditimbang/diukur", required=False)
    reason = NameField(
        label="Mengapa dilaporkan", max_length=500, required=False,
        widget=forms.Textarea({"rows": 3}), help_text="Misalnya: tampak pendek, berat tidak naik.",
    )  # fmt: skip
    document = forms.FileField(
        label="Foto KK atau akta kelahiran", required=False,
        help_text="JPG, PNG, WEBP, atau PDF, paling besar 8 MB.",
        widget=forms.ClearableFileInput({"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
        error_messages={"empty": "Berkas ini kosong. Ambil fotonya sekali lagi."},
    )  # fmt: skip
    consent_giver = _choice(
        Consent.Giver.choices, label="Yang menyetujui", widget=forms.RadioSelect
    )
    consent = forms.BooleanField(
        label="Orang tua atau wali setuju data anak ini dicatat untuk penanganan stunting.",
        error_messages={"required": NEEDS_CONSENT}, widget=TickBox,
    )  # fmt: skip
    confirmed = forms.BooleanField(label="Ya, angkanya sudah benar", required=False, widget=TickBox)

    def __init__(self, *args: Any, link: ReportLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link = link
        self.doubts: list[tuple[str, str]] = []
        for name, sentence in REQUIRED.items():
            self.fields[name].error_messages["required"] = sentence
            self.fields[name].widget.attrs["data-needed"] = sentence  # said without a signal too
        self.fields["consent"].widget.attrs["data-needed"] = NEEDS_CONSENT
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")
        self.fields["weight_kg"].unit = "kg"  # type: ignore[attr-defined]
        self.fields["length_height_cm"].unit = "cm"  # type: ignore[attr-defined]
        for name, note in NOTES.items():
            self.fields[name].optional_note = note  # type: ignore[attr-defined]
        self._ask_places(link)

    # --- Places ----------------------------------------------------------------------------

    def _ask_places(self, link: ReportLink) -> None:
        """Ask only what the link does not know."""
        if link.posyandu_id:
            del self.fields["desa"], self.fields["posyandu"]
            return
        if link.desa_id:
            del self.fields["desa"]
        else:
            self.fields["desa"].choices = _desa_choices(link.programme)  # type: ignore[attr-defined]
        self.fields["posyandu"].choices = _posyandu_choices(link)  # type: ignore[attr-defined]

    def _clean_place(self, data: dict[str, Any]) -> None:
        """Put Region and Posyandu of the link, or of the lists, into the cleaned data."""
        posyandu = self.link.posyandu
        if posyandu is None and data.get("posyandu"):
            posyandu = Posyandu.objects.of(self.link.programme).get(code=data["posyandu"])
        desa = posyandu.desa if self.link.posyandu else self.link.desa
        if desa is None and data.get("desa"):
            desa = self.link.programme.desa().get(code=data["desa"])
        if posyandu and desa and posyandu.desa_id != desa.id:
            self.add_error("posyandu", f"Posyandu ini tidak berada di {desa.title}. Pilih lagi.")
        data["desa"], data["posyandu"] = desa, posyandu

    # --- Rules -----------------------------------------------------------------------------

    def clean_photos_expected(self) -> int:
        """Photos the script will send one by one afterwards; nonsense is none."""
        said = self.cleaned_data["photos_expected"]
        return min(int(said), documents.MAX_FILES) if re.fullmatch("[0-9]{1,3}", said) else 0

    def clean_document(self) -> documents.CleanFile | None:
        upload = self.cleaned_data.get("document")
        return documents.accept(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_place(data)
        self._clean_birth(data)
        self._clean_visit(data)
        if not (data.get("mother_name") or data.get("father_name")):
            self.add_error("mother_name", NEEDS_PARENT)
        if not self.errors:
            self._ask_back(data)
        return data

    def _clean_birth(self, data: dict[str, Any]) -> None:
        born, months = data.get("birth_date"), data.get("age_months")
        today = self.link.programme.today()
        if born is None and months is None and not {"birth_date", "age_months"} & set(self.errors):
            self.add_error("birth_date", NEEDS_AGE)
        elif born and born > today:
            self.add_error("birth_date", FUTURE_BIRTH)
        elif born and born < today - OLDEST:
            self.add_error("birth_date", TOO_OLD)

    def _clean_visit(self, data: dict[str, Any]) -> None:
        today, on = self.link.programme.today(), data.get("measured_on")
        filled = data.get("filled_on")
        if filled and not today - timedelta(days=366) <= filled <= today + timedelta(days=1):
            data["filled_on"] = filled = None  # a phone with a wrong clock says nothing
        measured = data.get("weight_kg") is not None or data.get("length_height_cm") is not None
        if measured and on is None and "measured_on" not in self.errors:
            data["measured_on"] = data["filled_on"] = on = min(filled or today, today)
        if on and on > today:
            self.add_error("measured_on", FUTURE_VISIT)
        elif on and data.get("birth_date") and on < data["birth_date"]:
            self.add_error("measured_on", BEFORE_BIRTH)
        for name, sentence in impossible(
            data.get("weight_kg"), data.get("length_height_cm"), self._months(data)
        ):
            self.add_error(name, sentence)

    def _months(self, data: dict[str, Any]) -> int | None:
        """Completed months at the visit, as far as it can be told."""
        born, on = data.get("birth_date"), data.get("measured_on")
        if born and on and on >= born:
            return completed_months(born, on)
        return data.get("age_months")

    def _ask_back(self, data: dict[str, Any]) -> None:
        """Collect the implausible; without ``confirmed`` the report is asked back once."""
        draft = Submission(**self.answers())
        visit = measuring.visit_of_report(draft)
        self.doubts = list(visit.doubts) if visit else []
        if visit and (self.link.programme.today() - data["measured_on"]).days > 31:
            self.doubts.append(("measured_on", OLD_VISIT))
        asked = self.doubts and not data.get("confirmed")
        if asked and not workflow.is_stored(self.link, data["client_id"], self.answers()):
            grouped = defaultdict(list)
            for name, sentence in self.doubts:
                grouped[name].append(sentence)
            for name, sentences in grouped.items():
                self.add_error(name, ValidationError(sentences))

    def answers(self) -> dict[str, Any]:
        """The cleaned values of ``Submission.ANSWERS``."""
        data = self.cleaned_data
        texts = {"measure": "", "father_name": "", "mother_name": "", "rt": "", "rw": "",
                 "reason": ""}  # fmt: skip
        return {
            name: data.get(name) if data.get(name) is not None else texts.get(name)
            for name in Submission.ANSWERS
        }


def initial_of(submission: Submission) -> dict[str, Any]:
    """What a returned report's form is opened with."""
    values = {name: getattr(submission, name) for name in Submission.ANSWERS}
    values["desa"] = submission.desa.code
    values["consent"] = True  # given with the report that came back
    values["posyandu"] = submission.posyandu.code if submission.posyandu else ""
    return values


def _desa_choices(programme: Programme) -> list[tuple[str, str]]:
    return [("", "Pilih desa/kelurahan")] + [(d.code, d.title) for d in programme.desa()]


def _posyandu_choices(link: ReportLink) -> list[Any]:
    """Posyandu of the link's desa, or grouped by desa when the link knows only its programme."""
    rows = Posyandu.objects.of(link.programme).active().select_related("desa")
    if link.desa_id:
        rows = rows.filter(desa=link.desa_id)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for posyandu in rows:
        groups[posyandu.desa.title].append((posyandu.code, posyandu.name))
    listed: list[Any] = [("", "Tidak tahu / tidak ada di daftar")]
    return listed + (list(groups.items()) if not link.desa_id else sum(groups.values(), []))
