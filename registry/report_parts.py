"""The parts of a report as staff and kader see them: label, text, and what a tick opens.

A part is one answer that can be wrong by itself; an age and a birth date are one, an address with
its RT and RW too. Its key is what ``CorrectionLink.fields`` keeps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regions.models import Posyandu, Region
from regions.words import long_date, number
from registry import workflow
from registry.models import Child, Consent, Measurement, Submission
from registry.names import folded

DOCUMENT = "document"
NOTHING = "–"


@dataclass(frozen=True)
class Part:
    """One answer: its key, its label, and the form's fields it consists of."""

    key: str
    label: str
    fields: tuple[str, ...]


def _part(key: str, label: str, *others: str) -> Part:
    return Part(key, label, (key, *others))


PARTS = (
    _part("child_name", "Nama anak"),
    _part("sex", "Jenis kelamin"),
    _part("birth_date", "Tanggal lahir", "age_months"),
    _part("mother_name", "Nama ibu"),
    _part("father_name", "Nama ayah"),
    _part("parent_job", "Pekerjaan orang tua"),
    _part("address", "Alamat", "rt", "rw"),
    _part("posyandu", "Posyandu", "desa"),
    _part("weight_kg", "Berat"),
    _part("length_height_cm", "Panjang atau tinggi"),
    _part("measure", "Cara mengukur"),
    _part("measured_on", "Tanggal ukur"),
    _part("reason", "Alasan melapor"),
    _part("consent_giver", "Yang menyetujui"),
    _part("reporter_name", "Nama kader"),
    _part(DOCUMENT, "Foto KK atau akta"),
)
BY_KEY = {part.key: part for part in PARTS}
UNITS = {"weight_kg": " kg", "length_height_cm": " cm"}
CHOICES = {"sex": Child.Sex, "measure": Measurement.Posture, "consent_giver": Consent.Giver}


def chosen(keys: Iterable[str]) -> list[Part]:
    """The parts of these keys, in the order of the form; what is no key is left out."""
    wanted = set(keys)
    return [part for part in PARTS if part.key in wanted]


def named(keys: Iterable[str]) -> str:
    """``berat, tanggal lahir``: for a sentence; never what was typed."""
    small = (p.label if p.key == DOCUMENT else p.label.lower() for p in chosen(keys))
    return ", ".join(small).replace("Foto KK", "foto KK")


def rows(submission: Submission) -> list[dict[str, Any]]:
    """``[{part, text, strange}]``: what the report says; ``strange``: letters of another script.

    The posyandu stands there only where the kader chose it.
    """
    values, found = _plain(submission), []
    for part in PARTS[:-1]:
        if part.key == "posyandu" and submission.link and submission.link.posyandu_id:
            continue
        text = text_of(part, values)
        plain = folded(text)
        found.append({"part": part, "text": text, "strange": plain if plain != text else ""})
    return found


def changes(submission: Submission) -> list[dict[str, Any]]:
    """``[{at, rows: [(label, old, new)]}]``, the newest correction first."""
    versions = list(submission.versions.all())
    after = [version.answers for version in versions[1:]] + [_plain(submission)]
    told = []
    for version, new in zip(versions, after, strict=False):  # no version, no change
        pairs = [(p.label, _told(p, version.answers), _told(p, new)) for p in PARTS[:-1]]
        changed = [pair for pair in pairs if pair[1] != pair[2]]
        told.append({"at": version.replaced_at, "rows": changed})
    return told[::-1]


def _told(part: Part, values: Mapping[str, str]) -> str:
    """The text, with a word where it only looks like another."""
    text = text_of(part, values)
    return text if folded(text) == text else f"{text} (huruf asing)"


def _plain(submission: Submission) -> dict[str, str]:
    """The present answers, kept as a version keeps them."""
    return workflow.plain_answers(submission)


def text_of(part: Part, values: Mapping[str, str]) -> str:
    """What the answers (as a version keeps them) say for this part, in words."""
    text = values.get(part.key, "")
    if part.key == "posyandu":
        return _place(values)
    if part.key == "birth_date" and not text:
        months = values.get("age_months")
        return f"umur {months} bulan" if months else NOTHING
    if part.key == "address":
        text += "".join(f", {n.upper()} {values[n]}" for n in ("rt", "rw") if values.get(n))
    if not text:
        return NOTHING
    if part.key in CHOICES:
        return str(CHOICES[part.key](text).label)
    if part.key in UNITS:
        return number(Decimal(text)) + UNITS[part.key]
    return long_date(date.fromisoformat(text)) if part.key.endswith(("_date", "_on")) else text


def _place(values: Mapping[str, str]) -> str:
    desa = Region.objects.filter(code=values.get("desa") or "-").first()
    posyandu = Posyandu.objects.filter(code=values.get("posyandu") or "-").first()
    return ", ".join([*([posyandu.name] if posyandu else []), *([desa.title] if desa else [])])
