"""Forms of the places: where a poster hangs, one posyandu, a pasted list of them."""

from collections import Counter
from collections.abc import Iterable
from math import ceil
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regions.models import Posyandu, Programme, Puskesmas, Region
from regions.posters import SIZES
from registry.fields import NameField
from registry.places import posyandu_name
from registry.resources import MAX_LINES, lines_of

CHOOSE = "Pilih dari daftar."
NEEDS_NAME = "Isi nama posyandunya."
ALL = "semua"
MANY = 30  # sheets in one PDF from which on the page says how long it takes
SECONDS_A_SHEET = {"stiker": 0.25}
SECONDS_A_POSTER = 0.15


def seconds_for(sheets: int, size: str = "a4") -> int:
    """About how long a PDF of so many sheets takes, rounded up to five seconds."""
    each = SECONDS_A_SHEET.get(size, SECONDS_A_POSTER)
    return max(5, 5 * ceil(sheets * each / 5))


class PosterForm(forms.Form):
    """For which place: ``kecamatan``, ``desa:<kode>``, ``posyandu:<code>``, or a set of all
    posyandu: ``semua``, ``semua:<kode desa>``. Size: a key of ``regions.posters.SIZES``."""

    place = forms.ChoiceField(
        label="Buat poster untuk",
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    size = forms.ChoiceField(
        label="Ukuran", choices=list(SIZES.items()), required=False, initial="a4",
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip

    def __init__(
        self, programme: Programme, data: Any = None, desa: Iterable[Region] | None = None
    ) -> None:
        """``desa``: those of the programme, when they are at hand."""
        super().__init__(data)
        self.hide_optional = True
        places = programme.desa() if desa is None else desa
        self.desa = {f"desa:{one.code}": one for one in places}
        rows = Posyandu.objects.of(programme).active().select_related("desa")
        self.posyandu = {f"posyandu:{posyandu.code}": posyandu for posyandu in rows}
        self.sets = Counter(row.desa for row in self.posyandu.values())
        self.fields["place"].choices = self._choices(programme)  # type: ignore[attr-defined]

    def _choices(self, programme: Programme) -> list[Any]:
        whole = [("kecamatan", f"Seluruh Kecamatan {programme.kecamatan_name}")]
        if self.posyandu:
            whole.append((ALL, f"Semua posyandu sekaligus ({len(self.posyandu)} lembar)"))
        sets = [(f"{ALL}:{desa.code}", f"Semua posyandu {desa.title} ({number} lembar)")
                for desa, number in self.sets.items()]  # fmt: skip
        desa = [(value, desa.title) for value, desa in self.desa.items()]
        posyandu = [(value, f"{row.name}, {row.desa}") for value, row in self.posyandu.items()]
        return [*whole, ("Semua posyandu satu desa", sets), ("Desa/kelurahan", desa),
                ("Posyandu", posyandu)]  # fmt: skip

    @property
    def note(self) -> str:
        """How long the largest set takes, when it is long."""
        number = len(self.posyandu)
        if number <= MANY:
            return ""
        return (
            f"Semua posyandu sekaligus: {number} lembar dalam satu PDF, kira-kira "
            f"{seconds_for(number)} detik (stiker {seconds_for(number, 'stiker')} detik). "
            "Tunggu sampai terbuka."
        )

    def chosen(self) -> dict[str, Any]:
        """The desa or posyandu chosen, as ``make_link`` takes them; neither for the kecamatan."""
        value = self.cleaned_data["place"]
        return {"desa": self.desa.get(value), "posyandu": self.posyandu.get(value)}

    @property
    def is_set(self) -> bool:
        return str(self.cleaned_data["place"]).split(":")[0] == ALL

    def set_desa(self) -> Region | None:
        """The desa of a set; None for the whole kecamatan."""
        return self.desa.get("desa:" + self.cleaned_data["place"].partition(":")[2])


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


class DesaSettingsForm(forms.Form):
    """Perkotaan or perdesaan of every desa, under its code with underscores."""

    def __init__(self, programme: Programme, data: Any = None) -> None:
        super().__init__(data)
        self.hide_optional = True
        self.desa = {desa.code.replace(".", "_"): desa for desa in programme.desa()}
        for name, desa in self.desa.items():
            self.fields[name] = forms.ChoiceField(
                label=desa.title, required=False, initial=desa.setting, widget=forms.RadioSelect,
                choices=Region.Setting.choices, error_messages={"invalid_choice": CHOOSE},
            )  # fmt: skip

    def wanted(self) -> dict[str, str]:
        """By code; a desa nobody chose for keeps what it has."""
        said = {self.desa[name].code: value for name, value in self.cleaned_data.items()}
        return {code: value for code, value in said.items() if value}


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
