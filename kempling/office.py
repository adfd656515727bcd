"""The programme as the office may change it: letterhead, contacts, hours, paper, PMT lengths.

What is changed here stays when the programme's file is loaded again (``kempling/programmes.py``).
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import record
from interventions.models import PmtEpisode
from regions.models import Programme
from registry.families import residents
from registry.fields import NameField, WholeNumberField
from reports.workflow import NUMBER_PLACE

# column, key, label, longest
TEXTS = (
    ("letterhead", "government", "Pemerintah daerah pada kop", 120),
    ("letterhead", "office", "Nama kantor pada kop", 120),
    ("letterhead", "address", "Alamat pada kop", 200),
    ("letterhead", "post_code", "Kode pos", 10),
    ("letterhead", "phone", "Telepon pada kop", 40),
    ("letterhead", "place", "Tempat penandatanganan", 60),
    ("letterhead", "signatory", "Jabatan penanda tangan", 80),
    ("contacts", "whatsapp", "WhatsApp di halaman publik", 40),
    ("contacts", "phone", "Telepon di halaman publik", 40),
    ("contacts", "email", "Email di halaman publik", 120),
    ("contacts", "instagram", "Instagram", 60),
    ("contacts", "address", "Alamat di halaman publik", 200),
)
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
DAYS = [(n, day) for n, day in enumerate(("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"))]


class OfficeForm(forms.Form):
    """One field per value; the name is ``column-key``."""

    paper = forms.ChoiceField(
        label="Kertas",
        choices=[("F4", "F4 (215 × 330 mm)"), ("A4", "A4")],
        widget=forms.RadioSelect,
    )
    work_start = NameField(label="Jam kerja mulai", max_length=5, help_text="Misalnya 07:30.")
    work_end = NameField(label="Jam kerja selesai", max_length=5, help_text="Misalnya 16:00.")
    work_days = forms.TypedMultipleChoiceField(
        label="Hari kerja", choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    ask_resident = forms.BooleanField(
        label="Tanyakan apakah keluarga warga kecamatan", required=False,
        help_text="Ditanyakan kepada petugas, bukan kepada kader. Yang bukan warga perlu alasan.",
    )  # fmt: skip
    report_number_format = NameField(
        label="Bentuk nomor laporan", max_length=80,
        help_text="{sequence:03d} diganti nomor urut, {year} diganti tahun.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        super().__init__(data, initial=values_of(programme))
        self.hide_optional = True
        for column, key, label, longest in TEXTS:
            self.fields[f"{column}-{key}"] = NameField(
                label=label, max_length=longest, required=False
            )
        for indication, label in PmtEpisode.Indication.choices:
            shown = f"PMT {label[:1].lower()}{label[1:]}"
            field = WholeNumberField(label=shown, min_value=1, max_value=365)
            field.unit = "hari"  # type: ignore[attr-defined]
            self.fields[f"settings-pmt_days_{indication}"] = field

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in the order an office thinks of them, each group under its heading."""
        groups = {"letterhead": "Kop surat", "contacts": "Kontak di halaman publik",
                  "settings": "Lama PMT menurut alasan", "ask": "Syarat peserta",
                  "work": "Jam kerja", "": "Kertas dan nomor laporan"}  # fmt: skip
        found: dict[str, list[forms.BoundField]] = {title: [] for title in groups.values()}
        for field in self:
            column = field.name.split("-")[0] if "-" in field.name else ""
            first = field.name.partition("_")[0]
            found[groups[first if first in ("work", "ask") else column]].append(field)
        return list(found.items())

    def clean_work_start(self) -> str:
        return _clock(self.cleaned_data["work_start"])

    def clean_work_end(self) -> str:
        return _clock(self.cleaned_data["work_end"])

    def clean_report_number_format(self) -> str:
        """Only the places a number is filled into; never str.format on what somebody typed."""
        pattern: str = self.cleaned_data["report_number_format"]
        if set("{}") & set(NUMBER_PLACE.sub("", pattern)):
            raise ValidationError(
                "Pakai hanya {sequence:03d}, {month}, dan {year}, "
                "misalnya 440/{sequence:03d}/{year}."
            )
        return pattern

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("work_start"), data.get("work_end")
        if start and end and start >= end:
            self.add_error("work_end", "Jam selesai harus sesudah jam mulai.")
        return data


def values_of(programme: Programme) -> dict[str, Any]:
    """The present values under the form's field names."""
    found = {f"{c}-{k}": getattr(programme, c).get(k, "") for c, k, _, _ in TEXTS}
    found |= {f"settings-{k}": v for k, v in programme.settings.items() if k.startswith("pmt_days")}
    found[residents.KEY] = residents.asks(programme)
    own = ("paper", "work_start", "work_end", "work_days", "report_number_format")
    return found | {name: programme.settings.get(name) for name in own}


def change(user: Any, programme: Programme, given: dict[str, Any]) -> list[str]:
    """Write what differs; returns the names of the changed values. One event, names only."""
    before = values_of(programme)
    changed = [name for name, value in given.items() if value != before.get(name)]
    if not changed:
        return []
    with transaction.atomic():
        kept = Programme.objects.select_for_update().get(pk=programme.pk)
        for name in changed:
            column, _, key = name.rpartition("-")
            getattr(kept, column or "settings")[key] = given[name]
        kept.save(update_fields=["letterhead", "contacts", "settings"])
        record(user, "change_programme", kept, fields=changed, action="manage_programme")
    return changed


def _clock(typed: str) -> str:
    text = typed.replace(".", ":")
    text = f"0{text}" if len(text) == 4 else text
    if not CLOCK.fullmatch(text):
        raise ValidationError("Tulis jam seperti 07:30.")
    return text
