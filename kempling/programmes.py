"""A programme is data: read ``programmes/<code>.toml`` into the tables it belongs to.

Loading adds what is missing and follows the file where nobody touched the value since the last
load; what staff changed in the portal stays, unless ``force`` is given. Twice changes nothing.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.roles import Role
from growth import kbm
from interventions.models import Partner
from regions import links
from regions.models import ZONE_LABELS, Programme, Puskesmas, Region
from regions.paper import COLOUR
from registry.standards import LIMITS
from sop.models import SopStep

FOLDER = settings.BASE_DIR / "programmes"
PLAIN = (
    "short_name", "name", "guideline_number", "colour_brand", "colour_accent", "logo",
    "timezone_name",
)  # fmt: skip
TABLES = ("letterhead", "contacts", "texts", "settings")
ROWS = {
    "sop": ("number", "activity", "output", "actors"),
    "puskesmas": ("name",),
    "partners": ("name", "kind"),
}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def load_regions(path: Path = FOLDER / "wilayah.csv") -> None:
    """Add or rename the official region codes of the file; nothing is deleted."""
    known = {region.code: region for region in Region.objects.all()}
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row["name"] for row in csv.DictReader(file)}
    Region.objects.bulk_create(
        Region(code=code, name=name, level=code.count(".") + 1)
        for code, name in rows.items()
        if code not in known
    )
    for code, region in known.items():
        if rows.get(code, region.name) != region.name:
            region.name = rows[code]
            region.save(update_fields=["name"])


def load(path: Path, *, force: bool = False) -> Programme:
    """Load one programme file.

    Raises ValidationError with one sentence when the file is not a programme.
    """
    data = _read(path)
    with transaction.atomic():
        load_regions()
        region = _kecamatan(path, data)
        programme, _ = Programme.objects.get_or_create(
            code=data["code"], defaults={"region": region}
        )
        _plain_values(programme, data, force)
        _tables(programme, data, force)
        _sop_rows(programme, data, force)
        _others(programme, data)
        programme.loaded = data
        programme.save()
        links.make(programme)
    return programme


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValidationError(f"{path}: cannot be read as a programme file ({error}).") from error
    missing = [key for key in ("code", "short_name", "name", "region") if not data.get(key)]
    if missing:
        raise ValidationError(f"{path.name}: {', '.join(missing)} is missing.")
    for problem in (*_wrong_values(data), *_wrong_settings(data), *_wrong_rows(data)):
        raise ValidationError(f"{path.name}: {problem}.")
    return data


def _wrong_values(data: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the values of the programme itself, each as a sentence without its end."""
    if not CODE.fullmatch(str(data["code"])):
        yield f"code {data['code']!r} is more than small letters, digits and dashes"
    for key in PLAIN:
        if not isinstance(data.get(key, ""), str):
            yield f"{key} is no text"
    for key in ("colour_brand", "colour_accent"):
        if key in data and not COLOUR.fullmatch(data[key]):
            yield f"{key} is no colour like #0f6b4f"
    if data.get("timezone_name", "Asia/Jakarta") not in ZONE_LABELS:
        yield f"timezone_name is none of {', '.join(ZONE_LABELS)}"
    for key in TABLES:
        if not isinstance(data.get(key, {}), dict):
            yield f"{key} is no table"


def _wrong_settings(data: dict[str, Any]) -> Iterator[str]:
    """The limits and KBM tables of the file, held to what the portal's own forms take."""
    given = data.get("settings", {})
    given = given if isinstance(given, dict) else {}
    for row in LIMITS:
        value = given.get(row.key, row.default)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number and row.low <= value <= row.high):
            yield f"settings.{row.key} is no number from {row.low} to {row.high}"
    if not isinstance(given.get("ask_resident", False), bool):
        yield "settings.ask_resident is neither true nor false"
    versions = given.get("kbm", [])
    if not isinstance(versions, list):
        yield "settings.kbm is no list of tables"
        return
    for version in versions:
        for problem in kbm.problems(version):
            yield f"settings.kbm: {problem.rstrip('.')}"


def _wrong_rows(data: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the rows of the sheet, the puskesmas and the partners."""
    for name, keys in ROWS.items():
        for place, row in enumerate(data.get(name, []), 1):
            missing = [key for key in keys if not row.get(key)]
            if missing:
                yield f"{name} {place} has no {', '.join(missing)}"
    for row in data.get("sop", []):
        if set(row.get("actors", [])) - set(Role.values):
            yield f"SOP row {row.get('number')} names no known actor"
    for row in data.get("partners", []):
        if row.get("kind") not in Partner.Kind.values:
            yield f"partner {row.get('name')} is none of {', '.join(Partner.Kind.values)}"


def _kecamatan(path: Path, data: dict[str, Any]) -> Region:
    """The programme's kecamatan: a known one, no other programme's, and never another one."""
    found = Region.objects.filter(code=data["region"], level=Region.Level.KECAMATAN).first()
    if found is None:
        raise ValidationError(
            f"{path.name}: region {data['region']} is no kecamatan of wilayah.csv."
        )
    there = Programme.objects.filter(region=found).exclude(code=data["code"]).first()
    if there:
        raise ValidationError(f"{path.name}: {found.name} has its programme already, {there}.")
    if Programme.objects.filter(code=data["code"]).exclude(region=found).exists():
        raise ValidationError(f"{path.name}: {data['code']} belongs to another kecamatan.")
    return found


def _untouched(now: Any, last: Any, fresh: bool, force: bool) -> bool:
    """Whether the file may write here: nobody changed the value since it last did."""
    return force or fresh or now == last


def _plain_values(programme: Programme, data: dict[str, Any], force: bool) -> None:
    last = programme.loaded
    for key in PLAIN:
        if key in data and _untouched(getattr(programme, key), last.get(key), not last, force):
            setattr(programme, key, data[key])


def _tables(programme: Programme, data: dict[str, Any], force: bool) -> None:
    for table in TABLES:
        now, last = getattr(programme, table), programme.loaded.get(table, {})
        for key, value in data.get(table, {}).items():
            if _untouched(now.get(key), last.get(key), key not in now, force):
                now[key] = value


def _sop_rows(programme: Programme, data: dict[str, Any], force: bool) -> None:
    last = {row["number"]: _sop_values(row) for row in programme.loaded.get("sop", [])}
    known = {step.number: step for step in SopStep.objects.filter(programme=programme)}
    for row in data.get("sop", []):
        values, step = _sop_values(row), known.get(row["number"])
        if step is None:
            SopStep.objects.create(programme=programme, number=row["number"], **values)
            continue
        for name, value in values.items():
            before = last.get(row["number"], {}).get(name)
            if _untouched(getattr(step, name), before, False, force):
                setattr(step, name, value)
        step.save()


def _sop_values(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "activity": row["activity"],
        "completeness": row.get("completeness", ""),
        "standard_minutes": row.get("standard_minutes"),
        "is_daily": row.get("daily", False),
        "output": row["output"],
        "actors": row["actors"],
        "is_derived": row.get("derived", False),
    }


def _others(programme: Programme, data: dict[str, Any]) -> None:
    """Puskesmas and partners: names only, so there is nothing to overwrite."""
    for row in data.get("puskesmas", []):
        Puskesmas.objects.get_or_create(programme=programme, name=row["name"])
    for row in data.get("partners", []):
        Partner.objects.get_or_create(
            programme=programme, name=row["name"], defaults={"kind": row["kind"]}
        )
