"""Forms of the places: where a poster hangs, one posyandu, a pasted list of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regions.models import Posyandu, Programme, Puskesmas, Region
from registry.fields import NameField
from registry.places import posyandu_name, without_poster
from registry.resources import MAX_LINES, lines_of

CHOOSE = "Pilih dari daftar."
NEEDS_NAME = "Isi nama posyandunya."
ALL = "semua"


class PosterForm(forms.Form):
    """For which place: ``kecamatan``, ``semua``, ``desa:<kode>`` or ``posyandu:<code>``."""

    place = forms.ChoiceField(
        label="Buat poster untuk",
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, programme: Programme, data: Any = None) -> None:
        super().__init__(data)
        self.hide_optional = True
        self.desa = {f"desa:{desa.code}": desa for desa in programme.desa()}
        rows = Posyandu.objects.of(programme).active().select_related("desa")
        self.posyandu = {f"posyandu:{posyandu.code}": posyandu for posyandu in rows}
        self.missing = without_poster(programme).count()
        self.fields["place"].choices = self._choices(programme)  # type: ignore[attr-defined]

    def _choices(self, programme: Programme) -> list[Any]:
        whole = [("kecamatan", f"Seluruh Kecamatan {programme.kecamatan_name}")]
        if self.missing:
            whole.append((ALL, f"Semua posyandu yang belum punya poster ({self.missing})"))
        desa = [(value, desa.title) for value, desa in self.desa.items()]
        posyandu = [(value, f"{row.name}, {row.desa}") for value, row in self.posyandu.items()]
        return [*whole, ("Desa/kelurahan", desa), ("Posyandu", posyandu)]

    def chosen(self) -> dict[str, Any]:
        """The desa or posyandu chosen, as ``make_link`` takes them; neither for the kecamatan."""
        value = self.cleaned_data["place"]
        return {"desa": self.desa.get(value), "posyandu": self.posyandu.get(value)}


class PosyanduForm(forms.Form):
    """One posyandu, by hand."""

    name = NameField(
        label="Nama posyandu", max_length=100, help_text="Tanpa kata Posyandu, misalnya Melati 2.",
        error_messages={"required": NEEDS_NAME},
    )  # fmt: skip
    desa = forms.ModelChoiceField(
        Region.objects.none(), label="Desa/kelurahan", to_field_name="code", empty_label="Pilih",
        error_messages={"required": "Pilih desa atau kelurahannya.", "invalid_choice": CHOOSE},
    )  # fmt: skip
    puskesmas = forms.ModelChoiceField(
        Puskesmas.objects.none(), label="Puskesmas", to_field_name="name", required=False,
        empty_label="Belum tahu", error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip

    def __init__(self, programme: Programme, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["desa"].queryset = programme.desa()  # type: ignore[attr-defined]
        self.fields["puskesmas"].queryset = programme.puskesmas.all()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = posyandu_name(self.cleaned_data["name"])
        if not name:
            raise ValidationError(NEEDS_NAME)
        return name


class PasteForm(forms.Form):
    """A list as it was copied."""

    text = forms.CharField(
        label="Daftar posyandu", max_length=100_000,
        help_text="Satu posyandu satu baris: nama posyandu; desa; puskesmas. "
        "Boleh disalin dari Excel. Puskesmas boleh kosong.",
        widget=forms.Textarea({"rows": 10, "spellcheck": "false",
                               "placeholder": "Melati 1; Ledug; Puskesmas I Kembaran"}),
        error_messages={"required": "Tempel dahulu daftarnya di sini.",
                        "max_length": "Daftarnya terlalu panjang. Tempel sebagian dahulu."},
    )  # fmt: skip

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        count = len(lines_of(text))
        if not count:
            raise ValidationError("Tempel dahulu daftarnya, satu posyandu satu baris.")
        if count > MAX_LINES:
            raise ValidationError(f"Ada {count} baris. Tempel paling banyak {MAX_LINES} sekaligus.")
        return text
