"""What a person says of a list: its file, what its columns are, and on which decree it rests."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from regions.models import Posyandu
from registry.fields import NameField, ThreeBoxDateField, WholeNumberField
from registry.imports import mapping
from registry.imports.labels import CHILD_FIELDS, TOLD_FIELDS, VISIT_FIELDS, is_key
from registry.imports.layouts import layout_of
from registry.imports.sheet import EMPTY, SPLIT
from registry.imports.workflow import NO_DECREE
from registry.models import Import

MOST = 25 * 1024 * 1024
UNREAD = "Tidak dibaca"
CHOICES = [
    ("", UNREAD),
    ("Anak dan keluarga", list(CHILD_FIELDS.items())),
    ("Pengukuran", list(VISIT_FIELDS.items())),
    ("Kata daftar itu sendiri (tidak disimpan)", list(TOLD_FIELDS.items())),
]


class HandInForm(forms.Form):
    """The file of a list, and what it is handed in for."""

    hide_optional = True
    purpose = forms.ChoiceField(
        label="Untuk apa?", choices=Import.Purpose.choices, required=False,
        widget=forms.RadioSelect, error_messages={"invalid_choice": "Pilih salah satu."},
    )  # fmt: skip
    file = forms.FileField(
        label="Berkas daftar", max_length=200,
        help_text="Excel (.xlsx atau .xls) atau CSV, paling besar 25 MB.",
        error_messages={"required": "Pilih berkasnya dahulu.", "empty": EMPTY,
                        "max_length": "Nama berkas terlalu panjang. Pendekkan, lalu unggah lagi."},
    )  # fmt: skip

    def clean_purpose(self) -> str:
        return self.cleaned_data["purpose"] or Import.Purpose.IMPORT

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST:
            raise ValidationError(f"Berkas ini lebih dari 25 MB. {SPLIT}")
        return file


class ReadAgainForm(forms.Form):
    """Another sheet of the file, or the row in which its labels stand."""

    hide_optional = True
    sheet = forms.ChoiceField(
        label="Lembar", required=False, error_messages={"invalid_choice": "Pilih dari daftar."}
    )
    header_row = WholeNumberField(
        label="Judul kolom ada di baris", required=False, min_value=1, max_value=1000,
        help_text="Kosongkan supaya dicari.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, source: Import) -> None:
        names = source.columns.get("sheets", [])
        now = {"sheet": source.columns.get("sheet", ""), "header_row": source.header_row}
        super().__init__(data, initial=now)
        self.fields["sheet"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["sheet"]


class Column(NamedTuple):
    """One column of the list beside its choice."""

    label: str
    samples: list[str]
    field: forms.BoundField


class MappingForm(forms.Form):
    """A choice for each column; the place of a list that names none; the day its data are of."""

    hide_optional = True
    place = forms.ChoiceField(
        label="Tempat", required=False,
        help_text="Untuk baris yang tidak menyebut desa dan posyandunya.",
        error_messages={"invalid_choice": "Pilih dari daftar."},
    )  # fmt: skip
    data_date = ThreeBoxDateField(
        label="Tanggal data", required=False,
        help_text="Perlu kalau daftar hanya menyebut umur, tanpa tanggal ukur.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, source: Import) -> None:
        columns, self.source = source.columns, source
        chosen = {_name(at): name for at, name in columns["map"].items()}
        place = columns.get("place", {}).get("value", "")
        whole = {"place": place, "data_date": mapping.data_date_of(source)}
        super().__init__(data, initial=chosen | whole)
        self.at = [at for at, label in enumerate(columns["labels"])
                   if not is_key(label) and (label or columns["samples"][at])]  # fmt: skip
        for at in self.at:
            self.fields[_name(at)] = forms.ChoiceField(
                label=columns["labels"][at] or f"Kolom {at + 1}", choices=CHOICES, required=False,
                error_messages={"invalid_choice": "Pilih dari daftar."},
            )  # fmt: skip
        self.places = _places(source)
        self.fields["place"].choices = [("", "–"), *_grouped(self.places)]  # type: ignore[attr-defined]

    def columns(self) -> Iterator[Column]:
        """The columns that may be mapped, in the order of the list."""
        for at in self.at:
            field = self[_name(at)]
            yield Column(str(field.label), self.source.columns["samples"][at], field)

    def clean(self) -> dict[str, Any]:
        for sentence in mapping.problems(self._map()):
            self.add_error(None, sentence)
        return self.cleaned_data

    def _map(self) -> dict[int, str]:
        said = {at: self.cleaned_data.get(_name(at), "") for at in self.at}
        return {at: name for at, name in said.items() if name}

    def mapped(self) -> dict[str, Any]:
        """``Import.columns`` as the person has put it right."""
        value = self.cleaned_data["place"]
        return self.source.columns | {
            "map": {str(at): name for at, name in self._map().items()},
            "place": self.places[value] | {"value": value} if value else {},
            "data_date": str(self.cleaned_data["data_date"] or ""),
        }

    def layout(self) -> str:
        """Which list it is, as ``Import.layout`` keeps it."""
        columns = self._map()
        if mapping.is_of_reports(columns):
            return mapping.REPORTS
        return layout_of(self.source.columns["labels"]) or mapping.OTHER


def _name(at: int | str) -> str:
    return f"kolom-{at}"


def _places(source: Import) -> dict[str, dict[str, str]]:
    """Value of the choice → how a row would name the place."""
    desa = {f"desa:{one.code}": {"desa": one.name, "posyandu": ""}
            for one in source.programme.desa()}  # fmt: skip
    rows = Posyandu.objects.of(source.programme).active().select_related("desa")
    return desa | {f"posyandu:{one.code}": {"desa": one.desa.name, "posyandu": one.name}
                   for one in rows}  # fmt: skip


def _grouped(places: dict[str, dict[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    desa = [(key, one["desa"]) for key, one in places.items() if not one["posyandu"]]
    posyandu = [(key, f"{one['posyandu']}, {one['desa']}")
                for key, one in places.items() if one["posyandu"]]  # fmt: skip
    return [("Desa/kelurahan", desa), ("Posyandu", posyandu)]


class DecreeForm(forms.Form):
    """The decree that is the legal basis where no parents' consent is on file (UU 27/2022)."""

    decree = NameField(
        label="Nomor surat keputusan", max_length=80,
        help_text="Dasar hukum “kepentingan umum” untuk anak tanpa persetujuan orang tua, "
        "misalnya SK TPPS kecamatan.",
        error_messages={"required": NO_DECREE},
    )  # fmt: skip
