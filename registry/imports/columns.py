"""How the cells of each column are read, and a column that remembers what it read already."""

from collections.abc import Callable
from functools import partial

from registry.imports import ages, cells, dates, numbers, people, told
from registry.imports.cells import Said
from registry.imports.labels import TOLD_FIELDS
from registry.imports.sheet import MAX_CELL, Cell, TooLong

Parse = Callable[[Cell], Said]
DATES = ("reported_at", "birth_date", "measured_on")

CHILD: dict[str, Parse] = {
    "child_name": cells.read_name,
    "sex": cells.read_sex,
    "birth_date": dates.read_date,
    "age_months": ages.read_age,
    "age_in_months": ages.read_age_in_months,
    "nik": people.read_nik,
    "kk": people.read_kk,
    "mother_name": cells.read_name,
    "father_name": cells.read_name,
    "parents": people.read_parents,
    "parents_mother_first": people.read_parents_mother_first,
    "mother_nik": people.read_nik,
    "father_nik": people.read_nik,
    "parent_nik": people.read_nik,
    "phone": people.read_phone,
    "parent_job": partial(cells.read_text, longest=80),
    "address": cells.read_text,
    "rt": cells.read_part,
    "rw": cells.read_part,
    "rt_rw": cells.read_both_parts,
    "desa": cells.read_text,
    "posyandu": cells.read_text,
    "puskesmas": cells.read_text,
    "kecamatan": cells.read_text,
    "birth_order": numbers.read_birth_order,
    "birth_weight_g": numbers.read_birth_weight,
    "birth_length_cm": numbers.read_birth_length,
    "gestation_weeks": numbers.read_weeks,
    "reported_at": dates.read_date,
    "reporter_name": cells.read_text,
    "document_url": cells.read_address_of_document,
}
VISIT: dict[str, Parse] = {
    "measured_on": dates.read_date,
    "weight_kg": numbers.read_measured,
    "length_height_cm": numbers.read_measured,
    "measure": cells.read_measure,
    "lila_cm": numbers.read_lila,
    "gain": cells.read_gain,
}
TOLD: dict[str, Parse] = {
    "told_age": told.read_told_age,
    "told_bb_u": partial(told.read_class, "bb_u"),
    "told_waz": told.read_z,
    "told_tb_u": partial(told.read_class, "tb_u"),
    "told_haz": told.read_z,
    "told_bb_tb": partial(told.read_class, "bb_tb"),
    "told_whz": told.read_z,
}
# Columns in which few values come again and again: each is read once.
_MANY_ALIKE = frozenset(CHILD) - {
    "child_name", "nik", "kk", "mother_name", "father_name", "parents", "parents_mother_first",
    "mother_nik", "father_nik", "parent_nik", "phone", "address", "document_url",
} | set(VISIT) | set(TOLD)  # fmt: skip
_MOST_KEPT = 20_000


class Column:
    """One column: where it stands, how it is read, and what was read in it already."""

    __slots__ = ("index", "keeps", "label", "name", "parse", "seen")

    def __init__(self, name: str, index: int, label: str, in_doubt: bool) -> None:
        parse = (CHILD | VISIT | TOLD)[name]
        self.name, self.index, self.label = name, index, label
        self.parse = dates.read_date_in_doubt if in_doubt and name in DATES else parse
        self.seen: dict[Cell, Said] = {}
        self.keeps = _MOST_KEPT if name in _MANY_ALIKE else 0

    def read(self, cell: Cell) -> Said:
        """What the cell says; the same cell is read only once where many are alike."""
        said = self.seen.get(cell)
        if said is None:
            said = self._too_long(cell) if isinstance(cell, TooLong) else self.parse(cell)
            if len(self.seen) < self.keeps:
                self.seen[cell] = said
        return said

    def _too_long(self, cell: TooLong) -> Said:
        sentence = f"isinya {cell.letters} huruf. Tulis paling banyak {MAX_CELL} huruf."
        harmless = self.name == "document_url" or self.name in TOLD_FIELDS
        return Said(note=sentence) if harmless else Said(problem=sentence)
