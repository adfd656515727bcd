"""Numbers as lists write them: a comma or a point, with or without a unit.

A value that only another unit explains is asked back with what was probably meant, never
converted; but a birth weight of 500 and more is in grams, as its column is used (domain.md §6.2).
"""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from growth.words import number
from registry.imports.cells import NOTHING, Said, filled, quoted
from registry.imports.sheet import Cell

BIRTH_GRAMS = range(300, 7001)  # as the form for a child has it (registry/forms/people.py)
BIRTH_CM = (20, 65)
GRAMS_FROM = 500
WEEKS = range(20, 45)
BIRTH_ORDERS = range(1, 21)

_SHAPE = re.compile(r"[+-]?[0-9]{1,7}(?:[.,][0-9]{1,9})?")
_UNIT = re.compile(r"\s*(?:kg|kilogram|kilo|gram|gr|g|cm|sentimeter|mm|m|minggu|mgg)\.?$", re.I)
_NO_NUMBER = "{} bukan angka. Tulis misalnya {}."


def read_decimal(cell: Cell, example: str = "8,4") -> Said:
    """The number, exactly as written; a number cell without the dust of binary fractions."""
    if isinstance(cell, float):
        if not math.isfinite(cell) or abs(cell) > 10**9:
            return Said(problem=_NO_NUMBER.format(quoted(str(cell)), example))
        return Said(_plain(Decimal(f"{cell:.6f}")))
    text = filled(cell)
    if not text:
        return NOTHING
    bare = _UNIT.sub("", text.replace("\u2212", "-"))
    if not _SHAPE.fullmatch(bare):
        return Said(problem=_NO_NUMBER.format(quoted(text), example))
    return Said(_plain(Decimal(bare.replace(",", "."))))


def _plain(value: Decimal) -> Decimal:
    """Without zeros at its end, and without an exponent."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def read_measured(cell: Cell, places: int = 2) -> Said:
    """A weight or length. 0 is "not measured"; more decimals than a scale has are asked back."""
    said = read_decimal(cell)
    value = said.value
    if value is None:
        return said
    if value == 0:
        return Said(note="0 dibaca sebagai belum diukur.")
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if rounded != value:
        meant = number(float(rounded))
        return Said(ask=f"{_typed(value)} terlalu teliti. Apakah maksudnya {meant}?")
    return said


def read_lila(cell: Cell) -> Said:
    return read_measured(cell, 1)


def read_birth_weight(cell: Cell) -> Said:
    """Whole grams, from kilograms (``3,1``) or, from 500 on, from grams (``3100``)."""
    said = read_decimal(cell, "3,1")
    value = said.value
    if value is None:
        return said
    if value == 0:
        return Said(note="0 dibaca sebagai tidak diketahui.")
    grams = value if value >= GRAMS_FROM else value * 1000
    if grams == int(grams) and int(grams) in BIRTH_GRAMS:
        note = f"{_typed(value)} dibaca sebagai gram." if value >= GRAMS_FROM else ""
        return Said(int(grams), note=note)
    guess = next((g for g in (grams / 10, grams / 100) if g in BIRTH_GRAMS), None)
    if guess is None:
        return Said(problem=f"{_typed(value)} tidak mungkin. Tulis dalam kilogram, misalnya 3,1.")
    return Said(ask=f"{_typed(value)} tidak mungkin. Apakah maksudnya {_kilos(guess)} kg?")


def read_birth_length(cell: Cell) -> Said:
    """Centimetres with one decimal."""
    value = read_decimal(cell).value
    if not value or BIRTH_CM[0] <= value <= BIRTH_CM[1]:
        return read_measured(cell, 1)
    for guess in (value * 100, value / 10, value * 10):
        if BIRTH_CM[0] <= guess <= BIRTH_CM[1]:
            meant = number(float(guess))
            return Said(ask=f"{_typed(value)} tidak mungkin. Apakah maksudnya {meant} cm?")
    return Said(problem=f"{_typed(value)} tidak mungkin. Tulis dalam sentimeter, misalnya 48,5.")


def read_weeks(cell: Cell) -> Said:
    return _whole(cell, WEEKS)


def read_birth_order(cell: Cell) -> Said:
    return _whole(cell, BIRTH_ORDERS)


def _whole(cell: Cell, allowed: range) -> Said:
    """A number beside the point of the list: what cannot be read is left out, with a note."""
    text = re.sub(r"[^0-9.,]", "", filled(cell))
    value = read_decimal(text).value if text else None
    if value is not None and value in allowed:
        return Said(int(value))
    return Said(note=f"{quoted(filled(cell))} dilewati.") if filled(cell) else NOTHING


def _typed(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")


def _kilos(grams: Decimal) -> str:
    return number(float(grams) / 1000)
