"""The verifier's forms: approve with what the document says, or a decision with a reason."""

from collections.abc import Sequence
from typing import Any

from django import forms

from regions.models import Programme
from registry.desk.numbers import Holder, doubts
from registry.fields import NameField, ThreeBoxDateField
from registry.forms.report import OLDEST, TOO_OLD
from registry.forms.residents import ResidentFields
from registry.forms.visits import AskOnce
from registry.identity import clean_nik, clean_number
from registry.lookup.candidates import Found
from registry.people import Approval
from registry.report_parts import chosen

NEW = "baru"


class ApproveForm(ResidentFields, AskOnce):
    """Tautkan or baru, and NIK, KK number and birth date as the document shows them; warga
    kecamatan where the programme asks. A NIK that is somebody's is asked back once."""

    child = forms.ChoiceField(label="Anak ini", widget=forms.RadioSelect)
    nik = forms.CharField(label="NIK anak", required=False, max_length=30)
    kk = forms.CharField(label="Nomor KK", required=False, max_length=30)
    birth_date = ThreeBoxDateField(
        label="Tanggal lahir menurut dokumen", required=False,
        help_text="Isi kalau laporan hanya menyebut umur, atau tanggalnya berbeda.",
    )  # fmt: skip

    # How many earlier versions the report had on the page; its sender may not change it unseen.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        candidates: list[Found],
        born_limit: Any,
        programme: Programme,
        holders: Sequence[Holder] = (),
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.holders = holders
        self.ask_resident(programme)
        self.candidates = {found.child.code: found.child for found in candidates}
        self.born_limit = born_limit
        self.fields["child"].choices = [  # type: ignore[attr-defined]
            (NEW, "Anak baru: buat kartunya"),
            *((c.code, f"Tautkan ke {c.name}, {c.parents or 'orang tua belum tercatat'}")
              for c in self.candidates.values()),
        ]  # fmt: skip
        self.fields["child"].error_messages["required"] = "Pilih anak baru atau anak yang sama."
        if not candidates:
            self.initial.setdefault("child", NEW)
        for name in ("nik", "kk"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"])

    def clean_kk(self) -> str:
        return clean_number(self.cleaned_data["kk"], "Nomor KK")

    def clean_birth_date(self) -> Any:
        born = self.cleaned_data["birth_date"]
        if born and born > self.born_limit:
            raise forms.ValidationError("Tanggal lahir harus sebelum tanggal ukur dan hari ini.")
        if born and born < self.born_limit - OLDEST:
            raise forms.ValidationError(TOO_OLD)
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            linked = self.candidates.get(data["child"])
            self.ask_back(doubts(data["nik"], linked, self.holders))
        return data

    def approval(self) -> Approval:
        data = self.cleaned_data
        return Approval(
            child=self.candidates.get(data["child"]),
            nik=data["nik"],
            kk=data["kk"],
            birth_date=data["birth_date"],
            resident=self.resident_answer(),
        )


class ReasonForm(forms.Form):
    """One sentence that says why."""

    reason = NameField(
        label="Alasan", max_length=300, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Tulis alasannya dahulu, satu kalimat sudah cukup."},
    )  # fmt: skip


class SendBackForm(ReasonForm):
    """The sentence, and the parts ticked as wrong: those the kader's link will open."""

    @property
    def ticked(self) -> list[str]:
        keys = self.data.getlist("fields")  # type: ignore[attr-defined]
        return [part.key for part in chosen(keys)]
