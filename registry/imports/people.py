"""Who people are: NIK and KK, both parents in one cell, phone numbers."""

import re

from django.core.exceptions import ValidationError

from registry.identity import SHAPE, clean_nik, clean_number
from registry.imports.cells import NOTHING, Said, filled, quoted
from registry.imports.sheet import Cell
from registry.names import clean_text

FROM_NUMBER = "ada di sel angka, yang membulatkan angka terakhirnya. Tidak dipakai."
MASKED = "tertutup (bertanda bintang). Tidak dipakai."
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?e\+?[0-9]+", re.IGNORECASE)
_WRAPPED = re.compile(r"=?[\"'`’‘]+|[\"'`’‘]+$")  # '3302… and ="3302…", to keep it a text
_COVERED = re.compile(r"[*•●×#]|(?<=[0-9])[xX]{2,}|[xX]{2,}(?=[0-9])")


def read_nik(cell: Cell) -> Said:
    return _identity(cell, "NIK")


def read_kk(cell: Cell) -> Said:
    return _identity(cell, "Nomor KK")


def _identity(cell: Cell, what: str) -> Said:
    """16 digits, or nothing and a note where the list has only part of them. Never a guess."""
    if isinstance(cell, float):
        return Said(note=FROM_NUMBER) if cell else NOTHING
    text = cell if isinstance(cell, str) and SHAPE.fullmatch(cell) else _unwrapped(cell)
    if not text or not text.strip("0 "):
        return NOTHING
    if _COVERED.search(text):
        return Said(note=MASKED)
    if _SCIENTIFIC.fullmatch(text):
        return Said(note=FROM_NUMBER)
    try:
        return Said(clean_nik(text) if what == "NIK" else clean_number(text, what))
    except ValidationError as error:
        return Said(problem=error.messages[0])


def _unwrapped(cell: Cell) -> str:
    return _WRAPPED.sub("", filled(cell).lstrip("=")).strip()


def read_phone(cell: Cell) -> Said:
    """As written; the 0 that a number loses at its beginning is given back."""
    text = filled(cell).lstrip("'")
    if re.fullmatch(r"8[0-9]{8,11}", text, re.ASCII):
        text = f"0{text}"
    digits = re.sub(r"[^0-9]", "", text)
    if not text or 8 <= len(digits) <= 15 and len(text) <= 20:
        return Said(text or None)
    return Said(note=f"{quoted(text)} bukan nomor HP. Dilewati.")


# --- Both parents in one cell --------------------------------------------------------------------

_BETWEEN = [
    re.compile(mark, re.IGNORECASE)
    for mark in (r"\s*/\s*", r"\s*&\s*", r"\s+dan\s+", r"\s+[-–]\s+", r"\s*,\s*")
]
_TITLE_AFTER = re.compile(
    r"(?:[A-Z][A-Za-z]{0,4}\.){1,3}[A-Za-z]{0,6}|S[EHT]|MM|Amd", re.IGNORECASE
)
_FATHER = re.compile(r"^(?:bapak|bpk|bp|tn|tuan|ayah)\b|\((?:ayah|bapak)\)$", re.I)
_MOTHER = re.compile(r"^(?:ibu|ny|nyonya|bu|mama|ummi)\b|\(ibu\)$", re.I)
_WHO = re.compile(r"^(?:ibu|ayah|bapak)\s*:\s*|\s*\((?:ibu|ayah|bapak)\)$", re.I)


def read_parents(cell: Cell) -> Said:
    """Two names, the father first, unless what stands before them says otherwise."""
    return _parents(cell, ("father_name", "mother_name"))


def read_parents_mother_first(cell: Cell) -> Said:
    return _parents(cell, ("mother_name", "father_name"))


def _parents(cell: Cell, order: tuple[str, str]) -> Said:
    text = filled(cell)
    if not text:
        return NOTHING
    names = _two_names(text)
    said = [_who(name) for name in names]
    if len(names) == 1 and said[0]:
        return Said({said[0]: _bare(names[0])})
    if len(names) != 2:
        return Said({"parent_name": text[:120]}, note="belum jelas siapa ayah dan siapa ibu.")
    if said[0] and said[0] == said[1]:
        said = ["", ""]
    if said[0] and said[0] == order[1] or said[1] and said[1] == order[0]:
        order = (order[1], order[0])
    found = {who: _bare(name) for who, name in zip(order, names, strict=True)}
    return Said({who: name for who, name in found.items() if name})


def _two_names(text: str) -> list[str]:
    """The names on both sides of the plainest mark between them; the text alone without one."""
    for mark in _BETWEEN:
        parts = [part for part in mark.split(text) if part]
        if mark == _BETWEEN[-1]:  # "Siti Aminah, S.Pd" is one name
            parts = [part for part in parts if not _TITLE_AFTER.fullmatch(part)]
        if len(parts) == 2:
            names = [filled(part) for part in parts]
            return names if any(names) else [text]
    return [text]


def _who(name: str) -> str:
    if _MOTHER.search(name):
        return "mother_name"
    return "father_name" if _FATHER.search(name) else ""


def _bare(name: str) -> str:
    """Without ``(ibu)`` or ``Ayah:``; a title stays, it may belong to the name."""
    plain = name.isascii() and ":" not in name and "(" not in name
    return (name if plain else clean_text(_WHO.sub("", name)))[:120]
