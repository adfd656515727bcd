"""Which column of a list is which of ours: suggested, corrected by a person, remembered.

``Import.columns`` keeps it: ``labels`` of the list, ``map`` (column index → our column),
``samples`` of what stands below, ``place`` (desa, posyandu) for lists that name none, ``notes``
about the file, ``sheet`` and ``data_date``.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from regions.models import Programme
from registry.identity import masked
from registry.imports import layouts
from registry.imports.cells import text_of
from registry.imports.labels import CHILD_FIELDS, FIELDS
from registry.imports.layouts import AGES, Header, fingerprint
from registry.imports.sheet import Row, Sheet, TooLong
from registry.models import Import, ImportLayout

SAMPLES, LETTERS = 3, 40
# As Import.layout: rows are reports of kader, not children; a list of no known layout.
REPORTS, OTHER = "laporan", "daftar"
_LONG_NUMBER = re.compile(r"\d{12,}")
NEEDS_NAME = "Pilih kolom mana yang berisi nama anak."
NEEDS_BIRTH = "Pilih kolom tanggal lahir atau umur, atau kolom NIK untuk anak yang sudah tercatat."


def read_columns(programme: Programme, sheet: Sheet, header: Header) -> dict[str, Any]:
    """What ``Import.columns`` begins with: as the same header was mapped last, else suggested."""
    known = ImportLayout.objects.filter(
        programme=programme, header_hash=fingerprint(header.labels)
    ).first()
    suggested = {str(at): name for at, name in layouts.suggest(header.labels).items()}
    below = sheet.rows[header.row_number : header.row_number + 60]
    return {
        "labels": header.labels,
        "map": _valid(known.columns.get("map", {}), header) if known else suggested,
        "remembered": known is not None,
        "samples": [_samples(below, at) for at in range(len(header.labels))],
        "place": known.columns.get("place", {}) if known else {},
        "notes": [*sheet.notes, *layouts.refused(header.labels)],
        "sheet": sheet.name,
        "sheets": [sheet.name, *sheet.others] if sheet.others else [],
        "data_date": str(header.data_date or ""),
    }


def _valid(kept: dict[str, str], header: Header) -> dict[str, str]:
    return {at: name for at, name in kept.items()
            if name in FIELDS and int(at) < len(header.labels)}  # fmt: skip


def _samples(rows: Sequence[Row], at: int) -> list[str]:
    """What stands in a column, for a person to know it by; long numbers masked."""
    texts = (shown(row[at]) for row in rows if at < len(row))
    return list(dict.fromkeys(text for text in texts if text))[:SAMPLES]


def shown(cell: Any) -> str:
    """A cell as it may be shown or kept: no NIK or KK number in full."""
    if isinstance(cell, TooLong):
        return f"({cell.letters} huruf)"
    text = text_of(cell)
    text = _LONG_NUMBER.sub(lambda found: masked(found[0]), text)
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def columns_of(source: Import) -> dict[int, str]:
    """Column index → our column, as a person has confirmed it."""
    return {int(at): name for at, name in source.columns["map"].items()}


def data_date_of(source: Import) -> date | None:
    said = source.columns.get("data_date")
    return date.fromisoformat(said) if said else None


def problems(columns: dict[int, str]) -> list[str]:
    """What a mapping lacks, as sentences."""
    names = set(columns.values())
    found = [] if "child_name" in names else [NEEDS_NAME]
    if not names & {"birth_date", *AGES, "nik"}:
        found.append(NEEDS_BIRTH)
    single = [name for name in names
              if name in CHILD_FIELDS and list(columns.values()).count(name) > 1]  # fmt: skip
    return found + [f"{FIELDS[name]} dipilih untuk lebih dari satu kolom." for name in single]


def remember(source: Import) -> None:
    """Keep the mapping for the next list with this header."""
    ImportLayout.objects.update_or_create(
        programme=source.programme,
        header_hash=fingerprint(source.columns["labels"]),
        defaults={
            "columns": {name: source.columns[name] for name in ("map", "place")},
            "used_at": timezone.now(),
        },
    )


def note_passed(source: Import, notes: list[str]) -> None:
    """Keep which rows of the list were passed over: totals, blanks, second headers."""
    source.columns = source.columns | {"passed": notes}
    Import.objects.filter(pk=source.pk).update(columns=source.columns)


def is_of_reports(columns: dict[int, str]) -> bool:
    """Whether the rows are reports of kader (a Google Form), which still need verifying."""
    return "reporter_name" in columns.values()
