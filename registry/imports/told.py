"""What a list claims of a visit: its z-scores and classes, only to be compared with ours."""

import re

from growth.classes import CLASSES
from registry.imports.ages import read_age
from registry.imports.cells import NOTHING, Said, filled
from registry.imports.numbers import read_decimal
from registry.imports.sheet import Cell

# Beside the labels of ours: the short ones of e-PPGBM (domain.md §6.2) and what people write.
_SHORT = {
    "bb_u": {
        "sangat kurang": "bb_sangat_kurang", "kurang": "bb_kurang", "normal": "bb_normal",
        "risiko lebih": "risiko_bb_lebih", "bb sangat kurang": "bb_sangat_kurang",
        "bb kurang": "bb_kurang", "bb normal": "bb_normal", "risiko bb lebih": "risiko_bb_lebih",
        "berat badan lebih": "risiko_bb_lebih", "lebih": "risiko_bb_lebih",
    },
    "tb_u": {
        "sangat pendek": "sangat_pendek", "pendek": "pendek", "normal": "normal",
        "tinggi": "tinggi", "stunted": "pendek", "severely stunted": "sangat_pendek",
        "stunting": "pendek",
    },
    "bb_tb": {
        "buruk": "gizi_buruk", "kurang": "gizi_kurang", "baik": "gizi_baik", "normal": "gizi_baik",
        "risiko gizi lebih": "berisiko_gizi_lebih", "risiko lebih": "berisiko_gizi_lebih",
        "lebih": "gizi_lebih", "obesitas": "obesitas", "gemuk": "gizi_lebih",
    },
}  # fmt: skip


def _key(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower()).replace("resiko", "risiko")


_WORDS = {
    index: {_key(known.label): known.code for known in CLASSES[index]}
    | {_key(word): code for word, code in short.items()}
    for index, short in _SHORT.items()
}


def read_class(index: str, cell: Cell) -> Said:
    """The code of our class; a word that none of ours has stays as it is written."""
    text = filled(cell)
    return Said(_WORDS[index].get(_key(text), text)) if text else NOTHING


def read_z(cell: Cell) -> Said:
    """A z-score, whatever its decimals; what is no number says nothing."""
    return Said(read_decimal(cell).value)


def read_told_age(cell: Cell) -> Said:
    """The age text and the completed months it says."""
    text = filled(cell)
    return Said({"age": text, "age_months": read_age(cell).value}) if text else NOTHING
