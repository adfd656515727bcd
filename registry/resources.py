"""A pasted list of posyandu, read line by line: ``Nama posyandu; Desa; Puskesmas``.

The list never says more than these three words: code and programme are ours, so no line can
reach another programme's row (security.md §1.2).
"""

import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from import_export import fields, resources, widgets
from import_export.results import RowResult
from tablib import Dataset

from accounts.models import User, record
from regions.codes import new_code
from regions.models import Posyandu, Programme
from registry.names import clean_text
from registry.places import known_posyandu, posyandu_name

NAME, DESA, PUSKESMAS, LINE, MORE = "Nama posyandu", "Desa", "Puskesmas", "Baris", "Lebih"
HEADERS = (LINE, NAME, DESA, PUSKESMAS, MORE)
MAX_LINES = 500
MAX_LETTERS = 100


def lines_of(text: str) -> Dataset:
    """The lines of a pasted text as rows; a heading and empty lines are left out.

    Columns stand apart by a semicolon, by a tab (copied from a sheet), or else by a comma.
    """
    data = Dataset(headers=HEADERS)
    for number, line in enumerate(text.splitlines(), 1):
        apart = next((mark for mark in (";", "\t") if mark in line), ",")
        cells = [clean_text(cell) for cell in line.split(apart)]
        if any(cells) and cells[0].lower() not in {"nama posyandu", "nama", "posyandu"}:
            more = "".join(cells[3:])
            data.append([str(number), *[*cells, "", ""][:3], more])
    return data


def _key(name: str) -> str:
    """``Desa Karang Tengah`` and ``karangtengah`` are one place."""
    plain = re.sub(r"^(desa|ds|kelurahan|kel)\b\.?\s*", "", name.lower())
    return re.sub(r"[^a-z0-9]", "", plain)


class NameWidget(widgets.Widget):
    """The posyandu's own name."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        name = posyandu_name(value or "")
        if not name:
            raise ValueError("Tulis nama posyandunya.")
        if len(name) > MAX_LETTERS:
            raise ValueError(f"Nama terlalu panjang. Tulis paling banyak {MAX_LETTERS} huruf.")
        return name


class ByNameWidget(widgets.Widget):
    """A thing of this programme by the name people write."""

    def __init__(self, things: Any, told: str, empty: str = "") -> None:
        super().__init__()
        self.things = {_key(thing.name): thing for thing in things}
        self.told, self.empty = told, empty

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if not value:
            if self.empty:
                raise ValueError(self.empty)
            return None
        if _key(value) not in self.things:
            raise ValueError(f"{value} {self.told}")
        return self.things[_key(value)]


class PosyanduResource(resources.ModelResource):
    name = fields.Field(column_name=NAME, attribute="name", widget=NameWidget())
    desa = fields.Field(column_name=DESA, attribute="desa")
    # An empty third column changes nothing.
    puskesmas = fields.Field(column_name=PUSKESMAS, attribute="puskesmas", saves_null_values=False)

    class Meta:
        model = Posyandu
        fields = ("name", "desa", "puskesmas")
        import_id_fields = ("name", "desa")
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        use_transactions = True

    def __init__(self, programme: Programme) -> None:
        super().__init__()
        self.programme = programme
        place = f"Kecamatan {programme.kecamatan_name}"
        self.fields["desa"].widget = ByNameWidget(
            programme.desa(),
            f"bukan desa atau kelurahan di {place}. Periksa tulisannya.",
            "Tulis nama desa atau kelurahannya sesudah nama posyandu.",
        )
        puskesmas = list(programme.puskesmas.all())
        self.fields["puskesmas"].widget = ByNameWidget(
            puskesmas, f"tidak ada dalam daftar. Yang ada: {', '.join(map(str, puskesmas))}."
        )

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        if row[MORE]:
            raise ValidationError("Tulis tiga bagian saja: nama posyandu; desa; puskesmas.")

    def get_instance(self, instance_loader: Any, row: Any) -> Posyandu | None:
        """The posyandu this line is about; its name stays as it is."""
        desa = self.fields["desa"].widget.things.get(_key(row[DESA]))
        known = known_posyandu(desa, posyandu_name(row[NAME])) if desa else None
        if known:
            row[NAME] = known.name
        return known

    def import_field(self, field: Any, instance: Any, row: Any, *args: Any, **kwargs: Any) -> None:
        if field.attribute == "name" and instance.pk:
            return
        super().import_field(field, instance, row, *args, **kwargs)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance.programme = self.programme
        instance.code = instance.code or new_code()


@dataclass(frozen=True)
class PastedLine:
    """What becomes of one pasted line; ``problem`` is the sentence when nothing can."""

    line: str
    name: str
    desa: str
    puskesmas: str
    outcome: str
    problem: str


def read_list(user: User, programme: Programme, text: str, *, dry_run: bool) -> list[PastedLine]:
    """Read the pasted list. All its lines are stored, or, when one has a problem, none.

    A dry run stores nothing and says what would happen.
    """
    data = lines_of(text)
    with transaction.atomic():
        result = PosyanduResource(programme).import_data(
            data, dry_run=dry_run, rollback_on_validation_errors=True
        )
        lines = [_told(row, said) for row, said in zip(data.dict, result.rows, strict=True)]
        if not dry_run and not any(line.problem for line in lines):
            why = " ".join(f"{kind}={result.totals[kind]}" for kind in ("new", "update"))
            record(user, "paste_posyandu", programme=programme, why=why, action="manage_places")
    return lines


def _told(row: dict[str, str], said: RowResult) -> PastedLine:
    problem = ""
    if said.validation_error:
        problem = " ".join(said.validation_error.messages)
    elif said.errors:
        problem = "Baris ini tidak bisa dibaca. Periksa tulisannya."
    outcome = "" if problem else said.import_type
    return PastedLine(row[LINE], row[NAME], row[DESA], row[PUSKESMAS], outcome, problem)
