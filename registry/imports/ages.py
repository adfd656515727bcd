"""Ages in words, as kader and the national application write them, in completed months."""

import re
from fractions import Fraction

from registry.imports.cells import NOTHING, Said, filled, quoted
from registry.imports.sheet import Cell

OLDEST = 240  # months; what is older is a slip
_WORDS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_ONES = "satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
_NUMBER = r"([0-9]{1,3}(?:[.,][0-9]{1,2})?)"
_UNITS = {
    "tahun": Fraction(12), "thn": Fraction(12), "th": Fraction(12), "t": Fraction(12),
    "bulan": Fraction(1), "bln": Fraction(1), "bl": Fraction(1), "b": Fraction(1),
    "minggu": Fraction(7 * 16, 487), "mgg": Fraction(7 * 16, 487), "mg": Fraction(7 * 16, 487),
    "hari": Fraction(16, 487), "hr": Fraction(16, 487), "h": Fraction(16, 487),
}  # fmt: skip
# A month is 30.4375 days = 487/16 (growth.age.MONTH_DAYS).
_PART = re.compile(rf"{_NUMBER}\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z])\.?")
_FILLER = re.compile(r"[\s\-–,;.&+/()±~]|\b(?:dan|lebih|sekitar|kira|umur|usia)\b")


def read_age(cell: Cell) -> Said:
    """Completed months from ``1,5 th``, ``18 bln``, ``2 Tahun - 3 Bulan - 13 Hari``, ``dua tahun``.

    A number alone is asked back: months or years.
    """
    text = filled(cell)
    if not text:
        return NOTHING
    plain = _digits(text.lower())
    parts = _PART.findall(plain)
    if not parts or text[0] == "-" or _FILLER.sub("", _PART.sub("", plain)):
        return _bare(text) or Said(
            problem=f"{quoted(text)} tidak terbaca. Tulis misalnya 18 bulan atau 1 tahun 6 bulan."
        )
    units = [_UNITS[unit] for _, unit in parts]
    if len(set(units)) < len(units):
        return Said(problem=f"{quoted(text)} tidak terbaca. Tulis misalnya 18 bulan.")
    numbers = [Fraction(written.replace(",", ".")) for written, _ in parts]
    months = int(sum(n * unit for n, unit in zip(numbers, units, strict=True)))
    if months > OLDEST:
        return Said(problem=f"{quoted(text)} terlalu tua untuk seorang anak. Periksa lagi.")
    return Said(months)


def read_age_in_months(cell: Cell) -> Said:
    """As ``read_age``, in a column of months, where a number alone says enough."""
    text = filled(cell)
    bare = re.fullmatch(_NUMBER, text)
    said = read_age(f"{text} bulan" if bare else cell)
    return said if said.value is None else said._replace(value={"age_months": said.value})


def _digits(text: str) -> str:
    """``dua tahun`` as ``2 tahun``, ``1 1/2 th`` as ``1.5 th``, ``setengah tahun`` as ``0.5``."""
    text = re.sub(r"\bse(?=tahun|bulan|minggu|hari)", "1 ", text)
    text = re.sub(rf"\b({_ONES}) ?belas\b", lambda m: str(10 + _WORDS[m[1]]), text)
    text = re.sub(
        rf"\b({_ONES}) ?puluh(?: ({_ONES})\b)?",
        lambda m: str(10 * _WORDS[m[1]] + _WORDS.get(m[2], 0)), text,
    )  # fmt: skip
    text = re.sub(rf"\b({'|'.join(_WORDS)})\b", lambda m: str(_WORDS[m[0]]), text)
    text = re.sub(r"([0-9]+) ?(?:½|1/2|setengah)", r"\1.5", text)
    text = re.sub(r"([0-9]+ ?(?:tahun|thn|th)) setengah\b", r"\1 6 bulan", text)
    return re.sub(r"(?:½|\b1/2|\bsetengah)(?= ?(?:tahun|thn|th)\b)", "0.5", text)


def _bare(text: str) -> Said | None:
    """A number without a unit: 6 to 59 can hardly be years, but it is asked."""
    if not re.fullmatch(_NUMBER, text):
        return None
    value = float(text.replace(",", "."))
    if 6 <= value < 60 and value.is_integer():
        return Said(ask=f"{text} tanpa satuan. Apakah maksudnya {text} bulan?")
    return Said(ask=f"{text} tanpa satuan. Bulan atau tahun? Tulis misalnya {text} bulan.")
