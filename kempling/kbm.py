"""The programme's own KBM tables: entered with source and first day, withdrawn before that day.

A version begins tomorrow at the earliest: a visit keeps the table of its day, so a table begun
today or before would change the N or T of children who were already weighed under it. For the
same reason a version that has begun stays; a newer one replaces it.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import record
from accounts.transitions import Refused
from growth.kbm import DEFAULT, LEAST_G, MONTHS, MOST_G, Table, in_force, problems, tables
from regions.models import Programme
from regions.words import long_date, number
from registry.fields import NameField, ThreeBoxDateField, WholeNumberField

KEY = "kbm"  # in Programme.settings: a list of versions as growth.kbm.in_force reads them
SEXES = (("L", "Laki-laki"), ("P", "Perempuan"))
# Ages reached in months, as the rows of the KMS table stand (domain.md §1.7).
BANDS = (*((month, month) for month in range(1, 8)), (8, 10), (11, 11), (12, MONTHS))
AHEAD = timedelta(days=731)  # who plans further has mistyped the year


class GramsField(WholeNumberField):
    """Whole grams between the bounds; ``1.000`` is a thousand."""

    def __init__(self, **kwargs: Any) -> None:
        told = f"Tulis gram, bilangan bulat dari {number(LEAST_G)} sampai {number(MOST_G)}."
        messages = {"invalid": told, "min_value": told, "max_value": told, "required": told}
        super().__init__(
            min_value=LEAST_G, max_value=MOST_G, error_messages=messages,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 5}),
            **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        return super().to_python(re.sub(r"^(\d)\.(\d{3})$", r"\1\2", text, flags=re.ASCII))


class KbmForm(forms.Form):
    """A new version: first day, source, grams for each band and sex (``L1`` … ``P12``)."""

    since = ThreeBoxDateField(label="Berlaku mulai", help_text="Paling cepat besok.")
    source = NameField(
        label="Sumber", max_length=200, help_text="Misalnya judul buku, tahun, dan halamannya.",
        error_messages={"required": "Tulis sumber tabel ini."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        self.programme, self.today = programme, programme.today()
        now = in_force(versions(programme), self.today)
        present = {f"{s}{first}": now.grams(s, first) for s, _ in SEXES for first, _ in BANDS}
        super().__init__(data, initial={"since": self._free_month()} | present)
        for sex, label in SEXES:
            for band in BANDS:
                shown = f"{label}, {band_words(band)} bulan, gram"
                self.fields[f"{sex}{band[0]}"] = GramsField(label=shown)

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """``[("8–10", boys' box, girls' box), …]``."""
        return [(band_words(band), self[f"L{band[0]}"], self[f"P{band[0]}"]) for band in BANDS]

    def _free_month(self) -> date:
        """The first of the next month at which no version begins yet."""
        taken, first = {one["from"] for one in versions(self.programme)}, self.today
        while first <= self.today or str(first) in taken:
            first = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return first

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since <= self.today:
            raise ValidationError(
                "Pilih hari sesudah hari ini, supaya anak yang sudah ditimbang tidak berubah."
            )
        if since > self.today + AHEAD:
            raise ValidationError("Tanggal ini lebih dari dua tahun lagi. Periksa tahunnya.")
        if str(since) in [version["from"] for version in versions(self.programme)]:
            raise ValidationError(_taken(since))
        return since

    def version(self) -> dict[str, Any]:
        """The valid form as a version, each band spread over its months."""
        data = self.cleaned_data
        spread = {
            sex: [data[f"{sex}{low}"] for low, high in BANDS for _ in range(low, high + 1)]
            for sex, _ in SEXES
        }
        return {"from": str(data["since"]), "source": data["source"], **spread}


def versions(programme: Programme) -> list[dict[str, Any]]:
    """The sound versions the programme entered, as stored."""
    return [one for one in programme.settings.get(KEY) or [] if not problems(one)]


def add(user: Any, programme: Programme, version: dict[str, Any]) -> None:
    """Keep a new version. Raises Refused when another begins on that day."""
    if problems(version):
        raise Refused(" ".join(problems(version)))

    def added(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if version["from"] in [other["from"] for other in known]:
            raise Refused(_taken(date.fromisoformat(version["from"])))
        return sorted([*known, version], key=lambda one: str(one["from"]))

    _change(user, programme, added)


def withdraw(user: Any, programme: Programme, since: str) -> None:
    """Take back a version that has not begun. Raises Refused when it has, or is not there."""

    def without(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
        rest = [one for one in known if one["from"] != since]
        if len(rest) == len(known):
            raise Refused("Tabel ini sudah ditarik. Muat ulang halaman.")
        if since <= str(programme.today()):
            raise Refused("Tabel ini sudah berlaku. Tambahkan tabel baru untuk menggantinya.")
        return rest

    _change(user, programme, without)


def shown(programme: Programme) -> dict[str, Any]:
    """Every version and the default, newest first, each with its state."""
    today = programme.today()
    known = tables(versions(programme))
    now = in_force(versions(programme), today)
    return {"history": [_told(table, now, today) for table in (*reversed(known), DEFAULT)]}


def in_one_line(programme: Programme) -> str:
    """What the settings page says of the KBM table."""
    now = in_force(versions(programme), programme.today())
    if now is DEFAULT:
        return f"Bawaan: {now.source}."
    return f"Berbeda dari bawaan sejak {long_date(now.since)}: {now.source}."


def band_rows(table: Table) -> list[tuple[str, int | None, int | None]]:
    """``[("8–10", boys' grams, girls' grams), …]``."""
    return [(band_words(b), table.grams("L", b[0]), table.grams("P", b[0])) for b in BANDS]


def band_words(band: tuple[int, int]) -> str:
    low, high = band
    return str(low) if low == high else f"{low}–{high}"


def _told(table: Table, now: Table, today: date) -> dict[str, Any]:
    coming = table.since > today and table is not DEFAULT
    words = "Berlaku" if table is now else "Belum berlaku" if coming else "Sudah diganti"
    return {
        "since": table.since, "source": table.source, "state": words, "coming": coming,
        "tone": {"Berlaku": "hijau", "Belum berlaku": "biru"}.get(words, "netral"),
        "is_default": table is DEFAULT, "rows": band_rows(table),
    }  # fmt: skip


def _change(user: Any, programme: Programme, how: Callable[..., list[dict[str, Any]]]) -> None:
    with transaction.atomic():
        kept = Programme.objects.select_for_update().get(pk=programme.pk)
        kept.settings[KEY] = how(versions(kept))
        kept.save(update_fields=["settings"])
        record(user, "change_programme", kept, fields=[KEY], action="manage_programme")


def _taken(since: date) -> str:
    return (
        f"Sudah ada tabel yang berlaku mulai {long_date(since)}. Pilih hari lain, atau tarik dulu."
    )
