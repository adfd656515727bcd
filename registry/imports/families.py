"""The households and mothers of new children, for some hundred rows at once.

As ``people.new_family`` does it for one: the household by KK number when known, else by mother and
address; the mother by her name in that household. What is new is made by one statement a table.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from regions.codes import new_code
from regions.models import Programme
from registry.identity import index_of
from registry.imports.changes import Comparing, Told, put, written
from registry.imports.entries import Entry, Unfit
from registry.imports.inserting import insert, like
from registry.imports.restoring import noted
from registry.imports.standing import Standing
from registry.lookup.among import among
from registry.models import Household, Mother
from registry.names import name_key
from registry.people import KK_ELSEWHERE

Home = tuple[Household, Mother | None]


class Families:
    """``home_of`` each entry in turn, then ``save`` once, then the keys are there."""

    def __init__(self, programme: Programme, user: Any, standing: Standing, told: Told) -> None:
        self.programme, self.user = programme, user
        self.standing, self.told = standing, told
        self._home = Household(programme=programme, created_by=user)
        self._mother_of = Mother(programme=programme, created_by=user)
        self.by_kk: dict[str, Household] = {}
        self.by_mother: dict[tuple[int, str], list[Mother]] = defaultdict(list)
        self.inside: dict[Any, dict[str, Mother]] = defaultdict(dict)
        self.new_households: dict[int, Household] = {}  # by the row that made it
        self.new_mothers: dict[int, Mother] = {}
        self.changed: dict[Any, set[str]] = defaultdict(set)  # a known row -> columns to save
        self.before: dict[int, dict[str, Any]] = {}  # row number -> what it changed of known rows

    def load(self, entries: Sequence[Entry]) -> None:
        """What is known of the families of these entries: three queries."""
        numbers = {index_of(entry.kk) for entry in entries if entry.kk}
        homes = Household.everyone.of(self.programme).filter(among("kk_index", numbers))
        homes = homes.select_related("merged_into").defer("kk", "merged_into__kk")
        self.by_kk = {str(home.kk_index): self.standing.one(_kept(home)) for home in homes}
        mothers = Mother.objects.of(self.programme).defer("nik", "household__kk")
        named = mothers.filter(pk__in=self._of_these_names(entries))
        for mother in named.select_related("household").order_by("pk"):
            self._know(self._one(mother))
        inside = mothers.filter(household__in={home.pk for home in self.by_kk.values()})
        for mother in inside.select_related("household").order_by("pk"):
            self.inside[mother.household.pk].setdefault(mother.name_key, self._one(mother))

    def _of_these_names(self, entries: Sequence[Entry]) -> set[int]:
        """The keys of mothers with the name, desa and address of one of the entries."""
        wanted = {
            (entry.desa, name_key(entry.mother_name), name_key(entry.address), entry.rt, entry.rw)
            for entry in entries
            if entry.mother_name
        }
        desa, names = ({key[at] for key in wanted} for at in (0, 1))
        rows = Mother.objects.of(self.programme).filter(among("name_key", names), desa__in=desa)
        columns = ("household__address", "household__rt", "household__rw")
        return {
            pk
            for pk, place, name, address, rt, rw in rows.values_list(
                "pk", "desa_id", "name_key", *columns
            )
            if (place, name, name_key(address), rt, rw) in wanted
        }

    def _one(self, mother: Mother) -> Mother:
        known = self.standing.one(mother)
        known.household = self.standing.one(known.household)
        return known

    def _know(self, mother: Mother) -> None:
        self.by_mother[mother.desa_id, mother.name_key].append(mother)
        self.inside[_key(mother.household)].setdefault(mother.name_key, mother)

    def home_of(self, entry: Entry, number: int) -> Home:
        """Household and mother of the child in row ``number``. Raises Unfit: the KK number is
        another desa's."""
        household = self._of_number(index_of(entry.kk) or "")
        if household and household.desa_id != entry.desa:
            raise Unfit(KK_ELSEWHERE)
        household = household or self._same_home(entry) or self._new_household(entry, number)
        mother = self._mother(entry, household, number) if entry.mother_name else None
        self._fill(entry, number, household, mother)
        if household.kk_index:
            self.by_kk.setdefault(household.kk_index, household)
        return household, mother

    def _of_number(self, index: str) -> Household | None:
        """Whose this KK number is, or will be by the row of a known child."""
        key = self.standing.owners.get(("household", "kk", index))
        return self.by_kk.get(index) or (self.standing.known(Household, key) if key else None)

    def _same_home(self, entry: Entry) -> Household | None:
        """Where a mother of this name lives at this address, and no other KK number says no."""
        address, number = name_key(entry.address), index_of(entry.kk)
        for mother in self.by_mother.get((entry.desa, name_key(entry.mother_name)), []):
            there = mother.household
            if number and there.kk_index not in (None, number):
                continue
            if name_key(there.address) == address and (there.rt, there.rw) == (entry.rt, entry.rw):
                return there
        return None

    def _new_household(self, entry: Entry, number: int) -> Household:
        home = like(
            self._home, code=new_code(), desa_id=entry.desa, posyandu_id=entry.posyandu,
            head_name=entry.father_name, address=entry.address,
            rt=entry.rt, rw=entry.rw, kk=entry.kk, kk_index=index_of(entry.kk),
        )  # fmt: skip
        home.imported = written(home, "household")
        self.new_households[number] = home
        return home

    def _mother(self, entry: Entry, household: Household, number: int) -> Mother:
        key = name_key(entry.mother_name)
        known = self.inside[_key(household)].get(key)
        if known:
            return known
        index = index_of(entry.mother_nik) or ""
        nik = "" if self.standing.is_taken("mother", "nik", index) else entry.mother_nik
        mother = like(
            self._mother_of, code=new_code(), desa_id=entry.desa, posyandu_id=entry.posyandu,
            household=household, name=entry.mother_name, name_key=key,
            job=entry.job, phone=entry.phone, nik=nik, nik_index=index_of(nik),
        )  # fmt: skip
        self.standing.take("mother", "nik", index)
        mother.imported = written(mother, "mother")
        self.new_mothers[number] = mother
        self._know(mother)
        return mother

    def _fill(self, entry: Entry, number: int, household: Household, mother: Mother | None) -> None:
        """What the row knows more of a family that is there already."""
        if number in self.new_households and (mother is None or number in self.new_mothers):
            return  # made of this very row
        comparing = Comparing(entry, number, self.told, self.standing.is_taken)
        changes = comparing.family(mother, household)
        for thing, row in (("mother", mother), ("household", household)):
            made = changes.of(thing)
            if row is None or not made:
                continue
            before = noted(row, made)
            columns = put(row, made, entry)
            if row.pk:
                self.before.setdefault(number, {})[thing] = before
                self.changed[row] |= set(columns)
            self.standing.take_all(made, row.pk)

    def save(self) -> None:
        """Make the new ones, and write what became known of the others."""
        insert(self.new_households.values())
        for mother in self.new_mothers.values():
            mother.household = mother.household  # its key is known now
        insert(self.new_mothers.values())
        for number, home in self.new_households.items():
            self.told.made("household", home, number)
        for number, mother in self.new_mothers.items():
            self.told.made("mother", mother, number)
        save_changed(self.changed)


def save_changed(rows: dict[Any, set[str]]) -> None:
    """Save each row's own columns: they are few, and differ from row to row."""
    for row, columns in rows.items():
        row.save(update_fields=sorted(columns))


def _kept(home: Any) -> Any:
    while home.merged_into:
        home = home.merged_into
    return home


def _key(home: Household) -> Any:
    """A key for a household, also before it has one of its own."""
    return home.pk or id(home)
