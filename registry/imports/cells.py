"""One cell: what it says, or why that cannot be taken. Nothing is converted without a word."""

import re
from typing import Any, NamedTuple

from registry.imports.sheet import Cell
from registry.names import clean_text


class Said(NamedTuple):
    """What a cell was read as. A ``problem`` refuses it, an ``ask`` waits for an answer (no value
    until then), a ``note`` only tells how it was read."""

    value: Any = None
    problem: str = ""
    ask: str = ""
    note: str = ""


NOTHING = Said()
# What people write where there is nothing.
_EMPTY = frozenset(
    ("", "-", "--", "---", "–", "—", ".", "..", "...", "/", "?", "x", "n/a", "na", "#n/a", "null",
     "none", "nan", "nil", "kosong", "tidak ada", "tdk ada", "belum ada", "belum punya",
     "tidak punya", "tidak diukur", "belum diukur", "tidak tahu", "tidak diketahui", "#value!",
     "#ref!", "#name?", "#div/0!", "#num!", "#null!")
)  # fmt: skip
# Our own exports put an apostrophe before what a sheet would take for a formula.
_GUARDED = tuple("'" + mark for mark in "=+-@\t\r\n＝")


def text_of(cell: Cell) -> str:
    """The cell as a clean line of text; a number as people write it, not ``3.0``."""
    if isinstance(cell, str):
        return clean_text(cell[1:] if cell.startswith(_GUARDED) else cell)
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{cell:.6f}".rstrip("0")
    return ""


def filled(cell: Cell) -> str:
    """``text_of``, but "" for what means nothing: ``-``, ``n/a``, ``tidak ada``."""
    text = text_of(cell)
    return "" if text.lower() in _EMPTY else text


def quoted(text: str) -> str:
    """A cell in a sentence: “83..9”, never longer than a glance."""
    return f"“{text}”" if len(text) <= 30 else f"“{text[:29]}…”"


def read_text(cell: Cell, longest: int = 200) -> Said:
    text = filled(cell)
    if len(text) > longest:
        return Said(problem=f"terlalu panjang. Tulis paling banyak {longest} huruf.")
    return Said(text or None)


def read_name(cell: Cell) -> Said:
    """A person's name. A number, or a cell without letters, is none."""
    text = filled(cell)
    if text and not any(letter.isalpha() for letter in text):
        return Said(problem=f"{quoted(text)} bukan nama.")
    return read_text(text, 120)


def read_word(words: dict[str, str], hint: str, cell: Cell) -> Said:
    """A code by any of the words that people use for it."""
    text = filled(cell)
    if not text:
        return NOTHING
    code = words.get(re.sub(r"[^a-z0-9]", "", text.lower()))
    return Said(code) if code else Said(problem=f"{quoted(text)} tidak dikenal. {hint}")


SEX = {
    **dict.fromkeys("l lk lakilaki laki pria cowok m male boy lelaki lakilakil".split(), "L"),
    **dict.fromkeys("p pr perempuan wanita cewek f female girl pr perempuanp".split(), "P"),
}
MEASURE = {
    **dict.fromkeys("l terlentang telentang tidur berbaring baring recumbent lying".split(), "l"),
    **dict.fromkeys("h berdiri diri tegak standing".split(), "h"),
}
GAIN = {
    **dict.fromkeys("n naik ya y".split(), "N"),
    **dict.fromkeys("t tidaknaik tidak".split(), "T"),
    "o": "O",
    **dict.fromkeys("b baru".split(), "B"),
}


def read_sex(cell: Cell) -> Said:
    return read_word(SEX, "Tulis L atau P.", cell)


def read_measure(cell: Cell) -> Said:
    return read_word(MEASURE, "Tulis terlentang atau berdiri.", cell)


def read_gain(cell: Cell) -> Said:
    """N, T, O or B. Ours are worked out from the weights; a strange letter is left out."""
    said = read_word(GAIN, "", cell)
    return Said(note=said.problem.strip() + " Dilewati.") if said.problem else said


def read_part(cell: Cell) -> Said:
    """RT or RW: ``RT 03`` and ``3.0`` are ``03`` and ``3``."""
    text = re.sub(r"^r[tw]\.?\s*[:.]?\s*", "", filled(cell), flags=re.IGNORECASE)
    return Said(text[:5] or None, note=f"{quoted(text)} dipotong." if len(text) > 5 else "")


def read_both_parts(cell: Cell) -> Said:
    """``RT 03/RW 02``, ``003/002``, ``RT 3 RW 2``."""
    text = filled(cell)
    numbers = re.findall(r"[0-9]{1,5}", text)
    if not text or len(numbers) != 2:
        return Said(note=f"{quoted(text)} tidak dapat dipisah menjadi RT dan RW." if text else "")
    return Said({"rt": numbers[0], "rw": numbers[1]})


def read_address_of_document(cell: Cell) -> Said:
    """A link; several, as Google Forms writes them, are kept as the first."""
    text = filled(cell)
    first = re.split(r"[,\s]", text)[0]
    if re.fullmatch(r"https?://[^\s<>\"']{4,}", first, re.IGNORECASE):
        return Said(first)
    return Said(note=f"{quoted(text)} bukan tautan. Dilewati." if text else "")
